//! Segments: sets of clients by a rule, by name, or both.
//!
//! A rule is a text (at most [`RULE_CHARS_MAX`] characters), kept as office record or in a person's own document:
//!
//! ```text
//! rule      = part { "and" part }  |  part { "or" part }
//! part      = condition  |  "(" condition { "and" condition } ")"  |  "(" condition { "or" condition } ")"
//! condition = field operator value
//!           | field [ "not" ] "in" "(" value { "," value } ")"
//!           | field "is" [ "not" ] "empty"
//! field     = name  |  name "(" days ")", of what the last days brought, today the last of them
//! operator  = "="  "!="  "<"  "<="  ">"  ">="  "contains"  "begins"
//! value     = "text" in double quotes, a quote in it doubled  |  12.5  |  2026-01-31  |  1200 EUR  |  a word
//! ```
//!
//! For example `city = "Gijón" and (abc_class = A or value_so_far > 5000 EUR) and visits(60) = 0`. Case and accents make
//! no difference in texts. Which fields there are, what sort of value each takes and where it is found says
//! [`fields::FIELDS`]. A rule is compiled to SQL over the rows that phone and relay share; nothing else evaluates it, and
//! no part of it but numbers of parameters gets into the SQL. A field that no column holds is a figure: `told` has it told
//! by the code that tells it everywhere else, as of the day that is asked for, and the SQL asks for it by a function. So
//! no figure is stored that the calendar, a merge or a fit would have to put right (`core/docs/adr/0016`).

mod compile;
mod error;
mod fields;
#[cfg(test)]
mod figure_tests;
mod parse;
mod print;
mod rule;
mod saved;
#[cfg(test)]
mod tests;
mod told;

use std::collections::BTreeSet;

use rusqlite::Connection;

pub use compile::Compiled;
pub use error::{Expected, RuleError};
pub use fields::{FIELDS, Field, Sort};
pub use parse::{CONDITIONS_MAX, DAYS_MAX, RULE_CHARS_MAX, VALUES_MAX};
pub use rule::{Condition, Join, Operator, Part, Rule, Test, Value};
pub use saved::{Saved, Which, private, shared, shared_one};

use crate::model::{BusinessDate, ClientId};
use crate::rows::aliases::Aliases;
use crate::rows::{self, RowsError};

/// A segment cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum SegmentError {
    #[error("the segment's rule: {0}")]
    Rule(#[from] RuleError),
    #[error(transparent)]
    Rows(#[from] RowsError),
}

impl From<rusqlite::Error> for SegmentError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Rows(error.into())
    }
}

impl SegmentError {
    /// Stable, with words in the strings.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Rule(error) => error.code(),
            Self::Rows(error) => error.code(),
        }
    }
}

/// The clients that a rule and a list of names make, by id: those whom the rule takes in at the end of `today`, and those
/// of the list who are here. Clients that were merged into another are the other.
pub fn members(
    conn: &Connection,
    rule: Option<&str>,
    named: &[ClientId],
    today: BusinessDate,
) -> Result<BTreeSet<ClientId>, SegmentError> {
    let mut members = BTreeSet::new();
    if let Some(rule) = rule {
        members.extend(Compiled::of(&rule.parse()?, today).clients(conn)?);
    }
    if !named.is_empty() {
        let aliases = Aliases::read(conn)?;
        for client in named {
            let client = aliases.kept_of(*client);
            if is_here(conn, &client)? {
                members.insert(client);
            }
        }
    }
    Ok(members)
}

fn is_here(conn: &Connection, client: &ClientId) -> rows::Result<bool> {
    Ok(conn.prepare_cached("SELECT 1 FROM clients WHERE id = ?1 AND alias_of IS NULL")?.exists([client])?)
}
