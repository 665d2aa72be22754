//! What clients say: NPS, CSAT, CSI, from the latest answer of each contact in the window, together and apart by how it
//! was asked, since answers to a rep's face are kinder.

use std::collections::BTreeMap;

use super::figure::{Figure, Ratio, Withheld};
use super::window::Window;
use crate::model::record::{Asked, Survey};
use crate::model::{ClientId, PartId};
use crate::rows::relations::Answered;

/// Under so many answers no percentage is told.
pub const ANSWERS_MIN: u64 = 30;

/// Answers to one survey.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Voice {
    pub answers: u64,
    /// Of NPS: 9 and 10, 7 and 8, 0 to 6.
    pub promoters: u64,
    pub passives: u64,
    pub detractors: u64,
    /// Of CSAT: 4 and 5.
    pub content: u64,
    /// Of CSI: by question, in the order of their names.
    pub questions: BTreeMap<Option<String>, Question>,
}

/// What was answered to one question.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Question {
    pub answers: u64,
    /// Sum of the weights, in ten-thousandths.
    pub weight: i128,
    /// Sum of weight times score, each score from 0 for the lowest of its scale to 1 for the highest.
    pub weighted: f64,
}

impl Question {
    /// 0 to 100; `None` where all weights are nothing.
    pub fn mean(&self) -> Option<f64> {
        (self.weight > 0).then(|| 100.0 * self.weighted / self.weight as f64)
    }
}

impl Voice {
    const fn enough(&self, minimum: u64) -> Result<(), Withheld> {
        match self.answers {
            0 => Err(Withheld::NoData),
            answers if answers < minimum => Err(Withheld::TooFew),
            _ => Ok(()),
        }
    }

    /// Per cent of promoters less per cent of detractors, -100 to 100; records are answers.
    pub fn nps(&self, minimum: u64) -> Figure<f64> {
        let value = self.enough(minimum).map(|()| {
            let balance = self.promoters as f64 - self.detractors as f64;
            100.0 * balance / self.answers as f64
        });
        Figure { value, records: self.answers }
    }

    /// Share of the content.
    pub fn csat(&self, minimum: u64) -> Figure<Ratio> {
        let ratio = Ratio::figure(self.content, self.answers, self.answers);
        Figure { value: self.enough(minimum).and(ratio.value), ..ratio }
    }

    /// Weighted mean of all questions, 0 to 100.
    pub fn csi(&self, minimum: u64) -> Figure<f64> {
        let value = self.enough(minimum).and_then(|()| {
            let all = self.questions.values().fold(Question::default(), |sum, of| Question {
                answers: sum.answers + of.answers,
                weight: sum.weight + of.weight,
                weighted: sum.weighted + of.weighted,
            });
            all.mean().ok_or(Withheld::NoData)
        });
        Figure { value, records: self.answers }
    }
}

/// A whole weight, in ten-thousandths.
const WEIGHT_ONE: i64 = 10_000;
const WEIGHT_PLACES: u32 = 4;

/// The latest answer to a survey of each contact in a window (`answered` comes by date), by how it was asked. A client
/// that names no contact is one contact more.
pub fn by_asked(answered: &[Answered], survey: Survey, window: Window) -> BTreeMap<Asked, Voice> {
    let in_window = answered.iter().filter(|of| of.said.survey == survey && window.contains(of.date));
    let latest: BTreeMap<(ClientId, Option<PartId>), &Answered> =
        in_window.map(|of| ((of.client, of.said.contact), of)).collect();
    let mut found: BTreeMap<Asked, Voice> = BTreeMap::new();
    for of in latest.values() {
        let voice = found.entry(of.said.asked).or_default();
        voice.answers += 1;
        for answer in &of.said.answers {
            match (survey, answer.score) {
                (Survey::Nps, 9..) => voice.promoters += 1,
                (Survey::Nps, 7..=8) => voice.passives += 1,
                (Survey::Nps, _) => voice.detractors += 1,
                (Survey::Csat, 4..) => voice.content += 1,
                (Survey::Csat, _) => {}
                (Survey::Csi | Survey::Unknown(_), score) => {
                    let (lowest, highest) = of.said.scale(answer);
                    let weight = answer.weight.map_or(WEIGHT_ONE, |weight| {
                        weight.mantissa() * 10_i64.pow(WEIGHT_PLACES.saturating_sub(weight.scale()))
                    });
                    let steps = f64::from(highest.saturating_sub(lowest).max(1));
                    let place = f64::from(score.saturating_sub(lowest)) / steps;
                    let question = voice.questions.entry(answer.question.clone()).or_default();
                    question.answers += 1;
                    question.weight += i128::from(weight);
                    question.weighted += weight as f64 * place;
                }
            }
        }
    }
    found
}

/// Whatever way it was asked.
pub fn total(by_asked: &BTreeMap<Asked, Voice>) -> Voice {
    let mut total = Voice::default();
    for voice in by_asked.values() {
        total.answers += voice.answers;
        total.promoters += voice.promoters;
        total.passives += voice.passives;
        total.detractors += voice.detractors;
        total.content += voice.content;
        for (name, of) in &voice.questions {
            let question = total.questions.entry(name.clone()).or_default();
            question.answers += of.answers;
            question.weight += of.weight;
            question.weighted += of.weighted;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::{client, date, window};
    use crate::model::record::{Answer, SurveyAnswer};

    fn answered(
        who: u8,
        contact: Option<u8>,
        on: &str,
        survey: Survey,
        asked: Asked,
        answers: Vec<Answer>,
    ) -> Answered {
        let contact = contact.map(|n| PartId::from_bytes([n; 16]));
        let said = SurveyAnswer { contact, ..SurveyAnswer::new(survey, asked, answers) };
        Answered { client: client(who), date: date(on), said }
    }

    fn year() -> Window {
        window("2026-01-01", "2027-01-01")
    }

    #[test]
    fn nps_takes_the_latest_answer_of_each_contact() {
        let nps = |who, contact, on: &str, asked, score| {
            answered(who, contact, on, Survey::Nps, asked, vec![Answer::new(score)])
        };
        let all = [
            nps(9, None, "2025-12-31", Asked::ByLink, 0), // before
            nps(1, Some(1), "2026-01-01", Asked::ByRep, 3),
            nps(1, Some(2), "2026-01-02", Asked::ByLink, 6),
            nps(1, None, "2026-01-03", Asked::ByLink, 9),
            nps(2, None, "2026-01-04", Asked::ByLink, 8),
            nps(3, None, "2026-01-05", Asked::ByLink, 7),
            nps(1, Some(1), "2026-02-01", Asked::ByRep, 10), // thought again
        ];
        let by = by_asked(&all, Survey::Nps, year());
        let all = total(&by);
        assert_eq!((all.answers, all.promoters, all.passives, all.detractors), (5, 2, 2, 1));
        assert_eq!(all.nps(5), Figure::new(20.0, 5));
        assert_eq!(all.nps(ANSWERS_MIN), Figure::withheld(Withheld::TooFew, 5));
        assert_eq!(by[&Asked::ByRep].nps(1), Figure::new(100.0, 1));
        assert_eq!(by[&Asked::ByLink].nps(1), Figure::new(0.0, 4));
        assert_eq!(Voice::default().nps(0), Figure::withheld(Withheld::NoData, 0));
    }

    #[test]
    fn csat_counts_the_content() {
        let csat = |who, score| {
            answered(who, None, "2026-03-01", Survey::Csat, Asked::OnPaper, vec![Answer::new(score)])
        };
        let all: Vec<_> = [5, 4, 3, 1].iter().zip(1..).map(|(score, who)| csat(who, *score)).collect();
        assert_eq!(
            total(&by_asked(&all, Survey::Csat, year())).csat(4),
            Figure::new(Ratio { part: 2, whole: 4 }, 4)
        );
        assert_eq!(total(&by_asked(&all, Survey::Csat, year())).csat(5).value, Err(Withheld::TooFew));
        assert_eq!(total(&by_asked(&all, Survey::Nps, year())).nps(1).value, Err(Withheld::NoData));
    }

    #[test]
    fn csi_is_weighted_and_rescaled() {
        let answer = |question: &str, score, highest, weight: Option<&str>| Answer {
            question: Some(question.into()),
            highest,
            weight: weight.map(|weight| weight.parse().unwrap()),
            ..Answer::new(score)
        };
        let all = [
            answered(
                1,
                None,
                "2026-03-01",
                Survey::Csi,
                Asked::ByLink,
                vec![
                    answer("price", 1, Some(5), Some("0.5")), // 0
                    answer("service", 10, None, None),        // 100
                ],
            ),
            answered(
                2,
                None,
                "2026-03-02",
                Survey::Csi,
                Asked::ByLink,
                vec![
                    answer("price", 3, Some(5), Some("0.5")), // 50
                ],
            ),
        ];
        let voice = total(&by_asked(&all, Survey::Csi, year()));
        // (0.5 x 0 + 1 x 100 + 0.5 x 50) / 2
        assert_eq!(voice.csi(2), Figure::new(62.5, 2));
        let price = voice.questions[&Some("price".to_owned())];
        assert_eq!((price.answers, price.weight, price.mean()), (2, 10_000, Some(25.0)));
        assert_eq!(voice.csi(3).value, Err(Withheld::TooFew));
        let weightless = [answered(
            1,
            None,
            "2026-03-01",
            Survey::Csi,
            Asked::ByLink,
            vec![answer("x", 9, None, Some("0"))],
        )];
        assert_eq!(total(&by_asked(&weightless, Survey::Csi, year())).csi(1).value, Err(Withheld::NoData));
    }
}
