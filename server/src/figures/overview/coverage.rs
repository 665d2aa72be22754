//! Coverage, planned and done, and what visits bring.

use cartera_core::metrics::work::{Work, total};
use cartera_core::metrics::{Figure, Ratio};
use serde_json::{Map, Value, json};

use super::super::json::ratio;
use super::super::text::Page;
use super::PortfolioOverview;

pub(super) fn text(page: &mut Page, of: &PortfolioOverview) {
    let overview = &of.overview;
    page.heading("figures-coverage");
    let covered = page.share(overview.coverage.clients());
    page.line("figures-covered", &covered);
    for currency in &overview.currencies {
        let name = format!("{} ({})", page.words("figures-covered-weighted"), currency.currency);
        let weighted = page.told(currency.coverage, |ratio| page.percent(ratio));
        page.named(&name, &weighted);
    }
    let left_out = page.count(overview.coverage.left_out);
    page.line("figures-no-interval", &left_out);
    for (rep, done) in &overview.plan_done {
        let who = page.or_none(rep.map(|rep| of.person(&rep)).as_deref());
        let name = format!("{}: {who}", page.words("figures-plan-done"));
        let shown = page.share(done.ratio());
        page.named(&name, &shown);
    }
    let overdue = page.count(overview.coverage.overdue().count() as u64);
    page.line("figures-overdue-visits", &overdue);
    for (rep, count) in overview.coverage.overdue_by(|due| due.rep) {
        let who = page.or_none(rep.map(|rep| of.person(&rep)).as_deref());
        let count = page.count(count);
        page.named(&format!("  {who}"), &count);
    }
    for (territory, count) in overview.coverage.overdue_by(|due| due.territory) {
        let which = page.or_none(territory.map(|id| of.territory(&id)).as_deref());
        let count = page.count(count);
        page.named(&format!("  {which}"), &count);
    }

    page.heading("figures-work");
    let all = total(&overview.work);
    let effectiveness = page.share(all.effectiveness());
    page.line("figures-effectiveness", &effectiveness);
    let one = |page: &Page, figure: Figure<Ratio>| page.told(figure, |ratio| page.decimal(ratio.get(), 1));
    let per_day = one(page, all.visits_per_day());
    page.line("figures-visits-per-day", &per_day);
    let lines = one(page, all.lines_per_order());
    page.line("figures-lines-per-order", &lines);
    for (reason, count) in &all.reasons {
        let count = page.count(*count);
        page.line(reason.text_id(), &count);
    }
    if all.without_reason > 0 {
        let count = page.count(all.without_reason);
        page.line("figures-without-reason", &count);
    }
}

pub(super) fn json(of: &PortfolioOverview) -> Value {
    let overview = &of.overview;
    let weighted = overview.currencies.iter().map(
        |currency| json!({ "currency": currency.currency.to_string(), "share": ratio(currency.coverage) }),
    );
    let planned = overview.plan_done.iter().map(|(rep, done)| {
        json!({
            "rep": rep.map(|rep| rep.to_string()),
            "name": rep.map(|rep| of.person(&rep)),
            "planned": done.planned,
            "done": done.done,
            "share": ratio(done.ratio()),
        })
    });
    let by_rep = overview.coverage.overdue_by(|due| due.rep).into_iter().map(|(rep, count)| {
        json!({ "rep": rep.map(|id| id.to_string()), "name": rep.map(|id| of.person(&id)), "clients": count })
    });
    let by_territory = overview.coverage.overdue_by(|due| due.territory).into_iter().map(|(id, count)| {
        json!({
            "territory": id.map(|id| id.to_string()),
            "name": id.map(|id| of.territory(&id)),
            "clients": count,
        })
    });
    let work = overview.work.iter().map(|(person, work)| {
        let mut value = of_work(work);
        value["person"] = person.map(|id| id.to_string()).into();
        value["name"] = person.map(|id| of.person(&id)).into();
        value
    });
    json!({
        "clients": ratio(overview.coverage.clients()),
        "weighted": weighted.collect::<Value>(),
        "without_interval": overview.coverage.left_out,
        "planned": planned.collect::<Value>(),
        "overdue": overview.coverage.overdue().count(),
        "overdue_by_rep": by_rep.collect::<Value>(),
        "overdue_by_territory": by_territory.collect::<Value>(),
        "work": of_work(&total(&overview.work)),
        "work_by_person": work.collect::<Value>(),
    })
}

fn of_work(work: &Work) -> Value {
    let reasons =
        work.reasons.iter().map(|(reason, count)| (reason.as_str().to_owned(), Value::from(*count)));
    json!({
        "visits": work.visits,
        "effectiveness": ratio(work.effectiveness()),
        "reasons": reasons.collect::<Map<_, _>>(),
        "without_reason": work.without_reason,
        "visits_per_day": ratio(work.visits_per_day()),
        "lines_per_order": ratio(work.lines_per_order()),
    })
}
