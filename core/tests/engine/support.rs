//! Who holds a device, and what the office says there.

use cartera_core::model::access::Role;
use cartera_core::model::office::{Item, Person, Scope};
use cartera_core::model::record::{Line, Purchase, PurchaseSort};
use cartera_core::model::{ClientId, PersonId, TerritoryId};
use cartera_core::query;
use cartera_core::rows::office::{self, OfficeEntry};
use cartera_core::rows::{self, client};
use cartera_core::store::StoreError;
use cartera_core::sync::identity::Identity;

use super::Device;
use super::damage::identity;

impl Device {
    /// The device is this rep's, and the office has said so.
    pub(crate) fn is_held_by(&self, person: PersonId) {
        let rep = Person::new("Ana", Role::Rep);
        let item = Item::new("", person.to_string(), Scope::Workspace, rep).unwrap();
        let identity = Identity { person, ..identity() };
        self.engine.store().write(|tx| identity.save(tx)).unwrap();
        self.put_office(1, item);
    }

    /// All that was written here so far is this person's, as the office would say after a sync.
    pub(crate) fn was_written_by(&self, person: PersonId) {
        let sql = "UPDATE actors SET person = ?1";
        self.engine.store().write::<_, StoreError>(|tx| Ok(tx.execute(sql, [person])?)).unwrap();
    }

    pub(crate) fn office(&self, number: u64, item: Item) {
        assert!(self.put_office(number, item), "later than what was there");
    }

    fn put_office(&self, number: u64, item: Item) -> bool {
        assert_eq!(item.validate(), []);
        let (client, territory) = match item.scope {
            Scope::Client(client) => (Some(client), None),
            Scope::Territory(territory) => (None, Some(territory)),
            Scope::Workspace => (None, None),
        };
        let entry = OfficeEntry {
            kind: item.kind.name().into(),
            source: item.source,
            key: item.key,
            client,
            territory,
            value: item.value.map(|value| value.encode()),
        };
        let put = |tx: &rusqlite::Transaction<'_>| Ok(office::put(tx, &entry, number)?);
        self.engine.store().write::<_, StoreError>(put).unwrap()
    }

    pub(crate) fn read<T>(&self, query: impl FnOnce(&rusqlite::Connection) -> Result<T, StoreError>) -> T {
        self.engine.store().read::<_, StoreError>(query).unwrap()
    }

    /// The office has put the client there.
    pub(crate) fn is_in(&self, client: &ClientId, territory: TerritoryId) {
        let of = *client;
        self.engine
            .store()
            .write::<_, StoreError>(|tx| {
                let doc = rows::Document::find(tx, &of.into())?.unwrap();
                Ok(client::set_territory(tx, doc.row, Some(&territory))?)
            })
            .unwrap();
    }

    pub(crate) fn row(&self, client: &ClientId) -> query::clients::ClientRow {
        self.read(|conn| Ok(query::clients::get(conn, client)?)).unwrap()
    }
}

/// So many of one article.
pub(crate) fn purchase(sort: PurchaseSort, quantity: &str) -> Purchase {
    let mut line = Line::new("A1", quantity.parse().unwrap(), "ud");
    line.price = Some("1.25".parse().unwrap());
    let mut purchase = Purchase::new(sort, "EUR".parse().unwrap());
    purchase.lines = vec![line];
    purchase.compute_amounts().unwrap();
    purchase
}
