//! Listening to the relay's 'your scope reached N'. It carries no data: it only says when a pull is worth its while.

use std::time::Duration;

use tokio::sync::watch;

use super::{CONNECT_TIMEOUT, Pin, TransportError, pin, told_apart};
use crate::sync::wire::live::{LiveParser, Reached};

/// Without even a comment for this long the connection is taken for dead.
const SILENCE: Duration = Duration::from_secs(90);

/// Listens until the relay ends it, the connection breaks, or `stop` says so; calls `heard` for each event.
pub(crate) fn listen(
    base: &str,
    pin: Option<Pin>,
    token: &str,
    mut stop: watch::Receiver<bool>,
    mut heard: impl FnMut(Reached),
) -> Result<(), TransportError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| TransportError::Broken(error.to_string()))?;
    runtime.block_on(async {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(
                pin::config(pin).map_err(|error| TransportError::Address(error.to_string()))?,
            )
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(SILENCE)
            .user_agent("")
            .build()
            .map_err(told_apart)?;
        let request = client.get(format!("{}/v1/live", base.trim_end_matches('/'))).bearer_auth(token);
        let mut answer = tokio::select! {
            answer = request.send() => answer.map_err(told_apart)?,
            _ = stop.wait_for(|stop| *stop) => return Ok(()),
        };
        if answer.status() != reqwest::StatusCode::OK {
            return Err(TransportError::Broken(format!(
                "the relay does not tell live ({})",
                answer.status()
            )));
        }
        let mut parser = LiveParser::default();
        loop {
            let piece = tokio::select! {
                piece = answer.chunk() => piece.map_err(told_apart)?,
                _ = stop.wait_for(|stop| *stop) => return Ok(()),
            };
            let Some(piece) = piece else { return Ok(()) };
            parser.push(&piece).into_iter().for_each(&mut heard);
        }
    })
}
