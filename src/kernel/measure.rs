//! Distances other than the Euclidean one, and of categories beside numbers.
//!
//! Rows are brought into a form of their own first (numbers scaled, categories as codes), so that one kernel over tiles
//! serves all: a sum over the numbers, a sum over the codes that differ.

use ndarray::{Array2, ArrayView2};
use serde::{Deserialize, Serialize};

use super::simd::{LANES, Lanes};
use super::tiles::{self, Tiles};
use crate::matrix::{Block, Matrix, numbers};

/// A distance by name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Distance {
    /// The root of the sum of squared differences.
    #[default]
    Euclidean,
    /// The sum of absolute differences.
    Manhattan,
    /// 1 − cos of the angle between two rows; a row of zeros lies 1 from all others.
    Cosine,
    /// The mean over the features of |a − b|/range for numbers and of 0 or 1 for categories (Gower 1971). A feature
    /// that has one value only counts as 0.
    Gower,
}

impl Distance {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Euclidean, Self::Manhattan, Self::Cosine, Self::Gower];

    /// The name that the command line and the JSON use.
    pub fn id(self) -> &'static str {
        match self {
            Self::Euclidean => "euclidean",
            Self::Manhattan => "manhattan",
            Self::Cosine => "cosine",
            Self::Gower => "gower",
        }
    }

    /// The distance of this name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|distance| distance.id() == id)
    }
}

/// A distance with all that was taken from the data it was made for, so that it measures later rows alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "distance")]
pub enum Measure {
    /// [`Distance::Euclidean`].
    Euclidean,
    /// [`Distance::Manhattan`].
    Manhattan,
    /// [`Distance::Cosine`].
    Cosine,
    /// [`Distance::Gower`].
    Gower {
        /// For each number (the columns outside the blocks, in order) the range of its values.
        ranges: Vec<f64>,
        /// The categories.
        blocks: Vec<Block>,
    },
    /// The squared distance of the numbers and gamma for each category that differs (Huang 1998).
    Mixed {
        /// What a mismatch counts.
        gamma: f64,
        /// The categories; one of weight w counts gamma·w².
        blocks: Vec<Block>,
    },
    /// The number of categories that differ, one of weight w counting w²; numbers do not count (Huang 1998).
    Mismatches {
        /// The categories.
        blocks: Vec<Block>,
    },
}

impl Measure {
    /// `distance` as it measures the rows of `matrix`.
    pub fn of(distance: Distance, matrix: &Matrix) -> Self {
        match distance {
            Distance::Euclidean => Self::Euclidean,
            Distance::Manhattan => Self::Manhattan,
            Distance::Cosine => Self::Cosine,
            Distance::Gower => Self::Gower { ranges: ranges(matrix), blocks: matrix.blocks.clone() },
        }
    }

    /// The rows of (n, d) `rows` in the form that this distance is taken in.
    pub fn form(&self, rows: ArrayView2<f64>) -> Formed {
        let form = Form::new(self, rows.ncols());
        let mut values = Array2::zeros((rows.nrows(), form.width()));
        let mut from = Vec::with_capacity(rows.ncols());
        for (row, mut to) in rows.outer_iter().zip(values.outer_iter_mut()) {
            from.clear();
            from.extend(row);
            self.write(&from, &form, to.iter_mut());
        }
        Formed { values, form }
    }

    fn write<'a>(&self, row: &[f64], form: &Form, mut to: impl Iterator<Item = &'a mut f64>) {
        let mut put = |value: f64| {
            if let Some(cell) = to.next() {
                // Adding zero makes −0 and 0 one value.
                *cell = value + 0.0;
            }
        };
        match self {
            Self::Cosine => direction(row).for_each(&mut put),
            _ => form.numbers.iter().for_each(|&(column, scale)| put(row[column] * scale)),
        }
        for block in self.blocks() {
            put(block.level(row).map_or(UNKNOWN, |level| level as f64));
        }
    }

    /// The categories that it tells apart.
    pub fn blocks(&self) -> &[Block] {
        match self {
            Self::Euclidean | Self::Manhattan | Self::Cosine => &[],
            Self::Gower { blocks, .. } | Self::Mixed { blocks, .. } | Self::Mismatches { blocks } => blocks,
        }
    }
}

/// The code of a level that was not known.
const UNKNOWN: f64 = -1.0;

/// The row brought to length 1/√2, so that half the squared distance of two directions, 1 − cos, is their squared
/// distance; a row of zeros points into a dimension of its own, the last.
fn direction(row: &[f64]) -> impl Iterator<Item = f64> {
    // The largest value comes out first, so that no square overflows.
    let most = row.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    let length = row.iter().map(|value| (value / most) * (value / most)).sum::<f64>().sqrt();
    let scale = std::f64::consts::FRAC_1_SQRT_2;
    let is_zero = most == 0.0;
    let along = move |value: &f64| if is_zero { 0.0 } else { value / most / length * scale };
    row.iter().map(along).chain([if is_zero { scale } else { 0.0 }])
}

/// The range of each number's values.
fn ranges(matrix: &Matrix) -> Vec<f64> {
    let range = |column: usize| {
        let values = matrix.values.column(column);
        let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(low, high), &x| (low.min(x), high.max(x)));
        (high - low).max(0.0)
    };
    numbers(&matrix.blocks, matrix.ncols()).into_iter().map(range).collect()
}

/// How the distance of two formed rows is summed.
#[derive(Debug, Clone)]
pub struct Form {
    /// The columns that are numbers and what each is multiplied by; for the cosine, as many as coordinates.
    numbers: Vec<(usize, f64)>,
    /// What a difference in each category counts.
    weights: Vec<f64>,
    squared: bool,
    root: bool,
}

impl Form {
    fn new(measure: &Measure, columns: usize) -> Self {
        let plain = |squared, root| Self {
            numbers: (0..columns).map(|column| (column, 1.0)).collect(),
            weights: Vec::new(),
            squared,
            root,
        };
        match measure {
            Measure::Euclidean => plain(true, true),
            Measure::Manhattan => plain(false, false),
            Measure::Cosine => {
                let mut form = plain(true, false);
                form.numbers.push((columns, 1.0));
                form
            }
            Measure::Gower { ranges, blocks } => {
                let share = 1.0 / (ranges.len() + blocks.len()).max(1) as f64;
                let scale = |&range: &f64| if range > 0.0 { share / range } else { 0.0 };
                let scales = ranges.iter().map(scale);
                let numbers = numbers(blocks, columns).into_iter().zip(scales).collect();
                Self { numbers, weights: vec![share; blocks.len()], squared: false, root: false }
            }
            Measure::Mixed { gamma, blocks } => {
                let numbers = numbers(blocks, columns).into_iter().map(|column| (column, 1.0)).collect();
                let weights = blocks.iter().map(|block| gamma * block.weight * block.weight).collect();
                Self { numbers, weights, squared: true, root: false }
            }
            Measure::Mismatches { blocks } => {
                let weights = blocks.iter().map(|block| block.weight * block.weight).collect();
                Self { numbers: Vec::new(), weights, squared: true, root: false }
            }
        }
    }

    /// The columns of a formed row: numbers first, then one code a category.
    pub fn width(&self) -> usize {
        self.numbers.len() + self.weights.len()
    }

    /// The columns of the matrix that the numbers of a formed row come from.
    pub fn numbers(&self) -> impl ExactSizeIterator<Item = usize> {
        self.numbers.iter().map(|&(column, _)| column)
    }

    /// The distances of a tile's formed points to `point`.
    #[inline(always)]
    pub fn distances(&self, tile: &[Lanes], point: &[f64]) -> Lanes {
        let (numbers, codes) = tile.split_at(self.numbers.len());
        let mut sums = if self.squared { tiles::squared(numbers, point) } else { absolute(numbers, point) };
        for ((column, &code), &weight) in codes.iter().zip(&point[numbers.len()..]).zip(&self.weights) {
            for lane in 0..LANES {
                sums[lane] += if column[lane] == code { 0.0 } else { weight };
            }
        }
        if self.root { sums.map(f64::sqrt) } else { sums }
    }

    /// The distances of a tile's formed points to the nearest and to the second nearest of `points` (k·width): the
    /// nearest's number (the lowest of equally near ones), its distance, the second's.
    #[inline(always)]
    #[allow(clippy::needless_range_loop, reason = "lanes side by side are what the compiler vectorises")]
    pub fn nearest_two(&self, tile: &[Lanes], points: &[f64]) -> Two {
        let mut two = Two { index: [0.0; LANES], first: [f64::INFINITY; LANES], second: [f64::INFINITY; LANES] };
        for (number, point) in points.chunks_exact(self.width()).enumerate() {
            let distances = self.distances(tile, point);
            let number = number as f64;
            for lane in 0..LANES {
                let distance = distances[lane];
                let nearer = distance < two.first[lane];
                let other = if nearer { two.first[lane] } else { distance };
                two.second[lane] = if other < two.second[lane] { other } else { two.second[lane] };
                two.first[lane] = if nearer { distance } else { two.first[lane] };
                two.index[lane] = if nearer { number } else { two.index[lane] };
            }
        }
        two
    }
}

/// The two nearest of some points to each point of a tile.
#[derive(Debug, Clone, Copy)]
pub struct Two {
    /// The nearest.
    pub index: Lanes,
    /// The distance to it.
    pub first: Lanes,
    /// The distance to the second nearest.
    pub second: Lanes,
}

#[inline(always)]
fn absolute(tile: &[Lanes], point: &[f64]) -> Lanes {
    let mut sums = [0.0; LANES];
    for (column, &value) in tile.iter().zip(point) {
        for lane in 0..LANES {
            sums[lane] += (column[lane] - value).abs();
        }
    }
    sums
}

/// Rows in a distance's form.
#[derive(Debug, Clone)]
pub struct Formed {
    /// (n, width).
    pub values: Array2<f64>,
    /// How their distances are summed.
    pub form: Form,
}

impl Formed {
    /// The rows in tiles.
    pub fn tiles(&self) -> Tiles {
        Tiles::new(self.values.view())
    }

    /// One row, of the form's width.
    pub fn row(&self, row: usize) -> &[f64] {
        let width = self.form.width();
        &self.values.as_slice().unwrap_or(&[])[row * width..(row + 1) * width]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use ndarray::array;

    /// All distances to the first row.
    fn to_first(measure: &Measure, matrix: &Matrix) -> Vec<f64> {
        let formed = measure.form(matrix.values.view());
        let distances = formed.form.distances(formed.tiles().tile(0), formed.row(0));
        distances[..matrix.nrows()].to_vec()
    }

    fn near(found: &[f64], known: &[f64]) -> bool {
        found.len() == known.len() && found.iter().zip(known).all(|(a, b)| (a - b).abs() < 1e-12)
    }

    /// Two numbers and the categories red/green/blue and yes/no.
    fn mixed() -> Matrix {
        let mut matrix = Matrix::from_values(array![
            [1.0, 1.0, 0.0, 0.0, 0.0, 10.0],
            [3.0, 0.0, 1.0, 0.0, 1.0, 10.0],
            [5.0, 1.0, 0.0, 0.0, 1.0, 30.0],
            [2.0, 0.0, 0.0, 1.0, 0.0, 20.0],
        ]);
        let block = |columns: std::ops::Range<usize>| Block {
            on: vec![1.0; columns.len()],
            off: vec![0.0; columns.len()],
            columns,
            weight: 1.0,
        };
        matrix.blocks = vec![block(1..4), block(4..5)];
        matrix
    }

    #[test]
    fn plain_distances_are_their_definitions() {
        let matrix = Matrix::from_values(array![[3.0, 4.0], [0.0, 0.0], [4.0, 3.0], [-6.0, -8.0], [1.5, 2.0]]);
        let of = |distance| to_first(&Measure::of(distance, &matrix), &matrix);
        assert!(near(&of(Distance::Euclidean), &[0.0, 5.0, 2_f64.sqrt(), 15.0, 2.5]));
        assert!(near(&of(Distance::Manhattan), &[0.0, 7.0, 2.0, 21.0, 3.5]));
        assert!(near(&of(Distance::Cosine), &[0.0, 1.0, 1.0 - 24.0 / 25.0, 2.0, 0.0]));
    }

    #[test]
    fn zeros_lie_one_from_all_others_and_none_from_each_other() {
        let matrix = Matrix::from_values(array![[0.0, 0.0], [0.0, -0.0], [1e300, 1e300]]);
        assert!(near(&to_first(&Measure::Cosine, &matrix), &[0.0, 0.0, 1.0]));
    }

    #[test]
    fn gower_is_the_mean_over_the_features() {
        let matrix = mixed();
        let known = [0.0, (0.5 + 1.0 + 1.0 + 0.0) / 4.0, (1.0 + 0.0 + 1.0 + 1.0) / 4.0, (0.25 + 1.0 + 0.5) / 4.0];
        assert!(near(&to_first(&Measure::of(Distance::Gower, &matrix), &matrix), &known));
    }

    #[test]
    fn a_constant_counts_as_a_feature_without_a_difference() {
        let matrix = Matrix::from_values(array![[1.0, 7.0], [3.0, 7.0]]);
        assert!(near(&to_first(&Measure::of(Distance::Gower, &matrix), &matrix), &[0.0, 0.5]));
    }

    #[test]
    fn mismatches_count_by_gamma_and_weight() {
        let mut matrix = mixed();
        matrix.blocks[1].weight = 3.0;
        let blocks = matrix.blocks.clone();
        let mixed = Measure::Mixed { gamma: 0.5, blocks: blocks.clone() };
        assert!(near(&to_first(&mixed, &matrix), &[0.0, 4.0 + 5.0, 16.0 + 400.0 + 4.5, 1.0 + 100.0 + 0.5]));
        assert!(near(&to_first(&Measure::Mismatches { blocks }, &matrix), &[0.0, 10.0, 9.0, 1.0]));
    }

    #[test]
    fn the_two_nearest_points_are_found() {
        let matrix = Matrix::from_values(array![[0.0], [5.0], [2.0]]);
        let formed = Measure::Manhattan.form(matrix.values.view());
        let two = formed.form.nearest_two(formed.tiles().tile(0), &[1.0, 4.0, 1.0]);
        assert_eq!((two.index[..3].to_vec(), two.first[..3].to_vec()), (vec![0.0, 1.0, 0.0], vec![1.0, 1.0, 1.0]));
        assert_eq!(two.second[..3], [1.0, 4.0, 1.0]);
    }

    #[test]
    fn a_measure_survives_a_file() {
        let measure = Measure::of(Distance::Gower, &mixed());
        let text = serde_json::to_string(&measure).unwrap();
        assert_eq!(serde_json::from_str::<Measure>(&text).unwrap(), measure);
    }
}
