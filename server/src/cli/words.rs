//! What the command line answers, in the terminal's language: `cli-…` of `cartera_core::strings`.

use std::io::{self, Write};

use cartera_core::strings::{Arg, text};

use super::language;

/// A line of the answer.
pub(super) fn say(out: &mut dyn Write, id: &str, args: &[(&str, Arg<'_>)]) -> io::Result<()> {
    writeln!(out, "{}", words(id, args))
}

pub(super) fn words(id: &str, args: &[(&str, Arg<'_>)]) -> String {
    text(language(None), &format!("cli-{id}"), args)
}

/// An id, a path, an instant: shown as it is.
pub(super) fn shown<'a>(what: impl ToString) -> Arg<'a> {
    what.to_string().into()
}
