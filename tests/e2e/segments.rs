//! Who enters or leaves a segment at the relay: the task and the notice are on the phone of whoever has the client after the
//! next sync, and on nobody else's.

use cartera_core::engine::{ClientEdit, NewClient};
use cartera_core::model::office::{Notice, Reaction, ReactionSort, Sale, SaleSort, Segment, Value};
use cartera_core::model::place::Address;
use cartera_core::model::profile::{self, ClientField};
use cartera_core::model::record::TaskState;
use cartera_core::model::{ClientId, Currency, TerritoryId};
use cartera_core::portfolio::today::{self, Why};
use cartera_core::query::tasks::{self, TaskNow};
use cartera_core::store::StoreError;
use cartera_relay::segments::watch::{Looked, look};
use cartera_relay::storage::office::{OfficePut, OfficeWrite};

use super::world::{Phone, World, text};

impl World {
    pub(super) fn office(&self, kind: &str, key: &str, client: Option<ClientId>, value: impl Into<Value>) {
        let record = OfficeWrite {
            kind: kind.into(),
            source: "erp".into(),
            key: key.into(),
            client,
            value: Some(value.into().encode()),
            ..OfficeWrite::default()
        };
        let puts = self.app().storage.put_office(&[record], self.app().env.now_ms()).unwrap();
        assert!(matches!(puts[..], [OfficePut::Written(_)]), "{puts:?}");
    }

    /// Tasks and notices that a look made.
    fn look(&self) -> u64 {
        let Looked { made, unreadable, .. } = look(self.app()).unwrap();
        assert_eq!(unreadable, 0);
        made
    }
}

impl Phone {
    pub(super) fn bar(&self, name: &str, territory: TerritoryId) -> ClientId {
        let new = NewClient { fields: vec![text("name", name)], territory: Some(territory) };
        self.engine.create_client(new).unwrap()
    }

    fn moves_to(&self, client: &ClientId, city: &str) {
        let address = Address { city: Some(city.into()), ..Address::empty() };
        let key = profile::Key::Client(ClientField::Address);
        let edit = ClientEdit::put(&key, &profile::Value::Address(address));
        self.engine.edit_client(client, vec![edit]).unwrap();
        self.sync();
    }

    fn tasks(&self, client: &ClientId) -> Vec<TaskNow> {
        self.engine.store().read::<_, StoreError>(|conn| Ok(tasks::of_client(conn, client)?)).unwrap()
    }

    /// What the list of a day so many ahead says is to be done with a client.
    fn to_do(&self, client: &ClientId, in_days: i32) -> Vec<String> {
        let on = self.engine.today().unwrap().plus_days(in_days).unwrap();
        let read = |conn: &rusqlite::Connection| Ok(today::list(conn, Some(&self.person), on)?);
        let list = self.engine.store().read::<_, StoreError>(read).unwrap();
        let reasons =
            list.into_iter().filter(|entry| entry.client == *client).flat_map(|entry| entry.reasons);
        let tasks = reasons.filter_map(|reason| match reason.why {
            Why::Task { what, .. } => Some(what),
            _ => None,
        });
        tasks.collect()
    }

    /// Whom each notice of the office is about, and what it says.
    fn notices(&self) -> Vec<(Option<ClientId>, Notice)> {
        let read = |conn: &rusqlite::Connection| {
            let sql = "SELECT client, value FROM office WHERE kind = 'notice' AND value IS NOT NULL";
            let mut statement = conn.prepare(sql)?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)))?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?)
        };
        let kind = cartera_core::model::office::KnownKind::Notice.into();
        let found = self.engine.store().read::<_, StoreError>(read).unwrap().into_iter();
        found
            .map(|(client, value)| match Value::decode(&kind, &value) {
                Ok(Value::Notice(notice)) => (client, notice),
                other => panic!("{other:?}"),
            })
            .collect()
    }
}

#[test]
fn who_enters_a_segment_is_a_task_on_the_reps_phone_and_who_leaves_a_notice() {
    let world = World::new();
    let (north, south) = (world.territory("Norte"), world.territory("Sur"));
    let (ana, luis) = (world.phone("Ana", &[north]), world.phone("Luis", &[south]));
    let (sol, luna, mar) =
        (ana.bar("Bar Sol", north), ana.bar("Bar Luna", north), luis.bar("Bar Mar", south));
    ana.moves_to(&sol, "Oviedo");
    ana.moves_to(&luna, "Gij\u{f3}n");
    luis.moves_to(&mar, "Oviedo");
    let enters = Reaction { due_days: Some(7), ..Reaction::new(ReactionSort::Task, "Presentarse") };
    let segment = Segment {
        filter: Some("city = \"gijon\"".into()),
        on_enter: Some(enters),
        on_leave: Some(Reaction::new(ReactionSort::Notice, "Ya no est\u{e1}")),
        ..Segment::new("De Gij\u{f3}n")
    };
    world.office("segment", "S1", None, segment);
    assert_eq!(world.look(), 0, "who is in already makes nothing");

    // It moves on the phone; the relay sees it enter, and the phone hears of it.
    ana.moves_to(&sol, "Gij\u{f3}n");
    assert_eq!(world.look(), 1);
    ana.sync();
    assert_eq!(ana.refused(), 0);
    let made = ana.tasks(&sol);
    let [TaskNow { task, .. }] = &made[..] else { panic!("{made:?}") };
    assert_eq!((task.assigned_to, task.note.as_deref()), (Some(ana.person), Some("De Gij\u{f3}n")));
    assert_eq!(ana.to_do(&sol, 6), [""; 0], "not due yet");
    assert_eq!(ana.to_do(&sol, 7), ["Presentarse"]);
    luis.sync();
    assert!(luis.tasks(&sol).is_empty() && ana.tasks(&luna).is_empty());

    // Done on the phone, it is done: another look makes no second one.
    ana.engine.settle_task(&sol, made[0].root, TaskState::Done).unwrap();
    ana.sync();
    assert_eq!((world.look(), ana.to_do(&sol, 7)), (0, vec![]));

    // One of the other rep's enters, and leaves again: each on that rep's phone alone.
    luis.moves_to(&mar, "Gij\u{f3}n");
    assert_eq!(world.look(), 1);
    luis.moves_to(&mar, "Oviedo");
    assert_eq!(world.look(), 1);
    ana.sync();
    luis.sync();
    assert_eq!((luis.to_do(&mar, 7), luis.to_do(&sol, 7)), (vec!["Presentarse".to_owned()], vec![]));
    assert_eq!((ana.to_do(&mar, 7), ana.notices()), (vec![], vec![]));
    let told = luis.notices();
    let [(about, notice)] = &told[..] else { panic!("{told:?}") };
    assert_eq!((*about, notice.text.as_str()), (Some(mar), "Ya no est\u{e1}"));
    assert_eq!(notice.title, "Bar Mar: De Gij\u{f3}n", "it says who");
    assert_eq!(notice.from, Some(luis.engine.today().unwrap()));

    // A phone that comes later has the same.
    let later = world.unsynced_phone("otro", luis.person);
    later.sync();
    assert_eq!((later.notices(), later.to_do(&mar, 7)), (told, vec!["Presentarse".to_owned()]));
    assert_eq!(world.look(), 0);
}

#[test]
fn a_segment_of_a_figure_is_entered_when_the_office_sends_a_sale() {
    let world = World::new();
    let north = world.territory("Norte");
    let ana = world.phone("Ana", &[north]);
    let (sol, luna) = (ana.bar("Bar Sol", north), ana.bar("Bar Luna", north));
    ana.sync();
    let segment = Segment {
        filter: Some("status = \"active\"".into()),
        on_enter: Some(Reaction {
            due_days: Some(0),
            ..Reaction::new(ReactionSort::Task, "Dar las gracias")
        }),
        ..Segment::new("Activos")
    };
    world.office("segment", "S1", None, segment);
    assert_eq!(world.look(), 0);
    let sale = Sale::new(SaleSort::Invoice, ana.engine.today().unwrap(), Currency::EUR, 1_000);
    world.office("sale", "F1", Some(sol), sale);
    assert_eq!(world.look(), 1);
    ana.sync();
    assert_eq!((ana.to_do(&sol, 0), ana.to_do(&luna, 0)), (vec!["Dar las gracias".to_owned()], vec![]));
}
