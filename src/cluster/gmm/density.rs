//! Gaussian components and the densities of points under them.

use std::f64::consts::{FRAC_1_SQRT_2, TAU};
use std::ops::Range;

use ndarray::{Array1, Array2, Array3, ArrayView2, Axis};

use crate::cluster::assign::lexicographic;
use crate::kernel::exp::exp;
use crate::kernel::fold;
use crate::kernel::simd::{LANES, Lanes, Wide, less, plus, times, widest};
use crate::kernel::tiles::Tiles;

const CHUNK: usize = 64 * LANES;

/// The length of the lower triangle of a (d, d) matrix.
#[inline(always)]
pub fn triangle(d: usize) -> usize {
    d * (d + 1) / 2
}

/// Components ready for evaluation.
#[derive(Debug, Clone, Default)]
pub struct Components {
    /// (k·d).
    pub means: Vec<f64>,
    /// (k·d(d+1)/2), the inverses of the lower Cholesky factors over √2, row by row: the squares of what they whiten
    /// sum to half the squared Mahalanobis distance.
    pub whiteners: Vec<f64>,
    /// (k), ln weight − ½ d ln 2π − Σ ln L_ii.
    pub constants: Vec<f64>,
    d: usize,
}

impl Components {
    /// From weights (k), means (k, d) and lower Cholesky factors of the covariances (k, d, d).
    pub fn new(weights: &Array1<f64>, means: &Array2<f64>, cholesky: &Array3<f64>) -> Self {
        let mut components = Self::default();
        let lower = |factor: ArrayView2<f64>| -> Vec<f64> {
            (0..factor.nrows())
                .flat_map(|row| factor.row(row).iter().take(row + 1).copied().collect::<Vec<_>>())
                .collect()
        };
        let factors: Vec<f64> = cholesky.outer_iter().flat_map(lower).collect();
        components.set(&weights.to_vec(), &means.iter().copied().collect::<Vec<_>>(), &factors);
        components
    }

    /// Becomes those of weights (k), means (k·d) and lower Cholesky factors (k·d(d+1)/2).
    pub fn set(&mut self, weights: &[f64], means: &[f64], factors: &[f64]) {
        self.d = means.len() / weights.len();
        self.means.clear();
        self.means.extend_from_slice(means);
        self.constants.clear();
        self.whiteners.resize(factors.len(), 0.0);
        // With few columns known to the compiler, the loops over them are no loops.
        match self.d {
            1 => self.invert(1, weights, factors),
            2 => self.invert(2, weights, factors),
            3 => self.invert(3, weights, factors),
            d => self.invert(d, weights, factors),
        }
    }

    #[inline(always)]
    fn invert(&mut self, d: usize, weights: &[f64], factors: &[f64]) {
        let factors = factors.chunks_exact(triangle(d)).zip(self.whiteners.chunks_exact_mut(triangle(d)));
        for ((factor, whitener), weight) in factors.zip(weights) {
            inverse(factor, whitener, d);
            let mut constant = weight.ln() - 0.5 * d as f64 * TAU.ln();
            (0..d).for_each(|column| constant -= factor[triangle(column + 1) - 1].ln());
            self.constants.push(constant);
            whitener.iter_mut().for_each(|value| *value *= FRAC_1_SQRT_2);
        }
    }

    /// The number of components.
    pub fn len(&self) -> usize {
        self.constants.len()
    }

    /// For each component ln(weight · density) of the points of a tile of `d` columns, into `densities` (k); `scratch`
    /// holds d. Where the compiler knows `d`, it unrolls the loops over the columns.
    #[inline(always)]
    pub fn log_densities(&self, tile: &[Lanes], d: usize, scratch: &mut [Lanes], densities: &mut [Lanes]) {
        let (means, whiteners) = (self.means.chunks_exact(d), self.whiteners.chunks_exact(d * (d + 1) / 2));
        let components = means.zip(whiteners).zip(&self.constants);
        for (density, ((mean, mut whitener), constant)) in densities.iter_mut().zip(components) {
            centre(&tile[..d], mean, &mut scratch[..d]);
            let mut squared = [0.0; LANES];
            for row in 1..=d {
                let (weights, rest) = whitener.split_at(row);
                whitener = rest;
                let mut white = [0.0; LANES];
                for (&weight, column) in weights.iter().zip(scratch.iter()) {
                    white = plus(&white, &times(column, &[weight; LANES]));
                }
                squared = plus(&squared, &times(&white, &white));
            }
            *density = squared.map(|squared| constant - squared);
        }
    }
}

/// A tile's points less a mean.
#[inline(always)]
pub fn centre(tile: &[Lanes], mean: &[f64], out: &mut [Lanes]) {
    for ((out, column), &mean) in out.iter_mut().zip(tile).zip(mean) {
        *out = less(column, mean);
    }
}

/// The components' shares of each lane's density instead of their logarithms. ln Σ exp is the first of the returned
/// (the largest logarithm) plus the logarithm of the second (1 to k).
#[inline(always)]
pub fn posteriors(densities: &mut [Lanes]) -> (Lanes, Lanes) {
    let mut largest = [f64::NEG_INFINITY; LANES];
    for density in densities.iter() {
        for lane in 0..LANES {
            largest[lane] = if density[lane] > largest[lane] { density[lane] } else { largest[lane] };
        }
    }
    let mut sum = [0.0; LANES];
    for density in densities.iter_mut() {
        *density = exp(&std::array::from_fn(|lane| density[lane] - largest[lane]));
        sum = plus(&sum, density);
    }
    let share = sum.map(|sum| 1.0 / sum);
    for density in densities.iter_mut() {
        *density = times(density, &share);
    }
    (largest, sum)
}

/// The inverse of a lower triangular factor.
#[inline(always)]
fn inverse(factor: &[f64], inverse: &mut [f64], d: usize) {
    for row in 0..d {
        let share = 1.0 / factor[triangle(row + 1) - 1];
        for column in 0..row {
            let known: f64 = (column..row).map(|i| factor[triangle(row) + i] * inverse[triangle(i) + column]).sum();
            inverse[triangle(row) + column] = -known * share;
        }
        inverse[triangle(row) + row] = share;
    }
}

/// Writes the lower Cholesky factor of a symmetric matrix (lower triangles, row by row); `false` where it is not positive
/// definite.
#[inline(always)]
pub fn cholesky(matrix: &[f64], factor: &mut [f64], d: usize) -> bool {
    for row in 0..d {
        for column in 0..=row {
            let (own, other) = (triangle(row), triangle(column));
            let known: f64 = (0..column).map(|i| factor[own + i] * factor[other + i]).sum();
            let left = matrix[own + column] - known;
            if row > column {
                factor[own + column] = left / factor[other + column];
            } else if left > 0.0 && left.is_finite() {
                factor[own + row] = left.sqrt();
            } else {
                return false;
            }
        }
    }
    true
}

/// The component with the largest posterior of each row, as a segment 1..=k, and the posterior. Of equal
/// ones the first in lexicographic order of the means.
pub fn assign(
    weights: &Array1<f64>,
    means: &Array2<f64>,
    cholesky: &Array3<f64>,
    rows: ArrayView2<f64>,
) -> Vec<(u32, f64)> {
    let mut placed = vec![(0, 0.0); rows.nrows()];
    let sorted = Sorted::new(weights, means, cholesky, rows);
    fold::fill(CHUNK, &mut placed, |range, placed| {
        widest(Place { sorted: &sorted, first: range.start / LANES, placed });
    });
    placed
}

/// The posterior of each component (k) for each of (m, d) `rows`: (m, k), each row summing to 1.
pub fn memberships(
    weights: &Array1<f64>,
    means: &Array2<f64>,
    cholesky: &Array3<f64>,
    rows: ArrayView2<f64>,
) -> Array2<f64> {
    let sorted = Sorted::new(weights, means, cholesky, rows);
    let parts = fold::chunks_of(CHUNK, rows.nrows(), |range| widest(Shares { sorted: &sorted, range }));
    let shares: Vec<f64> = parts.into_iter().flatten().collect();
    Array2::from_shape_fn((rows.nrows(), weights.len()), |(row, number)| shares[row * weights.len() + number])
}

/// Components in lexicographic order of their means, and rows to be placed in them.
struct Sorted {
    tiles: Tiles,
    components: Components,
    /// The number of each component.
    order: Vec<usize>,
}

impl Sorted {
    fn new(weights: &Array1<f64>, means: &Array2<f64>, cholesky: &Array3<f64>, rows: ArrayView2<f64>) -> Self {
        let order = lexicographic(means);
        let components = Components::new(
            &weights.select(Axis(0), &order),
            &means.select(Axis(0), &order),
            &cholesky.select(Axis(0), &order),
        );
        Self { tiles: Tiles::new(rows), components, order }
    }

    fn scratch(&self) -> (Vec<Lanes>, Vec<Lanes>) {
        (vec![[0.0; LANES]; self.components.d], vec![[0.0; LANES]; self.components.len()])
    }
}

struct Place<'a> {
    sorted: &'a Sorted,
    first: usize,
    placed: &'a mut [(u32, f64)],
}

impl Wide for Place<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let (mut scratch, mut densities) = self.sorted.scratch();
        for (number, placed) in self.placed.chunks_mut(LANES).enumerate() {
            let tile = self.sorted.tiles.tile(self.first + number);
            self.sorted.components.log_densities(tile, self.sorted.components.d, &mut scratch, &mut densities);
            let best: [usize; LANES] = std::array::from_fn(|lane| first_largest(&densities, lane));
            posteriors(&mut densities);
            for (lane, placed) in placed.iter_mut().enumerate() {
                *placed = (self.sorted.order[best[lane]] as u32 + 1, densities[best[lane]][lane]);
            }
        }
    }
}

#[inline(always)]
fn first_largest(densities: &[Lanes], lane: usize) -> usize {
    (0..densities.len()).fold(0, |best, next| if densities[next][lane] > densities[best][lane] { next } else { best })
}

struct Shares<'a> {
    sorted: &'a Sorted,
    range: Range<usize>,
}

impl Wide for Shares<'_> {
    type Out = Vec<f64>;

    /// Row by row, the components by their numbers.
    #[inline(always)]
    fn run(self) -> Vec<f64> {
        let (mut scratch, mut densities) = self.sorted.scratch();
        let k = densities.len();
        let mut shares = vec![0.0; self.range.len() * k];
        for (number, shares) in shares.chunks_mut(LANES * k).enumerate() {
            let tile = self.sorted.tiles.tile(self.range.start / LANES + number);
            self.sorted.components.log_densities(tile, self.sorted.components.d, &mut scratch, &mut densities);
            posteriors(&mut densities);
            for (lane, shares) in shares.chunks_exact_mut(k).enumerate() {
                for (&number, density) in self.sorted.order.iter().zip(&densities) {
                    shares[number] = density[lane];
                }
            }
        }
        shares
    }
}
