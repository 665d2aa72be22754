//! The relay's side of the protocol, against phones made of nothing but the wire types.

mod converge;
pub(crate) mod phone;
mod push;
