//! The client's row in lists, made from the winning values of its profile.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::codec::value_from_blob;
use super::documents::actor_at;
use super::search::{self, ClientWords};
use super::{Document, Result, effects};
use crate::document::{FieldValue, OpId};
use crate::model::phone::Phone;
use crate::model::profile::{ClientField, ContactField, Key, Value};
use crate::model::{ClientId, DocumentId, TerritoryId, fold};

/// A profile's fields with their winning values, and how many of them have others beside.
#[derive(Debug)]
pub struct Profile {
    pub fields: BTreeMap<String, FieldValue>,
    pub conflicts: u32,
}

/// Reads a profile from its live operations.
pub fn profile(conn: &Connection, doc: i64) -> Result<Profile> {
    let sql = "SELECT key, counter, actor, value FROM fields WHERE doc = ?1 AND live = 1 ORDER BY key";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([doc])?;
    let mut winners: BTreeMap<String, (OpId, FieldValue)> = BTreeMap::new();
    let mut contested = std::collections::BTreeSet::new();
    while let Some(row) = rows.next()? {
        let key: String = row.get(0)?;
        let id = OpId { counter: row.get(1)?, actor: actor_at(conn, row.get(2)?)? };
        let value = value_from_blob(row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?)?;
        match winners.get(&key) {
            Some((other, _)) => {
                contested.insert(key.clone());
                if id > *other {
                    winners.insert(key, (id, value));
                }
            }
            None => {
                winners.insert(key, (id, value));
            }
        }
    }
    Ok(Profile {
        fields: winners.into_iter().map(|(key, (_, value))| (key, value)).collect(),
        conflicts: u32::try_from(contested.len()).unwrap_or(u32::MAX),
    })
}

impl Profile {
    fn value(&self, field: ClientField) -> Option<Value> {
        let key = Key::Client(field);
        key.read(self.fields.get(field.as_str())?).ok()
    }

    fn text(&self, field: ClientField) -> Option<String> {
        match self.value(field)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    fn phone(&self, field: ClientField) -> Option<Phone> {
        match self.value(field)? {
            Value::Phone(phone) => Some(phone),
            _ => None,
        }
    }

    /// Contact persons that were not removed: their names, and their phones.
    fn people(&self) -> (String, String) {
        let (mut names, mut phones) = (String::new(), String::new());
        for (text, scalar) in
            self.fields.range("contact/".to_owned()..).take_while(|(key, _)| key.starts_with("contact/"))
        {
            let Some(key @ Key::Contact(id, field)) = Key::parse(text) else { continue };
            if self.fields.contains_key(&Key::Contact(id, ContactField::Removed).to_string()) {
                continue;
            }
            match (field, key.read(scalar)) {
                (ContactField::Name, Ok(Value::Text(name))) => append(&mut names, &name),
                (ContactField::Phone | ContactField::Mobile, Ok(Value::Phone(phone))) => {
                    append_phone(&mut phones, &phone)
                }
                _ => {}
            }
        }
        (names, phones)
    }
}

fn append(words: &mut String, word: &str) {
    if !words.is_empty() {
        words.push(' ');
    }
    words.push_str(word);
}

/// As typed, as one run of digits, in E.164 without its plus, and without the country: people search for any of them.
fn append_phone(words: &mut String, phone: &Phone) {
    append(words, &phone.raw);
    let digits: String = phone.raw.chars().filter(char::is_ascii_digit).collect();
    let e164 = phone.e164.as_deref().map(|e164| e164.trim_start_matches('+'));
    let mut runs = vec![digits.as_str()];
    runs.extend(e164);
    runs.extend(phone.national());
    runs.dedup();
    runs.iter().for_each(|run| append(words, run));
}

/// As it stands, and as one run of letters and digits.
fn with_compact(code: &str) -> String {
    let compact = search::compact(code);
    if compact == code { compact } else { format!("{code} {compact}") }
}

/// Makes the client's row and its words anew from its profile. A document without a profile, such as a person's, has
/// no row.
pub(super) fn refresh(conn: &Connection, document: &Document) -> Result<()> {
    let known = conn
        .prepare_cached("SELECT 1 FROM clients WHERE doc = ?1")?
        .query_row([document.row], |_| Ok(()))
        .optional()?
        .is_some();
    let profile = profile(conn, document.row)?;
    let name = profile.text(ClientField::Name).unwrap_or_default();
    let legal_name = profile.text(ClientField::LegalName);
    let tax_id = match profile.value(ClientField::TaxId) {
        Some(Value::TaxId(id)) => Some(id),
        _ => None,
    };
    let erp_code = profile.text(ClientField::ErpCode);
    let city = match profile.value(ClientField::Address) {
        Some(Value::Address(address)) => address.city,
        _ => None,
    };
    let point = match profile.value(ClientField::Point) {
        Some(Value::Point(fix)) => Some((degrees(fix.lat_e7), degrees(fix.lon_e7))),
        _ => None,
    };
    let phones = [profile.phone(ClientField::Phone), profile.phone(ClientField::Mobile)];
    let dialled = phones.iter().flatten().next().map(|phone| phone.e164.as_deref().unwrap_or(&phone.raw));
    conn.prepare_cached(
        "INSERT INTO clients (doc, id, name, sort_name, legal_name, tax_id, erp_code, sector, city, latitude, longitude,
                              phone, email, conflicts)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
         ON CONFLICT (doc) DO UPDATE SET
           name = excluded.name, sort_name = excluded.sort_name, legal_name = excluded.legal_name,
           tax_id = excluded.tax_id, erp_code = excluded.erp_code, sector = excluded.sector, city = excluded.city,
           latitude = excluded.latitude, longitude = excluded.longitude, phone = excluded.phone,
           email = excluded.email, conflicts = excluded.conflicts",
    )?
    .execute(params![
        document.row,
        document.id,
        name,
        sort_name(&name),
        legal_name,
        tax_id.as_ref().map(|id| &id.number),
        erp_code,
        profile.text(ClientField::Sector),
        city,
        point.map(|(latitude, _)| latitude),
        point.map(|(_, longitude)| longitude),
        dialled,
        profile.text(ClientField::Email),
        profile.conflicts
    ])?;
    put_place(conn, document.row, point)?;
    let (people, mut numbers) = profile.people();
    phones.iter().flatten().for_each(|phone| append_phone(&mut numbers, phone));
    search::put_client(
        conn,
        document.row,
        &ClientWords {
            name: &name,
            legal_name: legal_name.as_deref().unwrap_or_default(),
            // With the country before it, it is the VAT number.
            tax_id: &tax_id
                .map(|id| format!("{} {}{}", id.number, id.country, id.number))
                .unwrap_or_default(),
            erp_code: &erp_code.as_deref().map(with_compact).unwrap_or_default(),
            city: city.as_deref().unwrap_or_default(),
            contacts: &people,
            phones: &numbers,
        },
    )?;
    // Records that came before the profile did.
    if known { Ok(()) } else { effects::recount(conn, document.row) }
}

fn put_place(conn: &Connection, doc: i64, point: Option<(f64, f64)>) -> Result<()> {
    match point {
        Some((latitude, longitude)) => conn
            .prepare_cached("INSERT OR REPLACE INTO places VALUES (?1, ?2, ?2, ?3, ?3)")?
            .execute(params![doc, latitude, longitude])?,
        None => conn.prepare_cached("DELETE FROM places WHERE doc = ?1")?.execute([doc])?,
    };
    Ok(())
}

fn degrees(e7: i32) -> f64 {
    f64::from(e7) / 1e7
}

/// The value in use of one field; `None` where there is none, or none that this version can read.
pub fn field(conn: &Connection, doc: i64, key: &Key) -> Result<Option<Value>> {
    let sql = "SELECT f.value FROM fields f JOIN actors a ON a.actor = f.actor
               WHERE f.doc = ?1 AND f.key = ?2 AND f.live = 1 ORDER BY f.counter DESC, a.id DESC LIMIT 1";
    let found: Option<Vec<u8>> =
        conn.prepare_cached(sql)?.query_row(params![doc, key.to_string()], |row| row.get(0)).optional()?;
    let found = found.map(|blob| value_from_blob(&blob)).transpose()?;
    Ok(found.and_then(|value| key.read(&value).ok()))
}

/// The text in use of one field.
pub fn text_field(conn: &Connection, doc: i64, field: ClientField) -> Result<Option<String>> {
    Ok(match self::field(conn, doc, &Key::Client(field))? {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    })
}

/// Profile keys with more than one value; 0 for what is no client.
pub fn conflicts(conn: &Connection, doc: i64) -> Result<u32> {
    let sql = "SELECT conflicts FROM clients WHERE doc = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([doc], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// What the workspace says of a client, beside its document: its territory, and whom it is an alias of.
/// `None` for what is no client.
pub fn place_in_workspace(
    conn: &Connection,
    doc: i64,
) -> Result<Option<(Option<TerritoryId>, Option<ClientId>)>> {
    let sql = "SELECT territory, alias_of FROM clients WHERE doc = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([doc], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// A client has a row from its first change on, whether or not its profile has come: for the sake of its territory, and
/// so that it is seen. A person's own document is none: only who knows what a document is can call this.
pub fn begin(conn: &Connection, doc: i64) -> Result<()> {
    if conn.prepare_cached("SELECT 1 FROM clients WHERE doc = ?1")?.exists([doc])? {
        return Ok(());
    }
    // Not `INSERT ... SELECT`: SQLite opens a savepoint for that, at which full-text search writes out all that it
    // has gathered, document by document instead of once a transaction.
    let id: DocumentId =
        conn.prepare_cached("SELECT id FROM documents WHERE doc = ?1")?.query_row([doc], |row| row.get(0))?;
    conn.prepare_cached("INSERT INTO clients (doc, id) VALUES (?1, ?2)")?.execute(params![doc, id])?;
    // Records that came before.
    effects::recount(conn, doc)
}

/// Where a client that has a row belongs.
pub fn set_territory(conn: &Connection, doc: i64, territory: Option<&TerritoryId>) -> Result<()> {
    conn.prepare_cached("UPDATE clients SET territory = ?2 WHERE doc = ?1")?
        .execute(params![doc, territory])?;
    Ok(())
}

/// The client is an alias of `kept` from now on; `None`: not any more.
pub fn set_alias(conn: &Connection, doc: i64, kept: Option<&ClientId>) -> Result<()> {
    conn.prepare_cached("UPDATE clients SET alias_of = ?2 WHERE doc = ?1")?.execute(params![doc, kept])?;
    Ok(())
}

/// Both, of a document that comes whole.
pub fn set_place(
    conn: &Connection,
    doc: i64,
    territory: Option<&TerritoryId>,
    kept: Option<&ClientId>,
) -> Result<()> {
    conn.prepare_cached(
        "UPDATE clients SET territory = ?2, alias_of = ?3
         WHERE doc = ?1 AND (territory IS NOT ?2 OR alias_of IS NOT ?3)",
    )?
    .execute(params![doc, territory, kept])?;
    Ok(())
}

/// What a list can show of a client before its document is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BeforeArrival {
    pub id: ClientId,
    pub name: String,
    pub city: String,
    /// Degrees times ten million.
    pub place: Option<(i32, i32)>,
    pub territory: Option<TerritoryId>,
}

/// Shows a client whose document is still to come; does nothing when it has come.
pub fn show_before_arrival(conn: &Connection, row: &BeforeArrival) -> Result<()> {
    let document = match Document::find(conn, &row.id.into())? {
        Some(document) if !document.heads.is_empty() => return Ok(()),
        Some(document) => document,
        None => Document::create(conn, row.id.into(), 0)?,
    };
    conn.prepare_cached(
        "INSERT INTO clients (doc, id, name, sort_name, city, latitude, longitude, territory)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (doc) DO NOTHING",
    )?
    .execute(params![
        document.row,
        row.id,
        row.name,
        sort_name(&row.name),
        (!row.city.is_empty()).then_some(&row.city),
        row.place.map(|(latitude, _)| degrees(latitude)),
        row.place.map(|(_, longitude)| degrees(longitude)),
        row.territory
    ])?;
    search::put_client(
        conn,
        document.row,
        &ClientWords { name: &row.name, city: &row.city, ..ClientWords::default() },
    )
}

/// A name as lists are sorted by it.
pub fn sort_name(name: &str) -> String {
    fold(name).collect()
}
