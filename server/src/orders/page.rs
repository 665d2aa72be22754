//! Orders in a browser: where each stands, what needs somebody first; one order with its lines, and the office's answer
//! where no program gives it.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use cartera_core::model::access::Action;
use cartera_core::model::office::{OrderFlag, OrderStage, OrderState};
use cartera_core::model::record::{Body, Kind, Purchase, Record};
use cartera_core::model::{BusinessDate, RecordId};
use serde::Deserialize;

use super::{Answer, acknowledge, counted, list, one};
use crate::app::App;
use crate::clients::page::named;
use crate::console::field::Field;
use crate::console::form::Form;
use crate::console::parts::{Cell, Tab, Table};
use crate::console::shell::{Place, Shell, page};
use crate::console::visitor::{Visitor, see_other};
use crate::console::words::Words;
use crate::http::path::{Id, Params};
use crate::http::problem::Problem;
use crate::refused::Refused;
use crate::storage::orders::{Attention, Listed, OPEN};
use crate::work::page::{ORDERS, tabs};

/// Orders of one page.
const PAGE: usize = 50;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/work/orders", get(show))
        .route("/work/orders/{id}", get(show_one))
        .route("/work/orders/{id}/register", post(register))
        .route("/work/orders/{id}/decline", post(decline))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    stage: String,
    skip: usize,
}

/// A stage to narrow the list by: address, words, how many, chosen.
struct Stage {
    href: String,
    label: String,
    count: String,
    is_here: bool,
}

struct Row {
    href: String,
    client: String,
    facts: Vec<String>,
    total: String,
    state: (String, &'static str),
    /// Why it was declined, or does not go out.
    why: Option<String>,
    flags: Vec<String>,
}

#[derive(Template)]
#[template(path = "orders/list.html")]
struct OrdersPage {
    shell: Shell,
    tabs: Vec<Tab>,
    stages: Vec<Stage>,
    rows: Vec<Row>,
    first: Option<String>,
    next: Option<String>,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Params(asked): Params<Asked>,
) -> Result<Response, Problem> {
    let by = visitor.by;
    let stage = OrderStage::ALL.iter().copied().find(|stage| stage.as_str() == asked.stage);
    let skip = asked.skip.min(1_000_000);
    let (mut found, counts) = app
        .run(move |app| Ok::<_, Refused>((list(app, by, stage, (skip, PAGE + 1))?, counted(app, by)?)))
        .await?;
    let has_more = found.len() > PAGE;
    found.truncate(PAGE);
    let words = visitor.words();
    let link = |stage: Option<OrderStage>, skip: usize| {
        let stage = stage.map(|stage| format!("stage={}", stage.as_str()));
        let skip = (skip > 0).then(|| format!("skip={skip}"));
        let said: Vec<String> = stage.into_iter().chain(skip).collect();
        if said.is_empty() { ORDERS.to_owned() } else { format!("{ORDERS}?{}", said.join("&")) }
    };
    let all: u64 = counts.iter().map(|(_, count)| count).sum();
    let mut stages = vec![Stage {
        href: link(None, 0),
        label: words.say("console-orders-all"),
        count: words.whole(all),
        is_here: stage.is_none(),
    }];
    stages.extend(counts.iter().map(|(of, count)| Stage {
        href: link(Some(*of), 0),
        label: words.say(of.text_id()),
        count: words.whole(*count),
        is_here: stage == Some(*of),
    }));
    let teller = Teller { words };
    let shown = OrdersPage {
        shell: visitor.shell(words.say("console-work"), Some(Place::Work)),
        tabs: tabs(words, ORDERS),
        stages,
        rows: found.iter().map(|order| teller.row(order)).collect(),
        first: (skip > 0).then(|| link(stage, 0)),
        next: has_more.then(|| link(stage, skip + PAGE)),
    };
    Ok(page(StatusCode::OK, &shown))
}

struct Teller {
    words: Words,
}

impl Teller {
    fn row(&self, order: &Listed) -> Row {
        let words = self.words;
        let purchase = purchase(order);
        let mut facts = vec![words.moment(order.received_ms)];
        facts.extend(order.author.as_ref().map(|(_, name)| name.clone()));
        facts.extend(purchase.as_ref().map(|(_, of)| words.say(of.sort.text_id())));
        facts.extend(order.state.as_ref().and_then(|state| state.number.clone()));
        Row {
            href: format!("{ORDERS}/{}", order.id),
            client: named(words, &order.client_name),
            facts,
            total: purchase
                .map_or_else(|| "–".to_owned(), |(_, of)| words.money(of.totals.total as f64, of.currency)),
            state: self.state(order.state.as_ref()),
            why: self.why(order),
            flags: self.flags(order.state.as_ref()),
        }
    }

    fn state(&self, state: Option<&OrderState>) -> (String, &'static str) {
        let stage = state.map_or(OrderStage::Received, |state| state.stage);
        let tone = match stage {
            OrderStage::Declined => "bad",
            OrderStage::WaitingForClient => "warn",
            OrderStage::Registered | OrderStage::Served | OrderStage::Invoiced => "good",
            _ => "",
        };
        (self.words.say(stage.text_id()), tone)
    }

    fn why(&self, order: &Listed) -> Option<String> {
        let declined = order.state.as_ref().filter(|state| state.stage == OrderStage::Declined);
        let reason = declined.and_then(|state| state.reason.clone());
        reason.or_else(|| Some(self.words.say(&format!("order-attention-{}", order.why?.as_str()))))
    }

    fn flags(&self, state: Option<&OrderState>) -> Vec<String> {
        let mut flags: Vec<OrderFlag> =
            state.map(|state| state.flags.iter().map(|flag| flag.flag).collect()).unwrap_or_default();
        flags.dedup();
        flags.into_iter().map(|flag| self.words.say(flag.text_id())).collect()
    }
}

/// Its day, and what it says; `None` where it was taken back, or this version cannot read it.
fn purchase(order: &Listed) -> Option<(BusinessDate, Purchase)> {
    let record = Record::decode(Kind::Purchase, order.value.as_deref()?).ok()?;
    match record.body {
        Body::Purchase(purchase) => Some((record.header.date, purchase)),
        _ => None,
    }
}

#[derive(Template)]
#[template(path = "orders/order.html")]
struct OrderPage {
    shell: Shell,
    form_token: String,
    tabs: Vec<Tab>,
    id: String,
    done: Option<String>,
    client: String,
    client_href: String,
    state: (String, &'static str),
    facts: Vec<(String, String)>,
    why: Option<(String, String)>,
    flags: Vec<String>,
    lines: Option<Table>,
    total: Option<String>,
    notes: Option<String>,
    steps: Vec<(String, String)>,
    /// The version that an answer is about, where somebody may answer.
    revision: Option<String>,
    number: Field,
    reason: Field,
}

/// An answer that was refused: what was typed, and what is wrong.
#[derive(Debug, Default)]
struct Typed {
    number: String,
    reason: String,
    number_wrong: Option<&'static str>,
    reason_wrong: Option<&'static str>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    done: String,
}

const DONE: [&str; 3] = ["registered", "declined", "order_answered"];

async fn show_one(
    State(app): State<App>,
    visitor: Visitor,
    Id(id): Id<RecordId>,
    Params(told): Params<Told>,
) -> Result<Response, Problem> {
    order(app, visitor, id, StatusCode::OK, Typed::default(), &told.done).await
}

async fn order(
    app: App,
    visitor: Visitor,
    id: RecordId,
    status: StatusCode,
    typed: Typed,
    done: &str,
) -> Result<Response, Problem> {
    let by = visitor.by;
    let found = app.run(move |app| one(app, by, id)).await?;
    let words = visitor.words();
    let teller = Teller { words };
    let read = purchase(&found);
    let is_open = found.state.as_ref().is_none_or(|state| OPEN.contains(&state.stage));
    let can = is_open && found.why.is_none_or(|why| why == Attention::NoClientCode);
    let mut facts = vec![(words.say("console-orders-received"), words.moment(found.received_ms))];
    if let Some((_, name)) = &found.author {
        facts.push((words.say("word-rep"), name.clone()));
    }
    if let Some((date, of)) = &read {
        facts.push((words.say(of.sort.text_id()), words.day(*date)));
        facts.extend(of.deliver_on.map(|day| (words.say("console-orders-deliver"), words.day(day))));
        facts.extend(of.client_ref.clone().map(|text| (words.say("console-orders-ref"), text)));
    }
    if let Some(state) = &found.state {
        facts.extend(state.number.clone().map(|text| (words.say("console-orders-number"), text)));
        facts.extend(state.invoice.clone().map(|text| (words.say("console-orders-invoice"), text)));
    }
    let said = |wrong: Option<&'static str>| wrong.map(|id| words.say(id));
    let advice = |why: Attention| words.say(&format!("order-attention-{}.advice", why.as_str()));
    let name = named(words, &found.client_name);
    let shown = OrderPage {
        shell: visitor.shell(words.with("console-orders-of", "name", &name), Some(Place::Work)),
        form_token: visitor.form_token.clone(),
        tabs: tabs(words, ORDERS),
        id: id.to_string(),
        done: DONE
            .into_iter()
            .find(|known| *known == done)
            .map(|done| words.say(&format!("console-done-{done}"))),
        client: name,
        client_href: format!("/clients/{}", found.client),
        state: teller.state(found.state.as_ref()),
        facts,
        why: teller.why(&found).map(|why| (why, found.why.map(advice).unwrap_or_default())),
        flags: teller.flags(found.state.as_ref()),
        lines: read.as_ref().map(|(_, of)| lines(words, of)),
        total: read.as_ref().map(|(_, of)| words.money(of.totals.total as f64, of.currency)),
        notes: read.and_then(|(_, of)| of.notes),
        steps: found
            .state
            .iter()
            .flat_map(|state| &state.steps)
            .map(|step| (words.say(step.stage.text_id()), words.moment(step.at_ms)))
            .collect(),
        revision: found
            .revision
            .filter(|_| can && visitor.may(Action::PickUpOrders))
            .map(|of| of.to_string()),
        number: Field::new("number", words.say("console-orders-number"), "text", "off")
            .value(&typed.number)
            .error(said(typed.number_wrong)),
        reason: Field::new("reason", words.say("console-orders-reason"), "lines", "off")
            .value(&typed.reason)
            .hint(words.say("console-orders-reason-hint"))
            .error(said(typed.reason_wrong)),
    };
    Ok(page(status, &shown))
}

fn lines(words: Words, of: &Purchase) -> Table {
    let head = [
        ("console-orders-article", ""),
        ("console-orders-quantity", "amount"),
        ("console-orders-price", "amount"),
        ("console-orders-net", "amount"),
    ];
    let row = |line: &cartera_core::model::record::Line| {
        let name = line.description.clone().unwrap_or_default();
        let title = if name.is_empty() { line.article.clone() } else { format!("{name} ({})", line.article) };
        let price = match (line.free, line.price) {
            (true, _) => words.say("word-free_goods"),
            (false, Some(price)) => words.decimal(&price.to_string()),
            (false, None) => "–".to_owned(),
        };
        vec![
            Cell::text(title),
            Cell::amount(format!("{} {}", words.decimal(&line.quantity.to_string()), line.unit)),
            Cell::amount(price),
            Cell::amount(words.money(line.net as f64, of.currency)),
        ]
    };
    Table {
        caption: words.count("console-orders-lines", of.lines.len() as u64),
        head: head.map(|(id, class)| (words.say(id), class)).to_vec(),
        rows: of.lines.iter().map(row).collect(),
    }
}

#[derive(Debug, Deserialize)]
struct Registered {
    #[serde(default)]
    revision: String,
    #[serde(default)]
    number: String,
}

#[derive(Debug, Deserialize)]
struct Declined {
    #[serde(default)]
    revision: String,
    #[serde(default)]
    reason: String,
}

async fn register(
    State(app): State<App>,
    visitor: Visitor,
    Id(id): Id<RecordId>,
    Form(form): Form<Registered>,
) -> Result<Response, Problem> {
    let number = form.number.trim().to_owned();
    let typed = Typed {
        number: number.clone(),
        number_wrong: Some("console-orders-number-wrong"),
        ..Typed::default()
    };
    answer(app, visitor, (id, form.revision), Answer::Registered(number), typed, "registered").await
}

async fn decline(
    State(app): State<App>,
    visitor: Visitor,
    Id(id): Id<RecordId>,
    Form(form): Form<Declined>,
) -> Result<Response, Problem> {
    let reason = form.reason.trim().replace("\r\n", "\n");
    let typed = Typed {
        reason: reason.clone(),
        reason_wrong: Some("console-orders-reason-wrong"),
        ..Typed::default()
    };
    answer(app, visitor, (id, form.revision), Answer::Declined(reason), typed, "declined").await
}

/// `typed` is what is shown again where the answer cannot be used.
async fn answer(
    app: App,
    visitor: Visitor,
    (id, revision): (RecordId, String),
    said: Answer,
    typed: Typed,
    done: &'static str,
) -> Result<Response, Problem> {
    let by = visitor.by;
    let done = app
        .run(move |app| {
            by.require(Action::PickUpOrders)?;
            let of = revision.parse().map_err(|_| Refused::unknown("version of an order", &revision))?;
            match acknowledge(app, by, id, of, &said) {
                Ok(Ok(_)) => Ok(Some(done)),
                // Somebody was faster: the page shows what was said.
                Ok(Err(_)) => Ok(Some("order_answered")),
                Err(Refused::Invalid { .. }) => Ok(None),
                Err(refused) => Err(refused),
            }
        })
        .await?;
    match done {
        Some(done) => Ok(see_other(&format!("{ORDERS}/{id}?done={done}"))),
        None => order(app, visitor, id, StatusCode::UNPROCESSABLE_ENTITY, typed, "").await,
    }
}
