//! All 23,570 clients and 69,659 purchases.

use cartera_core::metrics::Window;
use cartera_core::metrics::abc::{Class, Cuts};
use cartera_core::metrics::cohorts::cohorts;
use cartera_core::metrics::concentration::{Concentration, clamp};
use cartera_core::metrics::retention::{repeat_rate, retention};
use cartera_core::metrics::rfm;
use cartera_core::metrics::status::{Life, Rule, Status, Thresholds, history, status};
use cartera_core::metrics::value::Worth;

use crate::data::{date, master};

const END: &str = "1998-06-30";

/// `value` to so many decimals.
fn to(value: f64, decimals: usize) -> String {
    format!("{value:.decimals$}")
}

#[test]
fn status_by_fixed_thresholds() {
    let base = master(END);
    let mut counts = [0; 5];
    let mut since = [0; 4];
    for (_, purchases) in base.iter() {
        let events: Vec<_> = purchases.events().collect();
        let life = Life { events: &events, ..Life::default() };
        let rule = Rule::Fixed(Thresholds::FIXED);
        let found = status(life, rule, base.as_of());
        assert_eq!(history(life, rule, base.as_of()).last().map(|change| change.status), Some(found));
        counts[Status::ALL.iter().position(|status| *status == found).unwrap()] += 1;
        let days = base.as_of().days() - events.last().unwrap().days();
        since[[90, 180, 365].iter().filter(|most| days > **most).count()] += 1;
    }
    assert_eq!(counts, [0, 3_317, 2_057, 2_976 + 15_220, 0]);
    assert_eq!(since, [3_317, 2_057, 2_976, 15_220]);
}

#[test]
fn value_so_far() {
    let worth = Worth::of_base(&master(END));
    assert_eq!((worth.net, worth.events, worth.clients), (250_031_563, 67_591, 23_570));
    assert_eq!(to(worth.average_transaction().value.unwrap() / 100.0, 3), "36.992");
    assert_eq!(to(worth.events_per_client().value.unwrap(), 5), "2.86767");
    assert_eq!(to(worth.clv_per_client().value.unwrap() / 100.0, 2), "106.08");
}

#[test]
fn average_times_frequency_times_duration_is_net_revenue_for_every_client() {
    let base = master(END);
    for (client, purchases) in base.iter() {
        let worth = Worth::of(purchases, None, base.as_of());
        let product = worth.average_transaction().value.unwrap()
            * worth.frequency_per_day().value.unwrap()
            * worth.duration_days as f64;
        let net = worth.net as f64;
        assert!((product - net).abs() <= net.abs() * 1e-12, "{client}: {product} and {net}");
    }
}

#[test]
fn retention_from_one_half_year_to_the_next() {
    let base = master(END);
    let window = |back| Window::months(date(END), 6, back).unwrap();
    let figure = retention(&base, window(1), window(0));
    let found = figure.value.unwrap();
    assert_eq!((found.kept, found.before, figure.records), (3_463, 6_421, 6_421));
    assert_eq!(to(100.0 * found.clients().value.unwrap().get(), 1), "53.9");
    assert_eq!(to(100.0 * found.churn().value.unwrap().get(), 1), "46.1");
    // The shortcut, (end - new) / start, would count those that were won back as kept.
    let shortcut = (found.kept + found.won_back) as f64 / found.before as f64;
    assert_eq!((to(100.0 * shortcut, 1).as_str(), found.new), ("83.7", 0));
    // Twelve months before the last twelve reach before the data begin.
    let year = |back| Window::months(date(END), 12, back).unwrap();
    assert!(retention(&base, year(1), year(0)).value.is_err());
}

#[test]
fn repeat_rate_by_purchase_day() {
    let found = repeat_rate(&master(END)).value.unwrap();
    assert_eq!((to(100.0 * found.get(), 2).as_str(), found.whole), ("48.86", 23_570));
}

#[test]
fn cohorts_by_month_of_first_purchase() {
    let found = cohorts(&master(END), |_| false);
    let first = &found[0];
    assert_eq!(first.month.first_day().unwrap(), date("1997-01-01"));
    let bought: Vec<i128> = (0..4).map(|months| first.cell(months).value.unwrap().part).collect();
    assert_eq!(bought, [7_846, 1_157, 964, 810]);
    assert_eq!(found.iter().map(|cohort| cohort.size).collect::<Vec<_>>(), [7_846, 8_476, 7_248]);
    assert_eq!(first.finished_months(), 18);
}

#[test]
fn concentration_of_revenue() {
    let found = Concentration::of(master(END).iter().map(|(_, purchases)| clamp(purchases.net())));
    assert_eq!(to(found.hhi().value.unwrap(), 2), "2.61");
    assert_eq!(to(100.0 * found.top_percent(20).value.unwrap().get(), 1), "67.8");
    assert_eq!((found.parts(), found.left_out), (23_502, 68));
}

#[test]
fn frequency_cuts_of_rfm() {
    let base = master(END);
    let window = base.whole().unwrap();
    let cuts = rfm::Cuts::of_base(&base, window).unwrap();
    assert_eq!(cuts.frequency.map(|cut| cut.value), [1, 1, 2, 4]);
    let mut by_score = [0; 6];
    for (_, purchases) in base.iter() {
        let scores = cuts.scores(rfm::Measures::of(purchases, window).unwrap());
        by_score[usize::from(scores.frequency)] += 1;
        assert!(scores.segment().is_some());
    }
    assert_eq!(by_score[2], 0, "half of all bought once, so nobody scores 2");
    assert_eq!((by_score.iter().sum::<u64>(), cuts.clients), (23_570, 23_570));
}

#[test]
fn abc_over_the_whole_window() {
    let base = master(END);
    let cuts = Cuts::of_base(&base, base.whole().unwrap());
    let classes: Vec<_> =
        base.iter().map(|(client, purchases)| cuts.class(&client, clamp(purchases.net()))).collect();
    let count = |class: Option<Class>| classes.iter().filter(|found| **found == class).count();
    let counts = [Some(Class::A), Some(Class::B), Some(Class::C), None].map(count);
    assert_eq!(counts, [7_695, 8_044, 7_763, 68]);
}
