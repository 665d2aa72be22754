//! What was sold by family and unit, in one currency: the feed of figures that tell families apart.

use super::base::{Base, Day};
use super::falling::{self, Change};
use super::figure::{Figure, Withheld};
use super::window::Window;
use crate::model::{BusinessDate, ClientId, Currency};
use crate::rows::relations::{Lines, Sold};

/// The lines of one currency, by client, family, unit and date.
#[derive(Debug, Clone, Copy)]
pub struct Families<'a> {
    lines: &'a Lines,
    pub sold: &'a [Sold],
    history_start: BusinessDate,
}

impl<'a> Families<'a> {
    /// `history_start` is the first day of complete sales; documents may be here from a later day on.
    pub fn of(lines: &'a Lines, currency: Currency, history_start: BusinessDate) -> Self {
        let from = lines.sold.partition_point(|sold| sold.currency < currency);
        let to = lines.sold.partition_point(|sold| sold.currency <= currency);
        let start = lines.from.map_or(history_start, |from| from.max(history_start));
        Self { lines, sold: &lines.sold[from..to], history_start: start }
    }

    /// Whether all lines of a window are here.
    pub fn covers(&self, window: Window) -> bool {
        window.from() >= self.history_start
    }

    /// Name of the family at a place; `None` for what is of none.
    pub fn family(&self, place: Option<u32>) -> Option<&'a str> {
        self.lines.families.get(usize::try_from(place?).ok()?).map(String::as_str)
    }

    pub fn unit(&self, place: Option<u32>) -> Option<&'a str> {
        self.lines.units.get(usize::try_from(place?).ok()?).map(String::as_str)
    }

    /// What a client bought of one family after another.
    pub fn by_family(&self) -> impl Iterator<Item = &'a [Sold]> {
        self.sold.chunk_by(|one, other| (one.client, one.family) == (other.client, other.family))
    }
}

/// How much less a client buys of a family than it did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FamilyChange {
    pub client: ClientId,
    /// A place among the names; `None` for what is of no family.
    pub family: Option<u32>,
    pub revenue: Figure<Change>,
    /// In its units; withheld where it is bought in several, which cannot be added.
    pub units: Figure<Change>,
}

impl FamilyChange {
    /// Fewer units are a loss even where a higher price hides it.
    pub fn is_falling(&self) -> bool {
        let falls = |figure: &Figure<Change>| figure.value.is_ok_and(|change| change.is_falling());
        falls(&self.revenue) || falls(&self.units)
    }
}

/// Falling volume by family, in revenue and in units: every client and every family that it bought.
pub fn falling(
    families: &Families<'_>,
    currency: Currency,
    as_of: BusinessDate,
    plan: falling::Plan,
) -> Vec<FamilyChange> {
    let told = families.by_family().map(|sold| {
        let (client, family) = (sold[0].client, sold[0].family);
        let of = |amount: fn(&Sold) -> i64| {
            let mut base = Base::new(currency, as_of, families.history_start);
            for day in days(sold, amount) {
                // Ascending, each date once.
                let _ = base.push(client, day);
            }
            match base.of(&client) {
                Some(purchases) => falling::revenue(&base, purchases, plan),
                None => Figure::withheld(Withheld::NoData, 0),
            }
        };
        let one_unit = sold.iter().all(|other| other.unit == sold[0].unit);
        let has_quantity = sold.iter().any(|sold| sold.quantity != 0);
        let units = match (one_unit, has_quantity) {
            (false, _) => Figure::withheld(Withheld::Mixed, 0),
            (true, false) => Figure::withheld(Withheld::NoData, 0),
            (true, true) => of(|sold| sold.quantity),
        };
        FamilyChange { client, family, revenue: of(|sold| sold.net), units }
    });
    told.collect()
}

/// Days of a family, whatever the units; a day is an event as a day of sales is one.
fn days(sold: &[Sold], amount: fn(&Sold) -> i64) -> Vec<Day> {
    let mut sold: Vec<&Sold> = sold.iter().collect();
    sold.sort_by_key(|sold| sold.date);
    sold.chunk_by(|one, other| one.date == other.date)
        .map(|day| {
            let sum =
                |of: &dyn Fn(&Sold) -> i64| day.iter().fold(0_i64, |sum, sold| sum.saturating_add(of(sold)));
            let event = day.iter().any(|sold| sold.invoiced) && sum(&|sold| sold.net) >= 0;
            Day { date: day[0].date, net: sum(&amount), event }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::{client, date};

    pub(super) fn sold(who: u8, family: u32, unit: u32, on: &str, net: i64, quantity: i64) -> Sold {
        Sold {
            currency: Currency::EUR,
            client: client(who),
            family: Some(family),
            unit: Some(unit),
            date: date(on),
            net,
            quantity,
            invoiced: net >= 0,
        }
    }

    fn lines(mut sold: Vec<Sold>) -> Lines {
        sold.sort();
        Lines {
            families: vec!["café".into(), "té".into()],
            units: vec!["kg".into(), "u".into()],
            sold,
            from: None,
        }
    }

    fn told(lines: &Lines) -> Vec<FamilyChange> {
        let families = Families::of(lines, Currency::EUR, date("2025-01-01"));
        falling(&families, Currency::EUR, date("2026-06-30"), falling::Plan::default())
    }

    #[test]
    fn a_client_leaves_one_family_and_keeps_the_other() {
        let mut of = Vec::new();
        for (on, coffee, tea) in [("2025-06-05", 100, 100), ("2025-06-20", 100, 100), ("2026-02-01", 50, 50)]
        {
            of.push(sold(1, 0, 0, on, coffee, 20_000));
            of.push(sold(1, 1, 0, on, tea, 10_000));
        }
        of.push(sold(1, 1, 0, "2026-06-10", 190, 19_000));
        of.push(sold(1, 0, 0, "2026-06-10", 20, 4_000));
        let lines = lines(of);
        let found = told(&lines);
        assert_eq!(found.len(), 2);
        let ratio = |figure: Figure<Change>| figure.value.map(|of| (of.ratio.part, of.ratio.whole)).ok();
        assert_eq!(
            (ratio(found[0].revenue), ratio(found[0].units)),
            (Some((20, 200)), Some((4_000, 40_000)))
        );
        assert_eq!((found[0].is_falling(), found[1].is_falling()), (true, false));
        assert_eq!(found[0].revenue.records, 4);
    }

    #[test]
    fn prices_hide_a_loss_that_units_show() {
        let mut of: Vec<Sold> =
            ["2025-06-05", "2025-06-12", "2025-06-20"].map(|on| sold(1, 0, 0, on, 100, 30_000)).to_vec();
        of.push(sold(1, 0, 0, "2026-06-10", 290, 60_000));
        let found = told(&lines(of));
        assert!(!found[0].revenue.value.unwrap().is_falling());
        assert!(found[0].units.value.unwrap().is_falling() && found[0].is_falling());
    }

    #[test]
    fn units_that_cannot_be_added_are_not() {
        let of = vec![sold(1, 0, 0, "2025-06-05", 100, 30_000), sold(1, 0, 1, "2025-06-05", 5, 10_000)];
        let found = told(&lines(of));
        assert_eq!(found[0].units, Figure::withheld(Withheld::Mixed, 0));
        assert_eq!(found[0].revenue.records, 1, "one day, whatever the units");
    }

    #[test]
    fn documents_that_are_not_here_are_no_fall() {
        let mut kept = lines(vec![sold(1, 0, 0, "2026-06-10", 10, 1)]);
        kept.from = Some(date("2026-06-01"));
        let found = told(&kept);
        assert_eq!(found[0].revenue.value, Err(Withheld::BeforeHistory));
        let families = Families::of(&kept, Currency::EUR, date("2025-01-01"));
        assert!(!families.covers(Window::months(date("2026-06-30"), 12, 0).unwrap()));
        assert!(Families::of(&kept, Currency::USD, date("2025-01-01")).sold.is_empty());
        assert_eq!(
            (families.family(Some(1)), families.family(None), families.unit(Some(0))),
            (Some("té"), None, Some("kg"))
        );
    }
}
