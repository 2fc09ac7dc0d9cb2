//! Rows with a dense neighbourhood, how they hang together and what lies near them (Ester et al. 1996): a leaf of
//! the k-d tree at a time.

use super::fold;
use super::kdtree::KdTree;
use super::sets::Sets;
use super::simd::{LANES, Lanes, Wide, widest};
use super::tiles;
use crate::task::{Cancelled, Task};

/// Rows between two looks at the task: whole tiles.
const CHUNK: usize = 16 * LANES;

/// The cores among the rows of a tree: those with enough rows, themselves counted, within a radius.
#[derive(Debug, Clone)]
pub struct Cores<'a> {
    tree: &'a KdTree,
    /// The squared radius.
    limit: f64,
    /// By place in the tree.
    is_core: Vec<bool>,
    /// By node: whether any of its rows is a core.
    has_core: Vec<bool>,
}

impl<'a> Cores<'a> {
    /// The rows of `tree` with at least `enough` rows within the squared distance `limit`.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn new(tree: &'a KdTree, limit: f64, enough: usize, task: &Task) -> Result<Self, Cancelled> {
        // What is left of the last tile lies at infinity.
        let limit = limit.min(f64::MAX);
        let mut is_core = vec![false; tree.rows.len()];
        let counted = fold::fill(CHUNK, &mut is_core, |range, is_core| {
            task.check()?;
            task.advance(range.len() as u64);
            widest(Count { tree, limit, enough, first: range.start / LANES, is_core });
            Ok(())
        });
        counted.into_iter().collect::<Result<(), Cancelled>>()?;
        let has_core = tree.by_node(|place| is_core[place], |one, other| one | other, false);
        Ok(Self { tree, limit, is_core, has_core })
    }

    /// The cores, ascending.
    pub fn rows(&self) -> Vec<usize> {
        let places = self.tree.rows.iter().zip(&self.is_core);
        let mut rows: Vec<usize> = places.filter(|(_, is_core)| **is_core).map(|(&row, _)| row as usize).collect();
        rows.sort_unstable();
        rows
    }

    /// For each row the number of its group. Cores within the radius of each other are in one; other rows go to the
    /// nearest core's, the lowest row of equally near ones; `None`: no core is within the radius.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn groups(&self, task: &Task) -> Result<Vec<Option<u32>>, Cancelled> {
        let of_cores = Links::new(self, task).groups()?;
        let mut by_place = vec![None; of_cores.len()];
        let placed = fold::fill(CHUNK, &mut by_place, |range, groups| {
            task.check()?;
            widest(Place { cores: self, of_cores: &of_cores, first: range.start, groups });
            Ok(())
        });
        placed.into_iter().collect::<Result<(), Cancelled>>()?;
        let mut groups = vec![None; by_place.len()];
        self.tree.rows.iter().zip(by_place).for_each(|(&row, group)| groups[row as usize] = group);
        Ok(groups)
    }

    /// The places of the cores of a leaf.
    fn of_leaf(&self, node: usize) -> impl Iterator<Item = usize> + use<'_> {
        let first = self.tree.nodes[node].tiles.start * LANES;
        (first..self.tree.rows.len().min(first + LANES)).filter(|&place| self.is_core[place])
    }
}

/// Counts the neighbours of the rows of some tiles.
struct Count<'a> {
    tree: &'a KdTree,
    limit: f64,
    enough: usize,
    first: usize,
    is_core: &'a mut [bool],
}

impl Wide for Count<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let Self { tree, limit, enough, first, is_core } = self;
        let d = tree.tiles.ncols();
        let mut points = vec![0.0; LANES * d];
        let mut open: Vec<(f64, usize)> = Vec::with_capacity(64);
        for (tile, is_core) in (first..).zip(is_core.chunks_mut(LANES)) {
            let mut counts = [0; LANES];
            for (lane, point) in points.chunks_exact_mut(d).enumerate().take(is_core.len()) {
                tree.tiles.get(tile * LANES + lane, point);
            }
            open.clear();
            open.push((0.0, 0));
            while let Some((_, node)) = open.pop() {
                if !tree.nodes[node].is_leaf() {
                    tree.push_near(node, tree.leaves[tile] as usize, limit, &mut open);
                    continue;
                }
                let other = tree.tiles.tile(tree.nodes[node].tiles.start);
                let of_tile = counts.iter_mut().zip(points.chunks_exact(d)).take(is_core.len());
                for (count, point) in of_tile.filter(|(count, _)| **count < enough) {
                    *count += within(&tiles::squared(other, point), limit);
                }
                if counts[..is_core.len()].iter().all(|&count| count >= enough) {
                    break;
                }
            }
            is_core.iter_mut().zip(counts).for_each(|(is_core, count)| *is_core = count >= enough);
        }
    }
}

/// How many distances are at most `limit`.
#[inline(always)]
fn within(squared: &Lanes, limit: f64) -> usize {
    squared.iter().map(|&squared| usize::from(squared <= limit)).sum()
}

/// Joins cores from the leaves of the tree up.
struct Links<'a> {
    cores: &'a Cores<'a>,
    task: &'a Task,
    sets: Sets,
    /// By node: a core of it, where all its cores are known to be in one set.
    whole: Vec<Option<usize>>,
}

impl<'a> Links<'a> {
    fn new(cores: &'a Cores, task: &'a Task) -> Self {
        let (places, nodes) = (cores.is_core.len(), cores.has_core.len());
        Self { cores, task, sets: Sets::new(places), whole: vec![None; nodes] }
    }

    /// By place: a number for the group of each core.
    fn groups(mut self) -> Result<Vec<u32>, Cancelled> {
        self.within(0)?;
        Ok((0..self.cores.is_core.len()).map(|place| self.sets.find(place) as u32).collect())
    }

    /// Joins the cores under a node.
    fn within(&mut self, node: usize) -> Result<(), Cancelled> {
        if !self.cores.has_core[node] {
            return Ok(());
        }
        if self.cores.tree.nodes[node].is_leaf() {
            self.touch(node, node);
            self.whole[node] = self.cores.of_leaf(node).next().filter(|_| self.is_one(node, node));
            return self.task.check();
        }
        let (left, right) = (node + 1, self.cores.tree.nodes[node].right);
        self.within(left)?;
        self.within(right)?;
        self.across(left, right)?;
        self.whole[node] = match (self.cores.has_core[left], self.cores.has_core[right]) {
            (true, false) => self.whole[left],
            (false, true) => self.whole[right],
            _ => self.whole[left].filter(|_| self.are_one(left, right)),
        };
        Ok(())
    }

    /// Joins the cores under one node with those under another.
    fn across(&mut self, a: usize, b: usize) -> Result<(), Cancelled> {
        let Cores { tree, has_core, limit, .. } = self.cores;
        if !has_core[a] || !has_core[b] || tree.gap_between(a, b) > *limit || self.are_one(a, b) {
            return Ok(());
        }
        let (larger, other) = if tree.nodes[a].tiles.len() < tree.nodes[b].tiles.len() { (b, a) } else { (a, b) };
        if tree.nodes[larger].is_leaf() {
            if !self.is_one(a, b) {
                self.touch(a, b);
            }
            return self.task.check();
        }
        self.across(larger + 1, other)?;
        self.across(tree.nodes[larger].right, other)
    }

    /// Whether all cores under two nodes are known to be in one set.
    fn are_one(&mut self, a: usize, b: usize) -> bool {
        let (Some(a), Some(b)) = (self.whole[a], self.whole[b]) else { return false };
        self.sets.find(a) == self.sets.find(b)
    }

    /// Whether all cores of two leaves are in one set.
    fn is_one(&mut self, a: usize, b: usize) -> bool {
        let mut roots = self.cores.of_leaf(a).chain(self.cores.of_leaf(b)).map(|place| self.sets.find(place));
        let first = roots.next();
        roots.all(|root| Some(root) == first)
    }

    /// Joins the cores of two leaves that are within the radius of each other.
    fn touch(&mut self, a: usize, b: usize) {
        let Cores { tree, limit, .. } = self.cores;
        let tile = |node: usize| tree.tiles.tile(tree.nodes[node].tiles.start);
        let near = widest(Near { a: tile(a), b: tile(b), limit: *limit });
        for one in self.cores.of_leaf(a) {
            for other in self.cores.of_leaf(b).filter(|other| near[one % LANES][other % LANES]) {
                let (one, other) = (self.sets.find(one), self.sets.find(other));
                if one != other {
                    self.sets.join(one, other);
                }
            }
        }
    }
}

/// Which points of two tiles are within a squared distance of each other.
struct Near<'a> {
    a: &'a [Lanes],
    b: &'a [Lanes],
    limit: f64,
}

impl Wide for Near<'_> {
    type Out = [[bool; LANES]; LANES];

    #[inline(always)]
    fn run(self) -> [[bool; LANES]; LANES] {
        let mut near = [[false; LANES]; LANES];
        let mut point = vec![0.0; self.a.len()];
        for (lane, near) in near.iter_mut().enumerate() {
            point.iter_mut().zip(self.a).for_each(|(value, column)| *value = column[lane]);
            *near = tiles::squared(self.b, &point).map(|squared| squared <= self.limit);
        }
        near
    }
}

/// The groups of some places: cores have their own, others the nearest core's.
struct Place<'a> {
    cores: &'a Cores<'a>,
    of_cores: &'a [u32],
    first: usize,
    groups: &'a mut [Option<u32>],
}

impl Wide for Place<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let mut point = vec![0.0; self.cores.tree.tiles.ncols()];
        let mut open = Vec::with_capacity(64);
        for (place, group) in (self.first..).zip(self.groups) {
            let nearest = if self.cores.is_core[place] {
                Some(place)
            } else {
                self.cores.tree.tiles.get(place, &mut point);
                self.cores.nearest(&point, &mut open)
            };
            *group = nearest.map(|core| self.of_cores[core]);
        }
    }
}

impl Cores<'_> {
    /// The place of the core nearest to `point` within the radius, the lowest row of equally near ones.
    #[inline(always)]
    fn nearest(&self, point: &[f64], open: &mut Vec<(f64, usize)>) -> Option<usize> {
        let tree = self.tree;
        let (mut least, mut row, mut nearest) = (self.limit, u32::MAX, None);
        open.push((tree.gap(0, point), 0));
        while let Some((gap, node)) = open.pop() {
            if gap > least || !self.has_core[node] {
                continue;
            }
            if !tree.nodes[node].is_leaf() {
                let [near, far] = tree.children(node, point);
                open.push((far.1, far.0));
                open.push((near.1, near.0));
                continue;
            }
            let tile = tree.nodes[node].tiles.start;
            let squared = tiles::squared(tree.tiles.tile(tile), point);
            for (place, &squared) in (tile * LANES..tree.rows.len()).zip(&squared) {
                let is_nearer = squared < least || (squared == least && tree.rows[place] < row);
                if self.is_core[place] && is_nearer {
                    (least, row, nearest) = (squared, tree.rows[place], Some(place));
                }
            }
        }
        nearest
    }
}
