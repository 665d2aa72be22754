//! The second step of a login: the six digits that an authenticator shows (RFC 6238).
//!
//! The secret is made of the recovery key, the person and a salt; the salt alone is stored. So neither the database nor a
//! backup holds what makes the digits.

use cartera_core::model::PersonId;
use totp_rs::{Builder, Secret, Totp};

use crate::app::App;

pub(crate) const SALT_BYTES: usize = 16;
/// How long whoever gave the right password may take for the digits.
pub(crate) const PENDING_MS: i64 = 5 * 60 * 1000;

/// What is stored of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondStep {
    pub salt: [u8; SALT_BYTES],
    /// The last span of time whose digits were used: each is good for one login.
    pub used_step: u64,
}

pub(crate) fn secret(app: &App, person: PersonId, salt: &[u8; SALT_BYTES]) -> [u8; 20] {
    let mac = app.keys.mac("cartera totp 1", &[person.as_bytes(), salt]);
    let mut secret = [0; 20];
    secret.copy_from_slice(&mac[..20]);
    secret
}

/// The span of time whose digits these are: the present one, the one before or the next.
pub(crate) fn step_of(secret: [u8; 20], digits: &str, now_ms: i64) -> Option<u64> {
    let digits: String = digits.chars().filter(|c| !c.is_whitespace()).collect();
    let seconds = u64::try_from(now_ms.div_euclid(1000)).ok()?;
    totp(secret)?.check(&digits, seconds)
}

fn totp(secret: [u8; 20]) -> Option<Totp> {
    Builder::new().with_secret(Secret::from(secret)).build().ok()
}

/// As a person types it into an authenticator that cannot scan.
pub(crate) fn secret_text(secret: [u8; 20]) -> String {
    let text = Secret::from(secret).to_base32();
    let groups: Vec<&str> =
        text.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(" ")
}

/// What the QR code holds.
pub(crate) fn url(secret: [u8; 20], name: &str) -> String {
    let query = [("secret", Secret::from(secret).to_base32()), ("issuer", "Cartera".to_owned())];
    let query = serde_urlencoded::to_string(query).unwrap_or_default();
    let name = serde_urlencoded::to_string([("", name)]).unwrap_or_default();
    format!("otpauth://totp/Cartera:{}?{query}", name.trim_start_matches('=').replace('+', "%20"))
}

#[cfg(test)]
pub(crate) fn digits(secret: [u8; 20], now_ms: i64) -> String {
    totp(secret).unwrap().generate(u64::try_from(now_ms / 1000).unwrap()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Appendix B of RFC 6238, the last six of its eight digits.
    #[test]
    fn digits_are_those_of_the_standard() {
        let secret = *b"12345678901234567890";
        for (seconds, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(digits(secret, seconds * 1000), expected);
            assert_eq!(step_of(secret, expected, seconds * 1000), Some(seconds as u64 / 30));
        }
    }

    #[test]
    fn clocks_may_differ_by_one_span_and_no_more() {
        let secret = [7; 20];
        let now_ms = 1_790_000_010_000; // a span begins
        let shown = digits(secret, now_ms);
        let spaced = format!(" {} {} ", &shown[..3], &shown[3..]);
        let step = now_ms as u64 / 30_000;
        assert_eq!(step_of(secret, &spaced, now_ms), Some(step));
        for (shift, expected) in
            [(-30_001, None), (-30_000, Some(step)), (59_999, Some(step)), (60_000, None)]
        {
            assert_eq!(step_of(secret, &shown, now_ms + shift), expected, "{shift}");
        }
        for wrong in ["", "12345", "1234567", "abcdef", "-12345"] {
            assert_eq!(step_of(secret, wrong, now_ms), None, "{wrong}");
        }
    }

    #[test]
    fn an_authenticator_reads_the_address() {
        let url = url(*b"12345678901234567890", "ana@lopez+x");
        assert_eq!(
            url,
            "otpauth://totp/Cartera:ana%40lopez%2Bx?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Cartera"
        );
        assert_eq!(secret_text(*b"12345678901234567890"), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }
}
