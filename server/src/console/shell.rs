//! A page's frame: title, navigation, who is logged in, language and light.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use cartera_core::model::access::Action;
use cartera_core::strings::Language;

use super::assets;
use super::reader::{Reader, Theme};
use super::words::Words;
use crate::http::problem::Problem;

/// An entry of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Overview,
    Clients,
    Work,
    Attention,
    People,
    Data,
    Help,
}

impl Place {
    pub(crate) const ALL: [Self; 7] =
        [Self::Overview, Self::Clients, Self::Work, Self::Attention, Self::People, Self::Data, Self::Help];

    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Overview => "/overview",
            Self::Clients => "/clients",
            Self::Work => "/work",
            Self::Attention => "/attention",
            Self::People => "/people",
            Self::Data => "/data",
            Self::Help => "/help",
        }
    }

    /// Its name's words.
    pub(crate) const fn text_id(self) -> &'static str {
        match self {
            Self::Overview => "word-overview",
            Self::Clients => "word-clients",
            Self::Work => "console-work",
            Self::Attention => "attention-title",
            Self::People => "console-people",
            Self::Data => "console-data",
            Self::Help => "console-help",
        }
    }

    /// The lesson of [`crate::help`] that is about it.
    const fn lesson(self) -> Option<&'static str> {
        Some(match self {
            Self::Overview => "value",
            Self::Clients => "dormant",
            Self::Work => "plan",
            Self::Attention => "conflict",
            Self::People => "phones",
            Self::Data => "export",
            Self::Help => return None,
        })
    }

    /// What somebody has to be let do to open it; `None`: whoever is logged in.
    pub(crate) const fn action(self) -> Option<Action> {
        Some(match self {
            Self::Overview | Self::Work => Action::ViewOthersWork,
            Self::Clients | Self::Attention => Action::ViewClient,
            Self::People => Action::ViewPeople,
            Self::Data => Action::Export,
            Self::Help => return None,
        })
    }
}

/// Who is logged in, as the frame shows it.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) name: String,
    /// What this person may open.
    pub(crate) places: Vec<Place>,
}

#[derive(Debug, Clone)]
pub(crate) struct Shell {
    pub(crate) words: Words,
    pub(crate) theme: Theme,
    pub(crate) title: String,
    pub(crate) here: Option<Place>,
    pub(crate) visitor: Option<Shown>,
    /// Where the choice of language and light leads back to.
    pub(crate) path: String,
}

impl Shell {
    pub(crate) fn new(reader: Reader, title: String, path: String) -> Self {
        Self { words: Words(reader.language), theme: reader.theme, title, here: None, visitor: None, path }
    }

    /// Address and title of the lesson about this page.
    pub(crate) fn lesson(&self) -> Option<(String, &'static str)> {
        self.visitor.as_ref()?;
        let lesson = crate::help::lesson(self.words.0, self.here?.lesson()?)?;
        Some((format!("/help/{}", lesson.name), lesson.title))
    }

    pub(crate) fn style(&self) -> &'static str {
        assets::style_path()
    }

    pub(crate) fn languages(&self) -> Vec<(&'static str, &'static str, bool)> {
        let named = [(Language::Spanish, "Español"), (Language::English, "English")];
        named.map(|(language, name)| (language.tag(), name, language == self.words.0)).to_vec()
    }

    pub(crate) fn themes(&self) -> Vec<(&'static str, bool)> {
        Theme::ALL.map(|theme| (theme.as_str(), theme == self.theme)).to_vec()
    }
}

/// What went wrong, and what to do.
#[derive(Template)]
#[template(path = "console/error.html")]
pub(super) struct ErrorPage {
    pub(super) shell: Shell,
    pub(super) advice: String,
}

/// A page as an answer.
pub(crate) fn page(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(error) => {
            tracing::error!(code = "template", %error, "a page cannot be written");
            Problem::internal().into_response()
        }
    }
}
