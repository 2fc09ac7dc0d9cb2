//! How the features were distributed when the model was made.

use serde::{Deserialize, Serialize};

use crate::matrix::{Coded, Column, Values};
use crate::recipe::stats::{mean_sd, quantile, sorted};

/// Quantiles that are kept, from the least to the greatest.
const QUANTILES: usize = 101;
/// Levels that are kept, the most frequent.
const LEVELS: usize = 100;

/// A feature's distribution over the training rows, in the source's units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// The feature.
    pub column: String,
    /// Rows.
    pub rows: usize,
    /// Of them without a value.
    pub missing: usize,
    /// All rows of the table, those that could not be used among them, and how many of these have no value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gaps: Option<Gaps>,
    /// The values that are there.
    #[serde(flatten)]
    pub distribution: Distribution,
}

/// Rows, and those of them that have no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gaps {
    /// All of them.
    pub rows: usize,
    /// Those without a value.
    pub missing: usize,
}

/// The values that are there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Distribution {
    /// Numbers.
    Numbers {
        /// Their mean.
        mean: f64,
        /// Their standard deviation (ddof 0).
        sd: f64,
        /// Quantiles from the least to the greatest, evenly spaced.
        quantiles: Vec<f64>,
        /// For each quantile the values up to it, itself included: ties are counted, not guessed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        counts: Vec<usize>,
    },
    /// The levels of a category with their rows, most frequent first, ties by name.
    Levels(Vec<(String, usize)>),
    /// There is none.
    Nothing,
}

impl Baseline {
    /// The distribution of a column over these rows.
    pub fn of(column: &Column, rows: &[u32]) -> Self {
        let missing = rows.iter().filter(|&&row| column.values.is_missing(row as usize)).count();
        let distribution = match &column.values {
            _ if missing == rows.len() => Distribution::Nothing,
            Values::Number(values) => numbers(values, rows),
            Values::Text(coded) => Distribution::Levels(levels(coded, rows)),
        };
        let all = column.values.len();
        let gaps = Gaps { rows: all, missing: (0..all).filter(|&row| column.values.is_missing(row)).count() };
        Self { column: column.name.clone(), rows: rows.len(), missing, gaps: Some(gaps), distribution }
    }
}

fn numbers(values: &[f64], rows: &[u32]) -> Distribution {
    Distribution::of_numbers(rows.iter().map(|&row| values[row as usize]))
}

impl Distribution {
    /// The distribution of the numbers that are there.
    pub(super) fn of_numbers(values: impl Iterator<Item = f64>) -> Self {
        let ordered = sorted(values);
        let (mean, sd) = mean_sd(ordered.iter().copied());
        let share = |place: usize| quantile(&ordered, place as f64 / (QUANTILES - 1) as f64);
        let quantiles: Vec<f64> = (0..QUANTILES).map(share).collect();
        let counts = quantiles.iter().map(|edge| ordered.partition_point(|value| value <= edge)).collect();
        Self::Numbers { mean, sd, quantiles, counts }
    }
}

fn levels(coded: &Coded, rows: &[u32]) -> Vec<(String, usize)> {
    let mut counts = vec![0; coded.levels.len()];
    for code in rows.iter().map(|&row| coded.codes[row as usize]).filter(|&code| code != Coded::MISSING) {
        counts[code as usize] += 1;
    }
    let mut levels: Vec<(String, usize)> =
        coded.levels.iter().cloned().zip(counts).filter(|(_, count)| *count > 0).collect();
    levels.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    levels.truncate(LEVELS);
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_rows_that_were_used_count() {
        let numbers = Column { name: "n".into(), values: Values::Number(vec![0.0, 1.0, f64::NAN, 99.0]) };
        let baseline = Baseline::of(&numbers, &[0, 1, 2]);
        assert_eq!((baseline.rows, baseline.missing), (3, 1));
        let Distribution::Numbers { mean, quantiles, counts, .. } = baseline.distribution else {
            return assert_eq!(1, 2);
        };
        assert_eq!((mean, quantiles[0], quantiles[50], quantiles[100]), (0.5, 0.0, 0.5, 1.0));
        assert_eq!((counts[0], counts[50], counts[100], baseline.gaps), (1, 1, 2, Some(Gaps { rows: 4, missing: 1 })));
        let texts = Coded::from_texts([Some("b"), Some("a"), Some("b"), Some("c"), None]);
        let texts = Column { name: "t".into(), values: Values::Text(texts) };
        let Distribution::Levels(levels) = Baseline::of(&texts, &[0, 1, 2, 4]).distribution else {
            return assert_eq!(1, 2);
        };
        assert_eq!(levels, [("b".to_owned(), 2), ("a".to_owned(), 1)]);
    }
}
