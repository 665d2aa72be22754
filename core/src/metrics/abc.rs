//! ABC classes: clients by falling net revenue, A up to 80 % of the total, B to 95 %, C the rest.
//!
//! A client belongs to the class in which its own revenue begins. Clients without positive revenue have no class. The
//! classes hang on the whole base, so the relay makes the cuts, and a phone asks them: where each class ends, as the
//! revenue and the id of its last client.

use super::base::Base;
use super::concentration::clamp;
use super::window::Window;
use crate::model::ClientId;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    A,
    B,
    C,
}

impl Class {
    pub const ALL: [Self; 3] = [Self::A, Self::B, Self::C];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        }
    }
}

/// Per cent of the total up to which a class begins.
const A_PERCENT: i128 = 80;
const B_PERCENT: i128 = 95;

/// The last client of a class, in the order of [`rank`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Last {
    /// Minor units.
    pub net: i64,
    pub client: ClientId,
}

/// Where classes A and B end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cuts {
    /// `None` where nobody has revenue.
    pub a: Option<Last>,
    /// The same as `a` where no client begins in B.
    pub b: Option<Last>,
    /// Clients with positive revenue.
    pub clients: u64,
}

/// Greater revenue first, then the smaller id.
fn rank(net: i64, client: &ClientId) -> (std::cmp::Reverse<i64>, &ClientId) {
    (std::cmp::Reverse(net), client)
}

impl Cuts {
    /// Of clients' net revenue in minor units.
    pub fn of(revenue: impl IntoIterator<Item = (ClientId, i64)>) -> Self {
        let mut ranked: Vec<(ClientId, i64)> = revenue.into_iter().filter(|(_, net)| *net > 0).collect();
        ranked.sort_unstable_by(|(a, of_a), (b, of_b)| rank(*of_a, a).cmp(&rank(*of_b, b)));
        let total: i128 = ranked.iter().map(|(_, net)| i128::from(*net)).sum();
        let mut cuts = Self { clients: ranked.len() as u64, ..Self::default() };
        let mut before: i128 = 0;
        for (client, net) in ranked {
            let last = Some(Last { net, client });
            if before * 100 < A_PERCENT * total {
                (cuts.a, cuts.b) = (last, last);
            } else if before * 100 < B_PERCENT * total {
                cuts.b = last;
            } else {
                break;
            }
            before += i128::from(net);
        }
        cuts
    }

    /// Of what the clients of a base brought in a window, 12 months as a rule.
    pub fn of_base(base: &Base, window: Window) -> Self {
        Self::of(base.iter().map(|(client, purchases)| (client, clamp(purchases.within(window).net()))))
    }

    /// The class of a client with this revenue in the window of the cuts; `None` without positive revenue.
    pub fn class(&self, client: &ClientId, net: i64) -> Option<Class> {
        if net <= 0 {
            return None;
        }
        let is_within = |last: &Option<Last>| {
            last.as_ref().is_some_and(|last| rank(net, client) <= rank(last.net, &last.client))
        };
        Some(if is_within(&self.a) {
            Class::A
        } else if is_within(&self.b) {
            Class::B
        } else {
            Class::C
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::client;

    fn classes(revenue: &[i64]) -> Vec<Option<Class>> {
        let of = |index: usize| client(index as u8);
        let cuts = Cuts::of(revenue.iter().enumerate().map(|(index, net)| (of(index), *net)));
        revenue.iter().enumerate().map(|(index, net)| cuts.class(&of(index), *net)).collect()
    }

    use Class::{A, B, C};

    #[test]
    fn a_client_belongs_where_its_revenue_begins() {
        assert_eq!(classes(&[800, 150, 50]), [Some(A), Some(B), Some(C)]);
        assert_eq!(classes(&[799, 151, 50]), [Some(A), Some(A), Some(C)]);
        assert_eq!(classes(&[50, 0, 800, -20, 149, 1]), [Some(B), None, Some(A), None, Some(B), Some(C)]);
        assert_eq!(classes(&[1_000]), [Some(A)]);
        assert_eq!(classes(&[960, 40]), [Some(A), Some(C)], "no client begins in B");
    }

    #[test]
    fn equal_revenue_is_told_apart_by_id() {
        assert_eq!(classes(&[10; 10]), [[Some(A); 8].as_slice(), &[Some(B); 2]].concat());
        assert_eq!(classes(&[1; 20]), [[Some(A); 16].as_slice(), &[Some(B); 3], &[Some(C)]].concat());
    }

    #[test]
    fn nobody_has_a_class_without_revenue() {
        let cuts = Cuts::of([(client(1), 0), (client(2), -5)]);
        assert_eq!(cuts, Cuts::default());
        assert_eq!(cuts.class(&client(1), 0), None);
        assert_eq!(cuts.class(&client(1), 5), Some(C), "the cuts are older than the sale");
    }
}
