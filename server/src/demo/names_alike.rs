//! How well likely duplicates tell the demo's establishments, none of which is another, from twins made of them.

use std::collections::BTreeSet;

use cartera_core::model::phone::Phone;
use cartera_core::model::{BusinessDate, ClientId};
use cartera_core::portfolio::duplicates;
use cartera_core::rows::MIGRATIONS;
use rusqlite::{Connection, params};

use super::SEED;
use super::names::{Business, business};

/// Those of the data set.
const CLIENTS: u32 = 23_570;
/// Twins: one of every so many.
const EACH: u32 = 40;
/// Pairs of all 277 million that may be found though nobody is the other.
const FALSE_MAX: usize = 20;

fn put(conn: &Connection, number: u32, of: &Business, phone: &str) {
    let id = ClientId::from_bytes(u128::from(number).to_be_bytes());
    conn.prepare_cached(
        "INSERT INTO documents (doc, id, generation, heads, acked, max_op, size) VALUES (?1, ?2, 0, x'', x'', 0, 0)",
    )
    .unwrap()
    .execute(params![number, id])
    .unwrap();
    conn.prepare_cached(
        "INSERT INTO clients (doc, id, name, tax_id, city, latitude, longitude, phone, email)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )
    .unwrap()
    .execute(params![number, id, of.name, of.tax_id, of.town, of.latitude, of.longitude, phone, of.email])
    .unwrap();
}

/// Somebody entered it again: without tax id and email, a hundred metres away, with another telephone but for the last
/// sort, and with the name as people write it.
fn twin(of: &Business, number: u32) -> (Business, String) {
    let words: Vec<&str> = of.name.split(' ').collect();
    let (sign, own) = (words[0], words[1..].join(" "));
    let longest = words.iter().max_by_key(|word| word.chars().count()).unwrap();
    let letters: Vec<char> = longest.chars().collect();
    let without = |at: usize| -> String {
        let left = letters.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, letter)| letter);
        left.collect()
    };
    let sort = number / EACH % 8;
    let at = 1 + (number / EACH / 8) as usize % (letters.len() - 1);
    let doubled: String = [&letters[..=at], &letters[at..]].concat().iter().collect();
    let name = match sort {
        0 => of.name.to_uppercase(),
        1 => format!("{}, S.L.U.", of.name),
        2 => of.name.replace(longest, &without(at)),
        3 => of.name.replace(longest, &doubled),
        4 => format!("{own} ({sign})"),
        5 => format!("{} {}", of.name, of.town),
        6 => of.name.replace(" y ", " & ").replace("La ", "").replace("El ", ""),
        _ => format!("Comercial {number}"),
    };
    let phone = if sort == 7 { of.phone.trim_start_matches("+1 ").into() } else { String::new() };
    let (tax_id, email) = (String::new(), String::new());
    (Business { name, tax_id, email, latitude: of.latitude + 0.001, ..of.clone() }, phone)
}

#[test]
fn twins_are_found_and_others_hardly_ever() {
    let conn = Connection::open_in_memory().unwrap();
    MIGRATIONS.iter().for_each(|sql| conn.execute_batch(sql).unwrap());
    conn.execute_batch("BEGIN").unwrap();
    let all: Vec<Business> = (1..=CLIENTS).map(|number| business(SEED, number)).collect();
    for (number, of) in (1..).zip(&all) {
        put(&conn, number, of, &Phone::parse(&of.phone, None).e164.unwrap());
    }
    let today = BusinessDate::MIN;
    let found = |conn: &Connection| -> BTreeSet<(u128, u128)> {
        let pairs = duplicates::pairs(conn, today, usize::MAX).unwrap();
        let number = |id: ClientId| u128::from_be_bytes(*id.as_bytes());
        pairs.into_iter().map(|pair| (number(pair.one), number(pair.other))).collect()
    };
    let wrong = found(&conn);
    let told = |pairs: &BTreeSet<(u128, u128)>| -> Vec<String> {
        let name = |number: &u128| all[usize::try_from(*number).unwrap() - 1].name.clone();
        pairs.iter().map(|(one, other)| format!("{} / {}", name(one), name(other))).collect()
    };
    assert!(wrong.len() <= FALSE_MAX, "{}: {:#?}", wrong.len(), told(&wrong));
    let twins: Vec<u32> = (1..=CLIENTS).filter(|number| number % EACH == 0).collect();
    for number in &twins {
        let (of, phone) = twin(&all[*number as usize - 1], *number);
        put(&conn, CLIENTS + number, &of, &phone);
    }
    let now = found(&conn);
    let missed: Vec<String> = twins
        .iter()
        .filter(|number| !now.contains(&(u128::from(**number), u128::from(CLIENTS + **number))))
        .map(|number| {
            let of = &all[*number as usize - 1];
            format!("{}: {} / {}", number / EACH % 8, of.name, twin(of, *number).0.name)
        })
        .collect();
    let right = twins.len() - missed.len();
    eprintln!("wrong {}; of {} twins {right}, others {}", wrong.len(), twins.len(), now.len() - right);
    assert!(missed.len() * 50 <= twins.len(), "{}: {missed:#?}", missed.len());
}
