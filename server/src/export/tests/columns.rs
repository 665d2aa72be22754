//! What can be exported is a promise: names, types and order stay for ever, and columns are only added.

use crate::export::resources::RESOURCES;
use crate::export::{Format, Query};

use super::books::Books;

/// `resource.column`, type, whether it may be missing, unit; in the order in which they are written.
fn present() -> Vec<String> {
    let lines = RESOURCES.iter().flat_map(|resource| {
        resource.columns().into_iter().map(|column| {
            let missing = if column.nullable { "may be missing" } else { "always" };
            let unit = column.unit.map(|unit| format!(", {unit}")).unwrap_or_default();
            format!("{}.{}: {}, {missing}{unit}", resource.name, column.name, column.kind.name())
        })
    });
    lines.collect()
}

/// Every change is seen: accept an addition with `INSTA_UPDATE=always`.
#[test]
fn what_can_be_exported_is_as_recorded() {
    insta::assert_snapshot!("columns", present().join("\n"));
}

/// What `recorded` promised and is not kept; that list is written by hand alone, and only grows.
fn broken(recorded: &str, present: &[String]) -> Vec<String> {
    let resource = |line: &str| line.split('.').next().unwrap_or_default().to_owned();
    let mut broken = Vec::new();
    let recorded: Vec<&str> =
        recorded.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let names: std::collections::BTreeSet<String> = recorded.iter().map(|line| resource(line)).collect();
    for name in names {
        let promised = recorded.iter().filter(|line| resource(line) == name);
        let mut now = present.iter().filter(|line| resource(line) == name);
        for promise in promised {
            match now.next() {
                Some(now) if now == promise => {}
                other => {
                    broken.push(format!("promised `{promise}`, now {other:?}"));
                    break;
                }
            }
        }
    }
    broken
}

#[test]
fn no_column_was_removed_renamed_retyped_or_moved() {
    let broken = broken(include_str!("columns.txt"), &present());
    assert!(
        broken.is_empty(),
        "columns are only added, after those that there are (give a new one a higher `since`): {broken:#?}"
    );
}

#[test]
fn the_rule_notices_what_it_forbids() {
    let columns: Vec<String> =
        ["a.id: id, always", "a.name: text, always", "b.id: id, always"].map(String::from).to_vec();
    let recorded = columns.join("\n");
    assert!(broken(&recorded, &columns).is_empty());
    let with = |change: &dyn Fn(&mut Vec<String>)| {
        let mut changed = columns.clone();
        change(&mut changed);
        broken(&recorded, &changed).len()
    };
    assert_eq!(
        with(&|columns| columns.insert(2, "a.more: text, may be missing".into())),
        0,
        "added at the end"
    );
    assert_eq!(with(&|columns| columns.push("c.id: id, always".into())), 0, "another resource");
    assert_eq!(with(&|columns| columns.insert(1, "a.more: text, always".into())), 1, "added in the middle");
    assert_eq!(with(&|columns| columns.swap(0, 1)), 1, "moved");
    assert_eq!(with(&|columns| drop(columns.remove(1))), 1, "removed");
    assert_eq!(with(&|columns| drop(columns.remove(2))), 1, "a whole resource removed");
    assert_eq!(with(&|columns| columns[1] = "a.name: integer, always".into()), 1, "retyped");
    assert_eq!(with(&|columns| columns[1] = "a.name: text, may be missing".into()), 1, "can be missing now");
}

/// What the list says is what the files have.
#[test]
fn the_list_is_what_files_have() {
    let books = Books::new();
    books.visit(books.client("Bar"), "2026-09-01");
    for resource in RESOURCES {
        let names: Vec<&str> = resource.columns().iter().map(|column| column.name).collect();
        let (_, text) = books.export(&format!("{}.csv", resource.name), &[]);
        assert_eq!(text.lines().next().unwrap(), names.join(","), "{}", resource.name);
        assert_eq!(names[0], "id", "{}", resource.name);
        assert!(names.contains(&resource.replace_by) && names.contains(&"deleted"), "{}", resource.name);
        assert!(Query::parse(&format!("{}.{}", resource.name, Format::Json.extension()), []).is_ok());
    }
}
