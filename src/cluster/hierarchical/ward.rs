//! Ward's criterion by a nearest-neighbour chain over centroids: O(n·d) memory, about 3n searches.
//!
//! The clusters stand in the order of a k-d tree, so that those of a tile lie near each other and most tiles are too far
//! away to hold the nearest.

use ndarray::{Array2, ArrayView2, Axis};

use super::boxes::Boxes;
use super::{Leaves, Link};
use crate::kernel::kdtree;
use crate::kernel::simd::{LANES, Lanes, Wide, widest};
use crate::kernel::tiles::{self, Tiles};
use crate::task::{Cancelled, Task};

/// The slot of what is merged into another cluster.
const GONE: usize = usize::MAX;

/// The links of Ward's tree, in the order in which the chain finds them.
pub fn links(leaves: &Leaves, task: &Task) -> Result<Vec<Link>, Cancelled> {
    let n = leaves.sizes.len();
    let mut links = Vec::with_capacity(n.saturating_sub(1));
    let mut clusters = Clusters::new(leaves);
    let mut chain: Vec<usize> = Vec::new();
    let mut first = 0;
    while links.len() + 1 < n {
        task.check()?;
        let Some(&top) = chain.last() else {
            first = clusters.first(first);
            chain.push(first);
            continue;
        };
        let before = chain.len().checked_sub(2).map(|place| chain[place]);
        let (nearest, cost) = clusters.nearest(top, before);
        if before != Some(nearest) {
            chain.push(nearest);
            continue;
        }
        chain.truncate(chain.len() - 2);
        links.push(clusters.merge(top, nearest, cost.sqrt()));
        clusters.close_up();
        task.advance(1);
    }
    Ok(links)
}

/// The clusters that are left, each called by one of its rows, in slots; a dead slot lies at infinity.
struct Clusters {
    centres: Tiles,
    /// In lanes, as the centres are.
    sizes: Vec<Lanes>,
    boxes: Boxes,
    /// The row of each slot.
    rows: Vec<usize>,
    /// The slot of each row.
    slots: Vec<usize>,
    alive: usize,
    centre: Vec<f64>,
}

impl Clusters {
    fn new(leaves: &Leaves) -> Self {
        let rows = (0..leaves.sizes.len()).collect();
        Self::standing(leaves.matrix.values.view(), &leaves.sizes, rows, leaves.sizes.len())
    }

    /// Clusters (m, d) of these sizes and rows, of `n` rows in all, in the order of a k-d tree.
    fn standing(values: ArrayView2<f64>, sizes: &[f64], rows: Vec<usize>, n: usize) -> Self {
        let order = kdtree::order(values);
        let centres = Tiles::new(values.select(Axis(0), &order).view());
        let mut lanes = vec![[1.0; LANES]; centres.count()];
        let mut slots = vec![GONE; n];
        for (slot, &place) in order.iter().enumerate() {
            lanes[slot / LANES][slot % LANES] = sizes[place];
            slots[rows[place]] = slot;
        }
        let rows: Vec<usize> = order.into_iter().map(|place| rows[place]).collect();
        let boxes = Boxes::new(&centres, &lanes);
        Self { centre: vec![0.0; centres.ncols()], centres, sizes: lanes, boxes, alive: rows.len(), rows, slots }
    }

    /// The first row from `row` on that a cluster is called by.
    fn first(&self, row: usize) -> usize {
        (row..self.slots.len()).find(|&row| self.slots[row] != GONE).unwrap_or(0)
    }

    fn size(&self, slot: usize) -> f64 {
        self.sizes[slot / LANES][slot % LANES]
    }

    /// The cluster whose merge with `row`'s costs least, and the cost: the squared height
    /// 2·nᵢnⱼ/(nᵢ+nⱼ)·‖cᵢ−cⱼ‖². Of equal ones `before`, then the lowest.
    fn nearest(&mut self, row: usize, before: Option<usize>) -> (usize, f64) {
        let slot = self.slots[row];
        self.centres.get(slot, &mut self.centre);
        let size = self.size(slot);
        let known = before.map_or(Known { cost: f64::MAX, rank: usize::MAX, slot }, |before| {
            let before = self.slots[before];
            let squared = tiles::squared(self.centres.tile(before / LANES), &self.centre)[before % LANES];
            Known { cost: cost_of(squared, size, self.size(before)), rank: 0, slot: before }
        });
        let found = widest(Search { clusters: self, slot, size, known });
        (self.rows[found.slot], found.cost)
    }

    /// Merges two clusters into the one of the higher row.
    fn merge(&mut self, a: usize, b: usize, height: f64) -> Link {
        let (a, b) = (a.min(b), a.max(b));
        let (low, high) = (self.slots[a], self.slots[b]);
        let (low_size, high_size) = (self.size(low), self.size(high));
        let total = low_size + high_size;
        let mut merged = vec![0.0; self.centre.len()];
        self.centres.get(high, &mut merged);
        self.centres.get(low, &mut self.centre);
        for (high, low) in merged.iter_mut().zip(&self.centre) {
            *high = (*low * low_size + *high * high_size) / total;
        }
        self.boxes.extend(high / LANES, &merged);
        self.centres.set(high, merged);
        self.sizes[high / LANES][high % LANES] = total;
        self.centres.set(low, std::iter::repeat_n(f64::INFINITY, self.centre.len()));
        self.slots[a] = GONE;
        self.alive -= 1;
        Link { a, b, height }
    }

    /// Orders anew what is left once a quarter is dead.
    fn close_up(&mut self) {
        if self.alive * 4 > self.rows.len() * 3 {
            return;
        }
        let rows: Vec<usize> = (0..self.slots.len()).filter(|&row| self.slots[row] != GONE).collect();
        let mut centres = Array2::zeros((rows.len(), self.centre.len()));
        for (mut to, &row) in centres.outer_iter_mut().zip(&rows) {
            self.centres.get(self.slots[row], &mut self.centre);
            to.iter_mut().zip(&self.centre).for_each(|(to, value)| *to = *value);
        }
        let sizes: Vec<f64> = rows.iter().map(|&row| self.size(self.slots[row])).collect();
        *self = Self::standing(centres.view(), &sizes, rows, self.slots.len());
    }
}

/// Monotone in both sizes and in the square, rounding included: sizes are whole numbers.
#[inline(always)]
fn cost_of(squared: f64, a: f64, b: f64) -> f64 {
    2.0 * a * b / (a + b) * squared
}

/// The best merge so far.
#[derive(Clone, Copy)]
struct Known {
    cost: f64,
    /// Of equal costs the lowest rank is taken.
    rank: usize,
    slot: usize,
}

struct Search<'a> {
    clusters: &'a Clusters,
    slot: usize,
    size: f64,
    known: Known,
}

impl Wide for Search<'_> {
    type Out = Known;

    /// Looks into the cluster's own tile first, then into those whose boxes are near enough.
    #[inline(always)]
    fn run(self) -> Known {
        let boxes = &self.clusters.boxes;
        let own = self.slot / LANES;
        let mut best = self.known;
        self.look_into(own, &mut best);
        for (group, least) in boxes.least.iter().enumerate() {
            let gaps = boxes.gaps(group, &self.clusters.centre);
            let mut bounds = [0.0; LANES];
            let mut near = 0u32;
            for lane in 0..LANES {
                bounds[lane] = cost_of(gaps[lane], self.size, least[lane]);
                near |= u32::from(bounds[lane] <= best.cost) << lane;
            }
            while near != 0 {
                let lane = near.trailing_zeros() as usize;
                near &= near - 1;
                if bounds[lane] <= best.cost && group * LANES + lane != own {
                    self.look_into(group * LANES + lane, &mut best);
                }
            }
        }
        best
    }
}

impl Search<'_> {
    #[inline(always)]
    fn look_into(&self, tile: usize, best: &mut Known) {
        let Clusters { centres, sizes, rows, centre, .. } = self.clusters;
        let squared = tiles::squared(centres.tile(tile), centre);
        for (lane, (&squared, &size)) in squared.iter().zip(&sizes[tile]).enumerate() {
            // A cost is at least the square: no division where that is too much.
            if squared > best.cost {
                continue;
            }
            let (slot, cost) = (tile * LANES + lane, cost_of(squared, self.size, size));
            if slot != self.slot && (cost < best.cost || (cost == best.cost && rows[slot] + 1 < best.rank)) {
                *best = Known { cost, rank: rows[slot] + 1, slot };
            }
        }
    }
}
