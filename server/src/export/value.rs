//! What a cell can hold, and what a column promises about it.

use std::borrow::Cow;

use cartera_core::model::{BusinessDate, Currency, Decimal};

/// What a column's cells look like; each format writes them in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// A ULID of 26 characters, or for parts of something else a text that never changes.
    Id,
    Text,
    /// `+` and digits, or what was typed.
    Phone,
    /// One of a closed list of English words; later versions may add some.
    Word,
    Integer,
    /// Digits with a point, never in scientific notation; a string in JSON.
    Decimal,
    /// Degrees with seven decimals; a number in JSON.
    Degrees,
    /// A floating-point number: the shortest decimal that reads back to the same bits, never in scientific notation; a
    /// number in JSON.
    Number,
    Boolean,
    /// A calendar day, `YYYY-MM-DD`.
    Date,
    /// UTC, `YYYY-MM-DDTHH:MM:SS.mmmZ`.
    Instant,
}

impl Type {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Text => "text",
            Self::Phone => "phone",
            Self::Word => "word",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Degrees => "degrees",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Instant => "instant",
        }
    }
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    Null,
    Text(Cow<'a, str>),
    /// Written as a ULID.
    Id([u8; 16]),
    Int(i64),
    /// `mantissa` / 10^`scale`, written with exactly `scale` decimals.
    Fixed {
        mantissa: i64,
        scale: u32,
    },
    Bool(bool),
    /// Null where it is not finite.
    Float(f64),
    /// Days since 1970-01-01.
    Date(i32),
    /// Milliseconds since 1970-01-01 UTC; null outside the years 1 to 9999.
    Instant(i64),
}

impl<'a> Value<'a> {
    pub(super) fn degrees(e7: i32) -> Self {
        Self::Fixed { mantissa: e7.into(), scale: 7 }
    }

    /// Minor units in whole units of the currency, with all its decimals; null where that has no known ones.
    pub(super) fn amount(minor: Option<i64>, currency: Option<Currency>) -> Self {
        let scale = currency.and_then(|currency| match currency {
            Currency::EUR => Some(2), // nearly always, and looking one up takes as long as the rest of the row
            other => other.exponent(),
        });
        match (minor, scale) {
            (Some(mantissa), Some(scale)) => Self::Fixed { mantissa, scale },
            _ => Self::Null,
        }
    }

    pub(super) fn id(bytes: Option<[u8; 16]>) -> Self {
        bytes.map_or(Self::Null, Self::Id)
    }

    /// Days since 1970-01-01.
    pub(super) fn date(days: Option<i32>) -> Self {
        days.map_or(Self::Null, Self::Date)
    }

    /// Milliseconds since 1970-01-01 UTC.
    pub(super) fn instant(ms: Option<i64>) -> Self {
        ms.map_or(Self::Null, Self::Instant)
    }
}

macro_rules! into_value {
    ($($from:ty => |$value:ident| $to:expr;)*) => { $(
        impl<'a> From<$from> for Value<'a> {
            fn from($value: $from) -> Self {
                $to
            }
        }
    )* };
}

into_value! {
    &'a str => |text| Self::Text(Cow::Borrowed(text));
    String => |text| Self::Text(Cow::Owned(text));
    Currency => |currency| Self::Text(Cow::Owned(currency.to_string()));
    i64 => |int| Self::Int(int);
    f64 => |float| if float.is_finite() { Self::Float(float) } else { Self::Null };
    u32 => |int| Self::Int(int.into());
    bool => |bool| Self::Bool(bool);
    u64 => |int| i64::try_from(int).map_or(Self::Null, Self::Int);
    usize => |int| i64::try_from(int).map_or(Self::Null, Self::Int);
    BusinessDate => |date| Self::Date(date.days());
    Decimal => |decimal| Self::Fixed { mantissa: decimal.mantissa(), scale: decimal.scale() };
    cartera_core::model::ClientId => |id| Self::Id(*id.as_bytes());
    cartera_core::model::RecordId => |id| Self::Id(*id.as_bytes());
    cartera_core::model::PartId => |id| Self::Id(*id.as_bytes());
    cartera_core::model::PersonId => |id| Self::Id(*id.as_bytes());
    cartera_core::model::TerritoryId => |id| Self::Id(*id.as_bytes());
}

impl<'a, T: Into<Self>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
