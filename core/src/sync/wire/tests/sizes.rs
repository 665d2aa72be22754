//! What the commonest two syncs cost: architecture.md's 'Speed to reach'.

use super::super::*;
use super::samples::document;

/// A cursor of a relay with four billion entries.
fn cursor() -> Option<Cursor> {
    Some(Cursor(vec![0xc0; 29].into()))
}

fn reply(cursor: Option<Cursor>) -> SyncReply {
    SyncReply {
        version: 1,
        epoch: None,
        now_ms: 1_790_000_000_000,
        cursor,
        scope_version: 70_000,
        verdicts: Default::default(),
        actors: Default::default(),
        entries: Default::default(),
        more: false,
        digest: Some(DigestBytes([0xdd; 16])),
        scope: None,
        catch_up: None,
        orders: Default::default(),
    }
}

#[test]
fn nothing_new_takes_at_most_120_bytes_both_ways() {
    let request = SyncRequest { cursor: cursor(), scope_version: 70_000, ..Default::default() };
    let sent = encode(&request).unwrap().len();
    // Even where the log went on without anything for this phone.
    for cursor in [None, cursor()] {
        let got = encode(&reply(cursor)).unwrap().len();
        assert!(sent + got <= 120, "{sent} + {got}");
    }
}

#[test]
fn one_visit_takes_at_most_450_bytes_both_ways() {
    let visit = PushedChange {
        document: document(1),
        generation: 0,
        bytes: vec![0x85; 243].into(), // measured: a visit as a change
        territory: None,
        receipt: None,
        offered: false,
    };
    let request = SyncRequest {
        cursor: cursor(),
        scope_version: 70_000,
        push: vec![visit].into(),
        device_ms: Some(1_790_000_000_000),
        ..Default::default()
    };
    let mut reply = reply(cursor());
    reply.verdicts.push(Verdict::Accepted { number: u64::from(u32::MAX), receipt: Receipt([1; 16]) });
    let (sent, got) = (encode(&request).unwrap().len(), encode(&reply).unwrap().len());
    assert!(sent + got <= 450, "{sent} + {got}");
}
