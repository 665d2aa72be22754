//! Tax ids: the Spanish NIF with its check letter, and the shapes of VAT numbers of the European Union.
//!
//! A check warns and never blocks: old, foreign and provisional numbers exist that no rule knows, and the client
//! stands in front of the rep.

use super::cbor::cbor_map;
use super::limits::TAX_ID_CHARS_MAX;
use super::place::is_country;
use super::problem::{Check, Code};

cbor_map! {
    /// A tax id; country and number are only true together.
    pub struct TaxId {
        /// ISO 3166-1; `GR` for Greece, whose VAT numbers begin with `EL`; `XI` for Northern Ireland.
        0 country: String,
        /// Capital letters and digits, without the country.
        1 number: String,
    }
}

/// What looks wrong with a tax id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TaxIdWarning {
    /// Not of the shape that the country's numbers have.
    Shape,
    /// The check letter or digit does not fit.
    CheckLetter,
}

impl TaxIdWarning {
    pub const ALL: &'static [Self] = &[Self::Shape, Self::CheckLetter];

    /// Stable name; its words are in the strings.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Shape => "tax_id_shape",
            Self::CheckLetter => "tax_id_check_letter",
        }
    }
}

impl TaxId {
    /// Reads what was typed: separators are dropped, letters made capital, and a VAT prefix names the country where
    /// what follows has that country's shape. `None` if no letter or digit is left.
    pub fn parse(text: &str, country: &str) -> Option<Self> {
        let mut number = String::new();
        for c in text.chars().filter(char::is_ascii_alphanumeric) {
            number.push(c.to_ascii_uppercase());
        }
        if number.is_empty() {
            return None;
        }
        let prefixed = number.get(..2).and_then(|prefix| {
            let country = if prefix == "EL" { "GR" } else { prefix };
            let rest = &number[2..];
            has_shape(country, rest)?.then(|| (country.to_owned(), rest.to_owned()))
        });
        let (country, number) = prefixed.unwrap_or_else(|| (country.to_owned(), number));
        Some(Self { country, number, extras: Default::default() })
    }

    /// What looks wrong; `None` also for countries without a rule here.
    pub fn warning(&self) -> Option<TaxIdWarning> {
        if self.country == "ES" {
            return match spanish_check(&self.number) {
                None => Some(TaxIdWarning::Shape),
                Some(false) => Some(TaxIdWarning::CheckLetter),
                Some(true) => None,
            };
        }
        match has_shape(&self.country, &self.number) {
            Some(false) => Some(TaxIdWarning::Shape),
            Some(true) | None => None,
        }
    }

    pub(crate) fn check(&self, check: &mut Check) {
        check.rule(is_country(&self.country), "country", Code::Form);
        check.line("number", &self.number, TAX_ID_CHARS_MAX);
        let normal = self.number.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        check.rule(normal, "number", Code::Form);
    }
}

/// Shapes of VAT numbers without the country's letters: 9 a digit, A a letter, X either, anything else itself.
const SHAPES: &[(&str, &[&str])] = &[
    ("AT", &["U99999999"]),
    ("BE", &["0999999999", "1999999999"]),
    ("BG", &["999999999", "9999999999"]),
    ("CY", &["99999999A"]),
    ("CZ", &["99999999", "999999999", "9999999999"]),
    ("DE", &["999999999"]),
    ("DK", &["99999999"]),
    ("EE", &["999999999"]),
    ("ES", &["A9999999A", "A99999999", "99999999A"]),
    ("FI", &["99999999"]),
    ("FR", &["XX999999999"]),
    ("GR", &["999999999"]),
    ("HR", &["99999999999"]),
    ("HU", &["99999999"]),
    ("IE", &["9999999A", "9999999AA", "9X99999A"]),
    ("IT", &["99999999999"]),
    ("LT", &["999999999", "999999999999"]),
    ("LU", &["99999999"]),
    ("LV", &["99999999999"]),
    ("MT", &["99999999"]),
    ("NL", &["999999999B99"]),
    ("PL", &["9999999999"]),
    ("PT", &["999999999"]),
    ("RO", &["99", "999", "9999", "99999", "999999", "9999999", "99999999", "999999999", "9999999999"]),
    ("SE", &["999999999999"]),
    ("SI", &["99999999"]),
    ("SK", &["9999999999"]),
    ("XI", &["999999999", "999999999999", "GD999", "HA999"]),
];

/// Whether a number has one of its country's shapes; `None` for a country without a rule.
fn has_shape(country: &str, number: &str) -> Option<bool> {
    let (_, shapes) = SHAPES.iter().find(|(code, _)| *code == country)?;
    Some(shapes.iter().any(|shape| {
        shape.len() == number.len()
            && shape.bytes().zip(number.bytes()).all(|(shape, byte)| match shape {
                b'9' => byte.is_ascii_digit(),
                b'A' => byte.is_ascii_uppercase(),
                b'X' => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
                exact => exact == byte,
            })
    }))
}

/// Whether the check letter or digit of a Spanish NIF fits; `None` if it has the shape of none.
///
/// Persons (eight digits; X, Y or Z for foreigners; K, L or M without a number of their own): the number modulo 23
/// names the letter. Entities (a letter for the legal form, seven digits, a control): the digits at odd places are
/// doubled and their digits added, those at even places added; what is missing to the next ten is the control, as a
/// digit or as a letter from J to I, depending on the legal form.
fn spanish_check(nif: &str) -> Option<bool> {
    const PERSON_LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    const ENTITY_LETTERS: &[u8; 10] = b"JABCDEFGHI";
    let bytes: &[u8; 9] = nif.as_bytes().try_into().ok()?;
    let (first, middle, last) = (bytes[0], &bytes[1..8], bytes[8]);
    if !middle.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = middle.iter().fold(0_u32, |number, digit| number * 10 + u32::from(digit - b'0'));
    let person = |leading: u32| {
        let letter = PERSON_LETTERS[((leading * 10_000_000 + number) % 23) as usize];
        last.is_ascii_uppercase().then_some(last == letter)
    };
    match first {
        b'0'..=b'9' => person(u32::from(first - b'0')),
        b'K' | b'L' | b'M' | b'X' => person(0),
        b'Y' => person(1),
        b'Z' => person(2),
        b'A'..=b'H' | b'J' | b'N' | b'P'..=b'S' | b'U'..=b'W' => {
            let mut sum = 0;
            for (index, digit) in middle.iter().enumerate() {
                let digit = u32::from(digit - b'0');
                sum += if index % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { digit };
            }
            let control = ((10 - sum % 10) % 10) as u8;
            let (digit, letter) = (b'0' + control, ENTITY_LETTERS[usize::from(control)]);
            let fits = match first {
                b'A' | b'B' | b'E' | b'H' => last == digit,
                b'N' | b'P' | b'Q' | b'R' | b'S' | b'W' => last == letter,
                _ => last == digit || last == letter,
            };
            Some(fits)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warning(text: &str) -> Option<TaxIdWarning> {
        TaxId::parse(text, "ES").unwrap().warning()
    }

    #[test]
    fn spanish_check_letters_are_known() {
        for good in [
            "12345678Z",
            "00000000T",
            "X1234567L",
            "Y1234567X",
            "Z1234567R",
            "A58818501",
            "B12345674",
            "Q2826000H",
            "P2807900B",
            "J12345674",
            "G28029643",
            "12.345.678-z",
            "B-12345674",
            "ESB12345674",
        ] {
            assert_eq!(warning(good), None, "{good}");
        }
        for wrong in ["12345678A", "X1234567A", "A58818502", "Q28260008", "B1234567D"] {
            assert_eq!(warning(wrong), Some(TaxIdWarning::CheckLetter), "{wrong}");
        }
        for odd in ["1234567Z", "123456789", "I1234567A", "AB345678Z", "PENDIENTE"] {
            assert_eq!(warning(odd), Some(TaxIdWarning::Shape), "{odd}");
        }
    }

    #[test]
    fn a_vat_prefix_names_the_country() {
        for (text, country, number) in [
            ("PT 501 442 600", "PT", "501442600"),
            ("EL123456789", "GR", "123456789"),
            ("FR83404833048", "FR", "83404833048"),
            ("NL123456789B01", "NL", "123456789B01"),
            ("DE12", "ES", "DE12"), // no German number: left as typed
        ] {
            let id = TaxId::parse(text, "ES").unwrap();
            assert_eq!((id.country.as_str(), id.number.as_str()), (country, number), "{text}");
        }
        assert_eq!(TaxId::parse("EL123456789", "ES").unwrap().warning(), None);
        assert_eq!(TaxId::parse("12", "PT").unwrap().warning(), Some(TaxIdWarning::Shape));
        assert_eq!(TaxId::parse("whatever", "CL").unwrap().warning(), None);
        assert_eq!(TaxId::parse(" -- ", "ES"), None);
    }

    #[test]
    fn a_wrong_letter_is_no_problem_but_a_wrong_form_is() {
        let problems = |country: &str, number: &str| {
            let id = TaxId { country: country.into(), number: number.into(), extras: Default::default() };
            let mut check = Check::default();
            id.check(&mut check);
            check.into_problems().len()
        };
        assert_eq!(problems("ES", "12345678A"), 0);
        assert_eq!(problems("ES", &"1".repeat(TAX_ID_CHARS_MAX)), 0);
        assert_eq!(problems("ES", &"1".repeat(TAX_ID_CHARS_MAX + 1)), 1);
        assert_eq!(problems("es", "12345678Z"), 1);
        assert_eq!(problems("ES", "12345678-z"), 1);
    }
}
