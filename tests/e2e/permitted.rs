//! What somebody may not do is refused on the phone before it is written, by the table that the relay judges by.

use cartera_core::engine::EngineError;
use cartera_core::model::access::Action;
use cartera_core::model::record::{Body, Kind, Note, Outcome, Visit, VoidReason};

use crate::world::World;

#[test]
fn a_rep_corrects_own_records_and_nobody_else_s() {
    let world = World::new();
    let north = world.territory("Norte");
    let (ana, luis) = (world.phone("Ana", &[north]), world.phone("Luis", &[north]));
    let client = ana.client("Bar Sol");
    let visit = ana.engine.log_visit(&client, Visit::done(Outcome::Attended)).unwrap();
    // Not even sent yet, and Ana's own: she may.
    ana.engine.amend(&client, visit.id, Body::from(Visit::done(Outcome::Attended))).unwrap();
    ana.sync();
    luis.sync();
    let before = luis.timeline(&client);
    assert_eq!(before.len(), 1, "Luis has Ana's visit");

    let amended = luis.engine.amend(&client, visit.id, Body::from(Visit::done(Outcome::Attended)));
    assert!(matches!(amended, Err(EngineError::Forbidden(Action::CorrectRecord))), "{amended:?}");
    let voided = luis.engine.void(&client, Kind::Visit, visit.id, VoidReason::Mistake);
    assert!(matches!(voided, Err(EngineError::Forbidden(Action::CorrectRecord))), "{voided:?}");
    assert_eq!(luis.timeline(&client), before, "nothing was written");

    // His own on the same page he may write and take back.
    let note = luis.engine.record(&client, Note::new("Cierra los lunes")).unwrap();
    luis.engine.void(&client, Kind::Note, note.id, VoidReason::Mistake).unwrap();
    let report = luis.sync();
    assert_eq!((report.sent, report.refused.len()), (2, 0));
}
