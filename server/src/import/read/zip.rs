//! As much of the ZIP format (PKWARE's APPNOTE) as a workbook needs: stored and deflated parts, one disk, no
//! encryption, no ZIP64 (whose files are larger than a workbook may be).
//!
//! A part's declared sizes are never believed: unpacking stops at the caller's bound, whatever the archive says.

use std::io::{self, Read, SeekFrom};

use flate2::Crc;
use flate2::read::DeflateDecoder;

use super::Input;
use crate::import::ImportError;
use crate::import::limits::PARTS_MAX;

const END_RECORD: [u8; 4] = *b"PK\x05\x06";
const CENTRAL_HEADER: [u8; 4] = *b"PK\x01\x02";
const LOCAL_HEADER: [u8; 4] = *b"PK\x03\x04";
const END_RECORD_BYTES: usize = 22;
const CENTRAL_HEADER_BYTES: usize = 46;
const LOCAL_HEADER_BYTES: usize = 30;
/// The end record may be followed by a comment of that length.
const COMMENT_BYTES_MAX: u64 = 0xffff;
/// The list of parts: each with its header and a name of sane length.
const DIRECTORY_BYTES_MAX: usize = PARTS_MAX * 512;
const ENCRYPTED: u16 = 1;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

#[derive(Debug, Clone)]
struct Entry {
    /// Lower case, with slashes.
    name: String,
    flags: u16,
    method: u16,
    crc: u32,
    packed_bytes: u64,
    /// As declared: good for a progress bar only.
    bytes: u64,
    header_at: u64,
}

/// The list of an archive's parts.
#[derive(Debug)]
pub(super) struct Archive {
    entries: Vec<Entry>,
}

fn damaged(what: &str) -> ImportError {
    ImportError::Workbook(what.to_owned())
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    match bytes.get(at..at + 2) {
        Some(&[low, high]) => u16::from_le_bytes([low, high]),
        _ => 0,
    }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

/// Names are compared without case and with slashes either way, as Excel does.
fn canonical(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

impl Archive {
    pub(super) fn open(input: &mut dyn Input) -> Result<Self, ImportError> {
        let length = input.seek(SeekFrom::End(0))?;
        let tail_at = length.saturating_sub(COMMENT_BYTES_MAX + END_RECORD_BYTES as u64);
        input.seek(SeekFrom::Start(tail_at))?;
        let mut tail = Vec::new();
        input.take(COMMENT_BYTES_MAX + END_RECORD_BYTES as u64).read_to_end(&mut tail)?;
        // The last record whose comment fits into what follows it.
        let end = (0..tail.len().saturating_sub(END_RECORD_BYTES - 1))
            .rev()
            .find(|&at| {
                tail[at..].starts_with(&END_RECORD)
                    && at + END_RECORD_BYTES + usize::from(u16_at(&tail, at + 20)) <= tail.len()
            })
            .ok_or_else(|| damaged("its end is missing; the file was cut off"))?;
        let end = &tail[end..];
        let (count, bytes, at) = (u16_at(end, 10), u32_at(end, 12), u32_at(end, 16));
        if count == u16::MAX || bytes == u32::MAX || at == u32::MAX {
            return Err(damaged("it is in the ZIP64 format; save it anew with Excel or LibreOffice"));
        }
        if usize::from(count) > PARTS_MAX || bytes as usize > DIRECTORY_BYTES_MAX {
            return Err(damaged("it has too many parts"));
        }
        input.seek(SeekFrom::Start(u64::from(at)))?;
        let mut directory = Vec::new();
        input.take(u64::from(bytes)).read_to_end(&mut directory)?;
        let mut entries = Vec::with_capacity(usize::from(count));
        let mut left = directory.as_slice();
        for _ in 0..count {
            if left.len() < CENTRAL_HEADER_BYTES || !left.starts_with(&CENTRAL_HEADER) {
                return Err(damaged("its list of parts is cut off"));
            }
            let name_bytes = usize::from(u16_at(left, 28));
            let next = CENTRAL_HEADER_BYTES
                + name_bytes
                + usize::from(u16_at(left, 30))
                + usize::from(u16_at(left, 32));
            let name = left.get(CENTRAL_HEADER_BYTES..CENTRAL_HEADER_BYTES + name_bytes);
            let name = name.ok_or_else(|| damaged("its list of parts is cut off"))?;
            entries.push(Entry {
                name: canonical(&String::from_utf8_lossy(name)),
                flags: u16_at(left, 8),
                method: u16_at(left, 10),
                crc: u32_at(left, 16),
                packed_bytes: u64::from(u32_at(left, 20)),
                bytes: u64::from(u32_at(left, 24)),
                header_at: u64::from(u32_at(left, 42)),
            });
            left = left.get(next..).ok_or_else(|| damaged("its list of parts is cut off"))?;
        }
        Ok(Self { entries })
    }

    /// A part's declared size: an untrue one harms nothing but a progress bar.
    pub(super) fn declared_bytes(&self, name: &str) -> Option<u64> {
        let name = canonical(name);
        self.entries.iter().find(|entry| entry.name == name).map(|entry| entry.bytes)
    }

    /// A part, unpacked as it is read; reading more than `bytes_max` of it fails with `FileTooLarge`, a wrong
    /// checksum with `InvalidData`.
    pub(super) fn part<'a>(
        &self,
        input: &'a mut dyn Input,
        name: &str,
        bytes_max: u64,
    ) -> Result<Part<'a>, ImportError> {
        let wanted = canonical(name);
        let entry = self
            .entries
            .iter()
            .find(|entry| entry.name == wanted)
            .ok_or_else(|| damaged(&format!("part {name} is missing")))?;
        if entry.flags & ENCRYPTED != 0 {
            return Err(ImportError::OldWorkbook);
        }
        input.seek(SeekFrom::Start(entry.header_at))?;
        let mut header = [0; LOCAL_HEADER_BYTES];
        let cut_off = |_| damaged(&format!("part {name} is cut off"));
        input.read_exact(&mut header).map_err(cut_off)?;
        if !header.starts_with(&LOCAL_HEADER) {
            return Err(damaged(&format!("part {name} is not where the list of parts says")));
        }
        let skip = u64::from(u16_at(&header, 26)) + u64::from(u16_at(&header, 28));
        input.seek(SeekFrom::Start(entry.header_at + LOCAL_HEADER_BYTES as u64 + skip))?;
        let packed = input.take(entry.packed_bytes);
        let unpacked: Box<dyn Read + 'a> = match entry.method {
            STORED => Box::new(packed),
            DEFLATED => Box::new(DeflateDecoder::new(packed)),
            method => return Err(damaged(&format!("part {name} is packed in an unknown way ({method})"))),
        };
        Ok(Part { unpacked, left: bytes_max, crc: Crc::new(), expected: entry.crc })
    }
}

/// A part being unpacked.
pub(super) struct Part<'a> {
    unpacked: Box<dyn Read + 'a>,
    left: u64,
    crc: Crc,
    expected: u32,
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let got = self.unpacked.read(buffer)?;
        if got == 0 && self.crc.sum() != self.expected {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the checksum does not match"));
        }
        self.left =
            self.left.checked_sub(got as u64).ok_or_else(|| io::Error::from(io::ErrorKind::FileTooLarge))?;
        self.crc.update(&buffer[..got]);
        Ok(got)
    }
}
