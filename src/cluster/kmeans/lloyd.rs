//! Lloyd's rounds over centred points in tiles.

use std::ops::Range;

use ndarray::{Array1, Array2, ArrayView2, Axis, s};

use crate::kernel::fold;
use crate::kernel::simd::{LANES, Wide, widest};
use crate::kernel::tiles::{self, Tiles};
use crate::task::{Cancelled, Task};

/// Points a chunk: whole tiles, so that a pass over small data stays on one thread.
const CHUNK: usize = 256 * LANES;
/// A stop where not even the labels settle.
const MAX_ROUNDS: usize = 300;

/// The points as k-means sees them: centred, for precision, and in tiles.
pub struct Points {
    /// The points less their mean.
    pub tiles: Tiles,
    /// (d), the mean.
    pub mean: Vec<f64>,
    /// The mean of the columns' variances (ddof 0).
    pub variance: f64,
}

impl Points {
    /// Centres the rows of `values`.
    pub fn new(values: ArrayView2<f64>) -> Self {
        let (n, d) = values.dim();
        let mean = mean(values);
        let tiles = Tiles::from_fn(n, d, |row, column| values[[row, column]] - mean[column]);
        let squares = |range: Range<usize>| -> f64 {
            let tiles =
                (range.start / LANES..range.end.div_ceil(LANES)).map(|tile| (tiles.tile(tile), tiles.filled(tile)));
            tiles.flat_map(|(tile, filled)| tile.iter().flat_map(move |column| &column[..filled])).map(|x| x * x).sum()
        };
        let variance = fold::chunks_of(CHUNK, n, squares).iter().sum::<f64>() / (n * d) as f64;
        Self { tiles, mean, variance }
    }

    /// Centred centres (k·d) in the space of the data: (k, d).
    pub fn back(&self, centres: &[f64]) -> Array2<f64> {
        let d = self.ncols();
        Array2::from_shape_fn((centres.len() / d, d), |(row, column)| centres[row * d + column] + self.mean[column])
    }

    /// Centres (k, d) of the data's space, centred (k·d).
    pub fn forth(&self, centres: &Array2<f64>) -> Vec<f64> {
        centres
            .outer_iter()
            .flat_map(|centre| centre.iter().zip(&self.mean).map(|(a, b)| a - b).collect::<Vec<_>>())
            .collect()
    }

    /// The number of points.
    pub fn len(&self) -> usize {
        self.tiles.len()
    }

    /// The number of columns.
    pub fn ncols(&self) -> usize {
        self.tiles.ncols()
    }
}

/// The mean of the rows.
fn mean(values: ArrayView2<f64>) -> Vec<f64> {
    let parts = fold::chunks_of(CHUNK, values.nrows(), |range| values.slice(s![range, ..]).sum_axis(Axis(0)));
    let sum = parts.into_iter().fold(Array1::zeros(values.ncols()), |sum, part| sum + part);
    (sum / values.nrows() as f64).to_vec()
}

/// Centres, and how near the points are to them.
#[derive(Debug, Clone)]
pub struct Solution {
    /// (k·d), row-major, centred as the points are.
    pub centres: Vec<f64>,
    /// The sum of squared distances to the nearest centres.
    pub inertia: f64,
}

/// What one pass over the points finds.
#[derive(Debug, Default)]
struct Pass {
    /// (k·d), the sum of each centre's points.
    sums: Vec<f64>,
    /// (k), how many they are.
    counts: Vec<f64>,
    inertia: f64,
    changed: bool,
}

impl Pass {
    fn new(k: usize, d: usize) -> Self {
        Self { sums: vec![0.0; k * d], counts: vec![0.0; k], inertia: 0.0, changed: false }
    }

    fn add(&mut self, other: &Self) {
        self.sums.iter_mut().zip(&other.sums).for_each(|(sum, part)| *sum += part);
        self.counts.iter_mut().zip(&other.counts).for_each(|(count, part)| *count += part);
        self.inertia += other.inertia;
        self.changed |= other.changed;
    }
}

/// Places the tiles of one chunk and sums them by centre.
struct Place<'a> {
    points: &'a Points,
    first: usize,
    centres: &'a [f64],
    labels: &'a mut [u32],
    pass: &'a mut Pass,
}

impl Wide for Place<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let d = self.points.ncols();
        for (number, labels) in self.labels.chunks_mut(LANES).enumerate() {
            let tile = self.points.tiles.tile(self.first + number);
            let nearest = tiles::nearest(tile, self.centres);
            for (lane, label) in labels.iter_mut().enumerate() {
                let centre = nearest.index[lane] as usize;
                self.pass.changed |= *label != centre as u32;
                *label = centre as u32;
                self.pass.inertia += nearest.squared[lane];
                self.pass.counts[centre] += 1.0;
                let sums = &mut self.pass.sums[centre * d..(centre + 1) * d];
                sums.iter_mut().zip(tile).for_each(|(sum, column)| *sum += column[lane]);
            }
        }
    }
}

fn place(points: &Points, centres: &[f64], labels: &mut [u32]) -> Pass {
    let d = points.ncols();
    let parts = fold::fill(CHUNK, labels, |range, labels| {
        let mut pass = Pass::new(centres.len() / d, d);
        widest(Place { points, first: range.start / LANES, centres, labels, pass: &mut pass });
        pass
    });
    let mut total = Pass::new(centres.len() / d, d);
    parts.iter().for_each(|part| total.add(part));
    total
}

/// Runs Lloyd's rounds from `centres` until the labels repeat, the centres move by no more than
/// `tolerance` (sum of squares) or `rounds` are done; the labels are those of the last centres.
///
/// # Errors
/// [`Cancelled`].
pub fn lloyd(
    points: &Points,
    mut centres: Vec<f64>,
    rounds: Option<usize>,
    tolerance: f64,
    task: &Task,
) -> Result<Solution, Cancelled> {
    let mut labels = vec![u32::MAX; points.len()];
    for _ in 0..rounds.unwrap_or(MAX_ROUNDS) {
        task.check()?;
        let mut pass = place(points, &centres, &mut labels);
        if !pass.changed {
            return Ok(Solution { centres, inertia: pass.inertia });
        }
        if pass.counts.contains(&0.0) {
            fill_empty(points, &centres, &labels, &mut pass);
        }
        if update(&mut centres, &pass) <= tolerance {
            break;
        }
    }
    let inertia = inertia(points, &centres);
    Ok(Solution { centres, inertia })
}

/// The sum of the squared distances to the nearest centres.
fn inertia(points: &Points, centres: &[f64]) -> f64 {
    let sum = |range: Range<usize>| {
        let (first, last) = (range.start / LANES, range.end.div_ceil(LANES));
        widest(Inertia { tiles: &points.tiles, first, last, centres })
    };
    fold::chunks_of(CHUNK, points.len(), sum).iter().sum()
}

struct Inertia<'a> {
    tiles: &'a Tiles,
    first: usize,
    last: usize,
    centres: &'a [f64],
}

impl Wide for Inertia<'_> {
    type Out = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let mut sum = 0.0;
        for tile in self.first..self.last {
            let nearest = tiles::nearest(self.tiles.tile(tile), self.centres);
            nearest.squared[..self.tiles.filled(tile)].iter().for_each(|squared| sum += squared);
        }
        sum
    }
}

/// Moves the centres to the means of their points; returns the sum of the squared moves.
fn update(centres: &mut [f64], pass: &Pass) -> f64 {
    let d = centres.len() / pass.counts.len();
    let mut moved = 0.0;
    for (number, (centre, sum)) in centres.iter_mut().zip(&pass.sums).enumerate() {
        let mean = sum / pass.counts[number / d];
        moved += (mean - *centre) * (mean - *centre);
        *centre = mean;
    }
    moved
}

/// Gives each empty centre the point that lies farthest from its own, as scikit-learn does.
fn fill_empty(points: &Points, centres: &[f64], labels: &[u32], pass: &mut Pass) {
    let d = points.ncols();
    let mut point = vec![0.0; d];
    let mut far: Vec<(f64, usize)> = (0..points.len())
        .map(|row| {
            points.tiles.get(row, &mut point);
            let centre = labels[row] as usize * d;
            (crate::kernel::distance::squared(&point, &centres[centre..centre + d]), row)
        })
        .collect();
    far.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut far = far.into_iter().map(|(_, row)| row);
    for empty in 0..pass.counts.len() {
        if pass.counts[empty] > 0.0 {
            continue;
        }
        let Some(row) = far.find(|&row| pass.counts[labels[row] as usize] > 1.0) else { return };
        points.tiles.get(row, &mut point);
        let from = labels[row] as usize;
        pass.counts[from] -= 1.0;
        pass.counts[empty] = 1.0;
        pass.sums[from * d..(from + 1) * d].iter_mut().zip(&point).for_each(|(sum, value)| *sum -= value);
        pass.sums[empty * d..(empty + 1) * d].copy_from_slice(&point);
    }
}
