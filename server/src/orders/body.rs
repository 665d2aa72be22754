//! Orders as JSON.

use cartera_core::model::cbor::{Field, FieldShape};
use cartera_core::model::office::{Flag, OrderState, Short};
use cartera_core::model::record::{Body, Kind, Purchase, Record};
use cartera_core::strings::{Language, text};
use serde::Serialize;
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;

use crate::office::json;
use crate::storage::orders::{DeadLetter, StoredOrder};

/// An order that waits for its answer.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderBody {
    /// Of the order, however often it is corrected: the name under which it is answered, and never a second time.
    order_id: String,
    /// The version that is shown here. The answer names it.
    revision: String,
    /// Its place in the log, for `after`.
    number: u64,
    received_ms: i64,
    client_id: String,
    /// The client that counts, where clients were merged.
    kept_client_id: String,
    client_code: String,
    client_name: String,
    /// Business date.
    date: String,
    /// Whether the phone's clock could be trusted.
    date_certain: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    rep_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rep_name: Option<String>,
    flags: Vec<FlagBody>,
    /// Sort, currency, lines, discounts, totals, where and when to deliver: the record's fields by their names; amounts
    /// as `net` (a decimal) and `net_minor`.
    #[schema(value_type = Object)]
    purchase: Map<String, Json>,
}

/// What somebody should look at; never a reason to refuse.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FlagBody {
    /// price, discount, credit, article, amended, same_day, clock, ...
    flag: &'static str,
    /// Line, from 0; missing for the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    /// What was expected: a price, a percentage, a limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<String>,
    /// In the reader's language.
    what: String,
}

/// Where an order stands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StateBody {
    order_id: String,
    /// received, waiting_for_client, registered, served, invoiced, declined, cancelled
    stage: &'static str,
    at_ms: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice: Option<String>,
    short: Vec<ShortBody>,
    flags: Vec<FlagBody>,
    /// The order reads otherwise by now than the version that was taken.
    amended: bool,
}

/// An article that was not delivered in full.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ShortBody {
    article: String,
    missing: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
}

/// An order that cannot be offered, or has to be looked at.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DeadLetterBody {
    order_id: String,
    number: u64,
    received_ms: i64,
    client_id: String,
    client_name: String,
    /// no_client_code, voided, amended, voided_after, unreadable, in_doubt
    why: &'static str,
    /// In the reader's language.
    what: String,
    /// What to do about it, likewise.
    advice: String,
    /// The version that is shown; missing if it was taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<String>,
    /// The version that the ERP took.
    #[serde(skip_serializing_if = "Option::is_none")]
    taken: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<StateBody>,
}

impl OrderBody {
    /// `None` for what this relay cannot read.
    pub(super) fn new(order: StoredOrder, language: Language) -> Option<Self> {
        let record = Record::decode(Kind::Purchase, &order.value).ok()?;
        let Body::Purchase(purchase) = &record.body else { return None };
        let (rep_id, rep_name) = order.author.map(|(id, name)| (id.to_string(), name)).unzip();
        Some(Self {
            order_id: order.id.to_string(),
            revision: order.revision.to_string(),
            number: order.number,
            received_ms: order.received_ms,
            client_id: order.client.to_string(),
            kept_client_id: order.kept.to_string(),
            client_code: order.client_code.unwrap_or_default(),
            client_name: order.client_name,
            date: record.header.date.to_string(),
            date_certain: record.header.clock != cartera_core::model::record::Clock::Uncertain,
            rep_id,
            rep_name,
            flags: flags(order.state.as_ref(), language),
            purchase: whole(Purchase::FIELDS, purchase)?,
        })
    }
}

fn whole<T: Field>(fields: &[FieldShape], value: &T) -> Option<Map<String, Json>> {
    json::encode(fields, &cartera_core::model::cbor::to_vec(value)).ok()
}

fn flags(state: Option<&OrderState>, language: Language) -> Vec<FlagBody> {
    let body = |flag: &Flag| FlagBody {
        flag: flag.flag.as_str(),
        line: flag.line,
        expected: flag.expected.clone(),
        what: text(language, flag.flag.text_id(), &[]),
    };
    state.map(|state| state.flags.iter().map(body).collect()).unwrap_or_default()
}

impl StateBody {
    pub(super) fn new(order_id: String, state: &OrderState, amended: bool, language: Language) -> Self {
        let short = |short: &Short| ShortBody {
            article: short.article.clone(),
            missing: short.missing.to_string(),
            unit: short.unit.clone(),
        };
        Self {
            order_id,
            stage: state.stage.as_str(),
            at_ms: state.at_ms,
            number: state.number.clone(),
            reason: state.reason.clone(),
            invoice: state.invoice.clone(),
            short: state.short.iter().map(short).collect(),
            flags: flags(Some(state), language),
            amended,
        }
    }
}

impl DeadLetterBody {
    pub(super) fn new(letter: DeadLetter, language: Language) -> Self {
        let id = format!("order-attention-{}", letter.why.as_str());
        let order_id = letter.id.to_string();
        let amended = letter.taken.is_some() && letter.taken != letter.revision;
        let state = letter.state.map(|state| StateBody::new(order_id.clone(), &state, amended, language));
        Self {
            order_id,
            number: letter.number,
            received_ms: letter.received_ms,
            client_id: letter.client.to_string(),
            client_name: letter.client_name,
            why: letter.why.as_str(),
            what: text(language, &id, &[]),
            advice: text(language, &format!("{id}.advice"), &[]),
            revision: letter.revision.map(|id| id.to_string()),
            taken: letter.taken.map(|id| id.to_string()),
            state,
        }
    }
}
