//! How clients pay, and what is overdue.

use cartera_core::metrics::payment::AGES_FROM_DAYS;
use serde_json::{Value, json};

use super::super::json::{amount, figure, number};
use super::super::text::Page;
use super::PortfolioOverview;

pub(super) fn text(page: &mut Page, of: &PortfolioOverview) {
    for currency in &of.overview.currencies {
        let payment = &currency.payment;
        page.currency = Some(currency.currency);
        page.heading("figures-payment");
        let to_pay = page.told(payment.to_pay.days(), |days| page.decimal(days, 1));
        page.line("figures-days-to-pay", &to_pay);
        let late = page.told(payment.late.days(), |days| page.decimal(days, 1));
        page.line("figures-days-late", &late);
        let open = page.told(payment.open(), |minor| page.money(minor as f64));
        page.line("figures-open", &open);
        let overdue = page.told(payment.overdue(), |minor| page.money(minor as f64));
        page.line("figures-overdue", &overdue);
        let age = page.told(payment.overdue_age.days(), |days| page.decimal(days, 1));
        page.line("figures-overdue-age", &age);
        if payment.overdue != 0 {
            for (name, minor) in ages().zip(payment.by_age) {
                let minor = page.money(minor as f64);
                page.named(&format!("  {name}"), &minor);
            }
        }
        if payment.returned > 0 {
            let returned = page.count(payment.returned);
            page.line("figures-returned", &returned);
        }
    }
}

/// `1-30`, and so on; the last one has no end.
fn ages() -> impl Iterator<Item = String> {
    AGES_FROM_DAYS.iter().enumerate().map(|(place, from)| match AGES_FROM_DAYS.get(place + 1) {
        Some(next) => format!("{from}-{}", next - 1),
        None => format!("{from}+"),
    })
}

pub(super) fn json(of: &PortfolioOverview) -> Value {
    let currencies = of.overview.currencies.iter().map(|currency| {
        let payment = &currency.payment;
        let by_age =
            ages().zip(payment.by_age).map(|(days, minor)| json!({ "days": days, "amount": amount(minor) }));
        json!({
            "currency": currency.currency.to_string(),
            "days_to_pay": number(payment.to_pay.days()),
            "days_late": number(payment.late.days()),
            "open": figure(payment.open(), amount),
            "overdue": figure(payment.overdue(), amount),
            "overdue_days": number(payment.overdue_age.days()),
            "overdue_by_age": by_age.collect::<Value>(),
            "returned": payment.returned,
        })
    });
    currencies.collect()
}
