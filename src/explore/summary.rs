//! What one column looks like.

use super::density::density;
use super::histogram::histogram;
use super::values::{Level, Numbers, Summary, Texts};
use crate::matrix::{Coded, Values};
use crate::table::quantiles::{fences, quantile, skewness};
use crate::table::{Field, Kind};

/// Levels that are told by name.
const LEVELS: usize = 50;

/// The summary of a column: the distribution of its numbers, or the levels of its text.
pub fn summary(field: &Field) -> Summary {
    let (numbers, texts) = match &field.column.values {
        Values::Text(coded) => (None, Some(levels(field, coded))),
        Values::Number(values) if field.kind == Kind::YesNo => (None, Some(yes_and_no(field, values))),
        // A distribution of telephone numbers would tell some of them.
        Values::Number(_) if field.personal.is_some() && field.kind != Kind::Date => (None, None),
        Values::Number(values) => (numbers(field.kind, values), None),
    };
    Summary {
        column: field.name().to_owned(),
        kind: field.kind,
        role: field.role,
        count: field.column.values.len() - field.missing,
        missing: field.missing,
        distinct: field.distinct,
        numbers,
        texts,
    }
}

/// The distribution of the numbers that are there; `None` where there are none.
fn numbers(kind: Kind, values: &[f64]) -> Option<Numbers> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let (&min, &max) = (sorted.first()?, sorted.last()?);
    let (low, high) = fences(&sorted);
    let (mean, sd) = mean_and_sd(&sorted);
    let histogram = histogram(&sorted, kind);
    let range = histogram.first().zip(histogram.last()).map_or((min, max), |(first, last)| (first.low, last.high));
    Some(Numbers {
        mean,
        sd,
        min,
        p5: quantile(&sorted, 0.05),
        q1: quantile(&sorted, 0.25),
        median: quantile(&sorted, 0.5),
        q3: quantile(&sorted, 0.75),
        p95: quantile(&sorted, 0.95),
        max,
        skew: skewness(&sorted),
        outliers: sorted.iter().filter(|&&value| value < low || value > high).count(),
        density: density(&sorted, range, sd),
        histogram,
    })
}

/// The mean and the standard deviation with ddof 1 (NaN for a single number).
fn mean_and_sd(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (mean, if values.len() < 2 { f64::NAN } else { (squares / (n - 1.0)).sqrt() })
}

/// The levels with their rows, masked where they are personal.
fn levels(field: &Field, coded: &Coded) -> Texts {
    let mut counts = vec![0; coded.levels.len()];
    for &code in coded.codes.iter().filter(|&&code| code != Coded::MISSING) {
        counts[code as usize] += 1;
    }
    ranked(coded.levels.iter().map(|level| field.discreet(level)).zip(counts))
}

fn yes_and_no(field: &Field, values: &[f64]) -> Texts {
    let (no, yes) = field.yes_no.clone().unwrap_or(("0".to_owned(), "1".to_owned()));
    let count = |wanted: f64| values.iter().filter(|&&value| value == wanted).count();
    ranked([(no, count(0.0)), (yes, count(1.0))].into_iter().filter(|(_, count)| *count > 0))
}

/// Levels by falling count, ties by name; those beyond the first fifty are only counted.
fn ranked(levels: impl IntoIterator<Item = (String, usize)>) -> Texts {
    let mut levels: Vec<Level> = levels.into_iter().map(|(name, count)| Level { name, count }).collect();
    levels.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    let others = levels.iter().skip(LEVELS).map(|level| level.count).sum();
    levels.truncate(LEVELS);
    Texts { levels, others }
}
