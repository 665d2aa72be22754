//! Pages of the console on the CDNOW portfolio, as a browser on the same machine gets them: with the way through HTTP.

use cartera_core::model::{BusinessDate, ClientId};
use cartera_relay::App;
use cartera_relay::devices::Purpose;
use cartera_relay::devices::enrol::invite;
use cartera_relay::figures::refit::refit;
use cartera_relay::http::serve::{Listen, Listener, Running, serve};
use cartera_relay::people::Role;
use cartera_relay::people::access::By;
use cartera_relay::people::manage::{NewPerson, add};
use reqwest::blocking::Client;
use reqwest::redirect::Policy;

use super::meter::{quantiles, time_ms};
use super::{Bench, Failure, Row, figures};

/// Times that each page is asked for after the first.
const TIMES: usize = 100;
/// The end of the data, as whoever looks back at it asks for it.
const OVERVIEW: &str = "/overview?as_of=1998-06-30";
/// One after the other, so that sorting, narrowing and searching are all among them.
const LISTS: [&str; 5] = [
    "/clients",
    "/clients?sort=net",
    "/clients?status=lost&sort=bought",
    "/clients?q=bar",
    "/clients?segment=champions&sort=at_stake",
];

pub(super) fn pages(bench: &mut Bench) -> Result<Vec<Row>, Failure> {
    let app = figures::imported(&bench.folder.join("relay-console"))?;
    refit(&app, By::CONSOLE, "1998-06-30".parse::<BusinessDate>()?)?;
    let site = Site::open(&app)?;
    let clients: Vec<ClientId> =
        app.storage.report(None, "1998-06-30".parse()?)?.clients.iter().map(|of| of.client).collect();
    let one = |n: usize| format!("/clients/{}", clients[n * 229 % clients.len()]);
    let lists = |n: usize| LISTS[n % LISTS.len()].to_owned();
    let overview = |_: usize| OVERVIEW.to_owned();
    Ok(vec![
        site.row("console: overview of 23,570 CDNOW clients", "<= 50 ms after the first", &overview)?,
        site.row(
            "console: list of clients, sorted, narrowed and searched",
            "<= 20 ms after the first",
            &lists,
        )?,
        site.row("console: a client's page", "<= 10 ms", &one)?,
    ])
}

struct Site {
    running: Running,
    client: Client,
    cookie: String,
}

impl Site {
    fn open(app: &App) -> Result<Self, Failure> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let running = serve(app.clone(), Listener::bind(&Listen::loopback())?)?;
        let client = Client::builder().redirect(Policy::none()).build()?;
        let new = NewPerson {
            name: "Manager".into(),
            role: Role::Manager,
            all_territories: None,
            territories: Vec::new(),
        };
        let person = add(app, By::CONSOLE, &[new])?.pop().ok_or("a person was added")?;
        let code = invite(app, By::CONSOLE, person.id, Purpose::Session)?.code;
        let answer = client
            .post(format!("{}/welcome", running.url()))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(format!("code={code}"))
            .send()?;
        let set = answer.headers().get("set-cookie").ok_or("a session was opened")?.to_str()?;
        let cookie = set.split(';').next().unwrap_or_default().to_owned();
        Ok(Self { running, client, cookie })
    }

    fn get(&self, path: &str) -> Result<(f64, usize), Failure> {
        let request = self.client.get(format!("{}{path}", self.running.url()));
        let request = request.header("cookie", &self.cookie);
        let (ms, answer) = time_ms(|| {
            let answer = request.send()?;
            Ok::<_, reqwest::Error>((answer.status(), answer.bytes()?))
        });
        let (status, bytes) = answer?;
        if status != 200 {
            return Err(format!("{path}: {status}").into());
        }
        Ok((ms, bytes.len()))
    }

    fn row(&self, what: &str, goal: &'static str, path: &dyn Fn(usize) -> String) -> Result<Row, Failure> {
        let (first, mut most) = self.get(&path(0))?;
        let mut times = Vec::new();
        for n in 0..TIMES {
            let (ms, bytes) = self.get(&path(n))?;
            times.push(ms);
            most = most.max(bytes);
        }
        let (median, p99) = quantiles(times);
        Ok(Row {
            what: what.to_owned(),
            goal,
            measured: format!(
                "p50 {median:.1} ms, p99 {p99:.1} ms; the first {first:.0} ms; {} KB at most",
                most / 1024
            ),
            yardstick: format!("over HTTP on loopback, not compressed, {TIMES} times"),
        })
    }
}
