//! How tasks read: that one was done is a record of its own.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::Result;
use crate::model::record::{Body, Kind, Record, Task, TaskState};
use crate::model::{BusinessDate, RecordId};

/// A task as it reads now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskNow {
    /// The row that is shown of the record that begins it.
    pub(super) record: i64,
    /// The record that begins it.
    pub root: RecordId,
    /// As it was begun, or amended.
    pub task: Task,
    /// What the latest record about it says, in the document's own order.
    pub state: TaskState,
    pub due_on: Option<BusinessDate>,
    pub due_minute: Option<u32>,
}

/// The tasks of a document, in the order in which they began.
pub fn of_document(conn: &Connection, doc: i64) -> Result<Vec<TaskNow>> {
    let sql = "SELECT r.record, r.root, r.value, (SELECT o.counter FROM records o WHERE o.id = r.root AND o.kind = 't')
               FROM records r JOIN actors a ON a.actor = r.actor
               WHERE r.doc = ?1 AND r.kind = 't' AND r.shown = 1 ORDER BY r.counter, a.id";
    let mut begun: Vec<(u64, TaskNow)> = Vec::new();
    let mut said: Vec<Task> = Vec::new();
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([doc])?;
    while let Some(row) = rows.next()? {
        let value = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        let Ok(Record { body: Body::Task(task), .. }) = Record::decode(Kind::Task, value) else { continue };
        match task.task {
            None => {
                let (state, due_on, due_minute) = (task.state, task.due_on, task.due_minute);
                let (record, root) = (row.get(0)?, row.get(1)?);
                begun.push((row.get(3)?, TaskNow { record, root, task, state, due_on, due_minute }));
            }
            Some(_) => said.push(task),
        }
    }
    // As they began, not as they were amended.
    begun.sort_unstable_by_key(|(counter, task)| (*counter, task.root));
    let mut begun: Vec<TaskNow> = begun.into_iter().map(|(_, task)| task).collect();
    let mut places = BTreeMap::new();
    for (place, task) in begun.iter().enumerate() {
        places.insert(task.root, place);
    }
    for said in said {
        let Some(about) = said.task else { continue };
        let place = match places.get(&about) {
            Some(place) => Some(*place),
            // Its author had seen an amendment of it.
            None => root_of(conn, doc, &about)?.and_then(|root| places.get(&root).copied()),
        };
        if let Some(task) = place.map(|place| &mut begun[place]) {
            task.state = said.state;
            if said.due_on.is_some() {
                (task.due_on, task.due_minute) = (said.due_on, said.due_minute);
            }
        }
    }
    Ok(begun)
}

/// The record that a version of it stands for, or stood for.
fn root_of(conn: &Connection, doc: i64, version: &RecordId) -> Result<Option<RecordId>> {
    let sql = "SELECT shown.root FROM records r JOIN records shown
                 ON shown.doc = r.doc AND shown.kind = r.kind AND shown.family = r.family AND shown.shown = 1
               WHERE r.id = ?1 AND r.kind = 't' AND r.doc = ?2 LIMIT 1";
    Ok(conn.prepare_cached(sql)?.query_row(params![version, doc], |row| row.get(0)).optional()?)
}
