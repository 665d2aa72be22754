//! What CDNOW lacks, invented: establishments with people, streets and towns, and a catalogue of discs.
//!
//! Nothing here describes anybody. All of it follows from (seed, client number), so that the same demo is made
//! anywhere; every client carries the tag [`GENERATED`]. Telephone numbers are those that the United States set
//! apart for fiction (555-0100 to 555-0199), since Spain has none; addresses of mail end in `.example` (RFC 2606); tax ids have a right check letter in
//! ranges that are not issued (companies of province 00, persons beyond 99 million). Towns, provinces, postal codes
//! and coordinates of town centres are real.

mod words;

use cartera_core::model::fold::fold;
use words::{
    AREA_CODES, CENTRE, EAST, FAMILIES, GIVEN_NAMES, KINDS, ROLES, SOUTH, STREETS, SURNAMES, Town, WORDS,
};

/// The tag of every generated client.
pub const GENERATED: &str = "datos ficticios";

/// The three territories: code and name.
pub const TERRITORIES: [(&str, &str); 3] =
    [("CEN", "Centro y Norte"), ("ESTE", "Este y Baleares"), ("SUR", "Sur")];

/// An invented establishment.
#[derive(Debug, Clone, PartialEq)]
pub struct Business {
    /// As on the door; distinct for client numbers below [`DISTINCT_NAMES`].
    pub name: String,
    pub legal_name: String,
    /// NIF with its check letter.
    pub tax_id: String,
    /// Kind of establishment.
    pub kind: &'static str,
    pub street: String,
    pub postal_code: &'static str,
    pub town: &'static str,
    pub province: &'static str,
    /// Degrees, about two kilometres around the town's centre.
    pub latitude: f64,
    pub longitude: f64,
    pub phone: String,
    pub email: String,
    pub contact: String,
    pub contact_role: &'static str,
    /// Index into [`TERRITORIES`].
    pub territory: usize,
}

/// An invented article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    pub code: String,
    pub name: String,
    pub family: &'static str,
    /// EAN-13 of the range for use inside one company (prefix 20).
    pub ean: String,
    pub price_cents: i64,
}

/// Families of the catalogue, whose articles take turns.
pub const FAMILY_COUNT: usize = FAMILIES.len();

const KIND_COUNT: u32 = KINDS.len() as u32;
const WORD_COUNT: u32 = WORDS.len() as u32;
const SURNAME_COUNT: u32 = SURNAMES.len() as u32;
/// Names of one word after the kind: `Bar La Alameda`, `Discos Navarro`.
const SHORT_NAMES: u32 = KIND_COUNT * (WORD_COUNT + SURNAME_COUNT);
/// Names of two surnames: `Librería Gil y Soto`.
const PAIR_NAMES: u32 = 20_000;
/// Names of a person: `Taberna Elena Vidal`.
const PERSON_NAMES: u32 = 14_720;

/// Client numbers below this have names of their own.
pub const DISTINCT_NAMES: u32 = SHORT_NAMES + PAIR_NAMES + PERSON_NAMES;

/// The establishment of client `number`.
pub fn business(seed: u64, number: u32) -> Business {
    let mut random = Random::new(seed, number);
    let (name, kind) = name(seed, number);
    let territory = random.below(TERRITORIES.len() as u32) as usize;
    let town = town(&mut random, territory);
    let given = GIVEN_NAMES[random.below(GIVEN_NAMES.len() as u32) as usize];
    let contact = format!("{given} {} {}", random.surname(), random.surname());
    let is_company = random.below(3) > 0;
    let (legal_name, tax_id) = if is_company {
        let form = if random.below(4) == 0 { "S.A." } else { "S.L." };
        (format!("{name}, {form}"), company_tax_id(if form == "S.A." { 'A' } else { 'B' }, number))
    } else {
        (contact.clone(), person_tax_id(number))
    };
    let area = AREA_CODES[(number / 100) as usize % AREA_CODES.len()];
    let phone = format!("+1 {area} 555 01{:02}", number % 100);
    let email = format!("hola@{}.example", slug(&name));
    Business {
        legal_name,
        tax_id,
        kind,
        street: format!(
            "{}, {}",
            STREETS[random.below(STREETS.len() as u32) as usize],
            1 + random.below(120)
        ),
        postal_code: town.postal_code,
        town: town.name,
        province: town.province,
        latitude: town.latitude + random.around_centre(),
        longitude: town.longitude + random.around_centre(),
        phone,
        email,
        contact,
        contact_role: ROLES[random.below(ROLES.len() as u32) as usize],
        territory,
        name,
    }
}

/// A catalogue of `count` discs, in families.
pub fn catalogue(seed: u64, count: u32) -> Vec<Article> {
    (0..count)
        .map(|index| {
            let (prefix, family, price) = FAMILIES[index as usize % FAMILIES.len()];
            let mut random = Random::new(seed ^ 0xA27C, index);
            let volume = index / FAMILIES.len() as u32 + 1;
            let theme = WORDS[random.below(WORD_COUNT) as usize];
            Article {
                code: format!("{prefix}-{volume:04}"),
                name: format!("{family}: {theme}, vol. {volume} (CD)"),
                family,
                ean: ean13(200_000_000_000 + u64::from(index) + 1),
                price_cents: price + 100 * i64::from(random.below(6)),
            }
        })
        .collect()
}

/// Distinct numbers get distinct places in the list of all names, and so distinct names.
fn name(seed: u64, number: u32) -> (String, &'static str) {
    let place = permute(seed, number % DISTINCT_NAMES);
    let (sign, kind) = KINDS[(place % KIND_COUNT) as usize];
    let rest = place / KIND_COUNT;
    let own = if place < SHORT_NAMES {
        match rest.checked_sub(WORD_COUNT) {
            None => WORDS[rest as usize].to_owned(),
            Some(index) => SURNAMES[index as usize].to_owned(),
        }
    } else if place < SHORT_NAMES + PAIR_NAMES {
        // All ordered pairs of different surnames, walked in steps that share no factor with their number.
        let pairs = SURNAME_COUNT * (SURNAME_COUNT - 1);
        let pair = rest * 7_919 % pairs;
        let (first, second) = (pair / (SURNAME_COUNT - 1), pair % (SURNAME_COUNT - 1));
        let second = if second >= first { second + 1 } else { second };
        format!("{} y {}", SURNAMES[first as usize], SURNAMES[second as usize])
    } else {
        let people = GIVEN_NAMES.len() as u32 * SURNAME_COUNT;
        let person = rest * 7_919 % people;
        format!(
            "{} {}",
            GIVEN_NAMES[(person / SURNAME_COUNT) as usize],
            SURNAMES[(person % SURNAME_COUNT) as usize]
        )
    };
    match number / DISTINCT_NAMES {
        0 => (format!("{sign} {own}"), kind),
        round => (format!("{sign} {own} {}", round + 1), kind),
    }
}

fn town(random: &mut Random, territory: usize) -> &'static Town {
    let towns: &'static [Town] = match territory {
        0 => &CENTRE,
        1 => &EAST,
        _ => &SOUTH,
    };
    let mut left = random.below(towns.iter().map(|town| town.weight).sum());
    for town in towns {
        match left.checked_sub(town.weight) {
            None => return town,
            Some(rest) => left = rest,
        }
    }
    &towns[0]
}

/// NIF of a person: eight digits and the letter that their remainder by 23 gives.
fn person_tax_id(number: u32) -> String {
    let digits = 99_000_000 + number % 1_000_000;
    let letter = b"TRWAGMYFPDXBNJZSQVHLCKE"[(digits % 23) as usize];
    format!("{digits}{}", char::from(letter))
}

/// NIF of a company: a letter for its form, seven digits, a check digit.
fn company_tax_id(form: char, number: u32) -> String {
    let digits = format!("{:07}", number % 100_000);
    let sum: u32 = digits
        .bytes()
        .enumerate()
        .map(|(index, byte)| {
            let digit = u32::from(byte - b'0');
            if index % 2 == 1 { digit } else { digit * 2 / 10 + digit * 2 % 10 }
        })
        .sum();
    format!("{form}{digits}{}", (10 - sum % 10) % 10)
}

fn ean13(twelve: u64) -> String {
    let digits = format!("{twelve:012}");
    let sum: u32 = digits.bytes().zip([1, 3].into_iter().cycle()).map(|(b, w)| u32::from(b - b'0') * w).sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

/// Lower-case letters, digits and hyphens.
fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for letter in fold(text) {
        match letter {
            letter if letter.is_ascii_alphanumeric() => slug.push(letter),
            _ if !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug
}

/// A one-to-one map of `0..DISTINCT_NAMES` onto itself: four Feistel rounds over 16 bits, walked until inside.
fn permute(seed: u64, number: u32) -> u32 {
    const _: () = assert!(DISTINCT_NAMES <= 1 << 16);
    let mut place = number;
    loop {
        let (mut left, mut right) = (place >> 8, place & 0xff);
        for round in 0..4u32 {
            let mixed = mix(seed ^ u64::from(round) << 40 ^ u64::from(right)) as u32 & 0xff;
            (left, right) = (right, left ^ mixed);
        }
        place = left << 8 | right;
        if place < DISTINCT_NAMES {
            return place;
        }
    }
}

/// The finaliser of SplitMix64: every input bit moves every output bit.
fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

/// Numbers that follow from (seed, client number); fit for names, not for keys.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64, number: u32) -> Self {
        Self(mix(seed ^ mix(u64::from(number))))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// `0..bound`; `bound` is small, so that the bias does not show.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        (self.next() % u64::from(bound)) as u32
    }

    fn surname(&mut self) -> &'static str {
        SURNAMES[self.below(SURNAME_COUNT) as usize]
    }

    /// -0.02..0.02 degrees, to five places.
    fn around_centre(&mut self) -> f64 {
        (f64::from(self.below(4_001)) - 2_000.0) / 100_000.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use cartera_core::model::phone::Phone;

    use super::*;

    #[test]
    fn the_same_seed_and_number_give_the_same_business() {
        assert_eq!(business(7, 123), business(7, 123));
        assert_ne!(business(7, 123), business(8, 123));
        assert_ne!(business(7, 123).name, business(7, 124).name);
    }

    #[test]
    fn names_and_tax_ids_are_distinct_for_every_client_of_the_data_set() {
        for seed in [0, 1, 0xdead_beef] {
            let all: Vec<_> = (1..=23_570).map(|number| business(seed, number)).collect();
            assert_eq!(all.iter().map(|b| &b.name).collect::<HashSet<_>>().len(), 23_570);
            assert_eq!(all.iter().map(|b| &b.tax_id).collect::<HashSet<_>>().len(), 23_570);
            assert_eq!(all.iter().map(|b| &b.phone).collect::<HashSet<_>>().len(), 23_570);
        }
    }

    #[test]
    fn every_number_below_the_bound_has_a_name_of_its_own_and_those_above_too() {
        let count = 2 * DISTINCT_NAMES;
        assert_eq!((0..count).map(|n| name(3, n).0).collect::<HashSet<_>>().len(), count as usize);
        assert!(!business(3, u32::MAX).name.is_empty());
    }

    #[test]
    fn clients_are_spread_over_three_territories_in_towns_of_theirs() {
        let mut counts = [0; 3];
        for number in 1..=23_570 {
            let business = business(1, number);
            counts[business.territory] += 1;
            assert!((27.0..44.0).contains(&business.latitude) && (-19.0..5.0).contains(&business.longitude));
            let towns = [&CENTRE, &EAST, &SOUTH][business.territory];
            assert!(towns.iter().any(|t| t.name == business.town && t.postal_code == business.postal_code));
        }
        assert!(counts.iter().all(|&count| (7_500..8_300).contains(&count)), "{counts:?}");
    }

    #[test]
    fn check_letters_and_digits_are_right() {
        // Known pairs: the specimen identity card, and a company's published NIF.
        assert_eq!(person_tax_id(999_999), "99999999R");
        assert_eq!(company_tax_id('B', 12_345), format!("B0012345{}", luhn_of("0012345")));
        assert_eq!(ean13(400_638_133_393), "4006381333931");
    }

    /// The company's check digit is the payment cards' one.
    fn luhn_of(digits: &str) -> u32 {
        let sum: u32 = digits.bytes().rev().enumerate().fold(0, |sum, (index, byte)| {
            let digit = u32::from(byte - b'0') * if index % 2 == 0 { 2 } else { 1 };
            sum + digit / 10 + digit % 10
        });
        (10 - sum % 10) % 10
    }

    #[test]
    fn nothing_generated_can_reach_anybody() {
        for number in (1..=23_570).step_by(97) {
            let business = business(1, number);
            assert!(business.phone.starts_with("+1 ") && business.phone.contains(" 555 01"));
            let phone = Phone::parse(&business.phone, None);
            assert!(phone.e164.is_some(), "{}", business.phone);
            assert!(business.email.ends_with(".example") && business.email.is_ascii());
            assert!(!business.email.contains("--"));
        }
    }

    #[test]
    fn the_catalogue_has_distinct_codes_in_ten_families() {
        let catalogue = catalogue(1, 400);
        assert_eq!(catalogue.iter().map(|a| &a.code).collect::<HashSet<_>>().len(), 400);
        assert_eq!(catalogue.iter().map(|a| &a.ean).collect::<HashSet<_>>().len(), 400);
        assert_eq!(catalogue.iter().map(|a| a.family).collect::<HashSet<_>>().len(), 10);
        assert!(catalogue.iter().all(|a| (500..3_000).contains(&a.price_cents) && a.ean.len() == 13));
    }
}
