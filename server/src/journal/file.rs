//! The file: `MAC JSON`, a line a commit, appended only.
//!
//! Each MAC (HMAC-SHA-256 under a key that follows from the recovery key, cut to 16 bytes, in hexadecimal) covers the one
//! before it, so no line can be changed, left out or put elsewhere by somebody who has the file alone. A last line that
//! a power cut tore is as if it had never been: nobody got an answer.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use cartera_core::model::hex;
use subtle::ConstantTimeEq;

use super::act::{Act, Line};
use crate::files;
use crate::keys::Keys;

const DOMAIN: &str = "cartera journal 1";
const MAC_BYTES: usize = 16;

#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error("the journal {path} cannot be {what}: {detail}. Check owner, permissions and disk")]
    File { path: PathBuf, what: &'static str, detail: String },
    #[error(
        "the journal {path} is not whole: line {line} was changed, or one before it is missing, or it is another workspace's. Put a copy of it back"
    )]
    Damaged { path: PathBuf, line: usize },
}

impl JournalError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::File { .. } => "journal_file",
            Self::Damaged { .. } => "journal_damaged",
        }
    }

    fn file(path: &Path, what: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |error| Self::File { path, what, detail: error.to_string() }
    }
}

/// The open journal. Whoever appends holds the store's write lock, so that processes take turns.
pub struct Journal {
    path: PathBuf,
    seal: Seal,
    end: Mutex<End>,
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal").field("path", &self.path).finish_non_exhaustive()
    }
}

/// How far the file was read.
#[derive(Debug, Clone, Copy, Default)]
struct End {
    bytes: u64,
    lines: usize,
    number: u64,
    mac: [u8; MAC_BYTES],
}

impl Journal {
    /// Opens the journal; it is made with the first line. Everything in it is checked.
    pub fn open(path: &Path, keys: &Keys) -> Result<Self, JournalError> {
        let journal =
            Self { path: path.to_path_buf(), seal: Seal::of(keys), end: Mutex::new(End::default()) };
        journal.after(u64::MAX)?;
        Ok(journal)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The number of the last line; 0: there is none.
    pub fn last(&self) -> Result<u64, JournalError> {
        let mut end = self.lock();
        *end = scan(&self.path, &self.seal, *end, &mut |_| {})?;
        Ok(end.number)
    }

    /// The lines after `number`, in order.
    pub fn after(&self, number: u64) -> Result<Vec<Line>, JournalError> {
        let mut lines = Vec::new();
        let end = scan(&self.path, &self.seal, End::default(), &mut |line| {
            if line.number > number {
                lines.push(line);
            }
        })?;
        *self.lock() = end;
        Ok(lines)
    }

    /// Writes a line and waits for the disk; its number, which is greater than `base`. The caller holds the store's
    /// write lock.
    pub fn append(&self, base: u64, at_ms: i64, acts: Vec<Act>) -> Result<u64, JournalError> {
        let mut end = self.lock();
        // Another process may have written since.
        *end = scan(&self.path, &self.seal, *end, &mut |_| {})?;
        let number = end.number.max(base) + 1;
        let json = serde_json::to_string(&Line { number, at_ms, acts }).map_err(|error| {
            JournalError::File { path: self.path.clone(), what: "written", detail: error.to_string() }
        })?;
        let mac = self.seal.mac(&end.mac, json.as_bytes());
        let text = format!("{} {json}\n", hex::Hex(&mac));
        self.write(end.bytes, &text).map_err(JournalError::file(&self.path, "written"))?;
        *end = End { bytes: end.bytes + text.len() as u64, lines: end.lines + 1, number, mac };
        Ok(number)
    }

    /// Behind the last whole line; a torn one goes.
    fn write(&self, at: u64, text: &str) -> io::Result<()> {
        if at == 0 && !self.path.exists() {
            files::create_private(&self.path, &[])?;
        }
        let mut file = OpenOptions::new().write(true).open(&self.path)?;
        if file.metadata()?.len() > at {
            file.set_len(at)?;
        }
        file.seek(SeekFrom::Start(at))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, End> {
        self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All lines of a journal that is not in use; an error where there is no file.
pub fn read(path: &Path, keys: &Keys) -> Result<Vec<Line>, JournalError> {
    File::open(path).map_err(JournalError::file(path, "read"))?;
    let mut lines = Vec::new();
    scan(path, &Seal::of(keys), End::default(), &mut |line| lines.push(line))?;
    Ok(lines)
}

fn scan(path: &Path, seal: &Seal, from: End, each: &mut dyn FnMut(Line)) -> Result<End, JournalError> {
    let mut bytes = Vec::new();
    match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(End::default()),
        file => {
            let read = file.and_then(|mut file| {
                file.seek(SeekFrom::Start(from.bytes))?;
                file.read_to_end(&mut bytes)
            });
            read.map_err(JournalError::file(path, "read"))?;
        }
    }
    let mut end = from;
    let mut rest = &bytes[..];
    while let Some(length) = rest.iter().position(|byte| *byte == b'\n') {
        let (line, behind) = (&rest[..length], &rest[length + 1..]);
        let Some((mac, line)) = seal.open(&end.mac, line).filter(|(_, line)| line.number > end.number) else {
            if behind.is_empty() {
                return Ok(end);
            }
            return Err(JournalError::Damaged { path: path.to_path_buf(), line: end.lines + 1 });
        };
        end = End { bytes: end.bytes + length as u64 + 1, lines: end.lines + 1, number: line.number, mac };
        each(line);
        rest = behind;
    }
    Ok(end)
}

struct Seal([u8; 32]);

impl Seal {
    fn of(keys: &Keys) -> Self {
        Self(keys.mac(DOMAIN, &[keys.workspace().as_bytes()]))
    }

    fn mac(&self, before: &[u8; MAC_BYTES], json: &[u8]) -> [u8; MAC_BYTES] {
        let full = crate::keys::keyed(&self.0, &[before, json]);
        let mut mac = [0; MAC_BYTES];
        mac.copy_from_slice(&full[..MAC_BYTES]);
        mac
    }

    fn open(&self, before: &[u8; MAC_BYTES], line: &[u8]) -> Option<([u8; MAC_BYTES], Line)> {
        let (claimed, json) = line.split_at_checked(2 * MAC_BYTES)?;
        let claimed: [u8; MAC_BYTES] = hex::decode(std::str::from_utf8(claimed).ok()?)?;
        let json = json.strip_prefix(b" ")?;
        let mac = self.mac(before, json);
        if !bool::from(mac.ct_eq(&claimed[..])) {
            return None;
        }
        Some((mac, serde_json::from_slice(json).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use cartera_core::env::SeededEnv;
    use cartera_core::model::ClientId;

    use super::super::Text;
    use super::*;

    fn keys(seed: u64) -> Keys {
        Keys::generate(&SeededEnv::new(seed, 1_790_000_000_000))
    }

    fn erased(n: u8) -> Vec<Act> {
        vec![Act::Erased { client: Text(ClientId::from_bytes([n; 16])) }]
    }

    fn numbers(lines: &[Line]) -> Vec<u64> {
        lines.iter().map(|line| line.number).collect()
    }

    #[test]
    fn lines_come_back_in_order_and_two_processes_take_turns() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal");
        let (one, other) = (Journal::open(&path, &keys(1)).unwrap(), Journal::open(&path, &keys(1)).unwrap());
        assert_eq!(one.last().unwrap(), 0);
        for n in 1..=6 {
            let journal = if n % 2 == 0 { &one } else { &other };
            assert_eq!(journal.append(0, 7, erased(n)).unwrap(), u64::from(n));
        }
        assert_eq!(numbers(&one.after(0).unwrap()), [1, 2, 3, 4, 5, 6]);
        assert_eq!(other.after(4).unwrap()[0], Line { number: 5, at_ms: 7, acts: erased(5) });
        assert_eq!(other.append(99, 7, erased(9)).unwrap(), 100, "never a number that the store has");
        assert_eq!(numbers(&read(&path, &keys(1)).unwrap()), [1, 2, 3, 4, 5, 6, 100]);
        assert_eq!(read(&dir.path().join("none"), &keys(1)).unwrap_err().code(), "journal_file");
    }

    #[test]
    fn a_torn_last_line_is_as_if_it_had_never_been_at_every_byte() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal");
        let journal = Journal::open(&path, &keys(1)).unwrap();
        journal.append(0, 7, erased(1)).unwrap();
        let one = std::fs::read(&path).unwrap().len();
        journal.append(0, 7, erased(2)).unwrap();
        let whole = std::fs::read(&path).unwrap();
        for len in one..whole.len() {
            std::fs::write(&path, &whole[..len]).unwrap();
            let again = Journal::open(&path, &keys(1)).unwrap();
            assert_eq!(numbers(&again.after(0).unwrap()), [1], "{len} bytes");
            assert_eq!(again.append(0, 7, erased(3)).unwrap(), 2);
            assert_eq!(read(&path, &keys(1)).unwrap()[1].acts, erased(3));
        }
        // Torn in the middle, with its end on the disk.
        let mut torn = whole.clone();
        torn[one + 40..one + 60].fill(0);
        std::fs::write(&path, &torn).unwrap();
        assert_eq!(numbers(&read(&path, &keys(1)).unwrap()), [1]);
    }

    #[test]
    fn what_somebody_changed_left_out_or_put_elsewhere_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal");
        let journal = Journal::open(&path, &keys(1)).unwrap();
        for n in 1..=4 {
            journal.append(0, 7, erased(n)).unwrap();
        }
        let whole = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = whole.lines().collect();
        let refused = |lines: &[&str]| {
            std::fs::write(&path, format!("{}\n", lines.join("\n"))).unwrap();
            Journal::open(&path, &keys(1)).map(|_| ()).map_err(|error| error.code())
        };
        assert_eq!(refused(&lines), Ok(()));
        assert_eq!(refused(&[lines[1], lines[2], lines[3]]), Err("journal_damaged"));
        assert_eq!(refused(&[lines[0], lines[2], lines[3]]), Err("journal_damaged"));
        assert_eq!(refused(&[lines[0], lines[2], lines[1], lines[3]]), Err("journal_damaged"));
        let edited = lines[1].replace("\"at_ms\":7", "\"at_ms\":8");
        assert_eq!(refused(&[lines[0], &edited, lines[2]]), Err("journal_damaged"));
        std::fs::write(&path, &whole).unwrap();
        assert_eq!(
            Journal::open(&path, &keys(2)).unwrap_err().code(),
            "journal_damaged",
            "another workspace's"
        );
    }
}
