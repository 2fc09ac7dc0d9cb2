//! The nearest neighbours of every row.

use super::fold;
use super::kdtree::KdTree;
use super::simd::{LANES, Wide, widest};
use super::tiles;
use crate::task::{Cancelled, Task};

/// Rows between two looks at the task.
const CHUNK: usize = 512;

/// For every place of a tree the nearest ones, itself among them, by rising distance.
#[derive(Debug, Clone)]
pub struct Neighbours {
    count: usize,
    near: Vec<Near>,
}

/// A neighbour: its squared distance (infinite where there are fewer rows) and its place in the tree.
#[derive(Debug, Clone, Copy)]
struct Near {
    squared: f64,
    place: u32,
}

impl Near {
    const NONE: Self = Self { squared: f64::INFINITY, place: u32::MAX };
}

impl Neighbours {
    /// The neighbours of a place with their squared distances, and the largest of these: what is not among
    /// them is at least as far.
    pub fn of(&self, place: usize) -> (impl Iterator<Item = (u32, f64)>, f64) {
        let near = &self.near[place * self.count..(place + 1) * self.count];
        let farthest = near.last().map_or(f64::INFINITY, |near| near.squared);
        (near.iter().filter(|near| near.place != u32::MAX).map(|near| (near.place, near.squared)), farthest)
    }
}

/// The `count` nearest places of every place of `tree`. Which of equally far ones are among them is fixed
/// by the tree.
///
/// # Errors
/// [`Cancelled`].
pub fn neighbours(tree: &KdTree, count: usize, task: &Task) -> Result<Neighbours, Cancelled> {
    let count = count.max(1);
    let mut near = vec![Near::NONE; tree.rows.len() * count];
    let done = fold::fill(CHUNK * count, &mut near, |range, near| {
        task.check()?;
        widest(Search { tree, first: range.start / count, count, near });
        Ok(())
    });
    done.into_iter().collect::<Result<(), Cancelled>>()?;
    Ok(Neighbours { count, near })
}

/// The squared distance of every row (in the matrix's order) to its `nth` nearest, itself counted (1: 0);
/// infinite where there are fewer rows.
///
/// # Errors
/// [`Cancelled`].
pub fn squared_cores(tree: &KdTree, nth: usize, task: &Task) -> Result<Vec<f64>, Cancelled> {
    let found = neighbours(tree, nth, task)?;
    let mut cores = vec![0.0; tree.rows.len()];
    for (&row, near) in tree.rows.iter().zip(found.near.chunks_exact(found.count)) {
        cores[row as usize] = near[found.count - 1].squared;
    }
    Ok(cores)
}

struct Search<'a> {
    tree: &'a KdTree,
    first: usize,
    count: usize,
    near: &'a mut [Near],
}

impl Wide for Search<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let tree = self.tree;
        let mut point = vec![0.0; tree.tiles.ncols()];
        let mut open: Vec<(f64, u32)> = Vec::with_capacity(64);
        for (place, near) in (self.first..).zip(self.near.chunks_exact_mut(self.count)) {
            tree.tiles.get(place, &mut point);
            open.push((0.0, 0));
            while let Some((gap, node)) = open.pop() {
                let node = node as usize;
                if gap >= near[near.len() - 1].squared {
                    continue;
                }
                if tree.nodes[node].is_leaf() {
                    let tile = tree.nodes[node].tiles.start;
                    let distances = tiles::squared(tree.tiles.tile(tile), &point);
                    for (other, &squared) in (tile * LANES..tree.rows.len()).zip(&distances) {
                        keep(near, squared, other as u32);
                    }
                    continue;
                }
                let (left, right) = (node + 1, tree.nodes[node].right);
                let (near, far) = ((tree.gap(left, &point), left as u32), (tree.gap(right, &point), right as u32));
                let (near, far) = if far.0 < near.0 { (far, near) } else { (near, far) };
                open.push(far);
                open.push(near);
            }
        }
    }
}

/// Puts a neighbour into its place among those kept, if it is nearer than the last.
#[inline(always)]
fn keep(near: &mut [Near], squared: f64, place: u32) {
    let last = near.len() - 1;
    if squared >= near[last].squared {
        return;
    }
    let mut at = last;
    while at > 0 && near[at - 1].squared > squared {
        near[at] = near[at - 1];
        at -= 1;
    }
    near[at] = Near { squared, place };
}
