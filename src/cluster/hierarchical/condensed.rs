//! Complete, average and weighted linkage by a nearest-neighbour chain over a condensed distance matrix.

use super::{Leaves, Link};
use crate::kernel::distance::euclidean;
use crate::kernel::fold;
use crate::matrix::Matrix;
use crate::task::{Cancelled, Task};

/// The distance from a cluster to the union of two others: (distance, size) of each.
pub type Update = fn((f64, f64), (f64, f64)) -> f64;

/// Complete linkage: the larger distance.
pub fn complete(a: (f64, f64), b: (f64, f64)) -> f64 {
    a.0.max(b.0)
}

/// Average linkage (UPGMA): the mean over all pairs.
pub fn average(a: (f64, f64), b: (f64, f64)) -> f64 {
    (a.1 * a.0 + b.1 * b.0) / (a.1 + b.1)
}

/// Weighted average linkage (WPGMA): the mean of the two distances, whatever the sizes.
pub fn weighted(a: (f64, f64), b: (f64, f64)) -> f64 {
    (a.0 + b.0) / 2.0
}

/// The links of the tree, in the order in which the chain finds them.
pub fn links(leaves: &Leaves, update: Update, task: &Task) -> Result<Vec<Link>, Cancelled> {
    let n = leaves.sizes.len();
    let distances = distances(leaves.matrix, task)?;
    let mut clusters = Clusters { distances, sizes: leaves.sizes.clone(), alive: (0..n).collect() };
    let mut links = Vec::with_capacity(n.saturating_sub(1));
    let mut chain: Vec<usize> = Vec::new();
    while links.len() + 1 < n {
        task.check()?;
        let Some(&top) = chain.last() else {
            chain.push(clusters.alive[0]);
            continue;
        };
        let before = chain.len().checked_sub(2).map(|place| chain[place]);
        let (nearest, height) = clusters.nearest(top, before);
        if before != Some(nearest) {
            chain.push(nearest);
            continue;
        }
        chain.truncate(chain.len() - 2);
        let (low, high) = (top.min(nearest), top.max(nearest));
        clusters.merge(low, high, update);
        links.push(Link { a: low, b: high, height });
        task.advance(1);
    }
    Ok(links)
}

/// The distances of each row to the rows before it.
fn distances(matrix: &Matrix, task: &Task) -> Result<Vec<Vec<f64>>, Cancelled> {
    let parts = fold::chunks_of(64, matrix.nrows(), |range| {
        task.check()?;
        let row = |row: usize| (0..row).map(|other| euclidean(matrix.row(row), matrix.row(other))).collect();
        Ok(range.map(row).collect::<Vec<Vec<f64>>>())
    });
    let parts: Vec<Vec<Vec<f64>>> = parts.into_iter().collect::<Result<_, Cancelled>>()?;
    Ok(parts.into_iter().flatten().collect())
}

struct Clusters {
    /// (i, j), j < i.
    distances: Vec<Vec<f64>>,
    sizes: Vec<f64>,
    /// Rising.
    alive: Vec<usize>,
}

impl Clusters {
    fn distance(&self, a: usize, b: usize) -> f64 {
        self.distances[a.max(b)][a.min(b)]
    }

    /// The cluster nearest to `top`: of equal ones `before`, then the lowest.
    fn nearest(&self, top: usize, before: Option<usize>) -> (usize, f64) {
        let mut best = before.map_or((usize::MAX, f64::INFINITY), |before| (before, self.distance(top, before)));
        for &other in &self.alive {
            if other != top {
                let distance = self.distance(top, other);
                if distance < best.1 {
                    best = (other, distance);
                }
            }
        }
        best
    }

    /// Merges `low` into `high`.
    fn merge(&mut self, low: usize, high: usize, update: Update) {
        self.alive.retain(|&cluster| cluster != low);
        for place in 0..self.alive.len() {
            let other = self.alive[place];
            if other != high {
                let to_low = (self.distance(low, other), self.sizes[low]);
                let to_high = (self.distance(high, other), self.sizes[high]);
                self.distances[high.max(other)][high.min(other)] = update(to_low, to_high);
            }
        }
        self.sizes[high] += self.sizes[low];
    }
}
