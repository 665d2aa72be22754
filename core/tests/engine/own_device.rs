//! What a device says of itself and of the work that it alone has: unsent pieces, a sealed file, diagnostics, quiet hours,
//! being away for too long.

use std::io::Read;

use cartera_core::document::admit;
use cartera_core::env::Env;
use cartera_core::model::profile::Value;
use cartera_core::model::quiet::QuietHours;
use cartera_core::model::record::{Kind, Note, Outcome, Visit};
use cartera_core::query::work::{self, Standing};
use cartera_core::query::{diagnostics, holdings};
use cartera_core::store::StoreError;
use cartera_core::store::outbox::{self, State};
use cartera_core::sync::clock;
use cartera_core::sync::identity::Identity;
use cartera_core::sync::wire::{self, SalvageRequest};

use super::damage::identity;
use super::{Device, MONDAY_MS, text};

const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;

fn linked(device: &Device, change: impl FnOnce(&mut Identity)) {
    let mut of = identity();
    change(&mut of);
    device.engine.store().write(|tx| of.save(tx)).unwrap();
}

#[test]
fn unsent_work_is_told_piece_by_piece_with_why_it_waits() {
    let device = Device::new(1);
    let (bar, other) = (device.client("Bar"), device.client("Otro"));
    device.engine.edit_client(&bar, vec![text("sector", "bar")]).unwrap();
    device.engine.log_visit(&bar, Visit::done(Outcome::Order)).unwrap();
    let note = device.engine.add_note(&other, Note::new("por detrás")).unwrap();
    let pieces = |page| device.read(|conn| work::unsent(conn, page));
    let all = pieces((0, 99));
    let told: Vec<_> = all
        .iter()
        .map(|of| {
            (of.name.as_deref().unwrap(), of.content.begins, of.content.fields.len(), of.content.kind())
        })
        .collect();
    let expected = [
        ("Bar", true, 0, None),
        ("Bar", false, 1, None),
        ("Otro", true, 0, None),
        ("Otro", false, 1, None),
        ("Bar", false, 1, None),
        ("Bar", false, 0, Some(Kind::Visit)),
        ("Otro", false, 0, Some(Kind::Note)),
    ];
    assert_eq!(told, expected);
    assert_eq!(all[4].content.fields[0].1, Some(Value::Text("bar".into())));
    assert_eq!(all[6].content.records[0].0.id, note.id);
    assert!(all.iter().all(|of| of.standing == Standing::Waiting && of.saved_ms == MONDAY_MS));
    assert_eq!(pieces((5, 1)), all[5..6]);

    // The relay holds one back: what belongs to the same client waits behind it, and nothing else does.
    let held = device.read(|conn| outbox::to_send(conn, usize::MAX, 99)).remove(4);
    let mark = |tx: &rusqlite::Transaction<'_>| {
        outbox::mark(tx, held.doc, &held.hash, State::Held, "quarantined", "")
    };
    device.engine.store().write::<_, StoreError>(mark).unwrap();
    let standing: Vec<_> = pieces((0, 99)).into_iter().map(|of| of.standing.as_str()).collect();
    assert_eq!(standing, ["behind", "behind", "waiting", "waiting", "held", "behind", "waiting"]);
}

#[test]
fn what_is_unsent_goes_into_a_file_that_only_the_workspace_opens() {
    let device = Device::new(2);
    let bar = device.client("Bar");
    device.engine.add_note(&bar, Note::new("secreto de confesión")).unwrap();
    assert_eq!(device.engine.seal_unsent(0).unwrap_err().code(), "not_enrolled");
    linked(&device, |of| of.workspace_key.clear());
    assert_eq!(device.engine.seal_unsent(0).unwrap_err().code(), "no_workspace_key");
    let secret = age::x25519::Identity::generate();
    linked(&device, |of| of.workspace_key = secret.to_public().to_string());

    let sealed = device.engine.seal_unsent(0).unwrap();
    assert_eq!((sealed.changes, sealed.left, sealed.waiting), (3, 0, 0));
    assert!(!sealed.bytes.windows(7).any(|bytes| bytes == b"secreto"));
    // As age's own reader opens it, and anybody's key does not.
    let open = |key: &age::x25519::Identity| {
        let mut plain = Vec::new();
        let opened = age::Decryptor::new(&sealed.bytes[..])
            .unwrap()
            .decrypt(std::iter::once(key as &dyn age::Identity));
        opened.ok()?.read_to_end(&mut plain).unwrap();
        Some(plain)
    };
    assert_eq!(open(&age::x25519::Identity::generate()), None);
    let request: SalvageRequest = wire::decode(&open(&secret).unwrap()).unwrap();
    let unsent = device.read(|conn| outbox::to_send(conn, usize::MAX, 99));
    assert_eq!(request.changes.len(), unsent.len());
    for (piece, change) in request.changes.iter().zip(&unsent) {
        assert_eq!((piece.document, &piece.bytes.0), (change.document, &change.bytes));
        admit::inspect(&piece.bytes.0).unwrap();
    }
    let rest = device.engine.seal_unsent(2).unwrap();
    assert_eq!((rest.changes, rest.left), (1, 0));
    assert_eq!(device.read(outbox::count), 3, "and stays unsent");
}

#[test]
fn diagnostics_say_nothing_of_anybody() {
    let device = Device::new(3);
    let bar = device.client("Confitería Ñandú");
    device
        .engine
        .edit_client(&bar, vec![text("email", "nandu@example.org"), text("web", "nandu.example")])
        .unwrap();
    device.engine.add_note(&bar, Note::new("alérgico a las nueces")).unwrap();
    linked(&device, |of| of.relay = "https://relay.confiteria.example".into());
    let lines = device.read(diagnostics::of_device);
    let value = |name: &str| lines.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str());
    assert_eq!(
        (value("clients"), value("records.note"), value("outbox.state_0")),
        (Some("1"), Some("1"), Some("4"))
    );
    assert_eq!((value("linked"), value("encrypted")), (Some("true"), Some("false")));
    let all = format!("{lines:?}").to_lowercase();
    let id = bar.to_string().to_lowercase();
    for word in ["ñandú", "nandu", "nueces", "confiteria", &id] {
        assert!(!all.contains(word), "{word}");
    }
    let held = device.read(holdings::of_device);
    assert_eq!((held.clients, held.records, held.drafts), (1, 1, 0));
    assert!(held.database_bytes > 0);
}

#[test]
fn quiet_hours_are_kept_and_hold_by_the_devices_own_clock() {
    let mut device = Device::new(4);
    assert_eq!((device.engine.quiet_hours().unwrap(), device.engine.is_quiet().unwrap()), (None, false));
    // 09:00 UTC is 10:00 in Madrid, on a Monday.
    let night = QuietHours::new(22 * 60, 10 * 60 + 1, Vec::new());
    device.engine.set_quiet_hours(Some(night.clone())).unwrap();
    device.reopen();
    assert_eq!(
        (device.engine.quiet_hours().unwrap(), device.engine.is_quiet().unwrap()),
        (Some(night), true)
    );
    device.env.advance(60 * 1000);
    assert!(!device.engine.is_quiet().unwrap());
    device.engine.set_quiet_hours(Some(QuietHours::new(0, 0, vec![1]))).unwrap();
    assert!(device.engine.is_quiet().unwrap(), "all of Monday");
    let wrong = device.engine.set_quiet_hours(Some(QuietHours::new(0, 24 * 60, Vec::new()))).unwrap_err();
    assert_eq!(wrong.code(), "invalid");
    device.engine.set_quiet_hours(None).unwrap();
    assert!(!device.engine.is_quiet().unwrap());
}

#[test]
fn a_device_that_was_away_for_too_long_locks_and_no_clock_that_is_set_locks_it() {
    let device = Device::new(5);
    assert!(!device.engine.offline().unwrap().locked, "not linked yet");
    linked(&device, |of| of.policy.offline_days = Some(3));
    let learn = |at_ms| {
        let learn = |tx: &rusqlite::Transaction<'_>| clock::learn(tx, device.engine.env(), at_ms);
        device.engine.store().write::<_, StoreError>(learn).unwrap();
    };
    learn(MONDAY_MS);
    let told = || device.engine.offline().map(|of| (of.days, of.locked)).unwrap();
    assert_eq!(told(), (0, false));
    device.env.set_wall(MONDAY_MS + 900 * DAY_MS);
    assert_eq!(told(), (0, false), "a jump of the clock is no proof");
    device.env.advance(3 * DAY_MS - 1);
    assert_eq!(told(), (2, false));
    device.env.advance(1);
    assert_eq!(told(), (3, true));
    learn(device.env.now_ms());
    assert_eq!(told(), (0, false), "it has synced");
    linked(&device, |of| of.policy.offline_days = None);
    device.env.advance(900 * DAY_MS);
    assert_eq!(told(), (900, false), "the workspace never locks");
}
