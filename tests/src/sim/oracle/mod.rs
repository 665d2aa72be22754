//! Whether all that must hold held: it knows every command that a simulated person gave, and reads the databases of the
//! relay and of every phone past the code that wrote them.
//!
//! | check | what |
//! |---|---|
//! | [`lost`] | each command that was reported saved is in the relay's books, or refused with its bytes and reason |
//! | [`twice`] | one command, one record, one row in the export, and nothing that nobody wrote |
//! | [`converge`] | phones and relay have the same documents, rows, office records and digests; rows equal a rebuild |
//! | [`leak`] | nothing was ever served that its reader may not see |
//! | [`erp`] | each order has the one answer that it was given; what the ERP owns nobody else changes |
//! | [`progress`] | it ends, and no queue is stuck |

pub mod converge;
pub mod erp;
pub mod leak;
pub mod lost;
pub mod progress;
pub mod rows;
pub mod twice;

use std::fmt;

use super::world::World;

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    Lost,
    Twice,
    Converge,
    Leak,
    Progress,
    Erp,
    /// Honest work was refused for a reason that this scenario does not give.
    Refused,
}

/// Something that must not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    pub check: Check,
    pub detail: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.check, self.detail)
    }
}

/// Violations that are listed of one check; more say no more.
const LISTED: usize = 12;

/// Everything, of a world that has settled; `rounds` is what [`World::settle`] gave.
pub fn judge(world: &World, rounds: Option<usize>) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut add = |check: Check, details: Vec<String>| {
        found.extend(details.into_iter().take(LISTED).map(|detail| Violation { check, detail }));
    };
    add(Check::Progress, progress::check(world, rounds));
    add(Check::Lost, lost::check(world));
    add(Check::Refused, lost::unexpected_refusals(world));
    add(Check::Twice, twice::check(world));
    add(Check::Converge, converge::check(world));
    add(Check::Erp, erp::check(world));
    add(Check::Leak, world.relay.watch.found());
    found
}
