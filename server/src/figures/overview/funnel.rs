//! Winning clients: what it costs, the funnel of leads, penetration by region.

use std::collections::BTreeMap;

use cartera_core::metrics::funnel::{AGES_FROM_DAYS, Count, Stage};
use serde_json::{Map, Value, json};

use super::super::json::{amount, figure, number, ratio};
use super::super::text::Page;
use super::{NAMED_MAX, PortfolioOverview};

pub(super) fn text(page: &mut Page, of: &PortfolioOverview) {
    let overview = &of.overview;
    page.heading("figures-acquisition");
    let new = page.told(overview.new_clients, |new| page.count(new));
    page.line("figures-new-clients", &new);
    for currency in overview.currencies.iter().filter(|currency| currency.spend.is_some()) {
        page.currency = Some(currency.currency);
        let cac = page.told(currency.cac, |minor| page.money(minor));
        page.line("figures-cac", &cac);
    }
    let leads = page.count(overview.funnel.leads.len() as u64);
    page.line("figures-leads", &leads);
    let conversion = page.share(overview.funnel.conversion());
    page.line("figures-conversion", &conversion);
    for (source, count) in &of.overview.leads_by_source {
        let name = page.or_none(source.as_deref());
        leads_line(page, &name, count);
    }
    page.heading("figures-penetration");
    for region in overview.regions.iter().take(NAMED_MAX) {
        let known = page.share(region.of_known());
        let all = page.share(region.of_all());
        let words =
            (page.words("figures-of-known"), page.words("figures-of-census"), page.words("figures-room"));
        let room = page.count(region.room());
        page.named(&region.name, &format!("{} {known}; {} {all}; {} {room}", words.0, words.1, words.2));
    }
}

fn leads_line(page: &mut Page, name: &str, count: &Count) {
    let stages =
        Stage::ALL.iter().zip(count.by_stage).filter(|(_, count)| *count > 0).map(|(stage, count)| {
            format!("{} {}", page.words(&format!("stage-{}", stage.as_str())), page.count(count))
        });
    let stages = stages.collect::<Vec<_>>().join(", ");
    let age = page.told(count.mean_age(), |age| page.decimal(age.get(), 0));
    let shown = format!("{}: {stages} ({} {age})", page.count(count.leads), page.words("figures-mean-age"));
    page.named(&format!("  {name}"), &shown);
}

pub(super) fn json(of: &PortfolioOverview) -> Value {
    let overview = &of.overview;
    let currencies = overview.currencies.iter().map(|currency| {
        json!({
            "currency": currency.currency.to_string(),
            "spend": currency.spend.map(|(minor, _)| amount(minor)),
            "spend_records": currency.spend.map_or(0, |(_, records)| records),
            "cac": number(currency.cac),
        })
    });
    let regions = overview.regions.iter().map(|region| {
        json!({
            "region": region.name,
            "known": region.known,
            "buying": region.buying,
            "establishments": region.establishments,
            "of_known": ratio(region.of_known()),
            "of_all": ratio(region.of_all()),
            "room": region.room(),
        })
    });
    let by = |counts: &BTreeMap<Option<String>, Count>, name: &str| {
        let counts = counts.iter().map(|(key, count)| {
            let mut value = of_count(count);
            value[name] = key.as_deref().into();
            value
        });
        counts.collect::<Value>()
    };
    json!({
        "new_clients": figure(overview.new_clients, Value::from),
        "currencies": currencies.collect::<Value>(),
        "leads": overview.funnel.leads.len(),
        "won": overview.funnel.won,
        "lost": overview.funnel.lost,
        "conversion": ratio(overview.funnel.conversion()),
        "leads_by_source": by(&overview.leads_by_source, "source"),
        "leads_by_region": by(&overview.leads_by_region, "region"),
        "regions": regions.collect::<Value>(),
    })
}

fn of_count(count: &Count) -> Value {
    let stages = Stage::ALL.iter().zip(count.by_stage);
    let stages = stages.map(|(stage, count)| (stage.as_str().to_owned(), Value::from(count)));
    let ages = AGES_FROM_DAYS
        .iter()
        .zip(count.by_age)
        .map(|(from, leads)| json!({ "from_days": from, "leads": leads }));
    json!({
        "leads": count.leads,
        "stages": stages.collect::<Map<_, _>>(),
        "ages": ages.collect::<Value>(),
        "mean_age_days": ratio(count.mean_age()),
    })
}
