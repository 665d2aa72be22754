//! One visit of the plan and two people who do not know of each other.

use cartera_core::model::office::VisitPlan;
use cartera_core::model::record::{Outcome, PlanKey, Visit};
use cartera_core::rows::plan::{self, Mark, Standing};
use cartera_core::store::StoreError;

use super::world::{Phone, World};

#[test]
fn a_visit_that_was_made_is_not_moved_by_a_later_word() {
    let world = World::new();
    let north = world.territory("Norte");
    let (ana, luis) = (world.phone("Ana", &[north]), world.phone("Luis", &[north]));
    let sol = ana.bar("Bar Sol", north);
    ana.sync();
    let today = ana.engine.today().unwrap();
    let every_day = VisitPlan::new(today, 1, vec![1, 2, 3, 4, 5, 6, 7]);
    world.office("visit_plan", "R1", Some(sol), every_day);
    ana.sync();
    luis.sync();
    let key = PlanKey::new(sol, "R1", today);
    // Luis makes it; Ana, who does not know, has more to say of the client, and moves it last.
    let visit = Visit { plan: Some(key.clone()), ..Visit::done(Outcome::NoOrder) };
    let made = luis.engine.log_visit(&sol, visit).unwrap().id;
    for _ in 0..3 {
        ana.engine.log_visit(&sol, Visit::planned(today.plus_days(20).unwrap())).unwrap();
    }
    let other_day = today.plus_days(2).unwrap();
    ana.engine.move_planned(&sol, key.clone(), other_day, None).unwrap();
    for phone in [&luis, &ana, &luis] {
        assert!(phone.sync().refused.is_empty());
    }
    let told = |phone: &Phone| {
        let end = today.plus_days(3).unwrap();
        let read = |conn: &rusqlite::Connection| Ok(plan::of_client(conn, &sol, today, end)?);
        let visits = phone.engine.store().read::<_, StoreError>(read).unwrap();
        visits
            .into_iter()
            .map(|visit| (visit.date, visit.record.is_some(), visit.standing))
            .collect::<Vec<_>>()
    };
    let expected = [
        (today, false, Standing::Marked(Mark::Done(made))),
        (today.plus_days(1).unwrap(), false, Standing::Due),
        (other_day, false, Standing::Due),
    ];
    for phone in [&ana, &luis] {
        assert_eq!(told(phone), expected);
        let again = phone.engine.move_planned(&sol, key.clone(), other_day, None);
        assert_eq!(again.unwrap_err().code(), "unknown_record");
    }
}
