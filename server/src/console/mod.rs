//! The console: what managers, the back office and administrators do in a browser.
//!
//! Pages are HTML from templates that lie beside the Rust that fills them: a noun's `page.rs` beside its `api.rs`, both
//! over the same use cases, so that a page has no rule of its own about who may do what. Here is what pages share: the
//! frame, the style, who reads and in which language, what may come from a form, and the headers of every answer.
//!
//! Everything works without a script; there is none.

pub(crate) mod assets;
pub(crate) mod chart;
pub(crate) mod field;
pub(crate) mod form;
pub(crate) mod guard;
mod home;
pub(crate) mod parts;
pub(crate) mod reader;
pub(crate) mod shell;
#[cfg(test)]
mod tests;
pub(crate) mod visitor;
pub(crate) mod words;

use axum::{Router, middleware};

use crate::app::App;
use crate::{attention, clients, data, export, figures, help, login, orders, people, settings, work};

/// Every page, and what they load.
pub(crate) fn routes(app: &App) -> Router<App> {
    let pages = Router::new()
        .merge(home::routes())
        .merge(login::page::routes())
        .merge(figures::page::routes())
        .merge(clients::page::routes())
        .merge(work::page::routes())
        .merge(orders::page::routes())
        .merge(attention::page::routes())
        .merge(people::page::routes())
        .merge(data::page::routes())
        .merge(settings::page::routes())
        .merge(export::page::routes())
        .merge(help::page::routes())
        .layer(middleware::from_fn_with_state(app.clone(), guard::guard));
    pages.merge(assets::routes())
}
