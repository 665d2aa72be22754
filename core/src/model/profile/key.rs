//! Keys of a profile, taken apart and put together.

use std::fmt;

use crate::model::record::Kind;
use crate::model::{PartId, fold};

/// Most bytes of any key of a profile.
pub const KEY_BYTES_MAX: usize = 160;
/// Most parts of a key, between slashes.
pub const KEY_PARTS_MAX: usize = 4;
/// Most bytes of one part.
pub const PART_BYTES_MAX: usize = 64;
/// Most characters of a slug that is made of a label.
pub const SLUG_CHARS_MAX: usize = 48;

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
    /// `erased/`. Documents admit what has this shape (`document::keys`).
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('/');
        let name = parts.next()?;
        let rest: Vec<&str> = parts.by_ref().take(KEY_PARTS_MAX).collect();
        let legal = text.len() <= KEY_BYTES_MAX
            && is_name(name)
            && !matches!(text, "id")
            && name != "erased"
            && rest.len() < KEY_PARTS_MAX
            && rest.iter().all(|part| is_part(part));
        if !legal {
            return None;
        }
        let known = match (name, rest.as_slice()) {
            (name, []) => ClientField::parse(name).map(Self::Client),
            ("tag", [slug]) => Some(Self::Tag((*slug).to_owned())),
            ("pref", [slug]) => Some(Self::Pref((*slug).to_owned())),
            (name, [_]) if Kind::parse(name).is_some() => return None, // a record's key, or a mistyped one
            ("contact", [id, field]) => part_key(id, ContactField::parse(field), Self::Contact),
            ("date", [id, field]) => part_key(id, DateField::parse(field), Self::Date),
            ("place", [id, field]) => part_key(id, PlaceField::parse(field), Self::Place),
            _ => None,
        };
        Some(known.unwrap_or_else(|| Self::Unknown(text.to_owned())))
    }

    /// The slug under which a tag or preference with this label stands: lower case, accents folded, everything else
    /// a hyphen. `None` if nothing of the label is left.
    pub fn slug(label: &str) -> Option<String> {
        let mut slug = String::new();
        for c in fold(label) {
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

fn part_key<F>(id: &str, field: Option<F>, key: impl FnOnce(PartId, F) -> Key) -> Option<Key> {
    Some(key(id.parse().ok()?, field?))
}

fn is_name(text: &str) -> bool {
    text.len() <= PART_BYTES_MAX
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn is_part(text: &str) -> bool {
    (1..=PART_BYTES_MAX).contains(&text.len()) && text.trim() == text && !text.chars().any(char::is_control)
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
            "tag",
            "contact/1/name",
            &format!("contact/{ID}"),
            &format!("contact/{ID}/birthday"),
            &format!("contact/{ID}/name/x"),
            "vehicle_2/van 1",
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
            "tag/",
            "tag/ x",
            "tag/a\nb",
            "vehicle/van-1",
            &format!("v/{ID}"),
            &format!("future/{ID}"),
            "erased",
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
        let tag = |n| format!("tag/{}", "a".repeat(n));
        assert!(Key::parse(&tag(PART_BYTES_MAX)).is_some());
        assert!(Key::parse(&tag(PART_BYTES_MAX + 1)).is_none());
        assert!(Key::parse(&"a".repeat(PART_BYTES_MAX)).is_some());
        assert!(Key::parse(&"a".repeat(PART_BYTES_MAX + 1)).is_none());
        assert!(Key::parse("a/b/c/d").is_some());
        assert!(Key::parse("a/b/c/d/e").is_none());
        let longest = |n| format!("{}/{}/{}", "a".repeat(64), "b".repeat(64), "c".repeat(n));
        assert_eq!(longest(30).len(), KEY_BYTES_MAX);
        assert!(Key::parse(&longest(30)).is_some());
        assert!(Key::parse(&longest(31)).is_none());
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
        assert!(
            Key::slug(&"x ".repeat(100)).is_some_and(|slug| slug.len() <= SLUG_CHARS_MAX && is_part(&slug))
        );
    }
}
