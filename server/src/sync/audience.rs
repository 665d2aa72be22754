//! For whose eyes an office record is, and at which stage of a first sync it comes.

use cartera_core::model::office::{Audience as OfKind, Kind, KnownKind};
use cartera_core::sync::wire::Stage;

/// Who looks, of those whose scope a record is in; each sees also what those before may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Audience {
    Everybody,
    /// Managers, the back office, administrators: never reps.
    Office,
}

impl Audience {
    /// Who sees records of a kind. Cost and margin are kinds of their own, so that no field has to be taken out of
    /// anything. What is no kind is for nobody to see.
    pub fn of_kind(kind: &str) -> Self {
        match Kind::parse(kind).map(|kind| kind.audience()) {
            Some(OfKind::Everybody) => Self::Everybody,
            Some(OfKind::Office) | None => Self::Office,
        }
    }
}

/// The stage of a first sync that brings records of a kind. Those about a client come with its document, but for
/// sales.
pub fn stage_of_kind(kind: &str, about_client: bool) -> Stage {
    match KnownKind::parse(kind) {
        Some(KnownKind::Sale | KnownKind::SalesDay | KnownKind::SalesMonth | KnownKind::Margin) => {
            Stage::Sales
        }
        _ if about_client => Stage::Documents,
        Some(KnownKind::Article | KnownKind::Price | KnownKind::Cost) => Stage::Articles,
        _ => Stage::Settings,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cost_and_margin_are_for_the_office_alone() {
        for kind in ["cost", "margin", "spend", "cost_history", "no kind"] {
            assert_eq!(Audience::of_kind(kind), Audience::Office, "{kind}");
        }
        for kind in ["article", "price", "sale", "costume"] {
            assert_eq!(Audience::of_kind(kind), Audience::Everybody, "{kind}");
        }
        assert!(Audience::Everybody < Audience::Office);
    }

    #[test]
    fn every_record_comes_at_one_stage() {
        for (kind, about_client, stage) in [
            ("setting", false, Stage::Settings),
            ("tax", false, Stage::Settings),
            ("article", false, Stage::Articles),
            ("price", false, Stage::Articles),
            ("price", true, Stage::Documents),
            ("due_item", true, Stage::Documents),
            ("sale", true, Stage::Sales),
            ("sales_day", true, Stage::Sales),
            ("of_tomorrow", false, Stage::Settings),
            ("of_tomorrow", true, Stage::Documents),
        ] {
            assert_eq!(stage_of_kind(kind, about_client), stage, "{kind}");
        }
    }
}
