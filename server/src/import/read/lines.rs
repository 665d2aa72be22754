//! Line numbers of records. The CSV parser counts only line feeds, and places a record before the line ends that it
//! is about to skip; a person who opens the file in an editor counts otherwise.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::rc::Rc;

/// Where lines end, as far as the file was read and the records have not passed it.
#[derive(Debug, Default)]
struct Ends {
    /// First and one past the last byte of each line end: LF, CR LF or CR.
    ahead: VecDeque<(u64, u64)>,
    /// Line ends behind.
    passed: u64,
    read: u64,
    last_was_cr: bool,
}

/// Asks for line numbers while a [`Counted`] reader is being read.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines(Rc<RefCell<Ends>>);

impl Lines {
    /// The line, from 1, of the first byte at or after `offset` that belongs to no line end. Offsets never go back.
    pub(super) fn line_at(&self, offset: u64) -> u64 {
        let mut ends = self.0.borrow_mut();
        let mut at = offset;
        while let Some(&(first, next)) = ends.ahead.front() {
            if first > at {
                break;
            }
            at = at.max(next);
            ends.ahead.pop_front();
            ends.passed += 1;
        }
        ends.passed + 1
    }
}

/// Notes the line ends that pass through it.
pub(super) struct Counted<R> {
    input: R,
    lines: Lines,
}

impl<R> Counted<R> {
    pub(super) fn new(input: R, lines: &Lines) -> Self {
        Self { input, lines: lines.clone() }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.input.read(buffer)?;
        let mut ends = self.lines.0.borrow_mut();
        for (index, byte) in buffer[..got].iter().enumerate() {
            let at = ends.read + index as u64;
            match byte {
                b'\n' if ends.last_was_cr => {
                    // The second half of CR LF; if its line has been passed already, so is this byte.
                    if let Some(end) = ends.ahead.back_mut() {
                        end.1 = at + 1;
                    }
                }
                b'\n' | b'\r' => ends.ahead.push_back((at, at + 1)),
                _ => {
                    ends.last_was_cr = false;
                    continue;
                }
            }
            ends.last_was_cr = *byte == b'\r';
        }
        ends.read += got as u64;
        Ok(got)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_end_is_one_and_blank_lines_count() {
        for chunk in 1..8 {
            for text in ["ab\ncd\n\nef", "ab\r\ncd\r\n\r\nef", "ab\rcd\r\ref"] {
                let lines = Lines::default();
                let mut reader = Counted::new(text.as_bytes(), &lines);
                let mut buffer = [0; 8];
                while reader.read(&mut buffer[..chunk]).unwrap() > 0 {}
                let at = |part| text.find(part).unwrap() as u64;
                assert_eq!(lines.line_at(0), 1);
                assert_eq!(lines.line_at(at("cd")), 2);
                assert_eq!(lines.line_at(at("cd") + 2), 4, "{text:?}: from the line end on to the next text");
                assert_eq!(lines.line_at(at("ef")), 4);
            }
        }
        let lines = Lines::default();
        let mut text = String::new();
        Counted::new(&b"a\r\nb"[..], &lines).read_to_string(&mut text).unwrap();
        assert_eq!(lines.line_at(2), 2, "between CR and LF");
    }
}
