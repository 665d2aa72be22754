//! Reasons in words, and what to do about each.

use super::{Reason, Why};
use crate::metrics::Ratio;
use crate::metrics::falling::Change;
use crate::model::BusinessDate;
use crate::strings::{Arg, Language, text};

impl Why {
    /// Id of the words in the strings; its advice says what to do.
    pub const fn text_id(&self) -> &'static str {
        match self {
            Self::Declined { .. } => "why-declined",
            Self::Overdue { .. } => "why-overdue",
            Self::Task { .. } => "why-task",
            Self::NextStep { .. } => "why-next_step",
            Self::Owes { .. } => "why-owes",
            Self::AgreementEnds { .. } => "why-agreement",
            Self::MissedRhythm(_) => "why-rhythm",
            Self::Falling(_) => "why-falling",
            Self::WinBack { .. } => "why-win_back",
            Self::Date { .. } => "why-date",
            Self::Unconfirmed { .. } => "why-unconfirmed",
        }
    }
}

/// In whole per cent of what it is compared with.
fn percent_lost(change: &Change) -> i64 {
    let Ratio { part, whole } = change.ratio;
    if whole == 0 { 0 } else { i64::try_from((whole - part) * 100 / whole).unwrap_or(100) }
}

impl Reason {
    /// One sentence, as of `today`.
    pub fn words(&self, language: Language, today: BusinessDate) -> String {
        let days = |since: BusinessDate| Arg::from(today.days() - since.days());
        let told = |args: &[(&str, Arg<'_>)]| text(language, self.why.text_id(), args);
        match &self.why {
            Why::Declined { reason, .. } => told(&[("reason", reason.as_str().into())]),
            Why::Overdue { on, .. } => told(&[("days", days(*on))]),
            Why::Task { what, due_on, .. } => {
                told(&[("what", what.as_str().into()), ("days", days(*due_on))])
            }
            Why::NextStep { what, on, .. } => told(&[("what", what.as_str().into()), ("days", days(*on))]),
            Why::Owes { since } => told(&[("days", days(*since))]),
            Why::AgreementEnds { title, until, .. } if *until < today => {
                let args = [("title", title.as_str().into()), ("days", days(*until))];
                text(language, "why-agreement_ended", &args)
            }
            Why::AgreementEnds { title, until, .. } => {
                told(&[("title", title.as_str().into()), ("days", Arg::from(until.days() - today.days()))])
            }
            Why::MissedRhythm(rhythm) => told(&[
                ("usual", Arg::from(rhythm.median_gap.days())),
                ("since", Arg::from(rhythm.since_days)),
            ]),
            Why::Falling(change) => told(&[("percent", Arg::from(percent_lost(change)))]),
            Why::WinBack { status, since, reason, attempts, .. } => {
                let words = |id: &str| text(language, id, &[]);
                let reason = match reason {
                    Some(reason) => words(&reason.text_id()),
                    None => words("recovery-unknown"),
                };
                told(&[
                    ("status", words(&format!("status-{}", status.as_str())).into()),
                    ("days", days(*since)),
                    ("reason", reason.into()),
                    (
                        "tried",
                        text(language, "recovery-attempts", &[("attempts", Arg::from(*attempts))]).into(),
                    ),
                ])
            }
            Why::Date { what, on, .. } => {
                told(&[("what", what.as_str().into()), ("days", Arg::from(on.days() - today.days()))])
            }
            Why::Unconfirmed { since: Some(_) } => told(&[]),
            Why::Unconfirmed { since: None } => text(language, "why-unconfirmed_never", &[]),
        }
    }

    /// What to do, in one sentence.
    pub fn advice(&self, language: Language) -> String {
        if let Why::WinBack { next, .. } = &self.why {
            return text(language, &format!("recovery-{}", next.as_str()), &[]);
        }
        text(language, &format!("{}.advice", self.why.text_id()), &[])
    }
}
