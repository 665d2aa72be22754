//! What was reported done is there after a kill: real processes, ended by SIGKILL at seeded places.
//!
//! A kill leaves what the operating system was given; it tries atomicity, recovery and the order of saying and doing.
//! That a commit also reaches the disk is a matter of settings, which the stores' own tests read back.

#![allow(clippy::unwrap_used)] // a test that cannot be set up has failed
#![cfg(unix)]

mod books;
mod compaction;
mod import;
mod phone;
mod process;
mod recovery;
mod refused;
mod relay;
mod relay_file;
mod sync;
