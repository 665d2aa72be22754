//! The same figures from a relay that imported the data set: through files, days of sales and stored rows.

use std::io::Cursor;
use std::ops::ControlFlow;
use std::sync::Arc;

use cartera_core::env::SystemEnv;
use cartera_core::metrics::Report;
use cartera_core::metrics::parameters::{Plan, StatusBy};
use cartera_core::metrics::status::Thresholds;
use cartera_core::model::Currency;
use cartera_core::strings::Language;
use cartera_relay::App;
use cartera_relay::app::Folder;
use cartera_relay::demo::{cdnow, files, names};
use cartera_relay::figures::{self, Asked};
use cartera_relay::import::store::Store;
use cartera_relay::import::{Kind, Options, propose, run};
use cartera_relay::people::access::By;
use cartera_relay::settings::Settings;
use cartera_relay::territories;

use crate::data::{date, master};

fn imported(folder: &tempfile::TempDir) -> App {
    let folder = Folder::new(folder.path().join("relay"));
    let app = App::open_or_create(&folder, Arc::new(SystemEnv), Settings::default()).unwrap();
    for (_, name) in names::TERRITORIES {
        territories::add(&app, By::CONSOLE, name).unwrap();
    }
    let sales = files::sales(&cdnow::purchases().unwrap());
    for (kind, file) in [(Kind::Clients, files::clients(1, 23_570)), (Kind::Sales, sales)] {
        let mut input = Cursor::new(file);
        let mapping = propose(&mut input, kind, files::SOURCE).unwrap().mapping;
        let goes_on = &mut |_: cartera_relay::import::Progress| ControlFlow::Continue(());
        let report = run(&mut input, &mapping, &mut Store::new(&app), Options::default(), goes_on).unwrap();
        assert_eq!(report.errors(), 0);
    }
    app
}

#[test]
fn stored_rows_give_the_figures_of_the_data_set() {
    let folder = tempfile::tempdir().unwrap();
    let app = imported(&folder);
    let plan = Plan {
        status: StatusBy::Fixed(Thresholds::FIXED),
        retention_months: 6,
        value_months: None,
        ..Plan::default()
    };
    let asked = Asked { as_of: date("1998-06-30"), history_start: None, plan };
    let found = figures::portfolio(&app, By::CONSOLE, asked).unwrap();
    assert_eq!((found.clients, found.currencies.len()), (23_570, 1));
    let of = &found.currencies[0];
    assert_eq!((of.base.currency(), of.base.history_start()), (Currency::USD, date("1997-01-01")));

    // Ids are others, so clients stand in another order; sums of floats may differ in their last digit by that alone.
    let direct = Report::of(&master("1998-06-30"), &plan, &Default::default());
    let report = &of.report;
    assert_eq!((report.status, report.classes, report.worth), (direct.status, direct.classes, direct.worth));
    assert_eq!((report.retention, report.repeat_rate), (direct.retention, direct.repeat_rate));
    assert_eq!((&report.cohorts, &report.concentration), (&direct.cohorts, &direct.concentration));
    assert_eq!(report.segments, direct.segments);
    assert_eq!(report.parameters.model.events, direct.parameters.model.events);
    assert_eq!(report.parameters.model.spend, direct.parameters.model.spend);
    let (ours, theirs) = (report.clv.value, direct.clv.value);
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => assert!((ours / theirs - 1.0).abs() < 1e-12),
        (ours, theirs) => assert_eq!(ours, theirs),
    }

    let text = figures::portfolio_text(&found, Language::English);
    for expected in [
        "36.99 USD",
        "2.86767",
        "106.08 USD",
        "3\u{202f}317",
        "53.9 % (3\u{202f}463 / 6\u{202f}421)",
        "48.9 %",
        "2.61",
        "67.8 %",
        "7\u{202f}846  1\u{202f}157  964  810",
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
    let spanish = figures::portfolio_text(&found, Language::Spanish);
    assert!(spanish.contains("106,08 USD") && spanish.contains("Retención de clientes"), "{spanish}");

    let json = figures::portfolio_json(&found, true);
    let of_json = &json["currencies"][0];
    assert_eq!(of_json["status"]["active"], 3_317);
    assert_eq!(of_json["each"].as_array().unwrap().len(), 23_570);

    // One client alone, and among all: to the last digit.
    for client in report.clients.iter().step_by(2_357) {
        let alone = figures::client(&app, By::CONSOLE, client.client, asked).unwrap();
        assert_eq!(alone.by_currency[0].1, *client);
        assert!(figures::client_text(&alone, Language::Spanish).contains(&alone.name));
    }
}
