//! `quarantine`: what phones offered after a restore without a proof.

use std::io::Write;

use clap::Subcommand;

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
                    let (at, bytes) = (time(change.at_ms), change.bytes.len());
                    writeln!(
                        out,
                        "{}  client {}  from device {}  {at}  {bytes} bytes",
                        change.refusal, change.document, change.device
                    )?;
                }
            }
            Self::Accept { changes } => {
                for change in changes {
                    let number = accept(app, By::CONSOLE, change)?;
                    writeln!(out, "{change} taken, entry {number} of the log")?;
                }
            }
            Self::Refuse { changes } => {
                for change in changes {
                    refuse(app, By::CONSOLE, change)?;
                    writeln!(out, "{change} not taken")?;
                }
            }
        }
        Ok(())
    }
}
