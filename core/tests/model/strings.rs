//! Whatever a person may meet has words in both languages: values, fields, problems, and every error's code.

use std::fs;
use std::path::{Path, PathBuf};

use cartera_core::model::access::Role;
use cartera_core::model::office::{KnownKind, Measure, OrderFlag, OrderStage, SaleSort};
use cartera_core::model::problem::Code;
use cartera_core::model::profile::{ClientField, ContactField, DateField, PlaceField};
use cartera_core::model::record::*;
use cartera_core::model::tax_id::TaxIdWarning;
use cartera_core::portfolio::segments::FIELDS;
use cartera_core::strings::{Language, has};

fn assert_words(id: &str) {
    for language in Language::ALL {
        assert!(
            has(language, id),
            "{id} has no words in {language}; put them into core/strings/{language}.ftl"
        );
    }
}

fn assert_advice(id: &str) {
    assert_words(id);
    assert_words(&format!("{id}.advice"));
}

#[test]
fn every_value_has_words() {
    macro_rules! values {
        ($($ty:ty),*) => { $( for value in <$ty>::ALL { assert_words(value.text_id()); } )* };
    }
    values!(
        Kind,
        KnownKind,
        Role,
        VisitState,
        Outcome,
        NoOrderReason,
        Purpose,
        Channel,
        Direction,
        Clock,
        TaskState,
        VoidReason,
        Subject,
        NotNowReason,
        AbsenceReason,
        PurchaseSort,
        PriceOrigin,
        ReturnReason,
        OrderStage,
        OrderFlag,
        SaleSort,
        Measure,
        LossReason,
        Renewal,
        Decision,
        LegalBasis,
        Evidence,
        Survey,
        Asked,
        Likeness,
        RequestDecision
    );
    assert_words(Outcome::Unknown(99).text_id());
    assert_words(Kind::parse("future").unwrap().text_id());
}

#[test]
fn every_field_of_the_profile_has_words() {
    ClientField::ALL.iter().for_each(|field| assert_words(&format!("client-{}", field.as_str())));
    ContactField::ALL.iter().for_each(|field| assert_words(&format!("contact-{}", field.as_str())));
    DateField::ALL.iter().for_each(|field| assert_words(&format!("date-{}", field.as_str())));
    PlaceField::ALL.iter().for_each(|field| assert_words(&format!("place-{}", field.as_str())));
    FIELDS.iter().for_each(|field| assert_words(&field.text_id()));
}

#[test]
fn every_problem_and_warning_says_what_to_do() {
    Code::ALL.iter().for_each(|code| assert_advice(&format!("problem-{}", code.as_str())));
    TaxIdWarning::ALL.iter().for_each(|warning| assert_advice(&format!("warning-{}", warning.code())));
}

#[test]
fn every_refusal_and_problem_of_the_protocol_says_what_to_do() {
    use cartera_core::sync::wire::{ProblemCode, Refusal};
    Refusal::KNOWN.iter().for_each(|refusal| assert_advice(&format!("error-{}", refusal.code())));
    ProblemCode::KNOWN.iter().for_each(|problem| assert_advice(&format!("error-{}", problem.code())));
    assert_advice("error-other");
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// Codes stand in functions called `code`, as `=> "code"` or as the only text of the body.
#[test]
fn every_code_of_an_error_says_what_to_do() {
    let mut files = Vec::new();
    rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut codes = Vec::new();
    for file in files.iter().filter(|file| !file.ends_with("tax_id.rs")) {
        let text = fs::read_to_string(file).unwrap();
        let bodies = text.split("fn code(").skip(1);
        for body in bodies.filter(|body| body.split('{').next().is_some_and(|head| head.contains("str"))) {
            let body = body.split("\n    }\n").next().unwrap_or_default();
            let literals = body.split('"').skip(1).step_by(2);
            codes.extend(
                literals
                    .filter(|code| {
                        !code.is_empty()
                            && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
                    })
                    .map(str::to_owned),
            );
        }
    }
    assert!(codes.len() > 60, "{codes:?}");
    codes.iter().for_each(|code| assert_advice(&format!("error-{code}")));
}
