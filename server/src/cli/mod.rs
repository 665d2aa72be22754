//! The command line: a shell around the same use cases that HTTP calls.
//!
//! Somebody who may run it on the relay's machine owns its files, and so may do everything. Answers go to standard
//! output, errors to standard error with their stable code; the exit status is 0, 1 for what was refused, 2 for a
//! command line that cannot be read.

mod backup;
mod clients;
pub mod config;
#[cfg(feature = "demo")]
mod demo;
mod devices;
mod error;
mod export;
mod figures;
mod import;
mod offers;
mod orders;
mod people;
pub mod qr;
mod quarantine;
mod restore;
mod segments;
mod serve;
mod settings;
mod today;
mod tokens;
mod visit_plan;
mod words;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use cartera_core::env::SystemEnv;
use cartera_core::strings::Language;
use clap::{Parser, Subcommand};

use crate::app::App;
use crate::http::serve::Listener;
use crate::serving::{self, Reached};
use crate::settings::Settings;
use config::{Config, Flags};
pub use error::CliError;

/// Cartera's relay: merges everybody's work and exports it to the back office.
#[derive(Debug, Parser)]
#[command(name = "cartera-relay", version, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the relay; the first start makes the workspace, its recovery key and an administrator
    Serve,
    /// Try everything on this machine: a real customer base, three phones, a day's work without signal
    #[cfg(feature = "demo")]
    Demo(demo::Demo),
    /// Link a phone: make a one-time code for somebody, and show it as a QR code
    Enrol(devices::Enrol),
    /// Make a one-time code with which somebody logs in
    Login(devices::Login),
    /// See, revoke phones
    #[command(subcommand)]
    Device(devices::Device),
    /// See, add, change people
    #[command(subcommand)]
    People(people::People),
    /// Move clients between territories, lend them
    #[command(subcommand)]
    Client(clients::Client),
    /// See, add, rename territories
    #[command(subcommand)]
    Territory(people::Territory),
    /// See, make, revoke tokens for programs
    #[command(subcommand)]
    Token(tokens::Token),
    /// Take in a file of the office's: clients, articles, prices, sales, due items, acquisition spend, answers to surveys
    Import(import::Import),
    /// Give out what the relay knows: a resource as CSV, NDJSON, JSON, Parquet or workbook; without one, the list of them
    Export(export::Export),
    /// What the portfolio is worth, how it moves, where its risk sits; or one client's figures
    Figures(figures::Figures),
    /// See shared segments, and the clients of one
    Segments(segments::Segments),
    /// What is to be done today and why: a person's list, or everybody's; visits of the plan have a star
    Today(today::Today),
    /// What to offer a client: its usual basket, what is due, what it gave up, what clients like it buy
    Offers(offers::Offers),
    /// See the visit plan that follows from ABC classes, and accept it
    VisitPlan(visit_plan::VisitPlan),
    /// Make a backup now, list them, look through one
    Backup(backup::Backup),
    /// See orders that are not offered to the ERP, and say what it has of them after a restore
    #[command(subcommand)]
    Order(orders::Order),
    /// See, take or refuse what phones offered after a restore without a proof
    #[command(subcommand)]
    Quarantine(quarantine::Quarantine),
    /// Bring a workspace back from a backup; says first what it would do
    Restore(restore::Restore),
    /// The journal is lost for good: begin another one
    NewJournal,
    /// See settings, or change them: offline_days=14 sales_months=24
    Settings(settings::Settings),
    /// See who did what
    Audit(settings::Audit),
}

/// Runs the command line `args`, the program's own name included.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors, and clap knows which is which.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let env = |name: &str| std::env::var(name).ok();
    let mut out = std::io::stdout().lock();
    match cli
        .command
        .expect_no_flags_of_no_use(&cli.flags)
        .and_then(|()| Ok(Config::resolve(&cli.flags, &env)?))
        .and_then(|config| cli.command.run(&config, &mut out))
    {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "cartera-relay: {}: {error}", error.code());
            ExitCode::FAILURE
        }
    }
}

impl Command {
    /// Somebody who names a data folder for the demo would look for it in vain.
    fn expect_no_flags_of_no_use(&self, flags: &Flags) -> Result<(), CliError> {
        #[cfg(feature = "demo")]
        if matches!(self, Self::Demo(_)) && *flags != Flags::default() {
            return Err(CliError::Usage(words::words("demo-no_configuration", &[])));
        }
        let _ = flags;
        Ok(())
    }

    fn run(self, config: &Config, out: &mut dyn Write) -> Result<(), CliError> {
        if matches!(self, Self::Serve) {
            return serve::serve(config, out);
        }
        #[cfg(feature = "demo")]
        if let Self::Demo(asked) = &self {
            return demo::demo(asked, out);
        }
        if let Self::Backup(command) = self {
            return command.run(config, out);
        }
        if let Self::Restore(command) = self {
            return command.run(config, out);
        }
        if matches!(self, Self::NewJournal) {
            let number = App::begin_journal(&config.folder, &SystemEnv)?;
            let file = words::shown(config.folder.journal.display());
            return Ok(words::say(out, "journal-begun", &[("file", file), ("number", number.into())])?);
        }
        let app = match self {
            Self::Enrol(_) | Self::Login(_) => open_reachable(config)?,
            _ => open(config)?,
        };
        match self {
            Self::Serve | Self::Backup(_) | Self::Restore(_) | Self::NewJournal => Ok(()),
            #[cfg(feature = "demo")]
            Self::Demo(_) => Ok(()),
            Self::Enrol(command) => command.run(&app, config, out),
            Self::Login(command) => command.run(&app, out),
            Self::Device(command) => command.run(&app, out),
            Self::People(command) => command.run(&app, out),
            Self::Client(command) => command.run(&app, out),
            Self::Territory(command) => command.run(&app, out),
            Self::Token(command) => command.run(&app, out),
            Self::Order(command) => command.run(&app, out),
            Self::Quarantine(command) => command.run(&app, out),
            Self::Import(command) => command.run(&app, out),
            Self::Figures(command) => command.run(&app, out),
            Self::Segments(command) => command.run(&app, out),
            Self::Offers(command) => command.run(&app, out),
            Self::VisitPlan(command) => command.run(&app, out),
            Self::Today(command) => command.run(&app, out),
            Self::Export(command) => command.run(&app, out, &mut std::io::stderr()),
            Self::Settings(command) => command.run(&app, out),
            Self::Audit(command) => command.run(&app, out),
        }
    }
}

/// The language that was asked for, or else that of the terminal.
fn language(asked: Option<Language>) -> Language {
    let spoken = std::env::var("LANG").ok().and_then(|lang| lang.parse().ok());
    asked.or(spoken).unwrap_or(Language::English)
}

/// An instant as a person reads it, in UTC.
fn time(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms)
        .map_or("?".into(), |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

/// The workspace that is there, for commands beside a running relay.
fn open(config: &Config) -> Result<App, CliError> {
    Ok(App::open(&config.folder, Arc::new(SystemEnv), Settings::default())?)
}

/// As [`open`], for commands that say how the relay is reached.
fn open_reachable(config: &Config) -> Result<App, CliError> {
    if !config.folder.database().exists() {
        return open(config);
    }
    let Reached { public_url, pin } = reached(config)?;
    let settings = Settings { public_url, pin, ..Settings::default() };
    Ok(App::open(&config.folder, Arc::new(SystemEnv), settings)?)
}

/// What phones are to be told: as this command was told, else as the relay told them when it last started, else as the
/// file says.
fn reached(config: &Config) -> Result<Reached, CliError> {
    let told = config.told;
    let last = if told.public_url && told.tls { None } else { serving::last(&config.folder)? };
    let pin = match &last {
        Some(last) if !told.tls => last.pin,
        _ => Listener::pin_of(&config.listen.tls)?,
    };
    let scheme = if config.listen.tls == crate::Tls::Off { "http" } else { "https" };
    let public_url = match (&config.public_url, last) {
        (Some(url), _) if told.public_url => url.clone(),
        (None, _) if told.listen || told.tls => format!("{scheme}://{}", config.listen.address),
        (_, Some(last)) if !told.listen && !told.tls => last.public_url,
        (Some(url), _) => url.clone(),
        (None, _) => return Err(CliError::Unreached { folder: config.folder.data.clone() }),
    };
    Ok(Reached { public_url, pin })
}
