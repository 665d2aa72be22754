//! Figures for programs: every figure an object with `value` (null where there is none), `why` then, and `records`.
//!
//! Amounts are in minor units of the currency beside them.

use cartera_core::metrics::abc::Class;
use cartera_core::metrics::client::{ClientFigures, CurrencyFigures};
use cartera_core::metrics::clv::{Model, Trial};
use cartera_core::metrics::cohorts::Cohort;
use cartera_core::metrics::life_cycle::{Stage, Step, life_cycle};
use cartera_core::metrics::rfm::Scores;
use cartera_core::metrics::status::Status;
use cartera_core::metrics::{CurrencyReport, Figure, Ratio};
use cartera_core::model::BusinessDate;
use serde_json::{Map, Value, json};

use super::{Call, OneClient, PortfolioFigures, stages};

/// All figures of the portfolio; with those of every client where `each` says so.
pub fn portfolio_json(figures: &PortfolioFigures, each: bool) -> Value {
    let report = &figures.report;
    let currencies: Vec<Value> = figures.currencies().map(|(of, calls)| currency(of, calls)).collect();
    let mut found = json!({
        "as_of": report.as_of.to_string(),
        "history_start": report.history_start.map(|date| date.to_string()),
        "fitted": report.fitted.map(|(as_of, version)| {
            json!({ "as_of": as_of.to_string(), "version": version })
        }),
        "clients": report.clients.len(),
        "status": counts(Status::ALL.map(Status::as_str), &report.status),
        "life_cycle": counts(Stage::ALL.map(Stage::as_str), &stages(report)),
        "currencies": currencies,
    });
    if each {
        found["each"] = report.clients.iter().map(|of| client(of, report.as_of)).collect();
    }
    found
}

/// One client's figures.
pub fn client_json(figures: &OneClient) -> Value {
    let mut found = client(&figures.figures, figures.as_of);
    found["as_of"] = figures.as_of.to_string().into();
    found["name"] = figures.name.as_str().into();
    found
}

fn counts<'c>(codes: impl IntoIterator<Item = &'c str>, counts: &[u64]) -> Map<String, Value> {
    codes.into_iter().map(str::to_owned).zip(counts.iter().map(|count| Value::from(*count))).collect()
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

fn currency(report: &CurrencyReport, calls: &[Call]) -> Value {
    let cohort = |cohort: &Cohort| {
        let bought: Vec<Value> = (0..cohort.finished_months())
            .map(|months| cohort.cell(months).value.map_or(Value::Null, |cell| amount(cell.part)))
            .collect();
        json!({
            "month": cohort.month.first_day().map(|day| day.to_string()),
            "clients": cohort.size,
            "bought": bought,
        })
    };
    let segments: Vec<Value> = report
        .segments
        .iter()
        .map(|(code, clients, net)| json!({ "segment": code, "clients": clients, "net": amount(*net) }))
        .collect();
    let calls: Vec<Value> = calls
        .iter()
        .map(|Call { figures, name, at_stake }| {
            json!({ "client": figures.client.to_string(), "name": name, "at_stake": at_stake })
        })
        .collect();
    let retention = &report.retention;
    json!({
        "currency": report.currency.to_string(),
        "clients": report.clients,
        "net": amount(report.worth.net),
        "events": report.worth.events,
        "average_transaction": number(report.worth.average_transaction()),
        "events_per_client": number(report.worth.events_per_client()),
        "clv_so_far": number(report.worth.clv_per_client()),
        "clv_to_come": number(report.clv),
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
        "cohorts": figure(report.cohorts.clone(), |cohorts| cohorts.iter().map(cohort).collect()),
        "concentration": {
            "hhi": number(report.concentration.hhi()),
            "top_1": ratio(report.concentration.top(1)),
            "top_10": ratio(report.concentration.top(10)),
            "top_20_percent": ratio(report.concentration.top_percent(20)),
            "left_out": report.concentration.left_out,
        },
        "abc": counts(Class::ALL.map(Class::as_str), &report.classes),
        "without_class": report.without_class,
        "segments": segments,
        "model": report.parameters.map(|parameters| model(&parameters.model)),
        "to_call": calls,
    })
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

fn client(of: &ClientFigures, as_of: BusinessDate) -> Value {
    let life = life_cycle(of, as_of);
    json!({
        "client": of.client.to_string(),
        "status": of.status.as_str(),
        "life_cycle": {
            "stage": life.stage.map(Stage::as_str),
            "steps": life.steps.iter().map(step).collect::<Vec<_>>(),
            "purchases": life.purchases,
        },
        "first": of.first.map(|date| date.to_string()),
        "last": of.last.map(|date| date.to_string()),
        "rhythm": figure(of.rhythm, |rhythm| json!({
            "median_days": rhythm.median_gap.days(),
            "p90_days": rhythm.p90_days,
            "since_days": rhythm.since_days,
            "missed_slots": rhythm.missed_slots(),
            "is_missed": rhythm.is_missed(),
        })),
        "by_currency": of.by_currency.iter().map(|money| in_currency(of, money)).collect::<Vec<_>>(),
    })
}

/// What would move a client on.
fn step(step: &Step) -> Value {
    let mut found = json!({ "step": step.as_str() });
    match *step {
        Step::Purchases(count) => found["purchases"] = count.into(),
        Step::Until(day) => found["until"] = day.to_string().into(),
        Step::Volume { currency, lost } => {
            found["currency"] = currency.to_string().into();
            found["lost"] = amount(lost);
        }
        Step::FirstPurchase | Step::SecondPurchase | Step::Wake | Step::Rhythm | Step::Return => {}
    }
    found
}

fn in_currency(client: &ClientFigures, of: &CurrencyFigures) -> Value {
    json!({
        "currency": of.currency.to_string(),
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
        "at_stake": client.at_stake(of.currency),
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
