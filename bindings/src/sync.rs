//! The network, and where work stands.

use std::sync::Arc;

use cartera_core::query::{clients, work};
use cartera_core::store::{attention, meta, outbox, scope};
use cartera_core::sync::runner::Status;
use cartera_core::sync::session::Report;

use crate::listen::start;
use crate::shared::{Answer, Shared, limit};
use crate::{CarteraError, ClientId, Listening, Timestamp, WorkContent};

/// Syncing. What apps save goes by itself while the background sync runs; nothing ever waits for it.
#[derive(Debug, uniffi::Object)]
pub struct Sync {
    pub(crate) shared: Arc<Shared>,
}

/// What the background sync is doing.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum SyncActivity {
    /// It was not started, or was stopped.
    Off,
    /// As far as is known.
    UpToDate,
    Syncing,
    /// It failed in a way that passes; the words of why are `error-<code>`.
    Waiting {
        code: String,
        wait_ms: i64,
    },
    /// It will not pass by itself: revoked, too old, no room.
    Stopped {
        code: String,
    },
}

/// Where things stand, in sum.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SyncState {
    pub activity: SyncActivity,
    pub linked: bool,
    /// Pieces of work that are saved on this phone alone.
    pub unsent: u64,
    /// Pieces of work that the relay refused, each on the attention list with its reason.
    pub refused: u64,
    /// The first sync, or a territory gained later, is still coming.
    pub fetching: bool,
    /// When the relay last answered.
    pub last_contact: Option<Timestamp>,
}

/// A piece of work that is on this phone alone.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct UnsentWork {
    /// Missing of what this person keeps for itself.
    pub client: Option<ClientId>,
    pub client_name: Option<String>,
    pub saved: Timestamp,
    pub standing: UnsentStanding,
    /// Where it is held back: the words of why are `error-<code>`.
    pub code: Option<String>,
    pub content: WorkContent,
}

/// Why it is not at the office; the words are `unsent-<code>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum UnsentStanding {
    /// It goes with the next sync.
    Waiting,
    /// Another piece about the same client has to be settled first.
    Behind,
    /// The relay has it, and waits for something else.
    Held,
    /// It is written anew at the next sync.
    Anew,
    /// The client's page is still to come.
    Page,
}

/// Unsent work as a file that only the workspace opens, in age's format.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SealedWork {
    pub bytes: Vec<u8>,
    /// Pieces of work in it.
    pub pieces: u64,
    /// Pieces after those, for another file.
    pub left: u64,
    /// Records in no file, since the page of their client is still to come.
    pub waiting: u64,
}

/// What is fetched at first, in this order; each is usable as it arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum FetchStage {
    Settings,
    List,
    Documents,
    Articles,
    Sales,
}

/// How far the first sync has come, or that of a territory that was gained.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FetchProgress {
    /// Of which something is still to come; nothing: all is here.
    pub left: Vec<FetchStage>,
    /// Clients that are here.
    pub clients: u64,
}

/// How long the relay has not been heard of, by time that no clock can fake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Offline {
    pub days: u32,
    /// After so many the app locks until it has synced; missing: never. Nothing is deleted.
    pub allowed_days: Option<u16>,
    pub locked: bool,
}

/// What one sync did.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SyncReport {
    pub sent: u64,
    pub received: u64,
    pub office: u64,
    pub documents: u64,
    pub entered: Vec<ClientId>,
    pub left: Vec<ClientId>,
    pub erased: Vec<ClientId>,
    /// Clients with a field that has two values since.
    pub conflicts: u64,
    pub refused: u64,
    /// Edits of what the ERP owns that became requests to the office.
    pub asked: u64,
    pub bytes_sent: u64,
    pub bytes_received: u64,
}

/// Hears where things stand.
#[uniffi::export(with_foreign)]
pub trait SyncListener: Send + core::marker::Sync {
    fn stands(&self, state: SyncState);
}

#[uniffi::export]
impl Sync {
    /// Sends what is unsent and takes what is new; waits for the network. For a job that the platform's scheduler runs.
    pub fn now(&self) -> Result<SyncReport, CarteraError> {
        self.shared.run(|engine| {
            let report = engine.sync()?;
            Ok(report.into())
        })
    }

    /// Syncs in the background until it is stopped or the database closed: soon after something was saved, when the relay
    /// has news, and again after failures. Starting it again does nothing.
    pub fn start(&self) -> Result<(), CarteraError> {
        let mut background = self.shared.background();
        if background.is_some() {
            return Ok(());
        }
        let shared = Arc::downgrade(&self.shared);
        let status = move |_: &Status| {
            if let Some(shared) = shared.upgrade() {
                shared.ring();
            }
        };
        *background = Some(self.shared.run(|engine| Ok(engine.sync_in_background(status)?))?);
        drop(background);
        self.shared.ring();
        Ok(())
    }

    /// Ends the background sync; one that is under way breaks off or ends first. For an app that leaves the foreground.
    pub fn stop(&self) {
        // The syncing thread is waited for without the lock.
        let background = self.shared.background().take();
        drop(background);
        self.shared.ring();
    }

    /// The network came back, or a person asked: the background sync tries at once.
    pub fn hurry(&self) {
        if let Some(background) = &*self.shared.background() {
            background.now();
        }
    }

    /// Work that is on this phone alone, in the order in which it was saved: at most so many pieces, from the one at
    /// `offset` on. Why none of it goes now, `state` says.
    pub fn unsent(&self, offset: u32, most: u32) -> Result<Vec<UnsentWork>, CarteraError> {
        self.shared.read(|conn, _| {
            let found = work::unsent(conn, (offset as usize, limit(most)))?;
            Ok(found.into_iter().map(Into::into).collect())
        })
    }

    /// What is unsent, after `skip` pieces, as a file to hand in by any other way when nothing else works. It stays unsent
    /// here until the relay has it.
    pub fn seal_unsent(&self, skip: u32) -> Result<SealedWork, CarteraError> {
        self.shared.run(|engine| {
            let sealed = engine.seal_unsent(skip as usize)?;
            Ok(SealedWork {
                bytes: sealed.bytes,
                pieces: sealed.changes as u64,
                left: sealed.left,
                waiting: sealed.waiting,
            })
        })
    }

    pub fn progress(&self) -> Result<FetchProgress, CarteraError> {
        self.shared.read(|conn, _| {
            let stages = [
                FetchStage::Settings,
                FetchStage::List,
                FetchStage::Documents,
                FetchStage::Articles,
                FetchStage::Sales,
            ];
            let left = scope::stages_left(conn)?;
            let left = left.into_iter().filter_map(|stage| stages.get(usize::from(stage)).copied());
            Ok(FetchProgress { left: left.collect(), clients: clients::count(conn)? })
        })
    }

    /// Whether the app is to lock for having been away too long.
    pub fn offline(&self) -> Result<Offline, CarteraError> {
        self.shared.run(|engine| {
            let offline = engine.offline()?;
            Ok(Offline { days: offline.days, allowed_days: offline.allowed_days, locked: offline.locked })
        })
    }

    pub fn state(&self) -> Result<SyncState, CarteraError> {
        state(&self.shared)
    }

    /// Tells `listener` where things stand, at once and whenever that changes.
    pub fn listen(&self, listener: Arc<dyn SyncListener>) -> Result<Arc<Listening>, CarteraError> {
        let shared = Arc::downgrade(&self.shared);
        let mut known = None;
        let read = move || {
            let now = state(&*shared.upgrade()?).ok()?;
            (known.replace(now.clone()) != Some(now.clone())).then_some(now)
        };
        start(&self.shared, |_| {}, read, move |state| listener.stands(state))
    }
}

fn state(shared: &Shared) -> Answer<SyncState> {
    let activity = match &*shared.background() {
        None => SyncActivity::Off,
        Some(background) => match background.status() {
            Status::UpToDate => SyncActivity::UpToDate,
            Status::Syncing => SyncActivity::Syncing,
            Status::Waiting { code, wait_ms } => SyncActivity::Waiting { code: code.to_owned(), wait_ms },
            Status::Stopped { code } => SyncActivity::Stopped { code: code.to_owned() },
        },
    };
    shared.run(|engine| {
        let linked = engine.identity()?.is_some();
        engine.store().read(|conn| {
            let last = meta::get_u64(conn, meta::LAST_SYNC)?;
            Ok(SyncState {
                activity,
                linked,
                unsent: outbox::count(conn)?,
                refused: attention::refused(conn)?.len() as u64,
                fetching: scope::still_to_fetch(conn)?,
                last_contact: last.and_then(|ms| i64::try_from(ms).ok()).map(Into::into),
            })
        })
    })
}

impl From<work::Unsent> for UnsentWork {
    fn from(work: work::Unsent) -> Self {
        let (standing, code) = match work.standing {
            work::Standing::Waiting => (UnsentStanding::Waiting, None),
            work::Standing::Behind => (UnsentStanding::Behind, None),
            work::Standing::Held { code } => (UnsentStanding::Held, Some(code)),
            work::Standing::Anew => (UnsentStanding::Anew, None),
            work::Standing::Page => (UnsentStanding::Page, None),
        };
        Self {
            client: work.client.map(Into::into),
            client_name: work.name,
            saved: work.saved_ms.into(),
            standing,
            code,
            content: WorkContent::of(work.content, work.client.is_some()),
        }
    }
}

impl From<Report> for SyncReport {
    fn from(report: Report) -> Self {
        Self {
            sent: report.sent,
            received: report.received,
            office: report.office,
            documents: report.documents,
            entered: report.entered.into_iter().map(Into::into).collect(),
            left: report.left.into_iter().map(Into::into).collect(),
            erased: report.erased.into_iter().map(|(client, _)| client.into()).collect(),
            conflicts: report.conflicts.len() as u64,
            refused: report.refused.len() as u64,
            asked: report.asked,
            bytes_sent: report.bytes_sent,
            bytes_received: report.bytes_received,
        }
    }
}
