//! The recovery key: the one secret from which the relay's others follow, kept outside the database.
//!
//! It lives in a file of its own (mode 0600), which names the workspace that it belongs to, so that neither a
//! stolen backup of the database nor a swapped file forges anything. Cursor tags, receipts and each device's key
//! are HMAC-SHA256 under it, told apart by a domain; nothing derived is stored, so the database and its backups
//! never hold a key.

use std::fmt;
use std::path::{Path, PathBuf};

use bech32::{Bech32, Hrp};
use cartera_core::env::{Env, random_bytes};
use cartera_core::model::{DeviceId, WorkspaceId};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::secret::{from_base32, grouped, to_base32};

/// How age writes a secret key.
const AGE_SECRET: &str = "age-secret-key-";

/// The key of a workspace.
pub struct Keys {
    workspace: WorkspaceId,
    recovery: [u8; 32],
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("workspace", &self.workspace).finish_non_exhaustive()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    #[error("{path}: the recovery key file cannot be {what}: {detail}. Check owner, permissions and disk")]
    File { path: PathBuf, what: &'static str, detail: String },
    #[error(
        "{path} is no recovery key file: {detail}. It has two lines, `workspace` and `recovery_key`; put the copy back that was made at first start"
    )]
    Malformed { path: PathBuf, detail: String },
    #[error("{path} is there already and is left alone. Name another file, or move it away")]
    Exists { path: PathBuf },
}

impl KeysError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::File { .. } => "key_file_unreadable",
            Self::Malformed { .. } => "key_file_malformed",
            Self::Exists { .. } => "key_file_exists",
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    workspace: String,
    recovery_key: String,
}

impl Keys {
    /// A new workspace's key.
    pub fn generate(env: &dyn Env) -> Self {
        Self { workspace: WorkspaceId::new(env), recovery: random_bytes(env) }
    }

    pub fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    /// The same key for the workspace that it turned out to be of: a key that was typed does not say.
    #[must_use]
    pub fn of_workspace(&self, workspace: WorkspaceId) -> Self {
        Self { workspace, recovery: self.recovery }
    }

    /// HMAC-SHA256 over `parts`, each with its length before it, under a key of the `domain`'s own.
    pub fn mac(&self, domain: &str, parts: &[&[u8]]) -> [u8; 32] {
        keyed(&keyed(&self.recovery, &[domain.as_bytes()]), parts)
    }

    /// The key with which wipe and erase orders for a device are signed; the phone gets it at enrolment.
    pub fn device_key(&self, device: DeviceId) -> [u8; 32] {
        self.mac("cartera device key 1", &[device.as_bytes()])
    }

    /// What opens backups and sealed files: an age identity (X25519), which whoever has the recovery key has too.
    pub fn identity(&self) -> age::x25519::Identity {
        let secret = self.mac("cartera age identity 1", &[]);
        let text = Hrp::parse(AGE_SECRET).ok().and_then(|hrp| bech32::encode::<Bech32>(hrp, &secret).ok());
        match text.as_deref().map(str::parse) {
            Some(Ok(identity)) => identity,
            // The prefix is age's own, and 32 bytes are an X25519 secret whatever they are.
            _ => unreachable!("32 bytes are an age identity"),
        }
    }

    /// The identity's public half, `age1...`: to it backups are encrypted, and phones seal what they cannot send.
    pub fn workspace_key(&self) -> String {
        self.identity().to_public().to_string()
    }

    /// The recovery key as it is shown to a person: eleven groups of five characters, the last bits a checksum.
    pub fn recovery_text(&self) -> String {
        let mut bytes = self.recovery.to_vec();
        bytes.extend(checksum(&self.recovery));
        grouped(&to_base32(&bytes), 5)
    }

    /// A workspace's key from [`Keys::recovery_text`], as a person types it.
    ///
    /// # Errors
    /// Why it is none; without quoting it.
    pub fn from_recovery(workspace: WorkspaceId, recovery: &str) -> Result<Self, &'static str> {
        let bytes: [u8; 34] =
            from_base32(recovery).ok_or("`recovery_key` is not eleven groups of five characters")?;
        let mut key = [0; 32];
        key.copy_from_slice(&bytes[..32]);
        if checksum(&key) != bytes[32..] {
            return Err("`recovery_key` does not match its own checksum: a character is wrong");
        }
        Ok(Self { workspace, recovery: key })
    }

    /// Reads the file; `None` if it is not there.
    pub fn load(path: &Path) -> Result<Option<Self>, KeysError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(file_error(path, "read", &error)),
        };
        let malformed = |detail: String| KeysError::Malformed { path: path.to_path_buf(), detail };
        // The parser's own words would quote the line, and with it the key.
        let file: KeyFile = toml::from_str(&text)
            .map_err(|_| malformed("it does not read as TOML with those two lines".into()))?;
        let workspace =
            file.workspace.parse().map_err(|_| malformed("`workspace` is no id of 26 characters".into()))?;
        Self::from_recovery(workspace, &file.recovery_key)
            .map(Some)
            .map_err(|detail| malformed(detail.to_owned()))
    }

    /// Writes a new file, readable by its owner alone, whole or not at all, durable when this returns. An existing one
    /// is never replaced; whoever calls this holds the folder's lock.
    pub fn save(&self, path: &Path) -> Result<(), KeysError> {
        let text = format!(
            "# Cartera: recovery key. Keep a copy away from this machine, and never beside a backup of the database.\n\
             workspace = \"{}\"\nrecovery_key = \"{}\"\n",
            self.workspace,
            self.recovery_text()
        );
        if path.exists() {
            return Err(KeysError::Exists { path: path.to_path_buf() });
        }
        crate::files::replace_private(path, text.as_bytes())
            .map_err(|error| file_error(path, "written", &error))
    }
}

fn file_error(path: &Path, what: &'static str, error: &std::io::Error) -> KeysError {
    KeysError::File { path: path.to_path_buf(), what, detail: error.to_string() }
}

fn checksum(key: &[u8; 32]) -> [u8; 2] {
    let hash = Sha256::digest(key);
    [hash[0], hash[1]]
}

/// HMAC-SHA-256 over `parts`, each with its length before it.
pub(crate) fn keyed(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut padded = [0; 64];
    padded[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&padded.into());
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartera_core::env::SeededEnv;

    #[test]
    fn the_file_comes_back_and_is_private() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("recovery.key");
        assert!(Keys::load(&path).unwrap().is_none());
        let keys = Keys::generate(&SeededEnv::new(1, 1_790_000_000_000));
        keys.save(&path).unwrap();
        let back = Keys::load(&path).unwrap().unwrap();
        assert_eq!((back.workspace, back.recovery), (keys.workspace, keys.recovery));
        assert_eq!(keys.save(&path).unwrap_err().code(), "key_file_exists");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_mistyped_key_is_refused_without_being_quoted() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("recovery.key");
        let keys = Keys::generate(&SeededEnv::new(1, 1_790_000_000_000));
        let right = keys.recovery_text();
        let first = if right.starts_with('7') { "8" } else { "7" };
        for wrong in [format!("{first}{}", &right[1..]), right[1..].to_owned(), String::new()] {
            let text = format!("workspace = \"{}\"\nrecovery_key = \"{wrong}\"\n", keys.workspace());
            std::fs::write(&path, text).unwrap();
            let error = Keys::load(&path).unwrap_err();
            assert_eq!(error.code(), "key_file_malformed");
            assert!(!error.to_string().contains(&right[6..16]), "{error}");
        }
    }

    #[test]
    fn the_identity_follows_from_the_recovery_key_alone() {
        let keys = Keys::generate(&SeededEnv::new(1, 1_790_000_000_000));
        let text = keys.recovery_text();
        let typed = Keys::from_recovery(WorkspaceId::from_bytes([9; 16]), &text.to_lowercase()).unwrap();
        assert_eq!(typed.workspace_key(), keys.workspace_key());
        assert!(keys.workspace_key().starts_with("age1") && keys.workspace_key().len() == 62);
        let other = Keys::generate(&SeededEnv::new(2, 1_790_000_000_000));
        assert_ne!(other.workspace_key(), keys.workspace_key());
    }

    #[test]
    fn domains_and_parts_do_not_run_into_each_other() {
        let keys = Keys::generate(&SeededEnv::new(1, 1_790_000_000_000));
        assert_eq!(keys.mac("a", &[b"xy"]), keys.mac("a", &[b"xy"]));
        assert_ne!(keys.mac("a", &[b"xy"]), keys.mac("b", &[b"xy"]));
        assert_ne!(keys.mac("a", &[b"x", b"y"]), keys.mac("a", &[b"xy"]));
        assert_ne!(keys.mac("a", &[]), keys.mac("a", &[b""]));
    }
}
