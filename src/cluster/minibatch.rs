//! linfa's incremental k-means, stepped in batches.

use linfa::DatasetBase;
use linfa::ParamGuard;
use linfa::traits::FitWith;
use linfa_clustering::{IncrKMeansError, KMeans as LinfaKMeans, KMeansInit};
use ndarray::{Array2, Axis};
use rand::seq::SliceRandom;

use super::kmeans::{self, KMeans};
use super::{Cluster, ClusterError, Fitted, check};
use crate::matrix::Matrix;
use crate::task::Task;

/// Rows a batch.
const BATCH: usize = 1024;
/// Times each row is seen.
const EPOCHS: usize = 5;

/// Incremental k-means with a checked number of segments.
#[derive(Debug, Clone, Copy)]
pub struct MiniBatch {
    k: usize,
}

impl MiniBatch {
    /// Incremental k-means with `k` segments.
    ///
    /// # Errors
    /// [`ClusterError::Settings`] where k is 0.
    pub fn new(k: usize) -> Result<Self, ClusterError> {
        check::k(k).map(|k| Self { k })
    }

    /// linfa's centres after all batches, each a random draw of rows without repeats: (k, d).
    fn centres(&self, matrix: &Matrix, task: &Task) -> Result<Array2<f64>, ClusterError> {
        let mut rng = task.stream(&["minibatch".to_owned(), format!("k={}", self.k)]);
        let mut order: Vec<usize> = (0..matrix.nrows()).collect();
        order.shuffle(&mut rng);
        let first = matrix.select(&order[..order.len().min(10 * BATCH)]);
        let centres = KMeans::new(self.k)?.quick(&first, &["minibatch"], task)?;
        let batches = matrix.nrows().div_ceil(BATCH) * EPOCHS;
        task.begin("batches", batches as u64);
        let params = LinfaKMeans::params_with_rng(self.k, rng.clone())
            .init_method(KMeansInit::Precomputed(centres.clone()))
            .check()
            .map_err(|error| ClusterError::Failed(error.to_string()))?;
        let mut model = None;
        for _ in 0..EPOCHS {
            order.shuffle(&mut rng);
            for batch in order.chunks(BATCH) {
                task.check()?;
                let rows = DatasetBase::from(matrix.values.select(Axis(0), batch));
                model = match params.fit_with(model, &rows) {
                    Ok(model) | Err(IncrKMeansError::NotConverged(model)) => Some(model),
                    Err(error) => return Err(ClusterError::Failed(error.to_string())),
                };
                task.advance(1);
            }
        }
        Ok(model.map_or(centres, |model| model.centroids().clone()))
    }
}

impl Cluster for MiniBatch {
    fn fit(&self, matrix: &Matrix, task: &Task) -> Result<Fitted, ClusterError> {
        check::segments(matrix, self.k)?;
        // The batches' running means lag behind: the centres are taken anew from the rows they drew.
        let lagging = kmeans::from_centres(self.centres(matrix, task)?, matrix, task)?;
        Ok(kmeans::from_centres(super::hierarchical::means(matrix, &lagging.labels), matrix, task)?)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::cluster::samples;

    fn fit(matrix: &Matrix) -> Fitted {
        MiniBatch::new(4).unwrap().fit(matrix, &Task::default()).unwrap()
    }

    #[test]
    fn clear_groups_are_found_and_new_labels_agree() {
        let matrix = samples::blobs(3000, 4, 2, 0.5);
        let fitted = fit(&matrix);
        let known: Vec<u32> = (0..3000).map(|row| row % 4 + 1).collect();
        assert!(samples::same_partition(fitted.labels.as_slice(), &known));
        assert_eq!(fitted.clusterer.assign(matrix.values.view()).labels, fitted.labels.as_slice());
    }

    #[test]
    fn any_number_of_threads_gives_the_same_bits() {
        let matrix = samples::blobs(5000, 4, 3, 3.0);
        let fits = samples::on_threads(|| fit(&matrix).clusterer);
        assert!(fits.windows(2).all(|pair| pair[0] == pair[1]));
    }

    #[test]
    fn a_cancelled_fit_stops() {
        let task = Task::default();
        task.cancel();
        let matrix = samples::blobs(500, 4, 2, 1.0);
        assert!(matches!(MiniBatch::new(4).unwrap().fit(&matrix, &task), Err(ClusterError::Cancelled(_))));
    }
}
