//! Rules of cross-sell on the whole base: found here alone, with what else hangs on it, and sent to phones.

use std::collections::BTreeMap;

use cartera_core::model::BusinessDate;
use cartera_core::model::access::Action;
use cartera_core::model::office::CrossSell;

use super::today;
use crate::app::App;
use crate::audit::{Actor, Deed, Subject};
use crate::people::access::By;
use crate::refused::Refused;
use crate::storage::{self, StorageError};

/// Finds them anew, as things stood at the end of a day, and writes them; gives them by the keys of their records.
pub fn refit(app: &App, by: By, as_of: BusinessDate) -> Result<BTreeMap<String, CrossSell>, Refused> {
    by.require(Action::RefitFigures)?;
    Ok(run(app, Some(by.actor), as_of)?)
}

/// The same by itself, as of today; gives the number of records.
pub(crate) fn publish(app: &App) -> storage::Result<usize> {
    Ok(run(app, None, today(app))?.len())
}

fn run(
    app: &App,
    actor: Option<Actor>,
    as_of: BusinessDate,
) -> Result<BTreeMap<String, CrossSell>, StorageError> {
    let found = app.storage.cross_sell_rules(as_of)?;
    let at_ms = app.env.now_ms();
    let rules: usize = found.values().map(|record| record.rules.len()).sum();
    let deed = actor.map(|actor| Deed {
        at_ms,
        actor,
        action: "cross_sell.refitted",
        subject: Subject::Workspace,
        detail: format!("{rules} rules as of {as_of}"),
    });
    app.storage.save_cross_sell(&found, at_ms, deed.as_ref())?;
    Ok(found)
}
