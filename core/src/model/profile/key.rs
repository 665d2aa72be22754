//! Keys of a profile, taken apart and put together.

use std::fmt;

use crate::model::PartId;
use crate::model::record::{Kind, RESERVED};

/// Most characters of any key of a profile.
pub const KEY_CHARS_MAX: usize = 96;
/// Most characters of a tag, a preference or a part of an unknown key.
pub const SLUG_CHARS_MAX: usize = 48;
/// Most characters of a field's name.
const FIELD_CHARS_MAX: usize = 32;

macro_rules! fields {
    ($(#[$meta:meta])* $name:ident { $( $(#[$doc:meta])* $variant:ident $word:literal ),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $( $(#[$doc])* $variant ),* }

        impl $name {
            pub const ALL: &'static [Self] = &[$( Self::$variant ),*];

            /// As it stands in the key.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $word ),* }
            }

            pub fn parse(word: &str) -> Option<Self> {
                match word { $( $word => Some(Self::$variant), )* _ => None }
            }
        }
    };
}

fields! {
    /// Fields of the client itself.
    ClientField {
        /// As on the door (*nombre comercial*).
        Name "name",
        /// *Razón social*.
        LegalName "legal_name",
        TaxId "tax_id",
        /// The client's number in the office's system; missing while the client is new.
        ErpCode "erp_code",
        /// Kind of establishment: bar, shop, workshop.
        Sector "sector",
        Phone "phone",
        Mobile "mobile",
        Email "email",
        Web "web",
        Address "address",
        Point "point",
        /// BCP 47 tag of the language spoken with the client.
        Language "language",
        Currency "currency",
        /// Key of the price list (*tarifa*).
        PriceList "price_list",
        /// Terms of payment, in the office's words.
        PaymentTerms "payment_terms",
        /// Code of the fiscal group that the client belongs to.
        FiscalGroup "fiscal_group",
        /// Where a lead came from.
        Source "source",
        /// Days within which the client is to be visited, instead of its class's interval.
        VisitEvery "visit_every",
        Hours "hours",
        ShutDays "shut_days",
        /// What everybody who visits must know.
        Warning "warning",
    }
}

fields! {
    /// Fields of a person at the client.
    ContactField {
        Name "name",
        /// What the person does there.
        Role "role",
        Phone "phone",
        Mobile "mobile",
        Email "email",
        Language "language",
        Notes "notes",
        Removed "removed",
    }
}

fields! {
    /// Fields of a date worth remembering.
    DateField {
        What "what",
        On "on",
        /// It comes again every year.
        Yearly "yearly",
        /// Id of the contact whom it concerns.
        Contact "contact",
        Removed "removed",
    }
}

fields! {
    /// Fields of a delivery point.
    PlaceField {
        Name "name",
        Address "address",
        Point "point",
        Phone "phone",
        ErpCode "erp_code",
        Hours "hours",
        ShutDays "shut_days",
        /// How to deliver there.
        Instructions "instructions",
        Removed "removed",
    }
}

/// A key of a profile.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    Client(ClientField),
    Tag(String),
    Pref(String),
    Contact(PartId, ContactField),
    Date(PartId, DateField),
    Place(PartId, PlaceField),
    /// Of legal shape, but not known to this version.
    Unknown(String),
}

impl Key {
    /// `None` where no profile may have such a key: not of legal shape, a record's, the root's `id`, or one of
    /// `erased/`.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() || text.len() > KEY_CHARS_MAX || text == "id" {
            return None;
        }
        let mut parts = text.split('/');
        let (first, second, third, fourth) = (parts.next()?, parts.next(), parts.next(), parts.next());
        if fourth.is_some() || !is_word(first) || first == "erased" {
            return None;
        }
        let unknown = || Some(Self::Unknown(text.to_owned()));
        match (first, second, third) {
            (field, None, None) if RESERVED.contains(&field) => None,
            (field, None, None) => ClientField::parse(field).map(Self::Client).or_else(unknown),
            ("tag", Some(slug), None) => is_slug(slug).then(|| Self::Tag(slug.to_owned())),
            ("pref", Some(slug), None) => is_slug(slug).then(|| Self::Pref(slug.to_owned())),
            ("tag" | "pref", ..) => None,
            ("contact" | "date" | "place", Some(id), Some(field)) => {
                let id: PartId = id.parse().ok()?;
                if !is_word(field) {
                    return None;
                }
                let known = match first {
                    "contact" => ContactField::parse(field).map(|field| Self::Contact(id, field)),
                    "date" => DateField::parse(field).map(|field| Self::Date(id, field)),
                    _ => PlaceField::parse(field).map(|field| Self::Place(id, field)),
                };
                known.or_else(unknown)
            }
            ("contact" | "date" | "place", ..) => None,
            (_, Some(second), None) => {
                (is_part(second) && Kind::parse_key(text).is_none()).then(unknown).flatten()
            }
            (_, Some(second), Some(third)) => (is_part(second) && is_part(third)).then(unknown).flatten(),
            (_, None, Some(_)) => None,
        }
    }

    /// The slug under which a tag or preference with this label stands: lower case, accents folded, everything else
    /// a hyphen. `None` if nothing of the label is left.
    pub fn slug(label: &str) -> Option<String> {
        let mut slug = String::new();
        for c in label.chars().flat_map(char::to_lowercase).map(without_accent) {
            if slug.len() == SLUG_CHARS_MAX {
                break;
            }
            if c.is_ascii_alphanumeric() {
                slug.push(c);
            } else if !slug.ends_with('-') && !slug.is_empty() {
                slug.push('-');
            }
        }
        let slug = slug.trim_end_matches('-');
        (!slug.is_empty()).then(|| slug.to_owned())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(field) => f.write_str(field.as_str()),
            Self::Tag(slug) => write!(f, "tag/{slug}"),
            Self::Pref(slug) => write!(f, "pref/{slug}"),
            Self::Contact(id, field) => write!(f, "contact/{id}/{}", field.as_str()),
            Self::Date(id, field) => write!(f, "date/{id}/{}", field.as_str()),
            Self::Place(id, field) => write!(f, "place/{id}/{}", field.as_str()),
            Self::Unknown(text) => f.write_str(text),
        }
    }
}

fn is_word(text: &str) -> bool {
    (1..=FIELD_CHARS_MAX).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn is_slug(text: &str) -> bool {
    is_part(text) && !text.bytes().any(|b| b.is_ascii_uppercase())
}

fn is_part(text: &str) -> bool {
    (1..=SLUG_CHARS_MAX).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

/// The letter without the accents that Western European languages put on it.
const fn without_accent(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    #[test]
    fn every_known_key_comes_back() {
        let id: PartId = ID.parse().unwrap();
        let mut keys: Vec<Key> = ClientField::ALL.iter().map(|field| Key::Client(*field)).collect();
        keys.extend(ContactField::ALL.iter().map(|field| Key::Contact(id, *field)));
        keys.extend(DateField::ALL.iter().map(|field| Key::Date(id, *field)));
        keys.extend(PlaceField::ALL.iter().map(|field| Key::Place(id, *field)));
        keys.extend([Key::Tag("terraza".into()), Key::Pref("pay-cash".into())]);
        for key in keys {
            assert_eq!(Key::parse(&key.to_string()), Some(key));
        }
    }

    #[test]
    fn keys_of_legal_shape_that_nobody_knows_are_carried() {
        for text in [
            "loyalty_points",
            &format!("contact/{ID}/birthday"),
            "vehicle/van-1",
            "vehicle/van-1/plate",
            &format!("vehicle/{ID}/plate"),
        ] {
            assert_eq!(Key::parse(text), Some(Key::Unknown(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_no_profile_may_have_is_refused() {
        for text in [
            "",
            "id",
            "Name",
            "nombre comercial",
            "año",
            "tag",
            "tag/",
            "tag/Terraza",
            "tag/a/b",
            "contact",
            "contact/1/name",
            &format!("contact/{ID}"),
            &format!("contact/{ID}/Name"),
            &format!("contact/{ID}/name/x"),
            &format!("v/{ID}"),
            &format!("future/{ID}"),
            "erased/1",
            "a//b",
            "/a",
            "a/",
        ] {
            assert_eq!(Key::parse(text), None, "{text}");
        }
    }

    #[test]
    fn lengths_at_the_edge_and_one_past() {
        assert!(Key::parse(&format!("tag/{}", "a".repeat(SLUG_CHARS_MAX))).is_some());
        assert!(Key::parse(&format!("tag/{}", "a".repeat(SLUG_CHARS_MAX + 1))).is_none());
        assert!(Key::parse(&"a".repeat(FIELD_CHARS_MAX)).is_some());
        assert!(Key::parse(&"a".repeat(FIELD_CHARS_MAX + 1)).is_none());
        let longest = |n| format!("{}/{}/{}", "a".repeat(32), "b".repeat(48), "c".repeat(n));
        assert_eq!(longest(14).len(), KEY_CHARS_MAX);
        assert!(Key::parse(&longest(14)).is_some());
        assert!(Key::parse(&longest(15)).is_none());
    }

    #[test]
    fn slugs_fold_accents_and_case() {
        for (label, slug) in [
            ("Hostelería", Some("hosteleria")),
            ("  Año  Nuevo! ", Some("ano-nuevo")),
            ("¿?", None),
            ("Ñu & Çelik", Some("nu-celik")),
        ] {
            assert_eq!(Key::slug(label).as_deref(), slug, "{label}");
        }
        assert!(Key::slug(&"x ".repeat(100)).is_some_and(|slug| is_slug(&slug)));
    }
}
