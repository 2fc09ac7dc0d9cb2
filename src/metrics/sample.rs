//! Stratified samples: silhouettes of more rows than can be compared pair by pair.

use rand::Rng;

use crate::matrix::{Labels, UNASSIGNED};
use crate::task::Task;

/// Up to this many rows silhouettes are exact.
pub const EXACT_ROWS: usize = 50_000;
/// Rows of a sample, shared out by the segments' sizes; small segments bring it up to twice as many.
const SAMPLE_ROWS: usize = 10_000;
/// What every segment gives at least, where it has as many.
const LEAST: usize = 30;

/// A sample of the assigned rows, ascending, with rows of every segment in proportion to its size.
/// Depends only on the labels and the task's seed.
pub fn stratified(labels: &Labels, task: &Task) -> Vec<usize> {
    let assigned = labels.len() - labels.noise();
    let least = LEAST.min(SAMPLE_ROWS / labels.clusters().max(1)).max(2);
    let mut random = task.stream(&["silhouette sample"]);
    let mut wanted: Vec<usize> =
        labels.sizes().iter().map(|&size| (size * SAMPLE_ROWS).div_ceil(assigned).max(least).min(size)).collect();
    let mut left = labels.sizes().to_vec();
    let mut rows = Vec::with_capacity(wanted.iter().sum());
    // Knuth's selection sampling: each row is taken with the probability that completes its segment's share.
    for (row, &label) in labels.as_slice().iter().enumerate() {
        if label == UNASSIGNED {
            continue;
        }
        let segment = label as usize - 1;
        if random.gen_range(0..left[segment]) < wanted[segment] {
            wanted[segment] -= 1;
            rows.push(row);
        }
        left[segment] -= 1;
    }
    rows
}

/// What the rows of one segment sum up to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stratum {
    /// Rows.
    pub count: usize,
    /// Σ values.
    pub sum: f64,
    /// Σ squared values.
    pub squares: f64,
}

impl Stratum {
    /// The mean value.
    pub fn mean(&self) -> f64 {
        self.sum / self.count as f64
    }

    /// The sample variance; 0 for fewer than two rows.
    fn variance(&self) -> f64 {
        let spread = (self.squares - self.sum * self.mean()).max(0.0);
        if self.count < 2 { 0.0 } else { spread / (self.count - 1) as f64 }
    }
}

/// Sums the values of each segment 1..=segments.
pub fn strata(labels: &[u32], segments: usize, values: &[f64]) -> Vec<Stratum> {
    let mut strata = vec![Stratum::default(); segments];
    for (&label, &value) in labels.iter().zip(values).filter(|(label, _)| **label != UNASSIGNED) {
        let stratum = &mut strata[label as usize - 1];
        stratum.count += 1;
        stratum.sum += value;
        stratum.squares += value * value;
    }
    strata
}

/// The mean over all rows that the strata stand for, and its standard error (Cochran's stratified estimator).
pub fn estimate(strata: &[Stratum], sizes: &[usize]) -> (f64, f64) {
    let n: usize = sizes.iter().sum();
    let (mut mean, mut variance) = (0.0, 0.0);
    for (stratum, &size) in strata.iter().zip(sizes) {
        let share = size as f64 / n as f64;
        let unseen = 1.0 - stratum.count as f64 / size as f64;
        mean += share * stratum.mean();
        variance += share * share * unseen * stratum.variance() / stratum.count as f64;
    }
    (mean, variance.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_keeps_the_shares_and_every_small_segment() {
        let raw: Vec<Option<u32>> = (0..60_000).map(|row| (row % 60 != 0).then_some(u32::from(row % 1000 == 7))).collect();
        let labels = Labels::from_raw(&raw);
        let rows = stratified(&labels, &Task::new(1));
        assert!((10_000..=10_100).contains(&rows.len()), "{}", rows.len());
        assert!(rows.is_sorted() && rows.iter().all(|&row| row % 60 != 0));
        assert_eq!(rows.iter().filter(|&&row| labels.as_slice()[row] == 2).count(), 30);
        assert_eq!(rows, stratified(&labels, &Task::new(1)));
    }

    #[test]
    fn the_estimate_weighs_segments_by_their_size() {
        let strata = [Stratum { count: 2, sum: 1.0, squares: 0.58 }, Stratum { count: 1, sum: 0.2, squares: 0.04 }];
        let (mean, se) = estimate(&strata, &[8, 2]);
        assert!((mean - 0.44).abs() < 1e-12);
        assert!((se - (0.64 * 0.75 * 0.08 / 2.0f64).sqrt()).abs() < 1e-12);
    }
}
