//! Measurements beside a yardstick of the same run: a table that people read, never a test that fails.
//!
//! These machines are noisy, so every figure is a median (and a 99th percentile where that matters), and what counts
//! are ratios to a bare operation that was measured a moment before on the same disk and the same core.

pub mod device;
pub mod portfolio;
pub mod relay;

#[allow(clippy::disallowed_types)]
use std::time::Instant;

/// One line of the table.
#[derive(Debug, Clone)]
pub struct Row {
    pub what: &'static str,
    pub measured: String,
    pub goal: &'static str,
    /// The bare operation that it is compared with, and how many times that it takes.
    pub yardstick: String,
}

/// Milliseconds that `work` took.
#[allow(clippy::disallowed_methods, clippy::disallowed_types)] // measuring is what this is for
pub fn time_ms<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let value = work();
    (start.elapsed().as_secs_f64() * 1e3, value)
}

/// The middle and the 99th percentile of `runs` measurements in milliseconds.
pub fn distribution(runs: usize, mut work: impl FnMut(usize)) -> (f64, f64) {
    quantiles((0..runs).map(|run| time_ms(|| work(run)).0).collect())
}

/// The middle and the 99th percentile.
pub fn quantiles(mut times: Vec<f64>) -> (f64, f64) {
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times[(times.len() * 99 / 100).min(times.len() - 1)])
}

/// The table in Markdown.
pub fn table(rows: &[Row]) -> String {
    let mut text =
        String::from("| what | measured | goal | yardstick in the same run |\n|---|---|---|---|\n");
    for row in rows {
        text.push_str(&format!("| {} | {} | {} | {} |\n", row.what, row.measured, row.goal, row.yardstick));
    }
    text
}
