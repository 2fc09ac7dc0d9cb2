//! What becomes of a run's segments when something about it changes: the seed, a feature, the customers far out.

use rayon::prelude::*;

use super::importance::only;
use super::null::{chance, sample};
use super::prediction::prediction_strength;
use super::redraw::{dense_share, refitted};
use super::{Candidate, Run, depth};
use crate::kernel::distance::squared;
use crate::matrix::{Labels, Matrix, UNASSIGNED};
use crate::metrics::{best_jaccards, external};
use crate::task::{Cancelled, Task};

/// Rows that are refitted at most.
const ROWS: usize = 2_000;
/// Other seeds that are tried.
const SEEDS: u64 = 5;
/// The share of the rows, farthest from the mean of their segment, that is left out.
const OUT: f64 = 0.02;

/// How far a refit has the run's segments.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// The adjusted Rand index.
    pub ari: f64,
    /// For each segment its best Jaccard.
    pub jaccards: Vec<f64>,
}

/// What becomes of a run's segments when something about it changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Sensitivity {
    /// Rows that were refitted.
    pub rows: usize,
    /// With other seeds: the mean.
    pub seeds: Option<Agreement>,
    /// Without a feature (its place among the pipeline's inputs); nothing where there is one only, or components.
    pub dropped: Vec<(usize, Agreement)>,
    /// Without so many customers who are farthest out.
    pub outliers: Option<(usize, Agreement)>,
    /// Prediction strength (Tibshirani and Walther 2005), by halves of the customers.
    pub prediction: Option<f64>,
    /// What the mean silhouette of as many segments has to reach to be clearer than customers without groups.
    pub chance: Option<f64>,
    /// Whether the borders run where hardly anybody is.
    pub is_apart: bool,
}

/// Refits a run in other ways. `origin` names the input of each column of the matrix; empty: components.
///
/// # Errors
/// [`Cancelled`].
pub fn sensitivity(matrix: &Matrix, origin: &[usize], run: &Run, task: &Task) -> Result<Sensitivity, Cancelled> {
    let rows = sample(matrix.nrows(), ROWS, task);
    let part = matrix.select(&rows);
    let own: Vec<u32> = rows.iter().map(|&row| run.labels.as_slice()[row]).collect();
    let dense = dense_share(matrix, &run.candidate, task)?;
    let tried =
        Tried { part, own, segments: run.labels.clusters(), candidate: run.candidate, dense, all: matrix.nrows() };
    let features = if origin.len() == matrix.ncols() { origin.iter().max().map_or(0, |last| last + 1) } else { 0 };
    task.begin("proof", SEEDS + features as u64 + 3);
    let seeds = tried.seeds(task)?;
    let dropped = if features > 1 { tried.dropped(origin, features, task)? } else { Vec::new() };
    let outliers = tried.without_outliers(task)?;
    task.advance(1);
    let prediction = match run.metrics.prediction_strength {
        Some(known) => Some(known),
        None => prediction_strength(matrix, &run.candidate, task)?,
    };
    task.advance(1);
    let chance = chance(matrix, run.labels.clusters(), &run.candidate, task)?.map(|chance| chance.limit);
    task.advance(1);
    Ok(Sensitivity { rows: rows.len(), seeds, dropped, outliers, prediction, chance, is_apart: depth::is_apart(run) })
}

/// The rows that are refitted, with the run's labels of them.
struct Tried {
    part: Matrix,
    own: Vec<u32>,
    segments: usize,
    candidate: Candidate,
    dense: Option<f64>,
    all: usize,
}

impl Tried {
    fn refit(&self, part: &Matrix, task: &Task) -> Result<Option<Labels>, Cancelled> {
        let labels = refitted(part, self.candidate, self.dense, self.all, task);
        task.check()?;
        Ok(labels)
    }

    fn agreement(&self, own: &[u32], found: &Labels) -> Agreement {
        let other = found.as_slice();
        let jaccards = best_jaccards(own, self.segments, other).into_iter().map(|best| best.unwrap_or(0.0)).collect();
        Agreement { ari: external::ari(own, other), jaccards }
    }

    fn seeds(&self, task: &Task) -> Result<Option<Agreement>, Cancelled> {
        let other = |by: u64| {
            let found = self.refit(&self.part, &task.with_seed(task.seed().wrapping_add(by)))?;
            task.advance(1);
            Ok(found.map(|found| self.agreement(&self.own, &found)))
        };
        let found: Vec<Option<Agreement>> = (1..=SEEDS).into_par_iter().map(other).collect::<Result<_, Cancelled>>()?;
        Ok(mean(&found.into_iter().flatten().collect::<Vec<_>>()))
    }

    fn dropped(&self, origin: &[usize], features: usize, task: &Task) -> Result<Vec<(usize, Agreement)>, Cancelled> {
        let without = |feature: usize| {
            let kept: Vec<usize> = (0..origin.len()).filter(|&column| origin[column] != feature).collect();
            let found = if kept.is_empty() { None } else { self.refit(&only(&self.part, &kept), task)? };
            task.advance(1);
            Ok(found.map(|found| (feature, self.agreement(&self.own, &found))))
        };
        let found: Vec<_> = (0..features).into_par_iter().map(without).collect::<Result<_, Cancelled>>()?;
        Ok(found.into_iter().flatten().collect())
    }

    fn without_outliers(&self, task: &Task) -> Result<Option<(usize, Agreement)>, Cancelled> {
        let kept = self.inliers();
        let own: Vec<u32> = kept.iter().map(|&row| self.own[row]).collect();
        let found = self.refit(&self.part.select(&kept), task)?;
        Ok(found.map(|found| (self.own.len() - kept.len(), self.agreement(&own, &found))))
    }

    /// All rows but the share that is farthest from the mean of its segment, ascending; unassigned rows are out by
    /// themselves.
    fn inliers(&self) -> Vec<usize> {
        let means = self.means();
        let distance = |row: usize| match self.own[row] {
            UNASSIGNED => 0.0,
            label => squared(self.part.row(row), &means[label as usize - 1]),
        };
        let mut order: Vec<(f64, usize)> = (0..self.own.len()).map(|row| (distance(row), row)).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        order.truncate(self.own.len() - (OUT * self.own.len() as f64).ceil() as usize);
        let mut kept: Vec<usize> = order.into_iter().map(|(_, row)| row).collect();
        kept.sort_unstable();
        kept
    }

    fn means(&self) -> Vec<Vec<f64>> {
        let mut sums = vec![(vec![0.0; self.part.ncols()], 0.0); self.segments];
        for (row, &label) in self.own.iter().enumerate().filter(|(_, label)| **label != UNASSIGNED) {
            let (sum, count) = &mut sums[label as usize - 1];
            sum.iter_mut().zip(self.part.row(row)).for_each(|(sum, value)| *sum += value);
            *count += 1.0;
        }
        sums.into_iter()
            .map(|(sum, count)| sum.into_iter().map(|value| value / f64::max(count, 1.0)).collect())
            .collect()
    }
}

fn mean(of: &[Agreement]) -> Option<Agreement> {
    let n = of.len() as f64;
    let segments = of.first()?.jaccards.len();
    let jaccard = |segment: usize| of.iter().map(|agreement| agreement.jaccards[segment]).sum::<f64>() / n;
    Some(Agreement {
        ari: of.iter().map(|agreement| agreement.ari).sum::<f64>() / n,
        jaccards: (0..segments).map(jaccard).collect(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::fit::fit_quick;
    use super::super::testing::{blobs, noise, run_of};
    use super::*;

    fn found(matrix: &Matrix, k: usize) -> Sensitivity {
        let mut run = run_of("kmeans-k", &(0..matrix.nrows()).map(|row| (row % k) as u32 + 1).collect::<Vec<_>>());
        run.labels = std::sync::Arc::new(fit_quick(matrix, &run.candidate, &Task::new(1)).unwrap().labels);
        sensitivity(matrix, &[0, 1], &run, &Task::new(1)).unwrap()
    }

    #[test]
    fn groups_stay_whatever_changes_and_hang_on_both_columns() {
        let found = found(&blobs(4, 300), 4);
        assert!(found.seeds.as_ref().unwrap().ari > 0.99 && found.prediction.unwrap() > 0.95);
        let (out, without) = found.outliers.clone().unwrap();
        assert_eq!((out, without.jaccards.len()), (6, 4));
        assert!(without.ari > 0.99);
        // Of four groups on a circle two lie behind each other.
        assert_eq!(found.dropped.len(), 2);
        assert!(found.dropped.iter().all(|(_, without)| without.ari < 0.8), "{:?}", found.dropped);
    }

    #[test]
    fn cuts_through_nothing_change_with_the_seed() {
        let found = found(&noise(300), 7);
        assert!(found.seeds.is_some_and(|seeds| seeds.ari < 0.95));
        assert!(found.prediction.is_some_and(|strength| strength < 0.8));
    }
}
