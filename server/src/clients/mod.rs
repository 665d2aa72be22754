//! Where clients are: moved between territories, lent to a person by name for some days; which are one ([`merge`]), and
//! which are to be forgotten ([`erase`]).
//!
//! A client is in exactly one territory. Each move and each beginning and end of a lending is an entry of the log, so
//! that phones follow: those that lose the client keep it until their own work on it has arrived.

pub(crate) mod api;
pub mod erase;
pub mod merge;
pub(crate) mod page;
pub mod profile;
pub mod requests;
#[cfg(test)]
mod tests;

use cartera_core::model::access::Action;
use cartera_core::model::{BusinessDate, ClientId, PersonId, TerritoryId};
use cartera_core::sync::wire::limits::SCOPE_LENT;

use crate::app::App;
use crate::audit::{Deed, Subject};
use crate::people::access::By;
use crate::refused::Refused;
use crate::storage::clients::{Lending, LendingWritten, Move, Moved, Place};
use crate::sync::today;

/// Clients in one order to move.
pub const MOVES_MAX: usize = 1_000;

/// Moves clients to a territory, in one commit; what became of each, in order.
/// [`crate::territories::UNASSIGNED`] takes them from everybody but managers.
pub fn move_to(app: &App, by: By, to: TerritoryId, clients: &[ClientId]) -> Result<Vec<Moved>, Refused> {
    by.require(Action::MoveClient)?;
    if !(1..=MOVES_MAX).contains(&clients.len()) {
        let why = format!("from 1 to {MOVES_MAX}, not {}", clients.len());
        return Err(Refused::invalid("clients", why));
    }
    if !app.storage.territories()?.iter().any(|territory| territory.id == to) {
        return Err(Refused::unknown("territory", to));
    }
    let now_ms = app.env.now_ms();
    let (subject, detail) = match clients {
        [client] => (Subject::Client(*client), format!("to {to}")),
        _ => (Subject::Territory(to), format!("{} clients", clients.len())),
    };
    let deed = Deed { at_ms: now_ms, actor: by.actor, action: "client.moved", subject, detail };
    let moves: Vec<_> = clients.iter().map(|client| Move { client: *client, to }).collect();
    Ok(app.storage.move_clients(&moves, now_ms, Some(&deed))?)
}

/// Lends a client to a person, both days included, open where there is none; or changes for how long.
pub fn lend(
    app: &App,
    by: By,
    client: ClientId,
    person: PersonId,
    from: Option<BusinessDate>,
    until: Option<BusinessDate>,
) -> Result<(), Refused> {
    by.require(Action::LendClient)?;
    let here = app.storage.person(person)?.is_some_and(|person| person.left_ms.is_none());
    if !here {
        return Err(Refused::unknown("person", person));
    }
    let now_ms = app.env.now_ms();
    let lending = Lending {
        client,
        person,
        from_day: from.map(BusinessDate::days),
        until_day: until.map(BusinessDate::days),
    };
    let shown = |day: Option<BusinessDate>| day.map_or("open".into(), |day| day.to_string());
    let detail = format!("to {person} {} {}", shown(from), shown(until));
    let deed = deed(by, now_ms, "client.lent", client, detail);
    match app.storage.lend(&lending, today(now_ms), now_ms, &deed)? {
        LendingWritten::Done => Ok(()),
        LendingWritten::UnknownClient => Err(Refused::unknown("client", client)),
        LendingWritten::UnknownPerson => Err(Refused::unknown("person", person)),
        LendingWritten::Backwards => Err(Refused::invalid("until", "it ends before it begins")),
        LendingWritten::TooMany => {
            Err(Refused::Limit { what: "clients lent to one person", max: SCOPE_LENT })
        }
    }
}

/// Ends a lending, begun or not.
pub fn end_lending(app: &App, by: By, client: ClientId, person: PersonId) -> Result<(), Refused> {
    by.require(Action::LendClient)?;
    let now_ms = app.env.now_ms();
    let deed = deed(by, now_ms, "client.returned", client, format!("from {person}"));
    if app.storage.end_lending(client, person, now_ms, &deed)? {
        return Ok(());
    }
    Err(Refused::unknown("lending of client", client))
}

/// Where a client is.
pub fn place(app: &App, by: By, client: ClientId) -> Result<Place, Refused> {
    by.require(Action::ViewClient)?;
    app.storage.place(client.into())?.ok_or_else(|| Refused::unknown("client", client))
}

fn deed(by: By, at_ms: i64, action: &'static str, client: ClientId, detail: String) -> Deed {
    Deed { at_ms, actor: by.actor, action, subject: Subject::Client(client), detail }
}
