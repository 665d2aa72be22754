//! `cartera-relay demo`: a real customer base and a day's work, on this machine.
//!
//! The customers' purchases are real (the CDNOW data set, see `server/data/cdnow`), moved by a whole number of weeks so
//! that the last day falls within the past seven; names, addresses, the catalogue, and which of its discs a purchase was of,
//! are generated from a seed and marked as such. Everything goes through what production goes through: the relay's own import, enrolment by one-time
//! codes, real HTTP, the real engine, the export that the back office uses.

pub mod baskets;
pub mod cdnow;
pub mod files;
pub mod names;
#[cfg(test)]
mod names_alike;
mod phone;
mod portfolio;
mod story;
mod tale;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cartera_core::engine::EngineError;
use cartera_core::env::{Env, SystemEnv};
use cartera_core::store::StoreError;
use cartera_core::strings::Language;
use cartera_core::sync::session::SyncError;

use self::tale::Tale;
use crate::app::{App, Folder, OpenError};
use crate::devices::Purpose;
use crate::devices::enrol::invite;
use crate::figures;
use crate::http::serve::{Listen, Listener, Running, ServeError, serve};
use crate::import::ImportError;
use crate::people::Role;
use crate::people::access::By;
use crate::people::manage::{NewPerson, add};
use crate::refused::Refused;
use crate::settings::policy;
use crate::storage::StorageError;
use crate::tokens::{Scope, manage};

/// Who looks at the portfolio in a browser.
const MANAGER: &str = "Lucía Ferrer";
/// Of everything that is generated.
const SEED: u64 = 1997;

/// How the demo is to be given.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the workspace and the phones' databases lie; a temporary folder, deleted at the end, when absent.
    pub folder: Option<PathBuf>,
    pub language: Language,
    /// Only the first so many customers; all when absent.
    pub customers: Option<u32>,
}

#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("the demo needs a folder that is empty or not there yet; {0} is not")]
    Folder(PathBuf),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Serve(#[from] ServeError),
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a phone could not sync: {0}")]
    Sync(#[from] SyncError),
    #[error("the customer base cannot be read: {0}")]
    Cdnow(#[from] cdnow::CdnowError),
    #[error("the story does not hold together: {0}")]
    Story(&'static str),
    #[error(transparent)]
    Output(#[from] std::io::Error),
}

impl DemoError {
    /// Stable.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Folder(_) => "demo_folder",
            Self::Open(error) => error.code(),
            Self::Serve(error) => error.code(),
            Self::Import(error) => error.code(),
            Self::Refused(error) => error.code(),
            Self::Storage(error) => error.code(),
            Self::Engine(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Sync(error) => error.code(),
            Self::Cdnow(_) => "demo_data",
            Self::Story(_) => "demo_story",
            Self::Output(_) => "output",
        }
    }
}

/// Elapsed time, by what no wrong clock moves.
pub(crate) struct Watch;

impl Watch {
    #[allow(clippy::disallowed_methods, clippy::unused_self)] // fractions of a millisecond, for people to read
    pub(crate) fn now_ms(&self) -> f64 {
        use std::sync::OnceLock;
        static START: OnceLock<std::time::Instant> = OnceLock::new();
        START.get_or_init(std::time::Instant::now).elapsed().as_secs_f64() * 1e3
    }
}

/// A demo that stays up: the relay answers until it is stopped.
#[derive(Debug)]
pub struct Given {
    pub relay: Running,
    /// Deleted after the relay has stopped: fields are dropped in this order.
    _temporary: Option<Temporary>,
}

impl Given {
    /// Until somebody stops it.
    pub fn wait(self) -> Result<(), ServeError> {
        self.relay.wait()
    }
}

/// Gives the demo, from an empty folder to the export's answer.
pub fn give(options: &Options, out: &mut dyn Write) -> Result<Given, DemoError> {
    let env: Arc<dyn Env> = Arc::new(SystemEnv);
    let watch = Watch;
    let started = watch.now_ms();
    let (folder, temporary) = folder(options, &*env)?;
    let listener = Listener::bind(&Listen::loopback())?;
    let settings = listener.settings();
    let app = App::open_or_create(&Folder::new(folder.join("relay")), env.clone(), settings)?;
    let relay = serve(app.clone(), listener)?;
    let mut tale = Tale::new(out, options.language);
    tale.heading("demo-title")?;
    tale.say("demo-relay", &[("url", relay.url().into()), ("folder", folder.display().to_string().into())])?;

    let phones_folder = folder.join("phones");
    crate::files::create_private_dir(&phones_folder)?;
    // The data set has eighteen months: two windows of six are all that it can compare.
    let months = [("retention_months", "6"), ("value_months", "0")];
    let months = months.map(|(name, value)| (name.to_owned(), value.to_owned()));
    policy::change(&app, By::CONSOLE, &months)?;
    let territories = portfolio::import(&app, options.customers, &watch, &mut tale)?;
    let phones = story::enrol(&app, &phones_folder, &territories, &watch, &mut tale)?;
    let day = story::work_offline(&app, &phones, &territories, &watch, &mut tale)?;
    story::come_back(&phones, &day, &watch, &mut tale)?;
    worth(&app, &watch, &mut tale)?;
    export(&app, relay.url(), &mut tale)?;
    console(&app, relay.url(), &mut tale)?;
    tale.say("demo-took", &[("seconds", format!("{:.0}", (watch.now_ms() - started) / 1e3).into())])?;
    tale.say("demo-stays", &[])?;
    Ok(Given { relay, _temporary: temporary })
}

/// What the portfolio is worth, how it moves, where its risk sits, and whom to call first.
fn worth(app: &App, watch: &Watch, tale: &mut Tale<'_>) -> Result<(), DemoError> {
    tale.heading("demo-figures")?;
    let today = figures::today(app);
    figures::refit::refit(app, By::CONSOLE, today)?;
    figures::cross_sell::refit(app, By::CONSOLE, today)?;
    let started = watch.now_ms();
    let found = figures::portfolio(app, By::CONSOLE, today)?;
    let milliseconds = format!("{:.0}", watch.now_ms() - started);
    tale.show(&figures::summary_text(&found, tale.language()))?;
    let clients = tale::number(found.clients());
    tale.say("demo-figures-took", &[("clients", clients.into()), ("milliseconds", milliseconds.into())])?;
    Ok(())
}

/// The address of the export, a line to copy, and what it answers.
fn export(app: &App, url: &str, tale: &mut Tale<'_>) -> Result<(), DemoError> {
    tale.heading("demo-export")?;
    let token = manage::create(app, By::CONSOLE, "demo", &[Scope::Export], 30)?;
    tale.say("demo-export-how", &[])?;
    tale.show(&format!("\n   curl -H 'Authorization: Bearer {}' {url}/v1/export/visits.csv\n", token.text))?;
    let first = portfolio::first_lines(url, &token.text, "/v1/export/visits.csv", 4)?;
    Ok(tale.show(&first)?)
}

/// A link that logs a sales manager in, once.
fn console(app: &App, url: &str, tale: &mut Tale<'_>) -> Result<(), DemoError> {
    tale.heading("demo-console")?;
    let new = NewPerson {
        name: MANAGER.into(),
        role: Role::Manager,
        all_territories: None,
        territories: Vec::new(),
    };
    let person = add(app, By::CONSOLE, &[new])?.pop().ok_or(DemoError::Story("a person was added"))?;
    let code = invite(app, By::CONSOLE, person.id, Purpose::Session)?.code;
    tale.say("demo-console-how", &[("name", MANAGER.into())])?;
    Ok(tale.show(&format!("\n   {url}/welcome?code={code}&next=/overview\n"))?)
}

fn folder(options: &Options, env: &dyn Env) -> Result<(PathBuf, Option<Temporary>), DemoError> {
    match &options.folder {
        Some(folder) => {
            let empty = !folder.exists() || folder.read_dir()?.next().is_none();
            if !empty {
                return Err(DemoError::Folder(folder.clone()));
            }
            crate::files::create_private_dir(folder)?;
            Ok((folder.clone(), None))
        }
        None => {
            let name = cartera_core::model::RecordId::new(env);
            let folder = std::env::temp_dir().join(format!("cartera-demo-{name}"));
            crate::files::create_private_dir(&folder)?;
            Ok((folder.clone(), Some(Temporary(folder))))
        }
    }
}

/// A folder that goes with the demo.
#[derive(Debug)]
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        let folder: &Path = &self.0;
        let _ = std::fs::remove_dir_all(folder);
    }
}
