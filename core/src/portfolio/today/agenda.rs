//! What the agenda and the profiles say of today: visits planned by hand, tasks, next steps, agreements, dates.

use rusqlite::{Connection, params};

use super::{AGREEMENT_DAYS, DATE_DAYS, Found, Why};
use crate::model::limits::NOTICE_DAYS_MAX;
use crate::model::profile::{DateField, Key, Value};
use crate::model::record::{Body, Kind, Record};
use crate::model::{BusinessDate, ClientId, RecordId};
use crate::rows::plan::{self, Calendar, Kept, OVERDUE_DAYS, Rule};
use crate::rows::{self, aliases::Aliases, client};

pub(super) fn read(
    conn: &Connection,
    calendar: &Calendar,
    rules: &[Rule],
    found: &mut Found<'_>,
    today: BusinessDate,
) -> rows::Result<()> {
    let aliases = Aliases::read(conn)?;
    planned(conn, calendar, rules, &aliases, found, today)?;
    dates(conn, &aliases, found, today)
}

fn planned(
    conn: &Connection,
    calendar: &Calendar,
    rules: &[Rule],
    aliases: &Aliases,
    found: &mut Found<'_>,
    today: BusinessDate,
) -> rows::Result<()> {
    let sql =
        "SELECT g.date, g.what, r.root, r.kind, r.value, c.id, c.doc, c.territory, c.last_visit, c.closed
               FROM agenda g JOIN records r ON r.record = g.record JOIN clients c ON c.doc = g.doc
               WHERE (g.date >= ?1 OR g.what = 'task') AND g.date <= ?2 AND r.shown = 1";
    let from = today.days().saturating_sub(OVERDUE_DAYS);
    let to = today.days().saturating_add(NOTICE_DAYS_MAX as i32);
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![from, to])?;
    while let Some(row) = rows.next()? {
        let Some(on) = BusinessDate::from_days(row.get(0)?) else { continue };
        let what = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?.to_owned();
        let record: RecordId = row.get(2)?;
        let Some(kind) = row.get_ref(3)?.as_str().ok().and_then(Kind::parse) else { continue };
        let value = row.get_ref(4)?.as_blob().map_err(rusqlite::Error::from)?;
        let Ok(Record { body, .. }) = Record::decode(kind, value) else { continue };
        let own = Kept::read(row, 5)?;
        let kept = match aliases.kept_of(own.client) {
            client if client == own.client => Some(own),
            client => plan::kept(conn, client)?,
        };
        let Some(Kept { client, territory, last_visit, closed, .. }) = kept else { continue };
        let visited_since = last_visit.is_some_and(|visit| visit >= on);
        let (why, stake) = match (what.as_str(), body) {
            ("visit", Body::Visit(visit)) if on < today && !visited_since && !closed => {
                let (moved, territory) = (visit.plan.as_ref(), territory.as_ref());
                if !found.concerns(&plan::who_makes_up(calendar, rules, moved, territory, today)) {
                    continue;
                }
                (Why::Overdue { on, key: visit.plan, record: Some(record) }, found.weeks(client, 1))
            }
            ("next_step", Body::Visit(visit)) if on <= today && !visited_since => (
                Why::NextStep { record, what: visit.next.map(|next| next.what).unwrap_or_default(), on },
                None,
            ),
            ("next_step", Body::Contact(contact)) if on <= today && !visited_since => (
                Why::NextStep { record, what: contact.next.map(|next| next.what).unwrap_or_default(), on },
                None,
            ),
            ("task", Body::Task(task)) if on <= today && found.concerns(task.assigned_to.as_slice()) => {
                (Why::Task { record, what: task.what.unwrap_or_default(), due_on: on }, None)
            }
            ("agreement", Body::Agreement(agreement)) => {
                let notice = agreement.notice_days.and_then(|days| i32::try_from(days).ok()).unwrap_or(0);
                let in_days = on.days() - today.days();
                if in_days > AGREEMENT_DAYS.max(notice) || in_days < -AGREEMENT_DAYS {
                    continue;
                }
                (Why::AgreementEnds { record, title: agreement.title, until: on }, agreement.volume)
            }
            _ => continue,
        };
        found.add(client, why, stake);
    }
    Ok(())
}

/// Dates worth remembering within the next days, this year's where they come again.
fn dates(
    conn: &Connection,
    aliases: &Aliases,
    found: &mut Found<'_>,
    today: BusinessDate,
) -> rows::Result<()> {
    let sql = "SELECT DISTINCT f.doc, f.key, c.id FROM fields f JOIN clients c ON c.doc = f.doc
               WHERE f.live = 1 AND f.key > 'date/' AND f.key < 'date0' AND f.key LIKE '%/on' AND c.closed = 0
               ORDER BY f.doc, f.key";
    let mut statement = conn.prepare_cached(sql)?;
    let keys: Vec<(i64, String, ClientId)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (doc, key, client) in keys {
        let Some(Key::Date(id, DateField::On)) = Key::parse(&key) else { continue };
        let field = |field| client::field(conn, doc, &Key::Date(id, field));
        let Some(Value::Date(on)) = field(DateField::On)? else { continue };
        let says = |value: Option<Value>| value == Some(Value::Bool(true));
        if says(field(DateField::Removed)?) {
            continue;
        }
        let yearly = says(field(DateField::Yearly)?);
        if let Some(on) = next(on, yearly, today).filter(|on| on.days() - today.days() <= DATE_DAYS) {
            let what = match field(DateField::What)? {
                Some(Value::Text(what)) => what,
                _ => String::new(),
            };
            found.add(aliases.kept_of(client), Why::Date { id: id.to_string(), what, on }, None);
        }
    }
    Ok(())
}

/// When the date comes next, today included. The 29th of February is the 28th where there is none.
fn next(on: BusinessDate, yearly: bool, today: BusinessDate) -> Option<BusinessDate> {
    if !yearly {
        return (on >= today).then_some(on);
    }
    let (day, year) = (on.civil(), today.civil().year());
    let in_year = |year: i16| {
        BusinessDate::from_ymd(year, day.month(), day.day()).or_else(|| BusinessDate::from_ymd(year, 2, 28))
    };
    in_year(year).filter(|on| *on >= today).or_else(|| in_year(year.checked_add(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_yearly_date_comes_again() {
        let date = |text: &str| text.parse::<BusinessDate>().ok();
        let of = |on: &str, today: &str| next(date(on)?, true, date(today)?);
        assert_eq!(of("1980-12-30", "2026-12-30"), date("2026-12-30"));
        assert_eq!(of("1980-12-30", "2026-12-31"), date("2027-12-30"));
        assert_eq!(of("1980-02-29", "2026-02-01"), date("2026-02-28"));
        assert_eq!(of("1980-02-29", "2028-02-29"), date("2028-02-29"));
        assert_eq!(next(BusinessDate::MIN, false, BusinessDate::MAX), None);
    }
}
