//! Which rows are wanted, said of their columns: what OData's `$filter` becomes.
//!
//! It is held against a row's cells in the walk that reads them, never turned into text for a database: so nothing in it
//! can be executed, and what a column says is what is compared. Null is as OData 4.0 has it: `eq` and `ne` know it, an
//! order with it is false, and a test of a text that is not there is neither true nor false.

use std::cmp::Ordering;

use super::value::Value;

/// A condition on a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Filter {
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
    /// `column` is a place in [`super::resources::Resource::columns`].
    Compare {
        column: usize,
        how: How,
        with: Literal,
    },
    Text {
        column: usize,
        test: Test,
        text: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Test {
    Contains,
    StartsWith,
    EndsWith,
}

/// What a cell is compared with; of the column's type, which the parser sees to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    Null,
    Text(String),
    /// `mantissa` / 10^`scale`, for columns of every kind of number; at most 18 digits.
    Number {
        mantissa: i64,
        scale: u32,
    },
    Bool(bool),
    /// Days since 1970-01-01.
    Date(i32),
    /// Milliseconds since 1970-01-01 UTC.
    Instant(i64),
}

impl Filter {
    pub(super) fn and(self, other: Self) -> Self {
        Self::And(Box::new(self), Box::new(other))
    }

    /// Either, where there is another one.
    pub(super) fn or(self, other: Option<Self>) -> Self {
        match other {
            Some(other) => Self::Or(Box::new(self), Box::new(other)),
            None => self,
        }
    }

    /// Whether it holds of the row whose cells `cell` gives.
    pub(super) fn holds<'v>(&self, cell: &dyn Fn(usize) -> Value<'v>) -> bool {
        self.judge(cell) == Some(true)
    }

    fn judge<'v>(&self, cell: &dyn Fn(usize) -> Value<'v>) -> Option<bool> {
        match self {
            Self::And(left, right) => match left.judge(cell) {
                Some(false) => Some(false),
                Some(true) => right.judge(cell),
                None => right.judge(cell).filter(|right| !right),
            },
            Self::Or(left, right) => match left.judge(cell) {
                Some(true) => Some(true),
                Some(false) => right.judge(cell),
                None => right.judge(cell).filter(|right| *right),
            },
            Self::Not(inner) => inner.judge(cell).map(|held| !held),
            Self::Compare { column, how, with } => Some(how.holds(order(&cell(*column), with))),
            Self::Text { column, test, text } => match cell(*column) {
                Value::Null => None,
                value => {
                    let found = value.as_text();
                    Some(match test {
                        Test::Contains => found.contains(text.as_str()),
                        Test::StartsWith => found.starts_with(text.as_str()),
                        Test::EndsWith => found.ends_with(text.as_str()),
                    })
                }
            },
        }
    }

    /// Calls `each` with every column that it looks at.
    pub(super) fn columns(&self, each: &mut dyn FnMut(usize)) {
        match self {
            Self::And(left, right) | Self::Or(left, right) => {
                left.columns(each);
                right.columns(each);
            }
            Self::Not(inner) => inner.columns(each),
            Self::Compare { column, .. } | Self::Text { column, .. } => each(*column),
        }
    }
}

impl How {
    /// `order` of the two sides; `None` where only one of them is null.
    fn holds(self, order: Option<Ordering>) -> bool {
        match self {
            Self::Eq => order == Some(Ordering::Equal),
            Self::Ne => order != Some(Ordering::Equal),
            Self::Gt => order == Some(Ordering::Greater),
            Self::Lt => order == Some(Ordering::Less),
            Self::Ge => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
            Self::Le => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        }
    }
}

fn order(value: &Value<'_>, with: &Literal) -> Option<Ordering> {
    match (value, with) {
        (Value::Null, Literal::Null) => Some(Ordering::Equal),
        (Value::Null, _) | (_, Literal::Null) => None,
        (Value::Int(int), Literal::Number { mantissa, scale }) => {
            Some(fixed_order((*int, 0), (*mantissa, *scale)))
        }
        (Value::Fixed { mantissa: left, scale }, Literal::Number { mantissa, scale: other }) => {
            Some(fixed_order((*left, *scale), (*mantissa, *other)))
        }
        (Value::Float(left), Literal::Number { mantissa, scale }) => {
            left.partial_cmp(&(*mantissa as f64 / 10_i64.pow((*scale).min(18)) as f64))
        }
        (Value::Bool(left), Literal::Bool(right)) => Some(left.cmp(right)),
        (Value::Date(left), Literal::Date(right)) => Some(left.cmp(right)),
        (Value::Instant(left), Literal::Instant(right)) => Some(left.cmp(right)),
        (value, Literal::Text(text)) => Some(value.as_text().as_ref().cmp(text)),
        _ => None,
    }
}

/// Of two numbers of at most 19 digits, at most 18 of them decimals: exactly, as nothing is rounded.
pub(super) fn fixed_order(left: (i64, u32), right: (i64, u32)) -> Ordering {
    let scale = left.1.max(right.1);
    let at = |(mantissa, of): (i64, u32)| i128::from(mantissa) * 10_i128.pow((scale - of).min(18));
    at(left).cmp(&at(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(mantissa: i64, scale: u32) -> Literal {
        Literal::Number { mantissa, scale }
    }

    fn compare(value: Value<'static>, how: How, with: Literal) -> bool {
        Filter::Compare { column: 0, how, with }.holds(&|_| value.clone())
    }

    #[test]
    fn numbers_compare_as_numbers_whatever_their_decimals() {
        let price = || Value::Fixed { mantissa: 1_250, scale: 2 };
        assert!(compare(price(), How::Eq, number(125, 1)));
        assert!(compare(price(), How::Lt, number(12_500_001, 6)));
        assert!(compare(Value::Int(13), How::Gt, number(125, 1)));
        assert!(compare(Value::Int(i64::MIN), How::Lt, number(1, 12)));
    }

    #[test]
    fn null_is_equal_to_null_alone_and_has_no_order() {
        for (how, with_null, with_value) in [
            (How::Eq, true, false),
            (How::Ne, false, true),
            (How::Ge, true, false),
            (How::Lt, false, false),
            (How::Gt, false, false),
        ] {
            assert_eq!(compare(Value::Null, how, Literal::Null), with_null, "{how:?} null");
            assert_eq!(compare(Value::Null, how, number(1, 0)), with_value, "{how:?} 1");
        }
        let contains = Filter::Text { column: 0, test: Test::Contains, text: "a".into() };
        let not = Filter::Not(Box::new(contains.clone()));
        assert!(!contains.holds(&|_| Value::Null) && !not.holds(&|_| Value::Null));
        let known = || Box::new(Filter::Compare { column: 0, how: How::Eq, with: Literal::Null });
        assert!(Filter::Or(Box::new(not.clone()), known()).holds(&|_| Value::Null));
        assert!(!Filter::And(Box::new(not), known()).holds(&|_| Value::Null));
    }
}
