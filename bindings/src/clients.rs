//! The portfolio (*cartera*): all clients by name, one client's page, new ones.

use std::sync::Arc;

use cartera_core::engine::NewClient as CoreNewClient;
use cartera_core::model::{self, office};
use cartera_core::query::{account, clients, colleagues};

use crate::people::Names;
use crate::shared::{Shared, limit};
use crate::values::each;
use crate::{
    BusinessDate, CarteraError, ClientId, Edit, Money, PersonId, Point, RecordId, TerritoryId, Timestamp,
};

/// Clients and their pages.
#[derive(Debug, uniffi::Object)]
pub struct Clients {
    pub(crate) shared: Arc<Shared>,
}

/// What a list shows of a client.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct ClientRow {
    pub id: ClientId,
    pub name: String,
    pub legal_name: Option<String>,
    pub city: Option<String>,
    pub sector: Option<String>,
    pub phone: Option<String>,
    pub erp_code: Option<String>,
    pub territory: Option<TerritoryId>,
    pub place: Option<Point>,
    /// Fields with more than one value.
    pub conflicts: u32,
    pub closed: bool,
    pub last_visit: Option<BusinessDate>,
    pub last_purchase: Option<BusinessDate>,
}

#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct ClientPage {
    pub rows: Vec<ClientRow>,
    /// Where the next page begins; missing at the end.
    pub next: Option<String>,
}

/// A customer that nobody knew yet. One of the names is needed.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct NewClient {
    pub fields: Vec<Edit>,
    /// The rep's own when missing.
    #[uniffi(default = None)]
    pub territory: Option<TerritoryId>,
}

/// Something that falls due (*vencimiento*) and is not paid, or not all of it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DueItem {
    pub document: Option<String>,
    pub issued: Option<BusinessDate>,
    pub due: BusinessDate,
    pub amount: Money,
    /// What is still to be paid.
    pub open: Money,
    /// A payment came back.
    pub returned: bool,
    /// How it is to be paid, in the office's words.
    pub method: Option<String>,
}

/// How much a client may owe (*riesgo*).
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Credit {
    pub limit: Option<Money>,
    pub used: Option<Money>,
    pub blocked: bool,
    pub reason: Option<String>,
    /// The ERP's day.
    pub as_of: Option<BusinessDate>,
}

/// What a client owes in one currency.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Debt {
    pub open: Money,
    /// How much of it is past its day.
    pub overdue: Money,
    /// Items behind it.
    pub items: u64,
}

/// What a client owes in sum, as the office last said.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Account {
    /// By currency.
    pub debts: Vec<Debt>,
    pub credit: Option<Credit>,
    /// When the office's due items last came.
    pub due_at: Option<Timestamp>,
    /// When its credit last came.
    pub credit_at: Option<Timestamp>,
}

/// Something that a colleague did at a client's lately.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Lately {
    pub person: PersonId,
    pub person_name: Option<String>,
    /// Its words are `kind-<kind>`: a visit, a contact or a purchase.
    pub kind: String,
    pub record: RecordId,
    pub on: BusinessDate,
}

#[uniffi::export]
impl Clients {
    /// At most so many clients by name, accents and case folded; at first `after` is missing.
    pub fn page(&self, after: Option<String>, most: u32) -> Result<ClientPage, CarteraError> {
        let after: Option<clients::PageKey> = after.map(|after| after.parse()).transpose()?;
        self.shared.read(|conn, _| {
            let most = limit(most);
            Ok(page(clients::list(conn, after.as_ref(), most)?, most))
        })
    }

    pub fn count(&self) -> Result<u64, CarteraError> {
        self.shared.read(|conn, _| Ok(clients::count(conn)?))
    }

    pub fn get(&self, client: ClientId) -> Result<ClientRow, CarteraError> {
        let id = client.read()?;
        self.shared.read(|conn, _| {
            let row = clients::get(conn, &id)?;
            row.map(Into::into)
                .ok_or_else(|| CarteraError::not_found("unknown_client", "no such client here"))
        })
    }

    /// Visits and orders are possible at once.
    pub fn create(&self, new: NewClient) -> Result<ClientId, CarteraError> {
        self.shared.run(|engine| {
            let territory = new.territory.map(|territory| territory.read()).transpose()?;
            let new = CoreNewClient { fields: each(new.fields, Edit::read)?, territory };
            Ok(engine.create_client(new)?.into())
        })
    }

    /// What the client owes in sum, its credit, and how fresh both are.
    pub fn account(&self, client: ClientId) -> Result<Account, CarteraError> {
        let client = client.read()?;
        self.shared.read(|conn, engine| {
            let account = account::of_client(conn, &client, engine.today()?)?;
            let debt = |(currency, open): (model::Currency, account::Open)| Debt {
                open: Money::of(open.all, currency),
                overdue: Money::of(open.overdue, currency),
                items: open.items,
            };
            Ok(Account {
                debts: account.open.into_iter().map(debt).collect(),
                credit: account.credit.map(|credit| Credit {
                    limit: credit.limit.map(Into::into),
                    used: credit.used.map(Into::into),
                    blocked: credit.blocked,
                    reason: credit.reason,
                    as_of: credit.as_of.map(Into::into),
                }),
                due_at: account.due_at_ms.map(Into::into),
                credit_at: account.credit_at_ms.map(Into::into),
            })
        })
    }

    /// What is still to be paid, by day: at most so many, from the one at `offset` on.
    pub fn due_items(&self, client: ClientId, offset: u32, most: u32) -> Result<Vec<DueItem>, CarteraError> {
        let client = client.read()?;
        self.shared.read(|conn, _| {
            let item = |item: office::DueItem| DueItem {
                document: item.document,
                issued: item.issued.map(Into::into),
                due: item.due.into(),
                open: Money::of(item.open, item.amount.currency),
                amount: item.amount.into(),
                returned: item.returned,
                method: item.method,
            };
            let found = account::due(conn, &client, (offset as usize, limit(most)))?;
            Ok(found.into_iter().map(item).collect())
        })
    }

    /// What colleagues did here in the last days, the latest first: a warning before somebody goes or sells there too.
    pub fn lately(&self, client: ClientId) -> Result<Vec<Lately>, CarteraError> {
        let client = client.read()?;
        self.shared.run(|engine| {
            let (me, today) = (engine.identity()?.map(|identity| identity.person), engine.today()?);
            engine.store().read(|conn| {
                let mut names = Names::new(conn);
                let mut told = |of: colleagues::Lately| {
                    Ok(Lately {
                        person: of.person.into(),
                        person_name: names.of(Some(of.person))?,
                        kind: of.kind.word().to_owned(),
                        record: of.record.into(),
                        on: of.on.into(),
                    })
                };
                let found = colleagues::lately(conn, &client, me.as_ref(), today)?;
                found.into_iter().map(&mut told).collect()
            })
        })
    }
}

/// A page that was read with `most`.
pub(crate) fn page(rows: Vec<clients::ClientRow>, most: usize) -> ClientPage {
    let next = rows.last().filter(|_| rows.len() == most).map(|last| last.after.to_string());
    ClientPage { rows: rows.into_iter().map(Into::into).collect(), next }
}

impl From<clients::ClientRow> for ClientRow {
    fn from(row: clients::ClientRow) -> Self {
        let point = |(latitude, longitude)| Point { latitude, longitude, accuracy_m: None };
        Self {
            id: row.id.into(),
            name: row.name,
            legal_name: row.legal_name,
            city: row.city,
            sector: row.sector,
            phone: row.phone,
            erp_code: row.erp_code,
            territory: row.territory.map(Into::into),
            place: row.place.map(point),
            conflicts: row.conflicts,
            closed: row.closed,
            last_visit: row.last_visit.and_then(BusinessDate::of_days),
            last_purchase: row.last_purchase.and_then(BusinessDate::of_days),
        }
    }
}
