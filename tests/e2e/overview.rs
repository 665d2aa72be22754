//! Movement, risk, reach and voice of a small portfolio that was worked by hand: what phones wrote and the office sent
//! comes out of the relay as the figures that a person with a pencil gets.

use std::collections::BTreeMap;

use cartera_core::engine::{ClientEdit, NewClient};
use cartera_core::metrics::abc::Class;
use cartera_core::metrics::movement::Period;
use cartera_core::metrics::spread::{Dimension, Part};
use cartera_core::metrics::{Figure, Ratio, Withheld, work};
use cartera_core::model::office::{
    Absence as OfficeAbsence, Census, Credit, DueItem, Measure, Objective, Sale, SaleLine, SaleSort, Spend,
    Value, VisitPlan,
};
use cartera_core::model::place::Address;
use cartera_core::model::profile::{self, ClientField};
use cartera_core::model::record::{
    Absence, Agreement, Answer, Asked, Channel, ClientClosed, Contact, DataConfirmed, Direction, LossReason,
    Mode, ModeChoice, NoOrderReason, Outcome, Survey, SurveyAnswer, Visit,
};
use cartera_core::model::{BusinessDate, ClientId, Currency, Money, TerritoryId};
use cartera_core::rows::relations::Relations;
use cartera_core::store::StoreError;
use cartera_core::strings::Language;
use cartera_relay::figures::{overview, refit};
use cartera_relay::people::access::By;
use cartera_relay::settings::policy;
use cartera_relay::storage::office::{OfficePut, OfficeWrite};

use super::orders::order;
use super::world::{Phone, World, text};

fn date(day: &str) -> BusinessDate {
    day.parse().unwrap()
}

/// What the office's system sends.
struct Office<'w> {
    world: &'w World,
    writes: Vec<OfficeWrite>,
}

impl Office<'_> {
    fn put(&mut self, kind: &str, key: &str, client: Option<ClientId>, value: impl Into<Value>) {
        let key = match kind {
            "credit" => client.unwrap().to_string(),
            _ => key.to_owned(),
        };
        self.writes.push(OfficeWrite {
            kind: kind.into(),
            source: "erp".into(),
            key,
            client,
            value: Some(value.into().encode()),
            ..OfficeWrite::default()
        });
    }

    fn sale(&mut self, key: &str, client: ClientId, on: &str, lines: &[(&str, &str, i64)]) {
        let mut sale =
            Sale::new(SaleSort::Invoice, date(on), Currency::EUR, lines.iter().map(|line| line.2).sum());
        sale.lines = lines
            .iter()
            .map(|(family, quantity, net)| SaleLine {
                family: Some((*family).to_owned()),
                unit: Some("kg".into()),
                quantity: quantity.parse().ok(),
                ..SaleLine::new(None, *net)
            })
            .collect();
        self.put("sale", key, Some(client), sale);
    }

    fn send(self) {
        let at_ms = self.world.app().env.now_ms();
        for put in self.world.app().storage.put_office(&self.writes, at_ms).unwrap() {
            assert!(matches!(put, OfficePut::Written(_)), "{put:?}");
        }
    }
}

fn client(
    phone: &Phone,
    territory: Option<TerritoryId>,
    name: &str,
    region: &str,
    group: Option<&str>,
) -> ClientId {
    let id = phone.engine.create_client(NewClient { fields: vec![text("name", name)], territory }).unwrap();
    let put = |field, value| ClientEdit::put(&profile::Key::Client(field), &value);
    let address = Address { region: Some(region.into()), ..Address::empty() };
    let mut edits = vec![put(ClientField::Address, profile::Value::Address(address))];
    edits.extend(group.map(|group| put(ClientField::FiscalGroup, profile::Value::Text(group.into()))));
    edits.push(put(ClientField::Sector, profile::Value::Text("bar".into())));
    edits.push(put(ClientField::Source, profile::Value::Text("feria".into())));
    phone.engine.edit_client(&id, edits).unwrap();
    id
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn ratio(part: i128, whole: i128, records: u64) -> Figure<Ratio> {
    Figure::new(Ratio { part, whole }, records)
}

#[test]
fn what_phones_and_the_office_wrote_gives_the_figures_of_a_pencil() {
    let world = World::new();
    let north = world.territory("Norte");
    let ana = world.phone("Ana", &[north]);
    let [sol, luna, mar, rio] = [
        client(&ana, Some(north), "Bar Sol", "Navarra", Some("G1")),
        client(&ana, Some(north), "Bar Luna", "Navarra", Some("G1")),
        client(&ana, Some(north), "Bar Mar", "\u{c1}lava", None),
        client(&ana, Some(north), "Bar R\u{ed}o", "\u{c1}lava", None),
    ];

    // Today is whatever day it is: the figures are asked as of it, and everything is told from it.
    let engine = &ana.engine;
    let today = engine.log_visit(&sol, Visit::done(Outcome::Order)).unwrap().date;
    let back = |days: i32| today.plus_days(-days).unwrap();
    let no = |reason| Visit { no_order: Some(reason), ..Visit::done(Outcome::NoOrder) };
    engine.log_visit(&luna, no(NoOrderReason::Price)).unwrap();
    engine.log_visit(&luna, no(NoOrderReason::Price)).unwrap();
    let visit = engine.log_visit(&mar, Visit::done(Outcome::Attended)).unwrap().id;
    let mut first = order(2);
    first.visit = Some(visit);
    engine.place_order(&mar, engine.new_record_id(), first).unwrap();
    engine.log_contact(&rio, Contact::new(Channel::Phone, Direction::Outgoing)).unwrap();
    engine.confirm_data(&sol, DataConfirmed::all()).unwrap();
    let fields = DataConfirmed { fields: vec!["sector".into()], ..DataConfirmed::all() };
    engine.confirm_data(&luna, fields).unwrap();
    for (who, score) in [(&sol, 10), (&luna, 9), (&mar, 3)] {
        engine
            .record_answer(who, SurveyAnswer::new(Survey::Nps, Asked::ByRep, vec![Answer::new(score)]))
            .unwrap();
    }
    let deal = |volume, until| Agreement {
        volume: Some(eur(volume)),
        ..Agreement::new("R", back(400), Some(until))
    };
    let old = engine.agree(&sol, deal(1_000, back(10))).unwrap().id;
    engine.renew_agreement(&sol, old, deal(1_500, today.plus_days(90).unwrap())).unwrap();
    engine.agree(&luna, deal(3_000, back(5))).unwrap();
    engine.choose_mode(&luna, ModeChoice::new(Some(Mode::WinBack), "cambia de due\u{f1}o")).unwrap();
    engine.close_client(&rio, ClientClosed::new(LossReason::Moved)).unwrap();
    engine.declare_absence(Absence::new(back(3), back(2))).unwrap();
    ana.sync();
    assert_eq!(ana.refused(), 0);

    let mut office = Office { world: &world, writes: Vec::new() };
    // A year ago and now; families apart.
    office.sale("F1", sol, &back(364).to_string(), &[("caf\u{e9}", "10", 1_000), ("t\u{e9}", "1", 100)]);
    office.sale("F2", sol, &back(100).to_string(), &[("caf\u{e9}", "4", 400), ("t\u{e9}", "1", 100)]);
    office.sale("F3", sol, &back(50).to_string(), &[("caf\u{e9}", "1", 100)]);
    office.sale("F4", sol, &back(1).to_string(), &[("caf\u{e9}", "2", 300), ("t\u{e9}", "2", 200)]);
    office.sale("F5", luna, &back(1).to_string(), &[("caf\u{e9}", "1", 100)]);
    office.sale("F6", mar, &back(40).to_string(), &[("t\u{e9}", "20", 2_000)]);
    let paid = |paid, issued, amount| DueItem {
        issued: Some(issued),
        paid: Some(paid),
        ..DueItem::new(back(30), eur(amount), 0)
    };
    office.put("due_item", "V1", Some(sol), paid(back(20), back(60), 300)); // 40 days, 10 late
    office.put("due_item", "V2", Some(sol), DueItem { returned: true, ..paid(back(20), back(60), 70) });
    office.put("due_item", "V3", Some(mar), DueItem::new(back(45), eur(900), 500));
    office.put("credit", "", Some(luna), Credit::new(Some(eur(9_999)), Some(eur(430)), false));
    let mut asked = Objective::new(Measure::NetRevenue, back(2), today);
    asked.amount = Some(eur(1_200));
    asked.person = Some(ana.person);
    office.put("objective", "O1", None, asked);
    office.put("visit_plan", "R1", Some(sol), VisitPlan::new(back(6), 1, vec![1, 2, 3, 4, 5, 6, 7]));
    let away = OfficeAbsence::new(ana.person, back(5), back(4));
    office.put("absence", "A1", None, away);
    office.put("spend", "G1", None, Spend::new(eur(600), back(30), back(1)));
    office.put("census", "C1", None, Census::new("Navarra", 50, back(20)));
    office.send();

    let set = |name: &str, value: &str| {
        policy::change(world.app(), By::CONSOLE, &[(name.to_owned(), value.to_owned())]).unwrap();
    };
    set("visit_days_a", "7");
    set("nps_answers_min", "4");
    assert!(policy::change(world.app(), By::CONSOLE, &[("visit_days_b".into(), "0".into())]).is_err());

    set("history_start", &back(800).to_string());
    refit::refit(world.app(), By::CONSOLE, today).unwrap();
    let found = overview::overview(world.app(), By::CONSOLE, today).unwrap();
    let all = &found.overview;
    assert_eq!(all.currencies.len(), 1);
    let eur_of = &all.currencies[0];

    let year = &eur_of.movement.iter().find(|(period, _)| *period == Period::TwelveMonths).unwrap().1;
    assert_eq!(year.now, Figure::new(4_300, 6));
    assert_eq!(year.before, Figure::withheld(Withheld::NoData, 0));
    let by_family = &eur_of.by_family.iter().find(|(period, _)| *period == Period::TwelveMonths).unwrap().1;
    let nets: BTreeMap<_, _> =
        by_family.iter().map(|(name, of)| (name.as_deref().unwrap(), of.now.value)).collect();
    assert_eq!(nets, BTreeMap::from([("caf\u{e9}", Ok(1_900)), ("t\u{e9}", Ok(2_400))]));
    let spread = |dimension| {
        let found = eur_of.spreads.iter().find(|(of, _)| *of == dimension).unwrap();
        found.1.as_ref().unwrap()
    };
    let name = |name: &str| Part::Name(name.to_owned());
    assert_eq!(spread(Dimension::Group).parts, [(name("G1"), 2_300), (Part::Client(mar), 2_000)]);
    assert_eq!(spread(Dimension::Region).parts, [(name("Navarra"), 2_300), (name("\u{c1}lava"), 2_000)]);
    assert_eq!(spread(Dimension::Family).parts, [(name("t\u{e9}"), 2_400), (name("caf\u{e9}"), 1_900)]);
    assert_eq!(spread(Dimension::Rep).parts, [(Part::Person(ana.person), 4_300)]);
    // 70 that came back and 430 that the office says; 500 of Mar.
    assert_eq!(spread(Dimension::OpenCredit).parts, [(Part::Client(mar), 500), (name("G1"), 500)]);
    let payment = &eur_of.payment;
    assert_eq!((payment.to_pay.days(), payment.late.days()), (Figure::new(40.0, 1), Figure::new(10.0, 1)));
    assert_eq!((payment.overdue, payment.by_age, payment.returned), (570, [70, 500, 0, 0], 1));

    // Sol, Luna and Mar were visited today and have a class; Rio is closed.
    assert_eq!((all.coverage.clients(), all.coverage.left_out), (ratio(3, 3, 3), 0));
    assert_eq!(eur_of.coverage, ratio(4_300, 4_300, 3));
    // Every day of a week less two that the office knows of and two that Ana wrote down; today it was done.
    let planned = all.plan_done[&Some(ana.person)];
    assert_eq!((planned.planned, planned.done), (3, 1));
    let work = work::total(&all.work);
    assert_eq!((work.effectiveness(), work.days), (ratio(2, 4, 4), 1));
    assert_eq!(work.reasons, BTreeMap::from([(NoOrderReason::Price, 2)]));
    assert_eq!(work.lines_per_order(), ratio(1, 1, 1));

    assert_eq!(all.stale, ratio(2, 3, 3), "a kind of establishment is no contact data");
    // Sol has an agreement that ends; Luna was said to be won back; Mar is looked after; Rio is closed.
    let modes =
        BTreeMap::from([(Mode::Renewal, (1, 0)), (Mode::WinBack, (2, 1)), (Mode::Accompanied, (1, 0))]);
    assert_eq!(all.modes, modes);
    assert_eq!(all.renewals.rate(), ratio(1, 2, 2));
    assert_eq!(all.renewals.rate_in_money(Currency::EUR), ratio(1_000, 4_000, 2));
    assert_eq!(
        all.losses_by_sector.keys().collect::<Vec<_>>(),
        [&(Some("bar".to_owned()), LossReason::Moved)]
    );
    assert_eq!(all.losses_by_class.keys().collect::<Vec<_>>(), [&(None::<Class>, LossReason::Moved)]);

    let answers = &all.voice[&Survey::Nps][&Asked::ByRep];
    assert_eq!(answers.nps(found.answers_min), Figure::withheld(Withheld::TooFew, 3));
    assert!((answers.nps(3).value.unwrap() - 100.0 / 3.0).abs() < 1e-9);
    // Three clients bought for the first time; 600 were spent.
    assert_eq!((all.new_clients, eur_of.cac), (Figure::new(3, 3), Figure::new(200.0, 3)));
    assert_eq!((all.funnel.leads.len(), all.funnel.lost), (0, 1));
    let regions: Vec<_> =
        all.regions.iter().map(|of| (of.name.as_str(), of.known, of.buying, of.establishments)).collect();
    assert_eq!(regions, [("Navarra", 2, 2, Some(50)), ("\u{c1}lava", 1, 1, None)]);
    let (_, reached) = &all.objectives[0];
    assert_eq!((reached.achieved, reached.target, reached.days_over), (Figure::new(600, 2), 1_200, 3));

    assert!(all.coverage.due.iter().all(|due| due.interval_days == if due.client == luna { 60 } else { 7 }));
    assert_eq!(found.answers_min, 4);

    // The phone reads the same, but for what is not for reps.
    ana.sync();
    let of_phone =
        ana.engine.store().read::<_, StoreError>(|conn| Ok(Relations::read(conn, today, None)?)).unwrap();
    let database = rusqlite::Connection::open(world.data().database()).unwrap();
    let of_relay = Relations::read(&database, today, None).unwrap();
    assert_eq!((of_phone.spent.len(), of_relay.spent.len()), (0, 1));
    assert_eq!(Relations { spent: of_relay.spent.clone(), ..of_phone }, of_relay);

    let coffee =
        of_relay.lines.families.iter().position(|name| name == "caf\u{e9}").map(|place| place as u32);
    let of_sol = of_relay.lines.sold.iter().filter(|sold| sold.client == sol && sold.family == coffee);
    let sold: Vec<_> = of_sol.map(|sold| (sold.date, sold.net, sold.quantity, sold.invoiced)).collect();
    let expected = [(364, 1_000, 100_000), (100, 400, 40_000), (50, 100, 10_000), (1, 300, 20_000)];
    assert_eq!(sold, expected.map(|(days, net, quantity)| (back(days), net, quantity, true)));

    for (language, expected) in [
        (
            Language::Spanish,
            ["Cobertura", "Ana", "(TAM)", "43,00 EUR", "Visitados en plazo", "Recomendaci\u{f3}n (NPS)"],
        ),
        (Language::English, ["Coverage", "Ana", "(TAM)", "43.00 EUR", "Visited in time", "(NPS)"]),
    ] {
        let shown = overview::overview_text(&found, language);
        for expected in expected {
            assert!(shown.contains(expected), "{expected} is not in\n{shown}");
        }
        assert!(!shown.contains("figures-") && !shown.contains("dimension-"), "{shown}");
    }
    let json = overview::overview_json(&found);
    assert_eq!(json["movement"]["currencies"][0]["periods"]["twelve_months"]["now"]["value"], 4_300);
    assert_eq!(json["acquisition"]["currencies"][0]["cac"]["value"], 200.0);
}
