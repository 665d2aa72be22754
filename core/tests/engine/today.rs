//! What to do today, and why: one list, in order, until it is done or put off.

use cartera_core::engine::ClientEdit;
use cartera_core::model::access::Role;
use cartera_core::model::office::{
    Absence, DueItem, Item, OrderStage, OrderState, Person, SalesDay, Scope, Setting, VisitPlan,
    sales_day_key,
};
use cartera_core::model::profile::{DateField, Key, Scalar, Value};
use cartera_core::model::record::{
    Agreement, DataConfirmed, NextStep, NotNow, Outcome, Subject, Task, TaskState, Visit,
};
use cartera_core::model::{BusinessDate, ClientId, Currency, Money, PartId, PersonId, TerritoryId};
use cartera_core::portfolio::today::{self, Entry};
use cartera_core::strings::Language;

use super::Device;

fn day(day: i8) -> BusinessDate {
    BusinessDate::from_ymd(2026, 11, day).unwrap()
}

fn back(days: i32) -> BusinessDate {
    day(2).plus_days(-days).unwrap()
}

impl Device {
    fn today(&self, on: BusinessDate) -> Vec<Entry> {
        self.read(|conn| Ok(today::list(conn, None, on)?))
    }

    /// For each client of the list its name and the ids of its reasons.
    fn told(&self, on: BusinessDate) -> Vec<(String, Vec<&'static str>)> {
        let ids = |entry: &Entry| entry.reasons.iter().map(|reason| reason.why.text_id()).collect();
        self.today(on).iter().map(|entry| (entry.name.clone(), ids(entry))).collect()
    }

    /// Somebody whose data nobody has to look at.
    fn fresh(&self, name: &str) -> ClientId {
        let client = self.client(name);
        self.engine.confirm_data(&client, DataConfirmed::all()).unwrap();
        client
    }

    fn sold(&self, number: u64, client: &ClientId, on: BusinessDate, net: i64) {
        let day = SalesDay::new(on, Currency::EUR, net, true, 1);
        let key = sales_day_key(*client, on, Currency::EUR);
        self.office(number, Item::new("", key, Scope::Client(*client), day).unwrap());
    }
}

fn one(name: &str, reasons: &[&'static str]) -> (String, Vec<&'static str>) {
    (name.to_owned(), reasons.to_vec())
}

#[test]
fn visits_first_then_what_was_promised_then_what_is_at_stake() {
    let device = Device::new(71);
    let of = |name| device.fresh(name);
    // Today is Monday, 2 November.
    let (second, first) = (of("Visita dos"), of("Visita uno"));
    for (n, client, sequence) in [(1, second, 2), (2, first, 1)] {
        let rule = VisitPlan { sequence: Some(sequence), ..VisitPlan::new(day(1), 1, vec![1]) };
        device.office(n, Item::new("", format!("R{n}"), Scope::Client(client), rule).unwrap());
    }
    let missed = of("Atrasada");
    let rule = VisitPlan::new(back(30), 1, vec![4]);
    device.office(3, Item::new("", "R3", Scope::Client(missed), rule).unwrap());
    // Each week five euros, on Mondays until four weeks ago; the visits of four Thursdays were missed.
    let missed_more = of("Atrasada mucho");
    let rule = VisitPlan::new(back(30), 1, vec![4]);
    device.office(30, Item::new("", "R4", Scope::Client(missed_more), rule).unwrap());
    (4..14).for_each(|week| device.sold(40 + week as u64, &missed_more, back(7 * week), 500));
    let task = of("Tarea");
    let task_id = device
        .engine
        .add_task(&task, Task { due_on: Some(day(2)), ..Task::open("llevar muestras") })
        .unwrap()
        .id;
    let step = of("Acordado");
    let next = Some(NextStep::new("llamar", Some(day(2))));
    device.engine.log_visit(&step, Visit { next, ..Visit::planned(day(20)) }).unwrap();
    let (owes, more) = (of("Debe"), of("Debe más"));
    for (n, client, open) in [(4, owes, 5_000), (5, more, 9_000), (6, more, 100), (7, first, 700)] {
        let item = DueItem::new(day(1), Money::new(open, Currency::EUR), open);
        device.office(n, Item::new("erp", format!("D{n}"), Scope::Client(client), item).unwrap());
    }
    // Due today is not overdue, and what was paid is not due.
    let paid = DueItem::new(back(9), Money::new(5, Currency::EUR), 0);
    device.office(8, Item::new("erp", "D8", Scope::Client(second), paid).unwrap());
    let due = DueItem::new(day(2), Money::new(5, Currency::EUR), 5);
    device.office(9, Item::new("erp", "D9", Scope::Client(second), due).unwrap());
    let agreed = of("Acuerdo");
    let volume = Some(Money::new(7_000, Currency::EUR));
    let agreement = Agreement { volume, ..Agreement::new("Botellero", back(300), day(2).plus_days(30)) };
    device.engine.agree(&agreed, agreement).unwrap();
    let declined = of("Rechazado");
    let order = device.engine.new_record_id();
    let state = OrderState { reason: Some("sin riesgo".into()), ..OrderState::new(OrderStage::Declined, 1) };
    device.office(10, Item::new("", order.to_string(), Scope::Client(declined), state).unwrap());
    let birthday = of("Cumpleaños");
    let id = PartId::from_bytes([3; 16]);
    let put = |field, value: Value| ClientEdit::put(&Key::Date(id, field), &value);
    let edits = vec![
        put(DateField::On, Value::Date("1980-11-09".parse().unwrap())),
        put(DateField::Yearly, Value::Bool(true)),
        put(DateField::What, Value::Text("cumpleaños".into())),
    ];
    device.engine.edit_client(&birthday, edits).unwrap();
    device.client("Sin confirmar");
    let expected = [
        one("Visita uno", &["why-owes"]),
        one("Visita dos", &[]),
        one("Rechazado", &["why-declined"]),
        one("Tarea", &["why-task"]),
        one("Acordado", &["why-next_step"]),
        one("Atrasada mucho", &["why-overdue", "why-rhythm", "why-win_back"]),
        one("Atrasada", &["why-overdue"]),
        one("Debe más", &["why-owes"]),
        one("Acuerdo", &["why-agreement"]),
        one("Debe", &["why-owes"]),
        one("Cumpleaños", &["why-date"]),
        one("Sin confirmar", &["why-unconfirmed"]),
    ];
    let found = device.told(day(2));
    assert_eq!(found, expected);
    let stakes: Vec<_> = device
        .today(day(2))
        .into_iter()
        .filter_map(|entry| entry.reasons.first()?.stake.map(|stake| stake.minor))
        .collect();
    // 50 euros in 92 days, of that four weeks.
    assert_eq!(stakes, [700, 1_522, 9_100, 7_000, 5_000]);
    // In words, in both languages.
    for entry in device.today(day(2)) {
        for (language, reason) in Language::ALL
            .into_iter()
            .flat_map(|language| entry.reasons.iter().map(move |reason| (language, reason)))
        {
            let (words, advice) = (reason.words(language, day(2)), reason.advice(language));
            assert!(
                !words.contains(['{', '$']) && !words.starts_with("why-") && advice.ends_with('.'),
                "{words}: {advice}"
            );
        }
    }
    // What was done is there no longer.
    device.engine.settle_task(&task, task_id, TaskState::Done).unwrap();
    device.engine.log_visit(&missed, Visit::done(Outcome::NoOrder)).unwrap();
    let left = device.told(day(2));
    assert!(!left.iter().any(|(name, _)| name == "Tarea" || name == "Atrasada"), "{left:?}");
}

#[test]
fn what_was_put_off_comes_back_on_its_day() {
    let device = Device::new(72);
    let client = device.fresh("Debe");
    let item = DueItem::new(day(1), Money::new(1, Currency::EUR), 1);
    device.office(1, Item::new("erp", "D", Scope::Client(client), item).unwrap());
    device.office(2, Item::new("", "R", Scope::Client(client), VisitPlan::new(day(1), 1, vec![1])).unwrap());
    assert_eq!(device.told(day(2)), [one("Debe", &["why-owes"])]);
    assert!(device.today(day(2))[0].visit.is_some());
    let (subject, key) = device.today(day(2))[0].reasons[0].why.subject();
    device.engine.put_off(&client, NotNow { key, ..NotNow::new(subject, Some(day(4))) }).unwrap();
    assert_eq!(device.told(day(2)), [one("Debe", &[])], "the visit stays");
    assert_eq!(device.told(day(3)), [one("Debe", &["why-overdue"])]);
    let visit = NotNow { key: Some("R".into()), ..NotNow::new(Subject::Visit, None) };
    device.engine.put_off(&client, visit).unwrap();
    assert_eq!(device.told(day(2)), []);
    assert_eq!(device.told(day(3)), []);
    assert_eq!(device.told(day(4)), [one("Debe", &["why-owes"])]);
    let again = NotNow::new(Subject::Debt, Some(day(9)));
    device.engine.put_off(&client, again).unwrap();
    assert_eq!(device.told(day(8)), [], "the last word counts");
}

#[test]
fn a_rhythm_that_was_missed_and_a_volume_that_falls() {
    let device = Device::new(73);
    let (stopped, less, steady) = (device.fresh("Paró"), device.fresh("Menos"), device.fresh("Igual"));
    let mut number = 0;
    let mut sell = |client: &ClientId, days_ago: i32, net: i64| {
        number += 1;
        device.sold(number, client, back(days_ago), net);
    };
    for week in 0..20 {
        sell(&steady, 3 + 7 * week, 1_000);
        sell(&less, 3 + 7 * week, if week < 4 { 300 } else { 1_000 });
        if week >= 6 {
            sell(&stopped, 3 + 7 * week, 1_000);
        }
    }
    let start = Setting::new(Scalar::Text("2026-01-01".into()));
    device.office(900, Item::new("", "history_start", Scope::Workspace, start).unwrap());
    let told = device.told(day(2));
    assert_eq!(told[0], one("Paró", &["why-rhythm", "why-falling", "why-win_back"]));
    assert_eq!(told[1], one("Menos", &["why-falling"]));
    assert_eq!(told.len(), 2, "{told:?}");
    let entries = device.today(day(2));
    // 45 days since the last of weekly purchases of 10 euros: six slots.
    assert_eq!(entries[0].reasons[0].stake, Some(Money::new(6_000, Currency::EUR)));
    // The last four weeks brought 12 euros, each four weeks before 40.
    assert_eq!(entries[1].reasons[0].stake, Some(Money::new(2_800, Currency::EUR)));
    assert_eq!(
        entries[0].reasons[0].words(Language::English, day(2)),
        "Buys every 7 days; 45 since the last purchase"
    );
}

#[test]
fn a_reps_list_has_no_visits_of_others() {
    let device = Device::new(74);
    let (ana, luis) = (PersonId::from_bytes([1; 16]), PersonId::from_bytes([2; 16]));
    let client = device.fresh("Bar");
    let rule = VisitPlan { person: Some(luis), ..VisitPlan::new(back(30), 1, vec![1]) };
    device.office(1, Item::new("", "R", Scope::Client(client), rule).unwrap());
    let of = |person| device.read(|conn| Ok(today::list(conn, Some(&person), day(2))?));
    assert_eq!(of(ana), []);
    let luis = of(luis);
    assert_eq!(luis.len(), 1);
    assert!(luis[0].visit.is_some() && luis[0].reasons.len() == 1, "the one of the week before is overdue");
}

#[test]
fn an_agreement_is_told_of_from_a_month_before_its_end_to_a_month_after() {
    let device = Device::new(75);
    let client = device.fresh("Bar");
    let agree = |agreement: Agreement| device.engine.agree(&client, agreement).unwrap().id;
    let first = agree(Agreement::new("Botellero", back(300), Some(day(2))));
    let told = |on: BusinessDate| {
        let reasons = device.today(on).into_iter().flat_map(|entry| entry.reasons);
        let of_agreements = reasons.filter(|reason| reason.why.text_id() == "why-agreement");
        of_agreements.map(|reason| reason.words(Language::Spanish, on)).collect::<Vec<_>>()
    };
    let after = |days: i32| told(day(2).plus_days(days).unwrap());
    assert_eq!(after(-31), [""; 0]);
    assert_eq!(after(-30), ["Botellero termina en 30 días"]);
    assert_eq!(after(-1), ["Botellero termina mañana"]);
    assert_eq!(after(0), ["Botellero termina hoy"]);
    assert_eq!(after(1), ["Botellero terminó ayer"]);
    assert_eq!(after(30), ["Botellero terminó hace 30 días"]);
    assert_eq!(after(31), [""; 0]);
    let advice = device.today(day(3))[0].reasons[0].advice(Language::English);
    assert_eq!(advice, "Talk about renewing it.");
    // Its term of notice begins earlier; once it is renewed, nothing is to be done about it.
    let notice = Some(60);
    let until = Some(day(2).plus_days(300).unwrap());
    agree(Agreement { notice_days: notice, renews: Some(first), ..Agreement::new("Otro", day(3), until) });
    assert_eq!(after(0), [""; 0]);
    assert_eq!(after(300 - 61), [""; 0]);
    assert_eq!(after(300 - 60), ["Otro termina en 60 días"]);
}

#[test]
fn what_was_missed_is_made_up_for_by_whoever_goes_now() {
    let device = Device::new(76);
    let (ana, luis) = (PersonId::from_bytes([1; 16]), PersonId::from_bytes([2; 16]));
    let north = TerritoryId::from_bytes([1; 16]);
    let (client, by_hand) = (device.fresh("Rutero"), device.fresh("A mano"));
    for (number, who, territories) in [(1, ana, vec![north]), (2, luis, vec![])] {
        let person = Person { territories, ..Person::new("x", Role::Rep) };
        device.office(number, Item::new("", who.to_string(), Scope::Workspace, person).unwrap());
    }
    [client, by_hand].iter().for_each(|client| device.is_in(client, north));
    let rule = VisitPlan::new(back(30), 1, vec![4]); // Thursdays
    device.office(3, Item::new("", "R", Scope::Client(client), rule).unwrap());
    device.engine.log_visit(&by_hand, Visit::planned(back(4))).unwrap();
    // Ana was away from Wednesday to Friday, and Luis stood in; then he stands in on the ninth.
    for (number, from, to) in [(4, back(5), back(3)), (5, day(9), day(9))] {
        let absence = Absence { cover: Some(luis), ..Absence::new(ana, from, to) };
        device.office(number, Item::new("", format!("A{number}"), Scope::Workspace, absence).unwrap());
    }
    let of = |person, on| {
        let list = device.read(|conn| Ok(today::list(conn, Some(&person), on)?));
        let is_overdue =
            |entry: &Entry| entry.reasons.iter().any(|reason| reason.why.text_id() == "why-overdue");
        let visits = list.into_iter().filter(|entry| entry.visit.is_some() || is_overdue(entry));
        let mut names: Vec<String> = visits.map(|entry| entry.name).collect();
        names.sort_unstable();
        names
    };
    assert_eq!(of(luis, back(4)), ["A mano", "Rutero"], "the visits of the day");
    assert_eq!((of(ana, back(4)), of(luis, day(2))), (vec![], vec![]));
    assert_eq!(of(ana, day(2)), ["A mano", "Rutero"], "she is back");
    assert_eq!((of(ana, day(9)), of(luis, day(9))), (vec![], vec!["A mano".into(), "Rutero".into()]));
    // Planned by hand for a day on which nobody goes: on nobody's list, and overdue afterwards.
    let absence = Absence::new(ana, day(10), day(11));
    device.office(6, Item::new("", "A6", Scope::Workspace, absence).unwrap());
    device.engine.log_visit(&by_hand, Visit::planned(day(11))).unwrap();
    let is_visit = |on| device.today(on).iter().any(|entry| entry.visit.is_some());
    assert!(!is_visit(day(11)) && is_visit(day(12)));
    let reasons = device.today(day(12)).iter().map(|entry| entry.reasons.len()).sum::<usize>();
    assert_eq!(reasons, 2 + 1, "both that were planned by hand, and the one of the plan");
}
