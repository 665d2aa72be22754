//! Offers for people: a table a list.

use std::fmt::Write;

use cartera_core::portfolio::offers::{Bought, Listed};
use cartera_core::strings::{Arg, Language, text as words};

use super::OneClient;
use crate::figures::text::Page;

/// A client's offers, as a person reads them.
pub fn text(of: &OneClient, language: Language) -> String {
    let mut page = Page::new(language);
    let offers = &of.offers;
    let _ = writeln!(page.out, "{} ({})", of.name, of.as_of);
    let counted = |id: &str, name: &str, count: u64| words(language, id, &[(name, Arg::from(count))]).into();
    let looked_at = [
        ("from", offers.from.to_string().into()),
        ("documents", counted("offers-documents", "documents", offers.documents)),
        ("events", counted("offers-days", "events", offers.events)),
    ];
    let looked_at = words(language, "offers-looked_at", &looked_at);
    let _ = writeln!(page.out, "{looked_at}");
    for (heading, list) in
        [("offers-basket", &offers.basket), ("offers-due", &offers.due), ("offers-stopped", &offers.stopped)]
    {
        articles(&mut page, heading, list);
    }
    let too_few = page.count(offers.too_few);
    let _ = writeln!(page.out);
    page.line("offers-too_few", &too_few);
    begin(&mut page, "offers-cross_sell", offers.cross_sell.total);
    for suggested in &offers.cross_sell.items {
        let (rule, clients) = (&suggested.suggestion.rule, suggested.suggestion.clients);
        let args = [
            ("has", suggested.has.as_str().into()),
            ("both", Arg::from(rule.both)),
            ("clients", Arg::from(rule.has_clients)),
            ("all", Arg::from(clients)),
        ];
        let shown = words(language, "offers-rule", &args);
        page.named(&suggested.buys, &shown);
    }
    page.out
}

fn begin(page: &mut Page, heading: &str, total: u64) {
    let (heading, total) = (page.words(heading), page.count(total));
    let _ = writeln!(page.out, "\n{heading}: {total}");
}

fn articles(page: &mut Page, heading: &str, list: &Listed<Bought>) {
    begin(page, heading, list.total);
    for of in &list.items {
        let article = &of.article;
        let quantity = article.quantity.map_or_else(String::new, |quantity| {
            page.decimal(quantity.to_string().parse().unwrap_or_default(), quantity.scale() as usize)
        });
        let gap = page.show(article.rhythm, |rhythm| {
            page.decimal(rhythm.median_gap.days(), usize::from(rhythm.median_gap.0 % 2 == 1))
        });
        let args = [
            ("purchases", Arg::from(article.purchases)),
            ("gap", gap.as_str().into()),
            ("last", article.last.to_string().into()),
            ("quantity", quantity.as_str().into()),
            ("unit", article.unit.as_deref().unwrap_or_default().into()),
        ];
        let mut shown = words(page.language, "offers-article", &args);
        let notes = [
            (article.is_overdue(), "offers-overdue"),
            (!of.on_sale, "offers-not_on_sale"),
            (of.on_sale && of.out_of_stock, "offers-out_of_stock"),
        ];
        for (_, note) in notes.into_iter().filter(|(holds, _)| *holds) {
            let _ = write!(shown, " ({})", page.words(note));
        }
        page.named(&of.name, &shown);
    }
}
