//! Drift: whether a source's rows are still like those that a model was made with.

use std::borrow::Cow;

use super::models;
use crate::error::{Error, Result};
use crate::matrix::{Column, Values};
use crate::model::drift::{self, Change, Drift, Yardstick};
use crate::model::{Distribution, Model, Placed};
use crate::recipe::stats::quantile;
use crate::table::{SourceSpec, Table};
use crate::task::Task;

/// Holds the rows of a source against those of the model.
///
/// # Errors
/// The source cannot be read, has none of the model's columns or too few rows, or the task was cancelled.
pub fn of_source(model: &Model, source: &SourceSpec, task: &Task) -> Result<Drift> {
    of_table(model, &models::load_rows(model, source, task)?, task)
}

/// Holds the rows of a table against those of the model.
///
/// # Errors
/// None of the model's columns is there, too few rows can be placed, or the task was cancelled.
pub fn of_table(model: &Model, table: &Table, task: &Task) -> Result<Drift> {
    let at = |error: Error| error.at(table.source.path.display().to_string());
    let found = model.find(table).map_err(|error| at(error.into()))?;
    let columns: Vec<&Column> = found.columns.iter().map(AsRef::as_ref).collect();
    let placed = model.place(&columns, task).map_err(|error| at(error.into()))?;
    let yardstick = Yardstick::of(model);
    let mut tally = yardstick.empty();
    yardstick.count(model, &columns, &placed, &mut tally).map_err(|error| at(error.into()))?;
    let mut drift = drift::drift(&yardstick, &tally);
    if drift.rows - drift.unplaced < drift::LEAST_ROWS {
        return Err(at(Error::failed(drift.sentence().trim_end_matches('.').to_owned())));
    }
    for moved in drift.moved.iter_mut().filter(|moved| moved.drifted) {
        if let Change::Numbers { .. } = moved.change {
            moved.placed_otherwise = otherwise(model, &columns, &placed, &moved.name, task)?;
        }
    }
    Ok(drift)
}

/// The share of the rows that would be in another segment if a feature was distributed as it was then, each row keeping
/// its rank; `None` where it is made of other columns.
fn otherwise(
    model: &Model,
    columns: &[&Column],
    placed: &[Placed<'_>],
    feature: &str,
    task: &Task,
) -> Result<Option<f64>> {
    let baseline = model.baseline.iter().find(|baseline| baseline.column == feature);
    let Some(Distribution::Numbers { quantiles, .. }) = baseline.map(|baseline| &baseline.distribution) else {
        return Ok(None);
    };
    let as_then = |column: &Column| match &column.values {
        Values::Number(values) if column.name == feature => Some(back(values, quantiles)),
        _ => None,
    };
    let changed: Vec<Cow<'_, Column>> = columns
        .iter()
        .map(|column| match as_then(column) {
            Some(values) => Cow::Owned(Column { name: column.name.clone(), values: Values::Number(values) }),
            None => Cow::Borrowed(*column),
        })
        .collect();
    if changed.iter().all(|column| matches!(column, Cow::Borrowed(_))) {
        return Ok(None);
    }
    let then = model.place(&changed.iter().map(AsRef::as_ref).collect::<Vec<_>>(), task)?;
    let differ = placed.iter().zip(&then).filter(|(now, then)| now.segment != then.segment).count();
    Ok(Some(differ as f64 / placed.len().max(1) as f64))
}

/// The values with their ranks kept and these quantiles; equal values stay equal, missing ones missing.
fn back(values: &[f64], quantiles: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).filter(|&row| !values[row].is_nan()).collect();
    order.sort_unstable_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut back = vec![f64::NAN; values.len()];
    let mut below = 0;
    for tied in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let share = (below as f64 + tied.len() as f64 / 2.0) / order.len() as f64;
        tied.iter().for_each(|&row| back[row] = quantile(quantiles, share));
        below += tied.len();
    }
    back
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_back_by_their_ranks() {
        let quantiles: Vec<f64> = (0..=100).map(f64::from).collect();
        assert_eq!(back(&[7.0, f64::NAN, 5.0, 7.0, 9.0], &quantiles)[..1], [50.0]);
        assert_eq!(back(&[3.0, 1.0], &quantiles), [75.0, 25.0]);
    }
}
