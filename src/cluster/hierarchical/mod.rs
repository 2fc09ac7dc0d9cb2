//! Hierarchical clustering: one tree for all numbers of segments.

mod boxes;
mod centres;
mod condensed;
mod cophenetic;
mod micro;
mod ward;

use micro::Cells;
use ndarray::{ArcArray2, Array2};

use super::{Algorithm, Cluster, ClusterError, Clusterer, Fitted, Settings, check, genie};
use crate::kernel::mst::{self, Edge};
use crate::kernel::sets::Sets;
use crate::matrix::{Labels, Matrix};
use crate::task::{Cancelled, Task};

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

/// Above so many rows a tree begins with micro-clusters: it takes quadratic time.
pub(super) const MOST_ROWS: usize = 20_000;
/// So many of them at most.
const MICRO_CLUSTERS: usize = 5_000;

/// A tree over the rows of a matrix: n − 1 merges by rising height. Centroid and median linkage merge by their own
/// order, in which a height may lie below the one before it (an inversion).
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    rows: usize,
    merges: Vec<Merge>,
    micro: Option<usize>,
}

/// A merge of the clusters that the leaves `a` and `b` are in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub(super) a: usize,
    pub(super) b: usize,
    pub(super) height: f64,
}

/// What a tree is grown over: points that stand for so many rows each.
struct Leaves<'a> {
    matrix: &'a Matrix,
    sizes: Vec<f64>,
}

/// Whether a tree is grown over the distances of all pairs.
pub(super) fn takes_pairs(algorithm: Algorithm) -> bool {
    matches!(algorithm, Algorithm::Complete | Algorithm::Average | Algorithm::Weighted)
}

/// Whether a merge may be lower than those before it.
fn inverts(algorithm: Algorithm) -> bool {
    matches!(algorithm, Algorithm::Centroid | Algorithm::Median)
}

impl Tree {
    /// Grows the tree of `algorithm` over the rows of `matrix`. Complete, average and weighted linkage take a condensed
    /// matrix of n(n−1)/2 distances, the others O(n·d) memory. Equally near clusters: the one that the chain came from,
    /// then the lowest index, as scipy has it.
    ///
    /// More than 20,000 rows, or more than the memory budget has room for, are put into micro-clusters first, whose rows
    /// are merged at height 0; see [`Tree::micro_clusters`].
    ///
    /// # Errors
    /// [`ClusterError`]: cancelled, out of the memory budget, or `algorithm` grows no tree.
    pub fn grow(matrix: &Matrix, algorithm: Algorithm, task: &Task) -> Result<Self, ClusterError> {
        check::matrix(matrix)?;
        if algorithm == Algorithm::Genie {
            return genie::tree(matrix, genie::GINI, task);
        }
        check::memory(super::bytes_least(algorithm, matrix.nrows(), matrix.ncols()), task)?;
        match micro_clusters(algorithm, matrix.nrows(), task) {
            None => Self::grow_weighed(matrix, vec![1.0; matrix.nrows()], algorithm, task),
            Some(most) => Self::grow_over(&Cells::new(matrix, most, task)?, matrix.nrows(), algorithm, task),
        }
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

    /// The tree over up to 20,000 rows that stand for as many equal ones as `sizes` says: cut into segments, those fall as
    /// they do in the tree over all of them. Not for Genie, which looks at how uneven its clusters are from the first
    /// merge on.
    ///
    /// # Errors
    /// As [`Tree::grow`].
    pub fn grow_weighed(
        matrix: &Matrix,
        sizes: Vec<f64>,
        algorithm: Algorithm,
        task: &Task,
    ) -> Result<Self, ClusterError> {
        check::matrix(matrix)?;
        check::memory(super::bytes_least(algorithm, matrix.nrows(), matrix.ncols()), task)?;
        task.begin(algorithm.id(), matrix.nrows() as u64);
        Ok(Self::from_links(matrix.nrows(), links(&Leaves { matrix, sizes }, algorithm, task)?, algorithm))
    }

    /// The rows of each cell are merged at height 0, then the cells.
    fn grow_over(cells: &Cells, rows: usize, algorithm: Algorithm, task: &Task) -> Result<Self, ClusterError> {
        task.begin(algorithm.id(), cells.rows.len() as u64);
        let within = cells.rows.iter().flat_map(|rows| rows[1..].iter().map(|&b| Link { a: rows[0], b, height: 0.0 }));
        let first = |cell: usize| cells.rows[cell][0];
        let between = links(&cells.leaves(), algorithm, task)?;
        let between = between.into_iter().map(|link| Link { a: first(link.a), b: first(link.b), ..link });
        let tree = Self::from_links(rows, within.chain(between).collect(), algorithm);
        Ok(Self { micro: Some(cells.rows.len()), ..tree })
    }

    /// How many micro-clusters the tree was grown over, where it was not over the rows themselves.
    pub fn micro_clusters(&self) -> Option<usize> {
        self.micro
    }

    /// Sorts the links by height, but where the order of the merges counts, and numbers what they make.
    pub(super) fn from_links(rows: usize, mut links: Vec<Link>, algorithm: Algorithm) -> Self {
        if !inverts(algorithm) {
            links.sort_by(|x, y| x.height.total_cmp(&y.height));
        }
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
        Self { rows, merges, micro: None }
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
        Ok(self.joined(|number| number < self.rows - k))
    }

    /// The tree cut at `height`: rows are together where all merges between them are at most so high, as scipy's
    /// `fcluster` has it by distance.
    pub fn cut_at(&self, height: f64) -> Labels {
        let mut highest: Vec<f64> = Vec::with_capacity(self.merges.len());
        for merge in &self.merges {
            let below = |node: usize| node.checked_sub(self.rows).map_or(0.0, |number| highest[number]);
            highest.push(merge.height.max(below(merge.a)).max(below(merge.b)));
        }
        self.joined(|number| highest[number] <= height)
    }

    /// The sets of rows after the merges that `is_kept` has, by their numbers.
    fn joined(&self, is_kept: impl Fn(usize) -> bool) -> Labels {
        // A row of each node: enough to find the sets that a merge joins.
        let mut sets = Sets::new(self.rows);
        let mut member: Vec<usize> = (0..self.rows).collect();
        for (number, merge) in self.merges.iter().enumerate() {
            member.push(member[merge.a]);
            if is_kept(number) {
                let (left, right) = (sets.find(member[merge.a]), sets.find(member[merge.b]));
                sets.join(left, right);
            }
        }
        let raw: Vec<Option<u32>> = (0..self.rows).map(|row| Some(sets.find(row) as u32)).collect();
        Labels::with_order(&raw).0
    }
}

/// How many micro-clusters a tree over `rows` begins with, at most; `None`: it is grown over the rows.
fn micro_clusters(algorithm: Algorithm, rows: usize, task: &Task) -> Option<usize> {
    // n clusters have less than n²/2 pairs of 8 bytes.
    let room = if takes_pairs(algorithm) { (task.memory() / 4).isqrt() as usize } else { usize::MAX };
    let is_heavy = algorithm != Algorithm::Single && rows > MOST_ROWS;
    (is_heavy || rows > room).then(|| MICRO_CLUSTERS.min(room).max(2))
}

fn links(leaves: &Leaves, algorithm: Algorithm, task: &Task) -> Result<Vec<Link>, ClusterError> {
    Ok(match algorithm {
        Algorithm::Ward => ward::links(leaves, task)?,
        Algorithm::Single => spanning(leaves.matrix, task)?,
        Algorithm::Complete => condensed::links(leaves, condensed::complete, task)?,
        Algorithm::Average => condensed::links(leaves, condensed::average, task)?,
        Algorithm::Weighted => condensed::links(leaves, condensed::weighted, task)?,
        Algorithm::Centroid => centres::links(leaves, centres::centroid, task)?,
        Algorithm::Median => centres::links(leaves, centres::median, task)?,
        other => return Err(ClusterError::Settings(format!("{} grows no tree", other.id()))),
    })
}

/// Single linkage: the edges of the minimum spanning tree.
fn spanning(matrix: &Matrix, task: &Task) -> Result<Vec<Link>, Cancelled> {
    let link = |edge: &Edge| Link { a: edge.a as usize, b: edge.b as usize, height: edge.squared.sqrt() };
    Ok(mst::euclidean(matrix.values.view(), task)?.iter().map(link).collect())
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
    cut_of(tree, k, matrix, &matrix.values.to_shared())
}

/// As [`from_tree`]; `points` holds the values of the matrix, so that all cuts can share them.
///
/// # Errors
/// As [`from_tree`].
pub fn cut_of(tree: &Tree, k: usize, matrix: &Matrix, points: &ArcArray2<f64>) -> Result<Fitted, ClusterError> {
    check::k(k)?;
    check::segments(matrix, k)?;
    let labels = tree.cut(k)?;
    let clusterer = Clusterer::Nearest {
        points: points.clone(),
        labels: labels.as_slice().to_vec(),
        centres: means(matrix, &labels),
    };
    let over = |cells| format!("grown over {cells} micro-clusters of the {} rows", matrix.nrows());
    Ok(Fitted { warnings: tree.micro.map(over).into_iter().collect(), ..Fitted::plain(labels, clusterer) })
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
