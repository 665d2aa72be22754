//! The portfolio (*cartera*): all clients by name, one client's page, new ones.

use std::sync::Arc;

use cartera_core::engine::NewClient as CoreNewClient;
use cartera_core::model::office::{Kind, Value};
use cartera_core::model::record;
use cartera_core::portfolio::segments::{self, SegmentError};
use cartera_core::query::{clients, own};
use cartera_core::rows::{consents, office};

use crate::shared::{Shared, limit, part};
use crate::values::each;
use crate::{
    BusinessDate, CarteraError, Channel, ClientId, ConsentDecision, Edit, Evidence, LegalBasis, Likeness,
    LossReason, Money, PartId, Point, RecordId, Saved, TerritoryId,
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

/// Something that falls due (*vencimiento*).
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DueItem {
    pub document: Option<String>,
    pub due: BusinessDate,
    pub amount: Money,
    /// What is still to be paid.
    pub open: Money,
    /// A payment came back.
    pub returned: bool,
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

/// What a client owes, as the office last said.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Account {
    /// By day.
    pub due: Vec<DueItem>,
    pub credit: Option<Credit>,
}

/// The last word on a channel.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Consent {
    pub decision: ConsentDecision,
    /// Missing: every channel.
    #[uniffi(default = None)]
    pub channel: Option<Channel>,
    #[uniffi(default = None)]
    pub basis: Option<LegalBasis>,
    /// Missing: the client as a whole.
    #[uniffi(default = None)]
    pub contact: Option<PartId>,
    #[uniffi(default = None)]
    pub evidence: Option<Evidence>,
    #[uniffi(default = None)]
    pub wording: Option<String>,
    #[uniffi(default = None)]
    pub note: Option<String>,
}

/// A private set of clients.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Segment {
    pub name: String,
    /// A rule in the language of segments.
    #[uniffi(default = None)]
    pub filter: Option<String>,
    /// Clients by name, beside the rule's.
    #[uniffi(default = [])]
    pub clients: Vec<ClientId>,
}

#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct KeptSegment {
    pub id: RecordId,
    pub segment: Segment,
}

#[uniffi::export]
impl Clients {
    /// At most so many clients by name, accents and case folded; at first `after` is missing.
    pub fn page(&self, after: Option<String>, most: u32) -> Result<ClientPage, CarteraError> {
        let after: Option<clients::PageKey> = after.map(|after| after.parse()).transpose()?;
        self.shared.read(|conn, _| {
            let most = limit(most);
            let rows = clients::list(conn, after.as_ref(), most)?;
            let next = rows.last().filter(|_| rows.len() == most).map(|last| last.after.to_string());
            Ok(ClientPage { rows: rows.into_iter().map(Into::into).collect(), next })
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
        let territory = new.territory.map(|territory| territory.read()).transpose()?;
        let new = CoreNewClient { fields: each(new.fields, Edit::read)?, territory };
        self.shared.run(|engine| Ok(engine.create_client(new)?.into()))
    }

    /// *Baja*, with its reason.
    pub fn close_down(
        &self,
        client: ClientId,
        reason: LossReason,
        note: Option<String>,
        competitor: Option<String>,
    ) -> Result<Saved, CarteraError> {
        let client = client.read()?;
        let closed = record::ClientClosed { note, competitor, ..record::ClientClosed::new(reason.into()) };
        self.shared.run(|engine| Ok(engine.close_client(&client, closed)?.into()))
    }

    /// Takes every closure back.
    pub fn reopen(&self, client: ClientId) -> Result<Vec<Saved>, CarteraError> {
        let client = client.read()?;
        self.shared.run(|engine| Ok(engine.reopen_client(&client)?.into_iter().map(Into::into).collect()))
    }

    /// 'Still right': those fields of the profile, or all of them where none is named.
    pub fn confirm_data(&self, client: ClientId, fields: Vec<String>) -> Result<Saved, CarteraError> {
        let client = client.read()?;
        let confirmed = record::DataConfirmed { fields, ..record::DataConfirmed::all() };
        self.shared.run(|engine| Ok(engine.confirm_data(&client, confirmed)?.into()))
    }

    /// Two clients are one: proposed to the office.
    pub fn propose_merge(
        &self,
        client: ClientId,
        other: ClientId,
        keep_other: bool,
        likeness: Vec<Likeness>,
    ) -> Result<Saved, CarteraError> {
        let (client, other) = (client.read()?, other.read()?);
        let likeness = likeness.into_iter().map(Into::into).collect();
        let proposal = record::MergeProposal::new(other, keep_other, likeness);
        self.shared.run(|engine| Ok(engine.propose_merge(&client, proposal)?.into()))
    }

    /// What the client allows or forbids.
    pub fn record_consent(&self, client: ClientId, consent: Consent) -> Result<Saved, CarteraError> {
        let client = client.read()?;
        let contact = consent.contact.map(|contact| contact.read()).transpose()?;
        let said = record::Consent {
            decision: consent.decision.into(),
            basis: consent.basis.map(Into::into),
            contact,
            evidence: consent.evidence.map(Into::into),
            wording: consent.wording,
            note: consent.note,
            ..record::Consent::opposed(consent.channel.map(Into::into))
        };
        self.shared.run(|engine| Ok(engine.record_consent(&client, said)?.into()))
    }

    /// For each channel and contact the latest word.
    pub fn consents(&self, client: ClientId) -> Result<Vec<Consent>, CarteraError> {
        let client = client.read()?;
        self.shared.read(|conn, _| {
            let words = consents::of_client(conn, &client)?;
            Ok(words.into_iter().map(|word| word.consent.into()).collect())
        })
    }

    /// Due items and credit.
    pub fn account(&self, client: ClientId) -> Result<Account, CarteraError> {
        let client = client.read()?;
        self.shared.read(|conn, _| {
            let mut account = Account { due: Vec::new(), credit: None };
            for (entry, _) in office::of_client(conn, &client)? {
                let Some(value) = entry.value else { continue };
                match Kind::parse(&entry.kind).and_then(|kind| Value::decode(&kind, &value).ok()) {
                    Some(Value::DueItem(item)) => account.due.push(DueItem {
                        document: item.document,
                        due: item.due.into(),
                        open: Money::of(item.open, item.amount.currency),
                        amount: item.amount.into(),
                        returned: item.returned,
                    }),
                    Some(Value::Credit(credit)) => {
                        account.credit = Some(Credit {
                            limit: credit.limit.map(Into::into),
                            used: credit.used.map(Into::into),
                            blocked: credit.blocked,
                            reason: credit.reason,
                            as_of: credit.as_of.map(Into::into),
                        });
                    }
                    _ => {}
                }
            }
            account.due.sort_by_key(|item| (item.due.year, item.due.month, item.due.day));
            Ok(account)
        })
    }

    /// Private segments, the earliest first.
    pub fn segments(&self) -> Result<Vec<KeptSegment>, CarteraError> {
        self.shared.run(|engine| {
            let Some(identity) = engine.identity()? else { return Ok(Vec::new()) };
            let kept = engine.store().read::<_, CarteraError>(|conn| {
                Ok(own::records(conn, &identity.person, record::Kind::Segment)?)
            })?;
            let segment = |kept: own::Kept| match kept.body {
                record::Body::Segment(segment) => Some(KeptSegment {
                    id: kept.id.into(),
                    segment: Segment {
                        name: segment.name,
                        filter: segment.filter,
                        clients: segment.clients.into_iter().map(Into::into).collect(),
                    },
                }),
                _ => None,
            };
            Ok(kept.into_iter().filter_map(segment).collect())
        })
    }

    pub fn save_segment(&self, segment: Segment) -> Result<Saved, CarteraError> {
        let clients = each(segment.clients, |client| client.read())?;
        let segment =
            record::Segment { filter: segment.filter, clients, ..record::Segment::new(segment.name) };
        self.shared.run(|engine| Ok(engine.save_segment(segment)?.into()))
    }

    /// Clients of a rule and a list of names: at most so many, from the one at `offset` on, by id.
    pub fn of_segment(
        &self,
        filter: Option<String>,
        named: Vec<ClientId>,
        offset: u32,
        most: u32,
    ) -> Result<Vec<ClientRow>, CarteraError> {
        let named = each(named, |client| client.read())?;
        self.shared.read(|conn, engine| {
            let today = engine.today()?;
            let members =
                segments::members(conn, filter.as_deref(), &named, today).map_err(|error| match error {
                    SegmentError::Rows(error) => error.into(),
                    rule => CarteraError::Invalid {
                        code: rule.code().to_owned(),
                        detail: rule.to_string(),
                        problems: Vec::new(),
                    },
                })?;
            let members = part(members.into_iter().collect(), offset, most);
            let rows = members.iter().filter_map(|client| clients::get(conn, client).transpose());
            Ok(rows.map(|row| row.map(Into::into)).collect::<Result<_, _>>()?)
        })
    }
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

impl From<record::Consent> for Consent {
    fn from(consent: record::Consent) -> Self {
        Self {
            decision: consent.decision.into(),
            channel: consent.channel.map(Into::into),
            basis: consent.basis.map(Into::into),
            contact: consent.contact.map(Into::into),
            evidence: consent.evidence.map(Into::into),
            wording: consent.wording,
            note: consent.note,
        }
    }
}
