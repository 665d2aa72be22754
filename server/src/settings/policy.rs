//! What the workspace asks of its phones: settings kept in the store, each with a default and a range.

use std::collections::BTreeMap;

use cartera_core::model::access::Action;
use cartera_core::sync::wire::Policy;

use crate::app::App;
use crate::audit::{Deed, Subject};
use crate::people::access::By;
use crate::refused::Refused;
use crate::storage::Result;

const OFFLINE_DAYS: &str = "offline_days";
const WRITE_AFTER_LEAVE_DAYS: &str = "write_after_leave_days";
const SALES_MONTHS: &str = "sales_months";

/// Every setting with its range; `offline_days` may be 0, which means never.
pub const RANGES: [(&str, u16, u16); 3] =
    [(OFFLINE_DAYS, 0, 365), (WRITE_AFTER_LEAVE_DAYS, 1, 365), (SALES_MONTHS, 1, 60)];

/// The policy in force, for whoever may see it.
pub fn read(app: &App, by: By) -> Result<Policy, Refused> {
    by.require(Action::ViewSettings)?;
    Ok(policy(app)?)
}

/// The policy in force.
pub fn policy(app: &App) -> Result<Policy> {
    let stored = app.storage.settings()?;
    let default = Policy::default();
    let offline = number(&stored, OFFLINE_DAYS).unwrap_or(default.offline_days.unwrap_or(0));
    Ok(Policy {
        offline_days: (offline > 0).then_some(offline),
        write_after_leave_days: number(&stored, WRITE_AFTER_LEAVE_DAYS)
            .unwrap_or(default.write_after_leave_days),
        sales_months: number(&stored, SALES_MONTHS).unwrap_or(default.sales_months),
    })
}

fn number(stored: &BTreeMap<String, String>, name: &str) -> Option<u16> {
    stored.get(name)?.parse().ok()
}

/// Changes settings by name: all of them or none.
pub fn change(app: &App, by: By, changes: &[(String, String)]) -> Result<Policy, Refused> {
    by.require(Action::ChangeSettings)?;
    let mut checked = Vec::with_capacity(changes.len());
    for (name, value) in changes {
        let Some((name, min, max)) = RANGES.into_iter().find(|(known, ..)| known == name) else {
            let shown: String = name.chars().take(40).collect();
            return Err(Refused::unknown("setting", shown));
        };
        let fits = value.parse().is_ok_and(|number: u16| (min..=max).contains(&number));
        if !fits {
            return Err(Refused::invalid(name, format!("a whole number from {min} to {max}")));
        }
        checked.push((name, Some(value.clone())));
    }
    let detail = checked.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" ");
    let at_ms = app.env.now_ms();
    let deed =
        Deed { at_ms, actor: by.actor, action: "settings.changed", subject: Subject::Workspace, detail };
    app.storage.set_settings(&checked, &deed)?;
    Ok(policy(app)?)
}
