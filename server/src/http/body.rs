//! Bodies of requests, bounded one by one and all together.
//!
//! A request takes its body's length from a common budget before the first byte is read, and waits if there is
//! not enough; so a thousand phones that return at once need as much memory as a few. Bodies of the sync protocol
//! may be compressed; what they claim to unpack to comes out of a second budget.

use std::fs::File;
use std::io::{Seek, Write};
use std::sync::Arc;

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use cartera_core::sync::wire;
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;

use super::limits;
use super::problem::Problem;
use crate::app::App;

/// Budgets are counted in these, since a semaphore counts to 2^32.
const UNIT: usize = 1 << 10;

/// What all requests together may hold.
#[derive(Debug, Clone)]
pub struct Budgets {
    arriving: Arc<Semaphore>,
    inflated: Arc<Semaphore>,
}

impl Budgets {
    pub(crate) fn new() -> Self {
        let of = |bytes: usize| Arc::new(Semaphore::new(bytes / UNIT));
        Self { arriving: of(limits::BODIES_BUDGET), inflated: of(limits::INFLATED_BUDGET) }
    }
}

/// A body of the sync protocol, not yet decoded: decode it where the use case runs.
#[derive(Debug)]
pub struct WireBody {
    pub bytes: Bytes,
    /// Held until the body is dropped.
    _budget: [OwnedSemaphorePermit; 2],
}

impl WireBody {
    pub fn decode<T: for<'b> minicbor::Decode<'b, ()>>(&self) -> Result<T, Problem> {
        Ok(wire::decode(&self.bytes)?)
    }
}

impl FromRequest<App> for WireBody {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        expect_type(request.headers(), &[wire::MEDIA_TYPE])?;
        let (bytes, arriving) = read(request, app, limits::BODY_MAX).await?;
        let inflated = take(&app.budgets.inflated, claimed(&bytes)).await?;
        Ok(Self { bytes, _budget: [arriving, inflated] })
    }
}

/// What a body says that it unpacks to, at most what a message may have; an unpacked one takes what it has.
fn claimed(body: &[u8]) -> usize {
    let is_frame = body.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]);
    if !is_frame {
        return body.len();
    }
    match zstd::zstd_safe::get_frame_content_size(body) {
        Ok(Some(size)) => usize::try_from(size).unwrap_or(usize::MAX).min(limits::INFLATED_MAX),
        _ => limits::INFLATED_MAX,
    }
}

/// A JSON body of at most [`limits::JSON_MAX`].
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        expect_type(request.headers(), &[JSON])?;
        let (bytes, _budget) = read(request, app, limits::JSON_MAX).await?;
        // serde's words name the field and the place; they may quote a word of the body, not a whole value.
        let value = serde_json::from_slice(&bytes)
            .map_err(|error| Problem::bad_request("malformed").detail(error.to_string()))?;
        Ok(Self(value))
    }
}

/// The whole body, and its share of the budget.
pub(crate) async fn read(
    request: Request,
    app: &App,
    max: usize,
) -> Result<(Bytes, OwnedSemaphorePermit), Problem> {
    let length =
        expect_length(request.headers(), max as u64)?.and_then(|length| usize::try_from(length).ok());
    let budget = take(&app.budgets.arriving, length.unwrap_or(max)).await?;
    match to_bytes(request.into_body(), max).await {
        Ok(bytes) => Ok((bytes, budget)),
        Err(error) => {
            let source = std::error::Error::source(&error);
            let limit = source.is_some_and(|source| source.to_string().contains("length limit"));
            Err(if limit { too_large(max as u64) } else { broken_off() })
        }
    }
}

/// The whole body as a temporary file, read from its beginning: for what is too large to be held in memory.
pub(crate) async fn spool(request: Request, max: u64) -> Result<File, Problem> {
    let failed = |error: std::io::Error| {
        tracing::error!(%error, "a file that arrives cannot be kept");
        let unavailable = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable");
        unavailable.detail("the relay has no room for the file while it arrives").retry_after(60)
    };
    expect_length(request.headers(), max)?;
    let mut file = tempfile::tempfile().map_err(failed)?;
    let mut left = max;
    let mut pieces = request.into_body().into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| broken_off())?;
        left = left.checked_sub(piece.len() as u64).ok_or_else(|| too_large(max))?;
        let written = spawn_blocking(move || file.write_all(&piece).map(|()| file)).await;
        file = written.map_err(|_| Problem::internal())?.map_err(failed)?;
    }
    file.rewind().map_err(failed)?;
    Ok(file)
}

/// What the head says of the body's length, at most `max`.
fn expect_length(headers: &HeaderMap, max: u64) -> Result<Option<u64>, Problem> {
    let length = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if length.is_some_and(|length| length > max) { Err(too_large(max)) } else { Ok(length) }
}

fn too_large(max: u64) -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large")
        .detail(format!("the body is longer than {max} bytes"))
}

fn broken_off() -> Problem {
    Problem::bad_request("malformed").detail("the body broke off before its end")
}

async fn take(budget: &Arc<Semaphore>, bytes: usize) -> Result<OwnedSemaphorePermit, Problem> {
    let units = u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX);
    Arc::clone(budget).acquire_many_owned(units).await.map_err(|_| Problem::internal())
}

pub(crate) const JSON: &str = "application/json";

/// Which of these types the body has; a compressed one has none of them.
pub(crate) fn expect_type<'t>(headers: &HeaderMap, expected: &[&'t str]) -> Result<&'t str, Problem> {
    let packed =
        headers.get(CONTENT_ENCODING).filter(|name| !name.as_bytes().eq_ignore_ascii_case(b"identity"));
    if packed.is_some() {
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type")
            .detail("requests are not unpacked here: send the body as it is, without `content-encoding`"));
    }
    let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let given = given.split(';').next().unwrap_or("").trim();
    if let Some(known) = expected.iter().find(|expected| expected.eq_ignore_ascii_case(given)) {
        return Ok(known);
    }
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type")
        .detail(format!("expected {}", expected.join(" or "))))
}
