//! Figures against what is published, or was computed by others, of the CDNOW data set: unmoved, as shipped.

#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

mod data;
mod master;
mod relay;
mod sample;
