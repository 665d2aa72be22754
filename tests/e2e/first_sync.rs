//! Pages that are fetched while others are written, over a connection that breaks.

use std::sync::atomic::{AtomicUsize, Ordering};

use cartera_core::engine::Engine;
use cartera_core::model::record::{Outcome, Visit};
use cartera_core::sync::http::{Answer, Call, HttpTransport, Transport, TransportError};
use cartera_core::sync::session::SyncError;

use super::world::{Phone, World};

/// The network, until so many pages were asked for.
struct Breaking {
    inner: HttpTransport,
    pages: usize,
    asked: AtomicUsize,
}

impl Breaking {
    fn to(engine: &Engine, pages: usize) -> Self {
        let relay = engine.identity().unwrap().unwrap().relay;
        Self { inner: HttpTransport::new(&relay, None).unwrap(), pages, asked: AtomicUsize::new(0) }
    }
}

impl Transport for Breaking {
    fn post(&self, call: Call<'_>) -> Result<Answer, TransportError> {
        if call.path == "/v1/fetch" && self.asked.fetch_add(1, Ordering::Relaxed) >= self.pages {
            return Err(TransportError::TimedOut);
        }
        self.inner.post(call)
    }

    fn runs_beside(&self) -> bool {
        self.inner.runs_beside()
    }
}

#[test]
fn a_connection_that_breaks_costs_no_page_that_came() {
    let world = World::new();
    let north = world.territory("Norte");
    let ana = world.phone("Ana", &[north]);
    // Some six pages of documents.
    let clients: Vec<_> = (0..24).map(|n| ana.client(&format!("Bar {n:02}"))).collect();
    for _ in 0..60 {
        for client in &clients {
            let visit = Visit { notes: Some("palabra ".repeat(490)), ..Visit::done(Outcome::NoOrder) };
            ana.engine.log_visit(client, visit).unwrap();
        }
    }
    ana.sync();
    let names = ana.names();
    let fresh = || world.unsynced_phone("Luis", world.rep("Luis", &[north]));
    let check = |luis: &Phone| {
        assert_eq!(luis.names(), names);
        assert!(clients.iter().all(|client| luis.timeline(client).len() == 60));
    };
    let (luis, whole) = (fresh(), usize::MAX);
    let network = Breaking::to(&luis.engine, whole);
    luis.engine.sync_over(&network).unwrap();
    check(&luis);
    let all = network.asked.into_inner();
    assert!(all > 8, "{all} pages");
    for pages in 0..all {
        let luis = fresh();
        let broken = luis.engine.sync_over(&Breaking::to(&luis.engine, pages));
        assert!(matches!(broken, Err(SyncError::Transport(TransportError::TimedOut))), "{broken:?}");
        let network = Breaking::to(&luis.engine, whole);
        let report = luis.engine.sync_over(&network).unwrap();
        assert_eq!(network.asked.into_inner(), all - pages, "each page is fetched once");
        assert_eq!(report.repaired, 0);
        check(&luis);
    }
}
