//! What a rule can ask of a client: one table.

use std::cmp::Reverse;

use rusqlite::types::Value as Sql;

use super::rule::Operator;
use super::told::{Done, Facts};
use crate::metrics::Figure;
use crate::metrics::abc::Class;
use crate::metrics::client::{ClientFigures, CurrencyFigures};
use crate::metrics::life_cycle::Stage;
use crate::metrics::payment::Payment;
use crate::metrics::rfm::{SEGMENT_CODES, Scores};
use crate::metrics::rhythm::Rhythm;
use crate::metrics::status::Status;
use crate::model::record::{LossReason, Mode};
use crate::model::{BusinessDate, Currency};

/// What sort of value a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Text,
    Number,
    Date,
    /// An amount in a currency; amounts of two currencies are never compared.
    Money,
    /// One of some words.
    Word(&'static [&'static str]),
    /// Several texts, of which any may be meant.
    Texts,
}

impl Sort {
    /// Whether the operator says anything of such a value.
    pub const fn takes(self, operator: Operator) -> bool {
        match operator {
            Operator::Equal | Operator::NotEqual => true,
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
                matches!(self, Self::Number | Self::Date | Self::Money)
            }
            Operator::Contains | Operator::Begins => matches!(self, Self::Text | Self::Texts),
        }
    }

    pub const fn describe(self) -> &'static str {
        match self {
            Self::Text | Self::Texts => "a text in double quotes",
            Self::Number => "a number, such as 12 or 0.5",
            Self::Date => "a date, such as 2026-01-31",
            Self::Money => "an amount with its currency, such as 1200 EUR",
            Self::Word(_) => "one of the field's words",
        }
    }
}

/// Where a field's value is found.
#[derive(Debug, Clone, Copy)]
pub(super) enum Column {
    /// An expression over the client's row `c`; null where there is nothing.
    Client(&'static str),
    /// The days from the date in another field to today.
    DaysSince(&'static str),
    /// The days from today to the date in another field.
    DaysUntil(&'static str),
    /// What stands after this word and a slash in keys of the profile: tags and preferences.
    Keys(&'static str),
    /// One of the client's figures from days of sales; of an amount, in a currency.
    Figure(fn(&ClientFigures, Option<Currency>) -> Sql),
    /// Its stage in the life cycle, which hangs on the day too.
    LifeCycle,
    /// How the client pays in a currency.
    Payment(fn(&Payment) -> Sql),
    /// What was said, agreed and done about it.
    Fact(Source, fn(&Facts<'_>) -> Sql),
    /// What was done within the last days, today included; the rule says how many.
    Within(fn(&Done) -> i64),
    /// Net revenue within the last days.
    Revenue,
}

/// What facts are read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Profile,
    Standing,
    Confirmed,
    Credit,
    Voice,
    Coverage,
}

#[derive(Debug)]
pub struct Field {
    pub name: &'static str,
    pub sort: Sort,
    pub(super) column: Column,
}

/// There is one field of a name.
impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Field {}

impl Field {
    /// `None` where no field is called so.
    pub fn named(name: &str) -> Option<&'static Self> {
        FIELDS.iter().find(|field| field.name == name)
    }

    /// Id of its words in the strings.
    pub fn text_id(&self) -> String {
        format!("segment-{}", self.name)
    }

    /// It is about the last days, and a rule says how many: `visits(30)`.
    pub const fn takes_days(&self) -> bool {
        matches!(self.column, Column::Within(_) | Column::Revenue)
    }
}

const fn field(name: &'static str, sort: Sort, column: Column) -> Field {
    Field { name, sort, column }
}

const fn figure(name: &'static str, sort: Sort, get: fn(&ClientFigures, Option<Currency>) -> Sql) -> Field {
    field(name, sort, Column::Figure(get))
}

const fn fact(name: &'static str, sort: Sort, source: Source, get: fn(&Facts<'_>) -> Sql) -> Field {
    field(name, sort, Column::Fact(source, get))
}

const YES_NO: Sort = Sort::Word(&["no", "yes"]);
const STATUSES: Sort = Sort::Word(&[
    Status::Lead.as_str(),
    Status::Active.as_str(),
    Status::Dormant.as_str(),
    Status::Lost.as_str(),
    Status::Closed.as_str(),
]);
const STAGES: Sort = Sort::Word(&[
    Stage::Acquisition.as_str(),
    Stage::Development.as_str(),
    Stage::Retention.as_str(),
    Stage::Loyalty.as_str(),
]);
const CLASSES: Sort = Sort::Word(&[Class::A.as_str(), Class::B.as_str(), Class::C.as_str()]);
const MODES: Sort = Sort::Word(&[Mode::Accompanied.as_str(), Mode::WinBack.as_str(), Mode::Renewal.as_str()]);
const LOSSES: Sort = Sort::Word(&[
    LossReason::Price.as_str(),
    LossReason::Service.as_str(),
    LossReason::Product.as_str(),
    LossReason::Competitor.as_str(),
    LossReason::Moved.as_str(),
    LossReason::ClosedDown.as_str(),
    LossReason::Other.as_str(),
]);

/// Every field that a rule can name. Of a client that pays in several currencies the class is its best, it is falling
/// where it falls in any, and scores and chances are those of the currency in which it buys most often.
pub const FIELDS: &[Field] = &[
    field("name", Sort::Text, Column::Client("c.name")),
    field("legal_name", Sort::Text, Column::Client("c.legal_name")),
    field("tax_id", Sort::Text, Column::Client("c.tax_id")),
    field("erp_code", Sort::Text, Column::Client("c.erp_code")),
    // Kind of establishment.
    field("sector", Sort::Text, Column::Client("c.sector")),
    field("city", Sort::Text, Column::Client("c.city")),
    field("phone", Sort::Text, Column::Client("c.phone")),
    field("email", Sort::Text, Column::Client("c.email")),
    field("tag", Sort::Texts, Column::Keys("tag")),
    field("preference", Sort::Texts, Column::Keys("pref")),
    fact("territory", Sort::Text, Source::Profile, |of| text(of.territory)),
    fact("rep", Sort::Text, Source::Profile, |of| text(of.rep)),
    fact("region", Sort::Text, Source::Profile, |of| text(of.client.and_then(|c| c.region.as_deref()))),
    fact("fiscal_group", Sort::Text, Source::Profile, |of| {
        text(of.client.and_then(|client| client.fiscal_group.as_deref()))
    }),
    // How it came to us.
    fact("source", Sort::Text, Source::Profile, |of| text(of.client.and_then(|c| c.source.as_deref()))),
    fact("known_since", Sort::Date, Source::Profile, |of| date(of.client.map(|client| client.since))),
    field("conflicts", Sort::Number, Column::Client("c.conflicts")),
    field("closed", YES_NO, Column::Client("CASE c.closed WHEN 0 THEN 'no' ELSE 'yes' END")),
    // What was done.
    field("last_visit", Sort::Date, Column::Client("c.last_visit")),
    field("days_since_visit", Sort::Number, Column::DaysSince("last_visit")),
    field("last_order", Sort::Date, Column::Client("c.last_purchase")),
    field("days_since_order", Sort::Number, Column::DaysSince("last_order")),
    field("visits", Sort::Number, Column::Within(|done| done.visits)),
    field("contacts", Sort::Number, Column::Within(|done| done.contacts)),
    field("orders", Sort::Number, Column::Within(|done| done.orders)),
    fact("visit_interval", Sort::Number, Source::Coverage, |of| {
        number(of.due.map(|due| due.interval_days.into()))
    }),
    fact("visit_overdue", YES_NO, Source::Coverage, |of| yes_no(of.due.map(|due| due.is_overdue()))),
    // Contact data.
    field("confirmed", Sort::Date, Column::Client("c.confirmed")),
    field("days_since_confirmed", Sort::Number, Column::DaysSince("confirmed")),
    fact("contact_confirmed", Sort::Date, Source::Confirmed, |of| date(of.confirmed)),
    fact("contact_stale", YES_NO, Source::Confirmed, |of| yes_no(Some(!of.is_fresh))),
    // How it stands.
    figure("status", STATUSES, |of, _| text(Some(of.status.as_str()))),
    Field { name: "life_cycle", sort: STAGES, column: Column::LifeCycle },
    fact("mode", MODES, Source::Standing, |of| text(of.mode.map(Mode::as_str))),
    fact("loss_reason", LOSSES, Source::Standing, |of| text(of.loss.map(LossReason::as_str))),
    fact("agreement_until", Sort::Date, Source::Standing, |of| date(of.agreement_until)),
    field("days_to_agreement_end", Sort::Number, Column::DaysUntil("agreement_until")),
    figure("first_purchase", Sort::Date, |of, _| date(of.first)),
    figure("last_purchase", Sort::Date, |of, _| date(of.last)),
    field("days_since_purchase", Sort::Number, Column::DaysSince("last_purchase")),
    figure("purchases", Sort::Number, |of, _| number(Some(of.rhythm.records as i64))),
    figure("usual_gap", Sort::Number, |of, _| rhythm(of, |rhythm| Sql::Real(rhythm.median_gap.days()))),
    figure("missed_slots", Sort::Number, |of, _| {
        rhythm(of, |rhythm| number(Some(rhythm.missed_slots().into())))
    }),
    figure("rhythm_missed", YES_NO, |of, _| rhythm(of, |rhythm| yes_no(Some(rhythm.is_missed())))),
    figure("falling", YES_NO, |of, _| {
        let told = of.by_currency.iter().filter_map(|of| of.falling.value.ok());
        yes_no(told.map(|change| change.is_falling()).max())
    }),
    figure("volume_ratio", Sort::Number, |of, _| {
        main(of, |of| real(of.falling.map(|change| change.ratio.get())))
    }),
    // What it is worth.
    figure("abc_class", CLASSES, |of, _| {
        text(of.by_currency.iter().filter_map(|of| of.class.value.ok()).min().map(Class::as_str))
    }),
    figure("value_so_far", Sort::Money, |of, currency| {
        amount(of, currency, |of| i64::try_from(of.worth.net).map_or(Sql::Null, Sql::Integer))
    }),
    figure("average_purchase", Sort::Money, |of, currency| {
        amount(of, currency, |of| real(of.worth.average_transaction()))
    }),
    figure("predicted_value", Sort::Money, |of, currency| amount(of, currency, |of| real(of.clv))),
    figure("at_stake", Sort::Money, |of, currency| {
        amount(of, currency, |of_currency| of.at_stake(of_currency.currency).map_or(Sql::Null, Sql::Real))
    }),
    field("revenue", Sort::Money, Column::Revenue),
    figure("purchases_a_year", Sort::Number, |of, _| {
        main(of, |of| real(of.worth.frequency_per_day().map(|a_day| a_day * YEAR_DAYS)))
    }),
    figure("expected_purchases", Sort::Number, |of, _| main(of, |of| real(of.expected))),
    figure("alive", Sort::Number, |of, _| main(of, |of| real(of.alive))),
    figure("rfm_segment", Sort::Word(SEGMENT_CODES), |of, _| {
        main(of, |of| text(of.rfm.value.ok().and_then(Scores::segment)))
    }),
    figure("rfm_recency", Sort::Number, |of, _| score(of, |scores| scores.recency)),
    figure("rfm_frequency", Sort::Number, |of, _| score(of, |scores| scores.frequency)),
    figure("rfm_monetary", Sort::Number, |of, _| score(of, |scores| scores.monetary)),
    // How it pays.
    field("open_balance", Sort::Money, Column::Payment(|of| whole(of.open().value.ok()))),
    field("overdue_balance", Sort::Money, Column::Payment(|of| whole(of.overdue().value.ok()))),
    field("days_overdue", Sort::Number, Column::Payment(|of| real(of.overdue_age.days()))),
    field("days_to_pay", Sort::Number, Column::Payment(|of| real(of.to_pay.days()))),
    field("days_late", Sort::Number, Column::Payment(|of| real(of.late.days()))),
    field("payments_returned", Sort::Number, Column::Payment(|of| number(i64::try_from(of.returned).ok()))),
    fact("credit_limit", Sort::Money, Source::Credit, |of| money(of, |credit| credit.limit)),
    fact("credit_used", Sort::Money, Source::Credit, |of| money(of, |credit| credit.used)),
    // What it says.
    fact("nps_answer", Sort::Number, Source::Voice, |of| number(of.nps.map(i64::from))),
];

const YEAR_DAYS: f64 = 365.0;

pub(super) fn text(text: Option<&str>) -> Sql {
    text.map_or(Sql::Null, |text| Sql::Text(text.to_owned()))
}

fn date(date: Option<BusinessDate>) -> Sql {
    number(date.map(|date| date.days().into()))
}

fn number(number: Option<i64>) -> Sql {
    number.map_or(Sql::Null, Sql::Integer)
}

fn whole(number: Option<i128>) -> Sql {
    self::number(number.and_then(|number| i64::try_from(number).ok()))
}

fn real(figure: Figure<f64>) -> Sql {
    figure.value.map_or(Sql::Null, Sql::Real)
}

fn yes_no(said: Option<bool>) -> Sql {
    text(said.map(|yes| if yes { "yes" } else { "no" }))
}

fn rhythm(of: &ClientFigures, get: impl FnOnce(Rhythm) -> Sql) -> Sql {
    of.rhythm.value.map_or(Sql::Null, get)
}

/// Of the currency in which it buys most often.
fn main(of: &ClientFigures, get: impl FnOnce(&CurrencyFigures) -> Sql) -> Sql {
    let main = of.by_currency.iter().max_by_key(|of| (of.worth.events, Reverse(of.currency)));
    main.map_or(Sql::Null, get)
}

fn score(of: &ClientFigures, get: fn(Scores) -> u8) -> Sql {
    main(of, |of| number(of.rfm.value.ok().map(|scores| get(scores).into())))
}

/// In that currency; without one, in whichever there is any.
fn amount(of: &ClientFigures, currency: Option<Currency>, get: impl Fn(&CurrencyFigures) -> Sql) -> Sql {
    let mut told = of.by_currency.iter().filter(|of| currency.is_none_or(|currency| of.currency == currency));
    told.find_map(|of| Some(get(of)).filter(|value| *value != Sql::Null)).unwrap_or(Sql::Null)
}

fn money(
    of: &Facts<'_>,
    get: impl Fn(&crate::rows::relations::Credit) -> Option<crate::model::Money>,
) -> Sql {
    let in_currency =
        |money: &crate::model::Money| of.currency.is_none_or(|currency| money.currency == currency);
    number(of.credit.and_then(get).filter(in_currency).map(|money| money.minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_all_that_there_are() {
        let of = |sort| match sort {
            Sort::Word(words) => words.to_vec(),
            _ => Vec::new(),
        };
        assert_eq!(of(STATUSES), Status::ALL.map(Status::as_str));
        assert_eq!(of(STAGES), Stage::ALL.map(Stage::as_str));
        assert_eq!(of(CLASSES), Class::ALL.map(Class::as_str));
        assert_eq!(of(MODES), Mode::ALL.iter().map(|mode| mode.as_str()).collect::<Vec<_>>());
        assert_eq!(of(LOSSES), LossReason::ALL.iter().map(|reason| reason.as_str()).collect::<Vec<_>>());
        let segments: Vec<_> = crate::metrics::rfm::segments().map(|segment| segment.code).collect();
        assert_eq!(SEGMENT_CODES, segments);
    }

    #[test]
    fn a_name_is_of_one_field_and_other_fields_that_it_names_are_there() {
        let mut names: Vec<_> = FIELDS.iter().map(|field| field.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), FIELDS.len());
        for field in FIELDS {
            if let Column::DaysSince(name) | Column::DaysUntil(name) = field.column {
                assert_eq!(Field::named(name).map(|field| field.sort), Some(Sort::Date), "{}", field.name);
            }
        }
    }
}
