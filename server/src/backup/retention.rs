//! Which backups are kept: the newest of each of the last days that have one, and of each of the last weeks.

use std::collections::BTreeSet;

use super::{BackupError, Found};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// How many days and weeks (of UTC, from Monday) keep their newest backup. The newest of all always stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    pub daily: u16,
    pub weekly: u16,
}

impl Default for Keep {
    fn default() -> Self {
        Self { daily: 7, weekly: 8 }
    }
}

impl Keep {
    /// Those of `backups` that go.
    pub fn superfluous<'f>(&self, backups: &'f [Found]) -> Vec<&'f Found> {
        let mut newest_first: Vec<_> = backups.iter().collect();
        newest_first.sort_by_key(|found| std::cmp::Reverse(found.at_ms));
        let (mut days, mut weeks) = (BTreeSet::new(), BTreeSet::new());
        let mut gone = Vec::new();
        for (place, found) in newest_first.into_iter().enumerate() {
            let day = found.at_ms.div_euclid(DAY_MS);
            // 1970-01-01 was a Thursday.
            let week = (day + 3).div_euclid(7);
            let first_of_day = days.len() < usize::from(self.daily) && days.insert(day);
            let first_of_week = weeks.len() < usize::from(self.weekly) && weeks.insert(week);
            if place > 0 && !first_of_day && !first_of_week {
                gone.push(found);
            }
        }
        gone
    }
}

/// Deletes what `keep` does not keep of one workspace's backups in a folder; how many went.
pub fn prune(backups: &[Found], keep: Keep) -> Result<usize, BackupError> {
    let gone = keep.superfluous(backups);
    for found in &gone {
        std::fs::remove_file(&found.path).map_err(BackupError::io("delete", &found.path))?;
    }
    Ok(gone.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartera_core::model::WorkspaceId;

    /// 2026-09-21, a Monday, at midnight.
    const MONDAY: i64 = 1_789_948_800_000;
    const HOUR: i64 = 60 * 60 * 1000;

    fn kept(keep: Keep, times: impl IntoIterator<Item = i64>) -> Vec<i64> {
        let found = |at_ms: i64| Found {
            path: at_ms.to_string().into(),
            workspace: WorkspaceId::from_bytes([1; 16]),
            at_ms,
            bytes: 1,
        };
        let all: Vec<_> = times.into_iter().map(found).collect();
        let gone: Vec<_> = keep.superfluous(&all).into_iter().map(|found| found.at_ms).collect();
        let mut kept: Vec<_> = all.iter().map(|found| found.at_ms).filter(|at| !gone.contains(at)).collect();
        kept.sort_unstable();
        kept.iter().map(|at| (at - MONDAY) / HOUR).collect()
    }

    #[test]
    fn days_and_weeks_keep_their_newest() {
        // Every six hours for four weeks, the last on the fourth Sunday at 18 o'clock.
        let every_six_hours = || (0..4 * 28).map(|n| MONDAY + n * 6 * HOUR);
        let day = |day: i64| day * 24 + 18;
        assert_eq!(
            kept(Keep { daily: 3, weekly: 3 }, every_six_hours()),
            [day(13), day(20), day(25), day(26), day(27)]
        );
        assert_eq!(kept(Keep { daily: 2, weekly: 0 }, every_six_hours()), [day(26), day(27)]);
        assert_eq!(
            kept(Keep { daily: 0, weekly: 0 }, every_six_hours()),
            [day(27)],
            "the newest always stays"
        );
    }

    #[test]
    fn days_without_a_backup_use_up_nothing() {
        let keep = Keep { daily: 2, weekly: 0 };
        assert_eq!(kept(keep, [MONDAY, MONDAY + 500 * 24 * HOUR, MONDAY + 24 * HOUR]), [24, 500 * 24]);
        assert_eq!(kept(keep, []), Vec::<i64>::new());
    }
}
