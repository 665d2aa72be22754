//! `today`: what is to be done, and why.

use std::io::{self, Write};

use cartera_core::model::{BusinessDate, PersonId};
use cartera_core::strings::{Language, text};
use clap::Args;

use super::{CliError, language};
use crate::app::App;
use crate::figures;
use crate::people::access::By;
use crate::portfolio::today::{self, TODAY_MAX, TodayBody};
use crate::projection;

/// Clients that a terminal shows.
const LISTED: usize = 50;

#[derive(Debug, Args)]
pub(super) struct Today {
    /// Whose list; otherwise everybody's
    #[arg(long, value_name = "ID")]
    person: Option<PersonId>,
    /// The day, YYYY-MM-DD; otherwise today
    #[arg(long, value_name = "DATE")]
    on: Option<BusinessDate>,
    /// Clients, 500 at most
    #[arg(long, value_name = "COUNT", default_value_t = LISTED)]
    limit: usize,
    /// For programs
    #[arg(long)]
    json: bool,
    /// es or en; otherwise what LANG says
    #[arg(long)]
    language: Option<Language>,
}

impl Today {
    pub(super) fn run(self, app: &App, out: &mut dyn Write) -> Result<(), CliError> {
        projection::run(app, || false)?;
        let on = self.on.unwrap_or_else(|| figures::today(app));
        let language = language(self.language);
        let entries = today::list(app, By::CONSOLE, self.person, on)?;
        if self.json {
            let body = TodayBody::of(entries, self.limit, language, on);
            writeln!(out, "{}", serde_json::to_string(&body).map_err(io::Error::other)?)?;
            return Ok(());
        }
        let (all, limit) = (entries.len(), self.limit.min(TODAY_MAX));
        for entry in entries.into_iter().take(limit) {
            let visit = if entry.visit.is_some() { "*" } else { "-" };
            writeln!(out, "{visit} {}  {}", entry.client, entry.name)?;
            for reason in &entry.reasons {
                let stake = reason.stake.map(|of| format!(" ({} {})", of.to_decimal_string(), of.currency));
                let words = reason.words(language, on);
                writeln!(out, "    {words}{}. {}", stake.unwrap_or_default(), reason.advice(language))?;
            }
        }
        let more = all.saturating_sub(limit);
        if more > 0 {
            writeln!(out, "{}", text(language, "cli-today-more", &[("count", more.into())]))?;
        }
        Ok(())
    }
}
