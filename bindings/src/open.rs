//! Opening, recovering and closing a database.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

use cartera_core::engine::Engine;
use cartera_core::env::SystemEnv;
use cartera_core::model::problem::Code;
use cartera_core::store::Key;

use crate::shared::{Answer, Shared};
use crate::{
    Attention, BusinessDate, CarteraError, Catalogue, Clients, Enrolment, Figures, Offers, Orders, People,
    Sales, Search, Segments, Settings, Sync, Today, Visits,
};

/// An open database. Whoever opened it closes it.
#[derive(Debug, uniffi::Object)]
pub struct Cartera {
    pub(crate) shared: Arc<Shared>,
}

/// Which database, and how.
#[derive(Clone, uniffi::Record)]
pub struct OpenOptions {
    /// The database's file; it is made where there is none. Its folder must exist.
    pub path: String,
    /// IANA name of the device's time zone, in which business dates are set.
    pub zone: String,
    /// 32 random bytes from the platform's key store. Missing: not encrypted, for tests and scripts.
    #[uniffi(default = None)]
    pub key: Option<Vec<u8>>,
}

/// What could be read of a damaged database.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RecoveryReport {
    /// Where the damaged one lies now; it is never deleted.
    pub set_aside: String,
    /// The device is still linked; otherwise it has to be linked again.
    pub linked: bool,
    pub clients: u64,
    /// Clients of which something is fetched anew.
    pub incomplete: u64,
    /// Unsent pieces of work that will be sent.
    pub unsent: u64,
    /// Unsent pieces of work that cannot be sent any more: on the list of refused work.
    pub refused: u64,
}

#[uniffi::export]
impl Cartera {
    /// Opens a database, or makes it. Called again after `close`, or where an error says that it must be reopened.
    #[uniffi::constructor]
    pub fn open(options: OpenOptions) -> Result<Arc<Self>, CarteraError> {
        guarded(|| {
            let (path, key) = options.read()?;
            let engine = Engine::open(&path, key, &options.zone, Arc::new(SystemEnv))?;
            Ok(Arc::new(Self { shared: Shared::new(engine) }))
        })
    }

    pub fn clients(&self) -> Arc<Clients> {
        Arc::new(Clients { shared: self.shared.clone() })
    }

    pub fn visits(&self) -> Arc<Visits> {
        Arc::new(Visits { shared: self.shared.clone() })
    }

    pub fn orders(&self) -> Arc<Orders> {
        Arc::new(Orders { shared: self.shared.clone() })
    }

    pub fn catalogue(&self) -> Arc<Catalogue> {
        Arc::new(Catalogue { shared: self.shared.clone() })
    }

    pub fn today(&self) -> Arc<Today> {
        Arc::new(Today { shared: self.shared.clone() })
    }

    pub fn search(&self) -> Arc<Search> {
        Arc::new(Search { shared: self.shared.clone() })
    }

    pub fn attention(&self) -> Arc<Attention> {
        Arc::new(Attention { shared: self.shared.clone() })
    }

    pub fn sync(&self) -> Arc<Sync> {
        Arc::new(Sync { shared: self.shared.clone() })
    }

    pub fn figures(&self) -> Arc<Figures> {
        Arc::new(Figures { shared: self.shared.clone() })
    }

    pub fn segments(&self) -> Arc<Segments> {
        Arc::new(Segments { shared: self.shared.clone() })
    }

    pub fn offers(&self) -> Arc<Offers> {
        Arc::new(Offers { shared: self.shared.clone() })
    }

    pub fn sales(&self) -> Arc<Sales> {
        Arc::new(Sales { shared: self.shared.clone() })
    }

    pub fn people(&self) -> Arc<People> {
        Arc::new(People { shared: self.shared.clone() })
    }

    pub fn settings(&self) -> Arc<Settings> {
        Arc::new(Settings { shared: self.shared.clone() })
    }

    pub fn enrolment(&self) -> Arc<Enrolment> {
        Arc::new(Enrolment { shared: self.shared.clone() })
    }

    /// The business date that work saved now would get.
    pub fn business_date(&self) -> Result<BusinessDate, CarteraError> {
        self.shared.run(|engine| Ok(engine.today()?.into()))
    }

    /// Ends the background sync, waits for calls under way, and closes the database: no file of it is open afterwards.
    /// Later calls on this and on its objects answer `closed`. Closing again does nothing.
    pub fn shut(&self) {
        self.shared.close();
    }
}

/// Sets a damaged database aside and puts what can be read of it in its place, unsent work first of all. Nobody may
/// have it open; open it afterwards.
#[uniffi::export]
pub fn recover(options: OpenOptions) -> Result<RecoveryReport, CarteraError> {
    guarded(|| {
        let (path, key) = options.read()?;
        let (engine, recovery) = Engine::recover(&path, key, &options.zone, Arc::new(SystemEnv))?;
        drop(engine);
        Ok(RecoveryReport {
            set_aside: recovery.set_aside.to_string_lossy().into_owned(),
            linked: recovery.linked,
            clients: recovery.documents as u64,
            incomplete: recovery.incomplete as u64,
            unsent: recovery.unsent as u64,
            refused: recovery.refused as u64,
        })
    })
}

impl OpenOptions {
    fn read(&self) -> Answer<(PathBuf, Option<Key>)> {
        let key = self.key.as_ref().map(|key| Key::try_from(key.as_slice()));
        let key = key.transpose().map_err(|_| CarteraError::invalid("key", Code::Form))?;
        if self.path.is_empty() {
            return Err(CarteraError::invalid("path", Code::Required));
        }
        Ok((PathBuf::from(&self.path), key))
    }
}

/// The same for what has no engine yet.
fn guarded<T>(work: impl FnOnce() -> Answer<T>) -> Answer<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let detail = "the engine failed within itself while opening; nothing was deleted";
        Err(CarteraError::Broken { code: "panicked".into(), detail: detail.into(), must_reopen: true })
    })
}

#[cfg(any(test, feature = "deliberate-panic"))]
#[uniffi::export]
impl Cartera {
    /// The next call on any of this database's objects panics in the middle of a transaction, after it has written.
    pub fn panic_at_next_call(&self) {
        self.shared.panics_next.store(true, std::sync::atomic::Ordering::Relaxed);
    }
}
