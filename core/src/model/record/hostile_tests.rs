//! Records from hostile hands: no bytes make decoding, validation or calculation panic, and whatever is read is
//! written again as it came.

use proptest::prelude::*;
use rust_decimal::RoundingStrategy;

use super::tests::{full_purchase, full_visit, one_of_each_other_kind, record};
use super::*;
use crate::model::{Currency, Decimal};

/// Every kind with its bytes.
fn samples() -> Vec<(Kind, Vec<u8>)> {
    let mut bodies = one_of_each_other_kind();
    bodies.push(full_visit().into());
    bodies.push(full_purchase().into());
    bodies.into_iter().map(|body| (body.kind().unwrap_or(Kind::Note), record(body).encode())).collect()
}

fn judge(kind: Kind, bytes: &[u8]) -> bool {
    let Ok(record) = Record::decode(kind, bytes) else { return false };
    assert_eq!(record.encode(), bytes, "{kind}");
    let problems = record.validate();
    assert!(problems.len() <= crate::model::problem::PROBLEMS_MAX);
    if let Body::Purchase(purchase) = &record.body {
        let _ = purchase.amounts();
    }
    true
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(20_000) })]

    #[test]
    fn mutated_records_are_refused_or_come_back_as_they_were(
        sample in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..4),
    ) {
        let samples = samples();
        let (kind, mut bytes) = samples[sample.index(samples.len())].clone();
        for (at, byte, edit) in edits {
            let at = at.index(bytes.len());
            match edit {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ if bytes.len() > 1 => drop(bytes.remove(at)),
                _ => {}
            }
        }
        judge(kind, &bytes);
        // Another kind may make something else of the same bytes.
        judge(Kind::Purchase, &bytes);
        judge(Kind::parse("future").unwrap(), &bytes);
    }

    /// Numbers far beyond every limit, as only a hostile device writes them.
    #[test]
    fn no_numbers_make_the_amounts_panic(
        lines in prop::collection::vec((decimals(), decimals(), any::<i64>(), decimals(), any::<bool>()), 0..5),
        whole in decimals(),
        code in prop::sample::select(vec!["EUR", "JPY", "CLF", "ZZZ"]),
    ) {
        let mut purchase = Purchase::new(PurchaseSort::Return, code.parse().unwrap());
        for (quantity, price, off, percent, free) in lines {
            let mut line = Line::new("A", quantity, "ud");
            line.price = Some(price);
            line.discounts = vec![Discount::amount(off), Discount::percent(percent)];
            line.taxes = vec![Tax::new("T", percent)];
            line.free = free;
            purchase.lines.push(line);
        }
        purchase.discounts = vec![Discount::percent(whole)];
        let _ = purchase.amounts();
        judge(Kind::Purchase, &record(purchase).encode());
    }

    /// Without discounts a line is quantity times price, which another library can check.
    #[test]
    fn lines_agree_with_an_independent_calculation(
        quantity in 1..=100_000_000_i64,
        price in 0..=100_000_000_000_i64,
        code in prop::sample::select(vec!["EUR", "JPY", "KWD", "CLF"]),
    ) {
        let currency: Currency = code.parse().unwrap();
        let (quantity, price) = (Decimal::new(quantity, 4).unwrap(), Decimal::new(price, 6).unwrap());
        let mut purchase = Purchase::new(PurchaseSort::Order, currency);
        let mut line = Line::new("A", quantity, "ud");
        line.price = Some(price);
        purchase.lines.push(line);
        let places = currency.exponent().unwrap();
        let product = quantity.inner() * price.inner();
        let mut rounded = product.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
        rounded.rescale(places);
        prop_assert_eq!(i128::from(purchase.amounts().unwrap().net), rounded.mantissa());
    }
}

fn decimals() -> impl Strategy<Value = Decimal> {
    use crate::model::decimal::{MANTISSA_MAX, SCALE_MAX};
    prop_oneof![
        (-MANTISSA_MAX..=MANTISSA_MAX, 0..=SCALE_MAX),
        (-1_000..=1_000_i64, 0..=4_u32),
        Just((MANTISSA_MAX, 0)),
    ]
    .prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale).unwrap())
}
