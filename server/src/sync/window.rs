//! The window of sales that phones keep, as the setting wants it.

use cartera_core::model::BusinessDate;

use crate::app::App;
use crate::settings::policy;
use crate::storage::Result;

/// Moves the window on to as many months before the newest sale as the setting says; gives how many sales left it. It
/// is counted from a sale and not from this clock, which may be ahead by years; a sale dated in the future counts for
/// nothing. The window never moves back: where the setting is raised, phones keep more from then on.
pub fn advance(app: &App) -> Result<u64> {
    let now_ms = app.env.now_ms();
    let months = policy::policy(app)?.sales_months;
    let newest = match today(now_ms) {
        Some(today) => app.storage.newest_sale(today)?,
        None => None,
    };
    let Some(from) = newest.and_then(|newest| before(newest, months)) else { return Ok(0) };
    let mut passed = 0;
    while !app.is_stopping()
        && let Some(more) = app.storage.move_sales_window(from, now_ms)?
    {
        passed += more;
    }
    Ok(passed)
}

/// The date that it is everywhere on Earth or soon will be.
fn today(now_ms: i64) -> Option<BusinessDate> {
    let day = i32::try_from(now_ms.div_euclid(24 * 60 * 60 * 1000)).ok()?;
    BusinessDate::from_days(day)?.plus_days(1)
}

fn before(date: BusinessDate, months: u16) -> Option<BusinessDate> {
    let span = jiff::Span::new().months(i64::from(months));
    BusinessDate::try_from(date.civil().checked_sub(span).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> BusinessDate {
        text.parse().unwrap()
    }

    #[test]
    fn months_are_calendar_months_and_end_where_the_month_does() {
        for (date, months, from) in [
            ("2026-11-24", 15, "2025-08-24"),
            ("2026-05-31", 15, "2025-02-28"),
            ("2026-03-31", 1, "2026-02-28"),
            ("2026-11-24", 60, "2021-11-24"),
        ] {
            assert_eq!(before(day(date), months), Some(day(from)));
        }
    }

    #[test]
    fn a_clock_that_says_nonsense_moves_nothing() {
        assert_eq!((today(i64::MAX), today(i64::MIN)), (None, None));
        assert_eq!(today(0), Some(day("1970-01-02")));
    }
}
