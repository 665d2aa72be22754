//! What winning clients costs (CAC): acquisition spend over clients with their first sale in the window.
//!
//! Who bought before is won back, not won, and counts nowhere here. Spend whose period reaches out of the window counts
//! by its days within it.

use std::collections::BTreeMap;

use super::base::Base;
use super::figure::{Figure, Withheld};
use super::window::Window;
use crate::model::{BusinessDate, ClientId, Currency};
use crate::rows::relations::Spent;

/// Dates of each client's purchase events in any currency, ascending.
pub type Events = BTreeMap<ClientId, Vec<BusinessDate>>;

pub fn events(bases: &[&Base]) -> Events {
    let mut events = Events::new();
    for base in bases {
        for (client, purchases) in base.iter() {
            events.entry(client).or_default().extend(purchases.events());
        }
    }
    for dates in events.values_mut() {
        dates.sort_unstable();
        dates.dedup();
    }
    events
}

/// How many clients had their first purchase event in a window; `is_older` tells of those known to have bought before
/// the history begins. Withheld where the window reaches before the history.
pub fn new_clients(
    events: &Events,
    history_start: BusinessDate,
    window: Window,
    is_older: impl Fn(&ClientId) -> bool,
) -> Figure<u64> {
    if window.from() < history_start {
        return Figure::withheld(Withheld::BeforeHistory, 0);
    }
    let is_new = |(client, dates): &(&ClientId, &Vec<BusinessDate>)| {
        dates.first().is_some_and(|first| window.contains(*first)) && !is_older(client)
    };
    let new = events.iter().filter(is_new).count() as u64;
    Figure::new(new, new)
}

/// Clients that bought in the window, and earlier, but not in the equally long one before it.
pub fn won_back(events: &Events, history_start: BusinessDate, window: Window) -> Figure<u64> {
    let days = i32::try_from(window.len_days()).ok().and_then(|days| window.from().plus_days(-days));
    let Some(before) = days.and_then(|from| Window::new(from, window.from())) else {
        return Figure::withheld(Withheld::BeforeHistory, 0);
    };
    if before.from() < history_start {
        return Figure::withheld(Withheld::BeforeHistory, 0);
    }
    let came_back = |dates: &&Vec<BusinessDate>| {
        dates.iter().any(|date| window.contains(*date))
            && !dates.iter().any(|date| before.contains(*date))
            && dates.first().is_some_and(|first| *first < before.from())
    };
    let back = events.values().filter(came_back).count() as u64;
    Figure::new(back, back)
}

/// Spend of a window by currency, in minor units, and the records behind it.
pub fn spend(spent: &[Spent], window: Window) -> BTreeMap<Currency, (i128, u64)> {
    let mut sums: BTreeMap<Currency, (i128, u64)> = BTreeMap::new();
    for of in spent {
        let spend = &of.spend;
        let Some(period) = spend.to.plus_days(1).and_then(|end| Window::new(spend.from, end)) else {
            continue;
        };
        let within = Window::new(period.from().max(window.from()), period.to().min(window.to()));
        let Some(within) = within else { continue };
        let (sum, records) = sums.entry(spend.amount.currency).or_default();
        let (part, whole) = (i128::from(within.len_days()), i128::from(period.len_days()));
        // Half a unit and more is one; amounts are not negative.
        *sum += (2 * i128::from(spend.amount.minor) * part + whole) / (2 * whole);
        *records += 1;
    }
    sums
}

/// Spend per new client in minor units; records are the new clients. Without spend, or without a new client, there is
/// none.
pub fn cac(spend: Option<(i128, u64)>, new_clients: Figure<u64>) -> Figure<f64> {
    let value = match (spend, new_clients.value) {
        (_, Err(why)) => Err(why),
        (None, _) | (_, Ok(0)) => Err(Withheld::NoData),
        (Some((minor, _)), Ok(clients)) => Ok(minor as f64 / clients as f64),
    };
    Figure { value, records: new_clients.records }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::{base, client, date, window};
    use crate::model::Money;
    use crate::model::office::Spend;

    fn spent(minor: i64, from: &str, to: &str) -> Spent {
        let amount = Money::new(minor, Currency::EUR);
        Spent { territory: None, spend: Spend::new(amount, date(from), date(to)) }
    }

    #[test]
    fn spend_over_new_clients() {
        let days = [
            (1, "2025-03-01", 1), // won back
            (1, "2026-03-01", 1),
            (2, "2026-01-01", 1),
            (3, "2026-12-31", 1),
            (4, "2026-05-01", 1),  // known to be older
            (5, "2027-01-01", 1),  // later
            (6, "2026-02-02", -1), // no event
        ];
        let base = base("2027-06-30", "2025-01-01", &days);
        let events = events(&[&base, &base]);
        assert_eq!(events[&client(1)].len(), 2, "one day is one event whatever the currency");
        let year = window("2026-01-01", "2027-01-01");
        let new = new_clients(&events, base.history_start(), year, |id| *id == client(4));
        assert_eq!(new, Figure::new(2, 2));
        assert_eq!(
            won_back(&events, base.history_start(), window("2026-02-01", "2026-12-01")),
            Figure::new(1, 1)
        );
        assert_eq!(
            won_back(&events, base.history_start(), year).value,
            Ok(0),
            "it bought in the year before"
        );
        assert_eq!(
            new_clients(&events, date("2026-01-02"), year, |_| false).value,
            Err(Withheld::BeforeHistory)
        );
        // 100.00 of 31 days of which 11 lie in the window; 35.48 of it.
        let all = [
            spent(50_000, "2026-03-01", "2026-03-31"),
            spent(10_000, "2025-12-12", "2026-01-11"),
            spent(9, "2025-01-01", "2025-12-31"),
        ];
        let sums = spend(&all, year);
        assert_eq!(sums, BTreeMap::from([(Currency::EUR, (53_548, 2))]));
        assert_eq!(cac(sums.get(&Currency::EUR).copied(), new), Figure::new(26_774.0, 2));
        assert_eq!(cac(None, new).value, Err(Withheld::NoData));
        assert_eq!(cac(Some((1, 1)), Figure::new(0, 0)).value, Err(Withheld::NoData));
    }
}
