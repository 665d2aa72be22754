//! Data in a browser (*Datos*): what goes out and comes in, programs' tokens, backups, and who did what.

pub(crate) mod page;
