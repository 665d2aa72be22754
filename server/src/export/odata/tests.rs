//! What OData's options choose, page by page, and what hostile ones do: nothing.

use std::collections::BTreeMap;

use cartera_core::env::{Env, SeededEnv, random_bytes};
use cartera_core::model::Currency;
use cartera_core::model::office::{Sale, SaleLine, SaleSort};
use cartera_core::model::record::{Kind, NoOrderReason, Outcome, Visit};
use serde_json::Value as Json;

use super::options::{Options, SKIP_MAX};
use super::page;
use super::parse::{self, DEPTH_MAX, EXPRESSION_BYTES_MAX, ORDERS_MAX, TERMS_MAX};
use crate::export::format::Numbers;
use crate::export::resources::Resource;
use crate::export::tests::books::{Books, record};

fn visits() -> &'static Resource {
    Resource::find("visits").unwrap()
}

fn pairs(given: &[(&str, &str)]) -> Vec<(String, String)> {
    given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Visits on 40 days, notes of every kind of text.
fn books() -> Books {
    let books = Books::new();
    for (n, name) in ["Bar", "O'Hara's", "Café Ñandú"].into_iter().enumerate() {
        let client = books.client(name);
        for day in 1..=14 {
            let mut visit = Visit::done(if day % 3 == 0 { Outcome::NoOrder } else { Outcome::Order });
            visit.no_order = (day % 3 == 0).then_some(NoOrderReason::ALL[0]);
            visit.minutes = (day % 2 == 0).then_some(day);
            visit.notes = (day % 4 != 0).then(|| format!("it's day {day}, (not) and 'or' {n}"));
            books.put(client, Kind::Visit, &record(&format!("2026-09-{day:02}"), visit));
        }
    }
    books
}

/// All pages of a set, in order, and how many pages there were.
fn pages(books: &Books, set: &'static Resource, given: &[(&str, &str)], rows: u64) -> (Vec<Json>, usize) {
    let (mut entities, mut count, mut token) = (Vec::new(), 0, None);
    let mut given = pairs(given);
    loop {
        let mut asked: Vec<_> = given.clone();
        asked.extend(token.take().map(|token| ("$skiptoken".to_owned(), token)));
        let options = Options::parse(set, &asked).unwrap();
        let read = page::read(&books.store, &options, Numbers::Plain, Some(rows)).unwrap();
        let page: Vec<Json> = serde_json::from_slice(&[b"[", &read.entities[..], b"]"].concat()).unwrap();
        assert_eq!(page.len() as u64, read.count);
        entities.extend(page);
        count += 1;
        // As the next link has it.
        given.retain(|(name, _)| name != "$skip");
        for (_, top) in given.iter_mut().filter(|(name, _)| name == "$top") {
            *top = (top.parse::<u64>().unwrap() - read.count).to_string();
        }
        match read.next {
            Some(next) => token = Some(next.text()),
            None => return (entities, count),
        }
    }
}

fn chosen(books: &Books, filter: &str) -> Vec<Json> {
    pages(books, visits(), &[("$filter", filter)], 5_000).0
}

#[test]
fn a_filter_chooses_what_the_rows_say() {
    let books = books();
    let (all, _) = pages(&books, visits(), &[], 5_000);
    assert_eq!(all.len(), 42);
    let text = |row: &Json, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    type Rule = fn(&Json, &dyn Fn(&Json, &str) -> String) -> bool;
    let rules: &[(&str, Rule)] = &[
        ("date eq 2026-09-05", |row, text| text(row, "date") == "2026-09-05"),
        ("date ge 2026-09-05 and date lt 2026-09-09", |row, text| {
            ("2026-09-05".."2026-09-09").contains(&&text(row, "date")[..])
        }),
        ("outcome ne 'order'", |row, text| text(row, "outcome") != "order"),
        ("minutes gt 6", |row, _| row["minutes"].as_i64().is_some_and(|minutes| minutes > 6)),
        ("minutes eq null", |row, _| row["minutes"].is_null()),
        ("minutes ne null and not (minutes le 6)", |row, _| row["minutes"].as_i64().is_some_and(|m| m > 6)),
        ("client_name eq 'O''Hara''s'", |row, text| text(row, "client_name") == "O'Hara's"),
        ("contains(notes,'(not) and ''or'' 1')", |row, text| text(row, "notes").ends_with(" 1")),
        ("not contains(notes,'day')", |_, _| false), // either it is there and has it, or it is not there
        ("startswith(client_name,'Caf') or endswith(client_name,'ar')", |row, text| {
            text(row, "client_name") != "O'Hara's"
        }),
        ("deleted eq false and device_time ge 2026-09-14T10:00:00Z", |row, text| {
            text(row, "date") == "2026-09-14"
        }),
        ("device_time lt 2026-09-01T12:00:00.001+02:00", |row, text| text(row, "date") == "2026-09-01"),
        ("number gt 1e1", |_, _| true),
    ];
    for (filter, rule) in rules {
        if *filter == "number gt 1e1" {
            assert!(Options::parse(visits(), &pairs(&[("$filter", filter)])).is_err(), "no exponents");
            continue;
        }
        let expected: Vec<&Json> = all.iter().filter(|row| rule(row, &text)).collect();
        let found = chosen(&books, filter);
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{filter}");
        let options = Options::parse(visits(), &pairs(&[("$filter", filter)])).unwrap();
        assert_eq!(page::total(&books.store, &options.query).unwrap(), expected.len() as u64, "{filter}");
    }
}

#[test]
fn pages_give_every_row_once_while_others_write() {
    let books = books();
    let (all, _) = pages(&books, visits(), &[], 5_000);
    for rows in [1, 5, 41, 42, 43] {
        let (paged, count) = pages(&books, visits(), &[], rows);
        assert_eq!(paged, all, "pages of {rows}");
        assert!(count >= 42_usize.div_ceil(rows as usize));
    }
    let (some, _) = pages(&books, visits(), &[("$top", "12"), ("$skip", "3")], 5);
    assert_eq!(some, all[3..15]);
    let (none, _) = pages(&books, visits(), &[("$top", "0")], 5);
    assert_eq!(none, Vec::<Json>::new());
    // Rows that arrive between two pages move none of those that are there.
    let options = Options::parse(visits(), &[]).unwrap();
    let first = page::read(&books.store, &options, Numbers::Plain, Some(20)).unwrap();
    let client = books.client("New");
    books.visit(client, "2026-01-01");
    let token = first.next.unwrap().text();
    let options = Options::parse(visits(), &pairs(&[("$skiptoken", &token)])).unwrap();
    let second = page::read(&books.store, &options, Numbers::Plain, None).unwrap();
    assert_eq!(first.count + second.count, 43);
    for (set, rows) in [("clients", 2), ("contacts", 1), ("people", 1), ("territories", 1)] {
        let set = Resource::find(set).unwrap();
        assert_eq!(pages(&books, set, &[], rows).0, pages(&books, set, &[], 5_000).0);
    }
}

#[test]
fn what_is_computed_comes_whole_over_pages_too() {
    let books = books();
    for (name, least) in [("portfolio", 6), ("figures", 3)] {
        let set = Resource::find(name).unwrap();
        let (whole, one) = pages(&books, set, &[], 5_000);
        assert!(whole.len() >= least && one == 1, "{name}: {whole:?}");
        let (paged, count) = pages(&books, set, &[], 2);
        assert_eq!(paged, whole, "{name}");
        assert!(count >= whole.len() / 2, "{name}: {count} pages");
    }
    let few = pages(&books, Resource::find("portfolio").unwrap(), &[("$filter", "value gt 2.5")], 2).0;
    assert!(!few.is_empty() && few.iter().all(|row| row["value"].as_f64().unwrap() > 2.5), "{few:?}");
}

#[test]
fn an_order_holds_over_pages() {
    let books = books();
    let (all, _) = pages(&books, visits(), &[], 5_000);
    for (order, falling) in [("date", false), ("date desc", true), ("date desc,number asc", true)] {
        let mut expected = all.clone();
        expected.sort_by_key(|row| row["id"].as_str().unwrap().to_owned());
        let date = |row: &Json| row["date"].as_str().unwrap().to_owned();
        if falling {
            expected.sort_by_key(|row| std::cmp::Reverse(date(row)));
        } else {
            expected.sort_by_key(date);
        }
        for rows in [4, 42, 50] {
            let (paged, _) = pages(&books, visits(), &[("$orderby", order)], rows);
            let dates = |rows: &[Json]| rows.iter().map(date).collect::<Vec<_>>();
            assert_eq!(dates(&paged), dates(&expected), "{order} in pages of {rows}");
            let ids: std::collections::BTreeSet<_> = paged.iter().map(|row| row["id"].to_string()).collect();
            assert_eq!(ids.len(), 42);
        }
        if order == "date" {
            assert_eq!(pages(&books, visits(), &[("$orderby", order)], 4).0, expected, "the key decides");
            let asked = [("$orderby", order), ("$skip", "5"), ("$top", "9")];
            assert_eq!(pages(&books, visits(), &asked, 4).0, expected[5..14]);
        }
    }
    let asked = [("$orderby", "date desc"), ("$select", "outcome,id"), ("$top", "1")];
    let (one, _) = pages(&books, visits(), &asked, 4);
    assert_eq!(one[0].as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "outcome"]);
}

#[test]
fn lines_are_chosen_one_by_one() {
    let books = books();
    let client = books.client("Bar");
    let mut sale = Sale::new(SaleSort::Invoice, "2026-09-01".parse().unwrap(), Currency::EUR, 300);
    sale.lines = ["A", "B", "A"].map(|article| SaleLine::new(Some(article.into()), 100)).to_vec();
    books.put_office("sale", client, "S-1", Some(&sale.into()));
    let set = Resource::find("sale_lines").unwrap();
    let (lines, _) = pages(&books, set, &[("$filter", "article eq 'A'"), ("$select", "line")], 1);
    assert_eq!(lines.iter().map(|line| line["line"].as_i64().unwrap()).collect::<Vec<_>>(), [1, 3]);
    let (lines, _) = pages(&books, set, &[("$top", "2")], 1);
    assert_eq!(lines.len(), 2, "never more than were asked");
}

#[test]
fn every_limit_holds_at_its_edge_and_not_past_it() {
    let filter =
        |text: &str| parse::filter(visits(), text).map(|_| ()).map_err(|refusal| refusal.to_string());
    let term = "minutes eq 1";
    let terms = |n: usize| vec![term; n].join(" or ");
    assert_eq!(filter(&terms(TERMS_MAX)), Ok(()));
    assert!(filter(&terms(TERMS_MAX + 1)).unwrap_err().contains("at most 100 comparisons"));
    let nested = |n: usize| format!("{}{term}{}", "(".repeat(n), ")".repeat(n));
    assert_eq!(filter(&nested(DEPTH_MAX)), Ok(()));
    assert!(filter(&nested(DEPTH_MAX + 1)).unwrap_err().contains("inside of one another"));
    assert_eq!(filter(&format!("{}{term}", "not ".repeat(DEPTH_MAX))), Ok(()));
    assert!(filter(&format!("{}{term}", "not ".repeat(DEPTH_MAX + 1))).is_err());
    let long = |n: usize| format!("notes eq '{}'", "a".repeat(n - 11));
    assert_eq!(filter(&long(EXPRESSION_BYTES_MAX)), Ok(()));
    assert!(filter(&long(EXPRESSION_BYTES_MAX + 1)).unwrap_err().contains("4096 bytes"));
    let option = |name: &str, value: String| Options::parse(visits(), &[(name.into(), value)]).map(|_| ());
    assert!(option("$skip", SKIP_MAX.to_string()).is_ok());
    assert!(option("$skip", (SKIP_MAX + 1).to_string()).is_err());
    let sortable = parse::sortable(visits());
    assert_eq!(sortable, ["id", "number", "received_at", "date"]);
    assert!(option("$orderby", sortable[..ORDERS_MAX].join(",")).is_ok());
    assert!(option("$orderby", "outcome".into()).is_err());
    assert!(option("$orderby", "date,date".into()).is_err());
}

#[test]
fn what_cannot_be_read_says_where() {
    for (text, says) in [
        ("", "at character 1: expected a column of visits, found the end"),
        ("date", "at character 5: expected eq, ne, gt, ge, lt or le, found the end"),
        ("date eq 'x'", "at character 9: expected null, or a date like 2026-09-21, found ''x''"),
        ("dáte eq null", "at character 1: expected a column of visits, found 'dáte eq null'"),
        ("notes eq 'a' or", "at character 16: expected a column of visits, found the end"),
        ("notes eq 'a", "at character 10: expected null, or a text in single quotes, found ''a'"),
        ("(notes eq null", "at character 15: expected ')', found the end"),
        ("notes eq null)", "at character 14: expected 'and', 'or', or the end, found ')'"),
        ("contains(minutes,'1')", "at character 10: expected a column of text, found 'minutes,'1')'"),
        (
            "notes eq 'a'; DROP TABLE visits",
            "at character 13: expected 'and', 'or', or the end, found '; DROP TABLE visits'",
        ),
    ] {
        let refusal = parse::filter(visits(), text).unwrap_err().to_string();
        assert_eq!(refusal, format!("$filter: {says}"), "{text}");
    }
    let refused =
        |name: &str, value: &str| Options::parse(visits(), &pairs(&[(name, value)])).unwrap_err().to_string();
    for (name, value) in [
        ("$top", "-1"),
        ("$top", "many"),
        ("$count", "yes"),
        ("$select", "id,secret"),
        ("$select", ""),
        ("$format", "atom"),
        ("$where", "1=1"),
        ("$skiptoken", "AAAA"),
        ("$expand", "clients"),
    ] {
        assert!(
            refused(name, value).contains(if name == "$where" { "'$where'" } else { name }),
            "{name}={value}"
        );
    }
    assert!(
        Options::parse(visits(), &pairs(&[("filter", "x"), ("unknown", "y")])).is_ok(),
        "as the standard has it"
    );
    assert!(Options::parse(visits(), &pairs(&[("$top", "1"), ("$top", "2")])).is_err());
}

/// Whatever is asked is read or refused; and what is read chooses rows of the set, and nothing happens to the store.
#[test]
fn hostile_queries_are_read_or_refused() {
    const SEEDS: &[&str] = &[
        "date ge 2026-09-05 and not (contains(notes,'day') or minutes lt 5)",
        "client_name eq 'O''Hara''s' or startswith(client_name,'Ba') and deleted ne true",
        "device_time lt 2026-09-01T12:00:00.001+02:00",
    ];
    const PIECES: &[&str] = &[
        "'",
        "''",
        "\"",
        "(",
        ")",
        ",",
        " ",
        "\t",
        "\0",
        "not ",
        " and ",
        " or ",
        " eq ",
        "null",
        "-",
        "9223372036854775808",
        "1e999",
        "'; DROP TABLE records; --",
        "\u{202e}",
        "ñ",
        "😀",
        "contains(",
        "2026-13-45",
        "T24:00:00Z",
        "%27",
        "$it",
        "true",
        "..",
        "0x0",
        "Infinity",
        "id",
    ];
    let books = books();
    let (all, _) = pages(&books, visits(), &[], 5_000);
    let env = SeededEnv::new(4, 0);
    let mut read = BTreeMap::<bool, u32>::new();
    for round in 0..20_000_u32 {
        let [seed, at, piece, cut, option, more, ..] = random_bytes::<8>(&env as &dyn Env);
        let mut text: Vec<char> = SEEDS[usize::from(seed) % SEEDS.len()].chars().collect();
        for step in 0..=usize::from(more % 3) {
            let place = (usize::from(at) * 31 + step * 7) % (text.len() + 1);
            let end = (place + usize::from(cut % 6)).min(text.len());
            let put = PIECES[(usize::from(piece) + step) % PIECES.len()].chars();
            text.splice(place..end, put);
        }
        let text: String = text.into_iter().collect();
        let name = ["$filter", "$filter", "$filter", "$orderby", "$select", "$skiptoken", "$top"]
            [usize::from(option) % 7];
        let Ok(options) = Options::parse(visits(), &[(name.to_owned(), text.clone())]) else {
            *read.entry(false).or_default() += 1;
            continue;
        };
        *read.entry(true).or_default() += 1;
        if round % 8 == 0 {
            let given = page::read(&books.store, &options, Numbers::Plain, None).unwrap();
            assert!(given.count <= all.len() as u64, "{name}={text}");
        }
    }
    assert!(read[&true] > 100 && read[&false] > 5_000, "{read:?}");
    assert_eq!(pages(&books, visits(), &[], 5_000).0, all);
    // Places that the relay never gave.
    for token in [
        r#"{"epoch":[7,7,7,7,7,7,7,7],"after":{"Place":{"Record":[18446744073709551615,-9223372036854775808]}}}"#,
        r#"{"epoch":[7,7,7,7,7,7,7,7],"after":{"Place":{"Client":-5}}}"#,
        r#"{"epoch":[7,7,7,7,7,7,7,7],"after":{"Keys":[{"Text":"' OR 1=1"}]}}"#,
        r#"{"epoch":[0,0,0,0,0,0,0,0],"after":{"Place":{"Record":[1,1]}}}"#,
    ] {
        use base64::Engine;
        let text = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(token);
        let Ok(options) = Options::parse(visits(), &pairs(&[("$skiptoken", &text)])) else { continue };
        let _ = page::read(&books.store, &options, Numbers::Plain, None);
    }
}

#[cfg(feature = "demo")]
mod over_http {
    use axum::body::Body;
    use axum::http::{Request, Response};
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde_json::Value as Json;

    use crate::export::tests::world::World;
    use crate::people::Role;
    use crate::testing::ask;

    fn get(world: &World, path: &str, authorization: &str, prefer: &str) -> (Response<()>, String) {
        let request = Request::get(path)
            .header("authorization", authorization)
            .header("host", "relay.example:8443")
            .header("prefer", prefer);
        ask(&world.relay.router(), request.body(Body::empty()).unwrap())
    }

    #[test]
    fn a_program_reads_a_set_to_its_end_by_its_links() {
        let world = World::new();
        for name in ["Bar", "Café", "Ñandú"] {
            world.client(name);
        }
        let basic = format!("Basic {}", STANDARD.encode(format!("excel:{}", world.token)));
        let (head, body) = get(&world, "/v1/odata", &basic, "");
        let service: Json = serde_json::from_str(&body).unwrap();
        assert_eq!(
            (head.status().as_u16(), &head.headers()["odata-version"]),
            (200, &"4.0".parse().unwrap())
        );
        assert_eq!(service["@odata.context"], "http://relay.example:8443/v1/odata/$metadata");
        assert_eq!(service["value"][0]["name"], "clients");
        assert_eq!(get(&world, "/v1/odata/", &basic, "").0.status(), 200);
        let (head, body) = get(&world, "/v1/odata/$metadata", &basic, "");
        assert_eq!(head.headers()["content-type"], "application/xml;charset=utf-8");
        assert!(body.contains("<EntitySet Name=\"visits\" EntityType=\"Cartera.visits\"/>"), "{body}");

        let mut path =
            "/v1/odata/visits?$filter=client_name%20ne%20'Bar'&$select=client_name,id&$count=true".to_owned();
        let mut names = Vec::new();
        loop {
            let (head, body) = get(&world, &path, &basic, "odata.maxpagesize=1");
            assert_eq!(head.status().as_u16(), 200, "{body}");
            assert_eq!(head.headers()["preference-applied"], "odata.maxpagesize=1");
            let page: Json = serde_json::from_str(&body).unwrap();
            let context = "http://relay.example:8443/v1/odata/$metadata#visits(client_name,id)";
            assert_eq!(page["@odata.context"], context);
            assert_eq!(page.get("@odata.count").is_some(), names.is_empty());
            names.extend(page["value"].as_array().unwrap().iter().map(|row| row["client_name"].clone()));
            match page["@odata.nextLink"].as_str() {
                Some(link) => path = link.strip_prefix("http://relay.example:8443").unwrap().to_owned(),
                None => break,
            }
        }
        assert_eq!(names, ["Café", "Ñandú"]);
        let (_, count) = get(&world, "/v1/odata/visits/$count?$filter=client_name%20ne%20'Bar'", &basic, "");
        assert_eq!(count, "2");
        let (_, body) = get(&world, "/v1/odata/visits?$top=1", &basic, "");
        let id = serde_json::from_str::<Json>(&body).unwrap()["value"][0]["id"].as_str().unwrap().to_owned();
        let (_, body) = get(&world, &format!("/v1/odata/visits('{id}')?$select=id"), &basic, "");
        let one: Json = serde_json::from_str(&body).unwrap();
        assert_eq!((&one["id"], one.as_object().unwrap().len()), (&id.into(), 2));
    }

    #[test]
    fn who_may_not_or_asks_wrongly_is_told_in_odata_s_words() {
        let world = World::new();
        let bearer = format!("Bearer {}", world.token);
        let error = |path: &str, authorization: &str| {
            let (head, body) = get(&world, path, authorization, "");
            let body: Json = serde_json::from_str(&body).unwrap_or_else(|_| panic!("{body}"));
            assert_eq!(head.headers()["odata-version"], "4.0");
            (
                head.status().as_u16(),
                body["error"]["code"].as_str().unwrap().to_owned(),
                body["error"]["message"].to_string(),
            )
        };
        for (path, status, code, says) in [
            ("/v1/odata/secrets", 404, "not_found", "no set 'secrets'"),
            ("/v1/odata/visits?$filter=x", 400, "malformed", "$filter: at character 1"),
            ("/v1/odata/visits?$expand=x", 501, "not_implemented", "$expand"),
            ("/v1/odata/visits('nobody')", 404, "not_found", "no entity with that key"),
            ("/v1/odata/visits(1)", 404, "not_found", "in single quotes"),
        ] {
            let (was, found, message) = error(path, &bearer);
            assert_eq!((was, found.as_str()), (status, code), "{path}");
            assert!(message.contains(says), "{message}");
        }
        let login = world.login(Role::Administrator);
        for wrong in [
            "Basic !!!".to_owned(),
            format!("Basic {}", STANDARD.encode("nobody")),
            format!("Basic {}", STANDARD.encode("a:cm_00000000000000000000000000000000000000000000000000")),
            // A person's login is no password that a browser should keep.
            format!("Basic {}", STANDARD.encode(format!("a:{login}"))),
        ] {
            let (head, _) = get(&world, "/v1/odata/visits", &wrong, "");
            assert_eq!(head.status().as_u16(), 401, "{wrong}");
            assert!(head.headers()["www-authenticate"].to_str().unwrap().starts_with("Basic realm="));
        }
        assert_eq!(get(&world, "/v1/odata/visits", &format!("Bearer {login}"), "").0.status(), 200);
        let (head, body) = get(
            &world,
            "/v1/export/visits.csv",
            &format!("Basic {}", STANDARD.encode(format!("a:{}", world.token))),
            "",
        );
        assert_eq!(head.status().as_u16(), 401, "only OData's routes take it: {body}");
    }
}
