//! How far the log has got in each lane: what commits tell to those who listen.
//!
//! State of the process alone, and nothing depends on it but promptness: a lane that is not known here was quiet since
//! the process began. Commits of other processes are looked for now and then ([`super::Log::hear_others`]).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use super::log::Sees;

#[derive(Debug)]
pub struct Reached {
    lanes: Mutex<Lanes>,
    changed: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Lanes {
    /// The last number of each lane.
    last: HashMap<i64, u64>,
    /// Lanes of single people, which `all` leaves out.
    own: HashMap<i64, bool>,
}

/// One lane's last number in a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LaneReached {
    pub lane: i64,
    pub number: u64,
    /// It belongs to one person.
    pub own: bool,
}

impl Default for Reached {
    fn default() -> Self {
        Self { lanes: Mutex::default(), changed: watch::Sender::new(0) }
    }
}

impl Reached {
    /// After a commit.
    pub fn advance(&self, touched: &[LaneReached]) {
        let Some(last) = touched.iter().map(|lane| lane.number).max() else { return };
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        for lane in touched {
            let number = lanes.last.entry(lane.lane).or_default();
            *number = lane.number.max(*number);
            lanes.own.insert(lane.lane, lane.own);
        }
        drop(lanes);
        self.changed.send_if_modified(|number| {
            let later = last > *number;
            *number = last.max(*number);
            later
        });
    }

    /// The last number of all that somebody sees, since this process began; 0: nothing.
    pub fn of(&self, sees: &Sees) -> u64 {
        let lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let named = sees.lanes.iter().filter_map(|lane| lanes.last.get(lane)).max();
        let all = sees.all.then(|| {
            lanes
                .last
                .iter()
                .filter(|(lane, _)| lanes.own.get(lane) != Some(&true))
                .map(|(_, last)| last)
                .max()
        });
        named.max(all.flatten()).copied().unwrap_or(0)
    }

    /// Wakes whenever a commit moved the log on.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartera_core::model::PersonId;

    #[test]
    fn each_sees_its_own_lanes_and_all_sees_everything_but_other_peoples() {
        let reached = Reached::default();
        let watch = reached.watch();
        let lane = |lane, number, own| LaneReached { lane, number, own };
        reached.advance(&[lane(2, 5, false), lane(4, 7, false), lane(9, 8, true)]);
        assert!(watch.has_changed().unwrap());
        let sees = |all, lanes: &[i64]| {
            let person = PersonId::from_bytes([1; 16]);
            reached.of(&Sees { person, scope_version: 1, all, lanes: lanes.to_vec(), reached: 0 })
        };
        assert_eq!(sees(false, &[2]), 5);
        assert_eq!(sees(false, &[2, 9]), 8);
        assert_eq!(sees(true, &[]), 7);
        assert_eq!(sees(true, &[9]), 8);
        assert_eq!(sees(false, &[3]), 0);
        reached.advance(&[lane(2, 4, false)]);
        assert_eq!(sees(false, &[2]), 5, "a lane never goes back");
    }
}
