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
        "unauthenticated",
        (
            "The token is unknown or has expired",
            "Link the phone again, or log in again; data on a phone stays on it.",
        ),
        (
            "La clave de acceso no vale o ha caducado",
            "Vuelve a vincular el móvil o a entrar; los datos del móvil siguen en él.",
        ),
    ),
    (
        "revoked",
        ("This access was revoked", "Talk to your administrator."),
        ("Este acceso se ha dado de baja", "Habla con tu administrador."),
    ),
    (
        "cursor_invalid",
        ("The cursor is not one of this relay's", "Start again without a cursor."),
        ("El cursor no es de este servidor", "Empieza de nuevo sin cursor."),
    ),
    (
        "wrong_workspace",
        (
            "This database belongs to another company",
            "Use a code from the company that the database is linked to.",
        ),
        ("Esta base de datos es de otra empresa", "Usa un código de la empresa a la que está vinculada."),
    ),
    (
        "conflict",
        ("This was done already, in another way", "Look at how it is now, then decide."),
        ("Esto ya se hizo, de otra manera", "Mira cómo está ahora y decide."),
    ),
    (
        "expired",
        ("The code or cursor has expired", "Ask for a new code, or start again without a cursor."),
        ("El código o el cursor ha caducado", "Pide un código nuevo, o empieza de nuevo sin cursor."),
    ),
    (
        "unsupported_version",
        (
            "The app or the relay is too old for the other",
            "Update the app; it keeps working offline and keeps its queue.",
        ),
        (
            "La aplicación o el servidor es demasiado antiguo para el otro",
            "Actualiza la aplicación; sin conexión sigue funcionando y guarda lo pendiente.",
        ),
    ),
    (
        "unsupported",
        ("This relay does not do that yet", "Update the relay."),
        ("Este servidor todavía no hace eso", "Actualiza el servidor."),
    ),
    (
        "limit",
        ("This would go past a limit", "See the detail; remove what is not needed any more."),
        ("Esto pasaría de un límite", "Mira el detalle; quita lo que ya no haga falta."),
    ),
    (
        "invalid",
        ("A value is not allowed", "See the detail for which and why."),
        ("Un valor no es válido", "Mira en el detalle cuál y por qué."),
    ),
    (
        "forbidden",
        ("You may not do this", "Ask somebody whose role allows it."),
        ("No tienes permiso para esto", "Pídelo a quien tenga ese permiso."),
    ),
    (
        "rate_limited",
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
