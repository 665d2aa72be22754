//! What a rule can ask of a client: one table.

use super::rule::Operator;

/// What sort of value a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Text,
    Number,
    Date,
    /// An amount in a currency; amounts of two currencies are never compared.
    Money,
    /// One of some words.
    Word(&'static [&'static str]),
    /// Several texts, of which any may be meant.
    Texts,
}

impl Sort {
    /// Whether the operator says anything of such a value.
    pub const fn takes(self, operator: Operator) -> bool {
        match operator {
            Operator::Equal | Operator::NotEqual => true,
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
                matches!(self, Self::Number | Self::Date | Self::Money)
            }
            Operator::Contains | Operator::Begins => matches!(self, Self::Text | Self::Texts),
        }
    }

    pub const fn describe(self) -> &'static str {
        match self {
            Self::Text | Self::Texts => "a text in double quotes",
            Self::Number => "a number, such as 12 or 0.5",
            Self::Date => "a date, such as 2026-01-31",
            Self::Money => "an amount with its currency, such as 1200 EUR",
            Self::Word(_) => "one of the field's words",
        }
    }
}

/// Where a field's value is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// An expression over the client's row `c`; null where there is nothing.
    Client(&'static str),
    /// The days from a date column of the client's row to today.
    DaysSince(&'static str),
    /// What stands after this word and a slash in keys of the profile: tags and preferences.
    Keys(&'static str),
    /// No column has it.
    Computed(Source),
}

/// What a computed value is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The client's due items.
    Dues,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub sort: Sort,
    pub(super) column: Column,
}

impl Field {
    /// `None` where no field is called so.
    pub fn named(name: &str) -> Option<&'static Self> {
        FIELDS.iter().find(|field| field.name == name)
    }

    /// Id of its words in the strings.
    pub fn text_id(&self) -> String {
        format!("segment-{}", self.name)
    }
}

const fn field(name: &'static str, sort: Sort, column: Column) -> Field {
    Field { name, sort, column }
}

const YES_NO: Sort = Sort::Word(&["no", "yes"]);

/// Every field that a rule can name.
pub const FIELDS: &[Field] = &[
    field("name", Sort::Text, Column::Client("c.name")),
    field("legal_name", Sort::Text, Column::Client("c.legal_name")),
    field("tax_id", Sort::Text, Column::Client("c.tax_id")),
    field("erp_code", Sort::Text, Column::Client("c.erp_code")),
    // Kind of establishment.
    field("sector", Sort::Text, Column::Client("c.sector")),
    field("city", Sort::Text, Column::Client("c.city")),
    field("phone", Sort::Text, Column::Client("c.phone")),
    field("email", Sort::Text, Column::Client("c.email")),
    field("tag", Sort::Texts, Column::Keys("tag")),
    field("preference", Sort::Texts, Column::Keys("pref")),
    field("conflicts", Sort::Number, Column::Client("c.conflicts")),
    field("closed", YES_NO, Column::Client("CASE c.closed WHEN 0 THEN 'no' ELSE 'yes' END")),
    field("last_visit", Sort::Date, Column::Client("c.last_visit")),
    field("last_purchase", Sort::Date, Column::Client("c.last_purchase")),
    field("confirmed", Sort::Date, Column::Client("c.confirmed")),
    field("days_since_visit", Sort::Number, Column::DaysSince("c.last_visit")),
    field("days_since_purchase", Sort::Number, Column::DaysSince("c.last_purchase")),
    field("days_since_confirmed", Sort::Number, Column::DaysSince("c.confirmed")),
    field("open_balance", Sort::Money, Column::Computed(Source::Dues)),
    field("overdue_balance", Sort::Money, Column::Computed(Source::Dues)),
];
