//! Ward's criterion by a nearest-neighbour chain over centroids: O(n·d) memory, about 3n searches.

use super::{Leaves, Link};
use crate::kernel::simd::{LANES, Lanes, Wide, widest};
use crate::kernel::tiles::{self, Tiles};
use crate::task::{Cancelled, Task};

/// More than rounding can take from a product.
const ROUNDING: f64 = 1e-12;

/// The links of Ward's tree, in the order in which the chain finds them.
pub fn links(leaves: &Leaves, task: &Task) -> Result<Vec<Link>, Cancelled> {
    let n = leaves.sizes.len();
    let mut links = Vec::with_capacity(n.saturating_sub(1));
    let mut clusters = Clusters::new(leaves);
    let mut chain: Vec<usize> = Vec::new();
    while links.len() + 1 < n {
        task.check()?;
        let Some(&top) = chain.last() else {
            // Only here, with no slot in the chain, may the slots be renumbered.
            clusters.close_up();
            chain.push(clusters.first());
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
        task.advance(1);
    }
    Ok(links)
}

/// The clusters that are left, in slots by rising index; a dead slot lies at infinity.
struct Clusters {
    centres: Tiles,
    /// In lanes, as the centres are.
    sizes: Vec<Lanes>,
    /// A row of each cluster; `None` in a dead slot.
    rows: Vec<Option<usize>>,
    alive: usize,
    centre: Vec<f64>,
}

impl Clusters {
    fn new(leaves: &Leaves) -> Self {
        let centres = Tiles::new(leaves.matrix.values.view());
        let mut sizes = vec![[1.0; LANES]; centres.count()];
        leaves.sizes.iter().enumerate().for_each(|(leaf, &size)| sizes[leaf / LANES][leaf % LANES] = size);
        let rows: Vec<Option<usize>> = (0..leaves.sizes.len()).map(Some).collect();
        Self { centre: vec![0.0; centres.ncols()], centres, sizes, alive: rows.len(), rows }
    }

    fn first(&self) -> usize {
        self.rows.iter().position(Option::is_some).unwrap_or(0)
    }

    fn size(&self, slot: usize) -> f64 {
        self.sizes[slot / LANES][slot % LANES]
    }

    /// The slot whose merge with `slot` costs least, and the cost: the squared height
    /// 2·nᵢnⱼ/(nᵢ+nⱼ)·‖cᵢ−cⱼ‖². Of equal ones `before`, then the lowest.
    fn nearest(&mut self, slot: usize, before: Option<usize>) -> (usize, f64) {
        self.centres.get(slot, &mut self.centre);
        let size = self.size(slot);
        let known = before.map_or((usize::MAX, f64::INFINITY), |before| {
            let squared = tiles::squared(self.centres.tile(before / LANES), &self.centre)[before % LANES];
            (before, cost_of(squared, size, self.size(before)))
        });
        widest(Search { clusters: self, slot, size, known })
    }

    /// Merges two clusters into the higher slot.
    fn merge(&mut self, a: usize, b: usize, height: f64) -> Link {
        let (low, high) = (a.min(b), a.max(b));
        let (low_size, high_size) = (self.size(low), self.size(high));
        let total = low_size + high_size;
        let mut merged = vec![0.0; self.centre.len()];
        self.centres.get(high, &mut merged);
        self.centres.get(low, &mut self.centre);
        for (high, low) in merged.iter_mut().zip(&self.centre) {
            *high = (*low * low_size + *high * high_size) / total;
        }
        self.centres.set(high, merged);
        self.sizes[high / LANES][high % LANES] = total;
        self.centres.set(low, std::iter::repeat_n(f64::INFINITY, self.centre.len()));
        self.sizes[low / LANES][low % LANES] = 1.0;
        self.alive -= 1;
        let (a, b) = (self.rows[low].take().unwrap_or(0), self.rows[high].unwrap_or(0));
        Link { a, b, height }
    }

    /// Takes out the dead slots once they are a quarter of all; the order stays.
    fn close_up(&mut self) {
        if self.alive * 4 > self.rows.len() * 3 {
            return;
        }
        let slots: Vec<usize> = (0..self.rows.len()).filter(|&slot| self.rows[slot].is_some()).collect();
        let mut centres = Tiles::empty(slots.len(), self.centre.len());
        let mut sizes = vec![[1.0; LANES]; centres.count()];
        for (new, &old) in slots.iter().enumerate() {
            self.centres.get(old, &mut self.centre);
            centres.set(new, self.centre.iter().copied());
            sizes[new / LANES][new % LANES] = self.size(old);
        }
        self.rows = slots.into_iter().map(|slot| self.rows[slot]).collect();
        (self.centres, self.sizes) = (centres, sizes);
    }
}

#[inline(always)]
fn cost_of(squared: f64, a: f64, b: f64) -> f64 {
    2.0 * a * b / (a + b) * squared
}

struct Search<'a> {
    clusters: &'a Clusters,
    slot: usize,
    size: f64,
    /// A slot and its cost: only less is worth finding.
    known: (usize, f64),
}

impl Wide for Search<'_> {
    type Out = (usize, f64);

    /// The lowest slot of the least cost. The other cluster has at least one row, so that a cost is at least 2n/(n+1)
    /// times the squared distance: tiles that are too far are seen by half of their columns, and cost no divisions.
    #[inline(always)]
    fn run(self) -> (usize, f64) {
        let clusters = self.clusters;
        let least = 2.0 * self.size / (self.size + 1.0) * (1.0 - ROUNDING);
        let (first, rest) = clusters.centre.split_at(clusters.centre.len() / 2);
        let mut best = self.known;
        for (number, sizes) in clusters.sizes.iter().enumerate() {
            let tile = clusters.centres.tile(number);
            let mut squared = [0.0; LANES];
            add_squares(&mut squared, &tile[..first.len()], first);
            if is_beyond(&squared, least, best.1) {
                continue;
            }
            add_squares(&mut squared, &tile[first.len()..], rest);
            if is_beyond(&squared, least, best.1) {
                continue;
            }
            for lane in 0..LANES {
                let cost = cost_of(squared[lane], self.size, sizes[lane]);
                let slot = number * LANES + lane;
                if cost < best.1 && slot != self.slot {
                    best = (slot, cost);
                }
            }
        }
        best
    }
}

#[inline(always)]
fn add_squares(sums: &mut Lanes, columns: &[Lanes], point: &[f64]) {
    for (column, &value) in columns.iter().zip(point) {
        for lane in 0..LANES {
            let difference = column[lane] - value;
            sums[lane] += difference * difference;
        }
    }
}

/// Whether all costs are at least `limit`, going by the squares alone.
#[inline(always)]
fn is_beyond(squared: &Lanes, least: f64, limit: f64) -> bool {
    let mut near = 0;
    for value in squared {
        near += u64::from(value * least < limit);
    }
    near == 0
}
