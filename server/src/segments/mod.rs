//! Shared segments and the clients of each, for whoever may see figures: all of them, or those of one's own territories.

pub(crate) mod api;
#[cfg(test)]
mod tests;
pub mod watch;

use std::collections::BTreeSet;

use cartera_core::model::access::Action;
use cartera_core::model::{BusinessDate, ClientId};
use cartera_core::portfolio::segments::{Saved, SegmentError};

use crate::app::App;
use crate::people::access::By;
use crate::people::sight::Sight;
use crate::refused::Refused;
use crate::storage::segments::Member;

/// Clients of one page, at most.
pub const PAGE_MAX: usize = 500;

/// Shared segments that the caller may see: those of everybody, and those of territories that the caller sees.
pub fn list(app: &App, by: By) -> Result<Vec<Saved>, Refused> {
    let sight = Sight::of(app, by, Action::ViewFigures)?;
    let mut found = app.storage.shared_segments()?;
    found.retain(|segment| segment.territory.is_none_or(|territory| sight.sees_territory(territory)));
    Ok(found)
}

/// A segment's clients as of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members {
    pub segment: Saved,
    pub clients: BTreeSet<ClientId>,
}

/// The clients of a segment that the caller may see.
pub fn members(app: &App, by: By, source: &str, key: &str, as_of: BusinessDate) -> Result<Members, Refused> {
    let sight = Sight::of(app, by, Action::ViewFigures)?;
    let unknown = || Refused::unknown("segment", format!("{source}/{key}"));
    let segment = app.storage.shared_segment(source, key)?.ok_or_else(unknown)?;
    if segment.territory.is_some_and(|territory| !sight.sees_territory(territory)) {
        return Err(unknown());
    }
    let mut clients = app.storage.segment_members(&segment, as_of)?.map_err(wrong_rule)?;
    sight.keep_seen(app, &mut clients)?;
    Ok(Members { segment, clients })
}

/// A page of them by name.
pub fn page(
    app: &App,
    members: &Members,
    after: Option<(&str, ClientId)>,
    limit: usize,
) -> Result<Vec<Member>, Refused> {
    Ok(app.storage.members_page(&members.clients, after, limit.min(PAGE_MAX))?)
}

/// Of a newer version, or written before its fields were taken away.
fn wrong_rule(error: SegmentError) -> Refused {
    Refused::invalid("filter", error.to_string())
}
