//! `/v1/clients/...`: moves, lendings, merges, erasing.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use cartera_core::model::profile::Scalar;
use cartera_core::model::record::RequestDecision;
use cartera_core::model::{BusinessDate, ClientId, PersonId, RecordId, TerritoryId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::erase::{Reason, STAYS, stays_text};
use super::merge::PROPOSALS_MAX;
use super::requests::REQUESTS_MAX;
use crate::app::App;
use crate::export::resources::spoken;
use crate::http::body::Json;
use crate::http::language::preferred;
use crate::http::path::{Id, Ids, Params};
use crate::http::problem::{Problem, ProblemBody};
use crate::people::access::By;
use crate::refused::Refused;
use crate::storage::clients::{ErasePreview, Moved, Proposed, Requested};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(move_to))
        .routes(routes!(lend, end_lending))
        .routes(routes!(place))
        .routes(routes!(proposed))
        .routes(routes!(requested))
        .routes(routes!(answer))
        .routes(routes!(merge, unmerge))
        .routes(routes!(erase))
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

#[derive(Debug, Serialize, ToSchema)]
struct ProposedBody {
    /// The proposal's record.
    record: String,
    /// The client in whose document it stands.
    client: String,
    /// The client that is taken for the same.
    other: String,
    /// The other is to be kept, and `client` to become its alias.
    keep_other: bool,
    /// What makes them look like one: tax_id, phone, name, address, email, known.
    likeness: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// Who proposes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    /// Of the record in the log: give the last one as `after` for what follows.
    number: u64,
    received_ms: i64,
}

impl From<Proposed> for ProposedBody {
    fn from(proposed: Proposed) -> Self {
        let proposal = proposed.proposal;
        Self {
            record: proposed.record.to_string(),
            client: proposed.client.to_string(),
            other: proposal.other.to_string(),
            keep_other: proposal.keep_other,
            likeness: proposal.likeness.iter().map(|likeness| likeness.as_str()).collect(),
            note: proposal.note,
            person: proposed.by.map(|id| id.to_string()),
            number: proposed.number,
            received_ms: proposed.at_ms,
        }
    }
}

#[derive(Debug, Deserialize)]
struct ProposedParams {
    #[serde(default)]
    after: u64,
    limit: Option<usize>,
}

/// Proposals to merge that nobody has followed yet, oldest first.
#[utoipa::path(get, path = "/v1/clients/merge-proposals", tag = "clients", security(("session" = [])),
    params(("after" = Option<u64>, Query, description = "Only after this number"), ("limit" = Option<usize>, Query)),
    responses((status = OK, body = Vec<ProposedBody>), (status = "4XX", body = ProblemBody)))]
async fn proposed(
    State(app): State<App>,
    by: By,
    Params(params): Params<ProposedParams>,
) -> Result<axum::Json<Vec<ProposedBody>>, Problem> {
    let limit = params.limit.unwrap_or(PROPOSALS_MAX);
    let found = app.run(move |app| super::merge::proposed(app, by, params.after, limit)).await?;
    Ok(axum::Json(found.into_iter().map(Into::into).collect()))
}

#[derive(Debug, Serialize, ToSchema)]
struct RequestedBody {
    /// The record that asks.
    record: String,
    client: String,
    /// Key of the profile.
    field: String,
    /// What it should be, in the export's form; absent where it should be empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    /// What stood there when it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    seen: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Who asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    /// Of the record in the log: give the last one as `after` for what follows.
    number: u64,
    received_ms: i64,
}

impl From<Requested> for RequestedBody {
    fn from(requested: Requested) -> Self {
        let request = requested.request;
        let said = |value: Option<Scalar>| value.and_then(|value| spoken(&request.field, value));
        Self {
            record: requested.record.to_string(),
            client: requested.client.to_string(),
            value: said(request.value.clone()),
            seen: said(request.seen.clone()),
            field: request.field,
            reason: request.reason,
            person: requested.by.map(|id| id.to_string()),
            number: requested.number,
            received_ms: requested.at_ms,
        }
    }
}

/// Requests to change a field of the ERP's that nobody has answered yet, oldest first.
#[utoipa::path(get, path = "/v1/clients/change-requests", tag = "clients", security(("session" = [])),
    params(("after" = Option<u64>, Query, description = "Only after this number"), ("limit" = Option<usize>, Query)),
    responses((status = OK, body = Vec<RequestedBody>), (status = "4XX", body = ProblemBody)))]
async fn requested(
    State(app): State<App>,
    by: By,
    Params(params): Params<ProposedParams>,
) -> Result<axum::Json<Vec<RequestedBody>>, Problem> {
    let limit = params.limit.unwrap_or(REQUESTS_MAX);
    let found = app.run(move |app| super::requests::open(app, by, params.after, limit)).await?;
    Ok(axum::Json(found.into_iter().map(Into::into).collect()))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AnswerBody {
    /// granted or declined
    decision: String,
    /// One line to whoever asked, of up to 500 characters.
    answer: Option<String>,
}

/// Grants a request, which puts the value into the field, or declines it.
#[utoipa::path(post, path = "/v1/clients/{client}/change-requests/{record}", tag = "clients",
    security(("session" = [])), params(("client" = String, Path), ("record" = String, Path)),
    request_body = AnswerBody,
    responses((status = OK, body = NumberBody), (status = "4XX", body = ProblemBody,
        description = "conflict: it was answered or taken back meanwhile")))]
async fn answer(
    State(app): State<App>,
    by: By,
    Ids(client, record): Ids<ClientId, RecordId>,
    Json(body): Json<AnswerBody>,
) -> Result<axum::Json<NumberBody>, Problem> {
    let number = app
        .run(move |app| {
            let decision = RequestDecision::ALL.iter().find(|known| known.as_str() == body.decision);
            let decision = decision.ok_or_else(|| Refused::invalid("decision", "granted or declined"))?;
            super::requests::answer(app, by, client, record, *decision, body.answer.as_deref())
        })
        .await?;
    Ok(axum::Json(NumberBody { number: Some(number) }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MergeBody {
    /// The client that is kept; the one in the path becomes its alias.
    kept: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct NumberBody {
    /// Of the entry in the log; absent if it was so already.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u64>,
}

/// Makes the client an alias of another. Documents stay apart; rows and figures group by the kept one.
#[utoipa::path(post, path = "/v1/clients/{client}/merge", tag = "clients", security(("session" = [])),
    params(("client" = String, Path)), request_body = MergeBody,
    responses((status = OK, body = NumberBody), (status = "4XX", body = ProblemBody,
        description = "conflict: the one to be kept was itself merged into this one")))]
async fn merge(
    State(app): State<App>,
    by: By,
    Id(client): Id<ClientId>,
    Json(body): Json<MergeBody>,
) -> Result<axum::Json<NumberBody>, Problem> {
    let number = app
        .run(move |app| {
            let kept = body.kept.parse().map_err(|_| Refused::invalid("kept", "26 characters of an id"))?;
            super::merge::merge(app, by, client, kept)
        })
        .await?;
    Ok(axum::Json(NumberBody { number }))
}

/// Undoes a merge: the client is where it would be without.
#[utoipa::path(delete, path = "/v1/clients/{client}/merge", tag = "clients", security(("session" = [])),
    params(("client" = String, Path)),
    responses((status = OK, body = NumberBody), (status = "4XX", body = ProblemBody)))]
async fn unmerge(
    State(app): State<App>,
    by: By,
    Id(client): Id<ClientId>,
) -> Result<axum::Json<NumberBody>, Problem> {
    let number = app.run(move |app| super::merge::unmerge(app, by, client)).await?;
    Ok(axum::Json(NumberBody { number }))
}

#[derive(Debug, Deserialize)]
struct EraseParams {
    /// request, retention, mistake
    reason: Option<String>,
    #[serde(default)]
    dry_run: bool,
}

/// What is, or would be, deleted; and what goes on naming the client by its id.
#[derive(Debug, Serialize, ToSchema)]
struct EraseBody {
    /// `false`: a dry run.
    erased: bool,
    /// Of the entry in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u64>,
    /// Freed space in the relay's files is overwritten too; `false`: the relay does it as soon as nobody reads on.
    #[serde(skip_serializing_if = "Option::is_none")]
    overwritten: Option<bool>,
    changes: u64,
    bytes: u64,
    /// By kind.
    records: BTreeMap<String, u64>,
    /// By kind.
    office: BTreeMap<String, u64>,
    refused: u64,
    /// Begun and not finished: they are given up, and have to be run again.
    unfinished_imports: u64,
    /// Reports of imports that are deleted, since their findings quote cells.
    import_reports: u64,
    /// Clients merged into this one, which stand by themselves again.
    aliases: Vec<String>,
    /// Proposals in other clients' documents that name it: they stay.
    proposals_elsewhere: u64,
    stays: Vec<StaysBody>,
}

/// Something that erasing does not reach.
#[derive(Debug, Serialize, ToSchema)]
struct StaysBody {
    /// phones, backups, exports, other_clients, log
    what: &'static str,
    /// In the reader's language.
    text: String,
}

/// Erases a client for good, or says with `dry_run=true` what that would do.
#[utoipa::path(delete, path = "/v1/clients/{client}", tag = "clients", security(("session" = [])),
    params(("client" = String, Path),
        ("reason" = Option<String>, Query, description = "request, retention or mistake; not needed for a dry run"),
        ("dry_run" = Option<bool>, Query)),
    responses((status = OK, body = EraseBody), (status = "4XX", body = ProblemBody,
        description = "conflict: it was erased before")))]
async fn erase(
    State(app): State<App>,
    by: By,
    Id(client): Id<ClientId>,
    Params(params): Params<EraseParams>,
    headers: HeaderMap,
) -> Result<axum::Json<EraseBody>, Problem> {
    let language = preferred(&headers);
    let (preview, erasure) = app
        .run(move |app| {
            if params.dry_run {
                return Ok((super::erase::preview(app, by, client)?, None));
            }
            let reason = params.reason.as_deref().and_then(Reason::from_name);
            let names = || Reason::ALL.map(Reason::name).join(", ");
            let reason = reason.ok_or_else(|| Refused::invalid("reason", format!("one of {}", names())))?;
            let preview = match super::erase::preview(app, by, client) {
                // Which of the two it is, erasing says.
                Err(Refused::Unknown { .. }) => ErasePreview::default(),
                preview => preview?,
            };
            Ok::<_, Refused>((preview, Some(super::erase::erase(app, by, client, reason)?)))
        })
        .await?;
    Ok(axum::Json(EraseBody {
        erased: erasure.is_some(),
        number: erasure.map(|erasure| erasure.number),
        overwritten: erasure.map(|erasure| erasure.overwritten),
        changes: preview.changes,
        bytes: preview.bytes,
        records: preview.records.into_iter().collect(),
        office: preview.office.into_iter().collect(),
        refused: preview.refused,
        unfinished_imports: preview.unfinished_imports,
        import_reports: preview.import_reports,
        aliases: preview.aliases.iter().map(ToString::to_string).collect(),
        proposals_elsewhere: preview.proposals_elsewhere,
        stays: STAYS.map(|what| StaysBody { what, text: stays_text(what, language) }).into(),
    }))
}
