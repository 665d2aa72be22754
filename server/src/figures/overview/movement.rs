//! Movement of sales, objectives, falling volume.

use cartera_core::metrics::movement::{Movement, Period};
use cartera_core::metrics::objectives::Achieved;
use cartera_core::metrics::overview::OfCurrency;
use cartera_core::model::office::Measure;
use cartera_core::rows::relations::Target;
use cartera_core::rows::relations::lines::QUANTITY_PLACES;
use serde_json::{Map, Value, json};

use super::super::json::{amount, figure, ratio};
use super::super::text::Page;
use super::{NAMED_MAX, PortfolioOverview};

/// The period by which reps and families are shown to people.
const SHOWN: Period = Period::TwelveMonths;

pub(super) fn text(page: &mut Page, of: &PortfolioOverview) {
    for currency in &of.overview.currencies {
        page.currency = Some(currency.currency);
        page.heading("figures-sales");
        for (period, movement) in &currency.movement {
            let name = page.words(&format!("period-{}", period.as_str()));
            line(page, &name, movement);
        }
        page.heading("figures-by-month");
        for (month, movement) in &currency.months {
            line(page, &month.to_string()[..7], movement);
        }
        page.heading("figures-by-rep");
        for (_, by) in currency.by_rep.iter().filter(|(period, _)| *period == SHOWN) {
            for (rep, movement) in by {
                let name = page.or_none(rep.map(|rep| of.person(&rep)).as_deref());
                line(page, &name, movement);
            }
        }
        page.heading("figures-by-family");
        for (_, by) in currency.by_family.iter().filter(|(period, _)| *period == SHOWN) {
            for (family, movement) in by {
                let name = page.or_none(family.as_deref());
                line(page, &name, movement);
            }
        }
        falling(page, of, currency);
    }
    if !of.overview.objectives.is_empty() {
        page.heading("figures-objectives");
    }
    for (target, achieved) in &of.overview.objectives {
        let name = objective_name(page, of, target);
        let shown = objective(page, target, achieved);
        page.named(&name, &shown);
    }
}

fn line(page: &mut Page, name: &str, movement: &Movement) {
    let now = page.show(movement.now, |minor| page.money(minor as f64));
    let records = page.count(movement.now.records);
    let change = page.told(movement.change, |ratio| page.percent(ratio));
    page.named(name, &format!("{now:>20} [{records}]   {change}"));
}

fn falling(page: &mut Page, of: &PortfolioOverview, currency: &OfCurrency) {
    page.heading("figures-falling-clients");
    let falling = &currency.falling;
    let clients = format!("{} / {}", page.count(falling.clients.len() as u64), page.count(falling.compared));
    page.line("figures-falling-count", &clients);
    for (client, change) in falling.clients.iter().take(NAMED_MAX) {
        let shown = format!("{} (-{})", page.percent(change.ratio), page.money(change.lost() as f64));
        page.named(&of.client(client), &shown);
    }
    let families =
        format!("{} / {}", page.count(falling.families.len() as u64), page.count(falling.families_compared));
    page.line("figures-falling-families", &families);
    for (family, change) in falling.families.iter().take(NAMED_MAX) {
        let name = format!("{}: {}", of.client(&change.client), page.or_none(family.as_deref()));
        let revenue = page.told(change.revenue, |change| page.percent(change.ratio));
        let units = page.told(change.units, |change| page.percent(change.ratio));
        let shown = format!("{revenue}; {}: {units}", page.words("measure-units"));
        page.named(&name, &shown);
    }
}

fn objective_name(page: &Page, of: &PortfolioOverview, target: &Target) -> String {
    let asked = &target.objective;
    let mut parts = vec![page.words(asked.measure.text_id())];
    parts.extend(asked.person.map(|person| of.person(&person)));
    parts.extend(target.territory.map(|territory| of.territory(&territory)));
    parts.extend(target.client.map(|client| of.client(&client)));
    parts.extend(asked.family.clone());
    parts.push(format!("{}..{}", asked.from, asked.to));
    parts.join(", ")
}

fn objective(page: &Page, target: &Target, of: &Achieved) -> String {
    let shown = |value: i128| match (target.objective.amount, target.objective.measure) {
        (Some(asked), _) => {
            let places = asked.currency.exponent().unwrap_or(0);
            let whole = value as f64 / (0..places).fold(1.0, |scale, _| scale * 10.0);
            format!("{} {}", page.decimal(whole, places as usize), asked.currency)
        }
        (None, Measure::Units) => page.decimal(units(value), 0),
        (None, _) => page.decimal(value as f64, 0),
    };
    let achieved = page.show(of.achieved, shown);
    let ratio = page.told(of.ratio(), |ratio| page.percent(ratio));
    let pace = of.pace().map_or_else(String::new, |pace| page.percent(pace));
    format!("{achieved} / {}: {ratio} ({} {pace})", shown(of.target), page.words("figures-pace"))
}

/// Steps of a unit as units.
fn units(steps: i128) -> f64 {
    steps as f64 / (0..QUANTITY_PLACES).fold(1.0, |scale, _| scale * 10.0)
}

pub(super) fn json(of: &PortfolioOverview) -> Value {
    let currencies = of.overview.currencies.iter().map(|currency| {
        let periods = currency.movement.iter().map(|(period, of)| (period.as_str().to_owned(), movement(of)));
        let months = currency.months.iter().map(|(month, of)| {
            let mut value = movement(of);
            value["month"] = month.to_string()[..7].into();
            value
        });
        let by_rep = currency.by_rep.iter().map(|(period, by)| {
            let reps = by.iter().map(|(rep, moved)| {
                let mut value = movement(moved);
                value["rep"] = rep.map(|rep| rep.to_string()).into();
                value["name"] = rep.map(|rep| of.person(&rep)).into();
                value
            });
            (period.as_str().to_owned(), reps.collect::<Value>())
        });
        let by_family = currency.by_family.iter().map(|(period, by)| {
            let families = by.iter().map(|(family, of)| {
                let mut value = movement(of);
                value["family"] = family.as_deref().into();
                value
            });
            (period.as_str().to_owned(), families.collect::<Value>())
        });
        json!({
            "currency": currency.currency.to_string(),
            "periods": periods.collect::<Map<_, _>>(),
            "months": months.collect::<Value>(),
            "by_rep": by_rep.collect::<Map<_, _>>(),
            "by_family": by_family.collect::<Map<_, _>>(),
            "falling": falling_json(currency),
        })
    });
    let objectives = of.overview.objectives.iter().map(|(target, achieved)| {
        let asked = &target.objective;
        json!({
            "key": target.key,
            "measure": asked.measure.as_str(),
            "from": asked.from.to_string(),
            "to": asked.to.to_string(),
            "person": asked.person.map(|id| id.to_string()),
            "territory": target.territory.map(|id| id.to_string()),
            "client": target.client.map(|id| id.to_string()),
            "family": asked.family,
            "unit": asked.unit,
            "currency": asked.amount.map(|amount| amount.currency.to_string()),
            "target": quantity(asked.measure, achieved.target),
            "achieved": figure(achieved.achieved, |of| quantity(asked.measure, of)),
            "ratio": ratio(achieved.ratio()),
            "pace": achieved.pace().map(|pace| pace.get()),
        })
    });
    json!({ "currencies": currencies.collect::<Value>(), "objectives": objectives.collect::<Value>() })
}

fn quantity(measure: Measure, value: i128) -> Value {
    if measure == Measure::Units { units(value).into() } else { amount(value) }
}

fn movement(of: &Movement) -> Value {
    json!({
        "now": figure(of.now, amount),
        "year_before": figure(of.before, amount),
        "change": ratio(of.change),
    })
}

fn falling_json(of: &OfCurrency) -> Value {
    let falling = &of.falling;
    let clients = falling.clients.iter().map(|(client, change)| {
        json!({
            "client": client.to_string(),
            "ratio": change.ratio.get(),
            "lost": amount(change.lost()),
        })
    });
    let families = falling.families.iter().map(|(family, change)| {
        json!({
            "client": change.client.to_string(),
            "family": family,
            "revenue": figure(change.revenue, |of| of.ratio.get().into()),
            "units": figure(change.units, |of| of.ratio.get().into()),
        })
    });
    json!({
        "compared": falling.compared,
        "clients": clients.collect::<Value>(),
        "families_compared": falling.families_compared,
        "families": families.collect::<Value>(),
    })
}
