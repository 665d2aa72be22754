//! What the office asks for and tells beside single clients: objectives, spend, how many establishments there are, how
//! it wants its figures.

use rusqlite::Connection;

use super::Reader;
use crate::model::office::{Census, KnownKind, Objective, Spend, Value};
use crate::model::profile::Scalar;
use crate::model::{BusinessDate, ClientId, Money, TerritoryId};
use crate::rows::{Result, office};

/// Names of the settings: days within which clients of class A, B and C are to be visited.
pub const VISIT_DAYS: [&str; 3] = ["visit_days_a", "visit_days_b", "visit_days_c"];
/// Under so many answers no percentage is told.
pub const NPS_ANSWERS_MIN: &str = "nps_answers_min";
/// 1: sales of a window near Easter are compared with those near the Easter before; 0: with the same weeks.
pub const ALIGN_EASTER: &str = "align_easter";

/// What the workspace has set, of what there is to set; what says something else says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settings {
    pub visit_days: [Option<u32>; 3],
    pub answers_min: Option<u32>,
    pub align_easter: Option<bool>,
}

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

/// What a sale left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earned {
    pub client: ClientId,
    pub date: BusinessDate,
    pub margin: Money,
}

pub(super) struct Asked {
    pub(super) targets: Vec<Target>,
    pub(super) spent: Vec<Spent>,
    pub(super) earned: Vec<Earned>,
    pub(super) census: Vec<Census>,
    pub(super) settings: Settings,
}

/// What the workspace has set.
pub(super) fn settings(conn: &Connection) -> Result<Settings> {
    let number = |name: &str| -> Result<Option<u32>> {
        Ok(match office::setting(conn, name)? {
            Some(Scalar::Int(number)) => u32::try_from(number).ok(),
            _ => None,
        })
    };
    let [a, b, c] = VISIT_DAYS.map(|name| number(name).map(|days| days.filter(|days| *days > 0)));
    Ok(Settings {
        visit_days: [a?, b?, c?],
        answers_min: number(NPS_ANSWERS_MIN)?,
        align_easter: number(ALIGN_EASTER)?.map(|align| align != 0),
    })
}

pub(super) fn read(reader: &Reader<'_>) -> Result<Asked> {
    let settings = settings(reader.conn)?;
    let mut asked =
        Asked { targets: Vec::new(), spent: Vec::new(), earned: Vec::new(), census: Vec::new(), settings };
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
    reader.office(KnownKind::Margin, &mut |about, value| {
        if let (Some(client), Value::Margin(of)) = (about.client, value)
            && of.date <= reader.as_of
        {
            asked.earned.push(Earned { client, date: of.date, margin: of.margin });
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
