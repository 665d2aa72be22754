//! Where something is: a measured point, a postal address.

use super::cbor::cbor_map;
use super::limits::{ACCURACY_METRES_MAX, ADDRESS_LINE_CHARS_MAX, POSTCODE_CHARS_MAX};
use super::problem::{Check, Code};

/// Degrees are kept times ten million: a ten-millionth is about a centimetre.
pub const DEGREE_E7: i64 = 10_000_000;

cbor_map! {
    /// A point on the earth (WGS 84), as a device or a map gave it.
    pub struct Fix {
        /// Latitude in ten-millionths of a degree, north positive.
        0 lat_e7: i32,
        /// Longitude in ten-millionths of a degree, east positive.
        1 lon_e7: i32,
        /// Radius in metres within which the place lies.
        2 accuracy_m: Option<u32>,
    }
}

impl Fix {
    pub fn new(lat_e7: i32, lon_e7: i32, accuracy_m: Option<u32>) -> Self {
        Self { lat_e7, lon_e7, accuracy_m, extras: Default::default() }
    }

    pub(crate) fn check(&self, check: &mut Check) {
        check.range("lat_e7", self.lat_e7.into(), -90 * DEGREE_E7, 90 * DEGREE_E7);
        check.range("lon_e7", self.lon_e7.into(), -180 * DEGREE_E7, 180 * DEGREE_E7);
        if let Some(accuracy_m) = self.accuracy_m {
            check.range("accuracy_m", accuracy_m.into(), 0, ACCURACY_METRES_MAX.into());
        }
    }
}

cbor_map! {
    /// A postal address; its parts are only true together.
    pub struct Address {
        /// Street and number.
        0 street: Option<String>,
        /// Floor, door, industrial estate.
        1 detail: Option<String>,
        2 postcode: Option<String>,
        3 city: Option<String>,
        /// Province, state.
        4 region: Option<String>,
        /// ISO 3166-1: two capital letters.
        5 country: Option<String>,
    }
}

impl Address {
    /// An address with nothing in it yet.
    pub fn empty() -> Self {
        Self {
            street: None,
            detail: None,
            postcode: None,
            city: None,
            region: None,
            country: None,
            extras: Default::default(),
        }
    }

    /// On one line, with commas between what is there.
    pub fn line(&self) -> String {
        let parts = [&self.street, &self.detail, &self.postcode, &self.city, &self.region, &self.country];
        parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ")
    }

    pub(crate) fn check(&self, check: &mut Check) {
        let lines = [
            ("street", &self.street),
            ("detail", &self.detail),
            ("city", &self.city),
            ("region", &self.region),
        ];
        let nothing = lines.iter().all(|(_, line)| line.is_none())
            && self.postcode.is_none()
            && self.country.is_none()
            && self.extras.is_empty();
        check.rule(!nothing, "street", Code::Required);
        for (field, line) in lines {
            check.line_opt(field, line.as_ref(), ADDRESS_LINE_CHARS_MAX);
        }
        check.line_opt("postcode", self.postcode.as_ref(), POSTCODE_CHARS_MAX);
        if let Some(country) = &self.country {
            check.rule(is_country(country), "country", Code::Form);
        }
    }
}

/// Two capital letters, as ISO 3166-1 has them.
pub(crate) fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::problem::Problem;

    fn problems(walk: impl FnOnce(&mut Check)) -> Vec<Problem> {
        let mut check = Check::default();
        walk(&mut check);
        check.into_problems()
    }

    #[test]
    fn points_end_at_the_poles_and_the_date_line() {
        for (lat, lon, accuracy, good) in [
            (900_000_000, 1_800_000_000, Some(ACCURACY_METRES_MAX), true),
            (-900_000_000, -1_800_000_000, None, true),
            (900_000_001, 0, None, false),
            (-900_000_001, 0, None, false),
            (0, 1_800_000_001, None, false),
            (0, -1_800_000_001, None, false),
            (0, 0, Some(ACCURACY_METRES_MAX + 1), false),
        ] {
            let fix = Fix::new(lat, lon, accuracy);
            assert_eq!(problems(|check| fix.check(check)).is_empty(), good, "{fix:?}");
        }
    }

    #[test]
    fn texts_of_an_address_end_at_their_limits() {
        type Set = fn(&mut Address, String);
        let fields: [(&str, usize, Set); 5] = [
            ("postcode", POSTCODE_CHARS_MAX, |address, text| address.postcode = Some(text)),
            ("street", ADDRESS_LINE_CHARS_MAX, |address, text| address.street = Some(text)),
            ("detail", ADDRESS_LINE_CHARS_MAX, |address, text| address.detail = Some(text)),
            ("city", ADDRESS_LINE_CHARS_MAX, |address, text| address.city = Some(text)),
            ("region", ADDRESS_LINE_CHARS_MAX, |address, text| address.region = Some(text)),
        ];
        for (field, limit, set) in fields {
            let at = |chars: usize| {
                let mut address = Address::empty();
                set(&mut address, "ñ".repeat(chars));
                problems(|check| address.check(check))
            };
            assert_eq!(at(limit), [], "{field}");
            let past = at(limit + 1);
            assert_eq!(
                (past.len(), past[0].code, past[0].limit),
                (1, Code::TooLong, Some(limit as i64)),
                "{field}"
            );
        }
    }

    #[test]
    fn an_address_says_something_and_its_country_has_two_letters() {
        let mut address = Address::empty();
        assert_eq!(problems(|check| address.check(check)).len(), 1);
        address.city = Some("Cuenca".into());
        assert_eq!(problems(|check| address.check(check)), []);
        for country in ["es", "ESP", "E1", ""] {
            address.country = Some(country.into());
            assert_eq!(problems(|check| address.check(check))[0].code, Code::Form, "{country}");
        }
    }
}
