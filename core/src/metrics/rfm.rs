//! RFM: recency, frequency and monetary value of clients, each 1 to 5 by quintile, and the ten segments made of them.
//!
//! Quintiles are over clients with at least one purchase event in the window. Ties get the lower score on both sides of a
//! cut, so that equal clients score equal and a bin may be empty: in CDNOW, where half of all bought once, nobody scores
//! 2 in frequency. They hang on the whole base, so the relay makes the cuts and a phone asks them.

use std::sync::OnceLock;

use super::base::{Base, Purchases};
use super::window::Window;
use crate::model::{BusinessDate, ClientId};

/// What a client is scored by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measures {
    /// The last event in the window: the later, the better.
    pub last: BusinessDate,
    /// Purchase events in the window.
    pub events: u32,
    /// Net revenue in the window, in minor units.
    pub net: i64,
}

impl Measures {
    /// `None` of a client without an event in the window.
    pub fn of(purchases: Purchases<'_>, window: Window) -> Option<Self> {
        let within = purchases.within(window);
        let last = within.events().next_back()?;
        let events = u32::try_from(within.event_count()).unwrap_or(u32::MAX);
        Some(Self { last, events, net: super::concentration::clamp(within.net()) })
    }

    const fn values(self) -> [i64; 3] {
        [self.last.days() as i64, self.events as i64, self.net]
    }
}

/// The client that stands at the end of a fifth, by value and then by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cut {
    pub value: i64,
    pub client: ClientId,
}

/// Where the four lower fifths end, for recency (as a date), frequency and monetary value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cuts {
    pub recency: [Cut; 4],
    pub frequency: [Cut; 4],
    pub monetary: [Cut; 4],
    /// Clients behind them.
    pub clients: u64,
}

/// Recency, frequency, monetary value: 1 the worst, 5 the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scores {
    pub recency: u8,
    pub frequency: u8,
    pub monetary: u8,
}

impl Cuts {
    /// `None` where nobody has an event in the window.
    pub fn of(clients: impl IntoIterator<Item = (ClientId, Measures)>) -> Option<Self> {
        let mut ranked: [Vec<Cut>; 3] = Default::default();
        for (client, measures) in clients {
            for (ranked, value) in ranked.iter_mut().zip(measures.values()) {
                ranked.push(Cut { value, client });
            }
        }
        let count = ranked[0].len();
        let mut cuts = [None; 3];
        for (cuts, ranked) in cuts.iter_mut().zip(&mut ranked) {
            ranked.sort_unstable();
            // The last of the first `fifth` fifths; a broken client belongs to the lower one.
            let at = |fifth: usize| ranked.get((fifth * count).div_ceil(5).checked_sub(1)?).copied();
            *cuts = Some([at(1)?, at(2)?, at(3)?, at(4)?]);
        }
        let [recency, frequency, monetary] = cuts;
        Some(Self { recency: recency?, frequency: frequency?, monetary: monetary?, clients: count as u64 })
    }

    /// Of the clients of a base in a window.
    pub fn of_base(base: &Base, window: Window) -> Option<Self> {
        Self::of(
            base.iter().filter_map(|(client, purchases)| Some((client, Measures::of(purchases, window)?))),
        )
    }

    /// The scores of a client in the window of the cuts.
    pub fn scores(&self, measures: Measures) -> Scores {
        // Who has the value of a cut stands below it, whatever its id.
        let score =
            |cuts: &[Cut; 4], value: i64| 1 + cuts.iter().filter(|cut| value > cut.value).count() as u8;
        let [recency, frequency, monetary] = measures.values();
        Scores {
            recency: score(&self.recency, recency),
            frequency: score(&self.frequency, frequency),
            monetary: score(&self.monetary, monetary),
        }
    }
}

/// A segment: its code, which is also the end of its words' id (`rfm-<code>`), and the recency and frequency it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    pub code: &'static str,
    pub recency: (u8, u8),
    pub frequency: (u8, u8),
}

/// The usual table, a line a segment: code, recency from, to, frequency from, to.
const SEGMENTS: &str = include_str!("rfm_segments.csv");

/// Their codes, in the order of the file.
pub const SEGMENT_CODES: &[&str] = &[
    "champions",
    "loyal",
    "potential_loyalists",
    "new",
    "promising",
    "need_attention",
    "about_to_sleep",
    "at_risk",
    "cannot_lose",
    "hibernating",
];

/// The ten segments, in the order of the file.
pub fn segments() -> impl Iterator<Item = Segment> {
    SEGMENTS.lines().skip(1).filter_map(|line| {
        let mut cells = line.split(',');
        let code = cells.next()?;
        let mut number = || cells.next()?.parse().ok();
        Some(Segment { code, recency: (number()?, number()?), frequency: (number()?, number()?) })
    })
}

impl Scores {
    /// Code of the segment that holds these scores.
    pub fn segment(self) -> Option<&'static str> {
        static BY_SCORES: OnceLock<[[Option<&'static str>; 5]; 5]> = OnceLock::new();
        let holds = |(from, to): (u8, u8), index: usize| (from..=to).contains(&(index as u8 + 1));
        let by_scores = BY_SCORES.get_or_init(|| {
            std::array::from_fn(|recency| {
                std::array::from_fn(|frequency| {
                    let mut all = segments();
                    all.find(|segment| holds(segment.recency, recency) && holds(segment.frequency, frequency))
                        .map(|segment| segment.code)
                })
            })
        });
        let index = |score: u8| usize::from(score).checked_sub(1);
        *by_scores.get(index(self.recency)?)?.get(index(self.frequency)?)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::{base, client, date, window};

    fn measures(events: u32, net: i64) -> Measures {
        Measures { last: date("2026-01-01"), events, net }
    }

    #[test]
    fn fifths_end_where_they_should_and_ties_score_low() {
        let of = |values: &[i64]| {
            let clients: Vec<_> =
                values.iter().enumerate().map(|(n, net)| (client(n as u8), measures(1, *net))).collect();
            let cuts = Cuts::of(clients.clone()).unwrap();
            let scores =
                clients.iter().map(|(_, measures)| cuts.scores(*measures).monetary).collect::<Vec<_>>();
            (cuts.monetary.map(|cut| cut.value), scores)
        };
        assert_eq!(of(&[10, 20, 30, 40, 50]), ([10, 20, 30, 40], vec![1, 2, 3, 4, 5]));
        assert_eq!(of(&[50, 10, 20, 20, 20, 60]).1, [4, 1, 1, 1, 1, 5]);
        assert_eq!(of(&[7; 9]), ([7; 4], vec![1; 9]));
        assert_eq!(of(&[7]), ([7; 4], vec![1]));
        assert_eq!(of(&[1, 1, 1, 2, 4, 9]), ([1, 1, 2, 4], vec![1, 1, 1, 3, 4, 5]), "nobody scores 2");
    }

    #[test]
    fn a_cut_names_the_client_that_stands_there() {
        let cuts =
            Cuts::of([(client(9), measures(1, 5)), (client(3), measures(1, 5)), (client(7), measures(1, 5))])
                .unwrap();
        assert_eq!(cuts.monetary.map(|cut| cut.client), [client(3), client(7), client(7), client(9)]);
    }

    #[test]
    fn only_clients_with_an_event_in_the_window_count() {
        let base = base(
            "2026-12-31",
            "2026-01-01",
            &[(1, "2026-02-01", 10), (1, "2026-03-01", 20), (2, "2026-02-02", -5), (3, "2026-04-01", 9)],
        );
        let window = window("2026-01-01", "2026-04-01");
        let cuts = Cuts::of_base(&base, window).unwrap();
        assert_eq!(cuts.clients, 1);
        let found = Measures::of(base.of(&client(1)).unwrap(), window).unwrap();
        assert_eq!((found.last, found.events, found.net), (date("2026-03-01"), 2, 30));
        assert_eq!(Measures::of(base.of(&client(2)).unwrap(), window), None);
        assert_eq!(Cuts::of([]), None);
    }

    #[test]
    fn every_pair_of_scores_has_one_segment() {
        assert_eq!(segments().count(), 10);
        for recency in 1..=5 {
            for frequency in 1..=5 {
                let holding = segments().filter(|segment| {
                    (segment.recency.0..=segment.recency.1).contains(&recency)
                        && (segment.frequency.0..=segment.frequency.1).contains(&frequency)
                });
                assert_eq!(holding.count(), 1, "{recency}, {frequency}");
                assert!(Scores { recency, frequency, monetary: 1 }.segment().is_some());
            }
        }
        for (recency, frequency, code) in [
            (5, 5, "champions"),
            (1, 1, "hibernating"),
            (1, 5, "cannot_lose"),
            (5, 1, "new"),
            (3, 3, "need_attention"),
        ] {
            assert_eq!(Scores { recency, frequency, monetary: 1 }.segment(), Some(code));
        }
        assert_eq!(Scores { recency: 0, frequency: 6, monetary: 1 }.segment(), None);
    }
}
