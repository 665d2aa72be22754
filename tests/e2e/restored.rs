//! The relay's disk is lost on Tuesday night, and Monday's backup is all that there is; or its file was put back. Phones
//! have Tuesday.

use std::collections::BTreeSet;
use std::path::PathBuf;

use cartera_core::env::SystemEnv;
use cartera_core::model::record::{Note, Outcome, Visit};
use cartera_core::model::{ClientId, TerritoryId};
use cartera_core::store::StoreError;
use cartera_core::sync::session::SyncError;
use cartera_relay::App;
use cartera_relay::app::Folder;
use cartera_relay::backup::restore::Restore;
use cartera_relay::backup::{Places, make};
use cartera_relay::clients::erase::{Reason, erase};
use cartera_relay::clients::{merge, move_to};
use cartera_relay::devices::{RevokeOrder, manage};
use cartera_relay::export::{Export, Format, Query, resources::Resource};
use cartera_relay::keys::Keys;
use cartera_relay::people::access::By;
use cartera_relay::quarantine;
use cartera_relay::tokens::{self, Scope};
use serde_json::Value;

use super::world::{Phone, World, text};

impl World {
    pub(super) fn backup(&self) -> PathBuf {
        let places = Places { to: self.elsewhere(), work: self.data().data };
        make(self.app(), By::CONSOLE, &places, &mut |_, _, _| {}).unwrap().path
    }

    /// Every row of a resource.
    pub(super) fn export(&self, resource: &str) -> Vec<Value> {
        let query = Query::all(Resource::find(resource).unwrap(), Format::Ndjson);
        let mut out = Vec::new();
        let store = &*self.app().storage;
        Export::begin(store, query).unwrap().write_to(store, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .filter(|row: &Value| row["id"].is_string())
            .collect()
    }

    /// Ids in a resource; fails where one stands twice.
    pub(super) fn ids(&self, resource: &str) -> BTreeSet<String> {
        let rows = self.export(resource);
        let ids: BTreeSet<_> = rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ids.len(), rows.len(), "something stands twice in {resource}");
        ids
    }

    fn territory_of(&self, client: ClientId) -> Option<TerritoryId> {
        self.app().storage.place(client.into()).unwrap().unwrap().territory
    }

    /// Deeds of this name.
    fn deeds(&self, action: &str) -> usize {
        self.app().storage.deeds(0, 1000).unwrap().iter().filter(|deed| deed.action == action).count()
    }
}

/// Syncs everybody until nobody has anything to say, and nothing has to be put right at the end.
pub(super) fn settle(phones: &[&Phone]) {
    for _ in 0..3 {
        phones.iter().for_each(|phone| drop(phone.sync()));
    }
    for phone in phones {
        let report = phone.sync();
        assert_eq!((report.requests, report.repaired), (1, 0), "{report:?}");
    }
}

pub(super) fn note(phone: &Phone, client: &ClientId, words: &str) -> String {
    phone.engine.record(client, Note::new(words)).unwrap().id.to_string()
}

fn visit(phone: &Phone, client: &ClientId) -> String {
    phone.engine.log_visit(client, Visit::done(Outcome::Order)).unwrap().id.to_string()
}

/// Restores `backup` into the folder whose content is gone.
pub(super) fn restore(folder: &Folder, backup: PathBuf, journal: Option<PathBuf>, keys: &Keys) {
    std::fs::remove_dir_all(&folder.data).unwrap();
    let mut order =
        Restore { backup, folder: folder.clone(), journal, replace: false, without_journal: false };
    if order.journal.is_none() {
        let refused = order.run(keys, &SystemEnv, &mut |_, _| {}).unwrap_err();
        assert_eq!(refused.code(), "restore_no_journal");
        assert!(!folder.database().exists(), "nothing was done");
        order.without_journal = true;
    }
    order.run(keys, &SystemEnv, &mut |_, _| {}).unwrap();
    let again = order.run(keys, &SystemEnv, &mut |_, _| {}).unwrap_err();
    assert_eq!(again.code(), "restore_in_the_way");
}

/// The same, with the journal, which was kept elsewhere.
pub(super) fn restore_with_journal(folder: &Folder, backup: PathBuf) {
    let keys = Keys::load(&folder.key_file).unwrap().unwrap();
    let journal = folder.data.with_file_name("journal-elsewhere");
    std::fs::copy(&folder.journal, &journal).unwrap();
    restore(folder, backup, Some(journal), &keys);
}

struct Week {
    world: World,
    north: TerritoryId,
    south: TerritoryId,
    ana: Phone,
    berta: Phone,
    /// Revoked on Tuesday.
    carla: Phone,
    /// Linked on Tuesday.
    dani: Phone,
    monday: PathBuf,
    bar: ClientId,
    /// Moved from north to south on Tuesday.
    casa: ClientId,
    /// Made and moved to the south on Tuesday.
    mudado: ClientId,
    /// Erased on Tuesday.
    gone: ClientId,
    token: String,
    visits: BTreeSet<String>,
    notes: BTreeSet<String>,
}

/// Monday's work and backup, and all of Tuesday's.
fn week() -> Week {
    let world = World::new();
    let (north, south) = (world.territory("Norte"), world.territory("Sur"));
    let ana = world.phone("Ana", &[north]);
    let berta = world.phone("Berta", &[south]);
    let carla = world.phone("Carla", &[north]);
    let (mut visits, mut notes) = (BTreeSet::new(), BTreeSet::new());
    let bar = ana.client("Bar");
    let casa = ana.client("Casa");
    let gone = ana.client("Efimero");
    let dulce = berta.client("Dulce");
    visits.insert(visit(&ana, &bar));
    visits.insert(visit(&berta, &dulce));
    note(&ana, &gone, "secreto del lunes");
    let token = tokens::manage::create(world.app(), By::CONSOLE, "Excel", &[Scope::Export], 30).unwrap();
    settle(&[&ana, &berta, &carla]);
    let monday = world.backup();

    visits.insert(visit(&ana, &bar));
    ana.engine.edit_client(&bar, vec![text("name", "Bar Nuevo")]).unwrap();
    notes.insert(note(&carla, &bar, "lo ha visto Carla"));
    carla.sync();
    let nuevo = ana.client("Nuevo");
    notes.insert(note(&ana, &nuevo, "recién abierto"));
    visits.insert(visit(&berta, &dulce));
    let mudado = ana.client("Mudado");
    visits.insert(visit(&ana, &mudado));
    settle(&[&ana, &berta, &carla]);
    move_to(world.app(), By::CONSOLE, south, &[casa, mudado]).unwrap();
    settle(&[&ana, &berta, &carla]);
    visits.insert(visit(&berta, &casa));
    visits.insert(visit(&berta, &mudado));
    let dani = world.phone("Dani", &[north]);
    notes.insert(note(&dani, &bar, "lo ha visto Dani"));
    let igual = dani.client("Bar Igual");
    visits.insert(visit(&dani, &igual));
    note(&ana, &gone, "secreto del martes");
    settle(&[&ana, &berta, &carla, &dani]);
    merge::merge(world.app(), By::CONSOLE, igual, bar).unwrap();
    settle(&[&ana, &berta, &dani]);
    tokens::manage::revoke(world.app(), By::CONSOLE, token.token.id).unwrap();
    manage::revoke(world.app(), By::CONSOLE, carla.device(), RevokeOrder::Salvage).unwrap();
    erase(world.app(), By::CONSOLE, gone, Reason::Request).unwrap();
    // What nobody has sent yet.
    visits.insert(visit(&ana, &bar));
    notes.insert(note(&berta, &casa, "sin enviar"));
    let token = token.text;
    Week {
        world,
        north,
        south,
        ana,
        berta,
        carla,
        dani,
        monday,
        bar,
        casa,
        mudado,
        gone,
        token,
        visits,
        notes,
    }
}

impl Week {
    /// Changes that the log has back from phones.
    fn recovered(&self) -> (u64, u64) {
        let raw = rusqlite::Connection::open(self.world.data().database()).unwrap();
        raw.query_row("SELECT count(*), count(DISTINCT number) FROM recovered", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap()
    }
}

#[test]
fn mondays_backup_with_the_journal_and_tuesdays_phones_are_all_that_there_was() {
    let week = week();
    let (north, south) = (week.north, week.south);
    let monday = week.monday.clone();
    let world = week.world.while_down(|folder| restore_with_journal(folder, monday));
    let week = Week { world, ..week };
    let Week { world, ana, berta, carla, dani, .. } = &week;
    assert_eq!(world.ids("visits").len(), 2, "the relay has Monday alone");

    // What the journal says holds at once, before any phone comes.
    assert!(matches!(carla.engine.sync(), Err(SyncError::Revoked)));
    assert!(week.token.starts_with("cm_"));
    let tokens = world.app().storage.machine_tokens().unwrap();
    assert!(tokens.iter().all(|token| token.revoked_ms.is_some()));
    assert_eq!(world.territory_of(week.casa), Some(south));
    assert!(world.app().storage.place(week.gone.into()).unwrap().is_none());

    let offered: u64 = [ana, berta, dani].map(|phone| phone.sync().offered).iter().sum();
    settle(&[ana, berta, dani]);
    assert_eq!(world.ids("visits"), week.visits);
    assert_eq!(world.ids("notes"), week.notes, "what Carla wrote is there, what was erased is not");
    let names: BTreeSet<_> = world
        .export("clients")
        .iter()
        .map(|row| row["name"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(
        names,
        ["Bar Igual", "Bar Nuevo", "Casa", "Dulce", "Mudado", "Nuevo"].map(String::from).into()
    );
    assert_eq!((world.territory_of(week.casa), world.territory_of(week.mudado)), (Some(south), Some(south)));
    assert_eq!(world.territory_of(week.bar), Some(north));
    let aliases = world.export("clients").iter().filter(|row| row["alias_of"].is_string()).count();
    assert_eq!(aliases, 1, "merged stays merged, though the client came back later");
    assert!(!ana.names().contains(&"Efimero".to_owned()));
    assert_eq!(berta.timeline(&week.mudado).len(), 2);
    let (recovered, distinct) = week.recovered();
    assert_eq!((recovered, recovered), (offered, distinct), "each once, and from whom is known");
    assert!(recovered > 8, "{recovered}");
    assert_eq!(world.deeds("workspace.restored"), 1);
    for phone in [ana, berta, dani] {
        assert_eq!(phone.refused(), 0);
    }
}

#[test]
fn without_the_journal_the_relay_is_closed_until_the_phones_are_confirmed() {
    let week = week();
    let monday = week.monday.clone();
    let world = week.world.while_down(|folder| {
        let keys = Keys::load(&folder.key_file).unwrap().unwrap();
        restore(folder, monday, None, &keys);
    });
    let week = Week { world, ..week };
    let Week { world, ana, berta, carla, dani, .. } = &week;
    for phone in [ana, berta, carla] {
        let error = phone.engine.sync().unwrap_err();
        assert_eq!((error.code(), error.is_passing()), ("unavailable", true));
    }
    // Linked on Tuesday, so unknown; nothing on it is deleted.
    assert_eq!(dani.engine.sync().unwrap_err().code(), "unauthenticated");
    assert!(world.app().storage.machine_tokens().unwrap().iter().all(|token| token.revoked_ms.is_some()));
    assert_eq!(manage::confirm(world.app(), By::CONSOLE, Some(&[ana.device(), berta.device()])).unwrap(), 2);
    assert_eq!(manage::confirm(world.app(), By::CONSOLE, Some(&[ana.device()])).unwrap(), 0);
    settle(&[ana, berta]);
    assert_eq!(carla.engine.sync().unwrap_err().code(), "unavailable", "not confirmed");
    assert_eq!(world.ids("visits"), week.visits, "Ana has what Dani did");
    let gone = world.export("clients").iter().filter(|row| row["name"] == "Efimero").count();
    assert_eq!(gone, 1, "nobody remembers that it was erased: that has to be said again");
    erase(world.app(), By::CONSOLE, week.gone, Reason::Request).unwrap();
    settle(&[ana, berta]);
    assert_eq!(world.ids("notes"), week.notes);
}

#[test]
fn what_nothing_proves_waits_for_the_administrator_and_stays_on_the_phone() {
    let world = World::new();
    let north = world.territory("Norte");
    let (ana, luis) = (world.phone("Ana", &[north]), world.phone("Luis", &[north]));
    let bar = ana.client("Bar");
    settle(&[&ana, &luis]);
    let monday = world.backup();
    let (first, second) = (visit(&luis, &bar), visit(&luis, &bar));
    settle(&[&luis, &ana]);
    drop(luis);
    // Ana's phone has lost the proofs.
    ana.engine.store().write::<_, StoreError>(|tx| Ok(tx.execute("DELETE FROM receipts", [])?)).unwrap();
    let world = world.while_down(|folder| restore_with_journal(folder, monday));
    assert_eq!(ana.sync().offered, 0);
    settle(&[&ana]);
    assert_eq!((world.ids("visits").len(), ana.timeline(&bar).len()), (0, 2), "the phone keeps both");
    let waiting = quarantine::list(world.app(), By::CONSOLE, 0, 10).unwrap();
    let ids: Vec<_> = waiting.iter().map(|change| change.refusal).collect();
    assert_eq!((ids.len(), waiting[0].device), (2, ana.device()));
    let early = quarantine::accept(world.app(), By::CONSOLE, ids[1]).unwrap_err();
    assert_eq!(early.code(), "conflict", "{early}");
    quarantine::accept(world.app(), By::CONSOLE, ids[0]).unwrap();
    assert_eq!(world.ids("visits"), BTreeSet::from([first]));
    quarantine::refuse(world.app(), By::CONSOLE, ids[1]).unwrap();
    assert_eq!(quarantine::list(world.app(), By::CONSOLE, 0, 10).unwrap(), vec![]);
    assert_eq!(quarantine::accept(world.app(), By::CONSOLE, ids[1]).unwrap_err().code(), "not_found");
    settle(&[&ana]);
    assert_eq!(ana.timeline(&bar).len(), 2);
    assert!(ana.timeline(&bar).iter().any(|entry| entry.id.to_string() == second));
    let eva = world.phone("Eva", &[north]);
    assert_eq!(eva.timeline(&bar).len(), 1, "others see what was taken");
}

/// A snapshot of the machine, a copied file: nobody tells the relay.
#[test]
fn a_file_that_was_put_back_is_noticed_by_the_journal_and_without_it_by_a_cursor() {
    for with_journal in [true, false] {
        let world = World::new();
        let north = world.territory("Norte");
        let (ana, carla) = (world.phone("Ana", &[north]), world.phone("Carla", &[north]));
        let bar = ana.client("Bar");
        settle(&[&ana, &carla]);
        let mut copy = Vec::new();
        let world = world.while_down(|folder| copy = std::fs::read(folder.database()).unwrap());
        let mut visits = BTreeSet::new();
        visits.insert(visit(&ana, &bar));
        let nuevo = carla.client("Nuevo");
        visits.insert(visit(&carla, &nuevo));
        settle(&[&ana, &carla]);
        if with_journal {
            manage::revoke(world.app(), By::CONSOLE, carla.device(), RevokeOrder::Wipe).unwrap();
            move_to(world.app(), By::CONSOLE, cartera_relay::territories::UNASSIGNED, &[bar]).unwrap();
        }
        let before = epoch(world.app());
        let world = world.while_down(|folder| {
            std::fs::write(folder.database(), &copy).unwrap();
            if !with_journal {
                std::fs::remove_file(&folder.journal).unwrap();
                App::begin_journal(folder, &SystemEnv).unwrap();
            }
        });
        assert_eq!(epoch(world.app()) != before, with_journal, "known at the start, or not yet");
        if with_journal {
            assert!(matches!(carla.engine.sync(), Err(SyncError::Revoked)), "revoked stays revoked");
            assert_eq!(world.territory_of(bar), None, "moved stays moved");
            settle(&[&ana]);
        } else {
            settle(&[&carla, &ana]);
            assert_ne!(epoch(world.app()), before);
        }
        assert_eq!(world.deeds("log.rolled_back"), 1);
        assert_eq!(world.ids("visits"), visits);
    }
}

fn epoch(app: &App) -> [u8; 8] {
    app.storage.workspace().unwrap().unwrap().epoch.0
}
