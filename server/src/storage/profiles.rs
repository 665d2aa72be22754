//! All that is known about one client, in one read; and what somebody at the office decides in its profile.

use std::collections::BTreeMap;

use cartera_core::document::conflict::Conflict;
use cartera_core::model::office::{Credit, DueItem, OrderState, SalesDay};
use cartera_core::model::profile::{Key, Value};
use cartera_core::model::{BusinessDate, ClientId, PersonId, RecordId};
use cartera_core::query::clients::ClientRow;
use cartera_core::query::tasks::TaskNow;
use cartera_core::query::timeline::{Entry, PageKey};

use super::Result;
use crate::audit::Deed;

/// A field of a profile, and who put the value in use.
#[derive(Debug, Clone, PartialEq)]
pub struct ProfileField {
    pub key: Key,
    pub value: Value,
    pub author: Option<PersonId>,
    /// The system of whose file the value came.
    pub source: Option<String>,
    /// When the relay took it.
    pub at_ms: Option<i64>,
}

/// An order that has not come to its end.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenOrder {
    pub id: RecordId,
    pub state: OrderState,
}

/// A client as its page shows it.
#[derive(Debug, Clone)]
pub struct ClientProfile {
    pub row: ClientRow,
    /// The client that it was merged into.
    pub kept: Option<ClientId>,
    /// Clients that were merged into it, with their names.
    pub absorbed: Vec<(ClientId, String)>,
    pub fields: Vec<ProfileField>,
    pub conflicts: Vec<Conflict<Option<PersonId>>>,
    /// When somebody last confirmed its data, and who.
    pub confirmed: Option<(BusinessDate, Option<PersonId>)>,
    /// Those that are to be done.
    pub tasks: Vec<TaskNow>,
    /// The latest first.
    pub orders: Vec<OpenOrder>,
    /// With something to be paid, by their days.
    pub dues: Vec<DueItem>,
    pub credit: Option<Credit>,
    /// By date.
    pub sales: Vec<SalesDay>,
    /// The latest first, from where was asked on.
    pub story: Vec<Entry>,
    /// Everybody's name.
    pub people: BTreeMap<PersonId, String>,
}

/// Which of a field's values is to be the only one.
#[derive(Debug, Clone, Copy)]
pub struct Choice<'a> {
    pub client: ClientId,
    /// As it stands in the document.
    pub key: &'a str,
    /// The operation that put the value, as it is written.
    pub op: &'a str,
    pub by: PersonId,
    pub at_ms: i64,
    /// For the person's actor at the relay in this epoch, where there is none yet.
    pub new_actor: [u8; 16],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen {
    /// Under this number of the log.
    Done(u64),
    UnknownClient,
    /// No such value is there any more: somebody has chosen meanwhile.
    Gone,
    /// The field is the ERP's.
    Owned,
}

pub trait Profiles {
    /// `None` where there is no such client. `story` is where the story goes on, and how many entries of it are given.
    fn client_profile(
        &self,
        client: ClientId,
        story: (Option<PageKey>, usize),
    ) -> Result<Option<ClientProfile>>;

    /// Clients with fields about which people differ, by name, at most so many.
    fn differing_clients(&self, limit: usize) -> Result<Vec<ClientRow>>;

    /// Keeps one value of a field and takes the others away. `may_owned`: also of a field that the ERP owns.
    fn choose_value(&self, choice: Choice<'_>, may_owned: bool, deed: &Deed) -> Result<Chosen>;
}
