//! Fits at less effort, for resamples that are fitted by the hundred.

use super::kmeans::{KMeans, from_centres};
use super::{
    Algorithm, Cluster, ClusterError, Fitted, GaussianMixture, KMedoids, KPrototypes, Settings, algorithm, check,
};
use crate::matrix::Matrix;
use crate::task::Task;

/// The seeds of a quick k-means' starts: all of them where rows are few, else the first …
const STARTS: [&str; 10] =
    ["quick 0", "quick 1", "quick 2", "quick 3", "quick 4", "quick 5", "quick 6", "quick 7", "quick 8", "quick 9"];
/// … of so many coordinates, …
const FEW: usize = 2_000;
/// … so many.
const FEW_STARTS: usize = 3;

/// The algorithm as [`algorithm`] gives it, but k-means is the best of a few greedy starts, without swaps, and a mixture
/// has one start.
///
/// # Errors
/// As [`algorithm`].
pub fn quick(id: Algorithm, settings: Settings) -> Result<Box<dyn Cluster>, ClusterError> {
    match (id, settings.k) {
        (Algorithm::Kmeans, Some(k)) => Ok(Box::new(QuickKMeans::new(k)?)),
        (_, Some(k)) if let Some(covariance) = id.covariance() => {
            Ok(Box::new(QuickMixture(GaussianMixture::new(k)?.with_covariance(covariance))))
        }
        (Algorithm::Kmedoids, Some(k)) => {
            Ok(Box::new(KMedoids::new(k, settings.distance.unwrap_or_default())?.quick()))
        }
        (Algorithm::Kprototypes, Some(k)) => Ok(Box::new(KPrototypes::new(k, settings.gamma)?.quick())),
        (Algorithm::Kmodes, Some(k)) => Ok(Box::new(KPrototypes::modes(k)?.quick())),
        _ => algorithm(id, settings),
    }
}

/// k-means as [`quick`] gives it.
#[derive(Debug, Clone)]
pub struct QuickKMeans {
    k: usize,
    search: KMeans,
    few: bool,
}

impl QuickKMeans {
    /// k-means with `k` segments.
    ///
    /// # Errors
    /// As [`KMeans::new`].
    pub fn new(k: usize) -> Result<Self, ClusterError> {
        Ok(Self { k, search: KMeans::new(k)?, few: false })
    }

    /// The same over rows that count as their `weights` say.
    ///
    /// # Errors
    /// As [`KMeans::weights`].
    pub fn weights(self, weights: Vec<f64>) -> Result<Self, ClusterError> {
        Ok(Self { search: self.search.weights(weights)?, ..self })
    }

    /// The same from few starts where there are few rows, too.
    #[must_use]
    pub fn few_starts(self) -> Self {
        Self { few: true, ..self }
    }
}

impl Cluster for QuickKMeans {
    fn fit(&self, matrix: &Matrix, task: &Task) -> Result<Fitted, ClusterError> {
        check::segments(matrix, self.k)?;
        let starts = if self.few || matrix.values.len() > FEW { &STARTS[..FEW_STARTS] } else { &STARTS[..] };
        Ok(from_centres(self.search.quick(matrix, starts, task)?, matrix, task)?)
    }
}

struct QuickMixture(GaussianMixture);

impl Cluster for QuickMixture {
    fn fit(&self, matrix: &Matrix, task: &Task) -> Result<Fitted, ClusterError> {
        self.0.fit_quick(matrix, task)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use ndarray::Array2;

    #[test]
    fn groups_far_apart_are_found_quickly_too() {
        let values = Array2::from_shape_fn((60, 2), |(row, column)| ((row % 3) * 50 + (row * (column + 3)) % 7) as f64);
        let settings = Settings { k: Some(3), ..Settings::default() };
        let matrix = Matrix::from_values(values);
        for id in [Algorithm::Kmeans, Algorithm::Gmm, Algorithm::Ward] {
            let fitted = quick(id, settings).unwrap().fit(&matrix, &Task::new(1)).unwrap();
            assert_eq!(fitted.labels.sizes(), [20, 20, 20]);
            assert!(fitted.labels.as_slice().chunks(3).all(|rows| rows == &fitted.labels.as_slice()[..3]));
        }
    }
}
