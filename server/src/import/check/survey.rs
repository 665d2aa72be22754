//! Answers to surveys.

use cartera_core::model::problem;
use cartera_core::model::record::{Answer, Asked, Survey, SurveyAnswer};

use super::build::Builder;
use super::office::code_of;
use crate::import::fields::SCORES;
use crate::import::finding::Code;
use crate::import::record::Answered;
use crate::import::target::Reference;

pub(super) fn answer(builder: &mut Builder<'_>) -> Option<Answered> {
    let survey = word(builder, "survey", Survey::ALL, Survey::as_str);
    let asked = word(builder, "asked", Asked::ALL, Asked::as_str).unwrap_or(Asked::ByLink);
    let highest = score(builder, "highest");
    let scores = SCORES.map(|name| score(builder, name));
    let several = scores.iter().flatten().count() > 1;
    let answers = (1..).zip(scores).filter_map(|(number, score)| {
        let question = several.then(|| number.to_string());
        Some(Answer { question, highest, ..Answer::new(score?) })
    });
    let answer = SurveyAnswer {
        comment: builder.text("comment"),
        campaign: builder.text("campaign"),
        ..SurveyAnswer::new(survey?, asked, answers.collect())
    };
    let (id, client, on) = (builder.text("id")?, builder.text("client")?, builder.day("date")?);
    builder.want(Reference::Client, Some(&client), "client");
    let answered = Answered { id, client, on, answer };
    if builder.failed() {
        return None;
    }
    for broken in answered.record().validate() {
        let field = field_of(&broken.field);
        let code = match broken.code {
            // More than one score of a survey that has one question.
            problem::Code::TooMany => Code::Contradiction,
            code => code_of(code),
        };
        let detail = broken.limit.map_or_else(|| broken.field.clone(), |limit| limit.to_string());
        builder.fail(field, code, "", Some(detail));
    }
    (!builder.failed()).then_some(answered)
}

/// One of the model's words, whatever its case.
fn word<T: Copy>(
    builder: &mut Builder<'_>,
    field: &'static str,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Option<T> {
    let text = builder.text(field)?;
    let found = all.iter().copied().find(|one| name(*one).eq_ignore_ascii_case(&text));
    if found.is_none() {
        let words: Vec<&str> = all.iter().map(|one| name(*one)).collect();
        builder.fail(field, Code::Contradiction, &text, Some(words.join(", ")));
    }
    found
}

fn score(builder: &mut Builder<'_>, field: &'static str) -> Option<u32> {
    let number = builder.number(field)?;
    let whole = u32::try_from(number).ok().filter(|whole| number == rust_decimal::Decimal::from(*whole));
    if whole.is_none() {
        builder.fail(field, Code::Contradiction, &number.to_string(), Some("0, 1, 2…".into()));
    }
    whole
}

/// The field of the file behind a path of the model.
fn field_of(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or(path) {
        "comment" => "comment",
        "campaign" => "campaign",
        "highest" => "highest",
        "date" | "at_ms" => "date",
        _ => "score",
    }
}
