//! Kinds of record, and the keys under which records stand in a document.

use std::fmt;

use crate::model::RecordId;

/// Most letters of a kind.
pub const KIND_LETTERS_MAX: usize = 8;

/// First parts of keys that are never a kind of record.
pub const RESERVED: [&str; 6] = ["tag", "pref", "contact", "date", "place", "erased"];

/// Letters of a kind that this version does not know.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindName {
    letters: [u8; KIND_LETTERS_MAX],
    len: u8,
}

impl KindName {
    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.letters[..usize::from(self.len)]).unwrap_or_default()
    }
}

impl fmt::Debug for KindName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

macro_rules! kinds {
    ($( $(#[$doc:meta])* $variant:ident = $letters:literal $word:literal ),* $(,)?) => {
        /// What a record is about; the letters before the slash of its key.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $( $(#[$doc])* $variant, )*
            /// 1 to 8 lower-case letters of a newer version; carried unread.
            Unknown(KindName),
        }

        impl Kind {
            /// Every kind that this version knows.
            pub const ALL: &'static [Self] = &[$( Self::$variant ),*];

            /// The letters, as they stand in the key.
            pub fn letters(&self) -> &str {
                match self {
                    $( Self::$variant => $letters, )*
                    Self::Unknown(name) => name.as_str(),
                }
            }

            /// Stable English word, as exports and logs write it; the letters for a kind that is not known.
            pub fn word(&self) -> &str {
                match self {
                    $( Self::$variant => $word, )*
                    Self::Unknown(name) => name.as_str(),
                }
            }

            /// Id of its words in the strings.
            pub const fn text_id(&self) -> &'static str {
                match self {
                    $( Self::$variant => concat!("kind-", $word), )*
                    Self::Unknown(_) => "kind-unknown",
                }
            }

            /// The kind with these letters; `None` if no kind can have them.
            pub fn parse(letters: &str) -> Option<Self> {
                match letters {
                    $( $letters => Some(Self::$variant), )*
                    other => unknown(other),
                }
            }
        }
    };
}

kinds! {
    Visit = "v" "visit",
    /// Order, direct sale or return.
    Purchase = "p" "purchase",
    /// Made otherwise than by a visit: call, message.
    Contact = "c" "contact",
    Note = "n" "note",
    Task = "t" "task",
    SurveyAnswer = "s" "survey_answer",
    /// Somebody confirmed that contact data are right.
    DataConfirmed = "k" "data_confirmed",
    /// *Baja*, with its reason.
    ClientClosed = "x" "client_closed",
    Agreement = "a" "agreement",
    /// Consent or opposition.
    Consent = "q" "consent",
    MergeProposal = "m" "merge_proposal",
    /// Asks the office to change a field that it owns.
    ChangeRequest = "r" "change_request",
    NotNow = "l" "not_now",
    /// How the client is to be looked after, whatever its figures say.
    ModeChoice = "mode" "mode_choice",
    /// In a person's own document.
    Absence = "absence" "absence",
    /// In a person's own document: a private set of clients.
    Segment = "segment" "segment",
    /// In a person's own document.
    NoticeRead = "read" "notice_read",
    /// In a person's own document.
    LessonDone = "lesson" "lesson_done",
}

fn unknown(letters: &str) -> Option<Kind> {
    let len = letters.len();
    let shaped = (1..=KIND_LETTERS_MAX).contains(&len) && letters.bytes().all(|b| b.is_ascii_lowercase());
    if !shaped || RESERVED.contains(&letters) {
        return None;
    }
    let mut name = KindName { letters: [0; KIND_LETTERS_MAX], len: len as u8 };
    name.letters[..len].copy_from_slice(letters.as_bytes());
    Some(Kind::Unknown(name))
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.letters())
    }
}

impl Kind {
    /// Whether a person's own document holds such records, rather than a client's.
    pub const fn is_personal(&self) -> bool {
        matches!(self, Self::Absence | Self::Segment | Self::NoticeRead | Self::LessonDone)
    }

    /// The key of record `id`: `<letters>/<26 characters>`.
    pub fn key(&self, id: RecordId) -> String {
        format!("{}/{id}", self.letters())
    }

    /// Takes a record's key apart; `None` if it is no record's key.
    pub fn parse_key(key: &str) -> Option<(Self, RecordId)> {
        let (letters, id) = key.split_once('/')?;
        Some((Self::parse(letters)?, id.parse().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    #[test]
    fn letters_of_every_kind_come_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.letters()), Some(*kind));
        }
        assert_eq!(Kind::parse("zz").map(|kind| kind.letters().to_owned()).as_deref(), Some("zz"));
    }

    #[test]
    fn a_kind_has_one_to_eight_letters_and_no_reserved_word() {
        assert!(Kind::parse("abcdefgh").is_some());
        for letters in ["", "abcdefghi", "V", "v1", "ñ", "contact", "tag", "pref", "date", "place", "erased"]
        {
            assert_eq!(Kind::parse(letters), None, "{letters}");
        }
    }

    #[test]
    fn keys_come_back() {
        let id: RecordId = ID.parse().unwrap();
        assert_eq!(Kind::Visit.key(id), format!("v/{ID}"));
        assert_eq!(Kind::parse_key(&format!("v/{ID}")), Some((Kind::Visit, id)));
        assert!(matches!(Kind::parse_key(&format!("future/{ID}")), Some((Kind::Unknown(_), _))));
        for key in ["v", "v/", "name", &format!("contact/{ID}"), &format!("v/{ID}/x"), &format!("/{ID}")] {
            assert_eq!(Kind::parse_key(key), None, "{key}");
        }
    }
}
