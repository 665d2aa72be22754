//! What the relay that serves a folder says to the commands beside it: that it does, and what phones are told.
//!
//! `serve` holds a lock for as long as it runs, so that there is one relay on a folder, and nothing is restored beneath
//! it. The note that it leaves stays: so `enrol` shows the address and the pin of the relay that phones will reach, and
//! not those of its own options.

use std::fs::File;
use std::io;
use std::path::PathBuf;

use cartera_core::model::hex::{self, Hex};
use serde::{Deserialize, Serialize};

use crate::files;
use crate::folder::Folder;

/// A note is never longer; what is, was not written here.
const NOTE_BYTES_MAX: u64 = 4096;

/// What phones are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// Without a slash at the end.
    pub public_url: String,
    /// SHA-256 of the relay's public key, with TLS that no public authority vouches for.
    pub pin: Option<[u8; 32]>,
}

#[derive(Debug, thiserror::Error)]
pub enum ServingError {
    #[error("another relay serves {folder} already{}. Stop it first, or name another folder", at(.url.as_deref()))]
    Already { folder: PathBuf, url: Option<String> },
    #[error("{path}: {detail}. Check owner, permissions and disk; `serve` writes it anew")]
    File { path: PathBuf, detail: String },
}

impl ServingError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Already { .. } => "already_serving",
            Self::File { .. } => "serving_file",
        }
    }

    fn file(path: PathBuf) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::File { path, detail: error.to_string() }
    }
}

fn at(url: Option<&str>) -> String {
    url.map(|url| format!(", at {url}")).unwrap_or_default()
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    public_url: String,
    pin: Option<String>,
}

/// No relay serves the folder while this is held.
#[derive(Debug)]
pub struct Serving {
    folder: Folder,
    _lock: File,
}

impl Serving {
    /// Takes the folder, which has to be there.
    ///
    /// # Errors
    /// [`ServingError::Already`] where another process has it.
    pub fn begin(folder: &Folder) -> Result<Self, ServingError> {
        let path = lock_path(folder);
        // Somebody who only asks holds it for a moment.
        let _asking = folder.lock().map_err(ServingError::file(folder.lock_file()))?;
        match files::try_lock(&path).map_err(ServingError::file(path))? {
            Some(lock) => Ok(Self { folder: folder.clone(), _lock: lock }),
            None => {
                let url = last(folder).ok().flatten().map(|reached| reached.public_url);
                Err(ServingError::Already { folder: folder.data.clone(), url })
            }
        }
    }

    /// Leaves the note.
    pub fn announce(&self, reached: &Reached) -> Result<(), ServingError> {
        let path = note_path(&self.folder);
        let pin = reached.pin.map(|pin| Hex(&pin).to_string());
        let note = toml::to_string(&Note { public_url: reached.public_url.clone(), pin });
        let note =
            note.map_err(|error| ServingError::File { path: path.clone(), detail: error.to_string() })?;
        let text = format!("# What phones were told when the relay last started.\n{note}");
        files::replace_private(&path, text.as_bytes()).map_err(ServingError::file(path))
    }
}

/// What phones were told when the relay last started; `None`: none ever did here.
pub fn last(folder: &Folder) -> Result<Option<Reached>, ServingError> {
    let path = note_path(folder);
    let unreadable = |detail: String| ServingError::File { path: path.clone(), detail };
    let file = match File::open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file.map_err(|error| unreadable(error.to_string()))?,
    };
    let text = io::read_to_string(io::Read::take(file, NOTE_BYTES_MAX))
        .map_err(|error| unreadable(error.to_string()))?;
    let note: Note = toml::from_str(&text).map_err(|error| unreadable(error.message().to_owned()))?;
    let pin = match note.pin {
        None => None,
        Some(pin) => {
            Some(hex::decode(&pin).ok_or_else(|| unreadable("`pin` is not 64 hexadecimal digits".into()))?)
        }
    };
    Ok(Some(Reached { public_url: note.public_url, pin }))
}

/// Whether a relay serves the folder now.
pub fn is_on(folder: &Folder) -> bool {
    lock_path(folder).exists() && matches!(Serving::begin(folder), Err(ServingError::Already { .. }))
}

fn lock_path(folder: &Folder) -> PathBuf {
    folder.data.join("serving.lock")
}

fn note_path(folder: &Folder) -> PathBuf {
    folder.data.join("serving.toml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_relay_has_the_folder_and_its_note_stays() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(dir.path());
        assert_eq!(last(&folder).unwrap(), None);
        assert!(!is_on(&folder) && !lock_path(&folder).exists(), "asking makes nothing");
        let serving = Serving::begin(&folder).unwrap();
        let told = Reached { public_url: "https://relay.example:8443".into(), pin: Some([0xab; 32]) };
        serving.announce(&Reached { pin: None, ..told.clone() }).unwrap();
        serving.announce(&told).unwrap();
        assert!(is_on(&folder));
        let other = Serving::begin(&folder).unwrap_err();
        assert!(other.code() == "already_serving" && other.to_string().contains("relay.example"), "{other}");
        drop(serving);
        assert!(!is_on(&folder));
        assert_eq!(last(&folder).unwrap(), Some(told));
    }

    #[test]
    fn a_note_that_somebody_spoilt_is_told_and_never_guessed_at() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(dir.path());
        let long = format!("public_url = \"{}\"", "x".repeat(NOTE_BYTES_MAX as usize));
        for text in ["", "public_url = 1", "public_url = \"http://x\"\npin = \"ab\"", "x = 1", &long] {
            std::fs::write(note_path(&folder), text).unwrap();
            assert_eq!(last(&folder).unwrap_err().code(), "serving_file", "{text}");
        }
    }
}
