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
    let first = draw(&points.weights, points.weights.iter().sum(), rng);
    push(points, first, &mut centres);
    let (mut nearest, mut total) = closer(points, &vec![f64::INFINITY; points.len()], &centres);
    for _ in 1..k {
        let mut best: Option<(Vec<f64>, f64, usize)> = None;
        for _ in 0..trials {
            task.check()?;
            let row = draw(&nearest, total, rng);
            let mut point = Vec::new();
            push(points, row, &mut point);
            let (squared, sum) = closer(points, &nearest, &point);
            if best.as_ref().is_none_or(|best| sum < best.1) {
                best = Some((squared, sum, row));
            }
        }
        if let Some((squared, sum, row)) = best {
            (nearest, total) = (squared, sum);
            push(points, row, &mut centres);
        }
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

/// The weighed squared distances to the nearer of `point` and what was `nearest` before, and their sum.
fn closer(points: &Points, nearest: &[f64], point: &[f64]) -> (Vec<f64>, f64) {
    let mut closer = nearest.to_vec();
    let sums = fold::fill(CHUNK, &mut closer, |range, part| {
        widest(Closer { points, first: range.start / LANES, point, nearest: part })
    });
    let total = sums.iter().sum();
    (closer, total)
}

struct Closer<'a> {
    points: &'a Points,
    first: usize,
    point: &'a [f64],
    nearest: &'a mut [f64],
}

impl Wide for Closer<'_> {
    type Out = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let mut sum = 0.0;
        let weights = self.points.weights[self.first * LANES..].chunks(LANES);
        for ((tile, nearest), weights) in (self.first..).zip(self.nearest.chunks_mut(LANES)).zip(weights) {
            let squared = tiles::squared(self.points.tiles.tile(tile), self.point);
            for ((nearest, squared), weight) in nearest.iter_mut().zip(squared).zip(weights) {
                *nearest = nearest.min(weight * squared);
                sum += *nearest;
            }
        }
        sum
    }
}
