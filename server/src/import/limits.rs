//! Every limit of an imported file, in one place. Each is tested at the edge and one past it.

/// Bytes of a CSV file.
pub const CSV_BYTES_MAX: u64 = 512 << 20;
/// Bytes of an XLSX file as it lies on disk.
pub const XLSX_BYTES_MAX: u64 = 64 << 20;
/// Bytes of the sheet that is read, unpacked; it is streamed.
pub const SHEET_BYTES_MAX: u64 = 1 << 30;
/// Bytes of the workbook's table of shared texts, unpacked; it is kept in memory.
pub const SHARED_TEXT_BYTES_MAX: u64 = 96 << 20;
/// Texts in that table.
pub const SHARED_TEXTS_MAX: usize = 2_000_000;
/// Bytes of any other part of a workbook (list of sheets, styles), unpacked.
pub const PART_BYTES_MAX: u64 = 8 << 20;
/// Parts of a workbook.
pub const PARTS_MAX: usize = 4_096;
/// Cell formats of a workbook; Excel allows 65,490.
pub const STYLES_MAX: usize = 65_536;
/// Bytes of one XML tag or run of text: a cell's 32,767 characters, each perhaps written as an entity.
pub const XML_TOKEN_BYTES_MAX: usize = 512 << 10;
/// Rows, titles and blank ones included; as many as a sheet of Excel has.
pub const ROWS_MAX: u64 = 1_048_576;
/// Columns of a row.
pub const COLUMNS_MAX: usize = 512;
/// Bytes of one row's cells together; a CSV row may span lines.
pub const ROW_BYTES_MAX: usize = 1 << 20;
/// Characters of a value as the report quotes it.
pub const QUOTED_CHARS_MAX: usize = 40;
/// Findings that a report lists one by one; the rest are only counted.
pub const FINDINGS_MAX: usize = 10_000;
/// Items (clients, documents) that are staged together.
pub const BATCH_ITEMS: usize = 500;
/// Lines held of sales documents whose lines do not stand together in the file.
pub const OPEN_LINES_MAX: usize = 200_000;
/// Bytes of a mapping file.
pub const MAPPING_BYTES_MAX: usize = 256 << 10;
/// Rows that are looked at to propose a mapping.
pub const SAMPLE_ROWS: usize = 500;
/// Bytes that are looked at to tell the delimiter.
pub const SAMPLE_BYTES: usize = 64 << 10;
