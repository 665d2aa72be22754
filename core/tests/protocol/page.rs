//! The page, and the regions in it that are made from the code.

use std::path::Path;

use cartera_core::sync::wire::{ProblemCode, Refusal};

use crate::{examples, tables};

const BEGIN: &str = "<!-- from the code: ";
const END: &str = "<!-- end -->";

fn read() -> String {
    std::fs::read_to_string(path()).unwrap()
}

fn path() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/protocol.md")
}

fn region(name: &str) -> String {
    match name {
        "limits" => tables::limits(),
        "examples" => examples::all(),
        "problem example" => examples::problem(),
        name => tables::of_type(name),
    }
}

/// The page with every region as the code has it now, and the regions' names.
fn renewed(page: &str) -> (String, Vec<String>) {
    let (mut out, mut names) = (String::new(), Vec::new());
    let mut rest = page;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (name, after) = after.split_once(" -->\n").unwrap();
        let (_, after) = after.split_once(END).unwrap();
        out += &format!("{before}{BEGIN}{name} -->\n\n{}\n\n{END}", region(name).trim());
        names.push(name.to_owned());
        rest = after;
    }
    (out + rest, names)
}

#[test]
fn the_page_is_that_of_the_code() {
    let page = read();
    let (renewed, _) = renewed(&page);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path(), &renewed).unwrap();
        return;
    }
    let differs = page.lines().zip(renewed.lines()).find(|(page, code)| page != code);
    assert!(page == renewed, "core/docs/protocol.md is out of date (run with UPDATE_DOCS=1): {differs:?}");
}

#[test]
fn every_type_of_the_wire_has_its_table() {
    let (_, names) = renewed(&read());
    for item in tables::types() {
        assert_eq!(names.iter().filter(|name| **name == item).count(), 1, "{item} in core/docs/protocol.md");
    }
}

#[test]
fn every_code_has_its_line() {
    let page = read();
    for refusal in Refusal::KNOWN {
        let line = format!("\n| {} | `{}` |", refusal.number(), refusal.code());
        assert_eq!(page.matches(&line).count(), 1, "core/docs/protocol.md: {line}");
    }
    for problem in ProblemCode::KNOWN {
        let line = format!("\n| `{}` | {} |", problem.code(), problem.status());
        let section = page.split("## 15. Problems").nth(1).unwrap();
        assert_eq!(section.matches(&line).count(), 1, "core/docs/protocol.md: {line}");
    }
}

#[test]
fn every_link_of_the_page_leads_somewhere() {
    let page = read();
    let slug = |title: &str| -> String {
        let kept = title.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-'));
        kept.collect::<String>().to_lowercase().replace(' ', "-")
    };
    let headings: Vec<String> = page
        .lines()
        .filter_map(|line| line.strip_prefix("## ").or(line.strip_prefix("### ")))
        .map(slug)
        .collect();
    for link in page.split("](#").skip(1) {
        let target = link.split(')').next().unwrap();
        assert!(headings.iter().any(|heading| heading == target), "#{target}");
    }
}

/// Numbers that the prose repeats.
#[test]
fn what_the_prose_says_in_numbers_is_so() {
    use cartera_core::sync::backoff;
    use cartera_core::sync::wire::{limits, live};
    let page = read();
    for (says, is) in [
        ("Up to 1,024 bytes of CBOR", limits::PLAIN_BYTES == 1_024),
        ("at most 8 MiB (window log 23)", limits::WINDOW_LOG == 23),
        ("it has at most 512 bytes", limits::INVITATION_BYTES == 512),
        ("(and at most 160 bytes)", limits::DEVICE_NAME_BYTES == 160),
        ("At most 1,000 changes", limits::PUSHED_CHANGES == 1_000),
        ("Lines longer than 256 bytes", live::LINE_BYTES == 256),
        ("min(2 s * 2^n, 15 min)", (backoff::FIRST_WAIT_MS, backoff::LONGEST_WAIT_MS) == (2_000, 900_000)),
        ("sync 300 ms after", backoff::GATHER_MS == 300),
        ("every 15 minutes", backoff::POLL_MS == 900_000),
    ] {
        assert!(page.contains(says) && is, "core/docs/protocol.md: {says}");
    }
}
