//! OPTICS (Ankerst et al. 1999): the rows in an order that shows how dense they lie, cut at a reachability.

use super::kernel::nearest;
use super::{Cluster, ClusterError, Fitted, check};
use crate::kernel::kdtree::KdTree;
use crate::kernel::{mst, neighbours};
use crate::matrix::Matrix;
use crate::task::Task;

/// Where no radius is named: the quantile of the reachabilities at which they are cut.
const QUANTILE: f64 = 0.9;

/// The rows in the order in which OPTICS walks through them.
#[derive(Debug, Clone, PartialEq)]
pub struct Ordering {
    /// The rows in walking order.
    pub order: Vec<usize>,
    /// For each of `order` how far it was from what was walked before; infinite where a walk begins.
    pub reachability: Vec<f64>,
    /// For each of `order` the distance to its `min_samples`th nearest row, itself counted; infinite where
    /// there are fewer rows.
    pub core: Vec<f64>,
}

/// OPTICS with checked settings.
#[derive(Debug, Clone, Copy)]
pub struct Optics {
    min_samples: usize,
    eps: Option<f64>,
}

impl Optics {
    /// OPTICS with neighbourhoods of `min_samples` rows, cut at reachability `eps`, or where none is named
    /// at the .9 quantile of the reachabilities.
    ///
    /// # Errors
    /// [`ClusterError::Settings`].
    pub fn new(min_samples: usize, eps: Option<f64>) -> Result<Self, ClusterError> {
        if min_samples < 2 {
            return Err(ClusterError::Settings("min_samples must be at least 2".into()));
        }
        Ok(Self { min_samples, eps: eps.map(check::eps).transpose()? })
    }

    /// The ordering of all rows, from row 0: each step goes to the row that is reached most easily (equally easy:
    /// the lowest). Time O(n²·d), memory O(n·d).
    ///
    /// # Errors
    /// [`ClusterError`].
    pub fn ordering(&self, matrix: &Matrix, task: &Task) -> Result<Ordering, ClusterError> {
        check::matrix(matrix)?;
        let values = matrix.values.view();
        let cores = neighbours::squared_cores(&KdTree::new(values), self.min_samples, task)?;
        let steps = mst::walk(values, &cores, task)?;
        let order: Vec<usize> = std::iter::once(0).chain(steps.iter().map(|step| step.row as usize)).collect();
        let reached = steps.iter().map(|step| step.squared.sqrt());
        Ok(Ordering {
            reachability: std::iter::once(f64::INFINITY).chain(reached).collect(),
            core: order.iter().map(|&row| cores[row].sqrt()).collect(),
            order,
        })
    }
}

impl Ordering {
    /// The groups at reachability `eps`, by row (`None`: noise), as DBSCAN would have them but for border
    /// points that were walked through early.
    pub fn cut(&self, eps: f64) -> Vec<Option<u32>> {
        let mut groups = vec![None; self.order.len()];
        let mut group = 0;
        for ((&row, &reachability), &core) in self.order.iter().zip(&self.reachability).zip(&self.core) {
            let reached = reachability <= eps && group > 0;
            if !reached && core <= eps {
                group += 1;
            }
            groups[row] = (reached || core <= eps).then_some(group);
        }
        groups
    }

    fn quantile(&self, share: f64) -> f64 {
        let mut finite: Vec<f64> = self.reachability.iter().copied().filter(|value| value.is_finite()).collect();
        finite.sort_by(f64::total_cmp);
        let place = (share * finite.len().saturating_sub(1) as f64) as usize;
        finite.get(place).copied().unwrap_or(0.0)
    }
}

impl Cluster for Optics {
    fn fit(&self, matrix: &Matrix, task: &Task) -> Result<Fitted, ClusterError> {
        let ordering = self.ordering(matrix, task)?;
        let eps = self.eps.unwrap_or_else(|| ordering.quantile(QUANTILE));
        Ok(nearest(matrix, &ordering.cut(eps)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::cluster::{Dbscan, samples};
    use linfa::ParamGuard;
    use linfa::traits::Transformer;
    use linfa_clustering::Optics as LinfaOptics;
    use ndarray::Array2;

    // scikit-learn 1.9, OPTICS(min_samples=4): the rows in its order, and the first reachabilities.
    const ORDER: [usize; 60] = [
        0, 3, 42, 45, 15, 51, 21, 57, 18, 27, 30, 33, 39, 12, 6, 9, 54, 48, 24, 36, 14, 2, 17, 23, 32, 56, 53, 26, 35,
        8, 5, 41, 50, 59, 10, 37, 46, 58, 4, 34, 28, 16, 1, 49, 55, 52, 22, 25, 31, 19, 13, 40, 7, 43, 29, 20, 38, 44,
        47, 11,
    ];
    const REACHED: [f64; 12] = [
        0.10761001858,
        0.10761001858,
        0.10761001858,
        0.124497240081,
        0.154564365293,
        0.146240817004,
        0.146240817004,
        0.229659170801,
        0.154955550396,
        0.13548409269,
        0.13548409269,
        0.136378512954,
    ];

    #[test]
    fn the_cut_has_dbscans_cores_together() {
        let matrix = samples::blobs(300, 4, 2, 1.0);
        let labels = Optics::new(5, Some(0.6)).unwrap().fit(&matrix, &Task::default()).unwrap().labels;
        let dbscan = Dbscan::new(0.6, 5).unwrap().fit(&matrix, &Task::default()).unwrap().labels;
        assert_eq!(labels.clusters(), dbscan.clusters());
        let differing =
            labels.as_slice().iter().zip(dbscan.as_slice()).filter(|(a, b)| (**a == 0) != (**b == 0)).count();
        assert!(differing < 10, "{differing} border points differ");
    }

    #[test]
    fn new_labels_agree_and_the_walk_visits_every_row_once() {
        let matrix = samples::blobs(150, 3, 2, 1.0);
        let optics = Optics::new(5, None).unwrap();
        let fitted = optics.fit(&matrix, &Task::default()).unwrap();
        assert_eq!(fitted.clusterer.assign(matrix.values.view()).labels, fitted.labels.as_slice());
        let mut order = optics.ordering(&matrix, &Task::default()).unwrap().order;
        order.sort_unstable();
        assert_eq!(order, (0..150).collect::<Vec<_>>());
    }

    #[test]
    fn bad_settings_few_rows_and_a_cancel() {
        assert!(Optics::new(1, None).is_err() && Optics::new(5, Some(-1.0)).is_err());
        let optics = Optics::new(5, None).unwrap();
        let fit = |rows, task: &Task| optics.fit(&Matrix::from_values(Array2::zeros((rows, 2))), task);
        assert_eq!(fit(1, &Task::default()).unwrap().labels.as_slice(), [0]);
        assert_eq!(fit(2, &Task::default()).unwrap().labels.as_slice(), [0, 0]);
        assert_eq!(fit(50, &Task::default()).unwrap().labels.as_slice(), [1; 50]);
        let task = Task::default();
        task.cancel();
        assert!(matches!(fit(2000, &task), Err(ClusterError::Cancelled(_))));
    }

    #[test]
    fn any_number_of_threads_gives_the_same_walk() {
        let matrix = samples::blobs(2000, 4, 3, 1.0);
        let walks = samples::on_threads(|| Optics::new(5, None).unwrap().ordering(&matrix, &Task::default()).unwrap());
        assert!(walks[0] == walks[1] && walks[0] == walks[2]);
    }

    #[test]
    fn the_walk_is_scikit_learns() {
        let mut state = 12_345u64;
        let matrix = Matrix::from_values(Array2::from_shape_fn((60, 2), |(i, j)| {
            state = (state * 1_103_515_245 + 12_345) % (1 << 31);
            let u = state as f64 / f64::from(1u32 << 31);
            (i % 3) as f64 * 4.0 * (j + 1) as f64 % 7.0 + u * u * (1 + i % 3) as f64
        }));
        let found = Optics::new(4, None).unwrap().ordering(&matrix, &Task::default()).unwrap();
        assert_eq!(found.order, ORDER);
        assert!(found.reachability[1..].iter().zip(REACHED).all(|(found, known)| (found - known).abs() < 1e-12));
    }

    #[test]
    fn linfa_has_the_same_groups() {
        let matrix = samples::blobs(200, 4, 2, 0.5);
        let params = LinfaOptics::params::<f64>(5).tolerance(f64::MAX).check().unwrap();
        let walked = params.transform(matrix.values.view());
        let or_far = |distance: &Option<f64>| distance.unwrap_or(f64::INFINITY);
        let linfa = Ordering {
            order: walked.iter().map(|sample| sample.index()).collect(),
            reachability: walked.iter().map(|sample| or_far(sample.reachability_distance())).collect(),
            core: walked.iter().map(|sample| or_far(sample.core_distance())).collect(),
        };
        let ours = Optics::new(5, None).unwrap().ordering(&matrix, &Task::default()).unwrap();
        let groups = |ordering: &Ordering| crate::matrix::Labels::from_raw(&ordering.cut(2.0));
        assert_eq!((groups(&ours).clusters(), groups(&ours)), (4, groups(&linfa)));
    }
}
