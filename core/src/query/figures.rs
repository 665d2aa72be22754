//! What clients are worth, how they move, and whom to call first: the figures of `core/docs` on this device.
//!
//! Everything is as of a date that the caller gives, on a phone today's. What hangs on the whole base is as the relay
//! computed it; until that has come, those figures are withheld (`not_computed`).

use rusqlite::Connection;

use crate::metrics::Report;
use crate::metrics::client::ClientFigures;
use crate::model::{BusinessDate, ClientId, Currency};
use crate::portfolio::figures::Terms;
pub use crate::portfolio::life_cycle::{LifeCycle, Stage, Step};
use crate::rows::{self, sales};

/// Clients that a list of calls shows at most, whatever was asked.
pub const CALLS_MAX: usize = super::MAX_PAGE;

/// Somebody to call.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    pub name: String,
    /// In minor units of the currency that was asked for.
    pub at_stake: f64,
    pub figures: ClientFigures,
}

/// One client's figures; of one that was merged into another, the other's. `None` where it is not on this device.
pub fn of_client(
    conn: &Connection,
    client: &ClientId,
    as_of: BusinessDate,
) -> rows::Result<Option<ClientFigures>> {
    Terms::read(conn)?.client(conn, client, as_of)
}

/// Where a client stands in its life, and what would move it on. `None` where it is not on this device.
pub fn life_cycle(
    conn: &Connection,
    client: &ClientId,
    as_of: BusinessDate,
) -> rows::Result<Option<LifeCycle>> {
    crate::portfolio::life_cycle::of_client(conn, client, as_of)
}

/// Sums over all clients on this device, and the figures of each.
pub fn portfolio(conn: &Connection, as_of: BusinessDate) -> rows::Result<Report> {
    Terms::read(conn)?.report(conn, as_of)
}

/// Whom to call first, in one currency: those who missed their rhythm, the greatest value at stake first.
pub fn to_call(
    conn: &Connection,
    currency: Currency,
    as_of: BusinessDate,
    most: usize,
) -> rows::Result<Vec<Call>> {
    let report = portfolio(conn, as_of)?;
    let calls = report.to_call(currency, most.min(CALLS_MAX));
    let call = |(figures, at_stake): (&ClientFigures, f64)| {
        let name = sales::name_of(conn, &figures.client)?.unwrap_or_default();
        Ok(Call { name, at_stake, figures: figures.clone() })
    };
    calls.into_iter().map(call).collect()
}
