//! Expectation in one pass over the points.

use std::f64::consts::LN_2;
use std::ops::Range;

use super::density::{self, Components, triangle};
use super::narrow::{Densities, Narrow};
use crate::kernel::fold;
use crate::kernel::simd::{LANES, Lanes, Wide, plus, sum, times, widest, with_vectors};
use crate::kernel::tiles::Tiles;
use crate::task::{Cancelled, Task};

const CHUNK: usize = 64 * LANES;
/// Tiles that are summed together.
const BLOCK: usize = 8;

/// Sums over the points, weighed by the posteriors.
#[derive(Debug, Default)]
pub struct Sums {
    /// (k).
    pub weights: Vec<f64>,
    /// (k·d), of differences from the mean.
    pub first: Vec<f64>,
    /// (k·d(d+1)/2), of their products, the lower triangle row by row.
    pub second: Vec<f64>,
    /// Of the points' ln densities.
    pub log_likelihood: f64,
}

impl Sums {
    /// Nothing added yet of `k` components in `d` columns.
    pub fn clear(&mut self, k: usize, d: usize) {
        let clear = |sums: &mut Vec<f64>, length| {
            sums.clear();
            sums.resize(length, 0.0);
        };
        clear(&mut self.weights, k);
        clear(&mut self.first, k * d);
        clear(&mut self.second, k * triangle(d));
        self.log_likelihood = 0.0;
    }

    fn add(&mut self, other: &Self) {
        let add = |to: &mut [f64], from: &[f64]| to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
        add(&mut self.weights, &other.weights);
        add(&mut self.first, &other.first);
        add(&mut self.second, &other.second);
        self.log_likelihood += other.log_likelihood;
    }

    /// Adds one point of component `number`, by its difference from the mean.
    pub fn add_one(&mut self, number: usize, difference: &[f64]) {
        let d = difference.len();
        self.weights[number] += 1.0;
        let mut place = number * triangle(d);
        for a in 0..d {
            self.first[number * d + a] += difference[a];
            for b in 0..=a {
                self.second[place] += difference[a] * difference[b];
                place += 1;
            }
        }
    }
}

/// Expectation over all points, into `sums`.
///
/// # Errors
/// [`Cancelled`].
pub fn expect(
    tiles: &Tiles,
    components: &Components,
    sums: &mut Sums,
    room: &mut Room,
    task: &Task,
) -> Result<(), Cancelled> {
    let pass = |range: Range<usize>, sums: &mut Sums, room: &mut Room| -> Result<(), Cancelled> {
        task.check()?;
        let range = range.start / LANES..range.end.div_ceil(LANES);
        match tiles.ncols() {
            1 => with_vectors(Narrow::<1, 1> { tiles, components, range, sums, densities: &mut room.densities }),
            2 => with_vectors(Narrow::<2, 3> { tiles, components, range, sums, densities: &mut room.densities }),
            3 => with_vectors(Narrow::<3, 6> { tiles, components, range, sums, densities: &mut room.densities }),
            _ => widest(Broad { tiles, components, range, sums, room: &mut room.broad }),
        }
        Ok(())
    };
    sums.clear(components.len(), tiles.ncols());
    if tiles.len() <= CHUNK {
        return pass(0..tiles.len(), sums, room);
    }
    let parts = fold::chunks_of(CHUNK, tiles.len(), |range| {
        let (mut sums, mut room) = (Sums::default(), Room::default());
        sums.clear(components.len(), tiles.ncols());
        pass(range, &mut sums, &mut room).map(|()| sums)
    });
    parts.into_iter().try_for_each(|part| part.map(|part| sums.add(&part)))
}

/// Over tiles of many columns: block by block, as the sums do not fit into the registers.
struct Broad<'a> {
    tiles: &'a Tiles,
    components: &'a Components,
    /// The tiles.
    range: Range<usize>,
    sums: &'a mut Sums,
    room: &'a mut BroadRoom,
}

impl Wide for Broad<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let Self { tiles, components, range, sums, room: outer } = self;
        let d = tiles.ncols();
        // Taken out and put back: what is reached through a reference is not vectorised.
        let mut room = std::mem::take(outer);
        room.clear(components.len(), d);
        let mut log = Log::default();
        for first in range.clone().step_by(BLOCK) {
            let block = first..range.end.min(first + BLOCK);
            room.share(tiles, components, block.clone(), d, &mut log);
            for (number, mean) in components.means.chunks_exact(d).enumerate() {
                for (tile, differences) in block.clone().zip(room.differences.chunks_exact_mut(d)) {
                    density::centre(&tiles.tile(tile)[..d], mean, differences);
                }
                room.add(number, d, block.len());
            }
        }
        let all = |to: &mut [f64], from: &[Lanes]| to.iter_mut().zip(from).for_each(|(to, lanes)| *to = sum(lanes));
        all(&mut sums.weights, &room.weights);
        all(&mut sums.first, &room.first);
        all(&mut sums.second, &room.second);
        sums.log_likelihood = log.total();
        *outer = room;
    }
}

/// Logarithms summed as their numbers are multiplied, of `N` points at a time.
pub struct Log<const N: usize> {
    sums: [f64; N],
    product: [f64; N],
    doublings: [f64; N],
}

impl<const N: usize> Default for Log<N> {
    fn default() -> Self {
        Self { sums: [0.0; N], product: [1.0; N], doublings: [0.0; N] }
    }
}

impl<const N: usize> Log<N> {
    /// Adds logarithms, and the logarithms of numbers of at least 1.
    #[inline(always)]
    pub fn add(&mut self, logs: &[f64; N], numbers: &[f64; N]) {
        for lane in 0..N {
            self.sums[lane] += logs[lane];
            self.product[lane] *= numbers[lane];
        }
    }

    /// Takes the powers of two out of the product, before it can grow too large.
    #[inline(always)]
    pub fn scale(&mut self) {
        for lane in 0..N {
            let bits = self.product[lane].to_bits();
            self.doublings[lane] += ((bits >> 52) as i64 - 1023) as f64;
            self.product[lane] = f64::from_bits(bits & ((1 << 52) - 1) | (1023 << 52));
        }
    }

    /// All logarithms together.
    #[inline(always)]
    pub fn total(mut self) -> f64 {
        self.scale();
        // Each of them is below 2.
        let product = self.product.iter().product::<f64>();
        self.sums.iter().sum::<f64>() + self.doublings.iter().sum::<f64>() * LN_2 + product.ln()
    }
}

/// Room to work in.
#[derive(Debug, Default)]
pub struct Room {
    densities: Vec<Densities>,
    broad: BroadRoom,
}

/// Tiles that are summed together, so that a sum stays in its register over all of them, and one sum a lane.
#[derive(Debug, Default)]
struct BroadRoom {
    /// (k·[`BLOCK`]), each component's shares of the points.
    shares: Vec<Lanes>,
    /// ([`BLOCK`]·d), the points less one component's mean.
    differences: Vec<Lanes>,
    /// ([`BLOCK`]), one column of the differences, weighed.
    weighed: Vec<Lanes>,
    /// (k), of one tile.
    densities: Vec<Lanes>,
    /// (d).
    scratch: Vec<Lanes>,
    weights: Vec<Lanes>,
    first: Vec<Lanes>,
    second: Vec<Lanes>,
}

impl BroadRoom {
    /// Makes it as long as `k` components in `d` columns need, with nothing summed yet.
    fn clear(&mut self, k: usize, d: usize) {
        let fit = |lanes: &mut Vec<Lanes>, length| lanes.resize(length, [0.0; LANES]);
        fit(&mut self.shares, k * BLOCK);
        fit(&mut self.differences, BLOCK * d);
        fit(&mut self.weighed, BLOCK);
        fit(&mut self.densities, k);
        fit(&mut self.scratch, d);
        let sums = [(&mut self.weights, k), (&mut self.first, k * d), (&mut self.second, k * triangle(d))];
        for (lanes, length) in sums {
            lanes.clear();
            fit(lanes, length);
        }
    }

    /// Each component's shares of the points of some tiles; adds the points' ln densities to `log`.
    #[inline(always)]
    fn share(&mut self, tiles: &Tiles, components: &Components, block: Range<usize>, d: usize, log: &mut Log<LANES>) {
        let (mut largest, mut product) = ([0.0; LANES], [1.0; LANES]);
        for (place, tile) in block.enumerate() {
            let filled = tiles.filled(tile);
            components.log_densities(tiles.tile(tile), d, &mut self.scratch, &mut self.densities);
            let (most, sum) = density::posteriors(&mut self.densities);
            for lane in 0..LANES {
                largest[lane] += if lane < filled { most[lane] } else { 0.0 };
                product[lane] *= if lane < filled { sum[lane] } else { 1.0 };
            }
            for (shares, density) in self.shares.chunks_exact_mut(BLOCK).zip(&self.densities) {
                shares[place] = std::array::from_fn(|lane| if lane < filled { density[lane] } else { 0.0 });
            }
        }
        log.add(&largest, &product);
        log.scale();
    }

    /// Adds the differences of a block's first `count` tiles from the mean of component `number`, weighed by its share.
    #[inline(always)]
    fn add(&mut self, number: usize, d: usize, count: usize) {
        let shares = &self.shares[number * BLOCK..][..count];
        let (differences, weighed) = (&self.differences[..count * d], &mut self.weighed[..count]);
        self.weights[number] = shares.iter().fold(self.weights[number], |total, share| plus(&total, share));
        let mut second = self.second[number * triangle(d)..].iter_mut();
        for a in 0..d {
            let mut first = self.first[number * d + a];
            for ((weighed, share), point) in weighed.iter_mut().zip(shares).zip(differences.chunks_exact(d)) {
                *weighed = times(share, &point[a]);
                first = plus(&first, weighed);
            }
            self.first[number * d + a] = first;
            for (b, second) in (0..=a).zip(second.by_ref()) {
                let mut total = *second;
                for (weighed, point) in weighed.iter().zip(differences.chunks_exact(d)) {
                    total = plus(&total, &times(weighed, &point[b]));
                }
                *second = total;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::samples;
    use ndarray::{Array2, Array3};

    /// The pass over three whole tiles and some more, a block of the narrow one and some more.
    #[test]
    fn few_columns_give_the_same_sums_as_many() {
        let values = samples::blobs(300, 3, 3, 2.0).values;
        let means = Array2::from_shape_fn((4, 3), |(number, column)| values[[number * 70, column]]);
        let lower = |(number, row, column): (usize, usize, usize)| match row.cmp(&column) {
            std::cmp::Ordering::Less => 0.0,
            std::cmp::Ordering::Equal => 1.0 + number as f64 / 2.0,
            std::cmp::Ordering::Greater => 0.3,
        };
        let components =
            Components::new(&vec![0.1, 0.2, 0.3, 0.4].into(), &means, &Array3::from_shape_fn((4, 3, 3), lower));
        let tiles = Tiles::finite(values.view());
        let mut sums = [Sums::default(), Sums::default()];
        sums.iter_mut().for_each(|sums| sums.clear(4, 3));
        let [narrow, broad] = &mut sums;
        let range = 0..tiles.count();
        let (tiles, components, densities) = (&tiles, &components, &mut Vec::new());
        with_vectors(Narrow::<3, 6> { tiles, components, range: range.clone(), sums: narrow, densities });
        widest(Broad { tiles, components, range, sums: broad, room: &mut BroadRoom::default() });
        let all = |sums: &Sums| [&sums.weights[..], &sums.first, &sums.second, &[sums.log_likelihood]].concat();
        for (a, b) in all(narrow).into_iter().zip(all(broad)) {
            assert!((a - b).abs() <= 1e-11 * a.abs().max(1.0), "{a}, not {b}");
        }
        assert!((narrow.weights.iter().sum::<f64>() - 300.0).abs() < 1e-9);
    }
}
