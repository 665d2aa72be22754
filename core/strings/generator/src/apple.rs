//! What iOS itself shows of the app: why it asks for what it asks for. A string catalogue (`.xcstrings`), whose keys are those
//! of the app's `Info.plist`; all else the app says by itself.

use std::path::PathBuf;

use cartera_core::strings::Language;
use serde_json::{Map, Value, json};

use crate::Files;
use crate::message::{Messages, Piece, Words};

/// A key of `Info.plist`, and the message that stands there.
const SHOWN: [(&str, &str); 4] = [
    ("NSCameraUsageDescription", "app-use-camera"),
    ("NSFaceIDUsageDescription", "app-use-face_id"),
    ("NSLocalNetworkUsageDescription", "app-use-local_network"),
    ("NSLocationWhenInUseUsageDescription", "app-use-location"),
];

pub(crate) fn files(messages: &Messages) -> Result<Files, String> {
    let mut strings = Map::new();
    for (key, id) in SHOWN {
        let mut localizations = Map::new();
        for language in Language::ALL {
            let message = messages.0.iter().find(|message| message.id == id);
            let Some(Words::Plain(pieces)) = message.map(|message| message.words(language)) else {
                return Err(format!("{id}: no plain message"));
            };
            let [Piece::Text(text)] = &pieces[..] else { return Err(format!("{id}: no variables here")) };
            let unit = json!({ "stringUnit": { "state": "translated", "value": text } });
            localizations.insert(language.tag().to_owned(), unit);
        }
        let entry = json!({ "extractionState": "manual", "localizations": Value::Object(localizations) });
        strings.insert(key.to_owned(), entry);
    }
    let catalogue =
        json!({ "sourceLanguage": Language::Spanish.tag(), "strings": strings, "version": "1.0" });
    Ok(vec![(PathBuf::from("InfoPlist.xcstrings"), format!("{catalogue:#}\n"))])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::examples;

    #[test]
    fn the_catalogue_says_what_the_engine_says_in_both_languages() {
        let messages = Messages::read().unwrap();
        let catalogue: Value = serde_json::from_str(&files(&messages).unwrap()[0].1).unwrap();
        let mut compared = 0;
        for example in examples::all(&messages) {
            let Some((key, _)) = SHOWN.iter().find(|(_, id)| *id == example.message.id) else { continue };
            let said =
                &catalogue["strings"][key]["localizations"][example.language.tag()]["stringUnit"]["value"];
            assert_eq!(said.as_str(), Some(example.text.as_str()), "{key}");
            compared += 1;
        }
        assert_eq!(compared, SHOWN.len() * Language::ALL.len());
    }

    #[test]
    fn a_purpose_without_words_is_an_error() {
        assert!(files(&Messages(Vec::new())).unwrap_err().contains("app-use-camera"));
    }
}
