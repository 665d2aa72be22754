//! The bridge from a request to a use case: use cases are synchronous and wait for the disk, so they run on
//! threads that may wait. A bounded number at one time, the others in the order in which they came, so that a
//! thousand phones that return at once are served fairly and in bounded memory.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::problem::Problem;
use crate::app::App;

/// The turnstile; one per router.
#[derive(Debug, Clone)]
pub struct UseCases(Arc<Semaphore>);

impl UseCases {
    pub(crate) fn new(at_one_time: usize) -> Self {
        Self(Arc::new(Semaphore::new(at_one_time)))
    }
}

impl App {
    /// Runs a use case and gives back what it answers. It goes on to its end even if the caller hangs up: what
    /// it commits is committed.
    pub async fn run<T, E>(
        &self,
        use_case: impl FnOnce(&App) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Problem>
    where
        T: Send + 'static,
        E: Into<Problem>,
    {
        let Ok(turn) = Arc::clone(&self.use_cases.0).acquire_owned().await else {
            return Err(Problem::internal()); // the semaphore is never closed
        };
        let app = self.clone();
        let span = tracing::Span::current();
        let work = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            // The error is turned into a problem here: errors of the store need not be `Send`.
            span.in_scope(|| use_case(&app).map_err(Into::into))
        });
        match work.await {
            Ok(answer) => answer,
            Err(failed) => {
                app_panicked(self, &failed);
                Err(Problem::internal())
            }
        }
    }
}

fn app_panicked(app: &App, failed: &tokio::task::JoinError) {
    app.metrics.panics.inc();
    // The panic's own text may quote data; where it happened is in the process's standard error.
    tracing::error!(code = "panic", cancelled = failed.is_cancelled(), "a use case panicked");
}
