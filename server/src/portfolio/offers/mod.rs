//! What to offer one client: its usual basket, what is due, what it gave up, what clients like it buy.

mod body;
#[cfg(test)]
mod tests;
mod text;

use cartera_core::model::access::Action;
use cartera_core::model::{BusinessDate, ClientId};
use cartera_core::portfolio::offers::ClientOffers;

pub use body::OffersBody;
pub use text::text;

use crate::app::App;
use crate::people::access::By;
use crate::people::sight::Sight;
use crate::refused::Refused;

/// Items of one list, at most.
pub const LISTED_MAX: usize = 500;
/// As many as are shown, where nobody says.
pub const LISTED: usize = 50;

/// A client's offers, and its name.
#[derive(Debug, Clone, PartialEq)]
pub struct OneClient {
    pub name: String,
    pub as_of: BusinessDate,
    pub offers: ClientOffers,
}

/// Of a client whom the caller sees; of one that was merged into another, the other's. Each list has its first `limit`,
/// [`LISTED_MAX`] at most.
pub fn client(
    app: &App,
    by: By,
    client: ClientId,
    as_of: BusinessDate,
    limit: usize,
) -> Result<OneClient, Refused> {
    let sight = Sight::of(app, by, Action::ViewFigures)?;
    let unknown = || Refused::unknown("client", client);
    let found = app.storage.offers(&client, as_of, limit.min(LISTED_MAX))?;
    let (name, offers) = found.ok_or_else(unknown)?;
    if !sight.sees(app, offers.client)? {
        return Err(unknown());
    }
    Ok(OneClient { name, as_of, offers })
}
