//! Concentration by whatever parts there are: fiscal groups, regions, families, reps, and of open credit; how it moved
//! against the window before, and what would be left without the first part.

use std::collections::BTreeMap;

use super::base::Base;
use super::concentration::{Concentration, clamp};
use super::figure::{Figure, Ratio, Withheld};
use super::lines::Families;
use super::window::Window;
use crate::model::{BusinessDate, ClientId, Currency, PersonId};
use crate::rows::relations::{Client, Credit, Due};

/// What a part of an amount is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Client(ClientId),
    Person(PersonId),
    /// A fiscal group, a region, a family, by its name.
    Name(String),
}

/// By which clients, or lines, are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// Clients of one fiscal group are one; who has none stands alone.
    Group,
    Region,
    Family,
    Rep,
    /// What groups owe, and clients without one.
    OpenCredit,
}

impl Dimension {
    pub const ALL: [Self; 5] = [Self::Group, Self::Region, Self::Family, Self::Rep, Self::OpenCredit];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Region => "region",
            Self::Family => "family",
            Self::Rep => "rep",
            Self::OpenCredit => "open_credit",
        }
    }
}

/// How an amount spreads over its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    pub now: Concentration,
    /// Of the equally long window before; withheld where it reaches before the history, and for what has no past.
    pub before: Result<Concentration, Withheld>,
    /// Greatest first, those without a positive amount left out.
    pub parts: Vec<(Part, i64)>,
    /// Clients behind the parts.
    pub clients: u64,
    /// Clients left out: in no part, or in one without a positive amount.
    pub clients_left_out: u64,
    /// Minor units of what is in no part.
    pub unassigned: i128,
}

/// Amounts as they are gathered.
#[derive(Debug, Default)]
struct Gathered {
    parts: BTreeMap<Part, (i128, std::collections::BTreeSet<ClientId>)>,
    unassigned: i128,
    unassigned_clients: std::collections::BTreeSet<ClientId>,
}

impl Gathered {
    fn of(amounts: impl Iterator<Item = (Option<Part>, ClientId, i128)>) -> Self {
        let mut gathered = Self::default();
        for (part, client, amount) in amounts {
            match part {
                Some(part) => {
                    let (sum, clients) = gathered.parts.entry(part).or_default();
                    *sum += amount;
                    clients.insert(client);
                }
                None => {
                    gathered.unassigned += amount;
                    gathered.unassigned_clients.insert(client);
                }
            }
        }
        gathered
    }

    fn concentration(&self) -> Concentration {
        Concentration::of(self.parts.values().map(|(amount, _)| clamp(*amount)))
    }

    fn spread(self, before: Result<Self, Withheld>) -> Spread {
        let now = self.concentration();
        let mut clients = std::collections::BTreeSet::new();
        let mut parts = Vec::new();
        let mut left_out = self.unassigned_clients;
        for (part, (amount, of_part)) in self.parts {
            if amount > 0 {
                clients.extend(of_part);
                parts.push((part, clamp(amount)));
            } else {
                left_out.extend(of_part);
            }
        }
        parts.sort_by(|(one, of_one), (other, of_other)| of_other.cmp(of_one).then(one.cmp(other)));
        let clients_left_out = left_out.difference(&clients).count() as u64;
        Spread {
            now,
            before: before.map(|before| before.concentration()),
            parts,
            clients: clients.len() as u64,
            clients_left_out,
            unassigned: self.unassigned,
        }
    }
}

impl Spread {
    /// Share of the greatest `n` parts now, and by how much it moved since the window before.
    pub fn top(&self, n: usize) -> (Figure<Ratio>, Figure<f64>) {
        let now = self.now.top(n);
        (now, self.moved(|of| of.top(n).value.map(Ratio::get)))
    }

    pub fn hhi(&self) -> (Figure<f64>, Figure<f64>) {
        (self.now.hhi(), self.moved(|of| of.hhi().value))
    }

    /// Minor units and share that would be left without the greatest part.
    pub fn without_first(&self) -> Figure<Ratio> {
        self.now.without_first()
    }

    fn moved(&self, of: impl Fn(&Concentration) -> Result<f64, Withheld>) -> Figure<f64> {
        let moved =
            self.before.as_ref().map_err(|why| *why).and_then(|before| Ok(of(&self.now)? - of(before)?));
        let records = self.now.parts() + self.before.as_ref().map_or(0, Concentration::parts);
        Figure { value: moved, records: if moved.is_ok() { records } else { 0 } }
    }
}

/// The fiscal group of a client, or the client itself.
pub fn group_of(client: &ClientId, known: Option<&Client>) -> Part {
    match known.and_then(|known| known.fiscal_group.clone()) {
        Some(group) => Part::Name(group),
        None => Part::Client(*client),
    }
}

/// Net revenue by a part of clients, in the window and in the one before.
pub fn of_revenue(
    base: &Base,
    now: Window,
    before: Option<Window>,
    part: impl Fn(&ClientId) -> Option<Part>,
) -> Result<Spread, Withheld> {
    if !base.covers(now) {
        return Err(Withheld::BeforeHistory);
    }
    let of = |window: Window| {
        Gathered::of(base.iter().filter_map(|(client, purchases)| {
            let within = purchases.within(window);
            (!within.days.is_empty()).then(|| (part(&client), client, within.net()))
        }))
    };
    let before = before.filter(|before| base.covers(*before)).ok_or(Withheld::BeforeHistory);
    Ok(of(now).spread(before.map(of)))
}

/// Net revenue by family.
pub fn of_families(families: &Families<'_>, now: Window, before: Option<Window>) -> Result<Spread, Withheld> {
    if !families.covers(now) {
        return Err(Withheld::BeforeHistory);
    }
    let of = |window: Window| {
        let within = families.sold.iter().filter(|sold| window.contains(sold.date));
        Gathered::of(within.map(|sold| {
            let name = families.family(sold.family).map(|name| Part::Name(name.to_owned()));
            (name, sold.client, i128::from(sold.net))
        }))
    };
    let before = before.filter(|before| families.covers(*before)).ok_or(Withheld::BeforeHistory);
    Ok(of(now).spread(before.map(of)))
}

/// What clients owe, by group: what the office says that they used of their credit, or else the sum of what is still to
/// be paid of their due items. What it says of a later day is not known on this one: then due items count, which tell
/// what was open when. It is of one day, so it has no window before.
pub fn of_open_credit(
    dues: &[Due],
    credits: &[Credit],
    currency: Currency,
    as_of: BusinessDate,
    group: impl Fn(&ClientId) -> Part,
) -> Spread {
    let mut owed: BTreeMap<ClientId, i128> = BTreeMap::new();
    for due in dues.iter().filter(|due| due.currency == currency) {
        *owed.entry(due.client).or_default() += i128::from(super::payment::open_on(due, as_of));
    }
    for credit in credits.iter().filter(|credit| credit.as_of.is_none_or(|said| said <= as_of)) {
        if let Some(used) = credit.used.filter(|used| used.currency == currency) {
            owed.insert(credit.client, used.minor.into());
        }
    }
    let amounts = owed.into_iter().map(|(client, amount)| (Some(group(&client)), client, amount));
    Gathered::of(amounts).spread(Err(Withheld::NoData))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::{base, client, window};

    #[test]
    fn a_client_that_buys_of_a_family_that_counts_is_not_left_out() {
        use crate::rows::relations::{Lines, Sold};
        let sold = |who, family, net| Sold {
            currency: Currency::EUR,
            client: client(who),
            family,
            unit: None,
            date: "2026-02-01".parse().unwrap(),
            net,
            quantity: 0,
            invoiced: net > 0,
        };
        let lines = Lines {
            families: vec!["a".into(), "b".into()],
            sold: vec![sold(1, None, 9), sold(1, Some(0), 70), sold(2, Some(1), -5), sold(3, Some(0), 30)],
            ..Lines::default()
        };
        let families = Families::of(&lines, Currency::EUR, "2026-01-01".parse().unwrap());
        let found = of_families(&families, window("2026-01-01", "2027-01-01"), None).unwrap();
        assert_eq!(found.parts, [(name("a"), 100)]);
        assert_eq!((found.clients, found.clients_left_out, found.unassigned), (2, 1, 9));
        let later = Families::of(&lines, Currency::EUR, "2026-01-02".parse().unwrap());
        let withheld = of_families(&later, window("2026-01-01", "2027-01-01"), None);
        assert_eq!(withheld, Err(Withheld::BeforeHistory));
    }

    #[test]
    fn what_the_office_says_of_credit_counts_before_due_items() {
        let due = |who, open| Due {
            client: client(who),
            issued: None,
            due: "2026-02-01".parse().unwrap(),
            currency: Currency::EUR,
            amount: open,
            open,
            paid: None,
            returned: false,
        };
        let used = |minor, currency| Some(crate::model::Money::new(minor, currency));
        let credits = [
            Credit {
                client: client(2),
                limit: None,
                used: used(500, Currency::EUR),
                as_of: Some("2026-03-01".parse().unwrap()),
            },
            Credit { client: client(1), limit: None, used: used(9_999, Currency::USD), as_of: None },
        ];
        let dues = [due(1, 40), due(1, 60), due(2, 7), due(3, -5)];
        let at = |as_of: &str| {
            let as_of = as_of.parse().unwrap();
            of_open_credit(&dues, &credits, Currency::EUR, as_of, |id| Part::Client(*id))
        };
        let before = at("2026-02-28");
        assert_eq!(
            before.parts,
            [(Part::Client(client(1)), 100), (Part::Client(client(2)), 7)],
            "what it will say is not known yet"
        );
        let found = at("2026-03-01");
        assert_eq!(found.parts, [(Part::Client(client(2)), 500), (Part::Client(client(1)), 100)]);
        assert_eq!((found.clients, found.clients_left_out), (2, 1));
        assert_eq!(found.top(1).1, Figure::withheld(Withheld::NoData, 0), "it has no past");
    }

    fn name(text: &str) -> Part {
        Part::Name(text.into())
    }

    #[test]
    fn groups_count_as_one_and_clients_left_out_are_counted() {
        let days = [
            (1, "2025-02-01", 100),
            (1, "2026-02-01", 300),
            (2, "2025-02-01", 100),
            (2, "2026-02-01", 200),
            (3, "2025-02-01", 200),
            (3, "2026-02-01", 250),
            (4, "2026-02-01", -20),
            (5, "2026-02-01", 250),
            (6, "2026-02-01", 40),
        ];
        let base = base("2026-12-31", "2025-01-01", &days);
        let (now, before) = (window("2026-01-01", "2027-01-01"), window("2025-01-01", "2026-01-01"));
        let part = |id: &ClientId| match id.as_bytes()[0] {
            1 | 2 => Some(name("grupo")),
            6 => None,
            _ => Some(Part::Client(*id)),
        };
        let found = of_revenue(&base, now, Some(before), part).unwrap();
        assert_eq!(
            found.parts,
            [(name("grupo"), 500), (Part::Client(client(3)), 250), (Part::Client(client(5)), 250)]
        );
        assert_eq!((found.clients, found.clients_left_out, found.unassigned), (4, 2, 40));
        let (top, moved) = found.top(1);
        assert_eq!(top, Figure::new(Ratio { part: 500, whole: 1_000 }, 3));
        assert_eq!((moved.value, moved.records), (Ok(0.0), 5), "half then too");
        let (hhi, moved) = found.hhi();
        // 50^2 + 25^2 + 25^2 = 3,750 now; 50^2 + 50^2 = 5,000 before.
        assert!((hhi.value.unwrap() - 3_750.0).abs() < 1e-9 && (moved.value.unwrap() + 1_250.0).abs() < 1e-9);
        assert_eq!(found.without_first().value, Ok(Ratio { part: 500, whole: 1_000 }));

        let unknown = of_revenue(
            &base,
            window("2025-01-01", "2026-01-01"),
            Some(window("2024-01-01", "2025-01-01")),
            part,
        );
        assert_eq!(unknown.unwrap().top(1).1, Figure::withheld(Withheld::BeforeHistory, 0));
        assert_eq!(
            of_revenue(&base, window("2024-01-01", "2025-01-01"), None, part),
            Err(Withheld::BeforeHistory)
        );
    }
}
