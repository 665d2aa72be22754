//! What can be imported. The fields of each kind are one table, which drives the mapping's proposal, the checks and
//! the report.

use std::fmt;
use std::str::FromStr;

use cartera_core::model::limits;
use cartera_core::model::office::KnownKind;
use serde::{Deserialize, Serialize};

use super::fields;

/// What a file's rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Clients,
    Articles,
    Prices,
    /// Lines, grouped by document.
    Sales,
    DueItems,
    /// What winning clients cost.
    Spend,
}

impl Kind {
    pub const ALL: [Self; 6] =
        [Self::Clients, Self::Articles, Self::Prices, Self::Sales, Self::DueItems, Self::Spend];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clients => "clients",
            Self::Articles => "articles",
            Self::Prices => "prices",
            Self::Sales => "sales",
            Self::DueItems => "due_items",
            Self::Spend => "spend",
        }
    }

    /// What its rows become; `None` for clients, which are documents.
    pub const fn office_kind(self) -> Option<KnownKind> {
        match self {
            Self::Clients => None,
            Self::Articles => Some(KnownKind::Article),
            Self::Prices => Some(KnownKind::Price),
            Self::Sales => Some(KnownKind::Sale),
            Self::DueItems => Some(KnownKind::DueItem),
            Self::Spend => Some(KnownKind::Spend),
        }
    }

    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::Clients => fields::CLIENTS,
            Self::Articles => fields::ARTICLES,
            Self::Prices => fields::PRICES,
            Self::Sales => fields::SALES,
            Self::DueItems => fields::DUE_ITEMS,
            Self::Spend => fields::SPEND,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| {
            let all: Vec<&str> = Self::ALL.iter().map(|kind| kind.as_str()).collect();
            format!("'{text}' cannot be imported; one of {} can", all.join(", "))
        })
    }
}

/// What a field's values look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A name given by the office's system: kept as it is, compared exactly.
    Key,
    /// One line of at most so many characters.
    Text(usize),
    /// Several lines.
    Prose(usize),
    /// A number of at most so many decimals, within bounds.
    Number {
        places: u32,
        min: i64,
        max: i64,
    },
    /// An amount in the row's currency.
    Money,
    Day,
    YesNo,
    /// ISO 4217.
    Currency,
}

/// A field that a column can be mapped to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    /// A row without it is set aside.
    pub required: bool,
    /// The field that says it where this one says nothing.
    pub instead: Option<&'static str>,
    pub form: Form,
    /// Column titles that mean it, in Spanish and English: lower case, without accents or punctuation.
    pub titles: &'static [&'static str],
}

/// Characters of a key.
pub const KEY_CHARS_MAX: usize = limits::CODE_CHARS_MAX;
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_titles_are_unambiguous_within_a_kind() {
        for kind in Kind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            let names: Vec<&str> = kind.fields().iter().map(|field| field.name).collect();
            for (index, name) in names.iter().enumerate() {
                assert!(!names[..index].contains(name), "{kind}: {name} twice");
            }
            let mut titles: Vec<&str> =
                kind.fields().iter().flat_map(|field| field.titles.iter().copied()).collect();
            titles.sort_unstable();
            for pair in titles.windows(2) {
                assert_ne!(pair[0], pair[1], "{kind}: title of two fields");
            }
            for title in titles {
                assert_eq!(
                    crate::import::map::normal_title(title),
                    title,
                    "{kind}: title is not in normal form"
                );
            }
        }
        assert!("klients".parse::<Kind>().unwrap_err().contains("clients"));
    }
}
