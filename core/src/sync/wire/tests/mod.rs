//! The messages as a whole: bytes pinned, sizes bounded, hostile bodies survived.

mod hostile;
mod pinned;
mod samples;
mod sizes;
