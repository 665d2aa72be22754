//! The log, who sees what of it, and the present in pages, in SQLite.
//!
//! | file | what |
//! |---|---|
//! | [`parts`] | parts of the workspace and their lanes |
//! | [`writer`] | appending: numbers, running hash, digests of lanes |
//! | [`place`] | where a document stands |
//! | [`sight`], [`permit`] | what a device sees, what it may write |
//! | [`admit`], [`refused`] | pushes become entries, or are kept with the reason |
//! | [`lendings`], [`moves`], [`proposals`], [`erase`], [`office`], [`feeds`] | what the office decides and owns |
//! | [`orders`], [`past_prices`] | where orders stand at the office, and what they are judged by |
//! | [`own`] | what the relay itself writes into documents |
//! | [`sales`] | days and months of sales |
//! | [`imports`] | files of the office: staged, and published |
//! | [`pull`], [`moved`], [`entries`] | what is after a number |
//! | [`pages`], [`sums`] | the present, and digests of it |
//! | [`projection`] | rows made anew |
//! | [`documents`] | a client's document as a whole, and its changes one by one |

mod admit;
mod compact;
mod documents;
mod entries;
mod erase;
mod feeds;
mod imports;
mod lendings;
mod moved;
mod moves;
mod office;
pub(in crate::storage::sqlite) mod orders;
pub(in crate::storage::sqlite) mod own;
mod pages;
mod parts;
mod past_prices;
mod permit;
mod place;
pub(in crate::storage::sqlite) mod projection;
mod proposals;
mod pull;
mod refused;
mod requests;
mod sales;
mod sales_window;
pub(crate) mod sight;
mod sums;
mod writer;

use std::panic::{AssertUnwindSafe, catch_unwind};

use cartera_core::model::office::{KnownKind, OrderStage};
use cartera_core::model::record::PurchaseSort;
use cartera_core::model::{BusinessDate, ClientId, DeviceId, DocumentId, PersonId, RecordId};
use cartera_core::query::feeds::{self as query_feeds, Freshness};
use cartera_core::rows::compact::Compacted;
use cartera_core::rows::office::OfficeKey;
use cartera_core::sync::digest::{document_bucket, office_bucket};
use cartera_core::sync::wire::{Epoch, PageDocument, Scope};
use rusqlite::{OptionalExtension, Transaction};

use self::admit::Mode;
pub(super) use self::admit::rows_error;
pub(super) use self::office::put as put_office;
use self::sight::Sight;
pub(super) use self::writer::{LogWriter, recompute_chain};
use super::{SqliteStorage, audit};
use crate::audit::Deed;
use crate::journal::{Act, Text};
use crate::storage::clients::{
    Answered, Decided, ErasePreview, Erased, Lending, LendingWritten, Merged, Move, Moved, Place, Proposed,
    Requested,
};
use crate::storage::log::{PullQuery, Pulled, Push, Pushed, RefusedChange, Sees, Tip};
use crate::storage::office::{Batch, OfficePut, OfficeRow, OfficeWrite, Written};
use crate::storage::orders::{Ack, Acked, DeadLetter, Listed, StoredOrder};
use crate::storage::pages::{BucketItems, BucketSums, FetchQuery, Fetched};
use crate::storage::projection::Projected;
use crate::storage::reached::{LaneReached, Reached};
use crate::storage::{Clients, Log, Office, Orders, Pages, Projections, Result, StorageError};

impl SqliteStorage {
    /// Writes on in the log, in one transaction; listeners are told once it is durable.
    pub(super) fn write_log<T>(&self, work: impl FnOnce(&mut LogWriter<'_>) -> Result<T>) -> Result<T> {
        let (value, touched) = self.write(|tx| {
            let mut log = LogWriter::begin(tx)?;
            let value = work(&mut log)?;
            Ok((value, log.finish()?))
        })?;
        self.reached.advance(&touched);
        Ok(value)
    }
}

impl SqliteStorage {
    /// Works out what an older version of this program did not.
    pub(super) fn catch_up(&self) -> Result<()> {
        if self.read(sales::is_behind)? {
            self.write_log(sales::catch_up)?;
        }
        if self.read(orders::is_behind)? { self.write_log(orders::catch_up) } else { Ok(()) }
    }

    /// As [`SqliteStorage::write_log`]; what `work` answers as `Err` inside is an answer too, and undoes what it wrote.
    pub(super) fn write_log_or_undo<T>(
        &self,
        work: impl FnOnce(&mut LogWriter<'_>) -> Result<std::result::Result<T, T>>,
    ) -> Result<T> {
        let (value, touched) = self.write_or_undo(|tx| {
            let mut log = LogWriter::begin(tx)?;
            Ok(match work(&mut log)? {
                Ok(done) => Ok((done, log.finish()?)),
                Err(refused) => Err((refused, Vec::new())),
            })
        })?;
        self.reached.advance(&touched);
        Ok(value)
    }
}

impl Log for SqliteStorage {
    fn admit(&self, pushes: &[Push]) -> Result<Vec<Pushed>> {
        let run = |mode| self.write(|tx| admit::run(tx, pushes, mode, self.quarantine));
        let quick = catch_unwind(AssertUnwindSafe(|| run(Mode::Quick)));
        let (pushed, touched) = match quick {
            Ok(Ok(done)) => done,
            Ok(Err(error)) if !admit::is_defect(&error) => return Err(error),
            // One change stumbled: find out which, and hold back that one alone.
            _ => run(Mode::Careful)?,
        };
        self.reached.advance(&touched);
        Ok(pushed)
    }

    fn tip(&self) -> Result<Tip> {
        self.read(|tx| {
            let epoch = epoch(tx)?;
            let (number, chain) = writer::end(tx)?;
            Ok(Tip { epoch, number, chain })
        })
    }

    fn chain_at(&self, number: u64) -> Result<Option<[u8; 16]>> {
        self.read(|tx| chain_at(tx, number))
    }

    fn pull(&self, query: &PullQuery<'_>) -> Result<Option<Pulled>> {
        self.read(|tx| pull::pull(tx, query))
    }

    fn scope_of(&self, device: DeviceId) -> Result<Option<Scope>> {
        self.read(|tx| Sight::of(tx, device)?.map(|sight| sight.scope(tx)).transpose())
    }

    fn sees(&self, device: DeviceId) -> Result<Option<Sees>> {
        self.read(|tx| {
            let Some(sight) = Sight::of(tx, device)?.filter(|sight| !sight.revoked) else { return Ok(None) };
            let lanes = sight.lanes();
            let reached = if sight.all { writer::end(tx)?.0 } else { last_of(tx, &lanes)? };
            Ok(Some(Sees {
                person: sight.person.id,
                scope_version: sight.person.scope_version,
                all: sight.all,
                lanes,
                reached,
            }))
        })
    }

    fn refused(&self, after: u64, limit: usize) -> Result<Vec<RefusedChange>> {
        self.read(|tx| refused::list(tx, None, after, limit))
    }

    fn last_refused(&self, limit: usize) -> Result<Vec<RefusedChange>> {
        self.read(|tx| refused::last(tx, limit))
    }

    fn refused_with(&self, code: &str, after: u64, limit: usize) -> Result<Vec<RefusedChange>> {
        self.read(|tx| refused::list(tx, Some(code), after, limit))
    }

    fn quarantined_of(&self, document: DocumentId, limit: usize) -> Result<Vec<u64>> {
        self.read(|tx| refused::quarantined_of(tx, document, limit))
    }

    fn settle_quarantined(&self, refusal: u64, taken: bool, deed: &Deed) -> Result<()> {
        self.write(|tx| {
            refused::settle(tx, refusal, taken)?;
            audit::record(tx, deed)
        })
    }

    fn hear_others(&self) -> Result<()> {
        Self::hear_others(self)
    }

    fn reached(&self) -> &Reached {
        &self.reached
    }
}

impl Clients for SqliteStorage {
    fn move_clients(&self, moves: &[Move], at_ms: i64, deed: Option<&Deed>) -> Result<Vec<Moved>> {
        self.write_log(|log| {
            let moved: Vec<Moved> =
                moves.iter().map(|order| moves::to_territory(log, order, at_ms)).collect::<Result<_>>()?;
            deed.map(|deed| audit::record(log.tx, deed)).transpose()?;
            let act = |(order, moved): (&Move, &Moved)| {
                let act = Act::Moved { client: Text(order.client), territory: Text(order.to) };
                matches!(moved, Moved::Done(_)).then_some(act)
            };
            self.note(log.tx, at_ms, moves.iter().zip(&moved).filter_map(act).collect())?;
            Ok(moved)
        })
    }

    fn lend(&self, lending: &Lending, today: i32, at_ms: i64, deed: &Deed) -> Result<LendingWritten> {
        self.write_log(|log| {
            let written = lendings::lend(log, lending, today, at_ms)?;
            if written == LendingWritten::Done {
                audit::record(log.tx, deed)?;
                let act = Act::Lent {
                    client: Text(lending.client),
                    person: Text(lending.person),
                    from_day: lending.from_day,
                    until_day: lending.until_day,
                };
                self.note(log.tx, at_ms, vec![act])?;
            }
            Ok(written)
        })
    }

    fn end_lending(&self, client: ClientId, person: PersonId, at_ms: i64, deed: &Deed) -> Result<bool> {
        self.write_log(|log| {
            let ended = lendings::end(log, client, person, at_ms)?;
            if ended {
                audit::record(log.tx, deed)?;
                let act = Act::Returned { client: Text(client), person: Text(person) };
                self.note(log.tx, at_ms, vec![act])?;
            }
            Ok(ended)
        })
    }

    fn roll_day(&self, today: i32, at_ms: i64) -> Result<()> {
        if self.read(|tx| lendings::is_due(tx, today))? {
            self.write_log(|log| lendings::roll(log, today, at_ms))?;
        }
        Ok(())
    }

    fn merge(&self, absorbed: ClientId, kept: Option<ClientId>, at_ms: i64, deed: &Deed) -> Result<Merged> {
        self.write_log(|log| {
            let merged = moves::merge(log, absorbed, kept, at_ms)?;
            if matches!(merged, Merged::Done(_)) {
                audit::record(log.tx, deed)?;
                self.note(log.tx, at_ms, vec![Act::Merged { client: Text(absorbed), into: kept.map(Text) }])?;
            }
            Ok(merged)
        })
    }

    fn proposed_merges(&self, after: u64, limit: usize) -> Result<Vec<Proposed>> {
        self.read_rows(|tx| proposals::open(tx, after, limit))
    }

    fn change_requests(&self, after: u64, limit: usize) -> Result<Vec<Requested>> {
        self.read_rows(|tx| requests::open(tx, after, limit))
    }

    fn answer_request(&self, decided: Decided<'_>, deed: &Deed) -> Result<Answered> {
        self.write_log(|log| {
            let answered = requests::answer(log, &decided)?;
            if matches!(answered, Answered::Done(_)) {
                audit::record(log.tx, deed)?;
            }
            Ok(answered)
        })
    }

    fn erase_preview(&self, client: ClientId) -> Result<Option<ErasePreview>> {
        self.read(|tx| erase::preview(tx, client))
    }

    fn erase(&self, client: ClientId, at_ms: i64, deed: &Deed) -> Result<Erased> {
        self.write_log(|log| {
            let erased = erase::erase(log, client, at_ms)?;
            if matches!(erased, Erased::Done(_)) {
                audit::record(log.tx, deed)?;
                self.note(log.tx, at_ms, vec![Act::Erased { client: Text(client) }])?;
            }
            Ok(erased)
        })
    }

    fn scrub(&self) -> Result<bool> {
        self.overwrite_erased()
    }

    fn place(&self, document: DocumentId) -> Result<Option<Place>> {
        self.read(|tx| moves::place(tx, document))
    }
}

impl Office for SqliteStorage {
    fn freshness(&self) -> Result<Vec<Freshness>> {
        self.read(|tx| Ok(query_feeds::all(tx)?))
    }

    fn put_office(&self, records: &[OfficeWrite], at_ms: i64) -> Result<Vec<OfficePut>> {
        self.write_log(|log| {
            let put: Vec<_> =
                records.iter().map(|record| office::put(log, record, at_ms)).collect::<Result<_>>()?;
            let written = records.iter().zip(&put).filter(|(_, put)| matches!(put, OfficePut::Written(_)));
            self.note(log.tx, at_ms, written.filter_map(|(record, _)| office::act(record)).collect())?;
            Ok(put)
        })
    }

    fn newest_sale(&self, until: BusinessDate) -> Result<Option<BusinessDate>> {
        self.read(|tx| sales_window::newest(tx, until))
    }

    fn move_sales_window(&self, from: BusinessDate, at_ms: i64) -> Result<Option<u64>> {
        let step = self.read(|tx| sales_window::next(tx, from))?;
        step.map(|to| self.write_log(|log| sales_window::advance(log, to, at_ms))).transpose()
    }

    fn write_batch(&self, batch: &Batch<'_>) -> Result<Written> {
        self.write_log_or_undo(|log| {
            let written = feeds::write(log, batch)?;
            if let (Ok(written), KnownKind::OrderState) = (&written, batch.kind) {
                self.note(log.tx, batch.deed.at_ms, orders::acts(batch.records, &written.puts))?;
            }
            Ok(written)
        })
    }

    fn clients_by_code(&self, source: &str, codes: &[String]) -> Result<Vec<Option<ClientId>>> {
        self.read_rows(|tx| codes.iter().map(|code| imports::client_of(tx, source, code)).collect())
    }

    fn client_of_order(&self, order: RecordId) -> Result<Option<ClientId>> {
        self.read(|tx| orders::client(tx, order))
    }

    fn office_of_kind(
        &self,
        kind: &str,
        after: Option<(&str, &str)>,
        limit: usize,
    ) -> Result<Vec<OfficeRow>> {
        self.read(|tx| office::of_kind(tx, kind, after, limit))
    }
}

impl Orders for SqliteStorage {
    fn open_orders(&self, sort: PurchaseSort, after: u64, limit: usize) -> Result<Vec<StoredOrder>> {
        self.read_rows(|tx| orders::open(tx, sort, after, limit))
    }

    fn orders_listed(&self, stage: Option<OrderStage>, page: (usize, usize)) -> Result<Vec<Listed>> {
        self.read_rows(|tx| orders::listed(tx, stage, page))
    }

    fn orders_counted(&self) -> Result<Vec<(OrderStage, u64)>> {
        self.read_rows(orders::counted)
    }

    fn order_listed(&self, id: RecordId) -> Result<Option<Listed>> {
        self.read_rows(|tx| orders::one(tx, id))
    }

    fn dead_letters(&self, after: u64, limit: usize) -> Result<Vec<DeadLetter>> {
        self.read_rows(|tx| orders::dead_letters(tx, after, limit))
    }

    fn acknowledge(&self, ack: &Ack) -> Result<Acked> {
        self.write_log_or_undo(|log| {
            let acked = orders::acknowledge(log, ack)?;
            if let Ok(Acked::Done { state, .. }) = &acked {
                let act = orders::act(ack.order, Some(ack.revision), state);
                self.note(log.tx, ack.deed.at_ms, vec![act])?;
            }
            Ok(acked)
        })
    }

    fn release_orders(&self, ids: Option<&[RecordId]>, deed: &Deed) -> Result<usize> {
        self.write(|tx| {
            let released = orders::release(tx, ids)?;
            if released > 0 {
                audit::record(tx, deed)?;
            }
            Ok(released)
        })
    }
}

impl Projections for SqliteStorage {
    fn projecting(&self) -> Result<Option<u8>> {
        self.read(projection::percent)
    }

    fn project(&self, after: Option<&OfficeKey>) -> Result<Projected> {
        projection::step(self, after)
    }
}

impl Pages for SqliteStorage {
    fn fetch(&self, query: &FetchQuery<'_>) -> Result<Option<Fetched>> {
        self.read(|tx| pages::fetch(tx, query))
    }

    fn keep_pages(&self, pages: &[&PageDocument]) -> Result<()> {
        self.write(|tx| pages.iter().try_for_each(|page| pages::keep(tx, page)))
    }

    fn compact(&self, after: Option<i64>, keep: u64, least: u64) -> Result<Compacted> {
        compact::step(self, after, keep, least)
    }

    fn make_ahead(&self, after: Option<i64>) -> Result<Compacted> {
        compact::ahead(self, after)
    }

    fn bucket_sums(&self, device: DeviceId, excluded: &[DocumentId]) -> Result<Option<BucketSums>> {
        self.read(|tx| {
            let Some(sight) = Sight::of(tx, device)? else { return Ok(None) };
            let (documents, office) = sums::buckets(tx, &sight, excluded)?;
            let (number, _) = writer::end(tx)?;
            let scope_version = sight.person.scope_version;
            Ok(Some(BucketSums { number, epoch: epoch(tx)?, scope_version, documents, office }))
        })
    }

    fn bucket_items(
        &self,
        device: DeviceId,
        documents: &[u8],
        office: &[u8],
        most: usize,
    ) -> Result<Option<BucketItems>> {
        self.read(|tx| {
            let Some(sight) = Sight::of(tx, device)? else { return Ok(None) };
            let (number, _) = writer::end(tx)?;
            let [whole_documents, whole_office] = sums::fitting(tx, &sight, [documents, office], most)?;
            let mut items = BucketItems {
                number,
                epoch: epoch(tx)?,
                scope_version: sight.person.scope_version,
                documents: Vec::new(),
                office: Vec::new(),
                whole_documents,
                whole_office,
            };
            sums::documents(tx, &sight, |id, term| {
                if items.whole_documents.contains(&document_bucket(&id)) {
                    items.documents.push((id, term.fingerprint()));
                }
            })?;
            sums::office(tx, &sight, |name, term, _| {
                if items.whole_office.contains(&office_bucket(&name)) {
                    items.office.push((name, term.fingerprint()));
                }
            })?;
            Ok(Some(items))
        })
    }
}

/// What the journal does again, as it was done first.
pub(super) fn move_again(log: &mut LogWriter<'_>, order: &Move, at_ms: i64) -> Result<()> {
    moves::to_territory(log, order, at_ms).map(drop)
}

pub(super) fn lend_again(log: &mut LogWriter<'_>, lending: &Lending, today: i32, at_ms: i64) -> Result<()> {
    lendings::lend(log, lending, today, at_ms).map(drop)
}

pub(super) fn return_again(
    log: &mut LogWriter<'_>,
    client: ClientId,
    person: PersonId,
    at_ms: i64,
) -> Result<()> {
    lendings::end(log, client, person, at_ms).map(drop)
}

pub(super) fn merge_again(
    log: &mut LogWriter<'_>,
    absorbed: ClientId,
    kept: Option<ClientId>,
    at_ms: i64,
) -> Result<()> {
    moves::merge(log, absorbed, kept, at_ms).map(drop)
}

/// The last number after `number` in each lane that has one.
pub(super) fn lanes_after(connection: &rusqlite::Connection, number: u64) -> Result<Vec<LaneReached>> {
    let mut statement = connection.prepare_cached(
        "SELECT lane, max(number), coalesce((SELECT kind = 2 FROM parts WHERE part = lane / 2), 0)
         FROM log NOT INDEXED WHERE number > ?1 GROUP BY lane",
    )?;
    let rows = statement.query_map([number], |row| {
        Ok(LaneReached { lane: row.get(0)?, number: row.get(1)?, own: row.get(2)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) use self::orders::{again as order_again, doubt as doubt_orders};

/// Erased clients stay erased, here or not.
pub(super) fn erase_again(log: &mut LogWriter<'_>, client: ClientId, at_ms: i64) -> Result<()> {
    if erase::erase(log, client, at_ms)? == Erased::UnknownClient {
        erase::forbid(log.tx, client, at_ms)?;
    }
    Ok(())
}

/// The last number in any of these lanes.
fn last_of(tx: &Transaction<'_>, lanes: &[i64]) -> Result<u64> {
    let mut last = 0;
    for lane in lanes {
        let number: Option<u64> = tx
            .prepare_cached("SELECT max(number) FROM log WHERE lane = ?1")?
            .query_row([lane], |row| row.get(0))?;
        last = last.max(number.unwrap_or(0));
    }
    Ok(last)
}

fn epoch(tx: &Transaction<'_>) -> Result<Epoch> {
    tx.prepare_cached("SELECT epoch FROM workspace")?
        .query_row([], |row| row.get(0))
        .optional()?
        .ok_or_else(|| StorageError::Undecodable { what: "workspace", detail: "there is none".into() })
}

fn chain_at(tx: &Transaction<'_>, number: u64) -> Result<Option<[u8; 16]>> {
    if number == 0 {
        return Ok(Some([0; 16]));
    }
    Ok(tx
        .prepare_cached("SELECT chain FROM log WHERE number = ?1")?
        .query_row([number], |row| row.get(0))
        .optional()?)
}
