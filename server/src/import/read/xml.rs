//! XML of a workbook's part: elements and texts, in bounded memory.
//!
//! No document types (so no entities but the five and character references), at most [`DEPTH_MAX`] elements inside
//! each other, no token beyond [`XML_TOKEN_BYTES_MAX`].

use std::borrow::Cow;
use std::io::{self, BufReader, Read};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesEnd, BytesRef, BytesStart, Event};

use super::meter::{Allowance, Metered};
use crate::import::ImportError;
use crate::import::limits::XML_TOKEN_BYTES_MAX;

const BUFFER_BYTES: usize = 32 << 10;
/// A cell's formatted text is eight elements deep.
const DEPTH_MAX: usize = 64;

pub(super) enum Node<'a> {
    Start(BytesStart<'a>),
    End(BytesEnd<'a>),
    Text(Cow<'a, str>),
    /// A comment or the like.
    Nothing,
    Eof,
}

pub(super) struct Xml<R> {
    reader: quick_xml::Reader<BufReader<Metered<R>>>,
    allowance: Allowance,
    buffer: Vec<u8>,
    depth: usize,
    part: String,
}

impl<R: Read> Xml<R> {
    /// `part` names it in errors.
    pub(super) fn new(input: R, part: &str) -> Self {
        let allowance = Allowance::new(XML_TOKEN_BYTES_MAX + BUFFER_BYTES);
        let input = BufReader::with_capacity(BUFFER_BYTES, Metered::new(input, &allowance));
        let mut reader = quick_xml::Reader::from_reader(input);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        Self { reader, allowance, buffer: Vec::new(), depth: 0, part: part.to_owned() }
    }

    /// The next element's beginning or end, or text. Blanks between elements are texts too.
    pub(super) fn next(&mut self) -> Result<Node<'_>, ImportError> {
        self.allowance.renew();
        self.buffer.clear();
        let event =
            self.reader.read_event_into(&mut self.buffer).map_err(|error| wrong(&self.part, error))?;
        // What is read ahead is no token yet: the allowance is a little more than one may have.
        if event.len() > XML_TOKEN_BYTES_MAX {
            return Err(io_wrong(&self.part, &io::ErrorKind::FileTooLarge.into()));
        }
        Ok(match event {
            Event::Start(start) | Event::Empty(start) => {
                self.depth += 1;
                if self.depth > DEPTH_MAX {
                    let what = format!("{}: more than {DEPTH_MAX} elements inside each other", self.part);
                    return Err(ImportError::Workbook(what));
                }
                Node::Start(start)
            }
            Event::End(end) => {
                self.depth = self.depth.saturating_sub(1);
                Node::End(end)
            }
            Event::Text(text) => Node::Text(text.xml10_content()),
            Event::CData(text) => Node::Text(text.xml10_content()),
            Event::GeneralRef(reference) => Node::Text(Cow::Owned(character(&reference).to_string())),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => Node::Nothing,
            Event::DocType(_) => {
                return Err(ImportError::Workbook(format!("{}: a document type is not allowed", self.part)));
            }
            Event::Eof => Node::Eof,
        })
    }

    /// Bytes of the part that are read, unpacked.
    pub(super) fn position(&self) -> u64 {
        self.reader.buffer_position()
    }
}

/// What `&name;` or `&#number;` stands for.
fn character(reference: &BytesRef<'_>) -> char {
    match reference.resolve_char_ref() {
        Ok(Some(c)) => c,
        Ok(None) => match reference.xml10_content().as_ref() {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => char::REPLACEMENT_CHARACTER,
        },
        Err(_) => char::REPLACEMENT_CHARACTER,
    }
}

fn wrong(part: &str, error: quick_xml::Error) -> ImportError {
    if let quick_xml::Error::Io(io) = &error {
        return io_wrong(part, io);
    }
    ImportError::Workbook(format!("{part}: {error}"))
}

fn io_wrong(part: &str, error: &io::Error) -> ImportError {
    match error.kind() {
        io::ErrorKind::FileTooLarge => {
            ImportError::Workbook(format!("{part}: it unpacks to more than is allowed"))
        }
        _ => ImportError::Workbook(format!("{part}: {error}")),
    }
}

/// The value of an attribute by its name without prefix.
pub(super) fn attribute<'a>(element: &'a BytesStart<'_>, name: &str) -> Option<Cow<'a, str>> {
    // Checks for repeated attributes take the square of their number.
    let mut attributes = element.attributes();
    attributes.with_checks(false);
    attributes.flatten().find(|attribute| attribute.key.local_name().as_ref() == name).map(|attribute| {
        attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_or(Cow::Borrowed(""), |value| Cow::Owned(value.into_owned()))
    })
}
