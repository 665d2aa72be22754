//! Compaction at any moment, on phones and relay, changes nothing that anybody can read.

use cartera_core::document::{FieldKey, FieldValue};
use cartera_core::engine::{ClientEdit, Engine, NewClient};
use cartera_core::model::record::{Kind, Outcome, Visit, VoidReason};
use cartera_core::model::{ClientId, RecordId};
use cartera_core::rows::Document;
use cartera_core::rows::documents::ChangeBytes;
use cartera_core::store::compact;
use rusqlite::Connection;

use crate::books::{audit, count, read};
use crate::process::Chances;
use crate::relay::{self, Relay};

const SEEDS: u64 = 4;
const STEPS: u64 = 150;

struct World {
    relay: Relay,
    phones: Vec<Engine>,
    chances: Chances,
    clients: Vec<ClientId>,
    visits: Vec<(ClientId, RecordId)>,
    compacted: usize,
}

#[test]
fn any_order_of_work_sync_and_compaction_reads_the_same() {
    for seed in 0..SEEDS {
        run(seed);
    }
}

fn run(seed: u64) {
    let relay = Relay::new();
    let territory = relay.territory("Norte");
    let folder = tempfile::tempdir().unwrap();
    let paths = ["often", "seldom", "never"].map(|name| folder.path().join(name));
    let phones = paths.iter().map(|path| relay.link(path, territory)).collect();
    let mut world = World {
        relay,
        phones,
        chances: Chances::new(seed),
        clients: Vec::new(),
        visits: Vec::new(),
        compacted: 0,
    };
    for _ in 0..STEPS {
        world.step();
    }
    assert!(world.compacted > 20, "seed {seed}: hardly anything was compacted");
    for _ in 0..3 {
        for phone in &world.phones {
            assert_eq!(phone.sync().unwrap().repaired, 0, "seed {seed}: a digest differed");
        }
    }
    let World { mut relay, phones, .. } = world;
    drop(phones);
    let audited = paths.each_ref().map(|path| audit(path));
    let [often, seldom, never] = audited.each_ref().map(|engine| read(engine, readable));
    assert_eq!(often, never, "seed {seed}");
    assert_eq!(seldom, never, "seed {seed}");
    let without = "SELECT count(*) FROM changes WHERE bytes IS NULL";
    assert!(count(&audited[0], without) > 20);
    relay.kill();
    relay::audit(&relay.database());
    same_bytes(&audited[0], &audited[2]);
}

impl World {
    fn pick<'t, T>(&self, of: &'t [T]) -> &'t T {
        &of[self.chances.below(of.len() as u64) as usize]
    }

    fn step(&mut self) {
        let at = self.chances.below(3) as usize;
        let phone = self.phones[at].clone();
        let what = self.chances.below(20);
        let edit = |value: u64| ClientEdit {
            key: FieldKey::new("name").unwrap(),
            value: Some(FieldValue::Text(format!("Bar {value}"))),
        };
        if self.clients.is_empty() || what == 0 {
            let new = NewClient { fields: vec![edit(self.chances.below(100))], territory: None };
            self.clients.push(phone.create_client(new).unwrap());
            return;
        }
        // A client that has not come to this phone yet is nobody there.
        let client = *self.pick(&self.clients);
        match what {
            1..=6 => {
                if let Ok(saved) = phone.log_visit(&client, Visit::done(Outcome::Order)) {
                    self.visits.push((client, saved.id));
                }
            }
            7 | 8 => drop(phone.edit_client(&client, vec![edit(self.chances.below(100))])),
            9 if !self.visits.is_empty() => {
                let (client, visit) = *self.pick(&self.visits);
                drop(phone.void(&client, Kind::Visit, visit, VoidReason::Mistake));
            }
            10..=14 => drop(phone.sync().unwrap()),
            15 => {
                let compacted = self.relay.app().storage.compact(None, self.chances.below(40), 1).unwrap();
                self.compacted += compacted.changes;
            }
            _ if at == 0 || (at == 1 && what == 19) => {
                self.compacted +=
                    compact::step(phone.store(), None, 1 + self.chances.below(4)).unwrap().changes;
                phone.tidy().unwrap();
            }
            _ => {}
        }
    }
}

/// All that can be read, by ids that mean the same everywhere.
fn readable(conn: &Connection) -> Vec<String> {
    let mut lines = Vec::new();
    for sql in [
        "SELECT hex(id), hex(heads), hex(acked), max_op, size FROM documents",
        "SELECT hex(r.id), r.shown, hex(r.root), r.orphan, hex(r.value) FROM records r",
        "SELECT hex(id), name, conflicts, last_visit, closed FROM clients",
        "SELECT hex(d.id), f.key, f.counter, hex(f.value), f.live FROM fields f JOIN documents d USING (doc)",
        "SELECT hex(d.id), hex(c.hash), c.seq, c.max_op, hex(c.deps) FROM changes c JOIN documents d USING (doc)",
    ] {
        let mut statement = conn.prepare(sql).unwrap();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            lines.push((0..5).map(|n| format!("{:?} ", row.get_ref(n).unwrap())).collect::<String>());
        }
    }
    lines.sort_unstable();
    lines
}

/// A change reads the same from a snapshot as on its own.
fn same_bytes(compacted: &Engine, whole: &Engine) {
    read(whole, |whole| {
        let mut statement =
            whole.prepare("SELECT d.id, d.doc, c.hash FROM changes c JOIN documents d USING (doc)").unwrap();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let hash = automerge::ChangeHash(row.get(2).unwrap());
            let expected = ChangeBytes::new(whole, row.get(1).unwrap()).get(&hash).unwrap().unwrap();
            assert_eq!(automerge::Change::from_bytes(expected.clone()).unwrap().hash(), hash);
            read(compacted, |conn| {
                let document = Document::find(conn, &row.get(0).unwrap()).unwrap().unwrap();
                assert_eq!(ChangeBytes::new(conn, document.row).get(&hash).unwrap(), Some(expected));
            });
        }
    });
}
