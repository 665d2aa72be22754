mod books;
mod changes;
mod formats;
mod speed;
mod walks;
