//! Greedy starts (Arthur and Vassilvitskii 2007) and random swaps (Fränti 2018).

use rand::Rng;

use super::rounds::{Rows, Solution};
use crate::cluster::Ending;
use crate::kernel::fold;
use crate::kernel::measure::Formed;
use crate::kernel::simd::{LANES, Wide, widest};
use crate::matrix::Block;
use crate::task::{Cancelled, Task};

/// Up to so many cells searches are cheap: several are made.
const SMALL: usize = 10_000;
/// Cells times prototypes that all swaps together may look at.
const WORK: usize = 2_000_000_000;
/// Rounds before a swap is judged.
const ROUNDS: usize = 2;
/// The share by which a swap must be better, and within which costs are the same.
const SAME: f64 = 1e-9;
const CHUNK: usize = 128 * LANES;

/// How hard to search.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Searches from scratch, at most.
    searches: usize,
    /// Stop when the best solution was found this often.
    enough: usize,
    /// Swaps in all.
    tries: usize,
    /// Swaps without a gain after which to stop.
    patience: usize,
}

impl Effort {
    /// As hard as the size of the data allows.
    pub fn full(formed: &Formed, k: usize) -> Self {
        let cells = formed.values.len().max(1);
        let tries = WORK / (cells * k) / (ROUNDS + 1);
        match cells {
            _ if k == 1 => Self::quick(k),
            ..=SMALL => Self { searches: 10, enough: 4, tries, patience: 50 },
            _ => Self { searches: 1, enough: 1, tries, patience: (6 * k).clamp(20, 100) },
        }
    }

    /// The best of a few starts, without swaps.
    pub fn quick(k: usize) -> Self {
        Self { searches: if k == 1 { 1 } else { 3 }, enough: 3, tries: 0, patience: 0 }
    }
}

/// The best prototypes found, (k·width), and how the search for them ended.
///
/// # Errors
/// [`Cancelled`].
pub fn best(
    formed: &Formed,
    blocks: &[Block],
    k: usize,
    effort: Effort,
    name: &str,
    task: &Task,
) -> Result<(Vec<f64>, Ending), Cancelled> {
    let rows = Rows::new(formed, blocks);
    let mut rng = task.stream(&[name.to_owned(), format!("k={k}")]);
    task.begin("searches", effort.searches as u64);
    let mut best = search(&rows, k, effort, &mut rng, task)?;
    let mut found = 1;
    for _ in 1..effort.searches {
        task.advance(1);
        if found >= effort.enough {
            break;
        }
        let other = search(&rows, k, effort, &mut rng, task)?;
        if other.cost < best.cost * (1.0 - SAME) {
            (best, found) = (other, 1);
        } else if other.cost <= best.cost * (1.0 + SAME) {
            found += 1;
        }
    }
    Ok((best.prototypes, best.ending))
}

fn search(rows: &Rows, k: usize, effort: Effort, rng: &mut impl Rng, task: &Task) -> Result<Solution, Cancelled> {
    let mut found = rows.refine(greedy(rows, k, rng, task)?, None, task)?;
    let mut idle = 0;
    for _ in 0..effort.tries {
        if idle >= effort.patience {
            break;
        }
        idle += 1;
        let tried = rows.refine(swapped(rows, &found, k, rng), Some(ROUNDS), task)?;
        if tried.cost < found.cost * (1.0 - SAME) {
            let ending = tried.ending.after(found.ending.steps);
            found = Solution { ending, ..tried };
            idle = 0;
        }
    }
    let end = rows.refine(found.prototypes, None, task)?;
    Ok(Solution { ending: end.ending.after(found.ending.steps), ..end })
}

/// The prototypes with one of them, drawn, at a row: half of the rows are drawn alike, half where they lie far.
fn swapped(rows: &Rows, found: &Solution, k: usize, rng: &mut impl Rng) -> Vec<f64> {
    let row = if rng.r#gen() {
        rng.gen_range(0..rows.len())
    } else {
        let distances: Vec<f64> = found.placed.iter().map(|placed| placed.distance).collect();
        draw(&distances, rng)
    };
    let (leaver, width) = (rng.gen_range(0..k), rows.width());
    let mut prototypes = found.prototypes.clone();
    prototypes[leaver * width..(leaver + 1) * width].copy_from_slice(rows.formed.row(row));
    prototypes
}

/// Greedy k-means++: of 2 + ⌊ln k⌋ rows, drawn the likelier the farther they lie, the one that helps most.
fn greedy(rows: &Rows, k: usize, rng: &mut impl Rng, task: &Task) -> Result<Vec<f64>, Cancelled> {
    let trials = 2 + (k as f64).ln() as usize;
    let mut prototypes = rows.formed.row(rng.gen_range(0..rows.len())).to_vec();
    let (mut nearest, _) = closer(rows, &vec![f64::INFINITY; rows.len()], &prototypes, task)?;
    for _ in 1..k {
        let mut best: Option<(Vec<f64>, f64, usize)> = None;
        for _ in 0..trials {
            let row = draw(&nearest, rng);
            let (distances, cost) = closer(rows, &nearest, rows.formed.row(row), task)?;
            if best.as_ref().is_none_or(|best| cost < best.1) {
                best = Some((distances, cost, row));
            }
        }
        if let Some((distances, _, row)) = best {
            prototypes.extend(rows.formed.row(row));
            nearest = distances;
        }
    }
    Ok(prototypes)
}

/// The distances to the nearest prototype once there is one at `point`, and their sum.
fn closer(rows: &Rows, nearest: &[f64], point: &[f64], task: &Task) -> Result<(Vec<f64>, f64), Cancelled> {
    let mut distances = nearest.to_vec();
    let parts = fold::fill(CHUNK, &mut distances, |range, distances| {
        task.check()?;
        Ok(widest(Closer { rows, first: range.start / LANES, point, distances }))
    });
    let cost = parts.into_iter().sum::<Result<f64, Cancelled>>()?;
    Ok((distances, cost))
}

struct Closer<'a> {
    rows: &'a Rows<'a>,
    first: usize,
    point: &'a [f64],
    distances: &'a mut [f64],
}

impl Wide for Closer<'_> {
    type Out = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let mut sum = 0.0;
        for (number, distances) in self.distances.chunks_mut(LANES).enumerate() {
            let reached = self.rows.formed.form.distances(self.rows.tiles.tile(self.first + number), self.point);
            for (distance, reached) in distances.iter_mut().zip(reached) {
                *distance = distance.min(reached);
                sum += *distance;
            }
        }
        sum
    }
}

/// A row drawn in proportion to its weight; where all are 0, any.
fn draw(weights: &[f64], rng: &mut impl Rng) -> usize {
    let target = rng.r#gen::<f64>() * weights.iter().sum::<f64>();
    let mut sum = 0.0;
    let mut last = None;
    for (row, &weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        sum += weight;
        last = Some(row);
        if sum > target {
            break;
        }
    }
    last.unwrap_or_else(|| rng.gen_range(0..weights.len()))
}
