//! Three-way import of profiles: what changed *there* since the last import is an edit, and nothing else is.
//!
//! The last imported row of each (source, external id) is kept. A field whose value there is as it was is left alone,
//! whatever a rep made of it meanwhile; a field that changed there becomes an edit, made with the dependencies of the
//! last import, so that a rep's correction of the same field since then stands beside it as a conflict.

use std::collections::BTreeSet;

use super::map::Empty;
use super::record::{Profile, ProfileValue};

/// What one file says of profiles at all: a field without a column is not 'empty' but 'not said'.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Covered {
    fields: BTreeSet<String>,
    tags: bool,
}

/// Fields of tags begin with it.
pub const TAG: &str = "tag.";

impl Covered {
    pub fn add(&mut self, field: &str) {
        self.fields.insert(field.to_owned());
    }

    pub fn add_tags(&mut self) {
        self.tags = true;
    }

    pub fn contains(&self, field: &str) -> bool {
        if field.starts_with(TAG) { self.tags } else { self.fields.contains(field) }
    }
}

/// One field's edit; `None` takes the value away.
pub type Edit = (String, Option<ProfileValue>);

/// The edits that a new row asks for, and the row to keep for the next time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProfileChange {
    /// In the order of the fields' names.
    pub edits: Vec<Edit>,
    /// What the source says now: the new row, and of the last one what this file does not speak of.
    pub row: Profile,
}

/// Compares the row of this import with the last one; the state of the document plays no part.
pub fn compare(last: Option<&Profile>, now: &Profile, covered: &Covered, empty: Empty) -> ProfileChange {
    let mut change = ProfileChange { edits: Vec::new(), row: now.clone() };
    for (field, value) in now {
        if last.and_then(|last| last.get(field)) != Some(value) {
            change.edits.push((field.clone(), Some(value.clone())));
        }
    }
    for (field, value) in last.into_iter().flatten() {
        if now.contains_key(field) {
            continue;
        }
        // A tag is never 'empty': a cell of tags that lacks one says that it is gone.
        if covered.contains(field) && (empty == Empty::Clear || field.starts_with(TAG)) {
            change.edits.push((field.clone(), None));
        } else {
            change.row.insert(field.clone(), value.clone());
        }
    }
    change.edits.sort_by(|left, right| left.0.cmp(&right.0));
    change
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(value: &str) -> ProfileValue {
        ProfileValue::Text(value.to_owned())
    }

    fn profile(fields: &[(&str, &str)]) -> Profile {
        fields.iter().map(|(field, value)| ((*field).to_owned(), text(value))).collect()
    }

    fn covering(fields: &[&str]) -> Covered {
        let mut covered = Covered::default();
        fields.iter().for_each(|field| covered.add(field));
        covered
    }

    #[test]
    fn the_first_import_sets_every_field() {
        let now = profile(&[("name", "Bar Sol"), ("phone", "1")]);
        let change = compare(None, &now, &covering(&["name", "phone"]), Empty::Clear);
        assert_eq!(change.edits.len(), 2);
        assert_eq!(change.row, now);
    }

    #[test]
    fn the_same_row_again_is_no_edit() {
        let row = profile(&[("name", "Bar Sol"), ("phone", "1")]);
        assert_eq!(compare(Some(&row), &row, &covering(&["name", "phone"]), Empty::Clear).edits, []);
    }

    #[test]
    fn only_what_changed_there_is_an_edit() {
        let last = profile(&[("name", "Bar Sol"), ("phone", "1"), ("email", "a@b")]);
        let now = profile(&[("name", "Bar Sol"), ("phone", "2")]);
        let change = compare(Some(&last), &now, &covering(&["name", "phone", "email"]), Empty::Clear);
        assert_eq!(change.edits, [("email".to_owned(), None), ("phone".to_owned(), Some(text("2")))]);
        assert_eq!(change.row, now);
    }

    #[test]
    fn an_empty_cell_that_means_nothing_keeps_what_was_known() {
        let last = profile(&[("name", "Bar Sol"), ("email", "a@b")]);
        let now = profile(&[("name", "Bar Sol")]);
        let change = compare(Some(&last), &now, &covering(&["name", "email"]), Empty::Keep);
        assert_eq!((change.edits.len(), &change.row), (0, &last));
    }

    #[test]
    fn a_column_that_the_file_lacks_takes_nothing_away() {
        let last = profile(&[("name", "Bar Sol"), ("email", "a@b")]);
        let now = profile(&[("name", "Bar Luna")]);
        let change = compare(Some(&last), &now, &covering(&["name"]), Empty::Clear);
        assert_eq!(change.edits, [("name".to_owned(), Some(text("Bar Luna")))]);
        assert_eq!(change.row, profile(&[("name", "Bar Luna"), ("email", "a@b")]));
    }

    #[test]
    fn a_tag_that_is_gone_there_is_taken_away() {
        let tagged = |tags: &[&str]| -> Profile {
            tags.iter().map(|tag| (format!("{TAG}{tag}"), ProfileValue::Present)).collect()
        };
        let mut covered = Covered::default();
        covered.add_tags();
        let change = compare(Some(&tagged(&["a", "b"])), &tagged(&["b", "c"]), &covered, Empty::Keep);
        assert_eq!(
            change.edits,
            [("tag.a".to_owned(), None), ("tag.c".to_owned(), Some(ProfileValue::Present))]
        );
    }

    proptest! {
        /// Applied to the last row, the edits give the new one; and once it is kept, the same file changes nothing.
        #[test]
        fn edits_lead_from_one_row_to_the_next(
            last in proptest::collection::btree_map("[a-e]", "[xyz]", 0..5),
            now in proptest::collection::btree_map("[a-e]", "[xyz]", 0..5),
            covered in proptest::collection::btree_set("[a-e]", 0..5),
            keep: bool,
        ) {
            let profile = |map: std::collections::BTreeMap<String, String>| -> Profile {
                map.into_iter().map(|(field, value)| (field, ProfileValue::Text(value))).collect()
            };
            let (last, mut now) = (profile(last), profile(now));
            let fields: Vec<&str> = covered.iter().map(String::as_str).collect();
            let covered = covering(&fields);
            now.retain(|field, _| covered.contains(field));
            let empty = if keep { Empty::Keep } else { Empty::Clear };
            let change = compare(Some(&last), &now, &covered, empty);
            let mut edited = last;
            for (field, value) in &change.edits {
                prop_assert!(covered.contains(field));
                match value {
                    Some(value) => prop_assert!(edited.insert(field.clone(), value.clone()).as_ref() != Some(value)),
                    None => prop_assert!(edited.remove(field).is_some()),
                }
            }
            prop_assert_eq!(&edited, &change.row);
            prop_assert_eq!(compare(Some(&change.row), &now, &covered, empty).edits, vec![]);
        }
    }
}
