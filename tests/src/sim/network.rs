//! What lies between phones and the relay.
//!
//! A request has a fate, drawn for each: it arrives and its answer too; or one of the two is cut at some byte, lost, held
//! up, repeated. What is held up arrives later, after newer requests of the same phone. While a request is on its way
//! the world goes on.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use cartera_core::sync::http::{Answer, Call, Transport, TransportError};
use cartera_core::sync::wire::{self, FetchRequest};

use super::device_env::Killed;
use super::world::World;

/// How bad the network is: what befalls a request, in per cent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Weather {
    /// Nobody answers.
    pub away: u32,
    /// The relay gets a part of the request.
    pub request_cut: u32,
    /// The request arrives hours later.
    pub held_up: u32,
    /// The relay's answer does not arrive.
    pub reply_lost: u32,
    /// A part of the answer arrives.
    pub reply_cut: u32,
    /// The request arrives twice at once, and perhaps once more hours later.
    pub repeated: u32,
    /// Somebody else answers.
    pub portal: u32,
    /// The phone's process dies while it waits.
    pub killed: u32,
    /// Something else happens in the world while the request is under way.
    pub meanwhile: u32,
}

impl Weather {
    pub const FINE: Self = Self {
        away: 0,
        request_cut: 0,
        held_up: 0,
        reply_lost: 0,
        reply_cut: 0,
        repeated: 0,
        portal: 0,
        killed: 0,
        meanwhile: 0,
    };
    pub const ROUGH: Self = Self {
        away: 8,
        request_cut: 5,
        held_up: 5,
        reply_lost: 7,
        reply_cut: 5,
        repeated: 8,
        portal: 3,
        killed: 4,
        meanwhile: 15,
    };
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Arrives,
    Away,
    RequestCut,
    HeldUp,
    ReplyLost,
    ReplyCut,
    Repeated,
    Portal,
    Killed,
}

/// A request that is still to arrive.
#[derive(Debug, Clone)]
struct Late {
    due_ms: i64,
    path: String,
    token: Option<String>,
    body: Vec<u8>,
}

/// Requests on their way at most: the rest of the world's wires are not simulated.
const LATE_MAX: usize = 64;

#[derive(Debug, Default)]
pub struct Network {
    weather: Mutex<Weather>,
    late: Mutex<Vec<Late>>,
    /// Nobody gets through to the relay.
    down: AtomicBool,
}

impl Network {
    pub fn weather(&self) -> Weather {
        *self.weather.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn set_weather(&self, weather: Weather) {
        *self.weather.lock().unwrap_or_else(PoisonError::into_inner) = weather;
    }

    pub fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::Relaxed);
    }

    fn hold_up(&self, late: Late) {
        let mut waiting = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < LATE_MAX {
            waiting.push(late);
        }
    }

    /// Takes out one request whose time has come.
    fn due(&self, now_ms: i64) -> Option<Late> {
        let mut waiting = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        let place = waiting.iter().position(|late| late.due_ms <= now_ms)?;
        Some(waiting.remove(place))
    }

    /// What was held up until now arrives; nobody waits for the answers any more.
    pub fn deliver_late(&self, world: &World, now_ms: i64) {
        while let Some(late) = self.due(now_ms) {
            let answer = world.relay.answer(&late.path, late.token.as_deref(), &late.body);
            world.tell(|| format!("a late request to {} arrives: {}", late.path, answer.status));
        }
    }
}

/// One phone's way to the relay.
pub struct Way<'w> {
    pub world: &'w World,
    pub phone: usize,
    /// Requests until this phone loses its network altogether; negative: never.
    pub cut_after: AtomicI64,
}

impl<'w> Way<'w> {
    pub fn new(world: &'w World, phone: usize) -> Self {
        Self { world, phone, cut_after: AtomicI64::new(-1) }
    }

    fn fate(&self) -> Fate {
        let weather = self.world.network.weather();
        let bad = [
            (weather.away, Fate::Away),
            (weather.request_cut, Fate::RequestCut),
            (weather.held_up, Fate::HeldUp),
            (weather.reply_lost, Fate::ReplyLost),
            (weather.reply_cut, Fate::ReplyCut),
            (weather.repeated, Fate::Repeated),
            (weather.portal, Fate::Portal),
            (weather.killed, Fate::Killed),
        ];
        let all: u32 = bad.iter().map(|(percent, _)| percent).sum();
        let fine = (100u32.saturating_sub(all), Fate::Arrives);
        let choices: Vec<_> = std::iter::once(fine).chain(bad).collect();
        self.world.dice.weighted(&choices).unwrap_or(Fate::Arrives)
    }

    fn late(&self, call: &Call<'_>) -> Late {
        Late {
            due_ms: self.world.now_ms() + self.world.dice.between(1, 40) * 3_600_000,
            path: call.path.to_owned(),
            token: call.token.map(str::to_owned),
            body: call.body.clone(),
        }
    }

    /// Fewer bytes than there are: never all of them, which would be no cut.
    fn cut(&self, body: &[u8]) -> Vec<u8> {
        body[..self.world.dice.below(body.len())].to_vec()
    }
}

/// What is worth telling of a request: where digests differ, and what is asked for by name.
fn told(call: &Call<'_>) -> Option<String> {
    if call.path == "/v1/digest" {
        return Some("asks where its digest differs".to_owned());
    }
    let request: FetchRequest = (call.path == "/v1/fetch").then(|| wire::decode(&call.body).ok())??;
    match request.page {
        Some(page) => Some(format!("fetches {:?} of {:?}", page.stage, page.territory)),
        None => Some(format!("fetches {:?}, office of {:?}", request.documents.0, request.office_of.0)),
    }
}

impl Transport for Way<'_> {
    fn post(&self, call: Call<'_>) -> Result<Answer, TransportError> {
        let world = self.world;
        let cut_after = self.cut_after.load(Ordering::Relaxed);
        if world.network.down.load(Ordering::Relaxed) || cut_after == 0 {
            return Err(TransportError::Unreachable("no network".into()));
        }
        self.cut_after.store(cut_after - i64::from(cut_after > 0), Ordering::Relaxed);
        world.network.deliver_late(world, world.now_ms());
        if world.dice.chance(world.network.weather().meanwhile) {
            world.meanwhile(self.phone);
        }
        let relay = |body: &[u8]| world.relay.answer(call.path, call.token, body);
        if let Some(asked) = told(&call) {
            world.tell(|| format!("{} {asked}", world.phone(self.phone).name));
        }
        let fate = self.fate();
        if fate != Fate::Arrives {
            world.tell(|| format!("{}: {} {fate:?}", world.phone(self.phone).name, call.path));
        }
        let answer = match fate {
            Fate::Arrives => relay(&call.body),
            Fate::Away => return Err(TransportError::Unreachable("no network".into())),
            Fate::RequestCut => {
                let answer = relay(&self.cut(&call.body));
                assert_ne!(answer.status, 200, "half a request to {} was taken for a whole one", call.path);
                return Err(TransportError::Broken("the request was cut".into()));
            }
            Fate::HeldUp => {
                world.network.hold_up(self.late(&call));
                return Err(TransportError::TimedOut);
            }
            Fate::ReplyLost => {
                relay(&call.body);
                return Err(TransportError::TimedOut);
            }
            Fate::ReplyCut => {
                let answer = relay(&call.body);
                if world.dice.chance(50) {
                    return Err(TransportError::Broken("the answer was cut".into()));
                }
                // A middlebox that closes the connection as if that were all.
                Answer { body: self.cut(&answer.body), ..answer }
            }
            Fate::Repeated => {
                let first = relay(&call.body);
                let second = relay(&call.body);
                if world.dice.chance(40) {
                    world.network.hold_up(self.late(&call));
                }
                if world.dice.chance(50) { first } else { second }
            }
            Fate::Portal => {
                let status = *world.dice.pick(&[200, 302, 403, 404, 502, 511]).unwrap_or(&200);
                let body = b"<html><body>Acepte las condiciones para navegar</body></html>".to_vec();
                Answer { status, media_type: "text/html".into(), body }
            }
            Fate::Killed => {
                if world.dice.chance(50) {
                    relay(&call.body);
                }
                resume_unwind(Box::new(Killed(self.phone)));
            }
        };
        if world.dice.chance(world.network.weather().meanwhile) {
            world.meanwhile(self.phone);
        }
        Ok(answer)
    }
}
