//! Orders, direct sales and returns, and what became of them.

use std::sync::Arc;

use cartera_core::model::record::{self, Body, Kind};
use cartera_core::query::orders;
use cartera_core::store::drafts;

use crate::shared::{Shared, part};
use crate::{
    CarteraError, ClientId, Decimal, Money, OrderFlag, OrderStage, Purchase, RecordId, Saved, Timestamp,
};

/// Orders.
#[derive(Debug, uniffi::Object)]
pub struct Orders {
    pub(crate) shared: Arc<Shared>,
}

/// What a purchase comes to.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Amounts {
    /// Net amount of each line, in the order of the lines.
    pub lines: Vec<Money>,
    pub net: Money,
    pub taxes: Vec<TaxAmount>,
    pub tax: Money,
    pub total: Money,
    /// Lines that the office is to price.
    pub unpriced: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TaxAmount {
    pub code: String,
    pub percent: Decimal,
    pub base: Money,
    pub tax: Money,
}

/// What became of an order: saved on this phone, received, registered, served, invoiced; or declined.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OrderLife {
    /// In order, the present one last.
    pub steps: Vec<OrderStep>,
    /// Number in the ERP.
    pub number: Option<String>,
    /// Why it was declined.
    pub reason: Option<String>,
    pub invoice: Option<String>,
    /// Not delivered in full.
    pub short: Vec<ShortDelivery>,
    pub flags: Vec<Flag>,
}

#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OrderStep {
    /// Missing: saved on this phone.
    pub stage: Option<OrderStage>,
    /// That the office has it may be known before the time is.
    pub at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ShortDelivery {
    pub article: String,
    pub missing: Decimal,
    pub unit: Option<String>,
}

/// What the office looks at.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Flag {
    pub flag: OrderFlag,
    /// Line of the order, from 0; missing for the whole.
    pub line: Option<u32>,
    pub expected: Option<String>,
}

/// An order that is being written.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Draft {
    pub id: RecordId,
    pub client: ClientId,
    /// When it was kept last.
    pub at: Timestamp,
    pub purchase: Purchase,
}

#[uniffi::export]
impl Orders {
    /// Keeps an order that is being written, right or not yet: at every change, so that a call or a dead battery loses
    /// nothing. Placing it under the same id takes the draft away.
    pub fn keep_draft(&self, client: ClientId, id: RecordId, purchase: Purchase) -> Result<(), CarteraError> {
        let (client, id, purchase) = (client.read()?, id.read()?, purchase.read_unfinished()?);
        self.shared.run(|engine| Ok(engine.keep_draft(&client, id, purchase)?))
    }

    /// Orders that are being written, the latest first: at most so many, from the one at `offset` on.
    pub fn drafts(&self, offset: u32, most: u32) -> Result<Vec<Draft>, CarteraError> {
        self.shared.run(|engine| {
            let draft = |draft: drafts::Draft| Draft {
                id: draft.id.into(),
                client: draft.client.into(),
                at: draft.at_ms.into(),
                purchase: draft.purchase.into(),
            };
            Ok(part(engine.drafts()?, offset, most).into_iter().map(draft).collect())
        })
    }

    pub fn drop_draft(&self, client: ClientId, id: RecordId) -> Result<(), CarteraError> {
        let (client, id) = (client.read()?, id.read()?);
        self.shared.run(|engine| Ok(engine.drop_draft(&client, id)?))
    }

    /// The id under which an order will be placed, from its first draft on.
    pub fn new_id(&self) -> Result<RecordId, CarteraError> {
        self.shared.run(|engine| Ok(engine.new_record_id().into()))
    }

    /// What it comes to, by the rule that office and phone share.
    pub fn amounts(&self, purchase: Purchase) -> Result<Amounts, CarteraError> {
        let purchase = purchase.read()?;
        self.shared.run(|_| {
            let amounts = purchase.amounts().map_err(|error| CarteraError::Invalid {
                code: error.code().to_owned(),
                detail: error.to_string(),
                problems: Vec::new(),
            })?;
            let money = |minor: i64| Money::of(minor, purchase.currency);
            Ok(Amounts {
                lines: amounts.lines.into_iter().map(money).collect(),
                net: money(amounts.net),
                taxes: amounts
                    .taxes
                    .into_iter()
                    .map(|of| TaxAmount {
                        code: of.code,
                        percent: of.percent.into(),
                        base: money(of.base),
                        tax: money(of.tax),
                    })
                    .collect(),
                tax: money(amounts.tax),
                total: money(amounts.total),
                unpriced: u32::try_from(amounts.unpriced).unwrap_or(u32::MAX),
            })
        })
    }

    /// Places it under the id of its draft; placing it again is no second order.
    pub fn place(&self, client: ClientId, id: RecordId, purchase: Purchase) -> Result<Saved, CarteraError> {
        let (client, id, purchase) = (client.read()?, id.read()?, purchase.read()?);
        self.shared.run(|engine| Ok(engine.place_order(&client, id, purchase)?.into()))
    }

    /// Says an order anew, corrected; `record` is the version that was seen. After the ERP took it, it is flagged there.
    pub fn correct(
        &self,
        client: ClientId,
        record: RecordId,
        purchase: Purchase,
    ) -> Result<Saved, CarteraError> {
        let (client, record, purchase) = (client.read()?, record.read()?, purchase.read()?);
        let corrected = |shown| match shown {
            Body::Purchase(old) => record::Purchase { extras: old.extras, ..purchase }.into(),
            other => other,
        };
        self.shared.run(|engine| Ok(engine.amend_shown(&client, Kind::Purchase, record, corrected)?.into()))
    }

    /// By the record that began it.
    pub fn life(&self, order: RecordId) -> Result<OrderLife, CarteraError> {
        let order = order.read()?;
        self.shared.read(|conn, _| {
            let life = orders::life(conn, &order)?;
            life.map(Into::into)
                .ok_or_else(|| CarteraError::not_found("unknown_record", "no such order here"))
        })
    }
}

impl From<orders::Life> for OrderLife {
    fn from(life: orders::Life) -> Self {
        let step = |(step, at): (orders::Step, Option<i64>)| OrderStep {
            stage: match step {
                orders::Step::Saved => None,
                orders::Step::Office(stage) => Some(stage.into()),
            },
            at: at.map(Into::into),
        };
        Self {
            steps: life.steps.into_iter().map(step).collect(),
            number: life.number,
            reason: life.reason,
            invoice: life.invoice,
            short: life
                .short
                .into_iter()
                .map(|short| ShortDelivery {
                    article: short.article,
                    missing: short.missing.into(),
                    unit: short.unit,
                })
                .collect(),
            flags: life
                .flags
                .into_iter()
                .map(|flag| Flag { flag: flag.flag.into(), line: flag.line, expected: flag.expected })
                .collect(),
        }
    }
}
