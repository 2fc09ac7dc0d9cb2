//! Gaussian mixtures by expectation-maximisation (Dempster, Laird and Rubin 1977).

mod covariance;
mod density;
mod em;
mod expect;
mod narrow;

pub use covariance::Covariance;
use density::triangle;
pub(super) use density::{assign, memberships};
use em::Mixture;
use ndarray::{Array1, Array2, Array3, Axis};
use rand::Rng;
use rayon::prelude::*;

use super::{Cluster, ClusterError, Clusterer, Ending, Fitted, check, kmeans::KMeans};
use crate::kernel::tiles::Tiles;
use crate::matrix::{Labels, Matrix};
use crate::task::{Cancelled, Task};

/// Starts where they are cheap, and where they are not.
const MANY_STARTS: usize = 48;
const FEW_STARTS: usize = 3;
/// Up to this many products of two differences a start is cheap.
const CHEAP: usize = 12_000_000;
/// How a race of starts goes: all that are left make so many steps, then so many stay.
type Race = &'static [(usize, usize)];
const LONG_RACE: Race = &[(START_STEPS, 4), (100, 1)];
const SHORT_RACE: Race = &[(START_STEPS, 1), (100, 1)];
/// What a start costs.
const START_STEPS: usize = 15;
/// How a swap goes: so many steps, after which its mean log-likelihood may be lower by no more than this.
const SWAP: [(usize, f64); 3] = [(5, 0.2), (10, 0.05), (100, 0.0)];
/// Where the mean log-likelihood rises by less than this, it is done (scikit-learn: 1e-3).
const TOLERANCE: f64 = 1e-5;
const STEPS: usize = 500;
/// Where resamples are fitted by the hundred.
const QUICK: Effort = Effort { starts: 1, race: &[], swaps: 0, tolerance: 1e-3 };
const QUICK_STEPS: usize = 100;
/// A component narrower than this share of all rows' conditional variances lies on a line or a point.
const NARROW: f64 = 1e-5;

/// How hard to search.
#[derive(Debug, Clone, Copy)]
struct Effort {
    starts: usize,
    race: Race,
    /// Tries with one component moved.
    swaps: usize,
    tolerance: f64,
}

/// A Gaussian mixture with a checked number of components.
///
/// O(n·k·d²) time a step, O(n·d) memory. Several true restarts, from k-means groups and from random rows, then swaps of
/// single components; the best bound is kept, unless a component has shrunk to fewer rows than span the space.
#[derive(Debug, Clone, Copy)]
pub struct GaussianMixture {
    k: usize,
    covariance: Covariance,
}

impl GaussianMixture {
    /// A mixture of `k` components with a full covariance each.
    ///
    /// # Errors
    /// [`ClusterError::Settings`] where k is 0.
    pub fn new(k: usize) -> Result<Self, ClusterError> {
        check::k(k).map(|k| Self { k, covariance: Covariance::Full })
    }

    /// The same with other covariances.
    #[must_use]
    pub fn with_covariance(self, covariance: Covariance) -> Self {
        Self { covariance, ..self }
    }

    /// The number of free parameters in `d` columns: covariances, means and weights.
    pub fn parameters(&self, d: usize) -> usize {
        self.covariance.parameters(self.k, d) + self.k * d + self.k - 1
    }

    /// The mean log-likelihood of a row after so many steps from the groups around `centres` (k, d).
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn climb(&self, matrix: &Matrix, centres: &Array2<f64>, steps: usize, task: &Task) -> Result<f64, Cancelled> {
        let space = Space::new(matrix, self.covariance);
        let labels = Clusterer::Centres { centres: centres.clone() }.assign(matrix.values.view()).labels;
        let start = Mixture::around(matrix, centres, &labels, self.covariance);
        Ok(start.climb(&space.tiles, steps, 0.0, task)?.bound)
    }

    /// As [`Cluster::fit`], where the best k-means of as many groups may be `known` already: it is where one of the starts
    /// begins, so that the fit is the same without.
    ///
    /// # Errors
    /// As [`Cluster::fit`].
    pub fn fit_beside(&self, matrix: &Matrix, known: Option<Groups<'_>>, task: &Task) -> Result<Fitted, ClusterError> {
        check::segments(matrix, self.k)?;
        Ok(self.fitted(&self.search(matrix, known, task)?, matrix, task)?)
    }

    /// The best of the starts, improved by swaps and run to its end.
    fn search(&self, matrix: &Matrix, known: Option<Groups<'_>>, task: &Task) -> Result<Mixture, ClusterError> {
        let space = Space::new(matrix, self.covariance);
        let effort = self.effort(matrix);
        task.begin("mixture", (effort.starts * effort.race.len() + effort.swaps) as u64);
        let start = |start| self.start(&space, start, effort, known, task);
        let mut climbing = (0..effort.starts).into_par_iter().map(start).collect::<Result<Vec<_>, _>>()?;
        for &(steps, stay) in effort.race {
            let share = (effort.starts / climbing.len()) as u64;
            let further = |mixture: Mixture| {
                task.advance(share);
                mixture.climb(&space.tiles, steps, effort.tolerance, task)
            };
            climbing = climbing.into_par_iter().map(further).collect::<Result<_, _>>()?;
            // Stable: of equal ones the earlier start.
            climbing.sort_by(|a, b| space.merit(b).total_cmp(&space.merit(a)));
            climbing.truncate(stay);
        }
        let mut best = climbing.swap_remove(0);
        best = self.swap(best, &space, effort.swaps, task)?;
        Ok(best.climb(&space.tiles, STEPS, effort.tolerance, task)?)
    }

    /// Moves single components to random rows as long as `tries` last; keeps what is better.
    fn swap(&self, mut best: Mixture, space: &Space, tries: usize, task: &Task) -> Result<Mixture, Cancelled> {
        let mut rng = task.stream(&["gmm swaps".to_owned(), format!("k={}", self.k)]);
        for _ in 0..tries {
            let (number, row) = (rng.gen_range(0..self.k), rng.gen_range(0..space.matrix.nrows()));
            let mut tried = best.swapped(&space.whole, number, space.matrix.values.row(row));
            for (steps, near) in SWAP {
                tried = tried.climb(&space.tiles, steps, TOLERANCE, task)?;
                if tried.bound <= best.bound - near {
                    break;
                }
            }
            if space.merit(&tried) > space.merit(&best) {
                best = tried;
            }
            task.advance(1);
        }
        Ok(best)
    }

    /// Small data get many starts, swaps and a finer end; one component has one solution.
    fn effort(&self, matrix: &Matrix) -> Effort {
        let (n, d) = matrix.values.dim();
        let start = n * self.k * (d * d + 10) * START_STEPS;
        match start {
            _ if self.k == 1 => Effort { starts: 1, race: SHORT_RACE, swaps: 0, tolerance: TOLERANCE },
            ..=CHEAP => Effort { starts: MANY_STARTS, race: LONG_RACE, swaps: MANY_STARTS, tolerance: TOLERANCE },
            _ => Effort { starts: FEW_STARTS, race: SHORT_RACE, swaps: 0, tolerance: 10.0 * TOLERANCE },
        }
    }

    /// First the groups of the best k-means solution (of a quick one where there are few starts) and of a single run
    /// of it, then in turn the groups around random rows and, for components that overlap, random rows with everyone's covariance.
    fn start(
        &self,
        space: &Space,
        start: usize,
        effort: Effort,
        known: Option<Groups<'_>>,
        task: &Task,
    ) -> Result<Mixture, ClusterError> {
        let kmeans = KMeans::new(self.k)?;
        let centres = match start {
            0 if effort.swaps > 0 => return self.beside_k_means(space, known, task),
            0 => kmeans.quick(space.matrix, &["gmm 0", "gmm 1", "gmm 2"], task)?,
            1 => kmeans.quick(space.matrix, &["gmm"], task)?,
            _ => self.random_rows(space.matrix, start, task),
        };
        if start > 1 && start % 2 == 1 {
            return Ok(Mixture::spread(&space.whole, &centres));
        }
        Ok(self.around(space, &centres, task)?)
    }

    /// The mixture of the groups that k-means finds with its whole effort.
    fn beside_k_means(&self, space: &Space, known: Option<Groups<'_>>, task: &Task) -> Result<Mixture, ClusterError> {
        let kmeans = KMeans::new(self.k)?;
        let found = if known.is_none() { Some(kmeans.fit(space.matrix, task)?) } else { None };
        let groups = known.or_else(|| {
            let found = found.as_ref()?;
            Some(Groups { labels: &found.labels, centres: found.clusterer.centres()? })
        });
        match groups {
            Some(Groups { labels, centres }) if centres.nrows() == self.k => {
                Ok(Mixture::around(space.matrix, centres, labels.as_slice(), self.covariance))
            }
            _ => Ok(self.around(space, &kmeans.centres(space.matrix, task)?, task)?),
        }
    }

    /// The mixture of the groups of rows around `centres`.
    fn around(&self, space: &Space, centres: &Array2<f64>, task: &Task) -> Result<Mixture, Cancelled> {
        let labels = Clusterer::Centres { centres: centres.clone() }.place(space.matrix.values.view(), task)?.labels;
        Ok(Mixture::around(space.matrix, centres, &labels, self.covariance))
    }

    fn random_rows(&self, matrix: &Matrix, start: usize, task: &Task) -> Array2<f64> {
        let mut rng = task.stream(&["gmm".to_owned(), format!("k={}", self.k), format!("start {start}")]);
        let rows = rand::seq::index::sample(&mut rng, matrix.nrows(), self.k).into_vec();
        matrix.values.select(Axis(0), &rows)
    }
}

/// What k-means found.
#[derive(Debug, Clone, Copy)]
pub struct Groups<'a> {
    /// Of the rows.
    pub labels: &'a Labels,
    /// (k, d).
    pub centres: &'a Array2<f64>,
}

/// The rows, and what a mixture is measured by.
struct Space<'a> {
    matrix: &'a Matrix,
    tiles: Tiles,
    /// One component over all rows.
    whole: Mixture,
}

impl<'a> Space<'a> {
    fn new(matrix: &'a Matrix, covariance: Covariance) -> Self {
        let n = matrix.nrows() as f64;
        let mean = Array2::from_shape_fn((1, matrix.ncols()), |(_, column)| matrix.values.column(column).sum() / n);
        let whole = Mixture::around(matrix, &mean, &vec![1; matrix.nrows()], covariance);
        Self { matrix, tiles: Tiles::finite(matrix.values.view()), whole }
    }

    /// The bound; far below any other where a component has shrunk to fewer rows than span the space, or to
    /// a line or a point: such components have a high density and say nothing.
    fn merit(&self, mixture: &Mixture) -> f64 {
        let floor = (self.matrix.ncols() + 1) as f64 / self.matrix.nrows() as f64;
        let heavy = mixture.weights.iter().all(|&weight| weight >= floor);
        let sound = heavy && mixture.narrowest(&self.whole) >= NARROW;
        if sound { mixture.bound } else { mixture.bound - 1e6 }
    }
}

impl Cluster for GaussianMixture {
    fn fit(&self, matrix: &Matrix, task: &Task) -> Result<Fitted, ClusterError> {
        self.fit_beside(matrix, None, task)
    }
}

impl GaussianMixture {
    /// A fit from the groups of a single k-means run, as far as few steps bring it: for resamples.
    pub(super) fn fit_quick(&self, matrix: &Matrix, task: &Task) -> Result<Fitted, ClusterError> {
        check::segments(matrix, self.k)?;
        let space = Space::new(matrix, self.covariance);
        let mixture =
            self.start(&space, 1, QUICK, None, task)?.climb(&space.tiles, QUICK_STEPS, QUICK.tolerance, task)?;
        Ok(self.fitted(&mixture, matrix, task)?)
    }

    fn fitted(&self, mixture: &Mixture, matrix: &Matrix, task: &Task) -> Result<Fitted, Cancelled> {
        let found = clusterer(mixture, &(0..self.k).collect::<Vec<_>>());
        let placed = found.place(matrix.values.view(), task)?;
        let certainty = placed.confidence.iter().map(|posterior| posterior.ln()).sum();
        let raw: Vec<Option<u32>> = placed.labels.into_iter().map(Some).collect();
        let (labels, order) = Labels::with_order(&raw);
        let order: Vec<usize> = order.into_iter().map(|label| label as usize - 1).collect();
        let clusterer = clusterer(mixture, &order);
        Ok(Fitted {
            warnings: self.warnings(mixture, labels.clusters()),
            ending: Some(Ending { steps: mixture.steps, converged: mixture.converged }),
            log_likelihood: Some(mixture.bound * matrix.nrows() as f64),
            parameters: Some(self.parameters(matrix.ncols())),
            certainty: Some(certainty),
            ..Fitted::plain(labels, clusterer)
        })
    }

    fn warnings(&self, mixture: &Mixture, clusters: usize) -> Vec<String> {
        let mut warnings = Vec::new();
        if !mixture.converged {
            warnings.push(format!("not converged after {STEPS} steps"));
        }
        if clusters < self.k {
            warnings.push(format!("only {clusters} of {} components are the likeliest of any row", self.k));
        }
        warnings
    }
}

/// The components numbered in `order`, as new rows are placed in them.
fn clusterer(mixture: &Mixture, order: &[usize]) -> Clusterer {
    let (k, d) = (order.len(), mixture.ncols());
    let weights: Array1<f64> = order.iter().map(|&number| mixture.weights[number]).collect();
    let lower = |number: usize, row: usize, column: usize| {
        if column > row { 0.0 } else { mixture.factors[order[number] * triangle(d) + triangle(row) + column] }
    };
    Clusterer::Mixture {
        weights: &weights / weights.sum(),
        means: Array2::from_shape_fn((k, d), |(number, column)| mixture.means[order[number] * d + column]),
        cholesky: Array3::from_shape_fn((k, d, d), |(number, row, column)| lower(number, row, column)),
    }
}

#[cfg(test)]
mod tests;
