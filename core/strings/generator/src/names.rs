//! What messages are called in the code of an app.

use std::collections::BTreeMap;

use crate::message::Messages;

/// Of each message, in their order. Two never share one.
pub(crate) fn names(messages: &Messages) -> Result<Vec<String>, String> {
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    let mut names = Vec::new();
    for message in &messages.0 {
        let name = camel(&message.id);
        if let Some(other) = taken.insert(name.clone(), &message.id) {
            return Err(format!("{other} and {} would both be called {name}", message.id));
        }
        names.push(name);
    }
    Ok(names)
}

/// `error-store_full.advice` is `errorStoreFullAdvice`.
pub(crate) fn camel(id: &str) -> String {
    let mut name = String::new();
    for (index, part) in id.split(['-', '_', '.']).enumerate() {
        let mut letters = part.chars();
        match letters.next() {
            Some(first) if index > 0 => name.extend(first.to_uppercase()),
            Some(first) => name.push(first),
            None => {}
        }
        name.push_str(letters.as_str());
    }
    name
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::message::{Message, Piece, Words};

    #[test]
    fn a_name_has_no_hyphens() {
        assert_eq!(camel("error-store_full.advice"), "errorStoreFullAdvice");
    }

    #[test]
    fn two_ids_never_share_a_name() {
        let words = Words::Plain(vec![Piece::Text("b".into())]);
        let message =
            |id: &str| Message { id: id.to_owned(), spanish: words.clone(), english: words.clone() };
        let problem = names(&Messages(vec![message("a-b"), message("a_b")])).unwrap_err();
        assert!(problem.contains("both be called aB"), "{problem}");
    }
}
