//! What the workspace asks: settings kept in the store, each with a default and a range.

use std::collections::{BTreeMap, BTreeSet};

use cartera_core::model::access::Action;
use cartera_core::model::profile::ClientField;
use cartera_core::rows::access::ERP_FIELDS;
use cartera_core::rows::judge::REP_DISCOUNT_PERCENT;
use cartera_core::rows::relations::office::{ALIGN_EASTER, NPS_ANSWERS_MIN, VISIT_DAYS};
use cartera_core::sync::wire::Policy;

use crate::app::App;
use crate::audit::{Deed, Subject};
use crate::people::access::By;
use crate::refused::Refused;
use crate::storage::Result;

/// Days between visits, as a client may have of its own.
const VISIT_DAYS_MAX: u16 = cartera_core::model::limits::VISIT_EVERY_DAYS_MAX as u16;

const OFFLINE_DAYS: &str = "offline_days";
const WRITE_AFTER_LEAVE_DAYS: &str = "write_after_leave_days";
const SALES_MONTHS: &str = "sales_months";

/// What a setting may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// A whole number from the first to the last.
    Number(u16, u16),
    /// The same, or nothing.
    Perhaps(u16, u16),
    /// Fields of a client's profile, with blanks between; or nothing.
    Fields,
}

/// Every setting; `offline_days` may be 0, which means never.
pub const SETTINGS: [(&str, Rule); 10] = [
    (OFFLINE_DAYS, Rule::Number(0, 365)),
    (WRITE_AFTER_LEAVE_DAYS, Rule::Number(1, 365)),
    (SALES_MONTHS, Rule::Number(1, 60)),
    (REP_DISCOUNT_PERCENT, Rule::Perhaps(0, 100)),
    (ERP_FIELDS, Rule::Fields),
    (VISIT_DAYS[0], Rule::Perhaps(1, VISIT_DAYS_MAX)),
    (VISIT_DAYS[1], Rule::Perhaps(1, VISIT_DAYS_MAX)),
    (VISIT_DAYS[2], Rule::Perhaps(1, VISIT_DAYS_MAX)),
    (NPS_ANSWERS_MIN, Rule::Perhaps(1, 10_000)),
    (ALIGN_EASTER, Rule::Perhaps(0, 1)),
];

/// What the workspace asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub policy: Policy,
    /// What reps may take off, whatever the conditions say; more is flagged.
    pub rep_discount_percent: Option<u16>,
    /// Fields that the ERP owns: a rep's edit of one is a request for change.
    pub erp_fields: Vec<String>,
}

/// The settings in force, for whoever may see them.
pub fn read(app: &App, by: By) -> Result<Asked, Refused> {
    by.require(Action::ViewSettings)?;
    Ok(asked(app)?)
}

fn asked(app: &App) -> Result<Asked> {
    let stored = app.storage.settings()?;
    let fields = stored.get(ERP_FIELDS).map(String::as_str).unwrap_or_default();
    Ok(Asked {
        policy: policy_in(&stored),
        rep_discount_percent: number(&stored, REP_DISCOUNT_PERCENT),
        erp_fields: fields.split_whitespace().map(str::to_owned).collect(),
    })
}

/// The policy in force.
pub fn policy(app: &App) -> Result<Policy> {
    Ok(policy_in(&app.storage.settings()?))
}

fn policy_in(stored: &BTreeMap<String, String>) -> Policy {
    let default = Policy::default();
    let offline = number(stored, OFFLINE_DAYS).unwrap_or(default.offline_days.unwrap_or(0));
    Policy {
        offline_days: (offline > 0).then_some(offline),
        write_after_leave_days: number(stored, WRITE_AFTER_LEAVE_DAYS)
            .unwrap_or(default.write_after_leave_days),
        sales_months: number(stored, SALES_MONTHS).unwrap_or(default.sales_months),
    }
}

fn number(stored: &BTreeMap<String, String>, name: &str) -> Option<u16> {
    stored.get(name)?.parse().ok()
}

impl Rule {
    /// The value as it is kept; `None` for nothing.
    fn check(self, name: &'static str, value: &str) -> Result<Option<String>, Refused> {
        match self {
            Self::Perhaps(..) | Self::Fields if value.trim().is_empty() => Ok(None),
            Self::Number(min, max) | Self::Perhaps(min, max) => {
                let fits = value.parse().is_ok_and(|number: u16| (min..=max).contains(&number));
                let why = || Refused::invalid(name, format!("a whole number from {min} to {max}"));
                if fits { Ok(Some(value.to_owned())) } else { Err(why()) }
            }
            Self::Fields => {
                let fields: BTreeSet<&str> = value.split_whitespace().collect();
                match fields.iter().find(|field| ClientField::parse(field).is_none()) {
                    None => Ok(Some(fields.into_iter().collect::<Vec<_>>().join(" "))),
                    Some(_) => {
                        let all: Vec<&str> = ClientField::ALL.iter().map(|field| field.as_str()).collect();
                        Err(Refused::invalid(name, format!("of {}", all.join(", "))))
                    }
                }
            }
        }
    }
}

/// Changes settings by name: all of them or none. What may be nothing is taken away by an empty text.
pub fn change(app: &App, by: By, changes: &[(String, String)]) -> Result<Asked, Refused> {
    by.require(Action::ChangeSettings)?;
    let mut checked = Vec::with_capacity(changes.len());
    for (name, value) in changes {
        let Some((name, rule)) = SETTINGS.into_iter().find(|(known, _)| known == name) else {
            let shown: String = name.chars().take(40).collect();
            return Err(Refused::unknown("setting", shown));
        };
        checked.push((name, rule.check(name, value)?));
    }
    let detail = checked.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" ");
    let at_ms = app.env.now_ms();
    let deed =
        Deed { at_ms, actor: by.actor, action: "settings.changed", subject: Subject::Workspace, detail };
    app.storage.set_settings(&checked, &deed)?;
    Ok(asked(app)?)
}
