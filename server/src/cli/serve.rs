//! `serve`: the relay until somebody stops it.

use std::io::Write;
use std::sync::Arc;

use cartera_core::env::SystemEnv;
use cartera_core::model::hex::Hex;
use tracing_subscriber::EnvFilter;

use super::config::Config;
use super::words::{say, shown};
use super::{CliError, time};
use crate::app::{App, OpenError};
use crate::backup::schedule::Upkeep;
use crate::devices::Purpose;
use crate::devices::enrol::{Invite, invite};
use crate::http::serve::{Listener, ServeError, Stopper, serve as answer};
use crate::people::access::By;
use crate::people::first;
use crate::secret::grouped;
use crate::serving::{Reached, Serving};
use crate::settings::Settings;

pub(super) fn serve(config: &Config, out: &mut dyn Write) -> Result<(), CliError> {
    log(config)?;
    let data = &config.folder.data;
    crate::files::create_private_dir(data)
        .map_err(|error| OpenError::Folder { path: data.clone(), detail: error.to_string() })?;
    let serving = Serving::begin(&config.folder)?;
    let listener = Listener::bind(&config.listen)?;
    let settings = Settings {
        public_url: config.public_url.clone().unwrap_or_else(|| listener.url()),
        pin: listener.pin(),
        behind_proxy: config.behind_proxy,
        backups: config.backups.clone(),
    };
    let app = App::open_or_create(&config.folder, Arc::new(SystemEnv), settings)?;
    let Settings { public_url, pin, .. } = app.settings.as_ref().clone();
    serving.announce(&Reached { public_url, pin })?;
    let relay = answer(app.clone(), listener)?;
    let _upkeep = Upkeep::begin(app.clone())?;
    stop_on_signal(relay.stopper())?;
    say(out, "serve-at", &[("url", shown(relay.url()))])?;
    if let Some(pin) = pin {
        say(out, "serve-pin", &[("pin", shown(Hex(&pin)))])?;
    }
    if let Some(administrator) = first::administrator(&app)? {
        writeln!(out)?;
        let place = [("workspace", shown(app.workspace.id)), ("folder", shown(config.folder.data.display()))];
        say(out, "serve-new", &place)?;
        say(out, "serve-key", &[("key", shown(app.keys.recovery_text()))])?;
        say(out, "serve-key_file", &[("file", shown(config.folder.key_file.display()))])?;
        let invite = invite(&app, By::CONSOLE, administrator.id, Purpose::Session)?;
        show_login(&app, &administrator.name, &invite, out)?;
    }
    match &config.backups {
        Some(backups) => say(out, "serve-backups", &[("folder", shown(backups.places.to.display()))])?,
        None => say(out, "serve-no_backups", &[])?,
    }
    out.flush()?;
    relay.wait()?;
    say(out, "serve-stopped", &[])?;
    Ok(())
}

/// A one-time login code, and how to use it.
pub(super) fn show_login(app: &App, name: &str, invite: &Invite, out: &mut dyn Write) -> std::io::Result<()> {
    let url = &app.settings.public_url;
    let code = shown(grouped(&invite.code, 5));
    let args = [("name", shown(name)), ("when", shown(time(invite.expires_ms))), ("code", code)];
    say(out, "login", &args)?;
    writeln!(out, "  {url}/welcome?code={}", invite.code)?;
    writeln!(
        out,
        "  curl -s {url}/v1/session -H 'content-type: application/json' -d '{{\"code\":\"{}\"}}'",
        invite.code
    )
}

/// To standard error: ids and codes, never names or what people wrote.
fn log(config: &Config) -> Result<(), CliError> {
    let filter = EnvFilter::try_new(&config.log)
        .map_err(|error| CliError::Usage(format!("log = {:?} is no filter: {error}", config.log)))?;
    let logs =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false);
    // Whoever runs the relay inside another program may have set logging up already.
    let _ = if config.log_json { logs.json().try_init() } else { logs.try_init() };
    Ok(())
}

/// The first signal stops the relay gently, the second one at once. The handlers are in place when this returns.
pub(super) fn stop_on_signal(stopper: Stopper) -> Result<(), CliError> {
    let threads = |error: std::io::Error| ServeError::Threads { detail: error.to_string() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(threads)?;
    let mut signals = {
        let _inside = runtime.enter();
        Signals::listen().map_err(threads)?
    };
    let wait = move || {
        runtime.block_on(async {
            signals.next().await;
            tracing::info!("stopping");
            stopper.stop();
            signals.next().await;
            std::process::exit(130);
        });
    };
    std::thread::Builder::new().name("signals".into()).spawn(wait).map_err(threads)?;
    Ok(())
}

/// SIGINT and SIGTERM; elsewhere Ctrl-C.
struct Signals {
    #[cfg(unix)]
    streams: [tokio::signal::unix::Signal; 2],
}

impl Signals {
    #[cfg(unix)]
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { streams: [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?] })
    }

    #[cfg(not(unix))]
    fn listen() -> std::io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(unix)]
    async fn next(&mut self) {
        let [interrupt, terminate] = &mut self.streams;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }

    #[cfg(not(unix))]
    async fn next(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
