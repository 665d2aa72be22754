//! Orders for the office's system: offered until each has had its one answer.
//!
//! Whoever polls gets every order that waits, in the order in which they came, as often as asked; it leaves the list with
//! the answer: a number, or a reason why not. The answer names the version that was taken, so that a rep's later
//! correction is seen and never offered as a second order. What cannot be offered is on a list of its own, with the
//! reason, and loses nothing by waiting.

pub(crate) mod api;
mod body;
pub(crate) mod page;
#[cfg(test)]
pub(crate) mod tests;

use cartera_core::model::access::Action;
use cartera_core::model::office::{Item, OrderStage, OrderState, Scope};
use cartera_core::model::record::PurchaseSort;
use cartera_core::model::{ClientId, RecordId};

use crate::app::App;
use crate::audit::{Deed, Subject};
use crate::people::access::By;
use crate::refused::Refused;
use crate::storage::orders::{Ack, Acked, DeadLetter, Listed, StoredOrder};

/// Orders in one answer.
pub const PAGE_MAX: usize = 500;

/// What the ERP answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It has the order under this number.
    Registered(String),
    /// It does not take it, for this reason, which the rep reads.
    Declined(String),
}

/// Orders that wait, after a place in the log.
pub fn open(
    app: &App,
    by: By,
    sort: PurchaseSort,
    after: u64,
    limit: usize,
) -> Result<Vec<StoredOrder>, Refused> {
    by.require(Action::PickUpOrders)?;
    Ok(app.storage.open_orders(sort, after, limit.clamp(1, PAGE_MAX))?)
}

/// Orders that cannot be offered or have to be looked at.
pub fn dead_letters(app: &App, by: By, after: u64, limit: usize) -> Result<Vec<DeadLetter>, Refused> {
    by.require(Action::PickUpOrders)?;
    Ok(app.storage.dead_letters(after, limit.clamp(1, PAGE_MAX))?)
}

/// Orders, direct sales and returns with where each stands, what needs somebody first; of one stage alone, or of all.
pub fn list(
    app: &App,
    by: By,
    stage: Option<OrderStage>,
    (skip, limit): (usize, usize),
) -> Result<Vec<Listed>, Refused> {
    by.require(Action::ViewOffice)?;
    Ok(app.storage.orders_listed(stage, (skip, limit.clamp(1, PAGE_MAX)))?)
}

/// How many there are at each stage.
pub fn counted(app: &App, by: By) -> Result<Vec<(OrderStage, u64)>, Refused> {
    by.require(Action::ViewOffice)?;
    Ok(app.storage.orders_counted()?)
}

pub fn one(app: &App, by: By, id: RecordId) -> Result<Listed, Refused> {
    by.require(Action::ViewOffice)?;
    app.storage.order_listed(id)?.ok_or_else(|| Refused::unknown("order", id))
}

/// Orders that are in doubt after a restore are offered after all: those named, or every one; how many. To be said once
/// the office has answered those that it has, for these it will get as new ones.
pub fn release(app: &App, by: By, ids: Option<&[RecordId]>) -> Result<usize, Refused> {
    by.require(Action::ReleaseOrders)?;
    if ids.is_some_and(|ids| ids.is_empty() || ids.len() > PAGE_MAX) {
        return Err(Refused::invalid("orders", format!("name 1 to {PAGE_MAX} of them")));
    }
    let subject = match ids {
        Some([one]) => Subject::Order(*one),
        _ => Subject::Workspace,
    };
    let detail = ids.map_or("all".into(), |ids| format!("{} orders", ids.len()));
    let deed = Deed { at_ms: app.env.now_ms(), actor: by.actor, action: "order.released", subject, detail };
    Ok(app.storage.release_orders(ids, &deed)?)
}

/// The ERP's answer to a version of an order: its state afterwards, and whether the order reads otherwise by now.
pub fn acknowledge(
    app: &App,
    by: By,
    order: RecordId,
    revision: RecordId,
    answer: &Answer,
) -> Result<Result<(OrderState, bool), OrderState>, Refused> {
    by.require(Action::PickUpOrders)?;
    let at_ms = app.env.now_ms();
    let said = match answer {
        Answer::Registered(number) => {
            OrderState { number: Some(number.clone()), ..OrderState::new(OrderStage::Registered, at_ms) }
        }
        Answer::Declined(reason) => {
            OrderState { reason: Some(reason.clone()), ..OrderState::new(OrderStage::Declined, at_ms) }
        }
    };
    // Whose order it is does not matter to the rules.
    let scope = Scope::Client(ClientId::from_bytes([0; 16]));
    let broken = Item::new("", order.to_string(), scope, said.clone()).map(|item| item.validate());
    if let Some(problem) = broken.unwrap_or_default().into_iter().next() {
        let field = if matches!(answer, Answer::Registered(_)) { "number" } else { "declined" };
        return Err(Refused::invalid(field, problem.to_string()));
    }
    let detail = said.stage.as_str().to_owned();
    let deed =
        Deed { at_ms, actor: by.actor, action: "order.acknowledged", subject: Subject::Order(order), detail };
    match app.storage.acknowledge(&Ack { order, revision, said, deed })? {
        Acked::Done { state, amended } => Ok(Ok((state, amended))),
        Acked::Conflict(state) => Ok(Err(state)),
        Acked::UnknownOrder => Err(Refused::unknown("order", order)),
        Acked::UnknownRevision => Err(Refused::invalid(
            "revision",
            "this order has no such version; send the one that you picked up",
        )),
    }
}
