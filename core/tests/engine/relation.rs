//! How the relation with a client stands: closed and open again, consent by channel, data confirmed.

use cartera_core::engine::ClientEdit;
use cartera_core::engine::EngineError;
use cartera_core::model::access::Action;
use cartera_core::model::profile::{ClientField, Key, Value};
use cartera_core::model::record::{
    Channel, ClientClosed, Consent, Decision, LegalBasis, LossReason, MergeProposal, PurchaseSort,
};
use cartera_core::model::{PersonId, RecordId};
use cartera_core::query::consents;
use cartera_core::rows;
use cartera_core::store::StoreError;

use super::Device;
use super::support::purchase;

const DAY_MS: i64 = 86_400_000;

fn closed() -> ClientClosed {
    ClientClosed::new(LossReason::Competitor)
}

#[test]
fn a_closed_client_is_open_again_when_a_person_says_so_or_it_buys_on_a_later_day() {
    let device = Device::new(41);
    let client = device.client("Bar");
    let is_closed = || {
        let row = device.row(&client).closed;
        device.engine.store().write::<_, StoreError>(|tx| Ok(rows::rebuild(tx)?)).unwrap();
        assert_eq!(device.row(&client).closed, row, "rows are those of a rebuild");
        row
    };
    let buy = |sort| {
        let id = device.engine.new_record_id();
        device.engine.place_order(&client, id, purchase(sort, "1")).unwrap()
    };
    assert!(!is_closed());
    buy(PurchaseSort::Order);
    device.engine.close_client(&client, closed()).unwrap();
    assert!(is_closed(), "what it bought that day was the last");
    assert_eq!(device.engine.reopen_client(&client).unwrap().len(), 1);
    assert!(!is_closed());
    assert_eq!(device.engine.reopen_client(&client).unwrap(), []);

    device.engine.close_client(&client, closed()).unwrap();
    device.env.advance(DAY_MS);
    let before = device.row(&client).last_purchase;
    buy(PurchaseSort::Return);
    assert!(is_closed(), "goods that come back are no purchase");
    assert_eq!(device.row(&client).last_purchase, before);
    let bought = buy(PurchaseSort::DirectSale);
    assert!(!is_closed());
    assert_eq!(device.row(&client).last_purchase, Some(bought.date.days()));
    device.env.advance(DAY_MS);
    device.engine.close_client(&client, closed()).unwrap();
    assert!(is_closed(), "and closed once more");
}

#[test]
fn a_closure_by_somebody_else_is_not_a_reps_to_take_back() {
    let device = Device::new(42);
    let (ana, luis) = (PersonId::from_bytes([0xa; 16]), PersonId::from_bytes([0xb; 16]));
    device.is_held_by(ana);
    let client = device.client("Bar");
    device.engine.close_client(&client, closed()).unwrap();
    device.was_written_by(ana);
    device.is_held_by(luis);
    let refused = device.engine.reopen_client(&client);
    assert!(matches!(refused, Err(EngineError::Forbidden(Action::CorrectRecord))), "{refused:?}");
    assert!(device.row(&client).closed);
}

#[test]
fn the_latest_word_on_a_channel_counts_and_one_on_all_replaces_them() {
    let device = Device::new(43);
    let client = device.client("Bar");
    let said = || {
        let standing = device.read(|conn| Ok(consents::of_client(conn, &client)?));
        standing
            .into_iter()
            .map(|word| (word.record, word.consent.channel, word.consent.decision))
            .collect::<Vec<_>>()
    };
    let say = |consent: Consent| -> RecordId { device.engine.record_consent(&client, consent).unwrap().id };
    let granted = |channel| Consent::granted(Some(channel), LegalBasis::Consent);
    let mail = say(granted(Channel::Email));
    let call = say(granted(Channel::Phone));
    assert_eq!(
        said(),
        [(mail, Some(Channel::Email), Decision::Granted), (call, Some(Channel::Phone), Decision::Granted)]
    );
    let no_mail = say(Consent::opposed(Some(Channel::Email)));
    assert_eq!(
        said(),
        [(call, Some(Channel::Phone), Decision::Granted), (no_mail, Some(Channel::Email), Decision::Opposed)]
    );
    let nothing = say(Consent::opposed(None));
    assert_eq!(said(), [(nothing, None, Decision::Opposed)]);
    let again = say(granted(Channel::Phone));
    assert_eq!(said()[1], (again, Some(Channel::Phone), Decision::Granted));
}

#[test]
fn a_client_is_not_merged_with_itself_and_what_a_field_says_already_is_not_asked_for() {
    let device = Device::new(44);
    let client = device.client("Bar");
    let error = device.engine.propose_merge(&client, MergeProposal::new(client, true, vec![])).unwrap_err();
    assert!(matches!(error, EngineError::Invalid(problems) if problems[0].field == "other"));
    let edit = ClientEdit::put(&Key::Client(ClientField::Name), &Value::Text("Bar".into()));
    assert_eq!(device.engine.request_change(&client, edit, None).unwrap(), None);
    assert_eq!(device.timeline(&client), []);
}

#[test]
fn a_segment_is_kept_only_with_a_rule_that_can_be_used() {
    use cartera_core::model::record::Segment;
    let device = Device::new(93);
    device.is_held_by(cartera_core::model::PersonId::from_bytes([1; 16]));
    let of = |filter: &str| Segment { filter: Some(filter.into()), ..Segment::new("Playa") };
    let error = device.engine.save_segment(of("city = Gijón")).unwrap_err();
    assert_eq!(error.code(), "rule_unexpected", "{error}");
    assert!(error.to_string().contains("at character 8"), "{error}");
    device.engine.save_segment(of("city = \"Gijón\" and days_since_visit > 30")).unwrap();
}
