//! `visit-plan`: what the visit plan would be by ABC classes, and its acceptance.

use std::io::Write;

use clap::Args;

use super::CliError;
use super::words::{say, shown};
use crate::app::App;
use crate::figures;
use crate::people::access::By;
use crate::portfolio::visit_plan::{Accepted, accept, propose};

/// Every how many weeks a class is visited is a matter of settings: visit_weeks_a=1 visit_weeks_b=2 visit_weeks_c=4
#[derive(Debug, Args)]
pub(super) struct VisitPlan {
    /// Write it; phones get it with their next sync. Rules by hand stay as they are
    #[arg(long)]
    accept: bool,
}

impl VisitPlan {
    pub(super) fn run(self, app: &App, out: &mut dyn Write) -> Result<(), CliError> {
        let on = figures::today(app);
        if self.accept {
            let Accepted { written, removed, unchanged } = accept(app, By::CONSOLE, on)?;
            let args =
                [("written", written.into()), ("removed", removed.into()), ("unchanged", unchanged.into())];
            say(out, "visit_plan-accepted", &args)?;
            return Ok(());
        }
        let found = propose(app, By::CONSOLE, on)?;
        let ids: Vec<_> = found.rules.iter().map(|rule| rule.client).collect();
        let briefs = app.storage.client_briefs(&ids)?;
        for (rule, brief) in found.rules.iter().zip(briefs) {
            let args = [
                ("client", shown(rule.client)),
                ("name", shown(brief.unwrap_or_default().name)),
                ("class", shown(rule.class.as_str())),
                ("weeks", rule.plan.every_weeks.into()),
                ("from", shown(rule.plan.from)),
            ];
            say(out, "visit_plan-rule", &args)?;
        }
        let args = [
            ("rules", found.rules.len().into()),
            ("removed", found.gone.len().into()),
            ("unchanged", found.unchanged.into()),
        ];
        say(out, "visit_plan-proposed", &args)?;
        Ok(())
    }
}
