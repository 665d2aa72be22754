//! `uniffi-bindgen generate --language kotlin|swift|python --library LIBRARY --out-dir FOLDER`: the language's sources of
//! the built library, into a folder, by `bindings/uniffi.toml`.
//!
//! A crate of its own, so that what generates code is no part of what is shipped; of that name and with those arguments,
//! since maturin calls it so.

use std::process::ExitCode;

use uniffi_bindgen::bindings::{GenerateOptions, TargetLanguage, generate};

const CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../uniffi.toml");

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match read(&arguments) {
        None => fail(
            "usage: uniffi-bindgen generate --language kotlin|swift|python --library LIBRARY --out-dir FOLDER",
        ),
        Some(options) => {
            let library = options.source.clone();
            generate(options)
                .map_or_else(|error| fail(&format!("{library}: {error:#}")), |()| ExitCode::SUCCESS)
        }
    }
}

fn read(arguments: &[String]) -> Option<GenerateOptions> {
    let mut arguments = arguments.iter().map(String::as_str);
    if arguments.next() != Some("generate") {
        return None;
    }
    let (mut language, mut library, mut folder) = (None, None, None);
    while let Some(argument) = arguments.next() {
        match argument {
            "--language" => {
                language = Some(match arguments.next()? {
                    "kotlin" => TargetLanguage::Kotlin,
                    "swift" => TargetLanguage::Swift,
                    "python" => TargetLanguage::Python,
                    _ => return None,
                });
            }
            "--out-dir" => folder = arguments.next(),
            // What maturin says besides: there is one crate, and one configuration.
            "--crate" | "--config" => drop(arguments.next()?),
            "--no-format" | "--library" => {}
            path => library = Some(path),
        }
    }
    Some(GenerateOptions {
        languages: vec![language?],
        source: library?.into(),
        out_dir: folder?.into(),
        config_override: Some(CONFIG.into()),
        format: false,
        crate_filter: None,
        metadata_no_deps: true,
    })
}

#[allow(clippy::print_stderr)] // a command line
fn fail(words: &str) -> ExitCode {
    eprintln!("{words}");
    ExitCode::FAILURE
}
