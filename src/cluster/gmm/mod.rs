//! Gaussian mixture with full covariances, by expectation-maximisation.

mod density;
mod em;

pub(super) use density::assign;
use em::Mixture;
use ndarray::{Array2, Axis};

use super::{Cluster, ClusterError, Clusterer, Fitted, check, kmeans::KMeans};
use crate::kernel::tiles::Tiles;
use crate::matrix::{Labels, Matrix};
use crate::task::{Cancelled, Task};

/// Starts: the best k-means solution, then single runs of k-means.
const STARTS: usize = 4;
/// The starts run until the mean log-likelihood rises by less than this; the best of them goes on.
const START_TOLERANCE: f64 = 1e-2;
const START_STEPS: usize = 50;
/// Where the mean log-likelihood rises by less than this, it is done (scikit-learn: 1e-3).
const TOLERANCE: f64 = 1e-4;
const STEPS: usize = 500;

/// A Gaussian mixture (full covariances) with a checked number of components.
#[derive(Debug, Clone, Copy)]
pub struct GaussianMixture {
    k: usize,
}

impl GaussianMixture {
    /// A mixture of `k` components.
    ///
    /// # Errors
    /// [`ClusterError::Settings`] where k is 0.
    pub fn new(k: usize) -> Result<Self, ClusterError> {
        check::k(k).map(|k| Self { k })
    }

    /// The number of free parameters in `d` columns: covariances, means and weights.
    pub fn parameters(&self, d: usize) -> usize {
        self.k * d * (d + 1) / 2 + self.k * d + self.k - 1
    }

    /// The best of the starts, run to its end.
    fn search(&self, matrix: &Matrix, task: &Task) -> Result<Mixture, ClusterError> {
        let tiles = Tiles::new(matrix.values.view());
        task.begin("mixture", STARTS as u64 + 1);
        let mut best: Option<Mixture> = None;
        for start in 0..STARTS {
            let centres = self.start(matrix, start, task)?;
            let labels = Clusterer::Centres { centres: centres.clone() }.assign(matrix.values.view()).labels;
            let found = Mixture::around(matrix, &centres, &labels).climb(&tiles, START_STEPS, START_TOLERANCE, task)?;
            if best.as_ref().is_none_or(|best| self.merit(&found, matrix) > self.merit(best, matrix)) {
                best = Some(found);
            }
            task.advance(1);
        }
        let best = best.ok_or_else(|| ClusterError::Failed("the mixture found no start".into()))?;
        Ok(Mixture { converged: false, ..best }.climb(&tiles, STEPS, TOLERANCE, task)?)
    }

    fn start(&self, matrix: &Matrix, start: usize, task: &Task) -> Result<Array2<f64>, Cancelled> {
        let kmeans = KMeans::new(self.k).map_err(|_| Cancelled)?;
        if start == 0 { kmeans.centres(matrix, task) } else { kmeans.once(matrix, &format!("gmm start {start}"), task) }
    }

    /// Whether no component has shrunk to fewer rows than it takes to span the space (such components
    /// have a high density and say nothing), then the bound.
    fn merit(&self, mixture: &Mixture, matrix: &Matrix) -> (bool, f64) {
        let floor = (matrix.ncols() + 1) as f64 / matrix.nrows() as f64;
        (mixture.weights.iter().all(|&weight| weight >= floor), mixture.bound)
    }
}

impl Cluster for GaussianMixture {
    fn fit(&self, matrix: &Matrix, task: &Task) -> Result<Fitted, ClusterError> {
        check::segments(matrix, self.k)?;
        let mixture = self.search(matrix, task)?;
        let placed = assign(&mixture.weights, &mixture.means, &mixture.cholesky, matrix.values.view());
        let raw: Vec<Option<u32>> = placed.into_iter().map(|(label, _)| Some(label)).collect();
        let (labels, order) = Labels::with_order(&raw);
        let order: Vec<usize> = order.into_iter().map(|label| label as usize - 1).collect();
        let weights = mixture.weights.select(Axis(0), &order);
        let clusterer = Clusterer::Mixture {
            weights: &weights / weights.sum(),
            means: mixture.means.select(Axis(0), &order),
            cholesky: mixture.cholesky.select(Axis(0), &order),
        };
        Ok(Fitted {
            warnings: self.warnings(&mixture, labels.clusters()),
            log_likelihood: Some(mixture.bound * matrix.nrows() as f64),
            parameters: Some(self.parameters(matrix.ncols())),
            ..Fitted::plain(labels, clusterer)
        })
    }
}

impl GaussianMixture {
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

#[cfg(test)]
mod tests;
