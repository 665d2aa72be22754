//! Files over HTTP: the same use case as the command line's, for whoever may import, whatever the bytes are.

use std::ops::ControlFlow;

use axum::body::Body;
use axum::http::Request;
use cartera_core::env::{Env, SeededEnv};
use serde_json::{Value, json};

use super::*;
use crate::devices::Purpose;
use crate::devices::enrol::invite;
use crate::import::file::{self, ImportFailed};
use crate::import::limits::{CSV_BYTES_MAX, XLSX_BYTES_MAX};
use crate::people::Role;
use crate::people::access::By;
use crate::testing::{Relay, ask};
use crate::tokens::Scope;
use crate::tokens::manage::{create, log_in};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

struct Desk {
    relay: Relay,
    token: String,
}

impl Desk {
    fn new() -> Self {
        let relay = Relay::new();
        relay.person(Role::Administrator, &[]);
        let token = create(&relay.app, By::CONSOLE, "erp", &[Scope::OfficeWrite], 1).unwrap().text;
        Self { relay, token }
    }

    fn session(&self, role: Role) -> String {
        let person = self.relay.person(role, &[]);
        let code = invite(&self.relay.app, By::CONSOLE, person.id, Purpose::Session).unwrap().code;
        log_in(&self.relay.app, &code, "").unwrap().0
    }

    fn send(&self, token: &str, path: &str, media_type: &str, body: impl Into<Body>) -> (u16, Value) {
        let request = Request::post(format!("/v1/imports/{path}"))
            .header("content-type", media_type)
            .header("authorization", format!("Bearer {token}"));
        let (head, body) = ask(&self.relay.router(), request.body(body.into()).unwrap());
        (head.status().as_u16(), serde_json::from_str(&body).unwrap())
    }

    fn csv(&self, path: &str, file: &str) -> (u16, Value) {
        self.send(&self.token, path, "text/csv", file.to_owned())
    }

    fn codes(&self, codes: &[&str]) -> Vec<bool> {
        let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
        let found = self.relay.app.storage.clients_by_code("erp", &codes).unwrap();
        found.iter().map(Option::is_some).collect()
    }
}

#[test]
fn clients_articles_prices_and_sales_are_checked_applied_and_the_same_file_changes_nothing() {
    let desk = Desk::new();
    let files = [
        ("clients", "codigo;nombre\nC1;Bar Ñandú\nC2;Casa Pérez\nC3;\n", 2, 1),
        ("articles", "referencia;descripcion\nA1;Café\n", 1, 0),
        ("prices", "referencia;precio;moneda\nA1;9,50;EUR\n", 1, 0),
        (
            "sales",
            "factura;fecha;cliente;importe;moneda\nF1;2026-09-01;C1;10,00;EUR\nF2;2026-09-01;C9;1;EUR\n",
            1,
            1,
        ),
    ];
    for (kind, file, new, aside) in files {
        let (status, dry) = desk.csv(&format!("{kind}?dry_run=true"), file);
        assert_eq!(
            (status, &dry["outcome"], &dry["import"]),
            (200, &json!("dry_run"), &Value::Null),
            "{dry}"
        );
        let (status, report) = desk.csv(kind, file);
        assert_eq!((status, &report["outcome"]), (200, &json!("applied")), "{kind}: {report}");
        let counts =
            |report: &Value| (report["counts"]["new"].clone(), report["counts"]["set_aside"].clone());
        assert_eq!(counts(&report), (json!(new), json!(aside)), "{kind}: {report}");
        assert_eq!(
            (counts(&dry), &dry["findings"]),
            (counts(&report), &report["findings"]),
            "the dry run said so"
        );
        let (_, again) = desk.csv(kind, file);
        assert_eq!(again["counts"]["unchanged"], json!(new), "{kind}");
    }
    assert_eq!(desk.codes(&["C1", "C2", "C3"]), [true, true, false]);
    let (_, report) = desk.csv("clients", "codigo;nombre\nC4;\n");
    let finding = &report["findings"][0];
    assert_eq!(
        (&finding["row"], &finding["field"], &finding["code"]),
        (&json!(2), &json!("name"), &json!("required"))
    );
}

#[test]
fn all_or_nothing_stores_nothing_and_says_why() {
    let desk = Desk::new();
    let file = "codigo;nombre\nC1;Bar\nC2;\n";
    let (status, problem) = desk.csv("clients?all_or_nothing=true", file);
    assert_eq!((status, &problem["code"]), (422, &json!("invalid")));
    assert_eq!(problem["result"]["findings"][0]["row"], 3);
    assert_eq!(desk.codes(&["C1"]), [false]);
}

#[test]
fn whoever_may_import_may_and_nobody_else() {
    let desk = Desk::new();
    let file = || "codigo;nombre\nC1;Bar\n".to_owned();
    for role in Role::ALL {
        let may = cartera_core::model::access::reach(*role, cartera_core::model::access::Action::Import)
            == cartera_core::model::access::Reach::All;
        let (status, _) = desk.send(&desk.session(*role), "clients?dry_run=true", "text/csv", file());
        assert_eq!(status, if may { 200 } else { 403 }, "{role:?}");
    }
    let token = |scope| create(&desk.relay.app, By::CONSOLE, "t", &[scope], 1).unwrap().text;
    for scope in [Scope::Export, Scope::Orders, Scope::Metrics] {
        assert_eq!(desk.send(&token(scope), "clients", "text/csv", file()).0, 403, "{scope}");
    }
    let phone = desk.relay.phone(&desk.relay.person(Role::Administrator, &[]));
    assert_eq!(desk.send(&phone, "clients", "text/csv", file()).0, 403, "phones do not speak for the office");
    assert_eq!(desk.send("nobody-nobody-nobody-nobody-nobody", "clients", "text/csv", file()).0, 401);
    assert_eq!(desk.codes(&["C1"]), [false]);
}

#[test]
fn what_is_no_file_of_a_kind_is_refused_by_a_stable_code() {
    let desk = Desk::new();
    let problem = |path: &str, media_type: &str, body: Vec<u8>| {
        let (status, problem) = desk.send(&desk.token, path, media_type, body);
        let inner = problem["result"]["code"].as_str().unwrap_or_default().to_owned();
        (status, problem["code"].as_str().unwrap().to_owned(), inner)
    };
    let is = |status: u16, code: &str, inner: &str| (status, code.to_owned(), inner.to_owned());
    assert_eq!(problem("wishes", "text/csv", vec![]), is(404, "not_found", ""));
    assert_eq!(problem("clients", "text/plain", vec![]), is(415, "unsupported_media_type", ""));
    assert_eq!(problem("clients?dry=1", "text/csv", vec![]), is(400, "malformed", ""));
    assert_eq!(problem("clients", "text/csv", vec![]), is(422, "invalid_file", "import_empty"));
    assert_eq!(problem("clients", "text/csv", vec![0, 1, 2]), is(422, "invalid_file", "import_binary"));
    assert_eq!(
        problem("clients", "text/csv", b"a;b\n1;2\n".to_vec()),
        is(422, "invalid_file", "import_unmapped")
    );
    assert_eq!(
        problem("clients", XLSX, b"PK\x03\x04 not".to_vec()),
        is(422, "invalid_file", "import_workbook")
    );
    for (media_type, max) in [("text/csv", CSV_BYTES_MAX), (XLSX, XLSX_BYTES_MAX)] {
        let request = Request::post("/v1/imports/clients")
            .header("content-type", media_type)
            .header("content-length", (max + 1).to_string())
            .header("authorization", format!("Bearer {}", desk.token));
        let (head, body) = ask(&desk.relay.router(), request.body(Body::empty()).unwrap());
        assert_eq!(
            (head.status().as_u16(), body.contains("too_large")),
            (413, true),
            "before a byte is read"
        );
    }
}

#[test]
fn a_body_without_a_length_is_cut_at_the_limit() {
    let desk = Desk::new();
    let piece = axum::body::Bytes::from(vec![b'a'; 1 << 20]);
    let pieces = (0..=(XLSX_BYTES_MAX >> 20)).map(move |_| Ok::<_, std::io::Error>(piece.clone()));
    let body = Body::from_stream(futures_util::stream::iter(pieces));
    assert_eq!(desk.send(&desk.token, "clients", XLSX, body).0, 413);
    let broken =
        [Ok(axum::body::Bytes::from_static(b"codigo;nombre\nC1;B")), Err(std::io::Error::other("gone"))];
    let body = Body::from_stream(futures_util::stream::iter(broken));
    let (status, problem) = desk.send(&desk.token, "clients", "text/csv", body);
    assert_eq!((status, &problem["code"]), (400, &json!("malformed")));
    assert_eq!(desk.codes(&["C1"]), [false]);
}

#[test]
fn an_import_that_was_cut_off_goes_on_over_http() {
    let desk = Desk::new();
    let file = (0..2_600).fold("codigo;nombre\n".to_owned(), |file, n| file + &format!("C{n};Bar {n}\n"));
    let request = file::Request {
        kind: Kind::Clients,
        source: "erp".into(),
        mapping: None,
        options: Options::default(),
    };
    let mut ticks = 0;
    let cut = file::import(&desk.relay.app, By::CONSOLE, &mut Cursor::new(&file), &request, &mut |_| {
        ticks += 1;
        if ticks > 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(matches!(cut, Err(ImportFailed::Import(ImportError::Stopped))));
    assert_eq!(desk.codes(&["C0"]), [false], "invisible until complete");
    let (status, report) = desk.csv("clients", &file);
    assert_eq!((status, &report["counts"]["new"]), (200, &json!(2_600)), "{report}");
    assert!(report["resumed_at_batch"].as_u64().is_some_and(|batch| batch > 0), "{report}");
    assert_eq!(desk.codes(&["C0", "C2599"]), [true, true]);
}

#[test]
fn a_mapping_that_is_kept_reads_the_next_file() {
    let desk = Desk::new();
    let put = |path: &str, mapping: &Value| {
        let request = Request::put(format!("/v1/imports/{path}"))
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {}", desk.token));
        ask(&desk.relay.router(), request.body(Body::from(mapping.to_string())).unwrap()).0.status().as_u16()
    };
    let mut mapping = Mapping::new(Kind::Articles, "erp");
    mapping.columns = [("id", "a"), ("name", "b")].map(|(f, c)| (f.to_owned(), c.to_owned())).into();
    let mapping: Value = serde_json::from_str(&mapping.to_json().unwrap()).unwrap();
    assert_eq!(put("prices/mapping", &mapping), 422, "of another kind");
    assert_eq!(put("articles/mapping?source=crm", &mapping), 422, "of another source");
    assert_eq!(put("articles/mapping", &json!({"kind": "articles", "nonsense": 1})), 422);
    assert_eq!(desk.csv("articles", "a;b\nA1;Disco\n").0, 422);
    assert_eq!(put("articles/mapping", &mapping), 204);
    let (status, report) = desk.csv("articles", "a;b\nA1;Disco\n");
    assert_eq!((status, &report["counts"]["new"]), (200, &json!(1)));
}

/// Bytes turned, cut, doubled: an answer with a code each time, and never the relay's own failure.
#[test]
fn mutated_files_end_in_a_report_or_a_problem() {
    let desk = Desk::new();
    let random = SeededEnv::new(9, 0);
    let below = |n: usize| {
        let mut bytes = [0; 8];
        random.fill(&mut bytes);
        (u64::from_le_bytes(bytes) % n as u64) as usize
    };
    let csv =
        "codigo;nombre;nif;telefono\nC1;Bar Ñandú;B12345674;600 123 456\nC2;\"Casa; Pérez\";;\n".as_bytes();
    for turn in 0..600 {
        let mut file = csv.to_vec();
        for _ in 0..=below(4) {
            let at = below(file.len());
            match below(4) {
                0 => file[at] = below(256) as u8,
                1 => file.truncate(at.max(1)),
                2 => file.insert(at, [b'"', b';', b'\n', 0, 0xff][below(5)]),
                _ => file.extend_from_within(at..),
            }
        }
        let media_type = if turn % 3 == 0 { XLSX } else { "text/csv" };
        let (status, answer) = desk.send(&desk.token, "clients?dry_run=true", media_type, file.clone());
        assert!(matches!(status, 200 | 413 | 422), "{turn}: {status} {answer} {file:?}");
    }
    assert_eq!(desk.relay.app.metrics.panics.get(), 0);
    assert_eq!(desk.codes(&["C1"]), [false]);
}
