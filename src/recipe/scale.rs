//! Features on one scale: what is subtracted and divided by.

use super::Scaling;
use super::draft::{OTHER, Rows, level_counts};
use super::feature::Category;
use super::stats::{mean_sd, quantile, sorted};
use crate::matrix::Coded;

/// What is subtracted and divided by. Where nothing varies the divisor is 1; where the middle half of the
/// values is equal, robust scaling falls back on the standard deviation.
pub(super) fn scale(values: &[f64], scaling: Scaling) -> (f64, f64) {
    let or_one = |spread: f64| if spread > 0.0 { spread } else { 1.0 };
    match scaling {
        Scaling::None => (0.0, 1.0),
        Scaling::Standard => {
            let (mean, sd) = mean_sd(values.iter().copied());
            (mean, or_one(sd))
        }
        Scaling::Minmax => {
            let low = values.iter().copied().fold(f64::INFINITY, f64::min);
            let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            (low, or_one(high - low))
        }
        Scaling::Robust => {
            let ordered = sorted(values.iter().copied());
            let range = quantile(&ordered, 0.75) - quantile(&ordered, 0.25);
            let spread = if range > 0.0 { range } else { mean_sd(values.iter().copied()).1 };
            (quantile(&ordered, 0.5), or_one(spread))
        }
    }
}

/// The final levels and their factor: the total variance of the category's columns, 1 − Σp² (p(1 − p) for
/// the one column of a two-valued category), becomes 1, as that of one standardised number. Under min-max
/// two rows that differ lie 1 apart, as the two ends of a number do. Without scaling it stays 0/1.
pub(super) fn weigh(fitted: Category, coded: &Coded, scaling: Scaling, weight: f64, rows: &Rows) -> Category {
    let counts = level_counts(coded, rows);
    let waiting = fitted.fill.map(|code| coded.levels[code].clone());
    let mut present: Vec<(String, usize)> = coded
        .levels
        .iter()
        .cloned()
        .zip(counts)
        .filter(|(level, count)| *count > 0 || Some(level) == waiting.as_ref())
        .collect();
    present.sort();
    let total: usize = present.iter().map(|(_, count)| count).sum();
    let shares: Vec<f64> = present.iter().map(|(_, count)| *count as f64 / total as f64).collect();
    let two = present.len() == 2;
    let variance =
        if two { shares[0] * shares[1] } else { 1.0 - shares.iter().map(|share| share * share).sum::<f64>() };
    let centred = matches!(scaling, Scaling::Standard | Scaling::Robust);
    let factor = match scaling {
        Scaling::None => 1.0,
        Scaling::Minmax if two => 1.0,
        Scaling::Minmax => std::f64::consts::FRAC_1_SQRT_2,
        Scaling::Standard | Scaling::Robust => 1.0 / variance.sqrt(),
    };
    let place = |wanted: &str| present.iter().position(|(level, _)| level == wanted);
    let (other, fill) = (place(OTHER), waiting.as_deref().and_then(place));
    let levels = present.iter().map(|(level, _)| level.clone()).collect();
    Category { levels, other, fill, shares, centred, factor: factor * weight, weight, ..fitted }
}
