//! The open engine that all objects of one database share, and the one way to call it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, Weak};

use cartera_core::engine::{Background, Engine};
use cartera_core::query::MAX_PAGE;
use cartera_core::store::StoreError;
use rusqlite::Connection;

use crate::listen::Bell;
use crate::{CarteraError, PAGE_MAX};

const _: () = assert!(PAGE_MAX as usize == MAX_PAGE);

/// What [`Shared::run`] may answer with.
pub(crate) type Answer<T> = Result<T, CarteraError>;

#[derive(Debug)]
pub(crate) struct Shared {
    /// Empty once it was closed.
    engine: RwLock<Option<Engine>>,
    background: Mutex<Option<Background>>,
    must_reopen: AtomicBool,
    bells: Mutex<Vec<Weak<Bell>>>,
    /// The next call panics: to be tested.
    #[cfg(any(test, feature = "deliberate-panic"))]
    pub(crate) panics_next: AtomicBool,
}

impl Shared {
    pub(crate) fn new(engine: Engine) -> Arc<Self> {
        Arc::new(Self {
            engine: RwLock::new(Some(engine)),
            background: Mutex::default(),
            must_reopen: AtomicBool::new(false),
            bells: Mutex::default(),
            #[cfg(any(test, feature = "deliberate-panic"))]
            panics_next: AtomicBool::new(false),
        })
    }

    /// Calls the engine. A panic is a defect of the engine: it is told as an error, its transaction was rolled back as it
    /// unwound, and the engine goes on if its database still answers.
    pub(crate) fn run<T>(&self, work: impl FnOnce(&Engine) -> Answer<T>) -> Answer<T> {
        let engine = self.engine.read().unwrap_or_else(PoisonError::into_inner);
        let engine = engine.as_ref().ok_or_else(CarteraError::closed)?;
        if self.must_reopen.load(Ordering::Relaxed) {
            return Err(broken(true));
        }
        let guarded = || {
            #[cfg(any(test, feature = "deliberate-panic"))]
            self.panic_if_asked(engine);
            work(engine)
        };
        match catch_unwind(AssertUnwindSafe(guarded)) {
            Ok(answer) => answer,
            Err(_) => {
                let must_reopen = !answers(engine);
                self.must_reopen.store(must_reopen, Ordering::Relaxed);
                Err(broken(must_reopen))
            }
        }
    }

    /// In the middle of a transaction, after it has written.
    #[cfg(any(test, feature = "deliberate-panic"))]
    #[allow(clippy::panic)]
    fn panic_if_asked(&self, engine: &Engine) {
        if self.panics_next.swap(false, Ordering::Relaxed) {
            let _ = engine.store().write::<(), StoreError>(|tx| {
                cartera_core::store::meta::put(tx, "deliberate", b"panic")?;
                panic!("on purpose")
            });
        }
    }

    /// Reads a snapshot of what is committed.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection, &Engine) -> Answer<T>) -> Answer<T> {
        self.run(|engine| engine.store().read(|conn| work(conn, engine)))
    }

    pub(crate) fn background(&self) -> MutexGuard<'_, Option<Background>> {
        self.background.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Rings at every change of the sync's status, until it is dropped.
    pub(crate) fn add_bell(&self, bell: &Arc<Bell>) {
        let mut bells = self.bells.lock().unwrap_or_else(PoisonError::into_inner);
        bells.retain(|bell| bell.strong_count() > 0);
        bells.push(Arc::downgrade(bell));
    }

    pub(crate) fn ring(&self) {
        let bells = self.bells.lock().unwrap_or_else(PoisonError::into_inner).clone();
        bells.iter().filter_map(Weak::upgrade).for_each(|bell| bell.ring());
    }

    /// Ends the background sync, waits for calls under way, and closes the database. Later calls answer `closed`.
    pub(crate) fn close(&self) {
        // The syncing thread calls the engine: it has to end first, and without the lock that its status wants.
        let background = self.background().take();
        drop(background);
        let engine = self.engine.write().unwrap_or_else(PoisonError::into_inner).take();
        drop(engine);
    }
}

/// What needs no engine: a panic gives `otherwise`.
pub(crate) fn safely<T>(work: impl FnOnce() -> T, otherwise: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| otherwise())
}

fn broken(must_reopen: bool) -> CarteraError {
    let code = if must_reopen { "must_reopen" } else { "panicked" };
    let detail = "the engine failed within itself; what was saved is safe";
    CarteraError::Broken { code: code.into(), detail: detail.into(), must_reopen }
}

/// Whether the database can be written and read after a panic.
fn answers(engine: &Engine) -> bool {
    let probe = || {
        let store = engine.store();
        store.write::<_, StoreError>(|_| Ok(())).and_then(|()| store.read::<_, StoreError>(|_| Ok(())))
    };
    catch_unwind(AssertUnwindSafe(probe)).is_ok_and(|probed| probed.is_ok())
}

/// So many rows as may be asked for.
pub(crate) fn limit(asked: u32) -> usize {
    asked.min(PAGE_MAX) as usize
}

/// A part of a list that was read whole.
pub(crate) fn part<T>(items: Vec<T>, offset: u32, asked: u32) -> Vec<T> {
    items.into_iter().skip(offset as usize).take(limit(asked)).collect()
}
