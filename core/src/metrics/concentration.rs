//! Where the risk sits: how much of an amount hangs on few of its parts.
//!
//! The parts may be clients or their fiscal groups, regions, families, reps; the amount net revenue or open credit.
//! The Herfindahl-Hirschman index is the sum of (100 x share)^2: 10,000 for a single part, near 0 for many equal ones.

use super::figure::{Figure, Ratio, Withheld};

/// Amounts of the parts with a positive one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Concentration {
    /// Minor units, falling.
    amounts: Vec<i64>,
    total: i128,
    /// Parts whose amount is nothing or less; not in any share.
    pub left_out: u64,
}

impl Concentration {
    pub fn of(amounts: impl IntoIterator<Item = i64>) -> Self {
        let mut left_out = 0;
        let mut positive: Vec<i64> = Vec::new();
        for amount in amounts {
            if amount > 0 { positive.push(amount) } else { left_out += 1 }
        }
        positive.sort_unstable_by(|a, b| b.cmp(a));
        let total = positive.iter().map(|amount| i128::from(*amount)).sum();
        Self { amounts: positive, total, left_out }
    }

    /// Minor units of all parts that count.
    pub const fn total(&self) -> i128 {
        self.total
    }

    /// Parts that count.
    pub const fn parts(&self) -> u64 {
        self.amounts.len() as u64
    }

    /// Share of the `n` greatest parts.
    pub fn top(&self, n: usize) -> Figure<Ratio> {
        let part: i128 = self.amounts.iter().take(n).map(|amount| i128::from(*amount)).sum();
        Ratio::figure(part, self.total, self.parts())
    }

    /// Share of the greatest `percent` per cent of all parts, those left out among them; a broken part counts as none.
    pub fn top_percent(&self, percent: u32) -> Figure<Ratio> {
        let all = self.parts().saturating_add(self.left_out);
        self.top(usize::try_from(all.saturating_mul(percent.into()) / 100).unwrap_or(usize::MAX))
    }

    /// What would be left without the greatest part.
    pub fn without_first(&self) -> Figure<Ratio> {
        self.top(1).map(Ratio::rest)
    }

    /// Herfindahl-Hirschman index, 0 to 10,000.
    pub fn hhi(&self) -> Figure<f64> {
        if self.total == 0 {
            return Figure::withheld(Withheld::NoData, 0);
        }
        // A square has 126 bits at most, so the sum of four squares may not fit; past that, greatest first, the rest
        // adds nothing that a float could hold.
        let squares = self.amounts.iter().map(|amount| u128::from(amount.unsigned_abs()).pow(2));
        let sum = squares.fold(0_u128, u128::saturating_add);
        let total = self.total as f64;
        Figure::new(1e4 * (sum as f64 / (total * total)), self.parts())
    }
}

/// Amounts beyond 64 bits stand at the end of what fits.
pub fn clamp(amount: i128) -> i64 {
    i64::try_from(amount).unwrap_or(if amount < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_the_greatest() {
        let found = Concentration::of([10, 50, -5, 0, 40]);
        assert_eq!((found.total(), found.parts(), found.left_out), (100, 3, 2));
        assert_eq!(found.top(1), Figure::new(Ratio { part: 50, whole: 100 }, 3));
        assert_eq!(found.top(9).value.unwrap().get(), 1.0);
        assert_eq!(found.top_percent(40).value.unwrap().part, 90);
        assert_eq!(found.top_percent(39).value.unwrap().part, 50);
        assert_eq!(found.without_first().value.unwrap().get(), 0.5);
        let hhi = found.hhi().value.unwrap();
        assert!((hhi - 4_200.0).abs() < 1e-9, "{hhi}");
    }

    #[test]
    fn nothing_positive_has_no_share() {
        let found = Concentration::of([0, -3]);
        assert_eq!(
            (found.left_out, found.hhi(), found.top(1)),
            (2, Figure::withheld(Withheld::NoData, 0), Figure::withheld(Withheld::NoData, 0))
        );
    }

    #[test]
    fn a_single_part_is_all_and_huge_amounts_do_not_overflow() {
        assert_eq!(Concentration::of([7]).hhi().value, Ok(1e4));
        let huge = Concentration::of([i64::MAX; 4]);
        assert!((huge.hhi().value.unwrap() - 2_500.0).abs() < 1.0);
        assert_eq!((clamp(i128::MAX), clamp(i128::MIN), clamp(-7)), (i64::MAX, i64::MIN, -7));
    }
}
