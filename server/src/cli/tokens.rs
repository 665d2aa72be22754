//! `token`.

use std::io::Write;

use cartera_core::model::TokenId;
use clap::{Args, Subcommand};

use super::words::{say, shown, words};
use super::{CliError, time};
use crate::app::App;
use crate::people::access::By;
use crate::refused::Refused;
use crate::tokens::{Scope, manage};

#[derive(Debug, Subcommand)]
pub(super) enum Token {
    /// All of them, with last use
    List,
    /// A new one; its text is shown once
    Create(Create),
    /// Accept it no more
    Revoke {
        /// The token's id
        token: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// What it is for
    name: String,
    /// export, office_write, orders or metrics; may be given several times
    #[arg(long, required = true)]
    scope: Vec<Scope>,
    /// Days until it expires
    #[arg(long, default_value_t = 365)]
    days: u32,
}

impl Token {
    pub(super) fn run(self, app: &App, out: &mut dyn Write) -> Result<(), CliError> {
        match self {
            Self::List => {
                for token in manage::list(app, By::CONSOLE)? {
                    let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.name()).collect();
                    let until = time(token.expires_ms);
                    let state = token.revoked_ms.map_or(until, |_| words("token-is_revoked", &[]));
                    let used = token.used_ms.map_or_else(|| words("token-never", &[]), time);
                    let args = [
                        ("token", shown(token.id)),
                        ("scopes", scopes.join(",").into()),
                        ("state", state.into()),
                        ("used", used.into()),
                        ("name", token.name.into()),
                    ];
                    say(out, "token-listed", &args)?;
                }
            }
            Self::Create(create) => {
                let made = manage::create(app, By::CONSOLE, &create.name, &create.scope, create.days)?;
                writeln!(out, "{}", made.text)?;
            }
            Self::Revoke { token } => {
                let id: TokenId = token.parse().map_err(|_| Refused::unknown("token", &token))?;
                manage::revoke(app, By::CONSOLE, id)?;
                say(out, "token-revoked", &[("token", shown(id))])?;
            }
        }
        Ok(())
    }
}
