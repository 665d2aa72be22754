//! Enumerations that travel as small integers; one that this version does not know is kept.

/// Declares an enumeration: `"prefix" { Variant = code "word", ... }`. The word is stable (exports, logs), and
/// `prefix-word` names its translation in the strings.
macro_rules! codes {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident : $prefix:literal {
            $( $(#[doc = $doc:literal])* $variant:ident = $code:literal $word:literal ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name {
            $( $(#[doc = $doc])* $variant, )*
            /// Written by a newer version; kept as it came.
            Unknown(u32),
        }

        const _: () = assert!($crate::model::cbor::ascending(&[$($code),*]));

        impl $name {
            /// Every value that this version knows.
            pub const ALL: &'static [Self] = &[$( Self::$variant ),*];

            /// Number, word and meaning of every value, for the written description of the format.
            #[allow(dead_code)]
            pub const VALUES: &'static [(u32, &'static str, &'static str)] =
                &[$( ($code, $word, concat!($( $doc, )*)) ),*];

            /// The number that stands for it in CBOR; never changes.
            pub const fn code(self) -> u32 {
                match self {
                    $( Self::$variant => $code, )*
                    Self::Unknown(code) => code,
                }
            }

            pub const fn from_code(code: u32) -> Self {
                match code {
                    $( $code => Self::$variant, )*
                    other => Self::Unknown(other),
                }
            }

            /// Stable English word, as exports and logs write it; `unknown` for what this version does not know.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $( Self::$variant => $word, )*
                    Self::Unknown(_) => "unknown",
                }
            }

            /// The value that exports write as `word`.
            pub fn parse(word: &str) -> Option<Self> {
                match word {
                    $( $word => Some(Self::$variant), )*
                    _ => None,
                }
            }

            /// Id of its words in the strings.
            pub const fn text_id(self) -> &'static str {
                match self {
                    $( Self::$variant => concat!($prefix, "-", $word), )*
                    Self::Unknown(_) => "value-unknown",
                }
            }

            pub const fn is_known(self) -> bool {
                !matches!(self, Self::Unknown(_))
            }
        }

        impl $crate::model::cbor::Field for $name {
            const SHAPE: $crate::model::cbor::Shape = $crate::model::cbor::Shape::Code(Self::VALUES);

            fn write(&self, out: &mut $crate::model::cbor::Writer) {
                out.uint(u64::from(self.code()));
            }

            fn read(
                input: &mut $crate::model::cbor::Reader<'_>,
            ) -> Result<Self, $crate::model::cbor::CborError> {
                <u32 as $crate::model::cbor::Field>::read(input).map(Self::from_code)
            }
        }
    };
}
pub(crate) use codes;
