//! Movement, risk, reach and voice of the portfolio, a section a file: each as lines for people and as JSON.

mod coverage;
mod funnel;
mod margin;
mod movement;
mod payment;
mod relation;
mod spread;
mod voice;

use std::collections::BTreeMap;

use cartera_core::metrics::overview::Overview;
use cartera_core::metrics::{Figure, Ratio, Report};
use cartera_core::model::access::Action;
use cartera_core::model::{BusinessDate, ClientId, PersonId, TerritoryId};
use cartera_core::portfolio::overview::Named;
use cartera_core::rows::relations::People;
use cartera_core::strings::Language;
use serde_json::{Value, json};

use super::PortfolioFigures;
use super::text::Page;
use crate::app::App;
use crate::people::access::By;
use crate::people::sight::Sight;
use crate::refused::Refused;

/// Clients, families and overdue visits that are named, at most.
const NAMED_MAX: usize = 10;

/// The overview with the names of those it speaks of.
#[derive(Debug, Clone, PartialEq)]
pub struct PortfolioOverview {
    pub overview: Overview,
    pub answers_min: u64,
    people: People,
    clients: BTreeMap<ClientId, String>,
}

/// Of the clients whom the caller sees.
pub fn overview(app: &App, by: By, as_of: BusinessDate) -> Result<PortfolioOverview, Refused> {
    Ok(read(app, by, as_of)?.1)
}

/// The figures and the overview of the clients whom the caller sees, from one reading of one state.
pub fn with_figures(
    app: &App,
    by: By,
    as_of: BusinessDate,
) -> Result<(PortfolioFigures, PortfolioOverview), Refused> {
    let (report, overview) = read(app, by, as_of)?;
    Ok((super::named(app, report)?, overview))
}

fn read(app: &App, by: By, as_of: BusinessDate) -> Result<(Report, PortfolioOverview), Refused> {
    let part = Sight::of(app, by, Action::ViewFigures)?.part(app)?;
    let with_spend = by.require(Action::ViewCost).is_ok();
    let Named { overview, plan, relations, report } =
        app.storage.overview(part.as_ref(), as_of, with_spend)?;
    let people = relations.people;
    let ids: Vec<ClientId> = named(&overview).into_iter().collect();
    let briefs = app.storage.client_briefs(&ids)?;
    let clients = ids.into_iter().zip(briefs).filter_map(|(id, brief)| Some((id, brief?.name))).collect();
    Ok((report, PortfolioOverview { overview, answers_min: plan.answers_min, people, clients }))
}

/// Clients that are named.
fn named(overview: &Overview) -> std::collections::BTreeSet<ClientId> {
    use cartera_core::metrics::spread::Part;
    let mut found = std::collections::BTreeSet::new();
    for of in &overview.currencies {
        found.extend(of.falling.clients.iter().take(NAMED_MAX).map(|(client, _)| *client));
        found.extend(of.falling.families.iter().take(NAMED_MAX).map(|(_, change)| change.client));
        for (_, spread) in &of.spreads {
            let parts = spread.iter().flat_map(|spread| spread.parts.iter().take(NAMED_MAX));
            found.extend(parts.filter_map(|(part, _)| match part {
                Part::Client(client) => Some(*client),
                _ => None,
            }));
        }
    }
    found
}

impl PortfolioOverview {
    pub(crate) fn client(&self, id: &ClientId) -> String {
        self.clients.get(id).filter(|name| !name.is_empty()).cloned().unwrap_or_else(|| id.to_string())
    }

    pub(crate) fn person(&self, id: &PersonId) -> String {
        self.people.persons.get(id).map_or_else(|| id.to_string(), |person| person.name.clone())
    }

    pub(crate) fn territory(&self, id: &TerritoryId) -> String {
        self.people.territories.get(id).cloned().unwrap_or_else(|| id.to_string())
    }
}

/// As a person reads it.
pub fn overview_text(of: &PortfolioOverview, language: Language) -> String {
    let mut page = Page::new(language);
    movement::text(&mut page, of);
    margin::text(&mut page, of);
    spread::text(&mut page, of);
    coverage::text(&mut page, of);
    relation::text(&mut page, of);
    payment::text(&mut page, of);
    voice::text(&mut page, of);
    funnel::text(&mut page, of);
    page.out
}

/// For programs: as `portfolio_json` writes figures.
pub fn overview_json(of: &PortfolioOverview) -> Value {
    json!({
        "movement": movement::json(of),
        "margin": margin::json(of),
        "concentration": spread::json(of),
        "coverage": coverage::json(of),
        "relation": relation::json(of),
        "payment": payment::json(of),
        "voice": voice::json(of),
        "acquisition": funnel::json(of),
    })
}

impl Page {
    /// A share, and what it is of.
    fn share(&self, figure: Figure<Ratio>) -> String {
        self.show(figure, |ratio| {
            let (part, whole) = (self.decimal(ratio.part as f64, 0), self.decimal(ratio.whole as f64, 0));
            format!("{} ({part} / {whole})", self.percent(ratio))
        })
    }

    /// A name under its heading, or the word for what has none.
    fn or_none(&self, name: Option<&str>) -> String {
        name.map_or_else(|| self.words("figures-without"), str::to_owned)
    }

    /// By how many points a share moved.
    fn points(&self, moved: Figure<f64>) -> String {
        self.show(moved, |moved| {
            let sign = if moved >= 0.0 { "+" } else { "" };
            format!("{sign}{}", self.decimal(100.0 * moved, 1))
        })
    }
}
