use super::*;
use crate::model::access::Role;
use crate::model::limits::*;
use crate::model::profile::Scalar;
use crate::model::record::{AbsenceReason, Channel};
use crate::model::{Decimal, Money, PersonId};

const ID: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

fn date() -> BusinessDate {
    BusinessDate::from_ymd(2026, 9, 21).unwrap()
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn text(chars: usize) -> String {
    "ñ".repeat(chars)
}

fn client() -> ClientId {
    ID.parse().unwrap()
}

fn person() -> PersonId {
    ID.parse().unwrap()
}

/// A good record of every kind, with most fields set.
fn items() -> Vec<Item> {
    let of_client = Scope::Client(client());
    let line = SaleLine {
        description: Some("Café".into()),
        family: Some("Café".into()),
        quantity: Some(decimal("2.5")),
        unit: Some("kg".into()),
        price: Some(decimal("9.123456")),
        discounts: vec![decimal("10")],
        ..SaleLine::new(Some("CAFE-1".into()), 2053)
    };
    let days = sales_day_key(client(), date(), Currency::EUR);
    let months = sales_month_key(client(), date(), Currency::EUR);
    let totals = vec![
        MonthTotal::new(None, None, None, 100),
        MonthTotal::new(Some("Café".into()), Some("kg".into()), Some(decimal("2.5")), 2053),
    ];
    let mut parameter = Parameter::new(date(), 3, 2357);
    parameter.values = vec![NamedFloat::new("r", 0.243), NamedFloat::new("alpha", 4.414)];
    parameter.cuts = vec![Cut::new("m5", 12_345, Some(client()))];
    let items: Vec<(&str, &str, Scope, Value)> = vec![
        (
            "erp",
            "CAFE-1",
            Scope::Workspace,
            Article {
                family: Some("Café".into()),
                unit: Some("ud".into()),
                units_per_case: Some(decimal("12")),
                ean: Some("8412345678905".into()),
                tax: Some("IVA10".into()),
                price: Some(decimal("9.5")),
                currency: Some(Currency::EUR),
                withdrawn: true,
                priced_unit: Some("kg".into()),
                multiple: Some(decimal("6")),
                out_of_stock: true,
                back_on: Some(date()),
                note: Some("Nueva imagen".into()),
                goes_with: vec!["LECHE-1".into()],
                instead: vec!["CAFE-2".into(), "CAFE-3".into()],
                ..Article::new("Café natural")
            }
            .into(),
        ),
        (
            "erp",
            "C1",
            of_client,
            Price {
                article: Some("CAFE-1".into()),
                price_list: Some("T1".into()),
                price: Some(decimal("9.123456")),
                discounts: vec![decimal("5")],
                min_quantity: Some(decimal("10")),
                from: Some(date()),
                until: Some(date()),
                net: true,
                version: Some("T1-09".into()),
                promotion: Some("Otoño".into()),
                ..Price::new(Currency::EUR)
            }
            .into(),
        ),
        ("erp", "IVA10", Scope::Workspace, Tax::new("IVA reducido", decimal("10")).into()),
        (
            "erp",
            "F-1",
            of_client,
            Sale {
                total: Some(2258),
                lines: vec![line],
                order: Some(ID.into()),
                issued: Some(date()),
                ..Sale::new(SaleSort::Invoice, date(), Currency::EUR, 2053)
            }
            .into(),
        ),
        ("", &days, of_client, SalesDay::new(date(), Currency::EUR, 2053, true, 1).into()),
        ("", &months, of_client, SalesMonth::new(date(), Currency::EUR, totals).into()),
        (
            "erp",
            "F-1/1",
            of_client,
            DueItem { document: Some("F-1".into()), returned: true, ..DueItem::new(date(), eur(2258), 1000) }
                .into(),
        ),
        ("erp", ID, of_client, Credit::new(Some(eur(100_000)), Some(eur(2258)), true).into()),
        (
            "",
            ID,
            of_client,
            OrderState {
                number: Some("P-9".into()),
                short: vec![Short::new("CAFE-1", decimal("1"))],
                flags: vec![Flag { line: Some(0), ..Flag::new(OrderFlag::Price) }],
                ..OrderState::new(OrderStage::Registered, 1_790_000_000_000)
            }
            .into(),
        ),
        (
            "",
            "O-1",
            Scope::Territory(ID.parse().unwrap()),
            Objective { amount: Some(eur(500_000)), ..Objective::new(Measure::NetRevenue, date(), date()) }
                .into(),
        ),
        (
            "",
            ID,
            Scope::Workspace,
            Person { territories: vec![ID.parse().unwrap()], ..Person::new("Ana Ruiz", Role::Rep) }.into(),
        ),
        (
            "",
            "00112233445566778899aabbccddeeff",
            Scope::Workspace,
            Actor { receipt: Some([7; 16]), ..Actor::new(person(), ID.parse().ok()) }.into(),
        ),
        ("", ID, Scope::Workspace, Territory::new("Norte").into()),
        (
            "",
            "R1",
            of_client,
            VisitPlan {
                minute: Some(600),
                channel: Some(Channel::Phone),
                ..VisitPlan::new(date(), 2, vec![1, 3])
            }
            .into(),
        ),
        (
            "",
            "A1",
            Scope::Workspace,
            Absence { reason: Some(AbsenceReason::Holiday), ..Absence::new(person(), date(), date()) }.into(),
        ),
        ("", "2026-09-21", Scope::Workspace, Holiday::new(date(), "San Mateo").into()),
        ("", "S1", Scope::Workspace, Segment { clients: vec![client()], ..Segment::new("Hoteles") }.into()),
        (
            "",
            "N1",
            Scope::Workspace,
            Notice { must_read: true, ..Notice::new("Tarifas", "Nuevas tarifas") }.into(),
        ),
        (
            "ine",
            "31",
            Scope::Workspace,
            Census { sector: Some("bar".into()), ..Census::new("Navarra", 2_140, date()) }.into(),
        ),
        ("", "G1", Scope::Workspace, Spend::new(eur(1_000), date(), date()).into()),
        ("", "status.rule", Scope::Workspace, Setting::new(Scalar::Text("rhythm".into())).into()),
        ("", "bgnbd", Scope::Workspace, parameter.into()),
        (
            "",
            "article",
            Scope::Workspace,
            cross_sell(vec![CrossSellRule::new("CAFE-1", "LECHE-1", (3, 2, 2))]),
        ),
        ("erp", "CAFE-1", Scope::Workspace, Cost::new(decimal("4.2"), Currency::EUR).into()),
        ("erp", "F-1", of_client, Margin::new(eur(700), date()).into()),
        ("erp", "price", Scope::Workspace, Feed::new(1_790_000_000_000, 120).into()),
    ];
    items
        .into_iter()
        .map(|(source, key, scope, value)| Item::new(source, key, scope, value).unwrap())
        .collect()
}

#[test]
fn every_kind_comes_back_and_good_ones_have_no_problems() {
    let items = items();
    for item in &items {
        let value = item.value.as_ref().unwrap();
        assert_eq!(Value::decode(&item.kind, &value.encode()).as_ref(), Ok(value));
        assert_eq!(item.validate(), [], "{}", item.kind);
    }
    let kinds: Vec<_> = items.iter().filter_map(|item| item.kind.known()).collect();
    assert_eq!(kinds, KnownKind::ALL);
}

#[test]
fn the_bytes_of_every_kind_never_change() {
    let mut pinned = String::new();
    for item in items() {
        let bytes = item.value.as_ref().unwrap().encode();
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        pinned += &format!("{} {hex}\n", item.kind);
    }
    insta::assert_snapshot!(pinned);
}

#[test]
fn kinds_and_versions_of_later_are_carried_unread() {
    let unknown = Kind::parse("stock").unwrap();
    let bytes = [0xa3, 0x00, 0x02, 0x01, 0x61, b'x', 0x05, 0xf6];
    let value = Value::decode(&unknown, &bytes).unwrap();
    assert!(matches!(value, Value::Unread(_)));
    assert_eq!((value.version(), value.encode()), (2, bytes.to_vec()));

    // A tax of version 2: its name is there and its percentage is not, so it is not understood.
    let tax = Kind::from(KnownKind::Tax);
    let value = Value::decode(&tax, &bytes).unwrap();
    assert!(matches!(value, Value::Unread(_)));
    assert_eq!(value.encode(), bytes);
    let mut same = bytes;
    same[2] = 1;
    assert!(Value::decode(&tax, &same).is_err());

    // A territory of version 2 is understood, and keeps its version and what is new.
    let territory = Kind::from(KnownKind::Territory);
    let value = Value::decode(&territory, &bytes).unwrap();
    assert!(matches!(&value, Value::Territory(territory) if territory.name == "x"));
    assert_eq!((value.version(), value.encode()), (2, bytes.to_vec()));
}

#[test]
fn values_without_a_version_or_too_large_are_refused() {
    let kind = Kind::from(KnownKind::Territory);
    for bytes in [&[][..], &[0xa0], &[0xa1, 0x01, 0x61, b'x'], &[0xa2, 0x00, 0x00, 0x01, 0x61, b'x'], &[0x80]]
    {
        assert!(Value::decode(&kind, bytes).is_err(), "{bytes:02x?}");
    }
    let unknown = Kind::parse("stock").unwrap();
    let of_size = |size: usize| {
        let head = [0xa2, 0x00, 0x01, 0x01, 0x5a, 0, 0, 0, 0];
        let mut bytes = vec![0; size];
        bytes[..head.len()].copy_from_slice(&head);
        let len = (size - head.len()) as u32;
        bytes[5..9].copy_from_slice(&len.to_be_bytes());
        bytes
    };
    assert!(Value::decode(&unknown, &of_size(OFFICE_VALUE_BYTES_MAX)).is_ok());
    assert!(matches!(
        Value::decode(&unknown, &of_size(OFFICE_VALUE_BYTES_MAX + 1)),
        Err(CborError::TooLarge { .. })
    ));
}

#[test]
fn names_and_keys_follow_the_rules_of_their_kind() {
    let problems = |change: fn(&mut Item), kind: KnownKind| {
        let mut item = items().into_iter().find(|item| item.kind.known() == Some(kind)).unwrap();
        change(&mut item);
        item.validate().into_iter().map(|p| (p.field, p.code)).collect::<Vec<_>>()
    };
    use KnownKind as K;
    let long = |item: &mut Item| item.key = "k".repeat(OFFICE_KEY_BYTES_MAX + 1);
    let longest = |item: &mut Item| item.key = "k".repeat(OFFICE_KEY_BYTES_MAX);
    assert_eq!(problems(longest, K::Article), []);
    assert_eq!(problems(long, K::Article), [("key".into(), Code::TooLong)]);
    assert_eq!(problems(|i| i.source = "s".repeat(OFFICE_SOURCE_BYTES_MAX), K::Article), []);
    assert_eq!(
        problems(|i| i.source = "s".repeat(OFFICE_SOURCE_BYTES_MAX + 1), K::Article),
        [("source".into(), Code::TooLong)]
    );
    for (change, kind, field, code) in [
        ((|i| i.key.clear()) as fn(&mut Item), K::Article, "key", Code::Required),
        (|i| i.key = "a\nb".into(), K::Article, "key", Code::Form),
        (|i| i.key = " a".into(), K::Article, "key", Code::Form),
        (|i| i.scope = Scope::Client(client()), K::Article, "scope", Code::Contradiction),
        (|i| i.scope = Scope::Workspace, K::Sale, "scope", Code::Contradiction),
        (|i| i.key = "P-9".into(), K::OrderState, "key", Code::Form),
        (|i| i.source = "erp".into(), K::OrderState, "source", Code::Contradiction),
        (|i| i.key = "00112233445566778899AABBCCDDEEFF".into(), K::Actor, "key", Code::Form),
        (|i| i.key = "2026-09-21/EUR".into(), K::SalesDay, "key", Code::Form),
        (|i| i.key = i.key.replace("EUR", "euro"), K::SalesDay, "key", Code::Form),
        (|i| i.key = i.key.replace("01ARZ", "01BRZ"), K::SalesDay, "key", Code::Form),
        (|i| i.key = i.key.replace("2026-09", "2026-13"), K::SalesMonth, "key", Code::Form),
        (|i| i.value = Some(Holiday::new(date(), "x").into()), K::Tax, "value", Code::Contradiction),
    ] {
        assert_eq!(problems(change, kind), [(field.to_owned(), code)], "{kind}");
    }
    assert_eq!(problems(|i| i.value = None, K::Sale), []);
    assert_eq!(problems(|i| i.kind = Kind::Unknown("Stock".into()), K::Sale)[0], ("kind".into(), Code::Form));
}

/// Kind, field, the problem one past the limit, the limit, and a value at so many.
type Case = (&'static str, Code, usize, Box<dyn Fn(usize) -> Value>);

macro_rules! case {
    ($field:literal, $code:ident, $limit:expr, |$n:ident| $value:expr) => {
        ($field, Code::$code, $limit as usize, Box::new(|$n: usize| Value::from($value)))
    };
}

fn rule(chars: usize) -> CrossSellRule {
    CrossSellRule::new(text(chars), "x", (2, 3, 1))
}

fn cross_sell(rules: Vec<CrossSellRule>) -> Value {
    CrossSell { rules, ..CrossSell::new(Level::Article, None, date(), date(), 4) }.into()
}

fn sale(change: impl FnOnce(&mut Sale)) -> Value {
    let mut sale = Sale::new(SaleSort::Invoice, date(), Currency::EUR, 0);
    sale.lines = vec![SaleLine::new(None, 0)];
    change(&mut sale);
    sale.into()
}

fn price(change: impl FnOnce(&mut Price)) -> Value {
    let mut price =
        Price { article: Some("A".into()), price: Some(decimal("1")), ..Price::new(Currency::EUR) };
    change(&mut price);
    price.into()
}

fn order(change: impl FnOnce(&mut OrderState)) -> Value {
    let mut state = OrderState::new(OrderStage::Received, 0);
    change(&mut state);
    state.into()
}

fn parameter(change: impl FnOnce(&mut Parameter)) -> Value {
    let mut parameter = Parameter::new(date(), 1, 1);
    change(&mut parameter);
    parameter.into()
}

fn upper_limits() -> Vec<Case> {
    vec![
        case!("name", TooLong, NAME_CHARS_MAX, |n| Article::new(text(n))),
        case!("family", TooLong, NAME_CHARS_MAX, |n| Article { family: Some(text(n)), ..Article::new("x") }),
        case!("unit", TooLong, UNIT_CHARS_MAX, |n| Article { unit: Some(text(n)), ..Article::new("x") }),
        case!("priced_unit", TooLong, UNIT_CHARS_MAX, |n| Article {
            priced_unit: Some(text(n)),
            ..Article::new("x")
        }),
        case!("tax", TooLong, CODE_CHARS_MAX, |n| Article { tax: Some(text(n)), ..Article::new("x") }),
        case!("note", TooLong, SENTENCE_CHARS_MAX, |n| Article { note: Some(text(n)), ..Article::new("x") }),
        case!("multiple", TooLarge, QUANTITY_MAX, |n| Article {
            multiple: Some(Decimal::from(n as u32)),
            ..Article::new("x")
        }),
        case!("price", TooLarge, UNIT_PRICE_MAX, |n| price(|p| p.price = Some(Decimal::from(n as u32)))),
        case!(
            "price",
            TooPrecise,
            UNIT_PRICE_PLACES,
            |n| price(|p| p.price = Decimal::new(1, n as u32).ok())
        ),
        case!("article", TooLong, CODE_CHARS_MAX, |n| price(|p| p.article = Some(text(n)))),
        case!("family", TooLong, NAME_CHARS_MAX, |n| price(|p| p.family = Some(text(n)))),
        case!("price_list", TooLong, CODE_CHARS_MAX, |n| price(|p| p.price_list = Some(text(n)))),
        case!("version", TooLong, CODE_CHARS_MAX, |n| price(|p| p.version = Some(text(n)))),
        case!("promotion", TooLong, NAME_CHARS_MAX, |n| price(|p| p.promotion = Some(text(n)))),
        case!("discounts", TooMany, DISCOUNTS_MAX, |n| price(|p| p.discounts = vec![decimal("1"); n])),
        case!("discounts[0].percent", TooLarge, 100, |n| price(
            |p| p.discounts = vec![Decimal::from(n as u32)]
        )),
        case!("min_quantity", TooPrecise, QUANTITY_PLACES, |n| price(|p| {
            p.min_quantity = Decimal::new(1, n as u32).ok();
        })),
        case!("name", TooLong, NAME_CHARS_MAX, |n| Tax::new(text(n), decimal("1"))),
        case!("percent", TooLarge, TAX_PERCENT_MAX, |n| Tax::new("x", Decimal::from(n as u32))),
        case!("percent", TooPrecise, PERCENT_PLACES, |n| Tax::new("x", Decimal::new(1, n as u32).unwrap())),
        case!("lines", TooMany, SALE_LINES_MAX, |n| sale(|s| s.lines = vec![SaleLine::new(None, 0); n])),
        case!("corrects", TooLong, CODE_CHARS_MAX, |n| sale(|s| s.corrects = Some(text(n)))),
        case!("order", TooLong, CODE_CHARS_MAX, |n| sale(|s| s.order = Some(text(n)))),
        case!("lines[0].article", TooLong, CODE_CHARS_MAX, |n| sale(|s| s.lines[0].article = Some(text(n)))),
        case!("lines[0].description", TooLong, NAME_CHARS_MAX, |n| sale(
            |s| s.lines[0].description = Some(text(n))
        )),
        case!("lines[0].family", TooLong, NAME_CHARS_MAX, |n| sale(|s| s.lines[0].family = Some(text(n)))),
        case!("lines[0].unit", TooLong, UNIT_CHARS_MAX, |n| sale(|s| s.lines[0].unit = Some(text(n)))),
        case!("lines[0].quantity", TooLarge, QUANTITY_MAX, |n| sale(|s| {
            s.lines[0].quantity = Some(Decimal::from(n as u32));
        })),
        case!("lines[0].price", TooLarge, UNIT_PRICE_MAX, |n| sale(|s| {
            s.lines[0].price = Some(Decimal::from(n as u32));
        })),
        case!("lines[0].discounts", TooMany, DISCOUNTS_MAX, |n| sale(|s| {
            s.lines[0].discounts = vec![decimal("1"); n];
        })),
        case!("totals", TooMany, MONTH_TOTALS_MAX, |n| SalesMonth::new(
            date(),
            Currency::EUR,
            (0..n).map(|index| MonthTotal::new(Some(format!("{index:05}")), None, None, 1)).collect(),
        )),
        case!("document", TooLong, CODE_CHARS_MAX, |n| DueItem {
            document: Some(text(n)),
            ..DueItem::new(date(), eur(1), 1)
        }),
        case!("open", TooLarge, 500, |n| DueItem::new(date(), eur(500), n as i64)),
        case!("reason", TooLong, SENTENCE_CHARS_MAX, |n| Credit {
            reason: Some(text(n)),
            ..Credit::new(None, None, true)
        }),
        case!("number", TooLong, CODE_CHARS_MAX, |n| order(|o| o.number = Some(text(n)))),
        case!("reason", TooLong, SENTENCE_CHARS_MAX, |n| order(|o| o.reason = Some(text(n)))),
        case!("short", TooMany, SHORT_LINES_MAX, |n| order(
            |o| o.short = vec![Short::new("A", decimal("1")); n]
        )),
        case!("flags", TooMany, ORDER_FLAGS_MAX, |n| order(
            |o| o.flags = vec![Flag::new(OrderFlag::Price); n]
        )),
        case!("steps", TooMany, ORDER_STEPS_MAX, |n| order(
            |o| o.steps = vec![Step::new(OrderStage::Received, 0); n]
        )),
        case!("flags[0].expected", TooLong, SENTENCE_CHARS_MAX, |n| order(|o| {
            o.flags = vec![Flag { expected: Some(text(n)), ..Flag::new(OrderFlag::Price) }];
        })),
        case!("name", TooLong, NAME_CHARS_MAX, |n| Person::new(text(n), Role::Rep)),
        case!("territories", TooMany, PERSON_TERRITORIES_MAX, |n| Person {
            territories: vec![ID.parse().unwrap(); n],
            ..Person::new("x", Role::Rep)
        }),
        case!("import", TooLong, NAME_CHARS_MAX, |n| Actor {
            import: Some(text(n)),
            ..Actor::new(person(), None)
        }),
        case!("name", TooLong, NAME_CHARS_MAX, |n| Territory::new(text(n))),
        case!("code", TooLong, CODE_CHARS_MAX, |n| Territory { code: Some(text(n)), ..Territory::new("x") }),
        case!("every_weeks", TooLarge, PLAN_WEEKS_MAX, |n| VisitPlan::new(date(), n as u32, vec![1])),
        case!("sequence", TooLarge, PLAN_SEQUENCE_MAX, |n| VisitPlan {
            sequence: Some(n as u32),
            ..VisitPlan::new(date(), 1, vec![1])
        }),
        case!("minute", TooLarge, MINUTE_OF_DAY_MAX, |n| VisitPlan {
            minute: Some(n as u32),
            ..VisitPlan::new(date(), 1, vec![1])
        }),
        case!("name", TooLong, SENTENCE_CHARS_MAX, |n| Holiday::new(date(), text(n))),
        case!("name", TooLong, NAME_CHARS_MAX, |n| Segment::new(text(n))),
        case!("filter", TooLong, NOTES_CHARS_MAX, |n| Segment { filter: Some(text(n)), ..Segment::new("x") }),
        case!("clients", TooMany, SHARED_SEGMENT_CLIENTS_MAX, |n| Segment {
            clients: vec![client(); n],
            ..Segment::new("x")
        }),
        case!("title", TooLong, NAME_CHARS_MAX, |n| Notice::new(text(n), "x")),
        case!("text", TooLong, NOTES_CHARS_MAX, |n| Notice::new("x", text(n))),
        case!("region", TooLong, ADDRESS_LINE_CHARS_MAX, |n| Census::new(text(n), 1, date())),
        case!("sector", TooLong, CODE_CHARS_MAX, |n| Census {
            sector: Some(text(n)),
            ..Census::new("x", 1, date())
        }),
        case!("origin", TooLong, NAME_CHARS_MAX, |n| Census {
            origin: Some(text(n)),
            ..Census::new("x", 1, date())
        }),
        case!("what", TooLong, NAME_CHARS_MAX, |n| Spend {
            what: Some(text(n)),
            ..Spend::new(eur(1), date(), date())
        }),
        case!("value", TooLong, PROFILE_VALUE_BYTES_MAX, |n| Setting::new(Scalar::Text("a".repeat(n)))),
        case!("values", TooMany, PARAMETER_VALUES_MAX, |n| parameter(
            |p| p.values = vec![NamedFloat::new("x", 1.0); n]
        )),
        case!("cuts", TooMany, PARAMETER_CUTS_MAX, |n| parameter(
            |p| p.cuts = vec![Cut::new("x", 1, None); n]
        )),
        case!("values[0].name", TooLong, CODE_CHARS_MAX, |n| parameter(|p| {
            p.values = vec![NamedFloat::new(text(n), 1.0)];
        })),
        case!("rules", TooMany, CROSS_SELL_RULES_MAX, |n| cross_sell(vec![rule(1); n])),
        case!("rules[0].has", TooLong, CODE_CHARS_MAX, |n| cross_sell(vec![rule(n)])),
        case!("goes_with", TooMany, RELATED_ARTICLES_MAX, |n| Article {
            goes_with: (0..n).map(|n| format!("A{n}")).collect(),
            ..Article::new("x")
        }),
        case!("instead[0]", TooLong, CODE_CHARS_MAX, |n| Article {
            instead: vec![text(n)],
            ..Article::new("x")
        }),
        case!("cost", TooLarge, UNIT_PRICE_MAX, |n| Cost::new(Decimal::from(n as u32), Currency::EUR)),
        case!("unit", TooLong, UNIT_CHARS_MAX, |n| Cost {
            unit: Some(text(n)),
            ..Cost::new(decimal("1"), Currency::EUR)
        }),
    ]
}

fn problems(value: &Value) -> Vec<Problem> {
    let mut check = Check::default();
    value.check(&mut check);
    check.into_problems()
}

#[test]
fn every_limit_holds_at_its_edge_and_not_one_past() {
    for (field, code, limit, value) in upper_limits() {
        let kind = value(limit).kind().unwrap();
        assert_eq!(problems(&value(limit)), [], "{kind} {field} at {limit}");
        assert!(value(limit).encode().len() <= OFFICE_VALUE_BYTES_MAX);
        let found = problems(&value(limit + 1));
        let found_limit = found.iter().find(|p| p.field == field && p.code == code).and_then(|p| p.limit);
        assert_eq!(found_limit, Some(limit as i64), "{kind} {field} past {limit}: {found:?}");
    }
}

#[test]
fn fields_that_contradict_each_other_are_found() {
    let before = date().plus_days(-1).unwrap();
    let cases: Vec<(&str, Code, Value)> = vec![
        ("currency", Code::Required, Article { price: Some(decimal("1")), ..Article::new("x") }.into()),
        ("ean", Code::Form, Article { ean: Some("12".into()), ..Article::new("x") }.into()),
        ("article", Code::Required, price(|p| p.article = None)),
        ("price", Code::Required, price(|p| p.price = None)),
        ("until", Code::Order, price(|p| (p.from, p.until) = (Some(date()), Some(before)))),
        ("net", Code::Mismatch, sale(|s| s.net = 1)),
        ("currency", Code::UnknownValue, sale(|s| s.currency = "ZZZ".parse().unwrap())),
        ("event", Code::Contradiction, SalesDay::new(date(), Currency::EUR, -1, true, 1).into()),
        (
            "totals",
            Code::Duplicate,
            SalesMonth::new(date(), Currency::EUR, vec![MonthTotal::new(None, None, None, 1); 2]).into(),
        ),
        ("open", Code::TooSmall, DueItem::new(date(), eur(5), -1).into()),
        ("open", Code::TooLarge, DueItem::new(date(), eur(-5), 1).into()),
        (
            "used",
            Code::Contradiction,
            Credit::new(Some(eur(1)), Some(Money::new(1, Currency::USD)), false).into(),
        ),
        ("reason", Code::Required, order(|o| o.stage = OrderStage::Declined)),
        ("number", Code::Required, order(|o| o.stage = OrderStage::Registered)),
        ("amount", Code::Required, Objective::new(Measure::NetRevenue, date(), date()).into()),
        ("count", Code::Required, Objective::new(Measure::Visits, date(), date()).into()),
        (
            "cover",
            Code::Contradiction,
            Absence { cover: Some(person()), ..Absence::new(person(), date(), date()) }.into(),
        ),
        ("weekdays", Code::Required, VisitPlan::new(date(), 1, vec![]).into()),
        ("weekdays", Code::Form, VisitPlan::new(date(), 1, vec![8]).into()),
        ("weekdays", Code::Duplicate, VisitPlan::new(date(), 1, vec![1, 1]).into()),
        ("every_weeks", Code::TooSmall, VisitPlan::new(date(), 0, vec![1]).into()),
        ("values[0].value", Code::Form, parameter(|p| p.values = vec![NamedFloat::new("x", f64::NAN)])),
    ];
    for (field, code, value) in cases {
        let found = problems(&value);
        assert!(found.iter().any(|p| p.field == field && p.code == code), "{field} {code:?}: {found:?}");
    }
}

#[test]
fn derived_rows_are_named_after_client_period_and_currency() {
    assert_eq!(sales_day_key(client(), date(), Currency::EUR), format!("{ID}/2026-09-21/EUR"));
    assert_eq!(sales_month_key(client(), date(), Currency::EUR), format!("{ID}/2026-09/EUR"));
    let month = SalesMonth::new(date(), Currency::EUR, vec![]);
    assert_eq!(month.month.to_string(), "2026-09-01");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig {
        failure_persistence: None,
        ..proptest::prelude::ProptestConfig::with_cases(10_000)
    })]

    #[test]
    fn mutated_values_are_refused_or_come_back_as_they_were(
        sample: proptest::sample::Index,
        at: proptest::sample::Index,
        byte: u8,
        insert: bool,
    ) {
        let items = items();
        let item = &items[sample.index(items.len())];
        let mut bytes = item.value.as_ref().unwrap().encode();
        let at = at.index(bytes.len());
        if insert {
            bytes.insert(at, byte);
        } else {
            bytes[at] = byte;
        }
        if let Ok(value) = Value::decode(&item.kind, &bytes) {
            proptest::prop_assert_eq!(value.encode(), bytes);
            let _ = Item { value: Some(value), ..item.clone() }.validate();
        }
    }
}
