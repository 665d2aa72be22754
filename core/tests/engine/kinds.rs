//! Every kind of record by its own command: written, read again, amended by its author, refused to others, voided, and
//! restored.

use cartera_core::document::FieldKey;
use cartera_core::engine::{ClientEdit, Engine, EngineError, Saved};
use cartera_core::model::access::Action;
use cartera_core::model::profile::Scalar;
use cartera_core::model::record::{
    Absence, Agreement, Answer, Asked, Body, ChangeRequest, Channel, ClientClosed, Consent, Contact,
    DataConfirmed, Direction, Kind, LegalBasis, LessonDone, LossReason, MergeProposal, Mode, ModeChoice,
    NotNow, Note, NoticeRead, Outcome, Purchase, PurchaseSort, Record, Segment, Subject, Survey,
    SurveyAnswer, Task, Visit, VoidReason,
};
use cartera_core::model::{BusinessDate, ClientId, PersonId, RecordId};
use cartera_core::query::timeline::{self, Entry, Standing};

use super::Device;
use super::support::purchase;

const ANA: PersonId = PersonId::from_bytes([0xa; 16]);
const LUIS: PersonId = PersonId::from_bytes([0xb; 16]);

type Command = Box<dyn Fn(&Engine, &ClientId) -> Result<Saved, EngineError>>;

/// How a record of a kind is written, what it says then, and a correction of it.
struct Case {
    command: Command,
    said: Body,
    corrected: Body,
}

fn case<B: Into<Body> + Clone + 'static>(
    command: impl Fn(&Engine, &ClientId, B) -> Result<Saved, EngineError> + 'static,
    said: B,
    corrected: B,
) -> Case {
    let first = said.clone();
    let command = Box::new(move |engine: &Engine, client: &ClientId| command(engine, client, first.clone()));
    Case { command, said: said.into(), corrected: corrected.into() }
}

/// One arm a kind, and no other: a kind without a command does not compile.
fn of_kind(kind: Kind) -> Case {
    let (today, later) = (day(2), day(30));
    match kind {
        Kind::Visit => case(Engine::log_visit, Visit::done(Outcome::Order), Visit::done(Outcome::NoOrder)),
        Kind::Purchase => case(
            |engine: &Engine, client, order| engine.place_order(client, engine.new_record_id(), order),
            order("3"),
            order("4"),
        ),
        Kind::Contact => {
            let call = |direction| Contact::new(Channel::Phone, direction);
            case(Engine::log_contact, call(Direction::Outgoing), call(Direction::Incoming))
        }
        Kind::Note => case(Engine::add_note, Note::new("llamar antes"), Note::new("llamar después")),
        Kind::Task => case(Engine::add_task, Task::open("llevar muestras"), Task::open("llevar carta")),
        Kind::SurveyAnswer => {
            let score = |score| SurveyAnswer::new(Survey::Nps, Asked::ByRep, vec![Answer::new(score)]);
            case(Engine::record_answer, score(9), score(3))
        }
        Kind::DataConfirmed => {
            let fields = |fields: &[&str]| DataConfirmed {
                fields: fields.iter().map(|field| (*field).to_owned()).collect(),
                ..DataConfirmed::all()
            };
            case(Engine::confirm_data, fields(&["phone"]), fields(&["phone", "email"]))
        }
        Kind::ClientClosed => {
            let because = ClientClosed::new;
            case(Engine::close_client, because(LossReason::Price), because(LossReason::Moved))
        }
        Kind::Agreement => {
            let agreed = |title| Agreement::new(title, today, Some(later));
            case(Engine::agree, agreed("Botellero"), agreed("Botellero y sombrillas"))
        }
        Kind::Consent => case(
            Engine::record_consent,
            Consent::granted(Some(Channel::Email), LegalBasis::Consent),
            Consent::opposed(None),
        ),
        Kind::MergeProposal => {
            let other = ClientId::from_bytes([9; 16]);
            let proposal = |keep_other| MergeProposal::new(other, keep_other, vec![]);
            case(Engine::propose_merge, proposal(true), proposal(false))
        }
        Kind::ChangeRequest => {
            let text = |text: &str| Some(Scalar::Text(text.into()));
            let request = |value: &str| ChangeRequest {
                field: "legal_name".into(),
                value: text(value),
                seen: None,
                reason: text("x").map(|_| "así firman".to_owned()),
                decision: None,
                answer: None,
                extras: Default::default(),
            };
            let ask = |engine: &Engine, client: &ClientId, request: ChangeRequest| {
                let edit = ClientEdit { key: FieldKey::new(request.field).unwrap(), value: request.value };
                Ok(engine.request_change(client, edit, request.reason)?.unwrap())
            };
            case(ask, request("Bar Sol SL"), request("Bar Sol SA"))
        }
        Kind::NotNow => {
            let until = |until| NotNow::new(Subject::Offer, Some(until));
            case(Engine::put_off, until(today), until(later))
        }
        Kind::ModeChoice => {
            let choice = |mode| ModeChoice::new(mode, "lo pide la central");
            case(Engine::choose_mode, choice(Some(Mode::WinBack)), choice(None))
        }
        Kind::Absence => case(
            |engine, _, absence| engine.declare_absence(absence),
            Absence::new(today, today),
            Absence::new(today, later),
        ),
        Kind::Segment => {
            let named = |name: &str| Segment::new(name);
            case(|engine, _, segment| engine.save_segment(segment), named("Playa"), named("Puerto"))
        }
        Kind::NoticeRead => {
            let notice = |key: &str| NoticeRead::new(key);
            case(|engine, _, read| engine.mark_notice_read(read), notice("N1"), notice("N2"))
        }
        Kind::LessonDone => {
            let lesson = |key: &str| LessonDone::new(key);
            case(|engine, _, done| engine.mark_lesson_done(done), lesson("L1"), lesson("L2"))
        }
        Kind::Unknown(_) => unreachable!("no kind that this version knows"),
    }
}

fn day(day: i8) -> BusinessDate {
    BusinessDate::from_ymd(2026, 11, day).unwrap()
}

fn order(quantity: &str) -> Purchase {
    purchase(PurchaseSort::Order, quantity)
}

/// A device of Ana's, a client, and the commands that correct a record of a kind on it, wherever such records stand.
struct Desk {
    device: Device,
    client: ClientId,
    kind: Kind,
}

impl Desk {
    fn amend(&self, target: RecordId, body: Body) -> Result<Saved, EngineError> {
        match self.kind.is_personal() {
            true => self.device.engine.amend_own(target, body),
            false => self.device.engine.amend(&self.client, target, body),
        }
    }

    fn void(&self, target: RecordId) -> Result<Saved, EngineError> {
        match self.kind.is_personal() {
            true => self.device.engine.void_own(self.kind, target, VoidReason::Mistake),
            false => self.device.engine.void(&self.client, self.kind, target, VoidReason::Mistake),
        }
    }

    fn listed(&self) -> Vec<Entry> {
        self.device.read(|conn| {
            Ok(match self.kind.is_personal() {
                true => timeline::of_person(conn, &ANA, None, 50)?,
                false => timeline::of_client(conn, &self.client, None, 50)?,
            })
        })
    }

    /// The one record that is shown: where it began, which version, what it says.
    fn shown(&self) -> (RecordId, RecordId, Body) {
        let listed = self.listed();
        let [entry] = &listed[..] else { panic!("{:?}: {listed:?}", self.kind) };
        assert_eq!((entry.kind.as_str(), entry.orphan), (self.kind.letters(), false));
        assert_eq!((entry.standing, entry.author), (Standing::Saved, Some(ANA)));
        (entry.root, entry.id, Record::decode(self.kind, &entry.value).unwrap().body)
    }
}

#[test]
fn every_kind_is_written_read_amended_refused_to_others_voided_and_restored() {
    for (seed, kind) in Kind::ALL.iter().enumerate() {
        let device = Device::new(500 + seed as u64);
        device.is_held_by(ANA);
        let client = device.client("Bar Sol");
        let mut desk = Desk { device, client, kind: *kind };
        let Case { command, said, corrected } = of_kind(*kind);
        assert_eq!(said.kind(), Some(*kind), "the table's arm");

        let saved = command(&desk.device.engine, &client).unwrap();
        assert_eq!(saved.date, day(2));
        desk.device.was_written_by(ANA);
        assert_eq!(desk.shown(), (saved.id, saved.id, said.clone()), "{kind:?} written");
        desk.device.reopen();
        assert_eq!(desk.shown(), (saved.id, saved.id, said.clone()), "{kind:?} read again");

        // The author's to correct, and nobody else's.
        let amended = desk.amend(saved.id, corrected.clone()).unwrap();
        assert_eq!(desk.shown(), (saved.id, amended.id, corrected.clone()), "{kind:?} amended");
        desk.device.is_held_by(LUIS);
        let before = desk.listed();
        for refused in [desk.amend(amended.id, said.clone()), desk.void(saved.id)] {
            let refused = refused.unwrap_err();
            match kind.is_personal() {
                // Luis keeps a document of his own, in which there is no such record.
                true => assert_eq!(refused.code(), "unknown_record", "{kind:?}"),
                false => {
                    let needed = Action::of_correction(*kind, false);
                    assert!(matches!(refused, EngineError::Forbidden(action) if action == needed), "{kind:?}")
                }
            }
        }
        assert_eq!(desk.listed(), before, "{kind:?}: nothing was written");
        desk.device.is_held_by(ANA);

        let void = desk.void(saved.id).unwrap();
        assert_eq!(desk.listed(), [], "{kind:?} voided");
        desk.void(void.id).unwrap();
        assert_eq!(desk.shown(), (saved.id, amended.id, corrected.clone()), "{kind:?} restored");
        desk.device.reopen();
        assert_eq!(desk.shown(), (saved.id, amended.id, corrected), "{kind:?} restored for good");
    }
}

#[test]
fn every_kind_stands_in_its_own_sort_of_document() {
    let device = Device::new(600);
    device.is_held_by(ANA);
    let client = device.client("Bar Sol");
    let own = ClientId::from_bytes(*ANA.as_bytes());
    device.engine.declare_absence(Absence::new(day(2), day(3))).unwrap();
    for kind in Kind::ALL {
        let elsewhere = if kind.is_personal() { client } else { own };
        let misplaced = device.engine.record(&elsewhere, of_kind(*kind).said).unwrap_err();
        assert_eq!(misplaced.code(), "misplaced", "{kind:?}");
    }
    assert_eq!(device.timeline(&client), []);
    assert_eq!(device.read(|conn| Ok(timeline::of_person(conn, &ANA, None, 9)?)).len(), 1);
}

#[test]
fn what_is_said_once_stands_once_and_a_device_without_a_person_keeps_nothing_of_one() {
    let device = Device::new(601);
    let read = || device.engine.mark_notice_read(NoticeRead::new("N1"));
    assert_eq!(read().unwrap_err().code(), "not_enrolled");
    device.is_held_by(ANA);
    let first = read().unwrap();
    device.env.advance(86_400_000);
    assert_eq!(read().unwrap(), first);
    device.engine.mark_notice_read(NoticeRead::new("N2")).unwrap();
    let notices = device.read(|conn| Ok(cartera_core::query::own::records(conn, &ANA, Kind::NoticeRead)?));
    let said: Vec<_> = notices.into_iter().map(|kept| kept.body).collect();
    assert_eq!(said, [NoticeRead::new("N1").into(), NoticeRead::new("N2").into()]);
    assert_eq!(device.names(), Vec::<String>::new(), "a person is no client");
}

#[test]
fn a_draft_is_saved_once_whenever_it_is_saved_again_and_under_one_client() {
    let device = Device::new(602);
    let (bar, shop) = (device.client("Bar"), device.client("Tienda"));
    let id = device.engine.new_record_id();
    let first = device.engine.place_order(&bar, id, order("3")).unwrap();
    device.env.advance(3 * 86_400_000);
    assert_eq!(device.engine.place_order(&bar, id, order("3")).unwrap(), first, "as it was saved, days ago");
    assert_eq!(device.timeline(&bar).len(), 1);
    for (client, order) in [(bar, order("4")), (shop, order("3"))] {
        assert_eq!(device.engine.place_order(&client, id, order).unwrap_err().code(), "record_exists");
    }
    assert_eq!(device.timeline(&shop), []);
}
