//! A report as JSON, for programs: what `import --report json` prints and `POST /v1/imports/{kind}` answers.

use std::collections::BTreeMap;

use cartera_core::model::hex::Hex;
use cartera_core::strings::Language;
use serde::Serialize;
use utoipa::ToSchema;

use super::finding::{Code, Severity};
use super::report::{Counts, Outcome, Report};
use super::words;

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReportBody {
    kind: &'static str,
    source: String,
    pub outcome: Outcome,
    /// The import's name at the relay; missing for a dry run.
    import: Option<String>,
    file_sha256: String,
    /// The first batch that an earlier, interrupted run had not staged.
    resumed_at_batch: Option<u32>,
    counts: Counts,
    errors: u64,
    warnings: u64,
    /// How many findings of each code.
    by_code: BTreeMap<&'static str, u64>,
    /// The first 10,000.
    findings: Vec<FindingBody>,
    findings_left_out: u64,
}

#[derive(Debug, Serialize, ToSchema)]
struct FindingBody {
    /// As the file counts, titles included.
    row: u64,
    /// The column's title.
    column: String,
    field: Option<&'static str>,
    value: String,
    severity: Severity,
    /// Stable.
    code: Code,
    /// In the reader's language.
    reason: String,
}

impl ReportBody {
    pub(super) fn new(report: &Report, language: Language) -> Self {
        let findings = report.findings.list.iter().map(|finding| FindingBody {
            row: finding.row,
            column: report.column(finding),
            field: finding.field,
            value: finding.value.clone(),
            severity: finding.code.severity(),
            code: finding.code,
            reason: words::reason(finding.code, finding.detail.as_deref(), language),
        });
        Self {
            kind: report.kind.as_str(),
            source: report.source.clone(),
            outcome: report.outcome,
            import: report.import.clone(),
            file_sha256: Hex(&report.file).to_string(),
            resumed_at_batch: report.resumed_at,
            counts: report.counts,
            errors: report.errors(),
            warnings: report.warnings(),
            by_code: report.findings.counts.iter().map(|(code, count)| (code.as_str(), *count)).collect(),
            findings: findings.collect(),
            findings_left_out: report.findings.left_out(),
        }
    }
}
