//! The use case: somebody has a file imported into the workspace.

use cartera_core::model::access::Action;

use super::map::Mapping;
use super::read::Input;
use super::report::{Outcome, Report};
use super::run::{OnProgress, Options, run};
use super::store::Store;
use super::{ImportError, Kind, propose};
use crate::app::App;
use crate::audit::{Actor, Deed, Subject};
use crate::people::access::By;
use crate::refused::Refused;

/// What is to be imported, and how.
#[derive(Debug, Clone)]
pub struct Request {
    pub kind: Kind,
    pub source: String,
    /// As the last file of the kind and source was read, or as the titles say, when absent.
    pub mapping: Option<Mapping>,
    pub options: Options,
}

#[derive(Debug, thiserror::Error)]
pub enum ImportFailed {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Import(#[from] ImportError),
}

impl ImportFailed {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(error) => error.code(),
            Self::Import(error) => error.code(),
        }
    }
}

impl From<crate::storage::StorageError> for ImportFailed {
    fn from(error: crate::storage::StorageError) -> Self {
        Self::Refused(error.into())
    }
}

/// How a file would be read: as the mapping that is given says, else as the last one of the kind and source, else as
/// its titles say.
pub fn mapping(app: &App, input: &mut dyn Input, request: &Request) -> Result<Mapping, ImportFailed> {
    let (kind, source) = (request.kind, request.source.as_str());
    if let Some(mapping) = &request.mapping {
        fits(mapping, kind, source)?;
        return Ok(mapping.clone());
    }
    if let Some(kept) = app.storage.import_mapping(kind.as_str(), source)? {
        return Ok(Mapping::parse(&kept)?);
    }
    let proposal = propose(input, kind, source)?;
    match proposal.missing.first() {
        Some(field) => Err(ImportError::Unmapped { field }.into()),
        None => Ok(proposal.mapping),
    }
}

/// Keeps how files of a kind and source are read from now on.
pub fn keep_mapping(
    app: &App,
    by: By,
    kind: Kind,
    source: &str,
    mapping: &Mapping,
) -> Result<(), ImportFailed> {
    by.require(Action::Import)?;
    fits(mapping, kind, source)?;
    Ok(app.storage.keep_import_mapping(kind.as_str(), source, &mapping.to_json()?)?)
}

/// Whether a mapping is of that kind and source.
fn fits(mapping: &Mapping, kind: Kind, source: &str) -> Result<(), ImportError> {
    if mapping.kind == kind && mapping.source == source {
        return Ok(());
    }
    let (of, from) = (mapping.kind, &mapping.source);
    Err(ImportError::Mapping(format!("it is for {of} from '{from}', and not for {kind} from '{source}'")))
}

/// Imports a file. The mapping that it was read with is kept for the next one of the kind and source.
pub fn import(
    app: &App,
    by: By,
    input: &mut dyn Input,
    request: &Request,
    on_progress: &mut OnProgress<'_>,
) -> Result<Report, ImportFailed> {
    by.require(Action::Import)?;
    let mapping = mapping(app, input, request)?;
    let person = match by.actor {
        Actor::Person(person) => Some(person),
        Actor::Console | Actor::Machine(_) | Actor::Device(_) => None,
    };
    let mut store = Store::new(app).by(person);
    let report = run(input, &mapping, &mut store, request.options, on_progress)?;
    if report.outcome == Outcome::Applied {
        let (kind, counts) = (request.kind, report.counts);
        app.storage.keep_import_mapping(kind.as_str(), &request.source, &mapping.to_json()?)?;
        app.storage.record(&[Deed {
            at_ms: app.env.now_ms(),
            actor: by.actor,
            action: "import.published",
            subject: Subject::Workspace,
            detail: format!(
                "{kind} {}: {} new, {} changed, {} removed, {} set aside",
                request.source, counts.new, counts.changed, counts.removed, counts.set_aside
            ),
        }])?;
    }
    Ok(report)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::ops::ControlFlow;

    use super::*;
    use crate::testing::Relay;

    fn request(kind: Kind, mapping: Option<Mapping>) -> Request {
        Request { kind, source: "erp".into(), mapping, options: Options::default() }
    }

    fn import_as(relay: &Relay, file: &str, request: &Request) -> Result<Report, ImportFailed> {
        let mut input = Cursor::new(file.as_bytes());
        import(&relay.app, By::CONSOLE, &mut input, request, &mut |_| ControlFlow::Continue(()))
    }

    #[test]
    fn the_mapping_of_the_last_file_reads_the_next_one() {
        let relay = Relay::new();
        let file = "a;b\nA1;Disco\n";
        let unnamed = import_as(&relay, file, &request(Kind::Articles, None)).unwrap_err();
        assert_eq!(unnamed.code(), "import_unmapped");
        let mut mapping = Mapping::new(Kind::Articles, "erp");
        mapping.columns = [("id", "a"), ("name", "b")].map(|(f, c)| (f.to_owned(), c.to_owned())).into();
        let other = Mapping { source: "crm".into(), ..mapping.clone() };
        let wrong = import_as(&relay, file, &request(Kind::Articles, Some(other))).unwrap_err();
        assert_eq!(wrong.code(), "import_mapping");
        let first = import_as(&relay, file, &request(Kind::Articles, Some(mapping))).unwrap();
        assert_eq!(first.counts.new, 1);
        let again = import_as(&relay, "b;a\nDisco;A1\n", &request(Kind::Articles, None)).unwrap();
        assert_eq!(again.counts.unchanged, 1);
        let deeds = relay.app.storage.deeds(0, 100).unwrap();
        let imports: Vec<_> = deeds.iter().filter(|deed| deed.action == "import.published").collect();
        assert_eq!(imports.len(), 2);
        assert_eq!(imports[0].detail, "articles erp: 1 new, 0 changed, 0 removed, 0 set aside");
    }

    #[test]
    fn a_dry_run_keeps_neither_rows_nor_mapping() {
        let relay = Relay::new();
        let mut dry = request(Kind::Articles, None);
        dry.options.dry_run = true;
        let report = import_as(&relay, "referencia;descripcion\nA;b\n", &dry).unwrap();
        assert_eq!((report.outcome, report.counts.new), (Outcome::DryRun, 1));
        assert_eq!(relay.app.storage.import_mapping("articles", "erp").unwrap(), None);
        assert!(relay.app.storage.feeds().unwrap().is_empty());
    }
}
