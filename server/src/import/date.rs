//! Business dates: days since 1970-01-01 in the proleptic Gregorian calendar, and the ways in which files write them.

/// The years that a file may speak of: older or later ones are slips of the keyboard.
pub const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

/// Days since 1970-01-01. `None` for a day that the calendar lacks, or outside [`YEARS`].
pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<i32> {
    if !YEARS.contains(&year) || !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    // Years that begin in March end with the leap day; 400 of them are 146,097 days.
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let month_from_march = (month as i32 + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day as i32 - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

/// The inverse of [`from_ymd`]: year, month, day.
pub fn to_ymd(days: i32) -> (i32, u32, u32) {
    let days = i64::from(days) + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u32;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 } as u32;
    let year = (era * 400 + year_of_era) as i32 + i32::from(month <= 2);
    (year, month, day)
}

/// `2026-11-23`.
pub fn to_iso(days: i32) -> String {
    let (year, month, day) = to_ymd(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `20261123`: eight digits, year first.
pub fn from_digits(text: &str) -> Option<i32> {
    if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    from_ymd(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?)
}

fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_three_centuries_follows_the_one_before_and_comes_back() {
        let mut expected = from_ymd(1900, 1, 1).unwrap();
        for year in YEARS {
            for month in 1..=12 {
                for day in 1..=days_in_month(year, month) {
                    assert_eq!(from_ymd(year, month, day), Some(expected));
                    assert_eq!(to_ymd(expected), (year, month, day));
                    expected += 1;
                }
            }
        }
        assert_eq!(from_ymd(1970, 1, 1), Some(0));
        assert_eq!(from_ymd(2026, 11, 23), Some(20_780));
    }

    #[test]
    fn days_that_the_calendar_lacks_are_none() {
        for (year, month, day) in [
            (2026, 2, 29),
            (1900, 2, 29),
            (2026, 4, 31),
            (2026, 13, 1),
            (2026, 0, 1),
            (2026, 1, 0),
            (1899, 12, 31),
            (2200, 1, 1),
        ] {
            assert_eq!(from_ymd(year, month, day), None, "{year}-{month}-{day}");
        }
        assert!(from_ymd(2000, 2, 29).is_some());
    }

    #[test]
    fn eight_digits_and_iso() {
        assert_eq!(from_digits("19980630").map(to_iso).as_deref(), Some("1998-06-30"));
        for text in ["1998063", "199806300", "1998-6-3", "19980631", "١٩٩٨"] {
            assert_eq!(from_digits(text), None, "{text}");
        }
        assert_eq!(to_iso(i32::MAX).len(), "5881580-07-11".len());
    }
}
