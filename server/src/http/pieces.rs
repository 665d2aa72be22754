//! Answers that are streamed.

use axum::body::{Body, Bytes};
use futures_util::stream;

use super::problem::Problem;
use crate::app::App;

/// Pieces are read when the reader has taken the one before: a slow one holds no thread, no connection of the store, and
/// one piece of memory. A failure breaks the answer off, which every HTTP client notices.
pub(crate) fn pieces<T, E, N>(app: App, source: T, next: N) -> Body
where
    T: Send + 'static,
    E: Send + 'static,
    N: Fn(&mut T, &App) -> Result<Option<Vec<u8>>, E> + Copy + Send + 'static,
    Problem: From<E>,
{
    Body::from_stream(stream::try_unfold((app, source), move |(app, mut source)| async move {
        let piece = app.run(move |app| Ok::<_, E>((next(&mut source, app)?, source)));
        match piece.await {
            Ok((Some(bytes), source)) => Ok(Some((Bytes::from(bytes), (app, source)))),
            Ok((None, _)) => Ok(None),
            Err(problem) => Err(std::io::Error::other(problem.code)),
        }
    }))
}
