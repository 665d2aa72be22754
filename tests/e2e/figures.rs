//! The same figure on both sides: phones, the relay and its export agree to the last digit on the same records.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::ops::ControlFlow;

use cartera_core::engine::ClientEdit;
use cartera_core::metrics::Report;
use cartera_core::metrics::client::ClientFigures;
use cartera_core::metrics::life_cycle::{LifeCycle, Stage, life_cycle};
use cartera_core::metrics::overview::Overview;
use cartera_core::model::office::{Sale, SaleSort, Value};
use cartera_core::model::profile::{ClientField, Key, ShutDays, ShutSpan, Value as Field};
use cartera_core::model::record::{ClientClosed, LossReason};
use cartera_core::model::{BusinessDate, ClientId, Currency};
use cartera_core::query;
use cartera_relay::clients::{erase, merge, move_to};
use cartera_relay::demo::{cdnow, files, names};
use cartera_relay::export::{Export, Query};
use cartera_relay::figures::refit::refit;
use cartera_relay::import::store::Store;
use cartera_relay::import::{Kind, Options, propose, run};
use cartera_relay::people::access::By;
use cartera_relay::people::sight::Sight;
use cartera_relay::storage::office::OfficeWrite;

use super::world::{Phone, World};

/// Of CDNOW's, whose purchases are in dollars.
const CLIENTS: u32 = 300;

fn date(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

struct Portfolio {
    world: World,
    clients: Vec<ClientId>,
    /// A phone that sees everybody, and one of a single territory.
    everybody: Phone,
    some: Phone,
    territories: Vec<cartera_core::model::TerritoryId>,
}

impl Portfolio {
    fn new() -> Self {
        let world = World::new();
        let territories: Vec<_> = names::TERRITORIES.iter().map(|(_, name)| world.territory(name)).collect();
        let mut purchases = cdnow::purchases().unwrap();
        purchases.retain(|purchase| purchase.client <= CLIENTS);
        for (kind, file) in
            [(Kind::Clients, files::clients(1, CLIENTS)), (Kind::Sales, files::sales(&purchases))]
        {
            let mut input = Cursor::new(file);
            let mapping = propose(&mut input, kind, files::SOURCE).unwrap().mapping;
            let go_on = &mut |_: cartera_relay::import::Progress| ControlFlow::Continue(());
            let mut store = Store::new(world.app());
            let report = run(&mut input, &mapping, &mut store, Options::default(), go_on).unwrap();
            assert_eq!(report.errors(), 0);
        }
        let codes: Vec<String> = (1..=CLIENTS).map(files::code).collect();
        let clients = world.app().storage.clients_by_code(files::SOURCE, &codes).unwrap();
        let clients = clients.into_iter().flatten().collect();
        let everybody = world.phone("Ana", &territories);
        let some = world.phone("Luis", &territories[..1]);
        Self { world, clients, everybody, some, territories }
    }

    /// Documents of the office in euros.
    fn put(&self, sales: &[(usize, &str, Sale)]) {
        let records: Vec<OfficeWrite> = sales
            .iter()
            .map(|(client, key, sale)| OfficeWrite {
                kind: "sale".into(),
                source: "erp".into(),
                key: (*key).into(),
                client: Some(self.clients[*client]),
                territory: None,
                value: Some(Value::from(sale.clone()).encode()),
            })
            .collect();
        self.world.app().storage.put_office(&records, 1).unwrap();
    }

    fn sync(&self) {
        for _ in 0..2 {
            for phone in [&self.everybody, &self.some] {
                assert_eq!(phone.sync().repaired, 0);
            }
        }
    }

    /// Rows by id, cells by column, as CSV has them. (serde_json reads a float's digits to within its last bit.)
    fn exported(&self, resource: &str, columns: &[&str], as_of: BusinessDate) -> BTreeMap<String, Cells> {
        let (text, names) = (as_of.to_string(), format!("id,as_of,{}", columns.join(",")));
        let asked = [("as_of", text.as_str()), ("columns", names.as_str())];
        let query = Query::parse(&format!("{resource}.csv"), asked).unwrap();
        let store = &*self.world.app().storage;
        let mut out = Vec::new();
        Export::begin(store, query).unwrap().write_to(store, &mut out).unwrap();
        let rows = String::from_utf8(out).unwrap();
        let rows = rows.lines().skip(1).map(|line| {
            let cells = names.split(',').map(str::to_owned).zip(line.split(',').map(str::to_owned));
            let cells: Cells = cells.collect();
            assert_eq!(cells["as_of"], text);
            (cells["id"].clone(), cells)
        });
        rows.collect()
    }

    /// Everything of everybody, everywhere.
    fn expect_agreement(&self, as_of: BusinessDate) -> Report {
        let relay = self.world.app().storage.report(None, as_of).unwrap();
        let phone = report(&self.everybody, as_of);
        assert_eq!(phone.clients.len(), relay.clients.len());
        for (one, other) in phone.clients.iter().zip(&relay.clients) {
            assert_eq!(one, other);
        }
        assert_eq!(phone, relay);
        for client in &relay.clients {
            let alone = of_client(&self.everybody, &client.client, as_of).unwrap();
            assert_eq!(alone, *client, "alone, on a phone");
            assert_eq!(life_of(&self.everybody, &client.client, as_of), Some(life_cycle(client, as_of)));
            let store = &self.world.app().storage;
            assert_eq!(store.client_figures(&client.client, as_of).unwrap().unwrap().1, *client);
        }
        // A rep's phone has some of them, and of those the very same figures.
        let some = report(&self.some, as_of);
        assert!(!some.clients.is_empty() && some.clients.len() < relay.clients.len());
        for client in &some.clients {
            assert!(relay.clients.contains(client), "{client:?}");
        }
        // And whoever looks after the same territories sees the very same sums at the relay.
        let sight = Sight::of_person(self.world.app(), self.some.person).unwrap().unwrap();
        let part = sight.part(self.world.app()).unwrap().unwrap();
        assert_eq!(self.world.app().storage.report(Some(&part), as_of).unwrap(), some);
        let there = self.world.app().storage.overview(Some(&part), as_of, false).unwrap().overview;
        // What is told of lines needs all of them.
        if self.has_all_lines() {
            assert_eq!(overview(&self.some, as_of), there);
        }
        self.expect_export(&phone, as_of);
        relay
    }

    fn has_all_lines(&self) -> bool {
        let of = self.some.engine.store().read::<_, cartera_core::store::StoreError>(|conn| {
            Ok(cartera_core::rows::window::sales_from(conn)?)
        });
        of.unwrap().is_none_or(|from| from < date("1997-01-01"))
    }

    fn expect_export(&self, phone: &Report, as_of: BusinessDate) {
        let columns = [
            "status",
            "net_minor",
            "class",
            "segment",
            "average_transaction",
            "alive",
            "alive_why",
            "expected_events",
            "clv_to_come",
            "clv_to_come_why",
            "volume_ratio",
            "at_stake",
            "usual_gap",
            "life_cycle",
        ];
        let rows = self.exported("figures", &columns, as_of);
        let currencies = |client: &ClientFigures| client.by_currency.len().max(1);
        assert_eq!(rows.len(), phone.clients.iter().map(currencies).sum::<usize>());
        let bits = |value: Option<f64>| value.map(f64::to_bits);
        let why = |of: Option<cartera_core::metrics::Withheld>| of.map_or("", |why| why.as_str());
        for client in &phone.clients {
            if client.by_currency.is_empty() {
                assert_eq!(rows[&client.client.to_string()]["status"], client.status.as_str());
            }
            let stage = life_cycle(client, as_of).stage;
            for of in &client.by_currency {
                let row = &rows[&format!("{}/{}", client.client, of.currency)];
                assert_eq!(row["status"], client.status.as_str());
                assert_eq!(row["life_cycle"], stage.map_or("", Stage::as_str));
                assert_eq!(row["net_minor"], of.worth.net.to_string());
                assert_eq!(row["class"], of.class.value.map_or("", |class| class.as_str()));
                let segment = of.rfm.value.ok().and_then(|scores| scores.segment());
                assert_eq!(row["segment"], segment.unwrap_or_default());
                for (name, value) in [
                    ("average_transaction", of.worth.average_transaction().value.ok()),
                    ("alive", of.alive.value.ok()),
                    ("expected_events", of.expected.value.ok()),
                    ("clv_to_come", of.clv.value.ok()),
                    ("volume_ratio", of.falling.value.ok().map(|change| change.ratio.get())),
                    ("at_stake", client.at_stake(of.currency)),
                    ("usual_gap", client.rhythm.value.ok().map(|rhythm| rhythm.median_gap.days())),
                ] {
                    assert_eq!(float(row, name), bits(value), "{name} of {}", client.client);
                }
                assert_eq!(row["alive_why"], why(of.alive.value.err()));
                assert_eq!(row["clv_to_come_why"], why(of.clv.value.err()));
            }
        }
        let totals = self.exported("portfolio", &["value", "records", "why"], as_of);
        assert_eq!(float(&totals["clients"], "value"), bits(Some(phone.clients.len() as f64)));
        for stage in Stage::ALL {
            let there = phone.clients.iter().filter(|of| life_cycle(of, as_of).stage == Some(stage)).count();
            let told = &totals[&format!("life_cycle_{}", stage.as_str())];
            assert_eq!(float(told, "value"), bits(Some(there as f64)), "{stage:?}");
        }
        for of in &phone.currencies {
            for (name, figure) in [
                ("average_transaction", of.worth.average_transaction()),
                ("clv_so_far", of.worth.clv_per_client()),
                ("clv_to_come", of.clv),
                ("hhi", of.concentration.hhi()),
                ("repeat_rate", of.repeat_rate.map(|ratio| ratio.get())),
            ] {
                let row = &totals[&format!("{}/{name}", of.currency)];
                assert_eq!(float(row, "value"), bits(figure.value.ok()), "{name}");
                assert_eq!(row["records"], figure.records.to_string(), "{name}");
                assert_eq!(row["why"], why(figure.value.err()), "{name}");
            }
        }
        let cohorts = self.exported("cohorts", &["bought"], as_of);
        let cells = phone.currencies.iter().flat_map(|of| of.cohorts.value.iter().flatten());
        assert_eq!(cohorts.len(), cells.map(|cohort| cohort.finished_months()).sum::<usize>());
    }
}

type Cells = BTreeMap<String, String>;

fn float(row: &Cells, name: &str) -> Option<u64> {
    let cell = row[name].as_str();
    (!cell.is_empty()).then(|| cell.parse::<f64>().unwrap().to_bits())
}

fn report(phone: &Phone, as_of: BusinessDate) -> Report {
    phone
        .engine
        .store()
        .read::<_, cartera_core::store::StoreError>(|conn| Ok(query::figures::portfolio(conn, as_of)?))
        .unwrap()
}

fn overview(phone: &Phone, as_of: BusinessDate) -> Overview {
    phone
        .engine
        .store()
        .read::<_, cartera_core::store::StoreError>(|conn| {
            Ok(cartera_core::portfolio::overview::read(conn, None, as_of, None, false)?.overview)
        })
        .unwrap()
}

fn of_client(phone: &Phone, client: &ClientId, as_of: BusinessDate) -> Option<ClientFigures> {
    phone
        .engine
        .store()
        .read::<_, cartera_core::store::StoreError>(|conn| {
            Ok(query::figures::of_client(conn, client, as_of)?)
        })
        .unwrap()
}

fn life_of(phone: &Phone, client: &ClientId, as_of: BusinessDate) -> Option<LifeCycle> {
    phone
        .engine
        .store()
        .read::<_, cartera_core::store::StoreError>(|conn| {
            Ok(query::figures::life_cycle(conn, client, as_of)?)
        })
        .unwrap()
}

fn euros(sort: SaleSort, on: &str, net: i64) -> Sale {
    Sale::new(sort, date(on), Currency::EUR, net)
}

#[test]
fn phones_the_relay_and_the_export_agree_to_the_last_digit() {
    let portfolio = Portfolio::new();
    let today = cartera_relay::figures::today(portfolio.world.app()).plus_days(1).unwrap();
    let then = date("1998-06-30");
    portfolio.sync();

    // Nothing is fitted yet: null, with the reason, on both sides.
    let before = portfolio.expect_agreement(then);
    assert_eq!((before.fitted, before.currencies.len()), (None, 1));

    // A second currency, with credit notes; of them one that takes a day's event away.
    let keys: Vec<String> = (0..240).map(|n| format!("E{n}")).collect();
    let sales: Vec<_> = keys
        .iter()
        .enumerate()
        .map(|(n, key)| {
            let on = date("1997-02-01").plus_days((n * 37 % 500) as i32).unwrap().to_string();
            (n % 80, key.as_str(), euros(SaleSort::Invoice, &on, 1_000 + (n * n * 7 % 9_000) as i64))
        })
        .collect();
    portfolio.put(&sales);
    let mut credit = euros(SaleSort::CreditNote, "1998-06-01", -20_000);
    credit.corrects = Some("E3".into());
    portfolio.put(&[(3, "A1", credit), (4, "A2", euros(SaleSort::CreditNote, "1998-06-02", -300))]);

    // Some are closed, one of them before it is merged; one is shut all summer.
    let [one, other, third, shut] = [10, 11, 12, 13].map(|n: usize| portfolio.clients[n]);
    for client in [one, third] {
        portfolio.everybody.engine.close_client(&client, ClientClosed::new(LossReason::Price)).unwrap();
    }
    let spans = vec![ShutSpan::new(date("1998-05-01"), date("1998-06-15"), true)];
    let summer = Field::ShutDays(ShutDays::new(vec![7], spans));
    let edit = ClientEdit::put(&Key::Client(ClientField::ShutDays), &summer);
    portfolio.everybody.engine.edit_client(&shut, vec![edit]).unwrap();
    portfolio.sync();
    merge::merge(portfolio.world.app(), By::CONSOLE, one, other).unwrap();
    refit(portfolio.world.app(), By::CONSOLE, then).unwrap().unwrap();
    portfolio.sync();
    let found = portfolio.expect_agreement(then);
    assert_eq!(found.currencies.len(), 2);
    assert_eq!(found.fitted, Some((then, 1)));
    assert!(found.clients.iter().any(|client| client.by_currency.len() == 2));
    let now = portfolio.expect_agreement(today);
    let status = |report: &Report, id: ClientId| {
        report.clients.iter().find(|client| client.client == id).map(|client| client.status.as_str())
    };
    assert_eq!(
        (status(&now, one), status(&now, other)),
        (None, Some("closed")),
        "closed where it was merged into"
    );
    assert_eq!(status(&now, third), Some("closed"));

    // The window of sales that phones keep takes nothing away from their figures.
    let gone = cartera_relay::sync::window::advance(portfolio.world.app()).unwrap();
    assert!(gone > 0);
    // Restated, undone, moved, erased.
    portfolio.put(&[
        (5, "E5", euros(SaleSort::Invoice, "1997-12-24", 77_700)),
        (6, "E7", euros(SaleSort::Invoice, "1998-01-02", 5)),
    ]);
    let app = portfolio.world.app();
    merge::unmerge(app, By::CONSOLE, one).unwrap();
    move_to(app, By::CONSOLE, portfolio.territories[1], &portfolio.clients[20..30]).unwrap();
    move_to(app, By::CONSOLE, portfolio.territories[0], &portfolio.clients[30..60]).unwrap();
    erase::erase(app, By::CONSOLE, portfolio.clients[40], erase::Reason::Request).unwrap();
    portfolio.everybody.engine.reopen_client(&third).unwrap();
    portfolio.sync();
    portfolio.expect_agreement(then);
    refit(portfolio.world.app(), By::CONSOLE, today).unwrap().unwrap();
    portfolio.sync();
    let after = portfolio.expect_agreement(then);
    assert_eq!((after.fitted, after.clients.len()), (Some((today, 2)), before.clients.len() - 1));
    portfolio.expect_agreement(today);
}
