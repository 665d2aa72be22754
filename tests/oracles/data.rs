//! The data set as a base: each purchase event once, amounts in cents.

use std::collections::BTreeMap;

use cartera_core::metrics::{Base, Books, Day};
use cartera_core::model::office::SalesDay;
use cartera_core::model::{BusinessDate, ClientId, Currency};
use cartera_relay::demo::cdnow::{self, Purchase};

pub(crate) fn date(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

pub(crate) fn client(number: u32) -> ClientId {
    ClientId::from_bytes(u128::from(number).to_be_bytes())
}

/// The base of purchases, as of a date; sales are complete from 1997-01-01.
pub(crate) fn base(purchases: &[Purchase], as_of: &str) -> Base {
    let mut days: BTreeMap<(u32, i32), i64> = BTreeMap::new();
    for purchase in purchases {
        *days.entry((purchase.client, purchase.date)).or_default() += purchase.cents;
    }
    let mut base = Base::new(Currency::USD, date(as_of), date("1997-01-01"));
    for ((who, on), net) in days {
        let on = BusinessDate::from_days(on).unwrap();
        base.push(client(who), Day { date: on, net, event: true }).unwrap();
    }
    base
}

/// All 23,570 clients.
pub(crate) fn master(as_of: &str) -> Base {
    base(&cdnow::purchases().unwrap(), as_of)
}

/// The same clients as books.
pub(crate) fn books(as_of: &str) -> Books {
    let base = master(as_of);
    let mut books = Books::new(base.as_of(), base.as_of(), None);
    for (client, purchases) in base.iter() {
        for day in purchases.days {
            books.day(client, &SalesDay::new(day.date, base.currency(), day.net, day.event, 1)).unwrap();
        }
    }
    books
}
