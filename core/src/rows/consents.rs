//! What a client allows and forbids, and whether somebody may be written to.

use rusqlite::{Connection, OptionalExtension};

use crate::model::record::{Body, Channel, Consent, Decision, Kind, Record};
use crate::model::{BusinessDate, ClientId, PartId, RecordId};

/// The word that counts for one channel and contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub record: RecordId,
    /// Business date.
    pub date: BusinessDate,
    pub consent: Consent,
}

/// For each channel (or all) and each contact (or the client as a whole) the latest word, in the document's own order.
/// A word on every channel takes the place of the earlier ones on single channels.
pub fn of_client(conn: &Connection, client: &ClientId) -> rusqlite::Result<Vec<Standing>> {
    let mut statement = conn.prepare_cached("SELECT doc FROM documents WHERE id = ?1")?;
    let doc = statement.query_row([client], |row| row.get(0)).optional()?;
    doc.map_or(Ok(Vec::new()), |doc| of_document(conn, doc))
}

/// The same by the document's row.
pub fn of_document(conn: &Connection, doc: i64) -> rusqlite::Result<Vec<Standing>> {
    let sql = "SELECT r.root, r.value FROM records r JOIN actors a ON a.actor = r.actor
               WHERE r.doc = ?1 AND r.kind = 'q' AND r.shown = 1
               ORDER BY r.counter, a.id";
    let mut standing: Vec<Standing> = Vec::new();
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([doc])?;
    while let Some(row) = rows.next()? {
        let Ok(Record { header, body: Body::Consent(consent) }) =
            Record::decode(Kind::Consent, row.get_ref(1)?.as_blob()?)
        else {
            continue;
        };
        standing.retain(|earlier| {
            let covered = consent.channel.is_none() || consent.channel == earlier.consent.channel;
            !(covered && earlier.consent.contact == consent.contact)
        });
        standing.push(Standing { record: row.get(0)?, date: header.date, consent });
    }
    Ok(standing)
}

/// The word that counts for one contact, or for the client as a whole, on one channel.
fn last(words: &[Standing], contact: Option<PartId>, channel: Channel) -> Option<&Standing> {
    let about = |word: &&Standing| {
        word.consent.contact == contact && word.consent.channel.is_none_or(|named| named == channel)
    };
    words.iter().rev().find(about)
}

/// Whether the client as a whole forbids a channel.
pub fn is_forbidden(words: &[Standing], channel: Channel) -> bool {
    last(words, None, channel).is_some_and(|word| word.consent.decision != Decision::Granted)
}

/// The word by which a contact, or the client as a whole, may be written to on a channel for marketing: one that allows
/// it, where neither the contact nor the client forbids it. What nobody said allows nothing, and what is not
/// understood forbids.
pub fn allowing(words: &[Standing], contact: Option<PartId>, channel: Channel) -> Option<&Standing> {
    let whole = last(words, None, channel);
    let own = contact.and_then(|_| last(words, contact, channel));
    let said = || own.into_iter().chain(whole);
    let allowed = said().all(|word| word.consent.decision == Decision::Granted);
    said().next().filter(|_| allowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::record::LegalBasis;

    const ANNA: PartId = PartId::from_bytes([1; 16]);
    const BEN: PartId = PartId::from_bytes([2; 16]);

    fn word(decision: Decision, channel: Option<Channel>, contact: Option<PartId>) -> Standing {
        let consent = match decision {
            Decision::Granted => Consent::granted(channel, LegalBasis::Consent),
            _ => Consent::opposed(channel),
        };
        let consent = Consent { decision, contact, ..consent };
        Standing { record: RecordId::from_bytes([9; 16]), date: "2026-09-01".parse().unwrap(), consent }
    }

    fn may(words: &[Standing], contact: Option<PartId>, channel: Channel) -> bool {
        allowing(words, contact, channel).is_some()
    }

    #[test]
    fn silence_allows_nothing() {
        assert!(!may(&[], None, Channel::Email) && !may(&[], Some(ANNA), Channel::Email));
        let only_phone = [word(Decision::Granted, Some(Channel::Phone), None)];
        assert!(may(&only_phone, None, Channel::Phone) && !may(&only_phone, None, Channel::Email));
    }

    #[test]
    fn a_no_of_the_client_or_of_the_contact_is_a_no() {
        for no in [Decision::Opposed, Decision::Withdrawn, Decision::Unknown(9)] {
            let client_says_no =
                [word(Decision::Granted, None, Some(ANNA)), word(no, Some(Channel::Email), None)];
            assert!(!may(&client_says_no, Some(ANNA), Channel::Email), "{no:?}");
            assert!(may(&client_says_no, Some(ANNA), Channel::Post), "only that channel");
            let anna_says_no = [word(Decision::Granted, None, None), word(no, None, Some(ANNA))];
            assert!(!may(&anna_says_no, Some(ANNA), Channel::Email));
            assert!(
                may(&anna_says_no, Some(BEN), Channel::Email) && may(&anna_says_no, None, Channel::Email)
            );
        }
    }

    #[test]
    fn the_last_word_counts() {
        let again =
            [word(Decision::Opposed, None, None), word(Decision::Granted, Some(Channel::Email), None)];
        assert!(may(&again, None, Channel::Email) && !may(&again, None, Channel::Phone));
        let no_more =
            [word(Decision::Granted, Some(Channel::Email), None), word(Decision::Opposed, None, None)];
        assert!(!may(&no_more, None, Channel::Email));
        assert!(is_forbidden(&no_more, Channel::Email) && !is_forbidden(&again, Channel::Email));
    }
}
