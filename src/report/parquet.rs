//! A table as Parquet: numbers as numbers, whole ones as integers, dates as dates with time, text as text.

use std::io::{self, Write};

use polars::prelude::{
    Column, DataFrame, DataType, Int64Chunked, IntoColumn, NewChunkedArray, ParquetWriter, StringChunked, TimeUnit,
};

use crate::matrix::Values;
use crate::table::{Field, Kind, Table};

/// Writes the values of a table, a missing one as null.
///
/// # Errors
/// They cannot be written.
pub fn write_parquet(table: &Table, out: impl Write) -> io::Result<()> {
    let columns = table.fields.iter().map(column).collect::<Result<Vec<_>, _>>().map_err(io::Error::other)?;
    let mut frame = DataFrame::new(table.rows, columns).map_err(io::Error::other)?;
    ParquetWriter::new(out).finish(&mut frame).map(|_bytes| ()).map_err(io::Error::other)
}

fn column(field: &Field) -> Result<Column, polars::error::PolarsError> {
    let name = field.name().into();
    let rows = field.column.values.len();
    match &field.column.values {
        Values::Text(coded) => {
            Ok(StringChunked::from_iter_options(name, (0..rows).map(|row| coded.get(row))).into_column())
        }
        Values::Number(numbers) => {
            let present = |value: &f64| (!value.is_nan()).then_some(*value);
            let whole = |value: f64| value.fract() == 0.0 && value.abs() < 9e15;
            if field.kind != Kind::Number && numbers.iter().filter_map(present).all(whole) {
                let values = numbers.iter().map(|value| present(value).map(|value| value as i64));
                let whole = Int64Chunked::from_iter_options(name, values).into_column();
                return if field.kind == Kind::Date { moments(&whole) } else { Ok(whole) };
            }
            Ok(polars::prelude::Float64Chunked::from_iter_options(name, numbers.iter().map(present)).into_column())
        }
    }
}

/// Whole seconds as dates with time.
fn moments(seconds: &Column) -> Result<Column, polars::error::PolarsError> {
    (seconds * 1000).cast(&DataType::Datetime(TimeUnit::Milliseconds, None))
}
