//! What can be read of a damaged database, in a fresh one.
//!
//! The damaged database is set aside, never deleted: it lies beside the new one under another name, write-ahead log
//! included, for whoever knows more. What is read is read from a copy, so that the original stays as it was until the
//! new one is complete; [`files`] has the order in which they change places, so that being killed anywhere leaves the
//! one or the other.
//!
//! Unsent work comes first: it exists nowhere else. It stands twice, in `changes` and in `outbox`, and either is
//! enough. Every change is read by its bytes, whose hash says whether they are whole, and enters its document as if
//! it had just arrived; rows and search come of that. What the relay has can be had again: a document of which
//! something is missing is fetched anew at the next sync, and unsent work in it is sent all the same, since the relay
//! has what it builds on. What is missing beyond that, digests find. The device goes on with a new actor: it may not
//! know any more what the old one wrote.
//!
//! Nothing can be read where a page is lost that says which table lies where: some ten pages, whatever the size of the
//! database.

mod damaged;
mod documents;
mod files;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, params};

use self::damaged::Damaged;
use super::actors::{self, Reason};
use super::{Key, Store, StoreError, attention, meta};
use crate::env::Env;
use crate::rows::office;

pub(super) use files::{expect_whole, finish};

/// What was recovered, and what was not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recovery {
    /// Where the damaged database lies now.
    pub set_aside: PathBuf,
    /// The device is still linked to its workspace; otherwise it has to be linked again.
    pub linked: bool,
    /// Documents that are as they were.
    pub documents: usize,
    /// Documents of which something is missing; they are fetched anew at the next sync.
    pub incomplete: usize,
    /// Unsent changes that will be sent.
    pub unsent: usize,
    /// Those among them that show only after the next sync, since what they build on could not be read.
    pub unseen: usize,
    /// Unsent changes that cannot be sent any more, and earlier refused work: on the list of refused work.
    pub refused: usize,
    /// Office records.
    pub office: usize,
    /// Tables of which something could not be read; what was lost of them is fetched anew, but for unsent work.
    pub unreadable: Vec<&'static str>,
}

impl Recovery {
    /// Nothing that existed on this device alone was lost, as far as can be told.
    pub fn is_unsent_work_whole(&self) -> bool {
        !["outbox", "waiting", "refused"].iter().any(|table| self.unreadable.contains(table))
    }
}

/// What a person is told, on the list of what to look at.
pub const ATTENTION: &str = "database_recovered";
/// Why an unsent change is on the list of refused work: its document could not be read and is nowhere else.
pub const UNREADABLE_DOCUMENT: &str = "document_unreadable";

/// Sets the database at `path` aside and makes a fresh one of what can be read of it. Nobody may have it open. With
/// another key than its own nothing can be read.
///
/// # Errors
/// Those of opening, for a database that is not damaged but newer, another program's or held by somebody; no room. The
/// database stays as it is then.
pub(super) fn recover(path: &Path, key: Option<Key>, env: &dyn Env) -> Result<Recovery, StoreError> {
    finish(path)?;
    let files = files::Scratch::copy(path)?;
    let mut recovery = Recovery::default();
    let opened = expect_whole(path).and_then(|()| Damaged::open(&files.damaged(), key.as_ref()));
    match opened {
        Ok(mut damaged) => {
            let fresh = Store::open(&files.fresh(), key)?;
            fresh.write(|tx| copy(&mut damaged, tx, env, &mut recovery))?;
            recovery.unreadable = damaged.unreadable();
            fresh.write(|tx| tell(tx, env, &recovery))?;
        }
        Err(error) if error.is_damage() || matches!(error, StoreError::WrongKey) => {
            let fresh = Store::open(&files.fresh(), key)?;
            recovery.unreadable = damaged::TABLES.to_vec();
            fresh.write(|tx| tell(tx, env, &recovery))?;
        }
        Err(error) => return Err(error),
    }
    recovery.set_aside = files.change_places(path)?;
    Ok(recovery)
}

fn copy(
    damaged: &mut Damaged,
    tx: &Transaction<'_>,
    env: &dyn Env,
    recovery: &mut Recovery,
) -> Result<(), StoreError> {
    for (key, value) in damaged.meta() {
        if ![meta::PROJECTOR, meta::ACTOR].contains(&key.as_str()) {
            meta::put(tx, &key, &value)?;
        }
    }
    recovery.linked = meta::get(tx, meta::IDENTITY)?.is_some();
    if !recovery.linked {
        // They speak of a workspace that is not known any more.
        for key in [meta::CURSOR, meta::SCOPE_VERSION, meta::SCOPE] {
            meta::remove(tx, key)?;
        }
    }
    for (actor, reason) in damaged.new_actors() {
        let sql = "INSERT INTO new_actors (actor, reason) VALUES (?1, ?2)";
        tx.prepare_cached(sql)?.execute(params![actor, reason])?;
    }
    for actor in damaged.own_actors() {
        tx.prepare_cached("INSERT OR IGNORE INTO own_actors (actor) VALUES (?1)")?.execute([actor])?;
    }
    actors::replace(tx, env, Reason::Restore)?;
    for work in damaged.refused() {
        attention::keep_refused(tx, &work)?;
    }
    documents::copy(damaged, tx, env, recovery)?;
    for (entry, number) in damaged.office() {
        recovery.office += usize::from(office::put(tx, &entry, number)?);
    }
    plain(damaged, tx)?;
    recovery.refused = count(tx, "refused")?;
    recovery.unsent = count(tx, "outbox")?;
    Ok(())
}

/// Tables that are copied as they are.
fn plain(damaged: &mut Damaged, tx: &Transaction<'_>) -> Result<(), StoreError> {
    for (table, key, columns) in [
        ("attention", "item", "what, document, subject, detail, since, done_at"),
        ("waiting", "position", "document, key, value, saved_at"),
        ("stages", "position", "stage, territory, after"),
        ("refetch", "document", "document, tries"),
        ("leaving", "document", "document, purged"),
        ("office_to_fetch", "client", "client"),
    ] {
        let places = (1..=columns.split(',').count()).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
        let sql = format!("INSERT OR IGNORE INTO {table} ({columns}) VALUES ({places})");
        for values in damaged.values(table, key, columns) {
            // A row that breaks a rule of its table was not written by this program.
            if tx.prepare_cached(&sql)?.execute(rusqlite::params_from_iter(values)).is_err() {
                damaged.note(table);
            }
        }
    }
    Ok(())
}

/// Leaves word of it for whoever looks at the list.
fn tell(tx: &Transaction<'_>, env: &dyn Env, recovery: &Recovery) -> Result<(), StoreError> {
    let detail = recovery.unreadable.join(" ");
    attention::add(tx, ATTENTION, None, &env.now_ms().to_string(), &detail, env.now_ms())
}

fn count(conn: &Connection, table: &str) -> Result<usize, StoreError> {
    Ok(conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?)
}
