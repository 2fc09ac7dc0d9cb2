//! Expectation and maximisation by turns.

use std::cell::RefCell;

use ndarray::{Array2, ArrayView1};

use super::covariance::Covariance;
use super::density::{self, Components};
use super::expect::{Room, Sums, expect};
use crate::kernel::tiles::Tiles;
use crate::matrix::Matrix;
use crate::task::{Cancelled, Task};

/// Added to the diagonal of every covariance.
const REGULARISATION: f64 = 1e-6;

/// A mixture, and how well it fits.
#[derive(Debug, Clone)]
pub struct Mixture {
    /// (k), summing to 1.
    pub weights: Vec<f64>,
    /// (k·d).
    pub means: Vec<f64>,
    /// (k·d(d+1)/2), the lower Cholesky factors of the covariances, row by row.
    pub factors: Vec<f64>,
    /// What the covariances may differ in.
    pub covariance: Covariance,
    /// Mean ln density of a row under the mixture before the last step.
    pub bound: f64,
    /// Whether the bound stopped rising.
    pub converged: bool,
    /// The steps on the way here.
    pub steps: usize,
}

thread_local! {
    /// Kept from climb to climb: of few points a step takes no longer than to allocate this.
    static ROOM: RefCell<(Components, Sums, Room)> = RefCell::default();
}

impl Mixture {
    /// The mixture of the groups of rows around `centres`.
    pub fn around(matrix: &Matrix, centres: &Array2<f64>, labels: &[u32], covariance: Covariance) -> Self {
        let (k, d) = centres.dim();
        let mut sums = Sums::default();
        sums.clear(k, d);
        let mut difference = vec![0.0; d];
        for (row, &label) in labels.iter().enumerate() {
            let number = label as usize - 1;
            let pairs = matrix.row(row).iter().zip(centres.row(number));
            difference.iter_mut().zip(pairs).for_each(|(out, (value, mean))| *out = value - mean);
            sums.add_one(number, &difference);
        }
        let mut mixture = Self {
            weights: vec![0.0; k],
            means: centres.iter().copied().collect(),
            factors: vec![0.0; k * density::triangle(d)],
            covariance,
            bound: f64::NEG_INFINITY,
            converged: false,
            steps: 0,
        };
        mixture.maximise(&mut sums);
        mixture
    }

    /// Components of equal weight at `means`, each with the covariance of `whole`'s one component.
    pub fn spread(whole: &Self, means: &Array2<f64>) -> Self {
        let k = means.nrows();
        let means = means.iter().copied().collect();
        Self { weights: vec![1.0 / k as f64; k], means, factors: whole.factors.repeat(k), ..whole.clone() }
    }

    /// The same with component `number` moved to `mean`, with an even share of `whole`'s covariance.
    pub fn swapped(&self, whole: &Self, number: usize, mean: ArrayView1<f64>) -> Self {
        let mut swapped = Self { bound: f64::NEG_INFINITY, ..self.clone() };
        let k = self.weights.len() as f64;
        swapped
            .means
            .chunks_exact_mut(mean.len())
            .skip(number)
            .take(1)
            .flatten()
            .zip(mean)
            .for_each(|(to, &at)| *to = at);
        let factor = swapped.factors.chunks_exact_mut(whole.factors.len()).skip(number).take(1).flatten();
        factor.zip(&whole.factors).for_each(|(own, all)| *own = all / k.sqrt());
        swapped.weights[number] = 1.0 / k;
        let total: f64 = swapped.weights.iter().sum();
        swapped.weights.iter_mut().for_each(|weight| *weight /= total);
        swapped
    }

    /// The number of columns.
    pub fn ncols(&self) -> usize {
        self.means.len() / self.weights.len()
    }

    /// The smallest ratio of a component's conditional variance to that of `whole`'s one component.
    pub fn narrowest(&self, whole: &Self) -> f64 {
        let diagonal = || (0..self.ncols()).map(|column| density::triangle(column + 1) - 1);
        let ratios = self
            .factors
            .chunks_exact(whole.factors.len())
            .flat_map(|factor| diagonal().map(|place| (factor[place] / whole.factors[place]).powi(2)));
        ratios.fold(f64::INFINITY, f64::min)
    }

    /// Maximisation: sums of differences from the means become weights, means and covariances.
    fn maximise(&mut self, sums: &mut Sums) {
        // With few columns known to the compiler, the loops over them are no loops.
        match self.ncols() {
            1 => self.maximise_in(1, sums),
            2 => self.maximise_in(2, sums),
            3 => self.maximise_in(3, sums),
            d => self.maximise_in(d, sums),
        }
    }

    #[inline(always)]
    fn maximise_in(&mut self, d: usize, sums: &mut Sums) {
        // As in scikit-learn: a component that has lost all its rows must not divide by 0.
        self.weights.iter_mut().zip(&sums.weights).for_each(|(to, weight)| *to = weight + 10.0 * f64::EPSILON);
        let parts = sums.first.chunks_exact_mut(d).zip(sums.second.chunks_exact_mut(density::triangle(d)));
        for (((moved, products), mean), weight) in parts.zip(self.means.chunks_exact_mut(d)).zip(&self.weights) {
            moved.iter_mut().for_each(|sum| *sum /= weight);
            let mut place = 0;
            for row in 0..d {
                for column in 0..=row {
                    products[place] = products[place] / weight - moved[row] * moved[column];
                    place += 1;
                }
            }
            mean.iter_mut().zip(&*moved).for_each(|(mean, moved)| *mean += moved);
        }
        let total: f64 = self.weights.iter().sum();
        self.weights.iter_mut().for_each(|weight| *weight /= total);
        self.covariance.shape(&mut sums.second, d, &self.weights);
        let covariances = sums.second.chunks_exact_mut(density::triangle(d));
        for (covariance, factor) in covariances.zip(self.factors.chunks_exact_mut(density::triangle(d))) {
            factorise(covariance, factor, d);
        }
    }

    /// Runs steps until the bound rises by less than `tolerance`, or `steps` are done.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn climb(mut self, tiles: &Tiles, steps: usize, tolerance: f64, task: &Task) -> Result<Self, Cancelled> {
        self.converged = false;
        let (mut components, mut sums, mut room) = ROOM.take();
        for _ in 0..steps {
            components.set(&self.weights, &self.means, &self.factors);
            expect(tiles, &components, &mut sums, &mut room, task)?;
            let bound = sums.log_likelihood / tiles.len() as f64;
            let rise = bound - self.bound;
            self.bound = bound;
            self.steps += 1;
            if rise.abs() < tolerance {
                self.converged = true;
                break;
            }
            self.maximise(&mut sums);
        }
        ROOM.set((components, sums, room));
        Ok(self)
    }
}

/// Puts the lower Cholesky factor of a covariance, regularised, into `factor`; where rounding made it singular, that of
/// the nearest multiple of ten of regularisation that is not.
#[inline(always)]
fn factorise(covariance: &mut [f64], factor: &mut [f64], d: usize) {
    let diagonal = |column: usize| density::triangle(column + 1) - 1;
    let scale = (0..d).fold(0.0f64, |most, column| most.max(covariance[diagonal(column)].abs()));
    let mut extra = REGULARISATION;
    loop {
        (0..d).for_each(|column| covariance[diagonal(column)] += extra);
        if density::cholesky(covariance, factor, d) {
            return;
        }
        if extra > scale.max(1.0) || !scale.is_finite() {
            factor.fill(0.0);
            return (0..d).for_each(|column| factor[diagonal(column)] = 1.0);
        }
        extra = (extra * 10.0).max(scale * 1e-12);
    }
}
