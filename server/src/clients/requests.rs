//! What reps ask the office to change, since the field is the ERP's: granted, or declined with a word why. The answer
//! stands in the client's document, where whoever asked reads it.

use cartera_core::env::random_bytes;
use cartera_core::model::access::Action;
use cartera_core::model::limits::SENTENCE_CHARS_MAX;
use cartera_core::model::record::RequestDecision;
use cartera_core::model::{ClientId, RecordId};

use super::deed;
use crate::app::App;
use crate::audit::Actor;
use crate::people::access::By;
use crate::refused::{self, Refused};
use crate::storage::clients::{Answered, Decided, Requested};

/// Requests in one answer.
pub const REQUESTS_MAX: usize = 1_000;

/// What nobody has answered yet, after a number of the log, in order.
pub fn open(app: &App, by: By, after: u64, limit: usize) -> Result<Vec<Requested>, Refused> {
    by.require(Action::DecideChangeRequest)?;
    Ok(app.storage.change_requests(after, limit.clamp(1, REQUESTS_MAX))?)
}

/// Answers a request, as whoever asks; the entry's number. Where it is granted, the field says from then on what was
/// asked for: whoever grants it sees to it that the ERP says so too, since its next import is what counts there.
pub fn answer(
    app: &App,
    by: By,
    client: ClientId,
    request: RecordId,
    decision: RequestDecision,
    answer: Option<&str>,
) -> Result<u64, Refused> {
    by.require(Action::DecideChangeRequest)?;
    let Actor::Person(person) = by.actor else {
        return Err(Refused::Forbidden(Action::DecideChangeRequest));
    };
    let answer = answer.map(|answer| refused::name("answer", answer, SENTENCE_CHARS_MAX)).transpose()?;
    let answer = answer.as_deref();
    let (env, at_ms) = (app.env.as_ref(), app.env.now_ms());
    let record = RecordId::new(env);
    let new_actor = random_bytes(env);
    let decided = Decided { client, request, decision, answer, by: person, at_ms, record, new_actor };
    let detail = format!("{request} {}", decision.as_str());
    match app.storage.answer_request(decided, &deed(by, at_ms, "client.request_answered", client, detail))? {
        Answered::Done(number) => Ok(number),
        Answered::Unknown => Err(Refused::unknown("request", request)),
        Answered::Already => Err(Refused::Conflict("it was answered or taken back meanwhile".into())),
    }
}
