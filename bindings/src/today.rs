//! What to do today (*Hoy*), and why; what is put off; what the office has to say.

use std::collections::HashSet;
use std::sync::Arc;

use cartera_core::model::office::{Kind, KnownKind, Value};
use cartera_core::model::record::{self, Body};
use cartera_core::portfolio::today;
use cartera_core::query::own;
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

    /// Notices of these days, those that must be read and were not first.
    pub fn notices(&self) -> Result<Vec<Notice>, CarteraError> {
        self.shared.run(|engine| {
            let today = engine.today()?;
            let person = engine.identity()?.map(|identity| identity.person);
            engine.store().read(|conn| {
                let read: HashSet<String> = match person {
                    None => HashSet::new(),
                    Some(person) => own::records(conn, &person, record::Kind::NoticeRead)?
                        .into_iter()
                        .filter_map(|kept| match kept.body {
                            Body::NoticeRead(read) => Some(read.notice),
                            _ => None,
                        })
                        .collect(),
                };
                let sql = "SELECT key, value FROM office WHERE kind = 'notice' AND value IS NOT NULL ORDER BY number DESC";
                let mut statement = conn.prepare_cached(sql)?;
                let mut rows = statement.query([])?;
                let mut notices = Vec::new();
                while let Some(row) = rows.next()? {
                    let value: Vec<u8> = row.get(1)?;
                    let Ok(Value::Notice(notice)) = Value::decode(&Kind::Known(KnownKind::Notice), &value) else {
                        continue;
                    };
                    let holds = notice.from.is_none_or(|from| from <= today)
                        && notice.until.is_none_or(|until| until >= today);
                    if holds {
                        let key: String = row.get(0)?;
                        notices.push(Notice {
                            read: read.contains(&key),
                            key,
                            title: notice.title,
                            text: notice.text,
                            until: notice.until.map(Into::into),
                            must_read: notice.must_read,
                        });
                    }
                }
                notices.sort_by_key(|notice| notice.read || !notice.must_read);
                Ok(notices)
            })
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
