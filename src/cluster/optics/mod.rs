//! OPTICS (Ankerst et al. 1999): the rows in an order that shows how dense they lie, and the clusters in it.

mod xi;

use super::hdbscan::min_cluster_size;
use super::kernel::nearest;
use super::{Cluster, ClusterError, Dbscan, Fitted, check};
use crate::kernel::kdtree::KdTree;
use crate::kernel::{mst, neighbours};
use crate::matrix::Matrix;
use crate::task::Task;

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
    /// For each of `order` the row that it was reached from; `None` where a walk begins.
    pub from: Vec<Option<usize>>,
}

/// OPTICS with checked settings: cut at a radius, as DBSCAN, or where none is named the clusters of any density
/// between steep falls and rises of the reachability. New rows go as DBSCAN's, or where the nearest training row is.
#[derive(Debug, Clone, Copy)]
pub struct Optics {
    min_samples: usize,
    eps: Option<f64>,
    min_cluster_size: Option<usize>,
}

impl Optics {
    /// OPTICS with neighbourhoods of `min_samples` rows, cut at reachability `eps`, or where none is named into
    /// clusters of at least `min_cluster_size` rows (none named: HDBSCAN's [`min_cluster_size`]).
    ///
    /// # Errors
    /// [`ClusterError::Settings`].
    pub fn new(min_samples: usize, eps: Option<f64>, min_cluster_size: Option<usize>) -> Result<Self, ClusterError> {
        if min_samples < 2 || min_cluster_size.is_some_and(|size| size < 2) {
            return Err(ClusterError::Settings("min_samples and min_cluster_size must be at least 2".into()));
        }
        Ok(Self { min_samples, eps: eps.map(check::eps).transpose()?, min_cluster_size })
    }

    /// The ordering of all rows, from row 0: each step goes to the row that is reached most easily (equally easy:
    /// the lowest). Time O(n²·d), memory O(n·d).
    ///
    /// # Errors
    /// [`ClusterError`].
    pub fn ordering(&self, matrix: &Matrix, task: &Task) -> Result<Ordering, ClusterError> {
        check::matrix(matrix)?;
        let values = matrix.values.view();
        let cores = neighbours::squared_cores(&KdTree::grow(values, task)?, self.min_samples, task)?;
        let steps = mst::walk(values, &cores, task)?;
        let order: Vec<usize> = std::iter::once(0).chain(steps.iter().map(|step| step.row as usize)).collect();
        let reached = steps.iter().map(|step| step.squared.sqrt());
        let is_reached = |step: &mst::Step| step.squared.is_finite();
        let from = steps.iter().map(|step| is_reached(step).then_some(step.from as usize));
        Ok(Ordering {
            from: std::iter::once(None).chain(from).collect(),
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
}

impl Cluster for Optics {
    fn fit(&self, matrix: &Matrix, task: &Task) -> Result<Fitted, ClusterError> {
        if let Some(eps) = self.eps {
            // The same cores are together, and borders do not depend on where the walk began.
            return Dbscan::new(eps, self.min_samples)?.fit(matrix, task);
        }
        let ordering = self.ordering(matrix, task)?;
        let size = self.min_cluster_size.unwrap_or_else(|| min_cluster_size(matrix.nrows()));
        Ok(nearest(matrix, &ordering.steep(self.min_samples, size, task)?))
    }
}

#[cfg(test)]
mod tests;
