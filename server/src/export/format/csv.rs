//! CSV (RFC 4180) in two profiles.
//!
//! | | `machine` | `excel-es` |
//! |---|---|---|
//! | bytes | UTF-8, no BOM | UTF-8 with BOM |
//! | between cells, at line ends | `,` and LF | `;` and CR LF |
//! | decimals | `1234.50` | `1234,50` |
//! | instants | `2026-09-21T14:13:20.123Z` | `2026-09-21 14:13:20` (UTC) |
//! | yes and no | `true`, `false` | `VERDADERO`, `FALSO` |
//! | text that a spreadsheet could run | as it is | one `'` before it |
//!
//! Nothing between two separators is null; an empty text is `""`.
//!
//! A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, a tab or a return, also after leading blanks, and
//! where a cell of several lines is torn apart at its line ends also on each of its lines. So in `excel-es` a line of
//! a text whose first character after blanks and apostrophes is one of these gets one more apostrophe at its
//! beginning; taking one off such lines gives the text back. Numbers are written by the export itself and phone
//! numbers of nothing but `+`, digits and blanks cannot do anything: both stay as they are.

use crate::export::column::ColumnInfo;
use crate::export::value::{Type, Value};
use crate::export::write;

/// For whom a CSV file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Programs.
    Machine,
    /// A spreadsheet that speaks Spanish, opened with a double click.
    ExcelEs,
}

impl Profile {
    pub const ALL: [Self; 2] = [Self::Machine, Self::ExcelEs];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Machine => "machine",
            Self::ExcelEs => "excel-es",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.name() == name)
    }
}

#[derive(Debug)]
pub(in crate::export) struct Csv {
    excel: bool,
    first: bool,
    /// For text that is changed before it is quoted.
    scratch: String,
}

impl Csv {
    pub(super) fn new(profile: Profile) -> Self {
        Self { excel: profile == Profile::ExcelEs, first: true, scratch: String::new() }
    }

    pub(super) fn header(&mut self, out: &mut Vec<u8>, columns: &[&'static ColumnInfo]) {
        if self.excel {
            out.extend_from_slice("\u{feff}".as_bytes());
        }
        self.begin_row();
        for column in columns {
            self.separate(out);
            out.extend_from_slice(column.name.as_bytes());
        }
        self.end_row(out);
    }

    pub(super) fn begin_row(&mut self) {
        self.first = true;
    }

    pub(super) fn end_row(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(if self.excel { b"\r\n" } else { b"\n" });
    }

    fn separate(&mut self, out: &mut Vec<u8>) {
        if !std::mem::take(&mut self.first) {
            out.push(if self.excel { b';' } else { b',' });
        }
    }

    #[inline]
    pub(super) fn cell(&mut self, out: &mut Vec<u8>, kind: Type, value: &Value<'_>) {
        self.separate(out);
        match value {
            Value::Null => {}
            Value::Text(text) => self.text(out, kind, text),
            Value::Id(bytes) => write::id(out, *bytes),
            Value::Int(int) => write::int(out, *int),
            Value::Fixed { mantissa, scale } => {
                write::fixed(out, *mantissa, *scale, if self.excel { b',' } else { b'.' });
            }
            Value::Float(float) => write::float(out, *float, if self.excel { b',' } else { b'.' }),
            Value::Bool(yes) => out.extend_from_slice(match (yes, self.excel) {
                (true, false) => b"true",
                (false, false) => b"false",
                (true, true) => b"VERDADERO",
                (false, true) => b"FALSO",
            }),
            Value::Date(days) => {
                write::date(out, *days);
            }
            Value::Instant(ms) if self.excel => {
                // Excel reads no fractions of a second, and no letters.
                if write::instant(out, *ms, b' ') {
                    out.truncate(out.len() - 4);
                }
            }
            Value::Instant(ms) => {
                if write::instant(out, *ms, b'T') {
                    out.push(b'Z');
                }
            }
        }
    }

    fn text(&mut self, out: &mut Vec<u8>, kind: Type, text: &str) {
        if !self.excel || !is_risky(text) || kind == Type::Phone && is_dialled(text) {
            return quoted(out, text, if self.excel { b';' } else { b',' });
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        disarm(&mut scratch, text);
        quoted(out, &scratch, b';');
        self.scratch = scratch;
    }
}

/// Quotes the text if it needs it, and where it is not seen without: empty, or with blanks at its ends.
fn quoted(out: &mut Vec<u8>, text: &str, separator: u8) {
    let bytes = text.as_bytes();
    let special = |byte: &u8| matches!(*byte, b'"' | b'\n' | b'\r') || *byte == separator;
    let plain = match (bytes.first(), bytes.last()) {
        (Some(first), Some(last)) => {
            !first.is_ascii_whitespace() && !last.is_ascii_whitespace() && !bytes.iter().any(special)
        }
        _ => false,
    };
    if plain {
        return out.extend_from_slice(bytes);
    }
    out.push(b'"');
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == b'"') {
        out.extend_from_slice(&rest[..=at]);
        out.push(b'"');
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

/// What begins a formula, in plain and in full-width letters.
const fn is_trigger(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '＝' | '＋' | '－' | '＠')
}

/// What spreadsheets skip before they look: blanks of every kind, and marks that are not seen.
fn is_skipped(c: char) -> bool {
    c != '\t' && c.is_whitespace()
        || matches!(c, '\'' | '\0'..='\u{8}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The text's lines, each with the character that ends it.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['\n', '\r'])
}

/// `first`: the line begins a cell, where a return is enough.
fn begins_formula(line: &str, first: bool) -> bool {
    let seen = |c: &char| !is_skipped(*c) || first && *c == '\r';
    line.chars().find(seen).is_some_and(|c| is_trigger(c) || c == '\r')
}

fn is_risky(text: &str) -> bool {
    lines(text).enumerate().any(|(n, line)| begins_formula(line, n == 0))
}

fn disarm(out: &mut String, text: &str) {
    for (n, line) in lines(text).enumerate() {
        if begins_formula(line, n == 0) {
            out.push('\'');
        }
        out.push_str(line);
    }
}

fn is_dialled(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(profile: Profile, kind: Type, value: impl Into<Value<'static>>) -> String {
        let mut out = Vec::new();
        Csv::new(profile).cell(&mut out, kind, &value.into());
        String::from_utf8(out).unwrap()
    }

    fn excel(text: &'static str) -> String {
        cell(Profile::ExcelEs, Type::Text, text)
    }

    #[test]
    fn only_what_needs_quotes_has_them() {
        for (text, expected) in [
            ("Bar Ñandú", "Bar Ñandú"),
            ("", "\"\""),
            ("a,b", "\"a,b\""),
            ("a;b", "a;b"),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("\"", "\"\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            (" blank", "\" blank\""),
            ("=1+1", "=1+1"),
        ] {
            assert_eq!(cell(Profile::Machine, Type::Text, text), expected);
        }
        assert_eq!(cell(Profile::Machine, Type::Text, Value::Null), "");
        assert_eq!(excel("a;b"), "\"a;b\"");
    }

    #[test]
    fn formulas_do_not_reach_a_spreadsheet() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("+34 or so", "'+34 or so"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r1", "\"'\r1\""),
            ("\r=1", "\"'\r'=1\""),
            ("   =1", "'   =1"),
            ("\u{a0}=1", "'\u{a0}=1"),
            ("\u{202e}=1", "'\u{202e}=1"),
            ("\u{feff}=1", "'\u{feff}=1"),
            ("＝1", "'＝1"),
            ("fine\n=1\n-2", "\"fine\n'=1\n'-2\""),
            ("fine\r\n @x", "\"fine\r\n' @x\""),
            ("fine\r=1", "\"fine\r'=1\""),
            ("'=1", "''=1"),
            ("a=b", "a=b"),
            ("it's", "it's"),
            ("'quoted'", "'quoted'"),
            ("two\r\nlines\n", "\"two\r\nlines\n\""),
        ] {
            assert_eq!(excel(text), expected, "{text:?}");
        }
    }

    #[test]
    fn numbers_and_phones_stay_what_they_are() {
        assert_eq!(cell(Profile::ExcelEs, Type::Integer, -5_i64), "-5");
        let price = || Value::Fixed { mantissa: -1_250, scale: 2 };
        assert_eq!(cell(Profile::ExcelEs, Type::Decimal, price()), "-12,50");
        assert_eq!(cell(Profile::Machine, Type::Decimal, price()), "-12.50");
        assert_eq!(cell(Profile::ExcelEs, Type::Phone, "+34600123456"), "+34600123456");
        assert_eq!(cell(Profile::ExcelEs, Type::Phone, "+34 600 12 34 56"), "+34 600 12 34 56");
        assert_eq!(cell(Profile::ExcelEs, Type::Phone, "+cmd|' /C calc'!A0"), "'+cmd|' /C calc'!A0");
        assert_eq!(cell(Profile::ExcelEs, Type::Phone, "-600"), "'-600");
    }

    #[test]
    fn times_and_yes_or_no_are_as_each_reader_knows_them() {
        let at = || Value::Instant(1_790_000_000_123);
        assert_eq!(cell(Profile::Machine, Type::Instant, at()), "2026-09-21T14:13:20.123Z");
        assert_eq!(cell(Profile::ExcelEs, Type::Instant, at()), "2026-09-21 14:13:20");
        assert_eq!(cell(Profile::Machine, Type::Instant, Value::Instant(i64::MAX)), "");
        assert_eq!(cell(Profile::ExcelEs, Type::Boolean, true), "VERDADERO");
        assert_eq!(cell(Profile::Machine, Type::Boolean, false), "false");
    }
}
