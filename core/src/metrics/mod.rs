//! What a portfolio is worth, how it moves, and where its risk sits.
//!
//! Pure: no clock, no input or output. Every figure takes its as-of date, is computed from integers in key order, and
//! says how many records stand behind it, or why it has no value ([`Figure`]). Money is in minor units of one currency;
//! a [`Base`] has one, so amounts of two currencies never meet. Float functions are those of `libm`, since the standard
//! library's differ between platforms in the last bit: so phone, relay and export show the same digits.
//!
//! What hangs on the whole base (fitted parameters, cuts, medians of classes) is computed on the relay and travels to
//! phones as office records of the kind `parameter`; a phone never derives it from its own clients.

pub mod abc;
pub mod acquisition;
mod base;
pub mod bgnbd;
mod books;
pub mod client;
pub mod clv;
pub mod cohorts;
pub mod concentration;
pub mod contact_data;
pub mod coverage;
pub mod cross_sell;
pub mod easter;
pub mod falling;
mod figure;
pub mod funnel;
pub mod gamma_gamma;
pub mod life_cycle;
pub mod lines;
pub mod losses;
pub mod margin;
mod maximum;
pub mod modes;
pub mod movement;
pub mod objectives;
pub mod overview;
pub mod parameters;
pub mod payment;
pub mod penetration;
pub mod records;
pub mod recovery;
pub mod renewals;
mod repeats;
mod report;
pub mod retention;
pub mod rfm;
pub mod rhythm;
mod special;
pub mod spread;
pub mod status;
#[cfg(test)]
mod testing;
pub mod value;
pub mod voice;
mod window;
pub mod work;

pub use base::{Base, Day, OutOfOrder, Purchases};
pub use books::{Books, Known};
pub use figure::{Figure, Ratio, Withheld};
pub use repeats::{Repeats, weeks};
pub use report::{CurrencyReport, Report};
pub use window::Window;
