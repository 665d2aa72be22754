//! A rule as text: what is parsed comes back, in one form.

use std::fmt::{self, Display};

use super::rule::{Condition, Join, Part, Rule, Test, Value};

impl Display for Join {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::And => " and ",
            Self::Or => " or ",
        })
    }
}

impl Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        list(f, &self.parts, &self.join)
    }
}

impl Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [alone] = self.conditions.as_slice() {
            return alone.fmt(f);
        }
        f.write_str("(")?;
        list(f, &self.conditions, &self.join)?;
        f.write_str(")")
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.field.name)?;
        if let Some(days) = self.days {
            write!(f, "({days})")?;
        }
        match &self.test {
            Test::Compare(operator, value) => write!(f, " {} {value}", operator.as_str()),
            Test::In { not, values } => {
                f.write_str(if *not { " not in (" } else { " in (" })?;
                list(f, values, &", ")?;
                f.write_str(")")
            }
            Test::Empty { not } => f.write_str(if *not { " is not empty" } else { " is empty" }),
        }
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "\"{}\"", text.replace('"', "\"\"")),
            Self::Number(number) => number.fmt(f),
            Self::Date(date) => date.fmt(f),
            Self::Money(money) => write!(f, "{} {}", money.to_decimal_string(), money.currency),
            Self::Word(word) => f.write_str(word),
        }
    }
}

fn list<T: Display>(f: &mut fmt::Formatter<'_>, items: &[T], between: &dyn Display) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            between.fmt(f)?;
        }
        item.fmt(f)?;
    }
    Ok(())
}
