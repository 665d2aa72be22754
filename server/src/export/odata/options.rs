//! What is asked of a set, as the address says it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cartera_core::sync::wire::Epoch;
use serde::{Deserialize, Serialize};

use super::parse::{self, Order};
use super::{ODataError, Refusal};
use crate::export::format::{Format, Key};
use crate::export::query::Query;
use crate::export::resources::Resource;
use crate::export::walk::Place;

/// Rows of a page.
pub const PAGE_ROWS: u64 = 2_000;
/// Rows that `$skip` passes over at most: who wants more follows the next links.
pub const SKIP_MAX: u64 = 10_000;
/// Bytes of a `$skiptoken`.
const TOKEN_BYTES_MAX: usize = 4_096;

#[derive(Debug)]
pub(super) struct Options {
    /// Resource and filter; its columns are those that are shown, and after them those of the order.
    pub query: Query,
    /// How many of the columns are shown.
    pub shown: usize,
    /// As it was asked: names with commas between; empty for all.
    pub select: String,
    /// Of each column of the order whether it falls; the last one is the key, which decides.
    pub falling: Option<Vec<bool>>,
    pub top: Option<u64>,
    pub skip: u64,
    pub count: bool,
    pub token: Option<Token>,
    /// Pairs that the next link repeats as they are.
    pub repeated: Vec<(String, String)>,
}

/// Where the next page begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Token {
    pub epoch: [u8; 8],
    pub after: After,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum After {
    Place(Place),
    Keys(Vec<Key>),
}

impl Token {
    pub(super) fn new(epoch: Epoch, after: After) -> Self {
        Self { epoch: epoch.0, after }
    }

    pub(super) fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    fn parse(text: &str) -> Option<Self> {
        let bytes = (text.len() <= TOKEN_BYTES_MAX).then(|| URL_SAFE_NO_PAD.decode(text).ok())??;
        serde_json::from_slice(&bytes).ok()
    }
}

impl Options {
    /// # Errors
    /// An option that is not understood, stands there twice, or is past a limit.
    pub(super) fn parse(resource: &'static Resource, pairs: &[(String, String)]) -> Result<Self, ODataError> {
        let mut options = Self {
            query: Query::all(resource, Format::Json),
            shown: resource.columns().len(),
            select: String::new(),
            falling: None,
            top: None,
            skip: 0,
            count: false,
            token: None,
            repeated: Vec::new(),
        };
        let mut orders: Vec<Order> = Vec::new();
        for (n, (name, value)) in pairs.iter().enumerate() {
            if name.starts_with('$') && pairs[..n].iter().any(|(other, _)| other == name) {
                return Err(Refusal::new("query", format!("'{}' stands there twice", short(name))).into());
            }
            options.set(name, value, &mut orders)?;
        }
        options.order_by(&orders);
        if let Some(token) = &options.token
            && matches!(token.after, After::Keys(_)) != options.falling.is_some()
        {
            return Err(unreadable_token().into());
        }
        Ok(options)
    }

    fn set(&mut self, name: &str, value: &str, orders: &mut Vec<Order>) -> Result<(), ODataError> {
        let mut repeat = true;
        match name {
            "$select" if value.trim() != "*" => {
                let plain: Vec<&str> = value.split(',').map(str::trim).collect();
                self.select = plain.join(",");
                let chosen = self.query.set_columns(&self.select);
                chosen.map_err(|error| Refusal::new("$select", error.to_string()))?;
                self.shown = self.query.columns.len();
            }
            "$select" => {}
            "$filter" => self.query.filter = Some(parse::filter(self.query.resource, value)?),
            "$orderby" => *orders = parse::orders(self.query.resource, value)?,
            "$top" => (self.top, repeat) = (Some(number("$top", value, u64::from(u32::MAX))?), false),
            "$skip" => (self.skip, repeat) = (number("$skip", value, SKIP_MAX)?, false),
            "$count" => {
                repeat = false;
                self.count = match value {
                    "true" => true,
                    "false" => false,
                    _ => return Err(Refusal::new("$count", "true or false").into()),
                };
            }
            "$skiptoken" => {
                repeat = false;
                self.token = Some(Token::parse(value).ok_or_else(unreadable_token)?);
            }
            "$format" => {
                let json = value == "json" || value.starts_with("application/json");
                if !json {
                    return Err(Refusal::new("$format", "json").into());
                }
            }
            "$expand" | "$search" | "$apply" | "$compute" | "$levels" | "$deltatoken" | "$index"
            | "$schemaversion" => return Err(ODataError::NotImplemented(name.to_owned())),
            _ if name.starts_with('$') => {
                return Err(Refusal::new("query", format!("OData has no '{}'", short(name))).into());
            }
            _ => {}
        }
        if repeat {
            self.repeated.push((name.to_owned(), value.to_owned()));
        }
        Ok(())
    }

    /// The columns of the order come after those that are shown, the key last: so no two entities are alike.
    fn order_by(&mut self, orders: &[Order]) {
        if orders.is_empty() {
            return;
        }
        let key = (0, false); // every resource's first column
        let orders: Vec<Order> = orders.iter().copied().chain([key]).collect();
        if self.query.columns.is_empty() {
            self.query.columns = (0..self.shown).collect();
        }
        self.query.columns.extend(orders.iter().map(|(column, _)| column));
        self.falling = Some(orders.into_iter().map(|(_, falling)| falling).collect());
    }
}

fn unreadable_token() -> Refusal {
    Refusal::new("$skiptoken", "only what a next link holds, with the same options")
}

fn number(option: &'static str, value: &str, most: u64) -> Result<u64, Refusal> {
    let number = value.parse().ok().filter(|number| *number <= most);
    number.ok_or_else(|| Refusal::new(option, format!("a whole number up to {most}")))
}

fn short(name: &str) -> String {
    name.chars().take(40).collect()
}
