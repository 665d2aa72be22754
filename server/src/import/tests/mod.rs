//! Whole files through [`run`](super::run), into storage in memory.

#[cfg(feature = "demo")]
mod cdnow;
mod csv_dialects;
mod http;
mod limits;
mod office;
mod profiles;
mod resume;
mod xlsx;

use std::io::Cursor;
use std::ops::ControlFlow;

use super::memory::Memory;
use super::{Code, ImportError, Kind, Mapping, Options, Report, propose, run};

/// A file's proposal as it is.
fn proposed(file: &[u8], kind: Kind) -> Mapping {
    let proposal = propose(&mut Cursor::new(file), kind, "erp").unwrap();
    assert_eq!(proposal.missing, [""; 0], "titles: {:?}", proposal.titles);
    proposal.mapping
}

fn import_with(
    file: &[u8],
    mapping: &Mapping,
    memory: &mut Memory,
    options: Options,
) -> Result<Report, ImportError> {
    run(&mut Cursor::new(file), mapping, memory, options, &mut |_| ControlFlow::Continue(()))
}

/// Imports by the proposed mapping.
fn import(file: &[u8], kind: Kind, memory: &mut Memory) -> Report {
    import_with(file, &proposed(file, kind), memory, Options::default()).unwrap()
}

/// Row and code of each finding.
fn found(report: &Report) -> Vec<(u64, Code)> {
    report.findings.list.iter().map(|finding| (finding.row, finding.code)).collect()
}

/// Imports clients of these codes, so that others can refer to them.
fn with_clients(codes: &[&str]) -> Memory {
    let mut memory = Memory::default();
    let mut file = String::from("codigo;nombre\n");
    for code in codes {
        file.push_str(&format!("{code};Cliente {code}\n"));
    }
    let report = import(file.as_bytes(), Kind::Clients, &mut memory);
    assert_eq!(report.counts.new, codes.len() as u64);
    memory
}
