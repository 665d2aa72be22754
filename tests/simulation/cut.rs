//! An answer that is cut at every byte, as if that were all of it: the phone takes nothing of it, and the next attempt ends
//! in the same state as if it had come whole at once.

use std::sync::atomic::{AtomicUsize, Ordering};

use cartera_core::store::{StoreError, meta};
use cartera_core::sync::http::{Answer, Call, Transport, TransportError};
use cartera_relay::devices::Purpose;
use cartera_relay::devices::enrol::{invitation, invite};
use cartera_relay::people::Role;
use cartera_relay::people::access::By;
use cartera_tests::sim::oracle::{judge, rows};
use cartera_tests::sim::phone::{Attempt, Phone};
use cartera_tests::sim::work::Job;
use cartera_tests::sim::world::World;

type Tried = Attempt<Result<(), cartera_core::sync::session::SyncError>>;

/// Cuts the answer to the `nth` request of a path after `at` bytes; every other arrives.
struct Cut<'w> {
    world: &'w World,
    path: &'static str,
    nth: usize,
    at: usize,
    seen: AtomicUsize,
    /// Of the answer that is cut, when it was whole.
    length: AtomicUsize,
}

impl<'w> Cut<'w> {
    fn new(world: &'w World, path: &'static str, nth: usize, at: usize) -> Self {
        Self { world, path, nth, at, seen: AtomicUsize::new(0), length: AtomicUsize::new(0) }
    }
}

impl Transport for Cut<'_> {
    fn post(&self, call: Call<'_>) -> Result<Answer, TransportError> {
        let mut answer = self.world.relay.answer(call.path, call.token, &call.body);
        if call.path == self.path && self.seen.fetch_add(1, Ordering::Relaxed) == self.nth {
            assert_eq!(answer.status, 200);
            self.length.store(answer.body.len(), Ordering::Relaxed);
            answer.body.truncate(self.at);
        }
        Ok(answer)
    }
}

/// All that a phone knows: rows, office records, where it stands, what it has still to do.
fn state(phone: &Phone) -> Vec<String> {
    let read = phone.engine().store().read::<_, StoreError>(|conn| {
        let mut lines = rows::office_lines(conn, true);
        lines.extend(
            rows::of(conn).into_iter().flat_map(|(id, of)| std::iter::once(id.to_string()).chain(of)),
        );
        for key in [meta::CURSOR, meta::SCOPE_VERSION, meta::SCOPE, meta::IDENTITY] {
            lines.push(format!("{key} {:?}", meta::get(conn, key)?));
        }
        for table in ["outbox", "new_actors", "stages", "refetch", "refused", "attention", "leaving"] {
            let count: i64 =
                conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?;
            lines.push(format!("{table} {count}"));
        }
        Ok(lines)
    });
    read.unwrap()
}

fn whole<T>(attempt: Attempt<Result<T, cartera_core::sync::session::SyncError>>) -> T {
    match attempt {
        Attempt::Done(Ok(done)) => done,
        Attempt::Done(Err(error)) => panic!("it does not go through: {error}"),
        _ => panic!("it does not go through"),
    }
}

/// Cuts at every byte, each time from the same database; the number of bytes.
fn at_every_byte(
    world: &World,
    phone: &Phone,
    (path, nth): (&'static str, usize),
    attempt: &dyn Fn(&dyn Transport) -> Tried,
) -> usize {
    let before = world.file("before.db");
    phone.copy_to(&before);
    let uncut = Cut::new(world, path, nth, usize::MAX);
    whole(attempt(&uncut));
    let length = uncut.length.load(Ordering::Relaxed);
    assert!(length > 0, "there was such an answer");
    // What the relay answers does not depend on whether it is asked for the second time.
    phone.put_back(&before);
    whole(attempt(&uncut));
    let reference = state(phone);
    for at in 0..length {
        phone.put_back(&before);
        let cut = attempt(&Cut::new(world, path, nth, at));
        assert!(matches!(cut, Attempt::Done(Err(_))), "{at} of {length} bytes were taken for an answer");
        whole(attempt(&Cut::new(world, path, usize::MAX, 0)));
        assert_eq!(state(phone), reference, "cut after {at} of {length} bytes");
    }
    length
}

fn sync_of<'p>(phone: &'p Phone) -> impl Fn(&dyn Transport) -> Tried + 'p {
    |transport| match phone.sync_over(transport) {
        Attempt::Done(result) => Attempt::Done(result.map(|_| ())),
        Attempt::Died => Attempt::Died,
        Attempt::Busy => Attempt::Busy,
    }
}

#[test]
fn a_sync_with_verdicts_and_entries() {
    let world = World::new(5, false);
    let north = world.territory("Norte");
    let (ana, luis) = (world.rep("Ana", &[north]), world.rep("Luis", &[north]));
    world.create(&ana).unwrap();
    world.sync(&ana);
    world.sync(&luis);
    for phone in [&luis, &ana] {
        world.do_job(phone, Job::Visit);
        world.do_job(phone, Job::EditShared);
    }
    world.sync(&luis);
    let length = at_every_byte(&world, &ana, ("/v1/sync", 0), &sync_of(&ana));
    assert!(length > 300, "verdicts and entries take {length} bytes");
    let rounds = world.settle();
    assert_eq!(judge(&world, rounds), []);
}

#[test]
fn a_page_of_documents() {
    let world = World::new(6, false);
    let north = world.territory("Norte");
    let ana = world.rep("Ana", &[north]);
    let client = world.create(&ana).unwrap();
    world.visit(&ana, &client);
    world.sync(&ana);
    world.write_account(client);
    let luis = world.new_phone("Luis", world.person("Luis", Role::Rep, &[north]));
    world.link(&luis);
    // The third page: settings, list, documents.
    let length = at_every_byte(&world, &luis, ("/v1/fetch", 2), &sync_of(&luis));
    assert!(length > 200, "a document takes {length} bytes");
    let rounds = world.settle();
    assert_eq!(judge(&world, rounds), []);
}

#[test]
fn an_enrolment() {
    let world = World::new(7, false);
    let north = world.territory("Norte");
    let ana = world.new_phone("Ana", world.person("Ana", Role::Rep, &[north]));
    let app = world.relay.app();
    let code = invite(&app, By::CONSOLE, ana.person, Purpose::Device).unwrap().code;
    let invitation = invitation(&app, &code);
    // The token is made with the first attempt, of which nothing comes back.
    let lost = ana.enrol_over(&Cut::new(&world, "/v1/enrol", 0, 0), &invitation);
    assert!(matches!(lost, Attempt::Done(Err(_))));
    let enrol = |transport: &dyn Transport| ana.enrol_over(transport, &invitation);
    let length = at_every_byte(&world, &ana, ("/v1/enrol", 0), &enrol);
    assert!(length > 100, "an enrolment takes {length} bytes");
    world.do_job(&ana, Job::Create);
    let rounds = world.settle();
    assert_eq!(judge(&world, rounds), []);
}
