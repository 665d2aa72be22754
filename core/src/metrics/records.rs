//! A fit as office records, in which it travels to phones: one of the base, one of usual gaps, and one a model and
//! currency; dated, versioned, every number to its last bit.

use std::collections::{BTreeMap, BTreeSet};

use super::abc;
use super::bgnbd::BgNbd;
use super::clv::{Model, Trial};
use super::figure::Withheld;
use super::gamma_gamma::GammaGamma;
use super::parameters::{ClassGaps, Fit, Parameters};
use super::rfm;
use super::status::HalfDays;
use super::window::Window;
use crate::model::office::{Cut, NamedFloat, Parameter};
use crate::model::{BusinessDate, ClientId};

/// Key of the record of the base as such.
pub const BASE: &str = "base";
const HISTORY_START: &str = "history_start";
const VALUE_MONTHS: &str = "value_months";
/// Key of the record of usual gaps.
const RHYTHM: &str = "rhythm";
const ALL_CLASSES: &str = "all";
/// What keys of a currency's records begin with; its code follows after a slash.
const ABC: &str = "abc";
const RFM: &str = "rfm";
const BG_NBD: &str = "bgnbd";
const GAMMA_GAMMA: &str = "gamma_gamma";
const TRIAL_OF_EVENTS: &str = "trial_of_events";
const TRIAL_OF_MONEY: &str = "trial_of_money";
const CURRENCY_MODELS: [&str; 6] = [ABC, RFM, BG_NBD, GAMMA_GAMMA, TRIAL_OF_EVENTS, TRIAL_OF_MONEY];
const MEASURES: [&str; 3] = ["recency", "frequency", "monetary"];

impl Fit {
    /// The records and their keys.
    pub fn records(&self) -> BTreeMap<String, Parameter> {
        let of = |records| Parameter::new(self.as_of, self.version, records);
        let mut base = of(self.clients);
        base.cuts.push(days(HISTORY_START, self.history_start));
        base.cuts.extend(self.value_months.map(|months| Cut::new(VALUE_MONTHS, months.into(), None)));
        let mut rhythm = of(self.clients);
        let gaps = abc::Class::ALL.iter().zip(self.gaps.by_class).map(|(class, gap)| (class.as_str(), gap));
        for (name, gap) in gaps.chain([(ALL_CLASSES, self.gaps.all)]) {
            rhythm.cuts.extend(gap.map(|gap| Cut::new(name, gap.0.into(), None)));
        }
        let mut records = BTreeMap::from([(BASE.to_owned(), base), (RHYTHM.to_owned(), rhythm)]);
        for (currency, parameters) in &self.by_currency {
            let of_currency = parameters.records(of);
            records.extend(of_currency.map(|(model, record)| (format!("{model}/{currency}"), record)));
        }
        records
    }

    /// Whether a record of that key may be one of a fit's.
    pub fn holds(key: &str) -> bool {
        match key.split_once('/') {
            Some((model, _)) => CURRENCY_MODELS.contains(&model),
            None => key == BASE || key == RHYTHM,
        }
    }

    /// A fit from its records, by key; others among them are passed over. `None` where one is missing, is of another
    /// version (the rest is still to come), or was not written by [`Fit::records`].
    pub fn read(records: &BTreeMap<String, Parameter>) -> Option<Self> {
        let base = records.get(BASE)?;
        let find = |key: &str| records.get(key).filter(|record| record.version == base.version);
        let rhythm = find(RHYTHM)?;
        let gap = |name: &str| cut(rhythm, name).and_then(|cut| u32::try_from(cut.value).ok()).map(HalfDays);
        let mut by_currency = BTreeMap::new();
        let keys = records.keys().filter(|key| Self::holds(key));
        let codes: BTreeSet<&str> = keys.filter_map(|key| Some(key.split_once('/')?.1)).collect();
        for code in codes {
            let of = |model: &str| find(&format!("{model}/{code}"));
            by_currency.insert(code.parse().ok()?, Parameters::read(of)?);
        }
        Some(Self {
            as_of: base.as_of,
            version: base.version,
            history_start: day(base, HISTORY_START)?,
            value_months: cut(base, VALUE_MONTHS).and_then(|cut| u32::try_from(cut.value).ok()),
            clients: base.records,
            gaps: ClassGaps {
                by_class: abc::Class::ALL.map(|class| gap(class.as_str())),
                all: gap(ALL_CLASSES),
            },
            by_currency,
        })
    }
}

impl Parameters {
    fn records(&self, of: impl Fn(u64) -> Parameter) -> [(&'static str, Parameter); 6] {
        let mut of_abc = of(self.abc.clients);
        if let Some(window) = self.window {
            of_abc.cuts.extend([days("from", window.from()), days("to", window.to())]);
        }
        for (name, last) in [("a", self.abc.a), ("b", self.abc.b)] {
            of_abc.cuts.extend(last.map(|last| Cut::new(name, last.net, Some(last.client))));
        }
        let mut of_rfm = of(self.rfm.map_or(0, |cuts| cuts.clients));
        if let Some(cuts) = &self.rfm {
            for (name, cuts) in MEASURES.iter().zip([&cuts.recency, &cuts.frequency, &cuts.monetary]) {
                of_rfm.cuts.extend(cuts.iter().map(|cut| Cut::new(*name, cut.value, Some(cut.client))));
            }
        }
        let floats = |records, found: Result<Vec<(&str, f64)>, Withheld>| match found {
            Ok(values) => {
                let values = values.into_iter().map(|(name, value)| NamedFloat::new(name, value)).collect();
                Parameter { values, ..of(records) }
            }
            Err(why) => Parameter { withheld: Some(why.as_str().to_owned()), ..of(records) },
        };
        let Model { events, spend, trial_of_events, trial_of_money, clients, spenders } = self.model;
        let trial = |trial: Result<Trial, Withheld>| {
            trial.map(|of| vec![("model_error", of.model_error), ("naive_error", of.naive_error)])
        };
        let of_events = events.map(|of| vec![("r", of.r), ("alpha", of.alpha), ("a", of.a), ("b", of.b)]);
        let of_spend = spend.map(|of| vec![("p", of.p), ("q", of.q), ("v_minor", of.v_minor)]);
        [
            (ABC, of_abc),
            (RFM, of_rfm),
            (BG_NBD, floats(clients, of_events)),
            (GAMMA_GAMMA, floats(spenders, of_spend)),
            (TRIAL_OF_EVENTS, floats(clients, trial(trial_of_events))),
            (TRIAL_OF_MONEY, floats(clients, trial(trial_of_money))),
        ]
    }

    fn read<'r>(of: impl Fn(&str) -> Option<&'r Parameter>) -> Option<Self> {
        let (of_abc, of_rfm) = (of(ABC)?, of(RFM)?);
        let last = |name: &str| {
            cut(of_abc, name).and_then(|cut| Some(abc::Last { net: cut.value, client: cut.client? }))
        };
        let of_events = of(BG_NBD)?;
        let of_spend = of(GAMMA_GAMMA)?;
        let events =
            floats(of_events, ["r", "alpha", "a", "b"])?.map(|[r, alpha, a, b]| BgNbd { r, alpha, a, b });
        let spend =
            floats(of_spend, ["p", "q", "v_minor"])?.map(|[p, q, v_minor]| GammaGamma { p, q, v_minor });
        let is_sound = events.is_ok_and(|model| model.is_sound()) || events.is_err();
        if !is_sound || spend.is_ok_and(|model| !model.is_sound()) {
            return None;
        }
        let trial = |model: &str| {
            let found = floats(of(model)?, ["model_error", "naive_error"])?;
            Some(found.map(|[model_error, naive_error]| Trial { model_error, naive_error }))
        };
        Some(Self {
            window: day(of_abc, "from").zip(day(of_abc, "to")).and_then(|(from, to)| Window::new(from, to)),
            abc: abc::Cuts { a: last("a"), b: last("b"), clients: of_abc.records },
            rfm: rfm_cuts(of_rfm),
            model: Model {
                events,
                spend,
                trial_of_events: trial(TRIAL_OF_EVENTS)?,
                trial_of_money: trial(TRIAL_OF_MONEY)?,
                clients: of_events.records,
                spenders: of_spend.records,
            },
        })
    }
}

fn days(name: &str, date: BusinessDate) -> Cut {
    Cut::new(name, date.days().into(), None)
}

fn cut<'r>(record: &'r Parameter, name: &str) -> Option<&'r Cut> {
    record.cuts.iter().find(|cut| cut.name == name)
}

fn day(record: &Parameter, name: &str) -> Option<BusinessDate> {
    cut(record, name).and_then(|cut| BusinessDate::from_days(i32::try_from(cut.value).ok()?))
}

/// The named numbers, or why they are withheld; `None` where neither is there.
fn floats<const N: usize>(record: &Parameter, names: [&str; N]) -> Option<Result<[f64; N], Withheld>> {
    if let Some(why) = &record.withheld {
        return Withheld::parse(why).map(Err);
    }
    let mut found = [0.0; N];
    for (place, name) in found.iter_mut().zip(names) {
        *place = record.value(name)?;
    }
    Some(Ok(found))
}

fn rfm_cuts(record: &Parameter) -> Option<rfm::Cuts> {
    let of = |name: &str| -> Option<[rfm::Cut; 4]> {
        let cuts = record.cuts.iter().filter(|cut| cut.name == name);
        let cuts: Option<Vec<rfm::Cut>> = cuts.map(|cut| read_cut(cut.value, cut.client)).collect();
        cuts?.try_into().ok()
    };
    let [recency, frequency, monetary] = MEASURES.map(of);
    Some(rfm::Cuts { recency: recency?, frequency: frequency?, monetary: monetary?, clients: record.records })
}

fn read_cut(value: i64, client: Option<ClientId>) -> Option<rfm::Cut> {
    Some(rfm::Cut { value, client: client? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::parameters::Plan;
    use crate::metrics::testing::books;
    use crate::model::Currency;
    use crate::model::office::{Item, Scope};

    fn some() -> Fit {
        let days =
            [(1, "2026-01-01", 100), (1, "2026-01-08", 200), (1, "2026-01-15", 300), (3, "2026-02-20", 10)];
        Fit::of(books("2026-02-28", &days), &Plan::default(), 3)
    }

    fn with(parameters: Parameters) -> Fit {
        Fit { by_currency: BTreeMap::from([(Currency::EUR, parameters)]), ..some() }
    }

    fn through_records(fit: &Fit) -> Option<Fit> {
        let records = fit.records();
        for (key, record) in &records {
            assert_eq!((record.as_of, record.version), (fit.as_of, 3));
            let item = Item::new("", key.as_str(), Scope::Workspace, record.clone()).unwrap();
            assert_eq!(item.validate(), [], "{key}");
            assert!(Fit::holds(key), "{key}");
        }
        Fit::read(&records)
    }

    #[test]
    fn parameters_come_back_to_the_last_bit() {
        let withheld = some();
        assert_eq!(through_records(&withheld), Some(withheld.clone()));
        let of_eur = withheld.by_currency[&Currency::EUR];
        let fitted = Parameters {
            model: Model {
                events: Ok(BgNbd { r: 0.1 + 0.2, alpha: 4.4, a: 1e-9, b: 2.0 / 3.0 }),
                spend: Ok(GammaGamma { p: 6.25, q: 3.74, v_minor: 1_544.1 }),
                trial_of_events: Ok(Trial { model_error: 0.7, naive_error: 1.1 }),
                trial_of_money: Err(Withheld::NotFitted),
                clients: 9,
                spenders: 4,
            },
            ..of_eur
        };
        let nothing = Parameters { window: None, abc: abc::Cuts::default(), rfm: None, ..fitted };
        for parameters in [fitted, nothing] {
            let fit = with(parameters);
            assert_eq!(through_records(&fit), Some(fit));
        }
        let mut two = with(fitted);
        two.by_currency.insert(Currency::USD, nothing);
        two.value_months = None;
        assert_eq!(through_records(&two), Some(two));
        let none = Fit { by_currency: BTreeMap::new(), gaps: ClassGaps::default(), ..some() };
        assert_eq!(through_records(&none), Some(none));
    }

    #[test]
    fn records_that_are_missing_broken_or_of_another_fit_are_no_parameters() {
        let records = some().records();
        assert!(Fit::read(&records).is_some());
        for key in records.keys() {
            let mut without = records.clone();
            without.remove(key);
            assert_eq!(Fit::read(&without), None, "{key}");
        }
        for key in records.keys() {
            let mut older = records.clone();
            older.get_mut(key).unwrap().version = 2;
            assert_eq!(Fit::read(&older), None, "{key}");
        }
        let mut negative = records.clone();
        let record = negative.get_mut("bgnbd/EUR").unwrap();
        record.withheld = None;
        record.values = ["r", "alpha", "a", "b"].map(|name| NamedFloat::new(name, -1.0)).to_vec();
        assert_eq!(Fit::read(&negative), None);
    }

    #[test]
    fn other_parameters_are_let_be() {
        let mut records = some().records();
        for key in ["basket", "basket/EUR", "rhythm/EUR", "abc"] {
            assert!(!Fit::holds(key), "{key}");
            records.insert(key.into(), Parameter::new(some().as_of, 9, 1));
        }
        assert_eq!(Fit::read(&records), Some(some()));
    }
}
