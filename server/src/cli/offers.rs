//! `offers`: what to offer a client.

use std::io::{self, Write};

use cartera_core::model::{BusinessDate, ClientId};
use cartera_core::strings::Language;
use clap::Args;

use super::{CliError, language};
use crate::app::App;
use crate::figures;
use crate::people::access::By;
use crate::portfolio::offers::{self, LISTED, OffersBody};
use crate::projection;

#[derive(Debug, Args)]
pub(super) struct Offers {
    /// Whom to offer it
    #[arg(long, value_name = "ID")]
    client: ClientId,
    /// As things stood at the end of this day, YYYY-MM-DD; otherwise today
    #[arg(long, value_name = "DATE")]
    as_of: Option<BusinessDate>,
    /// Items of each list, 500 at most
    #[arg(long, value_name = "COUNT", default_value_t = LISTED)]
    limit: usize,
    /// For programs
    #[arg(long)]
    json: bool,
    /// es or en; otherwise what LANG says
    #[arg(long)]
    language: Option<Language>,
}

impl Offers {
    pub(super) fn run(self, app: &App, out: &mut dyn Write) -> Result<(), CliError> {
        projection::run(app, || false)?;
        let as_of = self.as_of.unwrap_or_else(|| figures::today(app));
        let found = offers::client(app, By::CONSOLE, self.client, as_of, self.limit)?;
        if self.json {
            let body = serde_json::to_string(&OffersBody::from(found)).map_err(io::Error::other)?;
            writeln!(out, "{body}")?;
        } else {
            write!(out, "{}", offers::text(&found, language(self.language)))?;
        }
        Ok(())
    }
}
