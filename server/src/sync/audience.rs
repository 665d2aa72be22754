//! For whose eyes an office record is, and at which stage of a first sync it comes.

use cartera_core::sync::wire::Stage;

/// Who sees an office record, of those whose scope it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Audience {
    Everybody,
    /// Managers, the back office, administrators: never reps.
    Office,
}

impl Audience {
    /// By the record's kind. Cost and margin are kinds of their own, so that no field has to be taken out of anything.
    pub fn of_kind(kind: &str) -> Self {
        let word = kind.split(['_', '.', '-']).next().unwrap_or(kind);
        match word {
            "cost" | "margin" => Self::Office,
            _ => Self::Everybody,
        }
    }
}

/// The stage of a first sync that brings records of a kind. Those about a client come with its document, but for
/// sales.
pub fn stage_of_kind(kind: &str, about_client: bool) -> Stage {
    let word = kind.split(['_', '.', '-']).next().unwrap_or(kind);
    match word {
        "sale" | "sales" => Stage::Sales,
        _ if about_client => Stage::Documents,
        "article" | "price" | "cost" | "margin" => Stage::Articles,
        _ => Stage::Settings,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_comes_at_one_stage() {
        for (kind, about_client, stage) in [
            ("setting", false, Stage::Settings),
            ("article", false, Stage::Articles),
            ("price_condition", false, Stage::Articles),
            ("price_condition", true, Stage::Documents),
            ("due", true, Stage::Documents),
            ("sale", true, Stage::Sales),
            ("sale_day", true, Stage::Sales),
            ("sale_month", false, Stage::Sales),
        ] {
            assert_eq!(stage_of_kind(kind, about_client), stage, "{kind}");
        }
    }

    #[test]
    fn cost_and_margin_are_for_the_office_alone() {
        for kind in ["cost", "margin", "cost_history", "margin.article"] {
            assert_eq!(Audience::of_kind(kind), Audience::Office, "{kind}");
        }
        for kind in ["article", "price", "sale", "costume", ""] {
            assert_eq!(Audience::of_kind(kind), Audience::Everybody, "{kind}");
        }
    }
}
