//! Columns that were typed in their source: their values and their texts.

use chrono::{DateTime, NaiveDate};
use polars::prelude::{Column, DataType, StringChunked, TimeUnit};

use super::error::Fault;
use super::names::Words;
use super::typing::Typed;
use crate::task::{Cancelled, Task};

/// Whole numbers beyond this are not exact as f64: they are names.
const EXACT: i64 = 1 << 53;

/// The values of a column by its declared type.
pub(super) fn typed(column: &Column, task: &Task) -> Result<Typed, Fault> {
    let words = Words::of(column.name());
    Ok(match column.dtype() {
        DataType::Boolean => Typed::from_bools(numbers(column)?),
        dtype if dtype.is_integer() && exceeds(column)? => from_texts(&texts(column)?, task)?,
        dtype if dtype.is_primitive_numeric() || dtype.is_decimal() => Typed::from_numbers(numbers(column)?, &words),
        DataType::Duration(unit) => Typed::from_numbers(scaled(column, per_second(*unit))?, &words),
        DataType::Date => Typed::from_seconds(scaled(column, 1.0 / 86_400.0)?),
        DataType::Datetime(unit, _) => Typed::from_seconds(scaled(column, per_second(*unit))?),
        _ => from_texts(&texts(column)?, task)?,
    })
}

fn from_texts(texts: &StringChunked, task: &Task) -> Result<Typed, Cancelled> {
    Typed::from_texts(&texts.iter().collect::<Vec<_>>(), task)
}

/// The column as f64, NaN where it is null.
fn numbers(column: &Column) -> Result<Vec<f64>, Fault> {
    let cast = column.cast(&DataType::Float64)?;
    Ok(cast.f64()?.iter().map(|value| value.unwrap_or(f64::NAN)).collect())
}

/// The physical whole numbers of a column, in units of which there are `per_unit`.
fn scaled(column: &Column, per_unit: f64) -> Result<Vec<f64>, Fault> {
    let physical = column.to_physical_repr();
    Ok(numbers(&physical)?.into_iter().map(|value| value / per_unit).collect())
}

fn per_second(unit: TimeUnit) -> f64 {
    match unit {
        TimeUnit::Nanoseconds => 1e9,
        TimeUnit::Microseconds => 1e6,
        TimeUnit::Milliseconds => 1e3,
    }
}

fn exceeds(column: &Column) -> Result<bool, Fault> {
    let wide = column.cast(&DataType::Int64)?;
    Ok(wide.null_count() != column.null_count() || wide.i64()?.iter().flatten().any(|value| value.abs() > EXACT))
}

/// The column as text: numbers in their shortest form, dates as ISO 8601, null as null.
pub(super) fn texts(column: &Column) -> Result<StringChunked, Fault> {
    let name = column.name().clone();
    let write = |texts: Vec<Option<String>>| {
        let mut texts: StringChunked = texts.into_iter().collect();
        texts.rename(name.clone());
        texts
    };
    Ok(match column.dtype() {
        DataType::Float32 => write(column.f32()?.iter().map(|value| value.map(|value| value.to_string())).collect()),
        DataType::Float64 => write(column.f64()?.iter().map(|value| value.map(|value| value.to_string())).collect()),
        DataType::Date => {
            let days = numbers(&column.to_physical_repr())?;
            write(days.into_iter().map(date).collect())
        }
        DataType::Datetime(unit, zone) => {
            let stamps = column.cast(&DataType::Int64)?;
            let (unit, mark) = (*unit, if zone.is_some() { "Z" } else { "" });
            write(stamps.i64()?.iter().map(|stamp| Some(moment(stamp?, unit)? + mark)).collect())
        }
        DataType::List(_) | DataType::Binary => {
            let series = column.as_materialized_series();
            write(series.iter().map(|value| (!value.is_null()).then(|| value.to_string())).collect())
        }
        _ => column.cast(&DataType::String)?.str()?.clone(),
    })
}

fn date(days: f64) -> Option<String> {
    let days = (!days.is_nan()).then_some(days as i64)?;
    NaiveDate::from_epoch_days(i32::try_from(days).ok()?).map(|date| date.to_string())
}

fn moment(stamp: i64, unit: TimeUnit) -> Option<String> {
    let time = match unit {
        TimeUnit::Nanoseconds => DateTime::from_timestamp_nanos(stamp),
        TimeUnit::Microseconds => DateTime::from_timestamp_micros(stamp)?,
        TimeUnit::Milliseconds => DateTime::from_timestamp_millis(stamp)?,
    };
    Some(time.naive_utc().to_string())
}
