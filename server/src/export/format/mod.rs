//! How rows become bytes: CSV in two profiles, NDJSON, and JSON.

mod csv;
mod json;

use std::str::FromStr;

use super::column::ColumnInfo;
use super::value::Value;

use csv::Csv;
pub use csv::Profile;
use json::Json;

/// A format, as the address names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv(Profile),
    /// One JSON object a line.
    Ndjson,
    /// One object with the rows in a list.
    Json,
}

impl Format {
    pub const EXTENSIONS: [&'static str; 3] = ["csv", "ndjson", "json"];

    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv(_) => "csv",
            Self::Ndjson => "ndjson",
            Self::Json => "json",
        }
    }

    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv(_) => "text/csv; charset=utf-8; header=present",
            Self::Ndjson => "application/x-ndjson",
            Self::Json => "application/json",
        }
    }
}

impl FromStr for Format {
    type Err = ();

    /// By extension; CSV comes in the machine's profile.
    fn from_str(extension: &str) -> Result<Self, ()> {
        match extension {
            "csv" => Ok(Self::Csv(Profile::Machine)),
            "ndjson" => Ok(Self::Ndjson),
            "json" => Ok(Self::Json),
            _ => Err(()),
        }
    }
}

/// What stands at the end, where a format has a place for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ending<'a> {
    pub cursor: &'a str,
    pub rows: u64,
    /// The answer continues an earlier one: NDJSON says the cursor in a last line then.
    pub incremental: bool,
}

/// Writes rows one cell after the other.
#[derive(Debug)]
pub(super) enum Encoder {
    Csv(Csv),
    Json(Json),
}

impl Encoder {
    pub(super) fn new(format: Format, columns: &[&'static ColumnInfo]) -> Self {
        match format {
            Format::Csv(profile) => Self::Csv(Csv::new(profile)),
            Format::Ndjson => Self::Json(Json::new(columns, true)),
            Format::Json => Self::Json(Json::new(columns, false)),
        }
    }

    pub(super) fn begin(&mut self, out: &mut Vec<u8>, resource: &str, columns: &[&'static ColumnInfo]) {
        match self {
            Self::Csv(csv) => csv.header(out, columns),
            Self::Json(json) => json.begin(out, resource),
        }
    }

    pub(super) fn begin_row(&mut self, out: &mut Vec<u8>) {
        match self {
            Self::Csv(csv) => csv.begin_row(),
            Self::Json(json) => json.begin_row(out),
        }
    }

    #[inline]
    pub(super) fn cell(&mut self, out: &mut Vec<u8>, info: &ColumnInfo, value: &Value<'_>) {
        match self {
            Self::Csv(csv) => csv.cell(out, info.kind, value),
            Self::Json(json) => json.cell(out, info.kind, value),
        }
    }

    pub(super) fn end_row(&mut self, out: &mut Vec<u8>) {
        match self {
            Self::Csv(csv) => csv.end_row(out),
            Self::Json(json) => json.end_row(out),
        }
    }

    pub(super) fn end(&mut self, out: &mut Vec<u8>, ending: Ending<'_>) {
        match self {
            Self::Csv(_) => {}
            Self::Json(json) => json.end(out, ending),
        }
    }
}
