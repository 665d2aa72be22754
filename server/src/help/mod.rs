//! Short lessons for whoever is new to it, beside the work that they are about; and which of them somebody has done.

pub(crate) mod page;

use std::collections::BTreeMap;

use cartera_core::env::random_bytes;
use cartera_core::model::access::{Action, Reach};
use cartera_core::model::record::{Body, Clock, Header, Kind, LessonDone, Record};
use cartera_core::model::{BusinessDate, PersonId, RecordId};
use cartera_core::rows::client::sort_name;
use cartera_core::strings::Language;

use crate::app::App;
use crate::audit::Actor;
use crate::figures::today;
use crate::people::access::By;
use crate::refused::Refused;
use crate::storage::people::OwnRecord;

/// A lesson in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lesson {
    /// Stable: what somebody has done is kept by it.
    pub name: &'static str,
    pub title: &'static str,
    /// Paragraphs, with an empty line between.
    pub text: &'static str,
    /// The page that it is about.
    pub page: &'static str,
}

macro_rules! lessons {
    ($($name:literal),* $(,)?) => {
        const SPANISH: &[(&str, &str)] = &[$(($name, include_str!(concat!("lessons/", $name, ".es.txt")))),*];
        const ENGLISH: &[(&str, &str)] = &[$(($name, include_str!(concat!("lessons/", $name, ".en.txt")))),*];
    };
}

// In the order in which a newcomer needs them.
lessons!(
    "start",
    "dormant",
    "plan",
    "orders",
    "conflict",
    "duplicates",
    "handover",
    "phones",
    "value",
    "export",
    "rights",
    "backup",
);

/// All of them, in the order in which a newcomer needs them.
pub fn lessons(language: Language) -> impl Iterator<Item = Lesson> {
    let texts = match language {
        Language::Spanish => SPANISH,
        Language::English => ENGLISH,
    };
    texts.iter().filter_map(|(name, text)| {
        let (title, rest) = text.split_once("\n\n")?;
        let (text, page) = rest.rsplit_once("\n\n> ")?;
        Some(Lesson { name, title, text, page: page.trim() })
    })
}

pub fn lesson(language: Language, name: &str) -> Option<Lesson> {
    lessons(language).find(|lesson| lesson.name == name)
}

/// Those that have every word that was typed, whatever its accents; the ones that say it in their title first.
pub fn search(language: Language, typed: &str) -> Vec<Lesson> {
    let typed: String = typed.chars().take(200).collect();
    let words: Vec<String> = typed.split_whitespace().map(sort_name).collect();
    let has = |text: &str| words.iter().all(|word| sort_name(text).contains(word.as_str()));
    let mut found: Vec<Lesson> =
        lessons(language).filter(|lesson| has(&format!("{} {}", lesson.title, lesson.text))).collect();
    found.sort_by_key(|lesson| !has(lesson.title));
    found
}

fn own(by: By) -> Result<PersonId, Refused> {
    match by.actor {
        Actor::Person(person) if by.reach(Action::KeepOwnDocument) >= Reach::Own => Ok(person),
        _ => Err(Refused::Forbidden(Action::KeepOwnDocument)),
    }
}

/// The lessons that whoever asks has done, and on which day: here or on a phone.
pub fn done(app: &App, by: By) -> Result<BTreeMap<String, BusinessDate>, Refused> {
    let person = own(by)?;
    let kept = app.storage.kept_by_people(Kind::LessonDone)?;
    let own = kept.into_iter().filter(|(of, _)| *of == person);
    let lessons = own.filter_map(|(_, kept)| match kept.body {
        Body::LessonDone(done) => Some((done.lesson, kept.date)),
        _ => None,
    });
    Ok(lessons.collect())
}

/// Notes in the person's own document that a lesson was done.
pub fn mark_done(app: &App, by: By, name: &str) -> Result<(), Refused> {
    let person = own(by)?;
    if lesson(Language::English, name).is_none() {
        let shown: String = name.chars().take(40).collect();
        return Err(Refused::unknown("lesson", shown));
    }
    if done(app, by)?.contains_key(name) {
        return Ok(());
    }
    let at_ms = app.env.now_ms();
    let header = Header {
        version: Record::VERSION,
        at_ms,
        date: today(app),
        zone: "UTC".to_owned(),
        clock: Clock::Trusted,
        amends: None,
        voids: None,
    };
    let value = Record { header, body: LessonDone::new(name).into() }.encode();
    let id = RecordId::new(app.env.as_ref());
    let new_actor = random_bytes(app.env.as_ref());
    Ok(app.storage.keep_own(&OwnRecord { person, kind: Kind::LessonDone, id, value, at_ms, new_actor })?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lesson_is_told_in_both_languages_and_leads_to_a_page() {
        let [spanish, english] =
            [Language::Spanish, Language::English].map(|of| lessons(of).collect::<Vec<_>>());
        assert_eq!((spanish.len(), english.len()), (SPANISH.len(), ENGLISH.len()));
        for (one, other) in spanish.iter().zip(&english) {
            assert_eq!((one.name, one.page), (other.name, other.page));
            assert_eq!(one.text.matches("\n\n").count(), other.text.matches("\n\n").count(), "{}", one.name);
            assert!(one.page.starts_with('/') && one.title != other.title, "{}", one.name);
        }
    }

    #[test]
    fn words_are_found_whatever_their_accents_and_titles_come_first() {
        let names =
            |typed| search(Language::Spanish, typed).into_iter().map(|of| of.name).collect::<Vec<_>>();
        assert_eq!(names("DORMIDO cliente")[0], "dormant");
        assert_eq!(names("movil perdido")[0], "phones");
        assert!(names("nadie escribe esto").is_empty());
        assert_eq!(names("").len(), SPANISH.len());
    }
}
