//! How well a tree keeps the distances (Sokal and Rohlf 1962).

use super::Tree;
use crate::kernel::fold;
use crate::kernel::simd::{LANES, Wide, widest};
use crate::kernel::tiles::{self, Tiles};
use crate::matrix::Matrix;
use crate::task::{Cancelled, Task};

/// Leaves a chunk.
const CHUNK: usize = 64;

impl Tree {
    /// The correlation of the distances of all pairs of rows with the heights at which the tree first joins them, the
    /// cophenetic distances. `None` where either do not vary. O(n²·d) time, O(n·d) memory.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn cophenetic_correlation(&self, matrix: &Matrix, task: &Task) -> Result<Option<f64>, Cancelled> {
        let order = Order::new(self);
        let leaves = matrix.values.select(ndarray::Axis(0), &order.leaves);
        let (points, middle) = (Tiles::new(leaves.view()), self.mean_height());
        let parts = fold::chunks_of(CHUNK, self.rows, |range| {
            task.check()?;
            let mut moments = Moments::default();
            let mut distances = vec![[0.0; LANES]; points.count()];
            for place in range {
                let mut point = vec![0.0; points.ncols()];
                points.get(place, &mut point);
                widest(Distances { points: &points, point: &point, from: place / LANES, distances: &mut distances });
                order.joins(place).for_each(|(places, height)| {
                    let apart = places.map(|other| distances[other / LANES][other % LANES]);
                    moments.add(apart, height - middle, middle);
                });
            }
            Ok(moments)
        });
        let mut total = Moments::default();
        for part in parts {
            total.join(&part?);
        }
        Ok(total.correlation())
    }

    /// The mean over all pairs of rows of the height at which they are joined.
    fn mean_height(&self) -> f64 {
        let sum: f64 = self.merges.iter().map(|merge| self.pairs_of(merge) * merge.height).sum();
        let n = self.rows as f64;
        sum / (n * (n - 1.0) / 2.0).max(1.0)
    }

    fn pairs_of(&self, merge: &super::Merge) -> f64 {
        self.size(merge.a) as f64 * self.size(merge.b) as f64
    }

    /// The rows under a node.
    fn size(&self, node: usize) -> usize {
        node.checked_sub(self.rows).map_or(1, |merge| self.merges[merge].size)
    }
}

/// The rows in an order in which those of each node stand side by side.
struct Order<'a> {
    tree: &'a Tree,
    leaves: Vec<usize>,
    /// For each node the first of its places.
    starts: Vec<usize>,
    /// For each node the merge that it is part of.
    parents: Vec<Option<usize>>,
}

impl<'a> Order<'a> {
    fn new(tree: &'a Tree) -> Self {
        let nodes = tree.rows + tree.merges.len();
        let (mut starts, mut parents) = (vec![0; nodes], vec![None; nodes]);
        for (number, merge) in tree.merges.iter().enumerate().rev() {
            let start = starts[tree.rows + number];
            starts[merge.a] = start;
            starts[merge.b] = start + tree.size(merge.a);
            (parents[merge.a], parents[merge.b]) = (Some(number), Some(number));
        }
        let mut leaves = vec![0; tree.rows];
        (0..tree.rows).for_each(|row| leaves[starts[row]] = row);
        Self { tree, leaves, starts, parents }
    }

    /// The later places that the row at `place` is joined with, and the height of each joining.
    fn joins(&self, place: usize) -> impl Iterator<Item = (std::ops::Range<usize>, f64)> {
        let mut node = self.leaves[place];
        let climb = std::iter::from_fn(move || {
            let number = self.parents[node]?;
            let from = std::mem::replace(&mut node, self.tree.rows + number);
            Some((from, self.tree.merges[number]))
        });
        climb.filter(|(from, merge)| *from == merge.a).map(|(_, merge)| {
            let start = self.starts[merge.b];
            (start..start + self.tree.size(merge.b), merge.height)
        })
    }
}

struct Distances<'a> {
    points: &'a Tiles,
    point: &'a [f64],
    from: usize,
    distances: &'a mut [[f64; LANES]],
}

impl Wide for Distances<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        for number in self.from..self.points.count() {
            let squared = tiles::squared(self.points.tile(number), self.point);
            self.distances[number] = squared.map(f64::sqrt);
        }
    }
}

/// Sums over pairs of distances x and heights y, both less the mean height.
#[derive(Default)]
struct Moments {
    n: f64,
    x: f64,
    xx: f64,
    y: f64,
    yy: f64,
    xy: f64,
}

impl Moments {
    fn add(&mut self, distances: impl ExactSizeIterator<Item = f64>, y: f64, middle: f64) {
        let n = distances.len() as f64;
        let (mut sum, mut squares) = (0.0, 0.0);
        for distance in distances {
            let x = distance - middle;
            sum += x;
            squares += x * x;
        }
        self.join(&Self { n, x: sum, xx: squares, y: n * y, yy: n * y * y, xy: sum * y });
    }

    fn join(&mut self, other: &Self) {
        self.n += other.n;
        self.x += other.x;
        self.xx += other.xx;
        self.y += other.y;
        self.yy += other.yy;
        self.xy += other.xy;
    }

    fn correlation(&self) -> Option<f64> {
        let both = self.n * self.xy - self.x * self.y;
        let apart = (self.n * self.xx - self.x * self.x) * (self.n * self.yy - self.y * self.y);
        (apart > 0.0).then(|| (both / apart.sqrt()).clamp(-1.0, 1.0))
    }
}
