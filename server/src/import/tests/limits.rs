//! What a file may hold, at each limit and one past it.

use std::fmt::Write;

use super::xlsx::{sheet, workbook};
use super::*;
use crate::import::limits::{COLUMNS_MAX, OPEN_LINES_MAX, ROW_BYTES_MAX, XML_TOKEN_BYTES_MAX};
use crate::import::map::Format;
use crate::import::read::{Row, Table};

/// Rows of a file, or the code of the error.
fn rows(file: &[u8]) -> Result<u64, &'static str> {
    let mut input = Cursor::new(file);
    let mut read = || {
        let table = Table::open(&mut input, &Format::default())?;
        let mut rows = table.rows(&mut input)?;
        let (mut row, mut count) = (Row::default(), 0);
        while rows.next(&mut row)? {
            count += 1;
        }
        Ok(count)
    };
    read().map_err(|error: ImportError| error.code())
}

#[test]
fn a_row_has_so_many_columns() {
    let csv = |columns: usize| format!("{}\n", vec!["x"; columns].join(";")).repeat(2);
    assert_eq!(rows(csv(COLUMNS_MAX).as_bytes()), Ok(2));
    assert_eq!(rows(csv(COLUMNS_MAX + 1).as_bytes()), Err("import_too_many_columns"));
    let cells = |columns: usize| {
        let cells = "<c><v>1</v></c>".repeat(columns);
        workbook(&sheet(&format!("<row>{cells}</row>")), "<sst/>")
    };
    assert_eq!(rows(&cells(COLUMNS_MAX)), Ok(1));
    assert_eq!(rows(&cells(COLUMNS_MAX + 1)), Err("import_too_many_columns"));
}

#[test]
fn a_row_has_so_many_bytes() {
    let csv = |bytes: usize| format!("a;b\n1;{}\n", "x".repeat(bytes - 1));
    assert_eq!(rows(csv(ROW_BYTES_MAX).as_bytes()), Ok(2));
    assert_eq!(rows(csv(ROW_BYTES_MAX + 1).as_bytes()), Err("import_row_too_long"));

    // In pieces, since one piece of XML is shorter than a row may be.
    let pieces = |bytes: usize, piece: &dyn Fn(&str) -> String| {
        let whole = "x".repeat(XML_TOKEN_BYTES_MAX);
        let mut out = String::new();
        for _ in 0..bytes / XML_TOKEN_BYTES_MAX {
            out.push_str(&piece(&whole));
        }
        if !bytes.is_multiple_of(XML_TOKEN_BYTES_MAX) {
            out.push_str(&piece(&whole[..bytes % XML_TOKEN_BYTES_MAX]));
        }
        out
    };
    let cells = |bytes: usize| {
        let cells = pieces(bytes, &|text| format!("<c t=\"str\"><v>{text}</v></c>"));
        workbook(&sheet(&format!("<row>{cells}</row>")), "<sst/>")
    };
    let runs = |bytes: usize| {
        let runs = pieces(bytes, &|text| format!("<r><t>{text}</t></r>"));
        workbook(&sheet(&format!("<row><c t=\"inlineStr\"><is>{runs}</is></c></row>")), "<sst/>")
    };
    for file in [&cells as &dyn Fn(usize) -> Vec<u8>, &runs] {
        assert_eq!(rows(&file(ROW_BYTES_MAX)), Ok(1));
        assert_eq!(rows(&file(ROW_BYTES_MAX + 1)), Err("import_row_too_long"));
    }
}

#[test]
fn so_many_lines_wait_for_the_rest_of_their_documents() {
    const LINES: usize = 1_000;
    let file = |open: usize| {
        let documents = open.div_ceil(LINES);
        let mut file = String::from("Factura;Cliente;Fecha;Referencia;Cantidad;Precio;Importe;Moneda\n");
        let mut line = |document| writeln!(file, "F{document};C1;23/11/2026;A;1;1;1;EUR").unwrap();
        (0..open).for_each(|number| line(number / LINES));
        (0..documents).for_each(&mut line);
        file.into_bytes()
    };
    let imported = |open: usize| {
        let file = file(open);
        let mut memory = with_clients(&["C1"]);
        import_with(&file, &proposed(&file, Kind::Sales), &mut memory, Options::default())
    };
    let report = imported(OPEN_LINES_MAX).unwrap();
    assert_eq!((report.errors(), report.counts.new), (0, (OPEN_LINES_MAX / LINES) as u64));
    assert_eq!(imported(OPEN_LINES_MAX + 1).unwrap_err().code(), "import_scattered");
}
