//! What a client owes, and what became of its orders.

use super::{check_code, check_currency};
use crate::model::cbor::{cbor_map, codes};
use crate::model::date::BusinessDate;
use crate::model::decimal::Decimal;
use crate::model::limits::{
    ORDER_FLAGS_MAX, ORDER_STEPS_MAX, QUANTITY_MAX, QUANTITY_PLACES, SENTENCE_CHARS_MAX, SHORT_LINES_MAX,
    UNIT_CHARS_MAX,
};
use crate::model::money::{Minor, Money};
use crate::model::problem::{Check, Code};

cbor_map! {
    /// Something that falls due (*vencimiento*); the record's key is the office's.
    pub struct DueItem {
        /// Number of the document behind it.
        1 document: Option<String>,
        2 issued: Option<BusinessDate>,
        3 due: BusinessDate,
        4 amount: Money,
        /// What is still to be paid, in minor units of the same currency.
        5 open: Minor,
        /// When the last of it was paid.
        6 paid: Option<BusinessDate>,
        /// A payment came back: the debt is open again.
        7 returned: bool,
        /// How it is to be paid, in the office's words.
        8 method: Option<String>,
    }
}

cbor_map! {
    /// How much a client may owe (*riesgo*); the record's key is the client's id.
    pub struct Credit {
        /// *Riesgo concedido*; missing for no limit.
        1 limit: Option<Money>,
        /// *Riesgo consumido*.
        2 used: Option<Money>,
        /// *Bloqueado por riesgo*.
        3 blocked: bool,
        4 reason: Option<String>,
        5 as_of: Option<BusinessDate>,
    }
}

codes! {
    /// Where an order stands at the office; it never goes back.
    pub enum OrderStage: "order" {
        /// The relay has it; the ERP has not picked it up.
        Received = 1 "received",
        /// *Alta pendiente*: it waits for the client's ERP code.
        WaitingForClient = 2 "waiting_for_client",
        /// The ERP has it under a number.
        Registered = 3 "registered",
        /// Delivered, perhaps short.
        Served = 4 "served",
        Invoiced = 5 "invoiced",
        /// The ERP does not take it, with a reason.
        Declined = 6 "declined",
        /// Cancelled at the office after it was registered.
        Cancelled = 7 "cancelled",
    }
}

impl OrderStage {
    /// Whether an order may go from `self` to `next`. A declined one may be taken after all; what is served,
    /// invoiced or cancelled does not go back, and nothing becomes received again.
    pub const fn may_become(self, next: Self) -> bool {
        const fn rank(stage: OrderStage) -> u8 {
            match stage {
                OrderStage::Received => 0,
                OrderStage::WaitingForClient => 1,
                OrderStage::Declined => 2,
                OrderStage::Registered => 3,
                OrderStage::Served => 4,
                OrderStage::Invoiced | OrderStage::Cancelled => 5,
                OrderStage::Unknown(_) => 6,
            }
        }
        match (self, next) {
            (Self::Registered, Self::Declined) => true,
            (Self::Invoiced, Self::Cancelled) | (Self::Cancelled, Self::Invoiced) => false,
            _ => rank(next) >= rank(self),
        }
    }
}

codes! {
    /// What the office should look at in an order; never a reason for the relay to refuse it.
    pub enum OrderFlag: "flag" {
        /// The price is not that of the version that the order names.
        Price = 1 "price",
        /// A discount beyond what the rep may give.
        Discount = 2 "discount",
        /// Over the credit limit, or blocked.
        Credit = 3 "credit",
        /// The article is withdrawn or unknown.
        Article = 4 "article",
        /// Changed after the ERP took it.
        Amended = 5 "amended",
        /// Another order of the same client on the same day.
        SameDay = 6 "same_day",
        /// The business date is uncertain.
        Clock = 7 "clock",
        /// The article is out of stock.
        Stock = 8 "stock",
    }
}

cbor_map! {
    pub struct Flag {
        0 flag: OrderFlag,
        /// Line of the order, from 0; missing for the whole.
        1 line: Option<u32>,
        /// What was expected: a price, a percentage, a limit.
        2 expected: Option<String>,
    }
}

cbor_map! {
    /// An article that was not delivered in full (*falta*).
    pub struct Short {
        0 article: String,
        1 missing: Decimal,
        2 unit: Option<String>,
    }
}

cbor_map! {
    /// When an order reached a stage.
    pub struct Step {
        0 stage: OrderStage,
        /// Milliseconds UTC.
        1 at_ms: i64,
    }
}

cbor_map! {
    /// What became of an order; the record's key is the order's ULID, whatever the source.
    pub struct OrderState {
        1 stage: OrderStage,
        /// Milliseconds UTC.
        2 at_ms: i64,
        /// Number in the ERP.
        3 number: Option<String>,
        /// Required where it was declined.
        4 reason: Option<String>,
        /// Number of the invoice.
        5 invoice: Option<String>,
        6 short: Vec<Short>,
        7 flags: Vec<Flag>,
        /// Every stage that it reached, the present one last; written by the relay.
        8 steps: Vec<Step>,
    }
}

impl DueItem {
    pub fn new(due: BusinessDate, amount: Money, open: i64) -> Self {
        Self {
            document: None,
            issued: None,
            due,
            amount,
            open,
            paid: None,
            returned: false,
            method: None,
            extras: Default::default(),
        }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check_code(check, "document", self.document.as_ref());
        check_currency(check, "amount", Some(self.amount.currency));
        let (low, high) = if self.amount.minor < 0 { (self.amount.minor, 0) } else { (0, self.amount.minor) };
        check.range("open", self.open, low, high);
        check_code(check, "method", self.method.as_ref());
    }
}

impl Credit {
    pub fn new(limit: Option<Money>, used: Option<Money>, blocked: bool) -> Self {
        Self { limit, used, blocked, reason: None, as_of: None, extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        if let Some(limit) = self.limit {
            check.range("limit", limit.minor, 0, i64::MAX);
        }
        check_currency(check, "limit", self.limit.map(|limit| limit.currency));
        check_currency(check, "used", self.used.map(|used| used.currency));
        if let (Some(limit), Some(used)) = (self.limit, self.used) {
            check.rule(limit.currency == used.currency, "used", Code::Contradiction);
        }
        check.prose_opt("reason", self.reason.as_ref(), SENTENCE_CHARS_MAX);
    }
}

impl Flag {
    pub fn new(flag: OrderFlag) -> Self {
        Self { flag, line: None, expected: None, extras: Default::default() }
    }
}

impl Short {
    pub fn new(article: impl Into<String>, missing: Decimal) -> Self {
        Self { article: article.into(), missing, unit: None, extras: Default::default() }
    }
}

impl Step {
    pub fn new(stage: OrderStage, at_ms: i64) -> Self {
        Self { stage, at_ms, extras: Default::default() }
    }
}

impl OrderState {
    pub fn new(stage: OrderStage, at_ms: i64) -> Self {
        Self {
            stage,
            at_ms,
            number: None,
            reason: None,
            invoice: None,
            short: Vec::new(),
            flags: Vec::new(),
            steps: Vec::new(),
            extras: Default::default(),
        }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.rule(self.stage.is_known(), "stage", Code::UnknownValue);
        check_code(check, "number", self.number.as_ref());
        check_code(check, "invoice", self.invoice.as_ref());
        check.prose_opt("reason", self.reason.as_ref(), SENTENCE_CHARS_MAX);
        check.rule(self.stage != OrderStage::Declined || self.reason.is_some(), "reason", Code::Required);
        check.rule(self.stage != OrderStage::Registered || self.number.is_some(), "number", Code::Required);
        check.each("short", &self.short, SHORT_LINES_MAX, |check, short| {
            check_code(check, "article", Some(&short.article));
            check.decimal("missing", short.missing, 0, QUANTITY_MAX, QUANTITY_PLACES);
            check.line_opt("unit", short.unit.as_ref(), UNIT_CHARS_MAX);
        });
        check.each("flags", &self.flags, ORDER_FLAGS_MAX, |check, flag| {
            check.rule(flag.flag.is_known(), "flag", Code::UnknownValue);
            check.line_opt("expected", flag.expected.as_ref(), SENTENCE_CHARS_MAX);
        });
        check.count("steps", self.steps.len(), ORDER_STEPS_MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_never_go_back() {
        use OrderStage::*;
        for (from, to, may) in [
            (Received, Received, true),
            (Received, WaitingForClient, true),
            (Received, Registered, true),
            (WaitingForClient, Registered, true),
            (WaitingForClient, Received, false),
            (Declined, Registered, true),
            (Declined, Received, false),
            (Registered, Declined, true),
            (Registered, Received, false),
            (Served, Registered, false),
            (Served, Invoiced, true),
            (Invoiced, Served, false),
            (Invoiced, Cancelled, false),
            (Cancelled, Invoiced, false),
            (Served, Cancelled, true),
            (Registered, Unknown(9), true),
        ] {
            assert_eq!(from.may_become(to), may, "{from:?} -> {to:?}");
        }
        for stage in OrderStage::ALL {
            assert!(stage.may_become(*stage), "{stage:?} said again");
        }
    }
}
