//! The relay's side of the protocol, against phones made of nothing but the wire types.

mod bounds;
mod converge;
mod later;
pub(crate) mod phone;
mod plans;
mod push;

pub(crate) use phone::record;
