//! The bytes of one of everything. A change of these is a change of the protocol: raise its version.
//!
//! `snapshots/` holds each message in CBOR's diagnostic notation (RFC 8949, 8) and as hex, for those who write
//! another implementation; `INSTA_UPDATE=always cargo test` writes them anew.

use std::fmt::{Debug, Write};

use minicbor::data::Type;
use minicbor::{Decode, Decoder, Encode};

use super::super::*;
use super::samples;

fn pin<T: Encode<()> + for<'b> Decode<'b, ()> + PartialEq + Debug>(name: &str, message: &T) {
    let bytes = minicbor::to_vec(message).unwrap();
    assert_eq!(&decode::<T>(&bytes).unwrap(), message, "as it is");
    assert_eq!(&decode::<T>(&encode(message).unwrap()).unwrap(), message, "as a body");
    let mut shown = String::new();
    show(&mut Decoder::new(&bytes), 0, &mut shown);
    insta::assert_snapshot!(name, format!("{shown}\n\n{}", wrapped(&hex(&bytes))));
}

#[test]
fn every_message_keeps_its_bytes() {
    pin("sync_request", &samples::request());
    pin("sync_reply", &samples::reply());
    pin("fetch_request", &samples::fetch_request());
    pin("fetch_reply", &samples::fetch_reply());
    pin("digest_request", &samples::digest_request());
    let [buckets, items] = samples::digest_replies();
    pin("digest_reply_buckets", &buckets);
    pin("digest_reply_items", &items);
    let (request, reply) = samples::salvage();
    pin("salvage_request", &request);
    pin("salvage_reply", &reply);
}

#[test]
fn the_smallest_messages_hold_what_must_be_there_and_nothing_else() {
    let request = SyncRequest::default();
    assert_eq!(hex(&encode(&request).unwrap()), "a100820101");
    let reply = SyncReply {
        version: 1,
        epoch: None,
        now_ms: 0,
        cursor: None,
        scope_version: 0,
        verdicts: Default::default(),
        actors: Default::default(),
        entries: Default::default(),
        more: false,
        digest: None,
        scope: None,
        catch_up: None,
        orders: Default::default(),
    };
    assert_eq!(hex(&encode(&reply).unwrap()), "a200010200");
}

#[test]
fn every_refusal_keeps_its_number() {
    let numbers: Vec<_> = Refusal::KNOWN.iter().map(|code| (code.number(), code.code())).collect();
    insta::assert_snapshot!("refusals", format!("{numbers:#?}"));
    for number in 0..=255 {
        assert_eq!(Refusal::from_number(number).number(), number);
    }
}

#[test]
fn an_unknown_key_is_skipped() {
    // A request of a newer version: one more key, with a map inside.
    let newer = [0xa2, 0x00, 0x82, 0x01, 0x09, 0x18, 0x63, 0xa1, 0x00, 0x43, 1, 2, 3];
    assert_eq!(decode::<SyncRequest>(&newer).unwrap().versions.newest, 9);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn wrapped(hex: &str) -> String {
    hex.as_bytes().chunks(96).map(|line| std::str::from_utf8(line).unwrap()).collect::<Vec<_>>().join("\n")
}

/// Diagnostic notation of what this protocol uses of CBOR, a member a line.
fn show(d: &mut Decoder<'_>, level: usize, out: &mut String) {
    let line = |out: &mut String, level: usize| write!(out, "\n{:1$}", "", level * 2).unwrap();
    match d.datatype().unwrap() {
        Type::Map => {
            out.push('{');
            for _ in 0..d.map().unwrap().unwrap() {
                line(out, level + 1);
                show(d, level + 1, out);
                out.push_str(": ");
                show(d, level + 1, out);
                out.push(',');
            }
            line(out, level);
            out.push('}');
        }
        Type::Array => {
            out.push('[');
            for at in 0..d.array().unwrap().unwrap() {
                out.push_str(if at == 0 { "" } else { ", " });
                show(d, level + 1, out);
            }
            out.push(']');
        }
        Type::Bytes => write!(out, "h'{}'", hex(d.bytes().unwrap())).unwrap(),
        Type::String => write!(out, "{:?}", d.str().unwrap()).unwrap(),
        Type::Bool => write!(out, "{}", d.bool().unwrap()).unwrap(),
        Type::Null => out.push_str(d.null().map(|()| "null").unwrap()),
        _ => write!(out, "{}", d.int().unwrap()).unwrap(),
    }
}
