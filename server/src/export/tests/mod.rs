mod books;
mod changes;
mod columns;
mod formats;
mod http;
mod meanwhile;
mod speed;
mod walks;
pub(super) mod world;
