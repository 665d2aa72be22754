//! Movement, risk, reach and voice of a whole portfolio: every figure that needs more than days of sales.

use std::collections::{BTreeMap, BTreeSet};

use super::abc::Class;
use super::acquisition;
use super::base::Base;
use super::contact_data;
use super::coverage::{Coverage, Intervals, PlanDone, Standing, coverage, plan_done};
use super::falling::{self, Change};
use super::figure::{Figure, Ratio, Withheld};
use super::funnel::{Count, Funnel, funnel};
use super::lines::{self, Families, FamilyChange};
use super::losses::{Lost, losses};
use super::margin::Margin;
use super::modes::modes;
use super::movement::{self, Movement, Period};
use super::objectives::{Achieved, Ledger};
use super::payment::{Payment, payment};
use super::penetration::{Region, penetration};
use super::renewals::{Renewals, renewals};
use super::spread::{self, Dimension, Part, Spread};
use super::status::Status;
use super::voice::{self, Voice};
use super::window::Window;
use super::work::{self, Work};
use crate::model::record::{Asked, LossReason, Mode, Survey};
use crate::model::{BusinessDate, ClientId, Currency, PersonId};
use crate::rows::plan::{Calendar, PlannedVisit};
use crate::rows::relations::{Relations, Settings, Target};

/// How these figures are to be computed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// Months of concentration, payment, losses, renewals, voice, acquisition, penetration.
    pub months: u32,
    /// Days of planned and done, and of the work of visits.
    pub work_days: u32,
    pub intervals: Intervals,
    pub falling: falling::Plan,
    /// Whether Easter is aligned.
    pub easter: bool,
    pub answers_min: u64,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            months: 12,
            work_days: 28,
            intervals: Intervals::default(),
            falling: falling::Plan::default(),
            easter: true,
            answers_min: voice::ANSWERS_MIN,
        }
    }
}

impl Plan {
    /// Days of planned and done, and of the work of visits; `None` where there were none so long ago.
    pub fn work(&self, as_of: BusinessDate) -> Option<Window> {
        Window::days(as_of, self.work_days, 0)
    }

    /// As the workspace wants it.
    pub fn of(settings: &Settings) -> Self {
        let default = Self::default();
        let mut intervals = default.intervals;
        for (days, set) in intervals.0.iter_mut().zip(settings.visit_days) {
            *days = set.unwrap_or(*days);
        }
        Self {
            intervals,
            easter: settings.align_easter.unwrap_or(default.easter),
            answers_min: settings.answers_min.map_or(default.answers_min, u64::from),
            ..default
        }
    }
}

/// Calendar months of the movement of sales.
const MONTHS_SHOWN: u32 = 12;

/// What is computed of a portfolio, and from what. `bases` are of one as-of date and one start of history.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    pub as_of: BusinessDate,
    pub history_start: BusinessDate,
    pub bases: &'a [&'a Base],
    pub relations: &'a Relations,
    /// Visits of the plan's rules in [`Plan::work`], as they were known (`rows::plan::of_rules_as_of`).
    pub planned: &'a [PlannedVisit],
    /// What figures of sales say of the clients; one that is missing is a lead, or closed.
    pub standing: &'a BTreeMap<ClientId, Standing>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// Currencies with sales or due items, by code.
    pub currencies: Vec<OfCurrency>,
    pub objectives: Vec<(Target, Achieved)>,
    pub coverage: Coverage,
    pub plan_done: BTreeMap<Option<PersonId>, PlanDone>,
    pub work: BTreeMap<Option<PersonId>, Work>,
    pub stale: Figure<Ratio>,
    /// Clients by mode, and those of them whose mode somebody set.
    pub modes: BTreeMap<Mode, (u64, u64)>,
    /// By kind of establishment and by ABC class.
    pub losses_by_sector: BTreeMap<(Option<String>, LossReason), Lost>,
    pub losses_by_class: BTreeMap<(Option<Class>, LossReason), Lost>,
    pub renewals: Renewals,
    pub voice: BTreeMap<Survey, BTreeMap<Asked, Voice>>,
    pub new_clients: Figure<u64>,
    pub funnel: Funnel,
    pub leads_by_source: BTreeMap<Option<String>, Count>,
    pub leads_by_region: BTreeMap<Option<String>, Count>,
    pub regions: Vec<Region>,
}

/// What stands in one currency.
#[derive(Debug, Clone, PartialEq)]
pub struct OfCurrency {
    pub currency: Currency,
    pub movement: Vec<(Period, Movement)>,
    pub months: Vec<(BusinessDate, Movement)>,
    pub by_rep: Vec<(Period, BTreeMap<Option<PersonId>, Movement>)>,
    /// By name; `None`: of no family.
    pub by_family: Vec<(Period, BTreeMap<Option<String>, Movement>)>,
    pub spreads: Vec<(Dimension, Result<Spread, Withheld>)>,
    pub falling: Falling,
    /// Coverage weighted by revenue.
    pub coverage: Figure<Ratio>,
    pub payment: Payment,
    pub margin: Margin,
    /// CLV to come in margin; where that in revenue is known (`portfolio::overview`).
    pub margin_to_come: Figure<f64>,
    /// Minor units, and records.
    pub spend: Option<(i128, u64)>,
    pub cac: Figure<f64>,
}

/// Clients whose volume falls.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Falling {
    /// Clients that could be compared.
    pub compared: u64,
    /// The greatest loss first.
    pub clients: Vec<(ClientId, Change)>,
    /// Families of clients that could be compared.
    pub families_compared: u64,
    /// By name of the family; the greatest loss first.
    pub families: Vec<(Option<String>, FamilyChange)>,
}

impl Inputs<'_> {
    /// Where every client stands. One of which figures of sales say nothing never bought.
    fn standings(&self) -> BTreeMap<ClientId, Standing> {
        let closed: BTreeSet<ClientId> = self.relations.closed.iter().map(|of| of.client).collect();
        let clients = self.relations.clients.keys().map(|client| {
            let status = if closed.contains(client) { Status::Closed } else { Status::Lead };
            (*client, self.standing.get(client).copied().unwrap_or(Standing { status, class: None }))
        });
        clients.collect()
    }

    /// Whoever a rep logged a purchase of before the history begins bought before.
    fn older(&self) -> BTreeSet<ClientId> {
        let ordered = self.relations.visits.ordered.iter().filter(|order| order.date < self.history_start);
        ordered.map(|order| order.client).collect()
    }

    fn base_of(&self, currency: Currency) -> Option<&Base> {
        self.bases.iter().copied().find(|base| base.currency() == currency)
    }
}

impl Overview {
    pub fn of(inputs: &Inputs<'_>, plan: &Plan) -> Self {
        let Inputs { as_of, relations, bases, .. } = *inputs;
        let standings = inputs.standings();
        let nobody = Standing { status: Status::Lead, class: None };
        let standing = |client: &ClientId| standings.get(client).copied().unwrap_or(nobody);
        let open =
            || standings.iter().filter(|(_, of)| of.status != Status::Closed).map(|(client, _)| *client);
        let kept = standings.iter().filter(|(_, of)| !of.status.is_gone()).map(|(client, _)| *client);
        let events = acquisition::events(bases);
        let older = inputs.older();
        let calendar = Calendar::of(&relations.people);
        let (clients, visits) = (&relations.clients, &relations.visits);
        let coverage = coverage(clients, standing, visits, &calendar, plan.intervals, as_of);
        let is_closed = |client: &ClientId| standing(client).status == Status::Closed;
        let ledger = Ledger {
            bases,
            lines: &relations.lines,
            clients,
            people: &relations.people,
            visits,
            events: &events,
            older: &older,
            history_start: inputs.history_start,
            as_of,
        };
        let mut mode_counts: BTreeMap<Mode, (u64, u64)> = BTreeMap::new();
        let of_status = standings.iter().map(|(client, of)| (*client, of.status));
        for looked in modes(of_status, &relations.agreements, &relations.modes, as_of).values() {
            let (all, set) = mode_counts.entry(looked.mode).or_default();
            *all += 1;
            *set += u64::from(looked.set.is_some());
        }
        let fresh = contact_data::fresh(&relations.confirmed, as_of);
        let last_closed: BTreeMap<ClientId, BusinessDate> =
            relations.closed.iter().map(|of| (of.client, of.date)).collect();
        let mut found = Self {
            currencies: Vec::new(),
            objectives: relations
                .targets
                .iter()
                .filter_map(|target| Some((target.clone(), ledger.achieved(target)?)))
                .collect(),
            coverage,
            plan_done: BTreeMap::new(),
            work: BTreeMap::new(),
            stale: contact_data::stale(kept, &fresh),
            modes: mode_counts,
            losses_by_sector: BTreeMap::new(),
            losses_by_class: BTreeMap::new(),
            renewals: Renewals::default(),
            voice: BTreeMap::new(),
            new_clients: Figure::withheld(Withheld::NoData, 0),
            funnel: Funnel::default(),
            leads_by_source: BTreeMap::new(),
            leads_by_region: BTreeMap::new(),
            regions: Vec::new(),
        };
        if let Some(days) = plan.work(as_of) {
            found.plan_done = plan_done(inputs.planned, clients, visits, &calendar, days);
            found.work = work::by_person(visits, days);
        }
        if let Some(window) = Window::months(as_of, plan.months, 0) {
            let sector = |client: &ClientId| clients.get(client).and_then(|of| of.sector.clone());
            found.losses_by_sector = losses(&relations.closed, window, bases, is_closed, sector);
            found.losses_by_class =
                losses(&relations.closed, window, bases, is_closed, |client| standing(client).class);
            let closed_on =
                |client: &ClientId| last_closed.get(client).copied().filter(|_| is_closed(client));
            found.renewals = renewals(&relations.agreements, window, closed_on);
            for survey in Survey::ALL {
                let by_asked = voice::by_asked(&relations.answers, *survey, window);
                if !by_asked.is_empty() {
                    found.voice.insert(*survey, by_asked);
                }
            }
            found.new_clients = acquisition::new_clients(&events, inputs.history_start, window, |client| {
                older.contains(client)
            });
            let status = |client: &ClientId| standing(client).status;
            found.funnel = funnel(clients, status, visits, &relations.closed, &events, window, as_of);
            let of = |client: &ClientId| clients.get(client);
            found.leads_by_source = found.funnel.by(|client| of(client).and_then(|of| of.source.clone()));
            found.leads_by_region = found.funnel.by(|client| of(client).and_then(|of| of.region.clone()));
            let regions =
                open().map(|client| (client, clients.get(&client).and_then(|of| of.region.as_deref())));
            found.regions = penetration(regions, &events, &relations.census, window, as_of);
        }
        for currency in super::payment::currencies(&relations.dues, bases) {
            let of = OfCurrency::of(inputs, plan, currency, &calendar, &found);
            found.currencies.push(of);
        }
        found
    }
}

impl OfCurrency {
    fn of(inputs: &Inputs<'_>, plan: &Plan, currency: Currency, calendar: &Calendar, all: &Overview) -> Self {
        let Inputs { as_of, relations, history_start, .. } = *inputs;
        let nobody = Base::new(currency, as_of, history_start);
        let base = inputs.base_of(currency).unwrap_or(&nobody);
        let families = Families::of(&relations.lines, currency, history_start);
        let clients = &relations.clients;
        let rep =
            |client: &ClientId| clients.get(client).and_then(|of| calendar.rep_of(of.territory.as_ref()));
        let periods = || Period::ALL.into_iter().filter_map(|period| Some((period, period.window(as_of)?)));
        let named = |by: BTreeMap<Option<u32>, Movement>| {
            by.into_iter().map(|(family, of)| (families.family(family).map(str::to_owned), of)).collect()
        };
        let (now, before) = (Window::months(as_of, plan.months, 0), Window::months(as_of, plan.months, 1));
        let group = |client: &ClientId| spread::group_of(client, clients.get(client));
        let region = |client: &ClientId| clients.get(client).and_then(|of| of.region.clone()).map(Part::Name);
        let spread_by = |dimension| match (dimension, now) {
            (Dimension::OpenCredit, _) => {
                Ok(spread::of_open_credit(&relations.dues, &relations.credits, currency, as_of, group))
            }
            (_, None) => Err(Withheld::BeforeHistory),
            (Dimension::Group, Some(now)) => {
                spread::of_revenue(base, now, before, |client| Some(group(client)))
            }
            (Dimension::Region, Some(now)) => spread::of_revenue(base, now, before, region),
            (Dimension::Rep, Some(now)) => {
                spread::of_revenue(base, now, before, |client| rep(client).map(Part::Person))
            }
            (Dimension::Family, Some(now)) => spread::of_families(&families, now, before),
        };
        let revenue = |client: &ClientId| {
            let purchases = base.of(client).zip(now);
            purchases.map_or(0, |(of, window)| super::concentration::clamp(of.within(window).net()))
        };
        let spend = now.and_then(|now| acquisition::spend(&relations.spent, now).get(&currency).copied());
        Self {
            currency,
            movement: periods().map(|(period, window)| (period, movement::of_base(base, window))).collect(),
            months: movement::by_month(base, MONTHS_SHOWN),
            by_rep: periods()
                .map(|(period, window)| (period, movement::by_client(base, window, rep)))
                .collect(),
            by_family: periods()
                .map(|(period, window)| (period, named(movement::by_family(&families, window))))
                .collect(),
            spreads: Dimension::ALL.map(|dimension| (dimension, spread_by(dimension))).to_vec(),
            falling: Falling::of(base, &families, plan),
            coverage: all.coverage.weighted(revenue),
            payment: match now {
                Some(now) => payment(&relations.dues, currency, now, as_of),
                None => Payment::default(),
            },
            margin: Margin::of(&relations.earned, base),
            margin_to_come: Figure::withheld(Withheld::NotComputed, 0),
            spend,
            cac: acquisition::cac(spend, all.new_clients),
        }
    }
}

impl Falling {
    fn of(base: &Base, families: &Families<'_>, plan: &Plan) -> Self {
        let as_of = base.as_of();
        let how = if plan.easter { plan.falling.with_easter(as_of) } else { plan.falling };
        let mut found = Self::default();
        for (client, purchases) in base.iter() {
            if let Ok(change) = falling::revenue(base, purchases, how).value {
                found.compared += 1;
                if change.is_falling() {
                    found.clients.push((client, change));
                }
            }
        }
        found.clients.sort_by_key(|(client, change)| (std::cmp::Reverse(change.lost()), *client));
        for change in lines::falling(families, base.currency(), as_of, how) {
            found.families_compared += u64::from(change.revenue.value.is_ok() || change.units.value.is_ok());
            if change.is_falling() {
                found.families.push((families.family(change.family).map(str::to_owned), change));
            }
        }
        let lost = |change: &FamilyChange| change.revenue.value.map_or(0, |of| of.lost());
        found.families.sort_by(|(name, one), (other_name, other)| {
            lost(other).cmp(&lost(one)).then(one.client.cmp(&other.client)).then(name.cmp(other_name))
        });
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_workspace_set_counts_and_the_rest_is_as_it_was() {
        assert_eq!(Plan::of(&Settings::default()), Plan::default());
        let settings =
            Settings { visit_days: [None, Some(45), None], answers_min: Some(5), align_easter: Some(false) };
        let plan = Plan::of(&settings);
        assert_eq!((plan.intervals, plan.answers_min, plan.easter), (Intervals([15, 45, 60]), 5, false));
    }
}
