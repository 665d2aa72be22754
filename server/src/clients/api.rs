//! `/v1/clients/...`: moves and lendings.

use axum::extract::State;
use axum::http::StatusCode;
use cartera_core::model::{BusinessDate, ClientId, PersonId, TerritoryId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::http::body::Json;
use crate::http::path::{Id, Ids};
use crate::http::problem::{Problem, ProblemBody};
use crate::people::access::By;
use crate::refused::Refused;
use crate::storage::clients::Moved;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(move_to)).routes(routes!(lend, end_lending)).routes(routes!(place))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MoveBody {
    /// 26 zeros: unassigned.
    territory: String,
    /// From 1 to 1000 ids.
    clients: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct MovedBody {
    client: String,
    /// moved, already_there, unknown_client
    outcome: &'static str,
    /// Of the entry in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u64>,
}

/// Moves clients to a territory; what became of each, in order.
#[utoipa::path(post, path = "/v1/clients/moves", tag = "clients", security(("session" = [])),
    request_body = MoveBody,
    responses((status = OK, body = Vec<MovedBody>), (status = "4XX", body = ProblemBody)))]
async fn move_to(
    State(app): State<App>,
    by: By,
    Json(body): Json<MoveBody>,
) -> Result<axum::Json<Vec<MovedBody>>, Problem> {
    let answer = app
        .run(move |app| {
            let to: TerritoryId = body
                .territory
                .parse()
                .map_err(|_| Refused::invalid("territory", "26 characters of an id"))?;
            let parse = |text: &String| {
                text.parse::<ClientId>()
                    .map_err(|_| Refused::invalid("clients", "26 characters of an id each"))
            };
            let clients: Vec<_> = body.clients.iter().map(parse).collect::<Result<_, _>>()?;
            let moved = super::move_to(app, by, to, &clients)?;
            Ok::<_, Refused>(
                clients.iter().zip(moved).map(|(client, moved)| answer_of(client, moved)).collect(),
            )
        })
        .await?;
    Ok(axum::Json(answer))
}

fn answer_of(client: &ClientId, moved: Moved) -> MovedBody {
    let (outcome, number) = match moved {
        Moved::Done(number) => ("moved", Some(number)),
        Moved::Already => ("already_there", None),
        Moved::UnknownClient => ("unknown_client", None),
        Moved::UnknownTerritory => ("unknown_territory", None),
    };
    MovedBody { client: client.to_string(), outcome, number }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LendingBody {
    /// First business day, such as 2026-09-21; open if there is none.
    from: Option<String>,
    /// Last business day.
    until: Option<String>,
}

/// Lends a client to a person, or changes for how long.
#[utoipa::path(put, path = "/v1/clients/{client}/lendings/{person}", tag = "clients", security(("session" = [])),
    params(("client" = String, Path), ("person" = String, Path)), request_body = LendingBody,
    responses((status = NO_CONTENT), (status = "4XX", body = ProblemBody)))]
async fn lend(
    State(app): State<App>,
    by: By,
    Ids(client, person): Ids<ClientId, PersonId>,
    Json(body): Json<LendingBody>,
) -> Result<StatusCode, Problem> {
    app.run(move |app| {
        let (from, until) = (day("from", body.from)?, day("until", body.until)?);
        super::lend(app, by, client, person, from, until)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn day(field: &'static str, text: Option<String>) -> Result<Option<BusinessDate>, Refused> {
    let parse = |text: String| text.parse().map_err(|_| Refused::invalid(field, "a day such as 2026-09-21"));
    text.map(parse).transpose()
}

/// Takes a lent client back.
#[utoipa::path(delete, path = "/v1/clients/{client}/lendings/{person}", tag = "clients",
    security(("session" = [])), params(("client" = String, Path), ("person" = String, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = ProblemBody)))]
async fn end_lending(
    State(app): State<App>,
    by: By,
    Ids(client, person): Ids<ClientId, PersonId>,
) -> Result<StatusCode, Problem> {
    app.run(move |app| super::end_lending(app, by, client, person)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Serialize, ToSchema)]
struct PlaceBody {
    /// Absent: unassigned.
    #[serde(skip_serializing_if = "Option::is_none")]
    territory: Option<String>,
    /// The client that this one was merged into.
    #[serde(skip_serializing_if = "Option::is_none")]
    alias_of: Option<String>,
    /// Of its last entry in the log.
    number: u64,
}

/// Where a client is.
#[utoipa::path(get, path = "/v1/clients/{client}/place", tag = "clients", security(("session" = [])),
    params(("client" = String, Path)),
    responses((status = OK, body = PlaceBody), (status = "4XX", body = ProblemBody)))]
async fn place(
    State(app): State<App>,
    by: By,
    Id(client): Id<ClientId>,
) -> Result<axum::Json<PlaceBody>, Problem> {
    let place = app.run(move |app| super::place(app, by, client)).await?;
    Ok(axum::Json(PlaceBody {
        territory: place.territory.map(|id| id.to_string()),
        alias_of: place.alias_of.map(|id| id.to_string()),
        number: place.number,
    }))
}
