//! `GET /v1/office` and `PUT /v1/office/{kind}`.

use axum::extract::{FromRequest, Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use cartera_core::strings::Language;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{self, BodyError, Items};
use super::error::ItemError;
use super::item::Sent;
use super::{BATCH_BYTES_MAX, Freshness, ITEMS_MAX, Options, Outcome, WRITABLE};
use crate::app::App;
use crate::http::auth::Office;
use crate::http::body::{JSON, expect_type, read};
use crate::http::language::preferred;
use crate::http::path::Params;
use crate::http::problem::{Problem, ProblemBody};

/// Wrong items that one answer lists.
const REFUSED_LISTED_MAX: usize = 500;

const NDJSON: &str = "application/x-ndjson";

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(feeds)).routes(routes!(write))
}

#[derive(Debug, Serialize, ToSchema)]
struct FeedBody {
    /// What it brings: a kind of office record, or `client`.
    kind: String,
    source: String,
    /// When it last came.
    at_ms: i64,
    /// How many records it brought then, changed or not.
    records: u64,
}

impl From<Freshness> for FeedBody {
    fn from(feed: Freshness) -> Self {
        Self { kind: feed.what, source: feed.source, at_ms: feed.at_ms, records: feed.records }
    }
}

/// How fresh each feed is.
#[utoipa::path(get, path = "/v1/office", tag = "office", security(("machine" = []), ("session" = [])),
    responses((status = OK, body = Vec<FeedBody>), (status = "4XX", body = ProblemBody)))]
async fn feeds(State(app): State<App>, Office(by): Office) -> Result<axum::Json<Vec<FeedBody>>, Problem> {
    let feeds = app.run(move |app| super::feeds(app, by)).await?;
    Ok(axum::Json(feeds.into_iter().map(Into::into).collect()))
}

#[derive(Debug, Deserialize, ToSchema, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WriteParams {
    /// The system that writes: keys of different sources are different keys. `erp` if it is not said.
    source: Option<String>,
    /// Check, say what would happen, and write nothing.
    #[serde(default)]
    dry_run: bool,
    /// Write nothing if any item is wrong, and answer 422; otherwise wrong items are left out.
    #[serde(default)]
    all_or_nothing: bool,
}

/// At most 5,000 items and 4 MB. The same as one item a line with `application/x-ndjson`.
#[derive(Debug, Serialize, ToSchema)]
#[allow(dead_code)] // its description alone is used
struct BatchBody {
    items: Vec<Sent>,
}

#[derive(Debug, Serialize, ToSchema)]
struct OutcomeBody {
    /// Whether the batch was written: not in a dry run, nor where all of it was refused for one item.
    applied: bool,
    items: usize,
    written: usize,
    /// Said so already.
    unchanged: usize,
    refused: usize,
    /// The end of the log.
    number: u64,
    /// Wrong items, the first 500.
    errors: Vec<RefusedBody>,
}

#[derive(Debug, Serialize, ToSchema)]
struct RefusedBody {
    /// Place in the batch, from 0.
    index: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    wrong: Vec<WrongBody>,
}

#[derive(Debug, Serialize, ToSchema)]
struct WrongBody {
    /// Path of the field, such as `lines[3].quantity`; empty for the item as a whole.
    field: String,
    /// Stable.
    code: &'static str,
    /// In the reader's language.
    what: String,
    /// What to do about it, likewise.
    advice: String,
    /// What was expected, in English.
    #[serde(skip_serializing_if = "String::is_empty")]
    detail: String,
}

impl WrongBody {
    fn new(error: ItemError, language: Language) -> Self {
        let (what, advice) = error.words(language);
        Self { code: error.code.as_str(), what, advice, detail: error.detail, field: error.field }
    }
}

impl OutcomeBody {
    fn new(outcome: Outcome, language: Language) -> Self {
        let refused = outcome.refused.len();
        let errors = outcome.refused.into_iter().take(REFUSED_LISTED_MAX).map(|refusal| RefusedBody {
            index: refusal.index,
            key: refusal.key,
            wrong: refusal.errors.into_iter().map(|error| WrongBody::new(error, language)).collect(),
        });
        Self {
            applied: outcome.applied,
            items: outcome.items,
            written: outcome.written,
            unchanged: outcome.unchanged,
            refused,
            number: outcome.number,
            errors: errors.collect(),
        }
    }
}

/// Writes records of one kind from one source, in one commit: last value wins, the same again changes nothing.
#[utoipa::path(put, path = "/v1/office/{kind}", tag = "office", security(("machine" = []), ("session" = [])),
    params(("kind" = String, Path, description = "article, price, tax, sale, due_item, credit, order_state, objective, visit_plan, absence, holiday, segment, notice, census, spend, cost, margin"), WriteParams),
    request_body = BatchBody,
    responses((status = OK, body = OutcomeBody), (status = "4XX", body = ProblemBody)))]
async fn write(
    State(app): State<App>,
    Office(by): Office,
    Path(kind): Path<String>,
    Params(params): Params<WriteParams>,
    request: Request,
) -> Result<axum::Json<OutcomeBody>, Problem> {
    let language = preferred(request.headers());
    let Some(kind) = super::writable(&kind) else {
        let kinds: Vec<&str> = WRITABLE.iter().map(|kind| kind.name()).collect();
        return Err(Problem::not_found().detail(format!("the office writes {}", kinds.join(", "))));
    };
    let Payload(items) = Payload::from_request(request, &app).await?;
    let options = Options { dry_run: params.dry_run, all_or_nothing: params.all_or_nothing };
    let outcome = app
        .run(move |app| {
            super::write(app, by, kind, params.source.as_deref().unwrap_or("erp"), items, options)
        })
        .await?;
    let wrong = outcome.refused.len();
    let body = OutcomeBody::new(outcome, language);
    if options.all_or_nothing && wrong > 0 && !options.dry_run {
        let detail = format!("{wrong} of {} items are wrong; nothing was written", body.items);
        let result = serde_json::to_value(&body).unwrap_or_default();
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid").detail(detail).result(result));
    }
    Ok(axum::Json(body))
}

/// The items of a body, JSON or NDJSON.
struct Payload(Items);

impl FromRequest<App> for Payload {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let is_lines = media_type(request.headers())? == NDJSON;
        let (bytes, _budget) = read(request, app, BATCH_BYTES_MAX).await?;
        let items = app
            .run(move |_| Ok::<_, Problem>(if is_lines { body::lines(&bytes) } else { body::object(&bytes) }))
            .await?;
        items.map(Self).map_err(|error| match error {
            BodyError::Malformed(detail) => Problem::bad_request("malformed").detail(detail),
            BodyError::TooMany => Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large")
                .detail(format!("more than {ITEMS_MAX} items: send them in several batches")),
        })
    }
}

fn media_type(headers: &HeaderMap) -> Result<&'static str, Problem> {
    expect_type(headers, &[JSON, NDJSON])
}
