//! Every word that a person reads, in Spanish and English, from `core/strings/*.ftl` (Project Fluent).
//!
//! An id names the words in both languages, with the same variables; `id.advice` names what to do about it. What
//! travels and is stored are codes; words are looked up where they are shown:
//!
//! | id | words of |
//! |---|---|
//! | `kind-…`, `office-…` | kinds of record |
//! | `outcome-…`, `no_order-…`, `role-…`, `order-…`, … | values, by the prefix of their enumeration |
//! | `client-…`, `contact-…`, `date-…`, `place-…` | fields of the profile |
//! | `sync-…`, `attention-…` | where an item stands, what to look at |
//! | `problem-…`, `warning-…` | what is wrong with a field |
//! | `error-…` | errors, refusals and problems of the protocol, by their `code()` |
//! | `relay-…` | the same for programs and the office, who read them from the relay |
//! | `cli-…`, `import-…`, `export-…`, `demo-…` | what the relay's command line answers |
//! | `word-…`, `action-…`, `status-…` | headings, buttons, the status of a client |
//! | `console-…`, `theme-…`, `month-…` | pages of the console |

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::types::FluentNumber;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

/// A variable's value: a text, shown as it is, or a number, which may choose a plural.
pub use fluent_bundle::FluentValue as Arg;

/// A language that the words are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    #[default]
    Spanish,
    English,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::Spanish, Self::English];

    /// BCP 47.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Spanish => "es",
            Self::English => "en",
        }
    }

    /// The words' file, for what is generated from it.
    pub const fn source(self) -> &'static str {
        match self {
            Self::Spanish => include_str!("../strings/es.ftl"),
            Self::English => include_str!("../strings/en.ftl"),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// Not a tag of Spanish or English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a language is es or en")]
pub struct LanguageError;

impl FromStr for Language {
    type Err = LanguageError;

    /// By the primary part of a BCP 47 tag: `es-MX` is Spanish.
    fn from_str(tag: &str) -> Result<Self, LanguageError> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
            .ok_or(LanguageError)
    }
}

/// The words of `id`, or of its advice with `id.advice`, with `args` in their places. Without such words the id itself:
/// a code is better than nothing.
pub fn text(language: Language, id: &str, args: &[(&str, Arg<'_>)]) -> String {
    find(language, id, args).unwrap_or_else(|| id.to_owned())
}

/// Whether there are words of `id`.
pub fn has(language: Language, id: &str) -> bool {
    let (message, attribute) = split(id);
    bundle(language).get_message(message).is_some_and(|message| match attribute {
        Some(name) => message.get_attribute(name).is_some(),
        None => message.value().is_some(),
    })
}

fn split(id: &str) -> (&str, Option<&str>) {
    id.split_once('.').map_or((id, None), |(message, attribute)| (message, Some(attribute)))
}

fn find(language: Language, id: &str, args: &[(&str, Arg<'_>)]) -> Option<String> {
    let bundle = bundle(language);
    let (message, attribute) = split(id);
    let message = bundle.get_message(message)?;
    let pattern = match attribute {
        Some(name) => message.get_attribute(name)?.value(),
        None => message.value()?,
    };
    let args: FluentArgs<'_> = args.iter().map(|(name, value)| (*name, value.clone())).collect();
    // Errors are variables that were not given; they stand in the text as `{$name}`.
    Some(bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned())
}

type Bundle = FluentBundle<FluentResource>;

fn bundle(language: Language) -> &'static Bundle {
    static SPANISH: OnceLock<Bundle> = OnceLock::new();
    static ENGLISH: OnceLock<Bundle> = OnceLock::new();
    let cell = match language {
        Language::Spanish => &SPANISH,
        Language::English => &ENGLISH,
    };
    cell.get_or_init(|| load(language))
}

fn load(language: Language) -> Bundle {
    let locale: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![locale]);
    bundle.set_use_isolating(false); // the words go to plain text too, where the marks would show
    bundle.set_formatter(Some(match language {
        Language::Spanish => |value, _| grouped(value, '.'),
        Language::English => |value, _| grouped(value, ','),
    }));
    // What cannot be parsed is left out, and shows as its id; a test sees to it that there is nothing of the kind.
    let (Ok(resource) | Err((resource, _))) = FluentResource::try_new(language.source().to_owned());
    bundle.add_resource_overriding(resource);
    bundle
}

/// Whole numbers from 10,000 on, in groups of three.
fn grouped(value: &Arg<'_>, separator: char) -> Option<String> {
    let Arg::Number(FluentNumber { value, .. }) = value else { return None };
    if value.fract() != 0.0 || value.abs() < 10_000.0 || value.abs() >= 1e15 {
        return None;
    }
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    if *value < 0.0 {
        text.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(separator);
        }
        text.push(digit);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Ids, with their attributes, and the variables that each uses.
    fn variables(language: Language) -> BTreeMap<String, BTreeSet<String>> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let (mut message, mut id) = (String::new(), String::new());
        for line in language.source().lines() {
            let named = line.split_once(" =").filter(|(name, _)| {
                let name = name.trim_start().trim_start_matches('.');
                !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
            });
            match named {
                Some((name, _)) if !line.starts_with(' ') => {
                    message = name.to_owned();
                    id.clone_from(&message);
                    assert!(found.insert(id.clone(), BTreeSet::new()).is_none(), "{id} twice");
                }
                Some((name, _)) if name.trim_start().starts_with('.') => {
                    id = format!("{message}{}", name.trim_start());
                    assert!(found.insert(id.clone(), BTreeSet::new()).is_none(), "{id} twice");
                }
                _ => {}
            }
            if line.starts_with('#') {
                continue;
            }
            for rest in line.split('$').skip(1) {
                let name: String =
                    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                found.get_mut(&id).unwrap().insert(name);
            }
        }
        found
    }

    #[test]
    fn both_files_are_well_formed() {
        for language in Language::ALL {
            let errors =
                FluentResource::try_new(language.source().to_owned()).err().map(|(_, errors)| errors);
            assert_eq!(errors, None, "{language}");
        }
    }

    #[test]
    fn both_languages_have_the_same_ids_with_the_same_variables() {
        let (spanish, english) = (variables(Language::Spanish), variables(Language::English));
        assert_eq!(spanish, english);
        assert!(spanish.len() > 400, "{}", spanish.len());
    }

    #[test]
    fn every_text_comes_out_whole() {
        for language in Language::ALL {
            for (id, names) in variables(language) {
                assert!(has(language, &id), "{language} {id}");
                for count in [1, 2] {
                    let args: Vec<(&str, Arg<'_>)> =
                        names.iter().map(|name| (name.as_str(), Arg::from(count))).collect();
                    let text = text(language, &id, &args);
                    assert!(!text.trim().is_empty() && text != id, "{language} {id}");
                    assert!(!text.contains(['{', '$', '\u{2068}', '\u{2069}']), "{language} {id}: {text}");
                }
            }
        }
    }

    #[test]
    fn whatever_has_advice_has_it_in_both_languages_and_errors_always_have() {
        let ids = variables(Language::Spanish);
        for id in ids.keys().filter(|id| !id.contains('.')) {
            let needs = ["error-", "problem-", "warning-"].iter().any(|prefix| id.starts_with(prefix));
            assert!(!needs || ids.contains_key(&format!("{id}.advice")), "{id} says not what to do");
        }
    }

    #[test]
    fn plurals_and_numbers_are_those_of_the_language() {
        let waiting = |language, count: i64| text(language, "sync-waiting", &[("count", count.into())]);
        assert_eq!(waiting(Language::Spanish, 1), "Un cambio por enviar");
        assert_eq!(waiting(Language::Spanish, 2), "2 cambios por enviar");
        assert_eq!(waiting(Language::English, 0), "0 changes to send");
        assert_eq!(waiting(Language::Spanish, 12_345), "12.345 cambios por enviar");
        assert_eq!(waiting(Language::English, 1_234_567), "1,234,567 changes to send");
        assert_eq!(waiting(Language::English, 9_999), "9999 changes to send");
    }

    #[test]
    fn without_words_there_is_the_id_and_without_a_variable_its_name() {
        assert_eq!(text(Language::Spanish, "error-nonesuch", &[]), "error-nonesuch");
        assert_eq!(text(Language::Spanish, "error-nonesuch.advice", &[]), "error-nonesuch.advice");
        assert!(text(Language::Spanish, "sync-last", &[]).contains("$when"));
        assert!(!has(Language::English, "kind-visit.advice"));
    }

    #[test]
    fn text_that_people_wrote_is_put_in_as_it_is() {
        let when = "{ $count } \u{202e}*[other]";
        assert_eq!(
            text(Language::English, "sync-last", &[("when", when.into())]),
            format!("Last sync: {when}")
        );
    }

    #[test]
    fn languages_are_known_by_their_primary_tag() {
        for (tag, language) in [
            ("es", Ok(Language::Spanish)),
            ("es-MX", Ok(Language::Spanish)),
            ("EN_us", Ok(Language::English)),
            ("ca", Err(LanguageError)),
            ("", Err(LanguageError)),
        ] {
            assert_eq!(tag.parse(), language, "{tag}");
        }
    }

    /// The words that the product's glossary binds.
    #[test]
    fn the_spanish_words_are_those_of_the_glossary() {
        for (id, word) in [
            ("word-client_page", "Ficha"),
            ("client-legal_name", "Razón social"),
            ("client-name", "Nombre comercial"),
            ("client-tax_id", "NIF"),
            ("place-name", "Dirección de entrega"),
            ("client-sector", "Tipo de establecimiento"),
            ("status-lead", "Cliente potencial"),
            ("status-active", "Activo"),
            ("status-dormant", "Dormido"),
            ("status-lost", "Perdido"),
            ("status-closed", "Baja"),
            ("word-win_back", "Recuperación"),
            ("word-new_client", "Alta de cliente"),
            ("role-rep", "Comercial"),
            ("role-manager", "Jefe/a de ventas"),
            ("role-back_office", "Administración"),
            ("word-territory", "Zona"),
            ("word-handover", "Traspaso"),
            ("word-cover", "Sustitución"),
            ("word-visit_plan", "Rutero"),
            ("word-overdue_visit", "Visita atrasada"),
            ("word-outcome", "Resultado"),
            ("word-no_order_reason", "Motivo de no compra"),
            ("word-next_step", "Próxima acción"),
            ("action-not_now", "Posponer"),
            ("office-article", "Referencia"),
            ("word-sales_unit", "Unidad de venta"),
            ("word-catch_weight", "Peso variable"),
            ("client-price_list", "Tarifa"),
            ("word-net_price", "Precio neto"),
            ("word-free_goods", "Sin cargo"),
            ("word-rebate", "Rappel"),
            ("purchase-order", "Pedido"),
            ("sale-delivery_note", "Albarán"),
            ("sale-credit_note", "Abono"),
            ("office-due_item", "Vencimiento"),
            ("word-overdue_balance", "Saldo vencido"),
            ("word-credit_limit", "Riesgo concedido"),
            ("word-credit_used", "Riesgo consumido"),
            ("word-credit_block", "Bloqueado por riesgo"),
            ("word-payment", "Cobro"),
            ("word-settlement", "Liquidación"),
            ("word-short_delivery", "Falta"),
            ("word-out_of_stock", "Sin existencias"),
            ("word-complaint", "Incidencia"),
            ("purchase-return", "Devolución"),
            ("kind-agreement", "Acuerdo comercial"),
            ("office-objective", "Objetivo"),
            ("word-achievement", "Cumplimiento"),
            ("measure-net_revenue", "Ventas netas (sin IVA)"),
            ("word-share_of_wallet", "Cuota de cliente"),
            ("word-average_order", "Pedido medio"),
            ("word-buying_rhythm", "Ritmo de compra"),
            ("word-usual_basket", "Surtido habitual"),
            ("word-cross_sell", "Venta cruzada"),
            ("word-up_sell", "Venta de mayor valor"),
            ("word-churn", "Tasa de abandono"),
            ("word-clv", "Valor del cliente"),
            ("word-cohort", "Clientes por mes de primera compra"),
            ("consent-opposed", "No desea publicidad"),
            ("sync-saved", "Guardado en el móvil"),
            ("sync-received", "Recibido en oficina"),
            ("attention-title", "Por revisar"),
            ("attention-conflict", "Dos valores distintos"),
            ("action-merge", "Unificar fichas"),
            ("action-enrol", "Vincular móvil"),
            ("action-revoke", "Dar de baja el móvil"),
            ("word-relay", "Servidor"),
            ("word-workspace", "Empresa"),
            ("word-overview", "Resumen"),
        ] {
            assert_eq!(text(Language::Spanish, id, &[]), word, "{id}");
        }
    }

    #[test]
    fn words_that_the_glossary_forbids_are_not_used() {
        let spanish = Language::Spanish.source().to_lowercase();
        let words: BTreeSet<&str> = spanish
            .lines()
            .filter_map(|line| line.split_once(" = ").map(|(_, words)| words))
            .flat_map(|words| words.split(|c: char| !c.is_alphanumeric()))
            .collect();
        for word in [
            "cif",
            "lead",
            "durmiente",
            "reconquista",
            "onboarding",
            "agente",
            "mánager",
            "journey",
            "outcome",
            "sku",
            "uom",
            "rebate",
            "backorder",
            "ticket",
            "suscripción",
            "ingresos",
            "share",
            "cesta",
            "upselling",
            "churn",
            "clv",
            "cohorte",
            "conflicto",
            "enrolar",
            "revocar",
            "relé",
            "dashboard",
        ] {
            assert!(!words.contains(word), "{word}");
        }
    }
}
