//! Amounts of a purchase: the one place where prices are multiplied and rounded.
//!
//! The rule, so that another program can come to the same cent. All steps are exact, but where rounding is named;
//! rounding is half away from zero.
//!
//! 1. A line's amount begins as (priced quantity, or else quantity) x unit price, which has at most ten decimals.
//! 2. Each discount of the line is taken off what the one before left: a percentage p leaves
//!    x (100 - p) / 100, *rounded to ten decimals*; an amount is subtracted.
//! 3. The line's amount is *rounded to the currency's minor unit*. It is 0 where the line is free or has no price,
//!    and negative where its goods come back.
//! 4. Lines with the same set of taxes (code and rate) are added. The purchase's own discounts, percentages only,
//!    are taken off that sum as in step 2, and the result is *rounded to the minor unit*: the base of the set.
//! 5. Net is the sum of the bases. A tax's base is the sum of the bases of the sets that contain it; the tax is
//!    base x rate / 100, *rounded to the minor unit*. Total is net plus all taxes.

use std::collections::BTreeMap;

use super::purchase::{Discount, Line, Purchase, PurchaseSort};
use crate::model::decimal::Decimal;
use crate::model::limits::{PERCENT_PLACES, QUANTITY_PLACES, UNIT_PRICE_PLACES};

/// Decimals that are kept between steps: those of a quantity times a price.
const PLACES: u32 = QUANTITY_PLACES + UNIT_PRICE_PLACES;
/// Hundred per cent, in the smallest step of a percentage.
const WHOLE: i128 = 100 * 10_i128.pow(PERCENT_PLACES);

/// What a purchase comes to; all in minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amounts {
    /// Net amount of each line.
    pub lines: Vec<i64>,
    /// Taxable base.
    pub net: i64,
    /// By code and rate, ascending.
    pub taxes: Vec<TaxAmount>,
    /// Sum of the taxes.
    pub tax: i64,
    /// Net and tax.
    pub total: i64,
    /// Lines that the office is to price.
    pub unpriced: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxAmount {
    pub code: String,
    pub percent: Decimal,
    pub base: i64,
    pub tax: i64,
}

/// Why a purchase has no amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmountsError {
    #[error("the currency has no known minor unit")]
    Currency,
    #[error("line {line}: more decimals than a quantity, a price or a percentage may have")]
    Precision { line: usize },
    #[error("line {line}: a discount is one percentage from 0 to 100, or one amount")]
    Discount { line: usize },
    #[error("line {line}: the amount is beyond what can be represented")]
    Overflow { line: usize },
}

impl AmountsError {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Currency => "amounts_currency",
            Self::Precision { .. } => "amounts_precision",
            Self::Discount { .. } => "amounts_discount",
            Self::Overflow { .. } => "amounts_overflow",
        }
    }
}

/// What went wrong, before it is known in which line.
enum Fault {
    Precision,
    Discount,
    Overflow,
}

impl Fault {
    const fn at(self, line: usize) -> AmountsError {
        match self {
            Self::Precision => AmountsError::Precision { line },
            Self::Discount => AmountsError::Discount { line },
            Self::Overflow => AmountsError::Overflow { line },
        }
    }
}

/// Codes and rates of a line's taxes, in an order of their own.
type TaxSet<'p> = Vec<(&'p str, Decimal)>;

pub(super) fn amounts(purchase: &Purchase) -> Result<Amounts, AmountsError> {
    let minor_places = purchase.currency.exponent().ok_or(AmountsError::Currency)?;
    let mut lines = Vec::with_capacity(purchase.lines.len());
    let mut sets: BTreeMap<TaxSet<'_>, i128> = BTreeMap::new();
    for (index, line) in purchase.lines.iter().enumerate() {
        let amount = line_amount(line, minor_places).map_err(|fault| fault.at(index))?;
        let comes_back = purchase.sort == PurchaseSort::Return || line.returned.is_some();
        let amount = if comes_back { -amount } else { amount };
        lines.push(to_i64(amount).map_err(|fault| fault.at(index))?);
        let mut set: TaxSet<'_> = line.taxes.iter().map(|tax| (tax.code.as_str(), tax.percent)).collect();
        set.sort_unstable();
        *sets.entry(set).or_default() += amount; // 64-bit amounts cannot fill 128 bits
    }

    // Faults of the whole are told as of the line after the last.
    let whole = |fault: Fault| fault.at(purchase.lines.len());
    let unit = 10_i128.pow(PLACES - minor_places);
    let mut net: i128 = 0;
    let mut bases: BTreeMap<(&str, Decimal), i128> = BTreeMap::new();
    for (set, sum) in &sets {
        let scaled = sum.checked_mul(unit).ok_or(Fault::Overflow).map_err(whole)?;
        let left = discounted(scaled, &purchase.discounts, None).map_err(whole)?;
        let base = divide(left, unit);
        net += base;
        for tax in set {
            *bases.entry(*tax).or_default() += base;
        }
    }
    let mut taxes = Vec::with_capacity(bases.len());
    let mut tax_sum: i128 = 0;
    for ((code, percent), base) in bases {
        let rate = at_scale(percent, PERCENT_PLACES).map_err(whole)?;
        let tax = divide(base.checked_mul(rate).ok_or(Fault::Overflow).map_err(whole)?, WHOLE);
        tax_sum += tax;
        let (base, tax) = (to_i64(base).map_err(whole)?, to_i64(tax).map_err(whole)?);
        taxes.push(TaxAmount { code: code.to_owned(), percent, base, tax });
    }
    Ok(Amounts {
        lines,
        net: to_i64(net).map_err(whole)?,
        taxes,
        tax: to_i64(tax_sum).map_err(whole)?,
        total: to_i64(net + tax_sum).map_err(whole)?,
        unpriced: purchase.lines.iter().filter(|line| line.price.is_none() && !line.free).count(),
    })
}

/// Minor units of one line, before its sign.
fn line_amount(line: &Line, minor_places: u32) -> Result<i128, Fault> {
    let Some(price) = line.price.filter(|_| !line.free) else { return Ok(0) };
    let quantity = at_scale(line.priced_quantity.unwrap_or(line.quantity), QUANTITY_PLACES)?;
    let gross = quantity.checked_mul(at_scale(price, UNIT_PRICE_PLACES)?).ok_or(Fault::Overflow)?;
    let unit = 10_i128.pow(PLACES - minor_places);
    Ok(divide(discounted(gross, &line.discounts, Some(unit))?, unit))
}

/// What discounts leave of an amount with [`PLACES`] decimals; `unit` is a minor unit at that scale, `None` where
/// only percentages are allowed.
/// A unit price less its discounts (per cent, one after the other), rounded as amounts are: to ten decimals at each step.
/// `None` where there are more decimals, or other percentages, than a price may have.
pub fn less_discounts(price: Decimal, percents: &[Decimal]) -> Option<Decimal> {
    let discounts: Vec<Discount> = percents.iter().map(|percent| Discount::percent(*percent)).collect();
    let left = discounted(at_scale(price, PLACES).ok()?, &discounts, None).ok()?;
    Decimal::new(to_i64(left).ok()?, PLACES).ok()
}

fn discounted(amount: i128, discounts: &[Discount], unit: Option<i128>) -> Result<i128, Fault> {
    discounts.iter().try_fold(amount, |left, discount| match (discount.percent, discount.amount, unit) {
        (Some(percent), None, _) => {
            let kept = WHOLE - at_scale(percent, PERCENT_PLACES)?;
            if !(0..=WHOLE).contains(&kept) {
                return Err(Fault::Discount);
            }
            Ok(divide(left.checked_mul(kept).ok_or(Fault::Overflow)?, WHOLE))
        }
        (None, Some(minor), Some(unit)) => {
            i128::from(minor).checked_mul(unit).and_then(|off| left.checked_sub(off)).ok_or(Fault::Overflow)
        }
        _ => Err(Fault::Discount),
    })
}

/// The value in steps of 10^-places.
fn at_scale(value: Decimal, places: u32) -> Result<i128, Fault> {
    let missing = places.checked_sub(value.scale()).ok_or(Fault::Precision)?;
    i128::from(value.mantissa()).checked_mul(10_i128.pow(missing)).ok_or(Fault::Overflow)
}

/// Quotient, rounded half away from zero; `divisor` is above zero.
fn divide(value: i128, divisor: i128) -> i128 {
    let (quotient, rest) = (value / divisor, value % divisor);
    if rest.abs() * 2 >= divisor { quotient + value.signum() } else { quotient }
}

fn to_i64(value: i128) -> Result<i64, Fault> {
    i64::try_from(value).map_err(|_| Fault::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::money::Currency;
    use crate::model::record::{ReturnReason, Tax};

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn line(quantity: &str, price: &str, discounts: &[&str], taxes: &[(&str, &str)]) -> Line {
        let mut line = Line::new("A1", decimal(quantity), "ud");
        line.price = Some(decimal(price));
        line.discounts = discounts.iter().map(|percent| Discount::percent(decimal(percent))).collect();
        line.taxes = taxes.iter().map(|(code, percent)| Tax::new(*code, decimal(percent))).collect();
        line
    }

    fn order(lines: Vec<Line>) -> Purchase {
        let mut purchase = Purchase::new(PurchaseSort::Order, Currency::EUR);
        purchase.lines = lines;
        purchase
    }

    #[test]
    fn lines_are_rounded_once_and_half_away_from_zero() {
        for (quantity, price, discounts, net) in [
            ("1", "0.005", &[][..], 1),
            ("1", "0.004999", &[], 0),
            ("3", "0.333333", &[], 100),
            ("2.5", "1.10", &[], 275),
            ("12", "1.234567", &["10"], 1333), // 14.814804 x 0.9 = 13.3333236
            ("7", "9.99", &["10", "5"], 5979), // 69.93 x 0.9 x 0.95 = 59.79015
            ("1", "10", &["33.3333"], 667),    // 6.66667
            ("0.0001", "0.000001", &["50"], 0),
            ("10000000", "100000000", &[], 100_000_000_000_000_000),
        ] {
            let amounts = order(vec![line(quantity, price, discounts, &[])]).amounts().unwrap();
            assert_eq!(amounts.lines, [net], "{quantity} x {price} {discounts:?}");
        }
    }

    #[test]
    fn tax_is_taken_on_the_base_of_each_rate() {
        let vat = ("IVA21", "21");
        let purchase = order(vec![
            line("1", "0.03", &[], &[vat]), // three lines apart would give a tax of 0.01 each
            line("1", "0.03", &[], &[vat]),
            line("1", "0.03", &[], &[vat]),
            line("1", "100", &[], &[("IVA10", "10"), ("RE", "1.4")]),
        ]);
        let amounts = purchase.amounts().unwrap();
        let taxes: Vec<_> = amounts.taxes.iter().map(|t| (t.code.as_str(), t.base, t.tax)).collect();
        assert_eq!(taxes, [("IVA10", 10_000, 1_000), ("IVA21", 9, 2), ("RE", 10_000, 140)]);
        assert_eq!((amounts.net, amounts.tax, amounts.total), (10_009, 1_142, 11_151));
    }

    #[test]
    fn a_discount_on_the_whole_is_spread_by_tax() {
        let mut purchase = order(vec![
            line("1", "10.05", &[], &[("IVA21", "21")]),
            line("1", "20.15", &[], &[("IVA10", "10")]),
        ]);
        purchase.discounts = vec![Discount::percent(decimal("3"))];
        let amounts = purchase.amounts().unwrap();
        assert_eq!(amounts.lines, [1_005, 2_015]);
        // 9.7485 and 19.5455
        assert_eq!((amounts.net, amounts.tax, amounts.total), (975 + 1_955, 205 + 196, 3_331));
    }

    #[test]
    fn what_comes_back_counts_negative() {
        let mut purchase = order(vec![line("2", "1.50", &[], &[]), line("1", "1.50", &[], &[])]);
        purchase.lines[1].returned = Some(ReturnReason::Damaged);
        assert_eq!(purchase.amounts().unwrap().lines, [300, -150]);
        purchase.sort = PurchaseSort::Return;
        let amounts = purchase.amounts().unwrap();
        assert_eq!((amounts.lines.as_slice(), amounts.total), (&[-300, -150][..], -450));
    }

    #[test]
    fn weight_is_priced_instead_of_pieces_and_free_goods_cost_nothing() {
        let mut weighed = line("2", "8.40", &[], &[]);
        weighed.priced_quantity = Some(decimal("5.3275"));
        let mut free = line("1", "8.40", &[], &[]);
        free.free = true;
        let unpriced = Line::new("A2", decimal("1"), "ud");
        let amounts = order(vec![weighed, free, unpriced]).amounts().unwrap();
        assert_eq!((amounts.lines.as_slice(), amounts.unpriced), (&[4_475, 0, 0][..], 1));
    }

    #[test]
    fn other_currencies_round_to_their_own_minor_unit() {
        for (code, net) in [("JPY", 2), ("EUR", 150), ("KWD", 1_500), ("CLF", 15_000)] {
            let mut purchase = order(vec![line("1", "1.5", &[], &[])]);
            purchase.currency = code.parse().unwrap();
            assert_eq!(purchase.amounts().unwrap().net, net, "{code}");
        }
    }

    #[test]
    fn amounts_that_mean_nothing_are_typed_errors() {
        let error = |line| order(vec![line]).amounts().unwrap_err();
        assert_eq!(error(line("1.00001", "1", &[], &[])), AmountsError::Precision { line: 0 });
        assert_eq!(error(line("1", "1", &["101"], &[])), AmountsError::Discount { line: 0 });
        assert_eq!(
            error(line("999999999999999999", "999999999999999999", &[], &[])),
            AmountsError::Overflow { line: 0 }
        );
        let mut unknown = order(vec![]);
        unknown.currency = "ZZZ".parse().unwrap();
        assert_eq!(unknown.amounts(), Err(AmountsError::Currency));
        let mut whole = order(vec![line("1", "1", &[], &[])]);
        whole.discounts = vec![Discount::amount(5)];
        assert_eq!(whole.amounts(), Err(AmountsError::Discount { line: 1 }));
    }
}
