//! Three-way import of clients: what changed *there* since the last import is an edit, and nothing else is.
//!
//! The last imported row of each (source, external id) is kept. A field whose value there is as it was is left alone,
//! whatever a rep made of it meanwhile; a field that changed there becomes an edit, made with the dependencies of the
//! last import, so that a rep's correction of the same field since then stands beside it as a conflict. A territory
//! is imported by the same rule, though it is the relay's state and no field of the document.

use std::collections::{BTreeMap, BTreeSet};

use cartera_core::model::PartId;
use cartera_core::model::profile::{ContactField, Key, Scalar};

use super::map::Empty;

/// A client's profile: the document's keys and what stands there.
pub type Profile = BTreeMap<String, Scalar>;

/// What a source says of a client.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    pub profile: Profile,
    /// The territory's code at the source.
    pub territory: Option<String>,
}

/// What one file says of clients at all: a field without a column is not 'empty' but 'not said'.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Covered {
    keys: BTreeSet<String>,
    tags: bool,
    /// Fields of the one contact that a row has.
    contact: BTreeSet<ContactField>,
    pub territory: bool,
}

impl Covered {
    pub fn add(&mut self, key: &Key) {
        match key {
            Key::Tag(_) => self.tags = true,
            Key::Contact(_, field) => drop(self.contact.insert(*field)),
            key => drop(self.keys.insert(key.to_string())),
        }
    }

    pub fn contains(&self, key: &str) -> bool {
        match Key::parse(key) {
            Some(Key::Tag(_)) => self.tags,
            Some(Key::Contact(_, field)) => self.contact.contains(&field),
            _ => self.keys.contains(key),
        }
    }
}

/// One field's edit; `None` takes the value away.
pub type Edit = (String, Option<Scalar>);

/// What a new row asks for, and the row to keep for the next time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// In the order of the keys.
    pub edits: Vec<Edit>,
    /// The territory to move to.
    pub moved_to: Option<String>,
    /// What the source says now: the new row, and of the last one what this file does not speak of.
    pub row: Row,
}

impl Change {
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty() && self.moved_to.is_none()
    }
}

/// Compares the row of this import with the last one; the state of the document plays no part.
pub fn compare(last: Option<&Row>, now: &Row, covered: &Covered, empty: Empty) -> Change {
    let mut change = Change { row: now.clone(), ..Change::default() };
    let was = |key: &String| last.and_then(|last| last.profile.get(key));
    for (key, value) in &now.profile {
        if was(key) != Some(value) {
            change.edits.push((key.clone(), Some(value.clone())));
        }
    }
    for (key, value) in last.into_iter().flat_map(|last| &last.profile) {
        if now.profile.contains_key(key) {
            continue;
        }
        let keep = |change: &mut Change| drop(change.row.profile.insert(key.clone(), value.clone()));
        let is_taken_away = covered.contains(key) && empty == Empty::Clear;
        match Key::parse(key) {
            // A cell of tags that lacks one says that it is gone: a tag is never 'empty'.
            Some(Key::Tag(_)) if covered.tags => change.edits.push((key.clone(), None)),
            Some(Key::Contact(id, field)) => match (has_contact(&now.profile, id), field) {
                // Somebody is there again.
                (true, ContactField::Removed) => change.edits.push((key.clone(), None)),
                (true, _) if is_taken_away => change.edits.push((key.clone(), None)),
                // Nobody is there any more: the contact is removed as a whole, its fields stay in the document.
                (false, field) if is_taken_away && field != ContactField::Removed => {
                    let removed = Key::Contact(id, ContactField::Removed).to_string();
                    let is_new = change.row.profile.insert(removed.clone(), Scalar::Bool(true)).is_none();
                    if is_new && was(&removed).is_none() {
                        change.edits.push((removed, Some(Scalar::Bool(true))));
                    }
                }
                _ => keep(&mut change),
            },
            _ if is_taken_away => change.edits.push((key.clone(), None)),
            _ => keep(&mut change),
        }
    }
    change.edits.sort_by(|left, right| left.0.cmp(&right.0));
    let last_territory = last.and_then(|last| last.territory.as_ref());
    match &now.territory {
        Some(territory) if Some(territory) != last_territory => change.moved_to = Some(territory.clone()),
        // An empty cell moves nobody.
        _ => change.row.territory = now.territory.as_ref().or(last_territory).cloned(),
    }
    change
}

fn has_contact(profile: &Profile, id: PartId) -> bool {
    let prefix = format!("contact/{id}/");
    profile.range(prefix.clone()..).next().is_some_and(|(key, _)| key.starts_with(&prefix))
}

#[cfg(test)]
mod tests {
    use cartera_core::model::profile::ClientField;
    use proptest::prelude::*;

    use super::*;

    fn text(value: &str) -> Scalar {
        Scalar::Text(value.to_owned())
    }

    fn row(fields: &[(&str, &str)]) -> Row {
        let profile = fields.iter().map(|(field, value)| ((*field).to_owned(), text(value))).collect();
        Row { profile, territory: None }
    }

    fn covering(fields: &[&str]) -> Covered {
        let mut covered = Covered::default();
        fields.iter().for_each(|field| covered.add(&Key::parse(field).unwrap()));
        covered
    }

    fn keys(change: &Change) -> Vec<&str> {
        change.edits.iter().map(|(key, _)| key.as_str()).collect()
    }

    #[test]
    fn the_first_import_sets_every_field() {
        let now = row(&[("name", "Bar Sol"), ("sector", "1")]);
        let change = compare(None, &now, &covering(&["name", "sector"]), Empty::Clear);
        assert_eq!(keys(&change), ["name", "sector"]);
        assert_eq!(change.row, now);
    }

    #[test]
    fn the_same_row_again_is_no_edit() {
        let row = row(&[("name", "Bar Sol"), ("sector", "1")]);
        assert!(compare(Some(&row), &row, &covering(&["name", "sector"]), Empty::Clear).is_empty());
    }

    #[test]
    fn only_what_changed_there_is_an_edit() {
        let last = row(&[("name", "Bar Sol"), ("sector", "1"), ("email", "a@b.c")]);
        let now = row(&[("name", "Bar Sol"), ("sector", "2")]);
        let change = compare(Some(&last), &now, &covering(&["name", "sector", "email"]), Empty::Clear);
        assert_eq!(change.edits, [("email".to_owned(), None), ("sector".to_owned(), Some(text("2")))]);
        assert_eq!(change.row, now);
    }

    #[test]
    fn an_empty_cell_that_means_nothing_keeps_what_was_known() {
        let last = row(&[("name", "Bar Sol"), ("email", "a@b.c")]);
        let change =
            compare(Some(&last), &row(&[("name", "Bar Sol")]), &covering(&["name", "email"]), Empty::Keep);
        assert!(change.is_empty());
        assert_eq!(change.row, last);
    }

    #[test]
    fn a_column_that_the_file_lacks_takes_nothing_away() {
        let last = row(&[("name", "Bar Sol"), ("email", "a@b.c")]);
        let change = compare(Some(&last), &row(&[("name", "Bar Luna")]), &covering(&["name"]), Empty::Clear);
        assert_eq!(change.edits, [("name".to_owned(), Some(text("Bar Luna")))]);
        assert_eq!(change.row, row(&[("name", "Bar Luna"), ("email", "a@b.c")]));
    }

    #[test]
    fn a_tag_that_is_gone_there_is_taken_away() {
        let (last, now) = (row(&[("tag/a", "A"), ("tag/b", "B")]), row(&[("tag/b", "B"), ("tag/c", "C")]));
        let change = compare(Some(&last), &now, &covering(&["tag/x"]), Empty::Keep);
        assert_eq!(change.edits, [("tag/a".to_owned(), None), ("tag/c".to_owned(), Some(text("C")))]);
        assert!(compare(Some(&last), &row(&[]), &covering(&["name"]), Empty::Clear).is_empty());
    }

    #[test]
    fn a_contact_that_is_gone_is_removed_and_comes_back() {
        let id = PartId::from_bytes([7; 16]);
        let key = |field| Key::Contact(id, field).to_string();
        let (name, phone, removed) =
            (key(ContactField::Name), key(ContactField::Role), key(ContactField::Removed));
        let covered = covering(&[&name, &phone]);
        let ana = row(&[(&name, "Ana"), (&phone, "compras")]);
        let gone = compare(Some(&ana), &row(&[]), &covered, Empty::Clear);
        assert_eq!(gone.edits, [(removed.clone(), Some(Scalar::Bool(true)))]);
        assert!(compare(Some(&gone.row), &row(&[]), &covered, Empty::Clear).is_empty());
        let back = compare(Some(&gone.row), &ana, &covered, Empty::Clear);
        assert_eq!(keys(&back), [&name, &removed, &phone]);
        assert_eq!(back.row, ana);
        let less = compare(Some(&ana), &row(&[(&name, "Ana")]), &covered, Empty::Clear);
        assert_eq!(less.edits, [(phone, None)]);
    }

    #[test]
    fn a_territory_moves_only_when_it_changed_there() {
        let at = |territory: Option<&str>| Row { territory: territory.map(str::to_owned), ..Row::default() };
        let moved = |last: Option<&str>, now: Option<&str>| {
            let change = compare(Some(&at(last)), &at(now), &Covered::default(), Empty::Clear);
            (change.moved_to, change.row.territory)
        };
        let some = |territory: &str| Some(territory.to_owned());
        assert_eq!(moved(None, Some("N")), (some("N"), some("N")));
        assert_eq!(moved(Some("N"), Some("N")), (None, some("N")));
        assert_eq!(moved(Some("N"), Some("S")), (some("S"), some("S")));
        assert_eq!(moved(Some("N"), None), (None, some("N")));
    }

    proptest! {
        /// Applied to the last row, the edits give the new one; and once it is kept, the same file changes nothing.
        #[test]
        fn edits_lead_from_one_row_to_the_next(
            last in proptest::collection::btree_map(0..8usize, "[xyz]", 0..8),
            now in proptest::collection::btree_map(0..8usize, "[xyz]", 0..8),
            covered in proptest::collection::btree_set(0..8usize, 0..8),
            keep: bool,
        ) {
            let row = |map: BTreeMap<usize, String>| Row {
                profile: map
                    .into_iter()
                    .map(|(index, value)| (ClientField::ALL[index].as_str().to_owned(), Scalar::Text(value)))
                    .collect(),
                territory: None,
            };
            let (last, mut now) = (row(last), row(now));
            let fields: Vec<&str> = covered.iter().map(|index| ClientField::ALL[*index].as_str()).collect();
            let covered = covering(&fields);
            now.profile.retain(|field, _| covered.contains(field));
            let empty = if keep { Empty::Keep } else { Empty::Clear };
            let change = compare(Some(&last), &now, &covered, empty);
            let mut edited = last.profile;
            for (field, value) in &change.edits {
                prop_assert!(covered.contains(field));
                match value {
                    Some(value) => prop_assert!(edited.insert(field.clone(), value.clone()).as_ref() != Some(value)),
                    None => prop_assert!(edited.remove(field).is_some()),
                }
            }
            prop_assert_eq!(&edited, &change.row.profile);
            prop_assert!(compare(Some(&change.row), &now, &covered, empty).is_empty());
        }
    }
}
