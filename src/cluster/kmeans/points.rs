//! The points that k-means works on.

use std::ops::Range;

use ndarray::{Array2, ArrayView2, s};

use crate::kernel::fold;
use crate::kernel::simd::{LANES, Lanes};
use crate::kernel::tiles::Tiles;

/// Points a chunk: whole tiles, so that a pass over small data stays on one thread.
pub const CHUNK: usize = 256 * LANES;

/// The points as k-means sees them: centred, for precision, and in tiles. A point of weight 2 counts as two.
pub struct Points {
    /// The points less their mean.
    pub tiles: Tiles,
    /// (n), how much each point counts.
    pub weights: Vec<f64>,
    /// The least of the weights.
    pub lightest: f64,
    /// (d), the weighed mean.
    pub mean: Vec<f64>,
    /// The mean of the columns' weighed variances (ddof 0).
    pub variance: f64,
}

impl Points {
    /// Centres the rows of `values`, which all count once where no weights are given.
    pub fn new(values: ArrayView2<f64>, weights: Option<Vec<f64>>) -> Self {
        let (n, d) = values.dim();
        let weights = weights.unwrap_or_else(|| vec![1.0; n]);
        let total = fold::chunks_of(CHUNK, n, |range| weights[range].iter().sum::<f64>()).iter().sum::<f64>();
        let mean = mean(values, &weights, total);
        let tiles = Tiles::from_fn(n, d, |row, column| values[[row, column]] - mean[column]);
        let squares = |range: Range<usize>| -> f64 {
            let weights = weights[range.clone()].chunks(LANES);
            (range.start / LANES..).zip(weights).map(|(tile, weights)| squares(tiles.tile(tile), weights)).sum()
        };
        let variance = fold::chunks_of(CHUNK, n, squares).iter().sum::<f64>() / (total * d as f64);
        let lightest = weights.iter().copied().fold(f64::INFINITY, f64::min);
        Self { tiles, weights, lightest, mean, variance }
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

    /// Whether the weight of some points is only what rounding left: of none.
    pub fn is_empty_weight(&self, weight: f64) -> bool {
        weight < self.lightest / 2.0
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

/// The mean of the rows, whose weights sum to `total`.
fn mean(values: ArrayView2<f64>, weights: &[f64], total: f64) -> Vec<f64> {
    let parts = fold::chunks_of(CHUNK, values.nrows(), |range| {
        let mut sums = vec![0.0; values.ncols()];
        for (row, weight) in values.slice(s![range.clone(), ..]).outer_iter().zip(&weights[range]) {
            sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += weight * value);
        }
        sums
    });
    let column = |column: usize| parts.iter().map(|part| part[column]).sum::<f64>() / total;
    (0..values.ncols()).map(column).collect()
}

/// The weighed squares of a tile's points, over all columns.
fn squares(tile: &[Lanes], weights: &[f64]) -> f64 {
    tile.iter().flat_map(|column| column.iter().zip(weights)).map(|(value, weight)| weight * value * value).sum()
}
