//! Who may read exports, documents and histories.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use cartera_core::model::access::{Action, Reach, reach};

use crate::app::App;
use crate::http::auth::Caller;
use crate::http::problem::Problem;
use crate::tokens::Scope;

/// Programs with the scope `export`, and people who may export everything. Never phones.
pub(super) struct Reader;

impl FromRequestParts<App> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let may = match Caller::from_request_parts(parts, app).await? {
            Caller::Machine(token) => token.scopes.contains(&Scope::Export),
            Caller::Person(session) => reach(session.role, Action::Export) == Reach::All,
            Caller::Device(_) => false,
        };
        let detail = "a token with the scope `export`, or the login of somebody who may export";
        if may { Ok(Self) } else { Err(Problem::forbidden().detail(detail)) }
    }
}
