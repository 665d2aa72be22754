//! A proposal: which column is which field, by the titles; how numbers and days are written, by the values.

use super::{Mapping, normal_title};
use crate::import::ImportError;
use crate::import::kind::{Form, Kind};
use crate::import::limits::SAMPLE_ROWS;
use crate::import::read::{Cell, Input, Row, Table};
use crate::import::value::{self, DateOrder, DecimalMark};

/// What a file seems to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub mapping: Mapping,
    /// The columns' titles, mapped or not.
    pub titles: Vec<String>,
    /// Required fields without a column.
    pub missing: Vec<&'static str>,
    /// Titles that are mapped to nothing.
    pub unused: Vec<String>,
}

/// Looks at a file's titles and its first rows.
pub fn propose(input: &mut dyn Input, kind: Kind, source: &str) -> Result<Proposal, ImportError> {
    let mut mapping = Mapping::new(kind, source);
    let table = Table::open(input, &mapping.format)?;
    table.found(&mut mapping.format);
    let mut rows = table.rows(input)?;
    let mut row = Row::default();
    loop {
        if !rows.next(&mut row)? {
            return Err(ImportError::Empty);
        }
        if !row.is_blank() {
            break;
        }
    }
    let titles: Vec<String> = (0..row.columns())
        .map(|column| match row.cell(column) {
            Cell::Text(text) => text.to_owned(),
            _ => String::new(),
        })
        .collect();
    assign(&mut mapping, &titles);

    let columns_of = |wanted: fn(Form) -> bool| -> Vec<usize> {
        let titles_of = kind.fields().iter().filter(|field| wanted(field.form));
        let mapped = titles_of.filter_map(|field| mapping.columns.get(field.name));
        mapped.filter_map(|title| titles.iter().position(|other| other == title)).collect()
    };
    let number_columns = columns_of(|form| matches!(form, Form::Number { .. } | Form::Money));
    let day_columns = columns_of(|form| form == Form::Day);
    let mut numbers = Votes::default();
    let mut days = [0usize; ORDERS.len()];
    for _ in 0..SAMPLE_ROWS {
        if !rows.next(&mut row)? {
            break;
        }
        for &column in &number_columns {
            if let Cell::Text(text) = row.cell(column) {
                numbers.see(text);
            }
        }
        for &column in &day_columns {
            if let Cell::Text(text) = row.cell(column) {
                for (order, votes) in ORDERS.into_iter().zip(&mut days) {
                    *votes += usize::from(value::day(text, order).is_some());
                }
            }
        }
    }
    let delimiter_is_comma = mapping.format.delimiter == Some(super::Delimiter::Comma);
    mapping.format.decimal = numbers.winner().unwrap_or(match delimiter_is_comma {
        true => DecimalMark::Point,
        false => DecimalMark::Comma,
    });
    // The first of the orders that reads the most.
    let best = ORDERS.into_iter().zip(days).rev().max_by_key(|(_, votes)| *votes);
    mapping.format.dates = best.map(|(order, _)| order).unwrap_or_default();

    for (field, value) in DEFAULTS {
        let is_field = kind.fields().iter().any(|other| other.name == field);
        if is_field && !mapping.columns.contains_key(field) && (field != "currency" || kind != Kind::Clients)
        {
            mapping.defaults.insert(field.to_owned(), value.to_owned());
        }
    }
    let used = |title: &String| mapping.columns.values().any(|column| column == title);
    let unused = titles.iter().filter(|title| !title.is_empty() && !used(title)).cloned().collect();
    let fields = kind.fields().iter();
    let missing =
        fields.filter(|f| f.required && !mapping.columns.contains_key(f.name)).map(|f| f.name).collect();
    Ok(Proposal { mapping, titles, missing, unused })
}

/// What is proposed where no column says it; a person sees it in the mapping.
const DEFAULTS: [(&str, &str); 2] = [("country", "ES"), ("currency", "EUR")];

const ORDERS: [DateOrder; 4] =
    [DateOrder::DayFirst, DateOrder::MonthFirst, DateOrder::YearFirst, DateOrder::Digits];

/// Gives each title to the field that knows it best; a title that is known exactly goes before one that only
/// begins with a known one.
fn assign(mapping: &mut Mapping, titles: &[String]) {
    let normal: Vec<String> = titles.iter().map(|title| normal_title(title)).collect();
    let mut taken = vec![false; titles.len()];
    for exactly in [true, false] {
        for field in mapping.kind.fields() {
            if mapping.columns.contains_key(field.name) {
                continue;
            }
            // Earlier titles of a field mean it more surely than later ones.
            let column = field.titles.iter().find_map(|known| {
                normal.iter().enumerate().position(|(column, title)| {
                    let fits = if exactly { title == known } else { extends(title, known) };
                    fits && !taken[column]
                        && titles.iter().filter(|other| **other == titles[column]).count() == 1
                })
            });
            if let Some(column) = column {
                taken[column] = true;
                mapping.columns.insert(field.name.to_owned(), titles[column].clone());
            }
        }
    }
}

/// `fecha factura venta` extends `fecha factura`: the same words, and more after them.
fn extends(title: &str, known: &str) -> bool {
    known.len() >= 4 && title.strip_prefix(known).is_some_and(|rest| rest.starts_with(' '))
}

/// What the values say of the mark before the decimals.
#[derive(Debug, Default)]
struct Votes {
    comma: usize,
    point: usize,
}

impl Votes {
    /// Counts only values that cannot be read both ways: `1,5` and `1.234,50`, not `1.234`.
    fn see(&mut self, text: &str) {
        let read = |mark| value::decimal(text, mark);
        match (read(DecimalMark::Comma), read(DecimalMark::Point)) {
            (Some(_), None) => self.comma += 1,
            (None, Some(_)) => self.point += 1,
            _ => {}
        }
    }

    fn winner(&self) -> Option<DecimalMark> {
        match self.comma.cmp(&self.point) {
            std::cmp::Ordering::Greater => Some(DecimalMark::Comma),
            std::cmp::Ordering::Less => Some(DecimalMark::Point),
            std::cmp::Ordering::Equal => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::import::read::Encoding;

    fn proposal(text: &str, kind: Kind) -> Proposal {
        propose(&mut Cursor::new(text.as_bytes().to_vec()), kind, "erp").unwrap()
    }

    #[test]
    fn spanish_titles_find_their_fields() {
        let text = "Nº factura;Fecha;Cód. Cliente;Referencia;Descripción;Cantidad;Precio;Dto.;Importe;Almacén\n\
                    F-1;23/11/2026;430001;CD-1;Disco;2;10,50;0;21,00;1\n";
        let found = proposal(text, Kind::Sales);
        let columns = &found.mapping.columns;
        for (field, title) in [
            ("document", "Nº factura"),
            ("date", "Fecha"),
            ("client", "Cód. Cliente"),
            ("article", "Referencia"),
            ("description", "Descripción"),
            ("quantity", "Cantidad"),
            ("unit_price", "Precio"),
            ("discount_percent", "Dto."),
            ("net", "Importe"),
        ] {
            assert_eq!(columns.get(field).map(String::as_str), Some(title));
        }
        assert!(found.missing.is_empty());
        assert_eq!(found.unused, ["Almacén"]);
        assert_eq!(found.mapping.format.decimal, DecimalMark::Comma);
        assert_eq!(found.mapping.format.dates, DateOrder::DayFirst);
        assert_eq!(found.mapping.format.encoding, Some(Encoding::Utf8));
    }

    #[test]
    fn english_titles_and_values_find_theirs() {
        let text = "Customer No,Name,VAT number,Address,ZIP,City,Phone\nC1,\"The Shop, Ltd\",GB1,1 High St,AB1,York,01904\n";
        let found = proposal(text, Kind::Clients);
        assert_eq!(found.mapping.columns.len(), 7);
        assert_eq!(found.mapping.format.decimal, DecimalMark::Point);
        let text = "invoice,customer,date,net amount\n1,2,12/31/2026,10.5\n2,3,11/01/2026,1.234\n";
        let found = proposal(text, Kind::Sales);
        assert_eq!(
            (found.mapping.format.decimal, found.mapping.format.dates),
            (DecimalMark::Point, DateOrder::MonthFirst)
        );
    }

    #[test]
    fn what_no_title_names_is_missing() {
        let found = proposal("codigo;telefono\n1;2\n", Kind::Clients);
        assert_eq!(found.missing, ["name"]);
        let found = proposal("importe;importe\n1;2\n", Kind::DueItems);
        assert!(!found.mapping.columns.contains_key("amount"), "two columns of one title are nobody's");
        assert!(matches!(
            propose(&mut Cursor::new(b"\n\n".to_vec()), Kind::Clients, "erp"),
            Err(ImportError::Empty)
        ));
    }
}
