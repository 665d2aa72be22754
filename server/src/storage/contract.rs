//! What every store has to do, whatever it is made of: run against each implementation.
//!
//! A check takes a fresh store. New implementations name all of them in the macro `contract` in a test of theirs.

mod exports;
mod imports;
pub(super) mod log;
mod orders;
mod segments;

use std::sync::Arc;

use cartera_core::model::{DeviceId, PersonId, TerritoryId, TokenId, WorkspaceId};
use cartera_core::sync::wire::{ActorBytes, Epoch};

use super::Storage;
use super::devices::{ActorRegistered, CodeAdded, Trade, Traded};
use super::logins::LoginSet;
use super::people::{PeopleAdded, PersonChange, PersonChanged, TerritoryWritten};
use super::tokens::LoggedIn;
use super::workspace::Workspace;
use crate::audit::{Actor, DETAIL_CHARS_MAX, Deed, Subject};
use crate::devices::{
    ACTORS_PER_DEVICE_MAX, CODE_MS, CODES_KEPT_MS, CODES_OPEN_MAX, OneTimeCode, Purpose, RevokeOrder,
    SEEN_EVERY_MS,
};
use crate::login::{Login, SecondStep};
use crate::people::{PEOPLE_MAX, Person, Role};
use crate::secret::SecretHash;
use crate::territories::{TERRITORIES_MAX, Territory, UNASSIGNED};
use crate::tokens::{
    MachineToken, NewSession, Proof, SESSIONS_PER_PERSON_MAX, Scope, TOKENS_MAX, USED_EVERY_MS,
};

pub(crate) use exports::*;
pub(crate) use imports::*;
pub(crate) use log::*;
pub(crate) use orders::*;
pub(crate) use segments::*;

type Store = Arc<dyn Storage>;
const T: i64 = 1_790_000_000_000;

fn id16(n: usize) -> [u8; 16] {
    (n as u128 + 1).to_be_bytes()
}

fn person(n: usize, role: Role) -> Person {
    Person {
        id: PersonId::from_bytes(id16(n)),
        name: format!("person {n}"),
        role,
        all_territories: false,
        territories: Vec::new(),
        scope_version: 1,
        created_ms: T,
        left_ms: None,
    }
}

fn deed(subject: Subject) -> Deed {
    Deed { at_ms: T, actor: Actor::Console, action: "done", subject, detail: "as asked".into() }
}

fn add_person(store: &Store, n: usize, role: Role) -> Person {
    let person = person(n, role);
    let added = store.add_people(std::slice::from_ref(&person), &[deed(Subject::Person(person.id))]).unwrap();
    assert_eq!(added, PeopleAdded::Done);
    person
}

fn add_territory(store: &Store, n: usize, name: &str) -> TerritoryWritten {
    let territory = territory(n, name);
    store
        .add_territories(std::slice::from_ref(&territory), &[deed(Subject::Territory(territory.id))])
        .unwrap()
}

fn territory(n: usize, name: &str) -> Territory {
    Territory { id: TerritoryId::from_bytes(id16(n)), name: name.into(), created_ms: T }
}

fn code(n: usize, person: PersonId, purpose: Purpose) -> OneTimeCode {
    OneTimeCode {
        id: TokenId::from_bytes(id16(n)),
        hash: SecretHash::of(&format!("code {n}")),
        purpose,
        person,
        created_ms: T,
        expires_ms: T + CODE_MS,
    }
}

fn add_code(store: &Store, code: &OneTimeCode) -> CodeAdded {
    store.add_code(code, &deed(Subject::Person(code.person))).unwrap()
}

/// Links device `n` of a person by a code of its own.
fn add_device(store: &Store, n: usize, person: PersonId) -> DeviceId {
    assert_eq!(add_code(store, &code(n, person, Purpose::Device)), CodeAdded::Done);
    let trade = Trade {
        code: SecretHash::of(&format!("code {n}")),
        token: SecretHash::of(&format!("token {n}")),
        device: DeviceId::from_bytes(id16(n)),
        name: "phone".into(),
        now_ms: T,
    };
    let traded = store.trade_code(&trade).unwrap();
    assert!(matches!(traded, Traded::Done { again: false, .. }), "{traded:?}");
    trade.device
}

pub(crate) fn a_store_is_bound_to_one_workspace(store: Store) {
    assert_eq!(store.workspace().unwrap(), None);
    let of = |n| Workspace { id: WorkspaceId::from_bytes(id16(n)), epoch: Epoch([1; 8]), created_ms: T };
    assert_eq!(store.found(of(1)).unwrap(), of(1));
    assert_eq!(store.found(of(2)).unwrap(), of(1));
    store.begin_epoch(Epoch([2; 8]), 7).unwrap();
    assert_eq!(store.workspace().unwrap().unwrap().epoch, Epoch([2; 8]));
    store.ping().unwrap();
}

pub(crate) fn people_are_added_whole_or_not_at_all(store: Store) {
    assert_eq!(add_territory(&store, 1, "Norte"), TerritoryWritten::Done);
    let norte = TerritoryId::from_bytes(id16(1));
    let with =
        Person { territories: vec![UNASSIGNED, norte], all_territories: true, ..person(1, Role::Manager) };
    let nowhere = TerritoryId::from_bytes(id16(99));
    let wrong = Person { territories: vec![nowhere], ..person(2, Role::Rep) };
    let added = store.add_people(&[with.clone(), wrong], &[]).unwrap();
    assert_eq!(added, PeopleAdded::UnknownTerritory(nowhere));
    assert_eq!(store.people().unwrap(), []);
    assert_eq!(store.add_people(std::slice::from_ref(&with), &[]).unwrap(), PeopleAdded::Done);
    assert_eq!(store.people().unwrap(), std::slice::from_ref(&with));
    assert_eq!(store.person(with.id).unwrap(), Some(with));
    assert_eq!(store.person(PersonId::from_bytes(id16(2))).unwrap(), None);
}

pub(crate) fn there_is_a_bound_on_people(store: Store) {
    let all: Vec<_> = (0..PEOPLE_MAX).map(|n| person(n, Role::Rep)).collect();
    assert_eq!(store.add_people(&all, &[]).unwrap(), PeopleAdded::Done);
    let more = person(PEOPLE_MAX, Role::Rep);
    assert_eq!(store.add_people(&[more], &[]).unwrap(), PeopleAdded::TooMany);
    assert_eq!(store.people().unwrap().len(), PEOPLE_MAX);
}

pub(crate) fn the_scope_version_grows_with_what_is_seen_only(store: Store) {
    add_person(&store, 0, Role::Administrator);
    let id = add_person(&store, 1, Role::Rep).id;
    add_territory(&store, 1, "Norte");
    let norte = TerritoryId::from_bytes(id16(1));
    let change =
        |change: PersonChange| match store.change_person(id, &change, &deed(Subject::Person(id))).unwrap() {
            PersonChanged::Done(person) => {
                assert_eq!(store.person(id).unwrap().as_ref(), Some(&person), "as it was answered");
                person.scope_version
            }
            other => panic!("{other:?}"),
        };
    assert_eq!(change(PersonChange { name: Some("other".into()), ..Default::default() }), 1);
    assert_eq!(change(PersonChange { territories: Some(vec![norte]), ..Default::default() }), 2);
    assert_eq!(change(PersonChange { territories: Some(vec![norte]), ..Default::default() }), 2);
    assert_eq!(change(PersonChange { all_territories: Some(true), ..Default::default() }), 3);
    assert_eq!(change(PersonChange { role: Some(Role::Manager), ..Default::default() }), 4);
    assert_eq!(change(PersonChange::default()), 4);
    let nobody = PersonId::from_bytes(id16(9));
    let changed = store.change_person(nobody, &PersonChange::default(), &deed(Subject::Workspace)).unwrap();
    assert_eq!(changed, PersonChanged::Unknown);
}

pub(crate) fn the_last_administrator_stays(store: Store) {
    let id = add_person(&store, 1, Role::Administrator).id;
    let to_rep = PersonChange { role: Some(Role::Rep), ..Default::default() };
    let the_deed = deed(Subject::Person(id));
    assert_eq!(store.change_person(id, &to_rep, &the_deed).unwrap(), PersonChanged::LastAdministrator);
    assert_eq!(store.person_left(id, &the_deed).unwrap(), PersonChanged::LastAdministrator);
    assert_eq!(store.person(id).unwrap().unwrap().role, Role::Administrator, "undone");
    add_person(&store, 2, Role::Administrator);
    assert!(matches!(store.person_left(id, &the_deed).unwrap(), PersonChanged::Done(_)));
}

pub(crate) fn who_leaves_is_let_in_no_more(store: Store) {
    add_person(&store, 0, Role::Administrator);
    let id = add_person(&store, 1, Role::Rep).id;
    let device = add_device(&store, 1, id);
    add_code(&store, &code(2, id, Purpose::Session));
    assert!(matches!(open_session(&store, 2, T), LoggedIn::Done(_)));
    add_code(&store, &code(3, id, Purpose::Session));
    let left = Deed { at_ms: T + 5, ..deed(Subject::Person(id)) };
    assert!(matches!(store.person_left(id, &left).unwrap(), PersonChanged::Done(_)));
    let known = store.device_by_token(&SecretHash::of("token 1"), T).unwrap().unwrap();
    assert_eq!((known.device.id, known.device.revoked.unwrap().order), (device, RevokeOrder::Salvage));
    assert_eq!(store.session(&SecretHash::of("session 2"), T).unwrap(), None);
    assert_eq!(open_session(&store, 3, T), LoggedIn::Refused);
    assert_eq!(add_code(&store, &code(4, id, Purpose::Device)), CodeAdded::Left);
    assert_eq!(store.person(id).unwrap().unwrap().left_ms, Some(T + 5));
}

pub(crate) fn territories_have_names_of_their_own(store: Store) {
    assert_eq!(store.territories().unwrap()[0].id, UNASSIGNED);
    assert_eq!(add_territory(&store, 1, "Zona Norte"), TerritoryWritten::Done);
    let norte = TerritoryId::from_bytes(id16(1));
    assert_eq!(add_territory(&store, 2, "zona  NORTE"), TerritoryWritten::NameTaken(norte));
    assert_eq!(add_territory(&store, 3, "Sur"), TerritoryWritten::Done);
    let sur = TerritoryId::from_bytes(id16(3));
    let rename = |id, name: &str| store.rename_territory(id, name, &deed(Subject::Territory(id))).unwrap();
    assert_eq!(rename(sur, "Zona norte"), TerritoryWritten::NameTaken(norte));
    assert_eq!(rename(sur, "SUR"), TerritoryWritten::Done, "its own name in other letters");
    assert_eq!(rename(TerritoryId::from_bytes(id16(9)), "Este"), TerritoryWritten::Unknown);
    let names: Vec<_> = store.territories().unwrap().into_iter().map(|territory| territory.name).collect();
    assert_eq!(names, ["unassigned", "Zona Norte", "SUR"]);
}

pub(crate) fn there_is_a_bound_on_territories(store: Store) {
    let all: Vec<_> = (1..TERRITORIES_MAX).map(|n| territory(n, &format!("zona {n}"))).collect();
    assert_eq!(store.add_territories(&all, &[]).unwrap(), TerritoryWritten::Done);
    assert_eq!(add_territory(&store, TERRITORIES_MAX, "one more"), TerritoryWritten::TooMany);
    assert_eq!(store.territories().unwrap().len(), TERRITORIES_MAX);
}

pub(crate) fn a_code_is_for_one_phone(store: Store) {
    let id = add_person(&store, 1, Role::Rep).id;
    assert_eq!(
        add_code(&store, &code(1, PersonId::from_bytes(id16(8)), Purpose::Device)),
        CodeAdded::UnknownPerson
    );
    add_code(&store, &code(1, id, Purpose::Device));
    let trade = |token: &str, now_ms| {
        let device = DeviceId::from_bytes(id16(now_ms as usize % 1000 + 10));
        let (code, token) = (SecretHash::of("code 1"), SecretHash::of(token));
        store.trade_code(&Trade { code, token, device, name: "phone".into(), now_ms }).unwrap()
    };
    let Traded::Done { device, again: false, .. } = trade("a", T) else { panic!("new") };
    let Traded::Done { device: same, again: true, .. } = trade("a", T + CODE_MS) else { panic!("again") };
    assert_eq!(device, same);
    assert!(matches!(trade("b", T), Traded::Used(_)));
    assert!(matches!(trade("a", T + CODE_MS + 1), Traded::Expired(_)));
    assert_eq!(store.devices(None).unwrap().len(), 1);
    let refused: Vec<_> =
        store.deeds(0, 100).unwrap().into_iter().filter(|deed| deed.action == "enrolment.refused").collect();
    assert_eq!(refused.len(), 2);
}

pub(crate) fn open_codes_are_bounded_and_old_ones_forgotten(store: Store) {
    let id = add_person(&store, 1, Role::Rep).id;
    for n in 0..CODES_OPEN_MAX {
        assert_eq!(add_code(&store, &code(n, id, Purpose::Device)), CodeAdded::Done);
    }
    assert_eq!(add_code(&store, &code(CODES_OPEN_MAX, id, Purpose::Device)), CodeAdded::TooMany);
    let later = OneTimeCode { created_ms: T + CODE_MS + 1, ..code(CODES_OPEN_MAX, id, Purpose::Device) };
    assert_eq!(add_code(&store, &later), CodeAdded::Done, "the others have expired");
    let trade = |n: usize, now_ms| Trade {
        code: SecretHash::of(&format!("code {n}")),
        token: SecretHash::of("t"),
        device: DeviceId::from_bytes(id16(n)),
        name: "phone".into(),
        now_ms,
    };
    assert!(matches!(store.trade_code(&trade(0, T + CODES_KEPT_MS)).unwrap(), Traded::Expired(_)));
    let much_later =
        OneTimeCode { created_ms: T + CODE_MS + CODES_KEPT_MS + 1, ..code(5000, id, Purpose::Device) };
    add_code(&store, &much_later);
    assert_eq!(store.trade_code(&trade(0, T + CODES_KEPT_MS)).unwrap(), Traded::UnknownCode);
}

pub(crate) fn a_device_is_known_by_its_token(store: Store) {
    let id = add_person(&store, 1, Role::Manager).id;
    let device = add_device(&store, 1, id);
    let known = |now_ms| store.device_by_token(&SecretHash::of("token 1"), now_ms).unwrap().unwrap();
    assert_eq!((known(T).device.id, known(T).role, known(T).scope_version), (device, Role::Manager, 1));
    assert_eq!(store.device_by_token(&SecretHash::of("token 2"), T).unwrap(), None);
    known(T + SEEN_EVERY_MS - 1);
    assert_eq!(known(T).device.seen_ms, T, "not each time");
    known(T + SEEN_EVERY_MS);
    assert_eq!(known(T + SEEN_EVERY_MS).device.seen_ms, T + SEEN_EVERY_MS);
}

pub(crate) fn a_wipe_is_not_taken_back(store: Store) {
    let id = add_person(&store, 1, Role::Rep).id;
    let device = add_device(&store, 1, id);
    let revoke = |order, at_ms| {
        let deed = Deed { at_ms, ..deed(Subject::Device(device)) };
        assert!(store.revoke_device(device, order, &deed).unwrap());
        store.devices(Some(id)).unwrap()[0].revoked.unwrap()
    };
    assert_eq!(revoke(RevokeOrder::Salvage, T).order, RevokeOrder::Salvage);
    assert_eq!(revoke(RevokeOrder::Wipe, T + 1).order, RevokeOrder::Wipe);
    let last = revoke(RevokeOrder::Salvage, T + 2);
    assert_eq!((last.order, last.at_ms), (RevokeOrder::Wipe, T));
    let nobody = DeviceId::from_bytes(id16(9));
    assert!(!store.revoke_device(nobody, RevokeOrder::Wipe, &deed(Subject::Device(nobody))).unwrap());
}

pub(crate) fn an_actor_belongs_to_one_device(store: Store) {
    let id = add_person(&store, 1, Role::Rep).id;
    let (one, two) = (add_device(&store, 1, id), add_device(&store, 2, id));
    let actor = |n: usize| ActorBytes(id16(n));
    let registered = store.register_actors(one, &[actor(1), actor(1), actor(2)], T).unwrap();
    assert_eq!(registered, [ActorRegistered::New, ActorRegistered::Already, ActorRegistered::New]);
    assert_eq!(store.register_actors(two, &[actor(1)], T).unwrap(), [ActorRegistered::Taken]);
    assert_eq!(store.actor_devices(&[actor(2), actor(3)]).unwrap(), [Some(one), None]);
    let all: Vec<_> = (100..100 + ACTORS_PER_DEVICE_MAX).map(actor).collect();
    assert!(
        store
            .register_actors(two, &all, T)
            .unwrap()
            .iter()
            .all(|registered| *registered == ActorRegistered::New)
    );
    assert_eq!(store.register_actors(two, &[actor(50)], T).unwrap(), [ActorRegistered::TooMany]);
}

fn open_session(store: &Store, n: usize, now_ms: i64) -> LoggedIn {
    let session = NewSession {
        proof: Proof::Code(SecretHash::of(&format!("code {n}"))),
        browser: String::new(),
        id: TokenId::from_bytes(id16(1000 + n)),
        hash: SecretHash::of(&format!("session {n}")),
        now_ms,
        expires_ms: now_ms + 1000,
    };
    store.open_session(&session).unwrap()
}

pub(crate) fn sessions_are_opened_once_end_and_are_bounded(store: Store) {
    let id = add_person(&store, 1, Role::Administrator).id;
    add_code(&store, &code(0, id, Purpose::Device));
    assert_eq!(open_session(&store, 0, T), LoggedIn::Refused, "a code for a phone");
    for n in 1..=SESSIONS_PER_PERSON_MAX + 1 {
        add_code(&store, &code(n, id, Purpose::Session));
        assert!(matches!(open_session(&store, n, T + n as i64), LoggedIn::Done(_)));
        assert_eq!(open_session(&store, n, T), LoggedIn::Refused, "used");
    }
    let session = |n: usize, now_ms| store.session(&SecretHash::of(&format!("session {n}")), now_ms).unwrap();
    assert_eq!(session(1, T), None, "the oldest made room");
    let second = session(2, T).unwrap();
    assert_eq!((second.person, second.role), (id, Role::Administrator));
    assert_eq!(session(2, second.expires_ms), None, "expired");
    store.close_session(second.id, &deed(Subject::Token(second.id))).unwrap();
    assert_eq!(session(2, T), None, "closed");
    add_code(&store, &code(100, id, Purpose::Session));
    assert!(matches!(open_session(&store, 100, T + CODE_MS + 1), LoggedIn::Expired(_)));
}

pub(crate) fn a_password_opens_sessions_that_are_listed_and_ended(store: Store) {
    let (id, other) =
        (add_person(&store, 1, Role::Administrator).id, add_person(&store, 2, Role::Manager).id);
    let subject = |id| deed(Subject::Person(id));
    let login = |person, name: &str, password: &str| Login {
        person,
        name: name.into(),
        password: password.into(),
        set_ms: T,
        second: None,
    };
    let open = |n: usize, person| {
        let session = NewSession {
            proof: Proof::Password(person),
            browser: format!("browser {n}"),
            id: TokenId::from_bytes(id16(1000 + n)),
            hash: SecretHash::of(&format!("session {n}")),
            now_ms: T + n as i64,
            expires_ms: T + 1000,
        };
        store.open_session(&session).unwrap()
    };
    let set = |login: &Login, kept: usize| {
        let kept = TokenId::from_bytes(id16(1000 + kept));
        store.set_login(login, kept, &subject(login.person)).unwrap()
    };
    assert_eq!(store.login_named("ana").unwrap(), None);
    assert_eq!(set(&login(id, "ana", "one"), 1), LoginSet::Done);
    assert_eq!(set(&login(other, "ana", "two"), 1), LoginSet::NameTaken);
    assert_eq!(store.login_of(other).unwrap(), None, "nothing of it was kept");
    assert_eq!(set(&login(PersonId::from_bytes(id16(99)), "eva", "x"), 1), LoginSet::NoPerson);
    assert_eq!(store.login_named("ana").unwrap(), Some(login(id, "ana", "one")));
    assert_eq!(store.login_of(id).unwrap(), Some(login(id, "ana", "one")));

    let second = SecondStep { salt: id16(5), used_step: 7 };
    let set_second = |person, second| store.set_second_step(person, second, &subject(person)).unwrap();
    assert!(!set_second(other, Some(second)), "who has no password");
    assert!(set_second(id, Some(second)));
    let used = [7, 8, 8, 7].map(|step| store.use_second_step(id, step).unwrap());
    assert_eq!(used, [false, true, false, false], "each once, and none before it");
    let known = || store.login_of(id).unwrap().unwrap().second;
    assert_eq!(known(), Some(SecondStep { used_step: 8, ..second }));
    assert_eq!(set(&login(id, "ana", "one"), 1), LoginSet::Done);
    assert_eq!(known(), Some(SecondStep { used_step: 8, ..second }), "a new password leaves it");
    assert!(set_second(id, None));
    assert_eq!(known(), None);

    add_code(&store, &code(7, id, Purpose::Session));
    assert!(matches!(open_session(&store, 7, T), LoggedIn::Done(_)));
    assert!((1..=3).all(|n| matches!(open(n, id), LoggedIn::Done(_))));
    assert!(matches!(open(4, other), LoggedIn::Done(_)));
    assert_eq!(open(5, PersonId::from_bytes(id16(99))), LoggedIn::Refused);
    let listed = |now_ms| -> Vec<(String, bool)> {
        let sessions = store.open_sessions(id, now_ms).unwrap();
        sessions.into_iter().map(|session| (session.browser, session.by_code)).collect()
    };
    let of = |n: usize| (format!("browser {n}"), false);
    assert_eq!(listed(T), [of(3), of(2), of(1), (String::new(), true)], "the newest first");
    assert_eq!(listed(T + 1000), [], "expired");
    let end = |person, n: usize| {
        store.end_session(person, TokenId::from_bytes(id16(1000 + n)), &subject(person)).unwrap()
    };
    assert!(!end(other, 2), "not one's own");
    assert!(end(id, 2) && !end(id, 2));
    assert_eq!(set(&login(id, "ana maría", "three"), 3), LoginSet::Done);
    assert_eq!(listed(T), [of(3)], "a new password ends the others");
    assert_eq!(store.login_named("ana").unwrap(), None);
    assert_eq!(store.open_sessions(other, T).unwrap().len(), 1);
    store.person_left(other, &subject(other)).unwrap();
    assert_eq!(set(&login(other, "eva", "x"), 4), LoginSet::NoPerson);
}

pub(crate) fn machine_tokens_are_listed_with_last_use_and_bounded(store: Store) {
    let token = |n: usize| MachineToken {
        id: TokenId::from_bytes(id16(n)),
        name: format!("token {n}"),
        scopes: vec![Scope::Export, Scope::Orders],
        created_ms: T,
        expires_ms: T + 1000,
        revoked_ms: None,
        used_ms: None,
    };
    let add = |n: usize| {
        let token = token(n);
        let hash = SecretHash::of(&format!("machine {n}"));
        store.add_machine_token(&token, &hash, &deed(Subject::Token(token.id))).unwrap()
    };
    assert!((0..TOKENS_MAX).all(add));
    assert!(!add(TOKENS_MAX), "one past the edge");
    let used = |now_ms| store.machine_token(&SecretHash::of("machine 0"), now_ms).unwrap().unwrap().used_ms;
    assert_eq!(used(T), None, "as it was before");
    assert_eq!(used(T + USED_EVERY_MS - 1), Some(T));
    assert_eq!(used(T), Some(T), "not each time");
    assert_eq!(store.machine_token(&SecretHash::of("unknown"), T).unwrap(), None);
    let revoked = Deed { at_ms: T + 7, ..deed(Subject::Token(token(0).id)) };
    assert!(store.revoke_machine_token(token(0).id, &revoked).unwrap());
    assert!(!store.revoke_machine_token(token(TOKENS_MAX).id, &revoked).unwrap());
    let expected = MachineToken { revoked_ms: Some(T + 7), used_ms: Some(T), ..token(0) };
    assert_eq!(store.machine_tokens().unwrap()[0], expected);
    assert!(add(TOKENS_MAX), "a revoked one made room");
}

pub(crate) fn settings_and_deeds_are_kept(store: Store) {
    let set =
        |changes: &[(&str, Option<String>)]| store.set_settings(changes, &deed(Subject::Workspace)).unwrap();
    set(&[("a", Some("1".into())), ("b", Some("2".into()))]);
    set(&[("a", None), ("b", Some("3".into()))]);
    let settings: Vec<_> = store.settings().unwrap().into_iter().collect();
    assert_eq!(settings, [("b".to_owned(), "3".to_owned())]);

    let long = Deed { detail: "ñ".repeat(DETAIL_CHARS_MAX + 1), ..deed(Subject::Workspace) };
    store.record(&[long, deed(Subject::Workspace)]).unwrap();
    let deeds = store.deeds(0, 100).unwrap();
    assert_eq!(deeds.iter().map(|deed| deed.number).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(deeds[2].detail.chars().count(), DETAIL_CHARS_MAX);
    assert_eq!(store.deeds(1, 2).unwrap(), deeds[1..3]);
}

/// Every check above as a test of the module that calls it, each with a fresh store.
macro_rules! contract {
    ($fresh:expr; $($check:ident),* $(,)?) => { $(
        #[test]
        fn $check() {
            let (_keep, store) = $fresh;
            $crate::storage::contract::$check(store);
        }
    )* };
}
pub(crate) use contract;
