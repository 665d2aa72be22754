//! Renewal rate of agreements: renewed / due in the window, with amounts.

use std::collections::BTreeMap;

use super::figure::{Figure, Ratio};
use super::window::Window;
use crate::model::record::Renewal;
use crate::model::{BusinessDate, ClientId, Currency, RecordId};
use crate::rows::relations::Agreed;

/// Agreed volumes of one currency, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Volumes {
    /// Of the agreements that came to their end.
    pub due: i128,
    /// Of those that were renewed.
    pub kept: i128,
    /// Of what renewed them.
    pub renewed: i128,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Renewals {
    /// Agreements whose last day fell into the window.
    pub due: u64,
    pub renewed: u64,
    pub volumes: BTreeMap<Currency, Volumes>,
}

impl Renewals {
    /// Records are the agreements that were due.
    pub fn rate(&self) -> Figure<Ratio> {
        Ratio::figure(self.renewed, self.due, self.due)
    }

    /// The rate in money: volume of the agreements kept over volume due.
    pub fn rate_in_money(&self, currency: Currency) -> Figure<Ratio> {
        let volumes = self.volumes.get(&currency).copied().unwrap_or_default();
        Ratio::figure(volumes.kept, volumes.due, self.due)
    }
}

/// Agreements that came to their end in a window. One that goes on by itself is renewed unless the client was closed by
/// then (`closed` tells when); the others where another agreement names them.
pub fn renewals(
    agreements: &[Agreed],
    window: Window,
    closed: impl Fn(&ClientId) -> Option<BusinessDate>,
) -> Renewals {
    let by: BTreeMap<RecordId, &Agreed> = agreements.iter().filter_map(|of| Some((of.renews?, of))).collect();
    let mut found = Renewals::default();
    for of in agreements {
        let Some(until) = of.agreement.until.filter(|until| window.contains(*until)) else { continue };
        let renewal = by.get(&of.record);
        let goes_on = of.agreement.renewal == Some(Renewal::Automatic)
            && closed(&of.client).is_none_or(|closed| closed > until);
        let is_renewed = renewal.is_some() || goes_on;
        found.due += 1;
        found.renewed += u64::from(is_renewed);
        if let Some(volume) = of.agreement.volume {
            let volumes = found.volumes.entry(volume.currency).or_default();
            volumes.due += i128::from(volume.minor);
            volumes.kept += if is_renewed { volume.minor.into() } else { 0 };
        }
        let again =
            renewal.map_or(of.agreement.volume.filter(|_| goes_on), |renewal| renewal.agreement.volume);
        if let Some(volume) = again {
            found.volumes.entry(volume.currency).or_default().renewed += i128::from(volume.minor);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::figure::Withheld;
    use crate::metrics::testing::{client, date, window};
    use crate::model::Money;
    use crate::model::record::Agreement;

    fn agreed(who: u8, record: u8, until: &str, volume: Option<i64>) -> Agreed {
        let agreement = Agreement {
            volume: volume.map(|minor| Money::new(minor, Currency::EUR)),
            ..Agreement::new("x", date("2025-01-01"), Some(date(until)))
        };
        Agreed { client: client(who), record: RecordId::from_bytes([record; 16]), agreement, renews: None }
    }

    #[test]
    fn renewed_over_due_in_clients_and_in_money() {
        let automatic = |who, record, until: &str, volume| {
            let mut of = agreed(who, record, until, volume);
            of.agreement.renewal = Some(Renewal::Automatic);
            of
        };
        let all = [
            agreed(1, 1, "2026-01-01", Some(100)),
            Agreed { renews: Some(RecordId::from_bytes([1; 16])), ..agreed(1, 2, "2028-01-01", Some(130)) },
            agreed(2, 3, "2026-12-31", Some(50)), // nobody renewed it
            automatic(3, 4, "2026-06-30", Some(40)),
            automatic(4, 5, "2026-06-30", Some(10)), // closed on that day
            agreed(5, 6, "2027-01-01", Some(999)),   // later
            agreed(6, 7, "2025-12-31", Some(999)),   // earlier
            agreed(7, 8, "2026-05-05", None),
        ];
        let closed = |id: &ClientId| (*id == client(4)).then(|| date("2026-06-30"));
        let found = renewals(&all, window("2026-01-01", "2027-01-01"), closed);
        assert_eq!(found.rate(), Figure::new(Ratio { part: 2, whole: 5 }, 5));
        assert_eq!(found.volumes[&Currency::EUR], Volumes { due: 200, kept: 140, renewed: 170 });
        assert_eq!(found.rate_in_money(Currency::EUR).value, Ok(Ratio { part: 140, whole: 200 }));
        assert_eq!(found.rate_in_money(Currency::USD).value, Err(Withheld::NoData));
        assert_eq!(Renewals::default().rate(), Figure::withheld(Withheld::NoData, 0));
    }
}
