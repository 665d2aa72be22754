//! `order`: orders that are not offered to the ERP, and what it has of them.

use std::io::Write;

use cartera_core::model::RecordId;
use cartera_core::strings::text;
use clap::Subcommand;

use super::words::{say, shown};
use super::{CliError, language, time};
use crate::app::App;
use crate::orders::{Answer, PAGE_MAX, acknowledge, dead_letters, release};
use crate::people::access::By;
use crate::refused::Refused;
use crate::storage::orders::DeadLetter;

#[derive(Debug, Subcommand)]
pub(super) enum Order {
    /// Those that are not offered or have to be looked at, with the reason
    List,
    /// The ERP has it under this number
    Registered { order: String, number: String },
    /// The ERP has none of these: after a restore without its journal they are offered again, as new ones
    Release {
        /// Ids of orders
        #[arg(required_unless_present = "all")]
        orders: Vec<String>,
        #[arg(long, conflicts_with = "orders")]
        all: bool,
    },
}

impl Order {
    pub(super) fn run(self, app: &App, out: &mut dyn Write) -> Result<(), CliError> {
        match self {
            Self::List => each(app, |letter| {
                let why = text(language(None), &format!("order-attention-{}", letter.why.as_str()), &[]);
                let args = [
                    ("order", shown(letter.id)),
                    ("when", shown(time(letter.received_ms))),
                    ("client", shown(&letter.client_name)),
                    ("why", why.into()),
                ];
                say(out, "order-listed", &args)?;
                Ok(true)
            })?,
            Self::Registered { order, number } => {
                let id = id(&order)?;
                let mut revision = None;
                each(app, |letter| {
                    if letter.id == id {
                        revision = letter.revision;
                    }
                    Ok(letter.id != id)
                })?;
                // What is not on the list is answered by the version that it began with.
                let answer = Answer::Registered(number.clone());
                let said = acknowledge(app, By::CONSOLE, id, revision.unwrap_or(id), &answer)?;
                said.map_err(|state| {
                    let stands = state.number.or(state.reason).unwrap_or_default();
                    Refused::Conflict(format!("the order is {} already: {stands}", state.stage.as_str()))
                })?;
                say(out, "order-registered", &[("order", shown(id)), ("number", shown(number))])?;
            }
            Self::Release { orders, all } => {
                let ids = orders.iter().map(|text| id(text)).collect::<Result<Vec<_>, _>>()?;
                let released = release(app, By::CONSOLE, (!all).then_some(&ids[..]))?;
                say(out, "order-released", &[("count", released.into())])?;
            }
        }
        Ok(())
    }
}

/// Every order on the list, until it is enough.
fn each(app: &App, mut look: impl FnMut(&DeadLetter) -> Result<bool, CliError>) -> Result<(), CliError> {
    let mut after = 0;
    loop {
        let letters = dead_letters(app, By::CONSOLE, after, PAGE_MAX)?;
        let Some(last) = letters.last() else { return Ok(()) };
        after = last.number;
        for letter in &letters {
            if !look(letter)? {
                return Ok(());
            }
        }
    }
}

fn id(text: &str) -> Result<RecordId, Refused> {
    text.parse().map_err(|_| Refused::unknown("order", text))
}
