//! `import`.

use std::fs::File;
use std::io::{BufReader, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use cartera_core::strings::Language;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use super::{CliError, language};
use crate::app::App;
use crate::import::file::{self, ImportFailed, Request};
use crate::import::limits::MAPPING_BYTES_MAX;
use crate::import::{ImportError, Kind, Mapping, Options, Outcome, Phase, propose};
use crate::people::access::By;

/// Findings shown one by one in a text.
const FINDINGS_SHOWN: usize = 20;

#[derive(Debug, Args)]
pub(super) struct Import {
    /// CSV or XLSX
    file: PathBuf,
    /// clients, articles, prices, sales, due_items or spend
    #[arg(long)]
    kind: Kind,
    /// The system that the file comes from: codes of different sources are different codes
    #[arg(long, default_value = "erp")]
    source: String,
    /// TOML or JSON: which column is what. Otherwise as the last file was read, or as the titles say
    #[arg(long)]
    mapping: Option<PathBuf>,
    /// Show how the file would be read, as TOML to be saved and mended, and do nothing else
    #[arg(long, conflicts_with_all = ["mapping", "dry_run"])]
    propose: bool,
    /// Check and report, and store nothing
    #[arg(long)]
    dry_run: bool,
    /// Store nothing if any row is wrong, instead of setting those rows aside
    #[arg(long)]
    all_or_nothing: bool,
    /// Form of the report
    #[arg(long, value_enum, default_value_t = Form::Text)]
    report: Form,
    /// es or en; otherwise what LANG says
    #[arg(long)]
    language: Option<Language>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    Text,
    Json,
    Csv,
}

impl Import {
    pub(super) fn run(self, app: &App, out: &mut dyn Write) -> Result<(), CliError> {
        let language = language(self.language);
        let mut input = BufReader::new(open(&self.file)?);
        if self.propose {
            let proposal = propose(&mut input, self.kind, &self.source).map_err(ImportFailed::from)?;
            for title in &proposal.unused {
                writeln!(out, "# not used: {title}")?;
            }
            for field in &proposal.missing {
                writeln!(out, "# missing in [columns]: {field} = \"...\"")?;
            }
            write!(out, "{}", proposal.mapping.to_toml().map_err(ImportFailed::from)?)?;
            return Ok(());
        }
        let request = Request {
            kind: self.kind,
            source: self.source,
            mapping: self.mapping.as_deref().map(read_mapping).transpose()?,
            options: Options { dry_run: self.dry_run, all_or_nothing: self.all_or_nothing },
        };
        let bar = ProgressBar::new(100);
        if let Ok(style) = ProgressStyle::with_template("{wide_bar} {percent:>3} %") {
            bar.set_style(style);
        }
        let report = file::import(app, By::CONSOLE, &mut input, &request, &mut |progress| {
            let share = 100 * progress.done / progress.total.max(1);
            bar.set_position(match progress.phase {
                Phase::Counting => share / 10,
                Phase::Reading => 10 + share * 6 / 10,
                Phase::Publishing => 70 + share * 3 / 10,
            });
            ControlFlow::Continue(())
        });
        bar.finish_and_clear();
        let report = report?;
        let text = match self.report {
            Form::Text => report.to_text(language, FINDINGS_SHOWN),
            Form::Json => report.to_json(language) + "\n",
            Form::Csv => report.to_csv(language),
        };
        write!(out, "{text}")?;
        match report.outcome {
            Outcome::Refused => Err(CliError::Usage("nothing was stored: see the report above".into())),
            Outcome::DryRun | Outcome::Applied => Ok(()),
        }
    }
}

fn open(path: &Path) -> Result<File, ImportFailed> {
    let named = |error: std::io::Error| {
        let text = format!("{}: {error}", path.display());
        ImportFailed::from(ImportError::Unreadable(std::io::Error::new(error.kind(), text)))
    };
    let file = File::open(path).map_err(named)?;
    if file.metadata().map_err(named)?.is_dir() {
        return Err(named(std::io::ErrorKind::IsADirectory.into()));
    }
    Ok(file)
}

fn read_mapping(path: &Path) -> Result<Mapping, ImportFailed> {
    use std::io::Read;
    let mut text = String::new();
    let read = open(path)?.take(MAPPING_BYTES_MAX as u64 + 1).read_to_string(&mut text);
    read.map_err(|error| ImportError::Mapping(format!("{}: {error}", path.display())))?;
    Ok(Mapping::parse(&text)?)
}
