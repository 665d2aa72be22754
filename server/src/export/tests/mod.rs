mod books;
mod changes;
mod columns;
mod formats;
mod meanwhile;
mod speed;
mod walks;
