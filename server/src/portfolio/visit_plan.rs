//! The visit plan that follows from ABC classes: proposed, and written when somebody who plans visits accepts it.

use cartera_core::model::BusinessDate;
use cartera_core::model::access::Action;
use cartera_core::model::office::{KnownKind, Value};
use cartera_core::portfolio::visit_plan::{Proposals, key};
use cartera_core::rows::plan::OF_CLASSES;

use crate::app::App;
use crate::audit::{Deed, Subject};
use crate::office::ITEMS_MAX;
use crate::people::access::By;
use crate::refused::Refused;
use crate::storage::office::{Batch, OfficePut, OfficeWrite};

/// What acceptance would write.
pub fn propose(app: &App, by: By, today: BusinessDate) -> Result<Proposals, Refused> {
    by.require(Action::PlanVisits)?;
    Ok(app.storage.visit_plan_of_classes(today)?)
}

/// What acceptance came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Accepted {
    pub written: u64,
    pub removed: u64,
    pub unchanged: u64,
}

/// Writes what is proposed now, a bounded number of rules in a commit; phones get them with their next sync. Where it is
/// broken off, the same call writes the rest.
pub fn accept(app: &App, by: By, today: BusinessDate) -> Result<Accepted, Refused> {
    let proposals = propose(app, by, today)?;
    let mut accepted = Accepted { unchanged: proposals.unchanged, ..Accepted::default() };
    let rules = proposals.rules.into_iter().map(|of| (of.client, Some(Value::from(of.plan).encode())));
    let gone = proposals.gone.into_iter().map(|client| (client, None));
    let records: Vec<OfficeWrite> = rules
        .chain(gone)
        .map(|(client, value)| OfficeWrite {
            kind: KnownKind::VisitPlan.name().to_owned(),
            source: OF_CLASSES.to_owned(),
            key: key(client),
            client: Some(client),
            value,
            ..OfficeWrite::default()
        })
        .collect();
    for records in records.chunks(ITEMS_MAX) {
        let deed = Deed {
            at_ms: app.env.now_ms(),
            actor: by.actor,
            action: "visit_plan.accepted",
            subject: Subject::Workspace,
            detail: format!("{} rules of ABC classes", records.len()),
        };
        let (kind, source) = (KnownKind::VisitPlan, OF_CLASSES);
        let batch = Batch { kind, source, records, deed, dry_run: false, all_or_nothing: false };
        let written = app.storage.write_batch(&batch)?;
        for (record, put) in records.iter().zip(written.puts) {
            // A client that was erased since is nobody's to visit.
            if matches!(put, OfficePut::Written(_)) {
                *(if record.value.is_some() { &mut accepted.written } else { &mut accepted.removed }) += 1;
            }
        }
    }
    Ok(accepted)
}
