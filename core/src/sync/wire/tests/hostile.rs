//! Mutated bodies: no panic, and no more memory than the limits allow.

use std::panic::catch_unwind;

use minicbor::Decode;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::super::*;
use super::samples;

const MUTANTS: usize = 60_000;

fn bodies() -> Vec<Vec<u8>> {
    let (salvage_request, salvage_reply) = samples::salvage();
    let [buckets, items] = samples::digest_replies();
    let mut large = samples::request();
    large.push[0].bytes = (0..4000u32).map(|n| (n % 251) as u8).collect::<Vec<_>>().into();
    vec![
        encode(&samples::request()).unwrap(),
        encode(&samples::reply()).unwrap(),
        encode(&samples::fetch_request()).unwrap(),
        encode(&samples::fetch_reply()).unwrap(),
        encode(&samples::digest_request()).unwrap(),
        encode(&buckets).unwrap(),
        encode(&items).unwrap(),
        encode(&salvage_request).unwrap(),
        encode(&salvage_reply).unwrap(),
        encode(&large).unwrap(),
    ]
}

fn mutate(body: &[u8], random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut mutant = body.to_vec();
    let mut below = |limit: usize| random.next_u64() as usize % limit.max(1);
    for _ in 0..1 + below(4) {
        let at = below(mutant.len());
        match below(7) {
            0 => mutant[at] ^= 1 << below(8),
            1 => mutant[at] = below(256) as u8,
            2 => mutant.truncate(at),
            3 => mutant.insert(at, below(256) as u8),
            // heads that claim much
            4 => mutant[at] = [0x5b, 0x7b, 0x9b, 0xbb, 0x9f, 0xbf, 0x5f, 0x7f, 0xdb][below(9)],
            5 => {
                let claim = [0x9a, 0x7f, 0xff, 0xff, 0xff];
                mutant.splice(at..at, claim);
            }
            _ => {
                let piece: Vec<u8> = mutant[at..(at + below(20)).min(mutant.len())].to_vec();
                let to = below(mutant.len());
                mutant.splice(to..to, piece);
            }
        }
        if mutant.is_empty() {
            break;
        }
    }
    mutant
}

fn decodes<T: for<'b> Decode<'b, ()>>(body: &[u8]) -> bool {
    decode::<T>(body).is_ok()
}

#[test]
fn mutated_bodies_never_panic() {
    let bodies = bodies();
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let mut accepted = 0;
    for n in 0..MUTANTS {
        let mutant = mutate(&bodies[n % bodies.len()], &mut random);
        let outcome = catch_unwind(|| {
            decodes::<SyncRequest>(&mutant) as u32
                + decodes::<SyncReply>(&mutant) as u32
                + decodes::<FetchRequest>(&mutant) as u32
                + decodes::<FetchReply>(&mutant) as u32
                + decodes::<DigestRequest>(&mutant) as u32
                + decodes::<DigestReply>(&mutant) as u32
                + decodes::<SalvageRequest>(&mutant) as u32
        });
        accepted += outcome.unwrap_or_else(|_| panic!("mutant {n} panicked: {mutant:02x?}"));
    }
    // Some mutants only change a value: a test that refuses all of them tests nothing.
    assert!(accepted > 1000, "{accepted}");
}

#[test]
fn a_list_past_its_limit_is_refused_before_it_is_read() {
    // A request that purges 10,001 clients: the list's head is enough to refuse it.
    let mut body = vec![0xa2, 0x00, 0x82, 0x01, 0x01, 0x04, 0x99];
    body.extend((limits::PURGED as u16 + 1).to_be_bytes());
    body.extend(std::iter::repeat_n(0x00, limits::PURGED + 1));
    let error = decode::<SyncRequest>(&body).unwrap_err();
    assert!(error.to_string().contains("the limit is 10000"), "{error}");
    assert_eq!(error.code(), "malformed");
}

#[test]
fn what_a_sender_may_not_send_is_said_before_it_is_sent() {
    let request =
        SyncRequest { purged: vec![samples::client(1); limits::PURGED + 1].into(), ..Default::default() };
    assert_eq!(encode(&request).unwrap_err().code(), "unsendable");
}
