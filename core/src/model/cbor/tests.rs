#![allow(unreachable_pub)] // what the macros declare is for other modules

use proptest::prelude::*;

use super::*;

cbor_map! {
    struct Inner {
        0 number: i64,
        3 list: Vec<u32>,
    }
}

cbor_map! {
    struct Outer {
        0 text: String,
        2 flag: bool,
        4 inner: Option<Inner>,
        5 many: Vec<Inner>,
    }
}

codes! {
    enum Colour: "colour" {
        Red = 1 "red",
        DarkBlue = 7 "dark_blue",
    }
}

fn inner(number: i64, list: &[u32]) -> Inner {
    Inner { number, list: list.to_vec(), extras: Extras::default() }
}

#[test]
fn heads_take_their_shortest_form() {
    for (number, hex) in [
        (0, "00"),
        (23, "17"),
        (24, "1818"),
        (255, "18ff"),
        (256, "190100"),
        (65_535, "19ffff"),
        (65_536, "1a00010000"),
        (4_294_967_296, "1b0000000100000000"),
        (-1, "20"),
        (-24, "37"),
        (-25, "3818"),
        (i64::MAX, "1b7fffffffffffffff"),
        (i64::MIN, "3b7fffffffffffffff"),
    ] {
        let bytes = to_vec(&number);
        assert_eq!(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>(), hex);
        assert_eq!(from_slice::<i64>(&bytes), Ok(number));
    }
}

#[test]
fn other_forms_are_refused_wherever_they_are() {
    for bytes in [
        &[0x18, 0x17][..],               // 23 in two bytes
        &[0x19, 0x00, 0xff],             // 255 in three
        &[0x5f, 0x40, 0xff],             // indefinite byte string
        &[0x9f, 0xff],                   // indefinite list
        &[0xa2, 1, 0, 0, 0],             // keys descend
        &[0xa2, 1, 0, 1, 0],             // a key twice
        &[0xc1, 0x00],                   // tag
        &[0xf9, 0x3c, 0x00],             // float
        &[0xf7],                         // undefined
        &[0xf8, 0x20],                   // simple value 32
        &[0x1c],                         // reserved
        &[0xa1, 0x20, 0x00],             // negative key
        &[0x61, 0xff],                   // not UTF-8
        &[0x41],                         // too short
        &[0x9b, 0, 0, 1, 0, 0, 0, 0, 0], // a list that claims 2^40 items
        &[0x00, 0x00],                   // something follows
        &[],
    ] {
        assert!(check(bytes).is_err(), "{bytes:02x?}");
        let nested = [&[0x81][..], bytes].concat();
        assert!(check(&nested).is_err(), "{nested:02x?}");
    }
}

#[test]
fn nesting_at_its_limit_and_one_past() {
    let nested = |depth: usize| [vec![0x81; depth - 1], vec![0x80]].concat();
    assert_eq!(check(&nested(DEPTH_MAX)), Ok(()));
    assert!(matches!(check(&nested(DEPTH_MAX + 1)), Err(CborError::TooDeep { .. })));
    assert!(matches!(check(&nested(100_000)), Err(CborError::TooDeep { .. })));
}

#[test]
fn unknown_keys_at_their_limit_and_one_past() {
    let with = |count: usize| {
        let mut out = Writer::default();
        out.map(count + 1);
        out.uint(0);
        out.int(1);
        for key in 0..count as u64 {
            out.uint(100 + key);
            out.raw(&[0xf6]);
        }
        out.into_bytes()
    };
    let bytes = with(EXTRA_KEYS_MAX);
    let read: Inner = from_slice(&bytes).unwrap();
    assert_eq!((read.extras.len(), read.extras.get(100)), (EXTRA_KEYS_MAX, Some(&[0xf6][..])));
    assert_eq!(to_vec(&read), bytes);
    assert!(matches!(from_slice::<Inner>(&with(EXTRA_KEYS_MAX + 1)), Err(CborError::TooManyExtras { .. })));
}

#[test]
fn what_is_absent_is_never_written_and_never_read() {
    let outer = Outer { text: "x".into(), flag: false, inner: None, many: vec![], extras: Extras::default() };
    let bytes = to_vec(&outer);
    assert_eq!(bytes, [0xa1, 0x00, 0x61, b'x']);
    assert_eq!(from_slice::<Outer>(&bytes), Ok(outer));
    let flag_false = [0xa2, 0x00, 0x61, b'x', 0x02, 0xf4];
    assert!(matches!(from_slice::<Outer>(&flag_false), Err(CborError::NotCanonical { .. })));
    let no_items = [0xa2, 0x00, 0x61, b'x', 0x05, 0x80];
    assert!(matches!(from_slice::<Outer>(&no_items), Err(CborError::NotCanonical { .. })));
    let null = [0xa2, 0x00, 0x61, b'x', 0x04, 0xf6];
    assert!(matches!(from_slice::<Outer>(&null), Err(CborError::WrongType { .. })));
    assert_eq!(from_slice::<Outer>(&[0xa0]), Err(CborError::Missing { key: 0 }));
}

#[test]
fn extras_stay_in_their_places_at_every_level() {
    // {0: "x", 1: null, 4: {0: 1, 2: [1], 9: h''}, 6: {"a": true}}
    let bytes = [
        0xa4, 0x00, 0x61, b'x', 0x01, 0xf6, 0x04, 0xa3, 0x00, 0x01, 0x02, 0x81, 0x01, 0x09, 0x40, 0x06, 0xa1,
        0x61, b'a', 0xf5,
    ];
    let outer: Outer = from_slice(&bytes).unwrap();
    assert_eq!(outer.extras.iter().map(|(key, _)| key).collect::<Vec<_>>(), [1, 6]);
    assert_eq!(outer.inner.as_ref().map(|inner| inner.extras.len()), Some(2));
    assert_eq!(to_vec(&outer), bytes);
}

#[test]
fn codes_keep_what_they_do_not_know() {
    assert_eq!((Colour::from_code(7), Colour::DarkBlue.code()), (Colour::DarkBlue, 7));
    assert_eq!(Colour::from_code(8), Colour::Unknown(8));
    assert_eq!((Colour::Unknown(8).code(), Colour::Unknown(8).as_str()), (8, "unknown"));
    assert_eq!(
        (Colour::DarkBlue.text_id(), Colour::parse("dark_blue")),
        ("colour-dark_blue", Some(Colour::DarkBlue))
    );
    assert_eq!((Colour::parse("unknown"), Colour::ALL.len()), (None, 2));
    assert_eq!((Colour::Red.is_known(), Colour::Unknown(8).is_known()), (true, false));
    assert_eq!(from_slice::<Colour>(&[0x08]), Ok(Colour::Unknown(8)));
    assert!(from_slice::<Colour>(&[0x1b, 0, 0, 0, 1, 0, 0, 0, 0]).is_err());
}

fn outers() -> impl Strategy<Value = Outer> {
    let inners = || (any::<i64>(), prop::collection::vec(any::<u32>(), 0..4)).prop_map(|(n, l)| inner(n, &l));
    (".{0,40}", any::<bool>(), prop::option::of(inners()), prop::collection::vec(inners(), 0..5))
        .prop_map(|(text, flag, inner, many)| Outer { text, flag, inner, many, extras: Extras::default() })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn values_come_back_and_their_bytes_are_deterministic(outer in outers()) {
        let bytes = to_vec(&outer);
        prop_assert_eq!(check(&bytes), Ok(()));
        prop_assert_eq!(from_slice::<Outer>(&bytes), Ok(outer));
    }

    /// Whatever is read is written again as the same bytes: nothing dropped, and no second encoding of anything.
    #[test]
    fn whatever_is_read_is_written_as_it_came(outer in outers(), at in any::<prop::sample::Index>(), byte: u8) {
        let mut bytes = to_vec(&outer);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(read) = from_slice::<Outer>(&bytes) {
            prop_assert_eq!(to_vec(&read), bytes);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = check(&bytes);
        let _ = from_slice::<Outer>(&bytes);
    }
}
