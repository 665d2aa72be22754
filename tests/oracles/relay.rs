//! The same figures from a relay that imported the data set: through files, days of sales and stored rows.

use std::io::Cursor;
use std::ops::ControlFlow;
use std::sync::Arc;

use cartera_core::env::SystemEnv;
use cartera_core::metrics::Report;
use cartera_core::metrics::parameters::{Fit, Plan, StatusBy};
use cartera_core::metrics::status::Thresholds;
use cartera_core::model::Currency;
use cartera_core::strings::Language;
use cartera_relay::App;
use cartera_relay::app::Folder;
use cartera_relay::demo::{cdnow, files, names};
use cartera_relay::figures::{self, refit::refit};
use cartera_relay::import::store::Store;
use cartera_relay::import::{Kind, Options, propose, run};
use cartera_relay::people::access::By;
use cartera_relay::settings::{Settings, policy};
use cartera_relay::territories;

use crate::data::{books, date};

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
    let changes = [("status_rule", "fixed"), ("retention_months", "6"), ("value_months", "0")];
    policy::change(&app, By::CONSOLE, &changes.map(|(name, value)| (name.into(), value.into()))).unwrap();
    let as_of = date("1998-06-30");
    let fit = refit(&app, By::CONSOLE, as_of).unwrap().unwrap();
    let found = figures::portfolio(&app, By::CONSOLE, as_of).unwrap();
    let report = &found.report;
    assert_eq!((found.clients(), report.currencies.len()), (23_570, 1));
    let of = &report.currencies[0];
    assert_eq!((of.currency, report.history_start), (Currency::USD, Some(date("1997-01-01"))));

    // Ids are others, so clients stand in another order; sums of floats may differ in their last digit by that alone.
    let plan = Plan {
        status: StatusBy::Fixed(Thresholds::FIXED),
        retention_months: 6,
        value_months: None,
        ..Plan::default()
    };
    let books = books("1998-06-30");
    let direct_fit = Fit::of(books.clone(), &plan, 1);
    let direct = Report::of(&books.starting(date("1997-01-01")), Some(&direct_fit), &plan);
    let expected = &direct.currencies[0];
    assert_eq!((report.status, of.classes, of.worth), (direct.status, expected.classes, expected.worth));
    assert_eq!((of.retention, of.repeat_rate), (expected.retention, expected.repeat_rate));
    assert_eq!((&of.cohorts, &of.concentration), (&expected.cohorts, &expected.concentration));
    assert_eq!(of.segments, expected.segments);
    let model = |fit: &Fit| fit.by_currency[&Currency::USD].model;
    assert_eq!(
        (model(&fit).events, model(&fit).spend),
        (model(&direct_fit).events, model(&direct_fit).spend)
    );
    assert_eq!((fit.gaps, fit.clients), (direct_fit.gaps, 23_570));
    match (of.clv.value, expected.clv.value) {
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
        "7\u{202f}846   1\u{202f}157     964     810",
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
    let spanish = figures::portfolio_text(&found, Language::Spanish);
    assert!(spanish.contains("106,08 USD") && spanish.contains("Retención de clientes"), "{spanish}");

    let json = figures::portfolio_json(&found, true);
    assert_eq!(json["status"]["active"], 3_317);
    assert_eq!(json["each"].as_array().unwrap().len(), 23_570);

    // One client alone, and among all: to the last digit.
    for client in report.clients.iter().step_by(2_357) {
        let alone = figures::client(&app, By::CONSOLE, client.client, as_of).unwrap();
        assert_eq!(alone.figures, *client);
        assert!(figures::client_text(&alone, Language::Spanish).contains(&alone.name));
    }
}
