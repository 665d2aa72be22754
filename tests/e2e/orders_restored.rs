//! Orders after a restore: what the ERP has already it is never offered again.

use std::collections::BTreeSet;

use cartera_core::model::ClientId;
use cartera_core::model::RecordId;
use cartera_core::model::office::{OrderFlag, OrderStage};
use cartera_core::model::record::Body;
use cartera_relay::devices::manage;
use cartera_relay::keys::Keys;
use cartera_relay::orders;
use cartera_relay::people::access::By;
use serde_json::json;

use super::orders::{Erp, order};
use super::restored::{restore, restore_with_journal, settle};
use super::world::{Phone, World, text};

impl Phone {
    fn place(&self, client: &ClientId) -> RecordId {
        let id = self.engine.new_record_id();
        self.engine.place_order(client, id, order(1)).unwrap();
        id
    }

    /// Stage, number, reason and flags.
    fn stands(&self, id: &RecordId) -> (OrderStage, Option<String>, Option<String>, BTreeSet<OrderFlag>) {
        let life = self.life(id);
        let office = life.steps.iter().rev().find_map(|(step, _)| match step {
            cartera_core::query::orders::Step::Office(stage) => Some(*stage),
            _ => None,
        });
        (office.unwrap(), life.number, life.reason, life.flags.iter().map(|flag| flag.flag).collect())
    }
}

fn bar(phone: &Phone) -> ClientId {
    let bar = phone.client("Bar");
    phone.engine.edit_client(&bar, vec![text("erp_code", "C1")]).unwrap();
    bar
}

fn ids(open: &[(String, String)]) -> Vec<String> {
    open.iter().map(|(id, _)| id.clone()).collect()
}

impl Erp {
    fn letters(&self) -> BTreeSet<(String, String)> {
        let (_, body) = self.send("GET", "/v1/orders/dead_letters", None);
        let text = |letter: &serde_json::Value, name: &str| letter[name].as_str().unwrap().to_owned();
        body["orders"].as_array().unwrap().iter().map(|l| (text(l, "order_id"), text(l, "why"))).collect()
    }
}

#[test]
fn without_the_journal_no_order_is_offered_until_the_office_has_said_what_it_has() {
    let world = World::new();
    let north = world.territory("Norte");
    let ana = world.phone("Ana", &[north]);
    let erp = Erp::of(&world);
    let bar = bar(&ana);
    let old = ana.place(&bar);
    let done = ana.place(&bar);
    settle(&[&ana]);
    let open = erp.poll();
    assert_eq!(erp.ack(&open[1], ("number", "P-1")), 200);
    let monday = world.backup();

    // On Tuesday the ERP takes one that is in the backup, and one that only the phone will have.
    assert_eq!(erp.ack(&open[0], ("number", "P-2")), 200);
    let (taken, waiting) = (ana.place(&bar), ana.place(&bar));
    settle(&[&ana]);
    let tuesday = erp.poll();
    assert_eq!(ids(&tuesday), [taken.to_string(), waiting.to_string()]);
    assert_eq!(erp.ack(&tuesday[0], ("number", "P-3")), 200);
    // The relay may have had this one too, and its answer was lost on the way.
    let unsent = ana.place(&bar);

    let world = world.while_down(|folder| {
        let keys = Keys::load(&folder.key_file).unwrap().unwrap();
        restore(folder, monday, None, &keys);
    });
    manage::confirm(world.app(), By::CONSOLE, None).unwrap();
    let erp = Erp::of(&world);
    assert_eq!(erp.poll(), [], "not even what is in the backup");
    settle(&[&ana]);
    assert_eq!(erp.poll(), [], "nor what the phone brought back");
    let doubted = [old, taken, waiting, unsent];
    let letters = doubted.map(|id| (id.to_string(), "in_doubt".to_owned()));
    assert_eq!(erp.letters(), letters.into());
    assert_eq!(ana.stands(&done).0, OrderStage::Registered, "what the backup knows is known");

    let fresh = ana.place(&bar);
    ana.sync();
    assert_eq!(ids(&erp.poll()), [fresh.to_string()], "what was written since was never taken");
    assert_eq!(erp.ack(&erp.poll()[0], ("number", "P-5")), 200);

    // The office says what it has; a correction in between clears no doubt.
    ana.engine.amend(&bar, waiting, Body::Purchase(order(7))).unwrap();
    ana.sync();
    let has = |id: RecordId| (id.to_string(), id.to_string());
    assert_eq!(erp.ack(&has(taken), ("number", "P-3")), 200);
    erp.tell(old, json!({"stage": "registered", "at_ms": "2100-01-01T10:00:00Z", "number": "P-2"}));
    assert_eq!(erp.poll(), []);
    assert_eq!(erp.letters().len(), 2);
    assert_eq!(orders::release(world.app(), By::CONSOLE, Some(&[waiting, taken, fresh])).unwrap(), 1);
    assert_eq!(ids(&erp.poll()), [waiting.to_string()]);
    assert_ne!(erp.poll()[0].0, erp.poll()[0].1, "as it reads now");
    assert_eq!(orders::release(world.app(), By::CONSOLE, None).unwrap(), 1);
    assert_eq!(orders::release(world.app(), By::CONSOLE, None).unwrap(), 0);
    assert_eq!(ids(&erp.poll()), [waiting.to_string(), unsent.to_string()]);
    settle(&[&ana]);
    for (id, number) in [(old, "P-2"), (done, "P-1"), (taken, "P-3"), (fresh, "P-5")] {
        assert_eq!(ana.stands(&id).1.as_deref(), Some(number));
    }
}

/// A snapshot of the machine puts the journal back with the store; a phone's cursor tells.
#[test]
fn a_relay_that_was_rolled_back_without_knowing_offers_nothing_that_may_have_been_taken() {
    let world = World::new();
    let north = world.territory("Norte");
    let ana = world.phone("Ana", &[north]);
    let bar = bar(&ana);
    let old = ana.place(&bar);
    settle(&[&ana]);
    let (mut store, mut journal) = (Vec::new(), Vec::new());
    let world = world.while_down(|folder| {
        store = std::fs::read(folder.database()).unwrap();
        journal = std::fs::read(&folder.journal).unwrap();
    });
    let erp = Erp::of(&world);
    let taken = ana.place(&bar);
    settle(&[&ana]);
    for open in erp.poll() {
        assert_eq!(erp.ack(&open, ("number", &open.0)), 200);
    }
    let world = world.while_down(|folder| {
        std::fs::write(folder.database(), &store).unwrap();
        std::fs::write(&folder.journal, &journal).unwrap();
    });
    let erp = Erp::of(&world);
    settle(&[&ana]);
    assert_eq!(erp.poll(), []);
    assert_eq!(erp.letters(), [old, taken].map(|id| (id.to_string(), "in_doubt".to_owned())).into());
}

#[test]
fn with_the_journal_every_answer_of_the_office_holds_again() {
    let world = World::new();
    let north = world.territory("Norte");
    let ana = world.phone("Ana", &[north]);
    let luis = world.phone("Luis", &[north]);
    let erp = Erp::of(&world);
    let bar = bar(&ana);
    let old = ana.place(&bar);
    settle(&[&ana, &luis]);
    let monday = world.backup();

    let registered = ana.place(&bar);
    let declined = ana.place(&bar);
    let amended = ana.place(&bar);
    let followed = ana.place(&bar);
    let second = ana.place(&bar);
    let invoiced = ana.place(&bar);
    let open = ana.place(&bar);
    settle(&[&ana, &luis]);
    let answers = [
        (old, ("number", "P-0")),
        (registered, ("number", "P-1")),
        (declined, ("declined", "Cliente con deuda")),
        (amended, ("number", "P-3")),
        (followed, ("number", "P-4")),
        (second, ("declined", "Sin existencias")),
        (invoiced, ("number", "P-6")),
    ];
    let has = |id: RecordId| (id.to_string(), id.to_string());
    for (id, answer) in answers {
        assert_eq!(erp.ack(&has(id), answer), 200);
    }
    ana.engine.amend(&bar, amended, Body::Purchase(order(5))).unwrap();
    let newer = ana.engine.amend(&bar, followed, Body::Purchase(order(6))).unwrap().id.to_string();
    settle(&[&ana, &luis]);
    assert_eq!(erp.ack(&(followed.to_string(), newer.clone()), ("number", "P-4")), 200);
    erp.tell(second, json!({"stage": "registered", "at_ms": "2100-01-01T10:00:00Z", "number": "P-5"}));
    erp.tell(invoiced, json!({"stage": "invoiced", "at_ms": "2100-01-02T10:00:00Z", "invoice": "F-6"}));
    settle(&[&ana, &luis]);
    let all = [old, registered, declined, amended, followed, second, invoiced, open];
    let before = all.map(|id| ana.stands(&id));
    let letters = erp.letters();
    assert!(before[3].3.contains(&OrderFlag::Amended) && !before[4].3.contains(&OrderFlag::Amended));
    assert!(before[7].3.contains(&OrderFlag::SameDay), "{before:?}");

    let _world = world.while_down(|folder| restore_with_journal(folder, monday));
    assert_eq!(erp.poll(), [], "what the backup had open is answered, before any phone comes");
    settle(&[&luis, &ana]);
    assert_eq!(ids(&erp.poll()), [open.to_string()], "it was never answered: the journal would say so");
    assert_eq!(erp.letters(), letters);
    let after = all.map(|id| ana.stands(&id));
    for (n, (was, is)) in before.iter().zip(&after).enumerate() {
        assert_eq!((&was.0, &was.1, &was.3), (&is.0, &is.1, &is.3), "order {n}");
    }
    // The journal keeps nothing that somebody wrote; the same answer again brings the reason back.
    assert_eq!(after[2].2.as_deref(), Some("-"));
    assert_eq!(erp.ack(&has(declined), ("number", "P-9")), 409);
    assert_eq!(erp.ack(&has(declined), ("declined", "Cliente con deuda")), 200);
    assert_eq!(erp.ack(&has(declined), ("declined", "Otra cosa")), 409);
    assert_eq!(erp.ack(&has(registered), ("number", "P-1")), 200);
    assert_eq!(erp.ack(&has(registered), ("number", "P-2")), 409);
    settle(&[&luis, &ana]);
    assert_eq!(ana.stands(&declined), before[2]);
    assert_eq!(ids(&erp.poll()), [open.to_string()]);
}
