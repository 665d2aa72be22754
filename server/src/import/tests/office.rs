//! Articles, prices, sales and due items: typed, checked, grouped, compared.

use cartera_core::model::limits::SALE_LINES_MAX;
use cartera_core::model::office::{KnownKind, Sale, SaleSort, Value};

use super::*;
use crate::import::Outcome;
use crate::import::map::Absent;

fn value(memory: &Memory, kind: KnownKind, key: &str) -> Value {
    memory.office[&(kind, "erp".to_owned(), key.to_owned())].value.clone()
}

fn sale(memory: &Memory, key: &str) -> Sale {
    match value(memory, KnownKind::Sale, key) {
        Value::Sale(sale) => sale,
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
    assert_eq!((first.lines.len(), first.net, first.date.to_string().as_str()), (2, 2_500, "2026-11-23"));
    assert_eq!(first.lines[0].quantity, Some(2.into()));
    let about = &memory.office[&(KnownKind::Sale, "erp".to_owned(), "F1".to_owned())].client;
    assert_eq!(about.as_deref(), Some("C1"));
    assert_eq!((sale(&memory, "F2").sort, sale(&memory, "F2").net), (SaleSort::CreditNote, -1_050));
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
    assert_eq!(found(&report), [(2, Code::PositiveCreditNote)]);
    let sale = sale(&memory, "F1");
    assert_eq!(
        (sale.sort, sale.net, sale.currency.to_string().as_str()),
        (SaleSort::CreditNote, 1_050, "EUR")
    );
}

#[test]
fn articles_prices_and_due_items_arrive_typed() {
    let mut memory = with_clients(&["C1"]);
    let report = import(
        b"referencia;descripcion;familia;unidad;iva;precio;moneda;activo\n\
          A;Disco;Rock;ud;21;9,995;EUR;si\nB;Caja;Rock;caja;10;;;no\nC;Funda;Rock;ud;21;;;si\n",
        Kind::Articles,
        &mut memory,
    );
    assert_eq!((found(&report), report.counts.new), (vec![], 3));
    let Value::Article(article) = value(&memory, KnownKind::Article, "A") else { panic!() };
    assert_eq!((article.price, article.withdrawn), (Some("9.995".parse().unwrap()), false));
    assert_eq!(article.tax.as_deref(), Some("IVA21"));
    let Value::Tax(tax) = value(&memory, KnownKind::Tax, "IVA21") else { panic!() };
    assert_eq!((tax.name.as_str(), tax.percent), ("IVA 21 %", 21.into()));
    let Value::Article(article) = value(&memory, KnownKind::Article, "B") else { panic!() };
    assert!(article.withdrawn && article.currency.is_none());
    assert_eq!(memory.office.len(), 5, "three articles, two taxes");

    let report = import(
        b"referencia;cliente;tarifa;cantidad minima;precio;moneda;desde;hasta;dto\n\
          A;C1;;;8,5;EUR;1/1/2026;31/12/2026;\nA;;T1;10;8,25;EUR;;;\nA;;T1;10;8,20;EUR;;;\n\
          A;;;;9;EUR;2/1/2026;1/1/2026;\nA;;;;;EUR;;;5\n;;;;;EUR;;;5\nA;;T2;;;EUR;;;\n",
        Kind::Prices,
        &mut memory,
    );
    let codes = [(4, Code::Duplicate), (5, Code::PeriodReversed), (7, Code::Required), (8, Code::Required)];
    assert_eq!((found(&report), report.counts.new), (codes.to_vec(), 3));

    let report = import(
        b"efecto;cliente;factura;vencimiento;importe;pendiente;moneda;devuelto\n\
          E1;C1;F1;31/12/2026;100;40,5;EUR;no\nE2;C1;F2;31/12/2026;50;;EUR;si\nE3;C1;F3;31/12/2026;50;60;EUR;no\n",
        Kind::DueItems,
        &mut memory,
    );
    assert_eq!(found(&report), [(4, Code::TooLarge)], "more open than was ever due");
    let Value::DueItem(item) = value(&memory, KnownKind::DueItem, "E1") else { panic!() };
    assert_eq!((item.amount.minor, item.open, item.returned), (10_000, 4_050, false));
    let Value::DueItem(item) = value(&memory, KnownKind::DueItem, "E2") else { panic!() };
    assert_eq!((item.amount.minor, item.open, item.returned), (5_000, 5_000, true));
}

#[test]
fn what_winning_clients_cost_arrives_and_what_is_wrong_says_where() {
    let mut memory = Memory::default();
    let file = "concepto;desde;hasta;importe;moneda\n\
        =Feria();1/9/2026;30/9/2026;1.200,50;EUR\nAnuncio;5/9/2026;;99,9;EUR\n\
        Anuncio;5/9/2026;;1;EUR\nMal;30/9/2026;1/9/2026;5;EUR\nMenos;1/9/2026;;-1;EUR\n\
        Sin fecha;;;5;EUR\nSin moneda;1/9/2026;;5;\nTexto;1/9/2026;;mucho;EUR\n";
    let report = import(file.as_bytes(), Kind::Spend, &mut memory);
    let expected = [
        (4, Code::Duplicate),
        (5, Code::PeriodReversed),
        (6, Code::TooSmall),
        (7, Code::Required),
        (8, Code::CurrencyMissing),
        (9, Code::Number),
    ];
    assert_eq!((found(&report), report.counts.new, memory.office.len()), (expected.to_vec(), 2, 2));
    let key = "2026-09-01|2026-09-30|EUR|=Feria()";
    let Value::Spend(spend) = value(&memory, KnownKind::Spend, key) else { panic!() };
    assert_eq!((spend.amount.minor, spend.what.as_deref()), (120_050, Some("=Feria()")));
    let Value::Spend(spend) = value(&memory, KnownKind::Spend, "2026-09-05|2026-09-05|EUR|Anuncio") else {
        panic!()
    };
    assert_eq!((spend.amount.minor, spend.from == spend.to), (9_990, true));
}

#[test]
fn a_document_has_as_many_lines_as_the_model_allows_and_not_one_more() {
    let lines = |count: usize| "F1;C1;23/11/2026;;;;;1,00;EUR\n".repeat(count);
    let mut memory = with_clients(&["C1"]);
    assert_eq!(found(&sales(&lines(SALE_LINES_MAX), &mut memory)), []);
    let report = sales(&lines(SALE_LINES_MAX + 1), &mut memory);
    assert_eq!(found(&report), [(SALE_LINES_MAX as u64 + 2, Code::TooManyLines)]);
    assert_eq!(report.counts.rows_set_aside, SALE_LINES_MAX as u64 + 1);
}

#[test]
fn a_document_that_is_too_large_when_written_is_set_aside() {
    let mut memory = with_clients(&["C1"]);
    let title = "Factura;Cliente;Fecha;Descripcion;Importe;Moneda\n";
    let line = format!("F1;C1;23/11/2026;{};1;EUR\n", "ñ".repeat(200));
    let report = import(format!("{title}{}", line.repeat(1_000)).as_bytes(), Kind::Sales, &mut memory);
    assert_eq!(found(&report), [(1_001, Code::TooLarge)]);
    assert_eq!((report.counts.set_aside, memory.office.len()), (1, 0));
}

#[test]
fn a_key_that_is_repeated_keeps_its_first_row() {
    let mut memory = Memory::default();
    let report = import(b"referencia;descripcion\nA;uno\nA;dos\nB;tres\n", Kind::Articles, &mut memory);
    assert_eq!(found(&report), [(3, Code::Duplicate)]);
    assert_eq!(report.findings.list[0].detail.as_deref(), Some("2"));
    let Value::Article(article) = value(&memory, KnownKind::Article, "A") else { panic!() };
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
