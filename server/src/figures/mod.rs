//! What the portfolio is worth, how it moves and where its risk sits, for whoever may see figures.

mod json;
mod text;
mod workbook;

use cartera_core::metrics::client::{ClientFigures, Computer, Known};
use cartera_core::metrics::parameters::{Parameters, Plan};
use cartera_core::metrics::{Base, Report};
use cartera_core::model::access::Action;
use cartera_core::model::{BusinessDate, ClientId};

use crate::app::App;
use crate::people::access::By;
use crate::refused::Refused;
use crate::storage::figures::Portfolio;

pub use json::{client_json, portfolio_json};
pub use text::{client_text, portfolio_text, summary_text};
pub use workbook::portfolio_workbook;

/// Clients to call first, at most.
pub const CALLS_SHOWN: usize = 10;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    pub as_of: BusinessDate,
    /// First day of complete sales; where nothing is stated, the first day of any.
    pub history_start: Option<BusinessDate>,
    pub plan: Plan,
}

/// All figures of the portfolio in one currency.
#[derive(Debug)]
pub struct OfCurrency {
    pub base: Base,
    pub report: Report,
    /// To call first: the client, its name, the value at stake in minor units.
    pub calls: Vec<(ClientFigures, String, f64)>,
}

/// All figures of the portfolio, by currency.
#[derive(Debug)]
pub struct PortfolioFigures {
    pub asked: Asked,
    /// Clients, those without a sale among them.
    pub clients: u64,
    pub currencies: Vec<OfCurrency>,
}

pub fn portfolio(app: &App, by: By, asked: Asked) -> Result<PortfolioFigures, Refused> {
    by.require(Action::ViewFigures)?;
    let Portfolio { bases, closures, clients } = app.storage.portfolio(asked.as_of, asked.history_start)?;
    let mut currencies = Vec::with_capacity(bases.len());
    for base in bases {
        let report = Report::of(&base, &asked.plan, &closures);
        let calls: Vec<_> =
            report.to_call(CALLS_SHOWN).into_iter().map(|(client, stake)| (client.clone(), stake)).collect();
        let ids: Vec<ClientId> = calls.iter().map(|(client, _)| client.client).collect();
        let names = app.storage.client_names(&ids)?;
        let named = calls.into_iter().zip(names);
        let calls = named.map(|((client, stake), name)| (client, name.unwrap_or_default(), stake)).collect();
        currencies.push(OfCurrency { base, report, calls });
    }
    Ok(PortfolioFigures { asked, clients, currencies })
}

/// One client's figures in one currency.
#[derive(Debug)]
pub struct OneClient {
    pub name: String,
    pub asked: Asked,
    pub by_currency: Vec<(Base, ClientFigures)>,
}

/// One client's figures, with what was computed on the whole base.
pub fn client(app: &App, by: By, client: ClientId, asked: Asked) -> Result<OneClient, Refused> {
    by.require(Action::ViewFigures)?;
    let name = app.storage.client_names(&[client])?.pop().flatten();
    let name = name.ok_or_else(|| Refused::unknown("client", client))?;
    let Portfolio { bases, closures, .. } = app.storage.portfolio(asked.as_of, asked.history_start)?;
    let closures = closures.get(&client).map_or(&[][..], Vec::as_slice);
    let known = Known { closures, ..Known::default() };
    let mut by_currency = Vec::new();
    for base in bases {
        let parameters = Parameters::of(&base, &asked.plan);
        let Some(purchases) = base.of(&client) else { continue };
        let figures = Computer::new(&base, &parameters, &asked.plan).of(client, purchases, known);
        by_currency.push((base, figures));
    }
    Ok(OneClient { name, asked, by_currency })
}
