//! Cartera's engine for other languages: thin objects by noun, immutable records, one error type.
//!
//! | object | what it is for |
//! |---|---|
//! | [`Cartera`] | an open database, and the way to all others |
//! | [`Enrolment`] | linking this device to a workspace |
//! | [`Today`] | what to do today and why; notices |
//! | [`Clients`] | the portfolio, profiles, conflicts, new clients, a client's story |
//! | [`Search`] | clients, notes, articles as somebody types; who is nearby; likely duplicates |
//! | [`Segments`] | sets of clients by a rule or by name; filters of the list |
//! | [`Visits`] | visits, other contacts, notes, tasks, the agenda |
//! | [`Catalogue`] | articles and what they cost a client |
//! | [`Orders`] | orders, direct sales and returns, and what became of them |
//! | [`Offers`] | usual basket, what is due, what is not bought any more, what to suggest |
//! | [`Sales`] | what clients bought, as the office has it |
//! | [`People`] | who works here, and the territories, by name |
//! | [`Attention`] | what somebody should look at; refused work |
//! | [`Sync`] | the network, and where work stands |
//! | [`Figures`] | what clients are worth, and how the month goes |
//! | [`Settings`] | what this device holds, how fresh it is, housekeeping |
//!
//! Every call is synchronous and none but [`Sync::now`] and [`Enrolment::enrol`] waits for the network. Calls may come
//! from any thread. Lists come in pages of at most [`PAGE_MAX`] rows. Whoever wants to hear of changes hands in a
//! listener: it is told the present state first, on a thread of its own, and is free to be slow or to fail.
//!
//! Nothing of the engine's own types crosses the border. Ids, dates and amounts are records of their own types, so that
//! no language can take one for another; no amount is a floating-point number.

// What the border is made of is generated code that the language's side calls by address.
#![allow(unsafe_code)]

mod attention;
mod catalogue;
mod clients;
mod codes;
mod enrolment;
mod error;
mod figures;
mod listen;
mod offers;
mod open;
mod orders;
mod parts;
mod people;
mod profile;
mod records;
mod relation;
mod sales;
mod search;
mod segments;
mod settings;
mod shared;
mod sync;
#[cfg(test)]
mod tests;
mod timeline;
mod today;
mod values;
mod visits;
mod words;

pub use attention::*;
pub use catalogue::*;
pub use clients::*;
pub use codes::*;
pub use enrolment::*;
pub use error::*;
pub use figures::*;
pub use listen::*;
pub use offers::*;
pub use open::*;
pub use orders::*;
pub use parts::*;
pub use people::*;
pub use profile::*;
pub use records::*;
pub use relation::*;
pub use sales::*;
pub use search::*;
pub use segments::*;
pub use settings::*;
pub use sync::*;
pub use timeline::*;
pub use today::*;
pub use values::*;
pub use visits::*;
pub use words::*;

/// Rows that a page has at most, whatever was asked.
pub const PAGE_MAX: u32 = 500;

uniffi::setup_scaffolding!();
