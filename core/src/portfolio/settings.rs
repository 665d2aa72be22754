//! How a workspace wants its figures: settings, each an office record that phone and relay read alike.
//!
//! | name | what it says | unless it says otherwise |
//! |---|---|---|
//! | `sales_source` | `office`: what it has invoiced; `purchases`: what reps log | `office` |
//! | `history_start` | first day of complete sales | the first day of any, when the relay last looked at all |
//! | `status_rule` | `rhythm`: by each client's own; `fixed`: 90 and 180 days | `rhythm` |
//! | `retention_months` | length of the windows of retention | 12 |
//! | `value_months` | how far ABC and RFM look back; 0: over the whole history | 12 |
//! | `discount_basis_points` | what waiting a month for money costs, in hundredths of a per cent | 100 |
//! | `nps_answers_min` | fewer answers show no percentage | 30 |
//! | `visit_days_a`, `_b`, `_c` | days within which clients of a class are to be visited | 15, 30, 60 |
//! | `cross_sell_clients_min` | clients that have to buy both things of a rule of cross-sell | 5 |
//! | `cross_sell_support_percent` | the same, per cent of all that are compared | 2 |
//! | `cross_sell_lift_percent` | 100 times the lift that such a rule needs; 100: as by chance | 120 |
//! | `visit_weeks_a`, `_b`, `_c` | every how many weeks a class is to be visited in the visit plan that follows from classes; 0: not at all | 1, 2, 4 |
//! | `align_easter` | 1: a window near Easter is compared with the days near the Easter before; 0: with the same weeks | 1 |
//!
//! What says something that this version does not understand says nothing.

use rusqlite::Connection;

use crate::metrics::clv::Horizon;
use crate::metrics::cross_sell;
use crate::metrics::parameters::{Plan, StatusBy};
use crate::metrics::status::Thresholds;
use crate::model::profile::Scalar;
use crate::rows::{self, office};

pub use crate::rows::relations::office::{ALIGN_EASTER, NPS_ANSWERS_MIN, VISIT_DAYS};
pub use crate::rows::sales::SALES_SOURCE;

pub const HISTORY_START: &str = "history_start";
pub const STATUS_RULE: &str = "status_rule";
pub const RETENTION_MONTHS: &str = "retention_months";
pub const VALUE_MONTHS: &str = "value_months";
pub const DISCOUNT_BASIS_POINTS: &str = "discount_basis_points";
pub const CROSS_SELL_CLIENTS_MIN: &str = "cross_sell_clients_min";
pub const CROSS_SELL_SUPPORT_PERCENT: &str = "cross_sell_support_percent";
pub const CROSS_SELL_LIFT_PERCENT: &str = "cross_sell_lift_percent";

/// Words of the setting [`STATUS_RULE`].
pub const STATUS_RULES: [&str; 2] = [RHYTHM, FIXED];
const RHYTHM: &str = "rhythm";
const FIXED: &str = "fixed";

/// Months that a window of retention or of value may have.
pub const MONTHS_MAX: u16 = 120;

/// A whole number within bounds.
fn number(conn: &Connection, name: &str, (min, max): (u32, u32)) -> rows::Result<Option<u32>> {
    let said = match office::setting(conn, name)? {
        Some(Scalar::Int(number)) => u32::try_from(number).ok(),
        _ => None,
    };
    Ok(said.filter(|number| (min..=max).contains(number)))
}

/// From which number, support and lift on the workspace wants a rule of cross-sell.
pub fn cross_sell(conn: &Connection) -> rows::Result<cross_sell::Plan> {
    let default = cross_sell::Plan::default();
    Ok(cross_sell::Plan {
        clients_min: number(conn, CROSS_SELL_CLIENTS_MIN, (1, u32::MAX))?.unwrap_or(default.clients_min),
        support_percent: number(conn, CROSS_SELL_SUPPORT_PERCENT, (0, 100))?
            .unwrap_or(default.support_percent),
        lift_percent: number(conn, CROSS_SELL_LIFT_PERCENT, (0, u32::MAX))?.unwrap_or(default.lift_percent),
    })
}

/// How the workspace wants its figures.
pub fn plan(conn: &Connection) -> rows::Result<Plan> {
    let default = Plan::default();
    let text = |name| -> rows::Result<Option<String>> {
        let said = office::setting(conn, name)?;
        Ok(match said {
            Some(Scalar::Text(text)) => Some(text),
            _ => None,
        })
    };
    let number = |name, min, max| number(conn, name, (min, max));
    let months_max = u32::from(MONTHS_MAX);
    let value_months = number(VALUE_MONTHS, 0, months_max)?;
    let discount = number(DISCOUNT_BASIS_POINTS, 0, 10_000)?.map(|points| f64::from(points) / 10_000.0);
    let horizon = Horizon { discount: discount.unwrap_or(default.horizon.discount), ..default.horizon };
    Ok(Plan {
        history_start: text(HISTORY_START)?.and_then(|date| date.parse().ok()),
        status: match text(STATUS_RULE)?.as_deref() {
            Some(FIXED) => StatusBy::Fixed(Thresholds::FIXED),
            _ => StatusBy::Rhythm,
        },
        retention_months: number(RETENTION_MONTHS, 1, months_max)?.unwrap_or(default.retention_months),
        value_months: match value_months {
            None => default.value_months,
            Some(0) => None,
            some => some,
        },
        horizon,
        nps_answers_min: number(NPS_ANSWERS_MIN, 1, u32::MAX)?.unwrap_or(default.nps_answers_min),
        ..default
    })
}
