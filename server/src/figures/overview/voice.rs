//! What clients say.

use cartera_core::metrics::voice::{Question, Voice, total};
use cartera_core::model::record::Survey;
use serde_json::{Map, Value, json};

use super::super::json::{number, ratio};
use super::super::text::Page;
use super::PortfolioOverview;

pub(super) fn text(page: &mut Page, of: &PortfolioOverview) {
    page.heading("figures-voice");
    for survey in Survey::ALL {
        let Some(by_asked) = of.overview.voice.get(survey) else {
            let none = page.why(cartera_core::metrics::Withheld::NoData);
            page.line(survey.text_id(), &none);
            continue;
        };
        let all = total(by_asked);
        let shown = told(page, *survey, &all, of.answers_min);
        page.line(survey.text_id(), &shown);
        for (asked, voice) in by_asked {
            let name = format!("  {}", page.words(asked.text_id()));
            let shown = told(page, *survey, voice, of.answers_min);
            page.named(&name, &shown);
        }
        for (question, answers) in &all.questions {
            let name = format!("  {}", page.or_none(question.as_deref()));
            let mean = answers.mean().map_or_else(|| "-".into(), |mean| page.decimal(mean, 1));
            let shown =
                format!("{mean} ({} {})", page.words("figures-weight"), page.decimal(weight(answers), 4));
            page.named(&name, &shown);
        }
    }
}

/// The sum of the weights of a question's answers.
fn weight(question: &Question) -> f64 {
    question.weight as f64 / 1e4
}

fn told(page: &Page, survey: Survey, voice: &Voice, minimum: u64) -> String {
    let shown = match survey {
        Survey::Nps => page.show(voice.nps(minimum), |nps| page.decimal(nps, 1)),
        Survey::Csat => page.show(voice.csat(minimum), |ratio| page.percent(ratio)),
        Survey::Csi | Survey::Unknown(_) => page.show(voice.csi(minimum), |csi| page.decimal(csi, 1)),
    };
    format!("{shown} [{}]", page.count(voice.answers))
}

pub(super) fn json(of: &PortfolioOverview) -> Value {
    let surveys = of.overview.voice.iter().map(|(survey, by_asked)| {
        let by = by_asked
            .iter()
            .map(|(asked, voice)| (asked.as_str().to_owned(), value(*survey, voice, of.answers_min)));
        let all = total(by_asked);
        let questions = all.questions.iter().map(|(question, answers)| {
            json!({
                "question": question,
                "answers": answers.answers,
                "weight": weight(answers),
                "mean": answers.mean(),
            })
        });
        let told = json!({
            "all": value(*survey, &all, of.answers_min),
            "by_asked": by.collect::<Map<_, _>>(),
            "questions": questions.collect::<Value>(),
        });
        (survey.as_str().to_owned(), told)
    });
    let mut found: Map<String, Value> = surveys.collect();
    found.insert("answers_min".into(), of.answers_min.into());
    Value::Object(found)
}

fn value(survey: Survey, voice: &Voice, minimum: u64) -> Value {
    match survey {
        Survey::Nps => number(voice.nps(minimum)),
        Survey::Csat => ratio(voice.csat(minimum)),
        Survey::Csi | Survey::Unknown(_) => number(voice.csi(minimum)),
    }
}
