//! Concentration by fiscal group, region, family, rep, and of open credit.

use cartera_core::metrics::spread::{Part, Spread};
use serde_json::{Map, Value, json};

use super::super::json::{amount, number, ratio};
use super::super::text::Page;
use super::{NAMED_MAX, PortfolioOverview};

/// Parts that a line of text names.
const SHOWN: usize = 3;

pub(super) fn text(page: &mut Page, of: &PortfolioOverview) {
    for currency in &of.overview.currencies {
        page.currency = Some(currency.currency);
        page.heading("figures-concentration");
        for (dimension, spread) in &currency.spreads {
            let name = page.words(&format!("dimension-{}", dimension.as_str()));
            let spread = match spread {
                Ok(spread) => spread,
                Err(why) => {
                    let why = page.why(*why);
                    page.named(&name, &why);
                    continue;
                }
            };
            let (top, moved) = spread.top(1);
            let (hhi, _) = spread.hhi();
            let shares = format!(
                "{} ({})   HHI {}",
                page.told(top, |ratio| page.percent(ratio)),
                page.points(moved),
                page.told(hhi, |hhi| page.decimal(hhi, 0)),
            );
            page.named(&name, &shares);
            for (part, amount) in spread.parts.iter().take(SHOWN) {
                let shown = page.money(*amount as f64);
                page.named(&format!("  {}", part_name(of, part)), &shown);
            }
            if spread.now.parts() > 0 {
                let left =
                    spread.now.total() - spread.parts.first().map_or(0, |(_, amount)| i128::from(*amount));
                let left = page.money(left as f64);
                page.line("figures-without-first", &left);
                let left_out = page.count(spread.clients_left_out);
                page.line("figures-left-out", &left_out);
            }
        }
    }
}

fn part_name(of: &PortfolioOverview, part: &Part) -> String {
    match part {
        Part::Client(client) => of.client(client),
        Part::Person(person) => of.person(person),
        Part::Name(name) => name.clone(),
    }
}

pub(super) fn json(of: &PortfolioOverview) -> Value {
    let currencies = of.overview.currencies.iter().map(|currency| {
        let mut value: Map<String, Value> = currency
            .spreads
            .iter()
            .map(|(dimension, spread)| {
                let told = match spread {
                    Ok(spread) => of_spread(of, spread),
                    Err(why) => json!({ "value": null, "why": why.as_str() }),
                };
                (dimension.as_str().to_owned(), told)
            })
            .collect();
        value.insert("currency".into(), currency.currency.to_string().into());
        Value::Object(value)
    });
    currencies.collect()
}

fn of_spread(of: &PortfolioOverview, spread: &Spread) -> Value {
    let top = |n| {
        let (now, moved) = spread.top(n);
        json!({ "now": ratio(now), "moved": number(moved) })
    };
    let (hhi, hhi_moved) = spread.hhi();
    let parts = spread
        .parts
        .iter()
        .take(NAMED_MAX)
        .map(|(part, net)| json!({ "part": part_name(of, part), "amount": net }));
    json!({
        "top_1": top(1),
        "top_5": top(5),
        "top_10": top(10),
        "hhi": { "now": number(hhi), "moved": number(hhi_moved) },
        "without_first": ratio(spread.without_first()),
        "total": amount(spread.now.total()),
        "parts": spread.now.parts(),
        "greatest": parts.collect::<Value>(),
        "clients": spread.clients,
        "clients_left_out": spread.clients_left_out,
        "unassigned": amount(spread.unassigned),
    })
}
