//! Rows made anew after an update of the program, while the relay goes on: see [`crate::storage::projection`].

use crate::app::App;
use crate::storage::Result;

/// Makes all rows anew that an older version of the program made, a bounded step at a time; stops early when told to, to
/// be called again. Gives of how many documents.
pub fn run(app: &App, stop: impl Fn() -> bool) -> Result<usize> {
    let Some(mut told) = app.storage.projecting()? else { return Ok(0) };
    tracing::info!(percent = told, "rows are being made anew: exports, figures and lists wait for it");
    let (mut documents, mut failed, mut after) = (0, 0, None);
    while !stop() {
        let step = app.storage.project(after.as_ref())?;
        documents += step.documents;
        failed += step.failed;
        after = step.after;
        match step.percent {
            None => {
                tracing::info!(documents, failed, "all rows are made by this version");
                break;
            }
            Some(percent) if percent >= told.saturating_add(TOLD_EVERY) => {
                told = percent;
                tracing::info!(percent, documents, "rows are being made anew");
            }
            Some(_) => {}
        }
    }
    Ok(documents)
}

/// Percent between two lines of the log.
const TOLD_EVERY: u8 = 10;

#[cfg(test)]
mod tests;
