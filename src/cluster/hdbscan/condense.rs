//! The condensed tree: what becomes of clusters while the density that is asked for falls.
//!
//! It is built from the leaves up. Edges of equal weight count at once, so that the tree does not depend on
//! the order of the rows, and equal rows stay together.

use crate::kernel::kdtree::KdTree;
use crate::kernel::mst::Edge;
use crate::kernel::sets::Sets;
use crate::matrix::Matrix;
use crate::task::{Cancelled, Task};

/// What a condensed tree is built over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'a> {
    /// The rows.
    pub(super) matrix: &'a Matrix,
    /// The tree over them.
    pub(super) tree: &'a KdTree,
    /// The squared core distance of each.
    pub(super) cores: &'a [f64],
}

/// A cluster of the condensed tree. λ = 1/distance.
#[derive(Debug, Clone, PartialEq)]
pub struct Condensate {
    /// The cluster that this one splits off; `None` for the root.
    pub parent: Option<usize>,
    /// The clusters that it splits into, at its end; empty for a leaf.
    pub children: Vec<usize>,
    /// The rows it begins with.
    pub size: usize,
    /// The λ at which it begins: 0 for the root.
    pub birth: f64,
    /// The largest λ at which rows leave it or it splits.
    pub death: f64,
    /// Σ (λ − birth) over its rows, λ being where they leave it.
    pub stability: f64,
}

/// The condensed tree of some rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Condensed {
    /// Children stand before their parents, the root last; none where there are too few rows.
    pub clusters: Vec<Condensate>,
    /// For each row the cluster that it leaves last; `None` where there are too few rows.
    pub last: Vec<Option<usize>>,
    /// For each row the λ at which it leaves that cluster.
    pub lambda: Vec<f64>,
}

impl Condensed {
    /// The tree over `rows`, whose minimum spanning tree by mutual reachability has `edges`, in their order;
    /// what has fewer than `size` rows is no cluster. Edges of weight 0 count as half of the lightest other
    /// one, so that every λ is finite.
    pub(super) fn new(rows: Rows, edges: &[Edge], size: usize, task: &Task) -> Result<Self, Cancelled> {
        let lightest = edges.iter().find(|edge| edge.squared > 0.0).map_or(1.0, |edge| edge.squared / 4.0);
        let weight = |edge: &Edge| edge.squared.max(lightest);
        let mut building = Building::new(rows, size, task);
        for edges in edges.chunk_by(|x, y| weight(x) == weight(y)) {
            task.check()?;
            building.merge(edges, 1.0 / weight(&edges[0]).sqrt())?;
        }
        Ok(building.finish())
    }
}

/// The tree so far: its parts at the density that was reached.
struct Building<'a> {
    rows: Rows<'a>,
    size: usize,
    task: &'a Task,
    parts: Sets,
    /// For each part, at its root: its cluster, if it is large enough.
    cluster: Vec<Option<usize>>,
    /// The rows of each part, as rings.
    next: Vec<usize>,
    tree: Condensed,
}

/// The cluster whose rows are nearest.
struct Nearest {
    squared: f64,
    cluster: Option<usize>,
    /// Whether another one is as near.
    is_tied: bool,
}

impl Nearest {
    /// A row of `cluster`, at most as far as the nearest so far.
    fn offer(&mut self, cluster: usize, squared: f64) {
        if squared < self.squared || self.cluster.is_none() {
            *self = Self { squared, cluster: Some(cluster), is_tied: false };
        } else if self.cluster != Some(cluster) {
            self.is_tied = true;
        }
    }
}

impl<'a> Building<'a> {
    fn new(rows: Rows<'a>, size: usize, task: &'a Task) -> Self {
        let n = rows.matrix.nrows();
        let tree = Condensed { clusters: Vec::new(), last: vec![None; n], lambda: vec![0.0; n] };
        Self { rows, size, task, parts: Sets::new(n), cluster: vec![None; n], next: (0..n).collect(), tree }
    }

    /// Joins parts along edges of one weight, which is 1/λ.
    fn merge(&mut self, edges: &[Edge], lambda: f64) -> Result<(), Cancelled> {
        let limit = edges.iter().fold(0.0, |limit: f64, edge| limit.max(edge.squared));
        let joined = self.joined(edges);
        joined.chunk_by(|x, y| x.0 == y.0).try_for_each(|group| {
            let old: Vec<usize> = group.iter().map(|&(_, part)| part).collect();
            self.join(&old, limit, lambda)
        })
    }

    /// The parts that `edges` touch, each after a number that those joined share, ascending.
    fn joined(&mut self, edges: &[Edge]) -> Vec<(usize, usize)> {
        let ends = |edge: &Edge| [edge.a as usize, edge.b as usize];
        let ends: Vec<usize> = edges.iter().flat_map(ends).map(|row| self.parts.find(row)).collect();
        let mut parts = ends.clone();
        parts.sort_unstable();
        parts.dedup();
        let mut sets = Sets::new(parts.len());
        for pair in ends.chunks_exact(2) {
            let set = |part| sets.find(parts.partition_point(|&other| other < part));
            let [a, b] = [pair[0], pair[1]].map(set);
            sets.join(a, b);
        }
        let mut joined: Vec<(usize, usize)> =
            parts.iter().enumerate().map(|(place, &part)| (sets.find(place), part)).collect();
        joined.sort_unstable();
        joined
    }

    /// Makes one part of `old`, of which some rows are within the squared reach `limit`.
    fn join(&mut self, old: &[usize], limit: f64, lambda: f64) -> Result<(), Cancelled> {
        let children: Vec<usize> = old.iter().filter_map(|&part| self.cluster[part]).collect();
        let small: Vec<usize> = old.iter().copied().filter(|&part| self.cluster[part].is_none()).collect();
        let is_between = children.len() > 1;
        let nearest = |part| if is_between { self.nearest(part, limit) } else { Ok(None) };
        let homes = small.iter().copied().map(nearest).collect::<Result<Vec<_>, Cancelled>>()?;
        let new = old[1..].iter().fold(old[0], |new, &part| self.parts.join(new, part));
        let size = self.parts.sizes[new];
        let cluster = match children.as_slice() {
            [] if size < self.size => None,
            [one] => Some(*one),
            _ => Some(self.begin(children, lambda)),
        };
        if let Some(cluster) = cluster {
            self.tree.clusters[cluster].size = size;
            small.iter().zip(homes).for_each(|(&part, home)| self.leave(part, home.unwrap_or(cluster), lambda));
        }
        old.iter().for_each(|&part| self.cluster[part] = None);
        self.cluster[new] = cluster;
        // Two rings become one where their links are swapped.
        old[1..].iter().for_each(|&part| self.next.swap(part, old[0]));
        Ok(())
    }

    /// Where clusters meet, a small part that joins them belongs to the one whose rows are nearest among
    /// those that are reached within `limit`; `None` where two are equally near, or only small parts reached.
    fn nearest(&mut self, part: usize, limit: f64) -> Result<Option<usize>, Cancelled> {
        let Rows { matrix, tree, cores } = self.rows;
        let mut nearest = Nearest { squared: limit, cluster: None, is_tied: false };
        for row in self.ring(part).into_iter().filter(|&row| cores[row] <= limit) {
            self.task.check()?;
            tree.visit_within(matrix.row(row), nearest.squared, |other, squared| {
                let cluster = self.cluster[self.parts.find(other)];
                if let Some(cluster) = cluster.filter(|_| cores[other] <= limit) {
                    nearest.offer(cluster, squared);
                }
                nearest.squared
            });
        }
        Ok(nearest.cluster.filter(|_| !nearest.is_tied))
    }

    /// The rows of a part.
    fn ring(&self, part: usize) -> Vec<usize> {
        let after = |&row: &usize| Some(self.next[row]).filter(|&next| next != part);
        std::iter::successors(Some(part), after).collect()
    }

    fn begin(&mut self, children: Vec<usize>, lambda: f64) -> usize {
        let number = self.tree.clusters.len();
        for &child in &children {
            self.tree.clusters[child].birth = lambda;
            self.tree.clusters[child].parent = Some(number);
        }
        self.tree.clusters.push(Condensate {
            parent: None,
            children,
            size: 0,
            birth: 0.0,
            death: lambda,
            stability: 0.0,
        });
        number
    }

    /// The rows of a small part leave `cluster`.
    fn leave(&mut self, part: usize, cluster: usize, lambda: f64) {
        let rows = self.ring(part);
        if self.tree.clusters[cluster].parent.is_some() {
            self.tree.clusters[cluster].size += rows.len();
        }
        for row in rows {
            self.tree.last[row] = Some(cluster);
            self.tree.lambda[row] = lambda;
        }
    }

    /// The stabilities, once all births are known.
    fn finish(mut self) -> Condensed {
        let tree = &mut self.tree;
        for (last, lambda) in tree.last.iter().zip(&tree.lambda) {
            if let Some(cluster) = last.map(|cluster| &mut tree.clusters[cluster]) {
                cluster.stability += lambda - cluster.birth;
            }
        }
        for number in 0..tree.clusters.len() {
            let (size, birth) = (tree.clusters[number].size as f64, tree.clusters[number].birth);
            if let Some(parent) = tree.clusters[number].parent {
                let parent = &mut tree.clusters[parent];
                parent.stability += size * (birth - parent.birth);
            }
        }
        self.tree
    }
}
