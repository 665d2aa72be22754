//! A client that is to be forgotten: every byte of it goes, and nobody gets it back.
//!
//! Phones delete what they hold of it when they next sync, unsent work too, by an order under their key. Backups made
//! before hold it until they are deleted; a restore erases it again, by the journal.

use cartera_core::model::ClientId;
use cartera_core::model::access::Action;
use cartera_core::strings::{Language, text};

use super::deed;
use crate::app::App;
use crate::people::access::By;
use crate::refused::Refused;
use crate::storage::clients::{ErasePreview, Erased};

/// Why: a code, since words about a person would outlive the person's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The person asked for it.
    Request,
    /// There is no ground any more to keep it.
    Retention,
    /// It should never have been there.
    Mistake,
}

impl Reason {
    pub const ALL: [Self; 3] = [Self::Request, Self::Retention, Self::Mistake];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Retention => "retention",
            Self::Mistake => "mistake",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// What was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erasure {
    /// Of the entry in the log.
    pub number: u64,
    /// Freed space is overwritten too. `false`: somebody reads an older state of the store, and the relay does it later.
    pub overwritten: bool,
}

/// What erasing does not reach. Words are in `cartera_core::strings`, under `erase-stays-`.
pub const STAYS: [&str; 5] = ["phones", "backups", "exports", "other_clients", "log"];

pub(crate) fn stays_text(what: &str, language: Language) -> String {
    text(language, &format!("erase-stays-{what}"), &[])
}

/// What [`erase`] would do.
pub fn preview(app: &App, by: By, client: ClientId) -> Result<ErasePreview, Refused> {
    by.require(Action::EraseClient)?;
    app.storage.erase_preview(client)?.ok_or_else(|| Refused::unknown("client", client))
}

pub fn erase(app: &App, by: By, client: ClientId, reason: Reason) -> Result<Erasure, Refused> {
    by.require(Action::EraseClient)?;
    let now_ms = app.env.now_ms();
    let deed = deed(by, now_ms, "client.erased", client, reason.name().to_owned());
    match app.storage.erase(client, now_ms, &deed)? {
        Erased::Done(number) => Ok(Erasure { number, overwritten: app.storage.scrub()? }),
        Erased::Already => Err(Refused::Conflict(format!("{client} was erased before"))),
        Erased::UnknownClient => Err(Refused::unknown("client", client)),
    }
}

#[cfg(test)]
mod tests {
    use cartera_core::strings::has;

    use super::*;

    #[test]
    fn what_stays_has_words() {
        for what in STAYS {
            for language in [Language::English, Language::Spanish] {
                assert!(has(language, &format!("erase-stays-{what}")), "{what}");
            }
        }
    }
}
