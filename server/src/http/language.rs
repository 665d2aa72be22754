//! Spanish or English: what `Accept-Language` prefers of the two.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use cartera_core::strings::Language;

/// English, as programs read it, unless Spanish is asked for with a greater weight, or before it with the same.
pub fn preferred(headers: &HeaderMap) -> Language {
    let text = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let mut best = (0.0, Language::English);
    for range in text.split(',').take(16) {
        let mut parts = range.split(';').map(str::trim);
        let Some(Ok(language)) = parts.next().map(str::parse::<Language>) else { continue };
        let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
        if weight > best.0 && weight <= 1.0 {
            best = (weight, language);
        }
    }
    best.1
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
            assert_eq!(preferred(&headers), expected, "{text}");
        }
    }
}
