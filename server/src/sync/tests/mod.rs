//! The relay's side of the protocol, against phones made of nothing but the wire types.

mod converge;
<<<<<<< HEAD
pub(crate) mod phone;
=======
mod later;
mod phone;
>>>>>>> 31f6506 (Backups and restores as processes; what a later version brings is answered by a typed error)
mod push;
