//! The contract of orders: offered until the ERP has answered, answered once, looked at where they change on their way.

use cartera_core::model::RecordId;
use cartera_core::model::office::{OrderStage, OrderState};
use cartera_core::model::record::{Body, PurchaseSort, Void, VoidReason};

use super::log::{Client, Rep, founded, rep};
use super::{Store, T, deed, id16};
use crate::audit::Subject;
use crate::orders::tests::{order, record};
use crate::storage::log::Admitted;
use crate::storage::orders::{Ack, Acked, Attention, StoredOrder};

fn id(n: usize) -> RecordId {
    RecordId::from_bytes(id16(40_000 + n))
}

impl Rep {
    /// A record of a purchase arrives.
    fn purchase(&self, client: &mut Client, n: usize, value: Vec<u8>) -> RecordId {
        let change = self.record(client, "p", id(n), value);
        let pushed = self.push(client, vec![change]);
        assert!(matches!(pushed.verdicts[..], [Admitted::New { .. }]), "{:?}", pushed.verdicts);
        id(n)
    }

    fn order(&self, client: &mut Client, n: usize) -> RecordId {
        self.purchase(client, n, record(order(&format!("A{n}"), 1).into(), None, None))
    }

    /// A client with an ERP code, or without.
    fn client_with(&self, n: usize, code: Option<&str>) -> Client {
        let (mut client, mut made) = self.client(n);
        made.extend(code.map(|code| self.set(&mut client, "erp_code", code)));
        self.push(&client, made);
        client
    }
}

fn open(store: &Store, after: u64, limit: usize) -> Vec<StoredOrder> {
    store.open_orders(PurchaseSort::Order, after, limit).unwrap()
}

fn ids(orders: &[StoredOrder]) -> Vec<RecordId> {
    orders.iter().map(|order| order.id).collect()
}

fn letters(store: &Store) -> Vec<(RecordId, Attention)> {
    store.dead_letters(0, 100).unwrap().into_iter().map(|letter| (letter.id, letter.why)).collect()
}

fn registered(number: &str) -> OrderState {
    OrderState { number: Some(number.into()), ..OrderState::new(OrderStage::Registered, T + 5) }
}

fn declined(reason: &str) -> OrderState {
    OrderState { reason: Some(reason.into()), ..OrderState::new(OrderStage::Declined, T + 5) }
}

fn acknowledge(store: &Store, order: RecordId, revision: RecordId, said: OrderState) -> Acked {
    store.acknowledge(&Ack { order, revision, said, deed: deed(Subject::Workspace) }).unwrap()
}

fn deeds(store: &Store) -> usize {
    store.deeds(0, 1_000).unwrap().iter().filter(|deed| deed.subject_kind == "workspace").count()
}

fn stage_and_number(acked: &Acked) -> (OrderStage, Option<&str>, bool) {
    let Acked::Done { state, amended } = acked else { panic!("{acked:?}") };
    (state.stage, state.number.as_deref(), *amended)
}

pub(crate) fn an_order_waits_until_it_is_answered_once(store: Store) {
    founded(&store);
    let ana = rep(&store, 1);
    let mut bar = ana.client_with(1, Some("C1"));
    let mut kiosk = ana.client_with(2, None);
    let [first, second, third] = [1, 2, 3].map(|n| ana.order(&mut bar, n));
    let waiting = ana.order(&mut kiosk, 4);

    let all = open(&store, 0, 10);
    assert_eq!(ids(&all), [first, second, third], "in the order in which they came");
    assert!(all.is_sorted_by(|one, next| one.number < next.number));
    let one = &all[0];
    assert_eq!((one.client, one.kept, one.client_code.as_deref()), (bar.id, bar.id, Some("C1")));
    assert_eq!((one.revision, one.received_ms), (first, T));
    assert_eq!(one.state.as_ref().map(|state| state.stage), Some(OrderStage::Received));
    assert_eq!(ids(&open(&store, 0, 2)), [first, second]);
    assert_eq!(ids(&open(&store, all[1].number, 2)), [third]);
    assert_eq!(store.open_orders(PurchaseSort::Return, 0, 10).unwrap(), []);

    // *Alta pendiente*: it waits, and is offered as soon as there is a code.
    assert_eq!(letters(&store), [(waiting, Attention::NoClientCode)]);
    let coded = ana.set(&mut kiosk, "erp_code", "C2");
    ana.push(&kiosk, vec![coded]);
    assert_eq!((letters(&store), ids(&open(&store, 0, 10))), (vec![], vec![first, second, third, waiting]));

    // One answer counts, however often it is given.
    let before = deeds(&store);
    let answered = acknowledge(&store, first, first, registered("77"));
    assert_eq!(stage_and_number(&answered), (OrderStage::Registered, Some("77"), false));
    assert_eq!(acknowledge(&store, first, first, registered("77")), answered, "the same again");
    assert_eq!(deeds(&store), before + 1, "what changed nothing is no deed");
    let Acked::Done { state, .. } = answered else { unreachable!() };
    for other in [registered("78"), declined("no credit")] {
        assert_eq!(acknowledge(&store, first, first, other), Acked::Conflict(state.clone()));
    }
    assert_eq!(ids(&open(&store, 0, 10)), [second, third, waiting]);
    let refused = acknowledge(&store, second, second, declined("no credit"));
    assert_eq!(stage_and_number(&refused), (OrderStage::Declined, None, false));
    assert!(matches!(acknowledge(&store, second, second, declined("other")), Acked::Conflict(_)));
    assert_eq!(ids(&open(&store, 0, 10)), [third, waiting]);

    assert_eq!(acknowledge(&store, id(99), id(99), registered("1")), Acked::UnknownOrder);
    assert_eq!(acknowledge(&store, third, first, registered("1")), Acked::UnknownRevision);
    assert_eq!(ids(&open(&store, 0, 10)), [third, waiting], "nothing came of it");
    assert_eq!(store.release_orders(None, &deed(Subject::Workspace)).unwrap(), 0, "none is in doubt");
}

pub(crate) fn an_order_that_changes_on_its_way_is_looked_at(store: Store) {
    founded(&store);
    let ana = rep(&store, 1);
    let mut bar = ana.client_with(1, Some("C1"));
    let [first, second, third] = [1, 2, 3].map(|n| ana.order(&mut bar, n));
    let void = |target| record(Body::Void(Void::new(VoidReason::Cancelled)), None, Some(target));
    let amended = |target| record(order("B", 2).into(), Some(target), None);

    // Before the ERP has it: offered as it reads now, or not at all.
    let newer = ana.purchase(&mut bar, 11, amended(first));
    ana.purchase(&mut bar, 12, void(second));
    let offered = open(&store, 0, 10);
    assert_eq!((ids(&offered), offered[0].revision), (vec![first, third], newer));
    assert_eq!(letters(&store), [(second, Attention::Voided)]);

    // The version before the last: the last one is offered to be looked at, under the same number.
    let answered = acknowledge(&store, first, first, registered("77"));
    assert_eq!(stage_and_number(&answered), (OrderStage::Registered, Some("77"), true));
    assert_eq!(letters(&store), [(first, Attention::Amended), (second, Attention::Voided)]);
    let letter = store.dead_letters(0, 1).unwrap().remove(0);
    assert_eq!((letter.revision, letter.taken), (Some(newer), Some(first)));
    assert_eq!(store.dead_letters(letter.number, 10).unwrap().len(), 1, "the next page");
    let answered = acknowledge(&store, first, newer, registered("77"));
    assert_eq!(stage_and_number(&answered), (OrderStage::Registered, Some("77"), false));
    assert_eq!(letters(&store), [(second, Attention::Voided)]);

    // After it.
    acknowledge(&store, third, third, registered("78"));
    ana.purchase(&mut bar, 13, amended(third));
    assert!(letters(&store).contains(&(third, Attention::Amended)));
    ana.purchase(&mut bar, 14, void(id(13)));
    ana.purchase(&mut bar, 15, void(third));
    assert!(letters(&store).contains(&(third, Attention::VoidedAfter)), "{:?}", letters(&store));
    assert_eq!(open(&store, 0, 10), []);
}
