//! What a record says, in a line or two.

use cartera_core::model::record::{Body, Kind, NextStep, Purchase, Record, Visit};
use cartera_core::query::timeline::Entry;

use crate::console::words::Words;

/// An entry of the story.
pub(super) struct Told {
    pub(super) title: String,
    /// Codes in words, such as outcome and reason.
    pub(super) facts: Vec<String>,
    /// What somebody wrote.
    pub(super) text: Option<String>,
}

/// By its bytes; what cannot be read is named as what it is.
pub(super) fn told(words: Words, entry: &Entry) -> Told {
    let kind = Kind::parse(&entry.kind);
    let title = kind.map_or_else(|| words.say("kind-unknown"), |kind| words.say(kind.text_id()));
    let body = kind.and_then(|kind| Record::decode(kind, &entry.value).ok()).map(|record| record.body);
    let mut told = Told { title, facts: Vec::new(), text: None };
    if let Some(body) = body {
        told.take(words, body);
    }
    told
}

impl Told {
    fn take(&mut self, words: Words, body: Body) {
        let code = |id: &str| words.say(id);
        match body {
            Body::Visit(visit) => self.visit(words, visit),
            Body::Purchase(purchase) => self.purchase(words, purchase),
            Body::Contact(contact) => {
                self.facts.push(code(contact.channel.text_id()));
                self.facts.push(code(contact.direction.text_id()));
                self.facts.extend(contact.outcome.map(|of| code(of.text_id())));
                self.facts.extend(contact.no_order.map(|of| code(of.text_id())));
                self.next(words, contact.next);
                self.text = contact.notes;
            }
            Body::Note(note) => self.text = Some(note.text),
            Body::Task(task) => {
                self.facts.push(code(task.state.text_id()));
                self.facts.extend(task.due_on.map(|day| words.day(day)));
                self.text = task.what.or(task.note);
            }
            Body::SurveyAnswer(answer) => {
                self.facts.push(code(answer.survey.text_id()));
                let scores: Vec<String> = answer.answers.iter().map(|of| of.score.to_string()).collect();
                self.facts.push(scores.join(", "));
                self.text = answer.comment;
            }
            Body::ClientClosed(closed) => {
                self.facts.push(code(closed.reason.text_id()));
                self.facts.extend(closed.competitor);
                self.text = closed.note;
            }
            Body::Agreement(agreement) => {
                self.facts.push(words.day(agreement.from));
                self.facts.extend(agreement.until.map(|day| words.day(day)));
                self.text = Some(agreement.title);
            }
            Body::Consent(consent) => {
                self.facts.push(code(consent.decision.text_id()));
                self.facts.extend(consent.channel.map(|of| code(of.text_id())));
                self.facts.extend(consent.basis.map(|of| code(of.text_id())));
                self.text = consent.note;
            }
            Body::MergeProposal(proposal) => {
                self.facts.extend(proposal.likeness.iter().map(|of| code(of.text_id())));
                self.text = proposal.note;
            }
            Body::ChangeRequest(request) => {
                self.facts.push(request.field);
                self.facts.extend(request.decision.map(|of| code(of.text_id())));
                self.text = request.answer.or(request.reason);
            }
            Body::NotNow(not_now) => {
                self.facts.push(code(not_now.subject.text_id()));
                self.facts.extend(not_now.reason.map(|of| code(of.text_id())));
                self.facts.extend(not_now.until.map(|day| words.day(day)));
                self.text = not_now.note;
            }
            Body::ModeChoice(choice) => {
                self.facts.extend(choice.mode.map(|of| code(of.text_id())));
                self.text = Some(choice.reason);
            }
            Body::DataConfirmed(confirmed) => {
                self.facts.extend(confirmed.channel.map(|of| code(of.text_id())));
            }
            Body::Void(void) => self.facts.extend(void.reason.map(|of| code(of.text_id()))),
            // A person's own documents hold these, a client's does not.
            Body::Absence(_) | Body::Segment(_) | Body::NoticeRead(_) | Body::LessonDone(_) => {}
            Body::Unread(_) => self.title = words.say("kind-unknown"),
        }
    }

    fn visit(&mut self, words: Words, visit: Visit) {
        self.facts.push(words.say(visit.state.text_id()));
        self.facts.extend(visit.outcome.map(|of| words.say(of.text_id())));
        self.facts.extend(visit.no_order.map(|of| words.say(of.text_id())));
        self.facts.extend(visit.purpose.map(|of| words.say(of.text_id())));
        self.facts.extend(visit.due_on.map(|day| words.day(day)));
        self.next(words, visit.next);
        self.text = visit.notes.or(visit.offered);
    }

    fn next(&mut self, words: Words, next: Option<NextStep>) {
        let Some(next) = next else { return };
        let day = next.on.map(|day| format!(", {}", words.day(day))).unwrap_or_default();
        self.facts.push(format!("{}: {}{day}", words.say("word-next_step"), next.what));
    }

    fn purchase(&mut self, words: Words, purchase: Purchase) {
        self.title = words.say(purchase.sort.text_id());
        self.facts.push(words.money(purchase.totals.net as f64, purchase.currency));
        self.facts.push(words.count("app-order-lines", purchase.lines.len() as u64));
        let named = purchase.lines.iter().map(|line| line.description.as_ref().unwrap_or(&line.article));
        self.facts.extend(named.take(3).cloned());
        self.text = purchase.notes;
    }
}
