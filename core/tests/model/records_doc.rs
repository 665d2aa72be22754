//! `core/docs/records.md` describes every field that the code writes: it is made from the code, and this test says
//! when it is out of date. `UPDATE_DOCS=1 cargo test -p cartera-core --test model` writes it anew.

use std::fmt::Write as _;
use std::path::Path;

use cartera_core::model::{access, office, phone, place, profile, record, tax_id};

const HEAD: &str = include_str!("records_doc_head.md");

type Fields = &'static [cartera_core::model::cbor::FieldShape];

/// A type of the code, as it stands in CBOR.
fn cbor_type(ty: &str) -> String {
    let ty = ty.replace(' ', "");
    if let Some(inner) = ty.strip_prefix("Option<").and_then(|rest| rest.strip_suffix('>')) {
        return format!("{}, or missing", cbor_type(inner));
    }
    if let Some(inner) = ty.strip_prefix("Vec<").and_then(|rest| rest.strip_suffix('>')) {
        return format!("list of {}, missing if empty", cbor_type(inner));
    }
    match ty.rsplit("::").next().unwrap_or(&ty) {
        "String" => "text".into(),
        "bool" => "`true`, or missing".into(),
        "i64" | "i32" => "int".into(),
        "Minor" => "int: minor units".into(),
        "u64" | "u32" | "u16" | "u8" => "uint".into(),
        "[u8;16]" => "16 bytes".into(),
        "BusinessDate" => "date".into(),
        "Decimal" => "decimal".into(),
        "Money" => "money".into(),
        "Currency" => "currency".into(),
        "Scalar" => "scalar".into(),
        "Float" => "float".into(),
        "ClientId" | "RecordId" | "PartId" | "PersonId" | "DeviceId" | "TerritoryId" => "id".into(),
        other => format!("[{other}](#{})", other.to_lowercase()),
    }
}

fn fields(out: &mut String, title: &str, fields: Fields) {
    let _ = write!(out, "\n### {title}\n\n| key | name | CBOR | meaning |\n|---|---|---|---|\n");
    for field in fields {
        let (key, name, meaning) = (field.key, field.name, field.about.trim());
        let _ = writeln!(out, "| {key} | `{name}` | {} | {meaning} |", cbor_type(field.type_name));
    }
}

fn values(out: &mut String, title: &str, values: &[(u32, &str, &str)]) {
    let _ = write!(out, "\n### {title}\n\n");
    for (code, word, meaning) in values {
        let meaning = meaning.trim();
        let _ = writeln!(out, "- {code} `{word}`{}{meaning}", if meaning.is_empty() { "" } else { ": " });
    }
}

fn limits(out: &mut String) {
    let source = include_str!("../../src/model/limits.rs");
    let _ = write!(out, "\n## Limits\n\n| what | most |\n|---|---|\n");
    let mut meaning = String::new();
    for line in source.lines() {
        if let Some(doc) = line.strip_prefix("/// ") {
            if !meaning.is_empty() {
                meaning.push(' ');
            }
            meaning.push_str(doc);
        } else if let Some((_, value)) =
            line.strip_prefix("pub const ").and_then(|rest| rest.split_once(" = "))
        {
            let product: i64 = value
                .trim_end_matches(';')
                .split_whitespace()
                .fold((1, '*'), |(sum, op), token| match token.replace('_', "").parse::<i64>() {
                    Ok(number) if op == '-' => (sum - number, op),
                    Ok(number) => (sum * number, op),
                    Err(_) => (sum, token.chars().next().unwrap_or('*')),
                })
                .0;
            let _ = writeln!(out, "| {} | {product} |", meaning.trim_end_matches('.'));
            meaning.clear();
        }
    }
}

fn document() -> String {
    let mut out = HEAD.to_owned();

    out += "\n## Records, by kind\n\nThe letters are those of the key.\n";
    macro_rules! kinds {
        ($($kind:ident),*) => { $( {
            let letters = record::Kind::$kind.letters().to_owned();
            fields(&mut out, &format!("`{letters}` {}", stringify!($kind)), record::$kind::FIELDS);
        } )* };
    }
    kinds!(
        Visit,
        Purchase,
        Contact,
        Note,
        Task,
        SurveyAnswer,
        DataConfirmed,
        ClientClosed,
        Agreement,
        Consent,
        MergeProposal,
        ChangeRequest,
        NotNow,
        ModeChoice,
        Absence,
        Segment,
        NoticeRead,
        LessonDone
    );
    fields(&mut out, "Void", record::Void::FIELDS);
    out += "\nOf any kind, where the header voids a record.\n";

    out += "\n## Maps inside records and profile values\n";
    fields(&mut out, "Address", place::Address::FIELDS);
    fields(&mut out, "Answer", record::Answer::FIELDS);
    fields(&mut out, "Discount", record::Discount::FIELDS);
    fields(&mut out, "Fix", place::Fix::FIELDS);
    fields(&mut out, "Hours", profile::Hours::FIELDS);
    fields(&mut out, "Line", record::Line::FIELDS);
    fields(&mut out, "NextStep", record::NextStep::FIELDS);
    fields(&mut out, "OpenSpan", profile::OpenSpan::FIELDS);
    fields(&mut out, "Phone", phone::Phone::FIELDS);
    fields(&mut out, "PlanKey", record::PlanKey::FIELDS);
    fields(&mut out, "PriceSource", record::PriceSource::FIELDS);
    fields(&mut out, "ShutDays", profile::ShutDays::FIELDS);
    fields(&mut out, "ShutSpan", profile::ShutSpan::FIELDS);
    fields(&mut out, "Tax", record::Tax::FIELDS);
    fields(&mut out, "TaxId", tax_id::TaxId::FIELDS);
    fields(&mut out, "Totals", record::Totals::FIELDS);

    out += "\n## Profile\n\n| key | value |\n|---|---|\n";
    let id = "01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap();
    use profile::Key;
    let mut keys: Vec<Key> = profile::ClientField::ALL.iter().map(|field| Key::Client(*field)).collect();
    keys.extend(profile::ContactField::ALL.iter().map(|field| Key::Contact(id, *field)));
    keys.extend(profile::DateField::ALL.iter().map(|field| Key::Date(id, *field)));
    keys.extend(profile::PlaceField::ALL.iter().map(|field| Key::Place(id, *field)));
    keys.extend([Key::Tag("<slug>".into()), Key::Pref("<slug>".into())]);
    for key in keys {
        use profile::Sort;
        let value = match key.sort().unwrap() {
            Sort::Line(max) => format!("text on one line, at most {max} characters"),
            Sort::Prose(max) => format!("text, at most {max} characters"),
            Sort::Email => "text: an e-mail address".into(),
            Sort::Web => "text: a web address".into(),
            Sort::Language => "text: a BCP 47 tag".into(),
            Sort::Currency => "text: ISO 4217".into(),
            Sort::ContactId => "text: ULID of a contact".into(),
            Sort::Number(max) => format!("int, 1 to {max}"),
            Sort::Bool => "boolean".into(),
            Sort::Date => "int: a date".into(),
            Sort::Address => "bytes: [Address](#address)".into(),
            Sort::Point => "bytes: [Fix](#fix)".into(),
            Sort::TaxId => "bytes: [TaxId](#taxid)".into(),
            Sort::Phone => "bytes: [Phone](#phone)".into(),
            Sort::Hours => "bytes: [Hours](#hours)".into(),
            Sort::ShutDays => "bytes: [ShutDays](#shutdays)".into(),
            Sort::Free => "text, int or boolean".into(),
        };
        let key = key.to_string().replace("01ARZ3NDEKTSV4RRFFQ69G5FAV", "<ULID>");
        let _ = writeln!(out, "| `{key}` | {value} |");
    }

    out += "\n## Office records, by kind\n\nKey 0 is the version, 1.\n";
    macro_rules! office_kinds {
        ($($kind:ident),*) => { $( {
            let kind = office::KnownKind::$kind;
            fields(&mut out, &format!("`{kind}`"), office::$kind::FIELDS);
            let about: Vec<_> = kind.about().iter().map(|about| format!("{about:?}").to_lowercase()).collect();
            let audience = match kind.audience() {
                office::Audience::Everybody => "everybody in scope",
                office::Audience::Office => "the office, never reps",
            };
            let key = match kind.key_rule() {
                office::KeyRule::Code => "a code of its source",
                office::KeyRule::Ulid => "a ULID",
                office::KeyRule::Actor => "32 hexadecimal digits",
                office::KeyRule::ClientDay => "`<client>/<YYYY-MM-DD>/<currency>`",
                office::KeyRule::ClientMonth => "`<client>/<YYYY-MM>/<currency>`",
            };
            let _ = writeln!(out, "\nAbout: {}. For: {audience}. Key: {key}.", about.join(", "));
        } )* };
    }
    office_kinds!(
        Article, Price, Tax, Sale, SalesDay, SalesMonth, DueItem, Credit, OrderState, Objective, Person,
        Actor, Territory, VisitPlan, Absence, Holiday, Segment, Notice, Census, Spend, Setting, Parameter,
        CrossSell, Cost, Margin, Feed
    );
    out += "\n## Maps inside office records\n";
    fields(&mut out, "CrossSellRule", office::CrossSellRule::FIELDS);
    fields(&mut out, "Cut", office::Cut::FIELDS);
    fields(&mut out, "Flag", office::Flag::FIELDS);
    fields(&mut out, "MonthTotal", office::MonthTotal::FIELDS);
    fields(&mut out, "NamedFloat", office::NamedFloat::FIELDS);
    fields(&mut out, "Reaction", office::Reaction::FIELDS);
    fields(&mut out, "SaleLine", office::SaleLine::FIELDS);
    fields(&mut out, "Short", office::Short::FIELDS);
    fields(&mut out, "Step", office::Step::FIELDS);

    out += "\n## Enumerations\n\nEach is a uint. One that a reader does not know is kept.\n";
    macro_rules! enumerations {
        ($($module:ident::$name:ident),* $(,)?) => { $( values(&mut out, stringify!($name), $module::$name::VALUES); )* };
    }
    enumerations!(
        record::AbsenceReason,
        record::Asked,
        record::Channel,
        record::Clock,
        record::Decision,
        record::Direction,
        record::Evidence,
        record::LegalBasis,
        office::Level,
        record::Likeness,
        record::LossReason,
        office::Measure,
        record::Mode,
        record::NoOrderReason,
        record::NotNowReason,
        office::OrderFlag,
        office::OrderStage,
        record::Outcome,
        record::PriceOrigin,
        record::PurchaseSort,
        record::Purpose,
        record::Renewal,
        record::RequestDecision,
        record::ReturnReason,
        access::Role,
        office::ReactionSort,
        office::SaleSort,
        record::Subject,
        record::Survey,
        record::TaskState,
        record::VisitState,
        record::VoidReason,
    );
    limits(&mut out);
    out
}

#[test]
fn the_description_of_the_records_is_that_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/records.md");
    let document = document();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &document).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == document, "core/docs/records.md is out of date: run this test with UPDATE_DOCS=1");
}

/// Every type that a table links to has a heading of its own.
#[test]
fn every_link_of_the_description_leads_somewhere() {
    let document = document();
    let headings: Vec<String> = document
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .map(|title| title.trim_matches('`').to_lowercase())
        .collect();
    for link in document.split("](#").skip(1) {
        let target = link.split(')').next().unwrap();
        assert!(headings.iter().any(|heading| heading == target), "#{target}");
    }
}
