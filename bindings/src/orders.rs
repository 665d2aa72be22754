//! Orders, direct sales and returns, and what became of them.

use std::sync::Arc;

use cartera_core::model::office;
use cartera_core::model::record::{self, Body, Kind};
use cartera_core::query::{order_lines, orders};
use cartera_core::store::drafts;

use crate::shared::{Shared, limit, part};
use crate::values::currency;
use crate::{
    BusinessDate, CarteraError, ClientId, Decimal, Money, OrderFlag, OrderLine, OrderStage, Purchase,
    PurchaseSort, RecordId, Saved, Timestamp,
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

/// An order, direct sale or return in a list.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OrderRow {
    pub order: RecordId,
    pub client: ClientId,
    pub client_name: String,
    pub date: BusinessDate,
    pub sort: PurchaseSort,
    pub total: Money,
    /// Where it stands now; missing: saved on this phone.
    pub stage: Option<OrderStage>,
    /// Number in the ERP.
    pub number: Option<String>,
}

/// A line of an order, and what the office said of it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OrderLineNow {
    pub line: OrderLine,
    pub net: Money,
    /// What was not delivered of its article; shown at the article's first line.
    pub missing: Option<Decimal>,
    /// What the office looks at in this line.
    pub flags: Vec<Flag>,
}

/// The last order again, as it would be written today.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OrderAgain {
    pub purchase: Purchase,
    /// When it was placed.
    pub on: BusinessDate,
    /// Names of articles that are not on sale any more.
    pub left_out: Vec<String>,
}

#[uniffi::export]
impl Orders {
    /// A client's orders, direct sales and returns, the latest first: at most so many, from the one at `offset` on.
    pub fn of_client(&self, client: ClientId, offset: u32, most: u32) -> Result<Vec<OrderRow>, CarteraError> {
        let client = client.read()?;
        self.shared.read(|conn, _| {
            let found = orders::of_client(conn, &client, (offset as usize, limit(most)))?;
            Ok(found.into_iter().map(Into::into).collect())
        })
    }

    /// Orders at the office that it is not done with, of all clients, the latest step first.
    pub fn under_way(&self, offset: u32, most: u32) -> Result<Vec<OrderRow>, CarteraError> {
        self.shared.read(|conn, _| {
            let found = orders::under_way(conn, (offset as usize, limit(most)))?;
            Ok(found.into_iter().map(Into::into).collect())
        })
    }

    /// The lines of an order as it reads now, each with what the office said of it.
    pub fn lines(&self, order: RecordId) -> Result<Vec<OrderLineNow>, CarteraError> {
        let order = order.read()?;
        self.shared.read(|conn, _| {
            let (currency, lines) = order_lines::now(conn, &order)?
                .ok_or_else(|| CarteraError::not_found("unknown_record", "no such order here"))?;
            let line = |now: order_lines::LineNow| OrderLineNow {
                net: Money::of(now.line.net, currency),
                line: now.line.into(),
                missing: now.missing.map(Into::into),
                flags: now.flags.into_iter().map(Into::into).collect(),
            };
            Ok(lines.into_iter().map(line).collect())
        })
    }

    /// A line for so much of an article at what it costs the client today, with its tax; `unit` where it is not the sales
    /// unit.
    pub fn line(
        &self,
        client: ClientId,
        article: String,
        quantity: Decimal,
        unit: Option<String>,
        currency: String,
    ) -> Result<OrderLine, CarteraError> {
        let (client, quantity, currency) = (client.read()?, quantity.read()?, self::currency(&currency)?);
        self.shared.read(|conn, engine| {
            let wanted = (article.as_str(), quantity, unit.as_deref());
            let line = order_lines::priced(conn, &client, wanted, currency, engine.today()?)?;
            line.map(Into::into)
                .ok_or_else(|| CarteraError::not_found("not_found", "no article of that code here"))
        })
    }

    /// The client's last order at today's prices, to be placed under an id of its own; missing where there is none.
    pub fn again(&self, client: ClientId) -> Result<Option<OrderAgain>, CarteraError> {
        let client = client.read()?;
        self.shared.read(|conn, engine| {
            let again = order_lines::again(conn, &client, engine.today()?)?;
            Ok(again.map(|again| OrderAgain {
                purchase: again.order.into(),
                on: again.on.into(),
                left_out: again.left_out,
            }))
        })
    }

    /// Keeps an order that is being written, right or not yet: at every change, so that a call or a dead battery loses
    /// nothing. Placing it under the same id takes the draft away.
    pub fn keep_draft(&self, client: ClientId, id: RecordId, purchase: Purchase) -> Result<(), CarteraError> {
        self.shared.run(|engine| {
            let (client, id, purchase) = (client.read()?, id.read()?, purchase.read_unfinished()?);
            Ok(engine.keep_draft(&client, id, purchase)?)
        })
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
        self.shared.run(|_| {
            let purchase = purchase.read()?;
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
        self.shared.run(|engine| {
            let (client, id, purchase) = (client.read()?, id.read()?, purchase.read()?);
            Ok(engine.place_order(&client, id, purchase)?.into())
        })
    }

    /// Says an order anew, corrected; `record` is the version that was seen. After the ERP took it, it is flagged there.
    pub fn correct(
        &self,
        client: ClientId,
        record: RecordId,
        purchase: Purchase,
    ) -> Result<Saved, CarteraError> {
        self.shared.run(|engine| {
            let (client, record, purchase) = (client.read()?, record.read()?, purchase.read()?);
            let corrected = |shown| match shown {
                Body::Purchase(old) => record::Purchase { extras: old.extras, ..purchase }.into(),
                other => other,
            };
            Ok(engine.amend_shown(&client, Kind::Purchase, record, corrected)?.into())
        })
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

/// Missing: saved on this phone.
fn stage(step: orders::Step) -> Option<OrderStage> {
    match step {
        orders::Step::Saved => None,
        orders::Step::Office(stage) => Some(stage.into()),
    }
}

impl From<orders::Row> for OrderRow {
    fn from(row: orders::Row) -> Self {
        Self {
            order: row.order.into(),
            client: row.client.into(),
            client_name: row.client_name,
            date: row.date.into(),
            sort: row.sort.into(),
            total: row.total.into(),
            stage: stage(row.step),
            number: row.number,
        }
    }
}

impl From<office::Flag> for Flag {
    fn from(flag: office::Flag) -> Self {
        Self { flag: flag.flag.into(), line: flag.line, expected: flag.expected }
    }
}

impl From<orders::Life> for OrderLife {
    fn from(life: orders::Life) -> Self {
        let step = |(step, at): (orders::Step, Option<i64>)| OrderStep {
            stage: stage(step),
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
            flags: life.flags.into_iter().map(Into::into).collect(),
        }
    }
}
