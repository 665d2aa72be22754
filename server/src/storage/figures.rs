//! What figures are computed from.

use std::collections::BTreeMap;

use cartera_core::metrics::Base;
use cartera_core::model::{BusinessDate, ClientId};

use super::Result;

/// Everybody's days of sales up to a date, read at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portfolio {
    /// A currency each, by its code.
    pub bases: Vec<Base>,
    /// Days on which somebody closed a client.
    pub closures: BTreeMap<ClientId, Vec<BusinessDate>>,
    /// Clients, those without a sale among them; merged ones count once.
    pub clients: u64,
}

pub trait Figures {
    /// `history_start` as the workspace states it; where it states nothing, the first day of sales.
    fn portfolio(&self, as_of: BusinessDate, history_start: Option<BusinessDate>) -> Result<Portfolio>;

    /// Names of clients, in their order; `None` of one that is not here.
    fn client_names(&self, clients: &[ClientId]) -> Result<Vec<Option<String>>>;
}
