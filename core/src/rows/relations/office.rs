//! What the office asks for and tells beside single clients: objectives, spend, how many establishments there are.

use super::Reader;
use crate::model::office::{Census, KnownKind, Objective, Spend, Value};
use crate::model::{ClientId, TerritoryId};
use crate::rows::Result;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub key: String,
    /// About whom: one client, the clients of a territory, or (neither) all.
    pub client: Option<ClientId>,
    pub territory: Option<TerritoryId>,
    pub objective: Objective,
}

/// What winning clients cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spent {
    pub territory: Option<TerritoryId>,
    pub spend: Spend,
}

pub(super) struct Asked {
    pub(super) targets: Vec<Target>,
    pub(super) spent: Vec<Spent>,
    pub(super) census: Vec<Census>,
}

pub(super) fn read(reader: &Reader<'_>) -> Result<Asked> {
    let mut asked = Asked { targets: Vec::new(), spent: Vec::new(), census: Vec::new() };
    reader.office(KnownKind::Objective, &mut |about, value| {
        if let Value::Objective(objective) = value {
            let key = about.key.to_owned();
            asked.targets.push(Target { key, client: about.client, territory: about.territory, objective });
        }
        Ok(())
    })?;
    reader.office(KnownKind::Spend, &mut |about, value| {
        if let Value::Spend(spend) = value {
            asked.spent.push(Spent { territory: about.territory, spend });
        }
        Ok(())
    })?;
    reader.office(KnownKind::Census, &mut |_, value| {
        if let Value::Census(census) = value {
            asked.census.push(census);
        }
        Ok(())
    })?;
    Ok(asked)
}
