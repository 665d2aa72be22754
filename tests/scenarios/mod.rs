//! What befalls a fleet, one file a fault.

mod cloned_phone;
mod erased;
mod everyday;
mod everything;
mod feeds;
mod first_sync;
mod forgotten_scope;
mod hostile_device;
mod imports;
mod long_queue;
mod lost_enrolment;
mod merges;
mod moved_clients;
mod one_field;
mod own_document;
mod owned_fields;
mod refused_edit;
mod restored_phone;
mod restored_relay;
mod revoked;
mod rough_network;
mod sales_window;
mod territories;
mod wrong_clocks;

use super::Scenario;

pub const ALL: &[Scenario] = &[
    everyday::SCENARIO,
    rough_network::SCENARIO,
    one_field::SCENARIO,
    wrong_clocks::SCENARIO,
    moved_clients::SCENARIO,
    territories::SCENARIO,
    merges::SCENARIO,
    imports::SCENARIO,
    owned_fields::SCENARIO,
    feeds::SCENARIO,
    sales_window::SCENARIO,
    own_document::SCENARIO,
    first_sync::SCENARIO,
    lost_enrolment::SCENARIO,
    restored_phone::SCENARIO,
    restored_relay::SCENARIO,
    cloned_phone::SCENARIO,
    erased::SCENARIO,
    refused_edit::SCENARIO,
    revoked::SCENARIO,
    forgotten_scope::SCENARIO,
    hostile_device::SCENARIO,
    long_queue::SCENARIO,
    everything::SCENARIO,
];

/// The scenario of that name.
pub fn find(name: &str) -> Option<&'static Scenario> {
    ALL.iter().find(|scenario| scenario.name == name)
}
