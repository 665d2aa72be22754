//! Figures that need more than days of sales.

use std::collections::BTreeMap;

use cartera_core::metrics::coverage::Standing;
use cartera_core::metrics::overview::{Overview, Plan};
use cartera_core::metrics::Report;
use cartera_core::metrics::client::ClientFigures;
use cartera_core::model::{BusinessDate, ClientId};
use cartera_core::rows::relations::People;

use super::Result;

/// What an overview is computed with.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    pub as_of: BusinessDate,
    /// Whether who asks may see what winning clients costs.
    pub with_spend: bool,
}

/// An overview, with the names of those it speaks of.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    pub overview: Overview,
    pub plan: Plan,
    pub people: People,
}

pub trait Overviews {
    fn overview(&self, terms: &Terms) -> Result<Named>;
}

/// Where clients stand, in the best of their classes, where they have several by currency.
pub(crate) fn standings(report: &Report) -> BTreeMap<ClientId, Standing> {
    let standing = |client: &ClientFigures| Standing {
        status: client.status,
        class: client.by_currency.iter().filter_map(|of| of.class.value.ok()).min(),
    };
    report.clients.iter().map(|client| (client.client, standing(client))).collect()
}
