//! What a person decides about refused work and the attention list.

use rusqlite::Transaction;

use super::{Changed, Engine, EngineError};
use crate::document::{Body, ChangeHash, RecordKey, WriteError, admit, append, edit};
use crate::model::ClientId;
use crate::rows::{Document, RowsError, SqlFacts, client};
use crate::store::attention::{self, Refused};
use crate::store::{StoreError, actors, waiting};

impl Engine {
    /// Tries refused work again: the same records, and the same values put over what stands there now, as changes made
    /// at this moment. What is refused once more comes back to the list with its reason. Of a new client that was
    /// refused, its beginning goes first.
    ///
    /// # Errors
    /// `unknown_record` if it is not on the list; otherwise what a new command would answer. The work stays listed then.
    pub fn retry_refused(&self, hash: &ChangeHash) -> Result<(), EngineError> {
        self.store.write(|tx| {
            let work = attention::take_refused(tx, hash)?.ok_or(EngineError::UnknownRecord)?;
            self.write_again(tx, work)
        })?;
        self.listeners.tell(&Changed::Everything);
        Ok(())
    }

    /// Drops refused work for good: a person has seen it and does not want it. Gives its bytes, for whoever wants to
    /// keep them elsewhere.
    pub fn drop_refused(&self, hash: &ChangeHash) -> Result<Refused, EngineError> {
        let dropped = self.store.write::<_, EngineError>(|tx| {
            attention::take_refused(tx, hash)?.ok_or(EngineError::UnknownRecord)
        })?;
        self.listeners.tell(&Changed::Everything);
        Ok(dropped)
    }

    /// A person has looked at an item of the attention list and wants it gone. What still has a cause, such as refused
    /// work, two values or a date to be confirmed, stays.
    pub fn dismiss(&self, what: &str, subject: &str) -> Result<(), EngineError> {
        if what == attention::UNCERTAIN_DATE {
            return Ok(());
        }
        let now_ms = self.env.now_ms();
        self.store.write::<_, EngineError>(|tx| Ok(attention::dismiss(tx, what, subject, now_ms)?))?;
        self.listeners.tell(&Changed::Everything);
        Ok(())
    }

    fn write_again(&self, tx: &Transaction<'_>, work: Refused) -> Result<(), EngineError> {
        let (mut records, mut fields, mut begins) = (Vec::new(), Vec::new(), false);
        match work.key {
            Some(key) => records.push((key.parse::<RecordKey>().map_err(|_| unreadable())?, work.bytes)),
            None => {
                for op in admit::inspect(&work.bytes).map_err(|_| unreadable())?.ops {
                    match op.body {
                        Body::Create(_) => begins = true,
                        Body::Put { key, value, .. } => fields.push((key, Some(value))),
                        Body::Delete { key, .. } => fields.push((key, None)),
                        Body::Record { key, bytes, .. } => records.push((key, bytes)),
                    }
                }
            }
        }
        let (actor, now_ms) = (actors::present(tx, self.env())?, self.env.now_ms());
        let mut document = match Document::find(tx, &work.document)? {
            Some(document) => document,
            None if begins => {
                let mut document = Document::create(tx, work.document, 0)?;
                client::begin(tx, document.row)?;
                let first =
                    append::create(&actor, document.id, now_ms).map_err(WriteError::<RowsError>::from)?;
                self.commit(tx, &mut document, &first, None)?;
                document
            }
            None => {
                let client = ClientId::from_bytes(*work.document.as_bytes());
                return Err(EngineError::UnknownClient(client));
            }
        };
        if document.heads.is_empty() {
            for (key, bytes) in records {
                waiting::put(tx, &document.id, &key, &bytes, now_ms)?;
            }
            return Ok(());
        }
        if let Some(change) = edit::fields(&actor, &SqlFacts::new(tx, &document), fields, now_ms)? {
            self.commit(tx, &mut document, &change, None)?;
        }
        if !records.is_empty() {
            let change = append::records(&actor, &SqlFacts::new(tx, &document), records, now_ms)?;
            self.commit(tx, &mut document, &change, None)?;
        }
        Ok(())
    }
}

fn unreadable() -> EngineError {
    EngineError::Store(StoreError::Damaged("refused work cannot be read".into()))
}
