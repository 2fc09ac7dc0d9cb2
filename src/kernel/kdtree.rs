//! A k-d tree whose leaves are tiles, for neighbourhoods and nearest rows.
//!
//! Boxes are compared with the same sums in the same order as distances, so that no rounding can hide a
//! point: every answer equals that of a search through all points, to the bit.

use std::ops::Range;

use ndarray::ArrayView2;

use super::simd::{LANES, Lanes, Wide, widest};
use super::tiles::{self, Tiles};
use crate::task::{Cancelled, Task};

/// A k-d tree over the rows of a matrix.
#[derive(Debug, Clone, Default)]
pub struct KdTree {
    pub(super) tiles: Tiles,
    /// The matrix's row of each point of `tiles`.
    pub(super) rows: Vec<u32>,
    /// In preorder: the left child of a node stands right after it.
    pub(super) nodes: Vec<Node>,
    /// The node of each tile.
    pub(super) leaves: Vec<u32>,
    /// For each node the box of its points: d lows, d highs.
    bounds: Vec<f64>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    pub(super) tiles: Range<usize>,
    pub(super) right: usize,
}

impl Node {
    pub(super) fn is_leaf(&self) -> bool {
        self.tiles.len() <= 1
    }
}

/// The rows of (n, d) `values` in the order of a k-d tree: those that stand near each other lie near each other.
pub fn order(values: ArrayView2<f64>) -> Vec<usize> {
    KdTree::new(values).rows.into_iter().map(|row| row as usize).collect()
}

struct Squared<'a>(&'a [Lanes], &'a [f64]);

impl Wide for Squared<'_> {
    type Out = Lanes;

    #[inline(always)]
    fn run(self) -> Lanes {
        tiles::squared(self.0, self.1)
    }
}

impl KdTree {
    /// The tree over the rows of (n, d) `values`.
    pub fn new(values: ArrayView2<f64>) -> Self {
        // Nobody can cancel this task.
        Self::grow(values, &Task::default()).unwrap_or_default()
    }

    /// As [`KdTree::new`]. O(n·d·log n) time.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn grow(values: ArrayView2<f64>, task: &Task) -> Result<Self, Cancelled> {
        let (n, d) = values.dim();
        let values = values.as_standard_layout();
        let values = values.as_slice().unwrap_or(&[]);
        let mut rows: Vec<u32> = (0..u32::try_from(n).unwrap_or(u32::MAX)).collect();
        let mut nodes = vec![Node::default(); nodes_over(n.div_ceil(LANES))];
        let mut bounds = vec![0.0; nodes.len() * 2 * d];
        let part = Part { first: 0, number: 0, rows: &mut rows, nodes: &mut nodes, bounds: &mut bounds };
        Split { values, d, task }.split(part)?;
        let mut tiles = Tiles::empty(n, d);
        for (place, &row) in rows.iter().enumerate() {
            tiles.set(place, values[row as usize * d..(row as usize + 1) * d].iter().copied());
        }
        let leaves = (0..).zip(&nodes).filter(|(_, node)| node.is_leaf()).map(|(number, _)| number).collect();
        Ok(Self { tiles, rows, nodes, leaves, bounds })
    }

    /// The squared distance between the boxes of two nodes: no points of them are nearer to each other.
    #[inline(always)]
    pub(super) fn gap_between(&self, a: usize, b: usize) -> f64 {
        let d = self.tiles.ncols();
        let sides = |node: usize| self.bounds[node * 2 * d..(node + 1) * 2 * d].split_at(d);
        let ((low, high), (other_low, other_high)) = (sides(a), sides(b));
        let mut sum = 0.0;
        for column in 0..d {
            let outside = (low[column] - other_high[column]).max(other_low[column] - high[column]).max(0.0);
            sum += outside * outside;
        }
        sum
    }

    /// Pushes the children of `node` whose boxes are within the squared distance `limit` of the node `other`'s, with
    /// their distances, the nearer one last.
    #[inline(always)]
    pub(super) fn push_near(&self, node: usize, other: usize, limit: f64, open: &mut Vec<(f64, usize)>) {
        let (left, right) = (node + 1, self.nodes[node].right);
        let gaps = [(self.gap_between(left, other), left), (self.gap_between(right, other), right)];
        let [near, far] = if gaps[1].0 < gaps[0].0 { [gaps[1], gaps[0]] } else { gaps };
        open.extend([far, near].into_iter().filter(|child| child.0 <= limit));
    }

    /// The squared distance from `point` to a node's box: no point in it is nearer.
    #[inline(always)]
    pub(super) fn gap(&self, node: usize, point: &[f64]) -> f64 {
        let d = point.len();
        let (lows, highs) = self.bounds[node * 2 * d..(node + 1) * 2 * d].split_at(d);
        let mut sum = 0.0;
        for column in 0..d {
            let outside = (lows[column] - point[column]).max(point[column] - highs[column]).max(0.0);
            sum += outside * outside;
        }
        sum
    }

    /// The points of a leaf and their squared distances to `point`.
    fn leaf(&self, node: &Node, point: &[f64]) -> impl Iterator<Item = (usize, f64)> + use<> {
        let tile = node.tiles.start;
        let filled = if node.tiles.is_empty() { 0 } else { self.tiles.filled(tile) };
        let squared = if filled == 0 { [0.0; LANES] } else { widest(Squared(self.tiles.tile(tile), point)) };
        (0..filled).map(move |lane| (tile * LANES + lane, squared[lane]))
    }

    /// The children of a node with their gaps, the nearer one first.
    #[inline(always)]
    pub(super) fn children(&self, node: usize, point: &[f64]) -> [(usize, f64); 2] {
        let (left, right) = (node + 1, self.nodes[node].right);
        let gaps = [(left, self.gap(left, point)), (right, self.gap(right, point))];
        if gaps[1].1 < gaps[0].1 { [gaps[1], gaps[0]] } else { gaps }
    }

    /// A value for each node: of its places' values, joined pairwise; `none` where there is no place.
    pub(super) fn by_node<T: Copy>(&self, of: impl Fn(usize) -> T, join: impl Fn(T, T) -> T, none: T) -> Vec<T> {
        let mut values = vec![none; self.nodes.len()];
        for (number, node) in self.nodes.iter().enumerate().rev() {
            values[number] = if node.is_leaf() {
                let end = self.rows.len().min(node.tiles.end * LANES);
                (node.tiles.start * LANES..end).map(&of).reduce(&join).unwrap_or(none)
            } else {
                join(values[number + 1], values[node.right])
            };
        }
        values
    }

    /// The row nearest to `point` within the squared distance `limit`, the lowest of equally near ones,
    /// and its squared distance.
    pub fn nearest_within(&self, point: &[f64], limit: f64) -> Option<(usize, f64)> {
        let mut best = (limit, u32::MAX);
        self.nearest_under(0, point, &mut best);
        (best.1 != u32::MAX).then_some((best.1 as usize, best.0))
    }

    fn nearest_under(&self, node: usize, point: &[f64], best: &mut (f64, u32)) {
        if self.nodes[node].is_leaf() {
            for (index, squared) in self.leaf(&self.nodes[node], point) {
                let row = self.rows[index];
                if squared < best.0 || (squared == best.0 && row < best.1) {
                    *best = (squared, row);
                }
            }
            return;
        }
        for (child, gap) in self.children(node, point) {
            if gap <= best.0 {
                self.nearest_under(child, point, best);
            }
        }
    }

    /// Shows `visit` the rows within the squared distance `limit` of `point` with theirs, nearer nodes first; it
    /// answers with the limit from then on, which may fall.
    pub fn visit_within(&self, point: &[f64], limit: f64, mut visit: impl FnMut(usize, f64) -> f64) {
        let mut limit = limit;
        let mut open = vec![(0, self.gap(0, point))];
        while let Some((node, gap)) = open.pop() {
            if gap > limit {
                continue;
            }
            if !self.nodes[node].is_leaf() {
                let [near, far] = self.children(node, point);
                open.extend([far, near]);
                continue;
            }
            for (index, squared) in self.leaf(&self.nodes[node], point) {
                if squared <= limit {
                    limit = visit(self.rows[index] as usize, squared);
                }
            }
        }
    }
}

/// How many nodes a tree over so many tiles has.
fn nodes_over(tiles: usize) -> usize {
    (2 * tiles).saturating_sub(1).max(1)
}

/// More rows than this are split on several threads.
const ALONE: usize = 4096;

/// What a tree is grown over.
struct Split<'a> {
    /// n·d, row by row.
    values: &'a [f64],
    d: usize,
    task: &'a Task,
}

/// A part of a tree that is growing: its root has this number, its first point this place.
struct Part<'a> {
    first: usize,
    number: usize,
    rows: &'a mut [u32],
    nodes: &'a mut [Node],
    bounds: &'a mut [f64],
}

impl Split<'_> {
    /// Fills the nodes over a part's rows and puts the rows in their order.
    fn split(&self, part: Part) -> Result<(), Cancelled> {
        self.task.check()?;
        let Part { first, number, rows, nodes, bounds } = part;
        let (own, rest) = bounds.split_at_mut(2 * self.d);
        let widest = self.bound(rows, own);
        let tiles = first / LANES..(first + rows.len()).div_ceil(LANES);
        let half = tiles.len().div_ceil(2);
        nodes[0] = Node { tiles: tiles.clone(), right: number + 1 + nodes_over(half) };
        if tiles.len() <= 1 {
            return Ok(());
        }
        self.order(rows, half * LANES, widest);
        let is_alone = rows.len() <= ALONE;
        let (left, right) = rows.split_at_mut(half * LANES);
        let (left_nodes, right_nodes) = nodes[1..].split_at_mut(nodes_over(half));
        let (left_bounds, right_bounds) = rest.split_at_mut(left_nodes.len() * 2 * self.d);
        let middle = (first + half * LANES, number + 1 + left_nodes.len());
        let left = Part { first, number: number + 1, rows: left, nodes: left_nodes, bounds: left_bounds };
        let right = Part { first: middle.0, number: middle.1, rows: right, nodes: right_nodes, bounds: right_bounds };
        if is_alone {
            self.split(left)?;
            return self.split(right);
        }
        let (left, right) = rayon::join(|| self.split(left), || self.split(right));
        left.and(right)
    }

    /// Puts the `middle` rows with the lowest values of a column first, the lower of equal rows.
    fn order(&self, rows: &mut [u32], middle: usize, column: usize) {
        let keyed = |&row: &u32| (self.values[row as usize * self.d + column], row);
        let mut keys: Vec<(f64, u32)> = rows.iter().map(keyed).collect();
        keys.select_nth_unstable_by(middle, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        rows.iter_mut().zip(keys).for_each(|(row, key)| *row = key.1);
    }

    /// Writes the box of `rows` and says along which column it is widest.
    fn bound(&self, rows: &[u32], bounds: &mut [f64]) -> usize {
        let (low, high) = bounds.split_at_mut(self.d);
        low.fill(f64::INFINITY);
        high.fill(f64::NEG_INFINITY);
        for &row in rows {
            let values = &self.values[row as usize * self.d..(row as usize + 1) * self.d];
            for (value, (low, high)) in values.iter().zip(low.iter_mut().zip(high.iter_mut())) {
                *low = low.min(*value);
                *high = high.max(*value);
            }
        }
        let width = |column: &usize| high[*column] - low[*column];
        (0..self.d).max_by(|a, b| width(a).total_cmp(&width(b))).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::kernel::distance::squared;
    use ndarray::Array2;
    use proptest::prelude::*;

    fn grid_points() -> impl Strategy<Value = Array2<f64>> {
        (1..200usize, 1..4usize).prop_flat_map(|(n, d)| {
            prop::collection::vec(-9..9i32, n * d)
                .prop_map(move |v| Array2::from_shape_fn((n, d), |(i, j)| f64::from(v[i * d + j]) / 3.0))
        })
    }

    proptest! {
        #[test]
        fn the_tree_answers_as_a_search_through_all_points(values in grid_points(), radius in 0.0..3.0f64) {
            let tree = KdTree::new(values.view());
            let limit = radius * radius;
            for row in 0..values.nrows() {
                let point = values.row(row).to_vec();
                let all: Vec<f64> = values.outer_iter().map(|other| squared(&other.to_vec(), &point)).collect();
                let first = all.iter().position(|&v| v == 0.0).map(|row| (row, 0.0));
                prop_assert_eq!(tree.nearest_within(&point, f64::INFINITY), first);
                let mut visited = Vec::new();
                tree.visit_within(&point, limit, |row, squared| { visited.push((row, squared)); limit });
                visited.sort_by_key(|&(row, _)| row);
                let known = all.iter().copied().enumerate().filter(|&(_, v)| v <= limit);
                prop_assert_eq!(visited, known.collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn any_number_of_threads_grows_the_same_tree() {
        let values = Array2::from_shape_fn((20_000, 2), |(i, j)| ((i * 7_919 + j * 104_729) % 9_973) as f64);
        let grow = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let tree = pool.install(|| KdTree::new(values.view()));
            (tree.rows, tree.bounds)
        };
        assert!(grow(1) == grow(2) && grow(1) == grow(4));
        let task = Task::default();
        task.cancel();
        assert!(KdTree::grow(values.view(), &task).is_err());
    }

    #[test]
    fn a_tree_over_nothing_finds_nothing() {
        let tree = KdTree::new(Array2::zeros((0, 2)).view());
        assert_eq!(tree.nearest_within(&[0.0, 0.0], f64::INFINITY), None);
        tree.visit_within(&[0.0, 0.0], 1.0, |_, limit| limit);
    }
}
