//! Report: what an import did, or would do, and what is wrong with which row; as text, JSON and CSV.

use std::fmt::Write as _;

use cartera_core::strings::{Language, text};
use serde::Serialize;
use utoipa::ToSchema;

use super::body::ReportBody;
use super::finding::{Finding, Findings, Severity};
use super::kind::Kind;
use super::words;

/// How an import ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Nothing was stored, as asked.
    DryRun,
    /// What is right is stored; rows with errors are set aside.
    Applied,
    /// There were errors, and all or nothing was asked: nothing was stored.
    Refused,
}

/// What happened to the items (clients, documents, ...) that rows are about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Counts {
    /// Rows read, without titles and blank ones.
    pub rows: u64,
    pub new: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// Not in the file any more, and taken away.
    pub removed: u64,
    /// Items with errors.
    pub set_aside: u64,
    /// Rows of those items.
    pub rows_set_aside: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub kind: Kind,
    pub source: String,
    pub outcome: Outcome,
    /// SHA-256 of the file.
    pub file: [u8; 32],
    /// The import's name in storage; `None` for a dry run.
    pub import: Option<String>,
    /// The first batch that was not staged by an earlier run, if that was cut off.
    pub resumed_at: Option<u32>,
    pub counts: Counts,
    /// Titles of the columns.
    pub titles: Vec<String>,
    /// Columns are named as in a sheet: A, B, ...
    pub is_workbook: bool,
    pub findings: Findings,
}

impl Report {
    pub fn errors(&self) -> u64 {
        self.findings.count(Severity::Error)
    }

    pub fn warnings(&self) -> u64 {
        self.findings.count(Severity::Warning)
    }

    /// A column as a person finds it: its title, and in a workbook its letters.
    pub(super) fn column(&self, finding: &Finding) -> String {
        let Some(column) = finding.column else { return finding.field.unwrap_or_default().to_owned() };
        let title = self.titles.get(column).map(String::as_str).unwrap_or_default();
        let place = if self.is_workbook { letters(column) } else { format!("#{}", column + 1) };
        match title {
            "" => place,
            title if self.is_workbook => format!("{place} {title}"),
            title => title.to_owned(),
        }
    }

    /// For a person, with at most `most` findings one by one.
    pub fn to_text(&self, language: Language, most: usize) -> String {
        let mut out = String::new();
        // Writing to a string does not fail.
        let _ = self.write_text(&mut out, language, most);
        out
    }

    fn write_text(&self, out: &mut String, language: Language, most: usize) -> std::fmt::Result {
        let c = &self.counts;
        let heading = match self.outcome {
            Outcome::DryRun => "import-dry_run",
            Outcome::Applied => "import-done",
            Outcome::Refused => "import-refused",
        };
        let kind = words::kind(self.kind, language);
        let named = [("kind", kind.into()), ("source", self.source.as_str().into())];
        writeln!(out, "{}", text(language, heading, &named))?;
        let counts = [
            ("rows", c.rows.into()),
            ("new", c.new.into()),
            ("changed", c.changed.into()),
            ("unchanged", c.unchanged.into()),
            ("removed", c.removed.into()),
            ("aside", c.set_aside.into()),
            ("rows_aside", c.rows_set_aside.into()),
        ];
        writeln!(out, "{}", text(language, "import-counts", &counts))?;
        for (code, count) in &self.findings.counts {
            let severity = words::severity(code.severity(), language);
            writeln!(out, "{count:>8} × {severity}: {}", code.as_str())?;
        }
        for finding in self.findings.list.iter().take(most) {
            // A row's number is a name, and is not grouped as an amount is.
            let row = text(language, "import-row", &[("row", finding.row.to_string().into())]);
            write!(out, "{row}")?;
            let column = self.column(finding);
            if !column.is_empty() {
                write!(out, ", {column}")?;
            }
            if !finding.value.is_empty() {
                write!(out, " «{}»", finding.value)?;
            }
            let reason = words::reason(finding.code, finding.detail.as_deref(), language);
            let severity = words::severity(finding.code.severity(), language);
            writeln!(out, ": {severity}: {reason} [{}]", finding.code.as_str())?;
        }
        match self.findings.list.len().saturating_sub(most) as u64 + self.findings.left_out() {
            0 => Ok(()),
            left => writeln!(out, "{}", text(language, "import-more", &[("count", left.into())])),
        }
    }

    /// For a program.
    pub fn to_json(&self, language: Language) -> String {
        serde_json::to_string(&ReportBody::new(self, language)).unwrap_or_default() // strings and numbers alone
    }

    /// For a spreadsheet: UTF-8, commas, one line for each finding; a value that a spreadsheet would take for a
    /// formula is preceded by an apostrophe.
    pub fn to_csv(&self, language: Language) -> String {
        let mut csv = String::from("row,column,field,value,severity,code,reason\r\n");
        for finding in &self.findings.list {
            let reason = words::reason(finding.code, finding.detail.as_deref(), language);
            let severity = words::severity(finding.code.severity(), language);
            let cells = [
                finding.row.to_string(),
                self.column(finding),
                finding.field.unwrap_or_default().to_owned(),
                finding.value.clone(),
                severity,
                finding.code.as_str().to_owned(),
                reason,
            ];
            for (index, cell) in cells.iter().enumerate() {
                if index > 0 {
                    csv.push(',');
                }
                push_cell(&mut csv, cell);
            }
            csv.push_str("\r\n");
        }
        csv
    }
}

fn push_cell(csv: &mut String, cell: &str) {
    let is_formula = cell.trim_start().starts_with(['=', '+', '-', '@']);
    let cell = if is_formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', '"', '\n', '\r']) {
        csv.push('"');
        csv.push_str(&cell.replace('"', "\"\""));
        csv.push('"');
    } else {
        csv.push_str(&cell);
    }
}

/// A, B, ... Z, AA, ...
fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        letters.push(b'A' + ((left - 1) % 26) as u8);
        left = (left - 1) / 26;
    }
    letters.iter().rev().map(|letter| char::from(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::finding::Code;
    use super::*;

    fn report() -> Report {
        let mut findings = Findings::default();
        let finding = |row, column, value: &str, code, detail: Option<&str>| Finding {
            row,
            column,
            field: Some("net"),
            value: value.to_owned(),
            code,
            detail: detail.map(str::to_owned),
        };
        findings.add(finding(3, Some(1), "=1,2\"x", Code::Number, Some(",")));
        findings.add(finding(4, None, "", Code::CurrencyMissing, None));
        findings.add(finding(5, Some(27), "1,239", Code::Rounded, Some("1.24")));
        Report {
            kind: Kind::Sales,
            source: "erp".into(),
            outcome: Outcome::Applied,
            file: [0xab; 32],
            import: Some("01".into()),
            resumed_at: None,
            counts: Counts { rows: 5, new: 2, set_aside: 2, rows_set_aside: 2, ..Counts::default() },
            titles: vec!["Factura".into(), "Importe".into()],
            is_workbook: false,
            findings,
        }
    }

    #[test]
    fn text_says_row_column_value_and_reason_in_either_language() {
        let spanish = report().to_text(Language::Spanish, 2);
        assert!(
            spanish.contains(
                "fila 3, Importe «=1,2\"x»: error: no es un número escrito con «,» decimal [number]"
            ),
            "{spanish}"
        );
        assert!(spanish.contains("Filas: 5. Altas: 2; con cambios: 0;"), "{spanish}");
        assert!(spanish.ends_with("… y 1 más\n"), "{spanish}");
        let english = report().to_text(Language::English, 9);
        assert!(
            english.contains(
                "row 5, #28 «1,239»: warning: more decimals than the currency has: rounded to 1.24 [rounded]"
            ),
            "{english}"
        );
        let sheet = Report { is_workbook: true, ..report() };
        let text = sheet.to_text(Language::English, 9);
        assert!(text.contains("row 3, B Importe «") && text.contains("row 5, AB «"), "{text}");
    }

    #[test]
    fn json_has_every_count_and_finding() {
        let json: serde_json::Value = serde_json::from_str(&report().to_json(Language::English)).unwrap();
        assert_eq!(json["kind"], "sales");
        assert_eq!(json["outcome"], "applied");
        assert_eq!(json["counts"]["set_aside"], 2);
        assert_eq!((json["errors"].as_u64(), json["warnings"].as_u64()), (Some(2), Some(1)));
        assert_eq!(json["by_code"]["number"], 1);
        assert_eq!(json["findings"][0]["row"], 3);
        assert_eq!(json["findings"][0]["column"], "Importe");
        assert_eq!(json["findings"][1]["column"], "net");
        assert_eq!(json["file_sha256"].as_str().map(str::len), Some(64));
    }

    #[test]
    fn csv_is_quoted_and_holds_no_formulas() {
        let csv = report().to_csv(Language::English);
        let lines: Vec<&str> = csv.split("\r\n").collect();
        assert_eq!(lines.len(), 5);
        assert!(lines[1].starts_with("3,Importe,net,\"'=1,2\"\"x\",error,number,"), "{}", lines[1]);
    }

    #[test]
    fn columns_have_a_sheets_letters() {
        for (column, expected) in
            [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
        {
            assert_eq!(letters(column), expected);
        }
    }
}
