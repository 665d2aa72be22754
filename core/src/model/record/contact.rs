//! A contact made otherwise than by a visit.

use super::visit::{NextStep, NoOrderReason, Outcome, PlanKey, Purpose};
use crate::model::cbor::{cbor_map, codes};
use crate::model::limits::{NOTES_CHARS_MAX, SENTENCE_CHARS_MAX, VISIT_MINUTES_MAX};
use crate::model::problem::{Check, Code};
use crate::model::{PartId, RecordId};

codes! {
    /// By what people reach each other.
    pub enum Channel: "channel" {
        Phone = 1 "phone",
        Email = 2 "email",
        /// SMS, WhatsApp and the like.
        Message = 3 "message",
        Video = 4 "video",
        Post = 5 "post",
        /// Met somewhere else: a fair, the office.
        Elsewhere = 6 "elsewhere",
    }
}

codes! {
    pub enum Direction: "direction" {
        /// We called.
        Outgoing = 1 "outgoing",
        /// The client called.
        Incoming = 2 "incoming",
    }
}

cbor_map! {
    /// A call or a message.
    pub struct Contact {
        8 channel: Channel,
        9 direction: Direction,
        10 outcome: Option<Outcome>,
        /// Only where the outcome is not an order.
        11 no_order: Option<NoOrderReason>,
        12 purpose: Option<Purpose>,
        13 notes: Option<String>,
        /// The profile's contact who was reached.
        14 contact: Option<PartId>,
        15 next: Option<NextStep>,
        /// The visit of the plan that this stands for.
        16 plan: Option<PlanKey>,
        17 minutes: Option<u32>,
        /// The planned visit (a record) that this stands for.
        18 carries_out: Option<RecordId>,
        /// What was offered, such as a price or a free sample.
        19 offered: Option<String>,
    }
}

impl Contact {
    pub fn new(channel: Channel, direction: Direction) -> Self {
        Self {
            channel,
            direction,
            outcome: None,
            no_order: None,
            purpose: None,
            notes: None,
            contact: None,
            next: None,
            plan: None,
            minutes: None,
            carries_out: None,
            offered: None,
            extras: Default::default(),
        }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.rule(self.channel.is_known(), "channel", Code::UnknownValue);
        check.rule(self.direction.is_known(), "direction", Code::UnknownValue);
        check.rule(self.outcome.is_none_or(Outcome::is_known), "outcome", Code::UnknownValue);
        check.rule(self.no_order.is_none_or(NoOrderReason::is_known), "no_order", Code::UnknownValue);
        check.rule(self.purpose.is_none_or(Purpose::is_known), "purpose", Code::UnknownValue);
        let without_order = self.outcome.is_some_and(|outcome| outcome != Outcome::Order);
        check.rule(self.no_order.is_none() || without_order, "no_order", Code::Contradiction);
        check.prose_opt("notes", self.notes.as_ref(), NOTES_CHARS_MAX);
        check.prose_opt("offered", self.offered.as_ref(), SENTENCE_CHARS_MAX);
        if let Some(next) = &self.next {
            check.within("next", |check| next.check(check));
        }
        if let Some(plan) = &self.plan {
            check.within("plan", |check| plan.check(check));
        }
        if let Some(minutes) = self.minutes {
            check.range("minutes", minutes.into(), 0, VISIT_MINUTES_MAX.into());
        }
    }
}
