//! Figures, from the same rows and by the same code as a phone's (`core::portfolio::figures`), and what they hang on.

use std::collections::BTreeMap;

use cartera_core::metrics::client::ClientFigures;
use cartera_core::metrics::parameters::{Fit, Plan};
use cartera_core::metrics::{Books, Report};
use cartera_core::model::office::CrossSell;
use cartera_core::model::{BusinessDate, ClientId};
use cartera_core::query::clients::ClientRow;
use cartera_core::rows::relations::Part;

use super::Result;
use crate::audit::Deed;

/// What a fit is computed from, read at one moment.
#[derive(Debug, Clone)]
pub struct ToFit {
    pub books: Books,
    pub plan: Plan,
    /// Version of the last fit; 0 before the first.
    pub version: u32,
}

/// What happened since the last fit.
#[derive(Debug, Clone, PartialEq)]
pub struct SinceFit {
    /// The last fit and when it was written, in milliseconds UTC.
    pub last: Option<(Fit, i64)>,
    pub plan: Plan,
    /// Clients that stand by themselves.
    pub clients: u64,
    /// Clients whose sales changed.
    pub changed: u64,
}

/// What a list says of a client.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Brief {
    pub name: String,
    pub erp_code: Option<String>,
    pub territory: Option<[u8; 16]>,
}

pub trait Figures {
    /// All figures of everybody, or of a part of them, at the end of a day.
    fn report(&self, part: Option<&Part>, as_of: BusinessDate) -> Result<Report>;

    /// One client's figures, and its name; of one that was merged into another, the other's. `None` where it is not here.
    fn client_figures(
        &self,
        client: &ClientId,
        as_of: BusinessDate,
    ) -> Result<Option<(String, ClientFigures)>>;

    /// Everybody's row by name, those merged into another among them.
    fn client_rows(&self) -> Result<Vec<ClientRow>>;

    /// Clients that fit what was typed, at most so many.
    fn search_clients(&self, typed: &str, limit: usize) -> Result<Vec<ClientId>>;

    /// What lists say of clients, in their order; `None` of one that is not here.
    fn client_briefs(&self, clients: &[ClientId]) -> Result<Vec<Option<Brief>>>;

    /// The day, at Greenwich, of the log's last entry; the first of all days of an empty one.
    fn last_day(&self) -> Result<BusinessDate>;

    fn to_fit(&self, as_of: BusinessDate) -> Result<ToFit>;

    fn since_fit(&self) -> Result<SinceFit>;

    /// Rules of cross-sell on the whole base as of a day, by the keys of their records.
    fn cross_sell_rules(&self, as_of: BusinessDate) -> Result<BTreeMap<String, CrossSell>>;

    /// Writes the rules as office records in one commit, in place of those before. `deed` where somebody asked for it.
    fn save_cross_sell(
        &self,
        rules: &BTreeMap<String, CrossSell>,
        at_ms: i64,
        deed: Option<&Deed>,
    ) -> Result<()>;

    /// Writes a fit as office records in one commit, in place of the one before. Writes nothing, and gives false, where
    /// the last fit is not the one before it by version: somebody else was faster. `deed` where somebody asked for it.
    fn save_fit(&self, fit: &Fit, at_ms: i64, deed: Option<&Deed>) -> Result<bool>;
}
