//! Phone numbers: as typed, and in the one form that can be dialled and compared (E.164).
//!
//! What was typed is always kept, since a number that no rule knows may still be right. Numbers are parsed only when
//! they are written: the rules of all countries take 10 MB at the first parse, and reading must not depend on them.

use phonenumber::{Mode, country};

use super::cbor::cbor_map;
use super::limits::PHONE_CHARS_MAX;
use super::problem::{Check, Code};

/// Digits of an E.164 number, country code included: ITU-T allows 15, and the shortest in use have 7.
const E164_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

cbor_map! {
    /// A phone number; its two forms are only true together.
    pub struct Phone {
        /// As it was typed.
        0 raw: String,
        /// `+` and 7 to 15 digits; missing where what was typed is no valid number.
        1 e164: Option<String>,
    }
}

impl Phone {
    /// Keeps what was typed and finds the number in it. `country` (ISO 3166-1) is where a number without country
    /// code belongs.
    pub fn parse(raw: &str, country: Option<&str>) -> Self {
        let raw = raw.trim();
        Self { raw: raw.to_owned(), e164: to_e164(raw, country), extras: Default::default() }
    }

    /// The number without its country code, as people say it at home; `None` where what was typed is no valid number.
    pub fn national(&self) -> Option<&str> {
        national(self.e164.as_deref()?)
    }

    pub(crate) fn check(&self, check: &mut Check) {
        check.line("raw", &self.raw, PHONE_CHARS_MAX);
        if let Some(e164) = &self.e164 {
            check.rule(is_e164(e164), "e164", Code::Form);
        }
    }
}

/// A number in E.164 without its country code.
pub fn national(e164: &str) -> Option<&str> {
    let digits = e164.strip_prefix('+')?;
    digits.get(country_code_digits(digits)..)
}

/// How many digits of an international number are the country's: no code is the beginning of another (ITU-T E.164).
fn country_code_digits(digits: &str) -> usize {
    match digits.as_bytes() {
        [b'1' | b'7', ..] => 1,
        [b'2', b'0' | b'7', ..]
        | [b'3', b'0'..=b'4' | b'6' | b'9', ..]
        | [b'4', b'0' | b'1' | b'3'..=b'9', ..]
        | [b'5', b'1'..=b'8', ..]
        | [b'6', b'0'..=b'6', ..]
        | [b'8', b'1' | b'2' | b'4' | b'6', ..]
        | [b'9', b'0'..=b'5' | b'8', ..] => 2,
        _ => 3,
    }
}

fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        E164_DIGITS.contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|b| b.is_ascii_digit())
    })
}

fn to_e164(raw: &str, country: Option<&str>) -> Option<String> {
    let dialled = dialled(raw)?;
    let country: Option<country::Id> = country.and_then(|code| code.parse().ok());
    // Only `+` and digits get this far; the crate's parser still unwraps here and there, and a number is not worth
    // a panic.
    let parsed = std::panic::catch_unwind(|| {
        let number = phonenumber::parse(country, &dialled).ok()?;
        number.is_valid().then(|| number.format().mode(Mode::E164).to_string())
    });
    parsed.ok().flatten().filter(|e164| is_e164(e164))
}

/// The digits to dial, with a `+` in front if there was one: separators dropped, and what follows an extension's
/// mark. `None` if anything else is in it, or too many digits.
fn dialled(raw: &str) -> Option<String> {
    if raw.chars().count() > PHONE_CHARS_MAX {
        return None;
    }
    let raw = raw.replace("(0)", "");
    let mut dialled = String::new();
    for c in raw.chars() {
        match c {
            '+' if dialled.is_empty() => dialled.push(c),
            '0'..='9' => dialled.push(c),
            ' ' | '\u{a0}' | '\u{202f}' | '-' | '\u{2013}' | '.' | '/' | '(' | ')' => {}
            'x' | 'X' | 'e' | 'E' | ';' | '#' if !dialled.is_empty() => break,
            _ => return None,
        }
    }
    (dialled.len() <= 20 && dialled.len() > 3).then_some(dialled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_was_typed_ends_at_its_limit() {
        let problems = |chars: usize| {
            let mut check = Check::default();
            // Blanks inside do not count towards a number, but they are kept.
            let raw = format!("600{}123456", " ".repeat(chars - 9));
            let phone = Phone::parse(&raw, Some("ES"));
            phone.check(&mut check);
            (phone.e164.is_some(), check.into_problems())
        };
        assert_eq!(problems(PHONE_CHARS_MAX), (true, Vec::new()));
        let (is_number, past) = problems(PHONE_CHARS_MAX + 1);
        assert_eq!(
            (past.len(), past[0].code, past[0].limit),
            (1, Code::TooLong, Some(PHONE_CHARS_MAX as i64))
        );
        assert!(!is_number, "nor is it parsed");
    }

    #[test]
    fn numbers_are_found_in_what_people_type() {
        for (raw, country, e164) in [
            ("600 123 456", Some("ES"), Some("+34600123456")),
            ("(91) 123.45.67", Some("ES"), Some("+34911234567")),
            ("+34 91 123 45 67", None, Some("+34911234567")),
            ("0034 911234567", Some("ES"), Some("+34911234567")),
            ("911234567 ext. 12", Some("ES"), Some("+34911234567")),
            ("+44 (0)20 7946 0000", Some("ES"), Some("+442079460000")),
            ("06 12 34 56 78", Some("FR"), Some("+33612345678")),
            ("912 345 678", Some("PT"), Some("+351912345678")),
            ("600 123 456", None, None),
            ("12345", Some("ES"), None),
            ("preguntar por Ana", Some("ES"), None),
            ("", Some("ES"), None),
            ("600 123 456", Some("nowhere"), None),
        ] {
            let phone = Phone::parse(raw, country);
            assert_eq!((phone.raw.as_str(), phone.e164.as_deref()), (raw, e164), "{raw}");
        }
    }

    #[test]
    fn the_stored_form_is_checked_without_the_rules_of_countries() {
        for (e164, good) in [
            ("+3491123", true),
            ("+349112", false),
            ("+123456789012345", true),
            ("+1234567890123456", false),
            ("34600123456", false),
            ("+0600123456", false),
            ("+34 600123456", false),
        ] {
            let phone = Phone { raw: "x".into(), e164: Some(e164.into()), extras: Default::default() };
            let mut check = Check::default();
            phone.check(&mut check);
            assert_eq!(check.into_problems().is_empty(), good, "{e164}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_typed_makes_it_panic(
            raw in "[+0-9 ()./x#;e-]{0,45}|.{0,45}",
            country in prop::option::of(prop::sample::select(vec!["ES", "FR", "US", "BR", "AR", "IT"])),
        ) {
            if let Some(e164) = Phone::parse(&raw, country).e164 {
                prop_assert!(is_e164(&e164));
            }
        }
    }
}
