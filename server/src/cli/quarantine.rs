//! `quarantine`: what phones offered after a restore without a proof.

use std::io::Write;

use cartera_core::model::ClientId;
use clap::Subcommand;

use super::words::{say, shown};
use super::{CliError, time};
use crate::app::App;
use crate::people::access::By;
use crate::quarantine::{Accepted, LISTED_MAX, accept, accept_all, list, refuse};
use crate::refused::Refused;
use crate::storage::log::RefusedChange;

#[derive(Debug, Subcommand)]
pub(super) enum Quarantine {
    /// What waits, oldest first
    List,
    /// Take changes, in this order: what others build on first; or all that wait for a client
    Accept {
        #[arg(required_unless_present = "client")]
        changes: Vec<u64>,
        /// The client's id
        #[arg(long, conflicts_with = "changes")]
        client: Option<String>,
    },
    /// Do not take changes; they stay on the list of refused work
    Refuse {
        #[arg(required = true)]
        changes: Vec<u64>,
    },
}

impl Quarantine {
    pub(super) fn run(self, app: &App, out: &mut dyn Write) -> Result<(), CliError> {
        match self {
            Self::List => {
                let mut after = 0;
                while let Some((last, found)) = page(app, after)? {
                    after = last;
                    for change in found {
                        let args = [
                            ("change", shown(change.refusal)),
                            ("client", shown(change.document)),
                            ("device", shown(change.device)),
                            ("when", shown(time(change.at_ms))),
                            ("bytes", change.bytes.len().into()),
                        ];
                        say(out, "quarantine-listed", &args)?;
                    }
                }
            }
            Self::Accept { client: Some(client), .. } => {
                let id: ClientId = client.parse().map_err(|_| Refused::unknown("client", &client))?;
                let mut all = accept_all(app, By::CONSOLE, id)?;
                while all.more {
                    let next = accept_all(app, By::CONSOLE, id)?;
                    all = Accepted { taken: all.taken + next.taken, ..next };
                    if next.taken == 0 {
                        break;
                    }
                }
                let args = [("taken", all.taken.into()), ("left", all.left.into())];
                say(out, "quarantine-all", &args)?;
            }
            Self::Accept { changes, client: None } => {
                for change in changes {
                    let number = accept(app, By::CONSOLE, change)?;
                    say(out, "quarantine-taken", &[("change", shown(change)), ("number", number.into())])?;
                }
            }
            Self::Refuse { changes } => {
                for change in changes {
                    refuse(app, By::CONSOLE, change)?;
                    say(out, "quarantine-refused", &[("change", shown(change))])?;
                }
            }
        }
        Ok(())
    }
}

/// What waits after an id, and the last one's.
fn page(app: &App, after: u64) -> Result<Option<(u64, Vec<RefusedChange>)>, CliError> {
    let found = list(app, By::CONSOLE, after, LISTED_MAX)?;
    Ok(found.last().map(|last| last.refusal).map(|last| (last, found)))
}
