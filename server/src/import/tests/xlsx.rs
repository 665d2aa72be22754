//! Workbooks as different programs write them, read here and by calamine; and workbooks written here by hand.

use std::io::Write;

use calamine::{Data, Reader, Xlsx};
use cartera_core::model::office::{KnownKind, Value};
use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::*;
use crate::import::limits::{
    PART_BYTES_MAX, PARTS_MAX, SHARED_TEXT_BYTES_MAX, SHARED_TEXTS_MAX, SHEET_BYTES_MAX, STYLES_MAX,
    XML_TOKEN_BYTES_MAX,
};
use crate::import::map::Format;
use crate::import::read::{Cell, Row, Table};
use crate::import::{ImportError, date};

const WORKBOOKS: [(&str, &[u8]); 5] = [
    ("openpyxl", include_bytes!("data/openpyxl.xlsx")),
    ("xlsxwriter", include_bytes!("data/xlsxwriter.xlsx")),
    ("xlsxwriter-1904", include_bytes!("data/xlsxwriter-1904.xlsx")),
    ("inline", include_bytes!("data/inline.xlsx")),
    ("pyexcelerate", include_bytes!("data/pyexcelerate.xlsx")),
];

/// Row number, and cells as text with a mark of their kind.
type Rows = Vec<(u64, Vec<String>)>;

fn read(file: &[u8], sheet: Option<&str>) -> Result<Rows, ImportError> {
    let format = Format { sheet: sheet.map(str::to_owned), ..Format::default() };
    let mut input = Cursor::new(file);
    let table = Table::open(&mut input, &format)?;
    assert!(table.is_workbook());
    let mut rows = table.rows(&mut input)?;
    let (mut row, mut all) = (Row::default(), Vec::new());
    while rows.next(&mut row)? {
        let cells = (0..row.columns()).map(|column| match row.cell(column) {
            Cell::Empty => String::new(),
            Cell::Text(text) => text.to_owned(),
            Cell::Number(number) => format!("number {number}"),
            Cell::Date(days) => format!("day {}", date::to_iso(days)),
            Cell::YesNo(yes) => format!("yes {yes}"),
            Cell::Error(error) => format!("error {error}"),
            Cell::Garbled(text) => format!("garbled {text}"),
        });
        all.push((row.number, cells.collect()));
    }
    Ok(all)
}

/// The same by calamine.
fn read_by_calamine(file: &[u8], sheet: &str) -> Rows {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(file)).unwrap();
    let range = workbook.worksheet_range(sheet).unwrap();
    let first = u64::from(range.start().unwrap().0) + 1;
    let row = |cells: &[Data]| -> Vec<String> {
        let mut cells: Vec<String> = cells
            .iter()
            .map(|cell| match cell {
                Data::Empty => String::new(),
                Data::String(text) => text.trim().to_owned(),
                Data::Float(number) => format!("number {number}"),
                Data::Int(number) => format!("number {number}"),
                Data::Bool(yes) => format!("yes {yes}"),
                Data::DateTime(at) => {
                    let (year, month, day, ..) = at.to_ymd_hms_milli();
                    format!("day {year:04}-{month:02}-{day:02}")
                }
                Data::Error(error) => format!("error {error}"),
                other => panic!("{other:?}"),
            })
            .collect();
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        cells
    };
    let rows = range.rows().enumerate().map(|(index, cells)| (first + index as u64, row(cells)));
    rows.filter(|(_, cells)| !cells.is_empty()).collect()
}

#[test]
fn every_programs_workbook_is_read_as_calamine_reads_it() {
    for (name, file) in WORKBOOKS {
        let rows = read(file, Some("Ventas")).unwrap();
        assert_eq!(rows, read_by_calamine(file, "Ventas"), "{name}");
        assert!(rows.len() >= 3, "{name}");
    }
}

#[test]
fn the_first_visible_sheet_is_taken_and_a_wrong_name_lists_the_right_ones() {
    let (_, file) = WORKBOOKS[0];
    assert_eq!(read(file, None).unwrap(), read(file, Some("Ventas")).unwrap());
    assert_eq!(read(file, Some("oculta")).unwrap(), [(1, vec!["no es esta".to_owned()])]);
    let error = read(file, Some("ventas 2")).unwrap_err();
    assert_eq!(error.code(), "import_no_sheet");
    assert!(error.to_string().contains("oculta, Ventas"), "{error}");
}

#[test]
fn a_workbook_is_imported_with_its_days_formulas_and_errors() {
    let mut memory = with_clients(&["430001", "430002", "430003"]);
    for (name, file) in &WORKBOOKS[..2] {
        let report = import(file, Kind::Sales, &mut memory);
        assert_eq!(report.errors(), 0, "{name}: {}", report.to_text(crate::import::Language::English, 9));
        assert_eq!((report.counts.rows, memory.office.len()), (4, 3), "{name}");
        assert!(report.is_workbook);
    }
    let of = |key: &str| match &memory.office[&(KnownKind::Sale, "erp".to_owned(), key.to_owned())].value {
        Value::Sale(sale) => sale.clone(),
        other => panic!("{other:?}"),
    };
    let first = of("F-1");
    assert_eq!((first.date.to_string().as_str(), first.net, first.lines.len()), ("2026-11-23", 2_453, 2));
    assert_eq!(
        first.lines[1].quantity.unwrap().to_string(),
        "0.3",
        "what Excel shows, not what binary makes of it"
    );
    assert_eq!(first.lines[1].price.unwrap().to_string(), "11.77");
    assert_eq!(of("F-2").date.to_string(), "1900-02-27", "before the leap day that never was");
    assert_eq!(of("F-3").date.to_string(), "1900-03-01");
    // A cell with an error, in a column that is mapped.
    let (_, file) = WORKBOOKS[1];
    let mut mapping = proposed(file, Kind::Sales);
    mapping.columns.insert("description".into(), "Fallo".into());
    let report = import_with(file, &mapping, &mut memory, Options::default()).unwrap();
    assert_eq!(found(&report), [(2, Code::CellError), (6, Code::UnknownArticle)]);
    assert!(report.to_text(crate::import::Language::English, 9).contains("row 2, K Fallo «#DIV/0!»"));
}

#[test]
fn a_number_is_a_day_only_in_a_format_that_shows_one() {
    let styles = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"[Red]yyyy\"/>\
                  <numFmt numFmtId=\"165\" formatCode=\"0 &quot;days&quot;\"/><numFmt numFmtId=\"166\" formatCode=\"0;dd\"/></numFmts>\
                  <cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>\
                  <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"20\"/><xf numFmtId=\"164\"/>\
                  <xf numFmtId=\"165\"/><xf numFmtId=\"166\"/></cellXfs></styleSheet>";
    let cell = |style: u32, serial: &str| format!("<c s=\"{style}\"><v>{serial}</v></c>");
    let cells = [
        (0, "1"),
        (1, "1"),
        (2, "1"),
        (3, "61.9"),
        (4, "1"),
        (5, "1"),
        (9, "1"),
        (1, "60"),
        (1, "0.5"),
        (1, "-1"),
        (1, "9e9"),
    ];
    let row: String = cells.iter().map(|(style, serial)| cell(*style, serial)).collect();
    let file = zip(&[
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
        ("xl/s.xml", sheet(&format!("<row>{row}</row>")).as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
    ]);
    let expected = [
        "number 1",
        "day 1900-01-01",
        "number 1",
        "day 1900-03-01",
        "number 1",
        "number 1",
        "number 1",
        "number 60",
        "number 0.5",
        "number -1",
        "number 9000000000",
    ];
    assert_eq!(rows_of(&file)[0].1, expected);
}

#[test]
fn days_count_from_1904_where_the_workbook_says_so() {
    let rows = read(WORKBOOKS[2].1, None).unwrap();
    assert_eq!(rows[1].1[2], "day 2026-11-23");
}

/// A ZIP archive of these parts.
struct Packed<'a> {
    name: &'a str,
    method: u16,
    crc: u32,
    bytes: u32,
    packed: Vec<u8>,
}

/// Each second part is stored as it is.
fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let packed = parts.iter().enumerate().map(|(index, (name, content))| {
        let stored = index % 2 == 1;
        let packed = if stored {
            content.to_vec()
        } else {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(content).unwrap();
            encoder.finish().unwrap()
        };
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let method = if stored { 0 } else { 8 };
        Packed { name, method, crc: crc.sum(), bytes: content.len() as u32, packed }
    });
    archive(&packed.collect::<Vec<_>>())
}

fn archive(parts: &[Packed<'_>]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for Packed { name, method, crc, bytes, packed } in parts {
        let mut header = Vec::new();
        for field in [0, *method, 0, 0] {
            header.extend(field.to_le_bytes());
        }
        for field in [*crc, packed.len() as u32, *bytes] {
            header.extend(field.to_le_bytes());
        }
        header.extend((name.len() as u16).to_le_bytes());
        header.extend(0u16.to_le_bytes());
        directory.extend(b"PK\x01\x02\x14\0\x14\0");
        directory.extend(&header);
        directory.extend([0; 10]);
        directory.extend((out.len() as u32).to_le_bytes());
        directory.extend(name.as_bytes());
        out.extend(b"PK\x03\x04\x14\0");
        out.extend(&header);
        out.extend(name.as_bytes());
        out.extend(packed);
    }
    let at = out.len() as u32;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend((parts.len() as u16).to_le_bytes());
    out.extend((parts.len() as u16).to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0; 2]);
    out
}

const BOOK: &str =
    r#"<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>"#;
const RELATIONS: &str =
    r#"<Relationships><Relationship Id="a" Type="x/worksheet" Target="/xl/s.xml"/></Relationships>"#;

/// A workbook of one sheet and, perhaps, shared texts.
pub(super) fn workbook(sheet: &str, shared: &str) -> Vec<u8> {
    zip(&[
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
        ("xl/s.xml", sheet.as_bytes()),
        ("xl/sharedStrings.xml", shared.as_bytes()),
    ])
}

pub(super) fn sheet(rows: &str) -> String {
    format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")
}

fn rows_of(file: &[u8]) -> Rows {
    read(file, None).unwrap()
}

fn problem(file: &[u8]) -> String {
    let error = read(file, None).unwrap_err();
    assert_eq!(error.code(), "import_workbook", "{error}");
    error.to_string()
}

#[test]
fn cells_without_references_follow_each_other_and_rows_may_be_left_out() {
    let file = workbook(
        &sheet(
            "<row><c><v>1</v></c><c t=\"s\"><v>1</v></c></row>\
             <row r=\"7\"><c r=\"C7\" t=\"b\"><v>1</v></c></row><row/>\
             <row><c t=\"str\"><f>A1&amp;\"x\"</f><v>a&#x20;&lt;b&gt;</v></c><c t=\"d\"><v>2026-11-23T00:00:00</v></c></row>",
        ),
        "<sst><si><t>no</t></si><si><r><t>un</t></r><rPh><t>ウン</t></rPh><r><t>o</t></r></si></sst>",
    );
    let cells = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        rows_of(&file),
        [
            (1, cells(&["number 1", "uno"])),
            (7, cells(&["", "", "yes true"])),
            (9, cells(&["a <b>", "day 2026-11-23"])),
        ]
    );
}

#[test]
fn a_workbook_that_claims_too_much_is_refused_and_says_where() {
    let shared = |rows: &str, texts: &str| workbook(&sheet(rows), texts);
    let good = "<sst uniqueCount=\"99999999999999999\"><si><t>a</t></si></sst>";
    assert_eq!(
        rows_of(&shared("<row><c t=\"s\"><v>0</v></c></row>", good)).len(),
        1,
        "a count is not believed"
    );
    let no_text = problem(&shared("<row><c t=\"s\"><v>1</v></c></row>", good));
    assert!(no_text.contains("a shared text that is not there"), "{no_text}");
    let laughs = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><sst><si><t>&a;</t></si></sst>";
    assert!(problem(&shared("", laughs)).contains("document type"));
    let deep = "<a>".repeat(100);
    assert!(problem(&shared(&deep, good)).contains("inside each other"));
    let cut = problem(&workbook("<worksheet><sheetData><row><c><v>1</v></c>", good));
    assert!(cut.contains("cut off"), "{cut}");
    let wide = format!("<row><c r=\"A1\"><v>{}</v></c></row>", " ".repeat(700 << 10));
    assert!(problem(&shared(&wide, good)).contains("more than is allowed"));
    let far = shared("<row><c r=\"SS1\"><v>1</v></c></row>", good);
    assert_eq!(read(&far, None).unwrap_err().code(), "import_too_many_columns");
    let below = shared("<row r=\"1048577\"><c><v>1</v></c></row>", good);
    assert_eq!(read(&below, None).unwrap_err().code(), "import_too_many_rows");
    let last = shared("<row r=\"1048576\"><c r=\"SR1048576\"><v>1</v></c></row>", good);
    assert_eq!(rows_of(&last)[0].0, 1_048_576, "the last row and the last column");
}

#[test]
fn a_workbook_at_each_limit_is_read_and_one_past_it_is_not() {
    let styles = |count: usize| {
        let formats = "<xf/>".repeat(count - 1);
        let styles = format!("<styleSheet><cellXfs>{formats}<xf numFmtId=\"14\"/></cellXfs></styleSheet>");
        let sheet = sheet(&format!("<row><c s=\"{}\"><v>46000</v></c></row>", count - 1));
        zip(&[
            ("xl/workbook.xml", BOOK.as_bytes()),
            ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
            ("xl/s.xml", sheet.as_bytes()),
            ("xl/styles.xml", styles.as_bytes()),
        ])
    };
    let texts = |count: usize| {
        let sheet = sheet(&format!("<row><c t=\"s\"><v>{}</v></c></row>", count - 1));
        workbook(&sheet, &format!("<sst>{}<si><t>last</t></si></sst>", "<si/>".repeat(count - 1)))
    };
    let token = |bytes: usize| {
        let text = "a".repeat(bytes);
        workbook(&sheet(&format!("<row><c t=\"str\"><v>{text}</v></c></row>")), "<sst/>")
    };
    let tag = |bytes: usize| {
        let tag = format!("x a='{}'", "a".repeat(bytes - 6));
        workbook(&sheet(&format!("<{tag}></x><row><c><v>1</v></c></row>")), "<sst/>")
    };
    // An element of so many bytes, which says nothing.
    let filler = |bytes: usize| {
        let whole = format!("<a>{}</a>", " ".repeat((64 << 10) - 7));
        let (count, rest) = ((bytes - 7) / whole.len(), (bytes - 7) % whole.len());
        format!("{}<a>{}</a>", whole.repeat(count), " ".repeat(rest))
    };
    let one = "<row><c t=\"s\"><v>0</v></c></row>";
    let (begin, end) = ("<sst><si><t>last</t></si>", "</sst>");
    let texts_of_bytes = |bytes: usize| {
        let texts = format!("{begin}{}{end}", filler(bytes - begin.len() - end.len()));
        // Third, since the second and fourth are not packed.
        zip(&[
            ("xl/workbook.xml", BOOK.as_bytes()),
            ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
            ("xl/sharedStrings.xml", texts.as_bytes()),
            ("xl/s.xml", sheet(one).as_bytes()),
        ])
    };
    let shared = format!("{begin}{end}");
    let parts_with = |book: &str, more: &[String]| {
        let mut parts = vec![
            ("xl/workbook.xml", book.as_bytes().to_vec()),
            ("xl/_rels/workbook.xml.rels", RELATIONS.into()),
            ("xl/s.xml", sheet(one).into()),
            ("xl/sharedStrings.xml", shared.clone().into()),
        ];
        parts.extend(more.iter().map(|name| (name.as_str(), Vec::new())));
        zip(&parts.iter().map(|(name, content)| (*name, content.as_slice())).collect::<Vec<_>>())
    };
    let book_of_bytes = |bytes: usize| {
        parts_with(&BOOK.replace("<sheets>", &format!("{}<sheets>", filler(bytes - BOOK.len()))), &[])
    };
    let parts = |count: usize| {
        parts_with(BOOK, &(4..count).map(|number| format!("{number}.bin")).collect::<Vec<_>>())
    };
    /// A limit, a workbook at so many, and what is said of one past it.
    type Case<'a> = (&'static str, usize, &'a dyn Fn(usize) -> Vec<u8>, &'static str);
    let cases: [Case<'_>; 7] = [
        ("STYLES_MAX", STYLES_MAX, &styles, "cell formats"),
        ("SHARED_TEXTS_MAX", SHARED_TEXTS_MAX, &texts, "texts"),
        ("SHARED_TEXT_BYTES_MAX", SHARED_TEXT_BYTES_MAX as usize, &texts_of_bytes, "more than is allowed"),
        ("PART_BYTES_MAX", PART_BYTES_MAX as usize, &book_of_bytes, "more than is allowed"),
        ("PARTS_MAX", PARTS_MAX, &parts, "too many parts"),
        ("XML_TOKEN_BYTES_MAX, a text", XML_TOKEN_BYTES_MAX, &token, "more than is allowed"),
        ("XML_TOKEN_BYTES_MAX, a tag", XML_TOKEN_BYTES_MAX, &tag, "more than is allowed"),
    ];
    for (name, limit, file, words) in cases {
        let edge = rows_of(&file(limit));
        assert_eq!((edge.len(), edge[0].1.len()), (1, 1), "{name}");
        let cell = edge[0].1[0].get(..12).unwrap_or(&edge[0].1[0]);
        assert!(["day 2025-12-", "last", "aaaaaaaaaaaa", "number 1"].contains(&cell), "{name}: {cell}");
        let past = problem(&file(limit + 1));
        assert!(past.contains(words), "{name}: {past}");
    }
}

#[test]
fn a_sheet_of_the_most_bytes_is_read_and_of_one_more_is_not() {
    // A megabyte that is packed once and stands in the part a thousand times: neither is the whole in memory.
    const CHUNK: usize = 1 << 20;
    let element = |bytes: usize| format!("<a>{}</a>", " ".repeat(bytes - 7));
    let pack = |content: &str, is_last: bool| {
        let mut deflate = flate2::Compress::new(Compression::fast(), false);
        let mut packed = Vec::with_capacity(content.len() + 1024);
        let flush = if is_last { flate2::FlushCompress::Finish } else { flate2::FlushCompress::Full };
        deflate.compress_vec(content.as_bytes(), &mut packed, flush).unwrap();
        let mut crc = flate2::Crc::new();
        crc.update(content.as_bytes());
        (packed, crc)
    };
    let of_bytes = |bytes: u64| {
        let (begin, end) = ("<worksheet><sheetData>", "<row><c><v>1</v></c></row></sheetData></worksheet>");
        let chunks = bytes as usize / CHUNK - 1;
        let rest = element(bytes as usize - chunks * CHUNK - begin.len() - end.len() - (CHUNK / 2));
        let (mut packed, mut crc) = pack(&format!("{begin}{}", element(CHUNK / 4).repeat(2)), false);
        let chunk = pack(&element(CHUNK / 4).repeat(4), false);
        for _ in 0..chunks {
            packed.extend(&chunk.0);
            crc.combine(&chunk.1);
        }
        let (last, last_crc) = pack(&format!("{rest}{end}"), true);
        packed.extend(last);
        crc.combine(&last_crc);
        let part = |name, content: &[u8]| {
            let mut crc = flate2::Crc::new();
            crc.update(content);
            Packed { name, method: 0, crc: crc.sum(), bytes: content.len() as u32, packed: content.to_vec() }
        };
        archive(&[
            part("xl/workbook.xml", BOOK.as_bytes()),
            part("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
            Packed { name: "xl/s.xml", method: 8, crc: crc.sum(), bytes: bytes as u32, packed },
        ])
    };
    assert_eq!(rows_of(&of_bytes(SHEET_BYTES_MAX)).len(), 1);
    assert!(problem(&of_bytes(SHEET_BYTES_MAX + 1)).contains("more than is allowed"));
}

#[test]
fn an_archive_cut_off_at_any_byte_is_an_error() {
    let (_, file) = WORKBOOKS[4];
    for length in 4..file.len() {
        let error = read(&file[..length], None).unwrap_err();
        assert_eq!(error.code(), "import_workbook", "cut at {length}: {error}");
    }
}

#[test]
fn a_part_whose_checksum_is_wrong_or_that_is_not_there_is_an_error() {
    let mut file = workbook(&sheet("<row><c><v>1</v></c></row>"), "<sst/>");
    // The second part is stored, so that its bytes are in the open.
    let place = file.windows(9).position(|bytes| bytes == b"worksheet").unwrap();
    file[place] ^= 1;
    assert!(problem(&file).contains("checksum"), "{}", problem(&file));
    let without =
        zip(&[("xl/workbook.xml", BOOK.as_bytes()), ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes())]);
    assert!(problem(&without).contains("xl/s.xml is missing"));
    assert!(problem(&zip(&[("a", b"b")])).contains("workbook.xml is missing"));
    assert_eq!(read(&zip(&[]), None).unwrap_err().code(), "import_workbook");
}
