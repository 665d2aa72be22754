//! `GET /v1/live`: server-sent events that say how far a scope has got. They carry no data: pull does.
//!
//! ```text
//! event: reached
//! data: 4711
//!
//! ```
//!
//! A line that begins with a colon keeps the connection open and means nothing.

/// The longest line that a listener keeps; what is longer is no event of ours.
pub const LINE_BYTES: usize = 256;
pub const EVENT: &str = "reached";

/// The log has entries for this scope up to `number`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    pub number: u64,
}

impl Reached {
    /// As it stands in the stream.
    pub fn to_event(self) -> String {
        format!("event: {EVENT}\ndata: {}\n\n", self.number)
    }
}

/// Takes the stream piece by piece, however it was cut, and gives the events in it.
#[derive(Debug, Default)]
pub struct LiveParser {
    line: Vec<u8>,
    overlong: bool,
    is_ours: bool,
    number: Option<u64>,
}

impl LiveParser {
    pub fn push(&mut self, piece: &[u8]) -> Vec<Reached> {
        let mut events = Vec::new();
        for byte in piece {
            match byte {
                b'\n' => events.extend(self.end_of_line()),
                b'\r' => {}
                _ if self.line.len() >= LINE_BYTES => self.overlong = true,
                byte => self.line.push(*byte),
            }
        }
        events
    }

    fn end_of_line(&mut self) -> Option<Reached> {
        let line = std::mem::take(&mut self.line);
        if std::mem::take(&mut self.overlong) {
            return None;
        }
        if line.is_empty() {
            let number = self.number.take();
            return if std::mem::take(&mut self.is_ours) {
                number.map(|number| Reached { number })
            } else {
                None
            };
        }
        let line = String::from_utf8_lossy(&line);
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => self.is_ours = value == EVENT,
            "data" => self.number = value.parse().ok(),
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_out_however_the_stream_was_cut() {
        let stream = format!(
            ": hello\n\n{}event: other\ndata: 1\n\n{}{}\r\n\r\n",
            Reached { number: 7 }.to_event(),
            Reached { number: 8 }.to_event(),
            "event:reached\r\ndata:9"
        );
        for piece in 1..stream.len() {
            let mut parser = LiveParser::default();
            let got: Vec<_> = stream
                .as_bytes()
                .chunks(piece)
                .flat_map(|piece| parser.push(piece))
                .map(|e| e.number)
                .collect();
            assert_eq!(got, [7, 8, 9], "pieces of {piece}");
        }
    }

    #[test]
    fn an_endless_line_takes_no_memory() {
        let mut parser = LiveParser::default();
        for _ in 0..1000 {
            parser.push(&[b'x'; 1000]);
        }
        assert!(parser.line.len() <= LINE_BYTES);
        assert_eq!(parser.push(b"\nevent: reached\ndata: 3\n\n"), [Reached { number: 3 }]);
    }
}
