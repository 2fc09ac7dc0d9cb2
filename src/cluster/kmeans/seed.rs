//! Greedy k-means++ (Arthur and Vassilvitskii 2007; 2 + ⌊ln k⌋ trials a centre, as scikit-learn has it).

use std::ops::Range;

use rand::Rng;

use super::points::Points;
use crate::kernel::fold;
use crate::kernel::simd::{self, LANES, Lanes, OnVectors, Vector, WIDTH, with_vectors};
use crate::kernel::tiles;
use crate::task::{Cancelled, Task};

const CHUNK: usize = 256 * LANES;

/// k starting centres, (k·d).
///
/// # Errors
/// [`Cancelled`].
pub fn plus_plus(points: &Points, k: usize, rng: &mut impl Rng, task: &Task) -> Result<Vec<f64>, Cancelled> {
    let trials = 2 + (k as f64).ln() as usize;
    let mut centres = Vec::with_capacity(k * points.ncols());
    push(points, draw(&points.weights, points.weights.iter().sum(), rng), &mut centres);
    let mut nearest = vec![f64::INFINITY; points.len()];
    let (mut best, mut tried) = (nearest.clone(), nearest.clone());
    let mut total = closer(points, &nearest, &centres, &mut best);
    for _ in 1..k {
        std::mem::swap(&mut nearest, &mut best);
        let mut least = (f64::INFINITY, 0);
        for _ in 0..trials {
            task.check()?;
            let row = draw(&nearest, total, rng);
            let first = centres.len();
            push(points, row, &mut centres);
            let sum = closer(points, &nearest, &centres[first..], &mut tried);
            centres.truncate(first);
            if sum < least.0 {
                least = (sum, row);
                std::mem::swap(&mut best, &mut tried);
            }
        }
        total = least.0;
        push(points, least.1, &mut centres);
    }
    Ok(centres)
}

fn push(points: &Points, row: usize, centres: &mut Vec<f64>) {
    let first = centres.len();
    centres.resize(first + points.ncols(), 0.0);
    points.tiles.get(row, &mut centres[first..]);
}

/// A row drawn with probability proportional to `weights`, whose sum is `total`.
pub fn draw(weights: &[f64], total: f64, rng: &mut impl Rng) -> usize {
    let mut left = rng.r#gen::<f64>() * total;
    for (place, weights) in weights.chunks(LANES).enumerate() {
        // A chain of subtractions would wait for each of them.
        let after = left - <&Lanes>::try_from(weights).map_or_else(|_| weights.iter().sum(), simd::sum);
        if after >= 0.0 {
            left = after;
            continue;
        }
        for (lane, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return place * LANES + lane;
            }
        }
    }
    // Rounding, or all weights 0: the last row that can be drawn at all.
    weights.iter().rposition(|&weight| weight > 0.0).unwrap_or(0)
}

/// Puts the weighed squared distances to the nearer of `point` and what was `nearest` before into `closer`; returns
/// their sum.
fn closer(points: &Points, nearest: &[f64], point: &[f64], closer: &mut [f64]) -> f64 {
    let pass = |range: Range<usize>, closer: &mut [f64]| {
        with_vectors(Closer { points, first: range.start, point, nearest: &nearest[range], closer })
    };
    let n = closer.len();
    if n <= CHUNK { pass(0..n, closer) } else { fold::fill(CHUNK, closer, pass).iter().sum() }
}

struct Closer<'a> {
    points: &'a Points,
    /// The first of the points: of a tile, too.
    first: usize,
    point: &'a [f64],
    nearest: &'a [f64],
    closer: &'a mut [f64],
}

impl OnVectors for Closer<'_> {
    type Out = f64;

    #[inline(always)]
    fn run<V: Vector>(self) -> f64 {
        let Self { points, first, point, nearest, closer } = self;
        let (weights, odd_weights) = points.weights[first..first + closer.len()].as_chunks::<WIDTH>();
        let (nearest, odd_nearest) = nearest.as_chunks::<WIDTH>();
        let (closer, odd_closer) = closer.as_chunks_mut::<WIDTH>();
        let (mut sum, whole) = (V::all(0.0), closer.len());
        for (place, ((closer, nearest), weights)) in closer.iter_mut().zip(nearest).zip(weights).enumerate() {
            let least = (V::load(weights) * squared::<V>(points, first, place, point)).or_smaller(V::load(nearest));
            least.store(closer);
            sum = sum + least;
        }
        let (mut total, mut last) = (sum.total(), [0.0; WIDTH]);
        if !odd_closer.is_empty() {
            squared::<V>(points, first, whole, point).store(&mut last);
        }
        for (lane, closer) in odd_closer.iter_mut().enumerate() {
            *closer = odd_nearest[lane].min(odd_weights[lane] * last[lane]);
            total += *closer;
        }
        total
    }
}

/// The squared distances to `point` of a half tile's points, counted from the point `first`.
#[inline(always)]
fn squared<V: Vector>(points: &Points, first: usize, place: usize, point: &[f64]) -> V {
    tiles::squared_of(points.tiles.tile(first / LANES + place / 2), place % 2, point)
}
