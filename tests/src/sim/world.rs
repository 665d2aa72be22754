//! The world of one run: a relay, phones, the network between them, an office, and virtual time.
//!
//! Everything happens in one thread, in an order that the seed alone decides. While a phone waits for an answer, the world
//! may go on around it ([`World::meanwhile`]), two levels deep.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use cartera_core::model::{PersonId, TerritoryId};
use cartera_core::store::StoreError;
use cartera_core::sync::http::Transport;
use cartera_core::sync::session::{Report, SyncError};
use cartera_relay::devices::Purpose;
use cartera_relay::devices::enrol::{invitation, invite};
use cartera_relay::devices::manage as devices;
use cartera_relay::people::Role;
use cartera_relay::people::access::By;
use cartera_relay::people::manage::{self, NewPerson};
use cartera_relay::territories;

use super::device_env::DeviceEnv;
use super::dice::Dice;
use super::erp::Erp;
use super::ledger::{Deed, Ledger};
use super::network::{Network, Way, Weather};
use super::office::Errand;
use super::oracle::lost::{Aside, Shelf};
use super::oracle::progress;
use super::phone::{Attempt, Phone, Standing};
use super::relay::Relay;
use super::work::Job;

/// 2026-09-21, about noon.
pub const START_MS: i64 = 1_790_000_000_000;
pub const MINUTE_MS: i64 = 60_000;
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// What people and office do by themselves, and what may come of it.
#[derive(Debug, Clone)]
pub struct Plan {
    pub jobs: &'static [(u32, Job)],
    pub errands: &'static [(u32, Errand)],
    /// Codes with which honest work may be refused in this scenario.
    pub refusals: &'static [&'static str],
    /// The relay was restored: digests may differ once.
    pub repairs: bool,
}

#[derive(Debug)]
pub struct World {
    pub seed: u64,
    pub dice: Dice,
    pub relay: Relay,
    pub network: Network,
    pub ledger: Ledger,
    pub erp: Erp,
    pub plan: Mutex<Plan>,
    phones: Mutex<Vec<Arc<Phone>>>,
    territories: Mutex<Vec<TerritoryId>>,
    now_ms: AtomicI64,
    depth: AtomicU32,
    story: Mutex<Vec<String>>,
    /// Told aloud as it happens.
    aloud: bool,
    pub folder: tempfile::TempDir,
}

impl World {
    pub fn new(seed: u64, aloud: bool) -> Self {
        let folder = folder();
        let dice = Dice::new(seed);
        let relay = Relay::new(folder.path().join("relay"), dice.number(), START_MS);
        let plan = Plan { jobs: Job::EVERYDAY, errands: Errand::NONE, refusals: &[], repairs: false };
        Self {
            seed,
            dice,
            relay,
            network: Network::default(),
            ledger: Ledger::default(),
            erp: Erp::default(),
            plan: Mutex::new(plan),
            phones: Mutex::default(),
            territories: Mutex::default(),
            now_ms: AtomicI64::new(START_MS),
            depth: AtomicU32::new(0),
            story: Mutex::default(),
            aloud,
            folder,
        }
    }

    /// One more line of what happened.
    #[allow(clippy::print_stdout)] // for whoever looks into a seed
    pub fn tell(&self, line: impl FnOnce() -> String) {
        let since = (self.now_ms() - START_MS) / MINUTE_MS;
        let line = format!("{:>3}d {:02}:{:02}  {}", since / 1440, since / 60 % 24, since % 60, line());
        if self.aloud {
            println!("{line}");
        }
        self.story.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    pub fn story(&self) -> Vec<String> {
        self.story.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The true time.
    pub fn now_ms(&self) -> i64 {
        self.now_ms.load(Ordering::Relaxed)
    }

    /// Time passes for everybody, whatever their clocks say.
    pub fn pass(&self, ms: i64) {
        self.now_ms.fetch_add(ms, Ordering::Relaxed);
        self.relay.env.advance(ms);
        self.phones().iter().for_each(|phone| phone.env.seeded.advance(ms));
        self.network.deliver_late(self, self.now_ms());
    }

    pub fn phones(&self) -> Vec<Arc<Phone>> {
        self.phones.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn phone(&self, place: usize) -> Arc<Phone> {
        Arc::clone(&self.phones.lock().unwrap_or_else(PoisonError::into_inner)[place])
    }

    pub fn active(&self) -> Vec<Arc<Phone>> {
        self.phones().into_iter().filter(|phone| phone.is_active()).collect()
    }

    pub fn territories(&self) -> Vec<TerritoryId> {
        self.territories.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn plan(&self) -> Plan {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn change_plan(&self, change: impl FnOnce(&mut Plan)) {
        change(&mut self.plan.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    // -- how a world begins

    pub fn territory(&self, name: &str) -> TerritoryId {
        let id = territories::add(&self.relay.app(), By::CONSOLE, name).unwrap().id;
        self.territories.lock().unwrap_or_else(PoisonError::into_inner).push(id);
        id
    }

    pub fn person(&self, name: &str, role: Role, territories: &[TerritoryId]) -> PersonId {
        let all = role != Role::Rep;
        let new = NewPerson {
            name: name.into(),
            role,
            all_territories: Some(all),
            territories: if all { Vec::new() } else { territories.to_vec() },
        };
        manage::add(&self.relay.app(), By::CONSOLE, &[new]).unwrap()[0].id
    }

    /// A phone of a person's, not linked yet. Its clock is right until somebody sets it.
    pub fn new_phone(&self, name: &str, person: PersonId) -> Arc<Phone> {
        let is_rep =
            self.relay.app().storage.person(person).unwrap().is_some_and(|person| person.role == Role::Rep);
        let mut phones = self.phones.lock().unwrap_or_else(PoisonError::into_inner);
        let place = phones.len();
        let env = DeviceEnv::new(place, self.dice.number(), self.now_ms());
        let path = self.file(&format!("phone-{place}.db"));
        let phone = Arc::new(Phone::new(name, place, (person, is_rep), path, env));
        phones.push(Arc::clone(&phone));
        phone
    }

    /// Links a phone, with a new code until one is traded.
    pub fn link(&self, phone: &Phone) {
        for _ in 0..100 {
            let code = invite(&self.relay.app(), By::CONSOLE, phone.person, Purpose::Device).unwrap().code;
            let invitation = invitation(&self.relay.app(), &code);
            for _ in 0..4 {
                match phone.enrol(self, &invitation) {
                    Attempt::Done(Ok(())) => {
                        phone.stands(Standing::Active);
                        return;
                    }
                    Attempt::Done(Err(error)) if !error.is_passing() && error.code() != "malformed" => {
                        self.tell(|| format!("{} is not linked: {error}", phone.name));
                    }
                    _ => {}
                }
                self.pass(3 * MINUTE_MS);
            }
            self.pass(HOUR_MS);
        }
        panic!("{} could not be linked in a hundred codes", phone.name);
    }

    /// A new rep with a linked phone that has synced once, in fine weather.
    pub fn rep(&self, name: &str, territories: &[TerritoryId]) -> Arc<Phone> {
        self.member(name, Role::Rep, territories)
    }

    pub fn member(&self, name: &str, role: Role, territories: &[TerritoryId]) -> Arc<Phone> {
        let phone = self.new_phone(name, self.person(name, role, territories));
        self.link(&phone);
        self.sync(&phone);
        phone
    }

    // -- what happens in it

    /// One sync, however it ends.
    pub fn sync(&self, phone: &Phone) -> Option<Report> {
        self.sync_with(phone, &Way::new(self, phone.place))
    }

    /// The same over another way than the phone's own.
    pub fn sync_with(&self, phone: &Phone, transport: &dyn Transport) -> Option<Report> {
        match phone.sync_over(transport) {
            Attempt::Done(Ok(report)) => {
                self.tell(|| told(&phone.name, &report));
                Some(report)
            }
            Attempt::Done(Err(error)) => {
                self.tell(|| format!("{} could not sync: {error}", phone.name));
                self.failed(phone, &error);
                None
            }
            Attempt::Died => {
                self.tell(|| format!("{}'s process died in a sync", phone.name));
                None
            }
            Attempt::Busy => None,
        }
    }

    /// A store that is damaged, or an answer that is nonsense, is nothing that a network does to a phone.
    fn failed(&self, phone: &Phone, error: &SyncError) {
        let serious =
            matches!(error, SyncError::Store(_) | SyncError::Nonsense(_) | SyncError::Version { .. });
        let hostile = phone.standing() == Standing::Hostile;
        assert!(!serious || hostile, "{} could not sync: {error}", phone.name);
    }

    /// A phone comes back from a copy of its database. What it had not sent since then is nowhere any more: it is excused,
    /// unless the relay has it, or it was in the copy too.
    pub fn restore(&self, phone: &Phone, copy: &Path) {
        self.tell(|| format!("{} is restored from its backup", phone.name));
        let shelf = self.relay.read(Shelf::of);
        phone.put_back(copy);
        let mut held = Aside::default();
        held.add_unsent(phone);
        held.add_refused(phone);
        let own = phone.engine().store().read::<_, StoreError>(|conn| Ok(Shelf::of(conn))).unwrap();
        for command in self.ledger.books().commands.iter_mut().filter(|command| command.phone == phone.place)
        {
            let is_safe = |deed: &Deed| {
                shelf.shows(&command.document, deed)
                    || match deed {
                        // An older edit of the same field in the copy is not the one that ended it.
                        Deed::Ended { key, text } => own.has_ended(&command.document, key, text),
                        _ => held.has(command, deed),
                    }
            };
            if !command.deeds.iter().all(is_safe) {
                command.excused = Some("it was on the phone alone, which came back from before it");
            }
        }
    }

    /// The relay comes back from an earlier state. What it had acknowledged since then and no phone has is nowhere any more:
    /// that is excused.
    pub fn restore_relay(&self, how: &str, restore: impl FnOnce(&Relay)) {
        self.tell(|| format!("the relay is restored, {how}"));
        restore(&self.relay);
        self.change_plan(|plan| plan.repairs = true);
        let shelf = self.relay.read(Shelf::of);
        let mut held = Aside::default();
        let mut phones = Vec::new();
        for phone in self.phones().iter().filter(|phone| phone.standing() != Standing::Lost) {
            held.add_unsent(phone);
            held.add_refused(phone);
            phones.push(phone.engine().store().read::<_, StoreError>(|conn| Ok(Shelf::of(conn))).unwrap());
        }
        for command in &mut self.ledger.books().commands {
            let is_safe = |deed: &Deed| {
                shelf.shows(&command.document, deed)
                    || held.has(command, deed)
                    || phones.iter().any(|phone| match deed {
                        Deed::Ended { key, text } => phone.has_ended(&command.document, key, text),
                        _ => phone.shows(&command.document, deed),
                    })
            };
            if !command.deeds.iter().all(is_safe) {
                command.excused =
                    Some("the relay had it, which came back from before it, and no phone has it");
            }
        }
    }

    /// The administrator confirms every phone, after a restore without the journal.
    pub fn confirm_phones(&self) {
        self.tell(|| "the administrator confirms all phones".to_owned());
        devices::confirm(&self.relay.app(), By::CONSOLE, None).unwrap();
    }

    /// Another phone that goes on from the same database, as if it were the same.
    pub fn clone_phone(&self, phone: &Phone, name: &str) -> Arc<Phone> {
        self.tell(|| format!("{} is cloned", phone.name));
        let copy = self.file("clone.db");
        phone.copy_to(&copy);
        let twin = self.new_phone(name, phone.person);
        twin.put_back(&copy);
        twin
    }

    /// A sync during which the process dies at some moment.
    pub fn sync_and_die(&self, phone: &Phone) {
        phone.env.die_at(self.dice.between(0, 40));
        self.sync(phone);
        phone.env.live_on();
    }

    /// So many things happen, by people and office, over some time.
    pub fn days(&self, events: usize) {
        for _ in 0..events {
            self.pass(self.dice.between(1, 90) * MINUTE_MS);
            self.event();
        }
    }

    fn event(&self) {
        let phones: Vec<_> =
            self.phones().into_iter().filter(|phone| !matches!(phone.standing(), Standing::Lost)).collect();
        let Some(phone) = self.dice.pick(&phones).cloned() else { return };
        match self.dice.below(100) {
            0..55 => (0..=self.dice.below(3)).for_each(|_| self.work(&phone)),
            55..80 => {
                self.sync(&phone);
            }
            80..83 => {
                self.tell(|| format!("{} starts anew", phone.name));
                phone.restart();
            }
            83..85 => self.relay.restart(),
            _ => self.errand(),
        }
    }

    /// Something else happens while a phone waits for an answer.
    pub fn meanwhile(&self, waiting: usize) {
        if self.depth.fetch_add(1, Ordering::Relaxed) < 2 {
            let happened = catch_unwind(AssertUnwindSafe(|| match self.dice.below(4) {
                0 => self.work(&self.phone(waiting)),
                1 => self.errand(),
                _ => {
                    let others = self.active();
                    if let Some(other) = self.dice.pick(&others).cloned() {
                        if self.dice.chance(50) {
                            self.work(&other);
                        } else {
                            self.sync(&other);
                        }
                    }
                }
            }));
            self.depth.fetch_sub(1, Ordering::Relaxed);
            happened.unwrap_or_else(|why| resume_unwind(why));
        } else {
            self.depth.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// The network is whole again, everything that was held up arrives, and everybody syncs until nothing is left to
    /// say. How many rounds that took; `None`: it did not end within its bound.
    pub fn settle(&self) -> Option<usize> {
        self.tell(|| "the network is whole again".to_owned());
        self.network.set_weather(Weather::FINE);
        self.network.set_down(false);
        self.pass(3 * DAY_MS);
        for round in 1..=ROUNDS_TO_QUIET {
            self.pass(40 * MINUTE_MS);
            let mut quiet = true;
            for phone in self.active() {
                match phone.sync(self) {
                    Attempt::Done(Ok(report)) => {
                        let silent = is_silent(&report);
                        if !silent {
                            self.tell(|| told(&phone.name, &report));
                        }
                        quiet &= silent;
                    }
                    other => panic!("{} cannot sync though the network is whole: {other:?}", phone.name),
                }
            }
            if quiet && self.active().iter().all(|phone| progress::queues(phone).is_empty()) {
                return Some(round);
            }
        }
        None
    }
}

/// Rounds in which everybody syncs once, within which a whole network must become quiet.
pub const ROUNDS_TO_QUIET: usize = 8;

/// Nothing was said but 'is there anything new?' and 'no'.
fn is_silent(report: &Report) -> bool {
    Report { requests: 1, bytes_sent: 0, bytes_received: 0, ..Report::default() }
        == Report { bytes_sent: 0, bytes_received: 0, ..report.clone() }
}

fn told(name: &str, report: &Report) -> String {
    let Report { requests, sent, received, office, documents, rebased, repaired, .. } = report;
    let mut line = format!(
        "{name} synced: {requests} requests, {sent} sent, {received} received, {documents} documents, {office} office"
    );
    for (count, what) in
        [(report.entered.len(), "entered"), (report.left.len(), "left"), (report.refused.len(), "refused")]
    {
        if count > 0 {
            line.push_str(&format!(", {count} {what}"));
        }
    }
    for (count, what) in [(rebased, "rebased"), (repaired, "REPAIRED")] {
        if *count > 0 {
            line.push_str(&format!(", {count} {what}"));
        }
    }
    line
}

/// In memory where the system has such a place: what is durable is tried by other tests, with real processes.
fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() {
        tempfile::Builder::new().prefix("cartera-").tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    made.or_else(|_| tempfile::tempdir()).unwrap()
}
