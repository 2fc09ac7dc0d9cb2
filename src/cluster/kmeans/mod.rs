//! k-means: Lloyd's rounds from greedy k-means++ seeds, then random swaps until they stop paying.

mod lloyd;
mod points;
mod seed;
mod settle;
mod swap;

use lloyd::{Solution, inertia, lloyd};
use ndarray::{Array2, Axis};
use points::Points;
use rand::Rng;
use settle::settle;
use swap::Budget;

use super::{Cluster, ClusterError, Clusterer, Ending, Fitted, check};
use crate::matrix::{Labels, Matrix};
use crate::task::{Cancelled, Task};

/// Lloyd stops when the centres' squared moves are at most this share of the mean variance.
const TOLERANCE: f64 = 1e-4;
/// The solution that is kept goes on to this one.
const FINE_TOLERANCE: f64 = 1e-10;
/// Solutions whose inertias differ by no more than this share are the same one.
const SAME: f64 = 1e-9;
/// The same of solutions that go no further than [`TOLERANCE`]; where the best came so often again, it is believed.
const NEARLY_SAME: f64 = 1e-3;
const AGAIN: usize = 3;
/// Up to so many coordinates searches are cheap: few points have few ways out of a poor solution, so several are made.
const SMALL: usize = 10_000;
/// Swaps without a gain after which to stop, a segment: few segments have few swaps that could still pay …
const PATIENCE: usize = 6;
/// … and at least and at most.
const LEAST_PATIENCE: usize = 20;
const MOST_PATIENCE: usize = 300;
/// Coordinates times centres that all tries together may look at.
const WORK: usize = 10_000_000_000;

/// From twice so many rows on the search is made over so many of them, at least …
const LEAST_SAMPLE: usize = 10_000;
/// … and for each segment.
const SAMPLE_PER_SEGMENT: usize = 500;

/// k-means with a checked number of segments.
///
/// O(n·k·d) time a round, O(n·d) memory; greedy k-means++ (Arthur and Vassilvitskii 2007), Lloyd's rounds, random swaps
/// (Fränti 2018). A weight for a whole feature is what its column is multiplied by, before.
#[derive(Debug, Clone)]
pub struct KMeans {
    k: usize,
    weights: Option<Vec<f64>>,
}

/// Of so many centres greedy starts hardly miss one, so that several of them find more than swaps do …
const FEW_CENTRES: usize = 10;
const STARTS: usize = 6;
/// … without a gain, a segment, then end the search.
const FEW_PATIENCE: usize = 4;
/// … of more, a quick search ends with swaps …
/// … a centre at most.
const QUICK_SWAPS: usize = 10;

/// How hard to search.
#[derive(Debug, Clone, Copy)]
struct Effort {
    /// Searches from scratch, at most.
    searches: usize,
    /// Stop when the best solution was found this often.
    enough: usize,
    /// Greedy starts of a search, the best of which is improved by swaps.
    starts: usize,
    swaps: Budget,
}

impl KMeans {
    /// k-means with `k` segments.
    ///
    /// # Errors
    /// [`ClusterError::Settings`] where k is 0.
    pub fn new(k: usize) -> Result<Self, ClusterError> {
        check::k(k).map(|k| Self { k, weights: None })
    }

    /// The same with a weight for each row, in the matrix's order: a row of weight 2 counts as two equal ones.
    ///
    /// # Errors
    /// [`ClusterError::Settings`] where a weight is not a number above 0.
    pub fn weights(self, weights: Vec<f64>) -> Result<Self, ClusterError> {
        match weights.iter().find(|weight| !(weight.is_finite() && **weight > 0.0)) {
            Some(wrong) => Err(ClusterError::Settings(format!("a weight must be a number above 0, not {wrong}"))),
            None => Ok(Self { weights: Some(weights), ..self }),
        }
    }

    /// The best centres found: (k, d).
    ///
    /// # Errors
    /// [`Cancelled`].
    pub(super) fn centres(&self, matrix: &Matrix, task: &Task) -> Result<Array2<f64>, Cancelled> {
        Ok(self.found(matrix, task)?.0)
    }

    /// The best centres, (k, d), and how the search for them ended.
    fn found(&self, matrix: &Matrix, task: &Task) -> Result<(Array2<f64>, Ending), Cancelled> {
        let points = Points::new(matrix.values.view(), self.weights.clone());
        let mut rng = task.stream(&["kmeans".to_owned(), format!("k={}", self.k)]);
        let sample = LEAST_SAMPLE.max(SAMPLE_PER_SEGMENT * self.k);
        if points.len() < 2 * sample {
            let best = self.best(&points, &mut rng, task)?;
            return Ok((points.back(&best.centres), best.ending));
        }
        // Of many rows a part tells where the centres are; all of them then tell exactly.
        let mut rows = rand::seq::index::sample(&mut rng, points.len(), sample).into_vec();
        rows.sort_unstable();
        let weights = self.weights.as_ref().map(|weights| rows.iter().map(|&row| weights[row]).collect());
        let part = Points::new(matrix.values.select(Axis(0), &rows).view(), weights);
        let best = self.best(&part, &mut rng, task)?;
        let centres = points.forth(&part.back(&best.centres));
        let (centres, ending) = settle(&points, centres, FINE_TOLERANCE * points.variance, task)?;
        Ok((points.back(&centres), ending.after(best.ending.steps)))
    }

    /// The best solution of several searches, as far as they still find something better.
    fn best(&self, points: &Points, rng: &mut impl Rng, task: &Task) -> Result<Solution, Cancelled> {
        let effort = self.effort(points);
        let mut best = self.search(points, effort, rng, task)?;
        let mut found = 1;
        for _ in 1..effort.searches {
            if found >= effort.enough {
                break;
            }
            let other = self.search(points, effort, rng, task)?;
            if other.inertia < best.inertia * (1.0 - SAME) {
                (best, found) = (other, 1);
            } else if other.inertia <= best.inertia * (1.0 + SAME) {
                found += 1;
            }
        }
        Ok(best)
    }

    /// The best centres that a single start from each name's seed leads to (until the best came again often enough),
    /// improved by swaps where there are many: (k, d).
    ///
    /// # Errors
    /// [`Cancelled`].
    pub(super) fn quick(&self, matrix: &Matrix, names: &[&str], task: &Task) -> Result<Array2<f64>, Cancelled> {
        let points = Points::new(matrix.values.view(), self.weights.clone());
        let ending = Ending { steps: 0, converged: false };
        let mut best = Solution { centres: Vec::new(), inertia: f64::INFINITY, ending };
        let mut again = 0;
        for name in names {
            let mut rng = task.stream(&[(*name).to_owned(), format!("k={}", self.k)]);
            let found = self.start(&points, &mut rng, task)?;
            let better = found.inertia < best.inertia * (1.0 - NEARLY_SAME);
            again = if better { 0 } else { again + usize::from(found.inertia <= best.inertia * (1.0 + NEARLY_SAME)) };
            if best.centres.is_empty() || found.inertia < best.inertia {
                best = found;
            }
            if again == AGAIN {
                break;
            }
        }
        if self.k > FEW_CENTRES {
            let mut rng = task.stream(&["quick swaps".to_owned(), format!("k={}", self.k)]);
            best =
                swap::improve(&points, best, Budget { tries: QUICK_SWAPS * self.k, patience: self.k }, &mut rng, task)?;
        }
        Ok(points.back(&best.centres))
    }

    fn start(&self, points: &Points, rng: &mut impl Rng, task: &Task) -> Result<Solution, Cancelled> {
        let centres = seed::plus_plus(points, self.k, rng, task)?;
        lloyd(points, centres, TOLERANCE * points.variance, task)
    }

    fn search(&self, points: &Points, effort: Effort, rng: &mut impl Rng, task: &Task) -> Result<Solution, Cancelled> {
        let mut found = self.start(points, rng, task)?;
        for _ in 1..effort.starts {
            let other = self.start(points, rng, task)?;
            found = if other.inertia < found.inertia { other } else { found };
        }
        if self.k > 1 {
            found = swap::improve(points, found, effort.swaps, rng, task)?;
        }
        let (centres, ending) = settle(points, found.centres, FINE_TOLERANCE * points.variance, task)?;
        Ok(Solution { inertia: inertia(points, &centres), centres, ending: ending.after(found.ending.steps) })
    }

    fn effort(&self, points: &Points) -> Effort {
        let tries = WORK / (points.len() * self.k * points.ncols()) / swap::PASSES;
        let patience = (PATIENCE * self.k).clamp(LEAST_PATIENCE, MOST_PATIENCE);
        match points.len() * points.ncols() {
            // With one segment every search finds the mean.
            _ if self.k == 1 => Effort { searches: 1, enough: 1, starts: 1, swaps: Budget { tries: 0, patience: 0 } },
            ..=SMALL => Effort { searches: 6, enough: 3, starts: 1, swaps: Budget { tries, patience: 50 } },
            // Groups cut in two have many solutions that no single swap leads out of.
            _ if self.k <= FEW_CENTRES => Effort {
                searches: 1,
                enough: 1,
                starts: STARTS,
                swaps: Budget { tries, patience: FEW_PATIENCE * self.k },
            },
            _ => Effort { searches: 1, enough: 1, starts: 1, swaps: Budget { tries, patience } },
        }
    }
}

impl Cluster for KMeans {
    fn fit(&self, matrix: &Matrix, task: &Task) -> Result<Fitted, ClusterError> {
        check::segments(matrix, self.k)?;
        if let Some(given) = self.weights.as_ref().map(Vec::len).filter(|&given| given != matrix.nrows()) {
            let n = matrix.nrows();
            return Err(ClusterError::Settings(format!("{given} weights were given for {n} rows")));
        }
        let (centres, ending) = self.found(matrix, task)?;
        Ok(Fitted { ending: Some(ending), ..from_centres(centres, matrix, task)? })
    }
}

/// The fit of the rows to their nearest centres, which it numbers as the labels; a centre without rows
/// is left out.
pub(super) fn from_centres(centres: Array2<f64>, matrix: &Matrix, task: &Task) -> Result<Fitted, Cancelled> {
    let placed = Clusterer::Centres { centres: centres.clone() }.place(matrix.values.view(), task)?;
    let raw: Vec<Option<u32>> = placed.labels.into_iter().map(Some).collect();
    let (labels, order) = Labels::with_order(&raw);
    let order: Vec<usize> = order.into_iter().map(|label| label as usize - 1).collect();
    Ok(Fitted::plain(labels, Clusterer::Centres { centres: centres.select(Axis(0), &order) }))
}

#[cfg(test)]
mod tests;
