//! `settings` and `audit`.

use std::io::Write;

use clap::Args;

use super::{CliError, time};
use crate::app::App;
use crate::people::access::By;
use crate::settings::policy;

#[derive(Debug, Args)]
pub(super) struct Settings {
    /// name=value
    changes: Vec<String>,
}

impl Settings {
    pub(super) fn run(self, app: &App, out: &mut dyn Write) -> Result<(), CliError> {
        let parse = |text: &String| {
            let (name, value) = text.split_once('=')?;
            Some((name.trim().to_owned(), value.trim().to_owned()))
        };
        let changes: Option<Vec<_>> = self.changes.iter().map(parse).collect();
        let changes = changes.ok_or_else(|| CliError::Usage("settings are changed as name=value".into()))?;
        let by = By::CONSOLE;
        let asked =
            if changes.is_empty() { policy::read(app, by)? } else { policy::change(app, by, &changes)? };
        let policy = asked.policy;
        writeln!(out, "offline_days={}", policy.offline_days.unwrap_or(0))?;
        writeln!(out, "write_after_leave_days={}", policy.write_after_leave_days)?;
        writeln!(out, "sales_months={}", policy.sales_months)?;
        let percent = asked.rep_discount_percent.map_or_else(String::new, |percent| percent.to_string());
        writeln!(out, "rep_discount_percent={percent}")?;
        writeln!(out, "erp_fields={}", asked.erp_fields.join(" "))?;
        for name in policy::OF_FIGURES {
            let value = asked.figures.get(name).map_or("", String::as_str);
            writeln!(out, "{name}={value}")?;
        }
        writeln!(out, "refit_share_percent={}", asked.refit.share_percent)?;
        writeln!(out, "refit_hours={}", asked.refit.hours)?;
        Ok(())
    }
}

#[derive(Debug, Args)]
pub(super) struct Audit {
    /// Only what came after this number
    #[arg(long, default_value_t = 0)]
    after: u64,
    #[arg(long, default_value_t = 1000)]
    limit: usize,
}

impl Audit {
    pub(super) fn run(self, app: &App, out: &mut dyn Write) -> Result<(), CliError> {
        for deed in crate::audit::read(app, By::CONSOLE, self.after, self.limit)? {
            let actor = deed.actor_text();
            let subject = deed.subject_text();
            let (number, at) = (deed.number, time(deed.at_ms));
            writeln!(out, "{number}  {at}  {actor}  {}  {subject}  {}", deed.action, deed.detail)?;
        }
        Ok(())
    }
}
