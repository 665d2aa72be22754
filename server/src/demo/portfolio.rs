//! The customer base: CDNOW's purchases as files of an ERP, taken in by the relay's own import.

use std::io::{Cursor, Read, Write};
use std::net::TcpStream;
use std::ops::ControlFlow;

use cartera_core::model::TerritoryId;
use indicatif::{ProgressBar, ProgressStyle};

use super::names::TERRITORIES;
use super::tale::{Tale, number};
use super::{DemoError, SEED, Watch, cdnow, files};
use crate::app::App;
use crate::import::store::Store;
use crate::import::{Kind, Options, propose, run};
use crate::people::access::By;
use crate::territories;

/// Articles in the generated catalogue.
const ARTICLES: u32 = 400;

/// Makes the territories and imports clients, catalogue and sales; returns the territories.
pub(super) fn import(
    app: &App,
    customers: Option<u32>,
    watch: &Watch,
    tale: &mut Tale<'_>,
) -> Result<Vec<TerritoryId>, DemoError> {
    let mut purchases = cdnow::purchases()?;
    let today = i32::try_from(app.env.now_ms().div_euclid(86_400_000)).unwrap_or(i32::MAX);
    let moved_days = cdnow::shift(&mut purchases, today);
    let all = purchases.iter().map(|purchase| purchase.client).max().unwrap_or(0);
    let count = customers.unwrap_or(all).min(all);
    purchases.retain(|purchase| purchase.client <= count);

    tale.heading("demo-import")?;
    tale.say(
        "demo-import-what",
        &[("clients", number(count.into()).into()), ("sales", number(purchases.len() as u64).into())],
    )?;
    tale.say("demo-import-moved", &[("weeks", (moved_days / 7).into())])?;
    tale.say("demo-import-generated", &[])?;
    let mut made = Vec::new();
    for (_, name) in TERRITORIES {
        made.push(territories::add(app, By::CONSOLE, name)?.id);
    }
    let started = watch.now_ms();
    let bar = bar();
    one(app, Kind::Clients, files::clients(SEED, count), &bar, tale)?;
    one(app, Kind::Articles, files::articles(SEED, ARTICLES), &bar, tale)?;
    one(app, Kind::Sales, files::sales_of_articles(SEED, &purchases, ARTICLES), &bar, tale)?;
    bar.finish_and_clear();
    tale.say("demo-imported", &[("seconds", format!("{:.1}", (watch.now_ms() - started) / 1e3).into())])?;
    Ok(made)
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new(100);
    if let Ok(style) = ProgressStyle::with_template("   {prefix:<12} {wide_bar} {percent:>3} %") {
        bar.set_style(style);
    }
    bar
}

/// Imports one file.
fn one(app: &App, kind: Kind, file: Vec<u8>, bar: &ProgressBar, tale: &Tale<'_>) -> Result<(), DemoError> {
    let mut input = Cursor::new(file);
    let mapping = propose(&mut input, kind, files::SOURCE)?.mapping;
    bar.set_prefix(tale.words(&format!("demo-import-{}", kind.as_str()), &[]));
    let mut target = Store::new(app);
    let report = run(&mut input, &mapping, &mut target, Options::default(), &mut |progress| {
        bar.set_position(100 * progress.done / progress.total.max(1));
        ControlFlow::Continue(())
    })?;
    if report.errors() > 0 {
        return Err(DemoError::Story("the demo's own files have no errors"));
    }
    Ok(())
}

/// The first lines that the relay answers to a GET over real HTTP; what follows is not read.
pub(super) fn first_lines(url: &str, token: &str, path: &str, lines: usize) -> Result<String, DemoError> {
    let address = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(1 << 20).read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    Ok(body.lines().take(lines).map(|line| format!("   {line}\n")).collect())
}
