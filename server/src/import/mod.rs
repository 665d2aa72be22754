//! Import of the office's files: read, map, check, report, apply.

pub mod date;
