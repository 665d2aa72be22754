//! What to do today (*Hoy*), and why; what is put off; what the office has to say.

use std::sync::Arc;

use cartera_core::model::record;
use cartera_core::portfolio::today;
use cartera_core::query::notices;
use cartera_core::rows::plan;

use crate::shared::{Shared, part};
use crate::{
    BusinessDate, CarteraError, Channel, ClientId, Language, Money, PartId, PersonId, PlanKey, PutOffReason,
    PutOffSubject, RecordId, Saved,
};

/// The day.
#[derive(Debug, uniffi::Object)]
pub struct Today {
    pub(crate) shared: Arc<Shared>,
}

/// A client with what is to be done.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct TodayEntry {
    pub client: ClientId,
    pub name: String,
    /// The visit of today, for those who have one; they come first, in the order of the round.
    pub visit: Option<PlannedVisit>,
    /// The most pressing first.
    pub reasons: Vec<Reason>,
}

/// A visit for a day.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PlannedVisit {
    pub date: BusinessDate,
    /// Minutes after midnight, local time.
    pub minute: Option<u32>,
    /// A call where it says phone.
    pub channel: Option<Channel>,
    pub place: Option<PartId>,
    /// What a visit that carries it out names: the plan's key, or the record.
    pub key: Option<PlanKey>,
    pub record: Option<RecordId>,
    pub stands_in_for: Option<PersonId>,
}

/// Why somebody needs attention, in words, and what 'Posponer' puts off.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Reason {
    /// Stable, such as `why-owes`.
    pub code: String,
    pub text: String,
    pub advice: String,
    /// The value at stake.
    pub stake: Option<Money>,
    pub subject: PutOffSubject,
    pub key: Option<String>,
}

/// What the office tells everybody, or a territory.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Notice {
    pub key: String,
    pub title: String,
    pub text: String,
    pub until: Option<BusinessDate>,
    /// Stands first until it was read.
    pub must_read: bool,
    pub read: bool,
}

#[uniffi::export]
impl Today {
    /// The list of this device's person: at most so many, from the one at `offset` on.
    pub fn list(&self, language: Language, offset: u32, most: u32) -> Result<Vec<TodayEntry>, CarteraError> {
        self.shared.run(|engine| {
            let (today, person) = (engine.today()?, engine.identity()?.map(|identity| identity.person));
            let entries = engine
                .store()
                .read::<_, CarteraError>(|conn| Ok(today::list(conn, person.as_ref(), today)?))?;
            let reason = |reason: today::Reason| {
                let (subject, key) = reason.why.subject();
                Reason {
                    code: reason.why.text_id().to_owned(),
                    text: reason.words(language.into(), today),
                    advice: reason.advice(language.into()),
                    stake: reason.stake.map(Into::into),
                    subject: subject.into(),
                    key,
                }
            };
            let entry = |entry: today::Entry| TodayEntry {
                client: entry.client.into(),
                name: entry.name,
                visit: entry.visit.map(Into::into),
                reasons: entry.reasons.into_iter().map(reason).collect(),
            };
            Ok(part(entries, offset, most).into_iter().map(entry).collect())
        })
    }

    /// *Posponer*: what was proposed comes back on a day, or not at all.
    pub fn put_off(
        &self,
        client: ClientId,
        subject: PutOffSubject,
        key: Option<String>,
        until: Option<BusinessDate>,
        reason: Option<PutOffReason>,
    ) -> Result<Saved, CarteraError> {
        let client = client.read()?;
        let until = until.map(BusinessDate::read).transpose()?;
        let not_now = record::NotNow {
            key,
            reason: reason.map(Into::into),
            ..record::NotNow::new(subject.into(), until)
        };
        self.shared.run(|engine| Ok(engine.put_off(&client, not_now)?.into()))
    }

    /// Notices of these days, those that must be read and were not first: at most so many, from the one at `offset` on.
    pub fn notices(&self, offset: u32, most: u32) -> Result<Vec<Notice>, CarteraError> {
        self.shared.run(|engine| {
            let (today, person) = (engine.today()?, engine.identity()?.map(|identity| identity.person));
            let told = engine
                .store()
                .read::<_, CarteraError>(|conn| Ok(notices::of_day(conn, person.as_ref(), today)?))?;
            let notice = |told: notices::Told| Notice {
                key: told.key,
                title: told.notice.title,
                text: told.notice.text,
                until: told.notice.until.map(Into::into),
                must_read: told.notice.must_read,
                read: told.read,
            };
            Ok(part(told, offset, most).into_iter().map(notice).collect())
        })
    }

    /// Said once, however often it is called.
    pub fn mark_read(&self, notice: String) -> Result<Saved, CarteraError> {
        let read = record::NoticeRead::new(notice);
        self.shared.run(|engine| Ok(engine.mark_notice_read(read)?.into()))
    }
}

impl From<plan::PlannedVisit> for PlannedVisit {
    fn from(visit: plan::PlannedVisit) -> Self {
        Self {
            date: visit.date.into(),
            minute: visit.minute,
            channel: visit.channel.map(Into::into),
            place: visit.place.map(Into::into),
            key: visit.key.map(Into::into),
            record: visit.record.map(Into::into),
            stands_in_for: visit.stands_in_for.map(Into::into),
        }
    }
}
