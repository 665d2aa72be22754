//! What the office does meanwhile: clients move, are lent, merged, erased; scopes change; prices and costs are written;
//! nightly files are imported.

use std::io::Cursor;
use std::ops::ControlFlow;

use cartera_core::model::office::{Article, Cost, Credit, DueItem, Notice, Price, Value};
use cartera_core::model::{BusinessDate, ClientId, Currency, Decimal, Money, PersonId, TerritoryId};
use cartera_relay::audit::{Actor, Deed, Subject};
use cartera_relay::clients;
use cartera_relay::devices::{RevokeOrder, manage as devices};
use cartera_relay::import::file::{Request, import};
use cartera_relay::import::{Kind, Options};
use cartera_relay::people::access::By;
use cartera_relay::people::manage;
use cartera_relay::storage::office::OfficeWrite;
use cartera_relay::storage::people::PersonChange;
use cartera_relay::territories::UNASSIGNED;

use super::phone::{Phone, Standing};
use super::world::World;

/// Something that the office does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errand {
    Move,
    Lend,
    EndLending,
    /// A rep gets another territory, or loses one.
    Rezone,
    Merge,
    Unmerge,
    Erase,
    Prices,
    /// Records about one client: what it owes.
    Account,
    Import,
    /// The ERP owns other fields than before.
    Own,
    /// Orders are picked up and answered.
    Orders,
    /// The office's systems feed articles, prices, due items, and what became of orders.
    Feed,
    /// The same with invoices of the last two years.
    Sell,
    /// The window of sales that phones keep moves.
    Window,
}

impl Errand {
    pub const NONE: &'static [(u32, Self)] = &[];
    pub const PRICES: &'static [(u32, Self)] = &[(1, Self::Prices), (1, Self::Account)];
    /// Everything but what loses data on purpose.
    pub const ALL: &'static [(u32, Self)] = &[
        (6, Self::Move),
        (3, Self::Lend),
        (2, Self::EndLending),
        (2, Self::Rezone),
        (3, Self::Merge),
        (2, Self::Unmerge),
        (4, Self::Prices),
        (4, Self::Account),
        (3, Self::Import),
    ];
}

impl World {
    /// The office does something, as the plan says.
    pub fn errand(&self) {
        if let Some(errand) = self.dice.weighted(self.plan().errands) {
            self.run_errand(errand);
        }
    }

    pub fn run_errand(&self, errand: Errand) {
        let clients = self.all_clients();
        let client = self.dice.pick(&clients).copied();
        match (errand, client) {
            (Errand::Prices, _) => self.write_prices(),
            (Errand::Import, _) => self.import_clients(),
            (Errand::Rezone, _) => self.rezone(),
            (Errand::Own, _) => {
                let choices: [&[&'static str]; 4] =
                    [&[], &["name"], &["name", "sector"], &["legal_name", "warning"]];
                self.own_fields(self.dice.pick(&choices).copied().unwrap_or_default());
            }
            (Errand::Orders, _) => self.pick_up_orders(),
            (Errand::Feed, _) => self.feed(),
            (Errand::Sell, _) => self.feed_sales(),
            (Errand::Window, _) => self.move_window(),
            (Errand::Move, Some(client)) => {
                let mut to = self.territories();
                to.push(UNASSIGNED);
                let to = *self.dice.pick(&to).unwrap_or(&UNASSIGNED);
                self.move_client(client, to);
            }
            (Errand::Lend, Some(client)) => {
                let phones = self.phones();
                let Some(phone) = self.dice.pick(&phones) else { return };
                let today = self.now_ms() / super::world::DAY_MS;
                let day = |from: i64, to: i64| {
                    let days = today + self.dice.between(from, to);
                    BusinessDate::from_days(i32::try_from(days).unwrap())
                };
                let from = if self.dice.chance(50) { day(0, 1) } else { None };
                let until = if self.dice.chance(50) { day(1, 5) } else { None };
                self.tell(|| format!("the office lends {client} to {} {from:?} {until:?}", phone.name));
                clients::lend(&self.relay.app(), By::CONSOLE, client, phone.person, from, until).unwrap();
            }
            (Errand::EndLending, _) => self.end_a_lending(),
            (Errand::Merge, Some(absorbed)) => {
                let Some(kept) = self.dice.pick(&clients).copied().filter(|kept| *kept != absorbed) else {
                    return;
                };
                self.merge(absorbed, Some(kept));
            }
            (Errand::Unmerge, _) => {
                let merged = self.aliases();
                if let Some(absorbed) = self.dice.pick(&merged) {
                    self.merge(*absorbed, None);
                }
            }
            (Errand::Erase, Some(client)) => self.erase(client),
            (Errand::Account, Some(client)) => self.write_account(client),
            (_, None) => {}
        }
    }

    pub fn move_client(&self, client: ClientId, to: TerritoryId) {
        self.tell(|| format!("the office moves {client} to {to}"));
        clients::move_to(&self.relay.app(), By::CONSOLE, to, &[client]).unwrap();
    }

    pub fn merge(&self, absorbed: ClientId, kept: Option<ClientId>) {
        self.tell(|| format!("the office merges {absorbed} into {kept:?}"));
        let deed = self.deed("client.merged", absorbed);
        self.relay.app().storage.merge(absorbed, kept, self.relay_ms(), &deed).unwrap();
    }

    pub fn erase(&self, client: ClientId) {
        self.tell(|| format!("the office erases {client}"));
        let deed = self.deed("client.erased", client);
        self.relay.app().storage.erase(client, self.relay_ms(), &deed).unwrap();
        self.ledger.books().erased.insert(client);
    }

    pub fn revoke(&self, phone: &Phone) {
        self.tell(|| format!("the office revokes {}", phone.name));
        let device = phone.engine().identity().unwrap().unwrap().device;
        devices::revoke(&self.relay.app(), By::CONSOLE, device, RevokeOrder::Salvage).unwrap();
        phone.stands(Standing::Revoked);
    }

    /// What a person looks after from now on.
    pub fn assign(&self, person: PersonId, territories: Vec<TerritoryId>) {
        self.tell(|| format!("the office gives {person} {territories:?}"));
        let change = PersonChange { territories: Some(territories), ..PersonChange::default() };
        manage::change(&self.relay.app(), By::CONSOLE, person, change).unwrap();
    }

    fn rezone(&self) {
        let phones = self.phones();
        let Some(phone) = self.dice.pick(&phones) else { return };
        let all = self.territories();
        let some: Vec<_> = all.iter().copied().filter(|_| self.dice.chance(50)).collect();
        self.assign(phone.person, if some.is_empty() { all[..1].to_vec() } else { some });
    }

    fn end_a_lending(&self) {
        let sql =
            "SELECT d.id, l.person FROM lendings l JOIN documents d ON d.doc = l.doc ORDER BY d.id, l.person";
        let lent: Vec<(ClientId, PersonId)> = self.relay.read(|conn| {
            let mut statement = conn.prepare_cached(sql).unwrap();
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
            rows.collect::<rusqlite::Result<_>>().unwrap()
        });
        if let Some((client, person)) = self.dice.pick(&lent) {
            self.tell(|| format!("the office takes {client} back from {person}"));
            clients::end_lending(&self.relay.app(), By::CONSOLE, *client, *person).unwrap();
        }
    }

    /// Articles, prices for a territory, and what they cost us, which no rep may ever see.
    pub fn write_prices(&self) {
        let eur: Currency = "EUR".parse().unwrap();
        let n = self.dice.below(20);
        let decimal = |least, most| Decimal::new(self.dice.between(least, most), 2).unwrap();
        let mut article = Article::new(self.text("articulo"));
        article.price = Some(decimal(100, 9_000));
        article.currency = Some(eur);
        let key = format!("A{n:03}");
        let mut records = vec![
            write("article", &key, Value::Article(article)),
            write("cost", &key, Value::Cost(Cost::new(decimal(10, 100), eur))),
        ];
        if let Some(territory) = self.dice.pick(&self.territories()) {
            let notice = Notice::new(self.text("aviso"), self.text("texto"));
            let mut record = write("notice", &format!("N{}", self.dice.below(6)), Value::Notice(notice));
            record.territory = Some(*territory);
            records.push(record);
        }
        if self.dice.chance(15) {
            records[0].value = None;
        }
        if self.dice.chance(40) {
            let mut price = Price::new(eur);
            (price.article, price.price) = (Some(key.clone()), Some(decimal(100, 9_000)));
            let mut record = write("price", &format!("P{}", self.dice.below(8)), Value::Price(price));
            record.client = self.dice.pick(&self.all_clients()).copied();
            records.push(record);
        }
        self.put_office(&records);
    }

    pub fn write_account(&self, client: ClientId) {
        let eur: Currency = "EUR".parse().unwrap();
        let money = |most| Money::new(self.dice.between(1, most), eur);
        let day = BusinessDate::from_days(20_720 + self.dice.below(60) as i32).unwrap();
        let credit = Credit::new(Some(money(900_000)), Some(money(90_000)), self.dice.chance(10));
        let amount = money(50_000);
        let due = DueItem::new(day, amount, amount.minor);
        let mut records = vec![
            write("credit", &client.to_string(), Value::Credit(credit)),
            write("due_item", &format!("F{}", self.dice.below(30)), Value::DueItem(due)),
        ];
        records.iter_mut().for_each(|record| record.client = Some(client));
        if self.dice.chance(20) {
            records[1].value = None;
        }
        self.put_office(&records);
    }

    fn put_office(&self, records: &[OfficeWrite]) {
        self.tell(|| {
            let keys: Vec<_> =
                records.iter().map(|record| format!("{}/{}", record.kind, record.key)).collect();
            format!("the office writes {keys:?}")
        });
        self.relay.app().storage.put_office(records, self.relay_ms()).unwrap();
    }

    /// The ERP's file of clients: a few of them, some with new names or a new sector since last night.
    pub fn import_clients(&self) {
        let mut file = String::from("codigo;nombre;sector\n");
        for code in 0..6 {
            // What is drawn from few values often stays as it was.
            file.push_str(&format!(
                "E{code};Cliente {code} {};sector {}\n",
                self.dice.below(3),
                self.dice.below(2)
            ));
        }
        self.tell(|| "the office imports its clients".to_owned());
        let request =
            Request { kind: Kind::Clients, source: "erp".into(), mapping: None, options: Options::default() };
        let run = |go_on: &mut dyn FnMut() -> ControlFlow<()>| {
            let mut input = Cursor::new(file.as_bytes());
            import(&self.relay.app(), By::CONSOLE, &mut input, &request, &mut |_| go_on())
        };
        // The process dies in the middle of it, and the same file is imported once more.
        if self.dice.chance(30) {
            let mut left = self.dice.below(5);
            let ended = run(&mut || match left.checked_sub(1) {
                Some(fewer) => {
                    left = fewer;
                    ControlFlow::Continue(())
                }
                None => ControlFlow::Break(()),
            });
            self.tell(|| format!("the import ended {}", if ended.is_ok() { "well" } else { "half-way" }));
            self.relay.restart();
        }
        run(&mut || ControlFlow::Continue(())).unwrap();
        self.erp.deeds().imported.extend((0..6).map(|code| format!("E{code}")));
    }

    pub fn all_clients(&self) -> Vec<ClientId> {
        self.ids(
            "SELECT d.id FROM documents d JOIN placements p ON p.doc = d.doc JOIN parts ON parts.part = p.part
             WHERE parts.kind = 1 ORDER BY d.id",
        )
    }

    fn aliases(&self) -> Vec<ClientId> {
        self.ids(
            "SELECT d.id FROM documents d JOIN placements p ON p.doc = d.doc WHERE p.alias_of IS NOT NULL ORDER BY d.id",
        )
    }

    fn ids(&self, sql: &str) -> Vec<ClientId> {
        self.relay.read(|conn| {
            let mut statement = conn.prepare_cached(sql).unwrap();
            let rows = statement.query_map([], |row| row.get(0)).unwrap();
            rows.collect::<rusqlite::Result<_>>().unwrap()
        })
    }

    fn relay_ms(&self) -> i64 {
        use cartera_core::env::Env;
        self.relay.env.now_ms()
    }

    fn deed(&self, action: &'static str, client: ClientId) -> Deed {
        let subject = Subject::Client(client);
        Deed { at_ms: self.relay_ms(), actor: Actor::Console, action, subject, detail: String::new() }
    }
}

fn write(kind: &str, key: &str, value: Value) -> OfficeWrite {
    OfficeWrite {
        kind: kind.into(),
        source: "erp".into(),
        key: key.into(),
        value: Some(value.encode()),
        ..OfficeWrite::default()
    }
}
