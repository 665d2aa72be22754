//! `backup`: now, which there are, and whether one is sound.

use std::io::Write;
use std::path::{Path, PathBuf};

use cartera_core::env::{Env, SystemEnv};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

use super::config::Config;
use super::words::{say, shown, words};
use super::{CliError, time};
use crate::app::OpenError;
use crate::backup::desk::note_check;
use crate::backup::{BackupError, Places, Stage, list, make, name, verify};
use crate::keys::Keys;
use crate::people::access::By;
use crate::storage::backup::Contents;

const HOUR_MS: i64 = 60 * 60 * 1000;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Backup {
    /// Folder to put it in [default: --backup-dir, else `backups` in the data folder]
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The backups in the folder, newest first
    List,
    /// Open a backup and look through all of it
    Verify {
        /// The backup
        file: PathBuf,
    },
}

impl Backup {
    pub(super) fn run(self, config: &Config, out: &mut dyn Write) -> Result<(), CliError> {
        let folder = |to: Option<PathBuf>| {
            to.or_else(|| config.backups.as_ref().map(|backups| backups.places.to.clone()))
                .unwrap_or_else(|| config.folder.data.join("backups"))
        };
        match self.what {
            None => {
                let app = super::open(config)?;
                let places = Places { to: folder(self.to), work: config.folder.data.clone() };
                let bar = Bar::new();
                let made =
                    make(&app, By::CONSOLE, &places, &mut |stage, done, all| bar.show(stage, done, all))?;
                bar.0.finish_and_clear();
                writeln!(out, "{}", made.path.display())?;
                say(out, "backup-made", &[("bytes", made.bytes.into())])?;
                tell(&made.contents, out)?;
                if config.backups.is_none() {
                    say(out, "backup-no_schedule", &[])?;
                }
                say(out, "backup-key", &[])?;
            }
            Some(What::List) => {
                let folder = folder(None);
                let found = list(&folder)?;
                if found.is_empty() {
                    say(out, "backup-none", &[("folder", shown(folder.display()))])?;
                }
                for found in found {
                    let hours = (SystemEnv.now_ms() - found.at_ms) / HOUR_MS;
                    let args = [
                        ("when", shown(time(found.at_ms))),
                        ("bytes", found.bytes.into()),
                        ("hours", hours.into()),
                        ("workspace", shown(found.workspace)),
                        ("file", shown(found.path.display())),
                    ];
                    say(out, "backup-listed", &args)?;
                }
            }
            Some(What::Verify { file }) => {
                let keys = keys(config)?;
                let bar = Bar::new();
                let contents = verify(&file, &work(&config.folder.data, &file), &keys, &mut |done, all| {
                    bar.show(Stage::Verifying, done, all);
                });
                note(config, &keys, &file, contents.as_ref().err())?;
                let contents = contents?;
                bar.0.finish_and_clear();
                say(out, "backup-sound", &[("file", shown(file.display()))])?;
                tell(&contents, out)?;
            }
        }
        Ok(())
    }
}

/// The key of the workspace in the data folder, or of the file that was named.
fn keys(config: &Config) -> Result<Keys, CliError> {
    let path = &config.folder.key_file;
    let missing = || OpenError::KeyMissing { database: config.folder.database(), key_file: path.clone() };
    Ok(Keys::load(path)?.ok_or_else(missing)?)
}

/// The relay of this folder remembers what came of it, if it is one of its backups.
fn note(config: &Config, keys: &Keys, file: &Path, error: Option<&BackupError>) -> Result<(), CliError> {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let is_ours = name::parse(&name).is_some_and(|(workspace, _)| workspace == keys.workspace());
    if is_ours && config.folder.database().exists() {
        note_check(&super::open(config)?, &name, error)?;
    }
    Ok(())
}

/// Where the plain copy passes through: the relay's own folder, or beside the backup where there is none.
fn work(data: &Path, file: &Path) -> PathBuf {
    if data.is_dir() { data.to_path_buf() } else { file.parent().map_or(".".into(), Path::to_path_buf) }
}

pub(super) fn tell(contents: &Contents, out: &mut dyn Write) -> Result<(), CliError> {
    let count =
        |table: &str| contents.counts.iter().find(|(name, _)| name == table).map_or(0, |(_, rows)| *rows);
    let head = [("workspace", shown(contents.workspace.id)), ("number", contents.number.into())];
    say(out, "backup-contents", &head)?;
    let counts = [
        ("clients", count("clients").into()),
        ("changes", count("changes").into()),
        ("office", count("office").into()),
        ("people", count("people").into()),
        ("phones", count("devices").into()),
    ];
    Ok(say(out, "backup-counts", &counts)?)
}

pub(super) struct Bar(pub(super) ProgressBar);

impl Bar {
    pub(super) fn new() -> Self {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{msg:10} {bar:40} {percent:>3} %") {
            bar.set_style(style);
        }
        Self(bar)
    }

    pub(super) fn show(&self, stage: Stage, done: u64, all: u64) {
        self.0.set_message(words(&format!("backup-{}", stage.as_str()), &[]));
        self.0.set_length(all);
        self.0.set_position(done);
    }
}
