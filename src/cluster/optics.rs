//! OPTICS (Ankerst et al. 1999): linfa's ordering, cut at a reachability.

use linfa::ParamGuard;
use linfa::traits::Transformer;
use linfa_clustering::Optics as LinfaOptics;

use super::kernel::nearest;
use super::{Cluster, ClusterError, Fitted, check};
use crate::matrix::Matrix;
use crate::task::Task;

/// linfa's ordering has no cancel and takes quadratic time: this many rows take well under a second.
pub const MOST_ROWS: usize = 3000;
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

    /// The ordering of all rows.
    ///
    /// # Errors
    /// [`ClusterError`] where there are more than [`MOST_ROWS`].
    pub fn ordering(&self, matrix: &Matrix, task: &Task) -> Result<Ordering, ClusterError> {
        check::matrix(matrix)?;
        if matrix.nrows() > MOST_ROWS {
            return Err(ClusterError::Failed(format!("optics takes at most {MOST_ROWS} rows, there are {}", matrix.nrows())));
        }
        task.check()?;
        let params = LinfaOptics::params::<f64>(self.min_samples)
            .tolerance(f64::MAX)
            .check()
            .map_err(|error| ClusterError::Failed(error.to_string()))?;
        let walked = params.transform(matrix.values.view());
        task.check()?;
        let or_far = |distance: &Option<f64>| distance.unwrap_or(f64::INFINITY);
        Ok(Ordering {
            order: walked.iter().map(|sample| sample.index()).collect(),
            reachability: walked.iter().map(|sample| or_far(sample.reachability_distance())).collect(),
            core: walked.iter().map(|sample| or_far(sample.core_distance())).collect(),
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

    #[test]
    fn the_cut_has_dbscans_cores_together() {
        let matrix = samples::blobs(300, 4, 2, 1.0);
        let labels = Optics::new(5, Some(0.6)).unwrap().fit(&matrix, &Task::default()).unwrap().labels;
        let dbscan = Dbscan::new(0.6, 5).unwrap().fit(&matrix, &Task::default()).unwrap().labels;
        assert_eq!(labels.clusters(), dbscan.clusters());
        let differing = labels.as_slice().iter().zip(dbscan.as_slice()).filter(|(a, b)| (**a == 0) != (**b == 0)).count();
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
    fn too_many_rows_bad_settings_and_a_cancel_are_said() {
        let optics = Optics::new(5, None).unwrap();
        let error = optics.fit(&samples::blobs(MOST_ROWS + 1, 2, 1, 1.0), &Task::default()).unwrap_err();
        assert!(error.to_string().contains("at most 3000 rows"));
        assert!(Optics::new(1, None).is_err() && Optics::new(5, Some(-1.0)).is_err());
        let task = Task::default();
        task.cancel();
        assert!(matches!(optics.fit(&samples::blobs(50, 2, 1, 1.0), &task), Err(ClusterError::Cancelled(_))));
    }
}
