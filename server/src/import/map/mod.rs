//! Map: which column is which field, and how the file writes numbers and days.
//!
//! A mapping is kept per source and kind, as TOML or JSON:
//!
//! ```toml
//! kind = "sales"
//! source = "erp"
//!
//! [format]
//! delimiter = ";"
//! encoding = "windows-1252"
//! decimal = ","
//! dates = "dd/mm/yyyy"
//!
//! [columns]                # field = title of the column, or "#3" for the third one
//! document = "Nº factura"
//! client = "Cód. cliente"
//! date = "Fecha"
//! net = "Importe"
//!
//! [defaults]               # for rows whose cell is empty, or without a column
//! currency = "EUR"
//!
//! [values.type]            # what the file writes = what is meant
//! "A" = "credit-note"
//! ```

mod guess;

use std::collections::BTreeMap;

use cartera_core::model::fold;
use cartera_core::model::limits::OFFICE_SOURCE_BYTES_MAX;
pub use guess::{Proposal, propose};
use serde::{Deserialize, Serialize};

use super::ImportError;
use super::kind::{Field, Kind};
use super::limits::MAPPING_BYTES_MAX;
use super::read::{Cell, Encoding, Row};
use super::value::{DateOrder, DecimalMark};

/// From a file's columns to fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    pub kind: Kind,
    /// The system that the file comes from, such as `erp`: ids of different sources are different ids.
    pub source: String,
    #[serde(default)]
    pub format: Format,
    /// What rows that the file does not have any more mean.
    #[serde(default)]
    pub absent: Absent,
    /// What an empty cell means where the last import had a value.
    #[serde(default)]
    pub empty: Empty,
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    #[serde(default)]
    pub defaults: BTreeMap<String, String>,
    #[serde(default)]
    pub values: BTreeMap<String, BTreeMap<String, String>>,
}

/// How a file is written; what is `None` is found out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Format {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<Delimiter>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<Quote>,
    #[serde(default)]
    pub decimal: DecimalMark,
    #[serde(default)]
    pub dates: DateOrder,
    /// The row of the titles, from 1; 0 if there are none. By default the first row that is not blank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header_row: Option<u64>,
    /// Of a workbook; by default the first visible one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
}

/// What separates a CSV file's cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Delimiter {
    #[serde(rename = ";")]
    Semicolon,
    #[serde(rename = ",")]
    Comma,
    #[serde(rename = "\t", alias = "tab")]
    Tab,
    #[serde(rename = "|")]
    Bar,
}

impl Delimiter {
    pub const fn byte(self) -> u8 {
        match self {
            Self::Semicolon => b';',
            Self::Comma => b',',
            Self::Tab => b'\t',
            Self::Bar => b'|',
        }
    }

    pub const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            b';' => Some(Self::Semicolon),
            b',' => Some(Self::Comma),
            b'\t' => Some(Self::Tab),
            b'|' => Some(Self::Bar),
            _ => None,
        }
    }
}

/// What a CSV file puts around cells that contain a delimiter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quote {
    #[serde(rename = "\"")]
    Double,
    #[serde(rename = "'")]
    Single,
    #[serde(rename = "none")]
    None,
}

impl Quote {
    pub const fn byte(self) -> Option<u8> {
        match self {
            Self::Double => Some(b'"'),
            Self::Single => Some(b'\''),
            Self::None => None,
        }
    }
}

/// What is done with what an earlier file had and this one has not. Clients are always kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Absent {
    #[default]
    Keep,
    /// The file is complete: what it lacks is no more.
    Remove,
}

/// What an empty cell means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Empty {
    /// The value was taken away there; is an edit if the last import had one.
    #[default]
    Clear,
    /// The file does not know.
    Keep,
}

impl Mapping {
    /// A mapping without columns, for a proposal or to be filled in.
    pub fn new(kind: Kind, source: &str) -> Self {
        Self {
            kind,
            source: source.to_owned(),
            format: Format::default(),
            absent: Absent::default(),
            empty: Empty::default(),
            columns: BTreeMap::new(),
            defaults: BTreeMap::new(),
            values: BTreeMap::new(),
        }
    }

    /// Reads TOML, or JSON if it begins with a brace.
    pub fn parse(text: &str) -> Result<Self, ImportError> {
        if text.len() > MAPPING_BYTES_MAX {
            return Err(ImportError::TooLarge { what: "the mapping", limit: MAPPING_BYTES_MAX as u64 });
        }
        let mapping: Self = if text.trim_start().starts_with('{') {
            serde_json::from_str(text).map_err(|error| ImportError::Mapping(error.to_string()))?
        } else {
            toml::from_str(text).map_err(|error| ImportError::Mapping(error.to_string()))?
        };
        mapping.validate()?;
        Ok(mapping)
    }

    pub fn to_toml(&self) -> Result<String, ImportError> {
        toml::to_string(self).map_err(|error| ImportError::Mapping(error.to_string()))
    }

    pub fn to_json(&self) -> Result<String, ImportError> {
        serde_json::to_string_pretty(self).map_err(|error| ImportError::Mapping(error.to_string()))
    }

    fn validate(&self) -> Result<(), ImportError> {
        let wrong = |what: String| Err(ImportError::Mapping(what));
        let source = &self.source;
        let is_plain = source.trim() == source && !source.chars().any(char::is_control);
        if source.is_empty() || source.len() > OFFICE_SOURCE_BYTES_MAX || !is_plain {
            return wrong(format!(
                "the source has 1 to {OFFICE_SOURCE_BYTES_MAX} bytes, without blanks around it"
            ));
        }
        let names = self.columns.keys().chain(self.defaults.keys()).chain(self.values.keys());
        for name in names {
            if !self.kind.fields().iter().any(|field| field.name == name) {
                let known: Vec<&str> = self.kind.fields().iter().map(|field| field.name).collect();
                return wrong(format!(
                    "{} have no field '{name}'; there are: {}",
                    self.kind,
                    known.join(", ")
                ));
            }
        }
        Ok(())
    }
}

/// A title as it is compared: lower case, without accents, ordinal signs or punctuation.
pub fn normal_title(title: &str) -> String {
    let mut normal = String::with_capacity(title.len());
    for letter in fold(title) {
        let letter = match letter {
            // The second half of a letter written as two characters, and the signs of nº and 1ª.
            '\u{300}'..='\u{36f}' | 'º' | 'ª' | '°' => continue,
            letter if letter.is_alphanumeric() => letter,
            _ => ' ',
        };
        if letter != ' ' || !(normal.is_empty() || normal.ends_with(' ')) {
            normal.push(letter);
        }
    }
    normal.truncate(normal.trim_end().len());
    normal
}

/// A mapping bound to one file's columns.
#[derive(Debug)]
pub(super) struct Bound {
    /// One for each field of the kind, in its order.
    pub(super) fields: Vec<BoundField>,
    /// The columns' titles, for the report.
    pub(super) titles: Vec<String>,
    /// The first row that is no title.
    pub(super) first_row: u64,
}

#[derive(Debug)]
pub(super) struct BoundField {
    pub(super) field: &'static Field,
    pub(super) column: Option<usize>,
    pub(super) default: Option<String>,
    pub(super) values: BTreeMap<String, String>,
}

impl BoundField {
    /// Whether the file or the mapping says anything of this field.
    pub(super) fn is_mapped(&self) -> bool {
        self.column.is_some() || self.default.is_some()
    }
}

impl Mapping {
    /// Binds the mapping to the row of titles, or to any row if there are none.
    pub(super) fn bind(&self, row: &Row) -> Result<Bound, ImportError> {
        self.validate()?;
        let has_titles = self.format.header_row != Some(0);
        let mut titles: Vec<String> = Vec::new();
        for column in 0..row.columns() {
            titles.push(match row.cell(column) {
                Cell::Text(text) | Cell::Garbled(text) if has_titles => text.to_owned(),
                Cell::Number(number) if has_titles => number.to_string(),
                _ => String::new(),
            });
        }
        let normal: Vec<String> = titles.iter().map(|title| normal_title(title)).collect();
        let mut fields = Vec::new();
        for field in self.kind.fields() {
            let column = match self.columns.get(field.name) {
                None => None,
                Some(wanted) => Some(find_column(wanted, &titles, &normal, has_titles).ok_or_else(|| {
                    ImportError::NoColumn { field: field.name.to_owned(), header: wanted.clone() }
                })?),
            };
            let default = self.defaults.get(field.name).cloned();
            if field.required && column.is_none() && default.is_none() {
                return Err(ImportError::Unmapped { field: field.name });
            }
            let values = self.values.get(field.name).cloned().unwrap_or_default();
            fields.push(BoundField { field, column, default, values });
        }
        let first_row = if has_titles { row.number + 1 } else { 0 };
        Ok(Bound { fields, titles, first_row })
    }
}

fn find_column(wanted: &str, titles: &[String], normal: &[String], has_titles: bool) -> Option<usize> {
    if has_titles {
        if let Some(exact) = titles.iter().position(|title| title == wanted) {
            return Some(exact);
        }
        let wanted = normal_title(wanted);
        let found = normal.iter().position(|title| !wanted.is_empty() && *title == wanted);
        if found.is_some() {
            return found;
        }
    }
    let number = wanted.strip_prefix('#')?.parse::<usize>().ok()?;
    // Without titles the first row may be shorter than others.
    if number >= 1 && (number <= titles.len() || !has_titles && number <= super::limits::COLUMNS_MAX) {
        Some(number - 1)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_compared_without_case_accents_and_punctuation() {
        assert_eq!(normal_title(" Cód. Cliente "), "cod cliente");
        assert_eq!(normal_title("Nº  factura"), "n factura");
        assert_eq!(normal_title("N.I.F./C.I.F."), "n i f c i f");
        assert_eq!(normal_title("An\u{303}o"), "ano");
        assert_eq!(normal_title("%"), "");
    }

    #[test]
    fn toml_and_json_come_back() {
        let text = r##"
            kind = "sales"
            source = "erp"
            absent = "remove"
            [format]
            delimiter = ";"
            encoding = "windows-1252"
            decimal = ","
            dates = "dd/mm/yyyy"
            [columns]
            document = "Nº factura"
            client = "#2"
            [defaults]
            currency = "EUR"
            [values.type]
            A = "credit-note"
        "##;
        let mapping = Mapping::parse(text).unwrap();
        assert_eq!(mapping.format.delimiter, Some(Delimiter::Semicolon));
        assert_eq!(Mapping::parse(&mapping.to_toml().unwrap()).unwrap(), mapping);
        assert_eq!(Mapping::parse(&mapping.to_json().unwrap()).unwrap(), mapping);
    }

    #[test]
    fn a_wrong_mapping_says_what_is_wrong() {
        for (text, expected) in [
            ("kind = \"sales\"\nsource = \"\"", "the source has"),
            ("kind = \"sales\"\nsource = \"erp\"\n[columns]\nnmae = \"x\"", "no field 'nmae'"),
            ("kind = \"sale\"\nsource = \"erp\"", "unknown variant"),
            ("kind = \"sales\"\nsource = \"erp\"\ncolums = 1", "unknown field"),
            ("{", "EOF"),
        ] {
            let error = Mapping::parse(text).unwrap_err();
            assert_eq!(error.code(), "import_mapping");
            assert!(error.to_string().contains(expected), "{error}");
        }
        let text = "kind = \"sales\"\nsource = \"erp\"\n#";
        let long = |bytes: usize| Mapping::parse(&format!("{text}{}", "x".repeat(bytes - text.len())));
        assert!(long(MAPPING_BYTES_MAX).is_ok());
        assert_eq!(long(MAPPING_BYTES_MAX + 1).unwrap_err().code(), "import_too_large");
    }
}
