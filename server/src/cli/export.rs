//! `export`: the same export as over HTTP, into a file or to standard output.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use cartera_core::strings::{Language, text};
use clap::{Args, ValueEnum};

use super::{CliError, language};
use crate::app::App;
use crate::audit::Actor;
use crate::export::resources::RESOURCES;
use crate::export::{Export as Running, ExportError, Exported, Query, QueryError, note};
use crate::figures::today;
use crate::projection;

#[derive(Debug, Args)]
pub(super) struct Export {
    /// What to export, such as visits or clients (for xlsx also several with commas between); without it, what there is
    resource: Option<String>,
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// Of CSV: as programs read it, or as Excel in Spanish does
    #[arg(long, value_enum)]
    profile: Option<Profile>,
    /// Of figures, portfolio and cohorts: as things stood at the end of this day, YYYY-MM-DD; otherwise today
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// Only what changed after an earlier export: the cursor that it gave, or `start`
    #[arg(long, value_name = "CURSOR")]
    since: Option<String>,
    /// Only these columns, in this order, with commas between
    #[arg(long)]
    columns: Option<String>,
    /// First business date, YYYY-MM-DD
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// The business date after the last one
    #[arg(long, value_name = "DATE")]
    to: Option<String>,
    /// Ids of the clients' territories, with commas between
    #[arg(long, value_name = "IDS")]
    territory: Option<String>,
    /// Ids of the people who wrote it, with commas between
    #[arg(long, value_name = "IDS")]
    rep: Option<String>,
    /// Words of the resource's status, with commas between
    #[arg(long, value_name = "WORDS")]
    status: Option<String>,
    /// Into this file, which is replaced once the export is whole; otherwise to standard output
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// es or en; otherwise what LANG says
    #[arg(long)]
    language: Option<Language>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Csv,
    Ndjson,
    Json,
    Parquet,
    Xlsx,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Profile {
    Machine,
    ExcelEs,
}

/// Why there is no export, in the words of whoever asked.
#[derive(Debug, thiserror::Error)]
#[error("{words}")]
pub struct ExportRefused {
    pub code: &'static str,
    words: String,
}

impl Export {
    /// Rows go to `out` or the file; how many there are, and where the next export goes on, to `notes`.
    pub(super) fn run(self, app: &App, out: &mut dyn Write, notes: &mut dyn Write) -> Result<(), CliError> {
        let language = language(self.language);
        let Some(resource) = &self.resource else { return Ok(list(language, out)?) };
        let parameters = self.parameters();
        let queries: Vec<Query> =
            Query::parse_several(&format!("{resource}.{}", self.format.extension()), parameters)
                .map_err(|error| refused(&error, language))?
                .into_iter()
                .map(|query| query.as_of_unless_asked(today(app)))
                .collect();
        projection::run(app, || false)?;
        let export =
            Running::begin_several(&*app.storage, queries).map_err(|error| failed(error, language))?;
        let store = &*app.storage;
        note(app, Actor::Console, &export.summary())?;
        let exported = match &self.out {
            None => export.write_to(store, out).map_err(|error| failed(error, language))?,
            Some(path) => into_file(path, |file| export.write_to(store, file))
                .map_err(|error| failed_in(path, error, language))?,
        };
        let Exported { cursor, rows, .. } = exported;
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        let args = [("rows", rows.into()), ("cursor", cursor.as_str().into())];
        writeln!(notes, "{}", text(language, "export-done", &args))?;
        Ok(())
    }

    fn parameters(&self) -> Vec<(&'static str, &str)> {
        let profile = self.profile.map(|profile| match profile {
            Profile::Machine => "machine",
            Profile::ExcelEs => "excel-es",
        });
        let given = [
            ("profile", profile),
            ("as_of", self.as_of.as_deref()),
            ("since", self.since.as_deref()),
            ("columns", self.columns.as_deref()),
            ("from", self.from.as_deref()),
            ("to", self.to.as_deref()),
            ("territory", self.territory.as_deref()),
            ("rep", self.rep.as_deref()),
            ("status", self.status.as_deref()),
        ];
        given.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

impl Format {
    const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Json => "json",
            Self::Parquet => "parquet",
            Self::Xlsx => "xlsx",
        }
    }
}

/// Everything that can be exported, a line each.
fn list(language: Language, out: &mut dyn Write) -> io::Result<()> {
    let width = RESOURCES.iter().map(|resource| resource.name.len()).max().unwrap_or(0);
    for resource in RESOURCES {
        let what = match language {
            Language::Spanish => resource.spanish,
            Language::English => resource.english,
        };
        writeln!(out, "{:width$}  {what}", resource.name)?;
    }
    Ok(())
}

/// A file appears under its name only when it is whole; what was there before stays until then.
fn into_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<Exported, ExportError>,
) -> Result<Exported, ExportError> {
    let path = &target(path)?;
    let mut name = path.file_name().ok_or(io::ErrorKind::IsADirectory).map_err(io::Error::from)?.to_owned();
    name.push(".partial");
    let partial = path.with_file_name(name);
    let written = (|| {
        let file = create(&partial)?;
        let mut buffered = BufWriter::new(&file);
        let exported = write(&mut buffered)?;
        buffered.flush()?;
        drop(buffered);
        file.sync_all()?;
        fs::rename(&partial, path)?;
        Ok(exported)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&partial);
    }
    written
}

/// The file itself where `path` is a link to one; never a device or a pipe, which a file would take the place of.
fn target(path: &Path) -> io::Result<PathBuf> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(path.to_path_buf()),
        Ok(found) if found.is_file() => fs::canonicalize(path),
        Ok(_) => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("{} is no ordinary file. Without --out it goes to standard output", path.display()),
        )),
        Err(error) => Err(error),
    }
}

/// For its owner's eyes: there are customers in it.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn refused(error: &QueryError, language: Language) -> CliError {
    let names = || RESOURCES.iter().map(|resource| resource.name).collect::<Vec<_>>().join(", ");
    let words = match error {
        QueryError::Resource { name } => {
            text(language, "export-resource", &[("name", name.as_str().into()), ("names", names().into())])
        }
        // The command line takes no other formats.
        QueryError::Format { extension } => extension.clone(),
        QueryError::Several => text(language, "export-several", &[]),
        QueryError::TooMany => text(language, "export-twice", &[]),
        QueryError::Parameter { resource, name } => {
            let args = [("name", name.as_str().into()), ("resource", (*resource).into())];
            text(language, "export-parameter", &args)
        }
        QueryError::Value { name, expected } => {
            text(language, "export-value", &[("name", (*name).into()), ("detail", expected.as_str().into())])
        }
    };
    ExportRefused { code: error.code(), words }.into()
}

fn failed(error: ExportError, language: Language) -> CliError {
    let id = match &error {
        ExportError::CursorGone => "export-cursor-gone",
        ExportError::Erased => "export-erased",
        ExportError::Storage(_) | ExportError::Write(_) => {
            return match error {
                ExportError::Storage(error) => error.into(),
                ExportError::Write(error) => CliError::Output(error),
                other => ExportRefused { code: other.code(), words: other.to_string() }.into(),
            };
        }
    };
    ExportRefused { code: error.code(), words: text(language, id, &[]) }.into()
}

fn failed_in(path: &Path, error: ExportError, language: Language) -> CliError {
    match error {
        ExportError::Write(error) => {
            let args = [("file", path.display().to_string().into()), ("detail", error.to_string().into())];
            ExportRefused { code: "export_write", words: text(language, "export-file", &args) }.into()
        }
        error => failed(error, language),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::testing::Relay;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        export: Export,
    }

    /// What it says to standard output and beside it, or why it does not.
    fn run(relay: &Relay, args: &[&str]) -> Result<(String, String), String> {
        let line = Line::try_parse_from([&["export"], args].concat()).map_err(|error| error.to_string())?;
        let (mut out, mut notes) = (Vec::new(), Vec::new());
        line.export
            .run(&relay.app, &mut out, &mut notes)
            .map_err(|error| format!("{}: {error}", error.code()))?;
        Ok((String::from_utf8(out).unwrap(), String::from_utf8(notes).unwrap()))
    }

    fn cursor(notes: &str) -> &str {
        notes.trim_end().rsplit(' ').next().unwrap()
    }

    #[test]
    fn it_lists_what_there_is_in_the_reader_s_language() {
        let relay = Relay::new();
        let (out, notes) = run(&relay, &["--language", "es"]).unwrap();
        assert_eq!((out.lines().count(), notes.as_str()), (RESOURCES.len(), ""));
        assert!(out.contains("visits") && out.contains("Visitas, planificadas y hechas"), "{out}");
        let (out, _) = run(&relay, &["--language", "en"]).unwrap();
        assert!(out.contains("Visits, planned and done"));
    }

    #[test]
    fn it_writes_what_http_gives_and_goes_on_from_its_cursor() {
        let relay = Relay::new();
        let args = ["people", "--columns", "name,role", "--language", "en"];
        let (out, notes) = run(&relay, &args).unwrap();
        assert_eq!(out, "name,role\n");
        assert!(notes.starts_with("0 rows. ") && notes.contains("--since "), "{notes}");
        relay.person(crate::people::Role::Rep, &[]);
        let (out, _) = run(&relay, &args).unwrap();
        assert_eq!(out, "name,role\nrep of a test,rep\n");
        let (out, _) = run(&relay, &["people", "--format", "json", "--since", cursor(&notes)]).unwrap();
        let json: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(json["rows"][0]["name"], "rep of a test");
        let (out, _) = run(&relay, &["people", "--profile", "excel-es"]).unwrap();
        assert!(out.starts_with('\u{feff}') && out.contains(';'));
    }

    #[test]
    fn a_file_appears_when_it_is_whole_and_is_for_its_owner() {
        let relay = Relay::new();
        let path = relay.dir.path().join("people.csv");
        std::fs::write(&path, "from yesterday").unwrap();
        let shown = path.display().to_string();
        let (out, notes) = run(&relay, &["people", "--out", &shown, "--language", "en"]).unwrap();
        assert_eq!((out.as_str(), notes.lines().count()), ("", 1));
        assert!(std::fs::read_to_string(&path).unwrap().starts_with("id,"));
        #[cfg(unix)]
        {
            let mode =
                std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions());
            assert_eq!(mode & 0o777, 0o600);
        }
        #[cfg(unix)]
        {
            // A link stays one; what is no file is never replaced by one.
            let link = relay.dir.path().join("latest.csv");
            std::os::unix::fs::symlink(&path, &link).unwrap();
            run(&relay, &["roles", "--out", &link.display().to_string()]).unwrap_err();
            run(&relay, &["territories", "--out", &link.display().to_string()]).unwrap();
            assert!(link.is_symlink() && !std::fs::read_to_string(&path).unwrap().contains("role"));
            for device in ["/dev/null", relay.dir.path().to_str().unwrap()] {
                let error = run(&relay, &["people", "--out", device]).unwrap_err();
                assert!(error.to_string().contains("no ordinary file"), "{error}");
            }
            assert!(!std::path::Path::new("/dev/null").is_file());
        }
        let beside: Vec<_> =
            std::fs::read_dir(relay.dir.path()).unwrap().flatten().map(|at| at.file_name()).collect();
        assert!(!beside.iter().any(|name| name.to_string_lossy().ends_with(".partial")), "{beside:?}");
        let nowhere = relay.dir.path().join("no/such/folder/people.csv").display().to_string();
        let refused = run(&relay, &["people", "--out", &nowhere, "--language", "es"]).unwrap_err();
        assert!(
            refused.starts_with("export_write: No se puede escribir") && refused.contains(&nowhere),
            "{refused}"
        );
    }

    #[test]
    fn what_cannot_be_exported_says_so_in_words() {
        let relay = Relay::new();
        for (args, says) in [
            (
                &["secrets", "--language", "es"][..],
                "not_found: No hay «secrets» que exportar. Hay: clients, ",
            ),
            (
                &["secrets", "--language", "en"],
                "not_found: There is no 'secrets' to export. There is: clients, ",
            ),
            (
                &["clients", "--from", "2026-09-01", "--language", "en"],
                "malformed: clients cannot be chosen by 'from'",
            ),
            (&["visits", "--from", "ayer", "--language", "es"], "malformed: --from no se entiende: "),
            (
                &["visits", "--since", "x", "--language", "en"],
                "malformed: --since is not understood: a cursor is",
            ),
            (
                &[
                    "visits",
                    "--since",
                    &crate::export::Cursor { epoch: Default::default(), chain: [0; 8], number: 7 }
                        .to_string(),
                    "--language",
                    "en",
                ],
                "expired: This cursor is not of this relay's log",
            ),
        ] {
            let refused = run(&relay, args).unwrap_err();
            assert!(refused.starts_with(says), "{refused}");
        }
        assert!(run(&relay, &["visits", "--format", "xml"]).is_err());
    }
}
