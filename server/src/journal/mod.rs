//! The journal: what was decided about the workspace, kept apart from the database and its backups, so that a restore
//! from last week's backup does not let a stolen phone back in or bring an erased client back.
//!
//! Each decision is a line, written and on the disk before its transaction commits; the database remembers the number
//! of the last line that it holds. So what is behind that number is what a restored, or rolled back, database lacks:
//! it is done again before the relay answers anybody. A line names people, phones, territories and tokens; of a client
//! only the id.
//!
//! [`Act`] is what a line says, [`Journal`] the file.

mod act;
mod file;

pub use act::{Act, Bytes, Hex, Line, Text};
pub use file::{Journal, JournalError, read};
