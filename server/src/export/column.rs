//! A column: what it is called, what its cells are, and how they are got from a row.

use cartera_core::model::PersonId;
use cartera_core::rows::relations::Part;

use super::value::{Type, Value};

/// A kind of row; `Row` borrows from a page of the store.
pub(super) trait Family: 'static {
    type Row<'r>;

    /// Of the client that the row is about; `None`: unassigned, or about no client.
    fn territory(_: &Self::Row<'_>) -> Option<[u8; 16]> {
        None
    }

    /// Whether it is about some of these clients, or about nobody in particular; asked of resources about clients alone.
    fn is_of(_: &Self::Row<'_>, _: &Part) -> bool {
        true
    }

    /// Who wrote it.
    fn author(_: &Self::Row<'_>) -> Option<PersonId> {
        None
    }
}

/// What everybody may know of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnInfo {
    /// Never changes, and is never used for anything else.
    pub name: &'static str,
    pub kind: Type,
    /// Of integers and decimals that have one: `minutes`, `minor units`.
    pub unit: Option<&'static str>,
    /// Whether a row that is not deleted may lack it. Deleted rows hold little but their id.
    pub nullable: bool,
    /// It says what holds when the export is made, and a change of it alone sends no row again.
    pub follows: Option<&'static str>,
    /// Version of the export that brought it.
    pub since: u32,
    pub english: &'static str,
    pub spanish: &'static str,
}

/// A column of rows of one family.
pub(super) struct Column<F: Family> {
    pub info: ColumnInfo,
    pub(super) get: for<'a, 'r> fn(&'a F::Row<'r>) -> Value<'a>,
}

impl<F: Family> Column<F> {
    /// A nullable column of version 1.
    pub(super) const fn new(
        name: &'static str,
        kind: Type,
        english: &'static str,
        spanish: &'static str,
        get: for<'a, 'r> fn(&'a F::Row<'r>) -> Value<'a>,
    ) -> Self {
        let info =
            ColumnInfo { name, kind, unit: None, nullable: true, follows: None, since: 1, english, spanish };
        Self { info, get }
    }

    pub(super) const fn required(mut self) -> Self {
        self.info.nullable = false;
        self
    }

    /// Added with this version of the export.
    pub(super) const fn since(mut self, version: u32) -> Self {
        self.info.since = version;
        self
    }

    pub(super) const fn unit(mut self, unit: &'static str) -> Self {
        self.info.unit = Some(unit);
        self
    }

    /// See [`ColumnInfo::follows`]; `resource` is where its changes are sent.
    pub(super) const fn follows(mut self, resource: &'static str) -> Self {
        self.info.follows = Some(resource);
        self
    }
}

impl<F: Family> Clone for Column<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F: Family> Copy for Column<F> {}

impl<F: Family> std::fmt::Debug for Column<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.info.fmt(f)
    }
}

/// The columns of a resource: what its family has in common, then its own; newer ones at the end.
#[derive(Debug)]
pub(super) struct Columns<F: Family> {
    /// In groups, one after the other.
    pub(super) common: &'static [&'static [Column<F>]],
    pub(super) own: &'static [Column<F>],
}

impl<F: Family> Columns<F> {
    pub(super) const fn of(own: &'static [Column<F>]) -> Self {
        Self { common: &[], own }
    }
}

impl<F: Family> Columns<F> {
    pub(super) fn all(&self) -> Vec<&'static Column<F>> {
        let mut all: Vec<_> = self.common.iter().copied().flatten().chain(self.own).collect();
        all.sort_by_key(|column| column.info.since);
        all
    }

    /// By which rows are told apart: the first of all.
    pub(super) fn key(&self) -> &'static Column<F> {
        self.all()[0]
    }

    pub(super) fn infos(&self) -> Vec<&'static ColumnInfo> {
        self.all().into_iter().map(|column| &column.info).collect()
    }
}
