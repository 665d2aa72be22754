//! What a client answered when asked how content it is.

use crate::model::PartId;
use crate::model::cbor::{cbor_map, codes};
use crate::model::decimal::Decimal;
use crate::model::limits::{ANSWERS_MAX, CODE_CHARS_MAX, NOTES_CHARS_MAX, PERCENT_PLACES};
use crate::model::problem::{Check, Code};

codes! {
    /// What was asked for.
    pub enum Survey: "survey" {
        /// Would you recommend us: one answer, 0 to 10.
        Nps = 1 "nps",
        /// How content are you: one answer, 1 to 5.
        Csat = 2 "csat",
        /// Several questions, 1 to 10 or another scale, each with a weight.
        Csi = 3 "csi",
    }
}

codes! {
    /// How it was asked; answers to a rep's face are kinder than those by link.
    pub enum Asked: "asked" {
        ByRep = 1 "by_rep",
        ByLink = 2 "by_link",
        ByPhone = 3 "by_phone",
        OnPaper = 4 "on_paper",
    }
}

cbor_map! {
    pub struct Answer {
        /// The questionnaire's key of the question; only where there are several.
        0 question: Option<String>,
        1 score: u32,
        /// Highest score of the scale, which begins at 1; missing for the survey's own scale.
        2 highest: Option<u32>,
        /// Missing for 1.
        3 weight: Option<Decimal>,
    }
}

/// Highest end of a scale of one's own.
const HIGHEST_MAX: u32 = 100;
/// Heaviest weight of a question.
const WEIGHT_MAX: i64 = 1_000;

cbor_map! {
    pub struct SurveyAnswer {
        8 survey: Survey,
        9 asked: Asked,
        10 answers: Vec<Answer>,
        /// The profile's contact who answered.
        11 contact: Option<PartId>,
        12 comment: Option<String>,
        /// Key of the questionnaire or campaign.
        13 campaign: Option<String>,
    }
}

impl Answer {
    pub fn new(score: u32) -> Self {
        Self { question: None, score, highest: None, weight: None, extras: Default::default() }
    }
}

impl SurveyAnswer {
    pub fn new(survey: Survey, asked: Asked, answers: Vec<Answer>) -> Self {
        Self {
            survey,
            asked,
            answers,
            contact: None,
            comment: None,
            campaign: None,
            extras: Default::default(),
        }
    }

    /// Lowest and highest score of an answer.
    pub fn scale(&self, answer: &Answer) -> (u32, u32) {
        match self.survey {
            Survey::Nps => (0, 10),
            Survey::Csat => (1, 5),
            Survey::Csi | Survey::Unknown(_) => (1, answer.highest.unwrap_or(10)),
        }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.rule(self.survey.is_known(), "survey", Code::UnknownValue);
        check.rule(self.asked.is_known(), "asked", Code::UnknownValue);
        check.rule(!self.answers.is_empty(), "answers", Code::Required);
        let single = matches!(self.survey, Survey::Nps | Survey::Csat);
        check.each("answers", &self.answers, if single { 1 } else { ANSWERS_MAX }, |check, answer| {
            let (lowest, highest) = self.scale(answer);
            check.range("score", answer.score.into(), lowest.into(), highest.into());
            check.rule(!single || answer.highest.is_none(), "highest", Code::Contradiction);
            if let Some(highest) = answer.highest {
                check.range("highest", highest.into(), 2, HIGHEST_MAX.into());
            }
            if let Some(weight) = answer.weight {
                check.decimal("weight", weight, 0, WEIGHT_MAX, PERCENT_PLACES);
            }
            check.line_opt("question", answer.question.as_ref(), CODE_CHARS_MAX);
        });
        check.prose_opt("comment", self.comment.as_ref(), NOTES_CHARS_MAX);
        check.line_opt("campaign", self.campaign.as_ref(), CODE_CHARS_MAX);
    }
}
