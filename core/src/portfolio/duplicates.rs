//! Clients that look like one: found on the phone too, with the reasons; somebody proposes to merge them.
//!
//! Reasons, strongest first, each with its weight: the same tax id (8), the same phone (5), the same email (4), a name that
//! reads alike (3), and places within [`SAME_PLACE_M`] metres of each other (2). A pair is likely from [`LIKELY_FROM`] on:
//! one strong reason alone, or a name with a place or the same town (1). So two bars of one chain, or two shops in one
//! building, are no pair by that alone.
//!
//! Names read alike where they are the same words, folded, in whatever order and however they are joined. Legal forms and
//! small words do not count. One side may have more words, if those only say what sort of establishment it is ([`SORTS`])
//! or name its town; and one word may be misspelt. Whoever is called Martín is not Marín misspelt, so two words that both
//! stand in other clients' names too are two words (where all clients are looked at; whoever types sees more).
//!
//! A number of which no country is known is the same as one whose digits without the country are.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::{Connection, Row, params};

use super::nearby::Point;
use crate::model::record::{Body, Kind, Likeness, Record, Subject};
use crate::model::{BusinessDate, ClientId, fold, phone};
use crate::rows::{self, search};

/// As good as one place, as exact as phones are.
pub const SAME_PLACE_M: f64 = 60.0;
/// Weight from which on two clients are likely one.
pub const LIKELY_FROM: u32 = 4;
/// The same while somebody types, who may not have come to the town yet: a name alone.
pub const WORTH_A_LOOK_FROM: u32 = 3;
/// Candidates that are compared with what somebody types.
const CANDIDATES_MAX: usize = 200;
/// Words of what somebody types by which candidates are looked for.
const WORDS_MAX: usize = 8;
/// Clients in whose names a word has to stand to be one of its own, and no other misspelt.
const COMMON_FROM: u32 = 3;
/// Clients that share one word of their names and are compared with each other: more have it by chance.
const ALIKE_GROUP_MAX: usize = 200;

/// What is compared of a client.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Looks {
    pub name: String,
    pub tax_id: Option<String>,
    /// As clients have it: E.164 where it is a valid number; otherwise as it was typed, with or without the country.
    pub phone: Option<String>,
    pub email: Option<String>,
    pub city: Option<String>,
    pub point: Option<Point>,
}

/// Two clients that may be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The one with the lesser id.
    pub one: ClientId,
    pub other: ClientId,
    pub weight: u32,
    pub reasons: Vec<Likeness>,
}

/// A client who may be the one that somebody is about to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Like {
    pub client: ClientId,
    pub name: String,
    pub weight: u32,
    pub reasons: Vec<Likeness>,
}

struct Known {
    id: ClientId,
    name: String,
    looks: Seen,
}

/// What is compared, in the form in which it is compared.
struct Seen {
    words: Vec<String>,
    tax_id: Option<String>,
    phone: Option<Number>,
    email: Option<String>,
    city: Option<String>,
    point: Option<Point>,
}

impl Seen {
    fn of(looks: &Looks) -> Self {
        let folded = |text: &Option<String>| {
            let text: String = fold(text.as_deref()?.trim()).collect();
            (!text.is_empty()).then_some(text)
        };
        Self {
            words: significant(&looks.name),
            tax_id: looks.tax_id.as_deref().map(code).filter(|code| !code.is_empty()),
            phone: looks.phone.as_deref().and_then(Number::of),
            email: folded(&looks.email),
            city: folded(&looks.city),
            point: looks.point,
        }
    }
}

/// Fewer digits are an extension, or a joke.
const PHONE_DIGITS_MIN: usize = 7;

/// A phone number as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Number {
    /// In E.164, where the country is known.
    e164: Option<String>,
    /// Digits without country, and without the zeros that only stand in front of it at home.
    national: String,
}

impl Number {
    fn of(phone: &str) -> Option<Self> {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        if digits.len() < PHONE_DIGITS_MIN {
            return None;
        }
        let abroad =
            if phone.trim_start().starts_with('+') { Some(&*digits) } else { digits.strip_prefix("00") };
        let e164 = abroad.map(|digits| format!("+{digits}"));
        let national = e164.as_deref().and_then(phone::national).unwrap_or(&digits);
        let national = national.trim_start_matches('0').to_owned();
        (!national.is_empty()).then_some(Self { e164, national })
    }

    fn is(&self, other: &Self) -> bool {
        match (&self.e164, &other.e164) {
            (Some(one), Some(other)) => one == other,
            _ => self.national == other.national,
        }
    }
}

/// Words that say what a company is, not who.
const LEGAL_FORMS: [&str; 16] = [
    "sl", "sll", "slu", "slp", "sa", "sau", "sc", "scp", "cb", "sccl", "coop", "ltd", "llc", "inc", "gmbh",
    "srl",
];

/// Words that people leave out.
const SMALL_WORDS: [&str; 17] =
    ["el", "la", "los", "las", "lo", "de", "del", "y", "e", "i", "en", "a", "al", "the", "of", "and", "at"];

/// Words that say what sort of establishment it is, not which.
pub const SORTS: [&str; 24] = [
    "bar",
    "cafe",
    "cafeteria",
    "restaurante",
    "rest",
    "taberna",
    "meson",
    "hotel",
    "hostal",
    "pension",
    "tienda",
    "libreria",
    "papeleria",
    "panaderia",
    "pasteleria",
    "farmacia",
    "supermercado",
    "quiosco",
    "kiosco",
    "bodega",
    "shop",
    "store",
    "restaurant",
    "pub",
];

/// The words of a name by which it is known, folded; all of them where nothing else is left.
fn significant(name: &str) -> Vec<String> {
    let folded: String = fold(name).collect();
    let without_dots = folded.replace(['.', '\'', '’'], "");
    let mut words: Vec<String> = without_dots
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    for idle in [&LEGAL_FORMS[..], &SMALL_WORDS] {
        if words.iter().any(|word| !idle.contains(&&**word)) {
            words.retain(|word| !idle.contains(&&**word));
        }
    }
    words
}

/// Letters from which on one of a word's letters may be wrong, and from which on two.
const MISSPELT_FROM: [usize; 2] = [4, 9];

/// Whether one word is the other with letters left out, put in, changed or turned round.
fn is_misspelt(one: &str, other: &str) -> bool {
    let letters = one.chars().count().min(other.chars().count());
    let wrong = MISSPELT_FROM.iter().filter(|from| letters >= **from).count();
    // A number is never nearly another one.
    let is_number = |word: &str| word.contains(|c: char| c.is_ascii_digit());
    wrong > 0 && !is_number(one) && !is_number(other) && strsim::osa_distance(one, other) <= wrong
}

/// Whether two names read alike. `is_common` says of a word whether it stands in the names of others too.
fn reads_alike(one: &Seen, other: &Seen, is_common: &dyn Fn(&str) -> bool) -> bool {
    if one.words.is_empty() || other.words.is_empty() {
        return false;
    }
    let mut left: Vec<&str> = other.words.iter().map(String::as_str).collect();
    let mut rest: Vec<&str> = Vec::new();
    for word in &one.words {
        match left.iter().position(|other| other == word) {
            Some(at) => {
                left.remove(at);
            }
            None => rest.push(word),
        }
    }
    let in_common = one.words.len() - rest.len();
    let says_little = |seen: &Seen, word: &&str| {
        SORTS.contains(word)
            || seen.city.as_deref().is_some_and(|city| city.split(' ').any(|of_town| of_town == *word))
    };
    match (&rest[..], &left[..]) {
        ([], []) => true,
        (more, []) => in_common > 0 && more.iter().all(|word| says_little(one, word)),
        ([], more) => in_common > 0 && more.iter().all(|word| says_little(other, word)),
        ([one], [other]) if is_misspelt(one, other) => !(is_common(one) && is_common(other)),
        _ => one.words.concat() == other.words.concat(),
    }
}

fn code(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// Why the two look like one, the strongest reason first, and with what weight.
fn compare(one: &Seen, other: &Seen, is_common: &dyn Fn(&str) -> bool) -> (u32, Vec<Likeness>) {
    let same = |of: fn(&Seen) -> Option<&String>| of(one).is_some() && of(one) == of(other);
    let (mut weight, mut reasons) = (0, Vec::new());
    let mut add = |holds: bool, points: u32, reason: Likeness| {
        if holds {
            weight += points;
            reasons.push(reason);
        }
    };
    add(same(|seen| seen.tax_id.as_ref()), 8, Likeness::TaxId);
    let phones = one.phone.as_ref().zip(other.phone.as_ref());
    add(phones.is_some_and(|(one, other)| one.is(other)), 5, Likeness::Phone);
    add(same(|seen| seen.email.as_ref()), 4, Likeness::Email);
    let alike = reads_alike(one, other, is_common);
    add(alike, 3, Likeness::Name);
    let near = one.point.zip(other.point).is_some_and(|(one, other)| one.distance(other) <= SAME_PLACE_M);
    add(near, 2, Likeness::Address);
    // The town is no reason of its own, but a name in it is more than a name.
    if alike && same(|seen| seen.city.as_ref()) {
        weight += 1;
    }
    (weight, reasons)
}

const COLUMNS: &str = "c.id, c.name, c.tax_id, c.phone, c.email, c.city, c.latitude, c.longitude";

fn known(row: &Row<'_>) -> rusqlite::Result<Known> {
    let point = match (row.get::<_, Option<f64>>(6)?, row.get::<_, Option<f64>>(7)?) {
        (Some(latitude), Some(longitude)) => Some(Point { latitude, longitude }),
        _ => None,
    };
    let looks = Looks {
        name: row.get(1)?,
        tax_id: row.get(2)?,
        phone: row.get(3)?,
        email: row.get(4)?,
        city: row.get(5)?,
        point,
    };
    Ok(Known { id: row.get(0)?, looks: Seen::of(&looks), name: looks.name })
}

/// Clients who may be the one that somebody is typing in, the most likely first; closed ones too.
pub fn like(conn: &Connection, looks: &Looks, most: usize) -> rows::Result<Vec<Like>> {
    let seen = Seen::of(looks);
    let mut candidates = BTreeMap::new();
    let codes = [seen.tax_id.clone(), seen.phone.as_ref().map(|number| number.national.clone())];
    // Any of the words that are typed may be the only one so far that is right.
    let words = seen.words.iter().take(WORDS_MAX).cloned();
    let texts = std::iter::once(seen.words.join(" ")).chain(words).chain(codes.into_iter().flatten());
    let sql = format!(
        "SELECT {COLUMNS} FROM clients c WHERE c.alias_of IS NULL AND c.doc IN (
           SELECT rowid FROM client_search WHERE client_search MATCH ?1 ORDER BY rowid LIMIT ?2)"
    );
    let mut by_words = conn.prepare_cached(&sql)?;
    for query in texts.filter_map(|text| search::prefix_query(&text)) {
        for found in by_words.query_map(params![query, CANDIDATES_MAX as i64], known)? {
            let found = found?;
            candidates.insert(found.id, found);
        }
    }
    if let Some(point) = seen.point {
        for near in super::nearby::clients(conn, point, SAME_PLACE_M, CANDIDATES_MAX)? {
            let sql = format!("SELECT {COLUMNS} FROM clients c WHERE c.id = ?1");
            let found = conn.prepare_cached(&sql)?.query_row([near.client], known)?;
            candidates.insert(found.id, found);
        }
    }
    let mut likely: Vec<Like> = candidates
        .into_values()
        .filter_map(|known| {
            let (weight, reasons) = compare(&seen, &known.looks, &|_| false);
            (weight >= WORTH_A_LOOK_FROM).then_some(Like {
                client: known.id,
                name: known.name,
                weight,
                reasons,
            })
        })
        .collect();
    likely.sort_by(|one, other| other.weight.cmp(&one.weight).then(one.client.cmp(&other.client)));
    likely.truncate(most);
    Ok(likely)
}

/// All likely pairs of clients here, the most likely first. Left out: pairs that somebody proposed to merge already, and
/// those that were put off till after `today` (*Posponer*, subject 'duplicate', the other client's id as key).
pub fn pairs(conn: &Connection, today: BusinessDate, most: usize) -> rows::Result<Vec<Pair>> {
    let sql = format!("SELECT {COLUMNS} FROM clients c WHERE c.alias_of IS NULL ORDER BY c.id");
    let all: Vec<Known> =
        conn.prepare_cached(&sql)?.query_map([], known)?.collect::<rusqlite::Result<_>>()?;
    let answered = answered(conn, today)?;
    let mut names: HashMap<&str, u32> = HashMap::new();
    for known in &all {
        let words: BTreeSet<&str> = known.looks.words.iter().map(String::as_str).collect();
        words.into_iter().for_each(|word| *names.entry(word).or_default() += 1);
    }
    let is_common = |word: &str| names.get(word).is_some_and(|clients| *clients >= COMMON_FROM);
    let mut compared = BTreeSet::new();
    let mut pairs = Vec::new();
    for group in groups(&all) {
        for (at, one) in group.iter().enumerate() {
            for other in &group[at + 1..] {
                if !compared.insert((*one, *other)) {
                    continue;
                }
                let (weight, reasons) = compare(&all[*one].looks, &all[*other].looks, &is_common);
                let (one, other) = (all[*one].id, all[*other].id);
                if weight >= LIKELY_FROM && !answered.contains(&(one, other)) {
                    pairs.push(Pair { one, other, weight, reasons });
                }
            }
        }
    }
    pairs.sort_by(|one, other| {
        other.weight.cmp(&one.weight).then((one.one, one.other).cmp(&(other.one, other.other)))
    });
    pairs.truncate(most);
    Ok(pairs)
}

/// Indices of clients that share something, each group ascending: only those are compared with each other.
fn groups(all: &[Known]) -> impl Iterator<Item = Vec<usize>> {
    let mut groups: BTreeMap<(u8, &str, &str), Vec<usize>> = BTreeMap::new();
    for (at, Known { looks, .. }) in all.iter().enumerate() {
        let phone = looks.phone.as_ref().map(|number| number.national.as_str());
        let codes = [(0, looks.tax_id.as_deref()), (1, phone), (2, looks.email.as_deref())];
        let words: BTreeSet<&str> =
            looks.words.iter().map(String::as_str).filter(|word| word.len() > 2).collect();
        let keys = codes.into_iter().filter_map(|(sort, code)| Some((sort, code?, "")));
        // A word that many have by chance fewer have in one town.
        let in_town =
            looks.city.as_deref().into_iter().flat_map(|town| words.iter().map(move |word| (4, *word, town)));
        for key in keys.chain(words.iter().map(|word| (3, *word, ""))).chain(in_town) {
            groups.entry(key).or_default().push(at);
        }
    }
    groups.into_values().filter(|group| (2..=ALIKE_GROUP_MAX).contains(&group.len()))
}

/// Pairs that need no asking, the lesser id first.
fn answered(conn: &Connection, today: BusinessDate) -> rows::Result<BTreeSet<(ClientId, ClientId)>> {
    let sql = "SELECT c.id, r.kind, r.value FROM records r JOIN clients c ON c.doc = r.doc JOIN actors a ON a.actor = r.actor
               WHERE r.kind IN ('m', 'l') AND r.shown = 1 ORDER BY r.doc, r.counter, a.id";
    let mut answered = BTreeSet::new();
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let client: ClientId = row.get(0)?;
        let Some(kind) = row.get_ref(1)?.as_str().ok().and_then(Kind::parse) else { continue };
        let value = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        let (other, holds) = match Record::decode(kind, value) {
            Ok(Record { body: Body::MergeProposal(proposal), .. }) => (proposal.other, true),
            Ok(Record { body: Body::NotNow(not_now), .. }) if not_now.subject == Subject::Duplicate => {
                let Some(other) = not_now.key.and_then(|key| key.parse().ok()) else { continue };
                (other, not_now.until.is_none_or(|until| until > today))
            }
            _ => continue,
        };
        let pair = (client.min(other), client.max(other));
        if holds {
            answered.insert(pair);
        } else {
            answered.remove(&pair);
        }
    }
    Ok(answered)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test that cannot be set up has failed

    use super::*;

    fn looks(name: &str) -> Looks {
        Looks { name: name.into(), ..Looks::default() }
    }

    fn weigh(one: &Looks, other: &Looks) -> (u32, Vec<Likeness>) {
        let (one, other) = (Seen::of(one), Seen::of(other));
        let found = compare(&one, &other, &|_| false);
        assert_eq!(found, compare(&other, &one, &|_| false), "either way round");
        found
    }

    #[test]
    fn names_read_alike_without_accents_and_legal_forms() {
        for (one, other, alike) in [
            ("Cafetería Ñandú, S.L.", "CAFETERIA NANDU", true),
            ("Bar Pepe", "Bar Pepé S.A.U.", true),
            ("Hostal Los Arcos", "Hostal Los Arkos", true),
            ("Sol", "Sol, S.C.C.L.", true),
            ("Bar Pepe", "Bar Paco", false),
            ("Bar Norte", "Bar Sur", false),
            ("Hotel Miramar", "Restaurante Miramar", false),
            ("S.L.", "S.A.", false),
            ("", "", false),
            // In another order, joined, without small words.
            ("Elena Vidal", "Vidal, Elena", true),
            ("Cafe Bar Sol", "Cafebar Sol", true),
            ("Bar La Luna", "Bar Luna", true),
            ("Panadería El Horno de Gijón", "Panaderia Horno Gijon", true),
            // More words, on one side, that say what it is and not which.
            ("Bar Restaurante Miramar", "Restaurante Miramar", true),
            ("Miramar", "Hotel Miramar", true),
            ("Casa Pepe", "Casa Pepe Norte", false),
            ("Bar", "Bar Pepe", false),
            ("Miramar", "Restaurante", false),
            // One word misspelt, by one letter; by two if it is long.
            ("Papelería Cervnates", "Papelería Cervantes", true),
            ("Bar Galicia", "Bar Galicia 2", false),
            ("Kiosco Ana", "Kiosco Ane", false),
            ("Bar Lunas", "Bar Luna", true),
            ("Taller Zaragozano", "Taller Saragosano", true),
            ("Taller Guerreros", "Taller Herreros", false),
            ("Nave 1234", "Nave 1235", false),
            ("Hostal Arkos Miramat", "Hostal Arcos Miramar", false),
        ] {
            let found = weigh(&looks(one), &looks(other)).1.contains(&Likeness::Name);
            assert_eq!(found, alike, "{one} / {other}");
        }
        // A word that names the town of the one that has it.
        let in_town = |name: &str, town: &str| Looks { city: Some(town.into()), ..looks(name) };
        for (town, alike) in [("Gijón", true), ("Avilés", false)] {
            let found = weigh(&in_town("Hotel Sol Gijón", town), &in_town("Hotel Sol", "Gijón"));
            assert_eq!(found.1.contains(&Likeness::Name), alike, "{town}");
        }
    }

    #[test]
    fn two_words_that_others_are_called_too_are_not_one_misspelt() {
        let alike = |common: &[&str]| {
            let is_common = |word: &str| common.contains(&word);
            compare(&Seen::of(&looks("Bar Marín")), &Seen::of(&looks("Bar Martín")), &is_common).0 > 0
        };
        assert!(alike(&[]) && alike(&["martin"]) && alike(&["marin"]));
        assert!(!alike(&["marin", "martin"]));
    }

    #[test]
    fn a_phone_is_the_same_with_and_without_its_country() {
        let alike = |one: &str, other: &str| {
            let of = |number: &str| Looks { phone: Some(number.into()), ..Looks::default() };
            weigh(&of(one), &of(other)).1.contains(&Likeness::Phone)
        };
        for typed in ["600 11 12 22", "600111222", "+34 600 111 222", "0034600111222", "(600) 111-222"] {
            assert!(alike(typed, "+34600111222"), "{typed}");
            assert!(alike(typed, "600.111.222"), "{typed}");
        }
        assert!(alike("07911 123456", "+447911123456"), "a zero that stands in front at home");
        for other in ["600 11 12 23", "0351600111222", "+351600111222", "00351600111222", "600111", ""] {
            assert!(!alike(other, "+34600111222"), "{other}");
        }
        assert!(!alike("0000000", "0000000"));
    }

    #[test]
    fn one_strong_reason_or_two_weak_ones() {
        let madrid = Point { latitude: 40.4168, longitude: -3.7038 };
        let next_door = Point { latitude: 40.4169, longitude: -3.7038 };
        let far = Point { latitude: 40.42, longitude: -3.7038 };
        let of = |name: &str, edit: &dyn Fn(&mut Looks)| {
            let mut looks = looks(name);
            edit(&mut looks);
            looks
        };
        let cases: [(Looks, Looks, bool, &[Likeness]); 8] = [
            (
                of("Uno", &|looks| looks.tax_id = Some("B-12345678".into())),
                of("Dos", &|looks| looks.tax_id = Some("b12345678".into())),
                true,
                &[Likeness::TaxId],
            ),
            (
                of("Uno", &|looks| looks.phone = Some("+34600111222".into())),
                of("Dos", &|looks| looks.phone = Some("600 111 222".into())),
                true,
                &[Likeness::Phone],
            ),
            (
                of("Uno", &|looks| looks.phone = Some("123".into())),
                of("Dos", &|looks| looks.phone = Some("123".into())),
                false,
                &[],
            ),
            (
                of("Uno", &|looks| looks.email = Some("Bar@Example.com ".into())),
                of("Dos", &|looks| looks.email = Some("bar@example.com".into())),
                true,
                &[Likeness::Email],
            ),
            (looks("Bar Pepe"), looks("Bar Pepe"), false, &[Likeness::Name]),
            (
                of("Bar Pepe", &|looks| looks.city = Some("Gijón".into())),
                of("Bar Pepe", &|looks| looks.city = Some("GIJON".into())),
                true,
                &[Likeness::Name],
            ),
            (
                of("Bar Pepe", &|looks| looks.point = Some(madrid)),
                of("Bar Pepé", &|looks| looks.point = Some(next_door)),
                true,
                &[Likeness::Name, Likeness::Address],
            ),
            (
                of("Bar Pepe", &|looks| looks.point = Some(madrid)),
                of("Bar Pepe", &|looks| looks.point = Some(far)),
                false,
                &[Likeness::Name],
            ),
        ];
        for (one, other, likely, reasons) in cases {
            let (weight, found) = weigh(&one, &other);
            assert_eq!((weight >= LIKELY_FROM, found.as_slice()), (likely, reasons), "{one:?} / {other:?}");
        }
    }

    #[test]
    fn a_town_counts_beside_a_name_alone() {
        let there = |name: &str| Looks {
            city: Some("Gijón".into()),
            point: Some(Point { latitude: 43.5, longitude: -5.6 }),
            ..looks(name)
        };
        assert_eq!(weigh(&there("Mesón"), &there("Panadería")), (2, vec![Likeness::Address]));
    }
}
