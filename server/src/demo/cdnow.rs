//! The CDNOW data set: what 23,570 people really bought from a record shop between 1997-01-01 and 1998-06-30.
//!
//! Origin, licence and hashes are in `server/data/cdnow/README.md`. A row is one purchase; 255 rows repeat an
//! earlier one exactly, and are purchases like any other, so that a row is named by its line in the file. Amounts
//! are read as whole cents: no binary fraction touches them.

use thiserror::Error;

use crate::import::date;

/// The whole data set, as shipped (zstd).
pub const MASTER: &[u8] = include_bytes!("../../data/cdnow/CDNOW_master.txt.zst");

/// Both files inflate to less than this.
const MAX_TEXT_BYTES: usize = 4 << 20;

/// Days in a week.
const WEEK: i32 = 7;

/// One purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purchase {
    /// Line of the file, counted from 1: the row's name, for ever.
    pub line: u32,
    /// 1..=23,570.
    pub client: u32,
    /// Business date, days since 1970-01-01.
    pub date: i32,
    /// Compact discs.
    pub units: u32,
    /// US dollars, in cents.
    pub cents: i64,
}

#[derive(Debug, Error)]
pub enum CdnowError {
    #[error("the data set does not unpack: {0}")]
    Unpack(#[from] std::io::Error),
    #[error("the data set is damaged at line {line}")]
    Line { line: u32 },
}

/// All 69,659 purchases, in the order of the file, with their own dates.
pub fn purchases() -> Result<Vec<Purchase>, CdnowError> {
    let bytes = zstd::bulk::decompress(MASTER, MAX_TEXT_BYTES)?;
    parse(&bytes, 0)
}

/// Reads `CDNOW_master.txt`, or, with one more column after the client's number, `CDNOW_sample.txt`.
pub fn parse(bytes: &[u8], extra_columns: usize) -> Result<Vec<Purchase>, CdnowError> {
    let text = std::str::from_utf8(bytes).map_err(|_| CdnowError::Line { line: 0 })?;
    let mut purchases = Vec::with_capacity(bytes.len() / 28 + 1);
    for (line, text) in (1u32..).zip(text.lines()) {
        let is_header = line == 1 && text.trim_start().starts_with("customer_id");
        if is_header || text.trim().is_empty() {
            continue;
        }
        let mut words = text.split_ascii_whitespace();
        let purchase = (|| {
            let client = words.next()?.parse().ok()?;
            for _ in 0..extra_columns {
                words.next()?;
            }
            let date = date::from_digits(words.next()?)?;
            let units = words.next()?.parse().ok()?;
            let cents = cents(words.next()?)?;
            words.next().is_none().then_some(Purchase { line, client, date, units, cents })
        })();
        purchases.push(purchase.ok_or(CdnowError::Line { line })?);
    }
    Ok(purchases)
}

/// `11.77` -> 1177.
fn cents(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.')?;
    if fraction.len() != 2 || !text.bytes().all(|b| b == b'.' || b.is_ascii_digit()) {
        return None;
    }
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(fraction.parse().ok()?)
}

/// By how many days to move every date, so that the last one is `as_of` or one of the six days before it:
/// a whole number of weeks, which keeps weekdays. Negative when `as_of` is before `last`.
pub fn shift_days(last: i32, as_of: i32) -> i32 {
    as_of.saturating_sub(last).div_euclid(WEEK) * WEEK
}

/// Moves every purchase by the same [`shift_days`], and says by how many.
pub fn shift(purchases: &mut [Purchase], as_of: i32) -> i32 {
    let Some(last) = purchases.iter().map(|p| p.date).max() else { return 0 };
    let days = shift_days(last, as_of);
    for purchase in purchases {
        purchase.date += days;
    }
    days
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use sha2::{Digest, Sha256};

    use super::*;

    const SAMPLE: &[u8] = include_bytes!("../../data/cdnow/CDNOW_sample.txt.zst");
    const SUMMARY: &[u8] = include_bytes!("../../data/cdnow/cdnow_customers_summary.csv.zst");
    const SUMMARY_WITH_VALUE: &[u8] =
        include_bytes!("../../data/cdnow/cdnow_customers_summary_with_transactions.csv.zst");

    fn day(text: &str) -> i32 {
        date::from_digits(text).unwrap()
    }

    #[test]
    fn the_files_are_the_published_ones() {
        let cases = [
            (MASTER, "eff6889ed364c5199d6eacbbeb7a6d559971df4406ac876f322c373f00a072ef"),
            (SAMPLE, "6fae10155c0b0ba363c2c386e30f77990d22328220efd862a5edd1443420d94a"),
            (SUMMARY, "09d92ca80daaabe8be0f997d4c539f9c9606106baa5b199081fe01cbce5fa9f6"),
            (SUMMARY_WITH_VALUE, "7ddd11b55be3227edfc1d58675154e96971b0de3ad37ddd9280d1dba154b8b2f"),
        ];
        for (packed, expected) in cases {
            let digest = Sha256::digest(zstd::bulk::decompress(packed, MAX_TEXT_BYTES).unwrap());
            let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(hex, expected);
        }
    }

    #[test]
    fn the_master_has_the_published_totals() {
        let rows = purchases().unwrap();
        assert_eq!(rows.len(), 69_659);
        let clients: HashSet<u32> = rows.iter().map(|p| p.client).collect();
        assert_eq!(clients.len(), 23_570);
        assert_eq!((clients.iter().min(), clients.iter().max()), (Some(&1), Some(&23_570)));
        assert_eq!(rows.iter().map(|p| p.date).min(), Some(day("19970101")));
        assert_eq!(rows.iter().map(|p| p.date).max(), Some(day("19980630")));
        assert_eq!(rows.iter().map(|p| p.cents).sum::<i64>(), 250_031_563);
        assert_eq!(rows.iter().filter(|p| p.cents == 0).count(), 80);
        let mut seen = HashSet::new();
        let repeats = rows.iter().filter(|p| !seen.insert((p.client, p.date, p.units, p.cents))).count();
        assert_eq!(repeats, 255);
        let days: HashSet<(u32, i32)> = rows.iter().map(|p| (p.client, p.date)).collect();
        assert_eq!(days.len(), 67_591, "purchase events");
        assert_eq!((rows[0].line, rows[69_658].line), (2, 69_660));
    }

    #[test]
    fn every_row_of_the_sample_is_one_of_the_master() {
        let sample = parse(&zstd::bulk::decompress(SAMPLE, MAX_TEXT_BYTES).unwrap(), 1).unwrap();
        assert_eq!(sample.len(), 6_919);
        assert_eq!(sample.iter().map(|p| p.client).collect::<HashSet<_>>().len(), 2_357);
        let mut master: HashMap<_, u32> = HashMap::new();
        for p in purchases().unwrap() {
            *master.entry((p.client, p.date, p.units, p.cents)).or_default() += 1;
        }
        for p in sample {
            let left = master.get_mut(&(p.client, p.date, p.units, p.cents)).unwrap();
            *left = left.checked_sub(1).unwrap();
        }
    }

    #[test]
    fn the_last_day_falls_within_the_seven_days_that_end_with_the_as_of_date() {
        let last = day("19980630");
        for as_of in day("20261101")..day("20261201") {
            let moved = last + shift_days(last, as_of);
            assert!((as_of - 6..=as_of).contains(&moved), "{as_of}");
            assert_eq!((moved - last) % 7, 0);
        }
        assert_eq!(shift_days(last, last), 0);
        assert_eq!(shift_days(last, last + 6), 0);
        assert_eq!(shift_days(last, last + 7), 7);
        assert_eq!(shift_days(last, last - 1), -7, "an as-of date before the data moves them back");
    }

    #[test]
    fn a_shift_moves_every_row_alike_and_keeps_weekdays() {
        let before = purchases().unwrap();
        let mut after = before.clone();
        let days = shift(&mut after, day("20261123"));
        assert_eq!(days % 7, 0);
        assert!(before.iter().zip(&after).all(|(b, a)| a.date - b.date == days && a.line == b.line));
        assert_eq!(after.iter().map(|p| p.date).max(), Some(day("20261117")));
        assert_eq!(shift(&mut [], 0), 0);
    }

    #[test]
    fn a_damaged_line_is_named() {
        let header = " customer_id  date number_of_cds  dollar_value\r\n";
        for bad in
            ["00001 19970230 1 1.00", "00001 19970101 1 1.0", "00001 19970101 1", "x 19970101 1 1.00 9"]
        {
            let text = format!("{header} 00001 19970101  1   11.77\r\n{bad}\r\n");
            assert!(matches!(parse(text.as_bytes(), 0), Err(CdnowError::Line { line: 3 })), "{bad}");
        }
        assert!(matches!(parse(b"\xff", 0), Err(CdnowError::Line { line: 0 })));
    }
}
