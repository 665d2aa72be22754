//! What is wrong, or odd, with one row: where, what, and how bad.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::limits::{FINDINGS_MAX, QUOTED_CHARS_MAX};

/// Whether a row can be taken in spite of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The row (the whole document, for a sale's line) is set aside.
    Error,
    /// The row is taken; somebody may want to look.
    Warning,
}

/// Which rule a row breaks. Names are stable; words are in `cartera_core::strings`, under `import-`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FindingCode)]
pub enum Code {
    Required,
    TooLong,
    ControlCharacter,
    Encoding,
    CellError,
    Number,
    TooSmall,
    TooLarge,
    Day,
    YesNo,
    Currency,
    CurrencyMissing,
    AmountTooLarge,
    Duplicate,
    DocumentDiffers,
    TooManyLines,
    PeriodReversed,
    Contradiction,
    UnknownClient,
    Erased,
    AnswerDiffers,
    // From here on warnings.
    UnknownArticle,
    UnknownTerritory,
    UnknownValue,
    Rounded,
    DayAsText,
    ExtraCells,
    PositiveCreditNote,
    HalfPoint,
    NotTaken,
    TaxId,
    Phone,
    Email,
    NotRemoved,
}

impl Code {
    pub const ALL: [Self; 34] = [
        Self::Required,
        Self::TooLong,
        Self::ControlCharacter,
        Self::Encoding,
        Self::CellError,
        Self::Number,
        Self::TooSmall,
        Self::TooLarge,
        Self::Day,
        Self::YesNo,
        Self::Currency,
        Self::CurrencyMissing,
        Self::AmountTooLarge,
        Self::Duplicate,
        Self::DocumentDiffers,
        Self::TooManyLines,
        Self::PeriodReversed,
        Self::Contradiction,
        Self::UnknownClient,
        Self::Erased,
        Self::AnswerDiffers,
        Self::UnknownArticle,
        Self::UnknownTerritory,
        Self::UnknownValue,
        Self::Rounded,
        Self::DayAsText,
        Self::ExtraCells,
        Self::PositiveCreditNote,
        Self::HalfPoint,
        Self::NotTaken,
        Self::TaxId,
        Self::Phone,
        Self::Email,
        Self::NotRemoved,
    ];

    pub const fn severity(self) -> Severity {
        match self {
            Self::UnknownArticle
            | Self::UnknownTerritory
            | Self::UnknownValue
            | Self::Rounded
            | Self::DayAsText
            | Self::ExtraCells
            | Self::PositiveCreditNote
            | Self::HalfPoint
            | Self::NotTaken
            | Self::TaxId
            | Self::Phone
            | Self::Email
            | Self::NotRemoved => Severity::Warning,
            _ => Severity::Error,
        }
    }

    /// Stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooLong => "too_long",
            Self::ControlCharacter => "control_character",
            Self::Encoding => "encoding",
            Self::CellError => "cell_error",
            Self::Number => "number",
            Self::TooSmall => "too_small",
            Self::TooLarge => "too_large",
            Self::Day => "day",
            Self::YesNo => "yes_no",
            Self::Currency => "currency",
            Self::CurrencyMissing => "currency_missing",
            Self::AmountTooLarge => "amount_too_large",
            Self::Duplicate => "duplicate",
            Self::DocumentDiffers => "document_differs",
            Self::TooManyLines => "too_many_lines",
            Self::PeriodReversed => "period_reversed",
            Self::Contradiction => "contradiction",
            Self::UnknownClient => "unknown_client",
            Self::Erased => "erased",
            Self::AnswerDiffers => "answer_differs",
            Self::UnknownArticle => "unknown_article",
            Self::UnknownTerritory => "unknown_territory",
            Self::UnknownValue => "unknown_value",
            Self::Rounded => "rounded",
            Self::DayAsText => "day_as_text",
            Self::ExtraCells => "extra_cells",
            Self::PositiveCreditNote => "positive_credit_note",
            Self::HalfPoint => "half_point",
            Self::NotTaken => "not_taken",
            Self::TaxId => "tax_id",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::NotRemoved => "not_removed",
        }
    }
}

/// One broken rule at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Line of a CSV file, row of a sheet; from 1. 0: the file as a whole.
    pub row: u64,
    /// Column, from 0; `None` for the row as a whole, or a field that no column is mapped to.
    pub column: Option<usize>,
    pub field: Option<&'static str>,
    /// What the cell says, shortened to [`QUOTED_CHARS_MAX`] characters.
    pub value: String,
    pub code: Code,
    /// The limit, the earlier row, the expected value: what the code needs to be told in words.
    pub detail: Option<String>,
}

/// What was found: counted in full, listed up to a bound.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// By code.
    pub counts: BTreeMap<Code, u64>,
    /// The first [`FINDINGS_MAX`].
    pub list: Vec<Finding>,
}

impl Findings {
    pub fn add(&mut self, finding: Finding) {
        *self.counts.entry(finding.code).or_default() += 1;
        if self.list.len() < FINDINGS_MAX {
            self.list.push(finding);
        }
    }

    pub fn count(&self, severity: Severity) -> u64 {
        self.counts.iter().filter(|(code, _)| code.severity() == severity).map(|(_, count)| count).sum()
    }

    /// How many are counted and not listed.
    pub fn left_out(&self) -> u64 {
        self.counts.values().sum::<u64>() - self.list.len() as u64
    }

    pub(super) fn sort(&mut self) {
        self.list.sort_by(|left, right| {
            (left.row, left.column, left.code).cmp(&(right.row, right.column, right.code))
        });
    }
}

/// A cell's text as a report quotes it: on one line, shortened.
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::new();
    for (index, letter) in text.chars().enumerate() {
        if index == QUOTED_CHARS_MAX {
            quoted.push('…');
            break;
        }
        quoted.push(if letter.is_control() { ' ' } else { letter });
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_value_is_short_and_on_one_line() {
        assert_eq!(quote("a\nb\0c"), "a b c");
        assert_eq!(quote(&"ñ".repeat(QUOTED_CHARS_MAX)).chars().count(), QUOTED_CHARS_MAX);
        let long = quote(&"ñ".repeat(QUOTED_CHARS_MAX + 1));
        assert_eq!((long.chars().count(), long.ends_with('…')), (QUOTED_CHARS_MAX + 1, true));
    }

    #[test]
    fn findings_beyond_the_bound_are_counted_and_not_listed() {
        let mut findings = Findings::default();
        for row in 0..FINDINGS_MAX as u64 + 1 {
            assert_eq!(findings.left_out(), 0);
            let code = if row % 2 == 0 { Code::Number } else { Code::Rounded };
            findings.add(Finding {
                row,
                column: None,
                field: None,
                value: String::new(),
                code,
                detail: None,
            });
        }
        assert_eq!((findings.list.len(), findings.left_out()), (FINDINGS_MAX, 1));
        assert_eq!(findings.count(Severity::Error), FINDINGS_MAX as u64 / 2 + 1);
    }

    #[test]
    fn names_are_stable_and_as_serialised() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_string(&code).unwrap(), format!("\"{}\"", code.as_str()));
        }
    }
}
