//! Sales: lines that share a document's number are one document, wherever in the file they stand.

use cartera_core::model::limits::SALE_LINES_MAX;
use cartera_core::model::office::{KnownKind, Sale, SaleLine, SaleSort};

use super::build::{Builder, Prepared, Wanted};
use super::office;
use crate::import::finding::Code;
use crate::import::map::normal_title;
use crate::import::record::{OfficeRecord, Record};
use crate::import::target::Reference;

/// A document that is being collected.
#[derive(Debug, Default)]
pub(in crate::import) struct Group {
    document: Option<Document>,
    wanted: Vec<Wanted>,
    /// The row of the first line.
    row: u64,
    rows: u64,
    failed: bool,
}

#[derive(Debug)]
struct Document {
    key: String,
    client: String,
    sale: Sale,
}

impl Group {
    /// Adds a line; `is_last` when no more will come. A line with an error fails the whole document, and so does one
    /// that differs from the first in what a document has once.
    pub(in crate::import) fn add(
        &mut self,
        mut builder: Builder<'_>,
        row: u64,
        is_last: bool,
    ) -> Option<OfficeRecord> {
        self.rows += 1;
        if self.rows == 1 {
            self.row = row;
        }
        if self.rows == SALE_LINES_MAX as u64 + 1 {
            builder.fail("document", Code::TooManyLines, "", Some(SALE_LINES_MAX.to_string()));
        }
        let taken = if self.failed || builder.failed() { None } else { self.line(&mut builder) };
        self.failed |= taken.is_none();
        if self.failed {
            // From here on only rows are counted.
            self.document = None;
            self.wanted = Vec::new();
            return None;
        }
        self.wanted.extend(builder.take_wanted());
        if !is_last {
            return None;
        }
        let Document { key, client, sale } = self.document.take()?;
        let record = office::record(&mut builder, KnownKind::Sale, key, Some(client), sale);
        self.failed |= record.is_none();
        record
    }

    /// Takes a line in; `None` if it has an error.
    fn line(&mut self, builder: &mut Builder<'_>) -> Option<()> {
        let mut head = head(builder)?;
        let line = line(builder, &head.sale)?;
        let document = match &mut self.document {
            None => {
                builder.want(Reference::Client, Some(&head.client), "client");
                head.sale.net = 0;
                self.document.insert(head)
            }
            Some(first) => {
                let (one, other) = (&first.sale, &head.sale);
                let differs = [
                    ("client", first.client != head.client, head.client.clone()),
                    ("date", one.date != other.date, other.date.to_string()),
                    ("currency", one.currency != other.currency, other.currency.to_string()),
                    ("type", one.sort != other.sort, String::new()),
                ];
                for (field, differs, value) in differs {
                    if differs {
                        builder.fail(field, Code::DocumentDiffers, &value, Some(self.row.to_string()));
                    }
                }
                first
            }
        };
        builder.want(Reference::Article, line.article.as_ref(), "article");
        match document.sale.net.checked_add(line.net) {
            Some(net) => document.sale.net = net,
            None => builder.fail("net", Code::AmountTooLarge, &line.net.to_string(), None),
        }
        document.sale.lines.push(line);
        (!builder.failed()).then_some(())
    }

    pub(in crate::import) const fn rows(&self) -> u64 {
        self.rows
    }

    /// Lines that are kept in memory.
    pub(in crate::import) fn held(&self) -> usize {
        self.document.as_ref().map_or(0, |document| document.sale.lines.len())
    }

    /// The finished document, on its way to storage.
    pub(in crate::import) fn prepare(self, record: OfficeRecord) -> Prepared {
        Prepared {
            record: Record::Office(record),
            beside: None,
            row: self.row,
            rows: self.rows,
            wanted: self.wanted,
        }
    }
}

/// What a document has once, as this line says it.
fn head(builder: &mut Builder<'_>) -> Option<Document> {
    let (key, client, date) = (builder.text("document")?, builder.text("client")?, builder.day("date")?);
    let sort = sort(builder);
    let mut sale = Sale::new(sort, date, builder.currency()?, 0);
    sale.corrects = builder.text("corrects");
    sale.order = builder.text("order");
    sale.voided = builder.yes_no("voided").unwrap_or(false);
    Some(Document { key, client, sale })
}

fn sort(builder: &mut Builder<'_>) -> SaleSort {
    let Some(text) = builder.text("type") else { return SaleSort::Invoice };
    match normal_title(&text).as_str() {
        "invoice" | "factura" | "f" | "fra" | "ticket" => SaleSort::Invoice,
        "delivery note" | "albaran" => SaleSort::DeliveryNote,
        "credit note" | "abono" | "a" | "rectificativa" | "factura rectificativa" | "r" => {
            SaleSort::CreditNote
        }
        "rebate" | "rappel" => SaleSort::Rebate,
        _ => {
            builder.fail("type", Code::UnknownValue, &text, Some("invoice".to_owned()));
            SaleSort::Invoice
        }
    }
}

fn line(builder: &mut Builder<'_>, sale: &Sale) -> Option<SaleLine> {
    let net = builder.money("net", sale.currency)?;
    if sale.sort == SaleSort::CreditNote && net.minor > 0 {
        builder.fail("net", Code::PositiveCreditNote, &net.to_decimal_string(), None);
    }
    let mut line = SaleLine::new(builder.text("article"), net.minor);
    line.description = builder.text("description");
    line.family = builder.text("family");
    line.quantity = builder.decimal("quantity");
    line.unit = builder.text("unit");
    line.price = builder.decimal("unit_price");
    line.discounts = builder.discounts();
    Some(line)
}
