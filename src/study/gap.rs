//! The gap statistic (Tibshirani, Walther, Hastie 2001): k-means against uniform rows in the box of the PCA-rotated data.

use ndarray::{Array2, Axis};
use rand::Rng;
use rayon::prelude::*;

use crate::cluster::{Cluster, QuickKMeans};
use crate::kernel::pca::Pca;
use crate::matrix::{Labels, Matrix};
use crate::metrics::compactness;
use crate::task::{Cancelled, Task};

/// Reference data sets.
const REFERENCES: usize = 10;
/// Rows that are compared at most.
const ROWS: usize = 500;

/// The smallest k of 1..=`most` with gap(k) ≥ gap(k+1) − s(k+1), or `most`.
pub(super) fn gap(matrix: &Matrix, most: usize, task: &Task) -> Result<Option<usize>, Cancelled> {
    let step = matrix.nrows().div_ceil(ROWS).max(1);
    let rows: Vec<usize> = (0..matrix.nrows()).step_by(step).collect();
    let part = matrix.select(&rows);
    if rows.len() <= most {
        return Ok(None);
    }
    let pca = Pca::fit(&part);
    let rotated = pca.project(&part, pca.ratios.len());
    let mut sets = vec![part];
    sets.extend((0..REFERENCES).map(|draw| reference(&rotated, draw, task)));
    let jobs: Vec<(usize, usize)> = (0..sets.len()).flat_map(|set| (1..=most).map(move |k| (set, k))).collect();
    let logs: Vec<Option<f64>> =
        jobs.par_iter().map(|&(set, k)| log_within(&sets[set], k, task)).collect::<Result<_, Cancelled>>()?;
    let logs: Option<Vec<f64>> = logs.into_iter().collect();
    Ok(logs.map(|logs| choose(&gaps(&logs, most))))
}

fn reference(rotated: &Array2<f64>, draw: usize, task: &Task) -> Matrix {
    let mut random = task.stream(&["gap".to_owned(), draw.to_string()]);
    let mut values = Array2::zeros(rotated.raw_dim());
    for (mut to, from) in values.axis_iter_mut(Axis(1)).zip(rotated.axis_iter(Axis(1))) {
        let (low, high) = from.iter().fold((f64::MAX, f64::MIN), |(low, high), &x| (low.min(x), high.max(x)));
        to.iter_mut().for_each(|value| *value = low + (high - low) * random.r#gen::<f64>());
    }
    Matrix::from_values(values)
}

/// ln W_k; `None` where the fit fails or W is 0.
fn log_within(matrix: &Matrix, k: usize, task: &Task) -> Result<Option<f64>, Cancelled> {
    let labels = if k == 1 {
        Some(Labels::from_raw(&vec![Some(1); matrix.nrows()]))
    } else {
        // What few starts miss they miss in the references, too, over which the mean is taken.
        let kmeans = QuickKMeans::new(k).map(QuickKMeans::few_starts);
        kmeans.and_then(|kmeans| kmeans.fit(matrix, &task.aside())).ok().map(|fitted| fitted.labels)
    };
    task.check()?;
    Ok(labels.and_then(|labels| compactness(matrix, &labels).wcss).filter(|wcss| *wcss > 0.0).map(f64::ln))
}

/// gap(k) and s(k) from the logs of the data (first) and the references, `most` each.
fn gaps(logs: &[f64], most: usize) -> Vec<(f64, f64)> {
    let at = |k: usize| {
        let reference: Vec<f64> = logs.chunks(most).skip(1).map(|set| set[k]).collect();
        let count = reference.len() as f64;
        let mean = reference.iter().sum::<f64>() / count;
        let variance = reference.iter().map(|log| (log - mean).powi(2)).sum::<f64>() / count;
        (mean - logs[k], (variance * (1.0 + 1.0 / count)).sqrt())
    };
    (0..most).map(at).collect()
}

fn choose(gaps: &[(f64, f64)]) -> usize {
    let is_enough = |pair: &[(f64, f64)]| pair[0].0 >= pair[1].0 - pair[1].1;
    gaps.windows(2).position(is_enough).unwrap_or(gaps.len() - 1) + 1
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::testing::{blobs, noise};
    use super::*;

    #[test]
    fn the_first_gap_that_the_next_does_not_beat_is_taken() {
        assert_eq!(choose(&[(0.1, 0.01), (0.5, 0.01), (0.505, 0.01), (0.9, 0.01)]), 2);
        assert_eq!(choose(&[(0.1, 0.01), (0.5, 0.01)]), 2);
    }

    #[test]
    fn groups_are_counted_and_noise_is_one() {
        assert_eq!(gap(&blobs(4, 200), 7, &Task::new(1)).unwrap(), Some(4));
        assert_eq!(gap(&noise(200), 7, &Task::new(1)).unwrap(), Some(1));
    }
}
