//! A phone made of the wire types and `document` alone: what another implementation would have to do.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use cartera_core::document::admit::{Outcome, causality, inspect};
use cartera_core::document::{
    ActorId, Change, ChangeHash, Facts, FieldKey, FieldValue, MemoryFacts, RecordKey, append, edit, snapshot,
};
use cartera_core::env::random_bytes;
use cartera_core::model::{ClientId, DocumentId, RecordId, TerritoryId};
use cartera_core::sync::digest::{DocumentTerm, Sum, office_name, office_term};
use cartera_core::sync::wire::{
    ActorBytes, ActorReason, CatchUp, Cursor, EntryBody, FetchItem, FetchRequest, NewActor, OfficeRecord,
    PageDocument, PushedChange, Scope, StillToFetch, SyncReply, SyncRequest, Verdict,
};

use crate::app::App;
use crate::devices::Device;
use crate::people::Person;
use crate::sync::{SyncError, bootstrap, sync};
use crate::testing::{NOW_MS, Relay};

/// A document as the phone has it.
#[derive(Clone)]
pub(crate) struct Doc {
    pub facts: MemoryFacts,
    pub generation: u32,
    pub territory: Option<TerritoryId>,
    pub alias_of: Option<ClientId>,
    /// What is in `facts`, in the order in which it came.
    changes: Vec<Change>,
    /// Changes with a good verdict.
    pub acked: HashSet<ChangeHash>,
    /// Entries up to this one are in it.
    pub number: u64,
}

#[derive(Clone)]
pub(crate) struct Phone {
    pub device: Device,
    pub person: Person,
    pub actor: ActorId,
    actor_known: bool,
    pub docs: BTreeMap<DocumentId, Doc>,
    pub office: BTreeMap<(String, String, String), OfficeRecord>,
    pub outbox: Vec<(PushedChange, Change)>,
    pub purged: BTreeSet<ClientId>,
    pub cursor: Option<Cursor>,
    pub scope: Scope,
    pub to_fetch: Vec<StillToFetch>,
    pub want_bytes: Option<u32>,
    /// Entries and items received.
    pub received: usize,
    /// Verdicts that were refusals.
    pub refused: usize,
    /// What happened, for whoever looks into a failure.
    pub trace: Vec<String>,
}

impl Doc {
    fn new(id: DocumentId, generation: u32, territory: Option<TerritoryId>) -> Self {
        Self {
            facts: MemoryFacts::new(id),
            generation,
            territory,
            alias_of: None,
            changes: Vec::new(),
            acked: HashSet::new(),
            number: 0,
        }
    }

    fn apply(&mut self, change: &Change) {
        self.facts.apply(change);
        self.changes.push(change.clone());
    }

    /// As it would be without what has no good verdict.
    fn without_unsent(&self) -> Self {
        let mut doc =
            Self { facts: MemoryFacts::new(self.facts.document()), changes: Vec::new(), ..self.clone() };
        self.changes.iter().filter(|change| self.acked.contains(&change.hash)).for_each(|c| doc.apply(c));
        doc
    }
}

/// CBOR of a record with a text; `relation` is key 5 (amends) or 6 (voids).
pub(crate) fn record(text: &str, relation: Option<(u8, RecordId)>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut e = minicbor::Encoder::new(&mut bytes);
    e.map(6 + u64::from(relation.is_some())).unwrap();
    e.u8(0).unwrap().u8(1).unwrap();
    e.u8(1).unwrap().i64(NOW_MS).unwrap();
    e.u8(2).unwrap().i32(20_717).unwrap();
    e.u8(3).unwrap().str("Europe/Madrid").unwrap();
    e.u8(4).unwrap().u8(0).unwrap();
    if let Some((key, target)) = relation {
        e.u8(key).unwrap().bytes(target.as_bytes()).unwrap();
    }
    e.u8(8).unwrap().str(text).unwrap();
    bytes
}

impl Phone {
    pub(crate) fn new(relay: &Relay, person: &Person) -> Self {
        relay.phone(person);
        let known = |phone: &Device| phone.person == person.id;
        let device = relay.app.storage.devices(None).unwrap().into_iter().rfind(known).unwrap();
        let actor = ActorId::from(random_bytes::<16>(relay.env.as_ref()));
        Self {
            device,
            person: person.clone(),
            actor,
            actor_known: false,
            docs: BTreeMap::new(),
            office: BTreeMap::new(),
            outbox: Vec::new(),
            purged: BTreeSet::new(),
            cursor: None,
            scope: Scope::default(),
            to_fetch: Vec::new(),
            want_bytes: None,
            received: 0,
            refused: 0,
            trace: Vec::new(),
        }
    }

    /// A new client of a territory; its first change and its name wait in the outbox.
    pub(crate) fn create(&mut self, relay: &Relay, territory: Option<TerritoryId>) -> ClientId {
        let client = ClientId::new(relay.env.as_ref());
        self.create_document(client.into(), territory);
        self.set(client, "name", "Bar Núñez");
        client
    }

    pub(crate) fn create_document(&mut self, id: DocumentId, territory: Option<TerritoryId>) {
        let change = append::create(&self.actor, id, NOW_MS).unwrap();
        self.docs.insert(id, Doc::new(id, 0, territory));
        self.write(id, change, territory);
    }

    /// A visit; its id.
    pub(crate) fn visit(&mut self, relay: &Relay, client: ClientId, text: &str) -> RecordId {
        self.put_record(relay, client.into(), "v", record(text, None))
    }

    pub(crate) fn put_record(
        &mut self,
        relay: &Relay,
        document: DocumentId,
        kind: &str,
        bytes: Vec<u8>,
    ) -> RecordId {
        self.put_records(relay, document, kind, vec![bytes])[0]
    }

    /// All of them in one change.
    pub(crate) fn put_records(
        &mut self,
        relay: &Relay,
        document: DocumentId,
        kind: &str,
        records: Vec<Vec<u8>>,
    ) -> Vec<RecordId> {
        let ids: Vec<_> = records.iter().map(|_| RecordId::new(relay.env.as_ref())).collect();
        let keys = ids.iter().map(|id| RecordKey::new(kind, *id).unwrap());
        let facts = &self.docs[&document].facts;
        let change = append::records(&self.actor, facts, keys.zip(records).collect(), NOW_MS).unwrap();
        self.write(document, change, None);
        ids
    }

    pub(crate) fn set(&mut self, client: ClientId, key: &str, value: &str) {
        let id = DocumentId::from(client);
        let edits = vec![(FieldKey::new(key).unwrap(), Some(FieldValue::Text(value.into())))];
        if let Some(change) = edit::fields(&self.actor, &self.docs[&id].facts, edits, NOW_MS).unwrap() {
            self.write(id, change, None);
        }
    }

    fn write(&mut self, id: DocumentId, change: Change, territory: Option<TerritoryId>) {
        let doc = self.docs.get_mut(&id).unwrap();
        doc.apply(&change);
        let pushed = PushedChange {
            document: id,
            generation: doc.generation,
            bytes: change.bytes.clone().into(),
            territory,
            receipt: None,
            offered: false,
        };
        self.outbox.push((pushed, change));
    }

    pub(crate) fn request(&self) -> SyncRequest {
        let actor = NewActor {
            actor: ActorBytes::from_slice(self.actor.to_bytes()).unwrap(),
            reason: ActorReason::Installation,
        };
        SyncRequest {
            cursor: self.cursor.clone(),
            scope_version: self.scope.version,
            actors: if self.actor_known { Vec::new() } else { vec![actor] }.into(),
            purged: self.purged.iter().copied().collect(),
            push: self.outbox.iter().map(|(pushed, _)| pushed.clone()).collect(),
            want_bytes: self.want_bytes,
            fetching: !self.to_fetch.is_empty(),
            ..SyncRequest::default()
        }
    }

    /// A request that only names the phone's actor.
    pub(crate) fn request_with_actor(&self) -> SyncRequest {
        let mut phone = self.clone();
        phone.actor_known = false;
        phone.outbox.clear();
        phone.request()
    }

    /// One request, whose reply arrives.
    pub(crate) fn sync_once(&mut self, app: &App) -> Result<SyncReply, SyncError> {
        let request = self.request();
        let reply = sync(app, &self.device, request.clone())?;
        self.take(&request, reply.clone());
        Ok(reply)
    }

    /// Until there is no more, pages included. The last reply.
    pub(crate) fn sync(&mut self, app: &App) -> SyncReply {
        for _ in 0..1_000 {
            let reply = self.sync_once(app).unwrap();
            let fetched = self.fetch_all(app);
            if !reply.more && !fetched && self.outbox.is_empty() {
                return reply;
            }
        }
        panic!("it does not end");
    }

    pub(crate) fn take(&mut self, request: &SyncRequest, reply: SyncReply) {
        self.actor_known = true;
        self.trace.push(format!(
            "asked with scope {}; scope {:?} gained {:?} more {} verdicts {:?}",
            request.scope_version,
            reply.scope.as_ref().map(|scope| (scope.version, scope.territories.len(), scope.lent.len())),
            reply.catch_up.as_ref().map(|catch_up| (catch_up.fetch.len(), catch_up.replace)),
            reply.more,
            reply.verdicts.iter().map(Verdict::is_good).collect::<Vec<_>>(),
        ));
        assert_eq!(reply.verdicts.len(), request.push.len());
        request.purged.iter().for_each(|client| {
            self.purged.remove(client);
        });
        for (pushed, verdict) in request.push.iter().zip(&reply.verdicts) {
            self.verdict(pushed, verdict);
        }
        if let Some(CatchUp { fetch, replace }) = reply.catch_up {
            if replace {
                self.docs.clear();
                self.office.clear();
            }
            self.to_fetch.extend(fetch);
        }
        for entry in reply.entries {
            self.received += 1;
            self.entry(entry.number, entry.body);
        }
        if let Some(scope) = reply.scope {
            self.see(scope);
        }
        if let Some(cursor) = reply.cursor {
            self.cursor = Some(cursor);
        }
    }

    fn verdict(&mut self, pushed: &PushedChange, verdict: &Verdict) {
        let at = self.outbox.iter().position(|(mine, _)| mine.bytes == pushed.bytes);
        if verdict.is_good()
            && let Some(at) = at
        {
            let (pushed, change) = self.outbox.remove(at);
            if let Some(doc) = self.docs.get_mut(&pushed.document) {
                doc.acked.insert(change.hash);
            }
        }
        if matches!(verdict, Verdict::Refused { .. }) {
            self.refused += 1;
            self.outbox.retain(|(mine, _)| mine.document != pushed.document);
            if let Some(doc) = self.docs.get_mut(&pushed.document) {
                *doc = doc.without_unsent();
                if doc.changes.is_empty() {
                    self.docs.remove(&pushed.document);
                }
            }
        }
    }

    /// A new scope: records about territories that are not in it go. Clients are told one by one.
    fn see(&mut self, scope: Scope) {
        let seen = |id: TerritoryId| scope.all || scope.territories.contains(&id);
        self.office.retain(|_, record| record.territory.is_none_or(seen));
        self.scope = scope;
    }

    fn leave(&mut self, client: ClientId) {
        if self.docs.remove(&client.into()).is_some() {
            self.purged.insert(client);
        }
        self.office.retain(|_, record| record.client != Some(client));
    }

    fn entry(&mut self, number: u64, body: EntryBody) {
        self.trace.push(match &body {
            EntryBody::Change(change) => format!("{number} change of {}", change.document),
            EntryBody::Enter(enter) => {
                format!("{number} enter {} at {}", enter.document.document, enter.document.number)
            }
            EntryBody::Office(record) => format!("{number} office {} {}", &*record.kind, &*record.key),
            other => format!("{number} {other:?}"),
        });
        match body {
            EntryBody::Change(entry) => {
                if let Some(doc) = self.docs.get(&entry.document)
                    && number <= doc.number
                {
                    return;
                }
                let change = inspect(&entry.bytes).unwrap();
                assert!(entry.receipt.is_some());
                self.apply(entry.document, entry.generation, &change);
            }
            EntryBody::Office(record) => self.put_office(record, number),
            EntryBody::Enter(enter) => {
                self.page(&enter.document);
                let client = ClientId::from_bytes(*enter.document.document.as_bytes());
                self.purged.remove(&client);
                self.office.retain(|_, record| record.client != Some(client));
                assert!(!enter.fetch_office);
                enter.office.into_iter().for_each(|record| self.put_office(record, number));
            }
            EntryBody::Leave { client } => self.leave(client),
            EntryBody::Moved { client, territory } => {
                if let Some(doc) = self.docs.get_mut(&client.into()) {
                    doc.territory = territory;
                }
            }
            EntryBody::Merge { absorbed, kept, territory } => {
                if let Some(doc) = self.docs.get_mut(&absorbed.into()) {
                    doc.alias_of = kept;
                    doc.territory = territory;
                }
            }
            EntryBody::Erase { client } => {
                self.leave(client);
                self.purged.remove(&client);
                self.outbox.retain(|(pushed, _)| pushed.document != client.into());
            }
            EntryBody::Refound(_) => panic!("not built yet"),
        }
    }

    fn apply(&mut self, id: DocumentId, generation: u32, change: &Change) {
        let Some(doc) = self.docs.get_mut(&id) else {
            assert!(
                !self.to_fetch.is_empty() || change.deps.is_empty(),
                "a change of a document that is not here"
            );
            if change.deps.is_empty() {
                let mut doc = Doc::new(id, generation, None);
                doc.apply(change);
                doc.acked.insert(change.hash);
                self.docs.insert(id, doc);
            }
            return;
        };
        let Ok(outcome) = causality(change, id, &doc.facts);
        match outcome {
            Outcome::Admit => doc.apply(change),
            Outcome::Duplicate { .. } => {}
            // Begun here, and its page is still to come: that will contain it.
            Outcome::Held { .. } if !self.to_fetch.is_empty() => return,
            other => panic!("{other:?} of {change:?} of {id}, {:?}:\n{:#?}", self.person.name, self.trace),
        }
        doc.acked.insert(change.hash);
        self.outbox.retain(|(_, mine)| mine.hash != change.hash);
    }

    fn page(&mut self, page: &PageDocument) {
        let loaded =
            snapshot::read(&page.snapshot, &page.heads.iter().map(|h| (*h).into()).collect::<Vec<_>>());
        let changes = loaded.unwrap().changes().unwrap();
        assert_eq!(page.receipts.len(), page.heads.len());
        let mut doc = Doc::new(page.document, page.generation, page.territory);
        changes.iter().for_each(|change| doc.apply(change));
        doc.acked = changes.iter().map(|change| change.hash).collect();
        doc.alias_of = page.alias_of;
        doc.number = page.number;
        self.outbox.retain(|(_, mine)| !doc.acked.contains(&mine.hash));
        for (pushed, mine) in &self.outbox {
            if pushed.document == page.document {
                doc.apply(mine);
            }
        }
        self.docs.insert(page.document, doc);
    }

    fn put_office(&mut self, mut record: OfficeRecord, number: u64) {
        let number = record.number.unwrap_or(number);
        record.number = Some(number);
        let key = (record.kind.0.clone(), record.source.0.clone(), record.key.0.clone());
        let later = self.office.get(&key).is_none_or(|kept| kept.number < Some(number));
        if later {
            self.office.insert(key, record);
        }
    }

    /// Fetches what is to be fetched; whether there was anything.
    pub(crate) fn fetch_all(&mut self, app: &App) -> bool {
        let any = !self.to_fetch.is_empty();
        while !self.to_fetch.is_empty() {
            self.fetch_once(app);
        }
        any
    }

    pub(crate) fn fetch_once(&mut self, app: &App) -> usize {
        let still = self.to_fetch[0].clone();
        let request = FetchRequest {
            scope_version: self.scope.version,
            page: Some(still),
            want_bytes: self.want_bytes,
            ..FetchRequest::default()
        };
        let reply = bootstrap::fetch(app, &self.device, &request).unwrap();
        let count = reply.items.len();
        for item in reply.items {
            self.received += 1;
            match item {
                FetchItem::Row(row) => assert!(row.client.is_some()),
                FetchItem::Document(page) => {
                    self.trace.push(format!("page of {} at {}", page.document, page.number));
                    self.page(&page);
                }
                FetchItem::Office(record) => self.put_office(record, 0),
            }
        }
        if reply.next.is_empty() {
            self.to_fetch.remove(0);
        } else {
            self.to_fetch[0].after = reply.next;
        }
        count
    }

    pub(crate) fn acked_heads(doc: &Doc) -> Vec<ChangeHash> {
        let mut heads = doc.acked.clone();
        for hash in &doc.acked {
            let Ok(Some(change)) = doc.facts.change(hash) else { panic!("an acknowledged change is gone") };
            change.deps.iter().for_each(|dep| {
                heads.remove(dep);
            });
        }
        let mut heads: Vec<_> = heads.into_iter().collect();
        heads.sort_unstable();
        heads
    }

    /// The digest of all that it holds acknowledged.
    pub(crate) fn digest(&self) -> Sum {
        let mut sum = Sum::default();
        for (id, doc) in &self.docs {
            let heads = Self::acked_heads(doc);
            if heads.is_empty() {
                continue;
            }
            sum += self.term(id, doc, &heads);
        }
        for ((kind, source, key), record) in &self.office {
            sum += office_term(kind, source, key, record.value.as_deref());
        }
        sum
    }

    /// In what it differs from the relay, for whoever looks into a failure.
    pub(crate) fn differences(&self, app: &App) -> Vec<String> {
        let every: Vec<u8> = (0..=255).collect();
        let theirs = app.storage.bucket_items(self.device.id, &every, &every, usize::MAX).unwrap().unwrap();
        let mut found = self.trace.clone();
        let documents: BTreeMap<_, _> = theirs.documents.into_iter().collect();
        for (id, doc) in &self.docs {
            let heads = Self::acked_heads(doc);
            let place = app.storage.place(*id).unwrap();
            let term = self.term(id, doc, &heads);
            match documents.get(id) {
                None => found.push(format!("{id} is not in scope; here {:?} there {place:?}", doc.territory)),
                Some(print) if *print != term.fingerprint() => found.push(format!(
                    "{id} differs: here {} heads, {:?}, alias {:?}; there {place:?}",
                    heads.len(),
                    doc.territory,
                    doc.alias_of
                )),
                Some(_) => {}
            }
        }
        let missing = documents.keys().filter(|id| !self.docs.contains_key(id));
        found.extend(missing.map(|id| format!("{id} is missing: {:?}", app.storage.place(*id).unwrap())));
        let office: BTreeMap<_, _> = theirs.office.into_iter().collect();
        let mut named = BTreeSet::new();
        for ((kind, source, key), record) in &self.office {
            let name = office_name(kind, source, key);
            named.insert(name);
            let term = office_term(kind, source, key, record.value.as_deref());
            match office.get(&name) {
                None if record.value.is_some() => found.push(format!("{record:?} is not in scope")),
                Some(print) if *print != term.fingerprint() => found.push(format!("{record:?} differs")),
                _ => {}
            }
        }
        let missing = office.keys().filter(|name| !named.contains(name)).count();
        found.push(format!("{missing} office records are missing"));
        found
    }

    fn term(&self, id: &DocumentId, doc: &Doc, heads: &[ChangeHash]) -> Sum {
        let (territory, alias_of) = (doc.territory, doc.alias_of);
        DocumentTerm { document: *id, generation: doc.generation, territory, alias_of, heads }.sum()
    }

    pub(crate) fn has(&self, client: ClientId) -> bool {
        self.docs.contains_key(&client.into())
    }

    pub(crate) fn records(&self, client: ClientId) -> usize {
        self.docs.get(&client.into()).map_or(0, |doc| doc.facts.records().count())
    }

    pub(crate) fn office_values(&self, kind: &str) -> Vec<Vec<u8>> {
        self.office
            .values()
            .filter(|record| &*record.kind == kind)
            .filter_map(|record| record.value.as_ref().map(|value| value.to_vec()))
            .collect()
    }
}
