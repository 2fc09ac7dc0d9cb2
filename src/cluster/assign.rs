//! Placing rows, in agreement with the fit: every fit takes its labels from here.

use ndarray::{Array2, ArrayView2, Axis, s};

use super::{Assignment, Clusterer, gmm};
use crate::kernel::distance;
use crate::kernel::fold;
use crate::kernel::kdtree::KdTree;
use crate::kernel::measure::{Form, Measure};
use crate::kernel::simd::{LANES, Wide, widest};
use crate::kernel::tiles::{self, Tiles};
use crate::matrix::UNASSIGNED;
use crate::task::{Cancelled, Task};

const CHUNK: usize = 64 * LANES;
/// Rows between two looks at the task.
const SLAB: usize = 64 * CHUNK;

impl Clusterer {
    /// Places the rows of (m, d) `rows`.
    ///
    /// Equally near centres: the first in lexicographic order of their coordinates, so that the answer
    /// does not depend on how the segments are numbered.
    pub fn assign(&self, rows: ArrayView2<f64>) -> Assignment {
        let placed = match self {
            Self::Centres { centres } => by_centres(centres, rows),
            Self::Prototypes { points, measure } => by_prototypes(points, measure, rows),
            Self::Mixture { weights, means, cholesky } => gmm::assign(weights, means, cholesky, rows),
            Self::Cores { points, labels, eps } => by_cores(points, labels, *eps, rows),
            Self::Members { points, labels, strengths } => by_members(points, labels, strengths, rows),
            Self::Nearest { points, labels, centres } => by_nearest(points.view(), labels, centres, rows),
        };
        let (labels, confidence) = placed.into_iter().unzip();
        Assignment { labels, confidence }
    }

    /// As [`Clusterer::assign`], for many rows.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn place(&self, rows: ArrayView2<f64>, task: &Task) -> Result<Assignment, Cancelled> {
        let n = rows.nrows();
        let mut placed = Assignment { labels: Vec::with_capacity(n), confidence: Vec::with_capacity(n) };
        for rows in rows.axis_chunks_iter(Axis(0), SLAB) {
            task.check()?;
            let part = self.assign(rows);
            placed.labels.extend(part.labels);
            placed.confidence.extend(part.confidence);
        }
        Ok(placed)
    }

    /// The probability of each segment (k) for each of (m, d) `rows`: (m, k), where it has any.
    pub fn memberships(&self, rows: ArrayView2<f64>) -> Option<Array2<f64>> {
        match self {
            Self::Mixture { weights, means, cholesky } => Some(gmm::memberships(weights, means, cholesky, rows)),
            _ => None,
        }
    }

    /// The segments' centres (k, d), where it has any.
    pub fn centres(&self) -> Option<&Array2<f64>> {
        match self {
            Self::Centres { centres } | Self::Nearest { centres, .. } => Some(centres),
            Self::Prototypes { points, .. } => Some(points),
            Self::Mixture { means, .. } => Some(means),
            Self::Cores { .. } | Self::Members { .. } => None,
        }
    }
}

/// The rows of `centres` in lexicographic order.
pub fn lexicographic(centres: &Array2<f64>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..centres.nrows()).collect();
    order.sort_by(|&a, &b| {
        let pairs = centres.row(a).into_iter().zip(centres.row(b));
        pairs.map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne()).unwrap_or(a.cmp(&b))
    });
    order
}

fn by_centres(centres: &Array2<f64>, rows: ArrayView2<f64>) -> Vec<(u32, f64)> {
    let order = lexicographic(centres);
    let sorted: Vec<f64> = centres.select(Axis(0), &order).iter().copied().collect();
    let mut placed = vec![(UNASSIGNED, 0.0); rows.nrows()];
    fold::fill(CHUNK, &mut placed, |range, placed| {
        let tiles = Tiles::new(rows.slice(s![range, ..]));
        widest(Place { tiles: &tiles, centres: &sorted, order: &order, placed });
    });
    placed
}

struct Place<'a> {
    tiles: &'a Tiles,
    centres: &'a [f64],
    order: &'a [usize],
    placed: &'a mut [(u32, f64)],
}

impl Wide for Place<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        for (number, placed) in self.placed.chunks_mut(LANES).enumerate() {
            let (nearest, second) = tiles::nearest_two(self.tiles.tile(number), self.centres);
            for (lane, placed) in placed.iter_mut().enumerate() {
                let segment = self.order[nearest.index[lane] as usize] as u32 + 1;
                *placed = (segment, confidence(nearest.squared[lane].sqrt(), second[lane].sqrt()));
            }
        }
    }
}

fn by_prototypes(points: &Array2<f64>, measure: &Measure, rows: ArrayView2<f64>) -> Vec<(u32, f64)> {
    let order = lexicographic(points);
    let formed = measure.form(points.select(Axis(0), &order).view());
    let sorted: Vec<f64> = formed.values.into_iter().collect();
    let tiles = measure.form(rows).tiles();
    let mut placed = vec![(UNASSIGNED, 0.0); rows.nrows()];
    fold::fill(CHUNK, &mut placed, |range, placed| {
        let first = range.start / LANES;
        widest(PlaceBy { form: &formed.form, tiles: &tiles, first, points: &sorted, order: &order, placed });
    });
    placed
}

struct PlaceBy<'a> {
    form: &'a Form,
    tiles: &'a Tiles,
    first: usize,
    points: &'a [f64],
    order: &'a [usize],
    placed: &'a mut [(u32, f64)],
}

impl Wide for PlaceBy<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        for (number, placed) in self.placed.chunks_mut(LANES).enumerate() {
            let two = self.form.nearest_two(self.tiles.tile(self.first + number), self.points);
            for (lane, placed) in placed.iter_mut().enumerate() {
                let segment = self.order[two.index[lane] as usize] as u32 + 1;
                *placed = (segment, confidence(two.first[lane], two.second[lane]));
            }
        }
    }
}

/// (other − own)/other, from the distances to one's own centre and to the nearest other one; 0 where
/// another is nearer, 1 where there is no other.
fn confidence(own: f64, other: f64) -> f64 {
    if other.is_infinite() {
        1.0
    } else if other > own {
        (other - own) / other
    } else {
        0.0
    }
}

fn by_cores(points: &Array2<f64>, labels: &[u32], eps: f64, rows: ArrayView2<f64>) -> Vec<(u32, f64)> {
    let tree = KdTree::new(points.view());
    let limit = distance::squared_limit(eps);
    each_row(rows, |row| match tree.nearest_within(row, limit) {
        None => (UNASSIGNED, 0.0),
        Some((core, squared)) => (labels[core], if squared == 0.0 { 1.0 } else { 0.5 }),
    })
}

fn by_nearest(
    points: ArrayView2<f64>,
    labels: &[u32],
    centres: &Array2<f64>,
    rows: ArrayView2<f64>,
) -> Vec<(u32, f64)> {
    let tree = KdTree::new(points);
    let centres: Vec<Vec<f64>> = centres.outer_iter().map(|centre| centre.to_vec()).collect();
    each_row(rows, |row| {
        let label = tree.nearest_within(row, f64::INFINITY).map_or(UNASSIGNED, |(nearest, _)| labels[nearest]);
        (label, if label == UNASSIGNED { 0.0 } else { confidence_in(label, &centres, row) })
    })
}

fn by_members(points: &Array2<f64>, labels: &[u32], strengths: &[f64], rows: ArrayView2<f64>) -> Vec<(u32, f64)> {
    let tree = KdTree::new(points.view());
    each_row(rows, |row| {
        let nearest = tree.nearest_within(row, f64::INFINITY);
        nearest.map_or((UNASSIGNED, 0.0), |(nearest, _)| (labels[nearest], strengths[nearest]))
    })
}

fn confidence_in(label: u32, centres: &[Vec<f64>], row: &[f64]) -> f64 {
    let (mut own, mut other) = (0.0, f64::INFINITY);
    for (centre, number) in centres.iter().zip(1..) {
        let distance = distance::euclidean(centre, row);
        if number == label {
            own = distance;
        } else {
            other = distance.min(other);
        }
    }
    confidence(own, other)
}

fn each_row(rows: ArrayView2<f64>, place: impl Fn(&[f64]) -> (u32, f64) + Sync) -> Vec<(u32, f64)> {
    let rows = rows.as_standard_layout();
    let (flat, d) = (rows.as_slice().unwrap_or(&[]), rows.ncols().max(1));
    let parts = fold::chunks_of(256, rows.nrows(), |range| {
        flat[range.start * d..range.end * d].chunks_exact(d).map(&place).collect::<Vec<_>>()
    });
    parts.into_iter().flatten().collect()
}
