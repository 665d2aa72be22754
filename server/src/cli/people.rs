//! `people` and `territory`.

use std::io::Write;

use cartera_core::model::{PersonId, TerritoryId};
use clap::{Args, Subcommand};

use super::CliError;
use super::words::{say, shown, words};
use crate::app::App;
use crate::people::access::By;
use crate::people::manage::{self, NewPerson};
use crate::people::{Person, Role};
use crate::refused::Refused;
use crate::storage::people::PersonChange;
use crate::territories::{self, folded};

#[derive(Debug, Subcommand)]
pub(super) enum People {
    /// Who works here
    List,
    /// Somebody new
    Add(Add),
    /// Another name, role or territories
    Change(Change),
    /// Somebody works here no more: phones are revoked and told to hand unsent work in
    Leave {
        /// Id, or exact name
        person: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Add {
    name: String,
    /// rep, manager, back_office or administrator
    #[arg(long, default_value = "rep", value_parser = role)]
    role: Role,
    /// Id or exact name of a territory; may be given several times
    #[arg(long)]
    territory: Vec<String>,
    /// Sees every territory, and clients that have none
    #[arg(long)]
    all_territories: bool,
}

#[derive(Debug, Args)]
pub(super) struct Change {
    /// Id, or exact name
    person: String,
    #[arg(long)]
    name: Option<String>,
    #[arg(long, value_parser = role)]
    role: Option<Role>,
    /// All territories that the person looks after from now on
    #[arg(long)]
    territory: Vec<String>,
    #[arg(long)]
    all_territories: Option<bool>,
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "one of rep, manager, back_office, administrator".into())
}

impl People {
    pub(super) fn run(self, app: &App, out: &mut dyn Write) -> Result<(), CliError> {
        match self {
            Self::List => {
                let territories = territories::list(app, By::CONSOLE)?;
                for person in manage::list(app, By::CONSOLE)? {
                    let names: Vec<_> = territories
                        .iter()
                        .filter(|territory| person.territories.contains(&territory.id))
                        .map(|territory| territory.name.as_str())
                        .collect();
                    let sees =
                        if person.all_territories { words("people-all", &[]) } else { names.join(", ") };
                    let gone = person.left_ms.map(|_| format!("  {}", words("people-gone", &[])));
                    let left = gone.unwrap_or_default();
                    writeln!(
                        out,
                        "{}  {:13}  {}  [{sees}]{left}",
                        person.id,
                        person.role.as_str(),
                        person.name
                    )?;
                }
            }
            Self::Add(add) => {
                let new = NewPerson {
                    name: add.name,
                    role: add.role,
                    all_territories: add.all_territories.then_some(true),
                    territories: find_territories(app, &add.territory)?,
                };
                for person in manage::add(app, By::CONSOLE, &[new])? {
                    writeln!(out, "{}  {}  {}", person.id, person.role.as_str(), person.name)?;
                }
            }
            Self::Change(change) => {
                let id = find(app, &change.person)?.id;
                let territories = find_territories(app, &change.territory)?;
                let change = PersonChange {
                    name: change.name,
                    role: change.role,
                    all_territories: change.all_territories,
                    territories: (!territories.is_empty()).then_some(territories),
                };
                let person = manage::change(app, By::CONSOLE, id, change)?;
                writeln!(out, "{}  {}  {}", person.id, person.role.as_str(), person.name)?;
            }
            Self::Leave { person } => {
                let person = manage::leave(app, By::CONSOLE, find(app, &person)?.id)?;
                say(out, "people-left", &[("person", shown(person.id))])?;
            }
        }
        Ok(())
    }
}

/// A person by id or by exact name, whatever its case.
pub(super) fn find(app: &App, text: &str) -> Result<Person, CliError> {
    let people = manage::list(app, By::CONSOLE)?;
    if let Ok(id) = text.parse::<PersonId>()
        && let Some(person) = people.iter().find(|person| person.id == id)
    {
        return Ok(person.clone());
    }
    let here = |person: &&Person| person.left_ms.is_none() && folded(&person.name) == folded(text);
    let found: Vec<_> = people.iter().filter(here).collect();
    match found[..] {
        [person] => Ok(person.clone()),
        [] => Err(Refused::unknown("person", text).into()),
        _ => Err(CliError::Ambiguous {
            name: text.to_owned(),
            found: found.iter().map(|person| person.id).collect(),
        }),
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Territory {
    /// All of them
    List,
    /// A new one
    Add { name: String },
    /// Another name for one
    Rename {
        /// Id, or exact name
        territory: String,
        name: String,
    },
}

impl Territory {
    pub(super) fn run(self, app: &App, out: &mut dyn Write) -> Result<(), CliError> {
        match self {
            Self::List => {
                for territory in territories::list(app, By::CONSOLE)? {
                    writeln!(out, "{}  {}", territory.id, territory.name)?;
                }
            }
            Self::Add { name } => {
                let territory = territories::add(app, By::CONSOLE, &name)?;
                writeln!(out, "{}  {}", territory.id, territory.name)?;
            }
            Self::Rename { territory, name } => {
                let [id] = find_territories(app, &[territory])?[..] else {
                    return Err(CliError::Usage("name one territory".into()));
                };
                territories::rename(app, By::CONSOLE, id, &name)?;
                writeln!(out, "{id}  {name}")?;
            }
        }
        Ok(())
    }
}

pub(super) fn find_territories(app: &App, texts: &[String]) -> Result<Vec<TerritoryId>, CliError> {
    let all = territories::list(app, By::CONSOLE)?;
    texts
        .iter()
        .map(|text| {
            let found = all.iter().find(|territory| {
                folded(&territory.name) == folded(text) || text.parse() == Ok(territory.id)
            });
            found.map(|territory| territory.id).ok_or_else(|| Refused::unknown("territory", text).into())
        })
        .collect()
}
