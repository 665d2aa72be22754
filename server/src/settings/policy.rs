//! What the workspace asks: settings kept in the store, each with a default and a range.

use std::collections::{BTreeMap, BTreeSet};

use cartera_core::model::BusinessDate;
use cartera_core::model::access::Action;
use cartera_core::model::limits::PLAN_WEEKS_MAX;
use cartera_core::model::profile::ClientField;
use cartera_core::portfolio::settings::{
    CROSS_SELL_CLIENTS_MIN, CROSS_SELL_LIFT_PERCENT, CROSS_SELL_SUPPORT_PERCENT, DISCOUNT_BASIS_POINTS,
    HISTORY_START, MONTHS_MAX, NPS_ANSWERS_MIN, RETENTION_MONTHS, SALES_SOURCE, STATUS_RULE, STATUS_RULES,
    VALUE_MONTHS,
};
use cartera_core::portfolio::visit_plan::VISIT_WEEKS;
use cartera_core::rows::access::ERP_FIELDS;
use cartera_core::rows::judge::REP_DISCOUNT_PERCENT;
use cartera_core::rows::relations::office::{ALIGN_EASTER, VISIT_DAYS};
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
    /// One of these words, or nothing: then the first.
    Word(&'static [&'static str]),
    /// A calendar day, or nothing.
    Date,
}

/// Every setting; `offline_days` may be 0, which means never.
pub const SETTINGS: [(&str, Rule); 24] = [
    (OFFLINE_DAYS, Rule::Number(0, 365)),
    (WRITE_AFTER_LEAVE_DAYS, Rule::Number(1, 365)),
    (SALES_MONTHS, Rule::Number(1, 60)),
    (REP_DISCOUNT_PERCENT, Rule::Perhaps(0, 100)),
    (ERP_FIELDS, Rule::Fields),
    (VISIT_DAYS[0], Rule::Perhaps(1, VISIT_DAYS_MAX)),
    (VISIT_DAYS[1], Rule::Perhaps(1, VISIT_DAYS_MAX)),
    (VISIT_DAYS[2], Rule::Perhaps(1, VISIT_DAYS_MAX)),
    (VISIT_WEEKS[0], Rule::Perhaps(0, PLAN_WEEKS_MAX as u16)),
    (VISIT_WEEKS[1], Rule::Perhaps(0, PLAN_WEEKS_MAX as u16)),
    (VISIT_WEEKS[2], Rule::Perhaps(0, PLAN_WEEKS_MAX as u16)),
    (ALIGN_EASTER, Rule::Perhaps(0, 1)),
    (SALES_SOURCE, Rule::Word(&["office", "purchases"])),
    (HISTORY_START, Rule::Date),
    (STATUS_RULE, Rule::Word(&STATUS_RULES)),
    (RETENTION_MONTHS, Rule::Perhaps(1, MONTHS_MAX)),
    (VALUE_MONTHS, Rule::Perhaps(0, MONTHS_MAX)),
    (DISCOUNT_BASIS_POINTS, Rule::Perhaps(0, 10_000)),
    (NPS_ANSWERS_MIN, Rule::Perhaps(1, 10_000)),
    (CROSS_SELL_CLIENTS_MIN, Rule::Perhaps(1, 10_000)),
    (CROSS_SELL_SUPPORT_PERCENT, Rule::Perhaps(0, 100)),
    (CROSS_SELL_LIFT_PERCENT, Rule::Perhaps(0, 10_000)),
    (REFIT_SHARE_PERCENT, Rule::Perhaps(0, 100)),
    (REFIT_HOURS, Rule::Perhaps(1, 24 * 366)),
];

/// Per cent of the clients whose sales have to change before what hangs on the whole base is computed anew.
const REFIT_SHARE_PERCENT: &str = "refit_share_percent";
/// Hours that have to pass between one time and the next.
const REFIT_HOURS: &str = "refit_hours";
/// Unless they are set.
const REFIT_DEFAULT: Refit = Refit { share_percent: 5, hours: 24 };

/// When what hangs on the whole base is computed anew by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refit {
    pub share_percent: u16,
    pub hours: u16,
}

/// What the workspace asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub policy: Policy,
    /// What reps may take off, whatever the conditions say; more is flagged.
    pub rep_discount_percent: Option<u16>,
    /// Fields that the ERP owns: a rep's edit of one is a request for change.
    pub erp_fields: Vec<String>,
    /// Those of figures that are set, by name: see `core::portfolio::settings`; and when what hangs on the whole base is
    /// computed anew.
    pub figures: BTreeMap<&'static str, String>,
    pub refit: Refit,
}

/// Settings that only figures, and the visit plan of classes, read.
pub const OF_FIGURES: [&str; 17] = [
    SALES_SOURCE,
    HISTORY_START,
    STATUS_RULE,
    RETENTION_MONTHS,
    VALUE_MONTHS,
    DISCOUNT_BASIS_POINTS,
    NPS_ANSWERS_MIN,
    VISIT_DAYS[0],
    VISIT_DAYS[1],
    VISIT_DAYS[2],
    VISIT_WEEKS[0],
    VISIT_WEEKS[1],
    VISIT_WEEKS[2],
    ALIGN_EASTER,
    CROSS_SELL_CLIENTS_MIN,
    CROSS_SELL_SUPPORT_PERCENT,
    CROSS_SELL_LIFT_PERCENT,
];

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
        figures: OF_FIGURES.iter().filter_map(|name| Some((*name, stored.get(*name)?.clone()))).collect(),
        refit: refit_in(&stored),
    })
}

/// When what hangs on the whole base is computed anew.
pub fn refit(app: &App) -> Result<Refit> {
    Ok(refit_in(&app.storage.settings()?))
}

fn refit_in(stored: &BTreeMap<String, String>) -> Refit {
    Refit {
        share_percent: number(stored, REFIT_SHARE_PERCENT).unwrap_or(REFIT_DEFAULT.share_percent),
        hours: number(stored, REFIT_HOURS).unwrap_or(REFIT_DEFAULT.hours),
    }
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
            Self::Perhaps(..) | Self::Fields | Self::Word(_) | Self::Date if value.trim().is_empty() => {
                Ok(None)
            }
            Self::Word(words) => {
                let why = || Refused::invalid(name, format!("one of {}", words.join(", ")));
                if words.contains(&value) { Ok(Some(value.to_owned())) } else { Err(why()) }
            }
            Self::Date => match value.parse::<BusinessDate>() {
                Ok(date) => Ok(Some(date.to_string())),
                Err(error) => Err(Refused::invalid(name, error.to_string())),
            },
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_dates_are_checked_and_may_be_taken_away() {
        let word = Rule::Word(&STATUS_RULES);
        assert_eq!(word.check(STATUS_RULE, "fixed").unwrap().as_deref(), Some("fixed"));
        assert_eq!(word.check(STATUS_RULE, "").unwrap(), None);
        for wrong in ["Fixed", "rhythm fixed", "'; DROP TABLE office; --"] {
            assert!(word.check(STATUS_RULE, wrong).is_err(), "{wrong}");
        }
        assert_eq!(Rule::Date.check(HISTORY_START, "2024-01-01").unwrap().as_deref(), Some("2024-01-01"));
        for wrong in ["2024-02-30", "1/1/2024", "2024"] {
            assert!(Rule::Date.check(HISTORY_START, wrong).is_err(), "{wrong}");
        }
        let months = Rule::Perhaps(1, MONTHS_MAX);
        assert!(months.check(RETENTION_MONTHS, "120").is_ok());
        assert!(
            months.check(RETENTION_MONTHS, "121").is_err() && months.check(RETENTION_MONTHS, "0").is_err()
        );
    }

    #[test]
    fn every_setting_of_figures_can_be_set() {
        for name in OF_FIGURES {
            assert!(SETTINGS.iter().any(|(known, _)| *known == name), "{name}");
        }
        let words: Vec<&str> =
            cartera_core::rows::sales::Source::ALL.iter().map(|source| source.as_str()).collect();
        let rule = SETTINGS.iter().find(|(name, _)| *name == SALES_SOURCE).map(|(_, rule)| *rule);
        assert!(matches!(rule, Some(Rule::Word(known)) if known == words), "{rule:?}");
    }
}
