//! The office's system: it owns fields of the clients that it knows, picks orders up and answers each, and feeds what it
//! knows through the door of `PUT /v1/office`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use cartera_core::model::office::{
    Article, DueItem, KnownKind, OrderStage, Price, Sale, SaleLine, SaleSort, Value,
};
use cartera_core::model::record::PurchaseSort;
use cartera_core::model::{BusinessDate, ClientId, Currency, Decimal, Money, RecordId};
use cartera_relay::office::item::Sent;
use cartera_relay::office::{self, Options};
use cartera_relay::orders::{self, Answer};
use cartera_relay::people::access::By;
use cartera_relay::settings::policy;
use cartera_relay::sync::window;
use serde_json::json;

use super::world::{DAY_MS, World};

/// What it did, and what it was offered that it should not have been.
#[derive(Debug, Default)]
pub struct Deeds {
    /// The fields that are its own, from which entry of the log on.
    pub owned: Vec<(u64, Vec<&'static str>)>,
    pub answers: BTreeMap<RecordId, Answer>,
    /// How far it said that orders have come since.
    pub stages: BTreeMap<RecordId, OrderStage>,
    /// What it fed last, by kind and key; `None`: it took it back.
    pub fed: BTreeMap<(KnownKind, String), Option<Vec<u8>>>,
    /// Codes of clients in its files.
    pub imported: BTreeSet<String>,
    pub found: Vec<String>,
}

#[derive(Debug, Default)]
pub struct Erp(Mutex<Deeds>);

impl Erp {
    pub fn deeds(&self) -> MutexGuard<'_, Deeds> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Deeds {
    /// Whether a field was its own when an entry of the log was written.
    pub fn owned_at(&self, number: u64, key: &str) -> bool {
        let since = self.owned.iter().rev().find(|(from, _)| *from < number);
        since.is_some_and(|(_, fields)| fields.contains(&key))
    }

    pub fn ever_owned(&self, key: &str) -> bool {
        self.owned.iter().any(|(_, fields)| fields.contains(&key))
    }
}

impl World {
    /// From now on these fields of clients with an ERP code are the ERP's, and no others.
    pub fn own_fields(&self, fields: &[&'static str]) {
        self.tell(|| format!("the ERP owns {fields:?}"));
        let change = [("erp_fields".to_owned(), fields.join(" "))];
        policy::change(&self.relay.app(), By::CONSOLE, &change).unwrap();
        let number = self.relay.app().storage.tip().unwrap().number;
        self.erp.deeds().owned.push((number, fields.to_vec()));
    }

    /// The ERP takes what waits: most orders get a number, some a refusal, some no answer yet. Now and then an answer is
    /// lost, and given once more.
    pub fn pick_up_orders(&self) {
        let app = self.relay.app();
        for order in orders::open(&app, By::CONSOLE, PurchaseSort::Order, 0, 500).unwrap() {
            let mut deeds = self.erp.deeds();
            if let Some(answer) = deeds.answers.get(&order.id) {
                let again = format!("order {} was offered again after {answer:?}", order.id);
                deeds.found.push(again);
                continue;
            }
            let answer = match self.dice.below(10) {
                0..6 => Answer::Registered(format!("P{}", self.dice.below(1_000_000))),
                6..8 => Answer::Declined(self.text("sin crédito")),
                _ => continue,
            };
            self.tell(|| format!("the ERP answers {}: {answer:?}", order.id));
            for _ in 0..=usize::from(self.dice.chance(20)) {
                let said = orders::acknowledge(&app, By::CONSOLE, order.id, order.revision, &answer).unwrap();
                assert!(said.is_ok(), "{} has another answer already: {said:?}", order.id);
            }
            deeds.answers.insert(order.id, answer);
        }
    }
}

/// Who feeds: keys of other sources are other keys.
pub const SOURCE: &str = "tpv";

/// An item of a batch: its key, as it is sent, and what is to stand there afterwards.
type Item = (String, serde_json::Value, Option<Vec<u8>>);

impl World {
    /// A batch of articles, prices or due items; or what became of orders.
    pub fn feed(&self) {
        let kinds = [KnownKind::Article, KnownKind::Price, KnownKind::DueItem, KnownKind::OrderState];
        match self.dice.pick(&kinds) {
            None | Some(KnownKind::OrderState) => self.feed_stages(),
            Some(kind) => self.feed_kind(*kind, 12),
        }
    }

    /// Invoices, with lines.
    pub fn feed_sales(&self) {
        self.feed_kind(KnownKind::Sale, 60);
    }

    /// As many months as the setting says from now on, at once.
    pub fn move_window(&self) {
        let months = self.dice.between(4, 18);
        self.tell(|| format!("phones are to keep {months} months of sales"));
        let change = [("sales_months".to_owned(), months.to_string())];
        policy::change(&self.relay.app(), By::CONSOLE, &change).unwrap();
        let passed = window::advance(&self.relay.app()).unwrap();
        self.tell(|| format!("{passed} sales left the window"));
    }

    /// Some of `keys` records of a kind, among them now and then one that is wrong, or taken back; or a dry run.
    fn feed_kind(&self, kind: KnownKind, keys: usize) {
        let clients = self.all_clients();
        let mut batch: Vec<Item> = Vec::new();
        for _ in 0..=self.dice.below(6) {
            let key = format!("{}{}", &kind.name()[..1], self.dice.below(keys));
            if batch.iter().any(|(other, ..)| *other == key) {
                continue;
            }
            if self.dice.chance(12) {
                batch.push((key.clone(), json!({"key": key, "deleted": true}), None));
                continue;
            }
            let client = self.dice.pick(&clients).copied();
            let Some((value, stands)) = self.fed_value(kind, client) else { return };
            let mut item = json!({"key": key, "value": value});
            if let Some(client) = client.filter(|_| matches!(kind, KnownKind::DueItem | KnownKind::Sale)) {
                item["client_id"] = json!(client.to_string());
            }
            batch.push((key, item, Some(stands.encode())));
        }
        let dry_run = self.dice.chance(10);
        let wrong = usize::from(self.dice.chance(20));
        let mut items: Vec<_> = batch.iter().map(|(_, item, _)| Sent::read(&item.to_string())).collect();
        (0..wrong).for_each(|_| items.push(Sent::read(r#"{"key": "wrong", "value": {"colour": "red"}}"#)));
        self.tell(|| {
            format!("a feed of {kind}: {:?}", batch.iter().map(|(key, ..)| key).collect::<Vec<_>>())
        });
        let options = Options { dry_run, all_or_nothing: false };
        let outcome = office::write(&self.relay.app(), By::CONSOLE, kind, SOURCE, items, options).unwrap();
        let mut deeds = self.erp.deeds();
        if outcome.refused.len() != wrong {
            deeds.found.push(format!("of a feed of {kind} {:?} was refused", outcome.refused));
        }
        if !dry_run {
            deeds.fed.extend(batch.into_iter().map(|(key, _, stands)| ((kind, key), stands)));
        }
    }

    /// A value as it is sent, and as it is to stand.
    fn fed_value(&self, kind: KnownKind, client: Option<ClientId>) -> Option<(serde_json::Value, Value)> {
        let eur: Currency = "EUR".parse().unwrap();
        let cents = self.dice.between(100, 9_000);
        let price = Decimal::new(cents, 2).unwrap();
        let day = |back: i64| {
            let today = self.relay_day();
            BusinessDate::from_days(i32::try_from(today - back).unwrap()).unwrap()
        };
        Some(match kind {
            KnownKind::Article => {
                let mut article = Article::new(self.text("articulo"));
                (article.price, article.currency) = (Some(price), Some(eur));
                let sent = json!({"name": article.name, "price": price.to_string(), "currency": "EUR"});
                (sent, Value::Article(article))
            }
            KnownKind::Price => {
                let mut value = Price::new(eur);
                let article = format!("A{:03}", self.dice.below(20));
                (value.article, value.price) = (Some(article.clone()), Some(price));
                let sent = json!({"article": article, "price": price.to_string(), "currency": "EUR"});
                (sent, Value::Price(value))
            }
            KnownKind::DueItem => {
                client?;
                let due = DueItem::new(day(self.dice.between(-60, 60)), Money::new(cents, eur), cents);
                let sent = json!({"due": due.due.to_string(), "currency": "EUR",
                    "amount_minor": cents, "open_minor": cents});
                (sent, Value::DueItem(due))
            }
            KnownKind::Sale => {
                client?;
                let mut sale = Sale::new(SaleSort::Invoice, day(self.dice.between(0, 700)), eur, cents);
                let article = format!("A{:03}", self.dice.below(20));
                sale.lines.push(SaleLine::new(Some(article.clone()), cents));
                let sent = json!({"sort": "invoice", "date": sale.date.to_string(), "currency": "EUR",
                    "net_minor": cents, "lines": [{"article": article, "net_minor": cents}]});
                (sent, Value::Sale(sale))
            }
            _ => return None,
        })
    }

    /// Orders that it registered are served and invoiced; now and then it says so out of order.
    fn feed_stages(&self) {
        let registered: Vec<RecordId> = {
            let deeds = self.erp.deeds();
            let answers = deeds.answers.iter();
            answers.filter(|(_, answer)| matches!(answer, Answer::Registered(_))).map(|(id, _)| *id).collect()
        };
        let Some(order) = self.dice.pick(&registered).copied() else { return };
        let stages = [OrderStage::Registered, OrderStage::Served, OrderStage::Invoiced];
        let stage = *self.dice.pick(&stages).unwrap_or(&OrderStage::Served);
        self.tell(|| format!("a feed says that order {order} is {}", stage.as_str()));
        let mut value = json!({"stage": stage.as_str(), "at_ms": self.now_ms()});
        if stage == OrderStage::Invoiced {
            value["invoice"] = json!("F-1");
        }
        let number = match self.erp.deeds().answers.get(&order) {
            Some(Answer::Registered(number)) => number.clone(),
            _ => return,
        };
        value["number"] = json!(number);
        let item = json!({"key": order.to_string(), "value": value}).to_string();
        let items = vec![Sent::read(&item)];
        let kind = KnownKind::OrderState;
        let outcome =
            office::write(&self.relay.app(), By::CONSOLE, kind, SOURCE, items, Options::default()).unwrap();
        let mut deeds = self.erp.deeds();
        let stood = deeds.stages.get(&order).copied().unwrap_or(OrderStage::Registered);
        let forward = stage.code() >= stood.code();
        if forward != outcome.refused.is_empty() {
            deeds.found.push(format!(
                "order {order} was {}, told {}: {outcome:?}",
                stood.as_str(),
                stage.as_str()
            ));
        }
        if forward {
            deeds.stages.insert(order, stage);
        }
    }

    fn relay_day(&self) -> i64 {
        self.now_ms() / DAY_MS
    }
}
