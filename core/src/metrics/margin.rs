//! Margin: what sales left, of those whose margin the office has told. It never travels to reps' phones.
//!
//! CLV so far in margin is what a client left until now. To come is CLV to come in revenue times the share of it that
//! sales left so far, on the days for which both are known: so it is shown where that is, and is as good as that.

use std::collections::BTreeSet;

use super::base::Base;
use super::figure::{Figure, Ratio, Withheld};
use crate::model::{BusinessDate, ClientId};
use crate::rows::relations::Earned;

/// In one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Margin {
    /// Minor units; a credit note's is negative.
    pub minor: i128,
    /// Sales whose margin is known.
    pub records: u64,
    /// Clients with any.
    pub clients: u64,
    /// Net revenue of the clients' days of sales for which a margin is known.
    pub net: i128,
}

impl Margin {
    pub fn of(earned: &[Earned], base: &Base) -> Self {
        let mut found = Self::default();
        let (mut clients, mut days) = (BTreeSet::new(), BTreeSet::new());
        for of in earned.iter().filter(|of| of.margin.currency == base.currency()) {
            found.minor += i128::from(of.margin.minor);
            found.records += 1;
            clients.insert(of.client);
            days.insert((of.client, of.date));
        }
        found.clients = clients.len() as u64;
        found.net = days.iter().map(|(client, date)| net_on(base, client, *date)).sum();
        found
    }

    /// What sales left.
    pub fn total(self) -> Figure<i128> {
        let value = if self.records == 0 { Err(Withheld::NoData) } else { Ok(self.minor) };
        Figure { value, records: self.records }
    }

    /// The same per client with any.
    pub fn clv_per_client(self) -> Figure<f64> {
        self.total().map(|minor| minor as f64 / self.clients as f64)
    }

    /// Of the net revenue of the same days.
    pub fn share(self) -> Figure<Ratio> {
        Ratio::figure(self.minor, self.net, self.records)
    }

    /// CLV to come in margin, where that in revenue is `clv`.
    pub fn clv_to_come(self, clv: Figure<f64>) -> Figure<f64> {
        let share = self.share();
        let value = clv.value.and_then(|clv| Ok(clv * share.value?.get()));
        Figure { value, records: self.records }
    }
}

fn net_on(base: &Base, client: &ClientId, date: BusinessDate) -> i128 {
    let days = base.of(client).map_or(&[][..], |purchases| purchases.days);
    days.binary_search_by_key(&date, |day| day.date).map_or(0, |at| i128::from(days[at].net))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::{books, client, date};
    use crate::model::{Currency, Money};

    #[test]
    fn a_margin_is_what_sales_left_of_the_revenue_of_their_days() {
        let books =
            books("2026-06-30", &[(1, "2026-01-05", 1_000), (1, "2026-02-05", 500), (2, "2026-03-05", 80)]);
        let base = books.bases().next().unwrap();
        let earned = |who, on: &str, minor, currency| Earned {
            client: client(who),
            date: date(on),
            margin: Money::new(minor, currency),
        };
        let eur = Currency::EUR;
        // Two sales of one day, a credit note, a day without a sale, another currency.
        let told = [
            earned(1, "2026-01-05", 300, eur),
            earned(1, "2026-01-05", 120, eur),
            earned(1, "2026-01-05", -20, eur),
            earned(2, "2026-04-05", 5, eur),
            earned(2, "2026-03-05", 70, Currency::USD),
        ];
        let found = Margin::of(&told, base);
        assert_eq!(found, Margin { minor: 405, records: 4, clients: 2, net: 1_000 });
        assert_eq!(found.total(), Figure::new(405, 4));
        assert_eq!(found.clv_per_client(), Figure::new(202.5, 4));
        assert_eq!(found.share(), Figure::new(Ratio { part: 405, whole: 1_000 }, 4));
        assert_eq!(found.clv_to_come(Figure::new(2_000.0, 9)), Figure::new(810.0, 4));
        let why = Withheld::NotComputed;
        assert_eq!(found.clv_to_come(Figure::withheld(why, 9)), Figure::withheld(why, 4));
        let nothing = Margin::of(&[], base);
        assert_eq!(
            (nothing.total().value, nothing.share().value),
            (Err(Withheld::NoData), Err(Withheld::NoData))
        );
        assert_eq!(nothing.clv_per_client().value, Err(Withheld::NoData));
        assert_eq!(nothing.clv_to_come(Figure::new(1.0, 1)).value, Err(Withheld::NoData));
    }
}
