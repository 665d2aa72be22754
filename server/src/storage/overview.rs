//! Figures that need more than days of sales.

use std::collections::BTreeMap;

use cartera_core::metrics::coverage::Standing;
use cartera_core::metrics::overview::{Overview, Plan};
use cartera_core::metrics::{Base, parameters};
use cartera_core::model::{BusinessDate, ClientId};
use cartera_core::rows::relations::People;

use super::Result;

/// What an overview is computed with.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    pub as_of: BusinessDate,
    /// As the workspace states it.
    pub history_start: Option<BusinessDate>,
    /// How status and classes are told.
    pub sales: parameters::Plan,
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

/// Where clients stand: in their best class, where they have several by currency; and where anybody says active, active.
pub(crate) fn standings<'b>(
    reports: impl IntoIterator<Item = (&'b Base, cartera_core::metrics::Report)>,
) -> BTreeMap<ClientId, Standing> {
    use cartera_core::metrics::status::Status;
    let rank = |status: Status| match status {
        Status::Active => 0,
        Status::Dormant => 1,
        Status::Lost => 2,
        Status::Closed => 3,
        Status::Lead => 4,
    };
    let mut standings: BTreeMap<ClientId, Standing> = BTreeMap::new();
    for (_, report) in reports {
        for client in &report.clients {
            let found = Standing { status: client.status, class: client.class.value.ok() };
            let place = standings.entry(client.client).or_insert(found);
            if rank(found.status) < rank(place.status) {
                place.status = found.status;
            }
            place.class = [place.class, found.class].into_iter().flatten().min();
        }
    }
    standings
}
