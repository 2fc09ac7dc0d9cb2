//! Features that say the same, and columns that tell an outcome.

use std::collections::BTreeMap;

use super::super::figures::counted;
use super::super::values::{Field, Finding, FindingKind, Kind, Remedy, Role, Severity, Shape, Table};
use super::note;
use crate::matrix::Values;
use crate::task::{Cancelled, Task};

/// From this correlation on two features say nearly the same.
const SAME: f64 = 0.95;
/// A column that tells so many rows' outcome rightly is known only when the outcome is.
const TELLS: f64 = 0.98;
/// It must tell this share of what the most frequent outcome leaves open.
const LIFT: f64 = 0.8;
/// Rows that are looked at; of more every n-th.
const ROWS: usize = 100_000;
/// Rows below which nothing is said.
const ENOUGH: usize = 30;
/// A column of more values than this tells single rows, not outcomes.
const LEVELS: usize = 50;

/// What pairs of columns say about each other.
pub(super) fn check(table: &Table, task: &Task) -> Result<Vec<Finding>, Cancelled> {
    if table.rows < ENOUGH || matches!(table.shape, Shape::OrderLines { .. }) {
        return Ok(Vec::new());
    }
    let mut found = collinear(table, task)?;
    for field in table.fields.iter().filter(|field| can_leak(field)) {
        task.check()?;
        found.extend(leak(table, field));
    }
    Ok(found)
}

/// Every n-th row, so that at most [`ROWS`] are looked at.
fn sampled(rows: usize) -> impl Iterator<Item = usize> {
    (0..rows).step_by(rows.div_ceil(ROWS).max(1))
}

/// A feature that is over again what an earlier one is, each held against those that are not.
fn collinear(table: &Table, task: &Task) -> Result<Vec<Finding>, Cancelled> {
    let is_feature = |field: &&Field| field.role == Role::Cluster && field.distinct > 2;
    let features: Vec<(&Field, Vec<f64>)> =
        table.fields.iter().filter(is_feature).filter_map(|field| Some((field, picked(field)?))).collect();
    let (mut found, mut kept) = (Vec::new(), Vec::<&(&Field, Vec<f64>)>::new());
    for feature in &features {
        task.check()?;
        let (field, values) = feature;
        let mut pairs = kept.iter().map(|(other, others)| (other, pearson(others, values)));
        match pairs.find(|(_, r)| r.abs() >= SAME) {
            Some((other, r)) => found.push(same(table, other, field, r)),
            None => kept.push(feature),
        }
    }
    Ok(found)
}

fn picked(field: &Field) -> Option<Vec<f64>> {
    let numbers = field.column.values.numbers()?;
    Some(sampled(numbers.len()).map(|row| numbers[row]).collect())
}

fn same(table: &Table, other: &Field, field: &Field, r: f64) -> Finding {
    let like = if r.abs() >= 0.9995 { "as" } else { "nearly as" };
    let message = format!("{like} {} (r = {r:.3}): counts twice", other.name());
    let role = |role| Remedy::SetRole { column: field.name().to_owned(), role };
    note(FindingKind::Collinear, Some(field.name()), table.rows, message)
        .severe(Severity::Warning)
        .with_examples([other.name().to_owned()])
        .with_remedies([role(Role::Describe), role(Role::Ignore)])
        .by_default("both are clustered on")
}

/// Pearson's correlation over the rows where both have a value; 0 where one of them does not vary.
fn pearson(a: &[f64], b: &[f64]) -> f64 {
    let both = || a.iter().zip(b).filter(|(x, y)| !x.is_nan() && !y.is_nan());
    let n = both().count() as f64;
    let (sum_a, sum_b) = both().fold((0.0, 0.0), |(p, q), (x, y)| (p + x, q + y));
    let (mean_a, mean_b) = (sum_a / n, sum_b / n);
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in both() {
        let (dx, dy) = (x - mean_a, y - mean_b);
        ab += dx * dy;
        aa += dx * dx;
        bb += dy * dy;
    }
    let r = ab / (aa * bb).sqrt();
    if n >= ENOUGH as f64 && r.is_finite() { r.clamp(-1.0, 1.0) } else { 0.0 }
}

fn can_leak(field: &Field) -> bool {
    let few = field.distinct <= LEVELS && field.kind != Kind::Date;
    matches!(field.role, Role::Cluster | Role::Describe) && field.distinct > 1 && (few || field.kind == Kind::Number)
}

/// A column that tells an outcome nearly without error.
fn leak(table: &Table, field: &Field) -> Option<Finding> {
    let outcomes = table.fields.iter().filter(|other| other.role == Role::Outcome && other.distinct > 1);
    let told = outcomes.filter_map(|outcome| Some((outcome, told(field, outcome)?)));
    let (outcome, share) = told.max_by(|a, b| a.1.total_cmp(&b.1))?;
    let percent = (share * 1000.0).round() / 10.0;
    let message = format!("tells {} rightly in {percent} % of the rows: a copy of the result?", outcome.name());
    let role = |role| Remedy::SetRole { column: field.name().to_owned(), role };
    let gives = if field.role == Role::Cluster { "clustered on" } else { "describes" };
    let found = note(FindingKind::Leak, Some(field.name()), table.rows, message).severe(Severity::Warning);
    let found = found.with_examples([counted(field.distinct, "value")]);
    Some(found.with_remedies([role(Role::Outcome), role(Role::Ignore)]).by_default(gives))
}

/// The share of rows whose outcome the column tells, where that is nearly all and much more than a guess.
fn told(field: &Field, outcome: &Field) -> Option<f64> {
    let cut = Cut::of(field)?;
    let mut counts: BTreeMap<(u64, u64), usize> = BTreeMap::new();
    for row in sampled(field.column.values.len()) {
        if let (Some(level), Some(result)) = (cut.level(row), level(&outcome.column.values, row)) {
            *counts.entry((level, result)).or_default() += 1;
        }
    }
    let (mut best, mut results) = (BTreeMap::<u64, usize>::new(), BTreeMap::<u64, usize>::new());
    for (&(level, result), &count) in &counts {
        let most = best.entry(level).or_default();
        *most = count.max(*most);
        *results.entry(result).or_default() += count;
    }
    let rows: usize = results.values().sum();
    let guess = results.values().copied().max().unwrap_or(0);
    let right: usize = best.values().sum();
    let share = right as f64 / rows as f64;
    let lift = (right - guess) as f64 / (rows - guess).max(1) as f64;
    (rows >= ENOUGH && share >= TELLS && lift >= LIFT).then_some(share)
}

/// A column as a few groups: its values, or for many numbers their twentieths.
struct Cut<'a> {
    values: &'a Values,
    bounds: Vec<f64>,
}

impl<'a> Cut<'a> {
    fn of(field: &'a Field) -> Option<Self> {
        let values = &field.column.values;
        if field.distinct <= LEVELS {
            return Some(Self { values, bounds: Vec::new() });
        }
        let mut numbers: Vec<f64> = picked(field)?.into_iter().filter(|value| !value.is_nan()).collect();
        numbers.sort_unstable_by(f64::total_cmp);
        if numbers.is_empty() {
            return None;
        }
        let bounds = (1..20).map(|part| numbers[part * numbers.len() / 20]).collect();
        Some(Self { values, bounds })
    }

    fn level(&self, row: usize) -> Option<u64> {
        match self.values {
            Values::Number(numbers) if !self.bounds.is_empty() => {
                let value = numbers[row];
                (!value.is_nan()).then(|| self.bounds.partition_point(|&bound| bound <= value) as u64)
            }
            values => level(values, row),
        }
    }
}

fn level(values: &Values, row: usize) -> Option<u64> {
    if values.is_missing(row) {
        return None;
    }
    Some(match values {
        Values::Number(numbers) => (numbers[row] + 0.0).to_bits(),
        Values::Text(coded) => u64::from(coded.codes[row]),
    })
}
