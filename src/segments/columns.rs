//! A column as it is profiled: over the rows that are used, in original units, by segment.

use super::contingency::Contingency;
use super::{Cell, Effect, Group, omnibus, vtest};
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
        let effect = effect_of(field, role, &values, labels);
        Self { role, values, effect }
    }

    /// How much it differs between the segments, on the scale of η² (for two levels V² = η²).
    pub fn strength(&self) -> f64 {
        match self.values {
            Observed::Numbers(_) if self.effect.kind != Kind::YesNo => self.effect.size,
            _ => self.effect.size * self.effect.size,
        }
    }

    /// Whether twice as much means something: neither years nor dates.
    fn is_amount(&self) -> bool {
        !matches!(self.effect.kind, Kind::Year | Kind::Date)
    }

    /// The share of the total of amounts, none below zero.
    fn holding(&self, values: &[f64], inside: f64) -> Option<f64> {
        let present = || values.iter().copied().filter(|value| !value.is_nan());
        let total: f64 = present().sum();
        (self.is_amount() && total > 0.0 && present().all(|value| value >= 0.0)).then(|| inside / total)
    }

    /// The column within one segment.
    pub fn cell(&self, segment: u32, labels: &Labels) -> Cell {
        let empty = Cell { column: self.effect.column.clone(), ..Cell::default() };
        match &self.values {
            Observed::Numbers(values) => self.number_cell(empty, values, segment, labels),
            Observed::Levels(codes, names) => {
                let (levels, reach) = level_cells(codes, names, segment, labels);
                Cell { levels, reach, ..empty }
            }
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
            index: (self.is_amount() && everyone > 0.0).then(|| 100.0 * mean / everyone),
            holding: self.holding(values, inside().sum()),
            ..empty
        }
    }
}

/// Yes as 0, no as 1.
fn of_yes_no(values: &[f64]) -> Vec<u32> {
    values.iter().map(|&value| if value.is_nan() { Coded::MISSING } else { u32::from(value == 0.0) }).collect()
}

/// How much a column differs between the segments.
fn effect_of(field: &Field, role: Role, values: &Observed, labels: &Labels) -> Effect {
    let none = Effect {
        column: field.name().to_owned(),
        kind: field.kind,
        role,
        size: 0.0,
        mean: None,
        sd: None,
        levels: Vec::new(),
        group: Group::default(),
        tests: Vec::new(),
        importance: None,
    };
    match values {
        Observed::Numbers(values) => {
            let (mean, sd) = mean_sd(values.iter().copied());
            let effect = Effect { mean: there(mean), sd: there(sd), ..none };
            let size = eta_squared(values, labels);
            match field.kind {
                // χ² of two levels is n·η², so this is Cramér's V.
                Kind::YesNo => {
                    Effect { size: size.sqrt(), tests: omnibus::of_levels(&of_yes_no(values), 2, labels), ..effect }
                }
                _ => Effect { size, tests: omnibus::of_numbers(values, labels), ..effect },
            }
        }
        Observed::Levels(codes, names) => Effect {
            size: Contingency::new(codes, names.len(), labels).cramers_v(),
            levels: shares(codes, names),
            tests: omnibus::of_levels(codes, names.len(), labels),
            ..none
        },
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

/// A column of levels over these rows.
pub(super) fn by_frequency(coded: &Coded, rows: &[u32]) -> Observed {
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

/// The share of each level within the segment with its v-test, and of each level the share that is in the segment.
fn level_cells(codes: &[u32], names: &[String], segment: u32, labels: &Labels) -> (Vec<(String, f64, f64)>, Vec<f64>) {
    let all = counts(codes.iter().copied(), names.len());
    let inside = counts(within(codes, segment, labels), names.len());
    let (rows, size) = (all.iter().sum::<usize>(), inside.iter().sum::<usize>());
    let cell = |(name, (&inside, &with)): (&String, (&usize, &usize))| {
        (name.clone(), inside as f64 / size.max(1) as f64, vtest::of_level(inside, size, with, rows))
    };
    let reach = inside.iter().zip(&all).map(|(&inside, &with)| inside as f64 / with.max(1) as f64).collect();
    (names.iter().zip(inside.iter().zip(&all)).map(cell).collect(), reach)
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
