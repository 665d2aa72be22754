//! What a person's devices may see.

use cartera_core::sync::wire::Scope;

use super::Person;
use crate::app::App;
use crate::storage::Result;

/// The scope as phones are told it. Somebody who left sees nothing.
pub fn scope(_app: &App, person: &Person) -> Result<Scope> {
    if person.left_ms.is_some() {
        return Ok(Scope { version: person.scope_version, ..Scope::default() });
    }
    Ok(Scope {
        version: person.scope_version,
        all: person.all_territories,
        territories: person.territories.clone().into(),
        ..Scope::default()
    })
}
