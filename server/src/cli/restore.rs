//! `restore`: a workspace from a backup. Without `--yes` it only says what it would do.

use std::io::{BufRead, Write};
use std::path::PathBuf;

use cartera_core::env::SystemEnv;
use cartera_core::model::WorkspaceId;
use clap::Args;

use super::backup::{Bar, tell};
use super::config::Config;
use super::words::{say, shown};
use super::{CliError, time};
use crate::backup::Stage;
use crate::backup::restore::{Prospect, Restore as Order};
use crate::keys::Keys;

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The backup
    file: PathBuf,
    /// The journal to follow [default: --journal, else journal.log in the data folder]
    #[arg(long, value_name = "FILE")]
    follow: Option<PathBuf>,
    /// A database that is there already is moved aside
    #[arg(long)]
    replace: bool,
    /// There is no journal: every phone has to be confirmed, every token made anew, every order that waits looked up in
    /// the ERP, every erasure repeated
    #[arg(long)]
    without_journal: bool,
    /// Do it
    #[arg(long)]
    yes: bool,
}

impl Restore {
    pub(super) fn run(self, config: &Config, out: &mut dyn Write) -> Result<(), CliError> {
        let keys = keys(config, out)?;
        let order = Order {
            backup: self.file,
            folder: config.folder.clone(),
            journal: self.follow,
            replace: self.replace,
            without_journal: self.without_journal,
        };
        let bar = Bar::new();
        let mut show = |done, all| bar.show(Stage::Verifying, done, all);
        if !self.yes {
            let prospect = order.prospect(&keys, &mut show)?;
            bar.0.finish_and_clear();
            foretell(&order, &prospect, out)?;
            return Ok(say(out, "restore-not_done", &[])?);
        }
        let restored = order.run(&keys, &SystemEnv, &mut show)?;
        bar.0.finish_and_clear();
        say(out, "restore-done", &[("folder", shown(config.folder.data.display()))])?;
        tell(&restored.contents, out)?;
        say(out, "restore-followed", &[("decisions", restored.caught_up.acts.into())])?;
        if let Some(aside) = &restored.aside {
            say(out, "restore-was", &[("file", shown(aside.display()))])?;
        }
        if order.without_journal {
            say(out, "restore-confirm", &[])?;
            say(out, "restore-orders", &[])?;
        }
        Ok(say(out, "restore-phones", &[])?)
    }
}

/// The key file's, or as it is typed.
fn keys(config: &Config, out: &mut dyn Write) -> Result<Keys, CliError> {
    if let Some(keys) = Keys::load(&config.folder.key_file)? {
        return Ok(keys);
    }
    say(out, "restore-key", &[])?;
    out.flush()?;
    let mut text = String::new();
    std::io::stdin().lock().read_line(&mut text)?;
    // Whose it is the backup says.
    Keys::from_recovery(WorkspaceId::from_bytes([0; 16]), text.trim())
        .map_err(|why| CliError::Usage(why.to_owned()))
}

fn foretell(order: &Order, prospect: &Prospect, out: &mut dyn Write) -> Result<(), CliError> {
    say(out, "backup-sound", &[("file", shown(order.backup.display()))])?;
    tell(&prospect.contents, out)?;
    say(out, "restore-would", &[("folder", shown(order.folder.data.display()))])?;
    say(out, "restore-epoch", &[])?;
    say(out, "restore-logins", &[])?;
    let acts: usize = prospect.lines.iter().map(|line| line.acts.len()).sum();
    match prospect.lines.last() {
        _ if !prospect.whole => say(out, "restore-not_whole", &[])?,
        Some(last) => {
            say(out, "restore-again", &[("decisions", acts.into()), ("when", shown(time(last.at_ms)))])?;
        }
        None => say(out, "restore-nothing_lacking", &[])?,
    }
    if let Some(path) = &prospect.in_the_way {
        say(out, "restore-aside", &[("file", shown(path.display()))])?;
    }
    Ok(())
}
