//! k-means: Lloyd's rounds from greedy k-means++ seeds, restarts, random swap.

mod lloyd;
mod seed;
mod swap;

use lloyd::{Points, Solution, lloyd};
use ndarray::Array2;
use rand::Rng;
use swap::Budget;

use super::{Cluster, ClusterError, Clusterer, Fitted, check};
use crate::matrix::{Labels, Matrix};
use crate::task::{Cancelled, Task};

/// Lloyd stops when the centres' squared moves are at most this share of the mean variance.
const TOLERANCE: f64 = 1e-4;
/// The solution that is kept goes on to this one.
const FINE_TOLERANCE: f64 = 1e-10;
/// Solutions started from scratch.
const STARTS: usize = 3;

/// k-means with a checked number of segments.
#[derive(Debug, Clone, Copy)]
pub struct KMeans {
    k: usize,
}

impl KMeans {
    /// k-means with `k` segments.
    ///
    /// # Errors
    /// [`ClusterError::Settings`] where k is 0.
    pub fn new(k: usize) -> Result<Self, ClusterError> {
        check::k(k).map(|k| Self { k })
    }

    /// The best centres found: (k, d).
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn centres(&self, matrix: &Matrix, task: &Task) -> Result<Array2<f64>, Cancelled> {
        let points = Points::new(matrix.values.view());
        let mut rng = task.stream(&["kmeans".to_owned(), format!("k={}", self.k)]);
        let mut best = self.start(&points, &mut rng, task)?;
        for _ in 1..STARTS {
            let found = self.start(&points, &mut rng, task)?;
            if found.inertia < best.inertia {
                best = found;
            }
        }
        if self.k > 1 {
            best = swap::improve(&points, best, self.budget(), &mut rng, task)?;
        }
        let best = lloyd(&points, best.centres, None, FINE_TOLERANCE * points.variance, task)?;
        Ok(points.back(&best.centres))
    }

    /// The centres that a single start leads to, seeded by `name`: (k, d).
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn once(&self, matrix: &Matrix, name: &str, task: &Task) -> Result<Array2<f64>, Cancelled> {
        let points = Points::new(matrix.values.view());
        let mut rng = task.stream(&[name.to_owned(), format!("k={}", self.k)]);
        Ok(points.back(&self.start(&points, &mut rng, task)?.centres))
    }

    fn start(&self, points: &Points, rng: &mut impl Rng, task: &Task) -> Result<Solution, Cancelled> {
        let centres = seed::plus_plus(points, self.k, rng, task)?;
        lloyd(points, centres, None, TOLERANCE * points.variance, task)
    }

    fn budget(&self) -> Budget {
        let env = |name: &str, default: usize| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default);
        Budget { tries: env("TRIES", 5000), patience: env("PATIENCE", 100) }
    }
}

impl Cluster for KMeans {
    fn fit(&self, matrix: &Matrix, task: &Task) -> Result<Fitted, ClusterError> {
        check::segments(matrix, self.k)?;
        let centres = self.centres(matrix, task)?;
        let placed = Clusterer::Centres { centres: centres.clone() }.assign(matrix.values.view());
        let raw: Vec<Option<u32>> = placed.labels.into_iter().map(Some).collect();
        let (labels, order) = Labels::with_order(&raw);
        let order: Vec<usize> = order.into_iter().map(|label| label as usize - 1).collect();
        let centres = centres.select(ndarray::Axis(0), &order);
        Ok(Fitted::plain(labels, Clusterer::Centres { centres }))
    }
}
