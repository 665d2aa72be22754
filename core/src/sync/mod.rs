//! How a phone and a relay talk.
//!
//! | module | what it is |
//! |---|---|
//! | [`wire`] | the messages, for both ends; `core/docs/protocol.md` writes them down for other implementers |

pub mod wire;
