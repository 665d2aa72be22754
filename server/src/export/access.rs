//! Who may read exports, documents and histories, and of whom; and that it is known who read what.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::sync::Arc;

use cartera_core::model::ClientId;
use cartera_core::model::access::{Action, Reach};
use cartera_core::rows::relations::Part;

use super::query::Query;
use crate::app::App;
use crate::audit::{Actor, Deed, Subject};
use crate::http::auth::Caller;
use crate::http::problem::Problem;
use crate::people::access::By;
use crate::people::sight::Sight;
use crate::refused::Refused;
use crate::storage;

/// Programs with the scope `export`, and people who may export: of everybody, or of the clients whom they lead. Never
/// phones.
pub(super) struct Reader {
    pub(super) actor: Actor,
    sight: Sight,
    whom: Option<Arc<Part>>,
}

impl Reader {
    pub(super) fn of(app: &App, by: By) -> Result<Self, Refused> {
        let sight = Sight::of(app, by, Action::Export)?;
        let whom = sight.part(app)?.map(Arc::new);
        Ok(Self { actor: by.actor, sight, whom })
    }

    /// The query as far as its rows are the reader's to see.
    pub(super) fn narrow(&self, query: Query) -> Query {
        query.among(self.whom.clone())
    }

    /// Somebody else's client is none that there is.
    pub(super) async fn require(&self, app: &App, client: ClientId) -> Result<(), Problem> {
        if self.sight.is_everybody() {
            return Ok(());
        }
        let sight = self.sight.clone();
        let sees = app.run(move |app| sight.sees(app, client)).await?;
        if sees { Ok(()) } else { Err(Refused::unknown("client", client).into()) }
    }
}

impl FromRequestParts<App> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let by = match &caller {
            Caller::Machine(token) => Some(By::program(token)),
            Caller::Person(_) | Caller::Device(_) => By::caller(&caller),
        };
        let forbidden = || {
            let detail = "a token with the scope `export`, or the login of somebody who may export";
            Problem::forbidden().detail(detail)
        };
        let by = by.filter(|by| by.reach(Action::Export) != Reach::No).ok_or_else(forbidden)?;
        app.run(move |app| Self::of(app, by)).await
    }
}

/// Writes into the audit that an export begins. `what` names resources, format and ids that chose rows; never what a
/// person typed, in which there may be somebody's name.
pub(crate) fn note(app: &App, actor: Actor, what: &str) -> storage::Result<()> {
    let (at_ms, detail) = (app.env.now_ms(), what.to_owned());
    let deed = Deed { at_ms, actor, action: "export.begun", subject: Subject::Workspace, detail };
    app.storage.record(&[deed])
}
