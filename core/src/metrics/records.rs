//! Parameters of the whole base as office records, in which they travel to phones: one a model and currency, dated,
//! versioned, every number to its last bit.

use super::abc;
use super::bgnbd::BgNbd;
use super::clv::{Model, Trial};
use super::figure::Withheld;
use super::gamma_gamma::GammaGamma;
use super::parameters::{ClassGaps, Parameters};
use super::rfm;
use super::status::HalfDays;
use super::window::Window;
use crate::model::office::{Cut, NamedFloat, Parameter};
use crate::model::{BusinessDate, ClientId, Currency};

/// What the keys of the records begin with; the currency follows after a slash.
const ABC: &str = "abc";
const RFM: &str = "rfm";
const RHYTHM: &str = "rhythm";
const BG_NBD: &str = "bgnbd";
const GAMMA_GAMMA: &str = "gamma_gamma";
const TRIAL_OF_EVENTS: &str = "trial_of_events";
const TRIAL_OF_MONEY: &str = "trial_of_money";
const MEASURES: [&str; 3] = ["recency", "frequency", "monetary"];

/// Key of a model's record.
pub fn key(model: &str, currency: Currency) -> String {
    format!("{model}/{currency}")
}

impl Parameters {
    /// The records and their keys.
    pub fn records(&self, currency: Currency, as_of: BusinessDate, version: u32) -> Vec<(String, Parameter)> {
        let of = |records| Parameter::new(as_of, version, records);
        let days = |name: &str, date: BusinessDate| Cut::new(name, date.days().into(), None);
        let window = || self.window.map(|window| vec![days("from", window.from()), days("to", window.to())]);

        let mut of_abc = Parameter { cuts: window().unwrap_or_default(), ..of(self.abc.clients) };
        for (name, last) in [("a", self.abc.a), ("b", self.abc.b)] {
            of_abc.cuts.extend(last.map(|last| Cut::new(name, last.net, Some(last.client))));
        }
        let mut of_rfm = of(self.rfm.map_or(0, |cuts| cuts.clients));
        if let Some(cuts) = &self.rfm {
            for (name, cuts) in MEASURES.iter().zip([&cuts.recency, &cuts.frequency, &cuts.monetary]) {
                of_rfm.cuts.extend(cuts.iter().map(|cut| Cut::new(*name, cut.value, Some(cut.client))));
            }
        }
        let mut of_rhythm = of(self.abc.clients);
        let gaps = abc::Class::ALL.iter().zip(self.gaps.by_class).map(|(class, gap)| (class.as_str(), gap));
        for (name, gap) in gaps.chain([("all", self.gaps.all)]) {
            of_rhythm.cuts.extend(gap.map(|gap| Cut::new(name, gap.0.into(), None)));
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
        let records = [
            (ABC, of_abc),
            (RFM, of_rfm),
            (RHYTHM, of_rhythm),
            (BG_NBD, floats(clients, of_events)),
            (GAMMA_GAMMA, floats(spenders, of_spend)),
            (TRIAL_OF_EVENTS, floats(clients, trial(trial_of_events))),
            (TRIAL_OF_MONEY, floats(clients, trial(trial_of_money))),
        ];
        records.into_iter().map(|(model, record)| (key(model, currency), record)).collect()
    }

    /// Parameters from their records, which `find` looks up by key; `None` where one is missing or was not written by
    /// [`Parameters::records`].
    pub fn read(currency: Currency, find: impl Fn(&str) -> Option<Parameter>) -> Option<Self> {
        let of = |model: &str| find(&key(model, currency));
        let (of_abc, of_rfm, of_rhythm) = (of(ABC)?, of(RFM)?, of(RHYTHM)?);
        let cut = |record: &Parameter, name: &str| record.cuts.iter().find(|cut| cut.name == name).cloned();
        let day = |name: &str| {
            cut(&of_abc, name).and_then(|cut| BusinessDate::from_days(i32::try_from(cut.value).ok()?))
        };
        let last = |name: &str| {
            cut(&of_abc, name).and_then(|cut| Some(abc::Last { net: cut.value, client: cut.client? }))
        };
        let gap =
            |name: &str| cut(&of_rhythm, name).and_then(|cut| u32::try_from(cut.value).ok()).map(HalfDays);
        let of_events = of(BG_NBD)?;
        let of_spend = of(GAMMA_GAMMA)?;
        let events =
            floats(&of_events, ["r", "alpha", "a", "b"])?.map(|[r, alpha, a, b]| BgNbd { r, alpha, a, b });
        let spend =
            floats(&of_spend, ["p", "q", "v_minor"])?.map(|[p, q, v_minor]| GammaGamma { p, q, v_minor });
        let is_sound = events.is_ok_and(|model| model.is_sound()) || events.is_err();
        if !is_sound || spend.is_ok_and(|model| !model.is_sound()) {
            return None;
        }
        let trial = |model: &str| {
            let found = floats(&of(model)?, ["model_error", "naive_error"])?;
            Some(found.map(|[model_error, naive_error]| Trial { model_error, naive_error }))
        };
        Some(Self {
            window: day("from").zip(day("to")).and_then(|(from, to)| Window::new(from, to)),
            abc: abc::Cuts { a: last("a"), b: last("b"), clients: of_abc.records },
            rfm: rfm_cuts(&of_rfm),
            gaps: ClassGaps { by_class: abc::Class::ALL.map(|class| gap(class.as_str())), all: gap("all") },
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
    use std::collections::BTreeMap;

    use super::*;
    use crate::metrics::parameters::Plan;
    use crate::metrics::testing::base;
    use crate::model::office::{Item, Scope};

    fn some() -> Parameters {
        let days =
            [(1, "2026-01-01", 100), (1, "2026-01-08", 200), (1, "2026-01-15", 300), (3, "2026-02-20", 10)];
        Parameters::of(&base("2026-02-28", "2026-01-01", &days), &Plan::default())
    }

    fn through_records(parameters: &Parameters) -> Option<Parameters> {
        let as_of = "2026-02-28".parse().unwrap();
        let records: BTreeMap<_, _> = parameters.records(Currency::EUR, as_of, 3).into_iter().collect();
        for (key, record) in &records {
            assert_eq!((record.as_of, record.version), (as_of, 3));
            let item = Item::new("", key.as_str(), Scope::Workspace, record.clone()).unwrap();
            assert_eq!(item.validate(), [], "{key}");
        }
        Parameters::read(Currency::EUR, |key| records.get(key).cloned())
    }

    #[test]
    fn parameters_come_back_to_the_last_bit() {
        let withheld = some();
        assert_eq!(through_records(&withheld), Some(withheld));
        let fitted = Parameters {
            model: Model {
                events: Ok(BgNbd { r: 0.1 + 0.2, alpha: 4.4, a: 1e-9, b: 2.0 / 3.0 }),
                spend: Ok(GammaGamma { p: 6.25, q: 3.74, v_minor: 1_544.1 }),
                trial_of_events: Ok(Trial { model_error: 0.7, naive_error: 1.1 }),
                trial_of_money: Err(Withheld::NotFitted),
                clients: 9,
                spenders: 4,
            },
            ..withheld
        };
        assert_eq!(through_records(&fitted), Some(fitted));
        let nothing = Parameters {
            window: None,
            abc: abc::Cuts::default(),
            rfm: None,
            gaps: ClassGaps::default(),
            ..fitted
        };
        assert_eq!(through_records(&nothing), Some(nothing));
    }

    #[test]
    fn records_that_are_missing_or_broken_are_no_parameters() {
        let as_of = "2026-02-28".parse().unwrap();
        let records: BTreeMap<_, _> = some().records(Currency::EUR, as_of, 1).into_iter().collect();
        for missing in records.keys() {
            let found =
                Parameters::read(Currency::EUR, |key| records.get(key).filter(|_| key != missing).cloned());
            assert!(found.is_none(), "{missing}");
        }
        assert_eq!(Parameters::read(Currency::USD, |key| records.get(key).cloned()), None);
        let negative = |key: &str| {
            let mut record = records.get(key).cloned()?;
            if key == "bgnbd/EUR" {
                record.withheld = None;
                record.values = ["r", "alpha", "a", "b"].map(|name| NamedFloat::new(name, -1.0)).to_vec();
            }
            Some(record)
        };
        assert_eq!(Parameters::read(Currency::EUR, negative), None);
    }
}
