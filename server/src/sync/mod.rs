//! Sync: what phones push and pull.

pub mod audience;
pub mod cursor;
pub mod group_commit;
pub mod receipt;
