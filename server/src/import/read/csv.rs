//! CSV in any of its dialects, row by row.
//!
//! Quoting is RFC 4180's, read leniently. A quotation mark that is never closed makes the rest of the file one
//! field, so that what a row may take from the file is metered: memory stays bounded by
//! [`ROW_BYTES_MAX`](crate::import::limits::ROW_BYTES_MAX) whatever the bytes are.

use std::collections::HashMap;
use std::io::{self, Read, SeekFrom};

use csv::ByteRecord;

use super::encoding::{Encoding, FromUtf16, Survey, decode_windows_1252};
use super::lines::{Counted, Lines};
use super::meter::{Allowance, Metered};
use super::row::Row;
use super::{Input, Rows};
use crate::import::ImportError;
use crate::import::limits::{COLUMNS_MAX, ROW_BYTES_MAX, ROWS_MAX, SAMPLE_BYTES};

const BUFFER_BYTES: usize = 64 << 10;
/// What the reader may take from the file for one row: the row with every quotation mark doubled, and the buffers'
/// read-ahead.
const METER_BYTES: usize = 2 * ROW_BYTES_MAX + 2 * BUFFER_BYTES;
/// The separators that are told apart, in the order of preference when all else is equal.
const DELIMITERS: [u8; 4] = *b";,\t|";
/// Share of the sample's rows, in per cent, that must have the same number of columns.
const CONSISTENT_PERCENT: usize = 70;

/// Rows of a CSV file.
pub(super) struct CsvRows<'a> {
    reader: csv::Reader<Counted<Metered<Box<dyn Read + 'a>>>>,
    lines: Lines,
    allowance: Allowance,
    encoding: Encoding,
    record: ByteRecord,
    scratch: String,
    rows: u64,
    bytes: u64,
}

impl<'a> CsvRows<'a> {
    pub(super) fn new(
        input: &'a mut dyn Input,
        survey: &Survey,
        delimiter: u8,
        quote: Option<u8>,
    ) -> Result<Self, ImportError> {
        let allowance = Allowance::new(METER_BYTES);
        let lines = Lines::default();
        let text = Counted::new(Metered::new(open(input, survey)?, &allowance), &lines);
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .quoting(quote.is_some())
            .quote(quote.unwrap_or(b'"'))
            .buffer_capacity(BUFFER_BYTES)
            .from_reader(text);
        Ok(Self {
            reader,
            lines,
            allowance,
            encoding: survey.encoding,
            record: ByteRecord::new(),
            scratch: String::new(),
            rows: 0,
            bytes: survey.bytes,
        })
    }
}

impl Rows for CsvRows<'_> {
    fn next(&mut self, row: &mut Row) -> Result<bool, ImportError> {
        self.allowance.renew();
        let start = self.reader.position().byte();
        let read = self.reader.read_byte_record(&mut self.record);
        let line = self.lines.line_at(start);
        match read {
            Ok(false) => return Ok(false),
            Ok(true) => {}
            Err(error) => {
                return Err(match error.into_kind() {
                    csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                        ImportError::RowTooLong { line, limit: ROW_BYTES_MAX }
                    }
                    csv::ErrorKind::Io(error) => ImportError::Unreadable(error),
                    other => ImportError::Unreadable(io::Error::other(format!("{other:?}"))),
                });
            }
        }
        self.rows += 1;
        if self.rows > ROWS_MAX {
            return Err(ImportError::TooManyRows { limit: ROWS_MAX });
        }
        row.start(line);
        if self.record.as_slice().len() > ROW_BYTES_MAX {
            return Err(ImportError::RowTooLong { line, limit: ROW_BYTES_MAX });
        }
        if self.record.len() > COLUMNS_MAX {
            return Err(ImportError::TooManyColumns { row: line, limit: COLUMNS_MAX });
        }
        for field in &self.record {
            let field = unwrap_formula(field);
            if self.encoding == Encoding::Windows1252 && !field.is_ascii() {
                self.scratch.clear();
                decode_windows_1252(field, &mut self.scratch);
                row.push_text(&self.scratch);
                continue;
            }
            match std::str::from_utf8(field) {
                Ok(text) if text.contains('\u{fffd}') => row.push_garbled(text),
                Ok(text) => row.push_text(text),
                Err(_) => row.push_garbled(&String::from_utf8_lossy(field)),
            }
        }
        Ok(true)
    }

    fn progress(&self) -> (u64, u64) {
        (self.reader.position().byte().min(self.bytes), self.bytes)
    }
}

/// `="00123"`, by which programs keep Excel from taking a code for a number, is `00123`.
fn unwrap_formula(field: &[u8]) -> &[u8] {
    match field {
        [b'=', b'"', inner @ .., b'"'] => inner,
        other => other,
    }
}

/// The file's text from its beginning, without its byte order mark.
fn open<'a>(input: &'a mut dyn Input, survey: &Survey) -> Result<Box<dyn Read + 'a>, ImportError> {
    input.seek(SeekFrom::Start(survey.mark))?;
    Ok(match survey.encoding {
        Encoding::Utf8 | Encoding::Windows1252 => Box::new(input),
        Encoding::Utf16Le => Box::new(FromUtf16::new(input, false)),
        Encoding::Utf16Be => Box::new(FromUtf16::new(input, true)),
    })
}

/// The separator that cuts the file's beginning into rows of the same number of columns, the more the better.
pub(super) fn sniff_delimiter(input: &mut dyn Input, survey: &Survey) -> Result<u8, ImportError> {
    let mut sample = Vec::new();
    open(input, survey)?.take(SAMPLE_BYTES as u64).read_to_end(&mut sample)?;
    let is_cut = sample.len() == SAMPLE_BYTES;
    let mut best = (0, DELIMITERS[0]);
    for delimiter in DELIMITERS {
        let columns = columns_of(&sample, delimiter, is_cut);
        if columns > best.0 {
            best = (columns, delimiter);
        }
    }
    Ok(best.1)
}

/// The number of columns that most rows have with this delimiter; 0 if they do not agree.
fn columns_of(sample: &[u8], delimiter: u8, is_cut: bool) -> usize {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(sample);
    let mut widths: Vec<usize> = Vec::new();
    let mut record = ByteRecord::new();
    while matches!(reader.read_byte_record(&mut record), Ok(true)) {
        widths.push(record.len());
    }
    if is_cut && widths.len() > 1 {
        widths.pop();
    }
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for width in &widths {
        *counts.entry(*width).or_default() += 1;
    }
    let most =
        counts.into_iter().filter(|(width, _)| *width > 1).max_by_key(|(width, count)| (*count, *width));
    match most {
        Some((width, count)) if count * 100 >= widths.len() * CONSISTENT_PERCENT => width,
        _ => 0,
    }
}
