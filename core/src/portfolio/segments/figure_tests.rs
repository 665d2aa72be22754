#![allow(clippy::unwrap_used)] // a test that cannot be set up has failed

use super::*;
use crate::model::office::{Credit, DueItem, Person, Territory};
use crate::model::record::{
    Agreement, Answer, Asked, Channel, ClientClosed, Contact, DataConfirmed, Direction, LossReason, Mode,
    ModeChoice, Outcome, Purchase, PurchaseSort, Survey, SurveyAnswer, Visit,
};
use crate::model::{Currency, Money, PersonId};
use crate::portfolio::testing::{NORTH, World, client, date, every};

const TODAY: &str = "2026-11-25";

/// Whom a rule takes in.
trait Found {
    fn found(&self, rule: &str) -> Vec<u8>;
    fn found_on(&self, rule: &str, today: &str) -> Vec<u8>;
}

impl Found for World {
    fn found(&self, rule: &str) -> Vec<u8> {
        self.found_on(rule, TODAY)
    }

    fn found_on(&self, rule: &str, today: &str) -> Vec<u8> {
        let parsed: Rule = rule.parse().unwrap_or_else(|error| panic!("{rule}: {error}"));
        assert_eq!(parsed.to_string().parse::<Rule>(), Ok(parsed), "{rule}");
        let members = members(&self.conn, Some(rule), &[], date(today));
        members.unwrap().into_iter().map(|client| client.as_bytes()[0]).collect()
    }
}

/// 1 buys every fortnight. 2 bought each month until March. 3 pays in dollars, and missed its rhythm. 4 was closed over
/// its price. 5 never bought. 6 buys every week, and far less in the last month.
fn world() -> World {
    let mut world = World::of(6);
    (1..=2).for_each(|n| world.territory(n, NORTH));
    let ana = Person { territories: vec![NORTH], ..Person::new("Ána", crate::model::access::Role::Rep) };
    world.office("person", PersonId::from_bytes([9; 16]).to_string(), None, ana.into());
    world.office("territory", NORTH.to_string(), None, Territory::new("Norte").into());
    world.sales(1, Currency::EUR, 10_000, every(14, "2025-01-01", "2026-11-18"));
    // A trifle in another currency, in which it is of class C.
    world.sales(1, Currency::USD, 5, [date("2025-06-04")]);
    world.sales(2, Currency::EUR, 50_000, every(30, "2025-01-15", "2026-03-15"));
    world.sales(3, Currency::USD, 7_000, every(30, "2025-02-01", "2026-09-30"));
    world.sales(4, Currency::EUR, 100, [date("2025-06-01")]);
    world.sales(6, Currency::EUR, 2_000, every(7, "2025-01-01", "2026-10-28"));
    world.sales(6, Currency::EUR, 100, every(7, "2026-11-04", "2026-11-25"));
    world.record(4, "2026-02-01", ClientClosed::new(LossReason::Price));
    // It bought again.
    world.record(1, "2025-03-01", ClientClosed::new(LossReason::Price));
    world.record(1, "2026-11-25", Visit::done(Outcome::Order));
    world.record(1, "2026-10-26", Visit::done(Outcome::Order));
    world.record(2, "2026-01-10", Visit::done(Outcome::Order));
    world.record(3, "2026-11-01", Contact::new(Channel::Phone, Direction::Outgoing));
    world.record(3, "2026-11-24", Purchase::new(PurchaseSort::Order, Currency::USD));
    world.record(1, "2026-05-25", DataConfirmed::all());
    world.record(2, "2026-05-26", DataConfirmed::all());
    world.record(2, "2026-11-01", ModeChoice::new(Some(Mode::Accompanied), "?"));
    world.record(6, "2026-01-01", Agreement::new("a", date("2026-01-01"), Some(date("2026-12-31"))));
    world.record(6, "2026-01-01", Agreement::new("b", date("2026-01-01"), Some(date("2026-11-24"))));
    world.record(1, "2026-01-01", SurveyAnswer::new(Survey::Nps, Asked::ByRep, vec![Answer::new(9)]));
    world.record(1, "2026-06-01", SurveyAnswer::new(Survey::Nps, Asked::ByRep, vec![Answer::new(6)]));
    let due = |on: &str, open| DueItem::new(date(on), Money::new(open, Currency::EUR), open);
    world.office("due_item", "V1".into(), Some(2), due("2026-11-24", 10_000).into());
    world.office("due_item", "V2".into(), Some(2), due("2026-11-25", 500).into());
    world.office(
        "due_item",
        "V3".into(),
        Some(1),
        DueItem {
            issued: Some(date("2026-09-01")),
            paid: Some(date("2026-10-11")),
            open: 0,
            ..due("2026-10-01", 700)
        }
        .into(),
    );
    let credit = Credit::new(Some(Money::new(300_000, Currency::EUR)), None, false);
    world.office("credit", client(2).to_string(), Some(2), credit.into());
    world.fit(TODAY);
    world
}

#[test]
fn every_figure_is_a_field() {
    let world = world();
    let mut wrong = Vec::new();
    for (rule, expected) in [
        ("status = active", &[1, 3, 6][..]),
        ("status = lost", &[2]),
        ("status = closed", &[4]),
        ("status in (lead, lost)", &[2, 5]),
        ("life_cycle = acquisition", &[5]),
        ("life_cycle = development", &[]),
        ("life_cycle = retention", &[3, 6]),
        ("life_cycle = loyalty", &[1]),
        ("life_cycle is empty", &[2, 4]),
        ("mode = win_back", &[4]),
        ("mode = renewal", &[6]),
        ("mode = accompanied", &[1, 2, 3, 5]),
        ("loss_reason = price", &[4]),
        ("loss_reason is empty", &[1, 2, 3, 5, 6]),
        ("agreement_until = 2026-12-31", &[6]),
        ("days_to_agreement_end = 36", &[6]),
        ("first_purchase = 2025-01-01", &[1, 6]),
        ("last_purchase < 2026-06-01", &[2, 4]),
        ("days_since_purchase = 7", &[1]),
        ("days_since_purchase < 7", &[6]),
        ("days_since_purchase <= 13", &[1, 6]),
        ("purchases = 1", &[4]),
        ("purchases = 0", &[5]),
        ("purchases is empty", &[]),
        ("usual_gap = 14", &[1]),
        ("usual_gap is empty", &[4, 5]),
        ("missed_slots >= 2 and status = active", &[3]),
        ("rhythm_missed = yes", &[2, 3]),
        ("falling = yes and status = active", &[3, 6]),
        ("volume_ratio <= 0.7 and falling = yes", &[2, 3, 6]),
        ("abc_class = A", &[1, 2, 3]),
        ("abc_class = C", &[4]),
        ("abc_class is empty", &[5]),
        ("value_so_far >= 4900 EUR", &[1, 2]),
        ("value_so_far > 1 USD", &[3]),
        ("value_so_far is empty", &[5]),
        ("value_so_far is not empty", &[1, 2, 3, 4, 6]),
        ("average_purchase = 100 EUR", &[1]),
        ("average_purchase = 70 USD", &[3]),
        ("at_stake > 0 USD", &[3]),
        ("at_stake > 0 EUR", &[]),
        ("revenue(28) = 4 EUR", &[6]),
        ("revenue(30) = 0 EUR", &[2, 3, 4, 5]),
        ("revenue(695) > 0 EUR", &[]), // before the history
        ("revenue(694) > 0 EUR", &[1, 2, 4, 6]),
        ("purchases_a_year > 40", &[6]),
        ("rfm_recency is not empty", &[1, 2, 3, 4, 6]),
        ("rfm_frequency >= 4", &[6]),
        ("rfm_segment is empty", &[5]),
        ("open_balance = 105 EUR", &[2]),
        ("overdue_balance = 100 EUR", &[2]),
        ("overdue_balance is empty", &[3, 4, 5, 6]),
        ("days_overdue = 1", &[2]),
        ("days_to_pay = 40", &[1]),
        ("days_late = 10", &[1]),
        ("payments_returned = 0", &[1, 2]),
        ("credit_limit = 3000 EUR", &[2]),
        ("credit_limit > 1 USD", &[]),
        ("credit_used is empty", &[1, 2, 3, 4, 5, 6]),
        ("nps_answer = 6", &[1]),
        ("visits(1) = 1", &[1]),
        ("visits(30) = 1", &[1]),
        ("visits(31) = 2", &[1]),
        ("visits(365) = 0", &[3, 4, 5, 6]),
        ("visits(319) = 1", &[]),
        ("visits(320) = 1", &[2]),
        ("visits(1) = 1 and visits(31) = 2", &[1]),
        ("value_so_far > 1 USD or value_so_far > 6000 EUR", &[2, 3]),
        ("contacts(30) = 1", &[3]),
        ("orders(2) = 1", &[3]),
        ("orders(1) > 0", &[]),
        ("visit_interval = 15", &[1, 3]),
        ("visit_overdue = no and visit_interval = 15", &[1]),
        ("visit_overdue is empty", &[2, 4, 5]),
        ("contact_confirmed = 2026-05-26", &[2]),
        ("contact_stale = no", &[2]),
        ("territory = \"norte\"", &[1, 2]),
        ("rep = \"ana\"", &[1, 2]),
        ("territory is empty", &[3, 4, 5, 6]),
        ("status = active and (abc_class = A or visits(60) > 0) and rhythm_missed = no", &[1]),
    ] {
        let found = world.found(rule);
        if found != expected {
            wrong.push(format!("{rule}: {found:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_the_calendar_moves_is_right_on_any_day_without_a_row_written() {
    let world = world();
    let mut wrong = Vec::new();
    for (rule, on, expected) in [
        ("status = active", "2026-03-15", &[1, 2, 3, 6][..]),
        ("status = lead", "2025-01-14", &[2, 3, 4, 5]),
        ("life_cycle = acquisition", "2025-01-14", &[1, 2, 3, 4, 5]),
        ("life_cycle = development", "2025-12-31", &[1, 2, 3, 6]),
        ("life_cycle = development", "2026-01-01", &[2, 3]),
        ("life_cycle = loyalty", "2026-01-01", &[1, 6]),
        ("days_since_purchase = 90", "2026-06-09", &[2]),
        ("days_since_purchase = 91", "2026-06-10", &[2]),
        ("overdue_balance = 100 EUR", "2026-11-24", &[]),
        ("overdue_balance = 105 EUR", "2026-11-26", &[2]),
        ("visits(1) = 1", "2026-11-26", &[]),
        ("contact_stale = no", "2026-11-24", &[1, 2]),
        ("contact_stale = no", "2026-11-26", &[]),
        ("agreement_until = 2026-11-24", "2026-11-24", &[6]),
        ("mode = renewal", "2027-01-01", &[]),
    ] {
        let found = world.found_on(rule, on);
        if found != expected {
            wrong.push(format!("{rule} on {on}: {found:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_rule_says_of_how_many_days() {
    let of = |rule: &str| rule.parse::<Rule>().map(|rule| rule.to_string());
    assert_eq!(of("Visits ( 30 ) = 0"), Ok("visits(30) = 0".into()));
    assert!(of(&format!("visits({DAYS_MAX}) = 0")).is_ok());
    for (rule, at) in [
        ("visits = 0", 8),
        ("visits(0) = 0", 8),
        ("visits(-1) = 0", 8),
        (&format!("visits({}) = 0", DAYS_MAX + 1), 8),
        ("visits(a) = 0", 8),
        ("visits(30 = 0", 11),
        ("visits(30) 0", 12),
        ("conflicts(30) = 0", 10),
    ] {
        let error = of(rule).unwrap_err();
        assert_eq!((error.code(), error.at()), ("rule_unexpected", Some(at)), "{rule}: {error}");
    }
    assert_eq!(of("status = dead").unwrap_err().code(), "rule_word");
    assert_eq!(of("alive contains 1").unwrap_err().code(), "rule_operator");
}
