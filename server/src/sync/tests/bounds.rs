//! What a reply can carry bounds what is let in: at the edge, and one past it.

use cartera_core::model::DocumentId;
use cartera_core::sync::wire::{self, FetchRequest, Refusal, Stage, StillToFetch, Verdict, limits};
use rusqlite::{Connection, params};

use super::phone::Phone;
use super::push::one_rep;
use crate::app::Folder;
use crate::clients::{end_lending, lend};
use crate::people::Role;
use crate::people::access::By;
use crate::refused::Refused;
use crate::storage::office::OfficeWrite;
use crate::sync::{bootstrap, sync, today, wanted};
use crate::testing::{NOW_MS, Relay};

fn books(relay: &Relay) -> Connection {
    let conn = Connection::open(Folder::new(relay.dir.path()).database()).unwrap();
    conn.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    conn
}

#[test]
fn a_phone_gets_no_more_bytes_than_a_body_holds() {
    let (least, most) = (limits::WANT_BYTES_MIN, limits::WANT_BYTES_MAX);
    let asked = [Some(0), Some(least - 1), Some(least), Some(most), Some(most + 1), Some(u32::MAX), None];
    let given = [least, least, least, most, most, most, limits::WANT_BYTES_DEFAULT];
    assert_eq!(asked.map(wanted), given.map(|bytes| bytes as usize));

    // Three times as much as fits, in pulls and in pages.
    let (relay, _, mut phone) = one_rep();
    let piece = 32 << 10;
    let record = |n: usize| OfficeWrite {
        kind: "notice".into(),
        source: "erp".into(),
        key: n.to_string(),
        value: Some([&[0x59, 0x7f, 0xfd][..], &vec![n as u8; piece - 3]].concat()),
        ..OfficeWrite::default()
    };
    let count = 3 * most as usize / piece;
    let records: Vec<_> = (0..count).map(record).collect();
    relay.app.storage.put_office(&records, NOW_MS).unwrap();
    phone.want_bytes = Some(u32::MAX);
    let pulled = sync(&relay.app, &phone.device, phone.request()).unwrap();
    let fits = most as usize / piece;
    assert!(pulled.more && (fits - 2..=fits + 1).contains(&pulled.entries.len()), "{}", pulled.entries.len());
    let request = FetchRequest {
        scope_version: phone.scope.version,
        page: Some(StillToFetch { stage: Stage::Settings, territory: None, after: Default::default() }),
        want_bytes: Some(u32::MAX),
        ..FetchRequest::default()
    };
    let page = bootstrap::fetch(&relay.app, &phone.device, &request).unwrap();
    assert!(
        !page.next.is_empty() && (fits - 2..=fits + 1).contains(&page.items.len()),
        "{}",
        page.items.len()
    );
}

#[test]
fn nobody_is_lent_more_clients_than_a_scope_holds() {
    let (relay, north, mut phone) = one_rep();
    let clients = [(); 3].map(|()| phone.create(&relay, Some(north)));
    phone.sync(&relay.app);
    let other = relay.person(Role::Rep, &[]);
    let mut others = Phone::new(&relay, &other);
    others.sync(&relay.app);
    let lend_to = |place: usize| lend(&relay.app, By::CONSOLE, clients[place], other.id, None, None);

    // As many as fit but one, of clients that nobody needs to look at.
    let conn = books(&relay);
    let lent = limits::SCOPE_LENT - 1;
    conn.execute(
        "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
         INSERT INTO documents (doc, id, generation, heads, acked, max_op, size)
         SELECT 1000000 + n, randomblob(16), 0, x'', x'', 0, 0 FROM n",
        [lent],
    )
    .unwrap();
    conn.execute(
        "INSERT INTO lendings (doc, person, from_day, until_day, until_assigned, active)
         SELECT doc, ?1, NULL, NULL, 0, 1 FROM documents WHERE doc > 1000000",
        [other.id],
    )
    .unwrap();
    lend_to(0).unwrap();
    let refused = lend_to(1).unwrap_err();
    assert!(matches!(refused, Refused::Limit { max: limits::SCOPE_LENT, .. }), "{refused}");
    assert_eq!(refused.code(), "limit");
    lend_to(0).unwrap();
    let scope = relay.app.storage.scope_of(others.device.id).unwrap().unwrap();
    assert_eq!(scope.lent.len(), limits::SCOPE_LENT);
    wire::encode(&scope).unwrap();

    // Nor by making them: who creates one elsewhere has it no more than others, once it is the office's.
    let elsewhere = others.create(&relay, Some(north));
    let reply = sync(&relay.app, &others.device, others.request()).unwrap();
    assert!(reply.verdicts.iter().all(Verdict::is_good), "{:?}", reply.verdicts);
    let count = |client: DocumentId| -> i64 {
        let sql = "SELECT count(*) FROM lendings JOIN documents USING (doc) WHERE id = ?1";
        conn.query_row(sql, [client], |row| row.get(0)).unwrap()
    };
    assert_eq!(count(elsewhere.into()), 0);

    // One that is over makes room.
    conn.execute(
        "UPDATE lendings SET until_day = ?1, active = 0 WHERE doc = 1000001",
        params![today(NOW_MS) - 1],
    )
    .unwrap();
    lend_to(1).unwrap();
    assert!(lend_to(2).is_err());
    end_lending(&relay.app, By::CONSOLE, clients[0], other.id).unwrap();
    lend_to(2).unwrap();
}

#[test]
fn a_document_has_no_more_heads_than_a_page_names() {
    for (others, is_taken) in [(limits::HEADS - 1, true), (limits::HEADS, false)] {
        let (relay, north, mut phone) = one_rep();
        let client = phone.create(&relay, Some(north));
        phone.sync(&relay.app);
        // As if so many had written beside the last change without having seen it.
        let conn = books(&relay);
        let id = DocumentId::from(client);
        let heads: Vec<u8> =
            conn.query_row("SELECT heads FROM documents WHERE id = ?1", [id], |row| row.get(0)).unwrap();
        let mut heads: Vec<[u8; 32]> = heads.chunks(32).map(|head| head.try_into().unwrap()).collect();
        heads.extend((0..others).map(|n| {
            let mut head = [0; 32];
            head[..8].copy_from_slice(&(n as u64 + 1).to_be_bytes());
            head
        }));
        heads.sort_unstable();
        conn.execute("UPDATE documents SET heads = ?2 WHERE id = ?1", params![id, heads.concat()]).unwrap();
        phone.visit(&relay, client, "one more");
        let reply = sync(&relay.app, &phone.device, phone.request()).unwrap();
        match &reply.verdicts[..] {
            [Verdict::Accepted { .. }] if is_taken => {}
            [Verdict::Refused { code: Refusal::TooLarge, detail }] if !is_taken => {
                assert!(detail.contains("heads"), "{detail:?}");
            }
            other => panic!("{others}: {other:?}"),
        }
    }
}
