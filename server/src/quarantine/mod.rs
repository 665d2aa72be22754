//! Changes that a phone offered after a restore and that nothing proves: written by somebody else, without a receipt of
//! this relay's. They wait here, whole, until an administrator takes them or does not; the phone keeps them meanwhile.

pub(crate) mod api;

use cartera_core::document::admit::inspect;
use cartera_core::model::ClientId;
use cartera_core::model::access::Action;

use crate::app::App;
use crate::audit::{Deed, Subject};
use crate::people::access::By;
use crate::refused::Refused;
use crate::storage::log::{Admitted, Incoming, Push, QUARANTINED, RefusedChange};

/// Changes in one answer.
pub const LISTED_MAX: usize = 1_000;

/// What waits after `refusal`, in the order in which it was offered.
pub fn list(app: &App, by: By, after: u64, limit: usize) -> Result<Vec<RefusedChange>, Refused> {
    by.require(Action::AcceptQuarantine)?;
    Ok(app.storage.refused_with(QUARANTINED, after, limit.clamp(1, LISTED_MAX))?)
}

/// Takes a change as if it were proven; its number in the log. What it builds on has to be taken first.
pub fn accept(app: &App, by: By, refusal: u64) -> Result<u64, Refused> {
    by.require(Action::AcceptQuarantine)?;
    let waiting = find(app, refusal)?;
    let change = inspect(&waiting.bytes)
        .map_err(|why| Refused::Conflict(format!("the change cannot be read any more: {why}")))?;
    let now_ms = app.env.now_ms();
    let incoming = Incoming {
        document: waiting.document,
        generation: waiting.generation,
        territory: waiting.territory,
        proven: true,
        offered: true,
        change: Ok(change),
    };
    let push = Push {
        device: waiting.device,
        changes: vec![incoming],
        purged: Vec::new(),
        knew: 0,
        scope_version: 0,
        at_ms: now_ms,
        by_receipt: false,
        grace_ms: 0,
    };
    let pushed = app.storage.admit(&[push])?;
    let number = match pushed.into_iter().flat_map(|pushed| pushed.verdicts).next() {
        Some(
            Admitted::New { number, .. } | Admitted::Known { number, .. } | Admitted::KnownAs { number, .. },
        ) => number,
        Some(Admitted::Held { .. } | Admitted::Quarantined) => {
            return Err(Refused::Conflict(
                "it builds on a change that is not here: take that one first".into(),
            ));
        }
        Some(Admitted::Refused { code, detail }) => {
            return Err(Refused::Conflict(format!("{}: {detail}", code.code())));
        }
        None => return Err(Refused::Conflict("it cannot be taken".into())),
    };
    let deed = deed(app, by, "quarantine.accepted", &waiting, format!("entry {number}"));
    app.storage.settle_quarantined(refusal, true, &deed)?;
    Ok(number)
}

/// Takes what waits for a client, one after the other in the order in which it was offered, [`LISTED_MAX`] at most. One
/// that cannot be taken is left, and whatever builds on it.
pub fn accept_all(app: &App, by: By, client: ClientId) -> Result<Accepted, Refused> {
    by.require(Action::AcceptQuarantine)?;
    let waiting = app.storage.quarantined_of(client.into(), LISTED_MAX)?;
    if waiting.is_empty() {
        return Err(Refused::unknown("client with changes in quarantine", client));
    }
    let mut accepted = Accepted::default();
    for refusal in waiting {
        match accept(app, by, refusal) {
            Ok(_) => accepted.taken += 1,
            // Somebody else was quicker.
            Err(Refused::Unknown { .. }) => {}
            Err(Refused::Conflict(_)) => accepted.left += 1,
            Err(error) => return Err(error),
        }
    }
    accepted.more = !app.storage.quarantined_of(client.into(), accepted.left + 1)?.len().eq(&accepted.left);
    Ok(accepted)
}

/// What became of a client's changes in quarantine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Accepted {
    pub taken: usize,
    /// They build on what is not here, or cannot be taken any more.
    pub left: usize,
    /// Others wait: to be called again.
    pub more: bool,
}

/// Does not take a change: it stays on the list of refused work, and the phone is told so when it offers it again.
pub fn refuse(app: &App, by: By, refusal: u64) -> Result<(), Refused> {
    by.require(Action::AcceptQuarantine)?;
    let waiting = find(app, refusal)?;
    let deed = deed(app, by, "quarantine.refused", &waiting, format!("from device {}", waiting.device));
    app.storage.settle_quarantined(refusal, false, &deed)?;
    Ok(())
}

fn find(app: &App, refusal: u64) -> Result<RefusedChange, Refused> {
    let found = app.storage.refused_with(QUARANTINED, refusal.saturating_sub(1), 1)?;
    let found = found.into_iter().find(|change| change.refusal == refusal);
    found.ok_or_else(|| Refused::unknown("change in quarantine", refusal))
}

fn deed(app: &App, by: By, action: &'static str, change: &RefusedChange, detail: String) -> Deed {
    let client = ClientId::from_bytes(*change.document.as_bytes());
    Deed { at_ms: app.env.now_ms(), actor: by.actor, action, subject: Subject::Client(client), detail }
}
