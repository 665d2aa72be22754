//! Which encoding a text file is in, and decoding it.
//!
//! A byte order mark decides. Without one the whole file is looked at: if all of it is UTF-8, it is UTF-8. If most
//! characters beyond ASCII are, it is UTF-8 with some damaged cells, which are reported one by one. Otherwise it is
//! Windows-1252, which Western European programs write; its five unassigned bytes are an error.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

use crate::import::ImportError;

/// A text file's encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Encoding {
    #[serde(rename = "utf-8")]
    Utf8,
    #[serde(rename = "windows-1252")]
    Windows1252,
    #[serde(rename = "utf-16le")]
    Utf16Le,
    #[serde(rename = "utf-16be")]
    Utf16Be,
}

/// What a first pass over a file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Survey {
    pub(super) encoding: Encoding,
    /// Bytes of the byte order mark, to be skipped.
    pub(super) mark: u64,
    pub(super) bytes: u64,
    pub(super) sha256: [u8; 32],
}

const CHUNK_BYTES: usize = 64 << 10;

/// Reads all of `input` once. `declared` is the mapping's word on the encoding.
pub(super) fn survey(
    input: &mut dyn Read,
    bytes_max: u64,
    declared: Option<Encoding>,
) -> Result<Survey, ImportError> {
    let mut state = Scan::default();
    let mut hash = Sha256::new();
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut bytes = 0u64;
    let mut head = Vec::with_capacity(4);
    loop {
        let got = match input.read(&mut chunk) {
            Ok(0) => break,
            Ok(got) => got,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        head.extend(chunk[..got].iter().take(3 - head.len().min(3)));
        hash.update(&chunk[..got]);
        state.feed(&chunk[..got], bytes);
        bytes += got as u64;
        if bytes > bytes_max {
            return Err(ImportError::TooLarge { what: "the file", limit: bytes_max });
        }
    }
    state.end();
    let (marked, mark) = match head.as_slice() {
        [0xef, 0xbb, 0xbf, ..] => (Some(Encoding::Utf8), 3),
        [0xff, 0xfe, ..] => (Some(Encoding::Utf16Le), 2),
        [0xfe, 0xff, ..] => (Some(Encoding::Utf16Be), 2),
        _ => (None, 0),
    };
    let wide = |encoding| matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be);
    let encoding = match marked.or(declared) {
        Some(encoding) => encoding,
        None if state.invalid == 0 || state.wide > state.invalid => Encoding::Utf8,
        None => Encoding::Windows1252,
    };
    if let (Some(offset), false) = (state.zero, wide(encoding)) {
        return Err(ImportError::Binary { offset });
    }
    if let (Some(offset), Encoding::Windows1252) = (state.unassigned, encoding) {
        return Err(ImportError::Encoding { offset });
    }
    Ok(Survey { encoding, mark, bytes, sha256: hash.finalize().into() })
}

/// Counts over the bytes seen so far.
#[derive(Debug, Default)]
struct Scan {
    /// Well-formed characters of two bytes and more.
    wide: u64,
    /// Bytes that are not part of a well-formed character.
    invalid: u64,
    /// The first zero byte.
    zero: Option<u64>,
    /// The first byte that Windows-1252 leaves unassigned.
    unassigned: Option<u64>,
    /// The beginning of a character whose end is in the next chunk.
    rest: Vec<u8>,
}

impl Scan {
    fn feed(&mut self, chunk: &[u8], offset: u64) {
        let at = |index: usize| offset + index as u64;
        if self.zero.is_none() {
            self.zero = chunk.iter().position(|&b| b == 0).map(at);
        }
        if chunk.is_ascii() && self.rest.is_empty() {
            return;
        }
        if self.unassigned.is_none() {
            let unassigned = |b: &u8| matches!(b, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d);
            self.unassigned = chunk.iter().position(unassigned).map(at);
        }
        let mut bytes = std::mem::take(&mut self.rest);
        bytes.extend_from_slice(chunk);
        let mut left = bytes.as_slice();
        loop {
            match std::str::from_utf8(left) {
                Ok(text) => {
                    self.count(text);
                    return;
                }
                Err(error) => {
                    let (good, bad) = left.split_at(error.valid_up_to());
                    if let Ok(text) = std::str::from_utf8(good) {
                        self.count(text);
                    }
                    match error.error_len() {
                        Some(length) => {
                            self.invalid += length as u64;
                            left = &bad[length..];
                        }
                        None => {
                            self.rest = bad.to_vec();
                            return;
                        }
                    }
                }
            }
        }
    }

    fn count(&mut self, text: &str) {
        // Every character has one byte that does not continue another; those above 0x7f begin a wide one.
        self.wide += text.bytes().filter(|b| *b >= 0xc0).count() as u64;
    }

    fn end(&mut self) {
        self.invalid += self.rest.len() as u64;
        self.rest.clear();
    }
}

/// Adds `bytes` of Windows-1252 to `out`.
pub(super) fn decode_windows_1252(bytes: &[u8], out: &mut String) {
    /// 0x80..=0x9f; the rest is Latin 1.
    const HIGH: [char; 32] = [
        '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž', '\u{fffd}',
        '\u{fffd}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{fffd}', 'ž', 'Ÿ',
    ];
    out.extend(bytes.iter().map(|&b| match b {
        0x80..=0x9f => HIGH[usize::from(b - 0x80)],
        b => char::from(b),
    }));
}

/// UTF-16 as UTF-8; a lone surrogate or half a character becomes U+FFFD.
pub(super) struct FromUtf16<R> {
    input: R,
    big_endian: bool,
    /// A byte or a high surrogate still without its other half.
    odd: Option<u8>,
    high: Option<u16>,
    out: Vec<u8>,
    taken: usize,
    ended: bool,
}

impl<R: Read> FromUtf16<R> {
    pub(super) fn new(input: R, big_endian: bool) -> Self {
        Self { input, big_endian, odd: None, high: None, out: Vec::new(), taken: 0, ended: false }
    }

    fn push(&mut self, c: char) {
        self.out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }

    fn unit(&mut self, unit: u16) {
        if let Some(high) = self.high.take() {
            if let Some(Ok(c)) = char::decode_utf16([high, unit]).next() {
                return self.push(c);
            }
            self.push(char::REPLACEMENT_CHARACTER);
        }
        match unit {
            0xd800..=0xdbff => self.high = Some(unit),
            unit => self.push(char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER)),
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        let mut chunk = [0; 8 << 10];
        self.out.clear();
        self.taken = 0;
        let got = self.input.read(&mut chunk)?;
        if got == 0 {
            self.ended = true;
            if self.high.take().is_some() | self.odd.take().is_some() {
                self.push(char::REPLACEMENT_CHARACTER);
            }
            return Ok(());
        }
        for &byte in &chunk[..got] {
            match self.odd.take() {
                None => self.odd = Some(byte),
                Some(first) if self.big_endian => self.unit(u16::from_be_bytes([first, byte])),
                Some(first) => self.unit(u16::from_le_bytes([first, byte])),
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for FromUtf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.out.len() && !self.ended {
            self.refill()?;
        }
        let ready = &self.out[self.taken..];
        let count = ready.len().min(buffer.len());
        buffer[..count].copy_from_slice(&ready[..count]);
        self.taken += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoding_of(bytes: &[u8]) -> Result<Encoding, &'static str> {
        survey(&mut &*bytes, 1 << 20, None).map(|survey| survey.encoding).map_err(|error| error.code())
    }

    #[test]
    fn a_mark_decides_and_without_one_the_bytes_do() {
        assert_eq!(encoding_of(b"plain"), Ok(Encoding::Utf8));
        assert_eq!(encoding_of("caf\u{e9} 12 €".as_bytes()), Ok(Encoding::Utf8));
        assert_eq!(encoding_of(b"\xef\xbb\xbfcaf\xe9"), Ok(Encoding::Utf8));
        assert_eq!(encoding_of(b"caf\xe9;Espa\xf1a;\x80"), Ok(Encoding::Windows1252));
        assert_eq!(encoding_of(b"\xff\xfea\0"), Ok(Encoding::Utf16Le));
        assert_eq!(encoding_of(b"\xfe\xff\0a"), Ok(Encoding::Utf16Be));
        assert_eq!(encoding_of("más, año, caf\u{e9}".as_bytes()), Ok(Encoding::Utf8));
        assert_eq!(encoding_of(b"m\xc3\xa1s, a\xc3\xb1o, caf\xe9"), Ok(Encoding::Utf8), "mostly UTF-8");
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_place() {
        assert_eq!(encoding_of(b"a\0b"), Err("import_binary"));
        assert_eq!(encoding_of(b"caf\xe9\x81"), Err("import_encoding"));
        assert!(matches!(survey(&mut &b"abc\0"[..], 10, None), Err(ImportError::Binary { offset: 3 })));
    }

    #[test]
    fn a_file_at_the_limit_passes_and_one_byte_more_does_not() {
        assert_eq!(survey(&mut &b"12345"[..], 5, None).map(|s| s.bytes).unwrap(), 5);
        assert!(matches!(survey(&mut &b"123456"[..], 5, None), Err(ImportError::TooLarge { limit: 5, .. })));
    }

    #[test]
    fn a_character_cut_between_chunks_counts_once() {
        /// Gives one byte at a time.
        struct Drip<'a>(&'a [u8]);
        impl Read for Drip<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let count = self.0.len().min(buffer.len()).min(1);
                buffer[..count].copy_from_slice(&self.0[..count]);
                self.0 = &self.0[count..];
                Ok(count)
            }
        }
        let text = "ñandú €";
        let survey = survey(&mut Drip(text.as_bytes()), 100, None).unwrap();
        assert_eq!((survey.encoding, survey.bytes), (Encoding::Utf8, text.len() as u64));
        let cut = super::survey(&mut Drip(&"ñ".as_bytes()[..1]), 100, None).unwrap();
        assert_eq!(cut.encoding, Encoding::Windows1252, "half a character at the end is no UTF-8");
    }

    #[test]
    fn windows_1252_has_the_euro_and_the_accents() {
        let mut out = String::new();
        decode_windows_1252(b"Espa\xf1a 12 \x80 \x93caf\xe9\x94", &mut out);
        assert_eq!(out, "España 12 € “café”");
    }

    #[test]
    fn utf_16_of_both_orders_comes_out_as_utf_8() {
        let text = "Añí, 12 €\r\n𝄞;x";
        for big_endian in [false, true] {
            let bytes: Vec<u8> = text
                .encode_utf16()
                .flat_map(|unit| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect();
            let mut out = String::new();
            FromUtf16::new(&bytes[..], big_endian).read_to_string(&mut out).unwrap();
            assert_eq!(out, text);
            let mut cut = String::new();
            FromUtf16::new(&bytes[..bytes.len() - 1], big_endian).read_to_string(&mut cut).unwrap();
            assert!(cut.ends_with('\u{fffd}'));
        }
    }
}
