//! Points stood in lanes: tiles of [`LANES`] points, column by column, for kernels that work on a whole
//! tile at a time.

use ndarray::ArrayView2;

use super::fold;
use super::simd::{self, LANES, Lanes, Vector};

/// Tiles that are filled together.
const CHUNK: usize = 256;

/// Points in tiles. What is left of the last tile lies at infinity and is never nearest to anything.
#[derive(Debug, Clone, Default)]
pub struct Tiles {
    n: usize,
    d: usize,
    lanes: Vec<Lanes>,
}

impl Tiles {
    /// The rows of (n, d) `values`, in order.
    pub fn new(values: ArrayView2<f64>) -> Self {
        Self::from_fn(values.nrows(), values.ncols(), |row, column| values[[row, column]])
    }

    /// `n` points of `d` columns from (row, column).
    pub fn from_fn(n: usize, d: usize, value: impl Fn(usize, usize) -> f64 + Sync) -> Self {
        let mut lanes = vec![[0.0; LANES]; n.div_ceil(LANES) * d];
        fold::fill(CHUNK * d, &mut lanes, |range, lanes| {
            for (tile, lanes) in (range.start / d..).zip(lanes.chunks_exact_mut(d)) {
                for lane in 0..LANES {
                    let row = tile * LANES + lane;
                    let value = |column| if row < n { value(row, column) } else { f64::INFINITY };
                    lanes.iter_mut().enumerate().for_each(|(column, lanes)| lanes[lane] = value(column));
                }
            }
        });
        Self { n, d, lanes }
    }

    /// The rows of (n, d) `values`, in order, with the first one again in what is left of the last tile: for sums that no
    /// share of it enters, but where infinity times nothing would be no number.
    pub fn finite(values: ArrayView2<f64>) -> Self {
        let mut tiles = Self::new(values);
        let (n, d) = values.dim();
        for row in n..tiles.count() * LANES {
            tiles.set(row, (0..d).map(|column| values[[0, column]]));
        }
        tiles
    }

    /// Room for `n` points of `d` columns, all at infinity.
    pub fn empty(n: usize, d: usize) -> Self {
        Self { n, d, lanes: vec![[f64::INFINITY; LANES]; n.div_ceil(LANES) * d] }
    }

    /// Puts a point into its place.
    pub fn set(&mut self, index: usize, point: impl IntoIterator<Item = f64>) {
        let first = index / LANES * self.d;
        for (column, value) in self.lanes[first..first + self.d].iter_mut().zip(point) {
            column[index % LANES] = value;
        }
    }

    /// Copies a point out.
    pub fn get(&self, index: usize, point: &mut [f64]) {
        for (value, column) in point.iter_mut().zip(self.tile(index / LANES)) {
            *value = column[index % LANES];
        }
    }

    /// The number of points.
    pub fn len(&self) -> usize {
        self.n
    }

    /// Whether there are no points.
    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// The number of columns.
    pub fn ncols(&self) -> usize {
        self.d
    }

    /// The number of tiles.
    pub fn count(&self) -> usize {
        self.n.div_ceil(LANES)
    }

    /// A tile: one [`Lanes`] a column.
    #[inline(always)]
    pub fn tile(&self, tile: usize) -> &[Lanes] {
        &self.lanes[tile * self.d..(tile + 1) * self.d]
    }

    /// How many points a tile holds.
    #[inline(always)]
    pub fn filled(&self, tile: usize) -> usize {
        LANES.min(self.n - tile * LANES)
    }
}

/// The squared distances of a tile's points to `point`.
#[inline(always)]
pub fn squared(tile: &[Lanes], point: &[f64]) -> Lanes {
    let mut sums = [0.0; LANES];
    for (column, &value) in tile.iter().zip(point) {
        for lane in 0..LANES {
            let difference = column[lane] - value;
            sums[lane] += difference * difference;
        }
    }
    sums
}

/// The nearest centre of each point of a tile.
#[derive(Debug, Clone, Copy)]
pub struct Nearest {
    /// Squared distance to it.
    pub squared: Lanes,
    /// Its number, the lowest of equally near ones.
    pub index: Lanes,
}

/// The nearest of `centres` (k·d, row-major) to each point of a tile.
#[inline(always)]
#[allow(clippy::needless_range_loop, reason = "lanes side by side are what the compiler vectorises")]
pub fn nearest(tile: &[Lanes], centres: &[f64]) -> Nearest {
    let mut best = Nearest { squared: [f64::INFINITY; LANES], index: [0.0; LANES] };
    for (number, centre) in centres.chunks_exact(tile.len()).enumerate() {
        let squared = squared(tile, centre);
        let number = number as f64;
        for lane in 0..LANES {
            let nearer = squared[lane] < best.squared[lane];
            best.squared[lane] = if nearer { squared[lane] } else { best.squared[lane] };
            best.index[lane] = if nearer { number } else { best.index[lane] };
        }
    }
    best
}

/// As [`nearest`], of half a tile: the squared distances and the numbers.
#[inline(always)]
pub fn nearest_of<V: Vector>(tile: &[Lanes], half: usize, centres: &[f64]) -> (V, V) {
    let (mut least, mut index) = (V::all(f64::INFINITY), V::all(0.0));
    for (number, centre) in centres.chunks_exact(tile.len()).enumerate() {
        let squared = squared_of::<V>(tile, half, centre);
        index = squared.if_below(least, V::all(number as f64), index);
        least = squared.or_smaller(least);
    }
    (least, index)
}

/// As [`squared`], of half a tile.
#[inline(always)]
pub fn squared_of<V: Vector>(tile: &[Lanes], half: usize, point: &[f64]) -> V {
    let mut sum = V::all(0.0);
    for (column, &value) in tile.iter().zip(point) {
        let difference = V::load(simd::half(column, half)) - V::all(value);
        sum = sum + difference * difference;
    }
    sum
}

/// As [`nearest`], with the squared distance to the second nearest centre (infinite where there is none).
#[inline(always)]
pub fn nearest_two(tile: &[Lanes], centres: &[f64]) -> (Nearest, Lanes) {
    let mut best = Nearest { squared: [f64::INFINITY; LANES], index: [0.0; LANES] };
    let mut second = [f64::INFINITY; LANES];
    for (number, centre) in centres.chunks_exact(tile.len()).enumerate() {
        let squared = squared(tile, centre);
        let number = number as f64;
        for lane in 0..LANES {
            let (value, first) = (squared[lane], best.squared[lane]);
            let nearer = value < first;
            let runner_up = if nearer { first } else { value };
            second[lane] = if runner_up < second[lane] { runner_up } else { second[lane] };
            best.squared[lane] = if nearer { value } else { first };
            best.index[lane] = if nearer { number } else { best.index[lane] };
        }
    }
    (best, second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::distance;
    use ndarray::Array2;
    use proptest::prelude::*;

    fn points(n: usize, d: usize) -> impl Strategy<Value = Array2<f64>> {
        prop::collection::vec(-100..100i32, n * d)
            .prop_map(move |v| Array2::from_shape_fn((n, d), |(i, j)| f64::from(v[i * d + j]) / 7.0))
    }

    proptest! {
        #[test]
        fn tiles_agree_with_plain_distances(rows in points(37, 3), centres in points(5, 3)) {
            let tiles = Tiles::new(rows.view());
            let flat: Vec<f64> = centres.iter().copied().collect();
            for row in 0..37 {
                let point = rows.row(row).to_vec();
                let plain: Vec<f64> = flat.chunks(3).map(|centre| distance::squared(&point, centre)).collect();
                let mut sorted = plain.clone();
                sorted.sort_by(f64::total_cmp);
                let (best, second) = nearest_two(tiles.tile(row / LANES), &flat);
                let lane = row % LANES;
                prop_assert_eq!(best.squared[lane], sorted[0]);
                prop_assert_eq!(second[lane], sorted[1]);
                prop_assert_eq!(plain.iter().position(|&v| v == sorted[0]), Some(best.index[lane] as usize));
                prop_assert_eq!(nearest(tiles.tile(row / LANES), &flat).index[lane], best.index[lane]);
            }
        }
    }

    #[test]
    fn points_come_back_as_they_went_in() {
        let rows = Array2::from_shape_fn((20, 2), |(i, j)| (i * 2 + j) as f64);
        let tiles = Tiles::new(rows.view());
        let mut point = [0.0; 2];
        tiles.get(17, &mut point);
        assert_eq!(point, [34.0, 35.0]);
        assert_eq!((tiles.count(), tiles.filled(0), tiles.filled(1)), (2, 16, 4));
    }
}
