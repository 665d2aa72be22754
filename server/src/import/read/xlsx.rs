//! XLSX workbooks (ECMA-376), one sheet streamed row by row.
//!
//! Kept in memory are the list of sheets, which cell formats are dates, and the table of shared texts, each bounded;
//! the sheet itself passes through. Formulas count by their stored results. Dates are serial numbers of days, counted
//! from 1900 with a leap day that never was, or from 1904; their time of day is dropped.
//!
//! Written here because no reader at hand bounds what a file can claim: calamine 0.38 reserves memory for as many
//! shared texts as a file declares, which ends the process, and quick-xml keeps every open element.

use std::collections::HashMap;

use super::row::{Cell, Row};
use super::xml::{Node, Xml, attribute};
use super::zip::{Archive, Part};
use super::{Input, Rows};
use crate::import::limits::{
    COLUMNS_MAX, PART_BYTES_MAX, ROW_BYTES_MAX, ROWS_MAX, SHARED_TEXT_BYTES_MAX, SHARED_TEXTS_MAX,
    SHEET_BYTES_MAX, STYLES_MAX,
};
use crate::import::{ImportError, date};

fn damaged(what: impl Into<String>) -> ImportError {
    ImportError::Workbook(what.into())
}

/// What is kept of a workbook.
#[derive(Debug)]
pub(super) struct Workbook {
    archive: Archive,
    sheet: String,
    sheet_part: String,
    texts: Texts,
    /// By cell format: is it a date?
    dates: Vec<bool>,
    from_1904: bool,
}

/// The shared texts, end to end.
#[derive(Debug, Default)]
struct Texts {
    text: String,
    ends: Vec<u32>,
}

impl Texts {
    fn get(&self, index: usize) -> Option<&str> {
        let start = if index == 0 { 0 } else { *self.ends.get(index - 1)? };
        self.text.get(start as usize..*self.ends.get(index)? as usize)
    }
}

impl Workbook {
    /// Opens the sheet of that name, or the first one that is not hidden.
    pub(super) fn open(input: &mut dyn Input, sheet: Option<&str>) -> Result<Self, ImportError> {
        let archive = Archive::open(input)?;
        let main = relations(&archive, input, "_rels/.rels", "")?
            .into_iter()
            .find(|relation| relation.kind == "officeDocument")
            .map_or_else(|| "xl/workbook.xml".to_owned(), |relation| relation.part);
        let (folder, file) = main.rsplit_once('/').unwrap_or(("", &main));
        let (sheets, from_1904) = sheets(&archive, input, &main)?;
        let relations = relations(&archive, input, &join(folder, &format!("_rels/{file}.rels")), folder)?;
        let chosen = match sheet {
            Some(name) => sheets.iter().find(|sheet| sheet.name == name),
            None => sheets.iter().find(|sheet| sheet.visible).or(sheets.first()),
        };
        let chosen = chosen.ok_or_else(|| ImportError::NoSheet {
            name: sheet.unwrap_or("1").to_owned(),
            sheets: sheets.iter().take(50).map(|sheet| sheet.name.clone()).collect(),
        })?;
        let sheet_part = relations
            .iter()
            .find(|relation| relation.id == chosen.relation)
            .map(|relation| relation.part.clone())
            .ok_or_else(|| damaged(format!("sheet '{}' has no part", chosen.name)))?;
        let part_of = |kind: &str, usual: &str| {
            let found = relations.iter().find(|relation| relation.kind == kind).map(|r| r.part.clone());
            let part = found.unwrap_or_else(|| join(folder, usual));
            archive.declared_bytes(&part).map(|_| part)
        };
        let dates = match part_of("styles", "styles.xml") {
            Some(part) => date_formats(&archive, input, &part)?,
            None => Vec::new(),
        };
        let texts = match part_of("sharedStrings", "sharedStrings.xml") {
            Some(part) => shared_texts(&archive, input, &part)?,
            None => Texts::default(),
        };
        Ok(Self { sheet: chosen.name.clone(), archive, sheet_part, texts, dates, from_1904 })
    }

    pub(super) fn sheet(&self) -> &str {
        &self.sheet
    }

    pub(super) fn rows<'a>(&'a self, input: &'a mut dyn Input) -> Result<SheetRows<'a>, ImportError> {
        let part = self.archive.part(input, &self.sheet_part, SHEET_BYTES_MAX)?;
        Ok(SheetRows {
            workbook: self,
            xml: Xml::new(part, &self.sheet_part),
            bytes: self.archive.declared_bytes(&self.sheet_part).unwrap_or(0),
            row: 0,
            text: String::new(),
            ended: false,
        })
    }
}

/// A path inside the archive, from the folder of the part that names it.
fn join(folder: &str, target: &str) -> String {
    match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None if folder.is_empty() => target.to_owned(),
        None => {
            let mut parts: Vec<&str> = folder.split('/').collect();
            for step in target.split('/') {
                match step {
                    "." => {}
                    ".." => {
                        parts.pop();
                    }
                    step => parts.push(step),
                }
            }
            parts.join("/")
        }
    }
}

/// A link from one part to another.
struct Relation {
    id: String,
    /// The last word of its type, such as `worksheet`.
    kind: String,
    part: String,
}

/// Links, sheets: a workbook has some dozens of each.
const LINKS_MAX: usize = 10_000;

fn relations(
    archive: &Archive,
    input: &mut dyn Input,
    part: &str,
    folder: &str,
) -> Result<Vec<Relation>, ImportError> {
    if archive.declared_bytes(part).is_none() {
        return Ok(Vec::new());
    }
    let mut xml = Xml::new(archive.part(input, part, PART_BYTES_MAX)?, part);
    let mut relations = Vec::new();
    loop {
        match xml.next()? {
            Node::Start(element) if element.local_name().as_ref() == "Relationship" => {
                let get = |name| attribute(&element, name).unwrap_or_default();
                relations.push(Relation {
                    id: get("Id").into_owned(),
                    kind: get("Type").rsplit('/').next().unwrap_or_default().to_owned(),
                    part: join(folder, &get("Target")),
                });
                if relations.len() > LINKS_MAX {
                    return Err(damaged(format!("{part}: too many links")));
                }
            }
            Node::Eof => return Ok(relations),
            _ => {}
        }
    }
}

struct Sheet {
    name: String,
    relation: String,
    visible: bool,
}

/// The sheets in their order, and whether dates count from 1904.
fn sheets(archive: &Archive, input: &mut dyn Input, part: &str) -> Result<(Vec<Sheet>, bool), ImportError> {
    let mut xml = Xml::new(archive.part(input, part, PART_BYTES_MAX)?, part);
    let (mut sheets, mut from_1904) = (Vec::new(), false);
    loop {
        match xml.next()? {
            Node::Start(element) => match element.local_name().as_ref() {
                "sheet" => {
                    let get = |name| attribute(&element, name).unwrap_or_default();
                    let visible = !matches!(get("state").as_ref(), "hidden" | "veryHidden");
                    sheets.push(Sheet {
                        name: get("name").into_owned(),
                        relation: get("id").into_owned(),
                        visible,
                    });
                    if sheets.len() > LINKS_MAX {
                        return Err(damaged(format!("{part}: too many sheets")));
                    }
                }
                "workbookPr" => {
                    let value = attribute(&element, "date1904");
                    from_1904 = matches!(value.as_deref(), Some("1" | "true" | "on"));
                }
                _ => {}
            },
            Node::Eof => return Ok((sheets, from_1904)),
            _ => {}
        }
    }
}

/// Which cell formats show a number as a date.
fn date_formats(archive: &Archive, input: &mut dyn Input, part: &str) -> Result<Vec<bool>, ImportError> {
    let mut xml = Xml::new(archive.part(input, part, PART_BYTES_MAX)?, part);
    let mut own: HashMap<u32, bool> = HashMap::new();
    let mut dates = Vec::new();
    let mut in_cell_formats = false;
    loop {
        match xml.next()? {
            Node::Start(element) => match element.local_name().as_ref() {
                "numFmt" => {
                    let id = attribute(&element, "numFmtId").and_then(|id| id.parse().ok());
                    if let (Some(id), Some(code)) = (id, attribute(&element, "formatCode")) {
                        own.insert(id, is_date_format(&code));
                    }
                }
                "cellXfs" => in_cell_formats = true,
                "xf" if in_cell_formats => {
                    if dates.len() >= STYLES_MAX {
                        return Err(damaged(format!("{part}: more than {STYLES_MAX} cell formats")));
                    }
                    let id = attribute(&element, "numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
                    // The built-in formats that show a day; 18..=21 and 45..=47 show a time alone.
                    let built_in = matches!(id, 14..=17 | 22 | 27..=36 | 50..=58);
                    dates.push(own.get(&id).copied().unwrap_or(built_in));
                }
                _ => {}
            },
            Node::End(element) if element.local_name().as_ref() == "cellXfs" => in_cell_formats = false,
            Node::Eof => return Ok(dates),
            _ => {}
        }
    }
}

/// Whether a number format's code shows a year or a day, outside of quoted text, colours and conditions.
fn is_date_format(code: &str) -> bool {
    let mut letters = code.chars();
    // Only the first section: the others are for negative numbers, zero and text.
    while let Some(letter) = letters.next() {
        match letter {
            '"' => while letters.next().is_some_and(|c| c != '"') {},
            '[' => while letters.next().is_some_and(|c| c != ']') {},
            '\\' | '_' | '*' => {
                letters.next();
            }
            'd' | 'D' | 'y' | 'Y' => return true,
            ';' => return false,
            _ => {}
        }
    }
    false
}

fn shared_texts(archive: &Archive, input: &mut dyn Input, part: &str) -> Result<Texts, ImportError> {
    let mut xml = Xml::new(archive.part(input, part, SHARED_TEXT_BYTES_MAX)?, part);
    let mut texts = Texts::default();
    let (mut in_text, mut in_reading) = (false, false);
    loop {
        match xml.next()? {
            Node::Start(element) => match element.local_name().as_ref() {
                "t" => in_text = !in_reading,
                "rPh" => in_reading = true, // how Japanese is read aloud: not part of the text
                _ => {}
            },
            Node::Text(text) if in_text => texts.text.push_str(&text),
            Node::End(element) => match element.local_name().as_ref() {
                "t" => in_text = false,
                "rPh" => in_reading = false,
                "si" => {
                    if texts.ends.len() >= SHARED_TEXTS_MAX {
                        return Err(damaged(format!("{part}: more than {SHARED_TEXTS_MAX} texts")));
                    }
                    texts.ends.push(texts.text.len() as u32); // the part is bounded far below 4 GiB
                }
                _ => {}
            },
            Node::Eof => return Ok(texts),
            _ => {}
        }
    }
}

/// Rows of a sheet.
pub(super) struct SheetRows<'a> {
    workbook: &'a Workbook,
    xml: Xml<Part<'a>>,
    bytes: u64,
    /// The last row read, from 1.
    row: u64,
    text: String,
    ended: bool,
}

impl Rows for SheetRows<'_> {
    fn next(&mut self, row: &mut Row) -> Result<bool, ImportError> {
        while !self.ended {
            match self.xml.next()? {
                Node::Start(element) if element.local_name().as_ref() == "row" => {
                    let declared = attribute(&element, "r").and_then(|r| r.parse::<u64>().ok());
                    self.row = match declared {
                        Some(number) if number > self.row => number,
                        _ => self.row + 1,
                    };
                    if self.row > ROWS_MAX {
                        return Err(ImportError::TooManyRows { limit: ROWS_MAX });
                    }
                    row.start(self.row);
                    self.cells(row)?;
                    if !row.is_blank() {
                        return Ok(true);
                    }
                }
                Node::End(element) if element.local_name().as_ref() == "sheetData" => self.ended = true,
                Node::Eof => {
                    return Err(damaged(format!("{}: it is cut off", self.workbook.sheet_part)));
                }
                _ => {}
            }
        }
        Ok(false)
    }

    fn progress(&self) -> (u64, u64) {
        (self.xml.position().min(self.bytes), self.bytes)
    }
}

/// How a cell's value is to be read: its attribute `t`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ValueKind {
    Number,
    Shared,
    Text,
    YesNo,
    Error,
    IsoDate,
}

impl SheetRows<'_> {
    /// Reads the cells up to the row's end.
    fn cells(&mut self, row: &mut Row) -> Result<(), ImportError> {
        let mut column = 0;
        loop {
            match self.xml.next()? {
                Node::Start(element) if element.local_name().as_ref() == "c" => {
                    if let Some(reference) = attribute(&element, "r") {
                        column = column_of(&reference).unwrap_or(column);
                    }
                    let kind = match attribute(&element, "t").as_deref() {
                        None | Some("n") => ValueKind::Number,
                        Some("s") => ValueKind::Shared,
                        Some("b") => ValueKind::YesNo,
                        Some("e") => ValueKind::Error,
                        Some("d") => ValueKind::IsoDate,
                        Some(_) => ValueKind::Text,
                    };
                    let style = attribute(&element, "s").and_then(|s| s.parse::<usize>().ok());
                    let is_date = style.is_some_and(|s| self.workbook.dates.get(s).copied().unwrap_or(false));
                    self.value()?;
                    self.set(row, column, kind, is_date)?;
                    if row.text_bytes() > ROW_BYTES_MAX {
                        return Err(ImportError::RowTooLong { line: self.row, limit: ROW_BYTES_MAX });
                    }
                    column += 1;
                }
                Node::End(element) if element.local_name().as_ref() == "row" => return Ok(()),
                Node::Eof => return Err(damaged(format!("{}: it is cut off", self.workbook.sheet_part))),
                _ => {}
            }
        }
    }

    /// Collects the text of the cell's value, up to the cell's end.
    fn value(&mut self) -> Result<(), ImportError> {
        self.text.clear();
        let (mut in_value, mut in_reading) = (false, false);
        loop {
            match self.xml.next()? {
                Node::Start(element) => match element.local_name().as_ref() {
                    "v" | "t" => in_value = !in_reading,
                    "rPh" => in_reading = true,
                    _ => {}
                },
                Node::Text(text) if in_value => {
                    if self.text.len() + text.len() > ROW_BYTES_MAX {
                        return Err(ImportError::RowTooLong { line: self.row, limit: ROW_BYTES_MAX });
                    }
                    self.text.push_str(&text);
                }
                Node::End(element) => match element.local_name().as_ref() {
                    "v" | "t" => in_value = false,
                    "rPh" => in_reading = false,
                    "c" => return Ok(()),
                    _ => {}
                },
                Node::Eof => return Err(damaged(format!("{}: it is cut off", self.workbook.sheet_part))),
                _ => {}
            }
        }
    }

    fn set(&self, row: &mut Row, column: usize, kind: ValueKind, is_date: bool) -> Result<(), ImportError> {
        let text = self.text.as_str();
        let at = || format!("{}, row {}, column {}", self.workbook.sheet_part, self.row, column + 1);
        let cell = match kind {
            _ if text.is_empty() => Cell::Empty,
            ValueKind::Shared => {
                let index = text.trim().parse::<usize>().ok();
                let shared = index.and_then(|index| self.workbook.texts.get(index));
                Cell::Text(
                    shared.ok_or_else(|| damaged(format!("{}: a shared text that is not there", at())))?,
                )
            }
            ValueKind::Text => Cell::Text(text),
            ValueKind::Error => Cell::Error(text),
            ValueKind::YesNo => Cell::YesNo(matches!(text.trim(), "1" | "true" | "TRUE")),
            ValueKind::IsoDate => match iso_day(text) {
                Some(days) => Cell::Date(days),
                None => Cell::Text(text),
            },
            ValueKind::Number => match text.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => {
                    match is_date.then(|| self.workbook.day(number)).flatten() {
                        Some(days) => Cell::Date(days),
                        None => Cell::Number(number),
                    }
                }
                _ => Cell::Text(text),
            },
        };
        if row.set(column, cell) {
            Ok(())
        } else {
            Err(ImportError::TooManyColumns { row: self.row, limit: COLUMNS_MAX })
        }
    }
}

impl Workbook {
    /// The day of a serial number; `None` outside the years that a file may speak of.
    fn day(&self, serial: f64) -> Option<i32> {
        if !(0.0..=200_000.0).contains(&serial) {
            return None;
        }
        let serial = serial.floor() as i32;
        let first = if self.from_1904 {
            date::from_ymd(1904, 1, 1)?
        } else {
            let first = date::from_ymd(1900, 1, 1)?;
            match serial {
                1..=59 => first - 1,
                61.. => first - 2,
                _ => return None, // a time of day alone; the 29 February 1900 that never was
            }
        };
        let last = date::from_ymd(*date::YEARS.end(), 12, 31)?;
        Some(first + serial).filter(|days| *days <= last)
    }
}

/// `2026-11-23` at the beginning of a date written out.
fn iso_day(text: &str) -> Option<i32> {
    let digits: String = text.get(..10)?.split('-').collect();
    date::from_digits(&digits)
}

/// `BC12` is column 54, counted from 0; `None` if it is no reference.
fn column_of(reference: &str) -> Option<usize> {
    let mut column = 0usize;
    for letter in reference.bytes().take_while(u8::is_ascii_alphabetic) {
        column = column.checked_mul(26)?.checked_add(usize::from(letter.to_ascii_uppercase() - b'A') + 1)?;
        if column > 1 << 20 {
            return Some(column);
        }
    }
    column.checked_sub(1)
}
