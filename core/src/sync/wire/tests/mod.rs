//! The messages as a whole: bytes pinned, sizes bounded, hostile bodies survived.

mod hostile;
mod limits;
mod pinned;
mod samples;
mod sizes;
