//! Expectation over points of few columns: all sums of a component stay in their registers.

use std::ops::Range;

use super::density::{Components, triangle};
use super::expect::{Log, Sums};
use crate::kernel::exp::exp_of;
use crate::kernel::simd::{Half, LANES, OnVectors, Vector, WIDTH, half};
use crate::kernel::tiles::Tiles;

/// Tiles that are worked on together: each component goes over all of them.
const BLOCK: usize = 16;
const HALVES: usize = BLOCK * LANES / WIDTH;

/// Expectation over some tiles of `D` columns, with `T` = D(D+1)/2.
pub struct Narrow<'a, const D: usize, const T: usize> {
    pub tiles: &'a Tiles,
    pub components: &'a Components,
    /// The tiles.
    pub range: Range<usize>,
    pub sums: &'a mut Sums,
    /// Room for (k) times a block's densities.
    pub densities: &'a mut Vec<Densities>,
}

/// Room for a block's numbers of one component.
pub type Densities = [Half; HALVES];

impl<const D: usize, const T: usize> OnVectors for Narrow<'_, D, T> {
    type Out = ();

    #[inline(always)]
    fn run<V: Vector>(self) {
        let Self { tiles, components, range, sums, densities } = self;
        let mut log = Log::default();
        densities.resize(components.len(), [[0.0; WIDTH]; HALVES]);
        for first in range.clone().step_by(BLOCK) {
            let block = Block { tiles, components, first, count: (range.end - first).min(BLOCK) };
            for (number, densities) in densities.iter_mut().enumerate() {
                block.evaluate::<V, D, T>(number, densities);
            }
            let shares = block.exponentiate::<V>(densities, &mut log);
            log.scale();
            for (number, densities) in densities.iter().enumerate() {
                block.weigh::<V, D, T>(number, densities, &shares, sums);
            }
        }
        sums.log_likelihood = log.total();
    }
}

/// Tiles that are worked on together.
struct Block<'a> {
    tiles: &'a Tiles,
    components: &'a Components,
    first: usize,
    count: usize,
}

impl Block<'_> {
    /// Half a tile's points less a mean.
    #[inline(always)]
    fn centred<V: Vector, const D: usize>(&self, place: usize, mean: &[V; D]) -> [V; D] {
        let columns = &self.tiles.tile(self.first + place / 2)[..D];
        let mut point = *mean;
        for column in 0..D {
            point[column] = V::load(half(&columns[column], place % 2)) - mean[column];
        }
        point
    }

    /// ln(weight · density) of the points under one component.
    #[inline(always)]
    fn evaluate<V: Vector, const D: usize, const T: usize>(&self, number: usize, densities: &mut Densities) {
        let mean = own::<V, D>(&self.components.means, number);
        let whitener = own::<V, T>(&self.components.whiteners, number);
        let constant = V::all(self.components.constants[number]);
        for (place, to) in densities[..2 * self.count].iter_mut().enumerate() {
            let point = self.centred(place, &mean);
            let mut density = constant;
            for row in 0..D {
                let mut white = point[0] * whitener[triangle(row)];
                for column in 1..row + 1 {
                    white = white + point[column] * whitener[triangle(row) + column];
                }
                density = density - white * white;
            }
            density.store(to);
        }
    }

    /// Turns logarithms of densities into densities over the largest of their point; returns one over their sums, 0 for
    /// lanes that hold no point.
    #[inline(always)]
    fn exponentiate<V: Vector>(&self, densities: &mut [Densities], log: &mut Log<WIDTH>) -> Densities {
        let mut shares = [[0.0; WIDTH]; HALVES];
        for (place, share) in shares[..2 * self.count].iter_mut().enumerate() {
            let mut largest = V::all(f64::NEG_INFINITY);
            for densities in densities.iter() {
                largest = V::load(&densities[place]).or_larger(largest);
            }
            let mut total = V::all(0.0);
            for densities in densities.iter_mut() {
                let density = exp_of(V::load(&densities[place]) - largest);
                density.store(&mut densities[place]);
                total = total + density;
            }
            (V::all(1.0) / total).store(share);
            let (mut logs, mut totals) = ([0.0; WIDTH], [0.0; WIDTH]);
            largest.store(&mut logs);
            total.store(&mut totals);
            let filled = self.tiles.filled(self.first + place / 2).saturating_sub(place % 2 * WIDTH);
            for lane in filled..WIDTH {
                (share[lane], logs[lane], totals[lane]) = (0.0, 0.0, 1.0);
            }
            log.add(&logs, &totals);
        }
        shares
    }

    /// Adds the points to a component's sums, as differences from its mean, weighed by their shares.
    #[inline(always)]
    #[allow(clippy::needless_range_loop, reason = "a count that the compiler knows, it unrolls")]
    fn weigh<V: Vector, const D: usize, const T: usize>(
        &self,
        number: usize,
        densities: &Densities,
        shares: &Densities,
        sums: &mut Sums,
    ) {
        let mean = own::<V, D>(&self.components.means, number);
        let (mut weight, mut first, mut second) = (V::all(0.0), [V::all(0.0); D], [V::all(0.0); T]);
        for (place, (density, share)) in densities[..2 * self.count].iter().zip(shares).enumerate() {
            let point = self.centred(place, &mean);
            let share = V::load(density) * V::load(share);
            weight = weight + share;
            for row in 0..D {
                let weighed = share * point[row];
                first[row] = first[row] + weighed;
                for column in 0..row + 1 {
                    let place = triangle(row) + column;
                    second[place] = second[place] + weighed * point[column];
                }
            }
        }
        sums.weights[number] += weight.total();
        for (column, lanes) in first.into_iter().enumerate() {
            sums.first[number * D + column] += lanes.total();
        }
        for (place, lanes) in second.into_iter().enumerate() {
            sums.second[number * T + place] += lanes.total();
        }
    }
}

/// The numbers of one component.
#[inline(always)]
fn own<V: Vector, const L: usize>(values: &[f64], number: usize) -> [V; L] {
    let mut own = [V::all(0.0); L];
    for (own, &value) in own.iter_mut().zip(&values[number * L..]) {
        *own = V::all(value);
    }
    own
}
