//! What simulated people do with their phones: commands through the engine's public face, noted in the ledger when they
//! return Ok.

use cartera_core::document::{FieldKey, FieldValue};
use cartera_core::engine::{ClientEdit, Engine, EngineError, NewClient};
use cartera_core::model::profile::{ContactField, Key, Value};
use cartera_core::model::record::{
    Absence, Body, ClientClosed, DataConfirmed, Kind, Line, LossReason, NextStep, Note, NoticeRead, Outcome,
    Purchase, PurchaseSort, Segment, Task, Visit, VoidReason,
};
use cartera_core::model::{BusinessDate, ClientId, Currency, Decimal, DocumentId, PartId, RecordId};
use cartera_core::query::clients;
use cartera_core::store::StoreError;

use super::ledger::Deed;
use super::phone::{Attempt, Phone, Standing};
use super::world::World;

/// What a texts of the ledger has and no other: so the oracle knows it wherever it turns up.
const MARK: char = '·';

/// Something that a person does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    Visit,
    Order,
    Note,
    Task,
    Confirm,
    Create,
    /// A field that everybody edits.
    EditShared,
    /// One of the fields that only few edit.
    EditField,
    EditPhone,
    Tag,
    Untag,
    AddContact,
    RemoveContact,
    Amend,
    Void,
    Close,
    /// Correct a colleague's record, which a rep may not.
    Meddle,
    /// Something about no client, in the person's own document.
    Keep,
}

impl Job {
    pub const EVERYDAY: &'static [(u32, Self)] = &[
        (24, Self::Visit),
        (10, Self::Order),
        (8, Self::Note),
        (4, Self::Task),
        (2, Self::Confirm),
        (5, Self::Create),
        (8, Self::EditShared),
        (8, Self::EditField),
        (3, Self::EditPhone),
        (5, Self::Tag),
        (3, Self::Untag),
        (3, Self::AddContact),
        (2, Self::RemoveContact),
        (5, Self::Amend),
        (4, Self::Void),
        (1, Self::Close),
        (2, Self::Meddle),
    ];
    pub const OWN: &'static [(u32, Self)] =
        &[(8, Self::Keep), (3, Self::Visit), (1, Self::Create), (1, Self::EditShared)];
    pub const ORDERS: &'static [(u32, Self)] =
        &[(8, Self::Order), (3, Self::Visit), (2, Self::Create), (1, Self::Amend), (1, Self::EditField)];
    pub const VISITS: &'static [(u32, Self)] = &[(3, Self::Visit), (1, Self::Order)];
    pub const EDITS: &'static [(u32, Self)] = &[
        (5, Self::EditShared),
        (3, Self::EditField),
        (2, Self::EditPhone),
        (2, Self::Tag),
        (2, Self::Untag),
        (1, Self::AddContact),
        (1, Self::RemoveContact),
        (2, Self::Visit),
    ];
}

impl World {
    /// A person does something, as the plan says.
    pub fn work(&self, phone: &Phone) {
        if let Some(job) = self.dice.weighted(self.plan().jobs) {
            self.do_job(phone, job);
        }
    }

    pub fn do_job(&self, phone: &Phone, job: Job) {
        if job == Job::Keep {
            return self.keep(phone);
        }
        let here = clients_of(&phone.engine());
        match self.dice.pick(&here) {
            Some(client) if job != Job::Create => self.do_to(phone, client, job),
            _ => {
                self.create(phone);
            }
        }
    }

    /// One job for one client.
    pub fn do_to(&self, phone: &Phone, client: &ClientId, job: Job) {
        match job {
            Job::Create | Job::Keep => {}
            Job::Visit => {
                let outcomes = [Outcome::Order, Outcome::Shut, Outcome::BuyerAway, Outcome::Attended];
                let mut visit = Visit::done(*self.dice.pick(&outcomes).unwrap_or(&Outcome::Order));
                if self.dice.chance(40) {
                    visit.notes = Some(self.text("visita"));
                }
                if self.dice.chance(20) {
                    visit.next = Some(NextStep::new(self.text("llamar"), BusinessDate::from_days(20_800)));
                }
                self.record(phone, client, visit.into());
            }
            Job::Order => self.order(phone, client),
            Job::Note => self.record(phone, client, Note::new(self.text("nota")).into()),
            Job::Task => self.record(phone, client, Task::open(self.text("tarea")).into()),
            Job::Confirm => self.record(phone, client, DataConfirmed::all().into()),
            Job::Close => self.record(phone, client, ClientClosed::new(LossReason::Price).into()),
            Job::EditShared => self.put(phone, client, "name"),
            Job::EditField => {
                let field = *self
                    .dice
                    .pick(&["legal_name", "sector", "warning", "payment_terms"])
                    .unwrap_or(&"sector");
                self.put(phone, client, field);
            }
            Job::EditPhone => self.put(phone, client, "pref/llamar"),
            Job::Tag => self.put(phone, client, &format!("tag/{}", self.tag())),
            Job::Untag => self.edit(phone, client, vec![(format!("tag/{}", self.tag()), None)]),
            Job::AddContact => {
                let id = PartId::from_bytes(self.bytes());
                let key = |field| Key::Contact(id, field).to_string();
                let fields = vec![
                    (key(ContactField::Name), Some(self.text("persona"))),
                    (key(ContactField::Role), Some(self.text("cargo"))),
                ];
                self.edit(phone, client, fields);
            }
            Job::RemoveContact => self.remove_contact(phone, client),
            Job::Amend | Job::Void => self.correct(phone, job, true),
            Job::Meddle => self.correct(phone, Job::Amend, false),
        }
    }

    pub fn visit(&self, phone: &Phone, client: &ClientId) {
        self.do_to(phone, client, Job::Visit);
    }

    /// A client that nobody knew; `None` if the process died of it.
    pub fn create(&self, phone: &Phone) -> Option<ClientId> {
        let name = self.text("bar");
        let mut deeds = vec![Deed::Created, Deed::Put { key: "name".into(), text: name.clone() }];
        let mut fields = vec![edit("name", Some(name))];
        if self.dice.chance(50) {
            let sector = self.text("sector");
            deeds.push(Deed::Put { key: "sector".into(), text: sector.clone() });
            fields.push(edit("sector", Some(sector)));
        }
        // Now and then one that belongs to somebody else's territory.
        let territory =
            if self.dice.chance(15) { self.dice.pick(&self.territories()).copied() } else { None };
        let made = phone.run(|engine| engine.create_client(NewClient { fields, territory }));
        let Attempt::Done(Ok(id)) = made else {
            self.check(phone, "create", made.map(|_| ()));
            return None;
        };
        self.saved(phone, id.into(), deeds, "creates");
        Some(id)
    }

    pub fn record(&self, phone: &Phone, client: &ClientId, body: Body) {
        let kind = body.kind().map(|kind| kind.letters().to_owned()).unwrap_or_default();
        let made = phone.run(|engine| engine.record(client, body));
        if let Attempt::Done(Ok(saved)) = &made {
            self.saved(phone, (*client).into(), vec![Deed::Record(kind, saved.id)], "logs");
        }
        self.check(phone, "record", made.map(|_| ()));
    }

    fn order(&self, phone: &Phone, client: &ClientId) {
        let eur: Currency = "EUR".parse().unwrap();
        let mut order = Purchase::new(PurchaseSort::Order, eur);
        for _ in 0..=self.dice.below(3) {
            let article = format!("A{:03}", self.dice.below(20));
            let mut line = Line::new(article, Decimal::new(self.dice.between(1, 24), 0).unwrap(), "ud");
            line.price = Decimal::new(self.dice.between(50, 9_000), 2).ok();
            order.lines.push(line);
        }
        order.compute_amounts().unwrap();
        let id = phone.run(|engine| engine.new_record_id());
        let Attempt::Done(id) = id else { return };
        // A thumb that taps twice saves once.
        for _ in 0..=usize::from(self.dice.chance(20)) {
            let order = order.clone();
            let made = phone.run(|engine| engine.place_order(client, id, order));
            if let Attempt::Done(Ok(saved)) = &made {
                self.saved(phone, (*client).into(), vec![Deed::Record("p".into(), saved.id)], "orders");
            }
            if self.check(phone, "order", made.map(|_| ())) != Some(true) {
                return;
            }
        }
    }

    pub fn put(&self, phone: &Phone, client: &ClientId, key: &str) {
        let text = self.text(key.rsplit('/').next().unwrap_or(key));
        self.edit(phone, client, vec![(key.to_owned(), Some(text))]);
    }

    fn edit(&self, phone: &Phone, client: &ClientId, fields: Vec<(String, Option<String>)>) {
        let mut deeds = Vec::new();
        for (key, text) in &fields {
            deeds.extend(text.as_ref().map(|text| Deed::Put { key: key.clone(), text: text.clone() }));
            for text in live_texts(&phone.engine(), client, key) {
                // Values that others have too cannot be told apart afterwards.
                if text.contains(MARK) {
                    deeds.push(Deed::Ended { key: key.clone(), text });
                }
            }
        }
        let fields_written = fields.clone();
        let edits = fields.into_iter().map(|(key, text)| edit(&key, text)).collect();
        let made = phone.run(|engine| engine.edit_client(client, edits));
        if let Attempt::Done(Ok(asked)) = &made {
            // What the ERP owns is asked for, in a record, and stands as it was.
            if !asked.is_empty() {
                let stands = |key: &String| {
                    fields_written.iter().any(|(written, text)| {
                        written == key
                            && text
                                .as_ref()
                                .is_none_or(|text| live_texts(&phone.engine(), client, key).contains(text))
                    })
                };
                deeds.retain(|deed| match deed {
                    Deed::Put { key, .. } | Deed::Ended { key, .. } => stands(key),
                    _ => true,
                });
            }
            deeds.extend(asked.iter().map(|saved| Deed::Record("r".into(), saved.id)));
            self.saved(phone, (*client).into(), deeds, "edits");
        }
        self.check(phone, "edit", made.map(|_| ()));
    }

    fn remove_contact(&self, phone: &Phone, client: &ClientId) {
        let contacts = keys_like(&phone.engine(), client, "contact/%/name");
        let Some(key) = self.dice.pick(&contacts) else { return };
        let removed = key.replace("/name", "/removed");
        let edits = vec![ClientEdit {
            key: FieldKey::new(&removed).unwrap(),
            value: Some(Value::Bool(true).to_scalar()),
        }];
        let made = phone.run(|engine| engine.edit_client(client, edits));
        if matches!(made, Attempt::Done(Ok(_))) {
            self.saved(phone, (*client).into(), Vec::new(), "removes a contact of");
        }
        self.check(phone, "edit", made.map(|_| ()));
    }

    /// Something for the person alone: an absence, a segment, a notice read; or one of these said anew or taken back.
    fn keep(&self, phone: &Phone) {
        let person = phone.person.into();
        let from = 20_720 + self.dice.below(60) as i32;
        let days = |count| {
            let day = |day| BusinessDate::from_days(day).unwrap();
            Absence::new(day(from), day(from + count))
        };
        let earlier: Vec<(Kind, RecordId)> = {
            let books = self.ledger.books();
            let own = books.commands.iter().filter(|command| command.document == person);
            let records = own.flat_map(|command| &command.deeds).filter_map(|deed| match deed {
                Deed::Record(kind, id) => Some((Kind::parse(kind)?, *id)),
                _ => None,
            });
            records.filter(|(kind, _)| *kind == Kind::Absence).collect()
        };
        let earlier =
            self.dice.pick(&earlier).filter(|(kind, id)| has_record(&phone.engine(), kind.letters(), id));
        let (kind, made) = match (self.dice.below(6), earlier) {
            (0 | 1, Some((kind, id))) => (*kind, phone.run(|engine| engine.amend_own(*id, days(4).into()))),
            (2, Some((kind, id))) => {
                (*kind, phone.run(|engine| engine.void_own(*kind, *id, VoidReason::Mistake)))
            }
            (3, _) => {
                let segment = Segment::new(self.text("segmento"));
                (Kind::Segment, phone.run(|engine| engine.save_segment(segment)))
            }
            (4, _) => {
                let notice = NoticeRead::new(format!("N{}", self.dice.below(6)));
                (Kind::NoticeRead, phone.run(|engine| engine.mark_notice_read(notice)))
            }
            _ => (Kind::Absence, phone.run(|engine| engine.declare_absence(days(2)))),
        };
        if let Attempt::Done(Ok(saved)) = &made {
            self.saved(phone, person, vec![Deed::Record(kind.letters().to_owned(), saved.id)], "keeps");
        }
        self.check(phone, "keep", made.map(|_| ()));
    }

    /// Amends or voids a record that is here: of one's own, or a colleague's.
    fn correct(&self, phone: &Phone, job: Job, own: bool) {
        let (client, kind, id) = {
            let books = self.ledger.books();
            let mut found = Vec::new();
            for command in &books.commands {
                let is_own = self.phone(command.phone).person == phone.person;
                for deed in &command.deeds {
                    if let Deed::Record(kind, id) = deed
                        && is_own == own
                        && matches!(kind.as_str(), "v" | "n")
                    {
                        found.push((ClientId::from_bytes(*command.document.as_bytes()), kind.clone(), *id));
                    }
                }
            }
            // Rather a late one: those before are corrected already.
            let late = found.len().saturating_sub(12);
            let Some(one) = self.dice.pick(&found[late..]).cloned() else { return };
            one
        };
        if !has_record(&phone.engine(), &kind, &id) {
            return;
        }
        let made = phone.run(|engine| match job {
            Job::Void => engine.void(&client, Kind::parse(&kind).unwrap(), id, VoidReason::Mistake),
            _ if kind == "v" => engine.amend(&client, id, Visit::done(Outcome::NoOrder).into()),
            _ => engine.amend(&client, id, Note::new(self.text("nota")).into()),
        });
        if let Attempt::Done(Ok(saved)) = &made {
            let may = own || !phone.is_rep || phone.standing() == Standing::Hostile;
            assert!(may, "{} corrected a colleague's record", phone.name);
            self.saved(phone, client.into(), vec![Deed::Record(kind, saved.id)], "corrects a record of");
        }
        self.check(phone, "correct", made.map(|_| ()));
    }

    fn saved(&self, phone: &Phone, document: DocumentId, deeds: Vec<Deed>, what: &str) {
        self.tell(|| format!("{} {what} {document}: {deeds:?}", phone.name));
        self.ledger.saved(phone.place, self.now_ms(), document, deeds);
    }

    /// Whether it was done; `None` if the process died. What a person may be told is noted, what would be a defect ends
    /// the run.
    fn check(&self, phone: &Phone, what: &str, made: Attempt<Result<(), EngineError>>) -> Option<bool> {
        match made {
            Attempt::Done(Ok(())) => Some(true),
            Attempt::Done(Err(error)) => {
                let expected = matches!(
                    error.code(),
                    "unknown_client" | "unknown_record" | "document_not_begun" | "not_enrolled" | "forbidden"
                );
                assert!(expected, "{} could not {what}: {error}", phone.name);
                self.tell(|| format!("{} could not {what}: {error}", phone.name));
                self.ledger.declined(error.code());
                Some(false)
            }
            Attempt::Died | Attempt::Busy => {
                self.tell(|| format!("{}'s process died as it was to {what}", phone.name));
                None
            }
        }
    }

    /// A text that nobody else writes.
    pub fn text(&self, what: &str) -> String {
        format!("{what}{MARK}{:08x}", self.dice.number() as u32)
    }

    fn tag(&self) -> String {
        format!("t{}", self.dice.below(4))
    }

    fn bytes(&self) -> [u8; 16] {
        (u128::from(self.dice.number()) << 64 | u128::from(self.dice.number())).to_be_bytes()
    }
}

impl<T> Attempt<Result<T, EngineError>> {
    fn map<U>(self, with: impl FnOnce(T) -> U) -> Attempt<Result<U, EngineError>> {
        match self {
            Self::Done(result) => Attempt::Done(result.map(with)),
            Self::Died => Attempt::Died,
            Self::Busy => Attempt::Busy,
        }
    }
}

fn edit(key: &str, text: Option<String>) -> ClientEdit {
    ClientEdit { key: FieldKey::new(key).unwrap(), value: text.map(FieldValue::Text) }
}

/// The portfolio as the phone's list shows it.
pub fn clients_of(engine: &Engine) -> Vec<ClientId> {
    let rows = engine.store().read::<_, StoreError>(|conn| Ok(clients::list(conn, None, 500)?)).unwrap();
    rows.into_iter().map(|row| row.id).collect()
}

fn live_texts(engine: &Engine, client: &ClientId, key: &str) -> Vec<String> {
    use cartera_core::document::Facts;
    use cartera_core::rows::{Document, SqlFacts};
    let ops = engine.store().read::<_, StoreError>(|conn| {
        let Some(document) = Document::find(conn, &(*client).into())? else { return Ok(Vec::new()) };
        Ok(SqlFacts::new(conn, &document).field_ops(&FieldKey::new(key).unwrap())?)
    });
    let texts = ops.unwrap().into_iter().filter_map(|op| match op.value {
        FieldValue::Text(text) => Some(text),
        _ => None,
    });
    texts.collect()
}

fn keys_like(engine: &Engine, client: &ClientId, pattern: &str) -> Vec<String> {
    let sql = "SELECT DISTINCT f.key FROM fields f JOIN documents d ON d.doc = f.doc
               WHERE d.id = ?1 AND f.live = 1 AND f.key LIKE ?2 ORDER BY f.key";
    let keys = engine.store().read::<_, StoreError>(|conn| {
        let mut statement = conn.prepare_cached(sql)?;
        let keys = statement.query_map((client, pattern), |row| row.get(0))?;
        Ok(keys.collect::<rusqlite::Result<_>>()?)
    });
    keys.unwrap()
}

fn has_record(engine: &Engine, kind: &str, id: &RecordId) -> bool {
    let sql = "SELECT 1 FROM records WHERE kind = ?1 AND id = ?2";
    engine.store().read::<_, StoreError>(|conn| Ok(conn.prepare_cached(sql)?.exists((kind, id))?)).unwrap()
}
