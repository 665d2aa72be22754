//! Time, processor time and memory of this process and of others.

#[allow(clippy::disallowed_types)]
use std::time::Instant;

use rustix::time::{ClockId, clock_gettime};

/// What a piece of work took.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Took {
    pub(super) wall_ms: f64,
    /// Of all threads of this process: what counts where others use the machine too.
    pub(super) cpu_ms: f64,
}

/// Runs `work` and says what it took.
#[allow(clippy::disallowed_methods, clippy::disallowed_types)] // measuring is what this is for
pub(super) fn took<T>(work: impl FnOnce() -> T) -> (Took, T) {
    let (start, cpu) = (Instant::now(), cpu_ms());
    let value = work();
    (Took { wall_ms: start.elapsed().as_secs_f64() * 1e3, cpu_ms: cpu_ms() - cpu }, value)
}

impl std::ops::AddAssign for Took {
    fn add_assign(&mut self, more: Self) {
        self.wall_ms += more.wall_ms;
        self.cpu_ms += more.cpu_ms;
    }
}

/// Milliseconds that `work` took on the clock.
pub(super) fn time_ms<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let (took, value) = took(work);
    (took.wall_ms, value)
}

/// Processor time of this process so far.
pub(super) fn cpu_ms() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

/// Processor time of another process, in steps of 10 ms.
pub(super) fn cpu_of_ms(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // After the name, which may hold blanks: the 12th and 13th field, in hundredths of a second.
    let fields = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
    fields.split(' ').skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() * 10.0
}

/// The most memory that a process ever held, in MB.
pub(super) fn peak_mb(process: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1024.0
}

/// The middle and the 99th percentile.
pub(super) fn quantiles(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    (values[values.len() / 2], values[(values.len() * 99 / 100).min(values.len() - 1)])
}

/// The middle and the 99th percentile of `runs` measurements in milliseconds.
pub(super) fn distribution(runs: usize, mut work: impl FnMut(usize)) -> (f64, f64) {
    quantiles((0..runs).map(|run| time_ms(|| work(run)).0).collect())
}
