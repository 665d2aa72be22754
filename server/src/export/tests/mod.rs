mod books;
mod changes;
mod formats;
mod walks;
