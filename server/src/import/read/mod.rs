//! Read: a table's rows one by one, from CSV or XLSX, in bounded memory.
//!
//! What kind of file it is is told by its first bytes, never by its name.

mod csv;
mod encoding;
mod lines;
mod meter;
mod row;
mod xlsx;
mod xml;
mod zip;

use std::io::{Read, Seek, SeekFrom};

pub use encoding::Encoding;
pub(super) use row::{Cell, Row};
use sha2::{Digest, Sha256};

use self::csv::CsvRows;
use self::encoding::Survey;
use super::ImportError;
use super::limits::{CSV_BYTES_MAX, XLSX_BYTES_MAX};
use super::map::Format;

/// A file: read from its beginning as often as needed.
pub trait Input: Read + Seek {}

impl<T: Read + Seek> Input for T {}

/// A table being read.
pub(super) trait Rows {
    /// Reads the next row that has any cell at all into `row`; `false` at the end.
    fn next(&mut self, row: &mut Row) -> Result<bool, ImportError>;

    /// How much of the file has been read: done, of how much.
    fn progress(&self) -> (u64, u64);
}

/// What a first look at a file tells; the file can then be read several times.
#[derive(Debug)]
pub(super) struct Table {
    kind: TableKind,
    sha256: [u8; 32],
}

#[derive(Debug)]
enum TableKind {
    Csv { survey: Survey, delimiter: u8, quote: Option<u8> },
    Workbook(Box<xlsx::Workbook>),
}

impl Table {
    /// Looks at the whole file once. `format` says what is known; the rest is found out.
    pub(super) fn open(input: &mut dyn Input, format: &Format) -> Result<Self, ImportError> {
        input.seek(SeekFrom::Start(0))?;
        let mut magic = Vec::new();
        input.take(8).read_to_end(&mut magic)?;
        input.seek(SeekFrom::Start(0))?;
        match magic.as_slice() {
            [] => Err(ImportError::Empty),
            [b'P', b'K', 3 | 5, 4 | 6, ..] => {
                let sha256 = hash(input)?;
                let workbook = xlsx::Workbook::open(input, format.sheet.as_deref())?;
                Ok(Self { kind: TableKind::Workbook(Box::new(workbook)), sha256 })
            }
            // Compound file: a workbook of before 2007, or an encrypted one.
            [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1] => Err(ImportError::OldWorkbook),
            _ => {
                let survey = encoding::survey(input, CSV_BYTES_MAX, format.encoding)?;
                let delimiter = match format.delimiter {
                    Some(delimiter) => delimiter.byte(),
                    None => csv::sniff_delimiter(input, &survey)?,
                };
                let quote = format.quote.map_or(Some(b'"'), |quote| quote.byte());
                Ok(Self { sha256: survey.sha256, kind: TableKind::Csv { survey, delimiter, quote } })
            }
        }
    }

    /// SHA-256 of the file's bytes.
    pub(super) fn sha256(&self) -> [u8; 32] {
        self.sha256
    }

    /// What was found out: encoding and delimiter of a CSV file, sheet of a workbook.
    pub(super) fn found(&self, format: &mut Format) {
        match &self.kind {
            TableKind::Csv { survey, delimiter, .. } => {
                format.encoding = Some(survey.encoding);
                format.delimiter = super::map::Delimiter::from_byte(*delimiter);
            }
            TableKind::Workbook(workbook) => format.sheet = Some(workbook.sheet().to_owned()),
        }
    }

    pub(super) fn is_workbook(&self) -> bool {
        matches!(self.kind, TableKind::Workbook(_))
    }

    /// Reads the table from its first row.
    pub(super) fn rows<'a>(&'a self, input: &'a mut dyn Input) -> Result<Box<dyn Rows + 'a>, ImportError> {
        Ok(match &self.kind {
            TableKind::Csv { survey, delimiter, quote } => {
                Box::new(CsvRows::new(input, survey, *delimiter, *quote)?)
            }
            TableKind::Workbook(workbook) => Box::new(workbook.rows(input)?),
        })
    }
}

/// Hash of a workbook, whose size is bounded on the way.
fn hash(input: &mut dyn Input) -> Result<[u8; 32], ImportError> {
    let mut hash = Sha256::new();
    let mut chunk = vec![0; 64 << 10];
    let mut bytes = 0;
    loop {
        let got = input.read(&mut chunk)?;
        if got == 0 {
            return Ok(hash.finalize().into());
        }
        hash.update(&chunk[..got]);
        bytes += got as u64;
        if bytes > XLSX_BYTES_MAX {
            return Err(ImportError::TooLarge { what: "the workbook", limit: XLSX_BYTES_MAX });
        }
    }
}
