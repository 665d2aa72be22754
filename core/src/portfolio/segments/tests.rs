#![allow(clippy::unwrap_used)] // a test that cannot be set up has failed

use proptest::prelude::*;
use rusqlite::{Connection, params};

use super::*;
use crate::model::office::DueItem;
use crate::model::{Currency, Money};
use crate::rows::MIGRATIONS;
use crate::rows::office::{OfficeEntry, put};

fn client(n: u8) -> ClientId {
    ClientId::from_bytes([n; 16])
}

fn date(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

const TODAY: &str = "2026-11-25";

/// Names that are SQL, quotes, formulas, right to left.
const NAMES: [&str; 5] = ["Bar Ñandú", "'; DROP TABLE clients; --", "=1+1\"", "مقهى", "100% _bar_"];

fn store() -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    MIGRATIONS.iter().for_each(|sql| conn.execute_batch(sql).unwrap());
    conn.execute("INSERT INTO actors (actor, id) VALUES (1, ?1)", [[1_u8; 16]]).unwrap();
    for (n, name) in NAMES.iter().enumerate() {
        let n = n as u8 + 1;
        let sql = "INSERT INTO documents (doc, id, generation, heads, acked, max_op, size)
                   VALUES (?1, ?2, 0, x'', x'', 0, 0)";
        conn.execute(sql, params![n, client(n)]).unwrap();
        let days = |back: i32| (n <= 3).then(|| date(TODAY).days() - back * i32::from(n));
        conn.execute(
            "INSERT INTO clients (doc, id, name, city, sector, conflicts, last_visit, last_purchase)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![n, client(n), name, (n != 2).then_some("Gijón"), "Café-bar", n % 2, days(10), days(30)],
        )
        .unwrap();
    }
    for (doc, key) in [
        (1, "tag/terraza"),
        (2, "tag/terraza-de-verano"),
        (2, "pref/paga-en-metalico"),
        (3, "taga/x"),
        (3, "tag0"),
    ] {
        let sql =
            "INSERT INTO fields (doc, key, counter, actor, live, value) VALUES (?1, ?2, 1, 1, 1, x'62')";
        conn.execute(sql, params![doc, key]).unwrap();
    }
    // A tag that was taken away again.
    let sql = "INSERT INTO fields (doc, key, counter, actor, live, value) VALUES (4, 'tag/terraza', 1, 1, 0, x'62')";
    conn.execute(sql, []).unwrap();
    for (number, (who, due, open)) in [
        (1, "2026-11-24", 10_000),
        (1, "2026-11-25", 5_000),
        (2, "2026-12-01", 7_000),
        (5, "2026-01-01", -300),
    ]
    .into_iter()
    .enumerate()
    {
        let amount = Money::new(open, Currency::EUR);
        let entry = OfficeEntry {
            kind: "due_item".into(),
            source: "erp".into(),
            key: number.to_string(),
            client: Some(client(who)),
            territory: None,
            value: Some(crate::model::office::Value::from(DueItem::new(date(due), amount, open)).encode()),
        };
        put(&conn, &entry, number as u64 + 1).unwrap();
    }
    conn
}

fn found(conn: &Connection, rule: &str) -> Vec<u8> {
    let members =
        members(conn, Some(rule), &[], date(TODAY)).unwrap_or_else(|error| panic!("{rule}: {error}"));
    members.into_iter().map(|client| client.as_bytes()[0]).collect()
}

#[test]
fn every_sort_of_condition_finds_whom_it_should() {
    let conn = store();
    for (rule, expected) in [
        ("city = \"GIJON\"", &[1, 3, 4, 5][..]),
        ("city != \"gijón\"", &[2]),
        ("city is empty", &[2]),
        ("city is not empty", &[1, 3, 4, 5]),
        ("name begins \"bar\"", &[1]),
        ("name contains \"NANDU\"", &[1]),
        ("name contains \"%\"", &[5]),
        ("name = \"'; drop table clients; --\"", &[2]),
        ("name = \"=1+1\"\"\"", &[3]),
        ("name in (\"مقهى\", \"bar nandu\")", &[1, 4]),
        ("name not in (\"مقهى\", \"bar nandu\")", &[2, 3, 5]),
        ("sector begins \"cafe\"", &[1, 2, 3, 4, 5]),
        ("tag = \"Terraza\"", &[1]),
        ("tag != \"Terraza\"", &[2, 3, 4, 5]),
        ("tag begins \"terraza\"", &[1, 2]),
        ("tag contains \"verano\"", &[2]),
        ("tag in (\"terraza de verano\", \"x\")", &[2]),
        ("tag not in (\"terraza de verano\", \"terraza\")", &[3, 4, 5]),
        ("tag is empty", &[3, 4, 5]),
        ("tag is not empty", &[1, 2]),
        ("preference = \"Paga en metálico\"", &[2]),
        ("conflicts > 0", &[1, 3, 5]),
        ("conflicts = 0.5", &[]),
        ("conflicts < 0.5", &[2, 4]),
        ("days_since_visit > 10", &[2, 3]),
        ("days_since_visit >= 10", &[1, 2, 3]),
        ("days_since_visit <= 10", &[1]),
        ("days_since_order < 60", &[1]),
        ("last_visit = 2026-11-15", &[1]),
        ("last_visit < 2026-11-15", &[2, 3]),
        ("last_visit is empty", &[4, 5]),
        ("closed = no", &[1, 2, 3, 4, 5]),
        ("closed != NO", &[]),
        ("open_balance > 100.00 EUR", &[1]),
        ("open_balance = 150 EUR", &[1]),
        ("overdue_balance >= 100 EUR", &[1]),
        ("overdue_balance > 100 EUR", &[]),
        ("open_balance < 0 EUR", &[5]),
        ("open_balance > 1 USD", &[]),
        ("days_since_visit > 10 and city = \"gijon\"", &[3]),
        ("days_since_visit > 10 or city = \"gijon\"", &[1, 2, 3, 4, 5]),
        ("(tag = \"terraza\" or days_since_visit > 20) and conflicts > 0", &[1, 3]),
        ("(tag = \"terraza\" and conflicts > 0) or (last_visit is empty and conflicts > 0)", &[1, 5]),
        ("CITY = \"gijon\" AND Tag = \"terraza\"", &[1]),
    ] {
        assert_eq!(found(&conn, rule), expected, "{rule}");
        let parsed: Rule = rule.parse().unwrap();
        assert_eq!(parsed.to_string().parse::<Rule>(), Ok(parsed), "{rule}");
    }
    let left: i64 = conn.query_row("SELECT count(*) FROM clients", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 5, "nothing was executed");
}

#[test]
fn a_list_of_names_and_a_rule_are_one_set() {
    let conn = store();
    conn.execute("UPDATE clients SET alias_of = ?1 WHERE doc = 1", [client(3)]).unwrap();
    let named = [client(1), client(9), client(4)];
    let of = |rule| members(&conn, rule, &named, date(TODAY)).unwrap();
    let told = |members: BTreeSet<ClientId>| members.into_iter().map(|c| c.as_bytes()[0]).collect::<Vec<_>>();
    assert_eq!(
        told(of(None)),
        [3, 4],
        "the one that was merged is the other, and one that is not here is left out"
    );
    assert_eq!(told(of(Some("tag is not empty"))), [2, 3, 4]);
    // What is due from a client that was merged is due from the one that is kept.
    assert_eq!(found(&conn, "open_balance = 150 EUR"), [3]);
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let of = |rule: &str| rule.parse::<Rule>().map(|rule| rule.to_string());
    for (rule, code, at) in [
        ("", "rule_unexpected", 1),
        ("city", "rule_unexpected", 5),
        ("ciudad = \"Gijón\"", "rule_field", 1),
        ("city = \"Gijón\" and", "rule_unexpected", 19),
        ("city = \"Gijón\" ; drop table clients", "rule_unexpected", 16),
        ("city = \"Gijón", "rule_unclosed", 8),
        ("city = Gijón", "rule_unexpected", 8),
        ("ñ = 1", "rule_field", 1),
        ("city < \"a\"", "rule_operator", 6),
        ("conflicts contains 1", "rule_operator", 11),
        ("conflicts > \"1\"", "rule_unexpected", 13),
        ("last_visit = 2026-02-30", "rule_unexpected", 14),
        ("closed = maybe", "rule_word", 10),
        ("open_balance > 12", "rule_unexpected", 18),
        ("open_balance > 12 XYZ", "rule_unexpected", 19),
        ("open_balance > 12.345 EUR", "rule_unexpected", 16),
        ("conflicts = 1 and conflicts = 2 or conflicts = 3", "rule_mixed", 33),
        ("((conflicts = 1))", "rule_nested", 2),
        ("(conflicts = 1", "rule_unexpected", 15),
        ("conflicts = 1)", "rule_unexpected", 14),
        ("city not = \"a\"", "rule_unexpected", 10),
        ("city is nothing", "rule_unexpected", 9),
        ("city in ()", "rule_unexpected", 10),
        ("city in (\"a\" \"b\")", "rule_unexpected", 14),
        ("city = \"Gijón\" ; ñ", "rule_unexpected", 16),
        ("1 = 1", "rule_field", 1),
        ("! = 1", "rule_field", 1),
    ] {
        let error = of(rule).unwrap_err();
        assert_eq!((error.code(), error.at()), (code, Some(at)), "{rule}: {error}");
    }
}

#[test]
fn limits_at_the_edge_and_one_past() {
    let conditions = |n: usize| vec!["conflicts = 1"; n].join(" or ").parse::<Rule>();
    assert!(conditions(CONDITIONS_MAX).is_ok());
    let error = conditions(CONDITIONS_MAX + 1).unwrap_err();
    assert!(matches!(error, RuleError::TooManyConditions { max: CONDITIONS_MAX, .. }));
    let values = |n: usize| format!("conflicts in ({})", vec!["1"; n].join(", ")).parse::<Rule>();
    assert!(values(VALUES_MAX).is_ok());
    assert!(matches!(values(VALUES_MAX + 1).unwrap_err(), RuleError::TooManyValues { .. }));
    let long = |n: usize| format!("city = \"{}\"", "ñ".repeat(n - 9)).parse::<Rule>();
    assert!(long(RULE_CHARS_MAX).is_ok());
    assert_eq!(long(RULE_CHARS_MAX + 1).unwrap_err(), RuleError::TooLong { max: RULE_CHARS_MAX });
    // The largest rule there is runs.
    let conn = store();
    let many = vec!["(tag in (\"a\") and open_balance > 1 EUR)"; CONDITIONS_MAX / 2].join(" or ");
    assert!(found(&conn, &many).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever is typed is a rule or an error that tells a place within it; a rule runs.
    #[test]
    fn anything_may_be_typed(pieces in prop::collection::vec(piece(), 0..14)) {
        let text = pieces.join(" ");
        match text.parse::<Rule>() {
            Ok(rule) => {
                prop_assert_eq!(rule.to_string().parse::<Rule>(), Ok(rule.clone()));
                // Compiled, it is SQL that SQLite takes.
                CONN.with(|conn| members(conn, Some(&text), &[], date(TODAY)))
                    .map_err(|error| TestCaseError::fail(error.to_string()))?;
            }
            Err(error) => {
                let at = error.at().unwrap_or(1);
                prop_assert!((1..=text.chars().count() + 1).contains(&at), "{text}: {error}");
            }
        }
    }
}

thread_local! {
    static CONN: Connection = store();
}

fn piece() -> impl Strategy<Value = String> {
    let words = [
        "city",
        "tag",
        "conflicts",
        "closed",
        "last_visit",
        "open_balance",
        "and",
        "or",
        "(",
        ")",
        ",",
        "=",
        "!=",
        "<",
        ">=",
        "in",
        "not",
        "is",
        "empty",
        "contains",
        "begins",
        "\"a\"",
        "\"'; --\"",
        "\"\"\"\"",
        "1",
        "-0.5",
        "2026-01-31",
        "12 EUR",
        "yes",
        "ñ",
        "?1",
        "'",
    ];
    let conditions =
        ["city = \"a\"", "tag is empty", "conflicts in (1, 2)", "overdue_balance > 1 EUR", "and", "or"];
    prop_oneof![
        3 => prop::sample::select(conditions.to_vec()).prop_map(str::to_owned),
        2 => prop::sample::select(words.to_vec()).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ]
}

#[test]
fn a_segment_about_a_territory_has_that_ones_clients_alone() {
    use crate::model::TerritoryId;
    use crate::model::office::{Segment, Value as Office};

    let conn = store();
    let north = TerritoryId::from_bytes([7; 16]);
    conn.execute("UPDATE clients SET territory = ?1 WHERE doc IN (1, 2)", [north]).unwrap();
    let write = |number: u64, territory, segment: Option<Segment>| {
        let entry = OfficeEntry {
            kind: "segment".into(),
            source: "erp".into(),
            key: "S1".into(),
            client: None,
            territory,
            value: segment.map(|segment| Office::from(segment).encode()),
        };
        put(&conn, &entry, number).unwrap();
    };
    let told = |saved: &Saved| -> Vec<u8> {
        saved.members(&conn, date(TODAY)).unwrap().into_iter().map(|client| client.as_bytes()[0]).collect()
    };
    let segment = Segment {
        filter: Some("conflicts = 1".into()),
        clients: vec![client(2), client(4)],
        ..Segment::new("'; --")
    };
    write(100, None, Some(segment.clone()));
    let saved = shared_one(&conn, "erp", "S1").unwrap().unwrap();
    assert_eq!((told(&saved), saved.is_watched()), (vec![1, 2, 3, 4, 5], false));
    assert_eq!(shared(&conn).unwrap(), [saved]);
    write(101, Some(north), Some(segment));
    assert_eq!(told(&shared_one(&conn, "erp", "S1").unwrap().unwrap()), [1, 2]);
    write(102, None, Some(Segment { filter: Some("unknown = 1".into()), ..Segment::new("of tomorrow") }));
    let saved = shared_one(&conn, "erp", "S1").unwrap().unwrap();
    assert_eq!(saved.members(&conn, date(TODAY)).unwrap_err().code(), "rule_field");
    write(103, None, None);
    assert_eq!((shared(&conn).unwrap(), shared_one(&conn, "erp", "S1").unwrap()), (vec![], None));
}
