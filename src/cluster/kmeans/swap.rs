//! Random swap (Fränti 2018): move one centre to a random point, two Lloyd rounds, keep if better.
//!
//! The point is drawn; the centre that leaves for it is the one whose loss is smallest, which one pass
//! over the points tells for all centres at once (as FastPAM does: Schubert and Rousseeuw 2019).

use rand::Rng;

use super::lloyd::{Points, Solution, lloyd};
use super::seed;
use crate::kernel::fold;
use crate::kernel::simd::{LANES, Wide, widest};
use crate::kernel::tiles;
use crate::task::{Cancelled, Task};

const CHUNK: usize = 256 * LANES;
/// Lloyd's rounds before a swap is judged.
const ROUNDS: usize = 2;

/// How long to go on.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// Tries in all.
    pub tries: usize,
    /// Tries without a gain after which to stop.
    pub patience: usize,
}

/// Improves `solution` by swaps until they stop paying.
///
/// # Errors
/// [`Cancelled`].
pub fn improve(
    points: &Points,
    mut solution: Solution,
    budget: Budget,
    rng: &mut impl Rng,
    task: &Task,
) -> Result<Solution, Cancelled> {
    let mut standing = Standing::new(points, &solution.centres);
    let mut idle = 0;
    for _ in 0..budget.tries {
        if idle >= budget.patience {
            break;
        }
        idle += 1;
        let row = standing.draw(rng);
        let leaver = if rng.gen_range(0.0..1.0) < env("CHEAP", 0.5) { None } else { Some(rng.gen_range(0..standing.k)) };
        let centres = standing.swapped(points, &solution.centres, row, leaver);
        let mut tried = lloyd(points, centres, Some(ROUNDS), 0.0, task)?;
        if tried.inertia >= solution.inertia * (1.0 - 1e-9) && tried.inertia < solution.inertia * (1.0 + env("NEAR", 0.01)) {
            tried = lloyd(points, tried.centres, Some(env("MORE", 8.0) as usize), 0.0, task)?;
        }
        if tried.inertia < solution.inertia * (1.0 - 1e-9) {
            solution = tried;
            standing = Standing::new(points, &solution.centres);
            idle = 0;
        }
    }
    Ok(solution)
}

/// Each point's nearest centre and the squared distances to it and to the second nearest.
#[derive(Debug, Clone, Copy, Default)]
struct Two {
    first: f64,
    second: f64,
    label: u32,
}

struct Standing {
    points: Vec<Two>,
    k: usize,
}

impl Standing {
    fn new(points: &Points, centres: &[f64]) -> Self {
        let mut two = vec![Two::default(); points.len()];
        fold::fill(CHUNK, &mut two, |range, two| {
            widest(NearestTwo { points, first: range.start / LANES, centres, two });
        });
        Self { points: two, k: centres.len() / points.ncols() }
    }

    /// Half of the draws are uniform, half go where the distances are large.
    fn draw(&self, rng: &mut impl Rng) -> usize {
        if rng.r#gen() {
            return rng.gen_range(0..self.points.len());
        }
        let weights: Vec<f64> = self.points.iter().map(|two| two.first).collect();
        seed::draw(&weights, weights.iter().sum(), rng)
    }

    /// The centres after the cheapest of them has moved to the point `row`.
    fn swapped(&self, points: &Points, centres: &[f64], row: usize, leaver: Option<usize>) -> Vec<f64> {
        let d = points.ncols();
        let mut point = vec![0.0; d];
        points.tiles.get(row, &mut point);
        let parts = fold::chunks_of(CHUNK, points.len(), |range| {
            let mut losses = vec![0.0; self.k];
            let two = &self.points[range.clone()];
            widest(Losses { points, first: range.start / LANES, point: &point, two, losses: &mut losses });
            losses
        });
        let loss = |centre: &usize| parts.iter().map(|part| part[*centre]).sum::<f64>();
        let leaver = leaver.unwrap_or_else(|| (0..self.k).min_by(|a, b| loss(a).total_cmp(&loss(b))).unwrap_or(0));
        let mut centres = centres.to_vec();
        centres[leaver * d..(leaver + 1) * d].copy_from_slice(&point);
        centres
    }
}

struct NearestTwo<'a> {
    points: &'a Points,
    first: usize,
    centres: &'a [f64],
    two: &'a mut [Two],
}

impl Wide for NearestTwo<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        for (number, two) in self.two.chunks_mut(LANES).enumerate() {
            let tile = self.points.tiles.tile(self.first + number);
            let (nearest, second) = tiles::nearest_two(tile, self.centres);
            for (lane, two) in two.iter_mut().enumerate() {
                let label = nearest.index[lane] as u32;
                *two = Two { first: nearest.squared[lane], second: second[lane], label };
            }
        }
    }
}

/// For each centre how much its points lose without it, `point` being a centre.
struct Losses<'a> {
    points: &'a Points,
    first: usize,
    point: &'a [f64],
    two: &'a [Two],
    losses: &'a mut [f64],
}

impl Wide for Losses<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        for (number, two) in self.two.chunks(LANES).enumerate() {
            let squared = tiles::squared(self.points.tiles.tile(self.first + number), self.point);
            for (two, squared) in two.iter().zip(squared) {
                self.losses[two.label as usize] += two.second.min(squared) - two.first.min(squared);
            }
        }
    }
}

fn env(name: &str, default: f64) -> f64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}
