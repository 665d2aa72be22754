//! `client`: moves, lendings, merges, erasing.

use std::io::Write;
use std::path::PathBuf;

use cartera_core::model::{BusinessDate, ClientId, PartId};
use clap::{Args, Subcommand};

use super::words::{say, shown};
use super::{CliError, language, people, time};
use crate::app::App;
use crate::clients::erase::{self, Reason, STAYS, stays_text};
use crate::clients::merge::{self, PROPOSALS_MAX};
use crate::clients::{end_lending, lend, move_to};
use crate::export::disclosure::{Person, disclose, file_name};
use crate::files::create_private;
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
    /// Merge a client into another: it becomes an alias, and keeps all that it has
    Merge {
        /// The client that becomes an alias
        client: String,
        /// The client that is kept
        #[arg(long)]
        into: String,
    },
    /// Undo a merge
    Unmerge {
        /// The client that was merged into another
        client: String,
    },
    /// What reps propose to merge
    Proposals,
    /// Everything that is held about a client who is a person, or about a contact, in a file for that person
    Disclose(Disclose),
    /// Erase a client for good; without --yes it only says what that would do
    Erase(Erase),
}

#[derive(Debug, Args)]
pub(super) struct Disclose {
    /// The client's id
    client: String,
    /// One of the client's contacts, by its id within the client; otherwise the client
    #[arg(long)]
    contact: Option<PartId>,
    /// The ZIP archive, which must not be there yet [default: the ids, in this folder]
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Erase {
    /// The client's id
    client: String,
    /// request (the person asked), retention (no ground to keep it), mistake (it should never have been there)
    #[arg(long, required_if_eq("yes", "true"))]
    reason: Option<String>,
    /// Do it: nobody gets it back
    #[arg(long)]
    yes: bool,
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
                    let name = [("client", shown(client))];
                    match moved {
                        Moved::Done(_) => say(out, "client-moved", &name)?,
                        Moved::Already => say(out, "client-there", &name)?,
                        Moved::UnknownClient | Moved::UnknownTerritory => say(out, "client-unknown", &name)?,
                    }
                }
            }
            Self::Lend(order) => {
                let person = people::find(app, &order.to)?;
                lend(app, By::CONSOLE, id(&order.client)?, person.id, order.from, order.until)?;
                say(out, "client-lent", &[("client", shown(order.client)), ("person", shown(person.id))])?;
            }
            Self::Return { client, person } => {
                let person = people::find(app, &person)?;
                end_lending(app, By::CONSOLE, id(&client)?, person.id)?;
                say(out, "client-back", &[("client", shown(client)), ("person", shown(person.id))])?;
            }
            Self::Merge { client, into } => {
                let merged = merge::merge(app, By::CONSOLE, id(&client)?, id(&into)?)?;
                let said = if merged.is_some() { "client-merged" } else { "client-merged_before" };
                say(out, said, &[("client", shown(client)), ("kept", shown(into))])?;
            }
            Self::Unmerge { client } => {
                let parted = merge::unmerge(app, By::CONSOLE, id(&client)?)?;
                let said = if parted.is_some() { "client-apart" } else { "client-not_merged" };
                say(out, said, &[("client", shown(client))])?;
            }
            Self::Proposals => {
                for found in merge::proposed(app, By::CONSOLE, 0, PROPOSALS_MAX)? {
                    let proposal = &found.proposal;
                    let (absorbed, kept) = match proposal.keep_other {
                        true => (found.client, proposal.other),
                        false => (proposal.other, found.client),
                    };
                    let by = found.by.map_or("?".into(), |person| person.to_string());
                    let likeness =
                        proposal.likeness.iter().map(|why| why.as_str()).collect::<Vec<_>>().join(",");
                    let args = [
                        ("absorbed", shown(absorbed)),
                        ("kept", shown(kept)),
                        ("person", by.into()),
                        ("when", shown(time(found.at_ms))),
                        ("likeness", likeness.into()),
                    ];
                    say(out, "client-proposed", &args)?;
                }
            }
            Self::Disclose(order) => order.run(app, out)?,
            Self::Erase(order) => order.run(app, out)?,
        }
        Ok(())
    }
}

impl Disclose {
    fn run(self, app: &App, out: &mut dyn Write) -> Result<(), CliError> {
        let person = Person { client: id(&self.client)?, contact: self.contact };
        let file = disclose(app, By::CONSOLE, person)?;
        let path = self.out.unwrap_or_else(|| file_name(person).into());
        create_private(&path, &file)?;
        Ok(say(out, "client-disclosed", &[("file", shown(path.display()))])?)
    }
}

impl Erase {
    fn run(self, app: &App, out: &mut dyn Write) -> Result<(), CliError> {
        let client = id(&self.client)?;
        if self.yes {
            let reason = self.reason.as_deref().and_then(Reason::from_name);
            let reason = reason.ok_or_else(|| {
                CliError::Usage(format!("--reason is one of {}", Reason::ALL.map(Reason::name).join(", ")))
            })?;
            let erasure = erase::erase(app, By::CONSOLE, client, reason)?;
            say(out, "erase-done", &[("client", shown(client)), ("number", erasure.number.into())])?;
            if !erasure.overwritten {
                say(out, "erase-later", &[])?;
            }
            return stays(out);
        }
        let preview = erase::preview(app, By::CONSOLE, client)?;
        let list = |kinds: &[(String, u64)]| {
            kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect::<Vec<_>>().join(", ")
        };
        say(out, "erase-would", &[("client", shown(client))])?;
        let changes = [("changes", preview.changes.into()), ("bytes", preview.bytes.into())];
        say(out, "erase-changes", &changes)?;
        say(out, "erase-records", &[("list", shown(list(&preview.records)))])?;
        say(out, "erase-office", &[("list", shown(list(&preview.office)))])?;
        say(out, "erase-refused", &[("count", preview.refused.into())])?;
        let imports =
            [("unfinished", preview.unfinished_imports.into()), ("reports", preview.import_reports.into())];
        say(out, "erase-imports", &imports)?;
        for alias in &preview.aliases {
            say(out, "erase-alias", &[("client", shown(alias))])?;
        }
        if preview.proposals_elsewhere > 0 {
            say(out, "erase-proposals", &[("count", preview.proposals_elsewhere.into())])?;
        }
        stays(out)?;
        Ok(say(out, "erase-not_done", &[])?)
    }
}

fn stays(out: &mut dyn Write) -> Result<(), CliError> {
    say(out, "erase-reach", &[])?;
    for what in STAYS {
        writeln!(out, "  - {}", stays_text(what, language(None)))?;
    }
    Ok(())
}

fn id(text: &str) -> Result<ClientId, Refused> {
    text.parse().map_err(|_| Refused::unknown("client", text))
}
