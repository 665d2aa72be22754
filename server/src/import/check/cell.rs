//! One row's cells, each read by its field's form.

use cartera_core::model::Currency;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::import::finding::{Code, Finding, Findings, quote};
use crate::import::kind::{Form, KEY_CHARS_MAX};
use crate::import::map::{Bound, BoundField, Format};
use crate::import::read::{Cell, Row};
use crate::import::value::{self, DateOrder, DecimalMark};

/// A cell's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::import) enum Value {
    Text(String),
    Number(Decimal),
    /// Days since 1970-01-01.
    Day(i32),
    YesNo(bool),
}

/// The values of a row, one for each field of the kind, in its order.
#[derive(Debug)]
pub(in crate::import) struct Values {
    pub(in crate::import) row: u64,
    pub(in crate::import) values: Vec<Option<Value>>,
    /// Some cell is wrong or missing.
    pub(in crate::import) failed: bool,
}

/// What a cell has, and what it breaks: a rule, with the detail that its words need.
type Read = Result<Option<Value>, (Code, Option<String>)>;

/// Reads all mapped cells of a row.
pub(in crate::import) fn read(row: &Row, bound: &Bound, format: &Format, findings: &mut Findings) -> Values {
    let mut values =
        Values { row: row.number, values: Vec::with_capacity(bound.fields.len()), failed: false };
    for field in &bound.fields {
        let mut warning = None;
        let mut read = cell(row, field, format, &mut warning);
        if read == Ok(None)
            && let Some(other) = field.field.instead
            && let Some(other) = bound.fields.iter().find(|bound| bound.field.name == other)
        {
            // What is wrong there is told there.
            read = Ok(cell(row, other, format, &mut None).unwrap_or(None));
        }
        if field.field.required && read == Ok(None) {
            read = Err((Code::Required, None));
        }
        let broken = read.as_ref().err().cloned();
        for (code, detail) in broken.into_iter().chain(warning) {
            findings.add(Finding {
                row: row.number,
                column: field.column,
                field: Some(field.field.name),
                value: field.column.map(|column| shown(row.cell(column))).unwrap_or_default(),
                code,
                detail,
            });
        }
        values.failed |= read.is_err();
        values.values.push(read.unwrap_or(None));
    }
    let is_extra = |column| row.cell(column) != Cell::Empty;
    if !bound.titles.is_empty()
        && let Some(column) = (bound.titles.len()..row.columns()).find(|column| is_extra(*column))
    {
        findings.add(Finding {
            row: row.number,
            column: Some(column),
            field: None,
            value: shown(row.cell(column)),
            code: Code::ExtraCells,
            detail: None,
        });
    }
    values
}

/// The key of a row alone, if it has a right one.
pub(in crate::import) fn key_of(row: &Row, field: &BoundField, format: &Format) -> Option<String> {
    match cell(row, field, format, &mut None) {
        Ok(Some(Value::Text(key))) => Some(key),
        _ => None,
    }
}

fn shown(cell: Cell<'_>) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) | Cell::Error(text) | Cell::Garbled(text) => quote(text),
        Cell::Number(number) => number.to_string(),
        Cell::Date(days) => crate::import::date::to_iso(days),
        Cell::YesNo(yes) => if yes { "1" } else { "0" }.to_owned(),
    }
}

fn cell(
    row: &Row,
    field: &BoundField,
    format: &Format,
    warning: &mut Option<(Code, Option<String>)>,
) -> Read {
    let mut cell = field.column.map_or(Cell::Empty, |column| row.cell(column));
    if cell == Cell::Empty {
        match &field.default {
            Some(default) => cell = Cell::Text(default),
            None => return Ok(None),
        }
    }
    match cell {
        Cell::Error(_) => return Err((Code::CellError, None)),
        Cell::Garbled(_) => return Err((Code::Encoding, None)),
        _ => {}
    }
    if !field.values.is_empty()
        && let Some(meant) = field.values.get(&shown(cell))
    {
        if meant.is_empty() {
            return Ok(None);
        }
        cell = Cell::Text(meant);
    }
    match field.field.form {
        Form::Key => text(cell, KEY_CHARS_MAX, false, warning),
        Form::Text(max) => text(cell, max, false, warning),
        Form::Prose(max) => text(cell, max, true, warning),
        Form::Number { places, min, max } => {
            let Some(number) = number(cell, format.decimal) else { return Err(not_a_number(format.decimal)) };
            if number < Decimal::from(min) {
                return Err((Code::TooSmall, Some(min.to_string())));
            }
            if number > Decimal::from(max) {
                return Err((Code::TooLarge, Some(max.to_string())));
            }
            let rounded = number.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
            if rounded != number {
                *warning = Some((Code::Rounded, Some(rounded.to_string())));
            }
            Ok(Some(Value::Number(rounded)))
        }
        Form::Money => match number(cell, format.decimal) {
            Some(number) => Ok(Some(Value::Number(number))),
            None => Err(not_a_number(format.decimal)),
        },
        Form::Day => match day(cell, format.dates) {
            Some(days) => Ok(Some(Value::Day(days))),
            None => Err((Code::Day, Some(order_name(format.dates).to_owned()))),
        },
        Form::YesNo => {
            let yes = match cell {
                Cell::YesNo(yes) => Some(yes),
                Cell::Text(text) => value::yes_no(text),
                Cell::Number(0.0) => Some(false),
                Cell::Number(1.0) => Some(true),
                _ => None,
            };
            yes.map(|yes| Some(Value::YesNo(yes))).ok_or((Code::YesNo, None))
        }
        Form::Currency => {
            let code = match cell {
                Cell::Text("€") => "EUR".to_owned(),
                Cell::Text(text) => text.to_ascii_uppercase(),
                _ => return Err((Code::Currency, None)),
            };
            let is_known = code.parse::<Currency>().is_ok_and(|currency| currency.exponent().is_some());
            if is_known { Ok(Some(Value::Text(code))) } else { Err((Code::Currency, None)) }
        }
    }
}

fn not_a_number(mark: DecimalMark) -> (Code, Option<String>) {
    let mark = match mark {
        DecimalMark::Comma => ",",
        DecimalMark::Point => ".",
    };
    (Code::Number, Some(mark.to_owned()))
}

const fn order_name(order: DateOrder) -> &'static str {
    match order {
        DateOrder::DayFirst => "dd/mm/yyyy",
        DateOrder::MonthFirst => "mm/dd/yyyy",
        DateOrder::YearFirst => "yyyy/mm/dd",
        DateOrder::Digits => "yyyymmdd",
    }
}

fn text(cell: Cell<'_>, max: usize, lines: bool, warning: &mut Option<(Code, Option<String>)>) -> Read {
    let text = match cell {
        Cell::Text(text) => text.to_owned(),
        // A code in a cell of numbers.
        Cell::Number(number) => {
            value::from_float(number).map_or_else(|| number.to_string(), |n| n.to_string())
        }
        Cell::Date(days) => {
            *warning = Some((Code::DayAsText, None));
            crate::import::date::to_iso(days)
        }
        Cell::YesNo(_) | Cell::Empty | Cell::Error(_) | Cell::Garbled(_) => shown(cell),
    };
    // A character has at most four bytes, so the long are not counted to their end.
    if text.len() > max * 4 || text.len() > max && text.chars().count() > max {
        return Err((Code::TooLong, Some(max.to_string())));
    }
    if !text.contains(char::is_control) {
        return Ok(Some(Value::Text(text)));
    }
    if text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err((Code::ControlCharacter, None));
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Ok(Some(Value::Text(if lines { text } else { text.replace(['\n', '\t'], " ") })))
}

fn number(cell: Cell<'_>, mark: DecimalMark) -> Option<Decimal> {
    match cell {
        Cell::Text(text) => value::decimal(text, mark),
        Cell::Number(number) => value::from_float(number),
        _ => None,
    }
}

fn day(cell: Cell<'_>, order: DateOrder) -> Option<i32> {
    match cell {
        Cell::Date(days) => Some(days),
        Cell::Text(text) => value::day(text, order),
        // 20261123 in a cell of numbers. Other numbers might be days, or anything.
        Cell::Number(number) if order == DateOrder::Digits => {
            crate::import::date::from_digits(&number.to_string())
        }
        _ => None,
    }
}
