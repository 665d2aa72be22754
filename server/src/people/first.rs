//! The first administrator: somebody has to let the others in.

use super::access::By;
use super::manage::{self, NewPerson};
use super::{Person, Role};
use crate::app::App;
use crate::refused::Refused;

/// Makes an administrator if nobody is there yet; `None` if somebody is.
pub fn administrator(app: &App) -> Result<Option<Person>, Refused> {
    if !app.storage.people()?.is_empty() {
        return Ok(None);
    }
    let new = NewPerson {
        name: "Administrador".into(),
        role: Role::Administrator,
        all_territories: None,
        territories: Vec::new(),
    };
    Ok(manage::add(app, By::CONSOLE, &[new])?.pop())
}
