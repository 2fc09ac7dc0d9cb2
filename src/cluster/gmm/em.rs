//! Expectation and maximisation, in one pass over the points.

use std::cell::RefCell;
use std::ops::Range;

use ndarray::{Array1, Array2, Array3, ArrayView1, ArrayViewMut2, Axis};

use super::covariance::Covariance;
use super::density::{self, Components};
use crate::kernel::fold;
use crate::kernel::simd::{LANES, Lanes, Wide, plus, sum, times, widest};
use crate::kernel::tiles::Tiles;
use crate::matrix::Matrix;
use crate::task::{Cancelled, Task};

const CHUNK: usize = 64 * LANES;
/// Tiles that are summed together.
const BLOCK: usize = 8;
/// Added to the diagonal of every covariance.
const REGULARISATION: f64 = 1e-6;

/// A mixture, and how well it fits.
#[derive(Debug, Clone)]
pub struct Mixture {
    /// (k), summing to 1.
    pub weights: Array1<f64>,
    /// (k, d).
    pub means: Array2<f64>,
    /// (k, d, d), lower Cholesky factors of the covariances.
    pub cholesky: Array3<f64>,
    /// What the covariances may differ in.
    pub covariance: Covariance,
    /// Mean ln density of a row under the mixture before the last step.
    pub bound: f64,
    /// Whether the bound stopped rising.
    pub converged: bool,
}

impl Mixture {
    /// The mixture of the groups of rows around `centres`.
    pub fn around(matrix: &Matrix, centres: &Array2<f64>, labels: &[u32], covariance: Covariance) -> Self {
        let (k, d) = centres.dim();
        let mut sums = Sums::new(k, d);
        let mut difference = vec![0.0; d];
        for (row, &label) in labels.iter().enumerate() {
            let number = label as usize - 1;
            let pairs = matrix.row(row).iter().zip(centres.row(number));
            difference.iter_mut().zip(pairs).for_each(|(out, (value, mean))| *out = value - mean);
            sums.add_one(number, &difference);
        }
        Self::from_sums(&sums, centres, covariance)
    }

    /// Components of equal weight at `means`, each with the covariance of `whole`'s one component.
    pub fn spread(whole: &Self, means: Array2<f64>) -> Self {
        let (k, d) = means.dim();
        let one = whole.cholesky.index_axis(Axis(0), 0);
        let cholesky = Array3::from_shape_fn((k, d, d), |(_, row, column)| one[[row, column]]);
        Self { weights: Array1::from_elem(k, 1.0 / k as f64), means, cholesky, ..whole.clone() }
    }

    /// The same with component `number` moved to `mean`, with an even share of `whole`'s covariance.
    pub fn swapped(&self, whole: &Self, number: usize, mean: ArrayView1<f64>) -> Self {
        let mut swapped = Self { bound: f64::NEG_INFINITY, ..self.clone() };
        let k = self.weights.len() as f64;
        swapped.means.row_mut(number).assign(&mean);
        let one = &whole.cholesky.index_axis(Axis(0), 0) / k.sqrt();
        swapped.cholesky.index_axis_mut(Axis(0), number).assign(&one);
        swapped.weights[number] = 1.0 / k;
        swapped.weights /= swapped.weights.sum();
        swapped
    }

    /// The smallest ratio of a component's conditional variance to that of `whole`'s one component.
    pub fn narrowest(&self, whole: &Self) -> f64 {
        let one = whole.cholesky.index_axis(Axis(0), 0);
        let ratios = self.cholesky.outer_iter().flat_map(|factor| {
            let pairs: Vec<f64> = factor.diag().iter().zip(one.diag()).map(|(own, all)| (own / all).powi(2)).collect();
            pairs
        });
        ratios.fold(f64::INFINITY, f64::min)
    }

    /// Maximisation: sums of differences from `means` become weights, means and covariances.
    fn from_sums(sums: &Sums, means: &Array2<f64>, covariance: Covariance) -> Self {
        let (k, d) = means.dim();
        // As in scikit-learn: a component that has lost all its rows must not divide by 0.
        let weights: Array1<f64> = sums.weights.iter().map(|weight| weight + 10.0 * f64::EPSILON).collect();
        let moved = Array2::from_shape_fn((k, d), |(number, column)| sums.first[number * d + column] / weights[number]);
        let full = Array3::from_shape_fn((k, d, d), |(number, a, b)| {
            let (row, column) = (a.max(b), a.min(b));
            let place = (number * (d + 1) * d + row * (row + 1)) / 2 + column;
            sums.second[place] / weights[number] - moved[[number, row]] * moved[[number, column]]
        });
        let weights = &weights / weights.sum();
        let (mut covariances, mut cholesky) = (covariance.of(full, &weights), Array3::zeros((k, d, d)));
        for (covariance, factor) in covariances.outer_iter_mut().zip(cholesky.outer_iter_mut()) {
            factorise(covariance, factor);
        }
        Self { weights, means: means + &moved, cholesky, covariance, bound: f64::NEG_INFINITY, converged: false }
    }

    /// Runs steps until the bound rises by less than `tolerance`, or `steps` are done.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn climb(mut self, tiles: &Tiles, steps: usize, tolerance: f64, task: &Task) -> Result<Self, Cancelled> {
        self.converged = false;
        for _ in 0..steps {
            let components = Components::new(&self.weights, &self.means, &self.cholesky);
            let sums = expect(tiles, &components, task)?;
            let bound = sums.log_likelihood / tiles.len() as f64;
            let rise = bound - self.bound;
            self = Self { bound, ..self };
            if rise.abs() < tolerance {
                self.converged = true;
                break;
            }
            self = Self { bound, ..Self::from_sums(&sums, &self.means, self.covariance) };
        }
        Ok(self)
    }
}

/// Puts the Cholesky factor of a covariance, regularised, into `factor`, which holds zeros; where rounding made it
/// singular, that of the nearest multiple of ten of regularisation that is not.
fn factorise(mut covariance: ArrayViewMut2<f64>, mut factor: ArrayViewMut2<f64>) {
    let scale = covariance.diag().iter().fold(0.0f64, |most, value| most.max(value.abs()));
    let mut extra = REGULARISATION;
    loop {
        covariance.diag_mut().iter_mut().for_each(|value| *value += extra);
        if density::cholesky(covariance.view(), &mut factor) {
            return;
        }
        if extra > scale.max(1.0) || !scale.is_finite() {
            return factor.assign(&Array2::eye(factor.nrows()));
        }
        extra = (extra * 10.0).max(scale * 1e-12);
    }
}

/// Sums over the points, weighed by the posteriors.
struct Sums {
    /// (k).
    weights: Vec<f64>,
    /// (k·d), of differences from the mean.
    first: Vec<f64>,
    /// (k·d(d+1)/2), of their products, the lower triangle row by row.
    second: Vec<f64>,
    log_likelihood: f64,
}

impl Sums {
    fn new(k: usize, d: usize) -> Self {
        let zeros = |length| vec![0.0; length];
        Self { weights: zeros(k), first: zeros(k * d), second: zeros(k * d * (d + 1) / 2), log_likelihood: 0.0 }
    }

    fn add(&mut self, other: &Self) {
        let add = |to: &mut [f64], from: &[f64]| to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
        add(&mut self.weights, &other.weights);
        add(&mut self.first, &other.first);
        add(&mut self.second, &other.second);
        self.log_likelihood += other.log_likelihood;
    }

    fn add_one(&mut self, number: usize, difference: &[f64]) {
        let d = difference.len();
        self.weights[number] += 1.0;
        let mut place = number * d * (d + 1) / 2;
        for a in 0..d {
            self.first[number * d + a] += difference[a];
            for b in 0..=a {
                self.second[place] += difference[a] * difference[b];
                place += 1;
            }
        }
    }
}

/// Expectation over all points.
fn expect(tiles: &Tiles, components: &Components, task: &Task) -> Result<Sums, Cancelled> {
    let (k, d) = (components.len(), tiles.ncols());
    let parts = fold::chunks_of(CHUNK, tiles.len(), |range| {
        task.check()?;
        Ok(widest(Expect { tiles, components, first: range.start / LANES, last: range.end.div_ceil(LANES) }))
    });
    let mut total = Sums::new(k, d);
    for part in parts {
        total.add(&part?);
    }
    Ok(total)
}

struct Expect<'a> {
    tiles: &'a Tiles,
    components: &'a Components,
    first: usize,
    last: usize,
}

impl Wide for Expect<'_> {
    type Out = Sums;

    #[inline(always)]
    fn run(self) -> Sums {
        // With few columns known to the compiler, the loops over them are no loops.
        match self.tiles.ncols() {
            1 => self.sums(1),
            2 => self.sums(2),
            3 => self.sums(3),
            d => self.sums(d),
        }
    }
}

impl Expect<'_> {
    #[inline(always)]
    fn sums(&self, d: usize) -> Sums {
        let k = self.components.len();
        // Taken out and put back: what is reached through a reference is not vectorised.
        let (mut block, mut sums) = ROOM.take();
        block.fit(k, d);
        sums.clear(k, d);
        let mut log_likelihood = 0.0;
        for first in (self.first..self.last).step_by(BLOCK) {
            let tiles = first..self.last.min(first + BLOCK);
            log_likelihood += self.share(tiles.clone(), d, &mut block);
            for (number, mean) in self.components.means.chunks_exact(d).enumerate() {
                for (tile, differences) in tiles.clone().zip(block.differences.chunks_exact_mut(d)) {
                    density::centre(&self.tiles.tile(tile)[..d], mean, differences);
                }
                sums.add(number, d, &mut block, tiles.len());
            }
        }
        let total = sums.total(log_likelihood);
        ROOM.set((block, sums));
        total
    }

    /// Each component's shares of the points of some tiles; returns the points' ln densities, summed.
    #[inline(always)]
    fn share(&self, tiles: Range<usize>, d: usize, block: &mut Block) -> f64 {
        let (mut largest, mut product) = ([0.0; LANES], [1.0; LANES]);
        for (place, tile) in tiles.enumerate() {
            let filled = self.tiles.filled(tile);
            self.components.log_densities(self.tiles.tile(tile), d, &mut block.scratch, &mut block.densities);
            let (most, sum) = density::posteriors(&mut block.densities);
            for lane in 0..LANES {
                largest[lane] += if lane < filled { most[lane] } else { 0.0 };
                // Each is from 1 to k: so many of them are multiplied before a logarithm is taken.
                product[lane] *= if lane < filled { sum[lane] } else { 1.0 };
            }
            for (shares, density) in block.shares.chunks_exact_mut(BLOCK).zip(&block.densities) {
                shares[place] = std::array::from_fn(|lane| if lane < filled { density[lane] } else { 0.0 });
            }
        }
        sum(&largest) + sum(&product.map(f64::ln))
    }
}

thread_local! {
    /// Kept from step to step: of few points a step takes no longer than to allocate this.
    static ROOM: RefCell<(Block, LaneSums)> = RefCell::default();
}

/// Tiles that are summed together, so that a sum stays in its register over all of them, and room to work in.
#[derive(Default)]
struct Block {
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
}

impl Block {
    /// Makes it as long as `k` components in `d` columns need; what stands in it is written before it is read.
    fn fit(&mut self, k: usize, d: usize) {
        let fit = |lanes: &mut Vec<Lanes>, length| lanes.resize(length, [0.0; LANES]);
        fit(&mut self.shares, k * BLOCK);
        fit(&mut self.differences, BLOCK * d);
        fit(&mut self.weighed, BLOCK);
        fit(&mut self.densities, k);
        fit(&mut self.scratch, d);
    }
}

/// [`Sums`] with one sum a lane.
#[derive(Default)]
struct LaneSums {
    weights: Vec<Lanes>,
    first: Vec<Lanes>,
    second: Vec<Lanes>,
}

impl LaneSums {
    /// Nothing added yet of `k` components in `d` columns.
    fn clear(&mut self, k: usize, d: usize) {
        let clear = |lanes: &mut Vec<Lanes>, length| {
            lanes.clear();
            lanes.resize(length, [0.0; LANES]);
        };
        clear(&mut self.weights, k);
        clear(&mut self.first, k * d);
        clear(&mut self.second, k * d * (d + 1) / 2);
    }

    /// Adds the differences of a block's first `count` tiles from the mean of component `number`, weighed by its share.
    #[inline(always)]
    fn add(&mut self, number: usize, d: usize, block: &mut Block, count: usize) {
        let shares = &block.shares[number * BLOCK..][..count];
        let (differences, weighed) = (&block.differences[..count * d], &mut block.weighed[..count]);
        self.weights[number] = shares.iter().fold(self.weights[number], |total, share| plus(&total, share));
        let mut second = self.second[number * d * (d + 1) / 2..].iter_mut();
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

    /// The sums over all lanes.
    #[inline(always)]
    fn total(&self, log_likelihood: f64) -> Sums {
        let all = |lanes: &[Lanes]| lanes.iter().map(sum).collect();
        Sums { weights: all(&self.weights), first: all(&self.first), second: all(&self.second), log_likelihood }
    }
}
