//! A client's page: all that is known of it, and the choice between values on which people differ.

use cartera_core::env::random_bytes;
use cartera_core::model::access::{Action, Reach};
use cartera_core::model::{BusinessDate, ClientId};
use cartera_core::query::timeline::PageKey;

use super::deed;
use crate::app::App;
use crate::audit::Actor;
use crate::figures::{self, OneClient};
use crate::people::access::By;
use crate::refused::Refused;
use crate::storage::profiles::{Choice, Chosen, ClientProfile};

/// Entries of the story that are given at once.
pub const STORY_PAGE: usize = 20;

/// A client's profile and its figures; of one that was merged into another, the figures are the other's.
pub fn read(
    app: &App,
    by: By,
    client: ClientId,
    as_of: BusinessDate,
    after: Option<PageKey>,
) -> Result<(ClientProfile, OneClient), Refused> {
    by.require(Action::ViewClient)?;
    let figures = figures::client(app, by, client, as_of)?;
    // One more than is shown tells whether there is more.
    let profile = app.storage.client_profile(client, (after, STORY_PAGE + 1))?;
    Ok((profile.ok_or_else(|| Refused::unknown("client", client))?, figures))
}

/// Keeps one of the values of a field and takes the others away, for everybody; as whoever asks. `op` names the value as
/// the page did, so that nothing is chosen that its reader did not see.
pub fn choose(app: &App, by: By, client: ClientId, key: &str, op: &str) -> Result<u64, Refused> {
    by.require(Action::EditProfile)?;
    let Actor::Person(person) = by.actor else { return Err(Refused::Forbidden(Action::EditProfile)) };
    let at_ms = app.env.now_ms();
    let new_actor = random_bytes(app.env.as_ref());
    let choice = Choice { client, key, op, by: person, at_ms, new_actor };
    let may_owned = by.reach(Action::EditOwnedField) == Reach::All;
    let deed = deed(by, at_ms, "client.value_chosen", client, key.to_owned());
    match app.storage.choose_value(choice, may_owned, &deed)? {
        Chosen::Done(number) => Ok(number),
        Chosen::UnknownClient => Err(Refused::unknown("client", client)),
        Chosen::Gone => Err(Refused::Conflict("that value is not there any more: look again".into())),
        Chosen::Owned => Err(Refused::Forbidden(Action::EditOwnedField)),
    }
}
