//! XLSX: a workbook with a sheet for each resource, for people who open it.
//!
//! | column | cell |
//! |---|---|
//! | id, text, phone, word | text, never a formula; what a sheet cannot hold past 32,767 characters ends in `…` |
//! | integer, decimal | a number with its own decimals; as text where it has more than the 15 digits that a sheet keeps |
//! | degrees | a number with seven decimals |
//! | boolean | a truth |
//! | date, instant | a date, a date with its time (UTC); as text before March 1900, where sheets miscount |
//! | missing, or an empty text | nothing |
//!
//! The first row has the columns' names and stays in sight. A sheet holds 1,048,576 rows: what is more goes on in
//! `visits (2)`. Rows wait in a file without a name in the store's folder, so memory stays flat and nothing is left
//! behind by a process that is killed. A workbook is whole or it is none: its first byte is known after its last row.

use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use cartera_core::model::BusinessDate;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::Ending;
use crate::export::column::ColumnInfo;
use crate::export::value::{Type, Value};
use crate::export::write;

/// Rows of a sheet, the one with the names among them.
const SHEET_ROWS_MAX: u32 = 1_048_576;
/// UTF-16 units of a cell's text.
const TEXT_UNITS_MAX: usize = 32_767;
/// Digits that a sheet keeps of a number.
const DIGITS_MAX: u32 = 15;
/// Decimals for which there is a format.
const SCALE_MAX: usize = 12;
/// Days from 1899-12-30, a sheet's day 0, to 1970-01-01.
const EPOCH_DAYS: i32 = 25_569;
/// 1900-03-01: the day before it is one that sheets have and the calendar has not.
const FIRST_DAY: i32 = 61 - EPOCH_DAYS;
const DAY_MS: f64 = 24.0 * 60.0 * 60.0 * 1000.0;

pub(in crate::export) struct Xlsx {
    book: Workbook,
    scratch: PathBuf,
    resource: String,
    columns: Vec<&'static ColumnInfo>,
    sheet: Option<Worksheet>,
    /// Sheets of this resource so far.
    sheets: u32,
    rows_max: u32,
    row: u32,
    column: u16,
    formats: Formats,
    text: Vec<u8>,
    failed: Option<XlsxError>,
    /// The whole workbook, once it is made.
    made: Option<File>,
}

/// A number's look, by its decimals; and the head's.
struct Formats {
    head: Format,
    decimals: Vec<Format>,
}

impl fmt::Debug for Xlsx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Xlsx")
            .field("resource", &self.resource)
            .field("row", &self.row)
            .finish_non_exhaustive()
    }
}

impl Xlsx {
    /// Rows, and then the workbook, wait in files without a name in `scratch`.
    pub(super) fn new(scratch: &Path) -> Self {
        let decimals = (0..=SCALE_MAX).map(|scale| match scale {
            0 => Format::new().set_num_format("#,##0"),
            scale => Format::new().set_num_format(format!("#,##0.{}", "0".repeat(scale))),
        });
        Self {
            book: Workbook::new(),
            scratch: scratch.to_owned(),
            resource: String::new(),
            columns: Vec::new(),
            sheet: None,
            sheets: 0,
            rows_max: SHEET_ROWS_MAX,
            row: 0,
            column: 0,
            formats: Formats { head: Format::new().set_bold(), decimals: decimals.collect() },
            text: Vec::new(),
            failed: None,
            made: None,
        }
    }

    /// The same with sheets that are full sooner.
    #[cfg(test)]
    pub(in crate::export) fn with_sheets_of(&mut self, rows: u32) {
        self.rows_max = rows;
    }

    /// A resource begins: on a sheet of its own.
    pub(super) fn begin(&mut self, resource: &str, columns: &[&'static ColumnInfo]) -> io::Result<()> {
        self.put_away();
        resource.clone_into(&mut self.resource);
        columns.clone_into(&mut self.columns);
        self.sheets = 0;
        self.open_sheet().map_err(io::Error::other)
    }

    fn open_sheet(&mut self) -> Result<(), XlsxError> {
        if self.sheets == 0 && self.sheet.is_none() {
            self.book.set_tempdir(&self.scratch)?;
        }
        self.sheets += 1;
        let mut sheet = self.book.new_worksheet_with_constant_memory()?;
        sheet.set_name(match self.sheets {
            1 => self.resource.clone(),
            n => format!("{} ({n})", self.resource),
        })?;
        sheet.set_freeze_panes(1, 0)?;
        for (at, column) in (0..).zip(&self.columns) {
            let named = column.name.len() as f64 + 2.0;
            sheet.set_column_width(at, named.max(width(column.kind)))?;
            if let Some(format) = usual(column.kind, &self.formats) {
                sheet.set_column_format(at, &format)?;
            }
        }
        for (at, column) in (0..).zip(&self.columns) {
            sheet.write_string_with_format(0, at, column.name, &self.formats.head)?;
        }
        self.row = 0;
        self.sheet = Some(sheet);
        Ok(())
    }

    fn put_away(&mut self) {
        if let Some(sheet) = self.sheet.take() {
            self.book.push_worksheet(sheet);
        }
    }

    pub(super) fn begin_row(&mut self) {
        self.column = 0;
        self.row += 1;
        if self.row == self.rows_max && self.failed.is_none() {
            self.put_away();
            self.failed = self.open_sheet().err();
            self.row = 1;
        }
    }

    pub(super) fn cell(&mut self, kind: Type, value: &Value<'_>) {
        let at = self.column;
        self.column += 1;
        if self.failed.is_some() || matches!(value, Value::Null) {
            return;
        }
        // A full disk makes the library panic.
        let written = catch_unwind(AssertUnwindSafe(|| self.write(at, kind, value)));
        self.failed = match written {
            Ok(written) => written.err(),
            Err(_) => Some(XlsxError::IoError(io::ErrorKind::StorageFull.into())),
        };
    }

    fn write(&mut self, at: u16, kind: Type, value: &Value<'_>) -> Result<(), XlsxError> {
        let Self { sheet: Some(sheet), row, formats, text, .. } = self else { return Ok(()) };
        text.clear();
        match *value {
            Value::Null => {}
            Value::Bool(yes) => {
                sheet.write_boolean(*row, at, yes)?;
            }
            Value::Int(int) if digits(int) <= DIGITS_MAX => {
                sheet.write_number(*row, at, int as f64)?;
            }
            Value::Int(int) => write::int(text, int),
            Value::Float(float) => {
                sheet.write_number(*row, at, float)?;
            }
            Value::Fixed { mantissa, scale }
                if digits(mantissa) <= DIGITS_MAX && scale <= SCALE_MAX as u32 =>
            {
                let number = mantissa as f64 / 10_i64.pow(scale) as f64;
                if kind == Type::Degrees || scale == USUAL_SCALE {
                    sheet.write_number(*row, at, number)?;
                } else {
                    sheet.write_number_with_format(*row, at, number, &formats.decimals[scale as usize])?;
                }
            }
            Value::Fixed { mantissa, scale } => write::fixed(text, mantissa, scale, b'.'),
            Value::Date(days) if days >= FIRST_DAY && BusinessDate::from_days(days).is_some() => {
                sheet.write_number(*row, at, f64::from(days + EPOCH_DAYS))?;
            }
            Value::Date(days) => {
                write::date(text, days);
            }
            Value::Instant(ms) => {
                let days = ms as f64 / DAY_MS;
                if write::instant(text, ms, b'T') {
                    text.push(b'Z');
                    if days >= f64::from(FIRST_DAY) {
                        text.clear();
                        sheet.write_number(*row, at, days + f64::from(EPOCH_DAYS))?;
                    }
                }
            }
            Value::Id(bytes) => write::id(text, bytes),
            Value::Text(ref given) => {
                sheet.write_string(*row, at, fitting(given))?;
            }
        }
        if !text.is_empty() {
            sheet.write_string(*row, at, String::from_utf8_lossy(text))?;
        }
        Ok(())
    }

    pub(super) fn end_row(&mut self) -> io::Result<()> {
        self.failed.take().map_or(Ok(()), |error| Err(io::Error::other(error)))
    }

    /// Makes the workbook; [`Xlsx::read`] gives it.
    pub(super) fn end(&mut self, ending: Ending<'_>) -> io::Result<()> {
        self.put_away();
        let made = ExcelDateTime::from_ymd(2000, 1, 1).map_err(io::Error::other)?; // the same rows give the same bytes
        let about = DocProperties::new()
            .set_title("Cartera")
            .set_comment(format!("cursor {}", ending.cursor))
            .set_creation_datetime(&made);
        self.book.set_properties(&about);
        let file = tempfile::tempfile_in(&self.scratch)?;
        let mut file = catch_unwind(AssertUnwindSafe(|| {
            let mut out = BufWriter::new(&file);
            self.book.save_to_writer(&mut out).map_err(io::Error::other)?;
            out.into_inner().map_err(io::IntoInnerError::into_error)?;
            Ok::<_, io::Error>(file)
        }))
        .unwrap_or_else(|_| Err(io::ErrorKind::StorageFull.into()))?;
        self.book = Workbook::new(); // and its files are gone
        file.rewind()?;
        self.made = Some(file);
        Ok(())
    }

    /// The next of the workbook's bytes; true once there are no more.
    pub(super) fn read(&mut self, out: &mut Vec<u8>, bytes: usize) -> io::Result<bool> {
        let Some(file) = &mut self.made else { return Ok(true) };
        let room = bytes.saturating_sub(out.len()).max(1) as u64;
        Ok(Read::by_ref(file).take(room).read_to_end(out)? == 0)
    }
}

/// Decimals of the format that decimal columns have anyway: most amounts need no other.
const USUAL_SCALE: u32 = 2;

/// What a column's cells look like where they have no format of their own.
fn usual(kind: Type, formats: &Formats) -> Option<Format> {
    Some(match kind {
        Type::Date => Format::new().set_num_format("yyyy-mm-dd"),
        Type::Instant => Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
        Type::Degrees => Format::new().set_num_format("0.0000000"),
        Type::Decimal => formats.decimals[USUAL_SCALE as usize].clone(),
        Type::Integer => Format::new().set_num_format("0"),
        // As text: who types into such a cell is not taken for a number either.
        Type::Id | Type::Phone => Format::new().set_num_format("@"),
        Type::Text | Type::Word | Type::Boolean | Type::Number => return None,
    })
}

/// In characters.
const fn width(kind: Type) -> f64 {
    match kind {
        Type::Id => 29.0,
        Type::Text => 24.0,
        Type::Instant => 20.0,
        Type::Phone => 16.0,
        Type::Word | Type::Decimal | Type::Degrees | Type::Number => 13.0,
        Type::Date | Type::Integer => 11.0,
        Type::Boolean => 9.0,
    }
}

fn digits(int: i64) -> u32 {
    int.unsigned_abs().checked_ilog10().map_or(1, |log| log + 1)
}

/// What a cell can hold of a text.
fn fitting(text: &str) -> String {
    // Bytes are never fewer than UTF-16 units.
    if text.len() <= TEXT_UNITS_MAX || text.encode_utf16().count() <= TEXT_UNITS_MAX {
        return text.to_owned();
    }
    let mut units = 1; // the mark at the end
    let kept = text.chars().take_while(|c| {
        units += c.len_utf16();
        units <= TEXT_UNITS_MAX
    });
    kept.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_only_where_it_does_not_fit() {
        let exact = "ñ".repeat(TEXT_UNITS_MAX);
        assert_eq!(fitting(&exact), exact);
        let more = fitting(&format!("{exact}x"));
        assert_eq!((more.chars().count(), more.ends_with("ñ…")), (TEXT_UNITS_MAX, true));
        let wide = fitting(&"😀".repeat(TEXT_UNITS_MAX));
        assert!(wide.encode_utf16().count() <= TEXT_UNITS_MAX && wide.ends_with("😀…"));
    }

    #[test]
    fn digits_are_counted_at_the_edge() {
        for (int, count) in [(0, 1), (9, 1), (-10, 2), (999_999_999_999_999, 15), (i64::MIN, 19)] {
            assert_eq!(digits(int), count, "{int}");
        }
    }
}
