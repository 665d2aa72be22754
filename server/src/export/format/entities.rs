//! Entities of one page of an OData answer, as JSON without what stands around them.
//!
//! In the order of the walk they go out as they come. In another order the first so many are kept, with what they are
//! ordered by in columns after those that are shown: memory is bounded by the page, not by the set.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::io;

use serde::{Deserialize, Serialize};

use super::json::{Numbers, value as json};
use crate::export::column::ColumnInfo;
use crate::export::value::{Type, Value};

#[derive(Debug)]
pub(in crate::export) struct Entities {
    /// Columns that are shown; the others are those that entities are ordered by.
    shown: usize,
    numbers: Numbers,
    names: Vec<String>,
    column: usize,
    begin: usize,
    skip: u64,
    /// Never more than these.
    top: u64,
    /// Where a page of the walk's order ends.
    page: u64,
    count: u64,
    order: Option<Ordered>,
}

#[derive(Debug)]
struct Ordered {
    falling: Vec<bool>,
    after: Option<Vec<Key>>,
    keys: Vec<Key>,
    /// The greatest on top.
    kept: BinaryHeap<Kept>,
    most: usize,
    /// There are more than could be kept.
    more: bool,
}

/// A cell that entities are ordered by. What is missing comes first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::export) enum Key {
    Missing,
    Number(i64),
    Text(String),
}

#[derive(Debug, PartialEq, Eq)]
struct Kept {
    keys: Vec<Key>,
    falling: Vec<bool>,
    json: Vec<u8>,
}

impl Ord for Kept {
    fn cmp(&self, other: &Self) -> Ordering {
        compare(&self.falling, &self.keys, &other.keys)
    }
}

impl PartialOrd for Kept {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Keys after those that are named rise.
fn compare(falling: &[bool], left: &[Key], right: &[Key]) -> Ordering {
    let each = left.iter().zip(right).enumerate().map(|(n, (left, right))| {
        if falling.get(n) == Some(&true) { right.cmp(left) } else { left.cmp(right) }
    });
    each.fold(Ordering::Equal, Ordering::then)
}

impl Key {
    fn of(value: &Value<'_>) -> Self {
        match value {
            Value::Null => Self::Missing,
            Value::Int(int) | Value::Instant(int) => Self::Number(*int),
            Value::Date(days) => Self::Number((*days).into()),
            Value::Bool(yes) => Self::Number((*yes).into()),
            Value::Fixed { mantissa, .. } => Self::Number(*mantissa),
            // In the order of numbers: their bits rise with them, once those of negative ones are turned round.
            Value::Float(float) => {
                let bits = float.to_bits() as i64;
                Self::Number(if bits < 0 { bits ^ i64::MAX } else { bits })
            }
            text @ (Value::Text(_) | Value::Id(_)) => Self::Text(text.as_text().into_owned()),
        }
    }
}

impl Entities {
    /// In the walk's order: `skip`, then a page, and never more than `top`.
    pub(in crate::export) fn new(numbers: Numbers, shown: usize, skip: u64, top: u64, page: u64) -> Self {
        let names = Vec::new();
        Self {
            shown,
            numbers,
            names,
            column: 0,
            begin: 0,
            skip,
            top,
            page: page.min(top),
            count: 0,
            order: None,
        }
    }

    /// In the order of the columns after the `shown` ones, from the first that comes behind `after`.
    pub(in crate::export) fn ordered(mut self, falling: Vec<bool>, after: Option<Vec<Key>>) -> Self {
        let most = usize::try_from(self.skip.saturating_add(self.page)).unwrap_or(usize::MAX);
        let kept = BinaryHeap::new();
        self.order = Some(Ordered { falling, after, keys: Vec::new(), kept, most, more: false });
        self
    }

    pub(super) fn begin(&mut self, columns: &[&'static ColumnInfo]) {
        let name = |(n, column): (usize, &&'static ColumnInfo)| {
            format!("{}\"{}\":", if n == 0 { "" } else { "," }, column.name)
        };
        self.names = columns.iter().take(self.shown).enumerate().map(name).collect();
    }

    pub(super) fn is_full(&self) -> bool {
        self.order.is_none() && self.count >= self.page
    }

    pub(super) fn begin_row(&mut self, out: &mut Vec<u8>) {
        self.column = 0;
        self.begin = out.len();
        if let Some(order) = &mut self.order {
            order.keys.clear();
        } else if self.count > 0 {
            out.push(b',');
        }
        out.push(b'{');
    }

    pub(super) fn cell(&mut self, out: &mut Vec<u8>, kind: Type, value: &Value<'_>) {
        if let Some(name) = self.names.get(self.column) {
            out.extend_from_slice(name.as_bytes());
            json(out, kind, value, self.numbers);
        } else if let Some(order) = &mut self.order {
            order.keys.push(Key::of(value));
        }
        self.column += 1;
    }

    pub(super) fn end_row(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        out.push(b'}');
        if let Some(order) = &mut self.order {
            order.keep(out.split_off(self.begin));
        } else if self.skip > 0 {
            self.skip -= 1;
            out.truncate(self.begin);
        } else if self.count >= self.top {
            out.truncate(self.begin);
        } else {
            self.count += 1;
        }
        Ok(())
    }

    /// Entities given.
    pub(in crate::export) fn count(&self) -> u64 {
        self.count
    }

    /// Those that were kept, in order; and, where there are more, the keys after which they come.
    pub(in crate::export) fn sorted(&mut self, out: &mut Vec<u8>) -> Option<Vec<Key>> {
        let order = self.order.as_mut()?;
        let kept = std::mem::take(&mut order.kept).into_sorted_vec();
        let last = kept.last().map(|last| last.keys.clone());
        for entity in kept.into_iter().skip(usize::try_from(self.skip).unwrap_or(usize::MAX)) {
            if self.count > 0 {
                out.push(b',');
            }
            out.extend_from_slice(&entity.json);
            self.count += 1;
        }
        last.filter(|_| order.more)
    }
}

impl Ordered {
    fn keep(&mut self, json: Vec<u8>) {
        let behind = |after: &Vec<Key>| compare(&self.falling, &self.keys, after) == Ordering::Greater;
        if !self.after.as_ref().is_none_or(behind) {
            return;
        }
        self.kept.push(Kept { keys: self.keys.clone(), falling: self.falling.clone(), json });
        if self.kept.len() > self.most {
            self.kept.pop();
            self.more = true;
        }
    }
}
