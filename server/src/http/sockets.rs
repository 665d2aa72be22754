//! Connections that announce what they do not send, stall, or send too much: over real sockets.
//!
//! Deadlines are an hour but for the one that is tried; so whatever should not wait for one of them fails by the bound on
//! reading, and nothing here depends on how fast the machine is.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use cartera_core::env::random_bytes;
use cartera_core::sync::wire::{self, EnrolRequest, Hash, SyncReply, SyncRequest, Versions};
use futures_util::FutureExt;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::auth::Known;
use super::body::{Budget, WireBody};
use super::limits::{self, Deadlines};
use super::serve::{Listen, Listener, Running, serve_within};
use super::tls::Tls;
use crate::app::App;
use crate::devices::{Purpose, enrol};
use crate::people::Role;
use crate::people::access::By;
use crate::testing::Relay;

const HOUR: Duration = Duration::from_secs(3600);
const LONG: Deadlines = Deadlines { head: HOUR, body_silence: HOUR, body: HOUR, answer: HOUR };
/// The tried one.
const SHORT: Duration = Duration::from_millis(100);
/// Nothing takes this long that goes on at all.
const PATIENCE: Duration = Duration::from_secs(60);

fn serve(app: &App, deadlines: Deadlines) -> Running {
    serve_within(app.clone(), Listener::bind(&Listen::loopback()).unwrap(), deadlines).unwrap()
}

fn connect(address: SocketAddr) -> TcpStream {
    let socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket
}

/// A request's head, and what follows it.
fn send(relay: &Running, path: &str, headers: &[String], body: &[u8]) -> TcpStream {
    let mut socket = connect(relay.address());
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\r\n");
    // It may have answered and closed already.
    let _ = socket.write_all(head.as_bytes()).and_then(|()| socket.write_all(body));
    socket
}

/// The answer's status and body; 0 where the connection was reset before there was one.
fn answer(mut socket: TcpStream) -> (u16, Vec<u8>) {
    let mut bytes = Vec::new();
    if let Err(error) = socket.read_to_end(&mut bytes) {
        // Where the relay closed with something unread; what it answered may be here all the same.
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{error}");
    }
    let head = bytes.windows(4).position(|window| window == b"\r\n\r\n").map_or(bytes.len(), |at| at + 4);
    let status = std::str::from_utf8(&bytes).ok().or_else(|| std::str::from_utf8(&bytes[..head]).ok());
    let status = status.and_then(|text| text.get(9..12)).and_then(|digits| digits.parse().ok());
    (status.unwrap_or_default(), bytes[head..].to_vec())
}

fn of_type(kind: &str) -> String {
    format!("content-type: {kind}")
}

fn of_length(bytes: usize) -> String {
    format!("content-length: {bytes}")
}

fn bearer(token: &str) -> String {
    format!("authorization: Bearer {token}")
}

/// A whole sync.
fn sync(relay: &Running, token: &str) -> (u16, Vec<u8>) {
    let body = wire::encode(&SyncRequest::default()).unwrap();
    let headers = [bearer(token), of_type(wire::MEDIA_TYPE), of_length(body.len())];
    answer(send(relay, "/v1/sync", &headers, &body))
}

fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        std::thread::yield_now();
    }
}

#[test]
fn who_announces_much_and_sends_little_holds_nobody_up() {
    let relay = Relay::new();
    let ana = relay.person(Role::Rep, &[]);
    let token = relay.phone(&ana);
    let running = serve(&relay.app, LONG);
    let (known, strangers) = (&relay.app.budgets.known.room, &relay.app.budgets.strangers.room);
    let before = (known.available_permits(), strangers.available_permits());

    let chunked = "transfer-encoding: chunked".to_owned();
    let mut held: Vec<_> = (0..32)
        .map(|_| {
            let headers = [of_type(wire::MEDIA_TYPE), chunked.clone()];
            send(&running, "/v1/enrol", &headers, b"2\r\n\xa1\x00\r\n")
        })
        .collect();
    held.extend((0..32).map(|_| {
        let headers = [bearer(&token), of_type(wire::MEDIA_TYPE), of_length(limits::BODY_MAX)];
        send(&running, "/v1/sync", &headers, b"\xa1\x00")
    }));
    // Each takes what came of it, and no more.
    until("all of them are read", || {
        (known.available_permits(), strangers.available_permits()) == (before.0 - 32, before.1 - 32)
    });

    assert_eq!(sync(&running, &token).0, 200);
    let code = enrol::invite(&relay.app, By::CONSOLE, ana.id, Purpose::Device).unwrap().code;
    let request = EnrolRequest {
        versions: Versions::SPOKEN,
        code: code.into(),
        token_hash: Hash(random_bytes(relay.env.as_ref())),
        device_name: "phone".into(),
        workspace: None,
    };
    let body = wire::encode(&request).unwrap();
    let headers = [of_type(wire::MEDIA_TYPE), of_length(body.len())];
    let (status, _) = answer(send(&running, "/v1/enrol", &headers, &body));
    assert_eq!(status, 200);
    drop(held);
    until("what they held is given back", || {
        (known.available_permits(), strangers.available_permits()) == before
    });
}

#[test]
fn a_body_without_a_token_is_short() {
    let relay = Relay::new();
    let token = relay.phone(&relay.person(Role::Rep, &[]));
    let running = serve(&relay.app, LONG);
    let chunk =
        |bytes: usize| [format!("{bytes:x}\r\n").as_bytes(), &vec![b' '; bytes], b"\r\n0\r\n\r\n"].concat();
    for (path, kind) in [("/v1/enrol", wire::MEDIA_TYPE), ("/v1/session", "application/json")] {
        for (bytes, is_taken) in [(limits::STRANGER_BODY_MAX, true), (limits::STRANGER_BODY_MAX + 1, false)] {
            let announced = [of_type(kind), of_length(bytes)];
            let chunked = [of_type(kind), "transfer-encoding: chunked".to_owned()];
            let statuses = [
                answer(send(&running, path, &announced, &vec![b' '; bytes])).0,
                answer(send(&running, path, &chunked, &chunk(bytes))).0,
            ];
            assert_eq!(statuses, [if is_taken { 400 } else { 413 }; 2], "{path}, {bytes}");
        }
    }
    // A token that is not good is none; a good one may send more.
    let much = [of_type(wire::MEDIA_TYPE), of_length(limits::BODY_MAX)];
    assert_eq!(answer(send(&running, "/v1/enrol", &[&much[..], &[bearer(&token)]].concat(), b"")).0, 413);
    assert_eq!(
        answer(send(&running, "/v1/sync", &[&much[..], &[bearer(&"x".repeat(52))]].concat(), b"")).0,
        401
    );
    let body = vec![0xff; limits::STRANGER_BODY_MAX + 1];
    let more = [bearer(&token), of_type(wire::MEDIA_TYPE), of_length(body.len())];
    assert_eq!(answer(send(&running, "/v1/sync", &more, &body)).0, 400);
}

#[test]
fn bodies_that_wait_for_one_another_all_arrive() {
    const BYTES: usize = 200 << 10;
    const FIRST: usize = 20 << 10;
    let relay = Relay::new();
    let mut app = relay.app.clone();
    app.budgets.known = Budget::new((64 << 10) + limits::JSON_MAX, limits::JSON_MAX);
    let token = relay.login(Role::Administrator);
    let running = serve(&app, LONG);
    let headers = [bearer(&token), of_type("application/json"), of_length(BYTES)];
    let held: Vec<_> = (0..8).map(|_| send(&running, "/v1/people", &headers, &vec![b' '; FIRST])).collect();
    until("one may go on without room", || app.budgets.known.turn.available_permits() == 0);
    let rest: Vec<_> = held
        .into_iter()
        .map(|mut socket| {
            std::thread::spawn(move || {
                socket.write_all(&vec![b' '; BYTES - FIRST]).unwrap();
                answer(socket).0
            })
        })
        .collect();
    let statuses: Vec<_> = rest.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(statuses, [400; 8], "blanks are no person, and each was read to its end");
}

#[test]
fn who_has_no_token_waits_for_others_without_one_only() {
    let relay = Relay::new();
    let mut app = relay.app.clone();
    // No room but for one at a time.
    app.budgets.strangers = Budget::new(limits::STRANGER_BODY_MAX, limits::STRANGER_BODY_MAX);
    let token = relay.phone(&relay.person(Role::Rep, &[]));
    let running = serve(&app, LONG);
    let headers = [of_type("application/json"), of_length(14)];
    let stalls = send(&running, "/v1/session", &headers, b"{\"code\":");
    until("it has the turn", || app.budgets.strangers.turn.available_permits() == 0);
    let waits = send(&running, "/v1/session", &headers, b"{\"code\":\"abc\"}");
    until("both are here", || app.metrics.in_flight.get() == 2);
    assert_eq!(sync(&running, &token).0, 200);
    assert_eq!(app.metrics.in_flight.get(), 2, "it waits");
    drop(stalls);
    assert_eq!(answer(waits).0, 401);
}

#[test]
fn room_is_taken_up_to_the_budget_and_then_one_goes_on_without() {
    let covered = |share: &mut super::body::Share, kib: usize| match share.cover(kib << 10).now_or_never() {
        Some(done) => done.is_ok(),
        None => false,
    };
    let budget = Budget::new(12 << 10, 4 << 10);
    let [mut a, mut b, mut c, mut d] = [(); 4].map(|()| budget.share());
    assert!(covered(&mut a, 4) && covered(&mut b, 3) && covered(&mut b, 4), "all the room");
    assert!(covered(&mut b, 4), "nothing more");
    assert!(covered(&mut c, 1) && budget.turn.available_permits() == 0, "its turn");
    assert!(covered(&mut c, 4), "to its end");
    assert!(!covered(&mut d, 1), "one past it");
    assert!(!covered(&mut a, 5), "nor those that have room");
    drop(b);
    assert!(covered(&mut d, 1) && covered(&mut a, 5));
    drop(c);
    assert!(covered(&mut d, 4) && budget.turn.available_permits() == 0, "the next one's turn");
    drop((a, d));
    assert_eq!((budget.room.available_permits(), budget.turn.available_permits()), (8, 1), "all given back");
}

#[test]
fn who_gets_the_turn_gives_its_room_to_the_others() {
    let budget = Budget::new(8 << 10, 4 << 10);
    let [mut a, mut b] = [(); 2].map(|()| budget.share());
    assert!(a.cover(3 << 10).now_or_never().is_some());
    assert!(a.cover(5 << 10).now_or_never().is_some(), "there is one kilobyte, and its turn");
    assert_eq!((budget.room.available_permits(), budget.turn.available_permits()), (4, 0));
    assert!(b.cover(4 << 10).now_or_never().is_some());
}

fn from_phone(body: Vec<u8>) -> Request {
    let mut request =
        Request::post("/").header("content-type", wire::MEDIA_TYPE).body(Body::from(body)).unwrap();
    request.extensions_mut().insert(Known);
    request
}

#[test]
fn what_a_body_unpacks_to_is_in_the_budget_and_no_more_comes_out() {
    let relay = Relay::new();
    let mut app = relay.app.clone();
    let units = (100 << 10) / 1024;
    app.budgets.inflated = Arc::new(Semaphore::new(units));
    let read = |body: &[u8]| WireBody::from_request(from_phone(body.to_vec()), &app).now_or_never();
    let body = zstd::bulk::compress(&vec![0; 100 << 10], 3).unwrap();
    let first = read(&body).unwrap().unwrap();
    assert_eq!(app.budgets.inflated.available_permits(), 0);
    assert!(read(&body).is_none(), "it waits");
    drop(first);
    let held = read(&body).unwrap().unwrap();
    drop(held);

    // As if it were less: bytes 5 to 8 of the frame are the length.
    let mut lies = body.clone();
    lies[5..9].copy_from_slice(&70_000_u32.to_le_bytes());
    let lies = read(&lies).unwrap().unwrap();
    assert_eq!(app.budgets.inflated.available_permits(), units - 69);
    let error = lies.decode::<SyncReply>().unwrap_err();
    assert_eq!(error.code, "malformed", "{error:?}");

    let stranger = |bytes: usize| {
        let body = zstd::bulk::compress(&vec![0; bytes], 3).unwrap();
        let request =
            Request::post("/").header("content-type", wire::MEDIA_TYPE).body(Body::from(body)).unwrap();
        let body = WireBody::from_request(request, &app).now_or_never().unwrap().unwrap();
        body.decode::<EnrolRequest>().unwrap_err().code
    };
    assert_eq!(stranger(limits::STRANGER_BODY_MAX), "malformed");
    assert_eq!(stranger(limits::STRANGER_BODY_MAX + 1), "too_large");
}

#[test]
fn a_phones_body_has_its_bounds_packed_and_unpacked() {
    let relay = Relay::new();
    let read = |body: Vec<u8>| {
        let body = WireBody::from_request(from_phone(body), &relay.app).now_or_never().unwrap()?;
        body.decode::<SyncReply>().map(drop)
    };
    let code = |body: Vec<u8>| read(body).unwrap_err().code;
    assert_eq!(code(vec![0xff; limits::BODY_MAX]), "malformed");
    assert_eq!(code(vec![0xff; limits::BODY_MAX + 1]), "too_large");
    let packed = |bytes: usize| zstd::bulk::compress(&vec![0xff; bytes], 3).unwrap();
    assert_eq!(code(packed(limits::INFLATED_MAX)), "malformed");
    assert_eq!(code(packed(limits::INFLATED_MAX + 1)), "too_large");
}

#[test]
fn silence_in_a_head_ends_the_connection() {
    let relay = Relay::new();
    let running = serve(&relay.app, Deadlines { head: SHORT, ..LONG });
    for begun in ["", "G", "GET /health HTTP/1.1\r\nhost: x\r\n", "PRI * HTTP/2.0\r\n\r\nSM"] {
        let mut socket = connect(running.address());
        socket.write_all(begun.as_bytes()).unwrap();
        let (status, _) = answer(socket);
        assert!([0, 408].contains(&status), "{begun:?}: {status}");
    }
    // Also in the second request of a connection. (The first may come too late on a busy machine.)
    until("the first is answered, and the connection ends", || {
        let mut socket = connect(running.address());
        let _ =
            socket.write_all(b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\nGET /health/live HTTP/1.1\r\n");
        answer(socket).0 == 200
    });
}

#[test]
fn silence_in_a_tls_handshake_ends_the_connection() {
    let relay = Relay::new();
    let tls = Tls::Own { folder: relay.dir.path().into(), names: Vec::new() };
    let listener = Listener::bind(&Listen { tls, ..Listen::loopback() }).unwrap();
    let running = serve_within(relay.app.clone(), listener, Deadlines { head: SHORT, ..LONG }).unwrap();
    assert_eq!(answer(connect(running.address())).0, 0);
}

#[test]
fn a_head_has_a_bound() {
    let relay = Relay::new();
    let running = serve(&relay.app, LONG);
    let padded = |bytes: usize| {
        let headers =
            [of_type("application/json"), of_length(2), format!("x-padding: {}", "x".repeat(bytes))];
        answer(send(&running, "/v1/session", &headers, b"{}")).0
    };
    assert_eq!(padded(limits::CONNECTION_BUFFER / 2), 400, "a session needs a code");
    // Its end is never read: where the connection's reset overtakes the answer, there is none.
    assert!(matches!(padded(limits::CONNECTION_BUFFER), 431 | 0));
}

#[test]
fn silence_in_a_body_ends_it() {
    let relay = Relay::new();
    let running = serve(&relay.app, Deadlines { body_silence: SHORT, ..LONG });
    let headers = [of_type("application/json"), of_length(14)];
    let (status, body) = answer(send(&running, "/v1/session", &headers, b"{\"code\":"));
    assert_eq!(status, 400, "{}", String::from_utf8_lossy(&body));
    assert!(String::from_utf8_lossy(&body).contains("broke off"));
}

#[test]
fn a_body_that_trickles_on_ends_too() {
    let relay = Relay::new();
    let running = serve(&relay.app, Deadlines { body: SHORT, ..LONG });
    let headers = [of_type("application/json"), "transfer-encoding: chunked".to_owned()];
    let mut socket = send(&running, "/v1/session", &headers, b"");
    let begun = Instant::now();
    socket.set_read_timeout(Some(Duration::from_millis(1))).unwrap();
    // A byte at a time, far fewer than it may have.
    while socket.write_all(b"1\r\n \r\n").is_ok() && socket.peek(&mut [0]).is_err() {
        assert!(begun.elapsed() < PATIENCE, "it is read for ever");
    }
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    assert_eq!(answer(socket).0, 400);
}

#[test]
fn an_answer_has_a_deadline() {
    let relay = Relay::new();
    let running = serve(&relay.app, Deadlines { answer: SHORT, ..LONG });
    let headers = [of_type("application/json"), of_length(14)];
    assert_eq!(answer(send(&running, "/v1/session", &headers, b"{\"code\":")).0, 408);
}
