//! Parquet, zstd-compressed, for whoever counts millions of rows.
//!
//! | column | Parquet's type |
//! |---|---|
//! | id, text, phone, word | `BYTE_ARRAY`, String (UTF-8) |
//! | integer | `INT64`: amounts in minor units, with the currency in its own column |
//! | decimal | `FIXED_LEN_BYTE_ARRAY(16)`, Decimal(38, 12): every price and amount as it is, whatever its decimals |
//! | degrees | `DOUBLE` |
//! | boolean | `BOOLEAN` |
//! | date | `INT32`, Date |
//! | instant | `INT64`, Timestamp in microseconds, UTC |
//!
//! Every column is optional: a deleted row has little but its id. Rows wait in memory until a row group of
//! [`GROUP_ROWS_MAX`] rows or [`GROUP_BYTES_MAX`] bytes is full, and go out as one piece. The file's key-value
//! metadata names resource, version and cursor.

use std::fmt;
use std::io;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use cartera_core::model::BusinessDate;
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, FixedLenByteArray};
use parquet::errors::Result;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type as Schema;

use super::Ending;
use crate::export::column::ColumnInfo;
use crate::export::resources::VERSION;
use crate::export::value::{Type, Value};
use crate::export::write;

/// Rows of a row group.
const GROUP_ROWS_MAX: usize = 8_192;
/// Bytes of a row group's texts: with long notes a group is full sooner.
const GROUP_BYTES_MAX: usize = 4 << 20;
/// Decimals of every decimal column: as many as any price may have.
const SCALE: u32 = 12;
const PRECISION: i32 = 38;

pub(in crate::export) struct Parquet {
    file: Option<SerializedFileWriter<Shared>>,
    out: Shared,
    columns: Vec<Buffer>,
    column: usize,
    rows: usize,
    bytes: usize,
}

/// Where the writer writes, and pieces are taken from.
#[derive(Debug, Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

/// A column's cells of the row group that fills; `levels` says of each whether it is there.
struct Buffer {
    levels: Vec<i16>,
    cells: Cells,
}

enum Cells {
    /// One after the other, with where each ends.
    Texts(Vec<u8>, Vec<usize>),
    Longs(Vec<i64>),
    Days(Vec<i32>),
    Decimals(Vec<i128>),
    Doubles(Vec<f64>),
    Truths(Vec<bool>),
}

impl fmt::Debug for Parquet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parquet")
            .field("rows", &self.rows)
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

impl io::Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Parquet {
    pub(super) fn new() -> Self {
        Self { file: None, out: Shared::default(), columns: Vec::new(), column: 0, rows: 0, bytes: 0 }
    }

    pub(super) fn begin(
        &mut self,
        out: &mut Vec<u8>,
        resource: &str,
        columns: &[&'static ColumnInfo],
    ) -> io::Result<()> {
        self.columns = columns.iter().map(|column| Buffer::of(column.kind)).collect();
        self.file = Some(self.open(resource, columns).map_err(io::Error::other)?);
        self.pour(out);
        Ok(())
    }

    fn open(&self, resource: &str, columns: &[&'static ColumnInfo]) -> Result<SerializedFileWriter<Shared>> {
        let fields: Vec<_> =
            columns.iter().map(|column| schema(column).map(Arc::new)).collect::<Result<_>>()?;
        let schema = Schema::group_type_builder(resource).with_fields(fields).build()?;
        let about = |key: &str, value: String| KeyValue::new(format!("cartera.{key}"), value);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
            // For each row group, not for each page: what a file says of itself grows by little.
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_offset_index_disabled(true)
            .set_created_by(concat!("cartera-relay ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_key_value_metadata(Some(vec![
                about("resource", resource.to_owned()),
                about("version", VERSION.to_string()),
            ]))
            .build();
        SerializedFileWriter::new(self.out.clone(), Arc::new(schema), Arc::new(properties))
    }

    pub(super) fn begin_row(&mut self) {
        self.column = 0;
    }

    pub(super) fn cell(&mut self, value: &Value<'_>) {
        if let Some(column) = self.columns.get_mut(self.column) {
            self.bytes += column.push(value);
        }
        self.column += 1;
    }

    pub(super) fn end_row(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        self.rows += 1;
        if self.rows < GROUP_ROWS_MAX && self.bytes < GROUP_BYTES_MAX {
            return Ok(());
        }
        self.end_group().map_err(io::Error::other)?;
        self.pour(out);
        Ok(())
    }

    fn end_group(&mut self) -> Result<()> {
        let Some(file) = self.file.as_mut().filter(|_| self.rows > 0) else { return Ok(()) };
        let mut group = file.next_row_group()?;
        for buffer in &mut self.columns {
            let Some(mut column) = group.next_column()? else { break };
            buffer.write(column.untyped())?;
            column.close()?;
        }
        group.close()?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }

    pub(super) fn end(&mut self, out: &mut Vec<u8>, ending: Ending<'_>) -> io::Result<()> {
        self.end_group().map_err(io::Error::other)?;
        if let Some(mut file) = self.file.take() {
            file.append_key_value_metadata(KeyValue::new(
                "cartera.cursor".to_owned(),
                ending.cursor.to_owned(),
            ));
            file.close().map_err(io::Error::other)?;
        }
        self.pour(out);
        Ok(())
    }

    fn pour(&self, out: &mut Vec<u8>) {
        out.append(&mut self.out.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

fn schema(column: &ColumnInfo) -> Result<Schema> {
    let decimal = LogicalType::decimal(SCALE as i32, PRECISION);
    let instant = LogicalType::timestamp(true, TimeUnit::MICROS);
    let (physical, logical) = match column.kind {
        Type::Id | Type::Text | Type::Phone | Type::Word => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Type::Integer => (Physical::INT64, None),
        Type::Decimal => (Physical::FIXED_LEN_BYTE_ARRAY, Some(decimal)),
        Type::Degrees | Type::Number => (Physical::DOUBLE, None),
        Type::Boolean => (Physical::BOOLEAN, None),
        Type::Date => (Physical::INT32, Some(LogicalType::Date)),
        Type::Instant => (Physical::INT64, Some(instant)),
    };
    let field = Schema::primitive_type_builder(column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical);
    match column.kind {
        Type::Decimal => field.with_length(16).with_scale(SCALE as i32).with_precision(PRECISION).build(),
        _ => field.build(),
    }
}

impl Buffer {
    fn of(kind: Type) -> Self {
        let cells = match kind {
            Type::Id | Type::Text | Type::Phone | Type::Word => Cells::Texts(Vec::new(), Vec::new()),
            Type::Integer | Type::Instant => Cells::Longs(Vec::new()),
            Type::Decimal => Cells::Decimals(Vec::new()),
            Type::Degrees | Type::Number => Cells::Doubles(Vec::new()),
            Type::Boolean => Cells::Truths(Vec::new()),
            Type::Date => Cells::Days(Vec::new()),
        };
        Self { levels: Vec::new(), cells }
    }

    /// How many bytes of text it took.
    fn push(&mut self, value: &Value<'_>) -> usize {
        let mut taken = 0;
        let there = match (&mut self.cells, value) {
            (Cells::Texts(texts, ends), Value::Text(text)) => {
                texts.extend_from_slice(text.as_bytes());
                ends.push(texts.len());
                taken = text.len();
                true
            }
            (Cells::Texts(texts, ends), Value::Id(id)) => {
                write::id(texts, *id);
                ends.push(texts.len());
                taken = 26;
                true
            }
            (Cells::Longs(longs), Value::Int(int)) => {
                longs.push(*int);
                true
            }
            (Cells::Longs(longs), Value::Instant(ms)) => {
                within_calendar(*ms) && {
                    longs.push(*ms * 1000);
                    true
                }
            }
            (Cells::Days(all), Value::Date(days)) => {
                BusinessDate::from_days(*days).is_some() && {
                    all.push(*days);
                    true
                }
            }
            (Cells::Decimals(all), Value::Fixed { mantissa, scale }) if *scale <= SCALE => {
                all.push(i128::from(*mantissa) * 10_i128.pow(SCALE - scale));
                true
            }
            (Cells::Doubles(all), Value::Fixed { mantissa, scale }) => {
                all.push(*mantissa as f64 / 10_i64.pow((*scale).min(18)) as f64);
                true
            }
            (Cells::Doubles(all), Value::Float(float)) => {
                all.push(*float);
                true
            }
            (Cells::Truths(all), Value::Bool(yes)) => {
                all.push(*yes);
                true
            }
            _ => false,
        };
        self.levels.push(there.into());
        taken
    }

    fn write(&mut self, column: &mut ColumnWriter<'_>) -> Result<()> {
        let levels = mem::take(&mut self.levels);
        match (column, &mut self.cells) {
            (ColumnWriter::ByteArrayColumnWriter(column), Cells::Texts(texts, ends)) => {
                let texts = Bytes::from(mem::take(texts));
                let mut from = 0;
                let cells: Vec<ByteArray> = mem::take(ends)
                    .into_iter()
                    .map(|end| ByteArray::from(texts.slice(mem::replace(&mut from, end)..end)))
                    .collect();
                column.write_batch(&cells, Some(&levels), None)?;
            }
            (ColumnWriter::Int64ColumnWriter(column), Cells::Longs(all)) => {
                column.write_batch(&mem::take(all), Some(&levels), None)?;
            }
            (ColumnWriter::Int32ColumnWriter(column), Cells::Days(all)) => {
                column.write_batch(&mem::take(all), Some(&levels), None)?;
            }
            (ColumnWriter::DoubleColumnWriter(column), Cells::Doubles(all)) => {
                column.write_batch(&mem::take(all), Some(&levels), None)?;
            }
            (ColumnWriter::BoolColumnWriter(column), Cells::Truths(all)) => {
                column.write_batch(&mem::take(all), Some(&levels), None)?;
            }
            (ColumnWriter::FixedLenByteArrayColumnWriter(column), Cells::Decimals(all)) => {
                let cells: Vec<FixedLenByteArray> = mem::take(all)
                    .into_iter()
                    .map(|cell| ByteArray::from(cell.to_be_bytes().to_vec()).into())
                    .collect();
                column.write_batch(&cells, Some(&levels), None)?;
            }
            _ => return Err(parquet::errors::ParquetError::General("a column of another type".into())),
        }
        Ok(())
    }
}

/// As for the other formats: the years 1 to 9999.
fn within_calendar(ms: i64) -> bool {
    i32::try_from(ms.div_euclid(24 * 60 * 60 * 1000))
        .is_ok_and(|days| BusinessDate::from_days(days).is_some())
}
