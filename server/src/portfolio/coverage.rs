//! Who is to be visited within which time, and who is overdue.

use std::collections::BTreeSet;

use cartera_core::metrics::coverage::{Coverage, Due};
use cartera_core::model::access::Action;
use cartera_core::model::{BusinessDate, ClientId};

use crate::app::App;
use crate::people::access::By;
use crate::people::sight::Sight;
use crate::refused::Refused;
use crate::storage::figures::Brief;

/// Overdue clients of one answer, at most; the export has all.
pub const OVERDUE_MAX: usize = 500;

/// Coverage of the clients whom the caller sees, and the overdue ones, the longest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    pub coverage: Coverage,
    pub overdue: Vec<(Due, Brief)>,
}

pub fn read(app: &App, by: By, as_of: BusinessDate, limit: usize) -> Result<Seen, Refused> {
    let sight = Sight::of(app, by, Action::ViewFigures)?;
    let mut coverage = app.storage.coverage(as_of)?;
    let mut seen: BTreeSet<ClientId> = coverage.due.iter().map(|due| due.client).collect();
    let all = seen.len();
    sight.keep_seen(app, &mut seen)?;
    if seen.len() < all {
        coverage.due.retain(|due| seen.contains(&due.client));
        // Of whom else there is somebody who sees part of them is told nothing.
        coverage.left_out = 0;
    }
    let mut overdue: Vec<Due> = coverage.overdue().copied().collect();
    overdue
        .sort_by_key(|due| (std::cmp::Reverse(due.since_days.saturating_sub(due.interval_days)), due.client));
    overdue.truncate(limit.min(OVERDUE_MAX));
    let ids: Vec<ClientId> = overdue.iter().map(|due| due.client).collect();
    let briefs = app.storage.client_briefs(&ids)?.into_iter().map(Option::unwrap_or_default);
    let overdue = overdue.into_iter().zip(briefs).collect();
    Ok(Seen { coverage, overdue })
}
