//! Clients that may be one.

use std::collections::BTreeSet;

use cartera_core::model::ClientId;
use cartera_core::model::access::Action;
use cartera_core::portfolio::duplicates::Pair;

use crate::app::App;
use crate::people::access::By;
use crate::people::sight::Sight;
use crate::refused::Refused;
use crate::storage::figures::Brief;

/// Pairs of one answer, at most.
pub const PAIRS_MAX: usize = 500;

/// Two clients that may be one, as lists show them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub pair: Pair,
    pub one: Brief,
    pub other: Brief,
}

/// Likely pairs of clients both of whom the caller sees, the likeliest first.
pub fn pairs(app: &App, by: By, limit: usize) -> Result<Vec<Named>, Refused> {
    let sight = Sight::of(app, by, Action::ViewClient)?;
    let mut pairs = app.storage.likely_duplicates(crate::figures::today(app))?;
    let mut seen: BTreeSet<ClientId> = pairs.iter().flat_map(|pair| [pair.one, pair.other]).collect();
    sight.keep_seen(app, &mut seen)?;
    pairs.retain(|pair| seen.contains(&pair.one) && seen.contains(&pair.other));
    pairs.truncate(limit.min(PAIRS_MAX));
    let ids: Vec<ClientId> = pairs.iter().flat_map(|pair| [pair.one, pair.other]).collect();
    let mut briefs = app.storage.client_briefs(&ids)?.into_iter().map(Option::unwrap_or_default);
    let mut next = || briefs.next().unwrap_or_default();
    Ok(pairs.into_iter().map(|pair| Named { pair, one: next(), other: next() }).collect())
}
