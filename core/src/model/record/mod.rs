//! Records: what happened, written once and never edited. A correction is another record that names the old one.
//!
//! A record is one deterministic CBOR map. Its [`Header`] takes keys 0 to 6, the kind's own fields start at 8; keys
//! that this version does not know are kept. A record that `amends` another replaces it wholly: it carries all the
//! fields that hold now. A record that `voids` another carries a [`Void`] instead of the kind's fields.

mod amounts;
mod contact;
mod header;
mod kind;
mod note;
mod personal;
mod proposal;
mod purchase;
mod standing;
mod survey;
mod task;
mod visit;
mod void;

pub use amounts::{Amounts, AmountsError, TaxAmount, less_discounts};
pub use contact::{Channel, Contact, Direction};
pub use header::{Clock, FIRST_KIND_KEY, Header};
pub use kind::{KIND_LETTERS_MAX, Kind, KindName, RESERVED};
pub use note::Note;
pub use personal::{Absence, AbsenceReason, LessonDone, NoticeRead, Segment};
pub use proposal::{ChangeRequest, Likeness, MergeProposal, NotNow, NotNowReason, RequestDecision, Subject};
pub use purchase::{
    Discount, Line, PriceOrigin, PriceSource, Purchase, PurchaseSort, ReturnReason, Tax, Totals,
};
pub use standing::{
    Agreement, ClientClosed, Consent, DataConfirmed, Decision, Evidence, LegalBasis, LossReason, Mode,
    ModeChoice, Renewal,
};
pub use survey::{Answer, Asked, Survey, SurveyAnswer};
pub use task::{Task, TaskState};
pub use visit::{NextStep, NoOrderReason, Outcome, PlanKey, Purpose, Visit, VisitState};
pub use void::{Void, VoidReason};

use super::cbor::{CborError, Extras, Map, MapReader, MapWriter, Reader, Writer};
use super::limits::RECORD_BYTES_MAX;
use super::problem::{Check, Code, Problem};

/// One immutable record, without its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub header: Header,
    pub body: Body,
}

macro_rules! bodies {
    ($( $variant:ident ),* $(,)?) => {
        /// The kind's own fields.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[allow(clippy::large_enum_variant)] // one at a time, on its way to or from bytes
        pub enum Body {
            $( $variant($variant), )*
            /// Of any kind that this version knows, where the header voids a record.
            Void(Void),
            /// Of a kind or version that this one cannot read; carried as it came.
            Unread(Extras),
        }

        impl Body {
            /// The kind of the body; `None` where only the key tells.
            pub const fn kind(&self) -> Option<Kind> {
                match self {
                    $( Self::$variant(_) => Some(Kind::$variant), )*
                    Self::Void(_) | Self::Unread(_) => None,
                }
            }

            fn entries(&self) -> usize {
                match self {
                    $( Self::$variant(body) => body.entries(), )*
                    Self::Void(body) => body.entries(),
                    Self::Unread(extras) => extras.len(),
                }
            }

            fn extras(&self) -> &Extras {
                match self {
                    $( Self::$variant(body) => &body.extras, )*
                    Self::Void(body) => &body.extras,
                    Self::Unread(extras) => extras,
                }
            }

            fn write_entries(&self, out: &mut MapWriter<'_>) {
                match self {
                    $( Self::$variant(body) => body.write_entries(out), )*
                    Self::Void(body) => body.write_entries(out),
                    Self::Unread(_) => {}
                }
            }

            fn read_entries(
                kind: Kind,
                input: &mut MapReader<'_, '_>,
                mut extras: Extras,
            ) -> Result<Self, CborError> {
                match kind {
                    $( Kind::$variant => $variant::read_entries(input, extras).map(Self::$variant), )*
                    Kind::Unknown(_) => {
                        input.keep_rest(&mut extras)?;
                        Ok(Self::Unread(extras))
                    }
                }
            }

            fn check(&self, check: &mut Check) {
                match self {
                    $( Self::$variant(body) => body.check(check), )*
                    Self::Void(body) => body.check(check),
                    Self::Unread(_) => {}
                }
            }
        }

        $(
            impl From<$variant> for Body {
                fn from(body: $variant) -> Self {
                    Self::$variant(body)
                }
            }
        )*
    };
}

bodies!(
    Visit,
    Purchase,
    Contact,
    Note,
    Task,
    SurveyAnswer,
    DataConfirmed,
    ClientClosed,
    Agreement,
    Consent,
    MergeProposal,
    ChangeRequest,
    NotNow,
    ModeChoice,
    Absence,
    Segment,
    NoticeRead,
    LessonDone,
);

impl Record {
    /// Version of every known kind's fields that this program writes.
    pub const VERSION: u32 = 1;

    /// The record's one encoding.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::default();
        let entries = self.header.entries() + self.body.entries();
        let mut map = MapWriter::new(&mut out, entries, self.body.extras());
        self.header.write_entries(&mut map);
        self.body.write_entries(&mut map);
        map.finish();
        out.into_bytes()
    }

    /// Reads a record of `kind`, as its key names it. Unknown kinds, and newer versions whose fields are not
    /// understood, come as [`Body::Unread`]; encoding them again gives the same bytes.
    ///
    /// # Errors
    /// More than [`RECORD_BYTES_MAX`] bytes; not deterministic CBOR; no header; or fields that break their kind
    /// though its version is known.
    pub fn decode(kind: Kind, bytes: &[u8]) -> Result<Self, CborError> {
        if bytes.len() > RECORD_BYTES_MAX {
            return Err(CborError::TooLarge { bytes: bytes.len(), limit: RECORD_BYTES_MAX });
        }
        match Self::read(kind, bytes, true) {
            Err(_) if Self::is_newer(bytes) => Self::read(kind, bytes, false),
            result => result,
        }
    }

    fn read(kind: Kind, bytes: &[u8], understand: bool) -> Result<Self, CborError> {
        let mut input = Reader::new(bytes);
        let mut map = MapReader::new(&mut input)?;
        let mut extras = Extras::default();
        let header = Header::read_entries(&mut map, &mut extras)?;
        let body = if !understand || matches!(kind, Kind::Unknown(_)) {
            map.keep_rest(&mut extras)?;
            Body::Unread(extras)
        } else if header.voids.is_some() {
            Body::Void(Void::read_entries(&mut map, extras)?)
        } else {
            Body::read_entries(kind, &mut map, extras)?
        };
        map.finish();
        input.end()?;
        Ok(Self { header, body })
    }

    fn is_newer(bytes: &[u8]) -> bool {
        let mut input = Reader::new(bytes);
        MapReader::new(&mut input)
            .and_then(|mut map| Header::read_entries(&mut map, &mut Extras::default()))
            .is_ok_and(|header| header.version > Self::VERSION)
    }

    /// Every rule that the record breaks; nothing for a good one. What is unread is not judged.
    pub fn validate(&self) -> Vec<Problem> {
        let mut check = Check::default();
        self.header.check(&mut check);
        self.body.check(&mut check);
        if self.encode().len() > RECORD_BYTES_MAX {
            check.add("record", Code::TooLarge, Some(RECORD_BYTES_MAX as i64));
        }
        check.into_problems()
    }
}

#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod limit_tests;
#[cfg(test)]
mod tests;
