//! How a phone and a relay talk.
//!
//! | module | what it is |
//! |---|---|
//! | [`digest`] | one number that two sides with the same data share |
//! | [`wire`] | the messages, for both ends; `core/docs/protocol.md` writes them down for other implementers |

pub mod digest;
pub mod wire;
