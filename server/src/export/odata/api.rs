//! `/v1/odata`.

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HOST, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::options::Options;
use super::page::{self, Given};
use super::{ODataError, metadata, parse};
use crate::app::App;
use crate::export::access::{self, Reader};
use crate::export::filter::{Filter, How, Literal};
use crate::export::format::Numbers;
use crate::export::resources::Resource;
use crate::http::auth::MACHINE;
use crate::http::path::Params;
use crate::http::problem::{Problem, Shape};

const VERSION: HeaderName = HeaderName::from_static("odata-version");
const PREFER: HeaderName = HeaderName::from_static("prefer");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");
const PAGE_SIZE: &str = "odata.maxpagesize=";
const JSON: &str = "application/json;odata.metadata=minimal;odata.streaming=true;charset=utf-8";
const JSON_STRINGS: &str =
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=true;charset=utf-8";

type Pairs = Params<Vec<(String, String)>>;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(service))
        // Clients put a slash behind a service's address.
        .route("/v1/odata/", get(service))
        .routes(routes!(description))
        .routes(routes!(set))
        .routes(routes!(count))
        .layer(middleware::from_fn(speak))
}

/// What is particular to these routes: Basic authentication with a program's token as the password, OData's shape for
/// errors, and its version on every answer.
async fn speak(mut request: Request, next: Next) -> Response {
    if let Some(token) = password(request.headers())
        && let Ok(bearer) = HeaderValue::from_str(&format!("Bearer {token}"))
    {
        request.headers_mut().insert(AUTHORIZATION, bearer);
    }
    let mut response = next.run(request).await;
    if response.status() == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static("Basic realm=\"Cartera\", charset=\"UTF-8\"");
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response.headers_mut().insert(VERSION, HeaderValue::from_static("4.0"));
    response.extensions_mut().insert(Shape::OData);
    response
}

/// The password of Basic authentication, where it is a program's token: never a person's login or a phone's, which a
/// browser must not keep.
fn password(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    let pair = scheme.eq_ignore_ascii_case("basic").then(|| STANDARD.decode(encoded.trim()).ok())??;
    let pair = String::from_utf8(pair).ok()?;
    let (_, password) = pair.split_once(':')?;
    password.starts_with(MACHINE).then(|| password.to_owned())
}

/// OData's service document: the sets that there are.
#[utoipa::path(get, path = "/v1/odata", tag = "odata", security(("machine" = []), ("session" = [])),
    responses((status = OK, content_type = "application/json"), (status = "4XX", description = "OData's error object")))]
async fn service(State(app): State<App>, _: Reader, headers: HeaderMap) -> Response {
    let body = metadata::service(&root(&app, &headers));
    answer(JSON, body.to_string().into())
}

/// CSDL of all sets.
#[utoipa::path(get, path = "/v1/odata/$metadata", tag = "odata", operation_id = "metadata", security(("machine" = []), ("session" = [])),
    responses((status = OK, content_type = "application/xml"), (status = "4XX", description = "OData's error object")))]
async fn description(_: Reader) -> Response {
    answer("application/xml;charset=utf-8", metadata::csdl().into())
}

/// A page of a set, or one entity by its key: `visits`, `visits('01J...')`.
#[utoipa::path(get, path = "/v1/odata/{set}", tag = "odata", security(("machine" = []), ("session" = [])),
    params(
        ("set" = String, Path, description = "a resource's name, or that and a key in parentheses and quotes"),
        ("$select" = Option<String>, Query, description = "columns with commas between"),
        ("$filter" = Option<String>, Query, description = "eq ne gt ge lt le, and or not, contains startswith endswith, null"),
        ("$orderby" = Option<String>, Query, description = "id, number, received_at or the set's date; asc or desc"),
        ("$top" = Option<u32>, Query, description = "never more than these"),
        ("$skip" = Option<u32>, Query, description = "pass over these, up to 10,000"),
        ("$count" = Option<bool>, Query, description = "say how many there are"),
        ("$skiptoken" = Option<String>, Query, description = "of a next link"),
    ),
    responses((status = OK, content_type = "application/json"), (status = "4XX", description = "OData's error object")))]
async fn set(
    State(app): State<App>,
    reader: Reader,
    Path(name): Path<String>,
    Params(pairs): Pairs,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (set, key) = match name.split_once('(') {
        None => (name.as_str(), None),
        Some((set, rest)) => {
            let key = rest.strip_suffix(')').and_then(parse::key);
            (set, Some(key.ok_or_else(|| ODataError::NotFound("a key is a text in single quotes".into()))?))
        }
    };
    let resource = find(set)?;
    let mut options = Options::parse(resource, &pairs)?;
    options.query = reader.narrow(options.query);
    if options.token.is_none() {
        // Not of each page.
        let what = format!("odata {}", resource.name);
        app.run(move |app| access::note(app, reader.actor, &what)).await?;
    }
    let (root, strings) = (root(&app, &headers), wants_strings(&headers));
    let numbers = if strings { Numbers::Strings } else { Numbers::Plain };
    let media_type = if strings { JSON_STRINGS } else { JSON };
    let selected = if options.select.is_empty() { String::new() } else { format!("({})", options.select) };
    if let Some(key) = key {
        let given = entity(&app, options, key, numbers).await?;
        let context = format!("{root}/$metadata#{set}{selected}/$entity");
        let rest = given.entities.strip_prefix(b"{").unwrap_or_default();
        let comma = if rest == b"}" { "" } else { "," };
        let head = format!("{{\"@odata.context\":{}{comma}", quoted(&context));
        return Ok(answer(media_type, [head.as_bytes(), rest].concat().into()));
    }
    let page_rows = page_rows(&headers);
    let asked = app.run(move |app| {
        let given = page::read(&*app.storage, &options, numbers, page_rows)?;
        options.top = options.top.map(|top| top.saturating_sub(given.count));
        Ok::<_, ODataError>((given, options))
    });
    let (given, options) = asked.await?;
    let mut body = format!("{{\"@odata.context\":{}", quoted(&format!("{root}/$metadata#{set}{selected}")));
    if let Some(total) = given.total {
        body.push_str(&format!(",\"@odata.count\":{total}"));
    }
    body.push_str(",\"value\":[");
    let mut body = body.into_bytes();
    body.extend_from_slice(&given.entities);
    body.push(b']');
    if let Some(next) = &given.next {
        let link = next_link(&format!("{root}/{set}"), &options, &next.text());
        body.extend_from_slice(format!(",\"@odata.nextLink\":{}", quoted(&link)).as_bytes());
    }
    body.push(b'}');
    let mut response = answer(media_type, body.into());
    if let Some(applied) =
        page_rows.and_then(|rows| HeaderValue::from_str(&format!("{PAGE_SIZE}{rows}")).ok())
    {
        response.headers_mut().insert(PREFERENCE_APPLIED, applied);
    }
    Ok(response)
}

/// The entity with that key.
async fn entity(app: &App, mut options: Options, key: String, numbers: Numbers) -> Result<Given, Problem> {
    options.query.filter = Some(Filter::Compare { column: 0, how: How::Eq, with: Literal::Text(key) });
    (options.top, options.skip, options.count) = (Some(1), 0, false);
    let given = app.run(move |app| page::read(&*app.storage, &options, numbers, None)).await?;
    if given.count == 0 {
        return Err(ODataError::NotFound("there is no entity with that key".into()).into());
    }
    Ok(given)
}

/// How many entities of the set the filter lets through.
#[utoipa::path(get, path = "/v1/odata/{set}/$count", tag = "odata", security(("machine" = []), ("session" = [])),
    params(("set" = String, Path, description = "a resource's name"),
        ("$filter" = Option<String>, Query, description = "as for the set")),
    responses((status = OK, content_type = "text/plain"), (status = "4XX", description = "OData's error object")))]
async fn count(
    State(app): State<App>,
    reader: Reader,
    Path(set): Path<String>,
    Params(pairs): Pairs,
) -> Result<Response, Problem> {
    let resource = find(&set)?;
    let query = reader.narrow(Options::parse(resource, &pairs)?.query);
    let total = app.run(move |app| page::total(&*app.storage, &query)).await?;
    Ok(answer("text/plain;charset=utf-8", total.to_string().into()))
}

fn find(name: &str) -> Result<&'static Resource, ODataError> {
    Resource::find(name).ok_or_else(|| {
        let name: String = name.chars().take(40).collect();
        ODataError::NotFound(format!("there is no set '{name}'; /v1/odata lists those that there are"))
    })
}

fn answer(media_type: &'static str, body: Body) -> Response {
    let head = [(CONTENT_TYPE, media_type), (CACHE_CONTROL, "private, no-cache")];
    (head, body).into_response()
}

/// The service's own address, as the caller knows it.
fn root(app: &App, headers: &HeaderMap) -> String {
    let public = &app.settings.public_url;
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).filter(|host| is_host(host));
    match (host, public.split_once("://")) {
        (Some(host), Some((scheme, _))) => format!("{scheme}://{host}/v1/odata"),
        _ => format!("{public}/v1/odata"),
    }
}

fn is_host(host: &str) -> bool {
    !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte))
}

fn wants_strings(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    accept.to_ascii_lowercase().contains("ieee754compatible=true")
}

/// How long a page the client wants.
fn page_rows(headers: &HeaderMap) -> Option<u64> {
    let preferences = headers.get_all(PREFER).iter().filter_map(|value| value.to_str().ok());
    let mut preferences = preferences.flat_map(|list| list.split([',', ';'])).map(str::trim);
    let rows: u64 = preferences.find_map(|one| one.strip_prefix(PAGE_SIZE)?.parse().ok())?;
    Some(rows.clamp(1, super::PAGE_ROWS))
}

fn next_link(set: &str, options: &Options, token: &str) -> String {
    let top = options.top.map(|top| ("$top".to_owned(), top.to_string()));
    let token = [("$skiptoken".to_owned(), token.to_owned())];
    let pairs = options.repeated.iter().cloned().chain(top).chain(token);
    let pairs: Vec<String> =
        pairs.map(|(name, value)| format!("{}={}", escaped(&name), escaped(&value))).collect();
    format!("{set}?{}", pairs.join("&"))
}

/// For a query: everything but what stands for itself there (RFC 3986) as percent and two digits.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~$".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
