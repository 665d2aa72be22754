//! How the relation stands: data confirmed, closed, agreed, allowed.

use super::contact::Channel;
use crate::model::cbor::{cbor_map, codes};
use crate::model::date::BusinessDate;
use crate::model::limits::{
    CODE_CHARS_MAX, CONFIRMED_FIELDS_MAX, NAME_CHARS_MAX, NOTES_CHARS_MAX, NOTICE_DAYS_MAX,
    SENTENCE_CHARS_MAX,
};
use crate::model::money::Money;
use crate::model::problem::{Check, Code};
use crate::model::profile::KEY_BYTES_MAX;
use crate::model::{PartId, RecordId};

cbor_map! {
    /// Somebody looked at the contact data and found them right.
    pub struct DataConfirmed {
        /// Keys of the profile that were confirmed; none for all contact data.
        8 fields: Vec<String>,
        /// The profile's contact who confirmed.
        9 contact: Option<PartId>,
        10 channel: Option<Channel>,
    }
}

impl DataConfirmed {
    /// All contact data.
    pub fn all() -> Self {
        Self { fields: Vec::new(), contact: None, channel: None, extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.count("fields", self.fields.len(), CONFIRMED_FIELDS_MAX);
        for (index, field) in self.fields.iter().enumerate().take(CONFIRMED_FIELDS_MAX) {
            check.line(&format!("fields[{index}]"), field, KEY_BYTES_MAX);
        }
        check.rule(self.channel.is_none_or(Channel::is_known), "channel", Code::UnknownValue);
    }
}

codes! {
    /// Why a client was lost.
    pub enum LossReason: "loss" {
        Price = 1 "price",
        Service = 2 "service",
        Product = 3 "product",
        Competitor = 4 "competitor",
        Moved = 5 "moved",
        ClosedDown = 6 "closed_down",
        /// With a note.
        Other = 7 "other",
    }
}

cbor_map! {
    /// *Baja*: the client buys no more. Taken back by a void, or by the client buying again.
    pub struct ClientClosed {
        8 reason: LossReason,
        /// Required where the reason is 'other'.
        9 note: Option<String>,
        /// Who has the client now.
        10 competitor: Option<String>,
    }
}

impl ClientClosed {
    pub fn new(reason: LossReason) -> Self {
        Self { reason, note: None, competitor: None, extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.rule(self.reason.is_known(), "reason", Code::UnknownValue);
        check.rule(self.reason != LossReason::Other || self.note.is_some(), "note", Code::Required);
        check.prose_opt("note", self.note.as_ref(), SENTENCE_CHARS_MAX);
        check.line_opt("competitor", self.competitor.as_ref(), NAME_CHARS_MAX);
    }
}

codes! {
    pub enum Renewal: "renewal" {
        /// It ends unless somebody renews it.
        Manual = 1 "manual",
        /// It goes on unless somebody ends it.
        Automatic = 2 "automatic",
    }
}

cbor_map! {
    /// An agreement with an end (*acuerdo comercial*).
    pub struct Agreement {
        8 title: String,
        9 from: BusinessDate,
        /// Last day on which it holds; missing for one without end.
        10 until: Option<BusinessDate>,
        /// What the client is to buy while it holds.
        11 volume: Option<Money>,
        12 renewal: Option<Renewal>,
        /// Days before the end by which either side must speak.
        13 notice_days: Option<u32>,
        /// The agreement that this one renews.
        14 renews: Option<RecordId>,
        15 notes: Option<String>,
    }
}

impl Agreement {
    pub fn new(title: impl Into<String>, from: BusinessDate, until: Option<BusinessDate>) -> Self {
        Self {
            title: title.into(),
            from,
            until,
            volume: None,
            renewal: None,
            notice_days: None,
            renews: None,
            notes: None,
            extras: Default::default(),
        }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.line("title", &self.title, NAME_CHARS_MAX);
        check.rule(self.until.is_none_or(|until| until >= self.from), "until", Code::Order);
        if let Some(volume) = self.volume {
            check.range("volume", volume.minor, 0, i64::MAX);
            check.rule(volume.currency.exponent().is_some(), "volume", Code::UnknownValue);
        }
        check.rule(self.renewal.is_none_or(Renewal::is_known), "renewal", Code::UnknownValue);
        if let Some(days) = self.notice_days {
            check.range("notice_days", days.into(), 0, NOTICE_DAYS_MAX.into());
            check.rule(self.until.is_some(), "notice_days", Code::Contradiction);
        }
        check.prose_opt("notes", self.notes.as_ref(), NOTES_CHARS_MAX);
    }
}

codes! {
    /// How a client is looked after.
    pub enum Mode: "mode" {
        /// *Activa*: somebody looks after the relation.
        Accompanied = 1 "accompanied",
        /// *Inactiva*: it is to be won back.
        WinBack = 2 "win_back",
        /// *Renovación*: an agreement comes to its end.
        Renewal = 3 "renewal",
    }
}

cbor_map! {
    /// Somebody says how the client is to be looked after, whatever its figures say; the latest word counts.
    pub struct ModeChoice {
        /// Missing where the figures are to say it again.
        8 mode: Option<Mode>,
        9 reason: String,
    }
}

impl ModeChoice {
    pub fn new(mode: Option<Mode>, reason: impl Into<String>) -> Self {
        Self { mode, reason: reason.into(), extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.rule(self.mode.is_none_or(Mode::is_known), "mode", Code::UnknownValue);
        check.prose("reason", &self.reason, SENTENCE_CHARS_MAX);
    }
}

codes! {
    pub enum Decision: "consent" {
        Granted = 1 "granted",
        /// Consent given before is taken back.
        Withdrawn = 2 "withdrawn",
        /// *No desea publicidad*, whether or not consent was ever given.
        Opposed = 3 "opposed",
    }
}

codes! {
    /// On what the law lets us write to the client (GDPR, article 6; LSSI, article 21).
    pub enum LegalBasis: "basis" {
        Consent = 1 "consent",
        LegitimateInterest = 2 "legitimate_interest",
        Contract = 3 "contract",
        /// Similar products to who bought before.
        PriorPurchase = 4 "prior_purchase",
    }
}

codes! {
    /// How the decision came to us.
    pub enum Evidence: "evidence" {
        Spoken = 1 "spoken",
        Signed = 2 "signed",
        Written = 3 "written",
        OnTheWeb = 4 "on_the_web",
    }
}

cbor_map! {
    /// What the client allows or forbids, for one channel or for all.
    pub struct Consent {
        8 decision: Decision,
        /// Missing for every channel.
        9 channel: Option<Channel>,
        /// Required where something is allowed.
        10 basis: Option<LegalBasis>,
        /// The profile's contact who decided; missing for the client as a whole.
        11 contact: Option<PartId>,
        12 evidence: Option<Evidence>,
        /// Key of the wording that was shown.
        13 wording: Option<String>,
        14 note: Option<String>,
    }
}

impl Consent {
    fn of(decision: Decision, channel: Option<Channel>, basis: Option<LegalBasis>) -> Self {
        Self {
            decision,
            channel,
            basis,
            contact: None,
            evidence: None,
            wording: None,
            note: None,
            extras: Default::default(),
        }
    }

    pub fn granted(channel: Option<Channel>, basis: LegalBasis) -> Self {
        Self::of(Decision::Granted, channel, Some(basis))
    }

    pub fn opposed(channel: Option<Channel>) -> Self {
        Self::of(Decision::Opposed, channel, None)
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.rule(self.decision.is_known(), "decision", Code::UnknownValue);
        check.rule(self.channel.is_none_or(Channel::is_known), "channel", Code::UnknownValue);
        check.rule(self.basis.is_none_or(LegalBasis::is_known), "basis", Code::UnknownValue);
        check.rule(self.evidence.is_none_or(Evidence::is_known), "evidence", Code::UnknownValue);
        check.rule(self.decision != Decision::Granted || self.basis.is_some(), "basis", Code::Required);
        check.line_opt("wording", self.wording.as_ref(), CODE_CHARS_MAX);
        check.prose_opt("note", self.note.as_ref(), SENTENCE_CHARS_MAX);
    }
}
