//! `demo`: the whole path on this machine, with a real customer base.

use std::io::Write;
use std::path::PathBuf;

use cartera_core::strings::Language;
use clap::Args;

use super::CliError;
use super::serve::stop_on_signal;
use crate::demo::{Options, give};

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// An empty folder to keep the workspace and the phones in; otherwise a temporary one, deleted at the end
    #[arg(long)]
    folder: Option<PathBuf>,
    /// es or en; otherwise what LANG says
    #[arg(long)]
    language: Option<Language>,
    /// Only the first so many customers
    #[arg(long)]
    customers: Option<u32>,
    /// Stop when the story is told instead of waiting for Ctrl-C
    #[arg(long)]
    once: bool,
}

pub(super) fn demo(asked: &Demo, out: &mut dyn Write) -> Result<(), CliError> {
    let spoken = std::env::var("LANG").ok().and_then(|lang| lang.parse().ok());
    let options = Options {
        folder: asked.folder.clone(),
        language: asked.language.or(spoken).unwrap_or(Language::English),
        customers: asked.customers,
    };
    let given = give(&options, out)?;
    if asked.once {
        return Ok(given.relay.stop()?);
    }
    stop_on_signal(given.relay.stopper())?;
    given.wait()?;
    Ok(())
}
