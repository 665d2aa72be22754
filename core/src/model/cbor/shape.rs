//! What the values of a structure look like, for whoever writes them in another form (JSON) and for descriptions.

/// The form of one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Bool,
    Int,
    Text,
    /// A byte string.
    Bytes,
    /// A ULID.
    Id,
    Decimal,
    /// A business date.
    Date,
    Currency,
    Money,
    Float,
    /// Text, integer, boolean, instant or bytes.
    Scalar,
    /// Number, word and meaning of every value.
    Code(&'static [(u32, &'static str, &'static str)]),
    List(&'static Shape),
    Map(&'static [FieldShape]),
}

/// One key of a structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldShape {
    pub key: u64,
    pub name: &'static str,
    /// As the source has it.
    pub type_name: &'static str,
    pub about: &'static str,
    pub shape: Shape,
}

impl FieldShape {
    /// Whether a structure without it cannot be read.
    pub fn is_required(&self) -> bool {
        let optional = ["Option<", "Vec<", "bool"];
        !optional.iter().any(|begin| self.type_name.starts_with(begin))
    }

    /// Whether it is an amount in minor units of a currency that stands beside it.
    pub fn is_minor(&self) -> bool {
        matches!(self.type_name, "Minor" | "Option<Minor>")
    }
}
