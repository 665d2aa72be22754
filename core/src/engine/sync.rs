//! Commands that need the relay.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::{Changed, Engine, EngineError, Listening};
use crate::store::{StoreError, Tidied};
use crate::sync::http::{Transport, TransportError};
use crate::sync::identity::Identity;
use crate::sync::runner::{Runner, Status};
use crate::sync::sealed::{self, SealError, Sealed};
use crate::sync::session::{self, Report, SyncError};

impl Engine {
    /// `None` before enrolment.
    pub fn identity(&self) -> Result<Option<Identity>, EngineError> {
        self.store.read(|conn| Ok(Identity::load(conn)?))
    }

    /// Sends what is unsent and takes what is new, over the network.
    pub fn sync(&self) -> Result<Report, SyncError> {
        let identity = self.store.read(Identity::load)?.ok_or(SyncError::NotEnrolled)?;
        let (transport, is_kept) = self.transport.to(&identity.relay, identity.pin())?;
        let mut result = self.sync_over(&*transport);
        if matches!(result, Err(SyncError::Transport(_))) {
            self.transport.hang_up();
            // What was kept may have been broken long before: the relay was started anew, the phone is elsewhere.
            if is_kept && matches!(result, Err(SyncError::Transport(TransportError::Broken(_)))) {
                let (transport, _) = self.transport.to(&identity.relay, identity.pin())?;
                result = self.sync_over(&*transport);
            }
        }
        result
    }

    /// The same over another transport.
    pub fn sync_over(&self, transport: &dyn Transport) -> Result<Report, SyncError> {
        let mut result = session::run(&self.store, self.env(), transport);
        // What the office is asked for now goes with the next sync, which a save brings about.
        if let Ok(report) = &mut result {
            report.asked = self.ask_for_refused()?;
        }
        // What was taken in before an error stays.
        self.listeners.tell(&Changed::Everything);
        result
    }

    /// Housekeeping: see [`Store::tidy`](crate::store::Store::tidy). The background sync does it after each sync; an app
    /// that leaves the foreground may ask for it too.
    pub fn tidy(&self) -> Result<Tidied, EngineError> {
        Ok(self.store.tidy()?)
    }

    /// What is unsent, after `skip` pieces, as a file that only the workspace opens: see [`sealed`](crate::sync::sealed).
    /// It stays unsent.
    pub fn seal_unsent(&self, skip: usize) -> Result<Sealed, SealError> {
        self.store.read(|conn| sealed::seal(conn, skip))
    }

    /// Syncs in the background until the runner is dropped: soon after something was saved, when the relay has news,
    /// and again after failures. `listener` is told the present state first.
    pub fn sync_in_background(
        &self,
        listener: impl FnMut(&Status) + Send + 'static,
    ) -> Result<Background, EngineError> {
        let identity = self.identity()?.ok_or(EngineError::NotEnrolled)?;
        let engine = self.clone();
        // A defect ends this sync, and is said; the thread and whatever waits for it go on.
        let sync = move || {
            let once = || {
                let report = engine.sync()?;
                // What fails here fails again where somebody waits for it, and is told there.
                let _ = engine.tidy();
                Ok(report)
            };
            catch_unwind(AssertUnwindSafe(once)).unwrap_or(Err(SyncError::Panicked))
        };
        let runner = Runner::start(self.env.clone(), identity, sync, listener)
            .map_err(|error| EngineError::Store(StoreError::Io(error.to_string())))?;
        let runner = Arc::new(runner);
        let saved = Arc::downgrade(&runner);
        let listening = self.listen(move |changed| {
            // Asked in this order: the syncing thread says `Everything`, and must never be the one that drops the runner.
            if *changed != Changed::Everything
                && let Some(runner) = saved.upgrade()
            {
                runner.saved();
            }
        });
        Ok(Background { runner, _listening: listening })
    }
}

/// A background sync; dropping it ends it.
#[derive(Debug)]
pub struct Background {
    runner: Arc<Runner>,
    _listening: Listening,
}

impl Background {
    pub fn status(&self) -> Status {
        self.runner.status()
    }

    /// The network came back, or a person asked.
    pub fn now(&self) {
        self.runner.now();
    }
}
