//! Orders on their way to the office's system: which wait for it, what it said of each, which need somebody's look.

use cartera_core::model::office::{OrderStage, OrderState};
use cartera_core::model::record::PurchaseSort;
use cartera_core::model::{ClientId, PersonId, RecordId};

use super::Result;
use crate::audit::Deed;

/// An order as it reads now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOrder {
    pub id: RecordId,
    /// Its place in the log: orders come in this order.
    pub number: u64,
    pub received_ms: i64,
    /// The version that is shown; that of the last correction.
    pub revision: RecordId,
    pub client: ClientId,
    /// The client that counts, where clients were merged.
    pub kept: ClientId,
    pub client_name: String,
    /// ERP code of the client that counts.
    pub client_code: Option<String>,
    pub author: Option<(PersonId, String)>,
    pub state: Option<OrderState>,
    /// The record's CBOR.
    pub value: Vec<u8>,
}

/// Why an order is not offered, or has to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Attention {
    /// *Alta pendiente*: the client has no ERP code yet. It waits, and is offered as soon as there is one.
    NoClientCode,
    /// Taken back before the ERP took it.
    Voided,
    /// Changed after the ERP took it: acknowledge the newer version under the same number.
    Amended,
    /// Taken back after the ERP took it.
    VoidedAfter,
    /// Written by a newer app than this relay can read.
    Unreadable,
    /// The relay came back from a backup without its journal: the ERP may have taken it already.
    InDoubt,
}

impl Attention {
    pub const ALL: [Self; 6] =
        [Self::NoClientCode, Self::Voided, Self::Amended, Self::VoidedAfter, Self::Unreadable, Self::InDoubt];

    /// Stable; its words in the strings are `order-attention-<word>`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoClientCode => "no_client_code",
            Self::Voided => "voided",
            Self::Amended => "amended",
            Self::VoidedAfter => "voided_after",
            Self::Unreadable => "unreadable",
            Self::InDoubt => "in_doubt",
        }
    }
}

/// An order that is not simply to be picked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    pub id: RecordId,
    pub number: u64,
    pub received_ms: i64,
    pub client: ClientId,
    pub client_name: String,
    pub why: Attention,
    /// The version that is shown, and the one that the ERP took.
    pub revision: Option<RecordId>,
    pub taken: Option<RecordId>,
    pub state: Option<OrderState>,
}

/// An order, direct sale or return as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: RecordId,
    pub received_ms: i64,
    /// The client that counts, where clients were merged.
    pub client: ClientId,
    pub client_name: String,
    /// ERP code of that client.
    pub client_code: Option<String>,
    pub author: Option<(PersonId, String)>,
    /// The version that is shown; of one that was taken back, none.
    pub revision: Option<RecordId>,
    pub why: Option<Attention>,
    pub state: Option<OrderState>,
    /// The record's CBOR.
    pub value: Option<Vec<u8>>,
}

/// What the ERP answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ack {
    pub order: RecordId,
    /// The version that it took.
    pub revision: RecordId,
    /// Registered with a number, or declined with a reason.
    pub said: OrderState,
    pub deed: Deed,
}

/// What became of an acknowledgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acked {
    Done {
        state: OrderState,
        /// The order reads otherwise by now than the version that was taken.
        amended: bool,
    },
    /// It was answered already, in another way.
    Conflict(OrderState),
    UnknownOrder,
    /// No version of this order.
    UnknownRevision,
}

/// Stages in which an order still waits for the ERP.
pub const OPEN: [OrderStage; 2] = [OrderStage::Received, OrderStage::WaitingForClient];

pub trait Orders {
    /// Those that were declined first, then those that wait for their client, then those that wait for the ERP, then the
    /// others, the latest first in each: at most `limit` after having skipped `skip`; of one stage alone, or of all.
    fn orders_listed(&self, stage: Option<OrderStage>, page: (usize, usize)) -> Result<Vec<Listed>>;

    /// How many there are at each stage.
    fn orders_counted(&self) -> Result<Vec<(OrderStage, u64)>>;

    /// One of them.
    fn order_listed(&self, id: RecordId) -> Result<Option<Listed>>;

    /// At most `limit` orders of a sort after `number` that wait for the ERP and can be offered, in the order in which
    /// they came.
    fn open_orders(&self, sort: PurchaseSort, after: u64, limit: usize) -> Result<Vec<StoredOrder>>;

    /// At most `limit` orders after `number` that cannot be offered or have to be looked at.
    fn dead_letters(&self, after: u64, limit: usize) -> Result<Vec<DeadLetter>>;

    /// One acknowledgement counts; the same again is answered alike.
    fn acknowledge(&self, ack: &Ack) -> Result<Acked>;

    /// Offers orders that are in doubt after all: those named, or every one; how many there were.
    fn release_orders(&self, ids: Option<&[RecordId]>, deed: &Deed) -> Result<usize>;
}
