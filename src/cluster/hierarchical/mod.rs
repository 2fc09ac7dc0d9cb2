//! Hierarchical clustering: one tree for all numbers of segments.

mod condensed;
mod spanning;
mod ward;

use ndarray::Array2;

use super::{Algorithm, Cluster, ClusterError, Clusterer, Fitted, Settings, check, genie};
use crate::matrix::{Labels, Matrix};
use crate::task::Task;

/// One merge of a tree, numbered as scipy does: 0..n are the rows, n + i is what merge i made; a < b.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Merge {
    /// One part.
    pub a: usize,
    /// The other part.
    pub b: usize,
    /// The distance between them, as scipy gives it (Ward: of unsquared distances, R's ward.D2).
    pub height: f64,
    /// The rows under it.
    pub size: usize,
}

/// A tree over the rows of a matrix: n − 1 merges by rising height.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    rows: usize,
    merges: Vec<Merge>,
}

/// A merge of the clusters that the rows `a` and `b` are in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub(super) a: usize,
    pub(super) b: usize,
    pub(super) height: f64,
}

impl Tree {
    /// Grows the tree of `algorithm` over the rows of `matrix`. Ward takes O(n·d) memory, single O(n);
    /// complete and average take a condensed matrix of n(n−1)/2 distances. Equally near clusters: the
    /// one that the chain came from, then the lowest index, as scipy has it.
    ///
    /// # Errors
    /// [`ClusterError`]: cancelled, out of the memory budget, or `algorithm` grows no tree.
    pub fn grow(matrix: &Matrix, algorithm: Algorithm, task: &Task) -> Result<Self, ClusterError> {
        check::matrix(matrix)?;
        check::memory(super::bytes_needed(algorithm, matrix.nrows(), matrix.ncols()), task)?;
        task.begin(algorithm.id(), matrix.nrows() as u64);
        let links = match algorithm {
            Algorithm::Ward => ward::links(matrix, task)?,
            Algorithm::Single => spanning::links(matrix, task)?,
            Algorithm::Complete => condensed::links(matrix, condensed::complete, task)?,
            Algorithm::Average => condensed::links(matrix, condensed::average, task)?,
            Algorithm::Genie => return genie::tree(matrix, genie::GINI, task),
            other => return Err(ClusterError::Settings(format!("{} grows no tree", other.id()))),
        };
        Ok(Self::from_links(matrix.nrows(), links))
    }

    /// As [`Tree::grow`], with the settings that the algorithm takes beside k.
    ///
    /// # Errors
    /// As [`Tree::grow`].
    pub fn grow_with(
        matrix: &Matrix,
        algorithm: Algorithm,
        settings: &Settings,
        task: &Task,
    ) -> Result<Self, ClusterError> {
        match (algorithm, settings.gini) {
            (Algorithm::Genie, Some(gini)) => genie::tree(matrix, gini, task),
            _ => Self::grow(matrix, algorithm, task),
        }
    }

    /// Sorts the links by height and numbers what they make.
    pub(super) fn from_links(rows: usize, mut links: Vec<Link>) -> Self {
        links.sort_by(|x, y| x.height.total_cmp(&y.height));
        let mut sets = Sets::new(rows);
        // For each set the number of the tree's node that stands for it.
        let mut nodes: Vec<usize> = (0..rows).collect();
        let mut merges = Vec::with_capacity(links.len());
        for (link, node) in links.into_iter().zip(rows..) {
            let (left, right) = (sets.find(link.a), sets.find(link.b));
            let (a, b) = (nodes[left].min(nodes[right]), nodes[left].max(nodes[right]));
            let set = sets.join(left, right);
            nodes[set] = node;
            merges.push(Merge { a, b, height: link.height, size: sets.sizes[set] });
        }
        Self { rows, merges }
    }

    /// The merges, by rising height.
    pub fn merges(&self) -> &[Merge] {
        &self.merges
    }

    /// The number of rows.
    pub fn nrows(&self) -> usize {
        self.rows
    }

    /// The tree cut into `k` segments.
    ///
    /// # Errors
    /// [`ClusterError`] where k is 0 or larger than the number of rows.
    pub fn cut(&self, k: usize) -> Result<Labels, ClusterError> {
        check::k(k)?;
        if k > self.rows {
            return Err(ClusterError::TooManySegments { k, distinct: self.rows });
        }
        // A row of each node: enough to find the sets that a merge joins.
        let mut sets = Sets::new(self.rows);
        let mut member: Vec<usize> = (0..self.rows).collect();
        for merge in &self.merges[..self.rows - k] {
            member.push(member[merge.a]);
            let (left, right) = (sets.find(member[merge.a]), sets.find(member[merge.b]));
            sets.join(left, right);
        }
        let raw: Vec<Option<usize>> = (0..self.rows).map(|row| Some(sets.find(row))).collect();
        Ok(Labels::from_raw(&raw))
    }
}

/// Disjoint sets of rows.
pub(super) struct Sets {
    parents: Vec<usize>,
    pub(super) sizes: Vec<usize>,
}

impl Sets {
    pub(super) fn new(rows: usize) -> Self {
        Self { parents: (0..rows).collect(), sizes: vec![1; rows] }
    }

    pub(super) fn find(&mut self, row: usize) -> usize {
        let mut at = row;
        while self.parents[at] != at {
            self.parents[at] = self.parents[self.parents[at]];
            at = self.parents[at];
        }
        at
    }

    /// Joins two different roots; returns the root of both.
    pub(super) fn join(&mut self, a: usize, b: usize) -> usize {
        let (small, large) = if self.sizes[a] < self.sizes[b] { (a, b) } else { (b, a) };
        self.parents[small] = large;
        self.sizes[large] += self.sizes[small];
        large
    }
}

/// A tree's algorithm, cut into a checked number of segments.
#[derive(Debug, Clone, Copy)]
pub struct Hierarchical {
    algorithm: Algorithm,
    k: usize,
}

impl Hierarchical {
    /// `algorithm`'s tree cut into `k` segments.
    ///
    /// # Errors
    /// [`ClusterError::Settings`] where k is 0 or `algorithm` grows no tree.
    pub fn new(algorithm: Algorithm, k: usize) -> Result<Self, ClusterError> {
        if !algorithm.is_tree() {
            return Err(ClusterError::Settings(format!("{} grows no tree", algorithm.id())));
        }
        check::k(k).map(|k| Self { algorithm, k })
    }
}

impl Cluster for Hierarchical {
    fn fit(&self, matrix: &Matrix, task: &Task) -> Result<Fitted, ClusterError> {
        check::segments(matrix, self.k)?;
        from_tree(&Tree::grow(matrix, self.algorithm, task)?, self.k, matrix)
    }
}

/// The fit that a cut of `tree`, grown over `matrix`, gives. New rows go where the nearest training row is.
///
/// # Errors
/// [`ClusterError`] where there are fewer than `k` distinct rows.
pub fn from_tree(tree: &Tree, k: usize, matrix: &Matrix) -> Result<Fitted, ClusterError> {
    check::k(k)?;
    check::segments(matrix, k)?;
    let labels = tree.cut(k)?;
    let clusterer = Clusterer::Nearest {
        points: matrix.values.clone(),
        labels: labels.as_slice().to_vec(),
        centres: means(matrix, &labels),
    };
    Ok(Fitted::plain(labels, clusterer))
}

/// The mean of each segment's rows: (k, d).
pub(super) fn means(matrix: &Matrix, labels: &Labels) -> Array2<f64> {
    let mut means = Array2::zeros((labels.clusters(), matrix.ncols()));
    for (row, &label) in matrix.values.outer_iter().zip(labels.as_slice()) {
        if label > 0 {
            let mut mean = means.row_mut(label as usize - 1);
            mean += &row;
        }
    }
    for (mut mean, &size) in means.outer_iter_mut().zip(labels.sizes()) {
        mean /= size as f64;
    }
    means
}

#[cfg(test)]
mod tests;
