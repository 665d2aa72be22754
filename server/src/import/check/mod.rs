//! Check: from a row's cells to a typed record, with a [`Finding`](super::Finding) for each broken rule.
//!
//! A row with an error is set aside and the others go on; a sale's document is set aside whole. Nothing is mended
//! silently: what is changed on the way (an amount rounded to the currency's decimals) is a warning.

mod build;
mod catalogue;
mod cell;
mod client;
mod due;
mod office;
mod sales;
mod spend;

pub(super) use build::{Builder, Prepared};
pub(super) use cell::{key_of, read};
pub(super) use client::covered;
pub(super) use sales::Group;
