//! What this device holds, how fresh it is, and its housekeeping.

use std::sync::Arc;

use cartera_core::model::record;
use cartera_core::query::{clients, feeds};

use crate::shared::Shared;
use crate::{AbsenceReason, BusinessDate, CarteraError, Saved, Timestamp};

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
    /// The database's file, without its log.
    pub database_bytes: u64,
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
        self.shared.read(|conn, _| {
            let count = |sql: &str| conn.prepare_cached(sql)?.query_row([], |row| row.get(0));
            Ok(Holdings {
                clients: clients::count(conn)?,
                records: count("SELECT count(*) FROM records")?,
                office: count("SELECT count(*) FROM office WHERE value IS NOT NULL")?,
                database_bytes: count(
                    "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
                )?,
            })
        })
    }

    /// Every feed, by source and what it brings.
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
