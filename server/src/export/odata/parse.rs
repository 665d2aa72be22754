//! `$filter` and `$orderby`, read into what the walks know.
//!
//! ```text
//! or      = and *( "or" and )
//! and     = unary *( "and" unary )
//! unary   = "not" unary | "(" or ")" | compare | test
//! compare = column ( "eq" | "ne" | "gt" | "ge" | "lt" | "le" ) literal
//! test    = ( "contains" | "startswith" | "endswith" ) "(" column "," text ")"
//! literal = "null" | "true" | "false" | number | date | instant | text in single quotes, a quote in it doubled
//! ```
//!
//! A literal is of its column's type. Every limit is a constant here; what is past it is refused, never cut.

use cartera_core::model::{BusinessDate, Decimal};

use super::Refusal;
use crate::export::column::ColumnInfo;
use crate::export::filter::{Filter, How, Literal, Test};
use crate::export::resources::Resource;
use crate::export::value::Type;

/// Bytes of an expression.
pub const EXPRESSION_BYTES_MAX: usize = 4_096;
/// `(` and `not` inside of one another.
pub const DEPTH_MAX: usize = 32;
/// Comparisons and tests of a filter.
pub const TERMS_MAX: usize = 100;
/// Columns of `$orderby`.
pub const ORDERS_MAX: usize = 4;

/// A column, and whether the greatest comes first.
pub(super) type Order = (usize, bool);

pub(super) fn filter(resource: &'static Resource, text: &str) -> Result<Filter, Refusal> {
    let mut parser = Parser::new("$filter", resource, text)?;
    let filter = parser.or(0)?;
    match parser.peek() {
        None => Ok(filter),
        Some(_) => Err(parser.wrong("'and', 'or', or the end")),
    }
}

/// By what a set can be put in order: its key, its date, and its place in the log.
pub(super) fn sortable(resource: &Resource) -> Vec<&'static str> {
    let names = ["id", "number", "received_at"].into_iter().chain(resource.date);
    names.filter(|name| resource.has(name)).collect()
}

pub(super) fn orders(resource: &'static Resource, text: &str) -> Result<Vec<Order>, Refusal> {
    let mut parser = Parser::new("$orderby", resource, text)?;
    let can = sortable(resource);
    let mut orders: Vec<Order> = Vec::new();
    loop {
        let (column, info) = parser.column()?;
        if !can.contains(&info.name) {
            return Err(Refusal::new("$orderby", format!("{} goes by {}", resource.name, can.join(", "))));
        }
        let falling = match parser.peek() {
            Some("desc") => true,
            Some("asc" | ",") | None => false,
            Some(_) => return Err(parser.wrong("'asc', 'desc', a comma, or the end")),
        };
        if parser.peek().is_some_and(|word| word != ",") {
            parser.next();
        }
        if orders.iter().any(|(other, _)| *other == column) {
            return Err(Refusal::new("$orderby", format!("'{}' stands there twice", info.name)));
        }
        if orders.len() == ORDERS_MAX {
            return Err(Refusal::new("$orderby", format!("at most {ORDERS_MAX} columns")));
        }
        orders.push((column, falling));
        match parser.next() {
            None => return Ok(orders),
            Some(",") => {}
            Some(_) => return Err(parser.wrong("a comma, or the end")),
        }
    }
}

struct Parser<'t> {
    option: &'static str,
    resource: &'static Resource,
    columns: Vec<&'static ColumnInfo>,
    text: &'t str,
    /// Where the next word begins.
    at: usize,
    terms: usize,
}

impl<'t> Parser<'t> {
    fn new(option: &'static str, resource: &'static Resource, text: &'t str) -> Result<Self, Refusal> {
        if text.len() > EXPRESSION_BYTES_MAX {
            return Err(Refusal::new(option, format!("at most {EXPRESSION_BYTES_MAX} bytes")));
        }
        Ok(Self { option, resource, columns: resource.columns(), text, at: 0, terms: 0 })
    }

    fn rest(&self) -> &'t str {
        self.text[self.at..].trim_start_matches([' ', '\t'])
    }

    /// The word that comes next: a text with its quotes, a parenthesis, a comma, or all up to one of these or a blank.
    fn peek(&self) -> Option<&'t str> {
        let rest = self.rest();
        let first = rest.chars().next()?;
        let length = match first {
            '\'' => text_length(rest),
            '(' | ')' | ',' => 1,
            _ => rest.find([' ', '\t', '(', ')', ',', '\'']).unwrap_or(rest.len()),
        };
        Some(&rest[..length])
    }

    fn next(&mut self) -> Option<&'t str> {
        let word = self.peek()?;
        self.at = self.text.len() - self.rest().len() + word.len();
        Some(word)
    }

    fn wrong(&self, expected: &str) -> Refusal {
        let at = self.text.len() - self.rest().len();
        let found: String = self.rest().chars().take(20).collect();
        let found = if found.is_empty() { "the end".to_owned() } else { format!("'{found}'") };
        Refusal::new(
            self.option,
            format!(
                "at character {}: expected {expected}, found {found}",
                self.text[..at].chars().count() + 1
            ),
        )
    }

    fn expect(&mut self, word: &'static str) -> Result<(), Refusal> {
        if self.peek() != Some(word) {
            return Err(self.wrong(&format!("'{word}'")));
        }
        self.next();
        Ok(())
    }

    fn or(&mut self, depth: usize) -> Result<Filter, Refusal> {
        let mut left = self.and(depth)?;
        while self.peek() == Some("or") {
            self.next();
            left = left.or(Some(self.and(depth)?));
        }
        Ok(left)
    }

    fn and(&mut self, depth: usize) -> Result<Filter, Refusal> {
        let mut left = self.unary(depth)?;
        while self.peek() == Some("and") {
            self.next();
            left = left.and(self.unary(depth)?);
        }
        Ok(left)
    }

    fn unary(&mut self, depth: usize) -> Result<Filter, Refusal> {
        let word = self.peek();
        if matches!(word, Some("not" | "(")) && depth == DEPTH_MAX {
            return Err(Refusal::new(
                self.option,
                format!("at most {DEPTH_MAX} of '(' and 'not' inside of one another"),
            ));
        }
        match word {
            Some("not") => {
                self.next();
                Ok(Filter::Not(Box::new(self.unary(depth + 1)?)))
            }
            Some("(") => {
                self.next();
                let inner = self.or(depth + 1)?;
                self.expect(")")?;
                Ok(inner)
            }
            _ => self.term(),
        }
    }

    fn term(&mut self) -> Result<Filter, Refusal> {
        self.terms += 1;
        if self.terms > TERMS_MAX {
            return Err(Refusal::new(self.option, format!("at most {TERMS_MAX} comparisons")));
        }
        let test = match self.peek() {
            Some("contains") => Some(Test::Contains),
            Some("startswith") => Some(Test::StartsWith),
            Some("endswith") => Some(Test::EndsWith),
            _ => None,
        };
        if let Some(test) = test {
            self.next();
            self.expect("(")?;
            let before = self.at;
            let (column, info) = self.column()?;
            if !is_text(info.kind) {
                self.at = before;
                return Err(self.wrong("a column of text"));
            }
            self.expect(",")?;
            let Some(text) = self.peek().and_then(quoted) else {
                return Err(self.wrong("a text in single quotes"));
            };
            self.next();
            self.expect(")")?;
            return Ok(Filter::Text { column, test, text });
        }
        let (column, info) = self.column()?;
        let how = match self.peek() {
            Some("eq") => How::Eq,
            Some("ne") => How::Ne,
            Some("gt") => How::Gt,
            Some("ge") => How::Ge,
            Some("lt") => How::Lt,
            Some("le") => How::Le,
            _ => return Err(self.wrong("eq, ne, gt, ge, lt or le")),
        };
        self.next();
        let Some(with) = self.peek().and_then(|word| literal(info.kind, word)) else {
            return Err(self.wrong(&format!("null, or {}", likeness(info.kind))));
        };
        self.next();
        Ok(Filter::Compare { column, how, with })
    }

    fn column(&mut self) -> Result<(usize, &'static ColumnInfo), Refusal> {
        let word = self.peek().unwrap_or_default();
        let Some(place) = self.columns.iter().position(|column| column.name == word) else {
            return Err(self.wrong(&format!("a column of {}", self.resource.name)));
        };
        self.next();
        Ok((place, self.columns[place]))
    }
}

const fn is_text(kind: Type) -> bool {
    matches!(kind, Type::Id | Type::Text | Type::Phone | Type::Word)
}

/// How long the quoted text at the beginning is, its quotes included; all, if it does not end.
fn text_length(text: &str) -> usize {
    let mut quotes = text.match_indices('\'').map(|(at, _)| at).skip(1).peekable();
    while let Some(at) = quotes.next() {
        if quotes.next_if_eq(&(at + 1)).is_none() {
            return at + 1;
        }
    }
    text.len()
}

fn quoted(word: &str) -> Option<String> {
    let inner = word.strip_prefix('\'')?.strip_suffix('\'')?;
    let text = inner.replace("''", "'");
    // One quote alone was no end: the text has none.
    (word.len() >= 2 && inner.matches('\'').count() == 2 * inner.matches("''").count()).then_some(text)
}

fn literal(kind: Type, word: &str) -> Option<Literal> {
    if word == "null" {
        return Some(Literal::Null);
    }
    match kind {
        Type::Id | Type::Text | Type::Phone | Type::Word => quoted(word).map(Literal::Text),
        Type::Integer | Type::Decimal | Type::Degrees | Type::Number => {
            let decimal: Decimal = word.parse().ok()?;
            Some(Literal::Number { mantissa: decimal.mantissa(), scale: decimal.scale() })
        }
        Type::Boolean => match word {
            "true" => Some(Literal::Bool(true)),
            "false" => Some(Literal::Bool(false)),
            _ => None,
        },
        Type::Date => word.parse::<BusinessDate>().ok().map(|date| Literal::Date(date.days())),
        Type::Instant => word.parse::<jiff::Timestamp>().ok().map(|at| Literal::Instant(at.as_millisecond())),
    }
}

/// The key in the parentheses of `visits('01J...')`.
pub(super) fn key(text: &str) -> Option<String> {
    (text_length(text) == text.len()).then(|| quoted(text)).flatten()
}

const fn likeness(kind: Type) -> &'static str {
    match kind {
        Type::Id | Type::Text | Type::Phone | Type::Word => "a text in single quotes",
        Type::Integer | Type::Decimal | Type::Degrees | Type::Number => "a number like 12.5",
        Type::Boolean => "true or false",
        Type::Date => "a date like 2026-09-21",
        Type::Instant => "an instant like 2026-09-21T14:13:20Z",
    }
}
