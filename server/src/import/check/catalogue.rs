//! Articles with their taxes, and prices.

use cartera_core::model::office::{Article, KnownKind, Price, Tax};

use super::build::Builder;
use super::office;
use crate::import::finding::Code;
use crate::import::record::OfficeRecord;
use crate::import::target::Reference;

/// An article, and the tax that it names: files say a percentage, and the model knows taxes by their codes.
pub(super) fn article(builder: &mut Builder<'_>) -> (Option<OfficeRecord>, Option<OfficeRecord>) {
    let key = builder.text("id").unwrap_or_default();
    let mut article = Article::new(builder.text("name").unwrap_or_default());
    article.family = builder.text("family");
    article.unit = builder.text("unit");
    article.priced_unit = builder.text("priced_unit");
    article.units_per_case = builder.decimal("units_per_case").filter(|number| !number.is_zero());
    article.multiple = builder.decimal("multiple").filter(|number| !number.is_zero());
    article.ean = builder.text("ean");
    article.price = builder.decimal("price");
    if article.price.is_some() {
        article.currency = builder.currency();
    }
    article.withdrawn = !builder.yes_no("active").unwrap_or(true);
    article.out_of_stock = builder.yes_no("out_of_stock").unwrap_or(false);
    article.note = builder.text("note");
    let (code, percent) = (builder.text("tax"), builder.decimal("tax_percent"));
    let tax = percent.and_then(|percent| {
        let code = code.clone().unwrap_or_else(|| format!("IVA{percent}"));
        article.tax = Some(code.clone());
        let tax = Tax::new(format!("IVA {percent} %"), percent);
        office::record(builder, KnownKind::Tax, code, None, tax)
    });
    article.tax = article.tax.or(code);
    (office::record(builder, KnownKind::Article, key, None, article), tax)
}

pub(super) fn price(builder: &mut Builder<'_>) -> Option<OfficeRecord> {
    let mut price = Price::new(builder.currency()?);
    price.article = builder.text("article");
    price.family = builder.text("family");
    price.price_list = builder.text("price_list");
    price.price = builder.decimal("price");
    price.discounts = builder.discounts();
    price.min_quantity = builder.decimal("min_quantity").filter(|quantity| !quantity.is_zero());
    price.from = builder.day("from");
    price.until = builder.day("until");
    price.net = builder.yes_no("net").unwrap_or(false);
    price.version = builder.text("version");
    price.promotion = builder.text("promotion");
    if let (Some(from), Some(until)) = (price.from, price.until)
        && until < from
    {
        builder.fail("until", Code::PeriodReversed, &until.to_string(), None);
        return None;
    }
    for (field, is_missing) in [
        ("article", price.article.is_none() && price.family.is_none()),
        ("price", price.price.is_none() && price.discounts.is_empty()),
    ] {
        if is_missing && !builder.failed() {
            builder.fail(field, Code::Required, "", None);
        }
    }
    let client = builder.text("client");
    builder.want(Reference::Client, client.as_ref(), "client");
    builder.want(Reference::Article, price.article.as_ref(), "article");
    let key = builder.text("id").unwrap_or_else(|| condition(client.as_deref(), &price));
    office::record(builder, KnownKind::Price, key, client, price)
}

/// Names what a price is for: two rows for the same would overrule each other.
fn condition(client: Option<&str>, price: &Price) -> String {
    let whom = match (client, &price.price_list) {
        (Some(client), _) => format!("c:{client}"),
        (None, Some(list)) => format!("l:{list}"),
        (None, None) => "*".to_owned(),
    };
    let what = match (&price.article, &price.family) {
        (Some(article), _) => format!("a:{article}"),
        (None, family) => format!("f:{}", family.as_deref().unwrap_or_default()),
    };
    let quantity = price.min_quantity.map(|quantity| quantity.to_string()).unwrap_or_default();
    let from = price.from.map(|from| from.to_string()).unwrap_or_default();
    format!("{what}|{whom}|{quantity}|{from}|{}", price.currency)
}
