//! CLARA: PAM over samples, the medoids that cost all rows least.

use rand::Rng;
use rand::seq::index;

use super::pam::Medoids;
use super::start;
use super::table::Table;
use crate::kernel::fold;
use crate::kernel::measure::Formed;
use crate::kernel::simd::{LANES, Wide, widest};
use crate::kernel::tiles::Tiles;
use crate::task::{Cancelled, Task};

/// Rows of a sample.
pub const SAMPLE: usize = 4_096;
/// Samples.
const SAMPLES: usize = 5;
const CHUNK: usize = 64 * LANES;

/// The best medoids of several samples, as rows of `formed`; each sample holds the best ones before it.
///
/// # Errors
/// [`Cancelled`].
pub fn medoids(formed: &Formed, k: usize, starts: usize, task: &Task) -> Result<Medoids, Cancelled> {
    let tiles = formed.tiles();
    let mut rng = task.stream(&["clara".to_owned(), format!("k={k}")]);
    let mut best = Medoids { rows: Vec::new(), cost: f64::INFINITY, swaps: 0 };
    let samples = if starts == 1 { 1 } else { SAMPLES };
    for sample in 0..samples {
        let rows = sample_with(&best.rows, SAMPLE.max(2 * k), formed.values.nrows(), &mut rng);
        let part = Formed { values: formed.values.select(ndarray::Axis(0), &rows), form: formed.form.clone() };
        let table = Table::new(&part, task)?;
        let known: Vec<usize> = best.rows.iter().filter_map(|row| rows.binary_search(row).ok()).collect();
        // The first sample is searched well; the others begin where the best medoids are.
        let starts = if sample == 0 { starts } else { 1 };
        let found = start::best(&table, k, starts, &known, task)?;
        // The first samples lead to where the others begin.
        let swaps = found.swaps + if known.len() == k { best.swaps } else { 0 };
        let found: Vec<usize> = found.rows.into_iter().map(|place| rows[place]).collect();
        let cost = cost(formed, &tiles, &found, task)?;
        if cost < best.cost {
            best = Medoids { rows: found, cost, swaps };
        }
    }
    Ok(best)
}

/// About `size` of `n` rows without return, `known` among them, ascending.
fn sample_with(known: &[usize], size: usize, n: usize, rng: &mut impl Rng) -> Vec<usize> {
    let mut rows: Vec<usize> = index::sample(rng, n, size.min(n)).into_iter().collect();
    rows.truncate(size - known.len());
    rows.extend(known);
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// The sum of all rows' distances to the nearest medoid.
fn cost(formed: &Formed, tiles: &Tiles, medoids: &[usize], task: &Task) -> Result<f64, Cancelled> {
    let points: Vec<f64> = medoids.iter().flat_map(|&row| formed.row(row)).copied().collect();
    let parts = fold::chunks_of(CHUNK, tiles.len(), |range| {
        task.check()?;
        let (first, last) = (range.start / LANES, range.end.div_ceil(LANES));
        Ok(widest(Cost { formed, tiles, first, last, points: &points }))
    });
    parts.into_iter().sum()
}

struct Cost<'a> {
    formed: &'a Formed,
    tiles: &'a Tiles,
    first: usize,
    last: usize,
    points: &'a [f64],
}

impl Wide for Cost<'_> {
    type Out = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let mut sum = 0.0;
        for tile in self.first..self.last {
            let two = self.formed.form.nearest_two(self.tiles.tile(tile), self.points);
            two.first[..self.tiles.filled(tile)].iter().for_each(|distance| sum += distance);
        }
        sum
    }
}
