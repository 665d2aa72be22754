//! `/v1/today`, `/v1/nearby`, `/v1/duplicates`, `/v1/coverage`, `/v1/clients/{id}/offers`, `/v1/visit-plan/by-class`.

use axum::extract::State;
use axum::http::HeaderMap;
use cartera_core::metrics::Figure;
use cartera_core::model::{ClientId, PersonId};
use cartera_core::portfolio::nearby::{Nearby, Point};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::coverage::OVERDUE_MAX;
use super::duplicates::{Named, PAIRS_MAX};
use super::nearby::NEARBY_MAX;
use super::offers::{LISTED, OffersBody};
use super::today::{TODAY_MAX, TodayBody};
use crate::app::App;
use crate::figures::api::date;
use crate::http::auth::Office;
use crate::http::language::preferred;
use crate::http::path::{Id, Params};
use crate::http::problem::{Problem, ProblemBody};
use crate::people::access::By;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(today))
        .routes(routes!(nearby))
        .routes(routes!(duplicates))
        .routes(routes!(coverage))
        .routes(routes!(client_offers))
        .routes(routes!(proposed_visits, accept_visits))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TodayParams {
    /// Whose list; otherwise of everybody whom the caller sees, for a rep its own.
    person: Option<String>,
    /// The day, YYYY-MM-DD; otherwise today, at Greenwich.
    on: Option<String>,
    /// Clients, 500 at most.
    limit: Option<usize>,
}

/// What somebody is to do today, and why: as that person's phone shows it.
#[utoipa::path(get, path = "/v1/today", tag = "portfolio", security(("session" = [])), params(TodayParams),
    responses((status = OK, body = TodayBody), (status = "4XX", body = ProblemBody)))]
async fn today(
    State(app): State<App>,
    Office(by): Office,
    Params(params): Params<TodayParams>,
    headers: HeaderMap,
) -> Result<axum::Json<TodayBody>, Problem> {
    let on = date(&app, params.on.as_deref())?;
    let person = match params.person.as_deref().map(str::parse::<PersonId>) {
        None => None,
        Some(Ok(person)) => Some(person),
        Some(Err(_)) => {
            return Err(Problem::bad_request("malformed").detail("person: an id of 26 characters"));
        }
    };
    let limit = params.limit.unwrap_or(TODAY_MAX);
    let entries = app.run(move |app| super::today::list(app, by, person, on)).await?;
    Ok(axum::Json(TodayBody::of(entries, limit, preferred(&headers), on)))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct NearbyParams {
    /// Degrees, WGS 84, north positive.
    latitude: f64,
    /// East positive.
    longitude: f64,
    /// As the crow flies, in metres; 200,000 at most, otherwise 5,000.
    within_m: Option<f64>,
    /// Clients, 500 at most.
    limit: Option<usize>,
}

#[derive(Debug, Serialize, ToSchema)]
struct NearbyBody {
    client_id: String,
    name: String,
    latitude: f64,
    longitude: f64,
    metres: f64,
}

impl From<Nearby> for NearbyBody {
    fn from(of: Nearby) -> Self {
        let Point { latitude, longitude } = of.point;
        Self { client_id: of.client.to_string(), name: of.name, latitude, longitude, metres: of.metres }
    }
}

/// How far off, where nobody says.
const WITHIN_M: f64 = 5_000.0;

/// Open clients close to a place, the nearest first.
#[utoipa::path(get, path = "/v1/nearby", tag = "portfolio", security(("session" = [])), params(NearbyParams),
    responses((status = OK, body = Vec<NearbyBody>), (status = "4XX", body = ProblemBody)))]
async fn nearby(
    State(app): State<App>,
    Office(by): Office,
    Params(params): Params<NearbyParams>,
) -> Result<axum::Json<Vec<NearbyBody>>, Problem> {
    let around = Point { latitude: params.latitude, longitude: params.longitude };
    let (within, limit) = (params.within_m.unwrap_or(WITHIN_M), params.limit.unwrap_or(NEARBY_MAX));
    let found = app.run(move |app| super::nearby::clients(app, by, around, within, limit)).await?;
    Ok(axum::Json(found.into_iter().map(Into::into).collect()))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Limit {
    /// 500 at most.
    limit: Option<usize>,
}

#[derive(Debug, Serialize, ToSchema)]
struct PairBody {
    one_id: String,
    one_name: String,
    other_id: String,
    other_name: String,
    weight: u32,
    /// tax_id, phone, name, address, email.
    likeness: Vec<&'static str>,
}

impl From<Named> for PairBody {
    fn from(of: Named) -> Self {
        Self {
            one_id: of.pair.one.to_string(),
            one_name: of.one.name,
            other_id: of.pair.other.to_string(),
            other_name: of.other.name,
            weight: of.pair.weight,
            likeness: of.pair.reasons.iter().map(|reason| reason.as_str()).collect(),
        }
    }
}

/// Clients that may be one, the likeliest first.
#[utoipa::path(get, path = "/v1/duplicates", tag = "portfolio", security(("session" = [])), params(Limit),
    responses((status = OK, body = Vec<PairBody>), (status = "4XX", body = ProblemBody)))]
async fn duplicates(
    State(app): State<App>,
    Office(by): Office,
    Params(params): Params<Limit>,
) -> Result<axum::Json<Vec<PairBody>>, Problem> {
    let limit = params.limit.unwrap_or(PAIRS_MAX);
    let found = app.run(move |app| super::duplicates::pairs(app, by, limit)).await?;
    Ok(axum::Json(found.into_iter().map(Into::into).collect()))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CoverageParams {
    /// As things stood at the end of this day, YYYY-MM-DD; otherwise today, at Greenwich.
    as_of: Option<String>,
    /// Overdue clients that are named, 500 at most.
    limit: Option<usize>,
}

#[derive(Debug, Serialize, ToSchema)]
struct CoverageBody {
    as_of: String,
    /// Share of the clients that were visited within their interval; null where there is none.
    share: Option<f64>,
    /// Clients behind it.
    records: u64,
    overdue: usize,
    /// Clients without an interval: neither a class nor one of their own.
    without_interval: u64,
    /// The longest overdue first.
    clients: Vec<OverdueBody>,
}

#[derive(Debug, Serialize, ToSchema)]
struct OverdueBody {
    client_id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    territory_id: Option<String>,
    /// The one rep who looks after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    rep_id: Option<String>,
    interval_days: u32,
    /// Days that counted since the last visit, or since the client is known.
    since_days: u32,
    ever_visited: bool,
}

/// Who was visited within the time that was asked for, and who was not.
#[utoipa::path(get, path = "/v1/coverage", tag = "portfolio", security(("machine" = []), ("session" = [])),
    params(CoverageParams),
    responses((status = OK, body = CoverageBody), (status = "4XX", body = ProblemBody)))]
async fn coverage(
    State(app): State<App>,
    Office(by): Office,
    Params(params): Params<CoverageParams>,
) -> Result<axum::Json<CoverageBody>, Problem> {
    let as_of = date(&app, params.as_of.as_deref())?;
    let limit = params.limit.unwrap_or(OVERDUE_MAX);
    let seen = app.run(move |app| super::coverage::read(app, by, as_of, limit)).await?;
    let Figure { value, records } = seen.coverage.clients();
    let clients = seen.overdue.into_iter().map(|(due, brief)| OverdueBody {
        client_id: due.client.to_string(),
        name: brief.name,
        territory_id: due.territory.map(|id| id.to_string()),
        rep_id: due.rep.map(|id| id.to_string()),
        interval_days: due.interval_days,
        since_days: due.since_days,
        ever_visited: due.ever_visited,
    });
    Ok(axum::Json(CoverageBody {
        as_of: as_of.to_string(),
        share: value.ok().map(|ratio| ratio.get()),
        records,
        overdue: seen.coverage.overdue().count(),
        without_interval: seen.coverage.left_out,
        clients: clients.collect(),
    }))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OffersParams {
    /// As things stood at the end of this day, YYYY-MM-DD; otherwise today, at Greenwich.
    as_of: Option<String>,
    /// Items of each list, 500 at most; otherwise 50.
    limit: Option<usize>,
}

/// What to offer a client: its usual basket, what is due, what it gave up, what clients like it buy. Of a client that was
/// merged into another, the other's.
#[utoipa::path(get, path = "/v1/clients/{id}/offers", tag = "portfolio",
    security(("machine" = []), ("session" = [])),
    params(("id" = String, Path, description = "of the client"), OffersParams),
    responses((status = OK, body = OffersBody), (status = "4XX", body = ProblemBody)))]
async fn client_offers(
    State(app): State<App>,
    Office(by): Office,
    Id(client): Id<ClientId>,
    Params(params): Params<OffersParams>,
) -> Result<axum::Json<OffersBody>, Problem> {
    let as_of = date(&app, params.as_of.as_deref())?;
    let limit = params.limit.unwrap_or(LISTED);
    let found = app.run(move |app| super::offers::client(app, by, client, as_of, limit)).await?;
    Ok(axum::Json(found.into()))
}

#[derive(Debug, Serialize, ToSchema)]
struct PlanBody {
    /// Rules that acceptance would write.
    rules: Vec<PlanRuleBody>,
    /// Clients whose accepted rules would go: with a rule by hand, without a class, or closed.
    gone: Vec<String>,
    unchanged: u64,
}

#[derive(Debug, Serialize, ToSchema)]
struct PlanRuleBody {
    client_id: String,
    /// `A`, `B` or `C`.
    class: &'static str,
    every_weeks: u32,
    /// 1 Monday to 7 Sunday.
    weekdays: Vec<u8>,
    /// Its first visit.
    from: String,
    /// Every how many weeks it was before.
    #[serde(skip_serializing_if = "Option::is_none")]
    weeks_before: Option<u32>,
}

/// The visit plan that follows from ABC classes, as far as it is not written. Clients with a rule by hand are left out.
#[utoipa::path(get, path = "/v1/visit-plan/by-class", tag = "portfolio", security(("session" = [])),
    responses((status = OK, body = PlanBody), (status = "4XX", body = ProblemBody)))]
async fn proposed_visits(State(app): State<App>, by: By) -> Result<axum::Json<PlanBody>, Problem> {
    let on = crate::figures::today(&app);
    let found = app.run(move |app| super::visit_plan::propose(app, by, on)).await?;
    let rules = found.rules.into_iter().map(|of| PlanRuleBody {
        client_id: of.client.to_string(),
        class: of.class.as_str(),
        every_weeks: of.plan.every_weeks,
        from: of.plan.from.to_string(),
        weekdays: of.plan.weekdays,
        weeks_before: of.before.map(|before| before.every_weeks),
    });
    let gone = found.gone.iter().map(ToString::to_string).collect();
    Ok(axum::Json(PlanBody { rules: rules.collect(), gone, unchanged: found.unchanged }))
}

#[derive(Debug, Serialize, ToSchema)]
struct AcceptedBody {
    written: u64,
    removed: u64,
    unchanged: u64,
}

/// Writes the visit plan that follows from ABC classes now; phones get it with their next sync.
#[utoipa::path(post, path = "/v1/visit-plan/by-class", tag = "portfolio", security(("session" = [])),
    responses((status = OK, body = AcceptedBody), (status = "4XX", body = ProblemBody)))]
async fn accept_visits(State(app): State<App>, by: By) -> Result<axum::Json<AcceptedBody>, Problem> {
    let on = crate::figures::today(&app);
    let of = app.run(move |app| super::visit_plan::accept(app, by, on)).await?;
    Ok(axum::Json(AcceptedBody { written: of.written, removed: of.removed, unchanged: of.unchanged }))
}
