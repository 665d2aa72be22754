//! The same table in every dialect of CSV that programs write.

use super::*;
use cartera_core::model::profile::Scalar;

use crate::import::profile::Row;
use crate::import::{Encoding, Outcome};

const ROWS: &str = "Código;Nombre;Sector;Notas\r\n001;Peña \"El Niño\";1;\r\n2;Café Ñandú;2;dos\r\n";

fn clients_of(file: &[u8]) -> Vec<(String, Row)> {
    let mut memory = Memory::default();
    let report = import(file, Kind::Clients, &mut memory);
    assert_eq!(found(&report), []);
    memory.clients.into_iter().map(|((_, id), row)| (id, row)).collect()
}

fn windows_1252(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| match c {
            '€' => 0x80,
            c => u8::try_from(u32::from(c)).unwrap(),
        })
        .collect()
}

#[test]
fn encodings_delimiters_and_line_ends_make_no_difference() {
    let expected = clients_of(ROWS.as_bytes());
    assert_eq!(expected.len(), 2);
    assert_eq!(expected[0].0, "001", "a code keeps its zeros");
    assert_eq!(expected[0].1.profile["name"], Scalar::Text("Peña \"El Niño\"".into()));
    let with_mark = format!("\u{feff}{ROWS}");
    let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for file in [
        with_mark.clone().into_bytes(),
        windows_1252(ROWS),
        utf_16(&with_mark),
        with_mark.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        ROWS.replace(';', ",").into_bytes(),
        ROWS.replace(';', "\t").into_bytes(),
        ROWS.replace(';', "|").into_bytes(),
        ROWS.replace("\r\n", "\n").into_bytes(),
        ROWS.replace("\r\n", "\r").into_bytes(),
        ROWS.replace("\r\n", "\r\n\r\n\r\n").into_bytes(),
        ROWS.replace(";Café Ñandú;", ";\"Café Ñandú\";").into_bytes(),
        ROWS.replace("001;", "=\"001\";").into_bytes(),
        ROWS.trim_end().as_bytes().to_vec(),
    ] {
        assert_eq!(clients_of(&file), expected, "{}", String::from_utf8_lossy(&file));
    }
}

#[test]
fn rows_are_named_by_the_line_on_which_they_begin() {
    let file = "codigo;nombre;email\n\n1;\"dos\nlíneas\";x\n\n\n2;b;x\n3;c;x\n";
    let report = import(file.as_bytes(), Kind::Clients, &mut Memory::default());
    assert_eq!(found(&report), [(3, Code::Email), (7, Code::Email), (8, Code::Email)]);
}

#[test]
fn a_cell_in_another_encoding_sets_its_row_aside_and_no_other() {
    let mut file = "codigo;nombre\n1;Peñíscola\n2;Ca".as_bytes().to_vec();
    file.push(0xf1);
    file.extend_from_slice("ón\n3;Ávila\n".as_bytes());
    let mut memory = Memory::default();
    let report = import(&file, Kind::Clients, &mut memory);
    assert_eq!(found(&report), [(3, Code::Encoding)]);
    assert_eq!((report.counts.new, report.counts.set_aside, memory.clients.len()), (2, 1, 2));
    assert_eq!(report.findings.list[0].value, "Ca\u{fffd}ón");
}

#[test]
fn the_mapping_may_say_where_the_titles_are_or_that_there_are_none() {
    let with_heading = "Listado de clientes;;\nfecha: 23/11/2026;;\nCodigo;Nombre;\n1;a;\n";
    let mut mapping = Mapping::new(Kind::Clients, "erp");
    mapping.format.header_row = Some(3);
    mapping.columns =
        [("id", "codigo"), ("name", "nombre")].map(|(f, c)| (f.to_owned(), c.to_owned())).into();
    let report =
        import_with(with_heading.as_bytes(), &mapping, &mut Memory::default(), Options::default()).unwrap();
    assert_eq!((report.counts.new, report.errors()), (1, 0));
    mapping.format.header_row = Some(0);
    mapping.columns = [("id", "#1"), ("name", "#2")].map(|(f, c)| (f.to_owned(), c.to_owned())).into();
    let report = import_with(b"1;a\n2;b\n", &mapping, &mut Memory::default(), Options::default()).unwrap();
    assert_eq!((report.counts.rows, report.counts.new), (2, 2));
}

#[test]
fn a_file_that_cannot_be_imported_says_why() {
    let mapping = |text: &str| proposed(text.as_bytes(), Kind::Clients);
    let good = mapping("codigo;nombre\n1;a\n");
    let code = |file: &[u8], mapping: &Mapping| {
        import_with(file, mapping, &mut Memory::default(), Options::default()).unwrap_err().code()
    };
    assert_eq!(code(b"", &good), "import_empty");
    assert_eq!(code(b"\r\n\r\n", &good), "import_empty");
    assert_eq!(code(b"codigo;apellido\n1;a\n", &good), "import_no_column");
    assert_eq!(code(b"codigo;nom\0bre\n1;a\n", &good), "import_binary");
    assert_eq!(code(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", &good), "import_old_workbook");
    assert_eq!(code(b"PK\x03\x04", &good), "import_workbook");
    let mut unmapped = good.clone();
    unmapped.columns.remove("name");
    assert_eq!(code(b"codigo;nombre\n1;a\n", &unmapped), "import_unmapped");
    let mut declared = good;
    declared.format.encoding = Some(Encoding::Windows1252);
    assert_eq!(code(b"codigo;nombre\n1;\x81\n", &declared), "import_encoding");
}

#[test]
fn titles_without_rows_import_nothing() {
    let mut memory = Memory::default();
    let report = import(b"codigo;nombre\n", Kind::Clients, &mut memory);
    assert_eq!((report.counts.rows, report.outcome), (0, Outcome::Applied));
}
