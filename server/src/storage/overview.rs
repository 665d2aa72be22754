//! Figures that need more than days of sales.

use cartera_core::model::BusinessDate;
use cartera_core::portfolio::overview::Named;

use super::Result;

pub trait Overviews {
    /// As of a day; `with_spend` where who asks may see what winning clients costs.
    fn overview(&self, as_of: BusinessDate, with_spend: bool) -> Result<Named>;
}
