//! Who reads: in which language and in which light. By the browser's own wish until somebody chooses.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use cartera_core::strings::Language;

use crate::http::language;

pub(crate) const LANGUAGE: &str = "language";
pub(crate) const THEME: &str = "theme";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Theme {
    /// As the system says.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == text)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reader {
    pub(crate) language: Language,
    pub(crate) theme: Theme,
}

impl Reader {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let chosen = cookie(headers, LANGUAGE).and_then(|text| text.parse().ok());
        Self {
            language: chosen.unwrap_or_else(|| language::preferred(headers)),
            theme: cookie(headers, THEME).and_then(Theme::parse).unwrap_or_default(),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

/// The value of a cookie of that name.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lists = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lists.flat_map(|list| list.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(cookies: &[&str], accept: &str) -> Reader {
        let mut headers = HeaderMap::new();
        headers.insert("accept-language", accept.parse().unwrap());
        for cookie in cookies {
            headers.append(COOKIE, cookie.parse().unwrap());
        }
        Reader::of(&headers)
    }

    #[test]
    fn what_was_chosen_goes_before_what_the_browser_prefers() {
        let reader = |language, theme| Reader { language, theme };
        assert_eq!(with(&[], "es"), reader(Language::Spanish, Theme::System));
        assert_eq!(with(&["a=b; language=en; theme=dark"], "es"), reader(Language::English, Theme::Dark));
        assert_eq!(with(&["xlanguage=en", "theme=light"], "es"), reader(Language::Spanish, Theme::Light));
        assert_eq!(with(&["language=xx; theme=pink"], "es"), reader(Language::Spanish, Theme::System));
    }
}
