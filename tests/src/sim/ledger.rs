//! What every simulated person was told was saved: the books that the oracle compares with the relay's.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use cartera_core::model::{ClientId, DocumentId, RecordId};

/// Something that a command did, by which it can be found again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// A client was begun.
    Created,
    /// A record was written: kind and id.
    Record(String, RecordId),
    /// A field was given a text that nobody else gives any field.
    Put { key: String, text: String },
    /// A value that stood in a field was replaced or taken away: it lives nowhere any more.
    Ended { key: String, text: String },
}

/// One command that returned Ok.
#[derive(Debug, Clone)]
pub struct Command {
    pub number: usize,
    /// Place of the phone in the world.
    pub phone: usize,
    pub at_ms: i64,
    pub document: DocumentId,
    pub deeds: Vec<Deed>,
    /// Why the relay need not have it.
    pub excused: Option<&'static str>,
}

#[derive(Debug, Default)]
pub struct Books {
    pub commands: Vec<Command>,
    /// Clients that the office erased.
    pub erased: BTreeSet<ClientId>,
    /// Why a command was not carried out, and how often.
    pub declined: BTreeMap<&'static str, usize>,
}

#[derive(Debug, Default)]
pub struct Ledger(Mutex<Books>);

impl Ledger {
    pub fn books(&self) -> MutexGuard<'_, Books> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn saved(&self, phone: usize, at_ms: i64, document: DocumentId, deeds: Vec<Deed>) {
        let mut books = self.books();
        let number = books.commands.len();
        books.commands.push(Command { number, phone, at_ms, document, deeds, excused: None });
    }

    pub fn declined(&self, code: &'static str) {
        *self.books().declined.entry(code).or_default() += 1;
    }
}
