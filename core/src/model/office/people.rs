//! Who works here, when, where to and towards what.

use super::check_period;
use crate::model::access::Role;
use crate::model::cbor::{cbor_map, codes};
use crate::model::date::BusinessDate;
use crate::model::limits::{
    MINUTE_OF_DAY_MAX, NAME_CHARS_MAX, PERSON_TERRITORIES_MAX, PLAN_SEQUENCE_MAX, PLAN_WEEKS_MAX,
    SENTENCE_CHARS_MAX, UNIT_CHARS_MAX,
};
use crate::model::money::Money;
use crate::model::problem::{Check, Code};
use crate::model::record::{AbsenceReason, Channel};
use crate::model::{DeviceId, PersonId, TerritoryId};

cbor_map! {
    /// Somebody who works here; the record's key is the person's id.
    pub struct Person {
        1 name: String,
        2 role: Role,
        3 territories: Vec<TerritoryId>,
        /// Works here no longer; kept, since records name the person.
        4 left: bool,
    }
}

cbor_map! {
    /// Whose hand an actor is; the record's key is the actor's 32 hexadecimal digits.
    pub struct Actor {
        1 person: PersonId,
        /// Missing for the relay's own actors.
        2 device: Option<DeviceId>,
        /// Name of the import, for an actor of an import.
        3 import: Option<String>,
        /// The relay's proof that it registered the actor: 16 bytes.
        4 receipt: Option<[u8; 16]>,
    }
}

cbor_map! {
    /// A rule of the visit plan (*rutero*): the client is to be visited on these weekdays of every so many weeks.
    pub struct VisitPlan {
        /// The rule counts weeks from the one that holds this day, Mondays first.
        1 from: BusinessDate,
        /// Last day.
        2 until: Option<BusinessDate>,
        /// 1 for every week.
        3 every_weeks: u32,
        /// 1 Monday to 7 Sunday, ascending.
        4 weekdays: Vec<u8>,
        /// Minutes after midnight, local time.
        5 minute: Option<u32>,
        /// Who is to go, where it is not the territory's rep.
        6 person: Option<PersonId>,
        /// Missing for a visit; a call where it says phone.
        7 channel: Option<Channel>,
        /// Of several rules of a client, the place to go to.
        8 place: Option<crate::model::PartId>,
        /// Place in the day's round; those without one come last.
        9 sequence: Option<u32>,
    }
}

cbor_map! {
    /// Days on which a person does not work, as the office knows them.
    pub struct Absence {
        1 person: PersonId,
        2 from: BusinessDate,
        /// Last day.
        3 to: BusinessDate,
        4 reason: Option<AbsenceReason>,
        /// Who stands in (*sustitución*).
        5 cover: Option<PersonId>,
    }
}

cbor_map! {
    /// A day on which nobody visits.
    pub struct Holiday {
        1 date: BusinessDate,
        2 name: String,
    }
}

codes! {
    /// What an objective counts.
    pub enum Measure: "measure" {
        /// *Ventas netas*, in `amount`.
        NetRevenue = 1 "net_revenue",
        Units = 2 "units",
        NewClients = 3 "new_clients",
        Visits = 4 "visits",
        Orders = 5 "orders",
        WonBack = 6 "won_back",
    }
}

cbor_map! {
    /// What is to be reached (*objetivo*).
    pub struct Objective {
        1 measure: Measure,
        2 from: BusinessDate,
        /// Last day.
        3 to: BusinessDate,
        /// For net revenue.
        4 amount: Option<Money>,
        /// For everything else.
        5 count: Option<u64>,
        6 person: Option<PersonId>,
        7 family: Option<String>,
        8 unit: Option<String>,
    }
}

impl Person {
    pub fn new(name: impl Into<String>, role: Role) -> Self {
        Self { name: name.into(), role, territories: Vec::new(), left: false, extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.line("name", &self.name, NAME_CHARS_MAX);
        check.rule(self.role.is_known(), "role", Code::UnknownValue);
        check.count("territories", self.territories.len(), PERSON_TERRITORIES_MAX);
    }
}

impl Actor {
    pub fn new(person: PersonId, device: Option<DeviceId>) -> Self {
        Self { person, device, import: None, receipt: None, extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.line_opt("import", self.import.as_ref(), NAME_CHARS_MAX);
    }
}

impl VisitPlan {
    pub fn new(from: BusinessDate, every_weeks: u32, weekdays: Vec<u8>) -> Self {
        Self {
            from,
            until: None,
            every_weeks,
            weekdays,
            minute: None,
            person: None,
            channel: None,
            place: None,
            sequence: None,
            extras: Default::default(),
        }
    }

    /// Whether the rule asks for a visit on that day; absences, holidays and shut days are not its concern.
    pub fn falls_on(&self, date: BusinessDate) -> bool {
        let monday = |date: BusinessDate| date.days() - i32::from(date.weekday()) + 1;
        if date < self.from || self.until.is_some_and(|until| date > until) || self.every_weeks == 0 {
            return false;
        }
        let weeks = (monday(date) - monday(self.from)) / 7;
        let due = u32::try_from(weeks).is_ok_and(|weeks| weeks % self.every_weeks == 0);
        due && self.weekdays.contains(&date.weekday())
    }

    pub(super) fn check(&self, check: &mut Check) {
        check_period(check, Some(self.from), self.until);
        check.range("every_weeks", self.every_weeks.into(), 1, PLAN_WEEKS_MAX.into());
        check.rule(!self.weekdays.is_empty(), "weekdays", Code::Required);
        check.rule(self.weekdays.iter().all(|day| (1..=7).contains(day)), "weekdays", Code::Form);
        check.rule(self.weekdays.is_sorted_by(|a, b| a < b), "weekdays", Code::Duplicate);
        if let Some(minute) = self.minute {
            check.range("minute", minute.into(), 0, MINUTE_OF_DAY_MAX.into());
        }
        check.rule(self.channel.is_none_or(Channel::is_known), "channel", Code::UnknownValue);
        if let Some(sequence) = self.sequence {
            check.range("sequence", sequence.into(), 1, PLAN_SEQUENCE_MAX.into());
        }
    }
}

impl Absence {
    pub fn new(person: PersonId, from: BusinessDate, to: BusinessDate) -> Self {
        Self { person, from, to, reason: None, cover: None, extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check_period(check, Some(self.from), Some(self.to));
        check.rule(self.reason.is_none_or(AbsenceReason::is_known), "reason", Code::UnknownValue);
        check.rule(self.cover != Some(self.person), "cover", Code::Contradiction);
    }
}

impl Holiday {
    pub fn new(date: BusinessDate, name: impl Into<String>) -> Self {
        Self { date, name: name.into(), extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.line("name", &self.name, SENTENCE_CHARS_MAX);
    }
}

impl Objective {
    /// Without its amount or count yet.
    pub fn new(measure: Measure, from: BusinessDate, to: BusinessDate) -> Self {
        Self {
            measure,
            from,
            to,
            amount: None,
            count: None,
            person: None,
            family: None,
            unit: None,
            extras: Default::default(),
        }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check_period(check, Some(self.from), Some(self.to));
        check.rule(self.measure.is_known(), "measure", Code::UnknownValue);
        if self.measure == Measure::NetRevenue {
            check.rule(self.amount.is_some(), "amount", Code::Required);
            check.rule(self.count.is_none(), "count", Code::Contradiction);
        } else if self.measure.is_known() {
            check.rule(self.count.is_some(), "count", Code::Required);
            check.rule(self.amount.is_none(), "amount", Code::Contradiction);
        }
        super::check_currency(check, "amount", self.amount.map(|amount| amount.currency));
        check.line_opt("family", self.family.as_ref(), NAME_CHARS_MAX);
        check.line_opt("unit", self.unit.as_ref(), UNIT_CHARS_MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_asks_for_its_weekdays_of_every_so_many_weeks() {
        let date = |text: &str| text.parse::<BusinessDate>().unwrap();
        // 2026-09-23 is a Wednesday; its week begins on Monday 21.
        let mut plan = VisitPlan::new(date("2026-09-23"), 2, vec![1, 3]);
        for (day, falls) in [
            ("2026-09-21", false), // before it begins
            ("2026-09-23", true),
            ("2026-09-24", false),
            ("2026-09-28", false), // the week between
            ("2026-10-05", true),
            ("2026-10-07", true),
            ("2027-09-20", true), // 52 weeks on
            ("2027-09-27", false),
        ] {
            assert_eq!(plan.falls_on(date(day)), falls, "{day}");
        }
        plan.until = Some(date("2026-10-05"));
        assert!(plan.falls_on(date("2026-10-05")) && !plan.falls_on(date("2026-10-07")));
        plan.every_weeks = 0;
        assert!(!plan.falls_on(date("2026-09-23")));
    }
}
