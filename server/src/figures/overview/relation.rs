//! How relations stand: data that are stale, portfolio modes, losses, renewals.

use cartera_core::metrics::losses::Lost;
use cartera_core::model::record::LossReason;
use serde_json::{Map, Value, json};

use super::super::json::{amount, ratio};
use super::super::text::Page;
use super::PortfolioOverview;

pub(super) fn text(page: &mut Page, of: &PortfolioOverview) {
    let overview = &of.overview;
    page.heading("figures-relation");
    let stale = page.share(overview.stale);
    page.line("figures-stale", &stale);
    for (mode, (clients, set)) in &overview.modes {
        let mut shown = page.count(*clients);
        if *set > 0 {
            shown = format!("{shown} ({} {})", page.words("figures-mode-set"), page.count(*set));
        }
        let name = format!("{}: {}", page.words("kind-mode_choice"), page.words(mode.text_id()));
        page.named(&name, &shown);
    }
    let renewals = page.share(overview.renewals.rate());
    page.line("figures-renewals", &renewals);
    for (currency, volumes) in &overview.renewals.volumes {
        page.currency = Some(*currency);
        let rate = page.told(overview.renewals.rate_in_money(*currency), |ratio| page.percent(ratio));
        let shown = format!(
            "{rate} ({} / {}; {} {})",
            page.money(volumes.kept as f64),
            page.money(volumes.due as f64),
            page.words("figures-renewed-for"),
            page.money(volumes.renewed as f64),
        );
        page.line("figures-renewals-money", &shown);
    }
    if !overview.losses_by_sector.is_empty() {
        page.heading("figures-losses");
    }
    for ((sector, reason), lost) in &overview.losses_by_sector {
        let name = page.or_none(sector.as_deref());
        loss(page, &name, *reason, lost);
    }
    for ((class, reason), lost) in &overview.losses_by_class {
        let name = format!("ABC {}", page.or_none(class.map(|class| class.as_str())));
        loss(page, &name, *reason, lost);
    }
}

fn loss(page: &mut Page, segment: &str, reason: LossReason, lost: &Lost) {
    let mut shown = page.count(lost.clients);
    for (currency, net) in &lost.net {
        page.currency = Some(*currency);
        shown = format!("{shown}   {}", page.money(*net as f64));
    }
    let name = format!("{segment}: {}", page.words(reason.text_id()));
    page.named(&name, &shown);
}

pub(super) fn json(of: &PortfolioOverview) -> Value {
    let overview = &of.overview;
    let modes = overview.modes.iter().map(|(mode, (clients, set))| {
        (mode.as_str().to_owned(), json!({ "clients": clients, "set_by_somebody": set }))
    });
    let volumes = overview.renewals.volumes.iter().map(|(currency, volumes)| {
        json!({
            "currency": currency.to_string(),
            "rate": ratio(overview.renewals.rate_in_money(*currency)),
            "due": amount(volumes.due),
            "kept": amount(volumes.kept),
            "renewed_for": amount(volumes.renewed),
        })
    });
    let by_sector = overview.losses_by_sector.iter().map(|((sector, reason), lost)| {
        let mut value = of_loss(*reason, lost);
        value["sector"] = sector.as_deref().into();
        value
    });
    let by_class = overview.losses_by_class.iter().map(|((class, reason), lost)| {
        let mut value = of_loss(*reason, lost);
        value["class"] = class.map(|class| class.as_str()).into();
        value
    });
    json!({
        "stale_contact_data": ratio(overview.stale),
        "modes": modes.collect::<Map<_, _>>(),
        "renewals": {
            "due": overview.renewals.due,
            "renewed": overview.renewals.renewed,
            "rate": ratio(overview.renewals.rate()),
            "volumes": volumes.collect::<Value>(),
        },
        "losses_by_sector": by_sector.collect::<Value>(),
        "losses_by_class": by_class.collect::<Value>(),
    })
}

fn of_loss(reason: LossReason, lost: &Lost) -> Value {
    let net = lost.net.iter().map(|(currency, net)| (currency.to_string(), amount(*net)));
    json!({ "reason": reason.as_str(), "clients": lost.clients, "net": net.collect::<Map<_, _>>() })
}
