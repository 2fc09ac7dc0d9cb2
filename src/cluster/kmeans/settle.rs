//! The last of Lloyd's rounds: where the centres hardly move, tiles whose points cannot have changed sides are passed over
//! (Hamerly 2010, a bound a tile).

use super::lloyd::{MAX_ROUNDS, NONE, Pass, lloyd, update};
use super::points::{CHUNK, Points};
use crate::cluster::Ending;
use crate::kernel::distance;
use crate::kernel::fold;
use crate::kernel::simd::{LANES, Lanes, Wide, widest};
use crate::kernel::tiles::{self, Nearest};
use crate::task::{Cancelled, Task};

/// More than rounding can take from a distance, as a share of it.
const ROUNDING: f64 = 1e-12;

/// The centres (k·d) at which [`lloyd`] ends, for ones that are near their end, and how they came there.
///
/// # Errors
/// [`Cancelled`].
pub fn settle(
    points: &Points,
    mut centres: Vec<f64>,
    tolerance: f64,
    task: &Task,
) -> Result<(Vec<f64>, Ending), Cancelled> {
    let d = points.ncols();
    let mut held = vec![Held { margin: 0.0, labels: [NONE; LANES] }; points.tiles.count()];
    let mut total = Pass::new(centres.len() / d, d);
    let mut farthest = 0.0;
    for round in 1..=MAX_ROUNDS {
        task.check()?;
        let changes = place(points, &centres, 2.0 * farthest, &mut held);
        if !changes.changed {
            return Ok((centres, Ending { steps: round, converged: true }));
        }
        total.add(&changes);
        if total.has_empty(points) {
            let found = lloyd(points, centres, tolerance, task)?;
            return Ok((found.centres, found.ending.after(round)));
        }
        let before = centres.clone();
        let moved = update(&mut centres, &total);
        let moves = before.chunks_exact(d).zip(centres.chunks_exact(d)).map(|(a, b)| distance::euclidean(a, b));
        farthest = moves.fold(0.0, f64::max) * (1.0 + ROUNDING);
        if moved <= tolerance {
            return Ok((centres, Ending { steps: round, converged: true }));
        }
    }
    Ok((centres, Ending { steps: MAX_ROUNDS, converged: false }))
}

/// What is known of a tile.
#[derive(Debug, Clone, Copy)]
struct Held {
    /// So much nearer than the second is the nearest centre to each of the points, at least.
    margin: f64,
    labels: Lanes,
}

/// The points that change sides, subtracted there and added here.
fn place(points: &Points, centres: &[f64], slack: f64, held: &mut [Held]) -> Pass {
    let d = points.ncols();
    let parts = fold::fill(CHUNK / LANES, held, |range, held| {
        let mut changes = Pass::new(centres.len() / d, d);
        widest(Place { points, first: range.start, centres, slack, held, changes: &mut changes });
        changes
    });
    let mut total = Pass::new(centres.len() / d, d);
    parts.iter().for_each(|part| total.add(part));
    total
}

struct Place<'a> {
    points: &'a Points,
    first: usize,
    centres: &'a [f64],
    /// What the margins may have lost since the last round.
    slack: f64,
    held: &'a mut [Held],
    changes: &'a mut Pass,
}

impl Wide for Place<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        for (tile, held) in (self.first..).zip(self.held.iter_mut()) {
            held.margin -= self.slack;
            if held.margin > 0.0 {
                continue;
            }
            let columns = self.points.tiles.tile(tile);
            let (nearest, second) = tiles::nearest_two(columns, self.centres);
            let filled = self.points.tiles.filled(tile);
            let weights = &self.points.weights[tile * LANES..tile * LANES + filled];
            self.changes.move_points(&nearest.index, &mut held.labels, columns, 0, weights);
            held.margin = margin(&nearest, &second, filled);
        }
    }
}

#[inline(always)]
fn margin(nearest: &Nearest, second: &Lanes, filled: usize) -> f64 {
    let mut margins = [f64::INFINITY; LANES];
    for lane in 0..LANES {
        margins[lane] = second[lane].sqrt() * (1.0 - ROUNDING) - nearest.squared[lane].sqrt() * (1.0 + ROUNDING);
    }
    margins[..filled].iter().copied().fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::lloyd::inertia;
    use super::*;
    use crate::cluster::samples;

    #[test]
    fn it_ends_where_the_plain_rounds_end() {
        for (spread, k) in [(1.0, 4), (6.0, 4), (6.0, 1), (6.0, 12)] {
            let matrix = samples::blobs(5000, 4, 3, spread);
            let points = Points::new(matrix.values.view(), None);
            let start = points.forth(&matrix.values)[..3 * k].to_vec();
            let plain = lloyd(&points, start.clone(), 0.0, &Task::default()).unwrap();
            let (settled, ending) = settle(&points, start, 0.0, &Task::default()).unwrap();
            assert!(ending.converged && ending.steps.abs_diff(plain.ending.steps) < 3, "{ending:?} {:?}", plain.ending);
            assert!((plain.inertia - inertia(&points, &settled)).abs() <= 1e-12 * plain.inertia, "{spread} {k}");
            let pairs = plain.centres.iter().zip(&settled);
            assert!(pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max) < 1e-9, "{spread} {k}");
        }
    }

    #[test]
    fn a_centre_that_no_point_is_nearest_to_gets_one() {
        let matrix = samples::blobs(100, 2, 2, 1.0);
        let points = Points::new(matrix.values.view(), None);
        let far = vec![0.0, 0.0, 1e6, 1e6, 1.0, 1.0];
        let (settled, _) = settle(&points, far, 0.0, &Task::default()).unwrap();
        assert!(settled.iter().all(|value| value.abs() < 1e3));
    }
}
