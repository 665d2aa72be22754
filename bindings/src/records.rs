//! Records as the border has them: what happened, written once. A correction says all of it again.

use cartera_core::model::record;

use crate::shared::Answer;
use crate::values::{currency, each};
use crate::{
    Agreement, BusinessDate, CarteraError, Channel, ClientId, Consent, Decimal, Direction, Likeness,
    LossReason, Mode, Money, NoOrderReason, Outcome, PartId, PersonId, Point, PriceOrigin, PurchaseSort,
    Purpose, PutOffReason, PutOffSubject, RecordId, RequestDecision, ReturnReason, SurveyAnswer, TaskState,
    VisitState,
};

/// Work that is durable on this device.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Saved {
    pub id: RecordId,
    /// The business date that it was given.
    pub date: BusinessDate,
    /// The device's clock could not be checked: somebody should confirm the date.
    pub date_uncertain: bool,
}

impl From<cartera_core::engine::Saved> for Saved {
    fn from(saved: cartera_core::engine::Saved) -> Self {
        Self { id: saved.id.into(), date: saved.date.into(), date_uncertain: saved.date_uncertain }
    }
}

macro_rules! kinds {
    ($( $name:ident ),* $(,)?) => {
        /// The kind of a client's record, which a void has to name; its words are `kind-<kind>`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, uniffi::Enum)]
        pub enum RecordKind { $( $name ),* }

        impl From<RecordKind> for record::Kind {
            fn from(kind: RecordKind) -> Self {
                match kind { $( RecordKind::$name => Self::$name ),* }
            }
        }
    };
}

kinds! {
    Visit, Purchase, Contact, Note, Task, SurveyAnswer, DataConfirmed, ClientClosed, Agreement, Consent,
    MergeProposal, ChangeRequest, NotNow, ModeChoice,
}

/// What was agreed to do next.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NextStep {
    pub what: String,
    #[uniffi(default = None)]
    pub on: Option<BusinessDate>,
}

/// A visit of the visit plan (*rutero*): whom, by which rule, on which day.
#[derive(Debug, Clone, PartialEq, Eq, Hash, uniffi::Record)]
pub struct PlanKey {
    pub client: ClientId,
    pub rule: String,
    pub date: BusinessDate,
}

/// A visit that was made.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Visit {
    pub outcome: Outcome,
    /// Only where the outcome is not an order.
    #[uniffi(default = None)]
    pub no_order: Option<NoOrderReason>,
    #[uniffi(default = None)]
    pub purpose: Option<Purpose>,
    /// The person may read them.
    #[uniffi(default = None)]
    pub notes: Option<String>,
    #[uniffi(default = None)]
    pub place: Option<Point>,
    #[uniffi(default = None)]
    pub next: Option<NextStep>,
    /// The visit of the plan that it carries out.
    #[uniffi(default = None)]
    pub plan: Option<PlanKey>,
    /// The planned visit (a record) that it carries out.
    #[uniffi(default = None)]
    pub carries_out: Option<RecordId>,
    /// What was offered, such as a price or a free sample.
    #[uniffi(default = None)]
    pub offered: Option<String>,
    #[uniffi(default = None)]
    pub minutes: Option<u32>,
    /// Contacts of the profile who were met.
    #[uniffi(default = [])]
    pub contacts: Vec<PartId>,
}

/// A call or a message.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Contact {
    pub channel: Channel,
    pub direction: Direction,
    #[uniffi(default = None)]
    pub outcome: Option<Outcome>,
    #[uniffi(default = None)]
    pub no_order: Option<NoOrderReason>,
    #[uniffi(default = None)]
    pub purpose: Option<Purpose>,
    #[uniffi(default = None)]
    pub notes: Option<String>,
    /// The profile's contact who was reached.
    #[uniffi(default = None)]
    pub contact: Option<PartId>,
    #[uniffi(default = None)]
    pub next: Option<NextStep>,
    #[uniffi(default = None)]
    pub plan: Option<PlanKey>,
    #[uniffi(default = None)]
    pub carries_out: Option<RecordId>,
    /// What was offered, such as a price or a free sample.
    #[uniffi(default = None)]
    pub offered: Option<String>,
    #[uniffi(default = None)]
    pub minutes: Option<u32>,
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NewTask {
    pub what: String,
    #[uniffi(default = None)]
    pub due_on: Option<BusinessDate>,
    /// Minutes after midnight, local time.
    #[uniffi(default = None)]
    pub due_minute: Option<u32>,
    #[uniffi(default = None)]
    pub assigned_to: Option<PersonId>,
    /// The record at which it arose.
    #[uniffi(default = None)]
    pub arose_at: Option<RecordId>,
    #[uniffi(default = None)]
    pub note: Option<String>,
}

/// Per cent or an amount, one of the two.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Discount {
    #[uniffi(default = None)]
    pub percent: Option<Decimal>,
    /// In minor units of the purchase's currency; lines only.
    #[uniffi(default = None)]
    pub amount_minor: Option<i64>,
    #[uniffi(default = None)]
    pub origin: Option<PriceOrigin>,
}

#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Tax {
    pub code: String,
    pub percent: Decimal,
}

/// One line of a purchase.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OrderLine {
    pub article: String,
    pub quantity: Decimal,
    /// Sales unit.
    pub unit: String,
    #[uniffi(default = None)]
    pub description: Option<String>,
    /// In whole units of the currency for one priced unit; missing: the office prices it.
    #[uniffi(default = None)]
    pub price: Option<Decimal>,
    #[uniffi(default = None)]
    pub price_origin: Option<PriceOrigin>,
    /// Version of the price list.
    #[uniffi(default = None)]
    pub price_version: Option<String>,
    #[uniffi(default = [])]
    pub discounts: Vec<Discount>,
    #[uniffi(default = [])]
    pub taxes: Vec<Tax>,
    /// *Sin cargo*.
    #[uniffi(default = false)]
    pub free: bool,
    /// The goods of this line come back.
    #[uniffi(default = None)]
    pub returned: Option<ReturnReason>,
    /// What is priced, where it is not the sales unit: kilograms of catch-weight goods.
    #[uniffi(default = None)]
    pub priced_quantity: Option<Decimal>,
    #[uniffi(default = None)]
    pub priced_unit: Option<String>,
    #[uniffi(default = None)]
    pub note: Option<String>,
}

/// An order, direct sale or return. Its amounts are computed when it is saved.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Purchase {
    pub sort: PurchaseSort,
    /// ISO 4217.
    pub currency: String,
    pub lines: Vec<OrderLine>,
    /// Percentages on the whole.
    #[uniffi(default = [])]
    pub discounts: Vec<Discount>,
    /// The profile's delivery point.
    #[uniffi(default = None)]
    pub deliver_to: Option<PartId>,
    #[uniffi(default = None)]
    pub deliver_on: Option<BusinessDate>,
    /// What the client calls it.
    #[uniffi(default = None)]
    pub client_ref: Option<String>,
    #[uniffi(default = None)]
    pub notes: Option<String>,
    /// The visit at which it was taken.
    #[uniffi(default = None)]
    pub visit: Option<RecordId>,
    /// The purchase whose goods come back.
    #[uniffi(default = None)]
    pub returns: Option<RecordId>,
    #[uniffi(default = None)]
    pub plan: Option<PlanKey>,
}

/// What a record says, as far as this version reads it.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum RecordBody {
    Visit {
        visit: Visit,
    },
    /// One that is planned or was cancelled.
    PlannedVisit {
        state: VisitState,
        due_on: Option<BusinessDate>,
        due_minute: Option<u32>,
        plan: Option<PlanKey>,
    },
    Purchase {
        purchase: Purchase,
        net: Money,
        tax: Money,
        total: Money,
    },
    Contact {
        contact: Contact,
    },
    Note {
        text: String,
        pinned: bool,
    },
    Task {
        what: String,
        state: TaskState,
        due_on: Option<BusinessDate>,
        note: Option<String>,
    },
    /// What became of a task.
    TaskSettled {
        task: RecordId,
        state: TaskState,
        note: Option<String>,
    },
    Closed {
        reason: LossReason,
        note: Option<String>,
        competitor: Option<String>,
    },
    DataConfirmed {
        fields: Vec<String>,
    },
    Agreement {
        agreement: Agreement,
    },
    Survey {
        answer: SurveyAnswer,
    },
    Consent {
        consent: Consent,
    },
    NotNow {
        subject: PutOffSubject,
        key: Option<String>,
        until: Option<BusinessDate>,
        reason: Option<PutOffReason>,
    },
    ModeChosen {
        /// Missing where the figures are to say it again.
        mode: Option<Mode>,
        reason: String,
    },
    MergeProposed {
        other: ClientId,
        keep_other: bool,
        likeness: Vec<Likeness>,
    },
    ChangeRequest {
        field: String,
        reason: Option<String>,
        /// Missing while the office has not answered.
        decision: Option<RequestDecision>,
        /// What the office said beside it.
        answer: Option<String>,
    },
    /// Of another kind: its words are `kind-<kind>`.
    Other,
}

impl NextStep {
    fn read(self) -> Answer<record::NextStep> {
        Ok(record::NextStep::new(self.what, self.on.map(BusinessDate::read).transpose()?))
    }
}

impl PlanKey {
    pub(crate) fn read(self) -> Answer<record::PlanKey> {
        Ok(record::PlanKey::new(self.client.read()?, self.rule, self.date.read()?))
    }
}

impl From<record::PlanKey> for PlanKey {
    fn from(key: record::PlanKey) -> Self {
        Self { client: key.client.into(), rule: key.rule, date: key.date.into() }
    }
}

impl From<record::NextStep> for NextStep {
    fn from(next: record::NextStep) -> Self {
        Self { what: next.what, on: next.on.map(Into::into) }
    }
}

impl Visit {
    pub(crate) fn read(self) -> Answer<record::Visit> {
        Ok(record::Visit {
            no_order: self.no_order.map(Into::into),
            purpose: self.purpose.map(Into::into),
            notes: self.notes,
            place: self.place.map(Point::read).transpose()?,
            next: self.next.map(NextStep::read).transpose()?,
            plan: self.plan.map(PlanKey::read).transpose()?,
            carries_out: self.carries_out.map(|id| id.read()).transpose()?,
            offered: self.offered,
            minutes: self.minutes,
            contacts: each(self.contacts, |contact| contact.read())?,
            ..record::Visit::done(self.outcome.into())
        })
    }
}

impl Contact {
    pub(crate) fn read(self) -> Answer<record::Contact> {
        Ok(record::Contact {
            outcome: self.outcome.map(Into::into),
            no_order: self.no_order.map(Into::into),
            purpose: self.purpose.map(Into::into),
            notes: self.notes,
            contact: self.contact.map(|id| id.read()).transpose()?,
            next: self.next.map(NextStep::read).transpose()?,
            plan: self.plan.map(PlanKey::read).transpose()?,
            carries_out: self.carries_out.map(|id| id.read()).transpose()?,
            offered: self.offered,
            minutes: self.minutes,
            ..record::Contact::new(self.channel.into(), self.direction.into())
        })
    }
}

impl NewTask {
    pub(crate) fn read(self) -> Answer<record::Task> {
        Ok(record::Task {
            due_on: self.due_on.map(BusinessDate::read).transpose()?,
            due_minute: self.due_minute,
            assigned_to: self.assigned_to.map(|id| id.read()).transpose()?,
            arose_at: self.arose_at.map(|id| id.read()).transpose()?,
            note: self.note,
            ..record::Task::open(self.what)
        })
    }
}

impl Discount {
    fn read(self) -> Answer<record::Discount> {
        let percent = self.percent.map(|percent| percent.read()).transpose()?;
        let origin = self.origin.map(Into::into);
        Ok(record::Discount {
            percent,
            origin,
            ..self.amount_minor.map_or_else(no_amount, record::Discount::amount)
        })
    }
}

fn no_amount() -> record::Discount {
    record::Discount { amount: None, ..record::Discount::amount(0) }
}

impl From<record::Discount> for Discount {
    fn from(discount: record::Discount) -> Self {
        Self {
            percent: discount.percent.map(Into::into),
            amount_minor: discount.amount,
            origin: discount.origin.map(Into::into),
        }
    }
}

impl OrderLine {
    fn read(self) -> Answer<record::Line> {
        let source =
            self.price_origin.map(|origin| record::PriceSource::new(origin.into(), self.price_version));
        Ok(record::Line {
            description: self.description,
            price: self.price.map(|price| price.read()).transpose()?,
            price_source: source,
            discounts: each(self.discounts, Discount::read)?,
            taxes: each(self.taxes, |tax| Ok(record::Tax::new(tax.code, tax.percent.read()?)))?,
            free: self.free,
            returned: self.returned.map(Into::into),
            priced_quantity: self.priced_quantity.map(|quantity| quantity.read()).transpose()?,
            priced_unit: self.priced_unit,
            note: self.note,
            ..record::Line::new(self.article, self.quantity.read()?, self.unit)
        })
    }
}

impl From<record::Line> for OrderLine {
    fn from(line: record::Line) -> Self {
        let (origin, version) = match line.price_source {
            Some(source) => (Some(source.origin.into()), source.version),
            None => (None, None),
        };
        Self {
            article: line.article,
            quantity: line.quantity.into(),
            unit: line.unit,
            description: line.description,
            price: line.price.map(Into::into),
            price_origin: origin,
            price_version: version,
            discounts: line.discounts.into_iter().map(Into::into).collect(),
            taxes: line
                .taxes
                .into_iter()
                .map(|tax| Tax { code: tax.code, percent: tax.percent.into() })
                .collect(),
            free: line.free,
            returned: line.returned.map(Into::into),
            priced_quantity: line.priced_quantity.map(Into::into),
            priced_unit: line.priced_unit,
            note: line.note,
        }
    }
}

impl Purchase {
    /// With its amounts computed.
    pub(crate) fn read(self) -> Answer<record::Purchase> {
        let mut purchase = self.read_unfinished()?;
        purchase.compute_amounts().map_err(|error| CarteraError::Invalid {
            code: error.code().to_owned(),
            detail: error.to_string(),
            problems: Vec::new(),
        })?;
        Ok(purchase)
    }

    /// As far as it was written.
    pub(crate) fn read_unfinished(self) -> Answer<record::Purchase> {
        Ok(record::Purchase {
            lines: each(self.lines, OrderLine::read)?,
            discounts: each(self.discounts, Discount::read)?,
            deliver_to: self.deliver_to.map(|id| id.read()).transpose()?,
            deliver_on: self.deliver_on.map(BusinessDate::read).transpose()?,
            client_ref: self.client_ref,
            notes: self.notes,
            visit: self.visit.map(|id| id.read()).transpose()?,
            returns: self.returns.map(|id| id.read()).transpose()?,
            plan: self.plan.map(PlanKey::read).transpose()?,
            ..record::Purchase::new(self.sort.into(), currency(&self.currency)?)
        })
    }
}

impl From<record::Purchase> for Purchase {
    fn from(purchase: record::Purchase) -> Self {
        Self {
            sort: purchase.sort.into(),
            currency: purchase.currency.to_string(),
            lines: purchase.lines.into_iter().map(Into::into).collect(),
            discounts: purchase.discounts.into_iter().map(Into::into).collect(),
            deliver_to: purchase.deliver_to.map(Into::into),
            deliver_on: purchase.deliver_on.map(Into::into),
            client_ref: purchase.client_ref,
            notes: purchase.notes,
            visit: purchase.visit.map(Into::into),
            returns: purchase.returns.map(Into::into),
            plan: purchase.plan.map(Into::into),
        }
    }
}

impl From<record::Visit> for RecordBody {
    fn from(visit: record::Visit) -> Self {
        match (visit.state, visit.outcome) {
            (record::VisitState::Done, Some(outcome)) => Self::Visit {
                visit: Visit {
                    outcome: outcome.into(),
                    no_order: visit.no_order.map(Into::into),
                    purpose: visit.purpose.map(Into::into),
                    notes: visit.notes,
                    place: visit.place.map(Into::into),
                    next: visit.next.map(Into::into),
                    plan: visit.plan.map(Into::into),
                    carries_out: visit.carries_out.map(Into::into),
                    offered: visit.offered,
                    minutes: visit.minutes,
                    contacts: visit.contacts.into_iter().map(Into::into).collect(),
                },
            },
            (state, _) => Self::PlannedVisit {
                state: state.into(),
                due_on: visit.due_on.map(Into::into),
                due_minute: visit.due_minute,
                plan: visit.plan.map(Into::into),
            },
        }
    }
}

impl From<record::Contact> for RecordBody {
    fn from(contact: record::Contact) -> Self {
        Self::Contact {
            contact: Contact {
                channel: contact.channel.into(),
                direction: contact.direction.into(),
                outcome: contact.outcome.map(Into::into),
                no_order: contact.no_order.map(Into::into),
                purpose: contact.purpose.map(Into::into),
                notes: contact.notes,
                contact: contact.contact.map(Into::into),
                next: contact.next.map(Into::into),
                plan: contact.plan.map(Into::into),
                carries_out: contact.carries_out.map(Into::into),
                offered: contact.offered,
                minutes: contact.minutes,
            },
        }
    }
}

impl From<record::Body> for RecordBody {
    fn from(body: record::Body) -> Self {
        match body {
            record::Body::Visit(visit) => visit.into(),
            record::Body::Contact(contact) => contact.into(),
            record::Body::Purchase(purchase) => {
                let money = |minor| Money::of(minor, purchase.currency);
                let (net, tax, total) =
                    (money(purchase.totals.net), money(purchase.totals.tax), money(purchase.totals.total));
                Self::Purchase { purchase: purchase.into(), net, tax, total }
            }
            record::Body::Note(note) => Self::Note { text: note.text, pinned: note.pinned },
            record::Body::Task(record::Task { task: Some(task), state, note, .. }) => {
                Self::TaskSettled { task: task.into(), state: state.into(), note }
            }
            record::Body::Task(task) => Self::Task {
                what: task.what.unwrap_or_default(),
                state: task.state.into(),
                due_on: task.due_on.map(Into::into),
                note: task.note,
            },
            record::Body::ClientClosed(closed) => Self::Closed {
                reason: closed.reason.into(),
                note: closed.note,
                competitor: closed.competitor,
            },
            record::Body::DataConfirmed(confirmed) => Self::DataConfirmed { fields: confirmed.fields },
            record::Body::Agreement(agreement) => Self::Agreement { agreement: agreement.into() },
            record::Body::SurveyAnswer(answer) => Self::Survey { answer: answer.into() },
            record::Body::Consent(consent) => Self::Consent { consent: consent.into() },
            record::Body::NotNow(said) => Self::NotNow {
                subject: said.subject.into(),
                key: said.key,
                until: said.until.map(Into::into),
                reason: said.reason.map(Into::into),
            },
            record::Body::ModeChoice(choice) => {
                Self::ModeChosen { mode: choice.mode.map(Into::into), reason: choice.reason }
            }
            record::Body::MergeProposal(proposal) => Self::MergeProposed {
                other: proposal.other.into(),
                keep_other: proposal.keep_other,
                likeness: proposal.likeness.into_iter().map(Into::into).collect(),
            },
            record::Body::ChangeRequest(request) => Self::ChangeRequest {
                field: request.field,
                reason: request.reason,
                decision: request.decision.map(Into::into),
                answer: request.answer,
            },
            _ => Self::Other,
        }
    }
}
