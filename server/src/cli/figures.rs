//! `figures`: what the portfolio is worth, how it moves, where its risk sits.

use std::io::{self, Write};
use std::path::PathBuf;

use cartera_core::model::{BusinessDate, ClientId};
use cartera_core::strings::Language;
use clap::Args;

use super::{CliError, language};
use crate::app::App;
use crate::figures::{self, overview};
use crate::files::create_private;
use crate::people::access::By;
use crate::projection;

/// How it is computed is a matter of settings: `settings` lists them.
#[derive(Debug, Args)]
pub(super) struct Figures {
    /// As things stood at the end of this day, YYYY-MM-DD; otherwise today
    #[arg(long, value_name = "DATE")]
    as_of: Option<BusinessDate>,
    /// Of one client alone
    #[arg(long, value_name = "ID")]
    client: Option<ClientId>,
    /// First compute anew what hangs on the whole base: models, classes, scores. Phones get it with their next sync
    #[arg(long)]
    refit: bool,
    /// For programs
    #[arg(long)]
    json: bool,
    /// With `--json`: every client's figures too
    #[arg(long, requires = "json", conflicts_with = "client")]
    each: bool,
    /// As a workbook with charts, into this file, which must not be there yet
    #[arg(long, value_name = "FILE", conflicts_with_all = ["json", "client"])]
    workbook: Option<PathBuf>,
    /// es or en; otherwise what LANG says
    #[arg(long)]
    language: Option<Language>,
}

impl Figures {
    pub(super) fn run(self, app: &App, out: &mut dyn Write) -> Result<(), CliError> {
        projection::run(app, || false)?;
        let as_of = self.as_of.unwrap_or_else(|| figures::today(app));
        if self.refit && self.client.is_some() {
            figures::refit::refit(app, By::CONSOLE, as_of)?;
            figures::cross_sell::refit(app, By::CONSOLE, as_of)?;
        }
        let language = language(self.language);
        match self.client {
            Some(client) => {
                let found = figures::client(app, By::CONSOLE, client, as_of)?;
                if self.json {
                    writeln!(out, "{}", figures::client_json(&found))?;
                } else {
                    write!(out, "{}", figures::client_text(&found, language))?;
                }
            }
            None => {
                let (found, more) = if self.refit {
                    let found = figures::refit::refit_and_report(app, By::CONSOLE, as_of)?;
                    (found, overview::overview(app, By::CONSOLE, as_of)?)
                } else {
                    overview::with_figures(app, By::CONSOLE, as_of)?
                };
                if let Some(path) = &self.workbook {
                    let book =
                        figures::portfolio_workbook(&found, &more, language).map_err(io::Error::other)?;
                    create_private(path, &book)?;
                    return Ok(());
                }
                if self.json {
                    let mut json = figures::portfolio_json(&found, self.each);
                    json["overview"] = overview::overview_json(&more);
                    writeln!(out, "{json}")?;
                } else {
                    write!(out, "{}", figures::portfolio_text(&found, language))?;
                    write!(out, "{}", overview::overview_text(&more, language))?;
                }
            }
        }
        Ok(())
    }
}
