#![allow(clippy::unwrap_used)] // a test that cannot be set up has failed

use super::*;
use crate::metrics::status::Status;
use crate::model::Currency;
use crate::model::record::{ClientClosed, Contact, Direction, NotNow, Subject, Visit};
use crate::portfolio::testing::{World, client, date, every};
use crate::portfolio::today::{self, Why};
use crate::rows::client::set_alias;

/// Client 1 bought every week until 2 March: dormant from 24 March, lost from 17 April.
fn world() -> World {
    let mut world = World::of(3);
    world.sales(1, Currency::EUR, 1_000, every(7, "2026-01-05", "2026-03-02"));
    world
}

fn all(world: &World, as_of: &str) -> Vec<Recovery> {
    of_client(&world.conn, &client(1), date(as_of)).unwrap().unwrap()
}

fn open(world: &World, as_of: &str) -> Recovery {
    let found = all(world, as_of);
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_iter().next().unwrap()
}

fn call(reason: Option<NoOrderReason>, offered: Option<&str>) -> Contact {
    Contact {
        outcome: Some(Outcome::NoOrder),
        no_order: reason,
        offered: offered.map(str::to_owned),
        ..Contact::new(Channel::Phone, Direction::Outgoing)
    }
}

#[test]
fn reason_attempts_offers_and_result_are_kept() {
    let mut world = world();
    assert_eq!(all(&world, "2026-03-23"), []);
    let first = open(&world, "2026-03-24");
    let stretch = first.stretch;
    assert_eq!((stretch.from, stretch.until, stretch.status), (date("2026-03-24"), None, Status::Dormant));
    assert_eq!(
        (stretch.last_purchase, first.reason, first.next),
        (date("2026-03-02"), None, Some(Next::AskReason))
    );
    // Of the day of the last purchase and before is nothing of it; between that and the stretch, the reason alone.
    world.record(1, "2026-03-02", call(Some(NoOrderReason::Credit), Some("nothing")));
    world.record(1, "2026-03-10", call(Some(NoOrderReason::StockLeft), None));
    assert_eq!(open(&world, "2026-03-24").reason, None, "what says nothing of why");
    world.record(1, "2026-03-12", call(Some(NoOrderReason::Competitor), None));
    let told = open(&world, "2026-03-24");
    let said = |on: &str, reason| Some(Reason::Said { on: date(on), reason });
    assert_eq!(told.reason, said("2026-03-12", NoOrderReason::Competitor));
    assert_eq!((told.attempts.len(), told.next), (0, Some(Next::Offer)));
    // A visit and a call; what is planned is no attempt.
    world.record(1, "2026-04-01", Visit { offered: Some("5 %".into()), ..Visit::done(Outcome::BuyerAway) });
    world.record(1, "2026-04-02", call(Some(NoOrderReason::Price), None));
    world.record(1, "2026-04-03", Visit::planned(date("2026-04-10")));
    let told = open(&world, "2026-04-20");
    assert_eq!(
        (told.stretch.status, told.reason.clone()),
        (Status::Lost, said("2026-04-02", NoOrderReason::Price))
    );
    let attempts: Vec<_> =
        told.attempts.iter().map(|of| (of.on, of.channel, of.offered.as_deref())).collect();
    assert_eq!(
        attempts,
        [(date("2026-04-01"), None, Some("5 %")), (date("2026-04-02"), Some(Channel::Phone), None)]
    );
    assert_eq!((told.offers().count(), told.next), (1, Some(Next::TryAgain)));
    assert_eq!(open(&world, "2026-04-15").next, Some(Next::Wait(date("2026-04-16"))));
    assert_eq!(open(&world, "2026-04-01").attempts.len(), 1, "what comes later is not known");
    // Somebody closes it, and it buys again: that is the result, and stays told.
    let closed =
        ClientClosed { competitor: Some("Otro".into()), ..ClientClosed::new(LossReason::Competitor) };
    world.record(1, "2026-05-01", closed);
    let told = open(&world, "2026-05-01");
    assert!(
        matches!(&told.reason, Some(Reason::Closed { reason: LossReason::Competitor, competitor: Some(by), .. }) if by == "Otro")
    );
    assert_eq!(told.stretch.status, Status::Closed);
    world.record(1, "2026-06-10", call(None, Some("10 %")));
    world.sales(1, Currency::EUR, 1_000, [date("2026-06-10")]);
    let told = open(&world, "2026-06-30");
    assert_eq!((told.stretch.until, told.next), (Some(date("2026-06-10")), None));
    assert_eq!(told.attempts.len(), 3, "the call of the day on which it bought is the one that did it");
    assert_eq!(told.words(Language::Spanish), "Volvió a comprar el 2026-06-10.");
    // Away again: a stretch of its own, with nothing of the one before.
    let [again, before] = &all(&world, "2026-12-31")[..] else { panic!() };
    assert_eq!((again.reason.as_ref(), again.attempts.len(), before), (None, 0, &told));
    assert_eq!(again.words(Language::English), "Ask for the reason, and note it.");
    assert_eq!(of_client(&world.conn, &client(2), date("2026-06-30")).unwrap(), Some(vec![]));
    assert_eq!(of_client(&world.conn, &client(9), date("2026-06-30")).unwrap(), None);
}

#[test]
fn what_was_written_about_a_merged_client_counts_with_the_one_that_is_kept() {
    let mut world = world();
    world.record(2, "2026-04-01", call(Some(NoOrderReason::Price), Some("5 %")));
    assert_eq!(open(&world, "2026-04-20").attempts, []);
    set_alias(&world.conn, 2, Some(&client(1))).unwrap();
    let told = open(&world, "2026-04-20");
    assert_eq!((told.attempts.len(), told.offers().count()), (1, 1));
    assert_eq!(of_client(&world.conn, &client(2), date("2026-04-20")).unwrap(), Some(vec![told]));
}

#[test]
fn todays_list_asks_for_what_is_next_until_it_is_put_off() {
    let mut world = world();
    let told = |world: &World, on: &str| -> Vec<(String, String)> {
        let list = today::list(&world.conn, None, date(on)).unwrap();
        let reasons = list.iter().flat_map(|entry| &entry.reasons);
        let of = |of: &&today::Reason| matches!(of.why, Why::WinBack { .. });
        let words =
            |of: &today::Reason| (of.words(Language::Spanish, date(on)), of.advice(Language::Spanish));
        reasons.filter(of).map(words).collect()
    };
    let one = |words: &str, advice: &str| vec![(words.to_owned(), advice.to_owned())];
    assert_eq!(told(&world, "2026-03-23"), []);
    assert_eq!(
        told(&world, "2026-03-25"),
        one(
            "Dormido desde hace un día (nadie sabe por qué); aún no se ha intentado nada",
            "Preguntar el motivo y anotarlo."
        )
    );
    world.record(1, "2026-03-26", call(Some(NoOrderReason::Price), None));
    assert_eq!(told(&world, "2026-04-08"), [], "somebody tried a fortnight ago");
    assert_eq!(
        told(&world, "2026-04-09"),
        one(
            "Dormido desde hace 16 días (Precio); un intento",
            "Ofrecer algo frente al motivo, y anotar qué."
        )
    );
    world.record(1, "2026-04-20", call(None, Some("5 %")));
    assert_eq!(
        told(&world, "2026-05-05"),
        one("Perdido desde hace 42 días (Precio); 2 intentos", "Intentarlo otra vez, con otra oferta.")
    );
    world.record(1, "2026-05-05", NotNow::new(Subject::WinBack, Some(date("2026-06-01"))));
    assert_eq!((told(&world, "2026-05-31").len(), told(&world, "2026-06-01").len()), (0, 1));
    // A year after it stopped it is for the figures alone.
    assert_eq!((told(&world, "2027-03-23").len(), told(&world, "2027-03-24").len()), (1, 0));
    world.record(1, "2026-06-02", ClientClosed::new(LossReason::Price));
    assert_eq!(told(&world, "2026-06-30"), [], "closed by somebody who knew why");
}
