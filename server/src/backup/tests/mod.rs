//! Backups of a relay at work, opened with other hands than those that made them, and spoilt in every way.

mod desk;

use std::io::Read;
use std::path::Path;

use cartera_core::env::SeededEnv;
use cartera_core::sync::wire::limits;

use super::schedule::Schedule;
use super::{BackupError, Keep, Made, Places, Stage, list, make, verify};
use crate::keys::Keys;
use crate::people::Role;
use crate::people::access::By;
use crate::storage::office::OfficeWrite;
use crate::testing::{NOW_MS, Relay};

const WORD: &str = "xilófono";

fn places(relay: &Relay, to: &Path) -> Places {
    Places { to: to.to_path_buf(), work: relay.dir.path().to_path_buf() }
}

fn put(relay: &Relay, n: usize) {
    let record = |n: usize| OfficeWrite {
        kind: "setting".into(),
        key: format!("{n}"),
        value: Some(format!("{WORD} {n}").repeat(20).into_bytes()),
        ..OfficeWrite::default()
    };
    let records: Vec<_> = (n * 100..(n + 1) * 100).map(record).collect();
    relay.app.storage.put_office(&records, NOW_MS).unwrap();
}

fn quiet(relay: &Relay, to: &Path) -> Result<Made, BackupError> {
    make(&relay.app, By::CONSOLE, &places(relay, to), &mut |_, _, _| {})
}

/// Names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(name).collect();
    names.sort();
    names
}

#[test]
fn a_backup_of_a_relay_at_work_is_one_moment_and_opens_with_other_tools() {
    let relay = Relay::new();
    let to = tempfile::tempdir().unwrap();
    put(&relay, 0);
    let (mut stages, mut written) = (Vec::new(), 1);
    let made = make(&relay.app, By::CONSOLE, &places(&relay, to.path()), &mut |stage, done, all| {
        assert!(done <= all);
        if stages.last() != Some(&stage) {
            stages.push(stage);
        }
        // Others write on while it is copied.
        if stage == Stage::Copying {
            put(&relay, written);
            written += 1;
        }
    })
    .unwrap();
    assert_eq!(stages, [Stage::Copying, Stage::Sealing, Stage::Verifying]);
    assert!(written > 1, "somebody wrote meanwhile");
    assert_eq!(made.contents.number, 100, "what was written meanwhile is not in it");
    assert_eq!(names(to.path()), [made.path.file_name().unwrap().to_str().unwrap()]);
    assert!(names(relay.dir.path()).iter().all(|name| !name.ends_with(".partial")), "no plain copy is left");
    let found = verify(&made.path, relay.dir.path(), &relay.app.keys, &mut |_, _| {}).unwrap();
    assert_eq!(found, made.contents);

    // By hand: age, then zstd, then SQLite.
    let sealed = std::fs::read(&made.path).unwrap();
    assert!(!sealed.windows(WORD.len()).any(|part| part == WORD.as_bytes()));
    let identity: age::x25519::Identity = relay.app.keys.identity();
    let clear = age::decrypt(&identity, &sealed).unwrap();
    let mut plain = Vec::new();
    zstd::Decoder::new(&clear[..]).unwrap().read_to_end(&mut plain).unwrap();
    let file = to.path().join("by-hand.db");
    std::fs::write(&file, &plain).unwrap();
    let raw = rusqlite::Connection::open(&file).unwrap();
    let rows: i64 = raw.query_row("SELECT count(*) FROM office", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 100);

    // Neither key is in it: not the text that is shown, not its bytes, not a phone's.
    let phone = relay.person(Role::Rep, &[]);
    relay.phone(&phone);
    let device = relay.app.storage.devices(None).unwrap()[0].id;
    let made = {
        relay.env.advance(1);
        quiet(&relay, to.path()).unwrap()
    };
    let clear = age::decrypt(&identity, &std::fs::read(made.path).unwrap()).unwrap();
    let mut plain = Vec::new();
    zstd::Decoder::new(&clear[..]).unwrap().read_to_end(&mut plain).unwrap();
    let text = relay.app.keys.recovery_text().replace('-', "");
    let key: [u8; 34] = crate::secret::from_base32(&text).unwrap();
    let device_key = relay.app.keys.device_key(device);
    for secret in [text.as_bytes(), &key[..32], &device_key[..]] {
        assert!(!plain.windows(secret.len()).any(|part| part == secret));
    }
}

#[test]
fn what_was_spoilt_is_refused_and_named() {
    let relay = Relay::new();
    let to = tempfile::tempdir().unwrap();
    put(&relay, 0);
    let made = quiet(&relay, to.path()).unwrap();
    let sound = std::fs::read(&made.path).unwrap();
    let check = |bytes: &[u8], keys: &Keys| {
        let path = to.path().join("spoilt");
        std::fs::write(&path, bytes).unwrap();
        verify(&path, relay.dir.path(), keys, &mut |_, _| {}).map_err(|error| error.code())
    };
    let keys = &relay.app.keys;
    assert!(check(&sound, keys).is_ok());
    for len in [0, 1, 30, 100, sound.len() / 2, sound.len() - 1] {
        assert_eq!(check(&sound[..len], keys), Err("not_a_backup"), "{len} bytes");
    }
    for at in (0..sound.len()).step_by(sound.len() / 60) {
        let mut spoilt = sound.clone();
        spoilt[at] ^= 1;
        let code = check(&spoilt, keys).unwrap_err();
        assert!(matches!(code, "not_a_backup" | "backup_wrong_key"), "{code} at {at}");
    }
    let other = Keys::generate(&SeededEnv::new(9, NOW_MS));
    assert_eq!(check(&sound, &other), Err("backup_wrong_key"));
    assert_eq!(names(relay.dir.path()).iter().filter(|name| name.contains(".partial")).count(), 0);
    let missing = verify(&to.path().join("none"), relay.dir.path(), keys, &mut |_, _| {});
    assert_eq!(missing.unwrap_err().code(), "backup_file");
}

/// A store in which something is wrong that encryption and the file's own checks do not see.
#[test]
fn a_store_whose_log_does_not_add_up_is_no_backup() {
    for spoil in [
        "UPDATE log SET hash = zeroblob(32) WHERE number = 50",
        "UPDATE log SET kind = 0 WHERE number = 50",
        "UPDATE log SET chain = zeroblob(16) WHERE number = 100",
        "DELETE FROM log WHERE number = 50",
    ] {
        let relay = Relay::new();
        put(&relay, 0);
        let raw = rusqlite::Connection::open(relay.dir.path().join("relay.db")).unwrap();
        assert_eq!(raw.execute(spoil, []).unwrap(), 1, "{spoil}");
        let to = tempfile::tempdir().unwrap();
        let error = quiet(&relay, to.path()).unwrap_err();
        assert_eq!(error.code(), "storage_damaged", "{spoil}");
        assert!(error.to_string().contains("entry"), "{error}");
        assert_eq!(names(to.path()), Vec::<String>::new(), "nothing has a backup's name");
    }
}

#[test]
fn backups_are_made_when_due_and_the_old_ones_go() {
    let relay = Relay::new();
    let to = tempfile::tempdir().unwrap();
    let hour = 60 * 60 * 1000;
    let schedule = Schedule {
        places: places(&relay, to.path()),
        every_ms: 6 * hour,
        keep: Keep { daily: 2, weekly: 1 },
    };
    // What a process that died left behind, and somebody else's files.
    let stale = format!("{}.partial", super::name::of(relay.app.workspace.id, NOW_MS - 1));
    std::fs::write(to.path().join(&stale), "half").unwrap();
    std::fs::write(to.path().join("notes.txt"), "mine").unwrap();
    let foreign = super::name::of(cartera_core::model::WorkspaceId::from_bytes([7; 16]), NOW_MS);
    std::fs::write(to.path().join(&foreign), "another relay's").unwrap();
    let mut made = 0;
    for _ in 0..4 * 24 {
        made += usize::from(schedule.run_if_due(&relay.app).unwrap().is_some());
        relay.env.advance(hour);
    }
    assert_eq!(made, 4 * 4);
    let mine: Vec<_> = list(to.path())
        .unwrap()
        .into_iter()
        .filter(|found| found.workspace == relay.app.workspace.id)
        .collect();
    assert_eq!(mine.len(), 2, "of the last two days one each: {mine:?}");
    let all = names(to.path());
    assert!(all.contains(&foreign) && all.contains(&"notes.txt".into()) && !all.contains(&stale), "{all:?}");
    let deeds = relay.app.storage.deeds(0, 1000).unwrap();
    assert_eq!(deeds.iter().filter(|deed| deed.action == "backup.made").count(), made);
    assert!(relay.app.metrics.encode().contains("cartera_backup_last_timestamp_seconds"));
    // A clock that was set back does not stop them.
    relay.env.advance(-30 * 24 * hour);
    assert!(schedule.run_if_due(&relay.app).unwrap().is_some());
}

#[test]
fn one_backup_at_a_time_and_only_by_who_may() {
    let relay = Relay::new();
    let to = tempfile::tempdir().unwrap();
    make(&relay.app, By::CONSOLE, &places(&relay, to.path()), &mut |stage, _, _| {
        if stage == Stage::Sealing {
            relay.env.advance(1);
            assert_eq!(quiet(&relay, to.path()).unwrap_err().code(), "backup_busy");
        }
    })
    .unwrap();
    let nowhere = to.path().join("notes.txt");
    std::fs::write(&nowhere, "a file").unwrap();
    assert_eq!(quiet(&relay, &nowhere).unwrap_err().code(), "backup_file");
}

#[test]
fn a_phone_is_told_the_key_to_which_it_may_seal() {
    let relay = Relay::new();
    let key = relay.app.keys.workspace_key();
    assert!(key.len() <= limits::WORKSPACE_KEY_BYTES);
    let recipient: age::x25519::Recipient = key.parse().unwrap();
    let sealed = age::encrypt(&recipient, WORD.as_bytes()).unwrap();
    assert_eq!(age::decrypt(&relay.app.keys.identity(), &sealed).unwrap(), WORD.as_bytes());
}
