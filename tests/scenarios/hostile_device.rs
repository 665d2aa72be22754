//! A device of a real rep, in other hands: forged actors, other people's clients, garbage, made-up cursors. All of it is
//! refused alone; the relay neither panics nor believes, and nobody else notices.

use cartera_core::document::{ActorId, MemoryFacts, RecordKey, append};
use cartera_core::model::record::{Clock, Header, Note, Record};
use cartera_core::model::{BusinessDate, ClientId, DocumentId, RecordId};
use cartera_core::rows::{Document, SqlFacts};
use cartera_core::sync::wire::{
    self, ActorBytes, ActorReason, Bytes, Cursor, NewActor, PushedChange, SyncReply, SyncRequest,
};
use rusqlite::Connection;

use super::Scenario;
use crate::sim::network::Weather;
use crate::sim::office::Errand;
use crate::sim::phone::{Phone, Standing};
use crate::sim::world::World;

pub(super) const SCENARIO: Scenario = Scenario {
    name: "hostile_device",
    about: "a device in other hands sends forged, foreign and broken work beside honest phones",
    run,
};

fn run(world: &World) {
    let (north, south) = (world.territory("Norte"), world.territory("Sur"));
    let honest = [world.rep("Ana", &[north]), world.rep("Luis", &[north, south])];
    let mallory = world.rep("Mallory", &[south]);
    world.change_plan(|plan| plan.errands = Errand::PRICES);
    world.days(15);
    honest.iter().for_each(|phone| {
        world.sync(phone);
    });
    mallory.stands(Standing::Hostile);
    for turn in 0..10 {
        attack(world, &mallory);
        if turn == 5 {
            world.network.set_weather(Weather::ROUGH);
        }
        world.days(4);
    }
}

fn attack(world: &World, mallory: &Phone) {
    let token = mallory.engine().identity().unwrap().unwrap().token;
    let post = |request: &SyncRequest| -> Option<SyncReply> {
        let answer = world.relay.answer("/v1/sync", Some(&token), &wire::encode(request).unwrap());
        (answer.status == 200).then(|| wire::decode(&answer.body).unwrap())
    };
    let attack = world.dice.below(7);
    world.tell(|| format!("Mallory attacks in way {attack}"));
    match attack {
        0 => broken_bodies(world, &token),
        1 => {
            let cursor = Cursor(Bytes((0..33).map(|_| world.dice.number() as u8).collect()));
            let reply = post(&SyncRequest { cursor: Some(cursor), ..SyncRequest::default() });
            assert!(reply.is_none(), "a made-up cursor was believed");
        }
        2 => {
            // Of her own making, in a client that is not hers; by an actor that is hers, or somebody else's.
            let (own, foreign) = (ActorId::from(random(world)), foreign_actor(world, mallory));
            register(&own, &post);
            let clients = world.relay.read(|conn| out_of_sight(conn, world, mallory));
            if let Some(client) = world.dice.pick(&clients) {
                let change = world.relay.read(|conn| note(conn, world, &own, client));
                refused(post(&push((*client).into(), change)));
            }
            if let Some(actor) = foreign {
                let id = ClientId::from_bytes(random(world));
                let change = append::create(&actor, id.into(), world.now_ms()).unwrap().bytes;
                refused(post(&push(id.into(), change)));
            }
        }
        3 => {
            // An honest change under another address, or with a bit that is not its own.
            let Some((document, mut bytes)) = some_change(world) else { return };
            if world.dice.chance(50) {
                let place = world.dice.below(bytes.len());
                bytes[place] ^= 1 << world.dice.below(8);
                let reply = post(&push(document, bytes));
                refused(reply);
            } else {
                refused(post(&push(DocumentId::from_bytes(random(world)), bytes)));
            }
        }
        4 => {
            // The actor of somebody else's phone for her own.
            let Some(actor) = foreign_actor(world, mallory) else { return };
            let reply =
                post(&SyncRequest { actors: vec![new_actor(&actor)].into(), ..SyncRequest::default() });
            let taken = reply.unwrap().actors.contains(&wire::ActorVerdict::Registered);
            assert!(!taken, "somebody else's actor was given away");
        }
        5 => {
            // Everything is purged, nothing was; and it stays as it was for everybody else.
            let request = SyncRequest { purged: world.all_clients().into(), ..SyncRequest::default() };
            assert!(post(&request).is_some());
        }
        _ => {
            // Text that means something to a database, a spreadsheet and a shell.
            let actor = ActorId::from(random(world));
            register(&actor, &post);
            let id = ClientId::from_bytes(random(world));
            let mut facts = MemoryFacts::new(id.into());
            let first = append::create(&actor, id.into(), world.now_ms()).unwrap();
            facts.apply(&first);
            let text = "=cmd|' /C calc'!A0'; DROP TABLE records; --\u{202e}../../etc/passwd";
            let change =
                append::record(&actor, &facts, key(world), encoded(world, text), world.now_ms()).unwrap();
            let pushed = [first.bytes, change.bytes].map(|bytes| pushed(id.into(), bytes));
            assert!(post(&SyncRequest { push: pushed.to_vec().into(), ..SyncRequest::default() }).is_some());
        }
    }
}

fn broken_bodies(world: &World, token: &str) {
    for path in ["/v1/sync", "/v1/fetch", "/v1/digest", "/v1/enrol", "/v1/../../etc/passwd"] {
        let body: Vec<u8> = (0..world.dice.below(400)).map(|_| world.dice.number() as u8).collect();
        let answer = world.relay.answer(path, Some(token), &body);
        assert_ne!(answer.status, 200, "noise to {path} was understood");
        assert_ne!(answer.status, 500, "noise to {path} made the relay fail");
    }
    for token in ["", "' OR 1=1 --", &"x".repeat(5_000)] {
        let answer =
            world.relay.answer("/v1/sync", Some(token), &wire::encode(&SyncRequest::default()).unwrap());
        assert_eq!(answer.status, 401);
    }
}

fn refused(reply: Option<SyncReply>) {
    let reply = reply.unwrap();
    let good = reply.verdicts.iter().any(|verdict| matches!(verdict, wire::Verdict::Accepted { .. }));
    assert!(!good, "forged work was accepted: {:?}", reply.verdicts);
}

fn random(world: &World) -> [u8; 16] {
    (u128::from(world.dice.number()) << 64 | u128::from(world.dice.number())).to_be_bytes()
}

fn new_actor(actor: &ActorId) -> NewActor {
    NewActor { actor: ActorBytes::from_slice(actor.to_bytes()).unwrap(), reason: ActorReason::Rebase }
}

fn register(actor: &ActorId, post: &dyn Fn(&SyncRequest) -> Option<SyncReply>) {
    post(&SyncRequest { actors: vec![new_actor(actor)].into(), ..SyncRequest::default() });
}

fn pushed(document: DocumentId, bytes: Vec<u8>) -> PushedChange {
    PushedChange {
        document,
        generation: 0,
        bytes: Bytes(bytes),
        territory: None,
        receipt: None,
        offered: false,
    }
}

fn push(document: DocumentId, bytes: Vec<u8>) -> SyncRequest {
    SyncRequest { push: vec![pushed(document, bytes)].into(), ..SyncRequest::default() }
}

fn key(world: &World) -> RecordKey {
    RecordKey::new("n", RecordId::from_bytes(random(world))).unwrap()
}

fn encoded(world: &World, text: &str) -> Vec<u8> {
    let header = Header {
        version: Record::VERSION,
        at_ms: world.now_ms(),
        date: BusinessDate::from_days(20_717).unwrap(),
        zone: "Europe/Madrid".into(),
        clock: Clock::Trusted,
        amends: None,
        voids: None,
    };
    Record { header, body: Note::new(text).into() }.encode()
}

/// A note on a client, made with the relay's own facts: whoever attacks may know them.
fn note(conn: &Connection, world: &World, actor: &ActorId, client: &ClientId) -> Vec<u8> {
    let document = Document::find(conn, &(*client).into()).unwrap().unwrap();
    let facts = SqlFacts::new(conn, &document);
    append::record(actor, &facts, key(world), encoded(world, "forged"), world.now_ms()).unwrap().bytes
}

fn foreign_actor(world: &World, mallory: &Phone) -> Option<ActorId> {
    let device = mallory.engine().identity().unwrap().unwrap().device;
    let actors: Vec<[u8; 16]> = world.relay.read(|conn| {
        let sql = "SELECT actor FROM device_actors WHERE device <> ?1 ORDER BY actor";
        let mut statement = conn.prepare_cached(sql).unwrap();
        statement.query_map([device], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
    });
    world.dice.pick(&actors).map(|actor| ActorId::from(&actor[..]))
}

fn some_change(world: &World) -> Option<(DocumentId, Vec<u8>)> {
    let changes: Vec<(DocumentId, Vec<u8>)> = world.relay.read(|conn| {
        let sql = "SELECT d.id, c.bytes FROM changes c JOIN documents d ON d.doc = c.doc
                   WHERE c.bytes IS NOT NULL ORDER BY c.number";
        let mut statement = conn.prepare_cached(sql).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<rusqlite::Result<_>>().unwrap()
    });
    world.dice.pick(&changes).cloned()
}

fn out_of_sight(conn: &Connection, world: &World, mallory: &Phone) -> Vec<ClientId> {
    let eyes = crate::sim::oracle::leak::Eyes::of(conn, mallory.person);
    let mut clients = world.all_clients();
    clients.retain(|client| !eyes.see(conn, &(*client).into()));
    clients
}
