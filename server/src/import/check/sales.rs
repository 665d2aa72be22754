//! Sales: lines that share a document's number are one document, wherever in the file they stand.

use super::build::{Builder, Prepared, Wanted};
use crate::import::date;
use crate::import::finding::Code;
use crate::import::limits::DOCUMENT_LINES_MAX;
use crate::import::map::normal_title;
use crate::import::record::{Record, Sale, SaleLine, SaleType};
use crate::import::target::Reference;

/// A document that is being collected.
#[derive(Debug, Default)]
pub(in crate::import) struct Group {
    sale: Sale,
    wanted: Vec<Wanted>,
    row: u64,
    rows: u64,
    failed: bool,
}

impl Group {
    /// Adds a line. A line with an error fails the whole document, and so does one that differs from the first in
    /// what a document has once.
    pub(in crate::import) fn add(&mut self, mut builder: Builder<'_>, row: u64) {
        let line_head = head(&mut builder);
        self.rows += 1;
        if self.rows == 1 {
            self.row = row;
        }
        if self.rows > DOCUMENT_LINES_MAX as u64 {
            if self.rows == DOCUMENT_LINES_MAX as u64 + 1 {
                builder.fail(
                    "document",
                    Code::TooManyLines,
                    &line_head.id,
                    Some(DOCUMENT_LINES_MAX.to_string()),
                );
            }
            self.fail();
            return;
        }
        let line = line(&mut builder, &line_head.currency);
        if self.rows == 1 {
            self.wanted.push(Wanted {
                what: Reference::Client,
                key: line_head.client.clone(),
                row,
                field: "client",
            });
            self.sale = line_head;
        } else if !builder.failed() && !self.failed {
            let first = self.row.to_string();
            let (sale, head) = (&self.sale, &line_head);
            let differs = [
                ("client", sale.client != head.client, head.client.clone()),
                ("date", sale.date != head.date, date::to_iso(head.date)),
                ("currency", sale.currency != head.currency, head.currency.clone()),
                ("type", sale.sale_type != head.sale_type, String::new()),
            ];
            for (field, differs, value) in differs {
                if differs {
                    builder.fail(field, Code::DocumentDiffers, &value, Some(first.clone()));
                }
            }
        }
        if let Some(article) = &line.article {
            self.wanted.push(Wanted {
                what: Reference::Article,
                key: article.clone(),
                row,
                field: "article",
            });
        }
        match self.sale.net.checked_add(line.net) {
            Some(net) => self.sale.net = net,
            None => builder.fail("net", Code::AmountTooLarge, &line.net.to_string(), None),
        }
        if builder.failed() {
            self.fail();
        } else if !self.failed {
            self.sale.lines.push(line);
        }
    }

    /// From here on only rows are counted.
    fn fail(&mut self) {
        self.failed = true;
        self.sale.lines = Vec::new();
        self.wanted = Vec::new();
    }

    pub(in crate::import) const fn rows(&self) -> u64 {
        self.rows
    }

    /// Lines that are kept in memory.
    pub(in crate::import) fn held(&self) -> usize {
        self.sale.lines.len()
    }

    /// The document; `None` if any of its lines has an error.
    pub(in crate::import) fn finish(self) -> Option<Prepared> {
        if self.failed {
            return None;
        }
        let record = Record::Sale(self.sale);
        Some(Prepared { record, rows: self.rows, wanted: self.wanted })
    }
}

/// What a document has once, as this line says it.
fn head(builder: &mut Builder<'_>) -> Sale {
    Sale {
        id: builder.text("document").unwrap_or_default(),
        client: builder.text("client").unwrap_or_default(),
        date: builder.day("date").unwrap_or_default(),
        sale_type: sale_type(builder),
        corrects: builder.text("corrects"),
        order: builder.text("order"),
        currency: builder.currency().unwrap_or_default(),
        net: 0,
        lines: Vec::new(),
    }
}

fn sale_type(builder: &mut Builder<'_>) -> SaleType {
    let Some(text) = builder.text("type") else { return SaleType::Invoice };
    match normal_title(&text).as_str() {
        "invoice" | "factura" | "f" | "fra" | "albaran" | "delivery note" | "ticket" => SaleType::Invoice,
        "credit note" | "abono" | "a" | "rectificativa" | "factura rectificativa" | "r" => {
            SaleType::CreditNote
        }
        _ => {
            builder.fail("type", Code::UnknownValue, &text, Some("invoice".to_owned()));
            SaleType::Invoice
        }
    }
}

fn line(builder: &mut Builder<'_>, currency: &str) -> SaleLine {
    SaleLine {
        article: builder.text("article"),
        description: builder.text("description"),
        family: builder.text("family"),
        quantity: builder.number("quantity"),
        unit: builder.text("unit"),
        unit_price: builder.number("unit_price"),
        discount_percent: builder.number("discount_percent").filter(|percent| !percent.is_zero()),
        net: builder.minor("net", currency).unwrap_or_default(),
    }
}
