//! `figures`: what the portfolio is worth, how it moves, where its risk sits.

use std::io::{self, Write};
use std::path::PathBuf;

use cartera_core::metrics::parameters::{Plan, StatusBy};
use cartera_core::metrics::status::Thresholds;
use cartera_core::model::{BusinessDate, ClientId};
use cartera_core::strings::Language;
use clap::{Args, ValueEnum};

use super::{CliError, language};
use crate::app::App;
use crate::figures::{self, Asked};
use crate::files::create_private;
use crate::people::access::By;

const MONTHS_MAX: i64 = 120;

#[derive(Debug, Args)]
pub(super) struct Figures {
    /// As things stood at the end of this day, YYYY-MM-DD; otherwise today
    #[arg(long, value_name = "DATE")]
    as_of: Option<BusinessDate>,
    /// Of one client alone
    #[arg(long, value_name = "ID")]
    client: Option<ClientId>,
    /// First day of complete sales; otherwise the first day of any
    #[arg(long, value_name = "DATE")]
    history_start: Option<BusinessDate>,
    /// Months of each window of retention
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=MONTHS_MAX))]
    retention_months: u32,
    /// Months that ABC and RFM look back; 0 for the whole history
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(0..=MONTHS_MAX))]
    value_months: u32,
    /// By which thresholds a client is active, dormant or lost: its own rhythm, or 90 and 180 days
    #[arg(long, value_enum, default_value_t = StatusRule::Rhythm)]
    status: StatusRule,
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

#[derive(Debug, Clone, Copy, ValueEnum)]
enum StatusRule {
    Rhythm,
    Fixed,
}

impl Figures {
    pub(super) fn run(self, app: &App, out: &mut dyn Write) -> Result<(), CliError> {
        let today = i32::try_from(app.env.now_ms().div_euclid(86_400_000)).ok();
        let today = today.and_then(BusinessDate::from_days).unwrap_or(BusinessDate::MAX);
        let status = match self.status {
            StatusRule::Rhythm => StatusBy::Rhythm,
            StatusRule::Fixed => StatusBy::Fixed(Thresholds::FIXED),
        };
        let plan = Plan {
            status,
            retention_months: self.retention_months,
            value_months: (self.value_months > 0).then_some(self.value_months),
            ..Plan::default()
        };
        let asked = Asked { as_of: self.as_of.unwrap_or(today), history_start: self.history_start, plan };
        let language = language(self.language);
        match self.client {
            Some(client) => {
                let found = figures::client(app, By::CONSOLE, client, asked)?;
                if self.json {
                    writeln!(out, "{}", figures::client_json(&found))?;
                } else {
                    write!(out, "{}", figures::client_text(&found, language))?;
                }
            }
            None => {
                let found = figures::portfolio(app, By::CONSOLE, asked)?;
                if let Some(path) = &self.workbook {
                    let book = figures::portfolio_workbook(&found, language).map_err(io::Error::other)?;
                    create_private(path, &book)?;
                } else if self.json {
                    writeln!(out, "{}", figures::portfolio_json(&found, self.each))?;
                } else {
                    write!(out, "{}", figures::portfolio_text(&found, language))?;
                }
            }
        }
        Ok(())
    }
}
