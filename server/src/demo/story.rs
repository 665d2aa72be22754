//! The demo's story: a customer base, three phones, a day's work without signal, and how it all comes together.
//!
//! Everything goes through use cases and real HTTP, as in production; nothing here writes to a database.

use std::path::Path;

use cartera_core::model::{ClientId, TerritoryId};
use cartera_core::sync::session::Report;

use super::phone::Phone;
use super::tale::{Tale, number};
use super::{DemoError, Watch};
use crate::app::App;
use crate::clients;
use crate::people::Role;
use crate::people::access::By;
use crate::people::manage::{self, NewPerson};
use crate::settings::policy;

/// The people of the story, one a territory.
const REPS: [&str; 3] = ["Ana", "Luis", "Marta"];

/// The three phones, linked, with their first sync done.
pub(super) fn enrol(
    app: &App,
    folder: &Path,
    territories: &[TerritoryId],
    watch: &Watch,
    tale: &mut Tale<'_>,
) -> Result<Vec<Phone>, DemoError> {
    tale.heading("demo-phones")?;
    let mut phones = Vec::new();
    for (name, territory) in REPS.into_iter().zip(territories) {
        let new = NewPerson {
            name: name.into(),
            role: Role::Rep,
            all_territories: Some(false),
            territories: vec![*territory],
        };
        let person =
            manage::add(app, By::CONSOLE, &[new])?.pop().ok_or(DemoError::Story("a person was added"))?;
        let phone = Phone::enrol(app, folder, name, person.id)?;
        let started = watch.now_ms();
        let report = phone.sync()?;
        let clients = phone.count()?;
        tale.say(
            "demo-first-sync",
            &[
                ("name", name.into()),
                ("clients", number(clients).into()),
                ("megabytes", megabytes(report.bytes_received).into()),
                ("seconds", seconds(watch.now_ms() - started).into()),
            ],
        )?;
        phones.push(phone);
    }
    Ok(phones)
}

/// What happened while nobody had signal, and what is looked at afterwards.
pub(super) struct Day {
    shared: ClientId,
    moved: ClientId,
    new: ClientId,
}

/// A day of work. Nobody has signal, so nothing leaves a phone.
pub(super) fn work_offline(
    app: &App,
    phones: &[Phone],
    territories: &[TerritoryId],
    watch: &Watch,
    tale: &mut Tale<'_>,
) -> Result<Day, DemoError> {
    let [ana, luis, marta] = phones else { return Err(DemoError::Story("three phones")) };
    // Before they drive off: the office lends Luis one of Ana's clients, since he passes there today.
    let shared = ana.some_clients(1)?.pop().ok_or(DemoError::Story("Ana has clients"))?;
    clients::lend(app, By::CONSOLE, shared.id, luis.person, None, None)?;
    luis.sync()?;

    tale.heading("demo-offline")?;
    let mut visits = 0;
    let mut orders = 0;
    let mut total = 0;
    let started = watch.now_ms();
    for (turn, phone) in phones.iter().enumerate() {
        for (n, client) in phone.some_clients(12)?.iter().enumerate() {
            if n % 3 == 2 {
                total += phone.order(&client.id, turn * 3 + n, 3)?;
                orders += 1;
                visits += 1;
            } else {
                phone.visit(&client.id, "Le queda género; volver la semana que viene", None)?;
                visits += 1;
            }
        }
    }
    tale.say(
        "demo-worked",
        &[
            ("visits", number(visits).into()),
            ("orders", number(orders).into()),
            ("total", money(total).into()),
            ("milliseconds", format!("{:.1}", (watch.now_ms() - started) / (visits + orders) as f64).into()),
        ],
    )?;

    let new = marta.new_client("Discos La Corriente", "Jerez de la Frontera")?;
    marta.order(&new, 1, 2)?;
    tale.say("demo-new-client", &[("name", marta.name.into()), ("client", "Discos La Corriente".into())])?;

    ana.change_phone(&shared.id, "555 010 111")?;
    luis.change_phone(&shared.id, "555 020 222")?;
    tale.say(
        "demo-both-edit",
        &[("one", ana.name.into()), ("other", luis.name.into()), ("client", shared.name.as_str().into())],
    )?;

    // Each is there once more that day; the two stories become one.
    ana.visit(&shared.id, "Pregunta por las novedades", None)?;
    luis.visit(&shared.id, "Quiere que vuelva Ana", None)?;

    policy::change(app, By::CONSOLE, &[("erp_fields".to_owned(), "payment_terms".to_owned())])?;
    let owned = ana.some_clients(2)?.pop().ok_or(DemoError::Story("Ana has clients"))?;
    ana.change_terms(&owned.id, "60 días")?;
    tale.say("demo-owned", &[("name", ana.name.into()), ("client", owned.name.as_str().into())])?;

    let moved = luis
        .some_clients(40)?
        .into_iter()
        .rfind(|client| client.territory == Some(territories[1]))
        .ok_or(DemoError::Story("Luis has clients"))?;
    luis.visit(&moved.id, "Pregunta por el nuevo catálogo", Some("llevar el catálogo"))?;
    clients::move_to(app, By::CONSOLE, territories[2], &[moved.id])?;
    tale.say(
        "demo-moved",
        &[("client", moved.name.as_str().into()), ("from", luis.name.into()), ("to", marta.name.into())],
    )?;
    Ok(Day { shared: shared.id, moved: moved.id, new })
}

/// They come back one after the other, and each is told what happened.
pub(super) fn come_back(
    phones: &[Phone],
    day: &Day,
    watch: &Watch,
    tale: &mut Tale<'_>,
) -> Result<(), DemoError> {
    tale.heading("demo-back")?;
    for phone in phones {
        let started = watch.now_ms();
        let report = phone.sync()?;
        told(phone, &report, watch.now_ms() - started, tale)?;
    }
    // Who came first has not seen what the others brought.
    tale.heading("demo-again")?;
    for phone in phones {
        let started = watch.now_ms();
        let report = phone.sync()?;
        told(phone, &report, watch.now_ms() - started, tale)?;
    }
    outcome(phones, day, tale)
}

fn told(phone: &Phone, report: &Report, took_ms: f64, tale: &mut Tale<'_>) -> Result<(), DemoError> {
    tale.say(
        "demo-synced",
        &[
            ("name", phone.name.into()),
            ("sent", report.sent.into()),
            ("received", (report.received + report.documents + report.office).into()),
            ("requests", report.requests.into()),
            ("kilobytes", kilobytes(report.bytes_sent + report.bytes_received).into()),
            ("milliseconds", format!("{took_ms:.0}").into()),
        ],
    )?;
    for client in &report.entered {
        if let Some(client) = phone.client(client)? {
            tale.say("demo-entered", &[("client", client.name.into())])?;
        }
    }
    if !report.left.is_empty() {
        tale.say("demo-left", &[("count", (report.left.len() as u64).into())])?;
    }
    if report.repaired > 0 {
        tale.say("demo-repaired", &[("count", report.repaired.into())])?;
    }
    for refused in &report.refused {
        let client = phone.client(&ClientId::from_bytes(*refused.document.as_bytes()))?;
        let client = client.map_or_else(|| "?".to_owned(), |client| client.name);
        let why = tale.words(&format!("error-{}", refused.code.code()), &[]);
        tale.say("demo-refused", &[("client", client.into()), ("why", why.into())])?;
    }
    if report.asked > 0 {
        tale.say("demo-asked", &[("count", report.asked.into())])?;
    }
    for merged in &report.conflicts {
        if let Some(client) = phone.client(&ClientId::from_bytes(*merged.as_bytes()))? {
            tale.say("demo-merged", &[("client", client.name.into())])?;
        }
    }
    Ok(())
}

/// What everybody should see now.
fn outcome(phones: &[Phone], day: &Day, tale: &mut Tale<'_>) -> Result<(), DemoError> {
    let [ana, luis, marta] = phones else { return Err(DemoError::Story("three phones")) };
    tale.heading("demo-outcome")?;
    for value in ana.values(&day.shared, "phone")? {
        let author = phones.iter().find(|phone| Some(phone.person) == value.author);
        tale.say(
            "demo-value",
            &[
                ("value", value.text.into()),
                ("author", author.map_or("?", |phone| phone.name).into()),
                ("shown", u64::from(value.shown).into()),
            ],
        )?;
    }
    let together = ana.timeline(&day.shared)?;
    tale.say(
        "demo-together",
        &[("one", ana.name.into()), ("other", luis.name.into()), ("records", (together as u64).into())],
    )?;
    let visited = marta.timeline(&day.moved)?;
    tale.say(
        "demo-moved-outcome",
        &[
            ("to", marta.name.into()),
            ("from", luis.name.into()),
            ("records", (visited as u64).into()),
            ("gone", u64::from(luis.client(&day.moved)?.is_none()).into()),
        ],
    )?;
    if let Some(new) = marta.client(&day.new)? {
        tale.say("demo-new-outcome", &[("client", new.name.into())])?;
    }
    let unsent: u64 = phones.iter().map(Phone::unsent).sum::<Result<u64, _>>()?;
    tale.say("demo-unsent", &[("count", unsent.into())])?;
    Ok(())
}

fn seconds(ms: f64) -> String {
    format!("{:.1}", ms / 1e3)
}

fn kilobytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e3)
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e6)
}

fn money(cents: i64) -> String {
    format!("{} USD", number(cents.unsigned_abs() / 100))
}
