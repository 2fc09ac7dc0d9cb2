//! A k-d tree whose leaves are tiles, for neighbourhoods and nearest rows.
//!
//! Boxes are compared with the same sums in the same order as distances, so that no rounding can hide a
//! point: every answer equals that of a search through all points, to the bit.

use std::ops::Range;

use ndarray::{ArrayView2, Axis};

use super::simd::{LANES, Lanes, Wide, widest};
use super::tiles::{self, Tiles};

/// A k-d tree over the rows of a matrix.
#[derive(Debug, Clone)]
pub struct KdTree {
    pub(super) tiles: Tiles,
    /// The matrix's row of each point of `tiles`.
    pub(super) rows: Vec<u32>,
    /// In preorder: the left child of a node stands right after it.
    pub(super) nodes: Vec<Node>,
    /// For each node the box of its points: d lows, d highs.
    bounds: Vec<f64>,
}

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) tiles: Range<usize>,
    pub(super) right: usize,
}

impl Node {
    pub(super) fn is_leaf(&self) -> bool {
        self.tiles.len() <= 1
    }
}

/// The points of a tree that [`KdTree::drain_within`] has not handed out yet.
#[derive(Debug, Clone)]
pub struct Left {
    /// For each node.
    counts: Vec<usize>,
    /// For each point, in the tree's order.
    taken: Vec<bool>,
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
        let n = values.nrows();
        let mut rows: Vec<u32> = (0..u32::try_from(n).unwrap_or(u32::MAX)).collect();
        let mut tree = Self { tiles: Tiles::empty(0, 0), rows: Vec::new(), nodes: Vec::new(), bounds: Vec::new() };
        tree.split(values, &mut rows, 0);
        let order: Vec<usize> = rows.iter().map(|&row| row as usize).collect();
        tree.tiles = Tiles::new(values.select(Axis(0), &order).view());
        tree.rows = rows;
        tree
    }

    /// Appends the nodes over `rows`, whose first point is number `first`, and puts `rows` in their order.
    fn split(&mut self, values: ArrayView2<f64>, rows: &mut [u32], first: usize) {
        let node = self.nodes.len();
        let tiles = first / LANES..(first + rows.len()).div_ceil(LANES);
        let widest = self.push_bounds(values, rows);
        self.nodes.push(Node { tiles: tiles.clone(), right: 0 });
        if tiles.len() <= 1 {
            return;
        }
        let middle = tiles.len().div_ceil(2) * LANES;
        rows.select_nth_unstable_by(middle, |&a, &b| {
            values[[a as usize, widest]].total_cmp(&values[[b as usize, widest]]).then(a.cmp(&b))
        });
        let (left, right) = rows.split_at_mut(middle);
        self.split(values, left, first);
        self.nodes[node].right = self.nodes.len();
        self.split(values, right, first + middle);
    }

    /// Appends the box of `rows` and says along which column it is widest.
    fn push_bounds(&mut self, values: ArrayView2<f64>, rows: &[u32]) -> usize {
        let bounds = |column: usize| {
            rows.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &row| {
                let value = values[[row as usize, column]];
                (low.min(value), high.max(value))
            })
        };
        let sides: Vec<(f64, f64)> = (0..values.ncols()).map(bounds).collect();
        self.bounds.extend(sides.iter().map(|side| side.0));
        self.bounds.extend(sides.iter().map(|side| side.1));
        let width = |column: &usize| sides[*column].1 - sides[*column].0;
        (0..sides.len()).max_by(|a, b| width(a).total_cmp(&width(b))).unwrap_or(0)
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
    fn children(&self, node: usize, point: &[f64]) -> [(usize, f64); 2] {
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

    /// How many points lie within the squared distance `limit` of `point`; stops counting at `enough`.
    pub fn count_within(&self, point: &[f64], limit: f64, enough: usize) -> usize {
        if self.gap(0, point) > limit { 0 } else { self.count_under(0, point, limit, enough) }
    }

    fn count_under(&self, node: usize, point: &[f64], limit: f64, enough: usize) -> usize {
        if self.nodes[node].is_leaf() {
            return self.leaf(&self.nodes[node], point).filter(|&(_, squared)| squared <= limit).count();
        }
        let mut count = 0;
        for (child, gap) in self.children(node, point) {
            if gap <= limit && count < enough {
                count += self.count_under(child, point, limit, enough - count);
            }
        }
        count
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

    /// The squared distance from `point` to its `nth` nearest point (1: the nearest); infinite where
    /// there are fewer.
    pub fn nth_nearest(&self, point: &[f64], nth: usize) -> f64 {
        let mut nearest = vec![f64::INFINITY; nth.max(1)];
        self.nth_under(0, point, &mut nearest);
        nearest[nearest.len() - 1]
    }

    /// `nearest` holds the smallest squared distances seen, ascending.
    fn nth_under(&self, node: usize, point: &[f64], nearest: &mut [f64]) {
        let last = nearest.len() - 1;
        if self.nodes[node].is_leaf() {
            for (_, squared) in self.leaf(&self.nodes[node], point) {
                if squared < nearest[last] {
                    let place = nearest.partition_point(|&value| value <= squared);
                    nearest[place..].rotate_right(1);
                    nearest[place] = squared;
                }
            }
            return;
        }
        for (child, gap) in self.children(node, point) {
            if gap < nearest[last] {
                self.nth_under(child, point, nearest);
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

    /// All points, for [`KdTree::drain_within`].
    pub fn left(&self) -> Left {
        let points = |node: &Node| self.rows.len().min(node.tiles.end * LANES) - node.tiles.start * LANES;
        Left { counts: self.nodes.iter().map(points).collect(), taken: vec![false; self.rows.len()] }
    }

    /// Hands out, once, the rows within the squared distance `limit` of `point`.
    pub fn drain_within(&self, point: &[f64], limit: f64, left: &mut Left, out: &mut Vec<u32>) {
        self.drain_under(0, point, limit, left, out);
    }

    fn drain_under(&self, node: usize, point: &[f64], limit: f64, left: &mut Left, out: &mut Vec<u32>) {
        if left.counts[node] == 0 || self.gap(node, point) > limit {
            return;
        }
        let before = out.len();
        if self.nodes[node].is_leaf() {
            for (index, squared) in self.leaf(&self.nodes[node], point) {
                if squared <= limit && !left.taken[index] {
                    left.taken[index] = true;
                    out.push(self.rows[index]);
                }
            }
        } else {
            self.drain_under(node + 1, point, limit, left, out);
            self.drain_under(self.nodes[node].right, point, limit, left, out);
        }
        left.counts[node] -= out.len() - before;
    }
}

#[cfg(test)]
mod tests {
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
        fn the_tree_answers_as_a_search_through_all_points(values in grid_points(), nth in 1..7usize, radius in 0.0..3.0f64) {
            let tree = KdTree::new(values.view());
            let limit = radius * radius;
            let mut left = tree.left();
            let mut drained = Vec::new();
            for row in 0..values.nrows() {
                let point = values.row(row).to_vec();
                let all: Vec<f64> = values.outer_iter().map(|other| squared(&other.to_vec(), &point)).collect();
                let within = all.iter().filter(|&&v| v <= limit).count();
                prop_assert_eq!(tree.count_within(&point, limit, usize::MAX), within);
                prop_assert!(tree.count_within(&point, limit, 3).min(3) == within.min(3));
                let first = all.iter().position(|&v| v == 0.0).map(|row| (row, 0.0));
                prop_assert_eq!(tree.nearest_within(&point, f64::INFINITY), first);
                let mut sorted = all.clone();
                sorted.sort_by(f64::total_cmp);
                prop_assert_eq!(tree.nth_nearest(&point, nth), sorted.get(nth - 1).copied().unwrap_or(f64::INFINITY));
                let mut visited = Vec::new();
                tree.visit_within(&point, limit, |row, squared| { visited.push((row, squared)); limit });
                visited.sort_by_key(|&(row, _)| row);
                let known = all.iter().copied().enumerate().filter(|&(_, v)| v <= limit);
                prop_assert_eq!(visited, known.collect::<Vec<_>>());
                tree.drain_within(&point, limit, &mut left, &mut drained);
            }
            drained.sort_unstable();
            prop_assert_eq!(drained, (0..values.nrows() as u32).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_tree_over_nothing_finds_nothing() {
        let tree = KdTree::new(Array2::zeros((0, 2)).view());
        assert_eq!(tree.nearest_within(&[0.0, 0.0], f64::INFINITY), None);
        assert_eq!(tree.count_within(&[0.0, 0.0], 1.0, 5), 0);
    }
}
