//! Merging over HTTP: what a rep proposes, what the office decides, what phones then see.

use cartera_core::model::ClientId;
use cartera_core::model::record::{Likeness, MergeProposal, Note};
use serde_json::json;

use super::World;

#[test]
fn a_proposal_is_listed_until_it_is_followed_and_a_merge_can_be_undone() {
    let world = World::new();
    let norte = world.territory("Norte");
    let ana = world.phone(51, norte);
    let (pepe, jose) = (ana.new_client("Bar Pepe"), ana.new_client("Bar José"));
    let mut proposal = MergeProposal::new(pepe, true, vec![Likeness::Phone, Likeness::Known]);
    proposal.note = Some("el mismo dueño".into());
    ana.engine.record(&jose, proposal).unwrap();
    ana.sees();

    let list = |after: u64| world.ask("GET", &format!("/v1/clients/merge-proposals?after={after}"), None).1;
    let proposed = list(0)[0].clone();
    assert_eq!(proposed["client"], jose.to_string());
    assert_eq!((&proposed["other"], &proposed["keep_other"]), (&json!(pepe.to_string()), &json!(true)));
    assert_eq!(proposed["likeness"], json!(["phone", "known"]));
    assert_eq!(proposed["person"], ana.person.id.to_string());
    assert_eq!(list(proposed["number"].as_u64().unwrap()), json!([]), "after it there is none");

    let path = format!("/v1/clients/{jose}/merge");
    let order = json!({ "kept": pepe.to_string() });
    let (status, merged) = world.ask("POST", &path, Some(order.clone()));
    assert!(status == 200 && merged["number"].is_u64(), "{status} {merged}");
    assert_eq!(world.ask("POST", &path, Some(order)), (200, json!({})), "it is so already");
    assert_eq!(list(0), json!([]), "it was followed");
    let place = world.ask("GET", &format!("/v1/clients/{jose}/place"), None).1;
    assert_eq!(place["alias_of"], pepe.to_string());

    // The phone goes on writing to the absorbed one, and loses nothing.
    ana.engine.record(&jose, Note::new("cierra los lunes")).unwrap();
    let report = ana.engine.sync().unwrap();
    assert_eq!((report.sent, report.refused.len()), (1, 0));

    let around = json!({ "kept": jose.to_string() });
    let (status, cycle) = world.ask("POST", &format!("/v1/clients/{pepe}/merge"), Some(around));
    assert_eq!((status, &cycle["code"]), (409, &json!("conflict")));

    assert!(world.ask("DELETE", &path, None).1["number"].is_u64());
    assert_eq!(world.ask("DELETE", &path, None), (200, json!({})));
    assert_eq!(world.ask("GET", &format!("/v1/clients/{jose}/place"), None).1["alias_of"], json!(null));
    assert_eq!(list(0).as_array().unwrap().len(), 1, "it is open again");
    let actions: Vec<_> =
        world.relay.app.storage.deeds(0, 1000).unwrap().into_iter().map(|deed| deed.action).collect();
    for action in ["client.merged", "client.unmerged"] {
        assert_eq!(actions.iter().filter(|done| *done == action).count(), 1, "{actions:?}");
    }
}

#[test]
fn what_cannot_be_merged_is_told() {
    let world = World::new();
    let ana = world.phone(52, world.territory("Norte"));
    let pepe = ana.new_client("Bar Pepe");
    ana.sees();
    let nobody = ClientId::from_bytes([7; 16]);
    let merge = |client: ClientId, kept: &str| {
        world.ask("POST", &format!("/v1/clients/{client}/merge"), Some(json!({ "kept": kept }))).0
    };
    assert_eq!(merge(pepe, &pepe.to_string()), 409, "into itself");
    assert_eq!(merge(pepe, &nobody.to_string()), 404);
    assert_eq!(merge(nobody, &pepe.to_string()), 404);
    assert_eq!(merge(pepe, "x"), 422);
    assert_eq!(world.ask("DELETE", &format!("/v1/clients/{nobody}/merge"), None).0, 404);
}
