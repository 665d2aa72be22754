//! `/v1/backups`.

use std::fs::File;
use std::io::Read;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::desk::{self, Failed, Listed, Order, Overview, Running};
use super::{BackupError, Stage};
use crate::app::App;
use crate::http::path::Id;
use crate::http::pieces::pieces;
use crate::http::problem::{Problem, ProblemBody};
use crate::people::access::By;

/// A piece of a backup that is downloaded.
const PIECE_BYTES: usize = 256 << 10;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(make))
        .routes(routes!(download))
        .routes(routes!(verify))
}

#[derive(Debug, Serialize, ToSchema)]
struct BackupsBody {
    /// Whether a folder for backups is configured: without one none are made.
    configured: bool,
    /// From one to the next, while the relay serves.
    #[serde(skip_serializing_if = "Option::is_none")]
    every_ms: Option<i64>,
    /// Age of the newest; missing if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    newest_age_ms: Option<i64>,
    /// This workspace's, the newest first; at most 1,000.
    backups: Vec<BackupBody>,
    /// What is being done just now.
    #[serde(skip_serializing_if = "Option::is_none")]
    running: Option<RunningBody>,
    /// The last job came to nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<FailedBody>,
}

#[derive(Debug, Serialize, ToSchema)]
struct BackupBody {
    name: String,
    made_ms: i64,
    age_ms: i64,
    bytes: u64,
    /// When it was last opened and looked through to its end: when it was made, or since.
    verified_ms: i64,
    /// What was wrong with it then, as a stable code.
    #[serde(skip_serializing_if = "Option::is_none")]
    damage: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct RunningBody {
    /// make or verify
    job: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// copying, encrypting or checking
    stage: &'static str,
    done: u64,
    all: u64,
}

#[derive(Debug, Serialize, ToSchema)]
struct FailedBody {
    /// make or verify
    job: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    at_ms: i64,
    /// Stable; the relay's log says more.
    code: &'static str,
}

impl BackupsBody {
    fn new(overview: Overview, now_ms: i64) -> Self {
        let backup = |listed: Listed| BackupBody {
            name: listed.name,
            made_ms: listed.made_ms,
            age_ms: now_ms - listed.made_ms,
            bytes: listed.bytes,
            verified_ms: listed.verified_ms,
            damage: listed.damage,
        };
        let running = |running: Running| RunningBody {
            job: running.job.as_str(),
            name: running.name,
            stage: running.stage.as_str(),
            done: running.done,
            all: running.all,
        };
        let failed = |failed: Failed| FailedBody {
            job: failed.job.as_str(),
            name: failed.name,
            at_ms: failed.at_ms,
            code: failed.code,
        };
        Self {
            configured: overview.schedule.is_some(),
            every_ms: overview.schedule.map(|schedule| schedule.every_ms),
            newest_age_ms: overview.backups.first().map(|newest| now_ms - newest.made_ms),
            backups: overview.backups.into_iter().map(backup).collect(),
            running: overview.running.map(running),
            failed: overview.failed.map(failed),
        }
    }
}

/// This workspace's backups in the folder that is configured, with age and when each was last looked through; what is
/// being done about them, and what failed last.
#[utoipa::path(get, path = "/v1/backups", tag = "backups", security(("session" = [])),
    responses((status = OK, body = BackupsBody), (status = "4XX", body = ProblemBody)))]
async fn list(State(app): State<App>, by: By) -> Result<axum::Json<BackupsBody>, Problem> {
    let overview = app.run(move |app| desk::overview(app, by)).await?;
    Ok(axum::Json(BackupsBody::new(overview, app.env.now_ms())))
}

/// Begins to make a backup; the list says how it goes.
#[utoipa::path(post, path = "/v1/backups", tag = "backups", security(("session" = [])),
    responses((status = ACCEPTED), (status = "4XX", body = ProblemBody,
        description = "conflict: no folder is configured, or another one is being made or looked through")))]
async fn make(State(app): State<App>, by: By) -> Result<StatusCode, Problem> {
    begin(app.run(move |app| desk::order_backup(app, by)).await?)
}

/// Begins to open a backup and look through all of it; the list says how it goes, and what was found.
#[utoipa::path(post, path = "/v1/backups/{name}/verify", tag = "backups", security(("session" = [])),
    params(("name" = String, Path)),
    responses((status = ACCEPTED), (status = "4XX", body = ProblemBody,
        description = "conflict: one is being made or looked through")))]
async fn verify(State(app): State<App>, by: By, Id(name): Id<String>) -> Result<StatusCode, Problem> {
    begin(app.run(move |app| desk::order_check(app, by, &name)).await?)
}

/// On a thread of its own: it takes longer than an answer may.
pub(crate) fn begin(order: Order) -> Result<StatusCode, Problem> {
    let thread = std::thread::Builder::new().name("backup".into()).spawn(move || order.run());
    thread.map_err(|error| Problem::internal().detail(error.to_string()))?;
    Ok(StatusCode::ACCEPTED)
}

/// A backup, to be kept elsewhere: encrypted, so that only the recovery key opens it.
#[utoipa::path(get, path = "/v1/backups/{name}", tag = "backups", security(("session" = [])),
    params(("name" = String, Path)),
    responses((status = OK, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = "4XX", body = ProblemBody)))]
async fn download(State(app): State<App>, by: By, Id(name): Id<String>) -> Result<Response, Problem> {
    let opened = app.run(move |app| -> Result<_, BackupError> {
        let found = desk::find(app, by, &name)?;
        let file = File::open(&found.path).map_err(BackupError::io("read", &found.path))?;
        let bytes = file.metadata().map_err(BackupError::io("read", &found.path))?.len();
        Ok((file, bytes, name))
    });
    let (file, bytes, name) = opened.await?;
    let attachment = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .map_err(|_| Problem::internal())?;
    let head = [
        (CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (CONTENT_LENGTH, HeaderValue::from(bytes)),
        (CONTENT_DISPOSITION, attachment),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((head, body(app, file, bytes)).into_response())
}

fn body(app: App, file: File, bytes: u64) -> Body {
    pieces(app, file.take(bytes), |file, _| {
        let mut piece = Vec::with_capacity(PIECE_BYTES);
        let read = file.by_ref().take(PIECE_BYTES as u64).read_to_end(&mut piece);
        read.map_err(|error| Problem::internal().detail(error.to_string()))?;
        Ok::<_, Problem>((!piece.is_empty()).then_some(piece))
    })
}

impl Stage {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Copying => "copying",
            Self::Sealing => "encrypting",
            Self::Verifying => "checking",
        }
    }
}

impl From<BackupError> for Problem {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::Refused(refused) => refused.into(),
            BackupError::Storage(error) => error.into(),
            BackupError::Busy => Self::new(StatusCode::CONFLICT, "conflict").detail(error.to_string()),
            error => {
                tracing::error!(code = error.code(), %error, "a backup cannot be had");
                Self::internal().detail("the folder of backups cannot be used; the log says how")
            }
        }
    }
}
