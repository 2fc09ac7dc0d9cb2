//! DBSCAN (Ester et al. 1996). A neighbourhood is ≤ eps and counts the point itself.

use ndarray::Axis;

use super::{Cluster, ClusterError, Clusterer, Fitted, check};
use crate::kernel::dense::Cores;
use crate::kernel::distance::squared_limit;
use crate::kernel::kdtree::KdTree;
use crate::kernel::neighbours;
use crate::matrix::{Labels, Matrix};
use crate::task::{Cancelled, Task};

/// DBSCAN with checked settings. A border point belongs to the nearest core point's cluster (ties: the
/// lowest row), so that a prediction agrees with the fit.
///
/// Time O(n log n) in few columns where neighbourhoods are small, O(n²·d) at worst; memory O(n·d).
#[derive(Debug, Clone, Copy)]
pub struct Dbscan {
    eps: f64,
    min_samples: usize,
}

impl Dbscan {
    /// DBSCAN with radius `eps`; `min_samples` points make a neighbourhood dense, counting the point itself.
    ///
    /// # Errors
    /// [`ClusterError::Settings`].
    pub fn new(eps: f64, min_samples: usize) -> Result<Self, ClusterError> {
        Ok(Self { eps: check::eps(eps)?, min_samples: check::min_samples(min_samples)? })
    }
}

impl Cluster for Dbscan {
    fn fit(&self, matrix: &Matrix, task: &Task) -> Result<Fitted, ClusterError> {
        check::matrix(matrix)?;
        task.begin("neighbourhoods", matrix.nrows() as u64);
        let tree = KdTree::grow(matrix.values.view(), task)?;
        let cores = Cores::new(&tree, squared_limit(self.eps), self.min_samples, task)?;
        let labels = Labels::from_raw(&cores.groups(task)?);
        let rows = cores.rows();
        let points = matrix.values.select(Axis(0), &rows);
        let of_cores = rows.iter().map(|&row| labels.as_slice()[row]).collect();
        Ok(Fitted::plain(labels, Clusterer::Cores { points, labels: of_cores, eps: self.eps }))
    }
}

/// The distance of every row to its `nth` nearest row, counting itself (1: 0), ascending: where the curve
/// bends is a radius for DBSCAN. Empty where there are fewer than `nth` rows.
///
/// # Errors
/// [`Cancelled`].
pub fn k_distances(matrix: &Matrix, nth: usize, task: &Task) -> Result<Vec<f64>, Cancelled> {
    if matrix.nrows() < nth || matrix.ncols() == 0 {
        return Ok(Vec::new());
    }
    let tree = KdTree::grow(matrix.values.view(), task)?;
    let mut distances = neighbours::squared_cores(&tree, nth, task)?;
    distances.iter_mut().for_each(|distance| *distance = distance.sqrt());
    distances.sort_by(f64::total_cmp);
    Ok(distances)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::cluster::samples;
    use crate::kernel::distance::{euclidean, squared};
    use ndarray::array;
    use proptest::prelude::*;

    fn fit(matrix: &Matrix, eps: f64, min_samples: usize) -> Fitted {
        Dbscan::new(eps, min_samples).unwrap().fit(matrix, &Task::default()).unwrap()
    }

    #[test]
    fn mall_has_six_clusters_and_35_noise_points() {
        let Some((matrix, _)) = samples::mall() else { return };
        let labels = fit(&matrix, 8.0, 5).labels;
        assert_eq!((labels.clusters(), labels.noise()), (6, 35));
    }

    #[test]
    fn the_point_itself_counts_and_eps_is_included() {
        let matrix = Matrix::from_values(array![[0.0], [1.0], [2.0], [9.0]]);
        assert_eq!(fit(&matrix, 1.0, 3).labels.as_slice(), [1, 1, 1, 0]);
        assert_eq!(fit(&matrix, 0.99, 2).labels.as_slice(), [0, 0, 0, 0]);
        assert_eq!(fit(&matrix, 0.0, 1).labels.as_slice(), [1, 2, 3, 4]);
    }

    #[test]
    fn a_border_point_goes_to_the_nearest_core_and_of_two_to_the_lower_row() {
        let nearer = Matrix::from_values(array![[0.0], [0.1], [0.2], [1.1], [1.95], [2.3], [2.4]]);
        assert_eq!(fit(&nearer, 0.92, 4).labels.as_slice(), [2, 2, 2, 1, 1, 1, 1]);
        let tied = Matrix::from_values(array![[0.0], [0.25], [0.5], [1.25], [2.0], [2.25], [2.5]]);
        assert_eq!(fit(&tied, 0.75, 4).labels.as_slice(), [1, 1, 1, 1, 2, 2, 2]);
    }

    #[test]
    fn any_number_of_threads_gives_the_same_labels() {
        let matrix = samples::blobs(3000, 4, 2, 1.0);
        let labels = samples::on_threads(|| fit(&matrix, 0.4, 5).labels);
        assert!(labels.windows(2).all(|pair| pair[0] == pair[1]));
    }

    #[test]
    fn a_cancelled_fit_stops() {
        let task = Task::default();
        task.cancel();
        let matrix = samples::blobs(3000, 4, 2, 1.0);
        assert!(matches!(Dbscan::new(1.0, 5).unwrap().fit(&matrix, &task), Err(ClusterError::Cancelled(_))));
        assert_eq!(k_distances(&matrix, 5, &task), Err(Cancelled));
    }

    #[test]
    fn k_distances_count_the_point_itself() {
        let matrix = Matrix::from_values(array![[0.0], [1.0], [3.0]]);
        let with = |nth| k_distances(&matrix, nth, &Task::default()).unwrap();
        assert_eq!(with(1), [0.0, 0.0, 0.0]);
        assert_eq!(with(2), [1.0, 1.0, 2.0]);
        assert_eq!(with(3), [2.0, 3.0, 3.0]);
        assert!(with(4).is_empty());
    }

    /// The components of the cores by the definition.
    fn plain(matrix: &Matrix, eps: f64, min_samples: usize) -> (Vec<bool>, Vec<usize>) {
        let n = matrix.nrows();
        let near = |a: usize, b: usize| euclidean(matrix.row(a), matrix.row(b)) <= eps;
        let cores: Vec<bool> = (0..n).map(|a| (0..n).filter(|&b| near(a, b)).count() >= min_samples).collect();
        let mut component: Vec<usize> = (0..n).collect();
        for _ in 0..n {
            for a in 0..n {
                for b in 0..n {
                    if cores[a] && cores[b] && near(a, b) {
                        component[a] = component[a].min(component[b]);
                    }
                }
            }
        }
        (cores, component)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_clusters_are_those_of_the_definition(matrix in samples::any_matrix(), nth in 2..6usize, share in 0.0..1.0f64) {
            let curve = k_distances(&matrix, nth, &Task::default()).unwrap();
            let Some(&eps) = curve.get((share * (curve.len() as f64 - 1.0)) as usize) else { return Ok(()) };
            let fitted = fit(&matrix, eps, nth);
            let labels = fitted.labels.as_slice();
            let (cores, component) = plain(&matrix, eps, nth);
            // The radius is a measured distance: the point it was measured at must be a core.
            prop_assert!(cores.iter().filter(|&&core| core).count() as f64 > share * (curve.len() as f64 - 1.0));
            for a in 0..matrix.nrows() {
                prop_assert!(!cores[a] || labels[a] > 0);
                for b in 0..matrix.nrows() {
                    if cores[a] && cores[b] {
                        prop_assert_eq!(labels[a] == labels[b], component[a] == component[b]);
                    }
                }
                let nearest = (0..matrix.nrows())
                    .filter(|&b| cores[b] && euclidean(matrix.row(a), matrix.row(b)) <= eps)
                    .min_by(|&b, &c| {
                        squared(matrix.row(a), matrix.row(b)).total_cmp(&squared(matrix.row(a), matrix.row(c)))
                    });
                prop_assert_eq!(labels[a], nearest.map_or(0, |core| labels[core]));
            }
            let placed = fitted.clusterer.assign(matrix.values.view()).labels;
            prop_assert_eq!(placed.as_slice(), labels);
        }
    }
}
