//! Who wants to hear that something changed. A listener is told what, not how: it asks again.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::model::ClientId;

/// What may read differently now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    Client(ClientId),
    /// The person's own document.
    Own,
    /// Many things at once: a sync.
    Everything,
}

type Listener = Arc<dyn Fn(&Changed) + Send + Sync>;

#[derive(Default)]
pub(super) struct Listeners {
    next: AtomicU64,
    all: Mutex<Vec<(u64, Listener)>>,
}

impl fmt::Debug for Listeners {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Listeners")
    }
}

/// Ends the listening when it is dropped.
#[derive(Debug)]
pub struct Listening {
    number: u64,
    of: Weak<Listeners>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(listeners) = self.of.upgrade() {
            listeners
                .all
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .retain(|(number, _)| *number != self.number);
        }
    }
}

impl Listeners {
    pub(super) fn tell(&self, changed: &Changed) {
        // Called without the lock, so that a listener may end its own listening, or begin another.
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for (_, listener) in all {
            listener(changed);
        }
    }
}

impl super::Engine {
    /// Calls `listener` after each commit, on the thread that committed, until the handle is dropped.
    pub fn listen(&self, listener: impl Fn(&Changed) + Send + Sync + 'static) -> Listening {
        let number = self.listeners.next.fetch_add(1, Ordering::Relaxed);
        let mut all = self.listeners.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.push((number, Arc::new(listener)));
        Listening { number, of: Arc::downgrade(&self.listeners) }
    }
}
