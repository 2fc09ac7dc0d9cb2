//! Borůvka's rounds over a k-d tree: in each round every part of the forest finds its first edge outwards.
//!
//! A row keeps its nearest neighbours and what it learnt in earlier rounds (its first edge outwards while
//! that still leads outwards, and a weight below which it has none), so that few rows search the tree.

use std::sync::atomic::{AtomicU64, Ordering};

use ndarray::ArrayView2;

use super::Edge;
use crate::kernel::fold;
use crate::kernel::kdtree::KdTree;
use crate::kernel::neighbours::{Neighbours, neighbours};
use crate::kernel::simd::{LANES, Lanes, Wide, widest};
use crate::kernel::tiles;
use crate::task::{Cancelled, Task};

/// Rows between two looks at the task.
const CHUNK: usize = 512;
/// Neighbours that every row keeps, itself counted.
const KEPT: usize = 8;
/// No place, and no part that all rows of a node belong to.
const NONE: u32 = u32::MAX;

/// The n − 1 edges of the minimum spanning tree by mutual reachability, as they are found.
pub(super) fn edges(values: ArrayView2<f64>, cores: &[f64], task: &Task) -> Result<Vec<Edge>, Cancelled> {
    let n = values.nrows();
    task.begin("spanning tree", n as u64);
    let tree = KdTree::grow(values, task)?;
    let near = neighbours(&tree, KEPT, task)?;
    let mut forest = Forest::new(&tree, &near, cores);
    let mut edges = Vec::with_capacity(n.saturating_sub(1));
    while edges.len() + 1 < n {
        let found = forest.round(task)?;
        task.advance(found.len() as u64);
        edges.extend(found);
    }
    Ok(edges)
}

/// What a row knows of its first edge outwards. Rows stand at places, in the tree's order.
#[derive(Debug, Clone, Copy)]
struct Known {
    edge: Edge,
    /// The place that the edge leads to; none where it is not known.
    to: u32,
    /// No edge outwards is lighter.
    least: f64,
}

struct Forest<'a> {
    tree: &'a KdTree,
    near: &'a Neighbours,
    /// By place: the squared core distance, the part of the forest, the first edge outwards.
    cores: Vec<f64>,
    parts: Vec<u32>,
    known: Vec<Known>,
    /// By node: its smallest core distance, its lowest row, the part that all its rows belong to.
    node_cores: Vec<f64>,
    node_rows: Vec<u32>,
    node_parts: Vec<u32>,
}

impl<'a> Forest<'a> {
    fn new(tree: &'a KdTree, near: &'a Neighbours, cores: &[f64]) -> Self {
        let n = tree.rows.len();
        let cores: Vec<f64> = tree.rows.iter().map(|&row| cores[row as usize]).collect();
        let known = cores.iter().map(|&least| Known { edge: Edge::NONE, to: NONE, least }).collect();
        let parts: Vec<u32> = (0..n as u32).collect();
        let node_cores = tree.by_node(|place| cores[place], f64::min, f64::INFINITY);
        let node_rows = tree.by_node(|place| tree.rows[place], u32::min, u32::MAX);
        let mut forest = Self { tree, near, cores, parts, known, node_cores, node_rows, node_parts: Vec::new() };
        forest.sum_up();
        forest
    }

    /// The edges that one round adds.
    fn round(&mut self, task: &Task) -> Result<Vec<Edge>, Cancelled> {
        let bounds: Vec<AtomicU64> = self.parts.iter().map(|_| AtomicU64::new(f64::INFINITY.to_bits())).collect();
        let mut known = std::mem::take(&mut self.known);
        let forest = &*self;
        fold::fill(CHUNK, &mut known, |range, known| forest.look_near(range.start, known, &bounds));
        let searched = fold::fill(CHUNK, &mut known, |range, known| {
            task.check()?;
            widest(Search { forest, first: range.start, known, bounds: &bounds });
            Ok(())
        });
        searched.into_iter().collect::<Result<(), Cancelled>>()?;
        self.known = known;
        Ok(self.join())
    }

    /// The neighbours kept may lead outwards: a first bound for each part.
    fn look_near(&self, first: usize, known: &mut [Known], bounds: &[AtomicU64]) {
        for (place, known) in (first..).zip(known) {
            let part = self.parts[place];
            if known.to == NONE || self.parts[known.to as usize] == part {
                *known = self.among_kept(place, known.least);
            }
            lower(&bounds[part as usize], known.edge.squared);
        }
    }

    /// The first edge outwards among the neighbours kept; where others may be lighter, only its weight counts.
    fn among_kept(&self, place: usize, least: f64) -> Known {
        let mut best = Known { edge: Edge::NONE, to: NONE, least };
        let (neighbours, farthest) = self.near.of(place);
        for (other, squared) in neighbours {
            if self.parts[other as usize] != self.parts[place] {
                best.offer(self.edge(place, other as usize, squared), other);
            }
        }
        let beyond = farthest.max(self.cores[place]);
        if best.edge.squared < beyond {
            best.least = best.edge.squared;
        } else {
            best.to = NONE;
            best.least = least.max(beyond);
        }
        best
    }

    #[inline(always)]
    fn edge(&self, place: usize, other: usize, squared: f64) -> Edge {
        let squared = squared.max(self.cores[place]).max(self.cores[other]);
        Edge::new(self.tree.rows[place], self.tree.rows[other], squared)
    }

    /// Joins every part with the one that its first edge leads to; returns the edges.
    fn join(&mut self) -> Vec<Edge> {
        let mut firsts: Vec<(Edge, u32)> = vec![(Edge::NONE, NONE); self.parts.len()];
        for (known, &part) in self.known.iter().zip(&self.parts) {
            let first = &mut firsts[part as usize];
            if known.to != NONE && known.edge.is_before(&first.0) {
                *first = (known.edge, self.parts[known.to as usize]);
            }
        }
        let mut joined: Vec<u32> = (0..self.parts.len() as u32).collect();
        let mut edges = Vec::new();
        for (part, &(edge, to)) in firsts.iter().enumerate().filter(|(_, first)| first.1 != NONE) {
            let (one, other) = (root(&mut joined, part as u32), root(&mut joined, to));
            if one != other {
                joined[one.max(other) as usize] = one.min(other);
                edges.push(edge);
            }
        }
        self.parts.iter_mut().for_each(|part| *part = root(&mut joined, *part));
        self.sum_up();
        edges
    }

    /// The part that all rows of each node belong to, if there is one.
    fn sum_up(&mut self) {
        let same = |one: u32, other: u32| if one == other { one } else { NONE };
        let parts = &self.parts;
        self.node_parts = self.tree.by_node(|place| parts[place], same, NONE);
    }
}

impl Known {
    #[inline(always)]
    fn offer(&mut self, edge: Edge, to: u32) {
        if edge.is_before(&self.edge) {
            (self.edge, self.to) = (edge, to);
        }
    }
}

fn root(parents: &mut [u32], mut part: u32) -> u32 {
    while parents[part as usize] != part {
        parents[part as usize] = parents[parents[part as usize] as usize];
        part = parents[part as usize];
    }
    part
}

/// Numbers from 0 up are ordered as their bits are.
fn lower(bound: &AtomicU64, weight: f64) {
    bound.fetch_min(weight.to_bits(), Ordering::Relaxed);
}

/// Searches the first edge outwards of the rows of a chunk that may have the first of their part. When a
/// bound comes in depends on the threads; it spares work only.
struct Search<'a> {
    forest: &'a Forest<'a>,
    first: usize,
    known: &'a mut [Known],
    bounds: &'a [AtomicU64],
}

impl Wide for Search<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let Self { forest, first, known, bounds } = self;
        let mut point = vec![0.0; forest.tree.tiles.ncols()];
        let mut open = Vec::with_capacity(64);
        for (place, known) in (first..).zip(known) {
            let bound = &bounds[forest.parts[place] as usize];
            let limit = f64::from_bits(bound.load(Ordering::Relaxed));
            if known.to != NONE || known.least > limit {
                continue;
            }
            forest.tree.tiles.get(place, &mut point);
            // An edge among the kept ones, or of another row of the part: beyond it nothing is looked for.
            let mut best = Known { edge: Edge { squared: limit, ..Edge::NONE }, ..*known };
            forest.search(place, &point, &mut best, &mut open);
            best.least = best.edge.squared;
            lower(bound, best.edge.squared);
            *known = best;
        }
    }
}

impl Forest<'_> {
    #[inline(always)]
    fn search(&self, place: usize, point: &[f64], best: &mut Known, open: &mut Vec<(f64, u32)>) {
        let (tree, part) = (self.tree, self.parts[place]);
        open.push((0.0, 0));
        while let Some((gap, node)) = open.pop() {
            let number = node as usize;
            if self.node_parts[number] == part || !self.may_hold(place, gap, number, best) {
                continue;
            }
            if tree.nodes[number].is_leaf() {
                self.search_leaf(place, point, tree.nodes[number].tiles.start, best);
                continue;
            }
            let (left, right) = (number + 1, tree.nodes[number].right);
            let (near, far) = ((tree.gap(left, point), left as u32), (tree.gap(right, point), right as u32));
            let is_swapped = far.0 < near.0 || (far.0 == near.0 && self.node_rows[right] < self.node_rows[left]);
            let (near, far) = if is_swapped { (far, near) } else { (near, far) };
            open.push(far);
            open.push(near);
        }
    }

    /// Whether a row of `node`, at least `gap` away, may make an edge before the best one.
    #[inline(always)]
    fn may_hold(&self, place: usize, gap: f64, node: usize, best: &Known) -> bool {
        let squared = gap.max(self.cores[place]).max(self.node_cores[node]);
        squared < best.edge.squared
            || (squared == best.edge.squared
                && Edge::new(self.tree.rows[place], self.node_rows[node], squared).is_before(&best.edge))
    }

    #[inline(always)]
    fn search_leaf(&self, place: usize, point: &[f64], tile: usize, best: &mut Known) {
        let distances: Lanes = tiles::squared(self.tree.tiles.tile(tile), point);
        let first = tile * LANES;
        for (other, &squared) in (first..self.tree.rows.len()).zip(&distances) {
            if squared <= best.edge.squared && self.parts[other] != self.parts[place] {
                best.offer(self.edge(place, other, squared), other as u32);
            }
        }
    }
}
