//! TLS: from certificate files, or with a key of the relay's own making.
//!
//! A key of its own stays in the data folder for good; the certificate is made anew from it at each start, so
//! that its names follow the configuration. Phones trust it by the pin, SHA-256 of the key's
//! SubjectPublicKeyInfo, which the enrolment QR carries: no authority is needed, and nobody in between can pose
//! as the relay. (The key's randomness is the TLS library's own: nothing that a simulation replays.)

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{CertificateParams, DnType, DnValue, KeyPair, date_time_ymd};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::ParsedCertificate;
use sha2::{Digest, Sha256};

use crate::files;
use crate::folder::Folder;

/// Where the relay's TLS comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tls {
    /// Plain HTTP: on loopback, or behind a proxy that ends TLS.
    Off,
    /// A certificate chain and its key, as PEM files. `pinned`: tell phones to trust this key and no authority.
    Files { certificate: PathBuf, key: PathBuf, pinned: bool },
    /// A key of the relay's own, kept in `folder`, and a certificate for these host names and addresses.
    Own { folder: PathBuf, names: Vec<String> },
}

#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("{path}: {detail}. It has to be a PEM file that this user may read")]
    File { path: PathBuf, detail: String },
    #[error("{path} holds no certificate. Name the PEM file with the whole chain, the relay's own first")]
    NoCertificate { path: PathBuf },
    #[error("certificate and key do not make a TLS configuration: {detail}. Check that they belong together")]
    Unusable { detail: String },
    #[error("the relay's own certificate cannot be made: {detail}")]
    Make { detail: String },
}

impl TlsError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::File { .. } => "tls_file",
            Self::NoCertificate { .. } => "tls_no_certificate",
            Self::Unusable { .. } => "tls_unusable",
            Self::Make { .. } => "tls_own",
        }
    }
}

/// A TLS configuration, and the pin that phones are told, if any.
pub(super) struct Ready {
    pub(super) config: Arc<rustls::ServerConfig>,
    pub(super) pin: Option<[u8; 32]>,
}

/// `None` if TLS is off.
pub(super) fn prepare(tls: &Tls) -> Result<Option<Ready>, TlsError> {
    let (chain, key, pinned) = match tls {
        Tls::Off => return Ok(None),
        Tls::Files { certificate, key, pinned } => (read_chain(certificate)?, read_key(key)?, *pinned),
        Tls::Own { folder, names } => {
            let (chain, key) = own(folder, names)?;
            (chain, key, true)
        }
    };
    let pin = if pinned { chain.first().map(pin).transpose()? } else { None };
    let unusable = |error: rustls::Error| TlsError::Unusable { detail: error.to_string() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(unusable)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Some(Ready { config: Arc::new(config), pin }))
}

/// SHA-256 of the certificate's SubjectPublicKeyInfo.
pub(super) fn pin(certificate: &CertificateDer<'_>) -> Result<[u8; 32], TlsError> {
    let parsed = ParsedCertificate::try_from(certificate)
        .map_err(|error| TlsError::Unusable { detail: error.to_string() })?;
    Ok(Sha256::digest(parsed.subject_public_key_info()).into())
}

fn read_chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let file_error = |error: rustls::pki_types::pem::Error| TlsError::File {
        path: path.to_path_buf(),
        detail: error.to_string(),
    };
    let chain: Vec<_> = CertificateDer::pem_file_iter(path)
        .map_err(file_error)?
        .collect::<Result<_, _>>()
        .map_err(file_error)?;
    if chain.is_empty() {
        return Err(TlsError::NoCertificate { path: path.to_path_buf() });
    }
    Ok(chain)
}

fn read_key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    PrivateKeyDer::from_pem_file(path)
        .map_err(|error| TlsError::File { path: path.to_path_buf(), detail: error.to_string() })
}

type ChainAndKey = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn own(folder: &Path, names: &[String]) -> Result<ChainAndKey, TlsError> {
    let key = own_key(folder)?;
    let made = |error: rcgen::Error| TlsError::Make { detail: error.to_string() };
    let mut params = CertificateParams::new(names.to_vec()).map_err(made)?;
    params.distinguished_name.remove(DnType::CommonName);
    params.distinguished_name.push(DnType::CommonName, DnValue::Utf8String("Cartera relay".into()));
    // Phones check the key, not the dates: their clocks lie.
    (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2120, 1, 1));
    let certificate = params.self_signed(&key).map_err(made)?;
    let key = PrivateKeyDer::try_from(key.serialize_der())
        .map_err(|detail| TlsError::Make { detail: detail.to_owned() })?;
    Ok((vec![certificate.into()], key))
}

fn own_key(folder: &Path) -> Result<KeyPair, TlsError> {
    let path = folder.join("tls.key");
    let file_error = |detail: String| TlsError::File { path: path.clone(), detail };
    // Made once, whoever comes first: phones keep its pin for good.
    let lock = files::lock(&Folder::new(folder).lock_file());
    let _lock = lock.map_err(|error| file_error(error.to_string()))?;
    match std::fs::read_to_string(&path) {
        Ok(text) => KeyPair::from_pem(&text).map_err(|error| file_error(error.to_string())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let key = KeyPair::generate().map_err(|error| TlsError::Make { detail: error.to_string() })?;
            files::replace_private(&path, key.serialize_pem().as_bytes())
                .map_err(|error| file_error(error.to_string()))?;
            Ok(key)
        }
        Err(error) => Err(file_error(error.to_string())),
    }
}

/// Names under which the relay may be asked for, for a certificate of its own.
pub(super) fn local_names(address: IpAddr, host: Option<&str>) -> Vec<String> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    if !address.is_unspecified() {
        names.push(address.to_string());
    }
    names.extend(host.map(|host| host.trim_matches(['[', ']']).to_owned()));
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use rcgen::PublicKeyData;

    use super::*;

    fn own_tls(dir: &tempfile::TempDir, name: &str) -> Tls {
        Tls::Own { folder: dir.path().into(), names: vec![name.into()] }
    }

    #[test]
    fn its_own_key_stays_and_so_does_the_pin() {
        let dir = tempfile::tempdir().unwrap();
        let first = prepare(&own_tls(&dir, "a.example")).unwrap().unwrap();
        let second = prepare(&own_tls(&dir, "b.example")).unwrap().unwrap();
        assert!(first.pin.is_some());
        assert_eq!(first.pin, second.pin);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(dir.path().join("tls.key")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn files_are_taken_and_wrong_ones_named() {
        let dir = tempfile::tempdir().unwrap();
        let (chain, key) = (dir.path().join("chain.pem"), dir.path().join("key.pem"));
        let made = rcgen::generate_simple_self_signed(vec!["relay.example".into()]).unwrap();
        std::fs::write(&chain, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        let tls = |certificate: &Path, key: &Path, pinned| Tls::Files {
            certificate: certificate.into(),
            key: key.into(),
            pinned,
        };
        assert_eq!(prepare(&tls(&chain, &key, false)).unwrap().unwrap().pin, None);
        let expected: [u8; 32] = Sha256::digest(made.signing_key.subject_public_key_info()).into();
        assert_eq!(prepare(&tls(&chain, &key, true)).unwrap().unwrap().pin, Some(expected));

        let code = |tls: Tls| prepare(&tls).err().map(|error| error.code());
        assert_eq!(code(tls(&dir.path().join("none.pem"), &key, false)), Some("tls_file"));
        assert_eq!(code(tls(&key, &key, false)), Some("tls_no_certificate"));
        assert_eq!(code(tls(&chain, &chain, false)), Some("tls_file"));
        let other = KeyPair::generate().unwrap();
        std::fs::write(&key, other.serialize_pem()).unwrap();
        assert_eq!(code(tls(&chain, &key, false)), Some("tls_unusable"));
    }
}
