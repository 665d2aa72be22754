//! Sections of a profile, each of which somebody finds right with one tap.

use super::{ClientField, Key};

/// A part of the profile that people look at together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// Names, tax id, codes: who it is.
    Identity,
    /// How the client is reached.
    Contact,
    /// Its people.
    People,
    /// Where it is, and when it opens.
    Visiting,
    /// Delivery points.
    Deliveries,
    /// Terms of payment, price list, currency.
    Terms,
    /// Dates worth remembering.
    Dates,
}

impl Section {
    pub const ALL: [Self; 7] = [
        Self::Identity,
        Self::Contact,
        Self::People,
        Self::Visiting,
        Self::Deliveries,
        Self::Terms,
        Self::Dates,
    ];

    /// A stable code; its words are `section-<code>` in the strings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Contact => "contact",
            Self::People => "people",
            Self::Visiting => "visiting",
            Self::Deliveries => "deliveries",
            Self::Terms => "terms",
            Self::Dates => "dates",
        }
    }

    /// The section of a field; `None` of what is no datum that could be right or wrong, such as a tag.
    pub const fn of(key: &Key) -> Option<Self> {
        Some(match key {
            Key::Contact(..) => Self::People,
            Key::Place(..) => Self::Deliveries,
            Key::Date(..) => Self::Dates,
            Key::Client(field) => match field {
                ClientField::Name
                | ClientField::LegalName
                | ClientField::TaxId
                | ClientField::ErpCode
                | ClientField::Sector
                | ClientField::FiscalGroup => Self::Identity,
                ClientField::Phone
                | ClientField::Mobile
                | ClientField::Email
                | ClientField::Web
                | ClientField::Address
                | ClientField::Language => Self::Contact,
                ClientField::Point
                | ClientField::Hours
                | ClientField::ShutDays
                | ClientField::VisitEvery
                | ClientField::Warning => Self::Visiting,
                ClientField::Currency | ClientField::PriceList | ClientField::PaymentTerms => Self::Terms,
                ClientField::Source => return None,
            },
            Key::Tag(_) | Key::Pref(_) | Key::Unknown(_) => return None,
        })
    }

    /// What is confirmed where somebody confirms contact data as a whole.
    pub const fn is_contact_data(self) -> bool {
        matches!(self, Self::Contact | Self::People)
    }
}
