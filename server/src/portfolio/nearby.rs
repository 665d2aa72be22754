//! Who is close to a place.

use cartera_core::model::access::Action;
use cartera_core::portfolio::nearby::{Nearby, Point, WITHIN_M_MAX};

use crate::app::App;
use crate::people::access::By;
use crate::people::sight::Sight;
use crate::refused::Refused;

/// Clients of one answer, at most.
pub const NEARBY_MAX: usize = 500;

/// Open clients within so many metres, the nearest first.
pub fn clients(
    app: &App,
    by: By,
    around: Point,
    within_m: f64,
    limit: usize,
) -> Result<Vec<Nearby>, Refused> {
    let sight = Sight::of(app, by, Action::ViewClient)?;
    let within = |value: f64, most: f64| value.is_finite() && value.abs() <= most;
    if !within(around.latitude, 90.0) || !within(around.longitude, 180.0) {
        return Err(Refused::invalid("latitude", "latitude from -90 to 90 and longitude from -180 to 180"));
    }
    if !(within(within_m, WITHIN_M_MAX) && within_m >= 0.0) {
        return Err(Refused::invalid("within_m", format!("from 0 to {WITHIN_M_MAX} metres")));
    }
    let mut found = app.storage.nearby(around, within_m)?;
    let mut clients = found.iter().map(|nearby| nearby.client).collect();
    sight.keep_seen(app, &mut clients)?;
    found.retain(|nearby| clients.contains(&nearby.client));
    found.truncate(limit.min(NEARBY_MAX));
    Ok(found)
}
