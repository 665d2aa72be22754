//! From text to a rule.

use std::str::FromStr;

use super::error::{Expected, RuleError};
use super::fields::{Field, Sort};
use super::rule::{Condition, Join, Operator, Part, Rule, Test, Value};
use crate::model::limits::NOTES_CHARS_MAX;
use crate::model::{Currency, Money};

/// Most characters of a rule.
pub const RULE_CHARS_MAX: usize = NOTES_CHARS_MAX;
/// Most conditions of a rule.
pub const CONDITIONS_MAX: usize = 64;
/// Most of the last days that a field can be about.
pub const DAYS_MAX: u32 = 3_660;
/// Most values of a list.
pub const VALUES_MAX: usize = 200;

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        if text.chars().nth(RULE_CHARS_MAX).is_some() {
            return Err(RuleError::TooLong { max: RULE_CHARS_MAX });
        }
        let mut parser = Parser { tokens: tokens(text)?, next: 0, conditions: 0 };
        let rule = parser.rule()?;
        match parser.peek() {
            (_, Token::End) => Ok(rule),
            _ => Err(parser.unexpected(Expected::Join)),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// A name, a word, a number or a date: whatever stands without quotes.
    Bare(String),
    Quoted(String),
    /// An operator of signs, a parenthesis, a comma.
    Sign(&'static str),
    End,
}

/// Longer ones first.
const SIGNS: [&str; 9] = ["!=", "<=", ">=", "=", "<", ">", "(", ")", ","];

/// Tokens with the character at which each begins, from 1; the end is one.
fn tokens(text: &str) -> Result<Vec<(usize, Token)>, RuleError> {
    let mut tokens = Vec::new();
    let (mut rest, mut at) = (text, 1);
    loop {
        let trimmed = rest.trim_start();
        at += rest[..rest.len() - trimmed.len()].chars().count();
        rest = trimmed;
        let Some(first) = rest.chars().next() else { break };
        let (token, length) = if first == '"' {
            let (quoted, length) = quoted(rest).ok_or(RuleError::Unclosed { at })?;
            (Token::Quoted(quoted), length)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), sign.len())
        } else {
            let ends = |c: char| c.is_whitespace() || c == '"' || c == '!' || "=<>(),".contains(c);
            // A sign that none begins with is a token of its own, to be told.
            let length =
                rest.char_indices().skip(1).find(|(_, c)| ends(*c)).map_or(rest.len(), |(end, _)| end);
            (Token::Bare(rest[..length].to_owned()), length)
        };
        tokens.push((at, token));
        at += rest[..length].chars().count();
        rest = &rest[length..];
    }
    tokens.push((at, Token::End));
    Ok(tokens)
}

/// A text in quotes, and how many bytes it takes with them; `None` where it has no end.
fn quoted(rest: &str) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != '"' {
            text.push(c);
        } else if chars.next_if(|(_, next)| *next == '"').is_some() {
            text.push('"');
        } else {
            return Some((text, at + 1));
        }
    }
    None
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    conditions: usize,
}

impl Parser {
    fn peek(&self) -> (usize, &Token) {
        // The last token is the end, and nothing takes it.
        let (at, token) = &self.tokens[self.next];
        (*at, token)
    }

    fn take(&mut self) -> (usize, Token) {
        let taken = self.tokens[self.next].clone();
        self.next = (self.next + 1).min(self.tokens.len() - 1);
        taken
    }

    fn unexpected(&self, expected: Expected) -> RuleError {
        let (at, token) = self.peek();
        let found = match token {
            Token::Bare(text) | Token::Quoted(text) => text.clone(),
            Token::Sign(sign) => (*sign).to_owned(),
            Token::End => String::new(),
        };
        RuleError::Unexpected { at, found, expected }
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let is_there = matches!(self.peek().1, Token::Sign(there) if *there == sign);
        if is_there {
            self.take();
        }
        is_there
    }

    /// A word of the language, whatever its case.
    fn take_word(&mut self, word: &str) -> bool {
        let is_there = matches!(self.peek().1, Token::Bare(there) if there.eq_ignore_ascii_case(word));
        if is_there {
            self.take();
        }
        is_there
    }

    fn join(&mut self) -> Option<Join> {
        if self.take_word("and") {
            Some(Join::And)
        } else if self.take_word("or") {
            Some(Join::Or)
        } else {
            None
        }
    }

    /// Some of `each`, all joined alike.
    fn joined<T>(
        &mut self,
        each: fn(&mut Self) -> Result<T, RuleError>,
    ) -> Result<(Join, Vec<T>), RuleError> {
        let mut found = vec![each(self)?];
        let mut join = None;
        loop {
            let at = self.peek().0;
            let Some(next) = self.join() else { break };
            if *join.get_or_insert(next) != next {
                return Err(RuleError::Mixed { at });
            }
            found.push(each(self)?);
        }
        Ok((join.unwrap_or(Join::And), found))
    }

    fn rule(&mut self) -> Result<Rule, RuleError> {
        let (join, parts) = self.joined(Self::part)?;
        Ok(Rule { join, parts })
    }

    fn part(&mut self) -> Result<Part, RuleError> {
        if !self.take_sign("(") {
            return Ok(Part { join: Join::And, conditions: vec![self.condition()?] });
        }
        let (join, conditions) = self.joined(Self::condition)?;
        if self.take_sign(")") {
            Ok(Part { join, conditions })
        } else {
            Err(self.unexpected(Expected::Word(")")))
        }
    }

    fn condition(&mut self) -> Result<Condition, RuleError> {
        let (at, token) = self.peek();
        let field = match token {
            Token::Bare(name) => {
                let name = name.to_ascii_lowercase();
                Field::named(&name).ok_or(RuleError::UnknownField { at, field: name })?
            }
            Token::Sign("(") => return Err(RuleError::Nested { at }),
            _ => return Err(self.unexpected(Expected::Field)),
        };
        self.conditions += 1;
        if self.conditions > CONDITIONS_MAX {
            return Err(RuleError::TooManyConditions { at, max: CONDITIONS_MAX });
        }
        self.take();
        let days = if field.takes_days() { Some(self.days()?) } else { None };
        let test = self.test(field)?;
        Ok(Condition { field, days, test })
    }

    /// A number of days in parentheses.
    fn days(&mut self) -> Result<u32, RuleError> {
        if !self.take_sign("(") {
            return Err(self.unexpected(Expected::Word("(")));
        }
        let days = match self.peek().1 {
            Token::Bare(text) => text.parse().ok().filter(|days| (1..=DAYS_MAX).contains(days)),
            _ => None,
        };
        let Some(days) = days else { return Err(self.unexpected(Expected::Days { max: DAYS_MAX })) };
        self.take();
        if self.take_sign(")") { Ok(days) } else { Err(self.unexpected(Expected::Word(")"))) }
    }

    fn test(&mut self, field: &'static Field) -> Result<Test, RuleError> {
        let at = self.peek().0;
        if self.take_word("is") {
            let not = self.take_word("not");
            return if self.take_word("empty") {
                Ok(Test::Empty { not })
            } else {
                Err(self.unexpected(Expected::Word("empty")))
            };
        }
        let not = self.take_word("not");
        if self.take_word("in") {
            return Ok(Test::In { not, values: self.values(field)? });
        }
        if not {
            return Err(self.unexpected(Expected::Word("in")));
        }
        let operator = Operator::ALL.into_iter().find(|operator| match self.peek().1 {
            Token::Bare(word) => word.eq_ignore_ascii_case(operator.as_str()),
            Token::Sign(sign) => *sign == operator.as_str(),
            _ => false,
        });
        let Some(operator) = operator else { return Err(self.unexpected(Expected::Operator)) };
        if !field.sort.takes(operator) {
            return Err(RuleError::Operator { at, field: field.name, operator: operator.as_str() });
        }
        self.take();
        Ok(Test::Compare(operator, self.value(field)?))
    }

    fn values(&mut self, field: &'static Field) -> Result<Vec<Value>, RuleError> {
        if !self.take_sign("(") {
            return Err(self.unexpected(Expected::Word("(")));
        }
        let mut values = Vec::new();
        loop {
            let at = self.peek().0;
            if values.len() == VALUES_MAX {
                return Err(RuleError::TooManyValues { at, max: VALUES_MAX });
            }
            values.push(self.value(field)?);
            if !self.take_sign(",") {
                break;
            }
        }
        if self.take_sign(")") { Ok(values) } else { Err(self.unexpected(Expected::Word(")"))) }
    }

    fn value(&mut self, field: &'static Field) -> Result<Value, RuleError> {
        let wrong = self.unexpected(Expected::Value(field.sort));
        let (at, token) = self.peek();
        let read = match (field.sort, token) {
            (Sort::Text | Sort::Texts, Token::Quoted(text)) => Some(Value::Text(text.clone())),
            (Sort::Number, Token::Bare(text)) => text.parse().ok().map(Value::Number),
            (Sort::Date, Token::Bare(text)) => text.parse().ok().map(Value::Date),
            (Sort::Money, Token::Bare(amount)) => {
                let amount = amount.clone();
                self.take();
                return self.money(&amount, wrong);
            }
            (Sort::Word(words), Token::Bare(text) | Token::Quoted(text)) => {
                let word = words.iter().find(|word| word.eq_ignore_ascii_case(text));
                return match word.copied() {
                    Some(word) => {
                        self.take();
                        Ok(Value::Word(word))
                    }
                    None => Err(RuleError::UnknownWord { at, field: field.name, words }),
                };
            }
            _ => None,
        };
        let value = read.ok_or(wrong)?;
        self.take();
        Ok(value)
    }

    /// The amount was taken already; its currency follows.
    fn money(&mut self, amount: &str, wrong: RuleError) -> Result<Value, RuleError> {
        let currency = match self.peek().1 {
            Token::Bare(code) => code.to_ascii_uppercase().parse::<Currency>().ok(),
            _ => None,
        };
        let currency = currency
            .filter(|currency| currency.exponent().is_some())
            .ok_or_else(|| self.unexpected(Expected::Currency))?;
        let money = Money::parse(amount, currency).map_err(|_| wrong)?;
        self.take();
        Ok(Value::Money(money))
    }
}
