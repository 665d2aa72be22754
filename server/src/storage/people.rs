//! People and the territories that they look after.

use cartera_core::model::record::Kind;
use cartera_core::model::{PersonId, RecordId, TerritoryId};
use cartera_core::query::own::Kept;

use super::Result;
use crate::audit::{Deed, Recorded};
use crate::people::{Person, Role};
use crate::territories::Territory;

/// What to change of a person; what is `None` stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonChange {
    pub name: Option<String>,
    pub role: Option<Role>,
    pub all_territories: Option<bool>,
    /// All of them, replacing what was.
    pub territories: Option<Vec<TerritoryId>>,
}

/// What became of a change to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonChanged {
    Done(Person),
    Unknown,
    UnknownTerritory(TerritoryId),
    /// Nobody would be left who may administer the workspace.
    LastAdministrator,
}

/// What became of new people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeopleAdded {
    Done,
    UnknownTerritory(TerritoryId),
    /// The workspace would have more people than its bound.
    TooMany,
}

/// What was done again from the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CaughtUp {
    pub acts: u64,
    /// No line is missing between the store and the journal's end.
    pub whole: bool,
    /// The store had been put back to an older state: another epoch began.
    pub rolled_back: bool,
}

/// Something that a person keeps for themselves: an absence, a lesson done.
#[derive(Debug, Clone)]
pub struct OwnRecord {
    pub person: PersonId,
    pub kind: Kind,
    pub id: RecordId,
    /// The record's CBOR.
    pub value: Vec<u8>,
    pub at_ms: i64,
    /// For the person's actor at the relay in this epoch, where there is none yet.
    pub new_actor: [u8; 16],
}

pub trait People {
    /// Everybody, those who left included, by id.
    fn people(&self) -> Result<Vec<Person>>;

    fn person(&self, id: PersonId) -> Result<Option<Person>>;

    /// What people keep of one kind in their own documents: absences, notices read, lessons done; by person.
    fn kept_by_people(&self, kind: Kind) -> Result<Vec<(PersonId, Kept)>>;

    /// Writes a record into the person's own document, which begins with it where there is none yet.
    fn keep_own(&self, record: &OwnRecord) -> Result<()>;

    /// Adds all of them or none.
    fn add_people(&self, people: &[Person], deeds: &[Deed]) -> Result<PeopleAdded>;

    /// Changes a person, and its scope version if what it may see changed.
    fn change_person(&self, id: PersonId, change: &PersonChange, deed: &Deed) -> Result<PersonChanged>;

    /// The person works here no more: devices are revoked with the order to hand unsent work in, logins end.
    fn person_left(&self, id: PersonId, deed: &Deed) -> Result<PersonChanged>;
}

/// What became of a new or renamed territory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TerritoryWritten {
    Done,
    Unknown,
    NameTaken(TerritoryId),
    TooMany,
}

pub trait Territories {
    /// All of them, [`crate::territories::UNASSIGNED`] included, by id.
    fn territories(&self) -> Result<Vec<Territory>>;

    /// Adds all of them or none.
    fn add_territories(&self, territories: &[Territory], deeds: &[Deed]) -> Result<TerritoryWritten>;

    fn rename_territory(&self, id: TerritoryId, name: &str, deed: &Deed) -> Result<TerritoryWritten>;
}

pub trait Audit {
    /// Writes deeds that go with no other change: refusals.
    fn record(&self, deeds: &[Deed]) -> Result<()>;

    /// At most `limit` deeds before `number`, the latest first.
    fn deeds_before(&self, number: u64, limit: usize) -> Result<Vec<Recorded>>;

    /// At most `limit` deeds after `number`, in order.
    fn deeds(&self, after: u64, limit: usize) -> Result<Vec<Recorded>>;
}
