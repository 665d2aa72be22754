//! Each layer of the engine calls only those before it; compares every path from
//! the crate's root with the table below.

#![allow(clippy::unwrap_used)] // a test that cannot read the sources has failed

use std::fs;
use std::path::{Path, PathBuf};

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

/// The source without what is no code: comments, and the insides of texts and characters, are blanks.
fn code_of(text: &str) -> Vec<char> {
    let chars: Vec<char> = text.chars().collect();
    let mut code = chars.clone();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut i = 0;
    while i < chars.len() {
        let end = match (chars[i], at(i + 1)) {
            ('/', '/') => chars[i..].iter().position(|c| *c == '\n').map_or(chars.len(), |len| i + len),
            ('/', '*') => {
                let (mut end, mut depth) = (i + 2, 1);
                while depth > 0 && end < chars.len() {
                    (end, depth) = match (chars[end], at(end + 1)) {
                        ('/', '*') => (end + 2, depth + 1),
                        ('*', '/') => (end + 2, depth - 1),
                        _ => (end + 1, depth),
                    };
                }
                end
            }
            ('"', _) => {
                let mut end = i + 1;
                while end < chars.len() && chars[end] != '"' {
                    end += if chars[end] == '\\' { 2 } else { 1 };
                }
                end + 1
            }
            ('r', '"' | '#') if i == 0 || !is_name(chars[i - 1]) || matches!(chars[i - 1], 'b' | 'c') => {
                let hashes = chars[i + 1..].iter().take_while(|c| **c == '#').count();
                if at(i + 1 + hashes) == '"' {
                    let close: String =
                        std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
                    let rest: String = chars[i + 2 + hashes..].iter().collect();
                    rest.find(&close).map_or(chars.len(), |bytes| {
                        i + 2 + hashes + rest[..bytes].chars().count() + close.len()
                    })
                } else {
                    i + 1 // a name such as r#type
                }
            }
            // A character, not a lifetime.
            ('\'', '\\') => i + 3 + chars[i + 3..].iter().position(|c| *c == '\'').map_or(0, |len| len + 1),
            ('\'', _) if at(i + 2) == '\'' => i + 3,
            _ => i + 1,
        };
        if end > i + 1 {
            code[i..end.min(chars.len())].iter_mut().filter(|c| **c != '\n').for_each(|c| *c = ' ');
        }
        i = end;
    }
    code
}

const TEST_ONLY: [&str; 2] = ["#[cfg(test)]", "#[cfg(all(test"];

/// Takes what only tests compile out of the code; gives the modules among it that are files of their own.
fn without_tests(code: &[char]) -> (String, Vec<String>) {
    let text: String = code.iter().collect();
    let (mut kept, mut modules) = (String::new(), Vec::new());
    let mut rest = text.as_str();
    while let Some(start) = TEST_ONLY.iter().filter_map(|attribute| rest.find(attribute)).min() {
        kept.push_str(&rest[..start]);
        let item = &rest[start..];
        // Attributes, and then the item to its `;` or its closing brace.
        let mut depth = 0_usize;
        let ends_with_semicolon = |before: &str| {
            let words = before.rsplit(']').next().unwrap_or_default();
            ["use ", "const ", "static ", "let ", "type "].iter().any(|word| words.contains(word))
        };
        let end = item.char_indices().find_map(|(at, c)| match c {
            '(' | '[' | '{' => {
                depth += 1;
                None
            }
            ')' | ']' | '}' => {
                depth -= 1;
                (c == '}' && depth == 0 && !ends_with_semicolon(&item[..item[..at].find('{').unwrap_or(at)]))
                    .then_some(at + 1)
            }
            ';' if depth == 0 => Some(at + 1),
            _ => None,
        });
        let end = end.unwrap_or(item.len());
        if let Some(module) = item[..end].strip_suffix(';').and_then(|item| item.rsplit_once("mod ")) {
            modules.push(module.1.trim().to_owned());
        }
        rest = &item[end..];
    }
    kept.push_str(rest);
    (kept, modules)
}

/// What stands first in each branch of a path or of a group of paths: `a` and `d` of `{a::{b, c}, d}`.
fn heads(path: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
    };
    let Some(group) = path.trim_start().strip_prefix('{') else { return vec![name(path)] };
    let (mut depth, mut begin, mut heads) = (0_usize, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                heads.push(name(&group[begin..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                heads.push(name(&group[begin..at]));
                begin = at + 1;
            }
            _ => {}
        }
    }
    heads.retain(|head| !head.is_empty());
    heads
}

/// What is named from the crate's root: after `crate::`, or after as many `super::` as lead there from a module that is
/// `depth` below it.
fn used(code: &str, depth: usize) -> Vec<String> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        if !code[..at].ends_with(is_name) {
            found.extend(heads(&code[at + "crate::".len()..]));
        }
    }
    let mut from = 0;
    while let Some(at) = code[from..].find("super::").map(|at| from + at) {
        let mut end = at;
        while code[end..].starts_with("super::") {
            end += "super::".len();
        }
        if (end - at) / "super::".len() >= depth {
            found.extend(heads(&code[end..]));
        }
        from = end;
    }
    found
}

/// How many modules a file is below the crate's root.
fn depth_of(file: &Path, src: &Path) -> usize {
    let inside = file.strip_prefix(src).unwrap();
    inside.components().count() - usize::from(inside.ends_with("mod.rs"))
}

/// Where a module's own modules are.
fn folder_of(file: &Path) -> PathBuf {
    let is_root = file.ends_with("mod.rs") || file.ends_with("lib.rs");
    if is_root { file.parent().unwrap().to_owned() } else { file.with_extension("") }
}

/// The calls upward in a tree of sources. Unit tests may compare a layer with one below it.
fn violations(src: &Path) -> Vec<String> {
    let mut files = Vec::new();
    rust_files(src, &mut files);
    assert!(!files.is_empty(), "the sources were not found");
    let known: Vec<&str> = MAY_USE.iter().map(|(layer, _)| *layer).collect();
    let mut tests: Vec<PathBuf> = Vec::new();
    let mut codes = Vec::new();
    for file in files {
        let (code, modules) = without_tests(&code_of(&fs::read_to_string(&file).unwrap()));
        tests.extend(modules.iter().map(|module| folder_of(&file).join(module)));
        codes.push((file, code));
    }
    let mut wrong = Vec::new();
    for (file, code) in codes {
        if tests.iter().any(|test| file.starts_with(test) || file == test.with_extension("rs")) {
            continue;
        }
        let Some(layer) = layer_of(&file, src) else { continue };
        let Some((_, may)) = MAY_USE.iter().find(|(name, _)| *name == layer) else {
            wrong.push(format!("{}: `{layer}` is not in the table", file.display()));
            continue;
        };
        for name in used(&code, depth_of(&file, src)) {
            if known.contains(&name.as_str()) && name != layer && !may.contains(&name.as_str()) {
                wrong.push(format!("{}: `{layer}` uses `{name}`", file.display()));
            }
        }
    }
    wrong
}

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

#[test]
fn no_layer_calls_upward() {
    let wrong = violations(&sources());
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
    let used = |text: &str| used(&without_tests(&code_of(text)).0, 2);
    assert_eq!(used("use crate::rows::Document;\nuse crate::{env::Env, model};"), ["rows", "env", "model"]);
    assert_eq!(used("let x = crate::store::open();"), ["store"]);
    assert_eq!(used("use crate::{model::{self, Id, a::{b, c}}, query::Page};"), ["model", "query"]);
    assert_eq!(used("use super::super::store::Store;\nuse super::below;"), ["store"]);
    assert_eq!(used("$crate::engine::open!()"), ["engine"]);
    assert_eq!(used("mycrate::engine::open()"), [""; 0]);
    let after_tests = [
        "#[cfg(test)]\nmod figure_tests;\nuse crate::store::Store;",
        "#[cfg(test)]\nuse crate::{sync::{a, b}, query};\nuse crate::store::Store;",
        "#[cfg(test)]\n#[derive(Debug)]\nstruct T { a: [u8; 2] }\nuse crate::store::Store;",
        "#[cfg(test)]\nmod tests { use crate::sync; const A: char = '}'; /* } */ fn f<'a>() { \"}\"; r#\"}\"\"#; } }\nuse crate::store::Store;",
        "#[cfg(all(test, unix))]\nconst T: fn() = { crate::sync::f };\nuse crate::store::Store;",
    ];
    for text in after_tests {
        assert_eq!(used(text), ["store"], "{text}");
    }
    for text in ["// use crate::store;", "\"crate::store\"", "#[cfg(test)]\nmod tests { use crate::store; }"]
    {
        assert_eq!(used(text), [""; 0], "{text}");
    }
}

#[test]
fn a_call_upward_that_is_planted_is_found() {
    let tree = tempfile::tempdir().unwrap();
    let plant = |file: &str, text: &str| {
        let path = tree.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    plant("model.rs", "use crate::env::Env;");
    plant("portfolio/segments/mod.rs", "#[cfg(test)]\nmod figure_tests;\nmod rule;\nuse crate::rows::Row;");
    plant("portfolio/segments/figure_tests.rs", "use crate::engine::Engine;");
    plant("portfolio/segments/figure_tests/more.rs", "use crate::engine::Engine;");
    plant("portfolio/segments/rule.rs", "");
    assert_eq!(violations(tree.path()), Vec::<String>::new());
    let planted = [
        ("portfolio/segments/mod.rs", "#[cfg(test)]\nmod figure_tests;\nuse crate::store::Store;"),
        ("portfolio/segments/rule.rs", "use crate::{rows::{a, b}, store};"),
        ("portfolio/segments/rule.rs", "use super::super::super::store;"),
        ("model.rs", "use super::document::Change;"),
        ("unheard.rs", ""),
    ];
    for (file, text) in planted {
        let before = fs::read_to_string(tree.path().join(file)).unwrap_or_default();
        plant(file, text);
        assert_eq!(violations(tree.path()).len(), 1, "{file}: {text}");
        plant(file, &before);
        if file == "unheard.rs" {
            fs::remove_file(tree.path().join(file)).unwrap();
        }
    }
}
