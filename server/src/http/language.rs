//! Spanish or English: what `Accept-Language` prefers of the two.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    #[default]
    English,
    Spanish,
}

impl Language {
    /// English unless Spanish is asked for with a greater weight, or before it with the same.
    pub fn of(headers: &HeaderMap) -> Self {
        let text = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let mut best = (0.0, Self::default());
        for range in text.split(',').take(16) {
            let mut parts = range.split(';').map(str::trim);
            let tag = parts.next().unwrap_or("").to_ascii_lowercase();
            let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
            let language = match tag.split('-').next() {
                Some("es") => Self::Spanish,
                Some("en") => Self::English,
                _ => continue,
            };
            if weight > best.0 && weight <= 1.0 {
                best = (weight, language);
            }
        }
        best.1
    }

    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preferred_of_the_two_is_taken() {
        for (text, expected) in [
            ("", Language::English),
            ("es-ES,es;q=0.9,en;q=0.8", Language::Spanish),
            ("en;q=0.5, es;q=0.9", Language::Spanish),
            ("fr, en, es", Language::English),
            ("ca, es;q=0.3", Language::Spanish),
            ("es;q=0", Language::English),
            ("es;q=nan, ;;;,", Language::English),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, text.parse().unwrap());
            assert_eq!(Language::of(&headers), expected, "{text}");
        }
    }
}
