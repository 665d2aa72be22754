//! Portfolio modes, beside the status: accompanied, to be won back, up for renewal. Derived, unless somebody said
//! otherwise, and why.

use std::collections::{BTreeMap, BTreeSet};

use super::status::Status;
use crate::model::record::Mode;
use crate::model::{BusinessDate, ClientId, RecordId};
use crate::rows::relations::{Agreed, ModeSet};

/// How a client is looked after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looked<'a> {
    pub mode: Mode,
    /// What its figures say.
    pub derived: Mode,
    /// Who said otherwise, and why.
    pub set: Option<&'a ModeSet>,
}

/// The mode that figures say: a closed client, or one that is dormant or lost, is to be won back; one with an agreement
/// in force that has an end, and that nothing has renewed, is up for renewal; the others are accompanied.
pub const fn derived(status: Status, has_renewal: bool) -> Mode {
    match (status, has_renewal) {
        (Status::Closed, _) => Mode::WinBack,
        (_, true) => Mode::Renewal,
        (Status::Dormant | Status::Lost, false) => Mode::WinBack,
        (Status::Lead | Status::Active, false) => Mode::Accompanied,
    }
}

/// Agreements in force on a day that have an end, and that no other one renews.
pub fn in_force(agreements: &[Agreed], as_of: BusinessDate) -> impl Iterator<Item = &Agreed> {
    let renewed: BTreeSet<RecordId> = agreements.iter().filter_map(|of| of.renews).collect();
    agreements.iter().filter(move |of| {
        of.agreement.from <= as_of
            && of.agreement.until.is_some_and(|until| until >= as_of)
            && !renewed.contains(&of.record)
    })
}

/// Clients with such an agreement.
pub fn renewals(agreements: &[Agreed], as_of: BusinessDate) -> BTreeSet<ClientId> {
    in_force(agreements, as_of).map(|of| of.client).collect()
}

/// The mode of every client. `set` comes by date; the latest word counts.
pub fn modes<'a>(
    clients: impl IntoIterator<Item = (ClientId, Status)>,
    agreements: &[Agreed],
    set: &'a [ModeSet],
    as_of: BusinessDate,
) -> BTreeMap<ClientId, Looked<'a>> {
    let latest: BTreeMap<ClientId, &ModeSet> = set.iter().map(|of| (of.client, of)).collect();
    let renewals = renewals(agreements, as_of);
    let told = clients.into_iter().map(|(client, status)| {
        let derived = derived(status, renewals.contains(&client));
        let set = latest.get(&client).copied();
        let chosen = set.and_then(|set| set.choice.mode.filter(|mode| mode.is_known()));
        let set = set.filter(|_| chosen.is_some());
        (client, Looked { mode: chosen.unwrap_or(derived), derived, set })
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::{client, date};
    use crate::model::record::{Agreement, ModeChoice};

    fn agreed(who: u8, record: u8, until: Option<&str>, renews: Option<u8>) -> Agreed {
        Agreed {
            client: client(who),
            record: RecordId::from_bytes([record; 16]),
            agreement: Agreement::new("x", date("2026-01-01"), until.map(date)),
            renews: renews.map(|n| RecordId::from_bytes([n; 16])),
        }
    }

    #[test]
    fn what_figures_say_and_what_somebody_said() {
        let agreements = [
            agreed(1, 1, Some("2026-06-30"), None),
            agreed(2, 2, Some("2026-06-29"), None), // over
            agreed(3, 3, None, None),               // without end
            agreed(4, 4, Some("2026-12-31"), None),
            agreed(4, 5, None, Some(4)), // renewed
            agreed(7, 6, Some("2026-12-31"), None),
        ];
        let set = |who, mode| ModeSet {
            client: client(who),
            date: date("2026-05-01"),
            person: None,
            choice: ModeChoice::new(mode, "porque sí"),
        };
        let said = [set(5, Some(Mode::Renewal)), set(6, Some(Mode::WinBack)), set(6, None)];
        let clients = [
            (1, Status::Lost),
            (2, Status::Dormant),
            (3, Status::Active),
            (4, Status::Lead),
            (5, Status::Closed),
            (6, Status::Active),
            (7, Status::Closed), // its agreement is still in force
        ];
        let found =
            modes(clients.map(|(n, status)| (client(n), status)), &agreements, &said, date("2026-06-30"));
        let told: Vec<_> = found.values().map(|of| (of.mode, of.set.is_some())).collect();
        use Mode::{Accompanied, Renewal, WinBack};
        assert_eq!(
            told,
            [
                (Renewal, false),
                (WinBack, false),
                (Accompanied, false),
                (Accompanied, false),
                (Renewal, true),
                (Accompanied, false),
                (WinBack, false),
            ]
        );
        assert_eq!(found[&client(5)].derived, WinBack);
    }
}
