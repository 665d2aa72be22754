//! The one place of the engine that opens a socket.
//!
//! A [`Transport`] takes a request's bytes to the relay and brings the answer's bytes back; it knows nothing of what
//! is in them. The simulation has another one.

pub(crate) mod live;
mod pin;

use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub use pin::Pin;

/// One request to the relay.
#[derive(Debug, Clone)]
pub struct Call<'a> {
    /// With its leading slash.
    pub path: &'a str,
    /// The device's token, absent before enrolment.
    pub token: Option<&'a str>,
    pub body: Vec<u8>,
}

/// What the relay, or whatever stands in its place, answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Empty when the header is missing.
    pub media_type: String,
    pub body: Vec<u8>,
}

/// No answer came. Nothing is known of whether the request arrived.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// No network, no address, connection refused.
    #[error("the relay cannot be reached: {0}")]
    Unreachable(String),
    #[error("the relay did not answer in time")]
    TimedOut,
    /// The certificate is not the one that was pinned at enrolment, or nobody known vouches for it.
    #[error("whoever answers at the relay's address is not the relay: {0}")]
    NotTheRelay(String),
    #[error("the connection broke off: {0}")]
    Broken(String),
    #[error("the answer is larger than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("`{0}` is no address of a relay")]
    Address(String),
}

impl TransportError {
    /// Stable; `strings` has the words.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "relay_unreachable",
            Self::TimedOut => "relay_timed_out",
            Self::NotTheRelay(_) => "relay_not_trusted",
            Self::Broken(_) => "connection_broken",
            Self::TooLarge { .. } => "answer_too_large",
            Self::Address(_) => "relay_address",
        }
    }
}

/// Brings bytes to the relay and back.
pub trait Transport: Send + Sync {
    fn post(&self, call: Call<'_>) -> Result<Answer, TransportError>;

    /// Whether an exchange may go on while its caller does something else. A network can; a simulation, in which one
    /// thread is everybody, cannot.
    fn runs_beside(&self) -> bool {
        false
    }
}

/// An answer larger than this is not read to its end.
pub const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// A whole exchange; a slow line gets smaller pages rather than more time.
const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(120);
/// A connection that was idle for longer is not trusted to be one still: a phone changes its network without a word.
const IDLE: Duration = Duration::from_secs(20);

/// HTTP or HTTPS over the operating system's network.
#[derive(Debug)]
pub struct HttpTransport {
    base: String,
    client: reqwest::blocking::Client,
}

impl HttpTransport {
    /// `base` is the relay's address, such as `https://relay.example:8443`. With a `pin`, only a relay that proves
    /// to hold that key, or a certificate under that authority, is talked to; without one, the public authorities
    /// count. Proxies of the environment and redirects are not followed: a captive portal is not the relay.
    pub fn new(base: &str, pin: Option<Pin>) -> Result<Self, TransportError> {
        let base = base.trim_end_matches('/').to_owned();
        let address = |text: &dyn std::fmt::Display| TransportError::Address(text.to_string());
        let url = reqwest::Url::parse(&base).map_err(|_| address(&base))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(address(&base));
        }
        let client = reqwest::blocking::Client::builder()
            .tls_backend_preconfigured(pin::config(pin).map_err(|error| address(&error))?)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(EXCHANGE_TIMEOUT)
            .pool_idle_timeout(IDLE)
            .user_agent("")
            .build()
            .map_err(|error| address(&error))?;
        Ok(Self { base, client })
    }
}

/// The relay at the other end, kept from one sync to the next: reading the authorities and connecting take longer than
/// a visit takes to be sent.
#[derive(Debug, Default)]
pub struct KeptTransport(Mutex<Option<Kept>>);

#[derive(Debug)]
struct Kept {
    base: String,
    pin: Option<Pin>,
    transport: Arc<HttpTransport>,
}

impl KeptTransport {
    /// As [`HttpTransport::new`], or the one that there is; and whether it was there.
    pub fn to(&self, base: &str, pin: Option<Pin>) -> Result<(Arc<HttpTransport>, bool), TransportError> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = kept.as_ref().filter(|kept| kept.base == base && kept.pin == pin) {
            return Ok((Arc::clone(&kept.transport), true));
        }
        let transport = Arc::new(HttpTransport::new(base, pin)?);
        *kept = Some(Kept { base: base.to_owned(), pin, transport: Arc::clone(&transport) });
        Ok((transport, false))
    }

    /// Lets it go.
    pub fn hang_up(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Transport for HttpTransport {
    fn post(&self, call: Call<'_>) -> Result<Answer, TransportError> {
        let mut request = self
            .client
            .post(format!("{}{}", self.base, call.path))
            .header("content-type", crate::sync::wire::MEDIA_TYPE)
            .body(call.body);
        if let Some(token) = call.token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().map_err(told_apart)?;
        let status = answer.status().as_u16();
        let media_type = answer
            .headers()
            .get("content-type")
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .unwrap_or_default()
            .trim()
            .to_owned();
        let mut body = Vec::new();
        let limit = MAX_ANSWER_BYTES as u64 + 1;
        answer
            .take(limit)
            .read_to_end(&mut body)
            .map_err(|error| TransportError::Broken(error.to_string()))?;
        if body.len() > MAX_ANSWER_BYTES {
            return Err(TransportError::TooLarge { limit: MAX_ANSWER_BYTES });
        }
        Ok(Answer { status, media_type, body })
    }

    fn runs_beside(&self) -> bool {
        true
    }
}

fn told_apart(error: reqwest::Error) -> TransportError {
    let chain = chain(&error);
    if chain.contains("invalid peer certificate") || chain.contains(pin::MISMATCH) {
        TransportError::NotTheRelay(chain)
    } else if error.is_timeout() {
        TransportError::TimedOut
    } else if error.is_connect() {
        TransportError::Unreachable(chain)
    } else {
        TransportError::Broken(chain)
    }
}

/// An error and all that caused it, without the address, which may carry a customer's host name into a log.
fn chain(error: &reqwest::Error) -> String {
    let mut text = Vec::new();
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push(error.to_string());
        cause = error.source();
    }
    if text.is_empty() { "no reason given".to_owned() } else { text.join(": ") }
}
