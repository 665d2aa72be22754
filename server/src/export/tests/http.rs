//! The export over HTTP: what stands in an answer's head, and whose work a filter chooses.
#![cfg(feature = "demo")]

use cartera_core::model::record::{Kind, Outcome, Visit, VoidReason};
use serde_json::Value;

use super::world::World;
use crate::people::Role;
use crate::testing::code;

/// Ids of the rows of NDJSON, and which of them are deleted.
fn ids(body: &[u8]) -> Vec<(String, bool)> {
    let lines = std::str::from_utf8(body).unwrap().lines();
    let rows = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
    rows.filter_map(|row| Some((row.get("id")?.as_str()?.to_owned(), row["deleted"] == true))).collect()
}

#[test]
fn a_filter_by_rep_chooses_who_wrote_it() {
    let world = World::new();
    let client = world.client("Bar");
    let other = world.relay.person(Role::Rep, &world.rep.territories);
    let second = world.relay.engine(8, &other);
    let over = world.relay.in_process();
    second.sync_over(&over).unwrap();
    let theirs = second.log_visit(&client, Visit::done(Outcome::NoOrder)).unwrap();
    second.sync_over(&over).unwrap();

    let ask = |query: &str| world.get(&format!("/v1/export/visits.ndjson{query}"), Some(&world.token), None);
    assert_eq!(ids(&ask("").1).len(), 2);
    let (head, body) = ask(&format!("?rep={}", other.id));
    assert_eq!(ids(&body), [(theirs.id.to_string(), false)]);
    assert_eq!(ids(&ask(&format!("?rep={},{}", other.id, world.rep.id)).1).len(), 2);
    assert_eq!(ids(&ask(&format!("?rep={client}")).1), [], "nobody of that id");
    // A row that others may hold under the same filter is taken out when it does not fit any more.
    let cursor = head.headers()["cartera-cursor"].to_str().unwrap().to_owned();
    second.void(&client, Kind::Visit, theirs.id, VoidReason::Mistake).unwrap();
    second.sync_over(&over).unwrap();
    let (_, body) = ask(&format!("?rep={}&since={cursor}", other.id));
    assert_eq!(ids(&body), [(theirs.id.to_string(), true)]);
}

#[test]
fn the_head_says_where_to_go_on_and_whether_anything_is_new() {
    let world = World::new();
    let client = world.client("Bar");
    let ask = |path: &str, tag: Option<&str>| world.get(path, Some(&world.token), tag);
    let (head, body) = ask("/v1/export/visits.csv", None);
    let of = |name: &str| head.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(of("content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(of("content-disposition"), "attachment; filename=\"visits.csv\"");
    assert_eq!(of("cache-control"), "private, no-cache");
    assert_eq!((of("cartera-cursor").len(), body.iter().filter(|byte| **byte == b'\n').count()), (40, 2));

    let tag = of("etag");
    let (again, body) = ask("/v1/export/visits.csv", Some(&tag));
    assert_eq!((again.status().as_u16(), body.len()), (304, 0));
    assert_eq!(again.headers()["cartera-cursor"], of("cartera-cursor").as_str());
    let both = format!("\"another\", {}", tag.trim_start_matches("W/"));
    assert_eq!(ask("/v1/export/visits.csv", Some(&both)).0.status(), 304);
    for other in
        ["/v1/export/visits.csv?profile=excel-es", "/v1/export/visits.json", "/v1/export/clients.csv"]
    {
        assert_eq!(ask(other, Some(&tag)).0.status(), 200, "{other} is something else");
    }
    world.phone.log_visit(&client, Visit::done(Outcome::Order)).unwrap();
    world.phone.sync_over(&world.relay.in_process()).unwrap();
    let (new, _) = ask("/v1/export/visits.csv", Some(&tag));
    assert_eq!(new.status(), 200);
    assert_ne!(new.headers()["etag"], tag.as_str());
}

#[test]
fn a_cursor_that_holds_no_more_is_answered_with_what_to_do() {
    let world = World::new();
    let client = world.client("Bar");
    let cursor = |path: &str| {
        let (head, _) = world.get(path, Some(&world.token), None);
        head.headers()["cartera-cursor"].to_str().unwrap().to_owned()
    };
    let before = cursor("/v1/export/visits.csv");
    let ask = |what: &str, since: &str| {
        world.get(&format!("/v1/export/{what}.ndjson?since={since}"), Some(&world.token), None)
    };
    let deed = world.relay.deed(crate::audit::Subject::Client(client));
    world.relay.app.storage.erase(client, crate::testing::NOW_MS, &deed).unwrap();
    let (head, body) = ask("visits", &format!("{before}&columns=id,date"));
    assert_eq!((head.status().as_u16(), code(&body).as_str()), (410, "expired"));
    let problem: Value = serde_json::from_slice(&body).unwrap();
    assert!(problem["detail"].as_str().unwrap().contains("without `since`"), "{problem}");
    assert!(!problem["advice"].as_str().unwrap().is_empty());
    // With all columns a row says whose rows go.
    for resource in ["clients", "visits", "places", "aliases", "due_items", "sale_lines"] {
        let (head, body) = ask(resource, &before);
        assert_eq!(
            (head.status().as_u16(), ids(&body)),
            (200, vec![(client.to_string(), true)]),
            "{resource}"
        );
    }
    // Another life of the log.
    let now = cursor("/v1/export/clients.csv");
    assert_eq!(ask("clients", &now).0.status(), 200);
    world.relay.app.storage.begin_epoch(cartera_core::sync::wire::Epoch([9; 8]), 0).unwrap();
    let (head, body) = ask("clients", &now);
    assert_eq!((head.status().as_u16(), code(&body).as_str()), (410, "expired"));
    for wrong in ["x", "", "0000000000000000000000000000000000000000"] {
        let status = ask("clients", wrong).0.status().as_u16();
        assert!(status == 400 || status == 410, "{wrong}: {status}");
    }
}

/// Answers that nobody reads hold their places.
#[test]
fn so_many_workbooks_are_made_at_one_time_and_no_more() {
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt;

    use crate::http::limits::WORKBOOKS;

    let world = World::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let ask = |path: &str| {
        let request = Request::get(path).header("authorization", format!("Bearer {}", world.token));
        let mut request = request.body(Body::empty()).unwrap();
        let from = std::net::SocketAddr::from(([127, 0, 0, 1], 1));
        request.extensions_mut().insert(axum::extract::ConnectInfo(from));
        runtime.block_on(world.relay.router().oneshot(request)).unwrap()
    };
    let mut held: Vec<_> = (0..WORKBOOKS).map(|_| ask("/v1/export/visits.xlsx")).collect();
    assert!(held.iter().all(|answer| answer.status() == 200));
    let refused = ask("/v1/export/visits.xlsx");
    assert_eq!((refused.status().as_u16(), refused.headers()["retry-after"].to_str().unwrap()), (503, "30"));
    let body = runtime.block_on(axum::body::to_bytes(refused.into_body(), 1 << 16)).unwrap();
    assert_eq!(code(&body), "unavailable");
    assert_eq!(ask("/v1/export/visits.csv").status(), 200, "other formats go on");
    // One is read to its end, another broken off: both give their places back.
    for answer in held.drain(..1) {
        let bytes = runtime.block_on(axum::body::to_bytes(answer.into_body(), 64 << 20)).unwrap();
        assert!(bytes.starts_with(b"PK"));
    }
    drop(held.pop());
    let again: Vec<_> = (0..3).map(|_| ask("/v1/export/visits.xlsx").status().as_u16()).collect();
    assert_eq!(again, [200, 200, 200], "an answer that is dropped at once holds nothing");
}
