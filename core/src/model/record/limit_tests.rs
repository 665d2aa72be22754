//! Every limit of every kind of record, at its edge and one past it, and the rules between fields.

use super::tests::{ID, record};
use super::*;
use crate::model::limits::*;
use crate::model::place::Fix;
use crate::model::problem::Code;
use crate::model::profile::{KEY_BYTES_MAX, Key, Scalar};
use crate::model::{BusinessDate, Currency, Decimal, Money, PartId};

fn date() -> BusinessDate {
    BusinessDate::from_ymd(2026, 9, 21).unwrap()
}

fn text(chars: usize) -> String {
    "ñ".repeat(chars)
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn done() -> Visit {
    Visit::done(Outcome::Attended)
}

fn purchase(change: impl FnOnce(&mut Purchase)) -> Body {
    let mut line = Line::new("A", decimal("1"), "ud");
    line.price = Some(decimal("1"));
    let mut purchase = Purchase::new(PurchaseSort::Order, Currency::EUR);
    purchase.lines = vec![line];
    change(&mut purchase);
    let _ = purchase.compute_amounts(); // what cannot be computed is what the test is about
    purchase.into()
}

fn line(change: impl FnOnce(&mut Line)) -> Body {
    purchase(|purchase| change(&mut purchase.lines[0]))
}

fn survey(change: impl FnOnce(&mut SurveyAnswer)) -> Body {
    let mut answer = SurveyAnswer::new(Survey::Csi, Asked::ByRep, vec![Answer::new(1)]);
    change(&mut answer);
    answer.into()
}

fn agreement(change: impl FnOnce(&mut Agreement)) -> Body {
    let mut agreement = Agreement::new("x", date(), Some(date()));
    change(&mut agreement);
    agreement.into()
}

/// Field, the problem one past the limit, the limit, and a body at so many.
type Case = (&'static str, Code, usize, Box<dyn Fn(usize) -> Body>);

macro_rules! case {
    ($field:literal, $code:ident, $limit:expr, |$n:pat_param| $body:expr) => {
        ($field, Code::$code, $limit as usize, Box::new(|$n: usize| Body::from($body)))
    };
}

fn upper_limits() -> Vec<Case> {
    vec![
        case!("notes", TooLong, NOTES_CHARS_MAX, |n| Visit { notes: Some(text(n)), ..done() }),
        case!("offered", TooLong, SENTENCE_CHARS_MAX, |n| Visit { offered: Some(text(n)), ..done() }),
        case!("next.what", TooLong, SENTENCE_CHARS_MAX, |n| Visit {
            next: Some(NextStep::new(text(n), None)),
            ..done()
        }),
        case!("plan.rule", TooLong, CODE_CHARS_MAX, |n| Visit {
            plan: Some(PlanKey::new(ID.parse().unwrap(), text(n), date())),
            ..done()
        }),
        case!("minutes", TooLarge, VISIT_MINUTES_MAX, |n| Visit { minutes: Some(n as u32), ..done() }),
        case!("due_minute", TooLarge, MINUTE_OF_DAY_MAX, |n| Visit {
            due_minute: Some(n as u32),
            ..Visit::planned(date())
        }),
        case!("contacts", TooMany, VISIT_CONTACTS_MAX, |n| Visit {
            contacts: vec![ID.parse::<PartId>().unwrap(); n],
            ..done()
        }),
        case!("place.accuracy_m", TooLarge, ACCURACY_METRES_MAX, |n| Visit {
            place: Some(Fix::new(0, 0, Some(n as u32))),
            ..done()
        }),
        case!("lines", TooMany, LINES_MAX, |n| purchase(|p| p.lines = vec![p.lines[0].clone(); n])),
        case!("discounts", TooMany, DISCOUNTS_MAX, |n| purchase(|p| {
            p.discounts = vec![Discount::percent(decimal("1")); n];
        })),
        case!("client_ref", TooLong, CLIENT_REF_CHARS_MAX, |n| purchase(|p| p.client_ref = Some(text(n)))),
        case!("notes", TooLong, NOTES_CHARS_MAX, |n| purchase(|p| p.notes = Some(text(n)))),
        case!("lines[0].article", TooLong, CODE_CHARS_MAX, |n| line(|l| l.article = text(n))),
        case!("lines[0].description", TooLong, NAME_CHARS_MAX, |n| line(|l| l.description = Some(text(n)))),
        case!("lines[0].unit", TooLong, UNIT_CHARS_MAX, |n| line(|l| l.unit = text(n))),
        case!("lines[0].priced_unit", TooLong, UNIT_CHARS_MAX, |n| line(|l| {
            l.priced_unit = Some(text(n));
            l.priced_quantity = Some(decimal("1"));
        })),
        case!("lines[0].note", TooLong, SENTENCE_CHARS_MAX, |n| line(|l| l.note = Some(text(n)))),
        case!(
            "lines[0].quantity",
            TooLarge,
            QUANTITY_MAX,
            |n| line(|l| l.quantity = Decimal::from(n as u32))
        ),
        case!("lines[0].quantity", TooPrecise, QUANTITY_PLACES, |n| line(|l| {
            l.quantity = Decimal::new(1, n as u32).unwrap();
        })),
        case!("lines[0].price", TooLarge, UNIT_PRICE_MAX, |n| line(
            |l| l.price = Some(Decimal::from(n as u32))
        )),
        case!("lines[0].price", TooPrecise, UNIT_PRICE_PLACES, |n| line(|l| {
            l.price = Some(Decimal::new(1, n as u32).unwrap());
        })),
        case!("lines[0].price_source.version", TooLong, CODE_CHARS_MAX, |n| line(|l| {
            l.price_source = Some(PriceSource::new(PriceOrigin::List, Some(text(n))));
        })),
        case!("lines[0].discounts", TooMany, DISCOUNTS_MAX, |n| line(|l| {
            l.discounts = vec![Discount::percent(decimal("1")); n];
        })),
        case!("lines[0].discounts[0].percent", TooLarge, 100, |n| line(|l| {
            l.discounts = vec![Discount::percent(Decimal::from(n as u32))];
        })),
        case!("lines[0].discounts[0].percent", TooPrecise, PERCENT_PLACES, |n| line(|l| {
            l.discounts = vec![Discount::percent(Decimal::new(1, n as u32).unwrap())];
        })),
        case!("lines[0].taxes", TooMany, TAXES_MAX, |n| line(|l| {
            l.taxes = (0..n).map(|tax| Tax::new(format!("T{tax}"), decimal("1"))).collect();
        })),
        case!("lines[0].taxes[0].percent", TooLarge, TAX_PERCENT_MAX, |n| line(|l| {
            l.taxes = vec![Tax::new("T", Decimal::from(n as u32))];
        })),
        case!("lines[0].taxes[0].code", TooLong, CODE_CHARS_MAX, |n| line(|l| {
            l.taxes = vec![Tax::new(text(n), decimal("1"))];
        })),
        case!("text", TooLong, NOTES_CHARS_MAX, |n| Note::new(text(n))),
        case!("notes", TooLong, NOTES_CHARS_MAX, |n| Contact {
            notes: Some(text(n)),
            ..Contact::new(Channel::Phone, Direction::Outgoing)
        }),
        case!("offered", TooLong, SENTENCE_CHARS_MAX, |n| Contact {
            offered: Some(text(n)),
            ..Contact::new(Channel::Phone, Direction::Outgoing)
        }),
        case!("minutes", TooLarge, VISIT_MINUTES_MAX, |n| Contact {
            minutes: Some(n as u32),
            ..Contact::new(Channel::Phone, Direction::Outgoing)
        }),
        case!("what", TooLong, SENTENCE_CHARS_MAX, |n| Task::open(text(n))),
        case!("note", TooLong, SENTENCE_CHARS_MAX, |n| Task { note: Some(text(n)), ..Task::open("x") }),
        case!("due_minute", TooLarge, MINUTE_OF_DAY_MAX, |n| Task {
            due_on: Some(date()),
            due_minute: Some(n as u32),
            ..Task::open("x")
        }),
        case!("answers[0].score", TooLarge, 10, |n| survey(|s| {
            s.survey = Survey::Nps;
            s.answers[0].score = n as u32;
        })),
        case!("answers[0].score", TooLarge, 5, |n| survey(|s| {
            s.survey = Survey::Csat;
            s.answers[0].score = n as u32;
        })),
        case!("answers", TooMany, 1, |n| survey(|s| {
            s.survey = Survey::Csat;
            s.answers = vec![Answer::new(3); n];
        })),
        case!("answers", TooMany, ANSWERS_MAX, |n| survey(|s| s.answers = vec![Answer::new(3); n])),
        case!("answers[0].question", TooLong, CODE_CHARS_MAX, |n| survey(|s| {
            s.answers[0].question = Some(text(n));
        })),
        case!("comment", TooLong, NOTES_CHARS_MAX, |n| survey(|s| s.comment = Some(text(n)))),
        case!("campaign", TooLong, CODE_CHARS_MAX, |n| survey(|s| s.campaign = Some(text(n)))),
        case!("fields", TooMany, CONFIRMED_FIELDS_MAX, |n| DataConfirmed {
            fields: vec!["phone".into(); n],
            ..DataConfirmed::all()
        }),
        case!("fields[0]", TooLong, KEY_BYTES_MAX, |n| DataConfirmed {
            fields: vec!["a".repeat(n)],
            ..DataConfirmed::all()
        }),
        case!("note", TooLong, SENTENCE_CHARS_MAX, |n| ClientClosed {
            note: Some(text(n)),
            ..ClientClosed::new(LossReason::Price)
        }),
        case!("competitor", TooLong, NAME_CHARS_MAX, |n| ClientClosed {
            competitor: Some(text(n)),
            ..ClientClosed::new(LossReason::Competitor)
        }),
        case!("reason", TooLong, SENTENCE_CHARS_MAX, |n| ModeChoice::new(Some(Mode::Renewal), text(n))),
        case!("title", TooLong, NAME_CHARS_MAX, |n| agreement(|a| a.title = text(n))),
        case!("notes", TooLong, NOTES_CHARS_MAX, |n| agreement(|a| a.notes = Some(text(n)))),
        case!("notice_days", TooLarge, NOTICE_DAYS_MAX, |n| agreement(|a| a.notice_days = Some(n as u32))),
        case!("wording", TooLong, CODE_CHARS_MAX, |n| Consent {
            wording: Some(text(n)),
            ..Consent::opposed(None)
        }),
        case!("note", TooLong, SENTENCE_CHARS_MAX, |n| Consent {
            note: Some(text(n)),
            ..Consent::opposed(None)
        }),
        case!("likeness", TooMany, Likeness::ALL.len(), |n| {
            MergeProposal::new(ID.parse().unwrap(), false, vec![Likeness::Name; n])
        }),
        case!("note", TooLong, SENTENCE_CHARS_MAX, |n| MergeProposal {
            note: Some(text(n)),
            ..MergeProposal::new(ID.parse().unwrap(), false, vec![])
        }),
        case!("value.value", TooLong, NAME_CHARS_MAX, |n| {
            ChangeRequest::new(&Key::parse("name").unwrap(), Some(Scalar::Text(text(n))), None)
        }),
        case!("seen", TooLong, PROFILE_VALUE_BYTES_MAX, |n| {
            ChangeRequest::new(&Key::parse("name").unwrap(), None, Some(Scalar::Text("a".repeat(n))))
        }),
        case!("reason", TooLong, SENTENCE_CHARS_MAX, |n| ChangeRequest {
            reason: Some(text(n)),
            ..ChangeRequest::new(&Key::parse("name").unwrap(), None, None)
        }),
        case!("answer", TooLong, SENTENCE_CHARS_MAX, |n| ChangeRequest {
            decision: Some(RequestDecision::Declined),
            answer: Some(text(n)),
            ..ChangeRequest::new(&Key::parse("name").unwrap(), None, None)
        }),
        case!("key", TooLong, SUBJECT_CHARS_MAX, |n| NotNow {
            key: Some(text(n)),
            ..NotNow::new(Subject::Offer, None)
        }),
        case!("note", TooLong, SENTENCE_CHARS_MAX, |n| NotNow {
            note: Some(text(n)),
            ..NotNow::new(Subject::Offer, None)
        }),
        case!("note", TooLong, SENTENCE_CHARS_MAX, |n| Absence {
            note: Some(text(n)),
            ..Absence::new(date(), date())
        }),
        case!("name", TooLong, NAME_CHARS_MAX, |n| Segment::new(text(n))),
        case!("filter", TooLong, NOTES_CHARS_MAX, |n| Segment { filter: Some(text(n)), ..Segment::new("x") }),
        case!("clients", TooMany, SEGMENT_CLIENTS_MAX, |n| Segment {
            clients: vec![ID.parse().unwrap(); n],
            ..Segment::new("x")
        }),
        case!("notice", TooLong, CODE_CHARS_MAX, |n| NoticeRead::new(text(n))),
        case!("lesson", TooLong, CODE_CHARS_MAX, |n| LessonDone::new(text(n))),
        case!("note", TooLong, SENTENCE_CHARS_MAX, |n| Body::Void(Void {
            note: Some(text(n)),
            ..Void::new(VoidReason::Other)
        })),
    ]
}

#[test]
fn every_limit_holds_at_its_edge_and_not_one_past() {
    for (field, code, limit, body) in upper_limits() {
        assert_eq!(record(body(limit)).validate(), [], "{field} at {limit}");
        let problems = record(body(limit + 1)).validate();
        let found = problems.iter().find(|p| p.field == field && p.code == code);
        assert_eq!(found.and_then(|p| p.limit), Some(limit as i64), "{field} past {limit}: {problems:?}");
    }
}

#[test]
fn the_zones_name_is_bounded_and_plain() {
    let problems = |zone: String| {
        let mut record = record(Note::new("x"));
        record.header.zone = zone;
        record.validate().iter().map(|p| p.code).collect::<Vec<_>>()
    };
    assert_eq!(problems("a".repeat(ZONE_CHARS_MAX)), []);
    assert_eq!(problems("a".repeat(ZONE_CHARS_MAX + 1)), [Code::TooLong]);
    assert_eq!(problems("Europe Madrid".into()), [Code::Form]);
    assert_eq!(problems(String::new()), [Code::Empty]);
}

#[test]
fn a_record_that_would_not_fit_says_so() {
    let long = line(|line| line.description = Some(text(NAME_CHARS_MAX)));
    let Body::Purchase(mut purchase) = long else { panic!() };
    purchase.lines = vec![purchase.lines[0].clone(); LINES_MAX];
    purchase.compute_amounts().unwrap();
    let problems = record(purchase).validate();
    let codes: Vec<_> = problems.iter().map(|p| (p.field.as_str(), p.code)).collect();
    assert_eq!(codes, [("record", Code::TooLarge)]);
}

#[test]
fn fields_that_contradict_each_other_are_found() {
    let cases: Vec<(&str, Code, Body)> = vec![
        ("outcome", Code::Required, Visit { outcome: None, ..done() }.into()),
        (
            "outcome",
            Code::Contradiction,
            Visit { outcome: Some(Outcome::Order), ..Visit::planned(date()) }.into(),
        ),
        (
            "no_order",
            Code::Contradiction,
            Visit { no_order: Some(NoOrderReason::Price), ..Visit::done(Outcome::Order) }.into(),
        ),
        ("due_on", Code::Required, Visit { due_on: None, ..Visit::planned(date()) }.into()),
        ("due_on", Code::Contradiction, Visit { due_on: Some(date()), ..done() }.into()),
        ("due_minute", Code::Contradiction, Visit { due_minute: Some(1), ..done() }.into()),
        ("lines", Code::Required, purchase(|p| p.lines.clear())),
        ("lines[0].quantity", Code::Required, line(|l| l.quantity = Decimal::ZERO)),
        ("lines[0].quantity", Code::TooSmall, line(|l| l.quantity = decimal("-1"))),
        ("lines[0].price", Code::TooSmall, line(|l| l.price = Some(decimal("-0.01")))),
        ("lines[0].priced_unit", Code::Contradiction, line(|l| l.priced_quantity = Some(decimal("1")))),
        ("lines[0].discounts", Code::Contradiction, line(|l| l.discounts = vec![Discount::amount(101)])),
        (
            "lines[0].discounts[0].amount",
            Code::Contradiction,
            line(|l| l.discounts = vec![Discount { amount: Some(1), ..Discount::percent(decimal("1")) }]),
        ),
        ("discounts[0].amount", Code::Contradiction, purchase(|p| p.discounts = vec![Discount::amount(1)])),
        (
            "lines[0].taxes",
            Code::Duplicate,
            line(|l| l.taxes = vec![Tax::new("T", decimal("1")), Tax::new("T", decimal("2"))]),
        ),
        ("returns", Code::Contradiction, purchase(|p| p.returns = ID.parse().ok())),
        ("currency", Code::UnknownValue, purchase(|p| p.currency = "ZZZ".parse().unwrap())),
        ("what", Code::Required, Task { what: None, ..Task::open("x") }.into()),
        ("state", Code::Contradiction, Task { state: TaskState::Dropped, ..Task::open("x") }.into()),
        ("answers", Code::Required, survey(|s| s.answers.clear())),
        ("answers[0].score", Code::TooSmall, survey(|s| s.answers[0].score = 0)),
        ("note", Code::Required, ClientClosed::new(LossReason::Other).into()),
        ("reason", Code::Empty, ModeChoice::new(None, " ").into()),
        ("mode", Code::UnknownValue, ModeChoice::new(Some(Mode::from_code(9)), "x").into()),
        ("until", Code::Order, agreement(|a| a.until = date().plus_days(-1))),
        ("volume", Code::TooSmall, agreement(|a| a.volume = Some(Money::new(-1, Currency::EUR)))),
        (
            "basis",
            Code::Required,
            Consent { basis: None, ..Consent::granted(None, LegalBasis::Consent) }.into(),
        ),
        (
            "field",
            Code::Form,
            ChangeRequest {
                field: "Not A Key".into(),
                ..ChangeRequest::new(&Key::Tag("x".into()), None, None)
            }
            .into(),
        ),
        (
            "answer",
            Code::Contradiction,
            ChangeRequest {
                answer: Some("no".into()),
                ..ChangeRequest::new(&Key::parse("name").unwrap(), None, None)
            }
            .into(),
        ),
        ("to", Code::Order, Absence::new(date(), date().plus_days(-1).unwrap()).into()),
    ];
    for (field, code, body) in cases {
        let problems = record(body).validate();
        assert!(
            problems.iter().any(|p| p.field == field && p.code == code),
            "{field} {code:?}: {problems:?}"
        );
    }
}

#[test]
fn amounts_that_were_not_computed_are_found() {
    let Body::Purchase(mut purchase) = purchase(|_| {}) else { panic!() };
    purchase.lines[0].net += 1;
    purchase.totals.total += 1;
    let problems = record(purchase).validate();
    let fields: Vec<_> = problems.iter().map(|p| (p.field.as_str(), p.code)).collect();
    assert_eq!(fields, [("lines[0].net", Code::Mismatch), ("totals", Code::Mismatch)]);
}

#[test]
fn problems_are_bounded_in_number() {
    let body = purchase(|p| p.lines = vec![Line::new("", Decimal::ZERO, ""); LINES_MAX]);
    assert_eq!(record(body).validate().len(), crate::model::problem::PROBLEMS_MAX);
}
