//! Numbers, ids and times as text, without allocating: half of an export's work is writing them.

use cartera_core::model::BusinessDate;

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A ULID.
pub(super) fn id(out: &mut Vec<u8>, bytes: [u8; 16]) {
    // 26 letters of five bits: two, and twice twelve, so that each part fits a machine word.
    let bits = u128::from_be_bytes(bytes);
    let mut text = [0; 26];
    for (part, letters) in [(bits >> 120, 0..2), (bits >> 60, 2..14), (bits, 14..26)] {
        let mut part = part as u64;
        for letter in text[letters].iter_mut().rev() {
            *letter = CROCKFORD[(part & 31) as usize];
            part >>= 5;
        }
    }
    out.extend_from_slice(&text);
}

pub(super) fn int(out: &mut Vec<u8>, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    digits(out, value.unsigned_abs(), 1);
}

/// At least `width` digits.
fn digits(out: &mut Vec<u8>, mut value: u64, width: usize) {
    let mut text = [b'0'; 20];
    let mut at = text.len();
    while value > 0 {
        at -= 1;
        text[at] = b'0' + (value % 10) as u8;
        value /= 10;
    }
    out.extend_from_slice(&text[at.min(text.len() - width)..]);
}

/// With exactly `scale` decimals after `point`.
pub(super) fn fixed(out: &mut Vec<u8>, mantissa: i64, scale: u32, point: u8) {
    let scale = scale.min(18);
    if mantissa < 0 {
        out.push(b'-');
    }
    let unit = 10_u64.pow(scale);
    let value = mantissa.unsigned_abs();
    digits(out, value / unit, 1);
    if scale > 0 {
        out.push(point);
        digits(out, value % unit, scale as usize);
    }
}

/// As few digits as read back to the same bits, with `point` before the decimals.
pub(super) fn float(out: &mut Vec<u8>, value: f64, point: u8) {
    let from = out.len();
    out.extend_from_slice(value.to_string().as_bytes());
    if let Some(byte) = out[from..].iter_mut().find(|byte| **byte == b'.') {
        *byte = point;
    }
}

/// `YYYY-MM-DD`; false, and nothing written, outside the years 1 to 9999.
pub(super) fn date(out: &mut Vec<u8>, days: i32) -> bool {
    if BusinessDate::from_days(days).is_none() {
        return false;
    }
    let (year, month, day) = civil(days);
    digits(out, u64::from(year), 4);
    out.push(b'-');
    digits(out, u64::from(month), 2);
    out.push(b'-');
    digits(out, u64::from(day), 2);
    true
}

/// Date and time of day, UTC, with `between` them and milliseconds; false, and nothing written, outside the years 1
/// to 9999.
pub(super) fn instant(out: &mut Vec<u8>, ms: i64, between: u8) -> bool {
    let Ok(days) = i32::try_from(ms.div_euclid(DAY_MS)) else { return false };
    if !date(out, days) {
        return false;
    }
    let ms = ms.rem_euclid(DAY_MS) as u64;
    out.push(between);
    digits(out, ms / 3_600_000, 2);
    out.push(b':');
    digits(out, ms / 60_000 % 60, 2);
    out.push(b':');
    digits(out, ms / 1000 % 60, 2);
    out.push(b'.');
    digits(out, ms % 1000, 3);
    true
}

/// Year, month and day in the Gregorian calendar: years begin in March here, so that the leap day comes last, and
/// 400 of them are 146,097 days.
fn civil(days: i32) -> (u32, u32, u32) {
    let days = days + 719_468; // since 0000-03-01; never negative from year 1 on
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    (year as u32, month as u32, day as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartera_core::model::RecordId;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn ids_read_as_everywhere_else() {
        for byte in [0, 1, 7, 0x5a, 0xff] {
            let bytes = [byte; 16];
            assert_eq!(text(|out| id(out, bytes)), RecordId::from_bytes(bytes).to_string());
        }
    }

    #[test]
    fn every_day_reads_as_the_calendar_says() {
        for days in (-719_162..=2_932_896).step_by(37).chain([0, -1, 19_782, 19_783, 2_932_896]) {
            let expected = BusinessDate::from_days(days).unwrap().to_string();
            assert_eq!(text(|out| assert!(date(out, days))), expected);
        }
        assert_eq!(text(|out| assert!(!date(out, -719_163))), "");
        assert_eq!(text(|out| assert!(!date(out, 2_932_897))), "");
    }

    #[test]
    fn instants_are_utc_to_the_millisecond() {
        assert_eq!(text(|out| assert!(instant(out, 0, b'T'))), "1970-01-01T00:00:00.000");
        assert_eq!(text(|out| assert!(instant(out, -1, b'T'))), "1969-12-31T23:59:59.999");
        assert_eq!(text(|out| assert!(instant(out, 1_790_000_000_123, b' '))), "2026-09-21 14:13:20.123");
        for ms in [i64::MIN, i64::MAX] {
            assert_eq!(text(|out| assert!(!instant(out, ms, b'T'))), "");
        }
    }

    #[test]
    fn numbers_have_all_their_decimals_and_sign() {
        for (mantissa, scale, expected) in [
            (0, 0, "0"),
            (-5, 2, "-0.05"),
            (123_456, 2, "1234.56"),
            (1, 6, "0.000001"),
            (i64::MIN, 0, "-9223372036854775808"),
            (i64::MAX, 4, "922337203685477.5807"),
        ] {
            assert_eq!(text(|out| fixed(out, mantissa, scale, b'.')), expected);
        }
        assert_eq!(text(|out| int(out, i64::MIN)), i64::MIN.to_string());
        assert_eq!(text(|out| fixed(out, 1250, 2, b',')), "12,50");
    }
}
