//! A profile edit that the relay refuses, and visits by the same phone on the same client after it: the visits arrive, the
//! edit is listed with its reason. What makes it refused is a byte that changes on the way.

use cartera_core::document::{Body, admit};
use cartera_core::model::ClientId;
use cartera_core::sync::http::{Answer, Call, Transport, TransportError};
use cartera_core::sync::wire::{self, SyncRequest};

use super::Scenario;
use crate::sim::network::{Way, Weather};
use crate::sim::work::{Job, clients_of};
use crate::sim::world::World;

pub(super) const SCENARIO: Scenario =
    Scenario { name: "refused_edit", about: "an edit is refused, and ten visits follow it", run };

/// Spoils every change with an edit in it that a phone pushes.
struct Spoiling<'w>(Way<'w>);

impl Transport for Spoiling<'_> {
    fn post(&self, mut call: Call<'_>) -> Result<Answer, TransportError> {
        if call.path == "/v1/sync"
            && let Ok(mut request) = wire::decode::<SyncRequest>(&call.body)
        {
            for pushed in &mut request.push.0 {
                let is_edit = admit::inspect(&pushed.bytes).is_ok_and(|change| {
                    change.ops.iter().any(|op| matches!(op.body, Body::Put { .. } | Body::Delete { .. }))
                });
                if is_edit && let Some(last) = pushed.bytes.0.last_mut() {
                    *last ^= 1;
                }
            }
            call.body = wire::encode(&request).unwrap();
        }
        self.0.post(call)
    }
}

fn run(world: &World) {
    world.change_plan(|plan| plan.refusals = &["malformed"]);
    let north = world.territory("Norte");
    let phones = [world.rep("Ana", &[north]), world.rep("Luis", &[north])];
    (0..3).for_each(|_| {
        world.create(&phones[0]);
    });
    phones.iter().for_each(|phone| {
        world.sync(phone);
    });
    for turn in 0..4 {
        let phone = &phones[turn % 2];
        let here = clients_of(&phone.engine());
        let Some(client) = world.dice.pick(&here).copied() else { continue };
        world.put(phone, &client, "name");
        (0..10).for_each(|_| interleave(world, phone, &client));
        world.sync_with(phone, &Spoiling(Way::new(world, phone.place)));
        if turn == 1 {
            world.network.set_weather(Weather::ROUGH);
        }
        world.days(4);
    }
}

fn interleave(world: &World, phone: &crate::sim::phone::Phone, client: &ClientId) {
    world.visit(phone, client);
    if world.dice.chance(15) {
        world.do_to(phone, client, Job::EditField);
    }
}
