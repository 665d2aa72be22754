//! One row of a table, whatever the file's format; its buffers are used again for the next row.

use crate::import::limits::COLUMNS_MAX;

/// A cell as the file has it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::import) enum Cell<'a> {
    Empty,
    /// Trimmed, never empty.
    Text(&'a str),
    /// A workbook's number that is formatted as no date.
    Number(f64),
    /// A workbook's date: days since 1970-01-01.
    Date(i32),
    YesNo(bool),
    /// A formula's error, such as `#N/A`.
    Error(&'a str),
    /// Text that is not in the file's encoding, as far as it can be shown.
    Garbled(&'a str),
}

#[derive(Debug, Clone, Copy)]
enum Slot {
    Empty,
    Text(u32, u32),
    Number(f64),
    Date(i32),
    YesNo(bool),
    Error(u32, u32),
    Garbled(u32, u32),
}

/// A row's number and cells.
#[derive(Debug, Default)]
pub(in crate::import) struct Row {
    /// The line of a CSV file on which the row begins, or the row of a sheet; from 1.
    pub(in crate::import) number: u64,
    text: String,
    slots: Vec<Slot>,
}

impl Row {
    pub(super) fn start(&mut self, number: u64) {
        self.number = number;
        self.text.clear();
        self.slots.clear();
    }

    /// Bytes of the row's texts so far.
    pub(super) fn text_bytes(&self) -> usize {
        self.text.len()
    }

    pub(in crate::import) fn columns(&self) -> usize {
        self.slots.len()
    }

    /// The cell of a column, from 0; beyond the row's end it is empty.
    pub(in crate::import) fn cell(&self, column: usize) -> Cell<'_> {
        let text = |start: u32, end: u32| self.text.get(start as usize..end as usize).unwrap_or("");
        match self.slots.get(column).copied().unwrap_or(Slot::Empty) {
            Slot::Empty => Cell::Empty,
            Slot::Text(start, end) => Cell::Text(text(start, end)),
            Slot::Number(number) => Cell::Number(number),
            Slot::Date(days) => Cell::Date(days),
            Slot::YesNo(yes) => Cell::YesNo(yes),
            Slot::Error(start, end) => Cell::Error(text(start, end)),
            Slot::Garbled(start, end) => Cell::Garbled(text(start, end)),
        }
    }

    pub(in crate::import) fn is_blank(&self) -> bool {
        self.slots.iter().all(|slot| matches!(slot, Slot::Empty))
    }

    /// Adds a cell's text after the last one.
    pub(super) fn push_text(&mut self, text: &str) {
        let text = trim(text);
        let slot = if text.is_empty() {
            Slot::Empty
        } else {
            let (start, end) = self.append(text);
            Slot::Text(start, end)
        };
        self.slots.push(slot);
    }

    pub(super) fn push_garbled(&mut self, text: &str) {
        let (start, end) = self.append(trim(text));
        self.slots.push(Slot::Garbled(start, end));
    }

    /// Sets a cell of a sheet, whose cells may be left out; `false` if the row cannot be that wide.
    pub(super) fn set(&mut self, column: usize, cell: Cell<'_>) -> bool {
        if column >= COLUMNS_MAX {
            return matches!(cell, Cell::Empty);
        }
        let slot = match cell {
            Cell::Empty => return true,
            Cell::Text(text) => {
                let text = trim(text);
                if text.is_empty() {
                    return true;
                }
                let (start, end) = self.append(text);
                Slot::Text(start, end)
            }
            Cell::Error(text) => {
                let (start, end) = self.append(text);
                Slot::Error(start, end)
            }
            Cell::Garbled(text) => {
                let (start, end) = self.append(text);
                Slot::Garbled(start, end)
            }
            Cell::Number(number) => Slot::Number(number),
            Cell::Date(days) => Slot::Date(days),
            Cell::YesNo(yes) => Slot::YesNo(yes),
        };
        if self.slots.len() <= column {
            self.slots.resize(column + 1, Slot::Empty);
        }
        self.slots[column] = slot;
        true
    }

    fn append(&mut self, text: &str) -> (u32, u32) {
        let start = self.text.len() as u32; // a row's text is bounded far below 4 GiB
        self.text.push_str(text);
        (start, self.text.len() as u32)
    }
}

/// Without blanks at either end, be they of any alphabet, or a byte order mark.
fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}
