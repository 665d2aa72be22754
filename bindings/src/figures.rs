//! What clients are worth, how they move, whom to call, and how the month goes (*Mi mes*).

use std::sync::Arc;

use cartera_core::metrics::client::ClientFigures as CoreFigures;
use cartera_core::metrics::{Figure, Withheld};
use cartera_core::model::Currency;
use cartera_core::portfolio::overview;
use cartera_core::query::figures;
use cartera_core::rows::window;

use crate::shared::{Shared, limit};
use crate::values::currency;
use crate::{AbcClass, BusinessDate, CarteraError, ClientId, ClientStatus, Money};

/// Figures.
#[derive(Debug, uniffi::Object)]
pub struct Figures {
    pub(crate) shared: Arc<Shared>,
}

/// A client's figures, as of today.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct ClientFigures {
    pub client: ClientId,
    pub status: ClientStatus,
    pub first_purchase: Option<BusinessDate>,
    pub last_purchase: Option<BusinessDate>,
    /// Missing where there are too few purchases to say.
    pub rhythm: Option<Rhythm>,
    pub by_currency: Vec<CurrencyFigures>,
}

/// How often a client buys.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Record)]
pub struct Rhythm {
    /// Days between purchases, the middle one of them.
    pub usual_days: f64,
    /// Nine in ten are no longer apart.
    pub p90_days: u32,
    pub since_days: u32,
    pub missed: bool,
}

/// A value, or why there is none: the words are `withheld-<code>`.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum MoneyFigure {
    Value { money: Money },
    Withheld { code: String },
}

/// A share or a probability, or why there is none.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum RatioFigure {
    Value { ratio: f64 },
    Withheld { code: String },
}

#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct CurrencyFigures {
    pub currency: String,
    pub net_revenue: Money,
    /// Purchase events.
    pub events: u64,
    pub class: Option<AbcClass>,
    /// Probability that the client still buys.
    pub alive: RatioFigure,
    /// What it will be worth over the horizon.
    pub clv: MoneyFigure,
    /// The last weeks over those that they are compared with; under 0.7 it is falling.
    pub volume: RatioFigure,
}

/// Somebody to call.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Call {
    pub client: ClientId,
    pub name: String,
    pub at_stake: Money,
    pub status: ClientStatus,
}

/// How a month goes.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct MyMonth {
    pub by_currency: Vec<MonthRevenue>,
    /// Visits that were made.
    pub visits: u64,
    pub visits_with_order: u64,
    /// Visits of the visit plan up to today, and those of them that were made.
    pub planned: u64,
    pub planned_done: u64,
    /// Clients with an interval who were seen within it, and all of those.
    pub covered: u64,
    pub to_cover: u64,
    pub objectives: Vec<Objective>,
}

#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct MonthRevenue {
    pub net: MoneyFigure,
    /// The same days a year before.
    pub year_before: MoneyFigure,
}

/// A target and how far it is.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Objective {
    /// Stable word of what is counted.
    pub measure: String,
    pub from: BusinessDate,
    pub to: BusinessDate,
    /// In minor units of `currency` for net revenue, else a count.
    pub target: i64,
    /// Missing where it cannot be said.
    pub achieved: Option<i64>,
    pub currency: Option<String>,
    pub days_over: u32,
    pub days: u32,
}

#[uniffi::export]
impl Figures {
    /// As of today; of a client that was merged into another, the other's.
    pub fn of_client(&self, client: ClientId) -> Result<ClientFigures, CarteraError> {
        let client = client.read()?;
        self.shared.read(|conn, engine| {
            let figures = figures::of_client(conn, &client, engine.today()?)?;
            figures
                .map(Into::into)
                .ok_or_else(|| CarteraError::not_found("unknown_client", "no such client here"))
        })
    }

    /// Whom to call first, in one currency: those who missed their rhythm, the greatest value at stake first.
    pub fn to_call(&self, currency: String, most: u32) -> Result<Vec<Call>, CarteraError> {
        let currency = self::currency(&currency)?;
        self.shared.read(|conn, engine| {
            let calls = figures::to_call(conn, currency, engine.today()?, limit(most))?;
            let call = |call: figures::Call| Call {
                client: call.figures.client.into(),
                name: call.name,
                at_stake: rounded(call.at_stake, currency),
                status: call.figures.status.into(),
            };
            Ok(calls.into_iter().map(call).collect())
        })
    }

    /// This month up to today, of all that this device sees.
    pub fn my_month(&self) -> Result<MyMonth, CarteraError> {
        self.shared.read(|conn, engine| {
            let today = engine.today()?;
            let overview = overview::read(conn, None, today, window::sales_from(conn)?, false)?.overview;
            Ok(month::read(overview))
        })
    }
}

mod month {
    use cartera_core::metrics::movement::Period;
    use cartera_core::metrics::overview::Overview;

    use super::{MonthRevenue, MyMonth, Objective, amount};

    pub(super) fn read(overview: Overview) -> MyMonth {
        let revenue = overview.currencies.iter().filter_map(|of| {
            let (_, movement) = of.movement.iter().find(|(period, _)| *period == Period::Month)?;
            Some(MonthRevenue {
                net: amount(&movement.now, of.currency),
                year_before: amount(&movement.before, of.currency),
            })
        });
        let by_currency = revenue.collect();
        let works = overview.work.values();
        let (visits, visits_with_order) =
            works.fold((0, 0), |(all, with), work| (all + work.visits, with + work.with_order));
        let (planned, planned_done) = overview
            .plan_done
            .values()
            .fold((0, 0), |(planned, done), plan| (planned + plan.planned, done + plan.done));
        let covered =
            overview.coverage.due.iter().filter(|due| due.ever_visited && !due.is_overdue()).count() as u64;
        let to_cover = overview.coverage.due.len() as u64;
        let objective = |(target, achieved): &(_, cartera_core::metrics::objectives::Achieved)| {
            let target: &cartera_core::rows::relations::Target = target;
            let of = &target.objective;
            Objective {
                measure: of.measure.as_str().to_owned(),
                from: of.from.into(),
                to: of.to.into(),
                target: i64::try_from(achieved.target).unwrap_or(i64::MAX),
                achieved: achieved.achieved.value.ok().and_then(|value| i64::try_from(value).ok()),
                currency: of.amount.map(|amount| amount.currency.to_string()),
                days_over: achieved.days_over,
                days: achieved.days,
            }
        };
        let objectives = overview.objectives.iter().map(objective).collect();
        MyMonth {
            by_currency,
            visits,
            visits_with_order,
            planned,
            planned_done,
            covered,
            to_cover,
            objectives,
        }
    }
}

fn amount(figure: &Figure<i128>, currency: Currency) -> MoneyFigure {
    match &figure.value {
        Ok(minor) => MoneyFigure::Value { money: Money::of(*minor, currency) },
        Err(why) => MoneyFigure::Withheld { code: why.as_str().to_owned() },
    }
}

fn ratio(value: Result<f64, Withheld>) -> RatioFigure {
    match value {
        Ok(ratio) => RatioFigure::Value { ratio },
        Err(why) => RatioFigure::Withheld { code: why.as_str().to_owned() },
    }
}

/// A prediction in whole minor units.
fn rounded(minor: f64, currency: Currency) -> Money {
    Money { minor: minor.round() as i64, currency: currency.to_string() }
}

impl From<CoreFigures> for ClientFigures {
    fn from(figures: CoreFigures) -> Self {
        let rhythm = figures.rhythm.value.ok().map(|rhythm| Rhythm {
            usual_days: rhythm.median_gap.days(),
            p90_days: rhythm.p90_days,
            since_days: rhythm.since_days,
            missed: rhythm.is_missed(),
        });
        let by_currency = figures.by_currency.into_iter().map(|of| CurrencyFigures {
            currency: of.currency.to_string(),
            net_revenue: Money::of(of.worth.net, of.currency),
            events: of.worth.events,
            class: of.class.value.ok().map(Into::into),
            alive: ratio(of.alive.value),
            clv: match of.clv.value {
                Ok(minor) => MoneyFigure::Value { money: rounded(minor, of.currency) },
                Err(why) => MoneyFigure::Withheld { code: why.as_str().to_owned() },
            },
            volume: ratio(of.falling.value.map(|change| change.ratio.get())),
        });
        Self {
            client: figures.client.into(),
            status: figures.status.into(),
            first_purchase: figures.first.map(Into::into),
            last_purchase: figures.last.map(Into::into),
            rhythm,
            by_currency: by_currency.collect(),
        }
    }
}
