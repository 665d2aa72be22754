//! Listeners: told the present state first and then of every change, until their handle ends.
//!
//! Each has a thread of its own, and the engine only rings a bell. So a listener that is slow, blocks for ever or throws
//! hurts nobody but itself; what changes while it is busy is told in one call afterwards.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use cartera_core::engine::{self, Changed};
use cartera_core::model;

use crate::shared::{Answer, Shared};
use crate::{Cartera, CarteraError, ClientId, Remedy};

/// Clients that are told by name; more are `everything`.
const NAMED_MAX: usize = 100;

/// What may read differently now.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Changes {
    /// Anything: read all that is shown. The first call says so.
    pub everything: bool,
    /// What this person keeps: absences, segments, notices read.
    pub own: bool,
    pub clients: Vec<ClientId>,
}

/// Hears that something was saved or came by sync.
#[uniffi::export(with_foreign)]
pub trait ChangeListener: Send + Sync {
    fn changed(&self, changes: Changes);
}

/// A listener's handle: ends the listening when it is ended, closed or dropped.
#[derive(Debug, uniffi::Object)]
pub struct Listening {
    bell: Arc<Bell>,
    _engine: engine::Listening,
}

#[uniffi::export]
impl Listening {
    /// No call begins any more. One that is under way goes on to its end, so a listener may end its own listening.
    pub fn end(&self) {
        self.bell.end();
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.bell.end();
    }
}

#[uniffi::export]
impl Cartera {
    /// Tells `listener` of everything at once, and then of each change.
    pub fn listen(&self, listener: Arc<dyn ChangeListener>) -> Result<Arc<Listening>, CarteraError> {
        let heard = Arc::new(Mutex::new(Heard { everything: true, ..Heard::default() }));
        let note = heard.clone();
        let read = move || {
            let heard = std::mem::take(&mut *heard.lock().unwrap_or_else(PoisonError::into_inner));
            (!heard.is_nothing()).then(|| heard.into_changes())
        };
        let note = move |changed: &Changed| {
            note.lock().unwrap_or_else(PoisonError::into_inner).add(changed);
        };
        start(&self.shared, note, read, move |changes| listener.changed(changes))
    }
}

/// Starts a listener's thread. `note` is called by whoever commits and must not wait; `read` gives what is to be told,
/// nothing where there is nothing to tell.
pub(crate) fn start<T: 'static>(
    shared: &Arc<Shared>,
    note: impl Fn(&Changed) + Send + Sync + 'static,
    read: impl FnMut() -> Option<T> + Send + 'static,
    tell: impl Fn(T) + Send + 'static,
) -> Answer<Arc<Listening>> {
    let bell = Arc::new(Bell::default());
    let ringing = bell.clone();
    let engine = shared.run(|engine| {
        Ok(engine.listen(move |changed| {
            note(changed);
            ringing.ring();
        }))
    })?;
    shared.add_bell(&bell);
    let (heard, mut read) = (bell.clone(), read);
    let telling = move || {
        while heard.wait() {
            // A listener that throws arrives here as a panic: it is called again at the next change.
            let _ = catch_unwind(AssertUnwindSafe(|| read().into_iter().for_each(&tell)));
        }
    };
    std::thread::Builder::new().name("cartera-listener".into()).spawn(telling).map_err(|error| {
        let (code, detail) = ("store_io".to_owned(), format!("no thread for the listener: {error}"));
        CarteraError::Storage { code, detail, remedy: Remedy::TryAgain }
    })?;
    bell.ring();
    Ok(Arc::new(Listening { bell, _engine: engine }))
}

#[derive(Debug, Default)]
struct Heard {
    everything: bool,
    own: bool,
    clients: BTreeSet<model::ClientId>,
}

impl Heard {
    fn add(&mut self, changed: &Changed) {
        match changed {
            Changed::Everything => self.everything = true,
            Changed::Own => self.own = true,
            Changed::Client(client) => drop(self.clients.insert(*client)),
        }
        if self.everything || self.clients.len() > NAMED_MAX {
            self.everything = true;
            self.clients.clear();
        }
    }

    fn is_nothing(&self) -> bool {
        !self.everything && !self.own && self.clients.is_empty()
    }

    fn into_changes(self) -> Changes {
        Changes {
            everything: self.everything,
            own: self.own,
            clients: self.clients.into_iter().map(Into::into).collect(),
        }
    }
}

/// Wakes a listener's thread.
#[derive(Debug, Default)]
pub(crate) struct Bell {
    state: Mutex<BellState>,
    rung: Condvar,
}

#[derive(Debug, Default)]
struct BellState {
    rings: bool,
    ended: bool,
}

impl Bell {
    pub(crate) fn ring(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).rings = true;
        self.rung.notify_one();
    }

    fn end(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).ended = true;
        self.rung.notify_one();
    }

    /// Waits for the next ring; `false` once it has ended.
    fn wait(&self) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = self
            .rung
            .wait_while(state, |state| !state.rings && !state.ended)
            .unwrap_or_else(PoisonError::into_inner);
        state.rings = false;
        !state.ended
    }
}
