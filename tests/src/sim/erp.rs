//! The office's system: it owns fields of the clients that it knows, picks orders up and answers each.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cartera_core::model::RecordId;
use cartera_core::model::record::PurchaseSort;
use cartera_relay::orders::{self, Answer};
use cartera_relay::people::access::By;
use cartera_relay::settings::policy;

use super::world::World;

/// What it did, and what it was offered that it should not have been.
#[derive(Debug, Default)]
pub struct Deeds {
    /// The fields that are its own, from which entry of the log on.
    pub owned: Vec<(u64, Vec<&'static str>)>,
    pub answers: BTreeMap<RecordId, Answer>,
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
