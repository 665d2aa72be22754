//! `client`: moves and lendings.

use std::io::Write;

use cartera_core::model::{BusinessDate, ClientId};
use clap::{Args, Subcommand};

use super::{CliError, people};
use crate::app::App;
use crate::clients::{end_lending, lend, move_to};
use crate::people::access::By;
use crate::refused::Refused;
use crate::storage::clients::Moved;

#[derive(Debug, Subcommand)]
pub(super) enum Client {
    /// Move clients to a territory
    Move(Move),
    /// Lend a client to somebody for some days
    Lend(Lend),
    /// Take a lent client back
    Return {
        /// The client's id
        client: String,
        /// To whom it is lent: id, or exact name
        person: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Move {
    /// Ids of clients
    #[arg(required = true)]
    clients: Vec<String>,
    /// Id or exact name of the territory; `unassigned` takes them from everybody but managers
    #[arg(long)]
    to: String,
}

#[derive(Debug, Args)]
pub(super) struct Lend {
    /// The client's id
    client: String,
    /// Id, or exact name
    #[arg(long)]
    to: String,
    /// First day, such as 2026-09-21 [default: at once]
    #[arg(long)]
    from: Option<BusinessDate>,
    /// Last day [default: until it is taken back]
    #[arg(long)]
    until: Option<BusinessDate>,
}

impl Client {
    pub(super) fn run(self, app: &App, out: &mut dyn Write) -> Result<(), CliError> {
        match self {
            Self::Move(order) => {
                let clients: Vec<_> = order.clients.iter().map(|text| id(text)).collect::<Result<_, _>>()?;
                let [to] = people::find_territories(app, &[order.to])?[..] else {
                    return Err(CliError::Usage("name one territory".into()));
                };
                let moved = move_to(app, By::CONSOLE, to, &clients)?;
                for (client, moved) in clients.iter().zip(moved) {
                    match moved {
                        Moved::Done(_) => writeln!(out, "{client} moved")?,
                        Moved::Already => writeln!(out, "{client} was there already")?,
                        Moved::UnknownClient | Moved::UnknownTerritory => {
                            writeln!(out, "{client} is not known")?
                        }
                    }
                }
            }
            Self::Lend(order) => {
                let person = people::find(app, &order.to)?;
                lend(app, By::CONSOLE, id(&order.client)?, person.id, order.from, order.until)?;
                writeln!(out, "{} lent to {}", order.client, person.id)?;
            }
            Self::Return { client, person } => {
                let person = people::find(app, &person)?;
                end_lending(app, By::CONSOLE, id(&client)?, person.id)?;
                writeln!(out, "{client} taken back from {}", person.id)?;
            }
        }
        Ok(())
    }
}

fn id(text: &str) -> Result<ClientId, Refused> {
    text.parse().map_err(|_| Refused::unknown("client", text))
}
