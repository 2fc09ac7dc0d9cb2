//! DBCV: how dense and how far apart the segments of a density method are (Moulavi et al. 2014).

use crate::kernel::simd::{LANES, Lanes, Wide, widest};
use crate::kernel::tiles::{self, Tiles};
use crate::kernel::{fold, mst};
use crate::matrix::{Labels, Matrix};
use crate::task::{Cancelled, Task};

/// Rows between two looks at the task.
const CHUNK: usize = 64;
/// Beyond so many pairs of rows, each taken as often as there are columns and eight times more, it is not asked for.
const MOST_WORK: usize = 1_000_000_000;

/// The density-based clustering validation of a labelling, in [−1, 1], higher is better: over all rows, unassigned
/// ones counting as 0, the mean of how much sparser it is between a segment and the others than within it. Equal
/// rows add nothing to each other's density, and a segment without inner edges is as sparse as its longest edge, as
/// the authors' program has it.
///
/// `None` where fewer than two segments have two rows, or where there are too many rows. Time O(n²·d), memory O(n·d).
///
/// # Errors
/// [`Cancelled`].
pub fn dbcv(matrix: &Matrix, labels: &Labels, task: &Task) -> Result<Option<f64>, Cancelled> {
    let n = matrix.nrows();
    let work = n.saturating_mul(n).saturating_mul(matrix.ncols() + 8);
    let large = labels.sizes().iter().filter(|&&size| size > 1).count();
    if work > MOST_WORK || large < 2 || matrix.ncols() == 0 {
        return Ok(None);
    }
    let segments: Vec<Segment> = (1..=large as u32)
        .map(|number| Segment::new(&matrix.select(&labels.members(number)), task))
        .collect::<Result<_, Cancelled>>()?;
    let mut sum = 0.0;
    for (number, segment) in segments.iter().enumerate() {
        let gap = gap(&segments, number, task)?;
        sum += segment.rows as f64 * validity(gap, segment.sparseness);
    }
    Ok(Some(sum / n as f64))
}

/// (gap − sparseness)/max of both; 0 where both are 0.
fn validity(gap: f64, sparseness: f64) -> f64 {
    let larger = gap.max(sparseness);
    if larger == 0.0 { 0.0 } else { (gap - sparseness) / larger }
}

/// A segment's inner rows: those with more than one edge in its minimum spanning tree by mutual reachability.
struct Segment {
    rows: usize,
    /// The longest edge between inner rows.
    sparseness: f64,
    inner: Matrix,
    points: Tiles,
    /// Squared core distances of the inner rows, and the same in lanes.
    cores: Vec<f64>,
    lanes: Vec<Lanes>,
}

impl Segment {
    fn new(matrix: &Matrix, task: &Task) -> Result<Self, Cancelled> {
        let all = squared_cores(matrix, task)?;
        let edges = mst::mutual_reachability(matrix.values.view(), &all, task)?;
        let mut degrees = vec![0; matrix.nrows()];
        for edge in &edges {
            degrees[edge.a as usize] += 1;
            degrees[edge.b as usize] += 1;
        }
        let is_inner = |row: u32| degrees[row as usize] > 1;
        // Edges stand in rising order.
        let longest = edges.iter().rfind(|edge| is_inner(edge.a) && is_inner(edge.b)).or(edges.last());
        let mut inner: Vec<usize> = (0..matrix.nrows()).filter(|&row| degrees[row] > 1).collect();
        if inner.is_empty() {
            inner = (0..matrix.nrows()).collect();
        }
        let cores: Vec<f64> = inner.iter().map(|&row| all[row]).collect();
        let inner = matrix.select(&inner);
        Ok(Self {
            rows: matrix.nrows(),
            sparseness: longest.map_or(0.0, |edge| edge.squared.sqrt()),
            points: Tiles::new(inner.values.view()),
            lanes: cores
                .chunks(LANES)
                .map(|part| std::array::from_fn(|lane| part.get(lane).copied().unwrap_or(0.0)))
                .collect(),
            inner,
            cores,
        })
    }
}

/// The squared all-points core distance of every row: ((Σ (1/distance)^d)/(n−1))^(−1/d) over the other rows.
fn squared_cores(matrix: &Matrix, task: &Task) -> Result<Vec<f64>, Cancelled> {
    let points = Tiles::new(matrix.values.view());
    let columns = matrix.ncols();
    // Distances in units of the segment's spread: their powers stay within reach of the numbers.
    let spread = matrix.values.var_axis(ndarray::Axis(0), 0.0).sum();
    let others = matrix.nrows().saturating_sub(1).max(1) as f64;
    let core = |row: usize| {
        let density = widest(Density { points: &points, point: matrix.row(row), spread }) / others;
        if density > 0.0 { spread * density.powf(-2.0 / columns as f64) } else { 0.0 }
    };
    let parts = fold::chunks_of(CHUNK, matrix.nrows(), |range| {
        task.check()?;
        Ok(range.map(core).collect::<Vec<_>>())
    });
    Ok(parts.into_iter().collect::<Result<Vec<_>, Cancelled>>()?.concat())
}

/// Σ (spread/squared distance)^(d/2) of a point to all points.
struct Density<'a> {
    points: &'a Tiles,
    point: &'a [f64],
    spread: f64,
}

impl Wide for Density<'_> {
    type Out = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let columns = self.point.len();
        let mut sums = [0.0; LANES];
        for tile in 0..self.points.count() {
            let mut near = tiles::squared(self.points.tile(tile), self.point);
            near.iter_mut().for_each(|near| *near = if *near > 0.0 { self.spread / *near } else { 0.0 });
            let mut powers = if columns % 2 == 1 { near.map(f64::sqrt) } else { [1.0; LANES] };
            for _ in 0..columns / 2 {
                for lane in 0..LANES {
                    powers[lane] *= near[lane];
                }
            }
            for lane in 0..LANES {
                sums[lane] += if near[lane] > 0.0 { powers[lane] } else { 0.0 };
            }
        }
        sums.iter().sum()
    }
}

/// How far the inner rows of a segment are from those of all others, by mutual reachability.
fn gap(segments: &[Segment], number: usize, task: &Task) -> Result<f64, Cancelled> {
    let own = &segments[number];
    let nearest = fold::chunks_of(CHUNK, own.cores.len(), |range| {
        task.check()?;
        let to = |row: usize| {
            let others = segments.iter().enumerate().filter(|(other, _)| *other != number);
            let squared = others.map(|(_, other)| widest(Gap { other, point: own.inner.row(row) }));
            squared.fold(f64::INFINITY, f64::min).max(own.cores[row])
        };
        Ok(range.map(to).fold(f64::INFINITY, f64::min))
    });
    let nearest: Vec<f64> = nearest.into_iter().collect::<Result<_, Cancelled>>()?;
    Ok(nearest.into_iter().fold(f64::INFINITY, f64::min).sqrt())
}

/// The smallest larger one of distance and core distance, squared, from a point to a segment's inner rows.
struct Gap<'a> {
    other: &'a Segment,
    point: &'a [f64],
}

impl Wide for Gap<'_> {
    type Out = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let mut least = [f64::INFINITY; LANES];
        for (tile, cores) in self.other.lanes.iter().enumerate() {
            let distances = tiles::squared(self.other.points.tile(tile), self.point);
            for lane in 0..LANES {
                let reach = if distances[lane] > cores[lane] { distances[lane] } else { cores[lane] };
                least[lane] = if reach < least[lane] { reach } else { least[lane] };
            }
        }
        least.into_iter().fold(f64::INFINITY, f64::min)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use ndarray::{Array2, array};

    /// Three groups of 20 rows from a plain generator.
    fn groups() -> Matrix {
        let mut state = 12_345u64;
        Matrix::from_values(Array2::from_shape_fn((60, 2), |(i, j)| {
            state = (state * 1_103_515_245 + 12_345) % (1 << 31);
            let u = state as f64 / f64::from(1u32 << 31);
            (i % 3) as f64 * 4.0 * (j + 1) as f64 % 7.0 + u * u * (1 + i % 3) as f64
        }))
    }

    fn of(matrix: &Matrix, raw: &[Option<usize>]) -> Option<f64> {
        dbcv(matrix, &Labels::from_raw(raw), &Task::default()).unwrap()
    }

    #[test]
    fn known_values() {
        // From the hdbscan package 0.8, validity_index.
        let groups = groups();
        let all: Vec<Option<usize>> = (0..60).map(|row| Some(row % 3)).collect();
        let some: Vec<Option<usize>> = (0..60).map(|row| (row % 7 != 0).then_some(row % 3)).collect();
        assert!((of(&groups, &all).unwrap() - 0.344_791_430_758_866_65).abs() < 1e-12);
        assert!((of(&groups, &some).unwrap() - 0.304_790_103_139_476_8).abs() < 1e-12);
    }

    #[test]
    fn pairs_of_rows_by_hand() {
        // Two pairs, 1 apart within and 9 between: (9 − 1)/9 each, and one of five rows is noise.
        let matrix = Matrix::from_values(array![[0.0], [1.0], [10.0], [11.0], [50.0]]);
        let value = of(&matrix, &[Some(1), Some(1), Some(2), Some(2), None]).unwrap();
        assert!((value - 0.8 * 8.0 / 9.0).abs() < 1e-12);
    }

    #[test]
    fn what_has_no_two_segments_has_no_value() {
        let matrix = Matrix::from_values(Array2::zeros((4, 2)));
        assert_eq!(of(&matrix, &[Some(1); 4]), None);
        assert_eq!(of(&matrix, &[Some(1), Some(1), Some(1), Some(2)]), None);
        assert_eq!(of(&matrix, &[None; 4]), None);
        assert_eq!(of(&matrix, &[Some(1), Some(1), Some(2), Some(2)]), Some(0.0));
    }

    #[test]
    fn any_number_of_threads_gives_the_same_bits_and_a_cancel_stops() {
        let matrix = Matrix::from_values(Array2::from_shape_fn((1500, 3), |(i, j)| ((i * 31 + j * 17) % 101) as f64));
        let labels = Labels::from_raw(&(0..1500).map(|row| Some(row % 4)).collect::<Vec<_>>());
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| dbcv(&matrix, &labels, &Task::default())).unwrap().unwrap().to_bits()
        };
        assert!(on(1) == on(2) && on(1) == on(4));
        let task = Task::default();
        task.cancel();
        assert_eq!(dbcv(&matrix, &labels, &task), Err(Cancelled));
    }
}
