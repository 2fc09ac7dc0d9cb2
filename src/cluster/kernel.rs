//! linfa-hierarchical: average linkage of −ln(similarity) by a Gaussian kernel.

use linfa::ParamGuard;
use linfa::traits::Transformer;
use linfa_hierarchical::HierarchicalCluster;
use linfa_kernel::{Kernel, KernelMethod};

use super::{Algorithm, Cluster, ClusterError, Clusterer, Fitted, bytes_needed, check, hierarchical};
use crate::matrix::{Labels, Matrix};
use crate::task::Task;

/// linfa's kernel and tree have no cancel: this many rows take about 100 ms.
pub const MOST_ROWS: usize = 1500;

/// Clustering by a Gaussian kernel, with a checked number of segments.
#[derive(Debug, Clone, Copy)]
pub struct GaussianKernel {
    k: usize,
}

impl GaussianKernel {
    /// `k` segments by a Gaussian kernel.
    ///
    /// # Errors
    /// [`ClusterError::Settings`] where k is 0.
    pub fn new(k: usize) -> Result<Self, ClusterError> {
        check::k(k).map(|k| Self { k })
    }
}

/// linfa's eps in exp(−‖x−y‖²/eps): twice the summed variances (ddof 0), the mean squared distance of two
/// rows, so that few similarities fall below linfa's floor of 1e-6.
fn width(matrix: &Matrix) -> f64 {
    let width = 2.0 * matrix.values.var_axis(ndarray::Axis(0), 0.0).sum();
    if width > 0.0 { width } else { 1.0 }
}

impl Cluster for GaussianKernel {
    fn fit(&self, matrix: &Matrix, task: &Task) -> Result<Fitted, ClusterError> {
        check::segments(matrix, self.k)?;
        if matrix.nrows() > MOST_ROWS {
            return Err(ClusterError::Failed(format!(
                "kernel takes at most {MOST_ROWS} rows, there are {}",
                matrix.nrows()
            )));
        }
        check::memory(bytes_needed(Algorithm::Kernel, matrix.nrows(), matrix.ncols()), task)?;
        task.check()?;
        let kernel: Kernel<f64> =
            Kernel::params().method(KernelMethod::Gaussian(width(matrix))).transform(matrix.values.view());
        task.check()?;
        let tree = HierarchicalCluster::default()
            .num_clusters(self.k)
            .check()
            .map_err(|error| ClusterError::Failed(error.to_string()))?;
        // linfa numbers the clusters in hash order; the partition is what counts.
        let raw: Vec<Option<usize>> = tree.transform(kernel).targets.into_iter().map(Some).collect();
        task.check()?;
        Ok(nearest(matrix, &raw))
    }
}

/// The fit of a partition whose new rows go where the nearest training row is: equal rows share the label
/// of the first of them.
pub(super) fn nearest<T: std::hash::Hash + Eq + Copy>(matrix: &Matrix, raw: &[Option<T>]) -> Fitted {
    let mut first = std::collections::HashMap::new();
    let key = |row: usize| matrix.row(row).iter().map(|value| (value + 0.0).to_bits()).collect::<Vec<_>>();
    let raw: Vec<Option<T>> =
        raw.iter().enumerate().map(|(row, label)| *first.entry(key(row)).or_insert(*label)).collect();
    let labels = Labels::from_raw(&raw);
    let clusterer = Clusterer::Nearest {
        points: matrix.values.to_shared(),
        labels: labels.as_slice().to_vec(),
        centres: hierarchical::means(matrix, &labels),
    };
    Fitted::plain(labels, clusterer)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::cluster::samples;

    #[test]
    fn clear_groups_are_found_the_same_way_every_time() {
        let matrix = samples::blobs(200, 4, 2, 0.5);
        let fits = samples::on_threads(|| GaussianKernel::new(4).unwrap().fit(&matrix, &Task::default()).unwrap());
        let known: Vec<u32> = (0..200).map(|row| row % 4 + 1).collect();
        for fitted in &fits {
            assert!(samples::same_partition(fitted.labels.as_slice(), &known));
            assert_eq!(fitted.labels, fits[0].labels);
            assert_eq!(fitted.clusterer.assign(matrix.values.view()).labels, fitted.labels.as_slice());
        }
    }

    #[test]
    fn too_many_rows_too_little_memory_and_a_cancel_are_said() {
        let fit = |rows, task: &Task| {
            GaussianKernel::new(2).unwrap().fit(&samples::blobs(rows, 2, 1, 1.0), task).unwrap_err()
        };
        assert!(fit(MOST_ROWS + 1, &Task::default()).to_string().contains("at most 1500 rows"));
        assert!(matches!(fit(500, &Task::default().with_memory(1000)), ClusterError::Memory { .. }));
        let task = Task::default();
        task.cancel();
        assert!(matches!(fit(50, &task), ClusterError::Cancelled(_)));
    }
}
