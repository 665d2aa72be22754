//! The life cycle in words: where a client stands, and what would move it on.

use rusqlite::Connection;

use super::figures::Terms;
pub use crate::metrics::life_cycle::{LifeCycle, Stage, Step, life_cycle};
use crate::model::{BusinessDate, ClientId, Money};
use crate::rows;
use crate::strings::{Arg, Language, text};

/// Of one client; of one that was merged into another, the other's. `None` where it is not here.
pub fn of_client(
    conn: &Connection,
    client: &ClientId,
    as_of: BusinessDate,
) -> rows::Result<Option<LifeCycle>> {
    let found = Terms::read(conn)?.client(conn, client, as_of)?;
    Ok(found.map(|figures| life_cycle(&figures, as_of)))
}

impl Step {
    /// One sentence.
    pub fn words(&self, language: Language) -> String {
        let id = format!("step-{}", self.as_str());
        let told = |args: &[(&str, Arg<'_>)]| text(language, &id, args);
        match self {
            Self::Purchases(count) => told(&[("count", Arg::from(*count))]),
            Self::Until(day) => told(&[("day", day.to_string().into())]),
            Self::Volume { currency, lost } => {
                let lost = Money::new(i64::try_from(*lost).unwrap_or(i64::MAX), *currency);
                let amount = format!("{} {currency}", lost.to_decimal_string());
                told(&[("amount", amount.into())])
            }
            Self::FirstPurchase | Self::SecondPurchase | Self::Wake | Self::Rhythm | Self::Return => {
                told(&[])
            }
        }
    }
}

impl LifeCycle {
    /// Id of the stage's words in the strings.
    pub fn text_id(&self) -> String {
        format!("life_cycle-{}", self.stage.map_or("left", Stage::as_str))
    }

    /// What would move it on, a sentence each; of who is where it should be, how it stays there.
    pub fn moves(&self, language: Language) -> Vec<String> {
        if self.steps.is_empty() {
            return vec![text(language, "step-keep", &[])];
        }
        self.steps.iter().map(|step| step.words(language)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Currency;
    use crate::portfolio::testing::{World, client, date, every};

    #[test]
    fn in_words_from_stored_rows() {
        let mut world = World::of(3);
        world.sales(1, Currency::EUR, 1_000, every(14, "2025-01-01", "2026-03-01"));
        world.sales(2, Currency::EUR, 1_000, [date("2026-02-20"), date("2026-02-27")]);
        let of = |n, as_of: &str| of_client(&world.conn, &client(n), date(as_of)).unwrap().unwrap();
        let told = |n, as_of: &str| {
            let found = of(n, as_of);
            let stage = text(Language::Spanish, &found.text_id(), &[]);
            (stage, found.moves(Language::Spanish), found.moves(Language::English))
        };
        let mut told_all = String::new();
        for (n, as_of) in [
            (1, "2026-03-01"),
            (1, "2026-03-30"),
            (1, "2026-04-20"),
            (1, "2027-01-01"),
            (2, "2026-03-01"),
            (3, "2026-03-01"),
        ] {
            told_all += &format!("{n} {as_of}: {:?}\n", told(n, as_of));
        }
        insta::assert_snapshot!(told_all);
        assert_eq!(of_client(&world.conn, &client(9), date("2026-03-01")).unwrap(), None);
    }
}
