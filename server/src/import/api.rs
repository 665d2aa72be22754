//! `POST /v1/imports/{kind}` and `PUT /v1/imports/{kind}/mapping`.
//!
//! The file is the body. It is kept in a temporary file while it arrives, never in memory, and read as the command line
//! reads one. An import that was cut off goes on where it was when the same file comes again.

use std::ops::ControlFlow;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::ReportBody;
use super::file::{self, ImportFailed};
use super::limits::{CSV_BYTES_MAX, XLSX_BYTES_MAX};
use super::{ImportError, Kind, Mapping, Options, Outcome};
use crate::app::App;
use crate::http::auth::Office;
use crate::http::body::{Json, expect_type, spool};
use crate::http::language::preferred;
use crate::http::path::Params;
use crate::http::problem::{Problem, ProblemBody};

const CSV: &str = "text/csv";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(import_file)).routes(routes!(keep_mapping))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ImportParams {
    /// The system that the file comes from: codes of different sources are different codes. `erp` if it is not said.
    source: Option<String>,
    /// Check and report, and store nothing.
    #[serde(default)]
    dry_run: bool,
    /// Store nothing if any row is wrong, and answer 422; otherwise those rows are set aside.
    #[serde(default)]
    all_or_nothing: bool,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MappingParams {
    /// `erp` if it is not said.
    source: Option<String>,
}

/// Imports a file, and reports what happened to every row. It is read as the mapping of the kind and source says, or as
/// its titles do. The same file again changes nothing; one that was cut off goes on where it was.
#[utoipa::path(post, path = "/v1/imports/{kind}", tag = "office", security(("machine" = []), ("session" = [])),
    params(("kind" = String, Path, description = "clients, articles, prices, sales, due_items, spend"), ImportParams),
    request_body(description = "CSV of at most 512 MiB, or a workbook of at most 64 MiB", content(
        (String = "text/csv"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    responses((status = OK, body = ReportBody), (status = "4XX", body = ProblemBody)))]
async fn import_file(
    State(app): State<App>,
    Office(by): Office,
    Path(kind): Path<String>,
    Params(params): Params<ImportParams>,
    request: Request,
) -> Result<impl IntoResponse, Problem> {
    by.require(cartera_core::model::access::Action::Import)?;
    let language = preferred(request.headers());
    let import = file::Request {
        kind: kind_of(&kind)?,
        source: params.source.unwrap_or_else(|| "erp".into()),
        mapping: None,
        options: Options { dry_run: params.dry_run, all_or_nothing: params.all_or_nothing },
    };
    let max = bytes_max(request.headers())?;
    // One at a time: two of the same file would stage the same batches.
    let Ok(turn) = app.imports.clone().try_acquire_owned() else {
        let running = Problem::new(StatusCode::CONFLICT, "import_running");
        return Err(running.detail("another file is being imported").retry_after(10));
    };
    let mut input = spool(request, max).await?;
    let report = app
        .run(move |app| {
            let _turn = turn;
            let report = file::import(app, by, &mut input, &import, &mut |_| match app.is_stopping() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            })?;
            Ok::<_, ImportFailed>(ReportBody::new(&report, language))
        })
        .await?;
    if report.outcome == Outcome::Refused {
        let detail = "rows are wrong, and all or nothing was asked: nothing was stored";
        let result = serde_json::to_value(&report).unwrap_or_default();
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid").detail(detail).result(result));
    }
    Ok(axum::Json(report))
}

/// Says how files of a kind and source are read from now on: the form that `import --propose` prints, as JSON.
#[utoipa::path(put, path = "/v1/imports/{kind}/mapping", tag = "office", security(("machine" = []), ("session" = [])),
    params(("kind" = String, Path, description = "clients, articles, prices, sales, due_items, spend"), MappingParams),
    request_body = Object,
    responses((status = NO_CONTENT, description = "Kept"), (status = "4XX", body = ProblemBody)))]
async fn keep_mapping(
    State(app): State<App>,
    Office(by): Office,
    Path(kind): Path<String>,
    Params(params): Params<MappingParams>,
    Json(mapping): Json<serde_json::Value>,
) -> Result<StatusCode, Problem> {
    let kind = kind_of(&kind)?;
    let source = params.source.unwrap_or_else(|| "erp".into());
    app.run(move |app| {
        let mapping = Mapping::parse(&mapping.to_string())?;
        file::keep_mapping(app, by, kind, &source, &mapping)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn kind_of(text: &str) -> Result<Kind, Problem> {
    let known = || Kind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
    text.parse().map_err(|_| Problem::not_found().detail(format!("what can be imported: {}", known())))
}

fn bytes_max(headers: &HeaderMap) -> Result<u64, Problem> {
    Ok(match expect_type(headers, &[CSV, XLSX])? {
        XLSX => XLSX_BYTES_MAX,
        _ => CSV_BYTES_MAX,
    })
}

impl From<ImportFailed> for Problem {
    fn from(failed: ImportFailed) -> Self {
        let error = match failed {
            ImportFailed::Refused(refused) => return refused.into(),
            ImportFailed::Import(error) => error,
        };
        let (code, detail) = (error.code(), error.to_string());
        let problem = match &error {
            ImportError::Target(_) | ImportError::Unreadable(_) => {
                tracing::error!(code, "an import failed");
                return Self::internal().detail("the import failed; send the same file again to go on");
            }
            ImportError::Stopped => Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable").retry_after(10),
            ImportError::TooLarge { .. } => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            _ => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_file"),
        };
        problem.detail(detail).result(serde_json::json!({ "code": code }))
    }
}
