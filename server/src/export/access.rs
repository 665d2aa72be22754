//! Who may read exports, documents and histories; and that it is known who read what.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use cartera_core::model::access::{Action, Reach, reach};

use crate::app::App;
use crate::audit::{Actor, Deed, Subject};
use crate::http::auth::Caller;
use crate::http::problem::Problem;
use crate::storage;
use crate::tokens::Scope;

/// Programs with the scope `export`, and people who may export everything. Never phones.
pub(super) struct Reader(pub(super) Actor);

impl FromRequestParts<App> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let may = match &caller {
            Caller::Machine(token) => token.scopes.contains(&Scope::Export),
            Caller::Person(session) => reach(session.role, Action::Export) == Reach::All,
            Caller::Device(_) => false,
        };
        let detail = "a token with the scope `export`, or the login of somebody who may export";
        if may { Ok(Self(caller.actor())) } else { Err(Problem::forbidden().detail(detail)) }
    }
}

/// Writes into the audit that an export begins. `what` names resources, format and ids that chose rows; never what a
/// person typed, in which there may be somebody's name.
pub(crate) fn note(app: &App, actor: Actor, what: &str) -> storage::Result<()> {
    let (at_ms, detail) = (app.env.now_ms(), what.to_owned());
    let deed = Deed { at_ms, actor, action: "export.begun", subject: Subject::Workspace, detail };
    app.storage.record(&[deed])
}
