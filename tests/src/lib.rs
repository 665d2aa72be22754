//! What crosses crates: the measuring behind `bench`, and the simulated fleet.

pub mod bench;
pub mod sim;
