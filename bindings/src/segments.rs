//! Segments: sets of clients by a rule, by name, or both; those of the office and this person's own.

use std::sync::Arc;

use cartera_core::engine::Engine;
use cartera_core::model::record::{self, Kind, VoidReason};
use cartera_core::model::{self};
use cartera_core::portfolio::segments::{
    FIELDS, Rule, RuleError, Saved as CoreSegment, SegmentError, Sort, Which,
};
use cartera_core::query::{clients, segments};

use crate::clients::page;
use crate::shared::{Answer, Shared, limit, part};
use crate::values::each;
use crate::{CarteraError, ClientId, ClientPage, RecordId, Saved, TerritoryId};

/// Segments.
#[derive(Debug, uniffi::Object)]
pub struct Segments {
    pub(crate) shared: Arc<Shared>,
}

/// Which segment.
#[derive(Debug, Clone, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum SegmentKey {
    /// The office's, of everybody in scope.
    Shared { source: String, key: String },
    /// This person's own.
    Private { id: RecordId },
}

/// A segment in a list.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SegmentRow {
    pub key: SegmentKey,
    pub name: String,
    /// A rule in the language of segments.
    pub filter: Option<String>,
    /// Clients by name, beside the rule's.
    pub named: u32,
    /// It is about the clients of one territory.
    pub territory: Option<TerritoryId>,
    /// Why it cannot be told: a newer version wrote its rule.
    pub problem: Option<RuleProblem>,
}

/// What is wrong with a rule.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RuleProblem {
    /// Its words are `error-<code>`.
    pub code: String,
    /// In English, for logs.
    pub detail: String,
    /// The character at which it is wrong, from 1; missing: the whole.
    pub at: Option<u32>,
}

/// A private set of clients.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Segment {
    pub name: String,
    /// A rule in the language of segments.
    #[uniffi(default = None)]
    pub filter: Option<String>,
    /// Clients by name, beside the rule's.
    #[uniffi(default = [])]
    pub clients: Vec<ClientId>,
}

/// Something that a rule can ask of a client.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SegmentField {
    pub name: String,
    pub sort: SegmentSort,
    /// Where it is one of some words.
    pub words: Vec<String>,
}

/// What sort of value it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum SegmentSort {
    Text,
    Number,
    Date,
    Money,
    Word,
    /// Several texts, of which any may be meant.
    Texts,
}

#[uniffi::export]
impl Segments {
    /// The office's, then this person's own: at most so many, from the one at `offset` on.
    pub fn list(&self, offset: u32, most: u32) -> Result<Vec<SegmentRow>, CarteraError> {
        self.shared.run(|engine| {
            let Some(identity) = engine.identity()? else { return Ok(Vec::new()) };
            let found =
                engine.store().read::<_, CarteraError>(|conn| Ok(segments::list(conn, &identity.person)?))?;
            Ok(part(found, offset, most).into_iter().map(Into::into).collect())
        })
    }

    /// One of this person's own, to be changed.
    pub fn own(&self, id: RecordId) -> Result<Segment, CarteraError> {
        let which = Which::Private(id.read()?);
        self.shared.run(|engine| {
            let found = find(engine, &which)?;
            let clients = found.clients.into_iter().map(Into::into).collect();
            Ok(Segment { name: found.name, filter: found.filter, clients })
        })
    }

    /// How many clients of this device it has.
    pub fn count(&self, key: SegmentKey) -> Result<u64, CarteraError> {
        let which = key.read()?;
        self.shared.run(|engine| {
            let (segment, today) = (find(engine, &which)?, engine.today()?);
            engine.store().read(|conn| Ok(segments::count(conn, &segment, today)? as u64))
        })
    }

    /// Its clients by name; at first `after` is missing.
    pub fn clients(
        &self,
        key: SegmentKey,
        after: Option<String>,
        most: u32,
    ) -> Result<ClientPage, CarteraError> {
        let which = key.read()?;
        let after: Option<clients::PageKey> = after.map(|after| after.parse()).transpose()?;
        self.shared.run(|engine| {
            let (segment, today, most) = (find(engine, &which)?, engine.today()?, limit(most));
            engine
                .store()
                .read(|conn| Ok(page(segments::clients(conn, &segment, today, after.as_ref(), most)?, most)))
        })
    }

    /// Clients by name whom a rule takes in that nobody has kept: a filter of the list.
    pub fn matching(
        &self,
        filter: String,
        after: Option<String>,
        most: u32,
    ) -> Result<ClientPage, CarteraError> {
        let after: Option<clients::PageKey> = after.map(|after| after.parse()).transpose()?;
        self.shared.read(|conn, engine| {
            let (today, most) = (engine.today()?, limit(most));
            let rule = (Some(filter.as_str()), &[][..]);
            Ok(page(segments::matching(conn, rule, today, after.as_ref(), most)?, most))
        })
    }

    /// What is wrong with a rule, as somebody writes it; missing where nothing is.
    pub fn check(&self, filter: String) -> Result<Option<RuleProblem>, CarteraError> {
        self.shared.run(|_| Ok(filter.parse::<Rule>().err().map(Into::into)))
    }

    /// What a rule can ask of a client.
    pub fn fields(&self) -> Result<Vec<SegmentField>, CarteraError> {
        let field = |(name, sort): (&str, Sort)| {
            let (sort, words) = match sort {
                Sort::Text => (SegmentSort::Text, &[][..]),
                Sort::Number => (SegmentSort::Number, &[][..]),
                Sort::Date => (SegmentSort::Date, &[][..]),
                Sort::Money => (SegmentSort::Money, &[][..]),
                Sort::Word(words) => (SegmentSort::Word, words),
                Sort::Texts => (SegmentSort::Texts, &[][..]),
            };
            let words = words.iter().map(|word| (*word).to_owned()).collect();
            SegmentField { name: name.to_owned(), sort, words }
        };
        self.shared.run(|_| Ok(FIELDS.iter().map(|of| field((of.name, of.sort))).collect()))
    }

    pub fn save(&self, segment: Segment) -> Result<Saved, CarteraError> {
        let segment = segment.read()?;
        self.shared.run(|engine| Ok(engine.save_segment(segment)?.into()))
    }

    /// Says one of this person's own anew.
    pub fn change(&self, id: RecordId, segment: Segment) -> Result<Saved, CarteraError> {
        let (id, segment) = (id.read()?, segment.read()?);
        self.shared.run(|engine| Ok(engine.change_segment(id, segment)?.into()))
    }

    /// Takes one of this person's own away.
    pub fn remove(&self, id: RecordId) -> Result<Saved, CarteraError> {
        let id = id.read()?;
        self.shared.run(|engine| Ok(engine.void_own(Kind::Segment, id, VoidReason::Cancelled)?.into()))
    }

    /// Brings one back; `removal` is what taking it away answered.
    pub fn bring_back(&self, removal: RecordId) -> Result<Saved, CarteraError> {
        let removal = removal.read()?;
        self.shared.run(|engine| Ok(engine.void_own(Kind::Segment, removal, VoidReason::Mistake)?.into()))
    }
}

fn find(engine: &Engine, which: &Which) -> Answer<CoreSegment> {
    let identity = engine.identity()?;
    let found = engine.store().read::<_, CarteraError>(|conn| match identity {
        Some(identity) => Ok(segments::get(conn, &identity.person, which)?),
        None => Ok(None),
    })?;
    found.ok_or_else(|| CarteraError::not_found("unknown_record", "no such segment here"))
}

impl SegmentKey {
    fn read(self) -> Answer<Which> {
        Ok(match self {
            Self::Shared { source, key } => Which::Shared { source, key },
            Self::Private { id } => Which::Private(id.read()?),
        })
    }
}

impl Segment {
    fn read(self) -> Answer<record::Segment> {
        let clients: Vec<model::ClientId> = each(self.clients, |client| client.read())?;
        Ok(record::Segment { filter: self.filter, clients, ..record::Segment::new(self.name) })
    }
}

impl From<CoreSegment> for SegmentRow {
    fn from(segment: CoreSegment) -> Self {
        let problem = match segment.rule() {
            Err(SegmentError::Rule(error)) => Some(error.into()),
            _ => None,
        };
        let key = match segment.which {
            Which::Shared { source, key } => SegmentKey::Shared { source, key },
            Which::Private(id) => SegmentKey::Private { id: id.into() },
        };
        Self {
            key,
            name: segment.name,
            filter: segment.filter,
            named: u32::try_from(segment.clients.len()).unwrap_or(u32::MAX),
            territory: segment.territory.map(Into::into),
            problem,
        }
    }
}

impl From<RuleError> for RuleProblem {
    fn from(error: RuleError) -> Self {
        Self {
            code: error.code().to_owned(),
            detail: error.to_string(),
            at: error.at().and_then(|at| u32::try_from(at).ok()),
        }
    }
}

impl From<SegmentError> for CarteraError {
    fn from(error: SegmentError) -> Self {
        match error {
            SegmentError::Rows(error) => error.into(),
            rule => {
                Self::Invalid { code: rule.code().to_owned(), detail: rule.to_string(), problems: Vec::new() }
            }
        }
    }
}
