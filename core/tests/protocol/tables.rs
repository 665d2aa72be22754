//! Tables of the wire's types, read from their source: keys, names, types, limits and what absence means.

use std::collections::BTreeMap;

const SOURCES: [&str; 12] = [
    include_str!("../../src/sync/wire/request.rs"),
    include_str!("../../src/sync/wire/reply.rs"),
    include_str!("../../src/sync/wire/verdict.rs"),
    include_str!("../../src/sync/wire/entry.rs"),
    include_str!("../../src/sync/wire/scope.rs"),
    include_str!("../../src/sync/wire/office.rs"),
    include_str!("../../src/sync/wire/fetch.rs"),
    include_str!("../../src/sync/wire/digest.rs"),
    include_str!("../../src/sync/wire/salvage.rs"),
    include_str!("../../src/sync/wire/enrol.rs"),
    include_str!("../../src/sync/wire/versions.rs"),
    include_str!("../../src/sync/wire/names.rs"),
];
const LIMITS: &str = include_str!("../../src/sync/wire/limits.rs");

/// A type that travels.
struct Item {
    docs: String,
    form: Form,
    members: Vec<Member>,
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    Map,
    Array,
    /// An enumeration: a number.
    Number,
    /// A choice: an array that begins with a number.
    Choice,
}

struct Member {
    key: u64,
    name: String,
    ty: String,
    /// Left out when nought.
    skips: bool,
    docs: String,
    /// Of a variant.
    fields: Vec<Member>,
}

fn items() -> BTreeMap<String, Item> {
    let mut items = BTreeMap::new();
    for source in SOURCES {
        let code = source.split("#[cfg(test)]").next().unwrap();
        let mut lines = code.lines().map(str::trim).peekable();
        let (mut docs, mut form) = (Vec::new(), None);
        while let Some(line) = lines.next() {
            if let Some(doc) = line.strip_prefix("/// ") {
                docs.push(doc);
            } else if let Some(marked) = line.strip_prefix("#[cbor(") {
                form = match marked.trim_end_matches(")]") {
                    "map" => Some(Form::Map),
                    "array" => Some(Form::Array),
                    "flat" => Some(Form::Choice),
                    "index_only" => Some(Form::Number),
                    "transparent" => None,
                    other => panic!("tables.rs does not know `{other}`"),
                };
            } else if let (Some(form), Some(name)) = (form, declared(line)) {
                let item = Item { docs: docs.join(" "), form, members: read_members(&mut lines) };
                assert!(items.insert(name, item).is_none());
                docs.clear();
            } else if !line.starts_with('#') {
                (docs, form) = (Vec::new(), None);
            }
        }
    }
    items
}

fn declared(line: &str) -> Option<String> {
    let name = line.strip_prefix("pub struct ").or(line.strip_prefix("pub enum "))?;
    Some(name.trim_end_matches([' ', '{']).to_owned())
}

/// Fields of a struct or variants of an enum, up to the brace that closes them.
fn read_members(lines: &mut dyn Iterator<Item = &str>) -> Vec<Member> {
    let mut members = Vec::new();
    let (mut docs, mut key, mut skips) = (Vec::new(), None, false);
    while let Some(line) = lines.next() {
        if line.starts_with('}') {
            return members;
        } else if let Some(doc) = line.strip_prefix("/// ") {
            docs.push(doc);
        } else if line.starts_with("#[") {
            let digits = line.split("n(").nth(1).unwrap().split(')').next().unwrap();
            (key, skips) = (Some(digits.parse().unwrap()), line.contains("skip_if"));
        } else if !line.is_empty() && !line.starts_with("//") {
            let line = line.trim_start_matches("pub ");
            let mut member = Member {
                key: key.take().unwrap_or_else(|| panic!("no key before `{line}`")),
                name: String::new(),
                ty: String::new(),
                skips,
                docs: std::mem::take(&mut docs).join(" "),
                fields: Vec::new(),
            };
            members.push(match line.split_once([':', '{', '(', ',']) {
                Some((name, ty)) if line[name.len()..].starts_with(':') => {
                    member.name = name.into();
                    member.ty = ty.trim().trim_end_matches(',').into();
                    member
                }
                Some((name, field)) if line[name.len()..].starts_with('(') => {
                    member.name = name.into();
                    let (_, ty) = field.split_once("] ").unwrap();
                    let ty = ty.trim_end_matches([')', ',']).into();
                    let field =
                        Member { key: 0, name: "".into(), ty, skips: false, docs: "".into(), fields: vec![] };
                    member.fields.push(field);
                    member
                }
                Some((name, _)) => {
                    member.name = name.trim().into();
                    if line.ends_with('{') {
                        member.fields = read_members(lines);
                    }
                    member
                }
                None => panic!("tables.rs cannot read `{line}`"),
            });
        }
    }
    panic!("a type does not end")
}

pub(crate) fn types() -> Vec<String> {
    items().into_keys().collect()
}

pub(crate) fn of_type(name: &str) -> String {
    let items = items();
    let item = items.get(name).unwrap_or_else(|| panic!("the wire has no type `{name}`"));
    let mut out = format!("### {name}\n");
    if !item.docs.is_empty() {
        out += &format!("\n{}\n", words(&item.docs));
    }
    out += match item.form {
        Form::Map => "\n| key | name | type | absent | |\n|---|---|---|---|---|\n",
        Form::Array => "\nAn array:\n\n| place | name | type | |\n|---|---|---|---|\n",
        Form::Number => "\n| number | name | |\n|---|---|---|\n",
        Form::Choice => "\n| first | name | then | |\n|---|---|---|---|\n",
    };
    for member in &item.members {
        let Member { key, name, docs, .. } = member;
        let docs = words(docs);
        out += &match item.form {
            Form::Map => {
                let (ty, absent) = typed(&member.ty, member.skips);
                format!("| {key} | `{name}` | {ty} | {absent} | {docs} |\n")
            }
            Form::Array => format!("| {key} | `{name}` | {} | {docs} |\n", typed(&member.ty, false).0),
            Form::Number => format!("| {key} | `{}` | {docs} |\n", name.to_lowercase()),
            Form::Choice => {
                format!("| {key} | `{}` | {} | {docs} |\n", name.to_lowercase(), then(&member.fields))
            }
        };
    }
    out
}

fn then(fields: &[Member]) -> String {
    let each = fields.iter().map(|field| {
        let (ty, absent) = typed(&field.ty, field.skips);
        let name = if field.name.is_empty() { String::new() } else { format!("`{}` ", field.name) };
        let absent = if absent == "never" { String::new() } else { format!(", {absent}") };
        let docs = if field.docs.is_empty() {
            String::new()
        } else {
            format!(" ({})", words(&field.docs).trim_end_matches('.'))
        };
        format!("{name}{ty}{absent}{docs}")
    });
    let all = each.collect::<Vec<_>>().join("; ");
    if all.is_empty() { "nothing".into() } else { all }
}

/// What a type is on the wire, and what its absence means.
fn typed(ty: &str, skips: bool) -> (String, String) {
    let within = |prefix: &str| ty.strip_prefix(prefix).and_then(|rest| rest.strip_suffix('>'));
    if let Some(inner) = within("Option<") {
        return (typed(inner, false).0, "may be".into());
    }
    if let Some(inner) = within("Box<") {
        return typed(inner, skips);
    }
    if let Some(inner) = within("List<") {
        let (item, max) = inner.rsplit_once(", ").unwrap();
        return (format!("list of {}, at most {}", typed(item, false).0, limit(max)), "when empty".into());
    }
    for (prefix, what) in [("Bytes<", "bytes"), ("Text<", "text")] {
        if let Some(max) = within(prefix) {
            return (format!("{what}, at most {}", limit(max)), "when empty".into());
        }
    }
    let absent = match (skips, ty) {
        (false, _) => "never",
        (true, "bool") => "when false",
        (true, _) => "when 0",
    };
    let shown = match ty {
        "u8" | "u16" | "u32" | "u64" => format!("uint{}", &ty[1..]),
        "i32" | "i64" => format!("int{}", &ty[1..]),
        "bool" => "bool".into(),
        "Epoch" | "Fingerprint" => format!("{}, `bytes[8]`", ty.to_lowercase()),
        "Receipt" => "receipt, `bytes[16]`".into(),
        "Hash" | "Mac" => "`bytes[32]`".into(),
        "ActorBytes" | "DigestBytes" => "`bytes[16]`".into(),
        "Cursor" => format!("`bytes`, at most {}", limit("limits::CURSOR_BYTES")),
        "Refusal" => "uint8: a [refusal](#7-verdicts)".into(),
        "(Fingerprint, Fingerprint)" => "array of two `bytes[8]`: name, fingerprint".into(),
        id if id.ends_with("Id") => format!("id of a {}", id.trim_end_matches("Id").to_lowercase()),
        other => format!("[{other}](#{})", other.to_lowercase()),
    };
    (shown, absent.into())
}

/// A limit by its name, as a number.
fn limit(name: &str) -> String {
    let name = name.trim_matches(['{', '}', ' ']).trim_start_matches("limits::");
    let found = constants().into_iter().find(|(known, ..)| known == name);
    grouped(found.unwrap_or_else(|| panic!("no limit `{name}`")).1)
}

/// Every limit: name, value, what it is of.
fn constants() -> Vec<(String, u64, String)> {
    let (mut found, mut docs, mut kept) = (Vec::new(), Vec::new(), String::new());
    for line in LIMITS.lines() {
        if let Some(doc) = line.strip_prefix("/// ") {
            docs.push(doc);
        } else if let Some((name, rest)) =
            line.strip_prefix("pub const ").and_then(|rest| rest.split_once(": "))
        {
            let value = rest.split_once(" = ").unwrap().1.trim_end_matches(';').replace('_', "");
            let value = match value.split_once(" << ") {
                Some((left, right)) => left.parse::<u64>().unwrap() << right.parse::<u32>().unwrap(),
                None => value.parse().unwrap(),
            };
            // Constants without words of their own share those of the one before.
            if !docs.is_empty() {
                kept = docs.join(" ");
                docs.clear();
            }
            found.push((name.to_owned(), value, kept.clone()));
        }
    }
    found
}

pub(crate) fn limits() -> String {
    let mut out = String::from("| name | most | |\n|---|---|---|\n");
    for (name, value, docs) in constants() {
        out += &format!("| `{name}` | {} | {} |\n", grouped(value), words(&docs));
    }
    out
}

fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Comments as a page has them: links between Rust items become code.
fn words(docs: &str) -> String {
    docs.replace("[`limits::", "`").replace("[`", "`").replace("`]", "`").replace('|', "\\|")
}
