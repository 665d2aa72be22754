//! Two clients that are one: an alias, never a copy. Documents stay apart, rows and figures group by the kept one, and
//! undoing it brings back what was.

use cartera_core::model::ClientId;
use cartera_core::model::access::Action;

use super::deed;
use crate::app::App;
use crate::people::access::By;
use crate::refused::Refused;
use crate::storage::clients::{Merged, Proposed};

/// Proposals in one answer.
pub const PROPOSALS_MAX: usize = 1_000;

/// Makes `absorbed` an alias of `kept`; the entry's number, or `None` if it is so already. Phones that go on writing to
/// the absorbed one lose nothing.
pub fn merge(app: &App, by: By, absorbed: ClientId, kept: ClientId) -> Result<Option<u64>, Refused> {
    by.require(Action::DecideMerge)?;
    let now_ms = app.env.now_ms();
    let deed = deed(by, now_ms, "client.merged", absorbed, format!("into {kept}"));
    match app.storage.merge(absorbed, Some(kept), now_ms, &deed)? {
        Merged::Done(number) => Ok(Some(number)),
        Merged::Already => Ok(None),
        Merged::UnknownClient => Err(Refused::unknown("client", format!("{absorbed} or {kept}"))),
        Merged::Cycle => Err(Refused::Conflict(format!("{kept} was itself merged into {absorbed}"))),
    }
}

/// The client stands by itself again; `None` if it did already.
pub fn unmerge(app: &App, by: By, client: ClientId) -> Result<Option<u64>, Refused> {
    by.require(Action::DecideMerge)?;
    let now_ms = app.env.now_ms();
    let deed = deed(by, now_ms, "client.unmerged", client, String::new());
    match app.storage.merge(client, None, now_ms, &deed)? {
        Merged::Done(number) => Ok(Some(number)),
        Merged::Already => Ok(None),
        Merged::UnknownClient | Merged::Cycle => Err(Refused::unknown("client", client)),
    }
}

/// What reps propose to merge and nobody has followed, after a number of the log, in order.
pub fn proposed(app: &App, by: By, after: u64, limit: usize) -> Result<Vec<Proposed>, Refused> {
    by.require(Action::DecideMerge)?;
    Ok(app.storage.proposed_merges(after, limit.clamp(1, PROPOSALS_MAX))?)
}
