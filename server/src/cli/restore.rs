//! `restore`: a workspace from a backup. Without `--yes` it only says what it would do.

use std::io::{BufRead, Write};
use std::path::PathBuf;

use cartera_core::env::SystemEnv;
use cartera_core::model::WorkspaceId;
use clap::Args;

use super::backup::{Bar, tell};
use super::config::Config;
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
    /// There is no journal: every phone has to be confirmed, every token made anew, every erasure repeated
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
            writeln!(out, "Nothing was done. Say --yes to do it.")?;
            return Ok(());
        }
        let restored = order.run(&keys, &SystemEnv, &mut show)?;
        bar.0.finish_and_clear();
        writeln!(out, "Restored into {}:", config.folder.data.display())?;
        tell(&restored.contents, out)?;
        writeln!(out, "{} decisions of the journal done again", restored.caught_up.acts)?;
        if let Some(aside) = &restored.aside {
            writeln!(out, "What was there before is {}", aside.display())?;
        }
        if order.without_journal {
            writeln!(
                out,
                "Confirm the phones with `cartera-relay device confirm`, once you know that none was lost"
            )?;
        }
        writeln!(out, "Phones that sync now offer what this backup lacks.")?;
        Ok(())
    }
}

/// The key file's, or as it is typed.
fn keys(config: &Config, out: &mut dyn Write) -> Result<Keys, CliError> {
    if let Some(keys) = Keys::load(&config.folder.key_file)? {
        return Ok(keys);
    }
    writeln!(out, "Recovery key (eleven groups of five characters):")?;
    out.flush()?;
    let mut text = String::new();
    std::io::stdin().lock().read_line(&mut text)?;
    // Whose it is the backup says.
    Keys::from_recovery(WorkspaceId::from_bytes([0; 16]), text.trim())
        .map_err(|why| CliError::Usage(why.to_owned()))
}

fn foretell(order: &Order, prospect: &Prospect, out: &mut dyn Write) -> Result<(), CliError> {
    writeln!(out, "{} is sound:", order.backup.display())?;
    tell(&prospect.contents, out)?;
    writeln!(out, "Restoring it into {} would:", order.folder.data.display())?;
    writeln!(out, "  - begin another epoch of the log: phones offer what they have and the backup lacks")?;
    writeln!(out, "  - end every login and every open one-time code")?;
    let acts: usize = prospect.lines.iter().map(|line| line.acts.len()).sum();
    match prospect.lines.last() {
        _ if !prospect.whole => {
            writeln!(
                out,
                "  - find no whole journal: every phone has to be confirmed, every token made anew, and"
            )?;
            writeln!(
                out,
                "    what was revoked, erased, merged or moved since must be done again; needs --without-journal"
            )?;
        }
        Some(last) => {
            writeln!(out, "  - do {acts} decisions of the journal again, the last of {}", time(last.at_ms))?
        }
        None => writeln!(out, "  - find nothing in the journal that the backup lacks")?,
    }
    if let Some(path) = &prospect.in_the_way {
        writeln!(out, "  - move {} aside, which needs --replace", path.display())?;
    }
    Ok(())
}
