//! Fits and predictions of purchases on standard input, as JSON, for other people's programs to compare with.
//!
//! Input: lines `client,YYYY-MM-DD,cents`, by client, then date, each once. Arguments: the as-of date, and days to hold out.
#![allow(clippy::print_stdout, clippy::unwrap_used)] // a helper of a test suite

use std::io::Read;

use cartera_core::metrics::clv::{Clv, Horizon, Model};
use cartera_core::metrics::{Base, Day, Repeats, weeks};
use cartera_core::model::{BusinessDate, ClientId, Currency};
use serde_json::{Value, json};

/// Weeks ahead of the printed expectation.
const AHEAD_WEEKS: f64 = 26.0;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let as_of: BusinessDate = arguments.next().unwrap().parse().unwrap();
    let hold_out_days: u32 = arguments.next().unwrap().parse().unwrap();
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();

    let env = cartera_core::env::SystemEnv;
    let started = clock(&env);
    let base = read(&text, as_of);
    let read_ms = clock(&env) - started;
    let model = Model::fit(&base, hold_out_days);
    let fit_ms = clock(&env) - started - read_ms;
    let (events, spend) = (model.events.unwrap(), model.spend.unwrap());
    let horizon = Horizon { periods: 12, period_weeks: 4.345, discount: 0.01 };
    let mut clv = Clv::new(Ok((events, spend)), horizon);
    let summaries = base.iter().filter_map(|(_, purchases)| Repeats::of(purchases, base.as_of()));
    let predicted: Vec<(Repeats, f64)> =
        summaries.map(|client| (client, clv.of(&client).value.unwrap())).collect();
    let clv_ms = clock(&env) - started - read_ms - fit_ms;

    let clients: Vec<Value> = predicted
        .iter()
        .map(|(client, clv)| {
            json!({
                "x": client.count,
                "t_x": weeks(client.recency_days),
                "T": weeks(client.age_days),
                "net": client.net,
                "expected": events.expected(AHEAD_WEEKS, client),
                "alive": events.alive(client).ok(),
                "spend": spend.expected_spend(client).ok(),
                "clv": clv,
            })
        })
        .collect();
    let new = [1.0, 10.0, 52.0, 200.0].map(|t| events.expected_of_new(t));
    let probability = [0, 1, 5].map(|n| events.probability(n, AHEAD_WEEKS));
    let trial = |trial: Result<cartera_core::metrics::clv::Trial, _>| {
        trial.ok().map(|trial| json!({"model": trial.model_error, "naive": trial.naive_error}))
    };
    let found = json!({
        "events": {"r": events.r, "alpha": events.alpha, "a": events.a, "b": events.b},
        "spend": {"p": spend.p, "q": spend.q, "v": spend.v_minor / 100.0},
        "log_likelihood": events.log_likelihood(predicted.iter().map(|(client, _)| *client)),
        "new": new,
        "probability": probability,
        "trial_of_events": trial(model.trial_of_events),
        "trial_of_money": trial(model.trial_of_money),
        "took_ms": {"read": read_ms, "fit": fit_ms, "clv": clv_ms},
        "clients": clients,
    });
    println!("{found}");
}

fn clock(env: &dyn cartera_core::env::Env) -> i64 {
    env.now_ms()
}

fn read(text: &str, as_of: BusinessDate) -> Base {
    let first = text.lines().map(|line| line.split(',').nth(1).unwrap().parse().unwrap()).min().unwrap();
    let mut base = Base::new(Currency::USD, as_of, first);
    for line in text.lines() {
        let cells: Vec<&str> = line.split(',').collect();
        let [client, date, cents] = cells[..] else { panic!("a line has three cells") };
        let client = ClientId::from_bytes(u128::from(client.parse::<u64>().unwrap()).to_be_bytes());
        let net: i64 = cents.parse().unwrap();
        base.push(client, Day { date: date.parse().unwrap(), net, event: true }).unwrap();
    }
    base
}
