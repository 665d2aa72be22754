//! What the portfolio is worth, how it moves and where its risk sits, for whoever may see figures.

pub(crate) mod api;
pub mod cross_sell;
mod json;
pub(crate) mod kept;
mod numbers;
pub mod overview;
pub(crate) mod page;
pub mod refit;
#[cfg(test)]
mod tests;
pub(crate) mod text;
mod workbook;

use cartera_core::metrics::client::ClientFigures;
use cartera_core::metrics::life_cycle::life_cycle;
use cartera_core::metrics::{CurrencyReport, Report};
use cartera_core::model::access::Action;
use cartera_core::model::{BusinessDate, ClientId};

use crate::app::App;
use crate::people::access::By;
use crate::people::sight::Sight;
use crate::refused::Refused;

pub use json::{client_json, portfolio_json};
pub(crate) use numbers::Numbers;
pub use text::{client_text, portfolio_text, summary_text};
pub use workbook::portfolio_workbook;

/// Clients to call first, at most.
pub const CALLS_SHOWN: usize = 10;

/// Somebody to call.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    pub figures: ClientFigures,
    pub name: String,
    /// In minor units.
    pub at_stake: f64,
}

/// All figures of the portfolio.
#[derive(Debug)]
pub struct PortfolioFigures {
    pub report: Report,
    /// To call first, for each of the report's currencies.
    pub calls: Vec<Vec<Call>>,
}

impl PortfolioFigures {
    /// Clients, those without a sale among them; merged ones count once.
    pub fn clients(&self) -> u64 {
        self.report.clients.len() as u64
    }

    pub(crate) fn currencies(&self) -> impl Iterator<Item = (&CurrencyReport, &[Call])> {
        self.report.currencies.iter().zip(self.calls.iter().map(Vec::as_slice))
    }
}

/// Clients in each stage of the life cycle, in the order of `Stage::ALL`.
pub(crate) fn stages(report: &Report) -> [u64; 4] {
    let mut counts = [0; 4];
    let stages = report.clients.iter().filter_map(|of| life_cycle(of, report.as_of).stage);
    stages.for_each(|stage| counts[stage as usize] += 1);
    counts
}

/// The day that it is at Greenwich.
pub fn today(app: &App) -> BusinessDate {
    let today = i32::try_from(app.env.now_ms().div_euclid(86_400_000)).ok();
    today.and_then(BusinessDate::from_days).unwrap_or(BusinessDate::MAX)
}

/// Of the clients whom the caller sees.
pub fn portfolio(app: &App, by: By, as_of: BusinessDate) -> Result<PortfolioFigures, Refused> {
    let part = Sight::of(app, by, Action::ViewFigures)?.part(app)?;
    named(app, app.storage.report(part.as_ref(), as_of)?)
}

/// With the names of those whom to call first.
fn named(app: &App, report: Report) -> Result<PortfolioFigures, Refused> {
    let mut calls = Vec::with_capacity(report.currencies.len());
    for of in &report.currencies {
        let found = report.to_call(of.currency, CALLS_SHOWN);
        let ids: Vec<ClientId> = found.iter().map(|(client, _)| client.client).collect();
        let briefs = app.storage.client_briefs(&ids)?;
        let named = found.into_iter().zip(briefs).map(|((figures, at_stake), brief)| Call {
            figures: figures.clone(),
            name: brief.unwrap_or_default().name,
            at_stake,
        });
        calls.push(named.collect());
    }
    Ok(PortfolioFigures { report, calls })
}

/// One client's figures.
#[derive(Debug)]
pub struct OneClient {
    pub name: String,
    pub as_of: BusinessDate,
    pub figures: ClientFigures,
}

/// Figures of a client whom the caller sees; of one that was merged into another, the other's.
pub fn client(app: &App, by: By, client: ClientId, as_of: BusinessDate) -> Result<OneClient, Refused> {
    let sight = Sight::of(app, by, Action::ViewFigures)?;
    let found = app.storage.client_figures(&client, as_of)?;
    let (name, figures) = found.ok_or_else(|| Refused::unknown("client", client))?;
    if !sight.sees(app, figures.client)? {
        return Err(Refused::unknown("client", client));
    }
    Ok(OneClient { name, as_of, figures })
}
