//! Centroid and median linkage: each cluster stands at a point, and the two nearest points are merged first.
//!
//! Neither is reducible, so a nearest-neighbour chain would not do: each cluster keeps its nearest one among those in
//! higher slots, and a lower bound once that one is gone (Müllner 2011, "generic" linkage). O(n·d) memory, O(n²·d) time
//! on most data. Merged points may be nearer to another one than their parts were: heights can fall (inversions).

use super::{Leaves, Link};
use crate::kernel::fold;
use crate::kernel::simd::{LANES, Lanes, Wide, widest};
use crate::kernel::tiles::{self, Tiles};
use crate::task::{Cancelled, Task};

/// Where a merged cluster stands, between its parts of these sizes: the share of the first.
pub type Balance = fn(f64, f64) -> f64;

/// Centroid linkage (UPGMC): at the mean of all rows.
pub fn centroid(a: f64, b: f64) -> f64 {
    a / (a + b)
}

/// Median linkage (WPGMC): half way between the parts.
pub fn median(_: f64, _: f64) -> f64 {
    0.5
}

/// The links of the tree, in the order of the merges.
pub fn links(leaves: &Leaves, balance: Balance, task: &Task) -> Result<Vec<Link>, Cancelled> {
    let mut clusters = Clusters::new(leaves, task)?;
    let mut links = Vec::with_capacity(clusters.alive.saturating_sub(1));
    while clusters.alive > 1 {
        task.check()?;
        let slot = widest(Least(&clusters.bounds));
        if clusters.is_fresh(slot) {
            links.push(clusters.merge(slot, balance));
            clusters.close_up();
            task.advance(1);
        } else {
            clusters.search(slot);
        }
    }
    Ok(links)
}

/// The clusters that are left, in slots; a dead slot lies at infinity.
struct Clusters {
    centres: Tiles,
    /// For each slot the squared distance to the nearest higher slot, or a lower bound of it.
    bounds: Vec<Lanes>,
    /// The slot that the bound was measured to, and how often that slot had been merged by then.
    nearest: Vec<(usize, u32)>,
    merged: Vec<u32>,
    sizes: Vec<f64>,
    /// A row of each cluster; `None` in a dead slot.
    rows: Vec<Option<usize>>,
    alive: usize,
    centre: Vec<f64>,
}

impl Clusters {
    fn new(leaves: &Leaves, task: &Task) -> Result<Self, Cancelled> {
        let centres = Tiles::new(leaves.matrix.values.view());
        let n = centres.len();
        let found = fold::chunks_of(64, n, |range| {
            task.check()?;
            let point = |slot: usize| leaves.matrix.row(slot);
            Ok(range.map(|slot| widest(Higher { centres: &centres, slot, point: point(slot) })).collect::<Vec<_>>())
        });
        let found: Vec<Vec<(usize, f64)>> = found.into_iter().collect::<Result<_, Cancelled>>()?;
        let mut bounds = vec![[f64::INFINITY; LANES]; centres.count()];
        let mut nearest = Vec::with_capacity(n);
        for (slot, (other, squared)) in found.into_iter().flatten().enumerate() {
            bounds[slot / LANES][slot % LANES] = squared;
            nearest.push((other, 0));
        }
        Ok(Self {
            bounds,
            nearest,
            merged: vec![0; n],
            sizes: leaves.sizes.clone(),
            rows: (0..n).map(Some).collect(),
            alive: n,
            centre: vec![0.0; centres.ncols()],
            centres,
        })
    }

    /// Whether a slot's nearest one is still what it was.
    fn is_fresh(&self, slot: usize) -> bool {
        let (other, merged) = self.nearest[slot];
        self.rows.get(other).is_some_and(Option::is_some) && self.merged[other] == merged
    }

    /// Finds the nearest higher slot anew.
    fn search(&mut self, slot: usize) {
        self.centres.get(slot, &mut self.centre);
        let (other, squared) = widest(Higher { centres: &self.centres, slot, point: &self.centre });
        self.bounds[slot / LANES][slot % LANES] = squared;
        self.nearest[slot] = (other, self.merged.get(other).copied().unwrap_or(0));
    }

    /// Merges a slot into its nearest one, which is higher.
    fn merge(&mut self, low: usize, balance: Balance) -> Link {
        let high = self.nearest[low].0;
        let height = self.bounds[low / LANES][low % LANES].sqrt();
        let share = balance(self.sizes[low], self.sizes[high]);
        let mut merged = vec![0.0; self.centre.len()];
        self.centres.get(high, &mut merged);
        self.centres.get(low, &mut self.centre);
        merged.iter_mut().zip(&self.centre).for_each(|(high, low)| *high = share * low + (1.0 - share) * *high);
        self.centres.set(high, merged.iter().copied());
        self.centres.set(low, std::iter::repeat_n(f64::INFINITY, merged.len()));
        self.bounds[low / LANES][low % LANES] = f64::INFINITY;
        self.sizes[high] += self.sizes[low];
        self.merged[high] += 1;
        self.alive -= 1;
        let link = Link { a: self.rows[low].take().unwrap_or(0), b: self.rows[high].unwrap_or(0), height };
        self.announce(high, &merged);
        self.search(high);
        link
    }

    /// Tells the lower slots of a new centre.
    fn announce(&mut self, slot: usize, point: &[f64]) {
        let merged = self.merged[slot];
        let (bounds, nearest) = (&mut self.bounds, &mut self.nearest);
        widest(Announce { centres: &self.centres, slot, point, merged, bounds, nearest });
    }

    /// Takes out the dead slots once they are a quarter of all; the order stays.
    fn close_up(&mut self) {
        if self.alive * 4 > self.rows.len() * 3 {
            return;
        }
        let slots: Vec<usize> = (0..self.rows.len()).filter(|&slot| self.rows[slot].is_some()).collect();
        let mut new_of = vec![usize::MAX; self.rows.len()];
        slots.iter().enumerate().for_each(|(new, &old)| new_of[old] = new);
        let mut centres = Tiles::empty(slots.len(), self.centre.len());
        let mut bounds = vec![[f64::INFINITY; LANES]; centres.count()];
        for (new, &old) in slots.iter().enumerate() {
            self.centres.get(old, &mut self.centre);
            centres.set(new, self.centre.iter().copied());
            bounds[new / LANES][new % LANES] = self.bounds[old / LANES][old % LANES];
        }
        let moved = |&(old, merged): &(usize, u32)| (new_of.get(old).copied().unwrap_or(usize::MAX), merged);
        self.nearest = slots.iter().map(|&slot| moved(&self.nearest[slot])).collect();
        self.merged = slots.iter().map(|&slot| self.merged[slot]).collect();
        self.sizes = slots.iter().map(|&slot| self.sizes[slot]).collect();
        self.rows = slots.iter().map(|&slot| self.rows[slot]).collect();
        (self.centres, self.bounds) = (centres, bounds);
    }
}

/// The slot with the least of the bounds, the lowest of equal ones.
struct Least<'a>(&'a [Lanes]);

impl Wide for Least<'_> {
    type Out = usize;

    #[inline(always)]
    fn run(self) -> usize {
        let mut best = First::default();
        self.0.iter().enumerate().for_each(|(number, bounds)| best.see(number, bounds));
        best.slot().0
    }
}

/// The nearest slot above `slot`, which stands at `point`, and the squared distance.
struct Higher<'a> {
    centres: &'a Tiles,
    slot: usize,
    point: &'a [f64],
}

impl Wide for Higher<'_> {
    type Out = (usize, f64);

    #[inline(always)]
    fn run(self) -> (usize, f64) {
        let mut best = First::default();
        let first = self.slot / LANES;
        for number in first..self.centres.count() {
            let mut squared = tiles::squared(self.centres.tile(number), self.point);
            if number == first {
                squared[..=self.slot % LANES].fill(f64::INFINITY);
            }
            best.see(number, &squared);
        }
        best.slot()
    }
}

/// The least value seen in each lane, and the first tile that had it.
struct First {
    least: Lanes,
    tile: Lanes,
}

impl Default for First {
    fn default() -> Self {
        Self { least: [f64::INFINITY; LANES], tile: [f64::INFINITY; LANES] }
    }
}

impl First {
    #[inline(always)]
    fn see(&mut self, number: usize, values: &Lanes) {
        let number = number as f64;
        for (lane, &value) in values.iter().enumerate() {
            let less = value < self.least[lane];
            self.least[lane] = if less { value } else { self.least[lane] };
            self.tile[lane] = if less { number } else { self.tile[lane] };
        }
    }

    /// The lowest slot of the least value; `usize::MAX` where none was finite.
    fn slot(&self) -> (usize, f64) {
        let of = |lane: usize| (self.least[lane], self.tile[lane] as usize * LANES + lane);
        let finite = (0..LANES).filter(|&lane| self.tile[lane].is_finite()).map(of);
        let (least, slot) = finite.fold((f64::INFINITY, usize::MAX), |a, b| if b < a { b } else { a });
        (slot, least)
    }
}

/// Lowers the bounds of the slots below `slot` that its new centre is nearer to.
struct Announce<'a> {
    centres: &'a Tiles,
    slot: usize,
    point: &'a [f64],
    merged: u32,
    bounds: &'a mut [Lanes],
    nearest: &'a mut [(usize, u32)],
}

impl Wide for Announce<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        for number in 0..=self.slot / LANES {
            let squared = tiles::squared(self.centres.tile(number), self.point);
            let bounds = &mut self.bounds[number];
            let mut nearer = 0;
            for lane in 0..LANES {
                nearer += usize::from(squared[lane] <= bounds[lane]);
            }
            if nearer == 0 {
                continue;
            }
            for lane in 0..LANES {
                let other = number * LANES + lane;
                if other < self.slot && squared[lane] <= bounds[lane] && squared[lane].is_finite() {
                    bounds[lane] = squared[lane];
                    self.nearest[other] = (self.slot, self.merged);
                }
            }
        }
    }
}
