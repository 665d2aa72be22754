//! Syncing in the background: one thread that syncs when it is worth its while, one that listens to the relay.
//!
//! The work itself is [`session::run`]; when it is due, [`backoff::Pace`] decides. A status listener is told the present
//! state first and every change after. Dropping the [`Runner`] ends both threads; what was under way is finished or
//! breaks off, which is the same to the next sync.

use std::fmt;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::watch;

use super::backoff::{Event, Pace};
use super::http::live;
use super::identity::Identity;
use super::session::{Report, SyncError};
use crate::env::Env;

/// What the runner is doing, for people to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Everything is sent, as far as is known.
    UpToDate,
    Syncing,
    /// The last try failed in a way that passes; the next one is in `wait_ms`.
    Waiting {
        code: &'static str,
        wait_ms: i64,
    },
    /// It will not pass by itself: revoked, too old, not enrolled. Nothing was deleted.
    Stopped {
        code: &'static str,
    },
}

type StatusListener = Box<dyn FnMut(&Status) + Send>;

/// A running background sync.
pub struct Runner {
    events: Sender<Message>,
    stop_live: watch::Sender<bool>,
    threads: Vec<JoinHandle<()>>,
    status: Arc<Mutex<Status>>,
}

enum Message {
    Event(Event),
    Stop,
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Runner({:?})", self.status())
    }
}

impl Runner {
    /// Starts syncing by `sync`, which does one whole sync; listens live where `identity` says. `tidy` is the housekeeping
    /// after a sync that succeeded; nobody waits for it to hear that what is new is there.
    pub fn start(
        env: Arc<dyn Env>,
        identity: Identity,
        sync: impl FnMut() -> Result<Report, SyncError> + Send + 'static,
        tidy: impl FnMut() + Send + 'static,
        listener: impl FnMut(&Status) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (events, inbox) = channel();
        let (stop_live, stopped) = watch::channel(false);
        let status = Arc::new(Mutex::new(Status::UpToDate));
        let tell = Tell { status: status.clone(), listener: Box::new(listener) };
        let live_events = events.clone();
        let live_env = env.clone();
        let threads = vec![
            std::thread::Builder::new()
                .name("cartera-sync".into())
                .spawn(move || syncing(&*env, &inbox, sync, tidy, tell))?,
            std::thread::Builder::new()
                .name("cartera-live".into())
                .spawn(move || listening(&*live_env, &identity, &stopped, &live_events))?,
        ];
        Ok(Self { events, stop_live, threads, status })
    }

    /// Something was saved: it goes soon, together with what is saved right after.
    pub fn saved(&self) {
        self.tell(Event::Saved);
    }

    /// The network came back, or a person asked.
    pub fn now(&self) {
        self.tell(Event::Now);
    }

    pub fn status(&self) -> Status {
        self.status.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn tell(&self, event: Event) {
        // A runner that has stopped for good hears nothing any more.
        let _ = self.events.send(Message::Event(event));
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        let _ = self.events.send(Message::Stop);
        let _ = self.stop_live.send(true);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

struct Tell {
    status: Arc<Mutex<Status>>,
    listener: StatusListener,
}

impl Tell {
    fn status(&mut self, status: Status) {
        let mut known = self.status.lock().unwrap_or_else(PoisonError::into_inner);
        if *known == status {
            return;
        }
        *known = status.clone();
        drop(known);
        (self.listener)(&status);
    }
}

fn syncing(
    env: &dyn Env,
    inbox: &Receiver<Message>,
    mut sync: impl FnMut() -> Result<Report, SyncError>,
    mut tidy: impl FnMut(),
    mut tell: Tell,
) {
    let first = tell.status.lock().unwrap_or_else(PoisonError::into_inner).clone();
    (tell.listener)(&first);
    let mut pace = Pace::new(env.uptime_ms());
    loop {
        let wait_ms = pace.wait_ms(env.uptime_ms());
        if wait_ms > 0 {
            match inbox.recv_timeout(Duration::from_millis(wait_ms.unsigned_abs())) {
                Ok(Message::Event(event)) => pace.event(event, env.uptime_ms()),
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {}
            }
            continue;
        }
        tell.status(Status::Syncing);
        match sync() {
            Ok(_) => {
                pace.succeeded(env.uptime_ms());
                tell.status(Status::UpToDate);
                tidy();
            }
            Err(error) if error.is_passing() => {
                pace.failed(env);
                tell.status(Status::Waiting { code: error.code(), wait_ms: pace.wait_ms(env.uptime_ms()) });
            }
            Err(error) => {
                tell.status(Status::Stopped { code: error.code() });
                // A person may have mended it: enrolled again, updated, made room. Only such a one starts it again.
                loop {
                    match inbox.recv() {
                        Ok(Message::Event(Event::Now)) => break,
                        Ok(Message::Event(_)) => {}
                        Ok(Message::Stop) | Err(_) => return,
                    }
                }
                pace = Pace::new(env.uptime_ms());
            }
        }
    }
}

fn listening(env: &dyn Env, identity: &Identity, stopped: &watch::Receiver<bool>, events: &Sender<Message>) {
    let mut pace = Pace::new(env.uptime_ms());
    let Ok(waiting) = tokio::runtime::Builder::new_current_thread().enable_time().build() else { return };
    while !*stopped.borrow() {
        let mut heard_any = false;
        let ended = live::listen(&identity.relay, identity.pin(), &identity.token, stopped.clone(), |_| {
            heard_any = true;
            let _ = events.send(Message::Event(Event::Reached));
        });
        if ended.is_ok() || heard_any {
            pace = Pace::new(env.uptime_ms());
        }
        pace.failed(env);
        let wait = Duration::from_millis(pace.wait_ms(env.uptime_ms()).unsigned_abs());
        let mut stopped = stopped.clone();
        waiting.block_on(async {
            let _ = tokio::time::timeout(wait, stopped.wait_for(|stop| *stop)).await;
        });
    }
}
