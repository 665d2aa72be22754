//! `/v1/segments`.

use axum::extract::{Path, State};
use cartera_core::model::office::Reaction;
use cartera_core::model::{BusinessDate, ClientId};
use cartera_core::portfolio::segments::{Saved, Which};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::PAGE_MAX;
use crate::app::App;
use crate::figures::api::date;
use crate::http::auth::Office;
use crate::http::path::Params;
use crate::http::problem::{Problem, ProblemBody};
use crate::storage::segments::Member;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(clients))
}

#[derive(Debug, Serialize, ToSchema)]
struct SegmentBody {
    /// The system that wrote it, and its key there: in the address of its clients.
    source: String,
    key: String,
    name: String,
    /// Its rule; missing: a list of names alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    filter: Option<String>,
    /// Clients that are in it by name.
    named: usize,
    /// It is about the clients of this territory.
    #[serde(skip_serializing_if = "Option::is_none")]
    territory_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_enter: Option<ReactionBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_leave: Option<ReactionBody>,
}

/// What is made when a client enters, or leaves.
#[derive(Debug, Serialize, ToSchema)]
struct ReactionBody {
    /// `task` or `notice`.
    sort: &'static str,
    text: String,
    /// Who is to do it; missing: the rep who looks after the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    person_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_days: Option<u32>,
}

impl From<Reaction> for ReactionBody {
    fn from(of: Reaction) -> Self {
        let person_id = of.person.map(|id| id.to_string());
        Self { sort: of.sort.as_str(), text: of.text, person_id, due_days: of.due_days }
    }
}

impl SegmentBody {
    fn of(of: Saved) -> Self {
        let (source, key) = match of.which {
            Which::Shared { source, key } => (source, key),
            Which::Private(record) => (String::new(), record.to_string()),
        };
        Self {
            source,
            key,
            name: of.name,
            filter: of.filter,
            named: of.clients.len(),
            territory_id: of.territory.map(|id| id.to_string()),
            on_enter: of.on_enter.map(Into::into),
            on_leave: of.on_leave.map(Into::into),
        }
    }
}

/// Shared segments, by source and key.
#[utoipa::path(get, path = "/v1/segments", tag = "segments", security(("machine" = []), ("session" = [])),
    responses((status = OK, body = Vec<SegmentBody>), (status = "4XX", body = ProblemBody)))]
async fn list(State(app): State<App>, Office(by): Office) -> Result<axum::Json<Vec<SegmentBody>>, Problem> {
    let found = app.run(move |app| super::list(app, by)).await?;
    Ok(axum::Json(found.into_iter().map(SegmentBody::of).collect()))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ClientsParams {
    /// As things stood at the end of this day, YYYY-MM-DD; otherwise today, at Greenwich.
    as_of: Option<String>,
    /// Clients of a page, 500 at most.
    limit: Option<usize>,
    /// `next` of the page before.
    after: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct SegmentClientsBody {
    name: String,
    as_of: String,
    /// Of all pages.
    total: usize,
    clients: Vec<SegmentClientBody>,
    /// For `after`; missing on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct SegmentClientBody {
    id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    erp_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    territory_id: Option<String>,
}

impl From<Member> for SegmentClientBody {
    fn from(of: Member) -> Self {
        Self {
            id: of.client.to_string(),
            name: of.name,
            erp_code: of.erp_code,
            city: of.city,
            territory_id: of.territory.map(|id| id.to_string()),
        }
    }
}

/// A segment's clients by name, of those that the caller may see.
#[utoipa::path(get, path = "/v1/segments/{source}/{key}/clients", tag = "segments",
    security(("machine" = []), ("session" = [])),
    params(("source" = String, Path), ("key" = String, Path), ClientsParams),
    responses((status = OK, body = SegmentClientsBody), (status = "4XX", body = ProblemBody)))]
async fn clients(
    State(app): State<App>,
    Office(by): Office,
    Path((source, key)): Path<(String, String)>,
    Params(params): Params<ClientsParams>,
) -> Result<axum::Json<SegmentClientsBody>, Problem> {
    let as_of: BusinessDate = date(&app, params.as_of.as_deref())?;
    let after = params.after.as_deref().map(place).transpose()?;
    let limit = params.limit.unwrap_or(PAGE_MAX).clamp(1, PAGE_MAX);
    let body = app.run(move |app| {
        let members = super::members(app, by, &source, &key, as_of)?;
        let after = after.as_ref().map(|(name, client)| (name.as_str(), *client));
        let page = super::page(app, &members, after, limit)?;
        let next = page.last().filter(|_| page.len() == limit).map(next);
        Ok::<_, crate::refused::Refused>(SegmentClientsBody {
            name: members.segment.name,
            as_of: as_of.to_string(),
            total: members.clients.len(),
            next,
            clients: page.into_iter().map(Into::into).collect(),
        })
    });
    Ok(axum::Json(body.await?))
}

/// The id of 26 characters, then the name.
fn next(last: &Member) -> String {
    format!("{}{}", last.client, last.name)
}

fn place(after: &str) -> Result<(String, ClientId), Problem> {
    let wrong = || Problem::bad_request("malformed").detail("after: the `next` of the page before");
    let (id, name) = after.split_at_checked(26).ok_or_else(wrong)?;
    Ok((name.to_owned(), id.parse().map_err(|_| wrong())?))
}
