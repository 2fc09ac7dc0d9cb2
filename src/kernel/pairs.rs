//! The pairwise pass: exact silhouettes of every row, for all labelings at once.
//!
//! Eight rows stand in lanes. Their distances to row j are computed once, and that one vector is added to
//! the sums of j's cluster in every labeling. Memory stays linear in the rows.

use ndarray::ArrayView2;

use super::fold;
use super::simd::{Half, OnVectors, Vector, WIDTH, with_vectors};
use crate::matrix::UNASSIGNED;
use crate::task::{Cancelled, Task};

/// Rows that stand in lanes.
const ROWS: usize = WIDTH;
/// Points whose distances to them are taken together.
const POINTS: usize = 4;
/// Sums a group of labelings may take, so that they stay in the first cache.
const SLOTS: usize = 400;
/// Rows a chunk of the parallel pass.
const CHUNK: usize = 8 * ROWS;

type Eight = Half;

/// The silhouette (b−a)/max(a,b) of each row of (n, d) `values` in each of `labelings` (n labels each,
/// 1..=k, 0: unassigned), by Euclidean distance (Rousseeuw 1987). A singleton scores 0, and so does 0/0.
/// Unassigned rows have NaN and count for nobody; where there are fewer than two clusters all rows have NaN.
///
/// # Errors
/// [`Cancelled`].
pub fn silhouettes(values: ArrayView2<f64>, labelings: &[&[u32]], task: &Task) -> Result<Vec<Vec<f64>>, Cancelled> {
    let values = values.as_standard_layout();
    let points = values.as_slice().unwrap_or(&[]);
    let groups = groups(labelings);
    task.begin("distances", (values.nrows() * groups.len()) as u64);
    let mut scores = Vec::with_capacity(labelings.len());
    for group in groups {
        scores.extend(pass(points, values.ncols(), &group, task)?);
    }
    Ok(scores)
}

/// A labeling whose cluster c has its sums in slot `first + c`.
struct Slotted<'a> {
    labels: &'a [u32],
    first: usize,
    /// The size of each cluster, the unassigned (0) first.
    sizes: Vec<usize>,
}

/// Packs the labelings into groups whose sums fit into [`SLOTS`]; a larger labeling is a group of its own.
fn groups<'a>(labelings: &[&'a [u32]]) -> Vec<Vec<Slotted<'a>>> {
    let mut groups: Vec<Vec<Slotted>> = Vec::new();
    let mut used = usize::MAX;
    for &labels in labelings {
        let sizes = sizes(labels);
        if used.saturating_add(sizes.len()) > SLOTS {
            groups.push(Vec::new());
            used = 0;
        }
        let first = used;
        used += sizes.len();
        if let Some(group) = groups.last_mut() {
            group.push(Slotted { labels, first, sizes });
        }
    }
    groups
}

fn sizes(labels: &[u32]) -> Vec<usize> {
    let clusters = labels.iter().max().map_or(0, |&most| most as usize);
    let mut sizes = vec![0; clusters + 1];
    for &label in labels {
        sizes[label as usize] += 1;
    }
    sizes
}

/// The scores of one group's labelings.
fn pass(points: &[f64], d: usize, group: &[Slotted], task: &Task) -> Result<Vec<Vec<f64>>, Cancelled> {
    let n = group.first().map_or(0, |labeling| labeling.labels.len());
    let slots = slots(group, n);
    let width = group.iter().map(|labeling| labeling.first + labeling.sizes.len()).max().unwrap_or(0);
    let blocks = fold::chunks_of(CHUNK, n, |range| {
        let mut sums = vec![[0.0; ROWS]; width.next_power_of_two()];
        let mut scores = Vec::with_capacity(range.len() * group.len());
        for first in range.clone().step_by(ROWS) {
            task.check()?;
            sums.fill([0.0; ROWS]);
            let rows = first..range.end.min(first + ROWS);
            with_vectors(Block { points, d, first, rows: rows.len(), slots: &slots, sums: &mut sums });
            for row in rows.clone() {
                scores.extend(group.iter().map(|labeling| score(labeling, row, &sums, row - first)));
            }
            task.advance(rows.len() as u64);
        }
        Ok(scores)
    });
    let mut scores: Vec<Vec<f64>> = group.iter().map(|_| Vec::with_capacity(n)).collect();
    for block in blocks {
        for row in block?.chunks_exact(group.len()) {
            scores.iter_mut().zip(row).for_each(|(scores, &score)| scores.push(score));
        }
    }
    Ok(scores)
}

/// For each row the slot of its cluster in each labeling: (n, labelings), row-major.
fn slots(group: &[Slotted], n: usize) -> Vec<u32> {
    (0..n).flat_map(|row| group.iter().map(move |labeling| labeling.first as u32 + labeling.labels[row])).collect()
}

/// The distances of a block of rows to all rows, summed by slot.
struct Block<'a> {
    points: &'a [f64],
    d: usize,
    first: usize,
    rows: usize,
    slots: &'a [u32],
    sums: &'a mut [Eight],
}

impl OnVectors for Block<'_> {
    type Out = ();

    #[inline(always)]
    fn run<V: Vector>(self) {
        let mut lanes = vec![[0.0; ROWS]; self.d];
        for lane in 0..ROWS {
            // Lanes beyond the last row repeat it; nobody reads their sums.
            let row = self.first + lane.min(self.rows - 1);
            for (column, &value) in lanes.iter_mut().zip(&self.points[row * self.d..(row + 1) * self.d]) {
                column[lane] = value;
            }
        }
        let width = self.slots.len() / (self.points.len() / self.d);
        let (points, slots) = (self.points.chunks_exact(POINTS * self.d), self.slots.chunks_exact(POINTS * width));
        let left = points.remainder().chunks_exact(self.d).zip(slots.remainder().chunks_exact(width));
        for (points, slots) in points.zip(slots) {
            let found = distances::<V, POINTS>(&lanes, points);
            found.into_iter().zip(slots.chunks_exact(width)).for_each(|(found, slots)| add(self.sums, found, slots));
        }
        for (point, slots) in left {
            let [found] = distances::<V, 1>(&lanes, point);
            add(self.sums, found, slots);
        }
    }
}

/// Adds the distances to one point to the sums of its clusters.
#[inline(always)]
fn add<V: Vector>(sums: &mut [Eight], distances: V, slots: &[u32]) {
    let mask = sums.len() - 1;
    for &slot in slots {
        let sum = &mut sums[slot as usize & mask];
        (V::load(sum) + distances).store(sum);
    }
}

/// The distances of the rows in lanes to `N` points: a column is loaded once for all of them.
#[inline(always)]
fn distances<V: Vector, const N: usize>(lanes: &[Eight], points: &[f64]) -> [V; N] {
    let d = lanes.len();
    let points: [&[f64]; N] = std::array::from_fn(|point| &points[point * d..][..d]);
    let mut sums = [V::all(0.0); N];
    for (place, column) in lanes.iter().enumerate() {
        let column = V::load(column);
        for (sum, point) in sums.iter_mut().zip(points) {
            let difference = column - V::all(point[place]);
            *sum = *sum + difference * difference;
        }
    }
    sums.map(V::square_root)
}

/// The silhouette of `row`, whose distance sums stand in `lane`.
fn score(labeling: &Slotted, row: usize, sums: &[Eight], lane: usize) -> f64 {
    let own = labeling.labels[row];
    let clusters = labeling.sizes.iter().skip(1).filter(|&&size| size > 0).count();
    if own == UNASSIGNED || clusters < 2 {
        return f64::NAN;
    }
    let own = own as usize;
    if labeling.sizes[own] == 1 {
        return 0.0;
    }
    let sum = |cluster: usize| sums[labeling.first + cluster][lane];
    let within = sum(own) / (labeling.sizes[own] - 1) as f64;
    let others = (1..labeling.sizes.len()).filter(|&cluster| cluster != own && labeling.sizes[cluster] > 0);
    let nearest = others.map(|cluster| sum(cluster) / labeling.sizes[cluster] as f64).fold(f64::INFINITY, f64::min);
    let larger = within.max(nearest);
    if larger == 0.0 { 0.0 } else { (nearest - within) / larger }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::kernel::distance::euclidean;
    use ndarray::Array2;
    use proptest::prelude::*;

    /// The definition, word by word.
    fn plain(values: &Array2<f64>, labels: &[u32], row: usize) -> f64 {
        let mean = |cluster: u32| {
            let others: Vec<usize> = (0..labels.len()).filter(|&j| labels[j] == cluster && j != row).collect();
            let distance = |&j: &usize| euclidean(&values.row(row).to_vec(), &values.row(j).to_vec());
            others.iter().map(distance).sum::<f64>() / others.len() as f64
        };
        let own = labels[row];
        if own == 0 {
            return f64::NAN;
        }
        let a = mean(own);
        let b = (1..=4).filter(|&c| c != own && labels.contains(&c)).map(mean).fold(f64::INFINITY, f64::min);
        if a.is_nan() || a.max(b) == 0.0 { 0.0 } else { (b - a) / a.max(b) }
    }

    fn case() -> impl Strategy<Value = (Array2<f64>, Vec<Vec<u32>>)> {
        (3..60usize, 1..4usize).prop_flat_map(|(n, d)| {
            let values = prop::collection::vec(-5..5i32, n * d)
                .prop_map(move |v| Array2::from_shape_fn((n, d), |(i, j)| f64::from(v[i * d + j])));
            let labeling = prop::collection::vec(0..4u32, n - 2).prop_map(|mut v| {
                v.extend([1, 2]);
                v
            });
            (values, prop::collection::vec(labeling, 1..5))
        })
    }

    proptest! {
        #[test]
        fn every_score_is_the_definition((values, labelings) in case()) {
            let slices: Vec<&[u32]> = labelings.iter().map(Vec::as_slice).collect();
            let scores = silhouettes(values.view(), &slices, &Task::default()).unwrap();
            for (labels, scores) in labelings.iter().zip(&scores) {
                for (row, &score) in scores.iter().enumerate() {
                    let expected = plain(&values, labels, row);
                    prop_assert!((score - expected).abs() < 1e-12 || (score.is_nan() && expected.is_nan()));
                }
            }
        }

        #[test]
        fn a_labeling_scores_the_same_alone_and_among_others((values, labelings) in case()) {
            let slices: Vec<&[u32]> = labelings.iter().map(Vec::as_slice).collect();
            let bits = |scores: &Vec<f64>| scores.iter().map(|s| s.to_bits()).collect::<Vec<_>>();
            let together = silhouettes(values.view(), &slices, &Task::default()).unwrap();
            for (slice, scores) in slices.iter().zip(&together) {
                let alone = silhouettes(values.view(), &[slice], &Task::default()).unwrap();
                prop_assert_eq!(bits(&alone[0]), bits(scores));
            }
        }
    }

    #[test]
    fn one_cluster_and_singletons_follow_the_rules() {
        let values = ndarray::array![[0.0], [1.0], [5.0]];
        let scores = silhouettes(values.view(), &[&[1, 1, 1], &[1, 1, 2], &[0, 1, 2]], &Task::default()).unwrap();
        assert!(scores[0].iter().all(|score| score.is_nan()));
        assert_eq!(scores[1], [0.8, 0.75, 0.0]);
        assert!(scores[2][0].is_nan());
        assert_eq!(scores[2][1..], [0.0, 0.0]);
    }

    #[test]
    fn any_number_of_threads_gives_the_same_bits() {
        let values = Array2::from_shape_fn((3000, 3), |(i, j)| ((i * 31 + j * 17) % 101) as f64 / 7.0);
        let labels: Vec<u32> = (0..3000).map(|row| row % 600 + 1).collect();
        let few: Vec<u32> = (0..3000).map(|row| row % 3).collect();
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let scores = pool.install(|| silhouettes(values.view(), &[&labels, &few], &Task::default())).unwrap();
            scores.into_iter().flatten().map(f64::to_bits).collect::<Vec<_>>()
        };
        let one = with(1);
        assert!(one == with(2) && one == with(4));
    }

    #[test]
    fn a_cancelled_pass_stops() {
        let task = Task::default();
        task.cancel();
        let values = Array2::zeros((10, 1));
        assert_eq!(silhouettes(values.view(), &[&[1; 10]], &task), Err(Cancelled));
    }
}
