//! HDBSCAN (Campello, Moulavi, Sander 2013; Campello, Moulavi, Zimek, Sander 2015): the groups that last
//! longest while the density asked for rises.

mod condense;
mod extract;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use condense::Rows;
pub use condense::{Condensate, Condensed};

use super::{Cluster, ClusterError, Clusterer, Fitted, MIN_SAMPLES, check};
use crate::kernel::kdtree::KdTree;
use crate::kernel::{mst, neighbours};
use crate::matrix::{Labels, Matrix};
use crate::task::Task;

/// Which clusters of the condensed tree are taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Extraction {
    /// Those that together last longest (excess of mass).
    #[default]
    Eom,
    /// The leaves: the finest ones.
    Leaf,
}

/// HDBSCAN with checked settings. Unassigned rows have label 0; new rows go where the nearest training row
/// is, noise included.
///
/// Time O(n log n) in few columns, O(n²·d) in many; memory O(n·d).
#[derive(Debug, Clone, Copy)]
pub struct Hdbscan {
    min_cluster_size: Option<usize>,
    min_samples: usize,
    extraction: Extraction,
}

/// The smallest cluster that is looked for among `rows` where none is named: √(rows/2), at least 5.
pub fn min_cluster_size(rows: usize) -> usize {
    ((rows / 2) as f64).sqrt().max(5.0) as usize
}

impl Hdbscan {
    /// Clusters of at least `min_cluster_size` rows (none named: [`min_cluster_size`] of the rows), a row's
    /// core distance being that to its `min_samples`th nearest, itself counted (none named: 5).
    ///
    /// # Errors
    /// [`ClusterError::Settings`].
    pub fn new(
        min_cluster_size: Option<usize>,
        min_samples: Option<usize>,
        extraction: Extraction,
    ) -> Result<Self, ClusterError> {
        if min_cluster_size.is_some_and(|size| size < 2) {
            return Err(ClusterError::Settings("min_cluster_size must be at least 2".into()));
        }
        let min_samples = check::min_samples(min_samples.unwrap_or(MIN_SAMPLES))?;
        Ok(Self { min_cluster_size, min_samples, extraction })
    }

    /// The condensed tree over the rows of `matrix`.
    ///
    /// # Errors
    /// [`ClusterError`].
    pub fn condensed(&self, matrix: &Matrix, task: &Task) -> Result<Condensed, ClusterError> {
        check::matrix(matrix)?;
        let (n, values) = (matrix.nrows(), matrix.values.view());
        task.begin("neighbourhoods", 0);
        let tree = KdTree::grow(values, task)?;
        let cores = neighbours::squared_cores(&tree, self.min_samples.min(n), task)?;
        let edges = mst::mutual_reachability(values, &cores, task)?;
        let size = self.min_cluster_size.unwrap_or_else(|| min_cluster_size(n));
        Ok(Condensed::new(Rows { matrix, tree: &tree, cores: &cores }, &edges, size, task)?)
    }
}

impl Cluster for Hdbscan {
    fn fit(&self, matrix: &Matrix, task: &Task) -> Result<Fitted, ClusterError> {
        let tree = self.condensed(matrix, task)?;
        let chosen = tree.extract(self.extraction);
        let labels = Labels::from_raw(&tree.labels(&chosen));
        let clusterer = Clusterer::Members {
            points: matrix.values.clone(),
            labels: labels.as_slice().to_vec(),
            strengths: tree.strengths(&chosen),
        };
        Ok(Fitted { outliers: Some(tree.outliers()), ..Fitted::plain(labels, clusterer) })
    }
}
