//! What reps ask of their clients, for the office: today's list of a person, who is close by, likely duplicates, who is to
//! be visited, and what to offer a client. The same code on the same rows as on a phone (`core::portfolio`), for whoever may see it.

pub(crate) mod api;
pub mod coverage;
pub mod duplicates;
pub mod nearby;
pub mod offers;
#[cfg(test)]
mod tests;
pub mod today;
pub mod visit_plan;
