//! Where values are missing: in which stretches of the rows, and in which columns at once.

use std::collections::BTreeMap;

use super::values::{GapColumn, GapPattern, Gaps};
use crate::matrix::Values;
use crate::table::{Field, Table};
use crate::task::{Cancelled, Task};

/// Stretches that the rows are cut into at most: more cells than a screen has.
const STRETCHES: usize = 480;
/// Combinations that are told.
const PATTERNS: usize = 50;
/// Columns whose gaps are held against each other; those with the most.
const COLUMNS: usize = 128;
/// Rows between two looks at the task.
const CHUNK: usize = 1 << 16;

/// Where values of the table are missing, and which go missing together. Time O(rows × columns with gaps).
///
/// # Errors
/// [`Cancelled`] where the task is.
pub fn gaps(table: &Table, task: &Task) -> Result<Gaps, Cancelled> {
    let mut fields: Vec<&Field> = table.fields.iter().filter(|field| field.missing > 0).collect();
    fields.sort_by_key(|field| std::cmp::Reverse(field.missing));
    let mut columns = Vec::with_capacity(fields.len());
    for field in &fields {
        task.check()?;
        let (column, missing) = (field.name().to_owned(), field.missing);
        columns.push(GapColumn { column, missing, shares: shares(&field.column.values, table.rows) });
    }
    fields.truncate(COLUMNS);
    let mut counts = combinations(&fields, table.rows, task)?;
    let complete = counts.remove(&0).unwrap_or(0);
    let mut patterns: Vec<GapPattern> = counts.into_iter().map(|(lacks, rows)| pattern(lacks, rows)).collect();
    patterns.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.columns.cmp(&b.columns)));
    let others = patterns.len().saturating_sub(PATTERNS);
    patterns.truncate(PATTERNS);
    Ok(Gaps { columns, patterns, others, complete })
}

fn shares(values: &Values, rows: usize) -> Vec<f64> {
    let stretches = rows.min(STRETCHES);
    let edge = |stretch: usize| stretch * rows / stretches;
    let share = |stretch: usize| {
        let range = edge(stretch)..edge(stretch + 1);
        let length = range.len() as f64;
        range.filter(|&row| values.is_missing(row)).count() as f64 / length
    };
    (0..stretches).map(share).collect()
}

/// How many rows lack which columns: bit i is set where the i-th has no value.
fn combinations(fields: &[&Field], rows: usize, task: &Task) -> Result<BTreeMap<u128, usize>, Cancelled> {
    let mut counts = BTreeMap::new();
    if fields.is_empty() {
        return Ok(BTreeMap::from([(0, rows)]));
    }
    for start in (0..rows).step_by(CHUNK) {
        task.check()?;
        for row in start..(start + CHUNK).min(rows) {
            let bit = |(at, field): (usize, &&Field)| u128::from(field.column.values.is_missing(row)) << at;
            *counts.entry(fields.iter().enumerate().map(bit).sum()).or_insert(0) += 1;
        }
    }
    Ok(counts)
}

fn pattern(lacks: u128, rows: usize) -> GapPattern {
    GapPattern { columns: (0..COLUMNS).filter(|at| lacks >> at & 1 == 1).collect(), rows }
}
