//! What this device holds, how fresh it is, and its housekeeping.

use std::sync::Arc;

use cartera_core::model::quiet;
use cartera_core::model::record::{self, Body, Kind, VoidReason};
use cartera_core::query::{diagnostics, feeds, holdings, own};

use crate::shared::{Answer, Shared, part};
use crate::{AbsenceReason, BusinessDate, CarteraError, RecordId, Saved, Timestamp, Weekday};

/// Settings and help.
#[derive(Debug, uniffi::Object)]
pub struct Settings {
    pub(crate) shared: Arc<Shared>,
}

/// What this phone holds; no personal data.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Holdings {
    pub clients: u64,
    /// Records of all kinds, as they were written.
    pub records: u64,
    /// What the office sent: articles, prices, sales, due items.
    pub office: u64,
    /// Of those, by kind; most first.
    pub office_kinds: Vec<KindCount>,
    /// Orders that are being written.
    pub drafts: u64,
    /// The database's file, without its log; how much of it is free for what comes.
    pub database_bytes: u64,
    pub free_bytes: u64,
    /// Its write-ahead log, which goes into the database by itself.
    pub log_bytes: u64,
}

/// So many records of a kind.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct KindCount {
    /// Stable word of an office record's kind.
    pub kind: String,
    pub records: u64,
}

/// One line of what whoever looks into trouble has to know.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Diagnostic {
    /// Stable.
    pub name: String,
    /// A count, a version, a code, or a time in milliseconds UTC.
    pub value: String,
}

/// When this device's person wants to be left alone.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct QuietHours {
    /// Minutes after midnight, local time.
    pub from: u32,
    /// Up to and without this minute; at or before `from`, of the next day.
    pub to: u32,
    /// Days on which it is quiet throughout.
    #[uniffi(default = [])]
    pub weekdays: Vec<Weekday>,
}

/// Days on which this person does not visit, first and last included.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Absence {
    pub id: RecordId,
    pub from: BusinessDate,
    pub to: BusinessDate,
    pub reason: Option<AbsenceReason>,
}

/// When one of the office's feeds last came: 'prices: today 06:10'.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Freshness {
    /// A kind of office record, or `client`.
    pub what: String,
    pub source: String,
    pub at: Timestamp,
    pub records: u64,
}

#[uniffi::export]
impl Settings {
    pub fn holdings(&self) -> Result<Holdings, CarteraError> {
        self.shared.read(|conn, engine| {
            let held = holdings::of_device(conn)?;
            let kind = |(kind, records)| KindCount { kind, records };
            Ok(Holdings {
                clients: held.clients,
                records: held.records,
                office: held.office.iter().map(|(_, records)| records).sum(),
                office_kinds: held.office.into_iter().map(kind).collect(),
                drafts: held.drafts,
                database_bytes: held.database_bytes,
                free_bytes: held.free_bytes,
                log_bytes: engine.store().log_bytes(),
            })
        })
    }

    /// Counts, versions, codes and times of this device, for whoever looks into its trouble; nobody's data.
    pub fn diagnostics(&self) -> Result<Vec<Diagnostic>, CarteraError> {
        self.shared.read(|conn, _| {
            let line = |(name, value)| Diagnostic { name, value };
            Ok(diagnostics::of_device(conn)?.into_iter().map(line).collect())
        })
    }

    /// Missing: at no time.
    pub fn quiet_hours(&self) -> Result<Option<QuietHours>, CarteraError> {
        self.shared.run(|engine| {
            let hours = engine.quiet_hours()?;
            Ok(hours.map(|hours| QuietHours {
                from: hours.from,
                to: hours.to,
                weekdays: Weekday::of_numbers(&hours.weekdays),
            }))
        })
    }

    pub fn set_quiet_hours(&self, hours: Option<QuietHours>) -> Result<(), CarteraError> {
        let hours = hours.map(|hours| {
            let weekdays = hours.weekdays.into_iter().map(Weekday::number).collect();
            quiet::QuietHours::new(hours.from, hours.to, weekdays)
        });
        self.shared.run(|engine| Ok(engine.set_quiet_hours(hours)?))
    }

    /// Whether notifications wait now.
    pub fn is_quiet(&self) -> Result<bool, CarteraError> {
        self.shared.run(|engine| Ok(engine.is_quiet()?))
    }

    /// The absences that this person declared, the earliest first: at most so many, from the one at `offset` on.
    pub fn absences(&self, offset: u32, most: u32) -> Result<Vec<Absence>, CarteraError> {
        let absence = |kept: own::Kept| match kept.body {
            Body::Absence(of) => Some(Absence {
                id: kept.root.into(),
                from: of.from.into(),
                to: of.to.into(),
                reason: of.reason.map(Into::into),
            }),
            _ => None,
        };
        let found = self.kept(Kind::Absence)?.into_iter().filter_map(absence).collect();
        Ok(part(found, offset, most))
    }

    /// Takes an absence back.
    pub fn withdraw_absence(&self, absence: RecordId) -> Result<Saved, CarteraError> {
        let absence = absence.read()?;
        self.shared.run(|engine| Ok(engine.void_own(Kind::Absence, absence, VoidReason::Cancelled)?.into()))
    }

    /// Keys of the lessons that this person has done: at most so many, from the one at `offset` on.
    pub fn lessons_done(&self, offset: u32, most: u32) -> Result<Vec<String>, CarteraError> {
        let lesson = |kept: own::Kept| match kept.body {
            Body::LessonDone(done) => Some(done.lesson),
            _ => None,
        };
        let found = self.kept(Kind::LessonDone)?.into_iter().filter_map(lesson).collect();
        Ok(part(found, offset, most))
    }

    /// Every feed, by source and what it brings; there is a handful.
    pub fn freshness(&self) -> Result<Vec<Freshness>, CarteraError> {
        self.shared.read(|conn, _| {
            let feed = |feed: feeds::Freshness| Freshness {
                what: feed.what,
                source: feed.source,
                at: feed.at_ms.into(),
                records: feed.records,
            };
            Ok(feeds::all(conn)?.into_iter().map(feed).collect())
        })
    }

    /// Housekeeping, a bounded amount of it; true when no log is left to be moved. For an app that leaves the foreground.
    pub fn tidy(&self) -> Result<bool, CarteraError> {
        self.shared.run(|engine| Ok(engine.tidy()?.log_moved))
    }

    /// Days on which this person does not visit, first and last included.
    pub fn declare_absence(
        &self,
        from: BusinessDate,
        to: BusinessDate,
        reason: Option<AbsenceReason>,
    ) -> Result<Saved, CarteraError> {
        let absence = record::Absence {
            reason: reason.map(Into::into),
            ..record::Absence::new(from.read()?, to.read()?)
        };
        self.shared.run(|engine| Ok(engine.declare_absence(absence)?.into()))
    }

    /// Said once, however often it is called.
    pub fn mark_lesson_done(&self, lesson: String) -> Result<Saved, CarteraError> {
        self.shared.run(|engine| Ok(engine.mark_lesson_done(record::LessonDone::new(lesson))?.into()))
    }
}

impl Settings {
    /// What this person keeps of a kind; nothing before the device is linked.
    fn kept(&self, kind: Kind) -> Answer<Vec<own::Kept>> {
        self.shared.run(|engine| {
            let Some(identity) = engine.identity()? else { return Ok(Vec::new()) };
            engine.store().read(|conn| Ok(own::records(conn, &identity.person, kind)?))
        })
    }
}
