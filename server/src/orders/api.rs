//! `GET /v1/orders`, `GET /v1/orders/dead_letters` and `POST /v1/orders/{id}/ack`.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use cartera_core::model::RecordId;
use cartera_core::model::record::PurchaseSort;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{DeadLetterBody, OrderBody, StateBody};
use super::{Answer, PAGE_MAX};
use crate::app::App;
use crate::http::auth::Office;
use crate::http::body::Json;
use crate::http::language::preferred;
use crate::http::path::{Id, Params};
use crate::http::problem::{Problem, ProblemBody};
use crate::people::access::By;
use crate::refused::Refused;

/// Orders in one answer, where it is not said.
const PAGE: usize = 100;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(dead_letters))
        .routes(routes!(acknowledge))
        .routes(routes!(release))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParams {
    /// `received`: orders that wait for their answer. There is no other.
    state: Option<String>,
    /// order (if it is not said), direct_sale or return.
    sort: Option<String>,
    /// Only those after this place in the log.
    #[serde(default)]
    after: u64,
    /// 100 if it is not said, at most 500.
    limit: Option<usize>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PageParams {
    /// Only those after this place in the log.
    #[serde(default)]
    after: u64,
    /// 100 if it is not said, at most 500.
    limit: Option<usize>,
}

#[derive(Debug, Serialize, ToSchema)]
struct PageBody<T> {
    orders: Vec<T>,
    /// For `after`, where there may be more.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u64>,
}

fn limit(asked: Option<usize>) -> usize {
    asked.unwrap_or(PAGE).clamp(1, PAGE_MAX)
}

/// At most `limit` were asked for; `number` is each one's place in the log.
fn page<F, T>(
    found: Vec<F>,
    limit: usize,
    number: impl Fn(&F) -> u64,
    body: impl FnMut(F) -> Option<T>,
) -> axum::Json<PageBody<T>> {
    let next = found.last().filter(|_| found.len() >= limit).map(number);
    axum::Json(PageBody { orders: found.into_iter().filter_map(body).collect(), next })
}

/// Orders that wait for the ERP's answer, in the order in which they came. Each stays here until it is answered.
#[utoipa::path(get, path = "/v1/orders", tag = "orders", security(("machine" = []), ("session" = [])),
    params(ListParams),
    responses((status = OK, body = PageBody<OrderBody>), (status = "4XX", body = ProblemBody)))]
async fn list(
    State(app): State<App>,
    Office(by): Office,
    headers: HeaderMap,
    Params(params): Params<ListParams>,
) -> Result<axum::Json<PageBody<OrderBody>>, Problem> {
    let language = preferred(&headers);
    if params.state.as_deref().is_some_and(|state| state != "received") {
        return Err(Refused::invalid("state", "only `received` waits for an answer").into());
    }
    let sort = match params.sort.as_deref().map(PurchaseSort::parse) {
        None => PurchaseSort::Order,
        Some(Some(sort)) => sort,
        Some(None) => return Err(Refused::invalid("sort", "order, direct_sale or return").into()),
    };
    let limit = limit(params.limit);
    let orders = app.run(move |app| super::open(app, by, sort, params.after, limit)).await?;
    Ok(page(orders, limit, |order| order.number, |order| OrderBody::new(order, language)))
}

/// Orders that cannot be offered, or were changed after they were taken, with the reason.
#[utoipa::path(get, path = "/v1/orders/dead_letters", tag = "orders", security(("machine" = []), ("session" = [])),
    params(PageParams),
    responses((status = OK, body = PageBody<DeadLetterBody>), (status = "4XX", body = ProblemBody)))]
async fn dead_letters(
    State(app): State<App>,
    Office(by): Office,
    headers: HeaderMap,
    Params(params): Params<PageParams>,
) -> Result<axum::Json<PageBody<DeadLetterBody>>, Problem> {
    let language = preferred(&headers);
    let limit = limit(params.limit);
    let letters = app.run(move |app| super::dead_letters(app, by, params.after, limit)).await?;
    Ok(page(letters, limit, |letter| letter.number, |letter| Some(DeadLetterBody::new(letter, language))))
}

/// A number, or a reason why not.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AckBody {
    /// The version that was taken, as it was picked up.
    revision: String,
    /// The order's number in the ERP.
    number: Option<String>,
    /// Why the ERP does not take it; the rep reads this.
    declined: Option<String>,
}

/// Answers an order. The same answer again is answered alike; another one is a conflict. After a correction, the same
/// number with the newer revision says that the ERP has followed.
#[utoipa::path(post, path = "/v1/orders/{id}/ack", tag = "orders", security(("machine" = []), ("session" = [])),
    params(("id" = String, Path)), request_body = AckBody,
    responses((status = OK, body = StateBody), (status = "4XX", body = ProblemBody)))]
async fn acknowledge(
    State(app): State<App>,
    Office(by): Office,
    headers: HeaderMap,
    Id(order): Id<RecordId>,
    Json(body): Json<AckBody>,
) -> Result<axum::Json<StateBody>, Problem> {
    let language = preferred(&headers);
    let Ok(revision) = body.revision.parse::<RecordId>() else {
        return Err(Refused::invalid("revision", "an id of 26 characters, as it was picked up").into());
    };
    let answer = match (body.number, body.declined) {
        (Some(number), None) => Answer::Registered(number),
        (None, Some(reason)) => Answer::Declined(reason),
        _ => return Err(Refused::invalid("number", "a number, or `declined` with a reason").into()),
    };
    let said = app.run(move |app| super::acknowledge(app, by, order, revision, &answer)).await?;
    let body = |state, amended| StateBody::new(order.to_string(), state, amended, language);
    match said {
        Ok((state, amended)) => Ok(axum::Json(body(&state, amended))),
        Err(state) => {
            let stands = state.number.as_deref().or(state.reason.as_deref()).unwrap_or_default();
            let detail = format!("the order is {} already: {stands}", state.stage.as_str());
            let result = serde_json::to_value(body(&state, false)).unwrap_or_default();
            Err(Problem::new(StatusCode::CONFLICT, "conflict").detail(detail).result(result))
        }
    }
}

/// Which orders: `orders` names them, or `all` is true.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReleaseBody {
    /// At most 500.
    orders: Option<Vec<String>>,
    #[serde(default)]
    all: bool,
}

#[derive(Debug, Serialize, ToSchema)]
struct ReleasedBody {
    /// Of those named, how many were in doubt.
    released: usize,
}

/// Offers orders that are in doubt after a restore: nobody knows any more whether the ERP has them. First answer those
/// that it has; what is released it gets as a new order.
#[utoipa::path(post, path = "/v1/orders/release", tag = "orders", security(("session" = [])),
    request_body = ReleaseBody,
    responses((status = OK, body = ReleasedBody), (status = "4XX", body = ProblemBody)))]
async fn release(
    State(app): State<App>,
    by: By,
    Json(body): Json<ReleaseBody>,
) -> Result<axum::Json<ReleasedBody>, Problem> {
    let parse = |text: &String| text.parse::<RecordId>().map_err(|_| Refused::unknown("order", text));
    let ids = match (&body.orders, body.all) {
        (Some(orders), false) => Some(orders.iter().map(parse).collect::<Result<Vec<_>, _>>()?),
        (None, true) => None,
        _ => return Err(Refused::invalid("orders", "ids of orders, or `all` as true").into()),
    };
    let released = app.run(move |app| super::release(app, by, ids.as_deref())).await?;
    Ok(axum::Json(ReleasedBody { released }))
}
