//! What the relay says of one pushed change.

use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};

use super::bounded::{List, Text};
use super::limits;
use super::names::{Hash, Receipt};
use crate::document::admit::RefusalCode;

/// One for each pushed change, in the order of the push. Accepted and duplicate are good verdicts.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Verdict {
    /// Durable, with this number in the log.
    #[n(0)]
    Accepted {
        #[n(0)]
        number: u64,
        #[n(1)]
        receipt: Receipt,
    },
    /// The relay has it already, under this number.
    #[n(1)]
    Duplicate {
        #[n(0)]
        number: u64,
        #[n(1)]
        receipt: Receipt,
        /// The same records stand there under another hash: the phone drops its copy for that one.
        #[n(2)]
        hash: Option<Hash>,
    },
    /// It waits for other changes: push these first. The phone mends that itself.
    #[n(2)]
    Held {
        #[n(0)]
        missing: List<Hash, { limits::MISSING }>,
    },
    #[n(3)]
    Refused {
        #[n(0)]
        code: Refusal,
        /// What and where, in English, for logs; people get words by `code`.
        #[n(1)]
        detail: Text<{ limits::DETAIL_BYTES }>,
    },
    /// Offered after a restore without proof: it waits for the administrator. The phone keeps it.
    #[n(4)]
    Quarantined,
}

impl Verdict {
    pub fn refused(code: Refusal, detail: &str) -> Self {
        Self::Refused { code, detail: Text::cut(detail) }
    }

    /// It waits for these, of which as many are named as fit.
    pub fn held(missing: impl IntoIterator<Item = Hash>) -> Self {
        Self::Held { missing: missing.into_iter().take(limits::MISSING).collect() }
    }

    /// The change is durable on the relay.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Accepted { .. } | Self::Duplicate { .. })
    }
}

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $code:literal;)*) => {
        /// Why a change was refused. `Equivocation` and `Generation` are mended by the phone and never shown.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Refusal {
            $($(#[$doc])* $name,)*
            /// A reason that this program does not know yet.
            Other(u8),
        }

        impl Refusal {
            /// Every reason that this program knows.
            pub const KNOWN: &'static [Self] = &[$(Self::$name),*];

            /// As it stands on the wire.
            pub fn number(self) -> u8 {
                match self { $(Self::$name => $number,)* Self::Other(number) => number }
            }

            pub fn from_number(number: u8) -> Self {
                match number { $($number => Self::$name,)* other => Self::Other(other) }
            }

            /// Stable, for logs and for choosing words.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* Self::Other(_) => "other" }
            }
        }
    };
}

impl From<RefusalCode> for Refusal {
    /// What admission found, as it goes on the wire.
    fn from(code: RefusalCode) -> Self {
        match code {
            RefusalCode::Malformed => Self::Malformed,
            RefusalCode::Schema => Self::Schema,
            RefusalCode::TooLarge => Self::TooLarge,
            RefusalCode::RecordExists => Self::RecordExists,
            RefusalCode::Equivocation => Self::Equivocation,
        }
    }
}

refusals! {
    /// No change that Automerge or the bounds of admission accept.
    Malformed = 0, "malformed";
    /// A change, but not of this document's shape.
    Schema = 1, "schema";
    /// Not by this device, or not this client.
    Forbidden = 2, "forbidden";
    /// The record's key is taken: with other bytes, or by another client.
    RecordExists = 3, "record_exists";
    /// The change, or the document with it, is past a limit.
    TooLarge = 4, "too_large";
    /// The client was erased.
    Erased = 5, "erased";
    /// The device was revoked.
    Revoked = 6, "revoked";
    /// This actor wrote another change with the same sequence number: take a new actor and rebase.
    Equivocation = 7, "equivocation";
    /// The document was founded anew: carry the change over.
    Generation = 8, "generation";
    /// A device has as many actors as it may.
    TooManyActors = 9, "too_many_actors";
    /// Not built in this relay yet.
    Unsupported = 10, "unsupported";
}

impl<C> Encode<C> for Refusal {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.u8(self.number())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Refusal {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        d.u8().map(Self::from_number)
    }
}
