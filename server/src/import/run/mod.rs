//! One import from beginning to end: a single pass over the rows (two for sales, whose documents' lines are counted
//! first), a bounded batch at a time.
//!
//! - `pass`: rows become items, and items batches;
//! - `resolve`: what a batch refers to and what is there already;
//! - `absent`: what a complete file has not any more.

mod absent;
mod pass;
mod resolve;

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use cartera_core::strings::Language;
use sha2::{Digest, Sha256};

use super::ImportError;
use super::check::{self, Group, Prepared, covered};
use super::finding::{Findings, Severity};
use super::kind::Kind;
use super::map::{Bound, Mapping};
use super::profile::Covered;
use super::read::{Input, Row, Table};
use super::report::{Counts, Outcome, Report};
use super::target::{ImportId, Plan, Stage, Target};

/// How an import is to be done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Check and report, and store nothing.
    pub dry_run: bool,
    /// Store nothing if any row has an error; otherwise those rows are set aside and the others stored.
    pub all_or_nothing: bool,
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Counting the documents' lines.
    Counting,
    Reading,
    Publishing,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub phase: Phase,
    /// Bytes of the file while it is read, batches while they are published.
    pub done: u64,
    pub total: u64,
}

/// Told of progress now and then; breaking off leaves what is staged to be resumed.
pub type OnProgress<'a> = dyn FnMut(Progress) -> ControlFlow<()> + 'a;

/// Progress is told once in so many rows.
const ROWS_PER_TICK: u64 = 1_000;

/// Imports a file, or, with a dry run, says what importing it would do.
pub fn run(
    input: &mut dyn Input,
    mapping: &Mapping,
    target: &mut dyn Target,
    options: Options,
    on_progress: &mut OnProgress<'_>,
) -> Result<Report, ImportError> {
    let table = Table::open(input, &mapping.format)?;
    let bound = bind(&table, input, mapping)?;
    let lines = match mapping.kind {
        Kind::Sales => count_lines(&table, input, mapping, &bound, on_progress)?,
        _ => HashMap::new(),
    };
    let mut report = Report {
        kind: mapping.kind,
        source: mapping.source.clone(),
        outcome: if options.dry_run { Outcome::DryRun } else { Outcome::Applied },
        file: table.sha256(),
        import: None,
        resumed_at: None,
        counts: Counts::default(),
        titles: bound.titles.clone(),
        is_workbook: table.is_workbook(),
        findings: Findings::default(),
    };
    let mut begun = None;
    let mut next_batch = u32::MAX;
    if !options.dry_run {
        let mapping_hash = Sha256::digest(mapping.to_json()?).into();
        let plan = Plan {
            kind: mapping.kind,
            source: mapping.source.clone(),
            file: table.sha256(),
            mapping: mapping_hash,
        };
        let answer = target.begin(&plan)?;
        match answer.stage {
            Stage::Staging { next_batch: next } => next_batch = next,
            Stage::Sealed => report.resumed_at = Some(u32::MAX),
        }
        if next_batch > 0 && next_batch < u32::MAX {
            report.resumed_at = Some(next_batch);
        }
        report.import = Some(answer.import.to_string());
        begun = Some(answer);
    }

    let covered = covered(&bound);
    let mut import = Import {
        mapping,
        bound: &bound,
        covered,
        lines,
        target,
        import: begun.map(|begun| begun.import),
        next_batch,
        batch: 0,
        pending: Vec::new(),
        pending_items: 0,
        pending_rows: 0,
        open: HashMap::new(),
        open_lines: 0,
        seen: HashMap::new(),
        beside: HashSet::new(),
        has_unnamed: false,
        counts: Counts::default(),
        findings: &mut report.findings,
    };
    {
        let mut rows = table.rows(input)?;
        import.read(rows.as_mut(), on_progress)?;
    }
    import.remove_absent()?;
    report.counts = import.counts;
    report.findings.sort();

    let Some(begun) = begun else { return Ok(report) };
    if options.all_or_nothing && report.findings.count(Severity::Error) > 0 && begun.stage != Stage::Sealed {
        target.abandon(begun.import)?;
        report.outcome = Outcome::Refused;
        return Ok(report);
    }
    if begun.stage != Stage::Sealed {
        target.seal(begun.import, &report.to_json(Language::default()))?;
    }
    loop {
        let published = target.publish(begun.import)?;
        tell(on_progress, Phase::Publishing, (published.done, published.total))?;
        if published.done >= published.total {
            return Ok(report);
        }
    }
}

fn tell(
    on_progress: &mut OnProgress<'_>,
    phase: Phase,
    (done, total): (u64, u64),
) -> Result<(), ImportError> {
    match on_progress(Progress { phase, done, total }) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(ImportError::Stopped),
    }
}

/// Finds the row of titles and binds the mapping to it.
fn bind(table: &Table, input: &mut dyn Input, mapping: &Mapping) -> Result<Bound, ImportError> {
    let mut rows = table.rows(input)?;
    let mut row = Row::default();
    loop {
        if !rows.next(&mut row)? {
            return Err(ImportError::Empty);
        }
        let is_reached = match mapping.format.header_row {
            None | Some(0) => true,
            Some(wanted) => row.number >= wanted,
        };
        if is_reached && !row.is_blank() {
            return mapping.bind(&row);
        }
    }
}

/// How many lines each document has, by its key.
fn count_lines(
    table: &Table,
    input: &mut dyn Input,
    mapping: &Mapping,
    bound: &Bound,
    on_progress: &mut OnProgress<'_>,
) -> Result<HashMap<Box<str>, u32>, ImportError> {
    let mut lines: HashMap<Box<str>, u32> = HashMap::new();
    let mut rows = table.rows(input)?;
    let mut row = Row::default();
    let mut count = 0u64;
    let Some(key_field) = bound.fields.first() else { return Ok(lines) };
    while rows.next(&mut row)? {
        if row.number < bound.first_row || row.is_blank() {
            continue;
        }
        if let Some(key) = check::key_of(&row, key_field, &mapping.format) {
            match lines.get_mut(key.as_str()) {
                Some(lines) => *lines += 1,
                None => {
                    lines.insert(key.into(), 1);
                }
            }
        }
        count += 1;
        if count.is_multiple_of(ROWS_PER_TICK) {
            tell(on_progress, Phase::Counting, rows.progress())?;
        }
    }
    Ok(lines)
}

/// The state of one pass.
struct Import<'a> {
    mapping: &'a Mapping,
    bound: &'a Bound,
    covered: Covered,
    /// Of sales: lines of each document.
    lines: HashMap<Box<str>, u32>,
    target: &'a mut dyn Target,
    /// `None` for a dry run.
    import: Option<ImportId>,
    /// Batches below it are staged already.
    next_batch: u32,
    batch: u32,
    pending: Vec<Prepared>,
    /// Items of this batch, those set aside included: a batch is cut by the file alone.
    pending_items: usize,
    pending_rows: u64,
    open: HashMap<String, Group>,
    open_lines: usize,
    /// Keys of the file and their first rows; of sales `lines` has them.
    seen: HashMap<Box<str>, u64>,
    /// Keys of what was staged beside other records.
    beside: HashSet<String>,
    /// Some row's key cannot be read.
    has_unnamed: bool,
    counts: Counts,
    findings: &'a mut Findings,
}
