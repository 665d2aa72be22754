//! Figures where there is no feed of sales: what reps log are the sales.

use cartera_core::model::office::{Item, OrderStage, OrderState, SalesDay, Scope, Setting, sales_day_key};
use cartera_core::model::profile::Scalar;
use cartera_core::model::record::{Kind, PurchaseSort, VoidReason};
use cartera_core::model::{BusinessDate, ClientId, Currency};
use cartera_core::query::figures;
use cartera_core::rows::sales::SALES_SOURCE;

use super::Device;
use super::support::purchase;

fn setting(value: &str) -> Item {
    let value = Setting { value: Scalar::Text(value.into()), extras: Default::default() };
    Item::new("", SALES_SOURCE, Scope::Workspace, value).unwrap()
}

/// Net revenue, purchase events, and the days since 1970-01-01 of the last one.
fn told(device: &Device, client: &ClientId, as_of: BusinessDate) -> (i128, u64, Option<i32>) {
    let found = device.read(|conn| Ok(figures::of_client(conn, client, as_of)?)).unwrap();
    let eur = found.of_currency(Currency::EUR).map(|of| (of.worth.net, of.worth.events)).unwrap_or_default();
    (eur.0, eur.1, found.last.map(BusinessDate::days))
}

#[test]
fn logged_purchases_are_the_sales_where_the_workspace_says_so_and_never_both() {
    let device = Device::new(91);
    let bar = device.client("Bar");
    let engine = &device.engine;
    let order = engine.place_order(&bar, engine.new_record_id(), purchase(PurchaseSort::Order, "4")).unwrap();
    let today = order.date;
    // An invoice of the day before.
    let before = today.plus_days(-1).unwrap();
    let day = SalesDay::new(before, Currency::EUR, 77, true, 1);
    let key = sales_day_key(bar, before, Currency::EUR);
    device.office(1, Item::new("", key, Scope::Client(bar), day).unwrap());
    assert_eq!(told(&device, &bar, today), (77, 1, Some(before.days())), "what the office invoiced");

    device.office(2, setting("purchases"));
    assert_eq!(told(&device, &bar, today), (500, 1, Some(today.days())));
    let sale =
        engine.place_order(&bar, engine.new_record_id(), purchase(PurchaseSort::DirectSale, "2")).unwrap();
    assert_eq!(told(&device, &bar, today), (750, 1, Some(today.days())), "one day, one event");
    // Corrected, and taken back.
    let amended = engine.amend(&bar, sale.id, purchase(PurchaseSort::DirectSale, "1").into()).unwrap();
    assert_eq!(told(&device, &bar, today).0, 625);
    engine.void(&bar, Kind::Purchase, sale.id, VoidReason::Mistake).unwrap();
    assert_eq!(told(&device, &bar, today).0, 500);
    let _ = amended;
    // What the office does not take is no sale.
    let declined = |stage| {
        let mut state = OrderState::new(stage, 1);
        state.reason = Some("no existe".into());
        state.number = Some("P1".into());
        Item::new("", order.id.to_string(), Scope::Client(bar), state).unwrap()
    };
    device.office(3, declined(OrderStage::Declined));
    assert_eq!(told(&device, &bar, today), (0, 0, None));
    device.office(4, declined(OrderStage::Registered));
    assert_eq!(told(&device, &bar, today).0, 500);
    device.office(5, setting("office"));
    assert_eq!(told(&device, &bar, today), (77, 1, Some(before.days())));
}

#[test]
fn goods_that_come_back_count_on_the_day_on_which_they_were_bought() {
    let device = Device::new(91);
    device.office(1, setting("purchases"));
    let bar = device.client("Bar");
    let engine = &device.engine;
    let order = engine.place_order(&bar, engine.new_record_id(), purchase(PurchaseSort::Order, "4")).unwrap();
    device.env.advance(3 * 24 * 60 * 60 * 1000);
    let mut back = purchase(PurchaseSort::Return, "4");
    back.returns = Some(order.id);
    back.compute_amounts().unwrap();
    let returned = engine.place_order(&bar, engine.new_record_id(), back).unwrap();
    assert!(returned.date > order.date);
    assert_eq!(
        told(&device, &bar, returned.date),
        (0, 1, Some(order.date.days())),
        "nothing is left, and it was one"
    );
    assert_eq!(told(&device, &bar, order.date).0, 0, "on the day of the order");
    engine.place_order(&bar, engine.new_record_id(), purchase(PurchaseSort::Return, "1")).unwrap();
    let found = told(&device, &bar, returned.date);
    assert_eq!(
        found,
        (-125, 1, Some(order.date.days())),
        "of nothing that is named: on its own day, and no event"
    );
}
