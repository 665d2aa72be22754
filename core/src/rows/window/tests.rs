use super::*;
use crate::model::office::{self as model, SaleSort};
use crate::model::{ClientId, Currency};
use crate::store::{Store, StoreError};

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

fn sale(key: &str, date: &str) -> OfficeEntry {
    OfficeEntry {
        kind: KnownKind::Sale.name().into(),
        source: "erp".into(),
        key: key.into(),
        client: Some(ClientId::from_bytes([1; 16])),
        territory: None,
        value: Some(model::Value::from(Sale::new(SaleSort::Invoice, day(date), Currency::EUR, 1)).encode()),
    }
}

#[test]
fn a_sale_passes_by_its_date_and_nothing_else_ever_does() {
    let from = Some(day("2026-01-01"));
    let passes = |entry: &OfficeEntry, from| {
        has_passed(&entry.kind, entry.client.is_some(), entry.value.as_deref(), from)
    };
    let (before, on) = (sale("a", "2025-12-31"), sale("b", "2026-01-01"));
    assert_eq!((passes(&before, from), passes(&on, from), passes(&before, None)), (true, false, false));
    assert!(!passes(&OfficeEntry { client: None, ..before.clone() }, from), "about nobody");
    assert!(!passes(&OfficeEntry { value: None, ..before.clone() }, from), "a tombstone");
    assert!(!passes(&OfficeEntry { kind: "due".into(), ..before.clone() }, from), "another kind");
    let bytes = before.value.clone().unwrap();
    // Without a date, a date that is none, and nothing at all.
    for unread in [&[0xa0][..], &[0xa1, 0, 1], &[0xa2, 0, 1, 2, 0x60], &bytes[..3], &[]] {
        assert!(!passes(&OfficeEntry { value: Some(unread.to_vec()), ..before.clone() }, from), "{unread:?}");
    }
    // Of a version to come the date is read as ever.
    let newer = [0xa3, 0, 9, 2, 0, 0x18, 40, 0x60];
    assert!(passes(&OfficeEntry { value: Some(newer.to_vec()), ..before }, from));
}

#[test]
fn looking_goes_on_from_where_it_was_and_what_is_said_anew_stays() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("phone.db"), None).unwrap();
    store
        .write::<_, StoreError>(|tx| {
            for n in 0..7 {
                office::put(
                    tx,
                    &sale(&format!("{n}"), if n % 3 == 2 { "2026-02-01" } else { "2025-02-01" }),
                    n,
                )?;
            }
            assert!(passed(tx, None, 3)?.sales.is_empty(), "without a window nothing passes");
            let setting =
                model::Setting { value: Scalar::Text("2026-01-01".into()), extras: Default::default() };
            let setting = OfficeEntry {
                kind: KnownKind::Setting.name().into(),
                source: String::new(),
                key: SALES_FROM.into(),
                client: None,
                territory: None,
                value: Some(model::Value::from(setting).encode()),
            };
            office::put(tx, &setting, 8)?;
            let first = passed(tx, None, 3)?;
            assert_eq!(first.sales.iter().map(|(name, _)| name.key.as_str()).collect::<Vec<_>>(), ["0", "1"]);
            assert_eq!(first.next.as_ref().map(|next| next.key.as_str()), Some("2"));
            // It is said anew between looking and forgetting.
            office::put(tx, &sale("1", "2026-03-01"), 9)?;
            assert_eq!(forget(tx, &first)?, 1);
            let second = passed(tx, first.next.as_ref(), 3)?;
            assert_eq!(forget(tx, &second)?, 2);
            let last = passed(tx, second.next.as_ref(), 3)?;
            assert_eq!((forget(tx, &last)?, last.next), (1, None));
            let left: Vec<String> = tx
                .prepare("SELECT key FROM office WHERE kind = 'sale' ORDER BY key")?
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            assert_eq!(left, ["1", "2", "5"]);
            Ok(())
        })
        .unwrap();
}
