//! What is wrong with a rule, and where.

/// A rule that cannot be used. Places are counted in characters, from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    #[error("at character {at} stands {found:?}, where {expected} should")]
    Unexpected { at: usize, found: String, expected: Expected },
    #[error("at character {at}: there is no field {field:?}")]
    UnknownField { at: usize, field: String },
    #[error("at character {at}: {operator:?} says nothing of {field:?}")]
    Operator { at: usize, field: &'static str, operator: &'static str },
    #[error("at character {at}: {field:?} is none of its words: {}", words.join(", "))]
    UnknownWord { at: usize, field: &'static str, words: &'static [&'static str] },
    #[error("at character {at}: \"and\" and \"or\" stand side by side; put one of them in parentheses")]
    Mixed { at: usize },
    #[error("at character {at}: parentheses within parentheses")]
    Nested { at: usize },
    #[error("at character {at}: a text has no end")]
    Unclosed { at: usize },
    #[error("a rule has {max} characters at most")]
    TooLong { max: usize },
    #[error("at character {at}: a rule has {max} conditions at most")]
    TooManyConditions { at: usize, max: usize },
    #[error("at character {at}: a list has {max} values at most")]
    TooManyValues { at: usize, max: usize },
}

/// What could stand somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    Field,
    Operator,
    Value(super::Sort),
    Word(&'static str),
    Join,
    Currency,
    /// A number from 1.
    Days {
        max: u32,
    },
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Field => f.write_str("a field"),
            Self::Operator => f.write_str("an operator"),
            Self::Value(sort) => write!(f, "{}", sort.describe()),
            Self::Word(word) => write!(f, "{word:?}"),
            Self::Join => f.write_str("\"and\", \"or\" or the end"),
            Self::Days { max } => write!(f, "a number of days, 1 to {max}"),
            Self::Currency => f.write_str("a currency, such as EUR"),
        }
    }
}

impl RuleError {
    /// Stable, with words in the strings.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unexpected { .. } => "rule_unexpected",
            Self::UnknownField { .. } => "rule_field",
            Self::Operator { .. } => "rule_operator",
            Self::UnknownWord { .. } => "rule_word",
            Self::Mixed { .. } => "rule_mixed",
            Self::Nested { .. } => "rule_nested",
            Self::Unclosed { .. } => "rule_unclosed",
            Self::TooLong { .. } => "rule_too_long",
            Self::TooManyConditions { .. } => "rule_too_many_conditions",
            Self::TooManyValues { .. } => "rule_too_many_values",
        }
    }

    /// The character at which it is wrong, from 1; `None`: the whole.
    pub const fn at(&self) -> Option<usize> {
        match self {
            Self::Unexpected { at, .. }
            | Self::UnknownField { at, .. }
            | Self::Operator { at, .. }
            | Self::UnknownWord { at, .. }
            | Self::Mixed { at }
            | Self::Nested { at }
            | Self::Unclosed { at }
            | Self::TooManyConditions { at, .. }
            | Self::TooManyValues { at, .. } => Some(*at),
            Self::TooLong { .. } => None,
        }
    }
}
