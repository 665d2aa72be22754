//! Stale contact data: nobody confirmed a client's contact fields within six calendar months. Of who is lost or closed
//! nobody has to.

use std::collections::{BTreeMap, BTreeSet};

use super::figure::{Figure, Ratio};
use super::window::Window;
use crate::model::{BusinessDate, ClientId};
use crate::rows::relations::Confirmed;

pub const FRESH_MONTHS: u32 = 6;

/// Whether data that were confirmed on a day count as fresh.
pub fn is_fresh(confirmed_on: BusinessDate, as_of: BusinessDate) -> bool {
    Window::months(as_of, FRESH_MONTHS, 0).is_some_and(|window| window.contains(confirmed_on))
}

/// The clients, ascending, whose data somebody confirmed in the six calendar months that end with the as-of date.
pub fn fresh(confirmed: &[Confirmed], as_of: BusinessDate) -> BTreeSet<ClientId> {
    confirmed.iter().filter(|of| is_fresh(of.date, as_of)).map(|of| of.client).collect()
}

/// Share of the clients that are neither lost nor closed whose data are stale; records are those clients.
pub fn stale(kept: impl IntoIterator<Item = ClientId>, fresh: &BTreeSet<ClientId>) -> Figure<Ratio> {
    let (mut stale, mut all) = (0_u64, 0_u64);
    for client in kept {
        all += 1;
        stale += u64::from(!fresh.contains(&client));
    }
    Ratio::figure(stale, all, all)
}

/// When each client's data were last confirmed.
pub fn last(confirmed: &[Confirmed]) -> BTreeMap<ClientId, BusinessDate> {
    let mut last: BTreeMap<ClientId, BusinessDate> = BTreeMap::new();
    for of in confirmed {
        let date = last.entry(of.client).or_insert(of.date);
        *date = (*date).max(of.date);
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::{client, date};

    #[test]
    fn six_calendar_months_and_a_day() {
        let on = |who, day: &str| Confirmed { client: client(who), date: date(day) };
        let confirmed = [on(1, "2026-01-01"), on(2, "2025-12-31"), on(3, "2024-01-01"), on(3, "2026-06-30")];
        let of = |as_of: &str| stale([1, 2, 3, 4].map(client), &fresh(&confirmed, date(as_of)));
        assert_eq!(of("2026-06-30"), Figure::new(Ratio { part: 2, whole: 4 }, 4));
        assert_eq!(of("2026-07-01").value, Ok(Ratio { part: 3, whole: 4 }));
        assert!(stale([], &BTreeSet::new()).value.is_err());
        assert_eq!(last(&confirmed)[&client(3)], date("2026-06-30"));
    }
}
