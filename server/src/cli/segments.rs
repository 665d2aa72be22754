//! `segments`: shared segments, and the clients of one.

use std::io::Write;

use cartera_core::model::BusinessDate;
use cartera_core::portfolio::segments::Which;
use clap::Args;

use super::CliError;
use super::words::{say, shown};
use crate::app::App;
use crate::figures;
use crate::people::access::By;
use crate::segments::{self, PAGE_MAX};

#[derive(Debug, Args)]
pub(super) struct Segments {
    /// The system that wrote the segment, and its key there; without them, all segments are listed
    #[arg(requires = "key")]
    source: Option<String>,
    key: Option<String>,
    /// As things stood at the end of this day, YYYY-MM-DD; otherwise today
    #[arg(long, value_name = "DATE")]
    as_of: Option<BusinessDate>,
}

impl Segments {
    pub(super) fn run(self, app: &App, out: &mut dyn Write) -> Result<(), CliError> {
        let as_of = self.as_of.unwrap_or_else(|| figures::today(app));
        let (Some(source), Some(key)) = (self.source, self.key) else {
            for segment in segments::list(app, By::CONSOLE)? {
                let Which::Shared { source, key } = segment.which else { continue };
                let filter = segment.filter.unwrap_or_default();
                let args = [
                    ("source", shown(source)),
                    ("key", shown(key)),
                    ("name", shown(segment.name)),
                    ("rule", shown(filter)),
                    ("named", shown(segment.clients.len())),
                ];
                say(out, "segment-listed", &args)?;
            }
            return Ok(());
        };
        let members = segments::members(app, By::CONSOLE, &source, &key, as_of)?;
        let args = [("name", shown(&members.segment.name)), ("count", members.clients.len().into())];
        say(out, "segment-clients", &args)?;
        let mut after = None;
        loop {
            let place = after.as_ref().map(|(name, client): &(String, _)| (name.as_str(), *client));
            let page = segments::page(app, &members, place, PAGE_MAX)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some((last.name.clone(), last.client));
            for client in page {
                let code = client.erp_code.unwrap_or_default();
                writeln!(out, "{}  {}  {code}", client.client, client.name)?;
            }
        }
    }
}
