//! From rows to what people ask of their portfolio; phone and relay run the same code on the same tables.

pub mod coverage;
pub mod duplicates;
pub mod figures;
pub mod life_cycle;
pub mod nearby;
pub mod offers;
pub mod overview;
pub mod recovery;
pub mod segments;
pub mod settings;
#[cfg(test)]
mod testing;
pub mod today;
pub mod visit_plan;
