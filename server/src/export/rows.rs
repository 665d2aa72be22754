//! The rows that columns are got from, one kind for each source.

use std::sync::Arc;

use cartera_core::metrics::client::ClientFigures;
use cartera_core::metrics::coverage::Due;
use cartera_core::metrics::{Figure, Ratio};
use cartera_core::model::profile::{ClientField, Key, Value as Field};
use cartera_core::model::{BusinessDate, ClientId, Currency, PersonId, TerritoryId};
use cartera_core::rows::client::Profile;
use cartera_core::rows::relations::Part as Whom;
use cartera_core::rows::relations::dues::Item;

use super::column::Family;
use super::fields::Fields;
use crate::people::Person;
use crate::storage::export::{
    ClientBrief, StoredAudience, StoredClient, StoredDelivery, StoredOffice, StoredRecord,
};
use crate::storage::figures::Brief;
use crate::territories::Territory;

/// A record of a document: one row of its kind's resource.
#[derive(Debug)]
pub(super) struct Record<'r> {
    pub(super) stored: StoredRecord<'r>,
    pub(super) fields: Fields<'r>,
}

/// An office record.
#[derive(Debug)]
pub(super) struct Office<'r> {
    pub(super) stored: StoredOffice<'r>,
    pub(super) fields: Fields<'r>,
    /// It stands for all that there was about its client.
    erased: bool,
}

/// One of a list inside a record or an office record; of one that is gone, or has none, there is one deleted line.
#[derive(Debug)]
pub(super) struct Line<'r, P> {
    pub(super) of: &'r P,
    /// From 1; 0 for the deleted line.
    pub(super) number: usize,
    pub(super) fields: Fields<'r>,
}

#[derive(Debug)]
pub(super) struct Client<'r> {
    pub(super) stored: StoredClient<'r>,
}

/// A contact, date or place of a client's profile.
#[derive(Debug)]
pub(super) struct Part<'r> {
    pub(super) client: &'r StoredClient<'r>,
    /// Of 26 letters, within the client; empty for all of a client that was erased.
    pub(super) id: &'r str,
    /// `contact`, `date` or `place`.
    pub(super) sort: &'static str,
    pub(super) removed: bool,
}

/// A client's figures, in one currency.
#[derive(Debug)]
pub(super) struct FiguresRow {
    pub(super) as_of: BusinessDate,
    pub(super) fitted: Option<(BusinessDate, u32)>,
    pub(super) id: ClientId,
    pub(super) client: Brief,
    /// `None` of a client that was erased.
    pub(super) figures: Option<ClientFigures>,
    /// Place among the figures' currencies; `None` of a client without sales.
    pub(super) currency: Option<usize>,
}

/// One figure of the whole portfolio, in one currency or in none.
#[derive(Debug)]
pub(super) struct PortfolioRow {
    pub(super) as_of: BusinessDate,
    pub(super) currency: Option<Currency>,
    /// Its code, and what it is of where there are several: `status_` and a status.
    pub(super) figure: String,
    pub(super) value: Figure<f64>,
}

/// How many clients of one month's cohort bought in a later one.
#[derive(Debug)]
pub(super) struct CohortRow {
    pub(super) as_of: BusinessDate,
    pub(super) currency: Currency,
    /// First day of the cohort's month.
    pub(super) month: BusinessDate,
    pub(super) clients: u64,
    pub(super) months_since: usize,
    pub(super) bought: Ratio,
}

/// A client in a shared segment.
#[derive(Debug)]
pub(super) struct MemberRow {
    pub(super) as_of: BusinessDate,
    /// `None` of a client that was erased.
    pub(super) segment: Option<Arc<Segment>>,
    pub(super) id: ClientId,
    pub(super) client: Brief,
}

/// The segment that such a row is of.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) source: String,
    pub(super) key: String,
    pub(super) name: String,
}

/// When a client is to be visited.
#[derive(Debug)]
pub(super) struct CoverageRow {
    pub(super) as_of: BusinessDate,
    pub(super) id: ClientId,
    pub(super) client: Brief,
    /// `None` of a client that was erased.
    pub(super) due: Option<Due>,
}

/// Something that is still to be paid on a day.
#[derive(Debug)]
pub(super) struct OpenItemRow {
    pub(super) as_of: BusinessDate,
    pub(super) id: ClientId,
    pub(super) client: Brief,
    /// `None` of a client that was erased.
    pub(super) item: Option<Item>,
}

/// An order that is still to be delivered.
#[derive(Debug)]
pub(super) struct Delivery<'r> {
    pub(super) stored: StoredDelivery<'r>,
    pub(super) fields: Fields<'r>,
    /// The day on which it is told.
    pub(super) as_of: Option<BusinessDate>,
}

/// Somebody who may be written to on a channel.
#[derive(Debug)]
pub(super) struct Audience<'r> {
    pub(super) stored: StoredAudience<'r>,
}

macro_rules! families {
    ($($family:ident),* $(,)?) => { $(
        #[derive(Debug)]
        pub(super) enum $family {}
    )* };
}

families!(
    Records,
    RecordLines,
    Offices,
    OfficeLines,
    Clients,
    Aliases,
    Parts,
    People,
    Territories,
    Figures,
    Portfolios,
    Cohorts,
    Members,
    Coverages,
    OpenItems,
    Deliveries,
    Audiences
);

/// Whether a client is one of some: one that was merged is seen where its territory is.
fn is_of(whom: &Whom, client: [u8; 16], territory: Option<[u8; 16]>) -> bool {
    whom.clients.contains(&ClientId::from_bytes(client))
        || territory.is_some_and(|territory| whom.territories.contains(&TerritoryId::from_bytes(territory)))
}

impl Family for Records {
    type Row<'r> = Record<'r>;

    fn territory(row: &Record<'_>) -> Option<[u8; 16]> {
        row.stored.client.territory
    }

    fn author(row: &Record<'_>) -> Option<PersonId> {
        row.stored.author.map(|author| author.id)
    }

    fn is_of(row: &Record<'_>, whom: &Whom) -> bool {
        is_of(whom, row.stored.document, row.stored.client.territory)
    }
}

impl Family for Offices {
    type Row<'r> = Office<'r>;

    fn territory(row: &Office<'_>) -> Option<[u8; 16]> {
        row.stored.brief.territory
    }

    fn is_of(row: &Office<'_>, whom: &Whom) -> bool {
        match (row.stored.client, row.stored.territory) {
            (Some(client), _) => is_of(whom, client, row.stored.brief.territory),
            (None, Some(territory)) => whom.territories.contains(&TerritoryId::from_bytes(territory)),
            (None, None) => true,
        }
    }
}

impl Family for RecordLines {
    type Row<'r> = Line<'r, Record<'r>>;

    fn territory(row: &Line<'_, Record<'_>>) -> Option<[u8; 16]> {
        Records::territory(row.of)
    }

    fn author(row: &Line<'_, Record<'_>>) -> Option<PersonId> {
        Records::author(row.of)
    }

    fn is_of(row: &Line<'_, Record<'_>>, whom: &Whom) -> bool {
        Records::is_of(row.of, whom)
    }
}

impl Family for OfficeLines {
    type Row<'r> = Line<'r, Office<'r>>;

    fn territory(row: &Line<'_, Office<'_>>) -> Option<[u8; 16]> {
        Offices::territory(row.of)
    }

    fn is_of(row: &Line<'_, Office<'_>>, whom: &Whom) -> bool {
        Offices::is_of(row.of, whom)
    }
}

impl Family for Clients {
    type Row<'r> = Client<'r>;

    fn territory(row: &Client<'_>) -> Option<[u8; 16]> {
        row.stored.territory
    }

    fn is_of(row: &Client<'_>, whom: &Whom) -> bool {
        is_of(whom, row.stored.id, row.stored.territory)
    }
}

impl Family for Aliases {
    type Row<'r> = Client<'r>;

    fn is_of(row: &Client<'_>, whom: &Whom) -> bool {
        Clients::is_of(row, whom)
    }
}

impl Family for Parts {
    type Row<'r> = Part<'r>;

    fn territory(row: &Part<'_>) -> Option<[u8; 16]> {
        row.client.territory
    }

    fn is_of(row: &Part<'_>, whom: &Whom) -> bool {
        is_of(whom, row.client.id, row.client.territory)
    }
}

impl Family for Deliveries {
    type Row<'r> = Delivery<'r>;

    fn territory(row: &Delivery<'_>) -> Option<[u8; 16]> {
        row.stored.client.territory
    }

    fn is_of(row: &Delivery<'_>, whom: &Whom) -> bool {
        is_of(whom, row.stored.document, row.stored.client.territory)
    }
}

impl Family for Audiences {
    type Row<'r> = Audience<'r>;

    fn territory(row: &Audience<'_>) -> Option<[u8; 16]> {
        row.stored.client.territory
    }

    fn is_of(row: &Audience<'_>, whom: &Whom) -> bool {
        is_of(whom, row.stored.document, row.stored.client.territory)
    }
}

impl Family for People {
    type Row<'r> = Person;
}

impl Family for Territories {
    type Row<'r> = Territory;
}

impl Family for Figures {
    type Row<'r> = FiguresRow;

    fn territory(row: &FiguresRow) -> Option<[u8; 16]> {
        row.client.territory
    }

    fn is_of(row: &FiguresRow, whom: &Whom) -> bool {
        is_of(whom, *row.id.as_bytes(), row.client.territory)
    }
}

impl Family for Portfolios {
    type Row<'r> = PortfolioRow;
}

impl Family for Cohorts {
    type Row<'r> = CohortRow;
}

impl Family for Members {
    type Row<'r> = MemberRow;

    fn territory(row: &MemberRow) -> Option<[u8; 16]> {
        row.client.territory
    }

    fn is_of(row: &MemberRow, whom: &Whom) -> bool {
        is_of(whom, *row.id.as_bytes(), row.client.territory)
    }
}

impl Family for Coverages {
    type Row<'r> = CoverageRow;

    fn territory(row: &CoverageRow) -> Option<[u8; 16]> {
        row.client.territory
    }

    fn is_of(row: &CoverageRow, whom: &Whom) -> bool {
        is_of(whom, *row.id.as_bytes(), row.client.territory)
    }
}

impl Family for OpenItems {
    type Row<'r> = OpenItemRow;

    fn territory(row: &OpenItemRow) -> Option<[u8; 16]> {
        row.client.territory
    }

    fn is_of(row: &OpenItemRow, whom: &Whom) -> bool {
        is_of(whom, *row.id.as_bytes(), row.client.territory)
    }
}

impl<'r> Record<'r> {
    pub(super) fn new(stored: &StoredRecord<'r>) -> Self {
        Self { stored: *stored, fields: Fields::new(stored.value) }
    }

    /// The same as something that is not there any more.
    pub(super) fn gone(stored: &StoredRecord<'r>) -> Self {
        let stored = StoredRecord { deleted: true, value: &[], author: None, received_ms: None, ..*stored };
        Self { stored, fields: Fields::EMPTY }
    }

    /// All records of a client that was erased: named like the client.
    pub(super) fn erased(client: ClientId, number: u64) -> Self {
        let id = *client.as_bytes();
        let stored = StoredRecord {
            id,
            revision: id,
            document: id,
            client: ClientBrief::default(),
            author: None,
            number,
            received_ms: None,
            at_ms: 0,
            date: 0,
            orphan: false,
            corrections: 0,
            value: &[],
            deleted: true,
        };
        Self { stored, fields: Fields::EMPTY }
    }

    /// `None` where the row is deleted.
    pub(super) fn unless_deleted<T>(&self, value: T) -> Option<T> {
        (!self.stored.deleted).then_some(value)
    }
}

impl<'r> Office<'r> {
    pub(super) fn new(stored: &StoredOffice<'r>) -> Self {
        Self { stored: *stored, fields: stored.value.map_or(Fields::EMPTY, Fields::new), erased: false }
    }

    pub(super) fn gone(stored: &StoredOffice<'r>) -> Self {
        Self { stored: StoredOffice { value: None, ..*stored }, fields: Fields::EMPTY, erased: false }
    }

    /// All records about a client that was erased: named like the client, of no source.
    pub(super) fn erased(client: ClientId, name: &'r str, number: u64) -> Self {
        let stored = StoredOffice {
            source: "",
            key: name,
            client: Some(*client.as_bytes()),
            brief: ClientBrief::default(),
            territory: None,
            number,
            received_ms: None,
            value: None,
        };
        Self { stored, fields: Fields::EMPTY, erased: true }
    }

    /// Source and key as one text: `%` and `:` of the source are written as `%25` and `%3A`.
    pub(super) fn id(&self) -> String {
        if self.erased {
            return self.stored.key.to_owned();
        }
        let source = self.stored.source.replace('%', "%25").replace(':', "%3A");
        format!("{source}:{}", self.stored.key)
    }
}

/// What is about a client.
pub(super) trait About {
    /// `None` where it is about no client.
    fn client_id(&self) -> Option<[u8; 16]>;
    fn brief(&self) -> ClientBrief<'_>;
    fn is_gone(&self) -> bool;
}

/// What came into the log.
pub(super) trait Logged {
    fn number(&self) -> u64;
    fn received_ms(&self) -> Option<i64>;
}

impl About for Record<'_> {
    fn client_id(&self) -> Option<[u8; 16]> {
        Some(self.stored.document)
    }

    fn brief(&self) -> ClientBrief<'_> {
        self.stored.client
    }

    fn is_gone(&self) -> bool {
        self.stored.deleted
    }
}

impl Logged for Record<'_> {
    fn number(&self) -> u64 {
        self.stored.number
    }

    fn received_ms(&self) -> Option<i64> {
        self.stored.received_ms
    }
}

impl About for Office<'_> {
    fn client_id(&self) -> Option<[u8; 16]> {
        self.stored.client
    }

    fn brief(&self) -> ClientBrief<'_> {
        self.stored.brief
    }

    fn is_gone(&self) -> bool {
        self.stored.value.is_none()
    }
}

impl Logged for Office<'_> {
    fn number(&self) -> u64 {
        self.stored.number
    }

    fn received_ms(&self) -> Option<i64> {
        self.stored.received_ms
    }
}

impl About for Delivery<'_> {
    fn client_id(&self) -> Option<[u8; 16]> {
        Some(self.stored.document)
    }

    fn brief(&self) -> ClientBrief<'_> {
        self.stored.client
    }

    fn is_gone(&self) -> bool {
        false
    }
}

impl About for Audience<'_> {
    fn client_id(&self) -> Option<[u8; 16]> {
        Some(self.stored.document)
    }

    fn brief(&self) -> ClientBrief<'_> {
        self.stored.client
    }

    fn is_gone(&self) -> bool {
        false
    }
}

impl<'r> Client<'r> {
    pub(super) fn profile(&self) -> Option<&'r Profile> {
        self.stored.profile
    }

    /// A field of the profile that is understood.
    pub(super) fn field(&self, field: ClientField) -> Option<Field> {
        client_field(self.profile()?, field)
    }
}

/// A field of a contact, date or place of a profile.
pub(super) fn part_field(profile: &Profile, sort: &str, id: &str, name: &str) -> Option<Field> {
    let text = format!("{sort}/{id}/{name}");
    Key::parse(&text)?.read(profile.fields.get(&text)?).ok()
}

/// A field of a client's own.
pub(super) fn client_field(profile: &Profile, field: ClientField) -> Option<Field> {
    Key::Client(field).read(profile.fields.get(field.as_str())?).ok()
}

impl Part<'_> {
    pub(super) fn field(&self, name: &str) -> Option<Field> {
        if self.removed {
            return None;
        }
        part_field(self.client.profile?, self.sort, self.id, name)
    }
}
