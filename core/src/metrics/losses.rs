//! Why clients were lost, by segment.

use std::collections::BTreeMap;

use super::base::Base;
use super::window::Window;
use crate::model::record::LossReason;
use crate::model::{ClientId, Currency};
use crate::rows::relations::Closed;

/// Clients lost for one reason, and what they had brought.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lost {
    pub clients: u64,
    /// Net revenue of the twelve months before each closure, in minor units, by currency.
    pub net: BTreeMap<Currency, i128>,
}

/// Closures of a window by a key of the clients and by reason. Of a client that was closed more than once the last
/// closure counts; one that bought again since is not lost (`is_lost`).
pub fn losses<K: Ord>(
    closed: &[Closed],
    window: Window,
    bases: &[&Base],
    is_lost: impl Fn(&ClientId) -> bool,
    segment: impl Fn(&ClientId) -> K,
) -> BTreeMap<(K, LossReason), Lost> {
    let last: BTreeMap<ClientId, &Closed> = closed.iter().map(|of| (of.client, of)).collect();
    let mut found: BTreeMap<(K, LossReason), Lost> = BTreeMap::new();
    for (client, of) in last {
        if !window.contains(of.date) || !is_lost(&client) {
            continue;
        }
        let lost = found.entry((segment(&client), of.reason)).or_default();
        lost.clients += 1;
        let Some(year) = Window::months(of.date, 12, 0) else { continue };
        for base in bases {
            if let Some(purchases) = base.of(&client) {
                *lost.net.entry(base.currency()).or_default() += purchases.within(year).net();
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::{base, client, date, window};

    #[test]
    fn closures_by_segment_and_reason() {
        let closed = |who, on: &str, reason| Closed { client: client(who), date: date(on), reason };
        let all = [
            closed(1, "2026-02-01", LossReason::Price),
            closed(2, "2026-02-01", LossReason::Price),
            closed(1, "2026-03-01", LossReason::Moved), // said again
            closed(3, "2025-12-31", LossReason::Price), // before
            closed(4, "2026-04-01", LossReason::Price), // bought again
        ];
        let days =
            [(1, "2025-03-01", 999), (1, "2025-03-02", 40), (1, "2026-03-01", 2), (2, "2025-06-01", 7)];
        let base = base("2026-12-31", "2024-01-01", &days);
        let found = losses(
            &all,
            window("2026-01-01", "2027-01-01"),
            &[&base],
            |id| *id != client(4),
            |id| if *id == client(1) { "bar" } else { "hotel" },
        );
        let of = |clients, net| Lost { clients, net: BTreeMap::from([(Currency::EUR, net)]) };
        let expected = [(("bar", LossReason::Moved), of(1, 42)), (("hotel", LossReason::Price), of(1, 7))];
        assert_eq!(found, BTreeMap::from(expected));
    }
}
