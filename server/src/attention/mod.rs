//! What somebody should look at (*por revisar*), each with what to do: gathered from the nouns that know it, and as far as
//! whoever asks may see it.

pub(crate) mod page;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use cartera_core::model::access::{Action, Reach};
use cartera_core::model::{ClientId, PersonId};
use cartera_core::query::clients::ClientRow;
use cartera_core::query::feeds::Freshness;

use crate::app::App;
use crate::clients::merge;
use crate::devices::{self, Device};
use crate::orders;
use crate::people::access::By;
use crate::portfolio::duplicates::{self, Named, PAIRS_MAX};
use crate::refused::Refused;
use crate::storage::clients::Proposed;
use crate::storage::log::{QUARANTINED, RefusedChange};
use crate::storage::orders::DeadLetter;

/// Items of one sort that are shown.
pub const SHOWN_MAX: usize = 20;
/// Of likely duplicates, the likeliest: most of the others are none.
pub const PAIRS_SHOWN_MAX: usize = 6;
/// A phone that was not heard of for so long is one to ask about, in milliseconds: five days.
pub const SILENT_MS: i64 = 5 * 24 * 60 * 60 * 1000;
/// A feed that brought nothing for so long is one to ask about, in milliseconds: three days.
pub const STALE_MS: i64 = 3 * 24 * 60 * 60 * 1000;

/// Each list with one item more than is shown where there are more.
#[derive(Debug, Default)]
pub struct Attention {
    /// Clients with fields about which people differ, by name.
    pub conflicts: Vec<ClientRow>,
    /// Orders that cannot be offered to the ERP, or have to be looked at there.
    pub orders: Vec<DeadLetter>,
    pub proposals: Vec<(Proposed, [String; 2])>,
    pub duplicates: Vec<Named>,
    /// Phones that are silent or wait to be confirmed after a restore.
    pub phones: Vec<Device>,
    pub feeds: Vec<Freshness>,
    /// The latest first.
    pub refused: Vec<RefusedChange>,
    pub quarantined: Vec<RefusedChange>,
    /// Phones whose data had to be repaired since the relay began.
    pub repairs: u64,
    /// Names of the clients that refused work is about.
    pub clients: BTreeMap<ClientId, String>,
    /// Names of people, by whose phones they are.
    pub people: BTreeMap<PersonId, String>,
}

impl Attention {
    pub fn is_empty(&self) -> bool {
        self.conflicts.is_empty()
            && self.orders.is_empty()
            && self.proposals.is_empty()
            && self.duplicates.is_empty()
            && self.phones.is_empty()
            && self.feeds.is_empty()
            && self.refused.is_empty()
            && self.quarantined.is_empty()
            && self.repairs == 0
    }
}

pub fn read(app: &App, by: By) -> Result<Attention, Refused> {
    by.require(Action::ViewClient)?;
    let may = |action| by.reach(action) == Reach::All;
    let now_ms = app.env.now_ms();
    let wanted = SHOWN_MAX + 1;
    let mut found = Attention { conflicts: app.storage.differing_clients(wanted)?, ..Attention::default() };
    if may(Action::PickUpOrders) {
        found.orders = orders::dead_letters(app, by, 0, wanted)?;
    }
    found.duplicates = likely(app, by, PAIRS_SHOWN_MAX + 1)?;
    if may(Action::DecideMerge) {
        let proposals = merge::proposed(app, by, 0, wanted)?;
        let ids: Vec<ClientId> = proposals.iter().flat_map(|of| [of.client, of.proposal.other]).collect();
        let mut names =
            app.storage.client_briefs(&ids)?.into_iter().map(|brief| brief.unwrap_or_default().name);
        let mut next = || names.next().unwrap_or_default();
        found.proposals = proposals.into_iter().map(|of| (of, [next(), next()])).collect();
    }
    if may(Action::ViewDevices) {
        found.phones = devices::manage::list(app, by, None)?;
        found.phones.retain(|phone| {
            phone.revoked.is_none() && (phone.unconfirmed || now_ms - phone.seen_ms > SILENT_MS)
        });
        found.phones.sort_by_key(|phone| phone.seen_ms);
        found.phones.truncate(wanted);
    }
    if may(Action::ViewSettings) {
        found.feeds = app.storage.freshness()?;
        found.feeds.retain(|feed| now_ms - feed.at_ms > STALE_MS);
    }
    if may(Action::AcceptQuarantine) {
        found.refused = app.storage.last_refused(wanted)?;
        found.quarantined = app.storage.refused_with(QUARANTINED, 0, wanted)?;
        let of = |change: &RefusedChange| ClientId::from_bytes(*change.document.as_bytes());
        let ids: Vec<ClientId> = found.refused.iter().chain(&found.quarantined).map(of).collect();
        let briefs = app.storage.client_briefs(&ids)?;
        let named = ids.into_iter().zip(briefs).filter_map(|(id, brief)| Some((id, brief?.name)));
        found.clients = named.collect();
        found.repairs = app.metrics.digest_repairs.get();
    }
    if may(Action::ViewPeople) {
        found.people = app.storage.people()?.into_iter().map(|person| (person.id, person.name)).collect();
    }
    Ok(found)
}

/// How old the list of likely duplicates may be while the log grows, in milliseconds: comparing everybody with everybody
/// who is alike takes a second or two.
const PAIRS_MS: i64 = 10 * 60 * 1000;

/// Likely duplicates as they were last found. Nothing is lost with it.
#[derive(Debug, Default)]
pub(crate) struct Pairs(Mutex<Option<Found>>);

#[derive(Debug)]
struct Found {
    /// The log's last entry then.
    number: u64,
    uptime_ms: i64,
    pairs: Arc<Vec<Named>>,
}

/// The likeliest, those left out that were merged or erased since they were found.
fn likely(app: &App, by: By, wanted: usize) -> Result<Vec<Named>, Refused> {
    let pairs = {
        let mut kept = app.pairs.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (number, uptime_ms) = (app.storage.tip()?.number, app.env.uptime_ms());
        let fits = |found: &&Found| found.number == number || uptime_ms - found.uptime_ms < PAIRS_MS;
        match kept.as_ref().filter(fits) {
            Some(found) => Arc::clone(&found.pairs),
            None => {
                let pairs = Arc::new(duplicates::pairs(app, by, PAIRS_MAX)?);
                *kept = Some(Found { number, uptime_ms, pairs: Arc::clone(&pairs) });
                pairs
            }
        }
    };
    let stands = |client: ClientId| -> Result<bool, Refused> {
        Ok(app.storage.place(client.into())?.is_some_and(|place| place.alias_of.is_none()))
    };
    let mut found = Vec::new();
    for named in pairs.iter() {
        if found.len() < wanted && stands(named.pair.one)? && stands(named.pair.other)? {
            found.push(named.clone());
        }
    }
    Ok(found)
}

/// A refused change with its bytes, as it was offered.
pub fn refused(app: &App, by: By, refusal: u64) -> Result<RefusedChange, Refused> {
    by.require(Action::AcceptQuarantine)?;
    let found = app.storage.refused(refusal.saturating_sub(1), 1)?;
    let found = found.into_iter().find(|change| change.refusal == refusal);
    found.ok_or_else(|| Refused::unknown("refused change", refusal))
}
