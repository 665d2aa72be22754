//! Keys, codes and values as somebody reads them who knows nothing of this program.

use cartera_core::document::FieldValue;
use cartera_core::model::BusinessDate;
use cartera_core::model::profile::{DateField, Key, OpenSpan, PlaceField, ShutSpan, Value as Field};
use cartera_core::strings::{Language, has, text};

/// What the ids of a column's words begin with; `None` where what stands there is a word already.
pub(super) fn prefix(resource: &str, column: &str) -> Option<&'static str> {
    Some(match (resource, column) {
        ("visits", "state") => "visit",
        ("tasks", "state") => "task",
        ("purchases" | "purchase_lines", "sort") => "purchase",
        ("sales" | "sale_lines", "sort") => "sale",
        ("closures", "reason") => "loss",
        ("postponements", "reason") => "not_now_reason",
        ("postponements", "subject") => "not_now",
        ("absences", "reason") => "absence",
        (_, "stage") => "order",
        (_, "outcome") => "outcome",
        (_, "no_order_reason") => "no_order",
        (_, "purpose") => "purpose",
        (_, "channel") => "channel",
        (_, "direction") => "direction",
        (_, "price_origin") => "price",
        (_, "returned") => "return",
        (_, "survey") => "survey",
        (_, "asked") => "asked",
        (_, "renewal") => "renewal",
        (_, "mode") => "mode",
        ("change_requests", "decision") => "request",
        (_, "decision") => "consent",
        (_, "basis") => "basis",
        (_, "evidence") => "evidence",
        (_, "clock") => "clock",
        (_, "status") => "status",
        (_, "segment") => "rfm",
        (_, "life_cycle") => "life_cycle",
        (_, column) if column.ends_with("_why") => "withheld",
        _ => return None,
    })
}

/// The words of a code; the code itself where there are none.
pub(super) fn code(language: Language, prefix: &str, code: &str) -> String {
    let id = format!("{prefix}-{code}");
    match code {
        "unknown" => text(language, "value-unknown", &[]),
        _ if has(language, &id) => text(language, &id, &[]),
        code => code.to_owned(),
    }
}

pub(super) fn yes(language: Language, yes: bool) -> String {
    text(language, if yes { "value-yes" } else { "value-no" }, &[])
}

/// A day, or an instant in UTC, of the export's form.
pub(super) fn date(language: Language, written: &str) -> String {
    let (day, time) = written.split_at_checked("YYYY-MM-DD".len()).unwrap_or((written, ""));
    let day = match (language, day.parse::<BusinessDate>()) {
        (Language::Spanish, Ok(_)) => day.split('-').rev().collect::<Vec<_>>().join("/"),
        _ => day.to_owned(),
    };
    match time.get(1..6) {
        Some(time) => format!("{day}, {time} UTC"),
        None => day,
    }
}

/// What a field of the profile is called.
pub(super) fn key(language: Language, key: &str) -> String {
    let say = |id: String| text(language, &id, &[]);
    match Key::parse(key) {
        Some(Key::Client(field)) => say(format!("client-{}", field.as_str())),
        Some(Key::Tag(_)) => say("profile-tag".into()),
        Some(Key::Pref(name)) => format!("{}: {name}", say("profile-pref".into())),
        Some(Key::Contact(_, field)) => say(format!("contact-{}", field.as_str())),
        Some(Key::Date(_, DateField::What)) => say("date-what".into()),
        Some(Key::Date(_, field)) => say(format!("date-{}", field.as_str())),
        Some(Key::Place(_, PlaceField::Name)) => say("place-name".into()),
        Some(Key::Place(_, field)) => {
            format!("{}: {}", say("place-name".into()), say(format!("place-{}", field.as_str())))
        }
        Some(Key::Unknown(_)) | None => key.to_owned(),
    }
}

/// A stored field as somebody would type it.
pub(super) fn field(language: Language, key: &str, value: &FieldValue) -> String {
    let known = Key::parse(key).and_then(|key| key.read(value).ok());
    match (known, value) {
        (Some(Field::Phone(phone)), _) => phone.e164.unwrap_or(phone.raw),
        (Some(Field::TaxId(id)), _) => format!("{} {}", id.country, id.number),
        (Some(Field::Date(day)), _) => date(language, &day.to_string()),
        (Some(Field::Address(address)), _) => address.line(),
        (Some(Field::Point(fix)), _) => {
            format!("{:.5}, {:.5}", f64::from(fix.lat_e7) / 1e7, f64::from(fix.lon_e7) / 1e7)
        }
        (Some(Field::Hours(hours)), _) => {
            hours.spans.iter().map(|span| open(language, span)).collect::<Vec<_>>().join("; ")
        }
        (Some(Field::ShutDays(days)), _) => {
            let weekdays = days.weekdays.iter().map(|day| weekday(language, *day));
            let spans = days.spans.iter().map(|span| shut(language, span));
            weekdays.chain(spans).collect::<Vec<_>>().join("; ")
        }
        (_, FieldValue::Text(text)) => text.clone(),
        (_, FieldValue::Int(int)) => int.to_string(),
        (_, FieldValue::Bool(is)) => yes(language, *is),
        // Of a newer version: nobody here knows what it means.
        _ => text(language, "value-unknown", &[]),
    }
}

fn weekday(language: Language, day: u8) -> String {
    code(language, "weekday", &day.to_string())
}

fn open(language: Language, span: &OpenSpan) -> String {
    let clock = |minutes: u32| format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60);
    format!("{} {}-{}", weekday(language, span.weekday), clock(span.from), clock(span.to))
}

fn shut(language: Language, span: &ShutSpan) -> String {
    let day = |day: BusinessDate| date(language, &day.to_string());
    let yearly = if span.yearly { text(language, "value-yearly", &[]) } else { String::new() };
    format!("{} - {} {yearly}", day(span.from), day(span.to)).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::resources::RESOURCES;
    use crate::export::value::Type;

    /// Codes that say themselves, or stand in rows that are about no person.
    const AS_THEY_ARE: [(&str, &str); 4] =
        [("figures", "class"), ("people", "role"), ("portfolio", "figure"), ("portfolio", "why")];

    #[test]
    fn every_column_of_codes_has_words() {
        for resource in RESOURCES {
            for column in resource.columns().iter().filter(|column| column.kind == Type::Word) {
                let named = prefix(resource.name, column.name).is_some();
                let left = AS_THEY_ARE.contains(&(resource.name, column.name));
                assert!(named != left, "{}.{}", resource.name, column.name);
            }
        }
    }

    #[test]
    fn every_code_has_words_in_both_languages() {
        use cartera_core::metrics::Withheld;
        use cartera_core::metrics::life_cycle::Stage;
        use cartera_core::metrics::status::Status;
        use cartera_core::model::{office, record};
        let mut codes: Vec<(&str, &str)> = Vec::new();
        macro_rules! of {
            ($($prefix:literal $type:path),* $(,)?) => { $(
                codes.extend(<$type>::ALL.iter().map(|value| ($prefix, value.as_str())));
            )* };
        }
        of! {
            "visit" record::VisitState, "task" record::TaskState, "purchase" record::PurchaseSort,
            "sale" office::SaleSort, "loss" record::LossReason, "not_now_reason" record::NotNowReason,
            "not_now" record::Subject, "absence" record::AbsenceReason, "order" office::OrderStage,
            "outcome" record::Outcome, "no_order" record::NoOrderReason, "purpose" record::Purpose,
            "channel" record::Channel, "direction" record::Direction, "price" record::PriceOrigin,
            "return" record::ReturnReason, "survey" record::Survey, "asked" record::Asked,
            "renewal" record::Renewal, "mode" record::Mode, "consent" record::Decision,
            "basis" record::LegalBasis, "evidence" record::Evidence, "clock" record::Clock,
            "status" Status, "life_cycle" Stage, "withheld" Withheld,
        }
        for language in [Language::Spanish, Language::English] {
            for (prefix, word) in &codes {
                assert!(has(language, &format!("{prefix}-{word}")), "{language:?} {prefix}-{word}");
            }
            for day in 1..=7 {
                assert!(has(language, &format!("weekday-{day}")));
            }
        }
    }

    #[test]
    fn days_and_codes_are_written_as_people_write_them() {
        assert_eq!(date(Language::Spanish, "2026-09-01"), "01/09/2026");
        assert_eq!(date(Language::English, "2026-09-01"), "2026-09-01");
        assert_eq!(date(Language::Spanish, "2026-09-01T10:15:00.123Z"), "01/09/2026, 10:15 UTC");
        assert_eq!(date(Language::Spanish, "soon"), "soon");
        assert_eq!(code(Language::Spanish, "channel", "email"), "Correo electrónico");
        assert_eq!(code(Language::Spanish, "channel", "pigeon"), "pigeon");
        assert_eq!(code(Language::Spanish, "channel", "unknown"), "Valor de una versión más nueva");
        assert_eq!(key(Language::Spanish, "tax_id"), "NIF");
        assert_eq!(key(Language::English, "loyalty"), "loyalty");
        let id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
        assert_eq!(key(Language::Spanish, &format!("place/{id}/hours")), "Dirección de entrega: Horario");
    }
}
