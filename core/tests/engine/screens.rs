//! What screens ask beside lists and pages: accounts, notices, sales, what became of an order's lines, the last order again,
//! colleagues, sections that are still right.

use cartera_core::model::access::Role;
use cartera_core::model::office::{
    Article, Credit, DueItem, Feed, Flag, Item, KnownKind, Notice, OrderFlag, OrderStage, OrderState, Person,
    Sale, SaleLine, SaleSort, Scope, Short, Step, Tax,
};
use cartera_core::model::profile::Section;
use cartera_core::model::record::{
    Channel, Contact, Direction, Kind, Line, NoticeRead, Outcome, PriceOrigin, Purchase, PurchaseSort, Visit,
};
use cartera_core::model::{BusinessDate, ClientId, Currency, Decimal, Money, PersonId};
use cartera_core::query::{account, colleagues, confirmed, notices, order_lines, orders, people, sales};

use super::{Device, text};

const ANA: PersonId = PersonId::from_bytes([1; 16]);
const LUIS: PersonId = PersonId::from_bytes([2; 16]);

fn day(month: i8, day: i8) -> BusinessDate {
    BusinessDate::from_ymd(2026, month, day).unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn erp(
    device: &Device,
    number: u64,
    key: &str,
    client: Option<ClientId>,
    value: impl Into<cartera_core::model::office::Value>,
) {
    let scope = client.map_or(Scope::Workspace, Scope::Client);
    device.office(number, Item::new("erp", key, scope, value).unwrap());
}

#[test]
fn an_account_is_told_by_currency_with_what_is_overdue_and_how_fresh_it_is() {
    let device = Device::new(1);
    let (bar, other) = (device.client("Bar"), device.client("Otro"));
    let due = |on, amount, open| DueItem::new(on, Money::new(amount, Currency::EUR), open);
    let today = day(11, 2);
    erp(&device, 1, "F1", Some(bar), due(day(11, 1), 5_000, 2_000));
    erp(&device, 2, "F2", Some(bar), due(today, 1_000, 1_000)); // due today is not overdue
    erp(&device, 3, "F3", Some(bar), due(day(10, 1), 900, 0)); // paid
    erp(&device, 4, "F4", Some(other), due(day(10, 1), 700, 700));
    let dollars = DueItem::new(day(12, 1), Money::new(300, "USD".parse().unwrap()), 300);
    erp(&device, 5, "F5", Some(bar), dollars);
    let credit =
        Credit { as_of: Some(day(11, 1)), ..Credit::new(Some(Money::new(9_000, Currency::EUR)), None, true) };
    erp(&device, 6, &bar.to_string(), Some(bar), credit.clone());
    for (number, kind, at_ms) in [(7, KnownKind::DueItem, 1_000), (8, KnownKind::Credit, 2_000)] {
        erp(&device, number, kind.name(), None, Feed::new(at_ms, 3));
    }
    let told = device.read(|conn| Ok(account::of_client(conn, &bar, today)?));
    let open: Vec<_> =
        told.open.iter().map(|(of, open)| (of.to_string(), open.all, open.overdue, open.items)).collect();
    assert_eq!(open, [("EUR".to_owned(), 3_000, 2_000, 2), ("USD".to_owned(), 300, 0, 1)]);
    assert_eq!((told.credit, told.due_at_ms, told.credit_at_ms), (Some(credit), Some(1_000), Some(2_000)));
    let due = |page| device.read(|conn| Ok(account::due(conn, &bar, page)?));
    let days: Vec<_> = due((0, 9)).iter().map(|item| item.due).collect();
    assert_eq!(days, [day(11, 1), today, day(12, 1)], "by day, what was paid left out");
    assert_eq!(due((1, 1)).len(), 1);
    assert_eq!(due((3, 9)).len(), 0);
}

#[test]
fn notices_of_the_day_stand_with_what_must_be_read_first_and_what_was_read() {
    let device = Device::new(2);
    device.is_held_by(ANA);
    let notice = |title: &str, must_read| Notice { must_read, ..Notice::new(title, "…") };
    erp(&device, 2, "old", None, Notice { until: Some(day(11, 1)), ..notice("ayer", true) });
    erp(&device, 3, "today", None, Notice { until: Some(day(11, 2)), ..notice("hoy", false) });
    erp(&device, 4, "must", None, notice("leer", true));
    erp(&device, 5, "soon", None, Notice { from: Some(day(11, 3)), ..notice("mañana", false) });
    let told = || {
        let found = device.read(|conn| Ok(notices::of_day(conn, Some(&ANA), day(11, 2))?));
        found.into_iter().map(|told| (told.key, told.read)).collect::<Vec<_>>()
    };
    assert_eq!(told(), [("must".to_owned(), false), ("today".to_owned(), false)]);
    let first = device.engine.mark_notice_read(NoticeRead::new("must")).unwrap();
    assert_eq!(device.engine.mark_notice_read(NoticeRead::new("must")).unwrap().id, first.id, "said once");
    assert_eq!(told(), [("must".to_owned(), true), ("today".to_owned(), false)]);
}

#[test]
fn documents_of_sales_come_the_latest_first_and_months_over_all_of_them() {
    let device = Device::new(3);
    let bar = device.client("Bar");
    let sale = |sort, on, net| Sale {
        lines: vec![SaleLine::new(Some("A1".into()), net)],
        ..Sale::new(sort, on, Currency::EUR, net)
    };
    erp(&device, 1, "F1", Some(bar), sale(SaleSort::Invoice, day(9, 30), 1_000));
    erp(&device, 2, "F2", Some(bar), sale(SaleSort::Invoice, day(10, 5), 2_000));
    erp(&device, 3, "F3", Some(bar), Sale { voided: true, ..sale(SaleSort::Invoice, day(10, 6), 50) });
    let named = |page| {
        let found = device.read(|conn| Ok(sales::documents(conn, &bar, page)?));
        found.into_iter().map(|of| of.number).collect::<Vec<_>>()
    };
    assert_eq!(named((0, 9)), ["F3", "F2", "F1"]);
    assert_eq!(named((1, 1)), ["F2"]);
    for (number, on, net, event) in
        [(4, day(9, 30), 1_000, true), (5, day(10, 5), 2_000, true), (6, day(10, 9), -500, false)]
    {
        let of = cartera_core::model::office::SalesDay::new(on, Currency::EUR, net, event, 1);
        let key = cartera_core::model::office::sales_day_key(bar, on, Currency::EUR);
        device.office(number, Item::new("", key, Scope::Client(bar), of).unwrap());
    }
    let months = device.read(|conn| Ok(sales::months(conn, &bar, (0, 9))?));
    let told: Vec<_> = months.iter().map(|of| (of.month, of.net, of.events)).collect();
    assert_eq!(told, [(day(10, 1), 1_500, 1), (day(9, 1), 1_000, 1)]);
}

/// A catalogue of two articles with a tax, and a client.
fn shop(seed: u64) -> (Device, ClientId) {
    let device = Device::new(seed);
    let bar = device.client("Bar");
    let article = |name: &str, price: &str| {
        let mut article = Article::new(name);
        (article.price, article.currency) = (Some(decimal(price)), Some(Currency::EUR));
        (article.unit, article.tax) = (Some("caja".into()), Some("general".into()));
        article
    };
    erp(&device, 1, "A1", None, article("Café", "2.50"));
    erp(&device, 2, "A2", None, article("Azúcar", "1.00"));
    let before = Tax { until: Some(day(10, 31)), ..Tax::new("IVA", decimal("18")) };
    device.office(3, Item::new("anterior", "general", Scope::Workspace, before).unwrap());
    erp(&device, 4, "general", None, Tax { from: Some(day(11, 1)), ..Tax::new("IVA", decimal("21")) });
    (device, bar)
}

fn line(device: &Device, bar: &ClientId, code: &str, quantity: &str) -> Line {
    let wanted = (code, decimal(quantity), None);
    device.read(|conn| Ok(order_lines::priced(conn, bar, wanted, Currency::EUR, day(11, 2))?)).unwrap()
}

#[test]
fn a_line_starts_from_the_price_of_the_day_and_the_tax_that_holds_then() {
    let (device, bar) = shop(4);
    let line = line(&device, &bar, "A1", "3");
    assert_eq!((line.unit.as_str(), line.price), ("caja", Some(decimal("2.50"))));
    assert_eq!(line.price_source.unwrap().origin, PriceOrigin::List);
    let taxes: Vec<_> = line.taxes.iter().map(|tax| (tax.code.as_str(), tax.percent)).collect();
    assert_eq!(
        taxes,
        [("general", decimal("21"))],
        "and not the one of the source before, which holds no more"
    );
    let unknown = ("B7", decimal("1"), None);
    let none = device.read(|conn| Ok(order_lines::priced(conn, &bar, unknown, Currency::EUR, day(11, 2))?));
    assert_eq!(none, None);
}

#[test]
fn an_order_says_line_by_line_what_became_of_it_and_is_repeated_at_todays_prices() {
    let (device, bar) = shop(5);
    let again = || device.read(|conn| Ok(order_lines::again(conn, &bar, day(11, 2))?));
    assert_eq!(again(), None);
    let free = Line { free: true, ..line(&device, &bar, "A1", "1") };
    let lines = vec![line(&device, &bar, "A1", "3"), line(&device, &bar, "A2", "2"), free];
    let mut order = Purchase { lines, ..Purchase::new(PurchaseSort::Order, Currency::EUR) };
    order.compute_amounts().unwrap();
    let placed = device.engine.place_order(&bar, device.engine.new_record_id(), order).unwrap();
    let mut back = Purchase {
        lines: vec![line(&device, &bar, "A2", "9")],
        ..Purchase::new(PurchaseSort::Return, Currency::EUR)
    };
    back.compute_amounts().unwrap();
    device.engine.place_order(&bar, device.engine.new_record_id(), back).unwrap();

    let mut state = OrderState::new(OrderStage::Served, 5_000);
    state.number = Some("P-7".into());
    state.short = vec![Short::new("A1", decimal("1"))];
    state.flags = vec![Flag { line: Some(1), ..Flag::new(OrderFlag::Price) }, Flag::new(OrderFlag::Credit)];
    state.steps = vec![Step::new(OrderStage::Served, 5_000)];
    device.office(10, Item::new("", placed.id.to_string(), Scope::Client(bar), state).unwrap());
    let (_, now) = device.read(|conn| Ok(order_lines::now(conn, &placed.id)?)).unwrap();
    let told: Vec<_> = now
        .iter()
        .map(|now| {
            (now.line.article.as_str(), now.missing, now.flags.iter().map(|of| of.flag).collect::<Vec<_>>())
        })
        .collect();
    let expected = [
        ("A1", Some(decimal("1")), vec![]),
        ("A2", None, vec![OrderFlag::Price]), // of the whole order no line is flagged
        ("A1", None, vec![]),                 // a shortfall is told once
    ];
    assert_eq!(told, expected);
    let rows = device.read(|conn| Ok(orders::of_client(conn, &bar, (0, 9))?));
    let order = rows.iter().find(|row| row.order == placed.id).unwrap();
    assert_eq!((rows.len(), order.number.as_deref(), order.client_name.as_str()), (2, Some("P-7"), "Bar"));
    assert_eq!(order.step, orders::Step::Office(OrderStage::Served));

    // Prices rose, and the sugar is gone.
    let mut coffee = Article::new("Café");
    (coffee.price, coffee.currency, coffee.unit) =
        (Some(decimal("3")), Some(Currency::EUR), Some("caja".into()));
    erp(&device, 11, "A1", None, coffee);
    let mut sugar = Article::new("Azúcar");
    sugar.withdrawn = true;
    erp(&device, 12, "A2", None, sugar);
    let again = again().unwrap();
    let told: Vec<_> =
        again.order.lines.iter().map(|of| (of.article.as_str(), of.quantity, of.price)).collect();
    assert_eq!(told, [("A1", decimal("3"), Some(decimal("3")))], "what was free is not sold again");
    assert_eq!(again.left_out, ["Azúcar"]);
    assert_eq!(again.order.sort, PurchaseSort::Order);
}

#[test]
fn orders_under_way_are_those_that_the_office_is_not_done_with() {
    let (device, bar) = shop(6);
    let place = |quantity: &str| {
        let lines = vec![line(&device, &bar, "A1", quantity)];
        let mut order = Purchase { lines, ..Purchase::new(PurchaseSort::Order, Currency::EUR) };
        order.compute_amounts().unwrap();
        device.engine.place_order(&bar, device.engine.new_record_id(), order).unwrap().id
    };
    let orders_placed: Vec<_> = ["1", "2", "3"].map(place).into();
    let stages = [OrderStage::Registered, OrderStage::Invoiced, OrderStage::Declined];
    for (at, (order, stage)) in orders_placed.iter().zip(stages).enumerate() {
        let mut state = OrderState::new(stage, at as i64 + 1);
        match stage {
            OrderStage::Declined => state.reason = Some("riesgo".into()),
            _ => state.number = Some(format!("P-{at}")),
        }
        device.office(20 + at as u64, Item::new("", order.to_string(), Scope::Client(bar), state).unwrap());
    }
    let open = device.read(|conn| Ok(orders::under_way(conn, (0, 9))?));
    let open: Vec<_> = open.iter().map(|row| row.order).collect();
    assert_eq!(open, [orders_placed[2], orders_placed[0]], "the latest step first");
}

#[test]
fn what_colleagues_did_lately_is_told_and_ones_own_is_not() {
    let device = Device::new(7);
    let bar = device.client("Bar");
    device.engine.log_visit(&bar, Visit::done(Outcome::Order)).unwrap();
    device.engine.log_visit(&bar, Visit::planned(day(11, 9))).unwrap();
    device.engine.log_contact(&bar, Contact::new(Channel::Phone, Direction::Outgoing)).unwrap();
    device.was_written_by(LUIS);
    let told = |me: &PersonId, on| {
        let found = device.read(|conn| Ok(colleagues::lately(conn, &bar, Some(me), on)?));
        let mut kinds: Vec<_> = found.into_iter().map(|of| (of.kind, of.person)).collect();
        kinds.sort();
        kinds
    };
    let expected = [(Kind::Visit, LUIS), (Kind::Contact, LUIS)];
    assert_eq!(told(&ANA, day(11, 2)), expected, "a visit that is planned was not made");
    assert_eq!(told(&LUIS, day(11, 2)), []);
    let last = day(11, 2).plus_days(colleagues::LATELY_DAYS - 1).unwrap();
    assert_eq!(told(&ANA, last), expected);
    assert_eq!(told(&ANA, last.plus_days(1).unwrap()), []);
}

#[test]
fn a_section_is_right_from_the_day_on_which_it_was_confirmed_for_six_months() {
    let device = Device::new(8);
    let bar = device.client("Bar");
    device.engine.edit_client(&bar, vec![text("email", "bar@example.org"), text("sector", "bar")]).unwrap();
    device.was_written_by(ANA);
    let told = |on| {
        let found = device.read(|conn| confirmed::sections(conn, &bar, on));
        found.into_iter().map(|now| (now.section, now.confirmed_on, now.stale)).collect::<Vec<_>>()
    };
    let never = |section| (section, None, true);
    assert_eq!(
        told(day(11, 2)),
        [never(Section::Identity), never(Section::Contact)],
        "only what stands there"
    );
    device.engine.confirm_section(&bar, Section::Contact).unwrap();
    let right = (Section::Contact, Some(day(11, 2)), false);
    assert_eq!(told(day(11, 2)), [never(Section::Identity), right]);
    let later = BusinessDate::from_ymd(2027, 5, 1).unwrap();
    assert_eq!(told(later)[1], right);
    assert_eq!(told(later.plus_days(1).unwrap())[1], (Section::Contact, Some(day(11, 2)), true));
    let nothing = device.engine.confirm_section(&bar, Section::Deliveries).unwrap_err();
    assert_eq!(nothing.code(), "invalid", "nothing stands there that could be right");
}

#[test]
fn people_and_territories_are_known_by_name() {
    let device = Device::new(9);
    let person = |name: &str, left| Person { left, ..Person::new(name, Role::Rep) };
    for (number, id, of) in [(1, LUIS, person("Luis", true)), (2, ANA, person("Ána", false))] {
        device.office(number, Item::new("", id.to_string(), Scope::Workspace, of).unwrap());
    }
    let names = device.read(|conn| Ok(people::persons(conn)?));
    let names: Vec<_> = names.iter().map(|of| (of.name.as_str(), of.left)).collect();
    assert_eq!(names, [("Ána", false), ("Luis", true)], "accents folded");
    assert_eq!(device.read(|conn| Ok(people::name_of(conn, &LUIS)?)).as_deref(), Some("Luis"));
    assert_eq!(device.read(|conn| Ok(people::name_of(conn, &PersonId::from_bytes([9; 16]))?)), None);
}
