//! Segments at the relay: who is in one now, who was when it was last looked at, and what entering or leaving makes.

use std::collections::BTreeSet;

use cartera_core::model::{BusinessDate, ClientId, TerritoryId};
use cartera_core::portfolio::segments::{Saved, SegmentError};

use super::Result;

/// A client of a segment, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub client: ClientId,
    pub name: String,
    pub erp_code: Option<String>,
    pub city: Option<String>,
    pub territory: Option<TerritoryId>,
}

/// A step of noting who is in a watched segment now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Noted {
    /// It was noted for the first time, or anew since its rule or its list is another: nothing is made of that.
    pub begun: bool,
    /// Clients who entered and who left.
    pub entered: u64,
    pub left: u64,
    /// Tasks and notices made.
    pub made: u64,
    /// There are more than one step takes.
    pub more: bool,
}

/// By what a step is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hand {
    pub at_ms: i64,
    /// For the relay's actor of this epoch, where it has none yet.
    pub new_actor: [u8; 16],
}

/// Clients that one step takes, in one commit.
pub const STEP_CLIENTS_MAX: usize = 200;

pub trait Segments {
    /// Shared segments, by source and key.
    fn shared_segments(&self) -> Result<Vec<Saved>>;

    fn shared_segment(&self, source: &str, key: &str) -> Result<Option<Saved>>;

    /// Its clients at the end of a day; inside, what is wrong with its rule.
    fn segment_members(
        &self,
        segment: &Saved,
        today: BusinessDate,
    ) -> Result<std::result::Result<BTreeSet<ClientId>, SegmentError>>;

    /// Of the clients named, those who come after that name and id, by name.
    fn members_page(
        &self,
        members: &BTreeSet<ClientId>,
        after: Option<(&str, ClientId)>,
        limit: usize,
    ) -> Result<Vec<Member>>;

    /// Whether a watched segment was not looked at since that day began, or something was written since.
    fn segment_is_due(&self, segment: &Saved, today: BusinessDate) -> Result<bool>;

    /// Notes who is in, one step, in one commit with what entering and leaving makes. What was made for a client's n-th
    /// entry has one id for ever, so that nothing is made twice.
    fn note_members(
        &self,
        segment: &Saved,
        members: &BTreeSet<ClientId>,
        today: BusinessDate,
        hand: Hand,
    ) -> Result<Noted>;

    /// Forgets who was in segments that nobody watches any more. Gives how many.
    fn forget_unwatched(&self, watched: &[Saved]) -> Result<u64>;
}
