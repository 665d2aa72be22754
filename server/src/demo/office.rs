//! What the office does in the story, through the same use cases as anybody.

use cartera_core::model::{ClientId, PersonId, TerritoryId};

use super::DemoError;
use crate::app::App;
use crate::audit::{Deed, Subject};
use crate::people::access::By;
use crate::storage::clients::{Lending, Move};

/// Lends a client to somebody by name.
pub(super) fn lend(app: &App, client: ClientId, person: PersonId) -> Result<(), DemoError> {
    let now_ms = app.env.now_ms();
    let lending = Lending { client, person, from_day: None, until_day: None };
    app.storage.lend(&lending, day(now_ms), now_ms, &deed(now_ms, "client.lent", client))?;
    Ok(())
}

/// Moves a client to another territory.
pub(super) fn relocate(app: &App, client: ClientId, to: TerritoryId) -> Result<(), DemoError> {
    let now_ms = app.env.now_ms();
    app.storage.move_clients(&[Move { client, to }], now_ms, Some(&deed(now_ms, "client.moved", client)))?;
    Ok(())
}

fn deed(at_ms: i64, action: &'static str, client: ClientId) -> Deed {
    Deed { at_ms, actor: By::CONSOLE.actor, action, subject: Subject::Client(client), detail: String::new() }
}

fn day(now_ms: i64) -> i32 {
    i32::try_from(now_ms.div_euclid(86_400_000)).unwrap_or(i32::MAX)
}
