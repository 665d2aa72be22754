//! What sales leave, for whoever may see costs.

use serde_json::{Value, json};

use super::super::json::{amount, figure, number, ratio};
use super::super::text::Page;
use super::PortfolioOverview;

pub(super) fn text(page: &mut Page, of: &PortfolioOverview) {
    for currency in of.overview.currencies.iter().filter(|currency| currency.margin.records > 0) {
        page.currency = Some(currency.currency);
        page.heading("figures-margin");
        let margin = currency.margin;
        let total = page.told(margin.total(), |minor| page.money(minor as f64));
        page.line("figures-margin-total", &total);
        let share = page.share(margin.share());
        page.line("figures-margin-share", &share);
        let so_far = page.told(margin.clv_per_client(), |minor| page.money(minor));
        page.line("figures-margin-so-far", &so_far);
        let to_come = page.told(currency.margin_to_come, |minor| page.money(minor));
        page.line("figures-margin-to-come", &to_come);
    }
}

pub(super) fn json(of: &PortfolioOverview) -> Value {
    let currencies = of.overview.currencies.iter().map(|currency| {
        let margin = currency.margin;
        json!({
            "currency": currency.currency.to_string(),
            "total": figure(margin.total(), amount),
            "share": ratio(margin.share()),
            "clients": margin.clients,
            "clv_so_far": number(margin.clv_per_client()),
            "clv_to_come": number(currency.margin_to_come),
        })
    });
    currencies.collect()
}
