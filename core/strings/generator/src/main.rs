//! Writes the words of `core/strings/*.ftl` as the apps' platforms take them:  `cartera-words FORM FOLDER`.
//!
//! | form | what is written into the folder |
//! |---|---|
//! | `kotlin` | `app/cartera/words/Words.kt`: a class with a property or a function a message |
//! | `swift` | `Sources/CarteraState/Words.swift`: a struct with a property or a function a message; and for its tests, by id |
//! | `android` | `values/strings.xml` (Spanish), `values-en/strings.xml` |
//! | `apple` | `InfoPlist.xcstrings`: why iOS is asked for what it is asked for |
//! | `examples` | `examples.tsv`: what each message comes out as here, to hold the others against |
//!
//! The apps' builds call it, and what it writes is not committed: whoever builds an app builds the engine too, so the
//! words are never of another version than the codes that they are looked up by.

mod android;
mod apple;
mod examples;
mod kotlin;
mod message;
mod names;
mod swift;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use message::Messages;

/// A file's path in the folder, and its text.
type Files = Vec<(PathBuf, String)>;

fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            #[allow(clippy::print_stderr)] // a program's answer
            {
                eprintln!("cartera-words: {problem}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Vec<String>) -> Result<(), String> {
    let [form, folder] = arguments.as_slice() else {
        return Err(
            "say the form (kotlin, swift, android, apple or examples) and the folder to write to".to_owned()
        );
    };
    let messages = Messages::read()?;
    let files = match form.as_str() {
        "kotlin" => kotlin::files(&messages)?,
        "swift" => swift::files(&messages)?,
        "android" => android::files(&messages),
        "apple" => apple::files(&messages)?,
        "examples" => examples::files(&messages),
        other => return Err(format!("there is no form {other}: kotlin, swift, android, apple or examples")),
    };
    for (path, text) in files {
        write_if_changed(&Path::new(folder).join(path), &text)?;
    }
    Ok(())
}

/// An unchanged file keeps its time, so that nothing is compiled again for it.
fn write_if_changed(path: &Path, text: &str) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, text).map_err(failed)
}
