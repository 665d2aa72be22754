//! What is asked of the whole portfolio, told from stored rows by the code that phones run.

use std::collections::BTreeSet;

use cartera_core::metrics::coverage::Coverage;
use cartera_core::model::{BusinessDate, ClientId, PersonId, TerritoryId};
use cartera_core::portfolio::duplicates::Pair;
use cartera_core::portfolio::nearby::{Nearby, Point};
use cartera_core::portfolio::offers::ClientOffers;
use cartera_core::portfolio::overview::Named;
use cartera_core::portfolio::today::Entry;
use cartera_core::portfolio::visit_plan::Proposals;
use cartera_core::rows::plan::PlannedVisit;
use cartera_core::rows::relations::dues::Item;
use cartera_core::rows::relations::{Part, Visited};

use super::Result;

pub trait Overviews {
    /// Figures that need more than days of sales, of everybody or of a part of them, as of a day; `with_spend` where who
    /// asks may see what winning clients costs.
    fn overview(&self, part: Option<&Part>, as_of: BusinessDate, with_spend: bool) -> Result<Named>;

    /// What is to be done on a day: by a person, or by anybody; about some clients alone, or about everybody.
    fn today(
        &self,
        person: Option<PersonId>,
        among: Option<&BTreeSet<ClientId>>,
        on: BusinessDate,
    ) -> Result<Vec<Entry>>;

    /// Clients of some territories.
    fn clients_of(&self, territories: &BTreeSet<TerritoryId>) -> Result<BTreeSet<ClientId>>;

    /// Open clients within so many metres of a point, the nearest first.
    fn nearby(&self, around: Point, within_m: f64) -> Result<Vec<Nearby>>;

    /// Pairs of clients that may be one, the likeliest first; those that somebody put off until after a day left out.
    fn likely_duplicates(&self, on: BusinessDate) -> Result<Vec<Pair>>;

    /// What clients owe, as the office has it, by source and key.
    fn due_items(&self) -> Result<Vec<Item>>;

    /// Who is to be visited within which time, and since when nobody was.
    fn coverage(&self, as_of: BusinessDate) -> Result<Coverage>;

    /// Every visit that falls on a day in `[from, to)`, a year at most, however it stands, in the order of a round.
    fn planned_visits(&self, from: BusinessDate, to: BusinessDate) -> Result<Vec<PlannedVisit>>;

    /// Visits that were made on those days, and contacts made otherwise, by date and client.
    fn visits_made(&self, from: BusinessDate, to: BusinessDate) -> Result<Vec<Visited>>;

    /// The visit plan that follows from ABC classes, as far as it is not written yet.
    fn visit_plan_of_classes(&self, on: BusinessDate) -> Result<Proposals>;

    /// What to offer a client as of a day, each list with its first `limit`, and the client's name; of one that was merged
    /// into another, the other's. `None` where it is not here.
    fn offers(
        &self,
        client: &ClientId,
        as_of: BusinessDate,
        limit: usize,
    ) -> Result<Option<(String, ClientOffers)>>;

    /// Clients who are lent to a person now.
    fn lent_to(&self, person: PersonId) -> Result<Vec<ClientId>>;
}
