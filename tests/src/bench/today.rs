//! What to do today and why: the whole list of a rep on a phone, in both profiles.

use cartera_core::metrics::Report;
use cartera_core::model::BusinessDate;
use cartera_core::model::office::VisitPlan;
use cartera_core::portfolio::figures::Terms;
use cartera_core::portfolio::today;
use cartera_core::store::StoreError;

use super::figures::{TODAY, put, sales};
use super::meter::{quantiles, time_ms};
use super::{Bench, Failure, Row, device};

const TIMES: usize = 15;

/// The wide profile with 30 days of sales a client, the deep one with 300; every client has a visit every four weeks.
pub(super) fn list(bench: &mut Bench) -> Result<Vec<Row>, Failure> {
    let deep = super::deep::phone(bench)?;
    let wide = bench.wide_phone()?;
    let mut rows = Vec::new();
    for (what, goal, from, clients, days) in [
        ("wide", "<= 500 ms", wide.path(), wide.clients(), 30),
        ("deep", "", deep.0.as_path(), deep.1.as_slice(), 300),
    ] {
        // Others measure what is there: it stays as it is.
        let path = bench.folder.join(format!("today-{what}.db"));
        std::fs::copy(from, &path)?;
        let engine = device::open(&path)?;
        let store = engine.store();
        let day = |days: i32| BusinessDate::from_days(days).ok_or("a day of the calendar");
        for (n, some) in clients.chunks(500).enumerate() {
            store.write::<_, StoreError>(|tx| {
                some.iter().enumerate().try_for_each(|(m, id)| {
                    let number = n * 500 + m;
                    sales(tx, *id, number, days)?;
                    let from = BusinessDate::from_days(TODAY - 100 - (number % 28) as i32);
                    let weekday = 1 + (number % 5) as u8;
                    let rule = VisitPlan::new(from.unwrap_or(BusinessDate::MIN), 4, vec![weekday]);
                    put(tx, "visit_plan", &id.to_string(), Some(*id), rule.into())
                })
            })?;
        }
        store.checkpoint()?;
        let today = day(TODAY)?;
        let (mut lists, mut figures, mut found) = (Vec::new(), Vec::new(), (0, 0, 0));
        for _ in 0..TIMES {
            let (ms, listed) =
                time_ms(|| store.read::<_, StoreError>(|conn| Ok(today::list(conn, None, today)?)));
            let listed = listed?;
            let visits = listed.iter().filter(|entry| entry.visit.is_some()).count();
            found = (listed.len(), visits, listed.iter().map(|entry| entry.reasons.len()).sum());
            lists.push(ms);
            let (ms, report) = time_ms(|| {
                store.read::<_, StoreError>(|conn| {
                    let terms = Terms::read(conn)?;
                    Ok(Report::of(&terms.books(conn, today)?, terms.fit.as_ref(), &terms.plan))
                })
            });
            assert_eq!(report?.clients.len(), clients.len());
            figures.push(ms);
        }
        let ((median, p99), (bare, _)) = (quantiles(lists), quantiles(figures));
        rows.push(Row {
            what: format!("what to do today and why, the whole list on a phone ({what})"),
            goal,
            measured: format!("p50 {median:.0} ms, p99 {p99:.0} ms"),
            yardstick: format!(
                "figures of the same clients alone {bare:.0} ms; {:.1} x; {} clients on it, {} visits, {} reasons",
                median / bare,
                found.0,
                found.1,
                found.2
            ),
        });
    }
    Ok(rows)
}
