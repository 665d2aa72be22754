//! A rule, taken apart.

use super::fields::Field;
use crate::model::{BusinessDate, Decimal, Money};

/// How conditions stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    And,
    Or,
}

/// All or any of its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub join: Join,
    pub parts: Vec<Part>,
}

/// All or any of some conditions; one alone stands without parentheses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub join: Join,
    pub conditions: Vec<Condition>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    pub field: &'static Field,
    /// How many of the last days, where the field is about those.
    pub days: Option<u32>,
    pub test: Test,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    Compare(Operator, Value),
    In { not: bool, values: Vec<Value> },
    Empty { not: bool },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
    Begins,
}

impl Operator {
    pub const ALL: [Self; 8] = [
        Self::Equal,
        Self::NotEqual,
        Self::Less,
        Self::LessOrEqual,
        Self::Greater,
        Self::GreaterOrEqual,
        Self::Contains,
        Self::Begins,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Contains => "contains",
            Self::Begins => "begins",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Number(Decimal),
    Date(BusinessDate),
    Money(Money),
    /// One of the words of the field.
    Word(&'static str),
}
