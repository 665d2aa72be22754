//! A day's traffic over real HTTP, every byte of the connection counted: nothing new, one visit, live.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

use cartera_core::engine::Engine;
use cartera_core::model::ClientId;
use cartera_core::query::{clients, timeline};
use cartera_core::store::StoreError;
use cartera_core::sync::http::HttpTransport;
use cartera_core::sync::runner::Status;

use super::child::RelayProcess;
use super::device::Bare;
use super::meter::{distribution, quantiles, took};
use super::relay::Prepared;
use super::{Bench, Failure, Row, portfolio};

const MANY: (usize, usize, usize) = (10_000, 1, 0);

/// Passes bytes on between phones and a relay, and counts them.
struct Wire {
    url: String,
    bytes: Arc<AtomicU64>,
}

impl Wire {
    fn to(relay: &RelayProcess) -> Result<Self, Failure> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let there = relay.url.trim_start_matches("http://").to_owned();
        let bytes = Arc::new(AtomicU64::new(0));
        let counter = bytes.clone();
        std::thread::spawn(move || {
            for here in listener.incoming() {
                let (Ok(here), Ok(there)) = (here, TcpStream::connect(&there)) else { return };
                let (Ok(back_here), Ok(back_there)) = (here.try_clone(), there.try_clone()) else { return };
                pass(here, there, counter.clone());
                pass(back_there, back_here, counter.clone());
            }
        });
        Ok(Self { url, bytes })
    }

    /// Bytes since the last call.
    fn count(&self) -> u64 {
        self.bytes.swap(0, Ordering::AcqRel)
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, counter: Arc<AtomicU64>) {
    let _ = to.set_nodelay(true);
    std::thread::spawn(move || {
        let mut buffer = [0; 16 << 10];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            counter.fetch_add(length as u64, Ordering::AcqRel);
            if to.write_all(&buffer[..length]).is_err() {
                return;
            }
        }
        let _ = to.shutdown(std::net::Shutdown::Both);
    });
}

pub(super) fn nothing_new(bench: &mut Bench) -> Result<Vec<Row>, Failure> {
    let (prepared, _) = Prepared::fill(bench.folder.join("relay-many"), MANY)?;
    let relay = prepared.start()?;
    let phone = prepared.phone(&relay, &bench.folder.join("many.db"))?;
    phone.sync()?;
    let wire = Wire::to(&relay)?;
    let transport = HttpTransport::new(&wire.url, None)?;
    phone.sync_over(&transport)?;
    let (mut bodies, mut all, mut trips) = (0, 0, 0);
    let ping_ms = ping(&relay)?;
    let relay_before = relay.cpu_ms();
    const RUNS: usize = 300;
    let (spent, (median, _)) = took(|| {
        distribution(RUNS, |_| {
            wire.count();
            if let Ok(report) = phone.sync_over(&transport) {
                trips = trips.max(report.requests);
                bodies = bodies.max(report.bytes_sent + report.bytes_received);
            }
            all = all.max(wire.count());
        })
    });
    Ok(vec![Row {
        what: "nothing new, 10,000 clients".into(),
        goal: "1 round trip, <= 120 bytes of bodies, <= 600 with HTTP headers",
        measured: format!(
            "{trips} round trip, {bodies} bytes of bodies, {all} with headers; {median:.2} ms; processor: phone {:.2} ms, relay {:.2} ms",
            spent.cpu_ms / RUNS as f64,
            (relay.cpu_ms() - relay_before) / RUNS as f64
        ),
        yardstick: format!("GET /health on an open connection {ping_ms:.2} ms; {:.1} x", median / ping_ms),
    }])
}

/// The shortest exchange that the relay has, on a connection that stays open.
fn ping(relay: &RelayProcess) -> Result<f64, Failure> {
    let mut line = TcpStream::connect(relay.url.trim_start_matches("http://"))?;
    line.set_nodelay(true)?;
    line.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut buffer = [0; 4 << 10];
    let mut answers = Vec::new();
    for _ in 0..300 {
        let (took, answered) = took(|| {
            line.write_all(b"GET /health HTTP/1.1\r\nhost: relay\r\n\r\n")
                .and_then(|()| line.read(&mut buffer))
        });
        answered?;
        answers.push(took.wall_ms);
    }
    Ok(quantiles(answers).0)
}

fn first_page(phone: &Engine) -> Result<Vec<ClientId>, Failure> {
    let rows = phone.store().read::<_, StoreError>(|conn| Ok(clients::list(conn, None, 50)?))?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

pub(super) fn one_visit(bench: &mut Bench) -> Result<Vec<Row>, Failure> {
    let prepared = bench.wide()?;
    let relay = prepared.start()?;
    let phone = prepared.phone(&relay, &bench.folder.join("visit.db"))?;
    phone.sync()?;
    let wire = Wire::to(&relay)?;
    let transport = HttpTransport::new(&wire.url, None)?;
    phone.sync_over(&transport)?;
    let (mut bodies, mut all, mut trips, mut change) = (Vec::new(), Vec::new(), 0, Vec::new());
    let mut spent = Vec::new();
    for (n, client) in first_page(&phone)?.iter().enumerate() {
        phone.log_visit(client, portfolio::visit(n, 1))?;
        change.push(unsent_bytes(&phone)?);
        wire.count();
        let (took, report) = took(|| phone.sync_over(&transport));
        let report = report?;
        trips = trips.max(report.requests);
        bodies.push((report.bytes_sent + report.bytes_received) as f64);
        all.push(wire.count() as f64);
        spent.push(took.wall_ms);
    }
    let ((median, most), (with_headers, _)) = (quantiles(bodies), quantiles(all));
    let ((ms, _), (change, _)) = (quantiles(spent), quantiles(change));
    Ok(vec![Row {
        what: "one visit without notes, sent".into(),
        goal: "1 round trip, <= 450 bytes of bodies",
        measured: format!(
            "{trips} round trip, {median:.0} bytes of bodies, at most {most:.0}; {with_headers:.0} with headers; {ms:.1} ms"
        ),
        yardstick: format!("the visit's change itself {change:.0} bytes; {:.1} x", median / change),
    }])
}

fn unsent_bytes(phone: &Engine) -> Result<f64, Failure> {
    let sql = "SELECT sum(length(bytes)) FROM outbox";
    Ok(phone
        .store()
        .read::<_, StoreError>(|conn| Ok(conn.query_row(sql, [], |row| row.get::<_, f64>(0))?))?)
}

/// One phone logs a visit and sends it at once; the other one syncs in the background, as apps do.
pub(super) fn live(bench: &mut Bench) -> Result<Vec<Row>, Failure> {
    const RUNS: usize = 9;
    let prepared = bench.wide()?;
    let relay = prepared.start()?;
    let (here, there) = (
        prepared.phone(&relay, &bench.folder.join("live-here.db"))?,
        prepared.phone(&relay, &bench.folder.join("live-there.db"))?,
    );
    here.sync()?;
    there.sync()?;
    let clients = first_page(&here)?;
    let (synced, news) = channel();
    let _background = there.sync_in_background(move |status| {
        if *status == Status::UpToDate {
            let _ = synced.send(());
        }
    })?;
    let ping_ms = ping(&relay)?;
    let bare = Bare::open(&bench.folder.join("bare-live.db"))?;
    let (mut times, mut commits) = (Vec::new(), Vec::new());
    for (n, client) in clients.iter().take(RUNS).enumerate() {
        // The relay tells at most once in two seconds; it has to have been quiet.
        std::thread::sleep(Duration::from_millis(2_200));
        while news.try_recv().is_ok() {}
        let seen = |engine: &Engine| {
            engine
                .store()
                .read::<_, StoreError>(|conn| Ok(timeline::of_client(conn, client, None, 500)?.len()))
        };
        here.log_visit(client, portfolio::visit(n, 1))?;
        let want = seen(&here)?;
        let (took, arrived) = took(|| -> Result<(), Failure> {
            here.sync()?;
            while seen(&there)? < want {
                news.recv_timeout(Duration::from_secs(5))?;
            }
            Ok(())
        });
        arrived?;
        times.push(took.wall_ms);
        commits.push(super::meter::time_ms(|| bare.insert()).0);
    }
    let ((median, most), (commit_ms, _)) = (quantiles(times), quantiles(commits));
    let least = 3.0 * (ping_ms + commit_ms);
    Ok(vec![Row {
        what: "one visit, from one phone's commit to another's rows, live, sent at once".into(),
        goal: "<= 5 ms on loopback",
        measured: format!("p50 {median:.1} ms, at most {most:.1} ms"),
        yardstick: format!(
            "three exchanges like GET /health and three bare durable inserts {least:.1} ms; {:.1} x",
            median / least
        ),
    }])
}
