//! The memory that a relay takes to export a million visits, format by format: `bench --only export-memory`.

use std::io;

use cartera_relay::export::Format;
use cartera_relay::people::access::By;
use cartera_relay::tokens::Scope;
use cartera_relay::tokens::manage::create;

use super::child::RelayProcess;
use super::meter::took;
use super::relay::{Prepared, open};
use super::{Bench, Failure, Row};

/// Clients, visits and purchases of each: a million visits.
const MILLION: (usize, usize, usize) = (5_000, 200, 0);

/// Each format by a relay of its own, over HTTP, thrown away as it comes.
pub(super) fn million(bench: &mut Bench) -> Result<Vec<Row>, Failure> {
    let (prepared, writer) = Prepared::fill(bench.folder.join("relay-million"), MILLION)?;
    drop(writer);
    let token =
        create(&open(&prepared.folder, "http://127.0.0.1")?, By::CONSOLE, "bench", &[Scope::Export], 1)
            .map_err(|refused| format!("{refused:?}"))?
            .text;
    // The client asks for one, though it speaks plain HTTP here; another may have been there first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let formats = Format::EXTENSIONS.map(|extension| format!("/v1/export/visits.{extension}"));
    let mut rows = Vec::new();
    for path in formats.into_iter().chain(["/v1/odata/visits".to_owned()]) {
        let relay = prepared.start()?;
        let http = reqwest::blocking::Client::builder().timeout(None).build()?;
        let get = |url: &str| http.get(url).bearer_auth(&token).send()?.error_for_status();
        io::copy(&mut get(&format!("{}/v1/export/people.csv", relay.url))?, &mut io::sink())?;
        let idle_mb = relay.peak_mb();
        let (took, bytes) = took(|| read(&relay, &path, &get));
        rows.push(Row {
            what: format!("relay memory while {} visits are read as {path}", MILLION.0 * MILLION.1),
            goal: "<= 64 MB over idle",
            measured: format!(
                "{:.1} MB over idle; {:.0} MB in {:.1} s",
                relay.peak_mb() - idle_mb,
                bytes? as f64 / 1e6,
                took.wall_ms / 1e3
            ),
            yardstick: format!("the relay after an export of its people {idle_mb:.1} MB"),
        });
    }
    Ok(rows)
}

/// A file, or all pages of a set.
fn read(
    relay: &RelayProcess,
    path: &str,
    get: &dyn Fn(&str) -> reqwest::Result<reqwest::blocking::Response>,
) -> Result<u64, Failure> {
    if !path.contains("odata") {
        return Ok(io::copy(&mut get(&format!("{}{path}", relay.url))?, &mut io::sink())?);
    }
    let (mut url, mut bytes) = (Some(format!("{}{path}", relay.url)), 0);
    while let Some(page) = url.take() {
        let text = get(&page)?.text()?;
        bytes += text.len() as u64;
        let next = text.rsplit_once("\"@odata.nextLink\":\"").map(|(_, rest)| rest);
        url = next.and_then(|rest| rest.split_once('"')).map(|(link, _)| link.to_owned());
    }
    Ok(bytes)
}
