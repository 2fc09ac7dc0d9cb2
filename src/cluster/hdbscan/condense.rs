//! The condensed tree: what becomes of clusters while the density that is asked for falls.
//!
//! It is built from the leaves up. Edges of equal weight count at once, so that the tree does not depend on
//! the order of the rows, and equal rows stay together.

use crate::cluster::hierarchical::Sets;
use crate::kernel::mst::Edge;

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
    /// The tree over `rows` rows whose minimum spanning tree by mutual reachability has `edges`, in their
    /// order; what has fewer than `size` rows is no cluster. Edges of weight 0 count as the lightest other
    /// ones, so that every λ is finite.
    pub fn new(rows: usize, edges: &[Edge], size: usize) -> Self {
        let lightest = edges.iter().map(|edge| edge.squared).find(|&squared| squared > 0.0).unwrap_or(1.0);
        let mut building = Building::new(rows, size);
        for edges in edges.chunk_by(|x, y| x.squared.max(lightest) == y.squared.max(lightest)) {
            building.merge(edges, 1.0 / edges[0].squared.max(lightest).sqrt());
        }
        building.finish()
    }
}

/// The tree so far: its parts at the density that was reached.
struct Building {
    size: usize,
    parts: Sets,
    /// For each part, at its root: its cluster, if it is large enough.
    cluster: Vec<Option<usize>>,
    /// The rows of small parts, as rings.
    next: Vec<usize>,
    tree: Condensed,
}

impl Building {
    fn new(rows: usize, size: usize) -> Self {
        let tree = Condensed { clusters: Vec::new(), last: vec![None; rows], lambda: vec![0.0; rows] };
        Self { size, parts: Sets::new(rows), cluster: vec![None; rows], next: (0..rows).collect(), tree }
    }

    /// Joins parts along edges of one λ.
    fn merge(&mut self, edges: &[Edge], lambda: f64) {
        let ends = edges.iter().flat_map(|edge| [edge.a as usize, edge.b as usize]);
        let mut old: Vec<(usize, usize)> = ends.map(|row| (0, self.parts.find(row))).collect();
        for edge in edges {
            let (a, b) = (self.parts.find(edge.a as usize), self.parts.find(edge.b as usize));
            self.parts.join(a, b);
        }
        old.iter_mut().for_each(|(new, part)| *new = self.parts.find(*part));
        old.sort_unstable();
        old.dedup();
        for joined in old.chunk_by(|x, y| x.0 == y.0) {
            self.join(joined[0].0, &joined.iter().map(|&(_, part)| part).collect::<Vec<_>>(), lambda);
        }
    }

    /// The part at root `new` was made of those at `old`.
    fn join(&mut self, new: usize, old: &[usize], lambda: f64) {
        let children: Vec<usize> = old.iter().filter_map(|&part| self.cluster[part]).collect();
        let is_large = self.parts.sizes[new] >= self.size;
        let cluster = match children.as_slice() {
            [] if is_large => Some(self.begin(new, children, lambda)),
            [] => None,
            [one] => Some(*one),
            _ => Some(self.begin(new, children, lambda)),
        };
        for &part in old {
            match cluster {
                _ if self.cluster[part].is_some() => {}
                Some(cluster) => self.leave(part, cluster, lambda),
                // Two rings become one where their links are swapped.
                None if part != old[0] => self.next.swap(part, old[0]),
                None => {}
            }
        }
        old.iter().for_each(|&part| self.cluster[part] = None);
        self.cluster[new] = cluster;
        if let Some(cluster) = cluster {
            self.tree.clusters[cluster].size = self.parts.sizes[new];
        }
    }

    fn begin(&mut self, part: usize, children: Vec<usize>, lambda: f64) -> usize {
        let number = self.tree.clusters.len();
        for &child in &children {
            self.tree.clusters[child].birth = lambda;
            self.tree.clusters[child].parent = Some(number);
        }
        let size = self.parts.sizes[part];
        self.tree.clusters.push(Condensate { parent: None, children, size, birth: 0.0, death: lambda, stability: 0.0 });
        number
    }

    /// The rows of a small part leave `cluster`.
    fn leave(&mut self, part: usize, cluster: usize, lambda: f64) {
        let mut row = part;
        loop {
            self.tree.last[row] = Some(cluster);
            self.tree.lambda[row] = lambda;
            row = self.next[row];
            if row == part {
                return;
            }
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
