//! DBSCAN (Ester et al. 1996). A neighbourhood is ≤ eps and counts the point itself.

use ndarray::Axis;

use super::{Cluster, ClusterError, Clusterer, Fitted, check};
use crate::kernel::distance::squared_limit;
use crate::kernel::fold;
use crate::kernel::kdtree::KdTree;
use crate::matrix::{Labels, Matrix, UNASSIGNED};
use crate::task::{Cancelled, Task};

/// Rows between two looks at the task.
const CHUNK: usize = 256;

/// DBSCAN with checked settings. A border point belongs to the nearest core point's cluster (ties: the
/// lowest row), so that a prediction agrees with the fit.
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

    /// The rows with a dense neighbourhood, ascending.
    fn cores(&self, matrix: &Matrix, task: &Task) -> Result<Vec<usize>, Cancelled> {
        let tree = KdTree::new(matrix.values.view());
        let limit = squared_limit(self.eps);
        let is_core = |row: &usize| tree.count_within(matrix.row(*row), limit, self.min_samples) >= self.min_samples;
        let parts = fold::chunks_of(CHUNK, matrix.nrows(), |range| {
            task.check()?;
            task.advance(range.len() as u64);
            Ok(range.filter(is_core).collect::<Vec<_>>())
        });
        let parts: Vec<Vec<usize>> = parts.into_iter().collect::<Result<_, Cancelled>>()?;
        Ok(parts.concat())
    }
}

/// The connected groups of `cores`, points within eps of each other being connected.
fn connect(cores: &Matrix, eps: f64, task: &Task) -> Result<Vec<u32>, Cancelled> {
    let tree = KdTree::new(cores.values.view());
    let limit = squared_limit(eps);
    let mut left = tree.left();
    let mut groups = vec![UNASSIGNED; cores.nrows()];
    let mut group = UNASSIGNED;
    let mut reached = Vec::new();
    for start in 0..cores.nrows() {
        if groups[start] != UNASSIGNED {
            continue;
        }
        group += 1;
        tree.drain_within(cores.row(start), limit, &mut left, &mut reached);
        while let Some(core) = reached.pop() {
            task.check()?;
            groups[core as usize] = group;
            tree.drain_within(cores.row(core as usize), limit, &mut left, &mut reached);
        }
    }
    Ok(groups)
}

impl Cluster for Dbscan {
    fn fit(&self, matrix: &Matrix, task: &Task) -> Result<Fitted, ClusterError> {
        check::matrix(matrix)?;
        task.begin("neighbourhoods", matrix.nrows() as u64);
        let rows = self.cores(matrix, task)?;
        let cores = matrix.select(&rows);
        let groups = connect(&cores, self.eps, task)?;
        let points = matrix.values.select(Axis(0), &rows);
        let cores = |labels| Clusterer::Cores { points: points.clone(), labels, eps: self.eps };
        let raw = cores(groups.clone()).assign(matrix.values.view()).labels;
        let raw: Vec<Option<u32>> = raw.into_iter().map(|label| (label != UNASSIGNED).then_some(label)).collect();
        let labels = Labels::from_raw(&raw);
        let of_cores = rows.iter().map(|&row| labels.as_slice()[row]).collect();
        Ok(Fitted::plain(labels, cores(of_cores)))
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
    let tree = KdTree::new(matrix.values.view());
    let parts = fold::chunks_of(CHUNK, matrix.nrows(), |range| {
        task.check()?;
        Ok(range.map(|row| tree.nth_nearest(matrix.row(row), nth).sqrt()).collect::<Vec<_>>())
    });
    let parts: Vec<Vec<f64>> = parts.into_iter().collect::<Result<_, Cancelled>>()?;
    let mut distances = parts.concat();
    distances.sort_by(f64::total_cmp);
    Ok(distances)
}
