//! The one table of what can be exported: resources, their columns, and where their rows come from. Every format, the
//! catalogue and OpenAPI follow it.

mod clients;
mod records;
mod visits;

use super::column::{ColumnInfo, Columns};
use super::rows::{Clients, Records};

/// Something that can be exported.
#[derive(Debug)]
pub struct Resource {
    /// In the address. Never changes.
    pub name: &'static str,
    /// Version of the export that brought it.
    pub since: u32,
    pub english: &'static str,
    pub spanish: &'static str,
    /// The column whose word `status=` chooses by.
    pub status: Option<&'static str>,
    pub(super) source: Source,
}

/// Where rows come from.
#[derive(Debug)]
pub(super) enum Source {
    /// Records of the kind with these letters.
    Records {
        kind: &'static str,
        columns: Columns<Records>,
    },
    Clients(Columns<Clients>),
}

/// Raised when a resource or a column is added.
pub const VERSION: u32 = 1;

/// By name.
pub const RESOURCES: &[Resource] = &[
    Resource {
        name: "clients",
        since: 1,
        english: "Clients: profile, territory, what was merged",
        spanish: "Clientes: ficha, zona, fichas unificadas",
        status: None,
        source: Source::Clients(Columns { common: &[], own: clients::COLUMNS }),
    },
    Resource {
        name: "visits",
        since: 1,
        english: "Visits, planned and done",
        spanish: "Visitas, planificadas y hechas",
        status: Some("state"),
        source: Source::Records {
            kind: "v",
            columns: Columns { common: records::ABOUT_A_CLIENT, own: visits::COLUMNS },
        },
    },
];

impl Resource {
    pub fn find(name: &str) -> Option<&'static Self> {
        RESOURCES.iter().find(|resource| resource.name == name)
    }

    /// In the order in which they are written.
    pub fn columns(&self) -> Vec<&'static ColumnInfo> {
        match &self.source {
            Source::Records { columns, .. } => columns.infos(),
            Source::Clients(columns) => columns.infos(),
        }
    }
}
