//! The contract of every store, against SQLite; and the schema's own.

use std::sync::Arc;

use rusqlite::{Connection, Transaction};

use super::{SqliteStorage, migrations};
use crate::storage::Storage;
use crate::storage::contract::contract;

fn fresh() -> (tempfile::TempDir, Arc<dyn Storage>) {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStorage::open(&dir.path().join("relay.db"), None).unwrap();
    (dir, Arc::new(store))
}

contract! { fresh();
    a_store_is_bound_to_one_workspace,
    people_are_added_whole_or_not_at_all,
    there_is_a_bound_on_people,
    the_scope_version_grows_with_what_is_seen_only,
    the_last_administrator_stays,
    who_leaves_is_let_in_no_more,
    territories_have_names_of_their_own,
    there_is_a_bound_on_territories,
    a_code_is_for_one_phone,
    open_codes_are_bounded_and_old_ones_forgotten,
    a_device_is_known_by_its_token,
    a_wipe_is_not_taken_back,
    an_actor_belongs_to_one_device,
    sessions_are_opened_once_end_and_are_bounded,
    a_password_opens_sessions_that_are_listed_and_ended,
    machine_tokens_are_listed_with_last_use_and_bounded,
    settings_and_deeds_are_kept,
    a_push_is_judged_change_by_change,
    the_log_has_no_gap_and_ends_where_it_says,
    a_device_reads_what_is_in_its_sight_in_order,
    pages_show_the_present_once_and_compaction_changes_nothing,
    snapshots_are_made_before_anybody_asks,
    digests_are_sums_of_their_buckets,
    items_come_by_whole_buckets_as_many_as_fit,
    of_office_records_the_last_value_counts,
    clients_are_moved_lent_merged_and_erased,
    the_next_import_of_a_kind_and_source_takes_over,
    an_import_is_nothing_until_it_is_published_and_then_all_of_it,
    clients_of_a_source_are_known_by_their_last_row,
    an_order_waits_until_it_is_answered_once,
    an_order_that_changes_on_its_way_is_looked_at,
    a_document_is_taken_along_whole_and_change_by_change,
    an_export_shows_each_row_once_and_then_what_changed,
    a_copy_is_made_while_others_write_and_checks_of_copies_are_remembered,
    rows_are_of_this_version,
    who_enters_and_leaves_a_segment_is_noted_once,
}

#[test]
fn quarantine_takes_what_fits() {
    let folder = tempfile::tempdir().unwrap();
    let count = std::cell::Cell::new(0);
    crate::storage::contract::log::quarantine_takes_what_fits(|limits| {
        count.set(count.get() + 1);
        let path = folder.path().join(format!("{}.db", count.get()));
        Arc::new(SqliteStorage::open(&path, None).unwrap().with_quarantine(limits))
    });
}

/// The schema as SQLite tells it, blanks evened out.
fn schema(connection: &Connection) -> Vec<String> {
    let mut statement = connection
        .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name")
        .unwrap();
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    rows.map(|sql| sql.unwrap().split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn a_store_of_every_earlier_schema_is_brought_up_to_date() {
    let dir = tempfile::tempdir().unwrap();
    let newest = dir.path().join("newest.db");
    drop(SqliteStorage::open(&newest, None).unwrap());
    let expected = schema(&Connection::open(&newest).unwrap());
    for version in 1..=migrations::known() {
        let path = dir.path().join(format!("{version}.db"));
        migrations::tests::make(&path, usize::try_from(version).unwrap());
        let store = SqliteStorage::open(&path, None).unwrap();
        store.verify().unwrap();
        drop(store);
        assert_eq!(schema(&Connection::open(&path).unwrap()), expected, "from schema {version}");
    }
}

#[test]
fn two_processes_take_turns() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("relay.db");
    let stores = [SqliteStorage::open(&path, None).unwrap(), SqliteStorage::open(&path, None).unwrap()];
    std::thread::scope(|scope| {
        for store in &stores {
            scope.spawn(move || {
                for _ in 0..50 {
                    store
                        .write(|tx| {
                            let count: i64 =
                                tx.query_row("SELECT count(*) FROM settings", [], |row| row.get(0))?;
                            Ok(tx.execute("INSERT INTO settings VALUES (?1, '')", [count.to_string()])?)
                        })
                        .unwrap();
                }
            });
        }
    });
    let count = |tx: &Transaction<'_>| {
        Ok(tx.query_row("SELECT count(*) FROM settings", [], |row| row.get::<_, i64>(0))?)
    };
    assert_eq!(stores[0].read(count).unwrap(), 100);
}
