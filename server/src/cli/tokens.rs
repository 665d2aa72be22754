//! `token`.

use std::io::Write;

use cartera_core::model::TokenId;
use clap::{Args, Subcommand};

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
                    let state =
                        if token.revoked_ms.is_some() { "revoked".into() } else { time(token.expires_ms) };
                    let used = token.used_ms.map_or("never".into(), time);
                    let scopes = scopes.join(",");
                    writeln!(out, "{}  {scopes}  until {state}  used {used}  {}", token.id, token.name)?;
                }
            }
            Self::Create(create) => {
                let made = manage::create(app, By::CONSOLE, &create.name, &create.scope, create.days)?;
                writeln!(out, "{}", made.text)?;
            }
            Self::Revoke { token } => {
                let id: TokenId = token.parse().map_err(|_| Refused::unknown("token", &token))?;
                manage::revoke(app, By::CONSOLE, id)?;
                writeln!(out, "{id} revoked")?;
            }
        }
        Ok(())
    }
}
