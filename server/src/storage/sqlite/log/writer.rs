//! Appending to the log inside one write transaction: numbers, hashes, the running hash, digests of lanes.

use std::collections::{BTreeMap, HashMap};

use cartera_core::model::{BusinessDate, PersonId};
use cartera_core::rows::window;
use cartera_core::sync::digest::Sum;
use rusqlite::{OptionalExtension, Transaction, params};
use sha2::{Digest, Sha256};

use super::admit::rows_error;
use super::parts::{self, Part, audience_of_lane, part_of_lane};
use super::projection;
use super::sales::{self, Touched};
use crate::storage::Result;
use crate::storage::reached::LaneReached;
use crate::sync::audience::Audience;

/// What an entry is. The numbers stand in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Change = 0,
    Office = 1,
    Territory = 2,
    Merge = 3,
    Erase = 4,
}

/// What kinds have of their own.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Refs {
    pub doc: Option<i64>,
    /// Change: its key in `changes`.
    pub actor: Option<i64>,
    pub seq: Option<u64>,
    pub before: Option<i64>,
    pub person: Option<PersonId>,
    pub other: Option<i64>,
}

/// The log's end while a transaction writes on. The caller holds the write lock, so numbers have no gaps.
pub(crate) struct LogWriter<'t> {
    pub tx: &'t Transaction<'t>,
    number: u64,
    chain: [u8; 16],
    lanes: BTreeMap<i64, LaneChange>,
    parts: HashMap<i64, Part>,
    sales: Touched,
    /// Once it was asked for.
    sales_from: Option<Option<BusinessDate>>,
    /// The last document whose rows are made by this version, once it was asked for; none within: all are.
    projected: Option<Option<i64>>,
}

#[derive(Clone, Copy, Default)]
struct LaneChange {
    number: u64,
    added: Sum,
}

/// To return to when something has to be undone.
pub(super) struct Mark {
    number: u64,
    chain: [u8; 16],
    lanes: BTreeMap<i64, LaneChange>,
}

impl<'t> LogWriter<'t> {
    pub(crate) fn begin(tx: &'t Transaction<'t>) -> Result<Self> {
        let (number, chain) = end(tx)?;
        let (lanes, parts) = (BTreeMap::new(), HashMap::new());
        let (sales, sales_from, projected) = (Touched::default(), None, None);
        Ok(Self { tx, number, chain, lanes, parts, sales, sales_from, projected })
    }

    /// From here on the rows of a document are made by this version, whoever made them.
    pub(super) fn renew(&mut self, doc: i64) -> Result<()> {
        let reached = match self.projected {
            Some(reached) => reached,
            None => *self.projected.insert(projection::reached(self.tx)?),
        };
        projection::renew(self.tx, reached, doc)
    }

    /// First date of the sales that phones keep.
    pub(super) fn sales_from(&mut self) -> Result<Option<BusinessDate>> {
        match self.sales_from {
            Some(from) => Ok(from),
            None => Ok(*self.sales_from.insert(window::sales_from(self.tx).map_err(rows_error)?)),
        }
    }

    /// The window has moved.
    pub(super) fn forget_sales_from(&mut self) {
        self.sales_from = None;
    }

    /// The number of the last entry.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Enters something and gives its number. `hash` stands for all that it says.
    pub(crate) fn append(
        &mut self,
        kind: Kind,
        lane: i64,
        refs: &Refs,
        hash: &[u8; 32],
        at_ms: i64,
    ) -> Result<u64> {
        let number = self.number + 1;
        let chain = next_chain(&self.chain, kind as u8, hash);
        self.tx
            .prepare_cached(
                "INSERT INTO log (number, kind, lane, doc, actor, seq, before, person, other, at_ms, hash, chain)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            )?
            .execute(params![
                number,
                kind as i64,
                lane,
                refs.doc,
                refs.actor,
                refs.seq,
                refs.before,
                refs.person,
                refs.other,
                at_ms,
                hash,
                chain
            ])?;
        self.number = number;
        self.chain = chain;
        self.lanes.entry(lane).or_default().number = number;
        Ok(number)
    }

    /// A term came into a lane's digest, or went.
    pub(crate) fn digest(&mut self, lane: i64, gone: Sum, come: Sum) {
        if gone != come {
            let sum = &mut self.lanes.entry(lane).or_default().added;
            *sum -= gone;
            *sum += come;
        }
    }

    pub(crate) fn part(&mut self, row: i64) -> Result<Part> {
        if let Some(part) = self.parts.get(&row) {
            return Ok(*part);
        }
        let part = parts::at_row(self.tx, row)?;
        self.parts.insert(row, part);
        Ok(part)
    }

    /// Days of sales that are to be worked out before the commit.
    pub(super) fn touched(&mut self) -> &mut Touched {
        &mut self.sales
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { number: self.number, chain: self.chain, lanes: self.lanes.clone() }
    }

    pub(super) fn rewind(&mut self, mark: Mark) {
        self.number = mark.number;
        self.chain = mark.chain;
        self.lanes = mark.lanes;
        self.parts.clear();
    }

    /// Works out what follows from what was written, writes the lanes' digests, and tells how far each got. Listeners
    /// are told after the commit.
    pub(crate) fn finish(mut self) -> Result<Vec<LaneReached>> {
        sales::derive(&mut self)?;
        let mut touched = Vec::with_capacity(self.lanes.len());
        for (lane, change) in std::mem::take(&mut self.lanes) {
            if change.added != Sum::default() {
                let mut sum = lane_digest(self.tx, lane)?;
                sum += change.added;
                let sql = match audience_of_lane(lane) {
                    Audience::Everybody => "UPDATE parts SET digest = ?2 WHERE part = ?1",
                    Audience::Office => "UPDATE parts SET digest_1 = ?2 WHERE part = ?1",
                };
                self.tx.prepare_cached(sql)?.execute(params![part_of_lane(lane), sum])?;
            }
            if change.number > 0 {
                let own = self.part(part_of_lane(lane))?.is_own();
                touched.push(LaneReached { lane, number: change.number, own });
            }
        }
        Ok(touched)
    }
}

pub(super) fn lane_digest(tx: &Transaction<'_>, lane: i64) -> Result<Sum> {
    let sql = match audience_of_lane(lane) {
        Audience::Everybody => "SELECT digest FROM parts WHERE part = ?1",
        Audience::Office => "SELECT digest_1 FROM parts WHERE part = ?1",
    };
    Ok(tx.prepare_cached(sql)?.query_row([part_of_lane(lane)], |row| row.get(0))?)
}

/// The last number and its running hash; noughts for an empty log.
pub(super) fn end(tx: &Transaction<'_>) -> Result<(u64, [u8; 16])> {
    Ok(tx
        .prepare_cached("SELECT number, chain FROM log ORDER BY number DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .unwrap_or_default())
}

fn next_chain(chain: &[u8; 16], kind: u8, hash: &[u8; 32]) -> [u8; 16] {
    let digest: [u8; 32] =
        Sha256::new().chain_update(chain).chain_update([kind]).chain_update(hash).finalize().into();
    let mut next = [0; 16];
    next.copy_from_slice(&digest[..16]);
    next
}

/// The log's end with the running hash as it follows from the entries; the inner error is the number of the first entry
/// that has another one, is missing, or whose change has another hash.
pub(crate) fn recompute_chain(tx: &Transaction<'_>) -> Result<std::result::Result<(u64, [u8; 16]), u64>> {
    let mut statement = tx.prepare(
        "SELECT l.number, l.kind, l.hash, l.chain, c.hash FROM log l
         LEFT JOIN changes c ON l.kind = 0 AND c.doc = l.doc AND c.actor = l.actor AND c.seq = l.seq
         ORDER BY l.number",
    )?;
    let mut rows = statement.query([])?;
    let (mut number, mut chain) = (0, [0; 16]);
    while let Some(row) = rows.next()? {
        let (kind, hash): (u8, [u8; 32]) = (row.get(1)?, row.get(2)?);
        chain = next_chain(&chain, kind, &hash);
        number += 1;
        let of_change: Option<[u8; 32]> = row.get(4)?;
        let fits = row.get::<_, u64>(0)? == number
            && row.get::<_, [u8; 16]>(3)? == chain
            && of_change.is_none_or(|of_change| of_change == hash);
        if !fits {
            return Ok(Err(number));
        }
    }
    Ok(Ok((number, chain)))
}

/// The hash of an entry that is no change: over its kind's letter and its fields, each with its length before it.
pub(crate) fn entry_hash(letter: u8, fields: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix([letter]);
    for field in fields {
        hash.update((field.len() as u32).to_be_bytes());
        hash.update(field);
    }
    hash.finalize().into()
}
