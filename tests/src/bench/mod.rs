//! Measurements beside a yardstick of the same run: a table that people read, never a test that fails.
//!
//! These machines are noisy, so every figure is a median (and a 99th percentile where that matters), and what counts
//! are ratios to a bare operation that was measured a moment before on the same disk and the same core, and processor
//! time beside the clock's.

mod child;
mod console;
mod deep;
mod device;
mod export;
mod export_memory;
mod figures;
mod first_sync;
mod ingest;
mod meter;
mod portfolio;
mod relay;
mod today;
mod traffic;

use std::path::PathBuf;

pub use child::{FLAG as CHILD, run as run_child};

type Failure = Box<dyn std::error::Error>;

/// One line of the table.
#[derive(Debug, Clone)]
pub struct Row {
    pub what: String,
    pub goal: &'static str,
    pub measured: String,
    /// The bare operation that it is compared with, and how many times that it takes.
    pub yardstick: String,
}

/// What measurements share: where they work, and what one of them made for those after it.
#[derive(Debug)]
pub struct Bench {
    pub folder: PathBuf,
    wide: Option<relay::Prepared>,
    deep: Option<relay::Prepared>,
    /// A phone's database with the wide portfolio.
    wide_phone: Option<device::Filled>,
}

/// A measurement and the name that `--only` knows it by.
type Measure = (&'static str, fn(&mut Bench) -> Result<Vec<Row>, Failure>);

/// In the order of the table in `architecture.md`.
pub const MEASURES: &[Measure] = &[
    ("log", device::log_visit),
    ("open", device::open_and_search),
    ("price", deep::price_of_an_article),
    ("offers", deep::offers_of_a_client),
    ("today", today::list),
    ("first-wide", first_sync::wide),
    ("first-deep", first_sync::deep),
    ("nothing", traffic::nothing_new),
    ("visit", traffic::one_visit),
    ("live", traffic::live),
    ("receive", device::receive),
    ("ingest", ingest::rate),
    ("relay-memory", ingest::memory),
    ("export", export::visits),
    ("export-memory", export_memory::million),
    ("phone-memory", device::memory),
    ("figures", figures::everybody),
    ("figures-one", figures::of_one),
    ("console", console::pages),
];

impl Bench {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, wide: None, deep: None, wide_phone: None }
    }
}

/// The table in Markdown.
pub fn table(rows: &[Row]) -> String {
    let mut text =
        String::from("| what | goal | measured | yardstick in the same run |\n|---|---|---|---|\n");
    for Row { what, goal, measured, yardstick } in rows {
        text.push_str(&format!("| {what} | {goal} | {measured} | {yardstick} |\n"));
    }
    text
}

/// On what it was measured, and when.
pub fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpus = read("/proc/cpuinfo");
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, |cores| cores.get());
    let load = read("/proc/loadavg");
    let today = jiff::Zoned::now().date();
    format!(
        "{today}; {} with {cores} cores; load {} before the last row.\n",
        model.trim_start_matches([' ', '\t', ':']),
        load.split(' ').next().unwrap_or_default(),
    )
}
