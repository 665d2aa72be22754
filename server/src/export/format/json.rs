//! NDJSON, one object a line; and JSON, one object with the rows in a list and the next cursor after them.

use super::Ending;
use crate::export::column::ColumnInfo;
use crate::export::value::{Type, Value};
use crate::export::write;

#[derive(Debug)]
pub(in crate::export) struct Json {
    lines: bool,
    /// `"name":` of each column, in order; all but the first with a comma before it.
    names: Vec<String>,
    column: usize,
    first: bool,
}

impl Json {
    pub(super) fn new(columns: &[&'static ColumnInfo], lines: bool) -> Self {
        let name = |(n, column): (usize, &&'static ColumnInfo)| {
            format!("{}\"{}\":", if n == 0 { "" } else { "," }, column.name)
        };
        Self { lines, names: columns.iter().enumerate().map(name).collect(), column: 0, first: true }
    }

    pub(super) fn begin(&mut self, out: &mut Vec<u8>, resource: &str) {
        if !self.lines {
            out.extend_from_slice(b"{\"resource\":");
            string(out, resource);
            out.extend_from_slice(b",\"rows\":[");
        }
    }

    pub(super) fn begin_row(&mut self, out: &mut Vec<u8>) {
        self.column = 0;
        if !self.lines {
            out.extend_from_slice(if std::mem::take(&mut self.first) { b"\n" } else { b",\n" });
        }
        out.push(b'{');
    }

    pub(super) fn end_row(&mut self, out: &mut Vec<u8>) {
        out.push(b'}');
        if self.lines {
            out.push(b'\n');
        }
    }

    pub(super) fn end(&mut self, out: &mut Vec<u8>, ending: Ending<'_>) {
        if self.lines && !ending.incremental {
            return;
        }
        out.extend_from_slice(if self.lines { b"{\"cursor\":" } else { b"\n],\"cursor\":" });
        string(out, ending.cursor);
        out.extend_from_slice(b",\"count\":");
        write::int(out, i64::try_from(ending.rows).unwrap_or(i64::MAX));
        out.extend_from_slice(b"}\n");
    }

    #[inline]
    pub(super) fn cell(&mut self, out: &mut Vec<u8>, kind: Type, value: &Value<'_>) {
        if let Some(name) = self.names.get(self.column) {
            out.extend_from_slice(name.as_bytes());
        }
        self.column += 1;
        let start = out.len();
        let written = match value {
            Value::Null => false,
            Value::Text(text) => {
                string(out, text);
                true
            }
            Value::Int(int) => {
                write::int(out, *int);
                true
            }
            Value::Bool(yes) => {
                out.extend_from_slice(if *yes { b"true" } else { b"false" });
                true
            }
            Value::Float(float) => {
                write::float(out, *float, b'.');
                true
            }
            Value::Fixed { mantissa, scale } if kind == Type::Degrees => {
                write::fixed(out, *mantissa, *scale, b'.');
                true
            }
            Value::Fixed { mantissa, scale } => within_quotes(out, |out| {
                write::fixed(out, *mantissa, *scale, b'.');
                true
            }),
            Value::Id(bytes) => within_quotes(out, |out| {
                write::id(out, *bytes);
                true
            }),
            Value::Date(days) => within_quotes(out, |out| write::date(out, *days)),
            Value::Instant(ms) => within_quotes(out, |out| {
                let written = write::instant(out, *ms, b'T');
                out.push(b'Z');
                written
            }),
        };
        if !written {
            out.truncate(start);
            out.extend_from_slice(b"null");
        }
    }
}

fn within_quotes(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>) -> bool) -> bool {
    out.push(b'"');
    let written = write(out);
    out.push(b'"');
    written
}

/// A JSON string (RFC 8259): quotes, backslashes and control characters escaped, everything else as it is.
pub(super) fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f | 0x7f)) {
        out.extend_from_slice(&rest[..at]);
        match rest[at] {
            byte @ (b'"' | b'\\') => out.extend_from_slice(&[b'\\', byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            byte => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                let (high, low) = (HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]);
                out.extend_from_slice(&[b'\\', b'u', b'0', b'0', high, low]);
            }
        }
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_comes_back_from_a_json_reader() {
        let text: String =
            (0..0x300).filter_map(char::from_u32).chain("\u{2028}\u{202e}ñ😀".chars()).collect();
        let mut out = Vec::new();
        string(&mut out, &text);
        assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text);
    }
}
