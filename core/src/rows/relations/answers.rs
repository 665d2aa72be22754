//! What clients answered.

use super::Reader;
use crate::model::record::{Body, Kind, SurveyAnswer};
use crate::model::{BusinessDate, ClientId};
use crate::rows::Result;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    pub client: ClientId,
    pub date: BusinessDate,
    pub said: SurveyAnswer,
}

/// By date; of one day, the later one in a document's own order last.
pub(super) fn read(reader: &Reader<'_>) -> Result<Vec<Answered>> {
    let mut found = Vec::new();
    reader.records(Kind::SurveyAnswer, &mut |client, date, _, body| {
        if let Body::SurveyAnswer(said) = body {
            found.push(Answered { client, date, said });
        }
        Ok(())
    })?;
    Ok(found)
}
