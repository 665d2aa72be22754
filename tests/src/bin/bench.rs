//! `cargo run --release -p cartera-tests --bin bench`: prints the tables that `bench/RESULTS.md` records.
//!
//! `--only NAME[,NAME]` measures some of them, `--folder DIR` on the disk that counts; `--list` says what there is.

use std::path::PathBuf;

use cartera_tests::bench::{self, Bench, MEASURES};

const HELP: &str = "bench [--only NAME[,NAME]] [--folder DIR] [--list]";

#[allow(clippy::print_stdout, clippy::print_stderr)] // a table for people is what it makes
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut only, mut folder) = (Vec::new(), None);
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(HELP);
        match argument.to_str() {
            Some(bench::CHILD) => return bench::run_child(arguments),
            Some("--only") => {
                only.extend(value()?.to_string_lossy().split(',').map(str::to_owned));
            }
            Some("--folder") => folder = Some(PathBuf::from(value()?)),
            Some("--list") => {
                MEASURES.iter().for_each(|(name, _)| println!("{name}"));
                return Ok(());
            }
            _ => return Err(HELP.into()),
        }
    }
    if let Some(unknown) = only.iter().find(|name| MEASURES.iter().all(|(known, _)| known != name)) {
        return Err(format!("nothing is called {unknown:?}; `bench --list` says what there is").into());
    }
    let temporary = match &folder {
        Some(folder) => tempfile::Builder::new().prefix("cartera-bench").tempdir_in(folder)?,
        None => tempfile::Builder::new().prefix("cartera-bench").tempdir()?,
    };
    let mut bench = Bench::new(temporary.path().to_owned());
    let mut rows = Vec::new();
    let mut failed = false;
    for (name, measure) in MEASURES {
        if only.is_empty() || only.iter().any(|wanted| wanted == name) {
            eprintln!("{name} ...");
            match measure(&mut bench) {
                Ok(mut more) => rows.append(&mut more),
                Err(error) => {
                    eprintln!("{name}: {error}");
                    failed = true;
                }
            }
        }
    }
    println!("{}\n{}", bench::machine(), bench::table(&rows));
    if failed { Err("not everything was measured".into()) } else { Ok(()) }
}
