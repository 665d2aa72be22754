//! A sealed import becomes entries of the log, all of them in the caller's transaction; batches are read one by one.

use cartera_core::document::{ActorId, RecordKey};
use cartera_core::model::ClientId;
use cartera_core::model::office::{Actor, KnownKind};
use cartera_core::model::record::Kind as RecordKind;
use cartera_core::rows::Document;
use cartera_core::sync::wire::ActorBytes;

use super::{books, client, lookup, undecodable};
use crate::import::Kind;
use crate::import::codec::{Step, decode_batch};
use crate::import::target::{ImportId, Published};
use crate::storage::Result;
use crate::storage::imports::{ImportStep, Publisher};
use crate::storage::office::{OfficePut, OfficeWrite};
use crate::storage::sqlite::log::admit::rows_error;
use crate::storage::sqlite::log::writer::LogWriter;
use crate::storage::sqlite::log::{feeds, office, own};

pub(super) fn run(
    log: &mut LogWriter<'_>,
    import: ImportId,
    publisher: &mut Publisher<'_>,
) -> Result<ImportStep<Published>> {
    let Some((kind, source)) = books::sealed(log.tx, import)? else { return Ok(ImportStep::Superseded) };
    let what = kind.parse::<Kind>().map_or("client", Kind::feed);
    let mut hand = Hand::new(&source, publisher);
    let (mut next, mut done) = (0, 0);
    while let Some((batch, items)) = books::batch(log.tx, import, next)? {
        for step in decode_batch(&items).map_err(|error| undecodable("staged batch", error))? {
            match step {
                Step::Client { id, change } => client::publish(log, &mut hand, &id, &change)?,
                Step::Office { kind, key, client, value } => {
                    put(log, &hand, kind, key, client.as_deref(), value)?;
                }
                Step::Answer { id, client, record } => answer(log, &mut hand, &id, &client, record)?,
                Step::Remove { kind, key } => remove(log, &hand, kind, key)?,
            }
        }
        next = batch.saturating_add(1);
        done += 1;
    }
    feeds::came(log, what, &source, books::brought(log.tx, import)?, hand.at_ms())?;
    books::published(log.tx, import, &kind, &source, hand.publisher.at_ms)?;
    Ok(ImportStep::Done(Published { done, total: done }))
}

/// Whose hand writes, for one source in one epoch.
pub(super) struct Hand<'a, 'p> {
    pub(super) source: &'a str,
    actor: Option<ActorId>,
    pub(super) publisher: &'a mut Publisher<'p>,
}

impl<'a, 'p> Hand<'a, 'p> {
    pub(super) fn new(source: &'a str, publisher: &'a mut Publisher<'p>) -> Self {
        Self { source, actor: None, publisher }
    }

    pub(super) fn new_client(&mut self) -> ClientId {
        (self.publisher.new_client)()
    }

    pub(super) fn at_ms(&self) -> i64 {
        self.publisher.at_ms
    }

    /// The source's actor in this epoch, made and told to everybody when it is new.
    pub(super) fn actor(&mut self, log: &mut LogWriter<'_>) -> Result<ActorId> {
        if let Some(actor) = &self.actor {
            return Ok(actor.clone());
        }
        let ActorBytes(new) = self.publisher.new_actor;
        let actor = own::actor(log.tx, self.source, new)?;
        if let Some(person) = self.publisher.person {
            // The last person who imported from the source.
            let mut hand = Actor::new(person, None);
            hand.import = Some(self.source.to_owned());
            own::name(log, &actor, hand, self.publisher.at_ms)?;
        }
        self.actor = Some(actor.clone());
        Ok(actor)
    }
}

fn put(
    log: &mut LogWriter<'_>,
    hand: &Hand<'_, '_>,
    kind: KnownKind,
    key: String,
    client: Option<&str>,
    value: Vec<u8>,
) -> Result<()> {
    let client = match client {
        None => None,
        Some(code) => match lookup::client(log.tx, hand.source, code)? {
            // Erased since the file was checked: what is about it goes with it.
            None => return Ok(()),
            client => client,
        },
    };
    let record = OfficeWrite {
        kind: kind.name().to_owned(),
        source: hand.source.to_owned(),
        key,
        client,
        territory: None,
        value: Some(value),
    };
    written(office::put(log, &record, hand.at_ms())?, &record)
}

/// A record of the client's document, written by the source's hand.
fn answer(
    log: &mut LogWriter<'_>,
    hand: &mut Hand<'_, '_>,
    id: &str,
    code: &str,
    record: Vec<u8>,
) -> Result<()> {
    // Erased since the file was checked: what is about it goes with it.
    let Some(client) = lookup::client(log.tx, hand.source, code)? else { return Ok(()) };
    let document = Document::find(log.tx, &client.into()).map_err(rows_error)?;
    let document = document.ok_or_else(|| undecodable("staged batch", "its client has no document"))?;
    let key = RecordKey::new(RecordKind::SurveyAnswer.letters(), lookup::answer_id(hand.source, id))
        .map_err(|error| undecodable("staged batch", error))?;
    let actor = hand.actor(log)?;
    own::record(log, document, &actor, key, record, hand.at_ms())?;
    Ok(())
}

/// A tombstone, seen by whoever saw the record.
fn remove(log: &mut LogWriter<'_>, hand: &Hand<'_, '_>, kind: KnownKind, key: String) -> Result<()> {
    let record = OfficeWrite {
        kind: kind.name().to_owned(),
        source: hand.source.to_owned(),
        key,
        ..OfficeWrite::default()
    };
    written(feeds::remove(log, &record, hand.at_ms())?, &record)
}

/// What was checked before it was staged is not refused now.
fn written(put: OfficePut, record: &OfficeWrite) -> Result<()> {
    match put {
        OfficePut::Written(_) | OfficePut::Unchanged => Ok(()),
        refused => Err(undecodable("staged batch", format!("{} {}: {refused:?}", record.kind, record.key))),
    }
}
