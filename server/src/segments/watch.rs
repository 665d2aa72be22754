//! Who enters or leaves a segment makes a task or a notice, where the segment says so.
//!
//! The relay looks once an hour ([`TIDY_EVERY`](crate::http::limits::TIDY_EVERY)), at each shared segment that asks for
//! it, if anything was written since or another day began, since what a rule says may turn with the calendar alone. It
//! reads who is in now, and notes what changed in commits of a bounded number of clients, each with what it makes: a
//! relay that is killed goes on where it was. The first look at a segment makes nothing, however many are in it, and
//! neither does the first after its rule, its list or its territory is another; who was in then is what later changes
//! are held against.

use cartera_core::env::random_bytes;

use crate::app::App;
use crate::figures::today;
use crate::storage::Result;
use crate::storage::segments::{Hand, Noted};

/// What a look at all watched segments came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Looked {
    /// Segments that were due.
    pub segments: u64,
    pub entered: u64,
    pub left: u64,
    /// Tasks and notices.
    pub made: u64,
    /// Segments whose rule this version cannot read.
    pub unreadable: u64,
}

/// Looks at every watched segment that is due.
pub fn look(app: &App) -> Result<Looked> {
    let mut watched = app.storage.shared_segments()?;
    watched.retain(|segment| segment.is_watched());
    app.storage.forget_unwatched(&watched)?;
    let today = today(app);
    let mut looked = Looked::default();
    for segment in &watched {
        if app.is_stopping() {
            break;
        }
        if !app.storage.segment_is_due(segment, today)? {
            continue;
        }
        let Ok(members) = app.storage.segment_members(segment, today)? else {
            looked.unreadable += 1;
            continue;
        };
        looked.segments += 1;
        loop {
            let hand = Hand { at_ms: app.env.now_ms(), new_actor: random_bytes(app.env.as_ref()) };
            let Noted { entered, left, made, more, begun } =
                app.storage.note_members(segment, &members, today, hand)?;
            if !begun {
                looked.entered += entered;
                looked.left += left;
                looked.made += made;
            }
            if !more || app.is_stopping() {
                break;
            }
        }
    }
    Ok(looked)
}
