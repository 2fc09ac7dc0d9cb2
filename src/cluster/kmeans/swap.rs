//! Random swap (Fränti 2018): move one centre to a random point, two Lloyd rounds, keep if better.
//!
//! The point is drawn; the centre that leaves for it is drawn, too, or the one whose loss is smallest, which
//! one pass over the points tells for all centres at once (as FastPAM does: Schubert and Rousseeuw 2019).

use rand::Rng;

use super::lloyd::{Rounds, Solution};
use super::points::Points;
use super::seed;
use crate::kernel::fold;
use crate::kernel::simd::{LANES, Wide, widest};
use crate::kernel::tiles;
use crate::task::{Cancelled, Task};

const CHUNK: usize = 256 * LANES;
/// Lloyd's rounds before a swap is judged.
const ROUNDS: usize = 2;
/// A swap that is worse by no more than this share gets more of them: most that pay in the end do so late.
const NEAR: f64 = 0.05;
const MORE_ROUNDS: usize = 8;
/// The share by which a swap must be better.
const GAIN: f64 = 1e-9;
/// Passes over the points that a try takes, about.
pub const PASSES: usize = 6;

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
    let mut rounds = Rounds::placed(points, &solution, task)?;
    let mut idle = 0;
    for _ in 0..budget.tries {
        if idle >= budget.patience {
            break;
        }
        idle += 1;
        let row = standing.draw(rng);
        let leaver = if rng.r#gen() { standing.cheapest(points, row) } else { rng.gen_range(0..standing.k) };
        let mut after = rounds.moved(leaver, row);
        let gain = |tried: &Solution| tried.inertia < solution.inertia * (1.0 - GAIN);
        let mut tried = after.run(ROUNDS, 0.0, task)?;
        if !gain(&tried) && tried.inertia < solution.inertia * (1.0 + NEAR) {
            tried = after.run(MORE_ROUNDS, 0.0, task)?;
        }
        if gain(&tried) {
            (solution, rounds) = (tried, after);
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
    /// The weighed squared distances to the nearest centres, and their sum.
    far: Vec<f64>,
    inertia: f64,
    k: usize,
}

impl Standing {
    fn new(points: &Points, centres: &[f64]) -> Self {
        let mut two = vec![Two::default(); points.len()];
        fold::fill(CHUNK, &mut two, |range, two| {
            widest(NearestTwo { points, first: range.start / LANES, centres, two });
        });
        let far: Vec<f64> = two.iter().zip(&points.weights).map(|(two, weight)| weight * two.first).collect();
        Self { points: two, inertia: far.iter().sum(), far, k: centres.len() / points.ncols() }
    }

    /// Half of the draws are uniform, half go where the distances are large.
    fn draw(&self, rng: &mut impl Rng) -> usize {
        if rng.r#gen() { rng.gen_range(0..self.far.len()) } else { seed::draw(&self.far, self.inertia, rng) }
    }

    /// The centre whose points lose least if it leaves for the point `row`.
    fn cheapest(&self, points: &Points, row: usize) -> usize {
        let mut point = vec![0.0; points.ncols()];
        points.tiles.get(row, &mut point);
        let parts = fold::chunks_of(CHUNK, points.len(), |range| {
            let mut losses = vec![0.0; self.k];
            let two = &self.points[range.clone()];
            widest(Losses { points, first: range.start / LANES, point: &point, two, losses: &mut losses });
            losses
        });
        let loss = |centre: &usize| parts.iter().map(|part| part[*centre]).sum::<f64>();
        (0..self.k).min_by(|a, b| loss(a).total_cmp(&loss(b))).unwrap_or(0)
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
        let weights = self.points.weights[self.first * LANES..].chunks(LANES);
        for ((tile, two), weights) in (self.first..).zip(self.two.chunks(LANES)).zip(weights) {
            let squared = tiles::squared(self.points.tiles.tile(tile), self.point);
            for ((two, squared), weight) in two.iter().zip(squared).zip(weights) {
                self.losses[two.label as usize] += weight * (two.second.min(squared) - two.first.min(squared));
            }
        }
    }
}
