//! Each layer of the engine calls only those before it; compares every `use crate::` with the table below.

#![allow(clippy::unwrap_used)] // a test that cannot read the sources has failed

use std::fs;
use std::path::Path;

/// A layer and what it may use besides itself. `metrics` and `model` do no input or output at all.
const MAY_USE: &[(&str, &[&str])] = &[
    ("env", &[]),
    ("strings", &[]),
    ("model", &["env", "strings"]),
    ("document", &["env", "model"]),
    ("rows", &["env", "model", "document"]),
    ("metrics", &["env", "model", "document", "rows"]),
    ("portfolio", &["env", "model", "document", "rows", "metrics", "strings"]),
    ("store", &["env", "model", "document", "rows"]),
    ("query", &["env", "model", "document", "rows", "metrics", "portfolio", "store", "strings"]),
    ("sync", &["env", "model", "document", "rows", "store"]),
    (
        "engine",
        &["env", "strings", "model", "document", "rows", "metrics", "portfolio", "store", "query", "sync"],
    ),
];

fn layer_of(path: &Path, src: &Path) -> Option<String> {
    let first = path.strip_prefix(src).ok()?.components().next()?;
    let name = first.as_os_str().to_str()?.trim_end_matches(".rs").to_owned();
    (name != "lib").then_some(name)
}

fn rust_files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// Layers named after each `crate::` in a source text.
fn used(text: &str) -> Vec<String> {
    let mut layers = Vec::new();
    for rest in text.split("crate::").skip(1) {
        let group = rest.strip_prefix('{').and_then(|inner| inner.split_once('}')).map(|(inner, _)| inner);
        for part in group.unwrap_or(rest).split(',') {
            let name: String =
                part.trim().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            layers.push(name);
            if group.is_none() {
                break;
            }
        }
    }
    layers
}

#[test]
fn no_layer_calls_upward() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    assert!(files.len() > 10, "the sources were not found");
    let known: Vec<&str> = MAY_USE.iter().map(|(layer, _)| *layer).collect();
    let mut wrong = Vec::new();
    for file in files {
        let Some(layer) = layer_of(&file, &src) else { continue };
        let Some((_, may)) = MAY_USE.iter().find(|(name, _)| *name == layer) else {
            wrong.push(format!("{}: `{layer}` is not in the table", file.display()));
            continue;
        };
        // Unit tests stand at the end of a file or in one of their own, and may compare a layer with one below it.
        if file.ends_with("tests.rs") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for name in used(code) {
            if known.contains(&name.as_str()) && name != layer && !may.contains(&name.as_str()) {
                wrong.push(format!("{}: `{layer}` uses `{name}`", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_network_layer_opens_sockets() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    for file in files {
        let inside = file.strip_prefix(&src).unwrap().to_str().unwrap().to_owned();
        if inside.starts_with("sync/http") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        for word in ["std::net::", "tokio::net", "reqwest::"] {
            assert!(!text.contains(word), "{inside} names {word}");
        }
    }
}

#[test]
fn a_call_upward_would_be_seen() {
    assert_eq!(used("use crate::rows::Document;\nuse crate::{env::Env, model};"), ["rows", "env", "model"]);
    assert_eq!(used("let x = crate::store::open();"), ["store"]);
}
