//! Penetration by region: clients that buy, of those that are known there, or of all establishments where somebody
//! counted them; and so, where to expand.

use std::collections::BTreeMap;

use super::acquisition::Events;
use super::figure::{Figure, Ratio, Withheld};
use super::window::Window;
use crate::model::office::Census;
use crate::model::{BusinessDate, ClientId, fold};

/// One region.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Region {
    pub name: String,
    /// Clients there that are not closed.
    pub known: u64,
    /// Of those, the ones with a purchase event in the window.
    pub buying: u64,
    /// Establishments that somebody counted, whoever serves them.
    pub establishments: Option<u64>,
}

impl Region {
    /// Of the clients that are known; records are those.
    pub fn of_known(&self) -> Figure<Ratio> {
        Ratio::figure(self.buying, self.known, self.known)
    }

    /// Of all establishments; records are those. Withheld where nobody counted, or fewer than buy.
    pub fn of_all(&self) -> Figure<Ratio> {
        match self.establishments {
            None => Figure::withheld(Withheld::NoData, 0),
            Some(all) if all < self.buying => Figure::withheld(Withheld::TooFew, all),
            Some(all) => Ratio::figure(self.buying, all, all),
        }
    }

    /// Establishments, or else known clients, that do not buy.
    pub fn room(&self) -> u64 {
        self.establishments.unwrap_or(0).max(self.known).saturating_sub(self.buying)
    }
}

/// Every region with a client or a census, that with the most room first. Names that differ by accents or case alone are
/// one region.
pub fn penetration<'a>(
    open: impl IntoIterator<Item = (ClientId, Option<&'a str>)>,
    events: &Events,
    census: &[Census],
    window: Window,
    as_of: BusinessDate,
) -> Vec<Region> {
    let mut regions: BTreeMap<String, Region> = BTreeMap::new();
    let mut at = |name: &str, change: &mut dyn FnMut(&mut Region)| {
        let region = regions.entry(fold(name).collect()).or_default();
        if region.name.is_empty() || name < region.name.as_str() {
            region.name = name.to_owned();
        }
        change(region);
    };
    for (client, region) in open {
        let Some(region) = region else { continue };
        let buys = events.get(&client).is_some_and(|dates| dates.iter().any(|date| window.contains(*date)));
        at(region, &mut |region| {
            region.known += 1;
            region.buying += u64::from(buys);
        });
    }
    // The latest count of each kind of establishment; one of all kinds counts before the sum of several.
    let mut latest: BTreeMap<(String, Option<&str>), &Census> = BTreeMap::new();
    for of in census.iter().filter(|of| of.as_of <= as_of) {
        let place = latest.entry((fold(&of.region).collect(), of.sector.as_deref())).or_insert(of);
        if of.as_of > place.as_of {
            *place = of;
        }
    }
    let mut counted: BTreeMap<&str, (&str, Option<u64>, u64)> = BTreeMap::new();
    for ((folded, _), of) in &latest {
        let (name, all, sum) = counted.entry(folded).or_insert((&of.region, None, 0));
        *name = (*name).min(&of.region);
        match of.sector {
            None => *all = Some(of.establishments),
            Some(_) => *sum = sum.saturating_add(of.establishments),
        }
    }
    for (name, all, sum) in counted.into_values() {
        at(name, &mut |region| region.establishments = Some(all.unwrap_or(sum)));
    }
    let mut regions: Vec<Region> = regions.into_values().collect();
    regions.sort_by(|one, other| other.room().cmp(&one.room()).then_with(|| one.name.cmp(&other.name)));
    regions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::acquisition::events;
    use crate::metrics::testing::{base, client, date, window};

    #[test]
    fn regions_with_the_most_room_come_first() {
        let base = base(
            "2026-12-31",
            "2025-01-01",
            &[(1, "2026-02-01", 1), (2, "2025-12-31", 1), (3, "2026-03-01", 1)],
        );
        let places = ["Navarra", "navarra", "Álava", "Soria"];
        let open = (1..).zip(places).map(|(n, place)| (client(n), Some(place))).chain([(client(9), None)]);
        let count = |region: &str, sector: Option<&str>, n, on: &str| Census {
            sector: sector.map(str::to_owned),
            ..Census::new(region, n, date(on))
        };
        let census = [
            count("Alava", Some("bar"), 30, "2026-01-01"),
            count("Álava", Some("bar"), 40, "2025-01-01"), // older
            count("Álava", Some("hotel"), 5, "2026-01-01"),
            count("Teruel", None, 7, "2026-01-01"),
            count("Teruel", Some("bar"), 99, "2026-01-01"),
            count("Soria", None, 500, "2027-01-01"), // not yet
        ];
        let found = penetration(
            open,
            &events(&[&base]),
            &census,
            window("2026-01-01", "2027-01-01"),
            date("2026-12-31"),
        );
        let told: Vec<_> = found
            .iter()
            .map(|of| (of.name.as_str(), of.known, of.buying, of.establishments, of.room()))
            .collect();
        assert_eq!(
            told,
            [
                ("Alava", 1, 1, Some(35), 34),
                ("Teruel", 0, 0, Some(7), 7),
                ("Navarra", 2, 1, None, 1),
                ("Soria", 1, 0, None, 1),
            ]
        );
        assert_eq!(found[0].of_all(), Figure::new(Ratio { part: 1, whole: 35 }, 35));
        assert_eq!(
            (found[2].of_known().value, found[2].of_all().value),
            (Ok(Ratio { part: 1, whole: 2 }), Err(Withheld::NoData))
        );
        assert_eq!(found[1].of_known().value, Err(Withheld::NoData));
        let wrong = Region { known: 5, buying: 4, establishments: Some(3), name: "x".into() };
        assert_eq!((wrong.of_all().value, wrong.room()), (Err(Withheld::TooFew), 1));
    }
}
