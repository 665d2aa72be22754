//! How rows become bytes: CSV in two profiles, NDJSON, JSON, Parquet, and workbooks.

mod csv;
mod entities;
mod json;
mod parquet;
mod xlsx;

use std::io;
use std::path::Path;
use std::str::FromStr;

use super::column::ColumnInfo;
use super::value::Value;

use csv::Csv;
pub use csv::Profile;
pub(super) use entities::{Entities, Key};
use json::Json;
pub(super) use json::Numbers;
use parquet::Parquet;
use xlsx::Xlsx;

/// A format, as the address names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv(Profile),
    /// One JSON object a line.
    Ndjson,
    /// One object with the rows in a list.
    Json,
    Parquet,
    /// A workbook: the one format that holds several resources, a sheet each.
    Xlsx,
}

impl Format {
    pub const EXTENSIONS: [&'static str; 5] = ["csv", "ndjson", "json", "parquet", "xlsx"];

    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv(_) => "csv",
            Self::Ndjson => "ndjson",
            Self::Json => "json",
            Self::Parquet => "parquet",
            Self::Xlsx => "xlsx",
        }
    }

    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv(_) => "text/csv; charset=utf-8; header=present",
            Self::Ndjson => "application/x-ndjson",
            Self::Json => "application/json",
            Self::Parquet => PARQUET,
            Self::Xlsx => XLSX,
        }
    }
}

/// Compressed already, and not to be compressed again on the way.
pub const PARQUET: &str = "application/vnd.apache.parquet";
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

impl FromStr for Format {
    type Err = ();

    /// By extension; CSV comes in the machine's profile.
    fn from_str(extension: &str) -> Result<Self, ()> {
        match extension {
            "csv" => Ok(Self::Csv(Profile::Machine)),
            "ndjson" => Ok(Self::Ndjson),
            "json" => Ok(Self::Json),
            "parquet" => Ok(Self::Parquet),
            "xlsx" => Ok(Self::Xlsx),
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
    /// A page of OData's.
    Entities(Box<Entities>),
    /// Says how many rows there are.
    Count,
    Parquet(Box<Parquet>),
    Xlsx(Box<Xlsx>),
}

impl Encoder {
    /// `scratch` is a folder for files that only the process knows.
    pub(super) fn new(format: Format, scratch: &Path) -> Self {
        match format {
            Format::Csv(profile) => Self::Csv(Csv::new(profile)),
            Format::Ndjson => Self::Json(Json::new(true)),
            Format::Json => Self::Json(Json::new(false)),
            Format::Parquet => Self::Parquet(Box::new(Parquet::new())),
            Format::Xlsx => Self::Xlsx(Box::new(Xlsx::new(scratch))),
        }
    }

    /// Whether nothing comes out before the last row is in.
    pub(super) fn holds_back(&self) -> bool {
        matches!(self, Self::Xlsx(_))
    }

    #[cfg(test)]
    pub(super) fn with_sheets_of(&mut self, rows: u32) {
        if let Self::Xlsx(xlsx) = self {
            xlsx.with_sheets_of(rows);
        }
    }

    /// Whether a page has all the rows that it may have.
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        matches!(self, Self::Entities(entities) if entities.is_full())
    }

    /// A resource begins.
    pub(super) fn begin(
        &mut self,
        out: &mut Vec<u8>,
        resource: &str,
        columns: &[&'static ColumnInfo],
    ) -> io::Result<()> {
        match self {
            Self::Csv(csv) => csv.header(out, columns),
            Self::Json(json) => json.begin(out, resource, columns),
            Self::Entities(entities) => entities.begin(columns),
            Self::Count => {}
            Self::Parquet(parquet) => parquet.begin(out, resource, columns)?,
            Self::Xlsx(xlsx) => xlsx.begin(resource, columns)?,
        }
        Ok(())
    }

    pub(super) fn begin_row(&mut self, out: &mut Vec<u8>) {
        match self {
            Self::Csv(csv) => csv.begin_row(),
            Self::Json(json) => json.begin_row(out),
            Self::Entities(entities) => entities.begin_row(out),
            Self::Count => {}
            Self::Parquet(parquet) => parquet.begin_row(),
            Self::Xlsx(xlsx) => xlsx.begin_row(),
        }
    }

    #[inline]
    pub(super) fn cell(&mut self, out: &mut Vec<u8>, info: &ColumnInfo, value: &Value<'_>) {
        match self {
            Self::Csv(csv) => csv.cell(out, info.kind, value),
            Self::Json(json) => json.cell(out, info.kind, value),
            Self::Entities(entities) => entities.cell(out, info.kind, value),
            Self::Count => {}
            Self::Parquet(parquet) => parquet.cell(value),
            Self::Xlsx(xlsx) => xlsx.cell(info.kind, value),
        }
    }

    pub(super) fn end_row(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Self::Csv(csv) => csv.end_row(out),
            Self::Json(json) => json.end_row(out),
            Self::Entities(entities) => return entities.end_row(out),
            Self::Count => {}
            Self::Parquet(parquet) => return parquet.end_row(out),
            Self::Xlsx(xlsx) => return xlsx.end_row(),
        }
        Ok(())
    }

    /// After the last row of the last resource.
    pub(super) fn end(&mut self, out: &mut Vec<u8>, ending: Ending<'_>) -> io::Result<()> {
        match self {
            Self::Csv(_) | Self::Entities(_) | Self::Count => Ok(()),
            Self::Json(json) => {
                json.end(out, ending);
                Ok(())
            }
            Self::Parquet(parquet) => parquet.end(out, ending),
            Self::Xlsx(xlsx) => xlsx.end(ending),
        }
    }

    /// After the end: the next of what was held back, so that `out` has about `bytes`; true once there is no more.
    pub(super) fn rest(&mut self, out: &mut Vec<u8>, bytes: usize) -> io::Result<bool> {
        match self {
            Self::Xlsx(xlsx) => xlsx.read(out, bytes),
            Self::Csv(_) | Self::Json(_) | Self::Entities(_) | Self::Count | Self::Parquet(_) => Ok(true),
        }
    }
}
