//! `quarantine`: what phones offered after a restore without a proof.

use std::io::Write;

use clap::Subcommand;

use super::words::{say, shown};
use super::{CliError, time};
use crate::app::App;
use crate::people::access::By;
use crate::quarantine::{LISTED_MAX, accept, list, refuse};

#[derive(Debug, Subcommand)]
pub(super) enum Quarantine {
    /// What waits, oldest first
    List,
    /// Take changes, in this order: what others build on first
    Accept {
        #[arg(required = true)]
        changes: Vec<u64>,
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
                for change in list(app, By::CONSOLE, 0, LISTED_MAX)? {
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
            Self::Accept { changes } => {
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
