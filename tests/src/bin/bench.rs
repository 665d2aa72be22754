//! `cargo run --release -p cartera-tests --bin bench [FOLDER]`: prints the table that `bench/RESULTS.md` records.

use cartera_tests::bench;

#[allow(clippy::print_stdout)] // a table for people is what it makes
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = match std::env::args_os().nth(1) {
        Some(folder) => tempfile::Builder::new().prefix("cartera-bench").tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    };
    let mut rows = bench::device::measure(folder.path())?;
    rows.append(&mut bench::relay::measure(folder.path())?);
    println!("{}", bench::table(&rows));
    Ok(())
}
