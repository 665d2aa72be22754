//! Articles, prices, sales and due items: typed, checked, grouped, compared.

use rust_decimal::Decimal;

use super::*;
use crate::import::map::Absent;
use crate::import::record::{Record, Sale, SaleType};
use crate::import::{Outcome, date};

fn sale(memory: &Memory, id: &str) -> Sale {
    match &memory.office[&(Kind::Sales, "erp".to_owned(), id.to_owned())] {
        Record::Sale(sale) => sale.clone(),
        other => panic!("{other:?}"),
    }
}

const TITLES: &str = "Factura;Cliente;Fecha;Tipo;Referencia;Cantidad;Precio;Importe;Moneda\n";

fn sales(rows: &str, memory: &mut Memory) -> Report {
    import(format!("{TITLES}{rows}").as_bytes(), Kind::Sales, memory)
}

#[test]
fn lines_of_one_document_are_one_sale_wherever_they_stand() {
    let mut memory = with_clients(&["C1", "C2"]);
    let report = sales(
        "F1;C1;23/11/2026;;A;2;10,50;21,00;EUR\n\
         F2;C2;24/11/2026;Abono;A;-1;10,50;-10,50;EUR\n\
         F1;C1;23/11/2026;;B;1;4;4;EUR\n",
        &mut memory,
    );
    assert_eq!(report.errors(), 0);
    assert_eq!((report.counts.rows, report.counts.new), (3, 2));
    let first = sale(&memory, "F1");
    assert_eq!((first.lines.len(), first.net, first.client.as_str()), (2, 2_500, "C1"));
    assert_eq!(date::to_iso(first.date), "2026-11-23");
    assert_eq!(first.lines[0].quantity, Some(Decimal::from(2)));
    assert_eq!((sale(&memory, "F2").sale_type, sale(&memory, "F2").net), (SaleType::CreditNote, -1_050));
}

#[test]
fn a_line_with_an_error_sets_its_whole_document_aside_and_no_other() {
    let mut memory = with_clients(&["C1"]);
    let report = sales(
        "F1;C1;23/11/2026;;;;;1,00;EUR\n\
         F1;C1;23/11/2026;;;;;uno;EUR\n\
         F1;C1;23/11/2026;;;;;3,00;EUR\n\
         F2;C1;31/02/2026;;;;;3,00;EUR\n\
         F3;C1;23/11/2026;;;;;3,00;EUR\n\
         ;C1;23/11/2026;;;;;3,00;EUR\n",
        &mut memory,
    );
    assert_eq!(found(&report), [(3, Code::Number), (5, Code::Day), (7, Code::Required)]);
    assert_eq!((report.counts.new, report.counts.set_aside, report.counts.rows_set_aside), (1, 3, 5));
    assert_eq!(memory.office.len(), 1);
    let number = &report.findings.list[0];
    assert_eq!((number.column, number.field, number.value.as_str()), (Some(7), Some("net"), "uno"));
}

#[test]
fn lines_that_disagree_on_what_a_document_has_once_are_an_error() {
    let mut memory = with_clients(&["C1", "C2"]);
    let report = sales(
        "F1;C1;23/11/2026;;;;;1,00;EUR\nF1;C2;23/11/2026;;;;;1,00;EUR\n\
         F2;C1;23/11/2026;;;;;1,00;EUR\nF2;C1;23/11/2026;;;;;1,00;USD\n",
        &mut memory,
    );
    assert_eq!(found(&report), [(3, Code::DocumentDiffers), (5, Code::DocumentDiffers)]);
    assert_eq!(report.findings.list[0].detail.as_deref(), Some("2"), "the row of the first line");
    assert_eq!(memory.office.len(), 0);
}

#[test]
fn an_unknown_client_sets_a_sale_aside_and_an_unknown_article_is_a_warning() {
    let mut memory = with_clients(&["C1"]);
    let file = "F1;C9;23/11/2026;;;;;1,00;EUR\nF2;C1;23/11/2026;;X;;;1,00;EUR\n";
    let report = sales(file, &mut memory);
    assert_eq!(found(&report), [(2, Code::UnknownClient), (3, Code::UnknownArticle)]);
    assert_eq!((report.counts.new, report.counts.set_aside), (1, 1));
    // Once the client is there, the same file brings the rest.
    import(b"codigo;nombre\nC9;Nueve\n", Kind::Clients, &mut memory);
    let report = sales(file, &mut memory);
    assert_eq!((report.counts.new, report.counts.unchanged, report.counts.set_aside), (1, 1, 0));
}

#[test]
fn amounts_follow_their_currency_and_rounding_is_told() {
    let mut memory = with_clients(&["C1"]);
    let report = sales(
        "F1;C1;23/11/2026;;;;;1234;JPY\nF2;C1;23/11/2026;;;;;1,2345;KWD\nF3;C1;23/11/2026;;;;;1,00;XYZ\n\
         F4;C1;23/11/2026;;;;;1,00;\n",
        &mut memory,
    );
    assert_eq!(found(&report), [(3, Code::Rounded), (4, Code::Currency), (5, Code::CurrencyMissing)]);
    assert_eq!((sale(&memory, "F1").net, sale(&memory, "F2").net), (1_234, 1_235));
    assert_eq!(report.findings.list[0].detail.as_deref(), Some("1.235"));
}

#[test]
fn a_default_and_a_table_of_values_fill_in_what_the_file_does_not_say() {
    let file = "factura;cliente;fecha;clase doc;importe\nF1;C1;20261123;ZR;10.5\n";
    let mapping = Mapping::parse(
        r#"
        kind = "sales"
        source = "erp"
        [format]
        decimal = "."
        dates = "yyyymmdd"
        [columns]
        document = "factura"
        client = "CLIENTE"
        date = "fecha"
        type = "clase doc"
        net = "importe"
        [defaults]
        currency = "EUR"
        [values.type]
        ZR = "credit-note"
        "#,
    )
    .unwrap();
    let mut memory = with_clients(&["C1"]);
    let report = import_with(file.as_bytes(), &mapping, &mut memory, Options::default()).unwrap();
    assert_eq!(found(&report), []);
    let sale = sale(&memory, "F1");
    assert_eq!((sale.sale_type, sale.net, sale.currency.as_str()), (SaleType::CreditNote, 1_050, "EUR"));
}

#[test]
fn articles_prices_and_due_items_arrive_typed() {
    let mut memory = with_clients(&["C1"]);
    let report = import(
        b"referencia;descripcion;familia;unidad;iva;precio;moneda;activo\nA;Disco;Rock;ud;21;9,995;EUR;si\nB;Caja;Rock;caja;10;;;no\n",
        Kind::Articles,
        &mut memory,
    );
    assert_eq!(found(&report), []);
    let Record::Article(article) = &memory.office[&(Kind::Articles, "erp".into(), "A".into())] else {
        panic!()
    };
    assert_eq!((article.price, article.active), (Some(Decimal::new(9_995, 3)), true));

    let report = import(
        b"referencia;cliente;tarifa;cantidad minima;precio;moneda;desde;hasta\n\
          A;C1;;;8,5;EUR;1/1/2026;31/12/2026\nA;;T1;10;8,25;EUR;;\nA;;T1;10;8,20;EUR;;\nA;;;;9;EUR;2/1/2026;1/1/2026\n",
        Kind::Prices,
        &mut memory,
    );
    assert_eq!(found(&report), [(4, Code::Duplicate), (5, Code::PeriodReversed)]);
    assert_eq!(report.counts.new, 2);

    let report = import(
        b"efecto;cliente;factura;vencimiento;importe;pendiente;moneda;devuelto\n\
          E1;C1;F1;31/12/2026;100;40,5;EUR;no\nE2;C1;F2;31/12/2026;50;;EUR;si\n",
        Kind::DueItems,
        &mut memory,
    );
    assert_eq!(found(&report), []);
    let Record::DueItem(item) = &memory.office[&(Kind::DueItems, "erp".into(), "E1".into())] else {
        panic!()
    };
    assert_eq!((item.amount, item.open, item.returned), (10_000, 4_050, false));
    let Record::DueItem(item) = &memory.office[&(Kind::DueItems, "erp".into(), "E2".into())] else {
        panic!()
    };
    assert_eq!((item.amount, item.open, item.returned), (5_000, 5_000, true));
}

#[test]
fn a_key_that_is_repeated_keeps_its_first_row() {
    let mut memory = Memory::default();
    let report = import(b"referencia;descripcion\nA;uno\nA;dos\nB;tres\n", Kind::Articles, &mut memory);
    assert_eq!(found(&report), [(3, Code::Duplicate)]);
    assert_eq!(report.findings.list[0].detail.as_deref(), Some("2"));
    let Record::Article(article) = &memory.office[&(Kind::Articles, "erp".into(), "A".into())] else {
        panic!()
    };
    assert_eq!(article.name, "uno");
}

#[test]
fn all_or_nothing_stores_nothing_when_a_row_is_wrong() {
    let file = b"referencia;descripcion\nA;uno\nB;\n";
    let mapping = proposed(file, Kind::Articles);
    let mut memory = Memory::default();
    let strict = Options { all_or_nothing: true, ..Options::default() };
    let report = import_with(file, &mapping, &mut memory, strict).unwrap();
    assert_eq!((report.outcome, memory.office.len(), memory.staged()), (Outcome::Refused, 0, 0));
    let report = import_with(b"referencia;descripcion\nA;uno\n", &mapping, &mut memory, strict).unwrap();
    assert_eq!((report.outcome, memory.office.len()), (Outcome::Applied, 1));
}

#[test]
fn a_dry_run_reports_and_stores_nothing() {
    let file = b"referencia;descripcion\nA;uno\nB;\n";
    let mapping = proposed(file, Kind::Articles);
    let mut memory = Memory::default();
    let dry = Options { dry_run: true, ..Options::default() };
    let report = import_with(file, &mapping, &mut memory, dry).unwrap();
    assert_eq!((report.outcome, report.counts.new, report.counts.set_aside), (Outcome::DryRun, 1, 1));
    assert_eq!((report.import, memory.office.len(), memory.staged()), (None, 0, 0));
}

fn articles(codes: impl IntoIterator<Item = u32>) -> Vec<u8> {
    let rows: String = codes.into_iter().map(|code| format!("A{code};nombre\n")).collect();
    format!("referencia;descripcion\n{rows}").into_bytes()
}

#[test]
fn what_a_complete_file_lacks_is_removed() {
    let mut memory = Memory::default();
    let first = articles(0..30);
    let mut mapping = proposed(&first, Kind::Articles);
    mapping.absent = Absent::Remove;
    import_with(&first, &mapping, &mut memory, Options::default()).unwrap();
    let report = import_with(&articles(0..20), &mapping, &mut memory, Options::default()).unwrap();
    assert_eq!((report.counts.removed, report.counts.unchanged, memory.office.len()), (10, 20, 20));
    let again = import_with(&articles(0..20), &mapping, &mut memory, Options::default()).unwrap();
    assert_eq!((again.counts.removed, memory.office.len()), (0, 20));
}

#[test]
fn a_complete_file_that_lacks_most_or_has_unreadable_keys_removes_nothing() {
    let mut memory = Memory::default();
    let first = articles(0..60);
    let mut mapping = proposed(&first, Kind::Articles);
    mapping.absent = Absent::Remove;
    import_with(&first, &mapping, &mut memory, Options::default()).unwrap();
    let report = import_with(&articles(0..5), &mapping, &mut memory, Options::default()).unwrap();
    assert_eq!(found(&report), [(0, Code::NotRemoved)]);
    assert_eq!((report.counts.removed, memory.office.len()), (0, 60));
    let mut unnamed = articles(0..59);
    unnamed.extend_from_slice(b";sin clave\n");
    let report = import_with(&unnamed, &mapping, &mut memory, Options::default()).unwrap();
    assert_eq!(found(&report), [(0, Code::NotRemoved), (61, Code::Required)]);
    // A row with another error still names its key, and so is not absent.
    let mut wrong = articles(0..59);
    wrong.extend_from_slice(b"A59;\n");
    let report = import_with(&wrong, &mapping, &mut memory, Options::default()).unwrap();
    assert_eq!((found(&report), report.counts.removed), (vec![(61, Code::Required)], 0));
    assert_eq!(memory.office.len(), 60);
}
