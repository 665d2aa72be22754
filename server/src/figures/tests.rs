use cartera_core::metrics::{Figure, Withheld};
use cartera_core::model::{BusinessDate, ClientId, TerritoryId};
use cartera_core::rows::relations::Part;
use cartera_core::strings::Language;
use serde_json::Value;

use super::overview::{overview, overview_text, with_figures};
use super::{client, portfolio, refit::refit};
use crate::import::Kind;
use crate::people::Role;
use crate::people::access::By;
use crate::settings::policy;
use crate::testing::Relay;
use crate::tokens::Scope;
use crate::tokens::manage::create;

const AS_OF: &str = "2026-09-21";

fn date(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

/// Three clients, of whom two bought.
fn relay() -> (Relay, Vec<ClientId>) {
    let relay = Relay::new();
    relay.import(Kind::Clients, "codigo;nombre\nC0;Bar\nC1;Café\nC2;Bodega\n");
    let codes = ["C0", "C1", "C2"].map(str::to_owned);
    let clients = relay.app.storage.clients_by_code("erp", &codes).unwrap().into_iter().flatten().collect();
    sales(
        &relay,
        "F1;C0;01/09/2026;100,00;EUR\nF2;C0;08/09/2026;50,00;EUR\nF3;C0;15/09/2026;50,00;EUR\nF4;C1;10/09/2026;9,00;EUR\n",
    );
    (relay, clients)
}

fn sales(relay: &Relay, lines: &str) {
    let report = relay.import(Kind::Sales, &format!("factura;cliente;fecha;importe;moneda\n{lines}"));
    assert_eq!(report.errors(), 0);
}

#[test]
fn before_the_first_fit_what_hangs_on_it_is_withheld_and_afterwards_it_is_dated() {
    let (relay, clients) = relay();
    let before = portfolio(&relay.app, By::CONSOLE, date(AS_OF)).unwrap();
    assert_eq!((before.report.fitted, before.report.status), (None, [1, 2, 0, 0, 0]));
    assert_eq!(before.report.currencies[0].clv, Figure::withheld(Withheld::NotComputed, 0));
    assert_eq!(before.report.currencies[0].worth.net, 20_900);

    let fit = refit(&relay.app, By::CONSOLE, date(AS_OF)).unwrap().unwrap();
    assert_eq!((fit.version, fit.history_start, fit.clients), (1, date("2026-09-01"), 3));
    let after = portfolio(&relay.app, By::CONSOLE, date(AS_OF)).unwrap();
    assert_eq!(after.report.fitted, Some((date(AS_OF), 1)));
    let one = client(&relay.app, By::CONSOLE, clients[0], date(AS_OF)).unwrap();
    assert_eq!(one.name, "Bar");
    assert_eq!(one.figures.by_currency[0].class.value.unwrap().as_str(), "A");
    assert!(after.report.clients.contains(&one.figures));

    // What is asked for alone fits nothing anew: a later sale leaves the cuts as they are.
    sales(&relay, "F5;C2;20/09/2026;99.999,00;EUR\n");
    let again = client(&relay.app, By::CONSOLE, clients[0], date(AS_OF)).unwrap();
    assert_eq!(again.figures.by_currency, one.figures.by_currency);
    assert_eq!(refit(&relay.app, By::CONSOLE, date(AS_OF)).unwrap().unwrap().version, 2);
    let refitted = client(&relay.app, By::CONSOLE, clients[0], date(AS_OF)).unwrap();
    assert_ne!(refitted.figures.by_currency[0].class, one.figures.by_currency[0].class);
}

#[test]
fn where_a_client_stands_in_its_life_is_told_in_words() {
    use cartera_core::strings::Language::{English, Spanish};
    let (relay, clients) = relay();
    let text = |client: usize, as_of: &str, language| {
        let found = super::client(&relay.app, By::CONSOLE, clients[client], date(as_of)).unwrap();
        super::client_text(&found, language)
    };
    for (client, as_of, language, expected) in [
        (0, AS_OF, Spanish, &["Desarrollo", "Seguir comprando hasta el 2027-09-01"][..]),
        (1, AS_OF, English, &["Acquisition", "A second purchase"]),
        (2, AS_OF, English, &["Acquisition", "A first purchase"]),
        (0, "2026-10-03", Spanish, &["Retención", "ha perdido su ritmo"]),
        (0, "2027-06-01", Spanish, &["Se ha ido", "Una compra lo recupera"]),
    ] {
        let told = text(client, as_of, language);
        assert!(expected.iter().all(|words| told.contains(words)), "{told}");
    }
    let all = super::portfolio_text(&portfolio(&relay.app, By::CONSOLE, date(AS_OF)).unwrap(), Spanish);
    assert!(all.contains("Ciclo de vida\n  Captación                         2\n"), "{all}");
}

#[test]
fn it_is_fitted_by_itself_once_somebody_bought_and_not_again_for_nothing() {
    let (relay, _) = relay();
    let due = || super::refit::if_due(&relay.app).unwrap();
    assert_eq!((due(), due()), (Some(1), None));
    sales(&relay, "F5;C2;20/09/2026;10,00;EUR\n");
    assert_eq!(due(), None, "the least interval has not passed");
    policy::change(&relay.app, By::CONSOLE, &[("refit_hours".into(), "1".into())]).unwrap();
    relay.env.advance(60 * 60 * 1000);
    assert_eq!((due(), due()), (Some(2), None));
    // Another window is another fit.
    policy::change(&relay.app, By::CONSOLE, &[("value_months".into(), "6".into())]).unwrap();
    assert_eq!((due(), due()), (Some(3), None));
    assert!(Relay::new().app.storage.since_fit().unwrap().last.is_none());
    assert_eq!(super::refit::if_due(&Relay::new().app).unwrap(), None, "nobody ever bought");
}

#[test]
fn of_two_who_fit_at_once_one_writes() {
    let (relay, _) = relay();
    let store = &relay.app.storage;
    let fit = |version| {
        let to_fit = store.to_fit(date(AS_OF)).unwrap();
        cartera_core::metrics::parameters::Fit::of(to_fit.books, &to_fit.plan, version)
    };
    assert!(store.save_fit(&fit(1), 1, None).unwrap());
    assert!(!store.save_fit(&fit(1), 1, None).unwrap(), "somebody else was faster");
    assert!(!store.save_fit(&fit(3), 1, None).unwrap());
    assert!(store.save_fit(&fit(2), 1, None).unwrap());
    assert_eq!(store.since_fit().unwrap().last.unwrap().0, fit(2));
}

#[test]
fn a_currency_that_is_no_more_leaves_no_parameters() {
    let (relay, _) = relay();
    let dollars = "factura;cliente;fecha;importe;moneda\nU1;C1;10/09/2026;7,00;USD\n";
    assert_eq!(relay.import(Kind::Sales, dollars).errors(), 0);
    let currencies = || -> Vec<String> {
        let fit = refit(&relay.app, By::CONSOLE, date(AS_OF)).unwrap().unwrap();
        fit.by_currency.keys().map(ToString::to_string).collect()
    };
    assert_eq!(currencies(), ["EUR", "USD"]);
    let gone = crate::storage::office::OfficeWrite {
        kind: "sale".into(),
        source: "erp".into(),
        key: "U1".into(),
        ..Default::default()
    };
    relay.app.storage.put_office(&[gone], 1).unwrap();
    assert_eq!(currencies(), ["EUR"]);
    let stored = relay.app.storage.since_fit().unwrap().last.unwrap().0;
    assert_eq!(stored.by_currency.len(), 1);
}

/// Norte has the first client, Sur the second; nobody looks after the third.
fn territories(relay: &Relay, clients: &[ClientId]) -> [TerritoryId; 2] {
    ["Norte", "Sur"].map(|name| {
        let id = crate::territories::add(&relay.app, By::CONSOLE, name).unwrap().id;
        let client = clients[usize::from(name == "Sur")];
        crate::clients::move_to(&relay.app, By::CONSOLE, id, &[client]).unwrap();
        id
    })
}

#[test]
fn everybody_sees_the_figures_of_those_whom_the_table_of_access_gives() {
    let (relay, clients) = relay();
    let [north, south] = territories(&relay, &clients);
    refit(&relay.app, By::CONSOLE, date(AS_OF)).unwrap().unwrap();
    let of_all = [0, 1, 2].as_slice();
    for (role, of, sees) in [
        (Role::Rep, &[north][..], &[0][..]),
        (Role::Rep, &[], &[]),
        (Role::Manager, &[south], &[1]),
        (Role::Manager, &[north, south], &[0, 1]),
        (Role::Manager, &[], of_all),
        // Wherever they sit, the office and the administrator see all.
        (Role::BackOffice, &[north], of_all),
        (Role::Administrator, &[south], of_all),
    ] {
        let token = relay.login_of(role, of);
        let ask = |path: &str| relay.ask_json("GET", path, &token, None);
        let (status, told) = ask(&format!("/v1/figures?as_of={AS_OF}&each=true"));
        assert_eq!(status, 200, "{role:?}");
        let named = |of: &[usize]| -> std::collections::BTreeSet<String> {
            of.iter().map(|client| clients[*client].to_string()).collect()
        };
        let each = told["each"].as_array().unwrap();
        let found = each.iter().map(|of| of["client"].as_str().unwrap().to_owned()).collect();
        assert_eq!(named(sees), found, "{role:?}");
        assert_eq!(told["clients"], sees.len(), "{role:?}");
        let net: i64 = sees.iter().map(|client| [20_000, 900, 0][*client]).sum();
        let worth = told["currencies"].get(0).map_or(0, |of| of["net"].as_i64().unwrap_or(-1));
        assert_eq!(worth, net, "{role:?}: {told}");
        for (n, client) in clients.iter().enumerate() {
            let expected = if sees.contains(&n) { 200 } else { 404 };
            assert_eq!(
                ask(&format!("/v1/clients/{client}/figures?as_of={AS_OF}")).0,
                expected,
                "{role:?} {n}"
            );
        }
        let (status, overview) = ask(&format!("/v1/overview?as_of={AS_OF}"));
        let month = &overview["movement"]["currencies"][0]["by_family"]["month_to_date"][0]["now"]["value"];
        assert_eq!((status, month.as_i64().unwrap_or(0)), (200, net), "{role:?}: {overview}");
        // Exports are of the same clients, for those who may export.
        let export = |path: &str| {
            let (status, told) = ask(&format!("{path}?as_of={AS_OF}"));
            assert_eq!(status, if role == Role::Rep { 403 } else { 200 }, "{role:?} {path}");
            told["rows"].as_array().cloned().unwrap_or_default()
        };
        let exported: std::collections::BTreeSet<String> = export("/v1/export/figures.json")
            .iter()
            .map(|row| row["client_id"].as_str().unwrap().to_owned())
            .collect();
        let of_all_together = export("/v1/export/portfolio.json");
        let told_of = |figure: &str| of_all_together.iter().find(|row| row["figure"] == figure);
        let cohorts = export("/v1/export/cohorts.json");
        if role == Role::Rep {
            continue;
        }
        assert_eq!(exported, named(sees), "{role:?}");
        assert_eq!(told_of("clients").unwrap()["value"], sees.len(), "{role:?}");
        assert_eq!(told_of("net").map_or(0, |row| row["value"].as_i64().unwrap()), net, "{role:?}");
        assert!(
            cohorts.iter().all(|row| row["clients"].as_u64().unwrap() <= sees.len() as u64),
            "{cohorts:?}"
        );
        let (status, set) = ask("/v1/odata/figures");
        let of_set = set["value"].as_array().unwrap().len();
        assert_eq!((status, of_set), (200, exported.len()), "{role:?}");
        let (_, count) = ask("/v1/odata/clients/$count");
        assert_eq!(count, sees.len(), "{role:?}");
    }
}

#[test]
fn margins_are_told_to_whoever_may_see_costs_and_of_whom_they_see() {
    let (relay, clients) = relay();
    let [north, south] = territories(&relay, &clients);
    refit(&relay.app, By::CONSOLE, date(AS_OF)).unwrap().unwrap();
    let margin = |key: &str, client: &str, on: &str, minor: &str| {
        let value = serde_json::json!({ "margin": minor, "currency": "EUR", "date": on });
        serde_json::json!({ "key": key, "client_code": client, "value": value })
    };
    let items = [
        margin("F1", "C0", "2026-09-01", "30"),
        margin("F2", "C0", "2026-09-08", "10"),
        margin("F4", "C1", "2026-09-10", "2"),
        margin("F9", "C0", "2026-09-22", "99"), // after that day
    ];
    let office = relay.login(Role::BackOffice);
    let (status, body) =
        relay.ask_json("PUT", "/v1/office/margin", &office, Some(serde_json::json!({ "items": items })));
    assert_eq!((status, &body["refused"]), (200, &Value::from(0)), "{body}");
    for (role, of, total, share, clients) in [
        (Role::BackOffice, &[][..], 4_200, 42.0 / 159.0, 2),
        (Role::Manager, &[north], 4_000, 40.0 / 150.0, 1),
        (Role::Manager, &[south], 200, 2.0 / 9.0, 1),
    ] {
        let token = relay.login_of(role, of);
        let (_, told) = relay.ask_json("GET", &format!("/v1/overview?as_of={AS_OF}"), &token, None);
        let margin = &told["margin"][0];
        assert_eq!(margin["total"]["value"], total, "{role:?}: {told}");
        assert_eq!(margin["share"]["value"], share, "{role:?}");
        assert_eq!(margin["clv_so_far"]["value"], f64::from(total) / f64::from(clients), "{role:?}");
    }
    let rep = relay.login_of(Role::Rep, &[north]);
    let (_, told) = relay.ask_json("GET", &format!("/v1/overview?as_of={AS_OF}"), &rep, None);
    assert_eq!(told["margin"][0]["total"]["value"], Value::Null);
    assert_eq!(told["margin"][0]["total"]["records"], 0);
    let seen = overview(&relay.app, By::CONSOLE, date(AS_OF)).unwrap();
    let told = overview_text(&seen, Language::Spanish);
    assert!(told.contains("Margen") && told.contains("42,00"), "{told}");
}

#[test]
fn figures_and_overview_of_one_reading_are_those_of_two() {
    let (relay, clients) = relay();
    refit(&relay.app, By::CONSOLE, date(AS_OF)).unwrap();
    let (figures, seen) = with_figures(&relay.app, By::CONSOLE, date(AS_OF)).unwrap();
    let alone = portfolio(&relay.app, By::CONSOLE, date(AS_OF)).unwrap();
    assert_eq!(figures.report, alone.report);
    assert_eq!(super::portfolio_json(&figures, true), super::portfolio_json(&alone, true));
    assert_eq!(seen, overview(&relay.app, By::CONSOLE, date(AS_OF)).unwrap());
    let part = Part { clients: [clients[0], clients[2]].into(), ..Part::default() };
    let storage = &relay.app.storage;
    let of_part = storage.report(Some(&part), date(AS_OF)).unwrap();
    assert_ne!(of_part, alone.report);
    assert_eq!(storage.overview(Some(&part), date(AS_OF), true).unwrap().report, of_part);
}

#[test]
fn over_http_figures_are_of_whoever_the_table_says() {
    let (relay, clients) = relay();
    let path = format!("/v1/figures?as_of={AS_OF}&each=true");
    let alone = format!("/v1/clients/{}/figures?as_of={AS_OF}", clients[0]);
    let refitting = format!("/v1/figures/refit?as_of={AS_OF}");
    for (role, refits) in [(Role::Manager, 403), (Role::BackOffice, 200), (Role::Administrator, 200)] {
        let token = relay.login(role);
        let status = |method: &str, path: &str| relay.ask_json(method, path, &token, None).0;
        assert_eq!((status("GET", &path), status("GET", &alone)), (200, 200), "{role:?}");
        assert_eq!(status("POST", &refitting), refits, "{role:?}");
    }
    let program = create(&relay.app, By::CONSOLE, "bi", &[Scope::Export], 30).unwrap().text;
    let (status, found) = relay.ask_json("GET", &path, &program, None);
    assert_eq!(status, 200);
    let direct = portfolio(&relay.app, By::CONSOLE, date(AS_OF)).unwrap();
    // Through text too, since reading a float from text may not give its very bits.
    let expected = super::portfolio_json(&direct, true).to_string();
    assert_eq!(found, serde_json::from_str::<Value>(&expected).unwrap(), "as on the command line");
    assert_eq!(found["each"].as_array().map(Vec::len), Some(3));
    let (_, one) = relay.ask_json("GET", &alone, &program, None);
    assert_eq!((&one["name"], &one["status"]), (&Value::from("Bar"), &Value::from("active")));
    // Three purchases in September, of which none was a year ago.
    let step = serde_json::json!({ "step": "until", "until": "2027-09-01" });
    let life = serde_json::json!({ "stage": "development", "steps": [step], "purchases": 3 });
    assert_eq!(one["life_cycle"], life);
    let stages = serde_json::json!({ "acquisition": 2, "development": 1, "retention": 0, "loyalty": 0 });
    assert_eq!(found["life_cycle"], stages);
    assert_eq!(relay.ask_json("POST", &refitting, &program, None).0, 403);
    let orders = create(&relay.app, By::CONSOLE, "erp", &[Scope::Orders], 30).unwrap().text;
    assert_eq!(relay.ask_json("GET", &path, &orders, None).0, 403);
    for wrong in ["/v1/figures?as_of=tomorrow", "/v1/figures?asof=2026-01-01"] {
        assert_eq!(relay.ask_json("GET", wrong, &program, None).0, 400, "{wrong}");
    }
    let nobody = format!("/v1/clients/{}/figures", ClientId::from_bytes([9; 16]));
    assert_eq!(relay.ask_json("GET", &nobody, &program, None).0, 404);
}

#[test]
fn the_report_is_a_workbook_in_the_reader_s_language() {
    use calamine::{Data, Reader, Xlsx};
    let (relay, _) = relay();
    let token = relay.login(Role::Manager);
    let ask = |path: &str, language: &str| {
        let request = axum::http::Request::get(path)
            .header("authorization", format!("Bearer {token}"))
            .header("accept-language", language);
        crate::testing::ask_bytes(&relay.router(), request.body(axum::body::Body::empty()).unwrap())
    };
    let path = format!("/v1/figures/workbook?as_of={AS_OF}");
    for (language, worth) in [("es-ES", "Valor"), ("en", "Worth")] {
        let (head, bytes) = ask(&path, language);
        let kind = head.headers()["content-type"].to_str().unwrap();
        assert_eq!((head.status().as_u16(), kind), (200, crate::export::XLSX));
        let mut book = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
        assert_eq!(book.sheet_names()[0], format!("{worth} EUR"));
        let range = book.worksheet_range_at(0).unwrap().unwrap();
        assert!(range.rows().any(|row| row[1] == Data::Float(209.0)), "{range:?}");
    }
    let held: Vec<_> = std::iter::from_fn(|| crate::export::place_for_workbook(&relay.app).ok()).collect();
    assert_eq!((held.len(), ask(&path, "es").0.status().as_u16()), (crate::http::limits::WORKBOOKS, 503));
}
