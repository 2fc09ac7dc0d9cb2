//! A column as it is profiled: over the rows that are used, in original units, by segment.

use super::vtest;
use super::{Cell, Effect};
use crate::matrix::{Coded, Labels, Matrix, UNASSIGNED, Values};
use crate::recipe::stats::mean_sd;
use crate::table::{Field, Kind, Role};

/// Whole numbers with up to so many values may be codes.
const CODES: usize = 12;

/// A column over the rows of the matrix.
pub(super) struct Profiled {
    pub role: Role,
    pub values: Observed,
    pub effect: Effect,
}

pub(super) enum Observed {
    /// NaN: missing.
    Numbers(Vec<f64>),
    /// Codes into the names, which stand by falling frequency, ties by name; `Coded::MISSING`: missing.
    Levels(Vec<u32>, Vec<String>),
}

/// How much a column differs between segments, over the rows of the matrix that have one.
pub fn effect(field: &Field, role: Role, matrix: &Matrix, labels: &Labels) -> Effect {
    Profiled::new(field, role, matrix, labels).effect
}

impl Profiled {
    pub fn new(field: &Field, role: Role, matrix: &Matrix, labels: &Labels) -> Self {
        let values = match &field.column.values {
            Values::Number(values) if is_code(field, role) => {
                let texts: Vec<Option<String>> =
                    values.iter().map(|value| there(*value).map(|value| value.to_string())).collect();
                by_frequency(&Coded::from_texts(texts.iter().map(Option::as_deref)), &matrix.rows)
            }
            Values::Number(values) => Observed::Numbers(matrix.rows.iter().map(|&row| values[row as usize]).collect()),
            Values::Text(coded) => by_frequency(coded, &matrix.rows),
        };
        let (column, kind) = (field.name().to_owned(), field.kind);
        let effect = match &values {
            Observed::Numbers(values) => {
                let (mean, sd) = mean_sd(values.iter().copied());
                let size = eta_squared(values, labels);
                // χ² of two levels is n·η², so this is Cramér's V.
                let size = if kind == Kind::YesNo { size.sqrt() } else { size };
                Effect { column, kind, role, size, mean: there(mean), sd: there(sd), levels: Vec::new() }
            }
            Observed::Levels(codes, names) => {
                let size = cramers_v(codes, names.len(), labels);
                Effect { column, kind, role, size, mean: None, sd: None, levels: shares(codes, names) }
            }
        };
        Self { role, values, effect }
    }

    /// How much it differs between the segments, on the scale of η² (for two levels V² = η²).
    pub fn strength(&self) -> f64 {
        match self.values {
            Observed::Numbers(_) if self.effect.kind != Kind::YesNo => self.effect.size,
            _ => self.effect.size * self.effect.size,
        }
    }

    /// The column within one segment.
    pub fn cell(&self, segment: u32, labels: &Labels) -> Cell {
        let empty = Cell {
            column: self.effect.column.clone(),
            mean: None,
            sd: None,
            span: None,
            difference: None,
            v_test: None,
            levels: Vec::new(),
        };
        match &self.values {
            Observed::Numbers(values) => self.number_cell(empty, values, segment, labels),
            Observed::Levels(codes, names) => Cell { levels: level_cells(codes, names, segment, labels), ..empty },
        }
    }

    fn number_cell(&self, empty: Cell, values: &[f64], segment: u32, labels: &Labels) -> Cell {
        let inside = || within(values, segment, labels).filter(|value| !value.is_nan());
        let size = inside().count();
        let (Some(everyone), Some(all_sd), true) = (self.effect.mean, self.effect.sd, size > 0) else { return empty };
        let rows = values.iter().filter(|value| !value.is_nan()).count();
        let (mean, sd) = mean_sd(inside());
        Cell {
            mean: Some(mean),
            sd: Some(sd),
            span: Some((inside().fold(f64::INFINITY, f64::min), inside().fold(f64::NEG_INFINITY, f64::max))),
            difference: (all_sd > 0.0).then(|| (mean - everyone) / all_sd),
            v_test: vtest::of_mean(mean, size, (everyone, all_sd, rows)),
            ..empty
        }
    }
}

/// A described column of few whole numbers is taken level by level: the mean of a code says nothing.
fn is_code(field: &Field, role: Role) -> bool {
    role == Role::Describe && field.kind == Kind::Whole && field.distinct <= CODES
}

fn there(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}

fn within<'a, T: Copy>(values: &'a [T], segment: u32, labels: &'a Labels) -> impl Iterator<Item = T> + Clone + 'a {
    values.iter().zip(labels.as_slice()).filter(move |&(_, &label)| label == segment).map(|(&value, _)| value)
}

fn by_frequency(coded: &Coded, rows: &[u32]) -> Observed {
    let codes: Vec<u32> = rows.iter().map(|&row| coded.codes[row as usize]).collect();
    let counts = counts(codes.iter().copied(), coded.levels.len());
    let mut order: Vec<usize> = (0..coded.levels.len()).filter(|&level| counts[level] > 0).collect();
    order.sort_by(|&a, &b| counts[b].cmp(&counts[a]).then_with(|| coded.levels[a].cmp(&coded.levels[b])));
    let mut place = vec![Coded::MISSING; coded.levels.len()];
    (0..).zip(&order).for_each(|(new, &old)| place[old] = new);
    let names = order.iter().map(|&level| coded.levels[level].clone()).collect();
    Observed::Levels(codes.iter().map(|&code| place.get(code as usize).copied().unwrap_or(code)).collect(), names)
}

fn counts(codes: impl Iterator<Item = u32>, levels: usize) -> Vec<usize> {
    let mut counts = vec![0; levels];
    codes.for_each(|code| counts.get_mut(code as usize).into_iter().for_each(|count| *count += 1));
    counts
}

fn shares(codes: &[u32], names: &[String]) -> Vec<(String, f64)> {
    let counts = counts(codes.iter().copied(), names.len());
    let total = counts.iter().sum::<usize>().max(1) as f64;
    names.iter().zip(counts).map(|(name, count)| (name.clone(), count as f64 / total)).collect()
}

fn level_cells(codes: &[u32], names: &[String], segment: u32, labels: &Labels) -> Vec<(String, f64, f64)> {
    let all = counts(codes.iter().copied(), names.len());
    let inside = counts(within(codes, segment, labels), names.len());
    let (rows, size) = (all.iter().sum::<usize>(), inside.iter().sum::<usize>());
    let cell = |(name, (&inside, &with)): (&String, (&usize, &usize))| {
        (name.clone(), inside as f64 / size.max(1) as f64, vtest::of_level(inside, size, with, rows))
    };
    names.iter().zip(inside.iter().zip(&all)).map(cell).collect()
}

/// η² = SS between / SS total over the assigned rows with a value; 0 where nothing varies.
pub(super) fn eta_squared(values: &[f64], labels: &Labels) -> f64 {
    let assigned = || {
        let rows = values.iter().zip(labels.as_slice());
        rows.filter(|&(value, &label)| label != UNASSIGNED && !value.is_nan()).map(|(&value, &label)| (value, label))
    };
    let (mean, sd) = mean_sd(assigned().map(|(value, _)| value));
    let total = sd * sd * assigned().count() as f64;
    let mut sums = vec![(0.0, 0.0); labels.clusters()];
    for (value, label) in assigned() {
        let (sum, count) = &mut sums[label as usize - 1];
        *sum += value - mean;
        *count += 1.0;
    }
    let between: f64 = sums.iter().filter(|(_, count)| *count > 0.0).map(|(sum, count)| sum * sum / count).sum();
    if total > 0.0 { between / total } else { 0.0 }
}

/// Cramér's V = √(χ² / (n·(min(levels, segments) − 1))) over the assigned rows with a value, without correction.
pub(super) fn cramers_v(codes: &[u32], levels: usize, labels: &Labels) -> f64 {
    let mut table = vec![vec![0.0; levels]; labels.clusters()];
    for (&code, &label) in codes.iter().zip(labels.as_slice()) {
        if label != UNASSIGNED && code != Coded::MISSING {
            table[label as usize - 1][code as usize] += 1.0;
        }
    }
    let rows: Vec<f64> = table.iter().map(|row| row.iter().sum()).collect();
    let columns: Vec<f64> = (0..levels).map(|level| table.iter().map(|row| row[level]).sum()).collect();
    let n: f64 = rows.iter().sum();
    let present = |sums: &[f64]| sums.iter().filter(|&&sum| sum > 0.0).count();
    let freedom = present(&rows).min(present(&columns)).saturating_sub(1);
    if freedom == 0 {
        return 0.0;
    }
    let term = |row: usize, column: usize| {
        let expected = rows[row] * columns[column] / n;
        if expected > 0.0 { (table[row][column] - expected).powi(2) / expected } else { 0.0 }
    };
    let chi: f64 =
        (0..rows.len()).flat_map(|row| (0..levels).map(move |column| (row, column))).map(|(r, c)| term(r, c)).sum();
    (chi / (n * freedom as f64)).sqrt()
}
