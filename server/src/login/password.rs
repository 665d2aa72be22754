//! Hashes of passwords, and how good one is.

use std::sync::OnceLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use cartera_core::env::{Env, random_bytes};
use zxcvbn::{Score, zxcvbn};

use super::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN};

/// Why a password cannot be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weak {
    TooShort,
    TooLong,
    /// It would be guessed in fewer than some hundred million attempts.
    Guessable,
}

impl Weak {
    /// Its words.
    pub(crate) const fn text_id(self) -> &'static str {
        match self {
            Self::TooShort => "console-password-too_short",
            Self::TooLong => "console-password-too_long",
            Self::Guessable => "console-password-guessable",
        }
    }
}

/// `about` are words that whoever knows the person would try first.
pub(crate) fn check(password: &str, about: &[&str]) -> Result<(), Weak> {
    match password.chars().count() {
        ..PASSWORD_CHARS_MIN => Err(Weak::TooShort),
        count if count > PASSWORD_CHARS_MAX => Err(Weak::TooLong),
        _ if zxcvbn(password, about).score() < Score::Three => Err(Weak::Guessable),
        _ => Ok(()),
    }
}

/// As a PHC string; `None` only where memory is short.
pub(crate) fn hash(env: &dyn Env, password: &str) -> Option<String> {
    hash_with(&random_bytes::<16>(env), password)
}

fn hash_with(salt: &[u8], password: &str) -> Option<String> {
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), salt).ok()?;
    Some(hash.to_string())
}

/// Whether it is the password of `hash`. Without one as much is computed, so that the time tells nobody which names there
/// are.
pub(crate) fn is_right(password: &str, hash: Option<&str>) -> bool {
    static NOBODY: OnceLock<String> = OnceLock::new();
    let nobody = || NOBODY.get_or_init(|| hash_with(&[0; 16], "nobody").unwrap_or_default()).as_str();
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or_else(nobody)) else { return false };
    let fits = password.chars().count() <= PASSWORD_CHARS_MAX;
    let given = if fits { password } else { "" };
    let same = Argon2::default().verify_password(given.as_bytes(), &parsed).is_ok();
    same && fits && hash.is_some()
}

#[cfg(test)]
mod tests {
    use cartera_core::env::SeededEnv;

    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash_and_each_hash_is_another() {
        let env = SeededEnv::new(1, 0);
        let [one, other] = [(); 2].map(|()| hash(&env, "caballo correcto").unwrap());
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, other);
        assert!(is_right("caballo correcto", Some(&one)) && is_right("caballo correcto", Some(&other)));
        assert!(!is_right("Caballo correcto", Some(&one)));
        assert!(!is_right("", Some(&one)) && !is_right("nobody", None) && !is_right("x", Some("no hash")));
        let empty = hash(&env, "").unwrap();
        assert!(!is_right(&"x".repeat(PASSWORD_CHARS_MAX + 1), Some(&empty)), "not as if it were empty");
    }

    #[test]
    fn weak_ones_are_refused() {
        let good = "la furgoneta verde no arranca";
        for (password, expected) in [
            ("x7!kQp2#b", Err(Weak::TooShort)),
            ("x7!kQp2#bz", Ok(())),
            ("1234567890", Err(Weak::Guessable)),
            ("contraseña", Err(Weak::Guessable)),
            ("aaaaaaaaaaaaaaaa", Err(Weak::Guessable)),
            ("lucia.ferrer1", Err(Weak::Guessable)),
            (good, Ok(())),
        ] {
            assert_eq!(check(password, &["lucia.ferrer", "Cartera"]), expected, "{password}");
        }
        let long = |count: usize| format!("{good}{}", "ñ".repeat(count - good.chars().count()));
        assert_eq!(check(&long(PASSWORD_CHARS_MAX), &[]), Ok(()));
        assert_eq!(check(&long(PASSWORD_CHARS_MAX + 1), &[]), Err(Weak::TooLong));
    }
}
