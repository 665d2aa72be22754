//! The portfolio as it was last computed, kept in memory: pages ask for it again and again, and computing all of it takes
//! some tenths of a second.
//!
//! What is kept is of one state of the log; whoever asks after the log has grown gets it computed anew, but not more often
//! than every [`FRESH_MS`], however busy the log is. Nothing is lost with it.

use std::sync::{Arc, Mutex, PoisonError};

use cartera_core::metrics::client::ClientFigures;
use cartera_core::model::BusinessDate;
use cartera_core::model::access::Action;
use cartera_core::query::clients::ClientRow;
use cartera_core::rows::relations::Part;

use super::PortfolioFigures;
use super::overview::{PortfolioOverview, with_figures};
use crate::app::App;
use crate::people::access::By;
use crate::people::sight::Sight;
use crate::refused::Refused;

/// How old what is shown may be while the log grows, in milliseconds.
pub(crate) const FRESH_MS: i64 = 30_000;
/// What is kept at most: of today and of days that somebody looks back at, of everybody and of teams.
const KEPT_MAX: usize = 8;

/// Figures of all whom somebody sees at the end of a day, and their rows in the list.
#[derive(Debug)]
pub(crate) struct Portfolio {
    pub(crate) figures: PortfolioFigures,
    pub(crate) overview: PortfolioOverview,
    /// By name; those merged into another are left out.
    pub(crate) rows: Vec<ClientRow>,
    /// Where each row's figures are, in the same order.
    places: Vec<usize>,
    pub(crate) made_ms: i64,
}

impl Portfolio {
    /// The figures of a row, by its place among the rows.
    pub(crate) fn at(&self, row: usize) -> &ClientFigures {
        &self.figures.report.clients[self.places[row]]
    }
}

#[derive(Debug)]
struct Entry {
    as_of: BusinessDate,
    with_spend: bool,
    /// Of whom; `None`: of everybody.
    part: Option<Part>,
    /// The log's last entry then.
    number: u64,
    made_uptime_ms: i64,
    portfolio: Arc<Portfolio>,
}

#[derive(Debug, Default)]
pub(crate) struct Kept(Mutex<Vec<Entry>>);

/// The portfolio as of a day, kept or computed. Whoever asks meanwhile waits for the same.
pub(crate) fn kept(app: &App, by: By, as_of: BusinessDate) -> Result<Arc<Portfolio>, Refused> {
    let part = Sight::of(app, by, Action::ViewFigures)?.part(app)?;
    let with_spend = by.require(Action::ViewCost).is_ok();
    let mut entries = app.kept.0.lock().unwrap_or_else(PoisonError::into_inner);
    let (number, uptime_ms) = (app.storage.tip()?.number, app.env.uptime_ms());
    let fits = |entry: &Entry| {
        let is_fresh = entry.number == number || uptime_ms - entry.made_uptime_ms < FRESH_MS;
        entry.as_of == as_of && entry.with_spend == with_spend && entry.part == part && is_fresh
    };
    if let Some(entry) = entries.iter().find(|entry| fits(entry)) {
        return Ok(Arc::clone(&entry.portfolio));
    }
    let (figures, overview) = with_figures(app, by, as_of)?;
    let mut rows = app.storage.client_rows()?;
    let known = &figures.report.clients;
    let mut places = Vec::with_capacity(rows.len());
    rows.retain(|row| {
        let place = known.binary_search_by_key(&row.id, |of| of.client);
        places.extend(place.ok());
        place.is_ok()
    });
    let portfolio = Arc::new(Portfolio { figures, overview, rows, places, made_ms: app.env.now_ms() });
    let same = |entry: &Entry| entry.as_of == as_of && entry.with_spend == with_spend && entry.part == part;
    entries.retain(|entry| !same(entry));
    if entries.len() >= KEPT_MAX {
        entries.remove(0);
    }
    let kept = Arc::clone(&portfolio);
    entries.push(Entry { as_of, with_spend, part, number, made_uptime_ms: uptime_ms, portfolio });
    Ok(kept)
}
