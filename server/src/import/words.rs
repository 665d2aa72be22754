//! The report's words, in Spanish and English.

use super::finding::{Code, Severity};
use super::kind::Kind;

/// Language of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    #[default]
    Spanish,
    English,
}

/// What is wrong, as a sentence without a full stop.
pub fn reason(code: Code, detail: Option<&str>, language: Language) -> String {
    let d = detail.unwrap_or("?");
    match language {
        Language::Spanish => match code {
            Code::Required => "falta un valor obligatorio".into(),
            Code::TooLong => format!("el texto pasa de {d} caracteres"),
            Code::ControlCharacter => "el texto contiene un carácter de control".into(),
            Code::Encoding => "el texto no está en la codificación del archivo".into(),
            Code::CellError => "la fórmula da un error".into(),
            Code::Number => format!("no es un número escrito con «{d}» decimal"),
            Code::TooSmall => format!("es menor que {d}"),
            Code::TooLarge => format!("es mayor que {d}"),
            Code::Day => format!("no es una fecha escrita como {d}"),
            Code::YesNo => "no se entiende como sí o no".into(),
            Code::Currency => "no es una moneda de ISO 4217, como EUR".into(),
            Code::CurrencyMissing => {
                "hay un importe y no se sabe en qué moneda: indicar una por defecto".into()
            }
            Code::AmountTooLarge => "el importe es demasiado grande".into(),
            Code::Duplicate => format!("repite la clave de la fila {d}"),
            Code::DocumentDiffers => {
                format!("no coincide con la primera línea de su documento, en la fila {d}")
            }
            Code::TooManyLines => format!("el documento tiene más de {d} líneas"),
            Code::PeriodReversed => "el periodo termina antes de empezar".into(),
            Code::Contradiction => format!("contradice otro valor de la fila, o no tiene su forma: {d}"),
            Code::PositiveCreditNote => {
                "un abono lleva importes negativos: este suma en lugar de restar".into()
            }
            Code::UnknownClient => "el cliente no existe: importar antes los clientes".into(),
            Code::Erased => "el cliente fue borrado para siempre: quitarlo también allí".into(),
            Code::UnknownArticle => "la referencia no está en el catálogo".into(),
            Code::UnknownTerritory => "la zona no existe: el cliente queda sin asignar".into(),
            Code::UnknownValue => format!("valor desconocido: se toma «{d}»"),
            Code::Rounded => format!("tiene más decimales que la moneda: se redondea a {d}"),
            Code::DayAsText => "Excel ha convertido este texto en una fecha: revisar".into(),
            Code::ExtraCells => "la fila tiene más celdas que títulos".into(),
            Code::HalfPoint => "latitud y longitud van juntas: no se toma ninguna".into(),
            Code::TaxId => "el NIF no parece correcto".into(),
            Code::Phone => "el teléfono no parece correcto".into(),
            Code::NotTaken => "el valor no se entiende y no se toma".into(),
            Code::Email => "el correo no parece correcto y no se toma".into(),
            Code::NotRemoved => format!("no se quita lo que falta en el archivo: {d}"),
        },
        Language::English => match code {
            Code::Required => "a required value is missing".into(),
            Code::TooLong => format!("the text is longer than {d} characters"),
            Code::ControlCharacter => "the text contains a control character".into(),
            Code::Encoding => "the text is not in the file's encoding".into(),
            Code::CellError => "the formula results in an error".into(),
            Code::Number => format!("not a number with '{d}' before the decimals"),
            Code::TooSmall => format!("less than {d}"),
            Code::TooLarge => format!("more than {d}"),
            Code::Day => format!("not a date written as {d}"),
            Code::YesNo => "cannot be read as yes or no".into(),
            Code::Currency => "not a currency of ISO 4217, like EUR".into(),
            Code::CurrencyMissing => "there is an amount and no currency: set a default".into(),
            Code::AmountTooLarge => "the amount is too large".into(),
            Code::Duplicate => format!("repeats the key of row {d}"),
            Code::DocumentDiffers => format!("differs from the first line of its document, in row {d}"),
            Code::TooManyLines => format!("the document has more than {d} lines"),
            Code::PeriodReversed => "the period ends before it begins".into(),
            Code::Contradiction => {
                format!("contradicts another value of the row, or is not of its form: {d}")
            }
            Code::PositiveCreditNote => {
                "a credit note has negative amounts: this one adds instead of taking off".into()
            }
            Code::UnknownClient => "there is no such client: import the clients first".into(),
            Code::Erased => "the client was erased for good: remove it there too".into(),
            Code::UnknownArticle => "the article is not in the catalogue".into(),
            Code::UnknownTerritory => "there is no such territory: the client stays unassigned".into(),
            Code::UnknownValue => format!("unknown value: '{d}' is taken"),
            Code::Rounded => format!("more decimals than the currency has: rounded to {d}"),
            Code::DayAsText => "Excel has turned this text into a date: have a look".into(),
            Code::ExtraCells => "the row has more cells than there are titles".into(),
            Code::HalfPoint => "latitude and longitude go together: neither is taken".into(),
            Code::TaxId => "the tax id does not look right".into(),
            Code::Phone => "the telephone number does not look right".into(),
            Code::NotTaken => "the value is not understood and not taken".into(),
            Code::Email => "the mail address does not look right and is not taken".into(),
            Code::NotRemoved => format!("what the file lacks is not removed: {d}"),
        },
    }
}

pub(super) const fn severity(severity: Severity, language: Language) -> &'static str {
    match (severity, language) {
        (Severity::Error, _) => "error",
        (Severity::Warning, Language::Spanish) => "aviso",
        (Severity::Warning, Language::English) => "warning",
    }
}

/// What the rows are, in the plural.
pub(super) const fn kind(kind: Kind, language: Language) -> &'static str {
    match (language, kind) {
        (Language::Spanish, Kind::Clients) => "clientes",
        (Language::Spanish, Kind::Articles) => "referencias",
        (Language::Spanish, Kind::Prices) => "precios",
        (Language::Spanish, Kind::Sales) => "documentos de venta",
        (Language::Spanish, Kind::DueItems) => "vencimientos",
        (Language::English, Kind::Clients) => "clients",
        (Language::English, Kind::Articles) => "articles",
        (Language::English, Kind::Prices) => "prices",
        (Language::English, Kind::Sales) => "sales documents",
        (Language::English, Kind::DueItems) => "due items",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_words_of_its_own_in_both_languages() {
        let mut seen = std::collections::HashSet::new();
        for code in Code::ALL {
            for language in [Language::Spanish, Language::English] {
                let words = reason(code, Some("7"), language);
                assert!(!words.ends_with('.') && !words.contains('?'), "{words}");
                assert!(seen.insert(words), "{code:?} has another code's words");
            }
        }
    }
}
