//! Bounds on requests, in one place. Each noun adds bounds of its own on what is inside a body.

use std::time::Duration;

/// A body as it arrives, in bytes.
pub const BODY_MAX: usize = cartera_core::sync::wire::limits::BODY_BYTES;
/// The same body once decompressed.
pub const INFLATED_MAX: usize = cartera_core::sync::wire::limits::MESSAGE_BYTES;
/// A JSON body of the administrative routes.
pub const JSON_MAX: usize = 256 << 10;
/// A body of a request without a good token (enrolment, login), as it arrives and once decompressed.
pub const STRANGER_BODY_MAX: usize = cartera_core::sync::wire::limits::STRANGER_BODY_BYTES;
/// Bytes of bodies being held at one time by all requests together; those beyond wait for their turn. One body at a time
/// may take up to the largest one's length of it without waiting, so that never all wait for one another.
pub const BODIES_BUDGET: usize = 24 << 20;
/// The same for bodies of requests without a good token, apart from the others: more of them than connections.
pub const STRANGERS_BUDGET: usize = 4 << 20;
/// The same for what compressed bodies unpack to.
pub const INFLATED_BUDGET: usize = 32 << 20;
/// Silence in the middle of a request's body after which it is given up.
pub const BODY_SILENCE: Duration = Duration::from_secs(20);
/// From the first byte of a request's body to its last.
pub const BODY_DEADLINE: Duration = Duration::from_secs(120);
/// From a request's head to the beginning of its answer.
pub const ANSWER_DEADLINE: Duration = Duration::from_secs(150);
/// For a request's head to arrive.
pub const HEAD_DEADLINE: Duration = Duration::from_secs(20);
/// Use cases that run at one time; the others wait in the order in which they came.
pub const USE_CASES: usize = 32;
/// Workbooks that are made at one time: each holds two files on the store's disk until it is sent. Those beyond are
/// refused, and told when to come again.
pub const WORKBOOKS: usize = 4;
/// `Authorization`, without the word `Bearer`.
pub const TOKEN_MIN: usize = 32;
pub const TOKEN_MAX: usize = 128;
/// From the word to stop until connections are cut.
pub const STOP_DEADLINE: Duration = Duration::from_secs(10);
/// Between two rounds of housekeeping.
pub const TIDY_EVERY: Duration = Duration::from_secs(60 * 60);
/// How often the relay looks whether rows were made by another version of the program: at its start, and again in case an
/// older one was run on the same data meanwhile.
pub const PROJECT_EVERY: Duration = Duration::from_secs(60);
/// When to come back for what reads rows, while they are made anew.
pub const PROJECTING_RETRY_S: u32 = 30;
/// How often snapshots are made ahead, if the log has grown.
pub const AHEAD_EVERY: Duration = Duration::from_secs(60);
/// How often the relay looks whether another process, its command line, wrote into the log.
pub const HEAR_OTHERS_EVERY: Duration = Duration::from_secs(2);
/// Threads that move bytes; use cases have their own.
pub const WORKERS: usize = 2;
/// What is buffered of one HTTP/1 connection, heads included, in bytes.
pub const CONNECTION_BUFFER: usize = 64 << 10;
/// Requests at one time on one HTTP/2 connection.
pub const STREAMS: u32 = 32;
/// All headers of one HTTP/2 request, in bytes.
pub const HEADERS_MAX: u32 = 16 << 10;
/// How often a silent HTTP/2 connection is asked whether it is there.
pub const KEEP_ALIVE: Duration = Duration::from_secs(60);

/// How long a request's parts may take, where not as long as above.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadlines {
    pub(crate) head: Duration,
    pub(crate) body_silence: Duration,
    pub(crate) body: Duration,
    pub(crate) answer: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self { head: HEAD_DEADLINE, body_silence: BODY_SILENCE, body: BODY_DEADLINE, answer: ANSWER_DEADLINE }
    }
}
