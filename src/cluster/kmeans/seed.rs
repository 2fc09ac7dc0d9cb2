//! Greedy k-means++ (Arthur and Vassilvitskii 2007; 2 + ⌊ln k⌋ trials a centre, as scikit-learn has it).

use rand::Rng;

use super::lloyd::Points;
use crate::kernel::fold;
use crate::kernel::simd::{LANES, Wide, widest};
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
    for (row, weight) in weights.iter().enumerate() {
        left -= weight;
        if left < 0.0 {
            return row;
        }
    }
    // Rounding, or all weights 0: the last row that can be drawn at all.
    weights.iter().rposition(|&weight| weight > 0.0).unwrap_or(0)
}

/// Puts the weighed squared distances to the nearer of `point` and what was `nearest` before into `closer`; returns
/// their sum.
fn closer(points: &Points, nearest: &[f64], point: &[f64], closer: &mut [f64]) -> f64 {
    let sums = fold::fill(CHUNK, closer, |range, closer| {
        let first = range.start / LANES;
        widest(Closer { points, first, point, nearest: &nearest[range], closer })
    });
    sums.iter().sum()
}

struct Closer<'a> {
    points: &'a Points,
    first: usize,
    point: &'a [f64],
    nearest: &'a [f64],
    closer: &'a mut [f64],
}

impl Wide for Closer<'_> {
    type Out = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let mut sums = [0.0; LANES];
        let weights = self.points.weights[self.first * LANES..].chunks(LANES);
        let parts = self.closer.chunks_mut(LANES).zip(self.nearest.chunks(LANES)).zip(weights);
        for (tile, ((closer, nearest), weights)) in (self.first..).zip(parts) {
            let squared = tiles::squared(self.points.tiles.tile(tile), self.point);
            for lane in 0..closer.len() {
                closer[lane] = nearest[lane].min(weights[lane] * squared[lane]);
                sums[lane] += closer[lane];
            }
        }
        sums.iter().sum()
    }
}
