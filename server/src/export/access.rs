//! Who may read exports, documents and histories; and that it is known who read what.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use cartera_core::model::access::{Action, Reach, reach};

use super::resources::Resource;
use crate::app::App;
use crate::audit::{Actor, Deed, Subject};
use crate::http::auth::Caller;
use crate::http::problem::Problem;
use crate::people::access::By;
use crate::people::sight::Sight;
use crate::refused::Refused;
use crate::storage;
use crate::tokens::Scope;

/// Programs with the scope `export`, and people who may export everything. Never phones.
pub(super) struct Reader {
    pub(super) actor: Actor,
    /// Sees the figures of everybody.
    sees_all: bool,
}

impl Reader {
    pub(super) fn of(app: &App, by: By) -> Result<Self, Refused> {
        by.require(Action::Export)?;
        let sees_all = Sight::of(app, by, Action::ViewFigures)?.is_everybody();
        Ok(Self { actor: by.actor, sees_all })
    }

    /// Figures are exported as a whole: not to somebody who sees those of a team alone.
    pub(super) fn may_read(&self, resource: &Resource) -> Result<(), Problem> {
        if self.sees_all || !resource.is_figures() {
            return Ok(());
        }
        let detail =
            "figures are exported of everybody; those of the own team are at /v1/figures and /v1/overview";
        Err(Problem::forbidden().detail(detail))
    }
}

impl FromRequestParts<App> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let may = match &caller {
            Caller::Machine(token) => token.scopes.contains(&Scope::Export),
            Caller::Person(session) => reach(session.role, Action::Export) == Reach::All,
            Caller::Device(_) => false,
        };
        if !may {
            let detail = "a token with the scope `export`, or the login of somebody who may export";
            return Err(Problem::forbidden().detail(detail));
        }
        match By::caller(&caller) {
            Some(by) => Ok(app.run(move |app| Self::of(app, by)).await?),
            None => Ok(Self { actor: caller.actor(), sees_all: true }),
        }
    }
}

/// Writes into the audit that an export begins. `what` names resources, format and ids that chose rows; never what a
/// person typed, in which there may be somebody's name.
pub(crate) fn note(app: &App, actor: Actor, what: &str) -> storage::Result<()> {
    let (at_ms, detail) = (app.env.now_ms(), what.to_owned());
    let deed = Deed { at_ms, actor, action: "export.begun", subject: Subject::Workspace, detail };
    app.storage.record(&[deed])
}
