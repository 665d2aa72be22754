//! `cartera-relay demo`: a real customer base and a day's work, on this machine.

pub mod cdnow;
pub mod files;
pub mod names;
