//! Territories: sets of clients that somebody looks after. A client is in exactly one.

pub(crate) mod api;

use cartera_core::model::TerritoryId;
use cartera_core::model::access::Action;

use crate::app::App;
use crate::audit::{Deed, Subject};
use crate::people::access::By;
use crate::refused::{Refused, name};
use crate::storage::people::TerritoryWritten;

/// Clients that belong to nobody yet; managers see it.
pub const UNASSIGNED: TerritoryId = TerritoryId::from_bytes([0; 16]);
/// Territories in a workspace, [`UNASSIGNED`] included. A scope on the wire holds as many.
pub const TERRITORIES_MAX: usize = 5_000;
/// Characters of a name.
pub const NAME_CHARS_MAX: usize = 80;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Territory {
    pub id: TerritoryId,
    pub name: String,
    pub created_ms: i64,
}

/// A name as it is compared: two that differ only in case or blanks are one.
pub fn folded(name: &str) -> String {
    name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

pub fn list(app: &App, by: By) -> Result<Vec<Territory>, Refused> {
    by.require(Action::ViewPeople)?;
    Ok(app.storage.territories()?)
}

pub fn add(app: &App, by: By, text: &str) -> Result<Territory, Refused> {
    by.require(Action::ManageTerritories)?;
    let now_ms = app.env.now_ms();
    let territory = Territory {
        id: TerritoryId::new(app.env.as_ref()),
        name: name("name", text, NAME_CHARS_MAX)?,
        created_ms: now_ms,
    };
    let deed = deed(by, now_ms, "territory.added", territory.id);
    written(territory.id, app.storage.add_territories(std::slice::from_ref(&territory), &[deed])?)?;
    Ok(territory)
}

pub fn rename(app: &App, by: By, id: TerritoryId, text: &str) -> Result<(), Refused> {
    by.require(Action::ManageTerritories)?;
    if id == UNASSIGNED {
        return Err(Refused::Conflict("the territory of clients that have none keeps its name".into()));
    }
    let name = name("name", text, NAME_CHARS_MAX)?;
    let deed = deed(by, app.env.now_ms(), "territory.renamed", id);
    written(id, app.storage.rename_territory(id, &name, &deed)?)
}

fn deed(by: By, at_ms: i64, action: &'static str, id: TerritoryId) -> Deed {
    Deed { at_ms, actor: by.actor, action, subject: Subject::Territory(id), detail: String::new() }
}

fn written(id: TerritoryId, written: TerritoryWritten) -> Result<(), Refused> {
    match written {
        TerritoryWritten::Done => Ok(()),
        TerritoryWritten::Unknown => Err(Refused::unknown("territory", id)),
        TerritoryWritten::NameTaken(other) => {
            Err(Refused::Conflict(format!("territory {other} has that name already")))
        }
        TerritoryWritten::TooMany => Err(Refused::Limit { what: "territories", max: TERRITORIES_MAX }),
    }
}
