use cartera_core::metrics::{Figure, Withheld};
use cartera_core::model::{BusinessDate, ClientId};
use serde_json::Value;

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

#[test]
fn over_http_figures_are_for_whoever_may_see_them_all() {
    let (relay, clients) = relay();
    let path = format!("/v1/figures?as_of={AS_OF}&each=true");
    let alone = format!("/v1/clients/{}/figures?as_of={AS_OF}", clients[0]);
    let refitting = format!("/v1/figures/refit?as_of={AS_OF}");
    for (role, sees, refits) in [
        (Role::Rep, 403, 403),
        (Role::Manager, 200, 403),
        (Role::BackOffice, 200, 200),
        (Role::Administrator, 200, 200),
    ] {
        let token = relay.login(role);
        let status = |method: &str, path: &str| relay.ask_json(method, path, &token, None).0;
        assert_eq!((status("GET", &path), status("GET", &alone)), (sees, sees), "{role:?}");
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
