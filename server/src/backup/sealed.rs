//! A store's file to a backup and back: SQLite, zstd, age, in one pass each, a few buffers of memory whatever the size.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::BackupError;
use crate::files;
use crate::keys::Keys;

const LEVEL: i32 = 3;
const BUFFER: usize = 1 << 20;
/// The largest window that a backup's zstd frame may ask for: 2^27 bytes.
const WINDOW_LOG_MAX: u32 = 27;

/// Writes `plain` to a new file, encrypted to the workspace's key, and waits for the disk. SHA-256 of what was read.
pub(super) fn seal(
    plain: &Path,
    sealed: &Path,
    keys: &Keys,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<[u8; 32], BackupError> {
    let all = std::fs::metadata(plain).map_err(BackupError::io("read", plain))?.len();
    let mut source = File::open(plain).map_err(BackupError::io("read", plain))?;
    files::create_private(sealed, &[]).map_err(BackupError::io("make", sealed))?;
    let mut run = || -> io::Result<[u8; 32]> {
        let file = File::options().write(true).open(sealed)?;
        let recipient = keys.identity().to_public();
        let recipients = std::iter::once(&recipient as &dyn age::Recipient);
        let encryptor = age::Encryptor::with_recipients(recipients).map_err(io::Error::other)?;
        let encrypted = encryptor.wrap_output(BufWriter::with_capacity(BUFFER, file))?;
        let mut packed = zstd::Encoder::new(encrypted, LEVEL)?;
        packed.include_checksum(true)?;
        let digest = pump(&mut source, &mut packed, |done| progress(done, all))?;
        let mut out = packed.finish()?.finish()?;
        out.flush()?;
        out.get_ref().sync_all()?;
        Ok(digest)
    };
    run().map_err(BackupError::io("write", sealed))
}

/// Writes what is in a backup to a new file. SHA-256 of it; `progress` hears how much of the backup was read.
pub(super) fn open(
    sealed: &Path,
    plain: &Path,
    keys: &Keys,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<[u8; 32], BackupError> {
    let not = |detail: String| BackupError::NotABackup { path: sealed.to_path_buf(), detail };
    let file = File::open(sealed).map_err(BackupError::io("read", sealed))?;
    let all = file.metadata().map_err(BackupError::io("read", sealed))?.len();
    let counted = Counted { inner: file, done: 0, all, progress };
    let decryptor = match age::Decryptor::new_buffered(BufReader::with_capacity(BUFFER, counted)) {
        Ok(decryptor) => decryptor,
        Err(error) => return Err(not(error.to_string())),
    };
    let identity = keys.identity();
    let clear = match decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)) {
        Ok(clear) => clear,
        Err(age::DecryptError::NoMatchingKeys) => {
            return Err(BackupError::WrongKey { path: sealed.to_path_buf() });
        }
        Err(error) => return Err(not(error.to_string())),
    };
    let mut unpacked = zstd::Decoder::new(clear).map_err(|error| not(error.to_string()))?;
    unpacked.window_log_max(WINDOW_LOG_MAX).map_err(|error| not(error.to_string()))?;
    files::create_private(plain, &[]).map_err(BackupError::io("make", plain))?;
    let out = File::options().write(true).open(plain).map_err(BackupError::io("write", plain))?;
    let mut out = Sink { inner: BufWriter::with_capacity(BUFFER, out), failed: None };
    match pump(&mut unpacked, &mut out, |_| {}) {
        Ok(digest) => {
            out.inner
                .flush()
                .and_then(|()| out.inner.get_ref().sync_all())
                .map_err(BackupError::io("write", plain))?;
            Ok(digest)
        }
        Err(error) => Err(match out.failed {
            Some(error) => BackupError::io("write", plain)(error),
            None => not(error.to_string()),
        }),
    }
}

fn pump(from: &mut dyn Read, to: &mut dyn Write, mut done: impl FnMut(u64)) -> io::Result<[u8; 32]> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; BUFFER];
    let mut total = 0;
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(hash.finalize().into()),
            Ok(read) => {
                hash.update(&buffer[..read]);
                to.write_all(&buffer[..read])?;
                total += read as u64;
                done(total);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Tells a disk that cannot be written from a backup that cannot be read.
struct Sink {
    inner: BufWriter<File>,
    failed: Option<io::Error>,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes).map_err(|error| {
            let kind = error.kind();
            self.failed = Some(error);
            kind.into()
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

struct Counted<'p> {
    inner: File,
    done: u64,
    all: u64,
    progress: &'p mut dyn FnMut(u64, u64),
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.done += read as u64;
        (self.progress)(self.done, self.all);
        Ok(read)
    }
}
