//! One import from beginning to end: a single pass over the rows (two for sales, whose documents' lines are counted
//! first), a bounded batch at a time.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::ControlFlow;

use cartera_core::strings::Language;
use sha2::{Digest, Sha256};

use super::ImportError;
use super::check::{self, Builder, Group, Prepared, covered};
use super::finding::{Code, Finding, Findings, Severity, quote};
use super::kind::Kind;
use super::limits::{BATCH_ITEMS, OPEN_LINES_MAX};
use super::map::{Absent, Bound, BoundField, Mapping};
use super::profile::{self, Covered};
use super::read::{Input, Row, Rows, Table};
use super::record::{OfficeRecord, Record};
use super::report::{Counts, Outcome, Report};
use super::target::{ImportId, Plan, Reference, Stage, Staged, Standing, Target};

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
/// Lines after which a batch is full, whatever the number of its documents.
const BATCH_LINES: u64 = 20_000;
/// A complete file that lacks more than half of so many records or more is not believed.
const REMOVAL_FLOOR: usize = 20;
/// Keys asked of storage at once.
const KEYS_PAGE: usize = 1_000;

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

impl Import<'_> {
    fn read(&mut self, rows: &mut dyn Rows, on_progress: &mut OnProgress<'_>) -> Result<(), ImportError> {
        let mut row = Row::default();
        while rows.next(&mut row)? {
            if row.number < self.bound.first_row || row.is_blank() {
                continue;
            }
            self.counts.rows += 1;
            if self.mapping.kind == Kind::Sales {
                self.line(&row)?
            } else {
                self.item(&row)
            }
            if self.pending_items >= BATCH_ITEMS || self.pending_rows >= BATCH_LINES {
                self.flush()?;
            }
            if self.counts.rows.is_multiple_of(ROWS_PER_TICK) {
                tell(on_progress, Phase::Reading, rows.progress())?;
            }
        }
        if self.pending_items > 0 {
            self.flush()?;
        }
        let (_, total) = rows.progress();
        tell(on_progress, Phase::Reading, (total, total))
    }

    /// A row that is an item of its own.
    fn item(&mut self, row: &Row) {
        let values = check::read(row, self.bound, &self.mapping.format, self.findings);
        let prepared = Builder::new(self.mapping, self.bound, values, self.findings).build();
        let id = match &prepared {
            Some(prepared) => Some(prepared.record.key().to_owned()),
            None => self.key_field().and_then(|field| check::key_of(row, field, &self.mapping.format)),
        };
        self.has_unnamed |= id.is_none();
        let earlier = id.as_deref().and_then(|id| self.seen.get(id)).copied();
        let prepared = match (earlier, id) {
            (Some(earlier), id) if prepared.is_some() => {
                self.findings.add(Finding {
                    row: row.number,
                    column: self.key_field().and_then(|field| field.column),
                    field: self.key_field().map(|field| field.field.name),
                    value: quote(&id.unwrap_or_default()),
                    code: Code::Duplicate,
                    detail: Some(earlier.to_string()),
                });
                None
            }
            (_, id) => {
                if let (None, Some(id)) = (earlier, id) {
                    self.seen.insert(id.into(), row.number);
                }
                prepared
            }
        };
        self.push(prepared, 1);
    }

    /// The field that names a row's item: `id`, if the file has it.
    fn key_field(&self) -> Option<&BoundField> {
        self.bound.fields.first().filter(|field| field.is_mapped())
    }

    /// A line of a sales document.
    fn line(&mut self, row: &Row) -> Result<(), ImportError> {
        let key = self.bound.fields.first().and_then(|field| check::key_of(row, field, &self.mapping.format));
        let values = check::read(row, self.bound, &self.mapping.format, self.findings);
        let Some(key) = key else {
            self.has_unnamed = true;
            self.push(None, 1);
            return Ok(());
        };
        let expected = self.lines.get(key.as_str()).copied().unwrap_or(1);
        let builder = Builder::new(self.mapping, self.bound, values, self.findings);
        let mut group = self.open.remove(&key).unwrap_or_default();
        self.open_lines -= group.held();
        let is_last = group.rows() + 1 >= u64::from(expected);
        let record = group.add(builder, row.number, is_last);
        if is_last {
            let rows = group.rows();
            self.push(record.map(|record| group.prepare(record)), rows);
            return Ok(());
        }
        self.open_lines += group.held();
        self.open.insert(key, group);
        if self.open_lines > OPEN_LINES_MAX {
            return Err(ImportError::Scattered { row: row.number });
        }
        Ok(())
    }

    fn push(&mut self, prepared: Option<Prepared>, rows: u64) {
        self.pending_items += 1;
        self.pending_rows += rows;
        match prepared {
            Some(prepared) => self.pending.push(prepared),
            None => {
                self.counts.set_aside += 1;
                self.counts.rows_set_aside += rows;
            }
        }
    }

    /// Looks up what the batch refers to and what is there already, and stages what is new.
    fn flush(&mut self) -> Result<(), ImportError> {
        self.pending_items = 0;
        self.pending_rows = 0;
        let mut pending = std::mem::take(&mut self.pending);
        self.drop_unknown(&mut pending)?;
        let staged = match self.mapping.kind {
            Kind::Clients => self.clients(pending)?,
            _ => self.office(pending)?,
        };
        self.stage(staged)
    }

    fn stage(&mut self, staged: Vec<Staged>) -> Result<(), ImportError> {
        if let Some(import) = self.import
            && self.batch >= self.next_batch
        {
            self.target.stage(import, self.batch, staged)?;
        }
        self.batch = self.batch.saturating_add(1);
        Ok(())
    }

    /// Sets items aside whose client is unknown, and warns of articles and territories.
    fn drop_unknown(&mut self, pending: &mut Vec<Prepared>) -> Result<(), ImportError> {
        let mut unknown = BTreeSet::new();
        for what in [Reference::Client, Reference::Article, Reference::Territory] {
            let wanted =
                pending.iter().flat_map(|prepared| &prepared.wanted).filter(|wanted| wanted.what == what);
            let keys: BTreeSet<&str> = wanted.map(|wanted| wanted.key.as_str()).collect();
            let keys: Vec<&str> = keys.into_iter().collect();
            if keys.is_empty() {
                continue;
            }
            let known = self.target.known(what, &self.mapping.source, &keys)?;
            let missing = keys.iter().zip(known).filter(|(_, known)| !known);
            unknown.extend(missing.map(|(key, _)| (what, (*key).to_owned())));
        }
        if unknown.is_empty() {
            return Ok(());
        }
        pending.retain_mut(|prepared| {
            let mut is_kept = true;
            for wanted in &prepared.wanted {
                if !unknown.contains(&(wanted.what, wanted.key.clone())) {
                    continue;
                }
                let code = match wanted.what {
                    Reference::Client => Code::UnknownClient,
                    Reference::Article => Code::UnknownArticle,
                    Reference::Territory => Code::UnknownTerritory,
                };
                is_kept &= code.severity() == Severity::Warning;
                let bound = self.bound.fields.iter().find(|bound| bound.field.name == wanted.field);
                self.findings.add(Finding {
                    row: wanted.row,
                    column: bound.and_then(|bound| bound.column),
                    field: Some(wanted.field),
                    value: quote(&wanted.key),
                    code,
                    detail: None,
                });
            }
            if !is_kept {
                self.counts.set_aside += 1;
                self.counts.rows_set_aside += prepared.rows;
            }
            is_kept
        });
        // A row of an unknown territory says nothing of the territory.
        for prepared in pending {
            if let Record::Client(client) = &mut prepared.record {
                let is_unknown = |code: &String| unknown.contains(&(Reference::Territory, code.clone()));
                client.row.territory = client.row.territory.take().filter(|code| !is_unknown(code));
            }
        }
        Ok(())
    }

    fn clients(&mut self, mut pending: Vec<Prepared>) -> Result<Vec<Staged>, ImportError> {
        self.drop_erased(&mut pending)?;
        let ids: Vec<&str> = pending.iter().map(|prepared| prepared.record.key()).collect();
        let last =
            if ids.is_empty() { Vec::new() } else { self.target.last_rows(&self.mapping.source, &ids)? };
        let mut staged = Vec::new();
        for (prepared, last) in pending.into_iter().zip(last) {
            let Record::Client(mut client) = prepared.record else { continue };
            for key in std::mem::take(&mut client.unsaid) {
                if let Some(value) = last.as_ref().and_then(|last| last.profile.get(&key)) {
                    client.row.profile.insert(key, value.clone());
                }
            }
            let change = profile::compare(last.as_ref(), &client.row, &self.covered, self.mapping.empty);
            match (&last, change.is_empty()) {
                (None, _) => self.counts.new += 1,
                (Some(_), false) => self.counts.changed += 1,
                (Some(_), true) => {
                    self.counts.unchanged += 1;
                    continue;
                }
            }
            staged.push(Staged::Client { id: client.id, change });
        }
        Ok(staged)
    }

    /// Sets clients aside that were erased here and must not come back.
    fn drop_erased(&mut self, pending: &mut Vec<Prepared>) -> Result<(), ImportError> {
        let ids: Vec<&str> = pending.iter().map(|prepared| prepared.record.key()).collect();
        let erased = self.target.erased(&self.mapping.source, &ids)?;
        if !erased.contains(&true) {
            return Ok(());
        }
        let mut erased = erased.into_iter();
        pending.retain(|prepared| {
            if !erased.next().unwrap_or(false) {
                return true;
            }
            let field = self.bound.fields.first();
            self.findings.add(Finding {
                row: prepared.row,
                column: field.and_then(|field| field.column),
                field: field.map(|field| field.field.name),
                value: quote(prepared.record.key()),
                code: Code::Erased,
                detail: None,
            });
            self.counts.set_aside += 1;
            self.counts.rows_set_aside += prepared.rows;
            false
        });
        Ok(())
    }

    fn office(&mut self, pending: Vec<Prepared>) -> Result<Vec<Staged>, ImportError> {
        let mut records = Vec::with_capacity(pending.len());
        let mut beside = Vec::new();
        for prepared in pending {
            if let Record::Office(record) = prepared.record {
                records.push(record);
            }
            beside.extend(prepared.beside.filter(|record| self.beside.insert(record.key.clone())));
        }
        let count = records.len();
        records.append(&mut beside);
        let by_reference: Vec<&OfficeRecord> = records.iter().collect();
        let standing = match by_reference.as_slice() {
            [] => Vec::new(),
            records => self.target.standing(&self.mapping.source, records)?,
        };
        let mut staged = Vec::new();
        for (index, (record, standing)) in records.into_iter().zip(standing).enumerate() {
            let own = u64::from(index < count);
            match standing {
                Standing::New => self.counts.new += own,
                Standing::Changed => self.counts.changed += own,
                Standing::Same => {
                    self.counts.unchanged += own;
                    continue;
                }
            }
            staged.push(Staged::Office(record));
        }
        Ok(staged)
    }

    /// Of a complete file: takes away what the source had and the file has not.
    fn remove_absent(&mut self) -> Result<(), ImportError> {
        let Some(kind) = self.mapping.kind.office_kind().filter(|_| self.mapping.absent == Absent::Remove)
        else {
            return Ok(());
        };
        if self.has_unnamed {
            self.not_removed("some row's key cannot be read");
            return Ok(());
        }
        let (mut absent, mut present, mut after): (Vec<String>, usize, Option<String>) =
            (Vec::new(), 0, None);
        loop {
            let source = &self.mapping.source;
            let keys = self.target.keys(kind, source, after.as_deref(), KEYS_PAGE)?;
            let Some(last) = keys.last() else { break };
            after = Some(last.clone());
            for key in keys {
                if self.seen.contains_key(key.as_str()) || self.lines.contains_key(key.as_str()) {
                    present += 1;
                } else {
                    absent.push(key);
                }
            }
        }
        if absent.len() >= REMOVAL_FLOOR && absent.len() > present {
            let what = format!("{} / {}", absent.len(), absent.len() + present);
            self.not_removed(&what);
            return Ok(());
        }
        self.counts.removed = absent.len() as u64;
        // These batches depend on what is there now, so they are staged anew whatever was staged before.
        self.next_batch = self.next_batch.min(self.batch);
        for keys in absent.chunks(BATCH_ITEMS) {
            self.stage(keys.iter().map(|key| Staged::Remove { kind, key: key.clone() }).collect())?;
        }
        Ok(())
    }

    fn not_removed(&mut self, why: &str) {
        self.findings.add(Finding {
            row: 0,
            column: None,
            field: None,
            value: String::new(),
            code: Code::NotRemoved,
            detail: Some(why.to_owned()),
        });
    }
}
