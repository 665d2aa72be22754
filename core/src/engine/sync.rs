//! Commands that need the relay.

use super::{Changed, Engine, EngineError};
use crate::sync::http::{HttpTransport, Transport};
use crate::sync::identity::Identity;
use crate::sync::session::{self, Report, SyncError};

impl Engine {
    /// `None` before enrolment.
    pub fn identity(&self) -> Result<Option<Identity>, EngineError> {
        self.store.read(|conn| Ok(Identity::load(conn)?))
    }

    /// Sends what is unsent and takes what is new, over the network.
    pub fn sync(&self) -> Result<Report, SyncError> {
        let identity = self.store.read(Identity::load)?.ok_or(SyncError::NotEnrolled)?;
        let transport = HttpTransport::new(&identity.relay, identity.pin())?;
        self.sync_over(&transport)
    }

    /// The same over another transport.
    pub fn sync_over(&self, transport: &dyn Transport) -> Result<Report, SyncError> {
        let result = session::run(&self.store, self.env(), transport);
        // What was taken in before an error stays.
        self.listeners.tell(&Changed::Everything);
        result
    }
}
