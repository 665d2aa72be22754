//! The portfolio as it was last computed, kept in memory: pages ask for it again and again, and computing all of it takes
//! some tenths of a second.
//!
//! What is kept is of one state of the log; whoever asks after the log has grown gets it computed anew, but not more often
//! than every [`FRESH_MS`], however busy the log is; the others are shown the one before as long as that takes. Nothing is
//! lost with it.

use std::sync::{Arc, Mutex, PoisonError, TryLockError};

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

/// What is asked for: figures of a day, of whom, with or without what winning clients costs.
#[derive(Debug, Clone, PartialEq)]
struct Key {
    as_of: BusinessDate,
    with_spend: bool,
    /// `None`: of everybody.
    part: Option<Part>,
}

/// A portfolio that was computed.
#[derive(Debug, Clone)]
struct Finished {
    /// The log's last entry then.
    number: u64,
    made_uptime_ms: i64,
    portfolio: Arc<Portfolio>,
}

#[derive(Debug)]
struct Slot {
    key: Key,
    finished: Mutex<Option<Finished>>,
    /// Held by whoever computes it.
    computing: Mutex<()>,
}

impl Slot {
    fn finished(&self) -> Option<Finished> {
        self.finished.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The latest asked for last.
#[derive(Debug, Default)]
pub(crate) struct Kept(Mutex<Vec<Arc<Slot>>>);

impl Kept {
    fn slot(&self, key: Key) -> Arc<Slot> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = match slots.iter().position(|slot| slot.key == key) {
            Some(at) => slots.remove(at),
            None => Arc::new(Slot { key, finished: Mutex::default(), computing: Mutex::default() }),
        };
        if slots.len() >= KEPT_MAX {
            slots.remove(0);
        }
        slots.push(Arc::clone(&slot));
        slot
    }
}

/// The portfolio as of a day, kept or computed. One at a time computes the same; whoever asks meanwhile gets the one before,
/// and waits where there is none yet. Nobody waits for another day's, or another team's.
pub(crate) fn kept(app: &App, by: By, as_of: BusinessDate) -> Result<Arc<Portfolio>, Refused> {
    let part = Sight::of(app, by, Action::ViewFigures)?.part(app)?;
    let with_spend = by.require(Action::ViewCost).is_ok();
    let slot = app.kept.slot(Key { as_of, with_spend, part });
    let found = slot.finished();
    let tip = app.storage.tip()?.number;
    let is_fresh = |of: &Finished| of.number == tip || app.env.uptime_ms() - of.made_uptime_ms < FRESH_MS;
    if let Some(found) = found.as_ref().filter(|found| is_fresh(found)) {
        return Ok(Arc::clone(&found.portfolio));
    }
    let _computing = match (slot.computing.try_lock(), found) {
        (Err(TryLockError::WouldBlock), Some(before)) => return Ok(before.portfolio),
        (Err(TryLockError::WouldBlock), None) => {
            slot.computing.lock().unwrap_or_else(PoisonError::into_inner)
        }
        (Err(TryLockError::Poisoned(error)), _) => error.into_inner(),
        (Ok(computing), _) => computing,
    };
    // Somebody may have finished it just now.
    if let Some(found) = slot.finished().filter(is_fresh) {
        return Ok(found.portfolio);
    }
    let (number, made_uptime_ms) = (app.storage.tip()?.number, app.env.uptime_ms());
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
    let finished = Finished { number, made_uptime_ms, portfolio: Arc::clone(&portfolio) };
    *slot.finished.lock().unwrap_or_else(PoisonError::into_inner) = Some(finished);
    Ok(portfolio)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::Kind;
    use crate::people::Role;
    use crate::testing::Relay;

    fn relay() -> Relay {
        let relay = Relay::new();
        relay.import(Kind::Clients, "codigo;nombre\nC0;Bar\n");
        relay
    }

    fn more(relay: &Relay, code: &str) {
        relay.import(Kind::Clients, &format!("codigo;nombre\n{code};Pub\n"));
    }

    fn day(n: i32) -> BusinessDate {
        BusinessDate::from_days(20_000 + n).unwrap()
    }

    #[test]
    fn it_is_computed_anew_when_the_log_has_grown_and_some_time_has_passed() {
        let relay = relay();
        let ask = || kept(&relay.app, By::CONSOLE, day(0)).unwrap();
        let first = ask();
        assert_eq!(first.rows.len(), 1);
        relay.env.advance(FRESH_MS);
        assert!(Arc::ptr_eq(&first, &ask()), "nothing has changed");
        more(&relay, "C1");
        let second = ask();
        assert_eq!(second.rows.len(), 2, "made {FRESH_MS} ms ago");
        more(&relay, "C2");
        relay.env.advance(FRESH_MS - 1);
        assert!(Arc::ptr_eq(&second, &ask()), "too soon");
        relay.env.advance(1);
        assert_eq!(ask().rows.len(), 3);
    }

    #[test]
    fn who_asks_while_it_is_computed_gets_the_one_before_and_waits_for_no_other() {
        let relay = relay();
        let ask = |n| kept(&relay.app, By::CONSOLE, day(n)).unwrap();
        let first = ask(0);
        more(&relay, "C1");
        relay.env.advance(FRESH_MS);
        let slot = relay.app.kept.slot(first_key(0));
        let computing = slot.computing.lock().unwrap();
        assert!(Arc::ptr_eq(&first, &ask(0)), "the one before");
        assert_eq!(ask(1).rows.len(), 2, "of another day");
        drop(computing);
        assert_eq!(ask(0).rows.len(), 2);
        // Where there is none yet, they wait for the one that is computed.
        let slot = relay.app.kept.slot(first_key(2));
        let computing = slot.computing.lock().unwrap();
        let waiting = std::thread::scope(|scope| {
            let waiting = scope.spawn(|| ask(2));
            let made = ask(1);
            let number = relay.app.storage.tip().unwrap().number;
            let made_uptime_ms = relay.app.env.uptime_ms();
            *slot.finished.lock().unwrap() =
                Some(Finished { number, made_uptime_ms, portfolio: Arc::clone(&made) });
            drop(computing);
            Arc::ptr_eq(&waiting.join().unwrap(), &made)
        });
        assert!(waiting);
    }

    #[test]
    fn so_many_are_kept_and_those_asked_for_last() {
        let relay = relay();
        let ask = |n| kept(&relay.app, By::CONSOLE, day(n)).unwrap();
        let made: Vec<_> = (0..KEPT_MAX as i32).map(ask).collect();
        assert!(Arc::ptr_eq(&made[0], &ask(0)));
        ask(99);
        assert!(Arc::ptr_eq(&made[0], &ask(0)), "asked for again");
        assert!(!Arc::ptr_eq(&made[1], &ask(1)), "the oldest has gone");
    }

    #[test]
    fn everybody_gets_their_own() {
        let relay = relay();
        let north = crate::territories::add(&relay.app, By::CONSOLE, "Norte").unwrap().id;
        let person = relay.person(Role::Manager, &[north]);
        let by = By::of_person(person.id, Role::Manager);
        assert_eq!(kept(&relay.app, By::CONSOLE, day(0)).unwrap().rows.len(), 1);
        assert_eq!(kept(&relay.app, by, day(0)).unwrap().rows.len(), 0);
    }

    fn first_key(n: i32) -> Key {
        Key { as_of: day(n), with_spend: true, part: None }
    }
}
