//! Hostile files: whatever the bytes are, an import ends in a report or in an error with a code, without a panic, in
//! bounded memory.
//!
//! The allocator of this binary counts, which is why the tests here are a binary of their own and take turns.

#![allow(clippy::unwrap_used)] // a test that cannot be set up has failed
#![allow(unsafe_code)] // the trait of allocators is unsafe

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::{Cursor, Read, Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard};

use cartera_relay::import::memory::Memory;
use cartera_relay::import::{
    ImportError, Input, Kind, Language, Mapping, Options, Report, limits, propose, run,
};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system's allocator unchanged; only numbers are kept beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Relaxed) + layout.size();
        PEAK.fetch_max(now, Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

static TURN: Mutex<()> = Mutex::new(());

fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The result, and how many bytes were taken on the way at most.
fn peak_of<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = NOW.load(Relaxed);
    PEAK.store(before, Relaxed);
    let result = work();
    (result, PEAK.load(Relaxed) - before)
}

const MIB: usize = 1 << 20;

/// Proposes a mapping, or takes a plain one, and imports into empty storage.
fn import(input: &mut dyn Input, kind: Kind) -> Result<Report, ImportError> {
    let mapping = propose(input, kind, "erp")?.mapping;
    run(input, &mapping, &mut Memory::default(), Options::default(), &mut |_| ControlFlow::Continue(()))
}

/// Some text of so many bytes, made as it is read: the file takes no memory here.
struct Made {
    head: &'static [u8],
    fill: &'static [u8],
    tail: &'static [u8],
    fills: u64,
    at: u64,
}

impl Made {
    fn new(head: &'static str, fill: &'static str, fills: u64, tail: &'static str) -> Self {
        Self { head: head.as_bytes(), fill: fill.as_bytes(), tail: tail.as_bytes(), fills, at: 0 }
    }

    fn length(&self) -> u64 {
        (self.head.len() + self.tail.len()) as u64 + self.fills * self.fill.len() as u64
    }
}

impl Read for Made {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let (head, fill) = (self.head.len() as u64, self.fill.len() as u64);
        let mut count = 0;
        while count < buffer.len() && self.at < self.length() {
            let part = if self.at < head {
                &self.head[self.at as usize..]
            } else if self.at < head + self.fills * fill {
                &self.fill[((self.at - head) % fill) as usize..]
            } else {
                &self.tail[(self.at - head - self.fills * fill) as usize..]
            };
            let taken = part.len().min(buffer.len() - count);
            buffer[count..count + taken].copy_from_slice(&part[..taken]);
            count += taken;
            self.at += taken as u64;
        }
        Ok(count)
    }
}

impl Seek for Made {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(by) => self.length().saturating_add_signed(by),
            SeekFrom::Current(by) => self.at.saturating_add_signed(by),
        };
        Ok(self.at)
    }
}

#[test]
fn a_row_that_never_ends_is_named_by_its_line_and_takes_little_memory() {
    let _turn = turn();
    let fill = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    for (head, fill, fills, line) in [
        ("codigo;nombre\n1;a\n2;", fill, 160_000, 3), // one line of 10 MB
        ("codigo;nombre\n1;\"a\n", "2;b\n", 4_000_000, 2), // a quotation mark that is not closed
        ("codigo;nombre\n", "\"\"", 8_000_000, 2),
        ("codigo;nombre\n\n\n", ";;;;;;;;", 2_000_000, 4),
    ] {
        let mut file = Made::new(head, fill, fills, "");
        let (result, peak) = peak_of(|| import(&mut file, Kind::Clients));
        match result.unwrap_err() {
            ImportError::RowTooLong { line: at, limit } => {
                assert_eq!((at, limit), (line, limits::ROW_BYTES_MAX), "{head:?}");
            }
            ImportError::TooManyColumns { row, .. } => assert_eq!(row, line, "{head:?}"),
            other => panic!("{head:?}: {other}"),
        }
        assert!(peak < 64 * MIB, "{head:?}: {peak} bytes");
    }
}

#[test]
fn a_row_and_a_file_at_their_limits_pass_and_one_past_do_not() {
    let _turn = turn();
    let code =
        |result: Result<Report, ImportError>| result.map(|report| report.counts.rows).map_err(|e| e.code());
    let row = |bytes: usize| {
        let mut file = b"codigo;nombre;otro\n1;a;".to_vec();
        file.resize(file.len() + bytes - 2, b'x');
        file.push(b'\n');
        code(import(&mut Cursor::new(file), Kind::Clients))
    };
    assert_eq!(row(limits::ROW_BYTES_MAX), Ok(1));
    assert_eq!(row(limits::ROW_BYTES_MAX + 1), Err("import_row_too_long"));

    let columns = |count: usize| {
        let titles = format!("codigo;nombre{}\n", ";x".repeat(count - 2));
        code(import(&mut Cursor::new(format!("{titles}1;a\n")), Kind::Clients))
    };
    assert_eq!(columns(limits::COLUMNS_MAX), Ok(1));
    assert_eq!(columns(limits::COLUMNS_MAX + 1), Err("import_too_many_columns"));

    let mapping =
        Mapping::parse("kind = 'articles'\nsource = 'erp'\n[columns]\nid = 'a'\nname = 'b'").unwrap();
    let dry = Options { dry_run: true, ..Options::default() };
    let rows = |count: u64| {
        let mut file = Made::new("a;b\n", "\"\";b\n", count - 1, "");
        let (report, peak) = peak_of(|| {
            run(&mut file, &mapping, &mut Memory::default(), dry, &mut |_| ControlFlow::Continue(()))
        });
        assert!(peak < 64 * MIB, "{peak} bytes");
        code(report)
    };
    assert_eq!(rows(limits::ROWS_MAX), Ok(limits::ROWS_MAX - 1));
    assert_eq!(rows(limits::ROWS_MAX + 1), Err("import_too_many_rows"));

    let mut large = Made::new("codigo;nombre\n", "\n", limits::CSV_BYTES_MAX, "");
    assert_eq!(code(import(&mut large, Kind::Clients)), Err("import_too_large"));
}

#[test]
fn too_many_scattered_documents_are_refused() {
    let _turn = turn();
    let head = "documento;cliente;fecha;importe;moneda\n";
    let scattered = |documents: usize| {
        let lines: String = (0..documents).map(|n| format!("F{n};C;2026-11-23;1;EUR\n")).collect();
        let (result, peak) = peak_of(|| {
            import(&mut Cursor::new(format!("{head}{lines}{lines}")), Kind::Sales).map_err(|e| e.code())
        });
        assert!(peak < 400 * MIB, "{peak} bytes");
        result.map(|report| report.counts.rows_set_aside)
    };
    assert_eq!(scattered(limits::OPEN_LINES_MAX), Ok(2 * limits::OPEN_LINES_MAX as u64));
    assert_eq!(scattered(limits::OPEN_LINES_MAX + 1), Err("import_scattered"));
}

/// A part: its name, and its content before packing.
type Part = (String, Vec<u8>);

/// Packs parts into an archive, declaring that each is of `declared` bytes, or of as many as it is.
fn zip(parts: &[Part], declared: Option<u32>) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in parts {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(content).unwrap();
        let packed = encoder.finish().unwrap();
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let mut header = vec![0, 0, 8, 0, 0, 0, 0, 0];
        for field in [crc.sum(), packed.len() as u32, declared.unwrap_or(content.len() as u32)] {
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
        out.extend(&packed);
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

/// The parts of an archive that is known to be good.
fn unzip(file: &[u8]) -> Vec<Part> {
    let u16_at = |at: usize| usize::from(u16::from_le_bytes([file[at], file[at + 1]]));
    let u32_at = |at: usize| u16_at(at) | u16_at(at + 2) << 16;
    let end = file.windows(4).rposition(|bytes| bytes == b"PK\x05\x06").unwrap();
    let mut at = u32_at(end + 16);
    let mut parts = Vec::new();
    for _ in 0..u16_at(end + 10) {
        let (method, packed, name, local) =
            (u16_at(at + 10), u32_at(at + 20), u16_at(at + 28), u32_at(at + 42));
        let content = local + 30 + u16_at(local + 26) + u16_at(local + 28);
        let content = &file[content..content + packed];
        let mut unpacked = Vec::new();
        match method {
            0 => unpacked.extend(content),
            _ => drop(DeflateDecoder::new(content).read_to_end(&mut unpacked).unwrap()),
        }
        parts.push((String::from_utf8(file[at + 46..at + 46 + name].to_vec()).unwrap(), unpacked));
        at += 46 + name + u16_at(at + 30) + u16_at(at + 32);
    }
    parts
}

fn workbook(sheet: Vec<u8>, shared: Vec<u8>) -> Vec<Part> {
    let book = r#"<workbook xmlns:r="r"><sheets><sheet name="S" r:id="a"/></sheets></workbook>"#;
    let relations =
        r#"<Relationships><Relationship Id="a" Type="x/worksheet" Target="s.xml"/></Relationships>"#;
    vec![
        ("xl/workbook.xml".to_owned(), book.into()),
        ("xl/_rels/workbook.xml.rels".to_owned(), relations.into()),
        ("xl/s.xml".to_owned(), sheet),
        ("xl/sharedStrings.xml".to_owned(), shared),
    ]
}

fn repeated(head: &str, fill: &str, bytes: usize, tail: &str) -> Vec<u8> {
    let mut content = head.as_bytes().to_vec();
    while content.len() < bytes {
        content.extend(fill.as_bytes());
    }
    content.extend(tail.as_bytes());
    content
}

#[test]
fn small_archives_that_unpack_to_much_are_refused_in_bounded_memory() {
    let _turn = turn();
    let no_texts = || b"<sst/>".to_vec();
    let sheet = || b"<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>".to_vec();
    let shared_max = limits::SHARED_TEXT_BYTES_MAX as usize;
    let cases: Vec<(&str, Vec<Part>, usize)> = vec![
        (
            "one text without end",
            workbook(repeated("<worksheet><sheetData><row><c><v>", "11111111", 24 * MIB, ""), no_texts()),
            8,
        ),
        (
            "one tag without end",
            workbook(repeated("<worksheet><sheetData><row><c r=\"", "AAAAAAAA", 24 * MIB, ""), no_texts()),
            8,
        ),
        (
            "attributes without end",
            workbook(repeated("<worksheet><sheetData><row><c ", "a=\"\" ", 24 * MIB, ""), no_texts()),
            8,
        ),
        ("a comment without end", workbook(repeated("<worksheet><!--", "--- ", 24 * MIB, ""), no_texts()), 8),
        (
            "elements without end",
            workbook(repeated("<worksheet><sheetData>", "<a>", 24 * MIB, ""), no_texts()),
            8,
        ),
        (
            "one cell of many texts",
            workbook(
                repeated("<worksheet><sheetData><row><c><is>", "<t>aaaaaaaa</t>", 24 * MIB, ""),
                no_texts(),
            ),
            8,
        ),
        (
            "one row of one cell again and again",
            workbook(
                repeated(
                    "<worksheet><sheetData><row>",
                    "<c r=\"A1\" t=\"str\"><v>aaaaaaaa</v></c>",
                    64 * MIB,
                    "",
                ),
                no_texts(),
            ),
            8,
        ),
        (
            "too many bytes of texts",
            workbook(
                sheet(),
                repeated(
                    "<sst>",
                    "<si><t>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</t></si>",
                    shared_max + MIB,
                    "</sst>",
                ),
            ),
            160,
        ),
        ("too many texts", workbook(sheet(), repeated("<sst>", "<si></si>", shared_max - MIB, "</sst>")), 48),
        (
            "too many sheets",
            {
                let mut parts = workbook(sheet(), no_texts());
                parts[0].1 = repeated(
                    "<workbook><sheets>",
                    "<sheet name=\"S\" id=\"a\"/>",
                    7 * MIB,
                    "</sheets></workbook>",
                );
                parts
            },
            24,
        ),
        (
            "too many formats",
            {
                let mut parts = workbook(sheet(), no_texts());
                parts.push((
                    "xl/styles.xml".into(),
                    repeated(
                        "<styleSheet><numFmts>",
                        "<numFmt numFmtId=\"1\" formatCode=\"d\"/>",
                        9 * MIB,
                        "",
                    ),
                ));
                parts
            },
            8,
        ),
    ];
    for (name, parts, most_mib) in cases {
        for declared in [None, Some(7)] {
            let file = zip(&parts, declared);
            assert!(file.len() < 8 * MIB, "{name}: not small");
            let mut input = Cursor::new(file);
            let (result, peak) = peak_of(|| propose(&mut input, Kind::Articles, "erp").map(|_| ()));
            let error = result.unwrap_err();
            assert!(matches!(error.code(), "import_workbook" | "import_row_too_long"), "{name}: {error}");
            assert!(peak < most_mib * MIB, "{name}: {peak} bytes");
        }
    }
}

#[test]
fn an_archive_of_too_many_parts_is_refused() {
    let _turn = turn();
    let parts = |count: usize| -> Vec<Part> {
        let mut parts = workbook(
            b"<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>".to_vec(),
            b"<sst/>".to_vec(),
        );
        parts.extend((parts.len()..count).map(|n| (format!("p{n}"), Vec::new())));
        parts
    };
    let open = |count| {
        propose(&mut Cursor::new(zip(&parts(count), None)), Kind::Articles, "erp").map_err(|e| e.code())
    };
    assert!(open(limits::PARTS_MAX).is_ok());
    assert_eq!(open(limits::PARTS_MAX + 1), Err("import_workbook"));
}

/// Numbers from a seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ z >> 31) % bound.max(1) as u64) as usize
    }
}

/// Changes some bytes: flipped, overwritten by what hurts, cut out, doubled, cut off.
fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    const HURTFUL: [&[u8]; 24] = [
        b"\0",
        b"\"",
        b";",
        b",",
        b"\t",
        b"\r",
        b"\n",
        b"\r\n",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xc3",
        b"\x81",
        b"<",
        b">",
        b"&",
        b"&#0;",
        b"&#xFFFFFFFF;",
        b"-",
        b"99999999999999999999",
        b"1e309",
        b"NaN",
        b"\xff\xff\xff\xff",
        b"\xe2\x80\xae",
        b"=",
    ];
    for _ in 0..1 + random.below(4) {
        let (at, length) = (random.below(bytes.len() + 1), random.below(24));
        let end = (at + length).min(bytes.len());
        match random.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 => drop(bytes.splice(at..end, HURTFUL[random.below(HURTFUL.len())].iter().copied())),
            2 => drop(bytes.drain(at..end)),
            3 => {
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
            4 => drop(bytes.splice(at..at, HURTFUL[random.below(HURTFUL.len())].iter().copied())),
            _ => bytes.truncate(at),
        }
    }
}

/// Runs one mutant through everything; a report can always be written.
fn survive(file: Vec<u8>, kind: Kind, name: &dyn Fn() -> String) -> bool {
    let (result, peak) = peak_of(|| import(&mut Cursor::new(file), kind));
    assert!(peak < 24 * MIB, "{}: {peak} bytes", name());
    match result {
        Ok(report) => {
            assert_eq!(
                report.to_csv(Language::Spanish).lines().count(),
                report.findings.list.len() + 1,
                "{}",
                name()
            );
            let json: serde_json::Value = serde_json::from_str(&report.to_json(Language::English)).unwrap();
            assert!(json["counts"]["rows"].is_u64());
            assert!(!report.to_text(Language::Spanish, 5).is_empty());
            let c = report.counts;
            assert_eq!(c.changed + c.unchanged + c.removed, 0, "{}", name());
            assert!(c.new + c.rows_set_aside <= c.rows, "{}", name());
            true
        }
        Err(error) => {
            assert!(error.code().starts_with("import_"), "{}: {error}", name());
            assert!(error.to_string().len() < 4_000, "{}", name());
            false
        }
    }
}

const CLIENTS: &str = "Código;Nombre comercial;NIF;Dirección;CP;Población;Latitud;Longitud;Teléfono;Email;Zona;Etiquetas\r\n\
    001;\"Bar \"\"Sol\"\"\";B12345674;Calle Mayor, 1;28001;Madrid;40,4167;-3,7032;910 000 000;a@b.example;N;\"a, b\"\r\n\
    002;Café Ñandú;99999999R;\"Dos\r\nlíneas\";08001;Barcelona;41,38;2,17;;;;\r\n";
const SALES: &str = "Factura;Cliente;Fecha;Tipo;Referencia;Cantidad;Precio;Dto.;Importe;Moneda\n\
    F1;001;23/11/2026;Factura;A-1;2;10,50;5;1.019,95;EUR\nF1;001;23/11/2026;;A-2;-1;3;;-3,00;EUR\n\
    F2;002;2026-11-24;Abono;;;;;(12,5);eur\n";

#[test]
fn fifteen_thousand_mutants_of_csv_end_in_a_report_or_an_error() {
    let _turn = turn();
    let latin: Vec<u8> = CLIENTS.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let wide: Vec<u8> = format!("\u{feff}{SALES}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let seeds: [(&[u8], Kind); 5] = [
        (CLIENTS.as_bytes(), Kind::Clients),
        (SALES.as_bytes(), Kind::Sales),
        (&latin, Kind::Clients),
        (&wide, Kind::Sales),
        (SALES.as_bytes(), Kind::DueItems),
    ];
    let (mut reports, mut errors) = (0, 0);
    for number in 0..15_000u64 {
        let (seed, kind) = seeds[number as usize % seeds.len()];
        let mut mutant = seed.to_vec();
        mutate(&mut mutant, &mut Random(number));
        match survive(mutant, kind, &|| format!("CSV mutant {number}")) {
            true => reports += 1,
            false => errors += 1,
        }
    }
    assert!(reports > 5_000 && errors > 1_000, "{reports} reports, {errors} errors");
}

#[test]
fn mutants_of_workbooks_end_in_a_report_or_an_error() {
    let _turn = turn();
    let seeds: [&[u8]; 4] = [
        include_bytes!("../src/import/tests/data/openpyxl.xlsx"),
        include_bytes!("../src/import/tests/data/xlsxwriter.xlsx"),
        include_bytes!("../src/import/tests/data/inline.xlsx"),
        include_bytes!("../src/import/tests/data/pyexcelerate.xlsx"),
    ];
    // Of the archive's own bytes: most are caught by it.
    for number in 0..4_000u64 {
        let mut mutant = seeds[number as usize % seeds.len()].to_vec();
        mutate(&mut mutant, &mut Random(number));
        survive(mutant, Kind::Sales, &|| format!("archive mutant {number}"));
    }
    // Of the parts, packed anew so that the archive is sound.
    let (mut reports, mut errors) = (0, 0);
    let parts: Vec<Vec<Part>> = seeds.iter().map(|seed| unzip(seed)).collect();
    for number in 0..6_000u64 {
        let mut mutant = parts[number as usize % seeds.len()].clone();
        let mut random = Random(number);
        let interesting = ["sheet", "sharedStrings", "workbook", "styles", ".rels"];
        mutant.retain(|(name, _)| interesting.iter().any(|word| name.contains(word)));
        let index = random.below(mutant.len());
        mutate(&mut mutant[index].1, &mut random);
        match survive(zip(&mutant, None), Kind::Sales, &|| format!("part mutant {number}")) {
            true => reports += 1,
            false => errors += 1,
        }
    }
    assert!(reports > 1_000 && errors > 1_000, "{reports} reports, {errors} errors");
}

#[test]
fn mutants_of_mappings_are_read_or_refused() {
    let _turn = turn();
    let seed = "kind = 'sales'\nsource = 'erp'\nabsent = 'remove'\n[format]\ndelimiter = ';'\ndecimal = ','\nheader_row = 1\n\
                [columns]\ndocument = 'Factura'\nclient = '#2'\ndate = 'Fecha'\nnet = 'Importe'\n[defaults]\ncurrency = 'EUR'\n\
                [values.type]\nA = 'credit-note'\n";
    let mut read = 0;
    for number in 0..5_000u64 {
        let mut mutant = seed.as_bytes().to_vec();
        mutate(&mut mutant, &mut Random(number));
        let Ok(text) = String::from_utf8(mutant) else { continue };
        let Ok(mapping) = Mapping::parse(&text) else { continue };
        read += 1;
        let options = Options { dry_run: true, ..Options::default() };
        let result = run(&mut Cursor::new(SALES), &mapping, &mut Memory::default(), options, &mut |_| {
            ControlFlow::Continue(())
        });
        assert!(result.is_ok() || result.is_err_and(|error| error.code().starts_with("import_")));
    }
    assert!(read > 100, "{read}");
}
