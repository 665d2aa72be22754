//! `cartera-bindgen kotlin|swift|python LIBRARY FOLDER`: the language's sources of the built library, into a folder.
//!
//! A crate of its own, so that what generates code is no part of what is shipped.

use std::process::ExitCode;

use uniffi_bindgen::bindings::{GenerateOptions, TargetLanguage, generate};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [language, library, folder] = arguments.as_slice() else { return usage() };
    let language = match language.as_str() {
        "kotlin" => TargetLanguage::Kotlin,
        "swift" => TargetLanguage::Swift,
        "python" => TargetLanguage::Python,
        _ => return usage(),
    };
    let config = concat!(env!("CARGO_MANIFEST_DIR"), "/../uniffi.toml");
    let options = GenerateOptions {
        languages: vec![language],
        source: library.into(),
        out_dir: folder.into(),
        config_override: Some(config.into()),
        format: false,
        crate_filter: None,
        metadata_no_deps: true,
    };
    match generate(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&format!("{library}: {error:#}")),
    }
}

fn usage() -> ExitCode {
    fail("usage: cartera-bindgen kotlin|swift|python LIBRARY FOLDER")
}

#[allow(clippy::print_stderr)] // a command line
fn fail(words: &str) -> ExitCode {
    eprintln!("{words}");
    ExitCode::FAILURE
}
