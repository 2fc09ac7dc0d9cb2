//! Genie (Gagolewski, Bartoszuk, Cena 2016): a tree of merges along the minimum spanning tree that keeps
//! the sizes of its clusters from growing too unequal.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::hierarchical::Link;
use super::{Algorithm, Cluster, ClusterError, Fitted, Tree, check, from_tree};
use crate::kernel::mst::{self, Edge};
use crate::kernel::sets::Sets;
use crate::matrix::Matrix;
use crate::task::{Cancelled, Task};

/// The limit to the Gini index of the clusters' sizes where none is named: the paper's.
pub const GINI: f64 = 0.3;

/// Genie with checked settings.
///
/// Time of the minimum spanning tree (O(n log n) in few columns, O(n²·d) in many) and O(n log² n); memory
/// O(n·d).
#[derive(Debug, Clone, Copy)]
pub struct Genie {
    k: usize,
    gini: f64,
}

impl Genie {
    /// `k` segments, whose sizes' Gini index may rise to `gini` (0: all alike, 1: single linkage).
    ///
    /// # Errors
    /// [`ClusterError::Settings`].
    pub fn new(k: usize, gini: f64) -> Result<Self, ClusterError> {
        Ok(Self { k: check::k(k)?, gini: limit(gini)? })
    }
}

impl Cluster for Genie {
    fn fit(&self, matrix: &Matrix, task: &Task) -> Result<Fitted, ClusterError> {
        check::segments(matrix, self.k)?;
        from_tree(&tree(matrix, self.gini, task)?, self.k, matrix)
    }
}

fn limit(gini: f64) -> Result<f64, ClusterError> {
    let fine = gini > 0.0 && gini <= 1.0;
    if fine { Ok(gini) } else { Err(ClusterError::Settings(format!("gini must lie above 0 and up to 1, not {gini}"))) }
}

/// Genie's tree, which serves every k. A merge that had to wait stands at the height of those before it, so
/// that heights never fall.
///
/// # Errors
/// [`ClusterError`].
pub fn tree(matrix: &Matrix, gini: f64, task: &Task) -> Result<Tree, ClusterError> {
    check::matrix(matrix)?;
    let gini = limit(gini)?;
    let edges = mst::euclidean(matrix.values.view(), task)?;
    task.begin("genie", edges.len() as u64);
    let links = links(matrix.nrows(), &edges, gini, task)?;
    task.check()?;
    let tree = Tree::from_links(matrix.nrows(), links, Algorithm::Genie);
    task.check()?;
    Ok(tree)
}

/// The merges in their order: the first edge that is left, but while the sizes are too unequal the first
/// that touches a smallest cluster. Equal rows are together from the start.
fn links(rows: usize, edges: &[Edge], gini: f64, task: &Task) -> Result<Vec<Link>, Cancelled> {
    let equal = edges.partition_point(|edge| edge.squared == 0.0);
    let mut forest = Forest::new(rows, edges, equal, task)?;
    let mut links: Vec<Link> = edges[..equal].iter().map(|edge| link(edge, 0.0)).collect();
    let mut height = 0.0f64;
    while let Some(place) = forest.next(gini) {
        task.check()?;
        forest.merge(place);
        height = height.max(edges[place].squared.sqrt());
        links.push(link(&edges[place], height));
        task.advance(1);
    }
    Ok(links)
}

fn link(edge: &Edge, height: f64) -> Link {
    Link { a: edge.a as usize, b: edge.b as usize, height }
}

/// The clusters so far and the edges between them.
struct Forest<'a> {
    edges: &'a [Edge],
    is_merged: Vec<bool>,
    /// No edge before this one is left.
    first: usize,
    clusters: Sets,
    /// For each cluster, at its root, the edges that touch it, the first on top; merged ones may be among them.
    touching: Vec<BinaryHeap<Reverse<usize>>>,
    /// For each cluster its size, its first edge, its root.
    order: BTreeSet<(usize, usize, usize)>,
    sizes: Sizes,
}

impl<'a> Forest<'a> {
    /// The clusters that the first `equal` edges make.
    fn new(rows: usize, edges: &'a [Edge], equal: usize, task: &Task) -> Result<Self, Cancelled> {
        let mut clusters = Sets::new(rows);
        for edge in &edges[..equal] {
            let (a, b) = (clusters.find(edge.a as usize), clusters.find(edge.b as usize));
            clusters.join(a, b);
        }
        let mut touching = vec![BinaryHeap::new(); rows];
        for (place, edge) in edges.iter().enumerate().skip(equal) {
            task.check()?;
            touching[clusters.find(edge.a as usize)].push(Reverse(place));
            touching[clusters.find(edge.b as usize)].push(Reverse(place));
        }
        let is_merged = (0..edges.len()).map(|place| place < equal).collect();
        let mut forest = Self {
            edges,
            is_merged,
            first: equal,
            clusters,
            touching,
            order: BTreeSet::new(),
            sizes: Sizes::default(),
        };
        let roots: Vec<usize> = (0..rows).filter(|&row| forest.clusters.find(row) == row).collect();
        for root in roots {
            task.check()?;
            forest.insert(root);
        }
        Ok(forest)
    }

    /// The edge to merge along; `None` where all are merged.
    fn next(&mut self, gini: f64) -> Option<usize> {
        while *self.is_merged.get(self.first)? {
            self.first += 1;
        }
        let is_unequal = self.sizes.gini() > gini;
        let of_smallest = || self.order.first().map(|&(_, place, _)| place);
        if is_unequal { of_smallest() } else { Some(self.first) }
    }

    fn merge(&mut self, place: usize) {
        let edge = self.edges[place];
        let (a, b) = (self.clusters.find(edge.a as usize), self.clusters.find(edge.b as usize));
        self.remove(a);
        self.remove(b);
        self.is_merged[place] = true;
        let root = self.clusters.join(a, b);
        let mut other = std::mem::take(&mut self.touching[a + b - root]);
        self.touching[root].append(&mut other);
        self.insert(root);
    }

    /// The first edge left that touches the cluster at `root`.
    fn first_of(&mut self, root: usize) -> Option<usize> {
        let touching = &mut self.touching[root];
        while touching.peek().is_some_and(|place| self.is_merged[place.0]) {
            touching.pop();
        }
        touching.peek().map(|place| place.0)
    }

    fn insert(&mut self, root: usize) {
        let size = self.clusters.sizes[root];
        self.sizes.insert(size);
        if let Some(first) = self.first_of(root) {
            self.order.insert((size, first, root));
        }
    }

    fn remove(&mut self, root: usize) {
        let size = self.clusters.sizes[root];
        self.sizes.remove(size);
        if let Some(first) = self.first_of(root) {
            self.order.remove(&(size, first, root));
        }
    }
}

/// How many clusters there are of each size.
#[derive(Debug, Default)]
struct Sizes {
    counts: BTreeMap<usize, usize>,
    clusters: usize,
    rows: usize,
    /// The differences of all pairs of sizes.
    differences: usize,
}

impl Sizes {
    fn to_all(&self, size: usize) -> usize {
        self.counts.iter().map(|(&other, &count)| count * other.abs_diff(size)).sum()
    }

    fn insert(&mut self, size: usize) {
        self.differences += self.to_all(size);
        *self.counts.entry(size).or_default() += 1;
        self.clusters += 1;
        self.rows += size;
    }

    fn remove(&mut self, size: usize) {
        self.differences -= self.to_all(size);
        let count = self.counts.entry(size).or_default();
        *count -= 1;
        if *count == 0 {
            self.counts.remove(&size);
        }
        self.clusters -= 1;
        self.rows -= size;
    }

    /// The Gini index Σ|a−b| / ((clusters − 1)·rows), each pair once: 0 where all sizes are equal, 1 where
    /// one cluster has all rows.
    fn gini(&self) -> f64 {
        let most = self.clusters.saturating_sub(1) * self.rows;
        if most == 0 { 0.0 } else { self.differences as f64 / most as f64 }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::cluster::{Algorithm, samples};
    use ndarray::{Array2, array};
    use proptest::prelude::*;

    fn fit(matrix: &Matrix, k: usize, gini: f64) -> Vec<u32> {
        Genie::new(k, gini).unwrap().fit(matrix, &Task::default()).unwrap().labels.as_slice().to_vec()
    }

    #[test]
    fn the_gini_index_is_the_papers() {
        let of = |list: &[usize]| {
            let mut sizes = Sizes::default();
            list.iter().for_each(|&size| sizes.insert(size));
            sizes.gini()
        };
        assert_eq!((of(&[5, 5, 5]), of(&[9])), (0.0, 0.0));
        // By hand: |1−1| + |1−4| + |1−4| = 6 over 2·6.
        assert_eq!(of(&[1, 1, 4]), 0.5);
    }

    #[test]
    fn a_lone_row_is_no_segment_unless_the_limit_allows_it() {
        let matrix = Matrix::from_values(array![[0.0], [1.0], [2.1], [3.3], [10.0], [11.0], [12.1], [13.3], [90.0]]);
        assert_eq!(fit(&matrix, 2, 1.0), [1, 1, 1, 1, 1, 1, 1, 1, 2]);
        // 90 may not stay alone, so it goes to the nearest: {0 … 3.3} is the rest.
        assert_eq!(fit(&matrix, 2, 0.3), [2, 2, 2, 2, 1, 1, 1, 1, 1]);
    }

    #[test]
    fn one_tree_serves_every_k() {
        let matrix = samples::blobs(300, 5, 2, 1.5);
        let tree = tree(&matrix, GINI, &Task::default()).unwrap();
        assert!(tree.merges().is_sorted_by(|x, y| x.height <= y.height));
        for k in [1, 2, 5, 20] {
            assert_eq!(tree.cut(k).unwrap().as_slice(), fit(&matrix, k, GINI));
        }
    }

    #[test]
    fn any_number_of_threads_gives_the_same_tree() {
        let matrix = samples::blobs(3000, 6, 3, 2.0);
        let trees = samples::on_threads(|| tree(&matrix, GINI, &Task::default()).unwrap());
        assert!(trees[0] == trees[1] && trees[0] == trees[2]);
    }

    #[test]
    fn few_rows_equal_rows_bad_settings_and_a_cancel() {
        let matrix = |n: usize| Matrix::from_values(Array2::zeros((n, 2)));
        assert_eq!(fit(&matrix(1), 1, GINI), [1]);
        assert_eq!(fit(&matrix(7), 1, GINI), [1; 7]);
        assert_eq!(fit(&Matrix::from_values(array![[1.0], [2.0]]), 2, GINI), [1, 2]);
        let error = Genie::new(2, GINI).unwrap().fit(&matrix(7), &Task::default()).unwrap_err();
        assert!(matches!(error, ClusterError::TooManySegments { k: 2, distinct: 1 }));
        assert!(Genie::new(0, GINI).is_err() && Genie::new(2, 0.0).is_err() && Genie::new(2, f64::NAN).is_err());
        let task = Task::default();
        task.cancel();
        let cancelled = Genie::new(2, GINI).unwrap().fit(&samples::blobs(2000, 2, 2, 1.0), &task);
        assert!(matches!(cancelled, Err(ClusterError::Cancelled(_))));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn equal_rows_stay_together_and_a_limit_of_one_is_single_linkage(matrix in samples::any_matrix(), k in 1..5usize) {
            prop_assume!(check::segments(&matrix, k).is_ok());
            let fitted = Genie::new(k, GINI).unwrap().fit(&matrix, &Task::default()).unwrap();
            prop_assert_eq!(fitted.clusterer.assign(matrix.values.view()).labels, fitted.labels.as_slice());
            let heights = |tree: Tree| tree.merges().iter().map(|merge| merge.height).collect::<Vec<_>>();
            let single = Tree::grow(&matrix, Algorithm::Single, &Task::default()).unwrap();
            prop_assert_eq!(heights(tree(&matrix, 1.0, &Task::default()).unwrap()), heights(single));
        }
    }

    #[test]
    fn the_whole_file_twice_has_the_same_segments() {
        let matrix = samples::blobs(200, 4, 2, 1.5);
        let twice = matrix.select(&(0..400).map(|row| row % 200).collect::<Vec<_>>());
        let (once, twice) = (fit(&matrix, 4, GINI), fit(&twice, 4, GINI));
        assert!(samples::same_partition(&once, &twice[..200]) && twice[..200] == twice[200..]);
    }
}
