//! `GET /v1/live`: a phone hears how far its scope has got, and pulls.
//!
//! At once when it was quiet, then at most once in [`PAUSE`], with jitter, so that a burst of commits is one event and
//! a thousand phones do not pull in the same instant. Commits wake listeners; nobody polls the store: what a device
//! sees is read when it begins to listen, and again with each event.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use cartera_core::env::random_bytes;
use cartera_core::sync::wire::live::Reached;
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{sleep, timeout};

use super::SyncError;
use crate::app::App;
use crate::devices::Device;
use crate::http::problem::Problem;
use crate::storage::log::Sees;

/// Listeners at one time.
pub const LISTENERS: usize = 4_096;
/// Between two events of one listener, at least; with up to as much again.
pub const PAUSE: Duration = Duration::from_secs(1);
/// A line that means nothing, so that nobody on the way takes the connection for dead.
const KEEP_OPEN: Duration = Duration::from_secs(25);

struct Listener {
    app: App,
    device: Device,
    sees: Sees,
    told: u64,
    quiet: bool,
    _place: OwnedSemaphorePermit,
}

/// The stream of events for a device; ends when the relay stops or the device is revoked.
pub(super) async fn listen(
    app: App,
    device: Device,
) -> Result<impl Stream<Item = Result<Bytes, Infallible>> + Send + use<>, Problem> {
    let place = Arc::clone(&app.sync.listeners)
        .try_acquire_owned()
        .map_err(|_| Problem::from(SyncError::TooManyListeners).retry_after(60))?;
    let sees = look(&app, &device).await?.ok_or(SyncError::UnknownDevice)?;
    let listener = Listener { app, device, sees, told: 0, quiet: true, _place: place };
    Ok(unfold(listener, |mut listener| async move {
        let piece = listener.next().await?;
        Some((Ok(Bytes::from(piece)), listener))
    }))
}

async fn look(app: &App, device: &Device) -> Result<Option<Sees>, Problem> {
    let id = device.id;
    app.run(move |app| app.storage.sees(id)).await
}

impl Listener {
    /// What is to be written next; `None` at the end.
    async fn next(&mut self) -> Option<String> {
        if self.told == 0 {
            // The first event says where the scope stands now.
            self.told = self.sees.reached.max(1);
            return Some(Reached { number: self.sees.reached }.to_event());
        }
        if !self.quiet {
            let app = self.app.clone();
            tokio::select! {
                () = sleep(self.pause()) => {}
                () = app.stopping() => return None,
            }
            self.sees = look(&self.app, &self.device).await.ok()??;
        }
        let app = self.app.clone();
        let mut watch = app.storage.reached().watch();
        loop {
            watch.mark_unchanged();
            let reached = self.app.storage.reached().of(&self.sees);
            if reached > self.told {
                self.told = reached;
                self.quiet = false;
                return Some(Reached { number: reached }.to_event());
            }
            self.quiet = true;
            tokio::select! {
                changed = timeout(KEEP_OPEN, watch.changed()) => match changed {
                    Ok(Ok(())) => {}
                    Ok(Err(_)) => return None,
                    Err(_) => return Some(":\n\n".to_owned()),
                },
                () = app.stopping() => return None,
            }
        }
    }

    fn pause(&self) -> Duration {
        let [random] = random_bytes::<1>(self.app.env.as_ref());
        PAUSE + PAUSE * u32::from(random) / 255
    }
}
