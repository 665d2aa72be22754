//! Writers between any two rows of an export, from a seed: whoever takes whole exports and reads on from their cursors
//! ends with what is there, and no single export skips or repeats a row.

use cartera_core::model::office::{DueItem, Value as OfficeValue};
use cartera_core::model::profile::{ClientField, Value};
use cartera_core::model::{ClientId, Money, RecordId, TerritoryId};

use super::books::{self, Books, Rows};
use crate::export::{Export, ExportError, Query};

const RESOURCES: [&str; 5] = ["visits", "clients", "aliases", "due_items", "contacts"];

/// A writer, and what it wrote.
struct Office {
    books: Books,
    state: u64,
    clients: Vec<ClientId>,
    visits: Vec<(ClientId, RecordId)>,
    erases: bool,
}

impl Office {
    fn new(seed: u64) -> Self {
        let books = Books::new();
        let clients = (0..4).map(|n| books.client(&format!("Bar {n}"))).collect();
        let mut office =
            Self { books, state: seed | 1, clients, visits: Vec::new(), erases: seed.is_multiple_of(3) };
        (0..40).for_each(|_| office.write());
        office
    }

    fn roll(&mut self, below: usize) -> usize {
        self.state =
            self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) as usize % below
    }

    /// Something that people or the office do.
    fn write(&mut self) {
        let at = self.roll(self.clients.len());
        let client = self.clients[at];
        let of = self.roll(self.visits.len().max(1));
        let seen = self.visits.get(of).copied();
        let books = &self.books;
        match (self.state >> 20) % 16 {
            0 | 1 => {
                if let Some((client, id)) = seen {
                    let id = books.amend(client, id, "2026-09-02");
                    self.visits.push((client, id));
                }
            }
            2 => {
                if let Some((client, id)) = seen {
                    let id = books.void(client, id);
                    self.visits.push((client, id));
                }
            }
            3 => books.edit(client, ClientField::Sector, Value::Text(format!("sector {}", self.state))),
            4 => books.territory(client, TerritoryId::new(&books.env)),
            5 => {
                let kept = self.clients[(at + 1) % self.clients.len()];
                books.merge(client, (client != kept).then_some(kept));
            }
            6 => books.merge(client, None),
            7 | 8 => {
                let amount = Money::new((self.state >> 40) as i64, "EUR".parse().unwrap());
                let due = DueItem::new("2026-10-01".parse().unwrap(), amount, amount.minor);
                books.office(
                    client,
                    &format!("F-{}", (self.state >> 28) % 9),
                    Some(&OfficeValue::DueItem(due)),
                );
            }
            9 => books.office(client, &format!("F-{}", (self.state >> 28) % 9), None),
            10 if self.clients.len() < 9 => {
                let new = books.client("Otro");
                self.clients.push(new);
            }
            11 if self.erases && self.clients.len() > 3 && (self.state >> 30).is_multiple_of(4) => {
                books.erase(client);
                self.clients.remove(at);
                self.visits.retain(|(of, _)| *of != client);
            }
            12 => {
                // Names are a client's own: others may have the same.
                let mut part = [9; 16];
                part[0] = ((self.state >> 28) % 3) as u8;
                let part = cartera_core::model::PartId::from_bytes(part);
                let key =
                    format!("contact/{part}/{}", if self.state >> 35 & 3 == 0 { "removed" } else { "name" });
                let value = match key.ends_with("removed") {
                    true => cartera_core::document::FieldValue::Bool(self.state >> 37 & 1 == 0),
                    false => cartera_core::document::FieldValue::Text(format!("Ana {}", self.state)),
                };
                books.put_field(client, &key, value);
            }
            _ => {
                let id = books.visit(client, "2026-09-01");
                self.visits.push((client, id));
            }
        }
    }

    /// An export in pieces of about a row, with writers between them.
    fn export(
        &mut self,
        resource: &str,
        since: Option<&str>,
        busy: bool,
    ) -> Result<(String, Rows), ExportError> {
        let parameters = since.map(|cursor| ("since", cursor));
        let query = Query::parse(&format!("{resource}.ndjson"), parameters).unwrap();
        let mut export = Export::begin(&self.books.store, query)?.in_pieces(200);
        let mut text = Vec::new();
        while let Some(piece) = export.next(&self.books.store).unwrap() {
            text.extend(piece);
            if busy && self.roll(3) == 0 {
                self.write();
            }
        }
        let rows = books::rows(std::str::from_utf8(&text).unwrap(), export.cursor());
        Ok((export.cursor().to_owned(), rows))
    }
}

/// Reads on.
fn follow(office: &mut Office, resource: &str, held: &mut Rows, cursor: &mut Option<String>, busy: bool) {
    let (next, rows) = office.export(resource, cursor.as_deref(), busy).unwrap();
    for (id, row) in rows {
        // An export of everything has no deleted rows; one that goes on does.
        if row["deleted"] == true {
            held.remove(&id);
            held.retain(|_, row| row["client_id"] != id);
        } else {
            held.insert(id, row);
        }
    }
    *cursor = Some(next);
}

#[test]
fn whoever_reads_on_ends_with_what_is_there_whoever_writes_between_rows() {
    let mut rows_told = 0;
    for seed in 0..20 {
        let mut office = Office::new(seed);
        let resource = RESOURCES[seed as usize % RESOURCES.len()];
        let (mut held, mut cursor) = (Rows::new(), None);
        for _ in 0..6 {
            follow(&mut office, resource, &mut held, &mut cursor, true);
            rows_told += held.len();
        }
        follow(&mut office, resource, &mut held, &mut cursor, false);
        let (_, whole) = office.export(resource, None, false).unwrap();
        for (id, row) in &whole {
            assert_eq!(held.get(id), Some(row), "seed {seed}, {resource}");
        }
        let extra: Vec<_> = held.keys().filter(|id| !whole.contains_key(*id)).collect();
        assert!(extra.is_empty(), "seed {seed}, {resource}: {extra:?}");
    }
    assert!(rows_told > 300, "{rows_told} rows: nothing much was tried");
}
