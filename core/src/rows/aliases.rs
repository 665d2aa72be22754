//! Which clients were merged into which (`merge` of the protocol); whoever reads rows groups them by the one that is kept.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::{Connection, OptionalExtension};

use super::Result;
use crate::model::ClientId;

/// Merges follow one another at most so far.
const ALIAS_STEPS_MAX: usize = 64;

/// The client that is kept of those with which this one was merged; itself, where it was not, or where the other is not
/// here any more.
pub fn kept(conn: &Connection, client: ClientId) -> Result<ClientId> {
    let mut at = client;
    for _ in 0..ALIAS_STEPS_MAX {
        let mut statement = conn.prepare_cached(
            "SELECT k.id FROM clients c JOIN clients k ON k.id = c.alias_of WHERE c.id = ?1",
        )?;
        match statement.query_row([at], |row| row.get(0)).optional()? {
            Some(next) => at = next,
            None => break,
        }
    }
    Ok(at)
}

/// A client with those that were merged into it, through all steps.
pub fn members(conn: &Connection, client: ClientId) -> Result<BTreeSet<ClientId>> {
    let mut statement = conn.prepare_cached(
        "WITH RECURSIVE members (id) AS (
           SELECT ?1 UNION SELECT c.id FROM members m JOIN clients c INDEXED BY clients_by_alias ON c.alias_of = m.id)
         SELECT id FROM members",
    )?;
    let rows = statement.query_map([client], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Which clients were merged into which.
#[derive(Debug)]
pub struct Aliases {
    /// Absorbed to kept, through all steps.
    to: HashMap<ClientId, ClientId>,
    by_kept: BTreeMap<ClientId, BTreeSet<ClientId>>,
}

impl Aliases {
    pub fn read(conn: &Connection) -> Result<Self> {
        let mut statement = conn.prepare_cached(
            "SELECT c.id, k.id FROM clients c JOIN clients k ON k.id = c.alias_of
                                 WHERE c.alias_of IS NOT NULL",
        )?;
        let steps: HashMap<ClientId, ClientId> = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let (mut to, mut by_kept) = (HashMap::new(), BTreeMap::<_, BTreeSet<_>>::new());
        for client in steps.keys() {
            let mut at = *client;
            for _ in 0..ALIAS_STEPS_MAX {
                match steps.get(&at) {
                    Some(next) => at = *next,
                    None => break,
                }
            }
            to.insert(*client, at);
            by_kept.entry(at).or_default().insert(*client);
        }
        Ok(Self { to, by_kept })
    }

    /// Those into which others were merged, ascending.
    pub(super) fn all_kept(&self) -> impl Iterator<Item = &ClientId> {
        self.by_kept.keys()
    }

    /// A client with those that were merged into it.
    pub(super) fn members(&self, kept: &ClientId) -> BTreeSet<ClientId> {
        let mut members = self.by_kept.get(kept).cloned().unwrap_or_default();
        members.insert(*kept);
        members
    }

    /// The client that stands for this one: itself, unless it was merged.
    pub fn kept_of(&self, client: ClientId) -> ClientId {
        self.to.get(&client).copied().unwrap_or(client)
    }

    /// Whether it was merged, or another was merged into it.
    pub(super) fn concerns(&self, client: &ClientId) -> bool {
        self.to.contains_key(client) || self.by_kept.contains_key(client)
    }
}
