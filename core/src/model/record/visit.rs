//! A visit: planned, or done and with what result.

use crate::model::cbor::{cbor_map, codes};
use crate::model::date::BusinessDate;
use crate::model::limits::{
    CODE_CHARS_MAX, MINUTE_OF_DAY_MAX, NOTES_CHARS_MAX, SENTENCE_CHARS_MAX, VISIT_CONTACTS_MAX,
    VISIT_MINUTES_MAX,
};
use crate::model::place::Fix;
use crate::model::problem::{Check, Code};
use crate::model::{ClientId, PartId, RecordId};

codes! {
    pub enum VisitState: "visit" {
        Planned = 1 "planned",
        Done = 2 "done",
        /// A visit of the visit plan that will not be made; it names that visit.
        Cancelled = 3 "cancelled",
    }
}

codes! {
    /// What came of a visit or another contact.
    pub enum Outcome: "outcome" {
        Order = 1 "order",
        NoOrder = 2 "no_order",
        /// Whoever decides was not there.
        BuyerAway = 3 "buyer_away",
        /// The premises were shut.
        Shut = 4 "shut",
        /// Nothing was to be sold: service, delivery, courtesy.
        Attended = 5 "attended",
    }
}

codes! {
    /// Why there was no order.
    pub enum NoOrderReason: "no_order" {
        StockLeft = 1 "stock_left",
        Price = 2 "price",
        Competitor = 3 "competitor",
        /// No money, or blocked for credit.
        Credit = 4 "credit",
        Service = 5 "service",
        Product = 6 "product",
        BuyerAway = 7 "buyer_away",
        OutOfSeason = 8 "out_of_season",
        /// Ordered already, or will order by another way.
        OtherWay = 9 "other_way",
        Other = 10 "other",
    }
}

codes! {
    /// What a visit or another contact is for.
    pub enum Purpose: "purpose" {
        Sell = 1 "sell",
        Prospect = 2 "prospect",
        Collect = 3 "collect",
        Complaint = 4 "complaint",
        Present = 5 "present",
        Courtesy = 6 "courtesy",
        Deliver = 7 "deliver",
        WinBack = 8 "win_back",
        Renew = 9 "renew",
        Other = 10 "other",
    }
}

cbor_map! {
    /// What is to be done next.
    pub struct NextStep {
        0 what: String,
        1 on: Option<BusinessDate>,
    }
}

impl NextStep {
    pub fn new(what: impl Into<String>, on: Option<BusinessDate>) -> Self {
        Self { what: what.into(), on, extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.prose("what", &self.what, SENTENCE_CHARS_MAX);
    }
}

cbor_map! {
    /// One visit of the visit plan (*rutero*): the rule that asks for it, for whom, and when.
    pub struct PlanKey {
        0 client: ClientId,
        /// Key of the office's plan rule.
        1 rule: String,
        2 date: BusinessDate,
    }
}

impl PlanKey {
    pub fn new(client: ClientId, rule: impl Into<String>, date: BusinessDate) -> Self {
        Self { client, rule: rule.into(), date, extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.line("rule", &self.rule, CODE_CHARS_MAX);
    }
}

cbor_map! {
    /// A visit to the client. The day of one that was done is the header's business date.
    pub struct Visit {
        8 state: VisitState,
        9 outcome: Option<Outcome>,
        /// Only where the outcome is not an order.
        10 no_order: Option<NoOrderReason>,
        11 purpose: Option<Purpose>,
        12 notes: Option<String>,
        13 place: Option<Fix>,
        14 next: Option<NextStep>,
        /// The visit of the plan that this one carries out.
        15 plan: Option<PlanKey>,
        /// Day for which a visit is planned; required for those and only there.
        16 due_on: Option<BusinessDate>,
        /// Minutes after midnight, local time, for which it is planned.
        17 due_minute: Option<u32>,
        /// How long it took.
        18 minutes: Option<u32>,
        /// Ids of the profile's contacts that were met.
        19 contacts: Vec<PartId>,
        /// The planned visit (a record of this kind) that this one carries out.
        20 carries_out: Option<RecordId>,
        /// What was offered, such as a price or a free sample; only of one that was done.
        21 offered: Option<String>,
    }
}

impl Visit {
    fn of(state: VisitState) -> Self {
        Self {
            state,
            outcome: None,
            no_order: None,
            purpose: None,
            notes: None,
            place: None,
            next: None,
            plan: None,
            due_on: None,
            due_minute: None,
            minutes: None,
            contacts: Vec::new(),
            carries_out: None,
            offered: None,
            extras: Default::default(),
        }
    }

    /// A visit that was done.
    pub fn done(outcome: Outcome) -> Self {
        Self { outcome: Some(outcome), ..Self::of(VisitState::Done) }
    }

    /// A visit of the plan that will not be made.
    pub fn cancelled(plan: PlanKey) -> Self {
        Self { plan: Some(plan), ..Self::of(VisitState::Cancelled) }
    }

    /// A visit to be done.
    pub fn planned(due_on: BusinessDate) -> Self {
        Self { due_on: Some(due_on), ..Self::of(VisitState::Planned) }
    }

    pub(super) fn check(&self, check: &mut Check) {
        let planned = self.state == VisitState::Planned;
        let done = self.state == VisitState::Done;
        let cancelled = self.state == VisitState::Cancelled;
        check.rule(self.state.is_known(), "state", Code::UnknownValue);
        check.rule(self.outcome.is_none_or(Outcome::is_known), "outcome", Code::UnknownValue);
        check.rule(self.no_order.is_none_or(NoOrderReason::is_known), "no_order", Code::UnknownValue);
        check.rule(self.purpose.is_none_or(Purpose::is_known), "purpose", Code::UnknownValue);
        check.rule(!done || self.outcome.is_some(), "outcome", Code::Required);
        check.rule(!(planned || cancelled) || self.outcome.is_none(), "outcome", Code::Contradiction);
        let without_order = self.outcome.is_some_and(|outcome| outcome != Outcome::Order);
        check.rule(self.no_order.is_none() || without_order, "no_order", Code::Contradiction);
        check.rule(!planned || self.due_on.is_some(), "due_on", Code::Required);
        check.rule(!(done || cancelled) || self.due_on.is_none(), "due_on", Code::Contradiction);
        check.rule(!cancelled || self.plan.is_some(), "plan", Code::Required);
        check.rule(self.due_minute.is_none() || self.due_on.is_some(), "due_minute", Code::Contradiction);
        check.rule(!(planned || cancelled) || self.carries_out.is_none(), "carries_out", Code::Contradiction);
        check.rule(!(planned || cancelled) || self.offered.is_none(), "offered", Code::Contradiction);
        check.prose_opt("notes", self.notes.as_ref(), NOTES_CHARS_MAX);
        check.prose_opt("offered", self.offered.as_ref(), SENTENCE_CHARS_MAX);
        if let Some(place) = &self.place {
            check.within("place", |check| place.check(check));
        }
        if let Some(next) = &self.next {
            check.within("next", |check| next.check(check));
        }
        if let Some(plan) = &self.plan {
            check.within("plan", |check| plan.check(check));
        }
        if let Some(minute) = self.due_minute {
            check.range("due_minute", minute.into(), 0, MINUTE_OF_DAY_MAX.into());
        }
        if let Some(minutes) = self.minutes {
            check.range("minutes", minutes.into(), 0, VISIT_MINUTES_MAX.into());
        }
        check.count("contacts", self.contacts.len(), VISIT_CONTACTS_MAX);
    }
}
