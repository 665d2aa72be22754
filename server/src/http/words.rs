//! What each problem is called, and what to do about it, in both languages.

use super::language::Language;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    pub title: &'static str,
    pub advice: &'static str,
}

/// The words for a code; `None` for a code that there is not.
pub fn problem(code: &str, language: Language) -> Option<Words> {
    let (_, english, spanish) = PROBLEMS.iter().find(|(name, ..)| *name == code)?;
    let (title, advice) = match language {
        Language::English => english,
        Language::Spanish => spanish,
    };
    Some(Words { title, advice })
}

type Pair = (&'static str, &'static str);

/// Code; title and advice in English; in Spanish.
const PROBLEMS: &[(&str, Pair, Pair)] = &[
    (
        "internal",
        ("The relay failed", "Try again; if it lasts, give the administrator the request's id."),
        (
            "Ha fallado el servidor",
            "Vuelve a intentarlo; si sigue, da al administrador el identificador de la petición.",
        ),
    ),
    (
        "unavailable",
        ("The relay cannot answer now", "Try again in a moment."),
        ("El servidor no puede responder ahora", "Vuelve a intentarlo en un momento."),
    ),
    (
        "not_found",
        ("There is nothing here", "Check the address and the id."),
        ("Aquí no hay nada", "Comprueba la dirección y el identificador."),
    ),
    (
        "method_not_allowed",
        ("This address does not answer to that method", "See `Allow`, and /openapi.json."),
        ("Esta dirección no admite ese método", "Mira `Allow` y /openapi.json."),
    ),
    (
        "malformed",
        ("The request cannot be read", "See the detail, and /openapi.json for the shape."),
        ("La petición no se puede leer", "Mira el detalle, y en /openapi.json la forma correcta."),
    ),
    (
        "unsupported_media_type",
        (
            "The body is of another type",
            "Send the Content-Type and Content-Encoding that /openapi.json names.",
        ),
        (
            "El contenido es de otro tipo",
            "Envía el Content-Type y el Content-Encoding que indica /openapi.json.",
        ),
    ),
    (
        "too_large",
        ("The body is too large", "Send less in one request."),
        ("El contenido es demasiado grande", "Envía menos en cada petición."),
    ),
    (
        "timeout",
        ("The request took too long", "Try again, with less in one request."),
        ("La petición ha tardado demasiado", "Vuelve a intentarlo, con menos en cada petición."),
    ),
    (
        "storage_busy",
        ("The relay's store is busy", "Try again in a moment."),
        ("La base de datos está ocupada", "Vuelve a intentarlo en un momento."),
    ),
    (
        "storage_full",
        ("The relay's disk is full", "Nothing is lost on your side; the administrator has to make room."),
        (
            "El disco del servidor está lleno",
            "No se ha perdido nada; el administrador tiene que hacer sitio.",
        ),
    ),
    (
        "storage_failed",
        (
            "The relay's store failed",
            "Nothing is lost on your side; the administrator finds the reason in the log.",
        ),
        (
            "Ha fallado la base de datos",
            "No se ha perdido nada; el administrador tiene el motivo en el registro.",
        ),
    ),
    (
        "token_missing",
        ("No token was sent", "Send `Authorization: Bearer` and the token."),
        ("Falta la clave de acceso", "Envía `Authorization: Bearer` y la clave."),
    ),
    (
        "token_unknown",
        ("The relay does not know this token", "Link the phone again; its data stays on it."),
        ("El servidor no conoce esta clave", "Vuelve a vincular el móvil; tus datos siguen en él."),
    ),
    (
        "token_expired",
        ("This token has expired", "Ask the administrator for a new one."),
        ("Esta clave ha caducado", "Pide una nueva al administrador."),
    ),
    (
        "revoked",
        ("This access was revoked", "Talk to your administrator."),
        ("Este acceso se ha dado de baja", "Habla con tu administrador."),
    ),
    (
        "forbidden",
        ("You may not do this", "Ask somebody whose role allows it."),
        ("No tienes permiso para esto", "Pídelo a quien tenga ese permiso."),
    ),
    (
        "throttled",
        ("Too many failed attempts from this address", "Wait, then try again with the right code or token."),
        (
            "Demasiados intentos fallidos desde esta dirección",
            "Espera y vuelve a intentarlo con el código o la clave correctos.",
        ),
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_words_in_both_languages_and_stands_once() {
        for (at, (code, english, spanish)) in PROBLEMS.iter().enumerate() {
            for text in [english.0, english.1, spanish.0, spanish.1] {
                assert!(!text.is_empty(), "{code}");
            }
            assert!(PROBLEMS[at + 1..].iter().all(|(other, ..)| other != code), "{code} twice");
            assert!(code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{code}");
        }
    }
}
