//! Figures for programs: every figure an object with `value` (null where there is none), `why` then, and `records`.
//!
//! Amounts are in minor units of the currency beside them.

use cartera_core::metrics::abc::Class;
use cartera_core::metrics::client::ClientFigures;
use cartera_core::metrics::clv::{Model, Trial};
use cartera_core::metrics::rfm::Scores;
use cartera_core::metrics::status::Status;
use cartera_core::metrics::{Figure, Ratio};
use serde_json::{Map, Value, json};

use super::{OfCurrency, OneClient, PortfolioFigures};

/// All figures of the portfolio; with those of every client where `each` says so.
pub fn portfolio_json(figures: &PortfolioFigures, each: bool) -> Value {
    let currencies: Vec<Value> = figures.currencies.iter().map(|of| currency(of, each)).collect();
    json!({
        "as_of": figures.asked.as_of.to_string(),
        "clients": figures.clients,
        "currencies": currencies,
    })
}

/// One client's figures.
pub fn client_json(figures: &OneClient) -> Value {
    let by_currency: Vec<Value> = figures
        .by_currency
        .iter()
        .map(|(base, figures)| {
            let mut value = client(figures);
            value["currency"] = base.currency().to_string().into();
            value
        })
        .collect();
    json!({ "as_of": figures.asked.as_of.to_string(), "name": figures.name, "by_currency": by_currency })
}

pub(super) fn figure<T>(figure: Figure<T>, value: impl FnOnce(T) -> Value) -> Value {
    let records = figure.records;
    match figure.value {
        Ok(of) => json!({ "value": value(of), "records": records }),
        Err(why) => json!({ "value": null, "why": why.as_str(), "records": records }),
    }
}

pub(super) fn number(of: Figure<f64>) -> Value {
    figure(of, Value::from)
}

pub(super) fn ratio(of: Figure<Ratio>) -> Value {
    figure(of, |ratio| ratio.get().into())
}

/// Integers past 64 bits become floats: no portfolio has as much.
pub(super) fn amount(minor: i128) -> Value {
    i64::try_from(minor).map_or_else(|_| Value::from(minor as f64), Value::from)
}

fn currency(of: &OfCurrency, each: bool) -> Value {
    let OfCurrency { base, report, calls } = of;
    let counts = |codes: Vec<&str>, counts: &[u64]| {
        codes
            .into_iter()
            .map(str::to_owned)
            .zip(counts.iter().map(|count| Value::from(*count)))
            .collect::<Map<_, _>>()
    };
    let cohorts: Vec<Value> = report
        .cohorts
        .iter()
        .map(|cohort| {
            let bought: Vec<Value> = (0..cohort.finished_months())
                .map(|months| cohort.cell(months).value.map_or(Value::Null, |cell| amount(cell.part)))
                .collect();
            json!({
                "month": cohort.month.first_day().map(|day| day.to_string()),
                "clients": cohort.size,
                "bought": bought,
            })
        })
        .collect();
    let segments: Vec<Value> = report
        .segments
        .iter()
        .map(|(code, clients, net)| json!({ "segment": code, "clients": clients, "net": amount(*net) }))
        .collect();
    let calls: Vec<Value> = calls
        .iter()
        .map(|(figures, name, stake)| {
            json!({ "client": figures.client.to_string(), "name": name, "at_stake": stake })
        })
        .collect();
    let retention = &report.retention;
    let mut found = json!({
        "currency": base.currency().to_string(),
        "history_start": base.history_start().to_string(),
        "clients": base.len(),
        "net": amount(report.worth.net),
        "events": report.worth.events,
        "average_transaction": number(report.worth.average_transaction()),
        "events_per_client": number(report.worth.events_per_client()),
        "clv_so_far": number(report.worth.clv_per_client()),
        "clv_to_come": number(report.clv),
        "status": counts(Status::ALL.map(Status::as_str).to_vec(), &report.status),
        "repeat_rate": ratio(report.repeat_rate),
        "retention": figure(*retention, |found| json!({
            "clients": ratio(found.clients()),
            "money": ratio(found.money()),
            "churn": ratio(found.churn()),
            "kept": found.kept,
            "before": found.before,
            "won_back": found.won_back,
            "new": found.new,
        })),
        "cohorts": cohorts,
        "concentration": {
            "hhi": number(report.concentration.hhi()),
            "top_1": ratio(report.concentration.top(1)),
            "top_10": ratio(report.concentration.top(10)),
            "top_20_percent": ratio(report.concentration.top_percent(20)),
            "left_out": report.concentration.left_out,
        },
        "abc": counts(Class::ALL.map(Class::as_str).to_vec(), &report.classes),
        "without_class": report.without_class,
        "segments": segments,
        "model": model(&report.parameters.model),
        "to_call": calls,
    });
    if each {
        found["each"] = report.clients.iter().map(client).collect();
    }
    found
}

fn model(model: &Model) -> Value {
    let trial = |trial: Result<Trial, _>| {
        trial.ok().map(|trial| json!({ "model_error": trial.model_error, "naive_error": trial.naive_error }))
    };
    json!({
        "events": model.events.ok().map(|of| json!({ "r": of.r, "alpha": of.alpha, "a": of.a, "b": of.b })),
        "spend": model.spend.ok().map(|of| json!({ "p": of.p, "q": of.q, "v": of.v_minor })),
        "trial_of_events": trial(model.trial_of_events),
        "trial_of_money": trial(model.trial_of_money),
        "withheld": model.money().err().map(|why| why.as_str()),
        "clients": model.clients,
        "spenders": model.spenders,
    })
}

fn client(of: &ClientFigures) -> Value {
    json!({
        "client": of.client.to_string(),
        "status": of.status.as_str(),
        "last": of.last.map(|date| date.to_string()),
        "net": amount(of.worth.net),
        "events": of.worth.events,
        "duration_days": of.worth.duration_days,
        "average_transaction": number(of.worth.average_transaction()),
        "frequency_per_day": number(of.worth.frequency_per_day()),
        "class": figure(of.class, |class| class.as_str().into()),
        "rfm": figure(of.rfm, scores),
        "alive": number(of.alive),
        "expected_events": number(of.expected),
        "clv_to_come": number(of.clv),
        "falling": figure(of.falling, |change| json!({
            "ratio": change.ratio.get(),
            "is_falling": change.is_falling(),
        })),
        "rhythm": figure(of.rhythm, |rhythm| json!({
            "median_days": rhythm.median_gap.days(),
            "p90_days": rhythm.p90_days,
            "since_days": rhythm.since_days,
            "missed_slots": rhythm.missed_slots(),
            "is_missed": rhythm.is_missed(),
        })),
    })
}

fn scores(scores: Scores) -> Value {
    json!({
        "recency": scores.recency,
        "frequency": scores.frequency,
        "monetary": scores.monetary,
        "segment": scores.segment(),
    })
}
