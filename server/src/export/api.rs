//! `GET /v1/export` and `GET /v1/export/{file}`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::Response;
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::access::{self, Reader};
use super::answer::Answer;
use super::format::{Format, Profile};
use super::query::{Query, QueryError};
use super::resources::{RESOURCES, Resource, VERSION};
use super::run::{Export, ExportError};
use super::{disclosure, document, odata};
use crate::app::App;
use crate::figures::today;
use crate::http::limits::WORKBOOKS;
use crate::http::path::Params;
use crate::http::pieces::pieces;
use crate::http::problem::{Problem, ProblemBody};

/// In an answer's head: where the next export goes on.
pub const CURSOR: HeaderName = HeaderName::from_static("cartera-cursor");

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(catalogue))
        .routes(routes!(export))
        .merge(document::api::routes())
        .merge(disclosure::api::routes())
        .merge(odata::api::routes())
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Catalogue {
    /// Grows when a resource or a column is added; none ever goes or changes.
    version: u32,
    formats: Vec<&'static str>,
    /// Of CSV.
    profiles: Vec<&'static str>,
    resources: Vec<ResourceBody>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ResourceBody {
    name: &'static str,
    since: u32,
    english: &'static str,
    spanish: &'static str,
    /// The column that `from=` and `to=` choose by.
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'static str>,
    /// The column that `status=` chooses by.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    /// With `since=`: rows take the place of those with the same value here.
    replace_by: &'static str,
    /// It says what holds now and is read as a whole: `since=` is not taken.
    present: bool,
    columns: Vec<ColumnBody>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ColumnBody {
    name: &'static str,
    /// id, text, phone, word, integer, decimal, degrees, number, boolean, date, instant
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'static str>,
    /// Whether a row that is not deleted may lack it.
    nullable: bool,
    /// The cell says what holds when the export is made; its changes are sent with that resource alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    follows: Option<&'static str>,
    since: u32,
    english: &'static str,
    spanish: &'static str,
}

impl From<&'static Resource> for ResourceBody {
    fn from(resource: &'static Resource) -> Self {
        let column = |info: &'static super::ColumnInfo| ColumnBody {
            name: info.name,
            kind: info.kind.name(),
            unit: info.unit,
            nullable: info.nullable,
            follows: info.follows,
            since: info.since,
            english: info.english,
            spanish: info.spanish,
        };
        Self {
            name: resource.name,
            since: resource.since,
            english: resource.english,
            spanish: resource.spanish,
            date: resource.date,
            status: resource.status,
            replace_by: resource.replace_by,
            present: resource.present,
            columns: resource.columns().into_iter().map(column).collect(),
        }
    }
}

/// What can be exported: resources, columns, types, since which version.
#[utoipa::path(get, path = "/v1/export", tag = "export", security(("machine" = []), ("session" = [])),
    responses((status = OK, body = Catalogue), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn catalogue(_: Reader) -> axum::Json<Catalogue> {
    axum::Json(Catalogue {
        version: VERSION,
        formats: Format::EXTENSIONS.to_vec(),
        profiles: Profile::ALL.iter().map(|profile| profile.name()).collect(),
        resources: RESOURCES.iter().map(Into::into).collect(),
    })
}

/// A resource in a format, as a stream: `visits.csv`, `clients.ndjson`, `sales.parquet`; or several as a workbook:
/// `clients,contacts,visits.xlsx`.
///
/// `Cartera-Cursor` in the answer's head is where the next export goes on (`since=`): then only what changed comes, and
/// what is not there any more has its id and `deleted`. Rows are put in place by id: one may come again unchanged.
/// `figures`, `portfolio` and `cohorts` change with the calendar: they are told as a whole each time, as of a day.
#[utoipa::path(get, path = "/v1/export/{file}", tag = "export", security(("machine" = []), ("session" = [])),
    params(
        ("file" = String, Path, description = "a resource's name, a point, and csv, ndjson, json, parquet or xlsx; for xlsx also several names with commas between: a sheet each"),
        ("columns" = Option<String>, Query, description = "names with commas between; all if it is missing"),
        ("profile" = Option<String>, Query, description = "of CSV: machine (as it is) or excel-es"),
        ("from" = Option<String>, Query, description = "first business date, YYYY-MM-DD"),
        ("to" = Option<String>, Query, description = "the business date after the last one"),
        ("territory" = Option<String>, Query, description = "ids with commas between: of the client, now"),
        ("rep" = Option<String>, Query, description = "ids of people with commas between: who wrote it"),
        ("status" = Option<String>, Query, description = "words of the resource's status column"),
        ("as_of" = Option<String>, Query, description = "of figures, portfolio, cohorts, segments and coverage: as things stood at the end of this day, YYYY-MM-DD; otherwise today"),
        ("since" = Option<String>, Query, description = "a cursor of an earlier export, or `start`"),
    ),
    responses(
        (status = OK, content_type = "text/csv", description = "the file, of the format's media type"),
        (status = NOT_MODIFIED, description = "the entity tag in If-None-Match still holds"),
        (status = GONE, body = ProblemBody, content_type = "application/problem+json",
            description = "expired: the cursor is of another log; or a client was erased since, and the chosen columns leave out client_id or deleted. Export without `since`"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn export(
    State(app): State<App>,
    reader: Reader,
    Path(file): Path<String>,
    Params(pairs): Params<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    answer(app, reader, &file, pairs, &headers).await
}

/// The file, or that it is the one that the caller has.
pub(super) async fn answer(
    app: App,
    reader: Reader,
    file: &str,
    pairs: Vec<(String, String)>,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let today = today(&app);
    let queries: Vec<Query> = Query::parse_several(file, pairs)?
        .into_iter()
        .map(|query| reader.narrow(query.as_of_unless_asked(today)))
        .collect();
    let export = app.run(move |app| Export::begin_several(&*app.storage, queries)).await?;
    let answer = Answer::new(&export.tag())?.with(CURSOR, export.cursor())?;
    if answer.is_known(headers) {
        return Ok(answer.unchanged());
    }
    let place = match export.format() {
        Format::Xlsx => Some(place_for_workbook(&app)?),
        _ => None,
    };
    let (name, format, summary) = (export.file_name(), export.format(), export.summary());
    app.run(move |app| access::note(app, reader.actor, &summary)).await?;
    let body = pieces(app, (export, place), |(export, _), app| export.next(&*app.storage));
    answer.file(&name, format.media_type(), body)
}

/// One of the places for workbooks in the making.
///
/// # Errors
/// All are taken: try again later.
pub(crate) fn place_for_workbook(app: &App) -> Result<OwnedSemaphorePermit, Problem> {
    Arc::clone(&app.workbooks).try_acquire_owned().map_err(|_| {
        let detail = format!("{WORKBOOKS} workbooks are in the making; CSV and Parquet have no such limit");
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable").detail(detail).retry_after(30)
    })
}

impl From<QueryError> for Problem {
    fn from(error: QueryError) -> Self {
        let status = match error {
            QueryError::Resource { .. } | QueryError::Format { .. } => StatusCode::NOT_FOUND,
            QueryError::Several
            | QueryError::TooMany
            | QueryError::Parameter { .. }
            | QueryError::Value { .. } => StatusCode::BAD_REQUEST,
        };
        Self::new(status, error.code()).detail(error.to_string())
    }
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::CursorGone | ExportError::Erased => {
                Self::new(StatusCode::GONE, error.code()).detail(error.to_string())
            }
            ExportError::Storage(error) => error.into(),
            ExportError::Write(_) => Self::internal(),
        }
    }
}
