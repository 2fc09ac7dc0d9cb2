//! linfa's traits for our own algorithms, with the default seed and budget.

use linfa::DatasetBase;
use linfa::traits::{Fit, PredictInplace};
use ndarray::{Array1, ArrayBase, Data, Ix2};

use super::{Cluster, ClusterError, Clusterer, Fitted, GaussianMixture, KMeans};
use crate::matrix::Matrix;
use crate::task::Task;

impl<D: Data<Elem = f64>, T> Fit<ArrayBase<D, Ix2>, T, ClusterError> for KMeans {
    type Object = Fitted;

    fn fit(&self, dataset: &DatasetBase<ArrayBase<D, Ix2>, T>) -> Result<Fitted, ClusterError> {
        Cluster::fit(self, &Matrix::from_values(dataset.records().to_owned()), &Task::default())
    }
}

impl<D: Data<Elem = f64>, T> Fit<ArrayBase<D, Ix2>, T, ClusterError> for GaussianMixture {
    type Object = Fitted;

    fn fit(&self, dataset: &DatasetBase<ArrayBase<D, Ix2>, T>) -> Result<Fitted, ClusterError> {
        Cluster::fit(self, &Matrix::from_values(dataset.records().to_owned()), &Task::default())
    }
}

/// Predicts segments, 0 being unassigned.
impl<D: Data<Elem = f64>> PredictInplace<ArrayBase<D, Ix2>, Array1<u32>> for Clusterer {
    fn predict_inplace(&self, rows: &ArrayBase<D, Ix2>, segments: &mut Array1<u32>) {
        *segments = Array1::from_vec(self.assign(rows.view()).labels);
    }

    fn default_target(&self, rows: &ArrayBase<D, Ix2>) -> Array1<u32> {
        Array1::zeros(rows.nrows())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use linfa::traits::Predict;
    use ndarray::array;

    #[test]
    fn linfas_way_gives_the_same_labels() {
        let dataset = DatasetBase::from(array![[0.0], [0.1], [0.2], [9.0], [9.1]]);
        let fitted = Fit::fit(&KMeans::new(2).unwrap(), &dataset).unwrap();
        let segments: Array1<u32> = fitted.clusterer.predict(dataset.records());
        assert_eq!(segments.to_vec(), fitted.labels.as_slice());
        assert_eq!(segments.to_vec(), [1, 1, 1, 2, 2]);
        let mixture = Fit::fit(&GaussianMixture::new(1).unwrap(), &dataset).unwrap();
        assert_eq!(mixture.labels.sizes(), [5]);
    }
}
