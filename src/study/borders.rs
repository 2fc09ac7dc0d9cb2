//! Where borders run: through the middle of groups, or where hardly anybody is.
//!
//! Silhouette, Davies-Bouldin, Calinski-Harabasz and the elbow like round segments; these indices like any shape. The
//! contact of a run is how often near neighbours are parted, beside how often k-means parts those of customers without
//! groups; its valleys are how thinly its borders are settled.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::fit::fit_quick;
use super::null::{Null, sample};
use super::{Candidate, Plan, Run, Status, rank};
use crate::cluster::{Algorithm, Settings};
use crate::kernel::distance::squared;
use crate::matrix::{Labels, Matrix, UNASSIGNED};
use crate::task::{Cancelled, Task};

/// Neighbours of a row.
const NEAREST: usize = 5;
/// Rows that are compared at most.
pub(super) const ROWS: usize = 2_000;

/// Draws without groups at most.
const MOST_DRAWS: usize = 5;

/// Takes [`contact`](crate::metrics::Metrics::contact) of the usable runs.
pub(super) fn measure(matrix: &Matrix, runs: &mut [Run], plan: &Plan, task: &Task) -> Result<(), Cancelled> {
    let is_open = |run: &Run| run.status == Status::Done && run.labels.clusters() > 1 && rank::is_usable(run, plan);
    let places: Vec<usize> = (0..runs.len()).filter(|&place| is_open(&runs[place])).collect();
    let rows = sample(matrix.nrows(), ROWS, task);
    let near = neighbours(&matrix.select(&rows), task)?;
    let worst = |place: &usize| {
        let labels = runs[*place].labels.as_slice();
        let labels: Vec<u32> = rows.iter().map(|&row| labels[row]).collect();
        (*place, worst_parted(&labels, &near))
    };
    let parted: Vec<(usize, f64)> = places.par_iter().map(worst).collect();
    let usual = usual(matrix, parted.iter().map(|&(place, _)| runs[place].labels.clusters()).collect(), task)?;
    for (place, parted) in parted {
        let run = &mut runs[place];
        run.metrics.contact = usual.get(&run.labels.clusters()).map(|usual| parted / usual);
    }
    Ok(())
}

/// How thinly borders are settled: for each row at one (another segment's row has it among its nearest) the share of its
/// own segment that is settled more densely. A half is what a cut through a group has, 1 is a clear valley.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Valley {
    rows: usize,
    sum: f64,
}

impl Valley {
    /// The valley of labels over at most [`ROWS`] rows, all of which are assigned.
    pub(super) fn of(matrix: &Matrix, labels: &Labels, task: &Task) -> Result<Self, Cancelled> {
        let near = neighbours(matrix, task)?;
        let labels = labels.as_slice();
        let mut is_border = vec![false; labels.len()];
        for (&label, near) in labels.iter().zip(&near) {
            near.rows.iter().filter(|&&other| labels[other] != label).for_each(|&other| is_border[other] = true);
        }
        let reaches = ascending_reaches(labels, &near);
        let thinness = |row: usize| share_below(&reaches[labels[row] as usize], near[row].reach);
        let found: Vec<f64> = (0..labels.len()).filter(|&row| is_border[row]).map(thinness).collect();
        Ok(Self { rows: found.len(), sum: found.iter().sum() })
    }

    /// Both together.
    pub(super) fn and(self, other: Self) -> Self {
        Self { rows: self.rows + other.rows, sum: self.sum + other.sum }
    }

    /// The mean share less its standard error (of even shares, 1/√12 a row); 1 without borders.
    pub(super) fn depth(self) -> f64 {
        let rows = self.rows as f64;
        if self.rows == 0 { 1.0 } else { self.sum / rows - (12.0 * rows).sqrt().recip() }
    }
}

/// The reaches of each segment's rows.
fn ascending_reaches(labels: &[u32], near: &[Near]) -> Vec<Vec<f64>> {
    let mut reaches = vec![Vec::new(); labels.iter().max().map_or(0, |&most| most as usize + 1)];
    labels.iter().zip(near).for_each(|(&label, near)| reaches[label as usize].push(near.reach));
    reaches.iter_mut().for_each(|reaches| reaches.sort_by(f64::total_cmp));
    reaches
}

/// The share of ascending values below `value`, half of the equal ones.
fn share_below(ascending: &[f64], value: f64) -> f64 {
    let below = ascending.partition_point(|other| *other < value);
    let to = ascending.partition_point(|other| *other <= value);
    (below + to) as f64 / 2.0 / ascending.len() as f64
}

/// For numbers of segments the share of neighbours that k-means parts where there are no groups: over several draws
/// where rows are few, as one of them tells little.
fn usual(matrix: &Matrix, segments: BTreeSet<usize>, task: &Task) -> Result<BTreeMap<usize, f64>, Cancelled> {
    let null = Null::new(matrix, ROWS, task);
    let draws = (ROWS / matrix.nrows().max(1)).clamp(1, MOST_DRAWS);
    let draws: Vec<(Matrix, Vec<Near>)> = (0..draws)
        .map(|number| {
            let draw = null.draw(number, task);
            neighbours(&draw, task).map(|near| (draw, near))
        })
        .collect::<Result<_, _>>()?;
    let of = |k: usize| {
        let tallies = draws.iter().map(|(draw, near)| parted_by_k_means(draw, near, k, task));
        let (all, parted) = tallies.collect::<Result<Vec<_>, _>>()?.into_iter().fold((0, 0), both);
        Ok((parted > 0).then(|| (k, parted as f64 / all as f64)))
    };
    let segments: Vec<usize> = segments.into_iter().collect();
    let found: Vec<Option<(usize, f64)>> = segments.into_par_iter().map(of).collect::<Result<_, Cancelled>>()?;
    Ok(found.into_iter().flatten().collect())
}

/// Neighbours, and those of them that k-means parts.
fn parted_by_k_means(draw: &Matrix, near: &[Near], k: usize, task: &Task) -> Result<(usize, usize), Cancelled> {
    let settings = Settings { k: Some(k), ..Settings::default() };
    let fitted = fit_quick(draw, &Candidate { algorithm: Algorithm::Kmeans, settings }, task);
    task.check()?;
    Ok(fitted.map_or((0, 0), |fitted| tally(fitted.labels.as_slice(), near).into_iter().fold((0, 0), both)))
}

fn both(sum: (usize, usize), of: (usize, usize)) -> (usize, usize) {
    (sum.0 + of.0, sum.1 + of.1)
}

/// The nearest other rows of a row, and the squared distance of the farthest of them.
struct Near {
    rows: Vec<usize>,
    reach: f64,
}

/// The nearest other rows of each row, the first of equally near ones.
fn neighbours(matrix: &Matrix, task: &Task) -> Result<Vec<Near>, Cancelled> {
    let of = |row: usize| {
        task.check()?;
        let point = matrix.row(row);
        let mut others: Vec<(f64, usize)> = (0..matrix.nrows())
            .filter(|&other| other != row)
            .map(|other| (squared(point, matrix.row(other)), other))
            .collect();
        let by_distance = |a: &(f64, usize), b: &(f64, usize)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        if others.len() > NEAREST {
            others.select_nth_unstable_by(NEAREST - 1, by_distance);
            others.truncate(NEAREST);
        }
        let reach = others.iter().fold(0.0, |reach: f64, (squared, _)| reach.max(*squared));
        // Collected from the list itself, the few would keep the memory of all.
        let mut rows = Vec::with_capacity(others.len());
        rows.extend(others.iter().map(|&(_, other)| other));
        Ok(Near { rows, reach })
    };
    (0..matrix.nrows()).into_par_iter().map(of).collect()
}

/// Neighbours of rows of a segment: all, and those that are in another one. Unassigned rows are passed over.
fn tally(labels: &[u32], near: &[Near]) -> Vec<(usize, usize)> {
    let segments = labels.iter().copied().max().unwrap_or(UNASSIGNED) as usize;
    let mut counts = vec![(0, 0); segments];
    for (&label, near) in labels.iter().zip(near).filter(|(label, _)| **label != UNASSIGNED) {
        let (all, parted) = &mut counts[label as usize - 1];
        for other in near.rows.iter().map(|&other| labels[other]).filter(|&other| other != UNASSIGNED) {
            *all += 1;
            *parted += usize::from(other != label);
        }
    }
    counts
}

/// The share of neighbours that are parted, of the segment where it is largest.
fn worst_parted(labels: &[u32], near: &[Near]) -> f64 {
    let shares = tally(labels, near).into_iter().map(|(all, parted)| parted as f64 / all.max(1) as f64);
    shares.fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::testing::{blobs, noise, run_of};
    use super::*;

    fn contact(matrix: &Matrix, labels: &[u32]) -> f64 {
        let mut runs = [run_of("kmeans-k2", labels)];
        measure(matrix, &mut runs, &Plan::default(), &Task::new(1)).unwrap();
        runs[0].metrics.contact.unwrap()
    }

    #[test]
    fn neighbours_are_counted_by_hand() {
        let line = Matrix::from_values(ndarray::array![[0.0], [1.0], [3.0], [7.0]]);
        let near = neighbours(&line, &Task::new(1)).unwrap();
        assert!(near.iter().all(|near| near.rows.len() == 3));
        assert_eq!(near.iter().map(|near| near.reach).collect::<Vec<_>>(), [49.0, 36.0, 16.0, 49.0]);
        assert_eq!(tally(&[1, 1, 2, 0], &near), [(4, 2), (2, 2)]);
        assert_eq!(worst_parted(&[1, 1, 2, 0], &near), 1.0);
    }

    #[test]
    fn a_border_between_groups_is_a_valley_and_a_cut_is_none() {
        let of = |matrix: &Matrix, side: &dyn Fn(usize) -> bool| {
            let raw: Vec<Option<u32>> = (0..matrix.nrows()).map(|row| Some(u32::from(side(row)))).collect();
            Valley::of(matrix, &Labels::from_raw(&raw), &Task::new(1)).unwrap()
        };
        let matrix = blobs(2, 400);
        assert_eq!(of(&matrix, &|row| row % 2 == 0).depth(), 1.0);
        let even = noise(400);
        assert!(of(&even, &|row| even.row(row)[0] > 0.5).depth() < 0.6);
        let nearer = |row: usize| if row.is_multiple_of(2) { -4.7 } else { 4.7 };
        let shift =
            |((row, column), &value): ((usize, usize), &f64)| if column == 0 { value + nearer(row) } else { value };
        let values: Vec<f64> = matrix.values.indexed_iter().map(shift).collect();
        let touching = Matrix::from_values(ndarray::Array2::from_shape_vec((400, 2), values).unwrap());
        let valley = of(&touching, &|row| touching.row(row)[0] > 0.0);
        assert!(valley.rows > 10 && valley.depth() > 0.6, "{valley:?}");
    }

    #[test]
    fn shares_below_are_counted_by_hand() {
        let known = [(0.5, 0.0), (1.0, 0.125), (2.0, 0.5), (9.0, 1.0)];
        known.iter().for_each(|&(value, share)| assert_eq!(share_below(&[1.0, 2.0, 2.0, 3.0], value), share));
        let twice = Valley { rows: 3, sum: 2.0 }.and(Valley { rows: 3, sum: 1.0 });
        assert!((twice.depth() - (0.5 - 1.0 / 72f64.sqrt())).abs() < 1e-15);
        assert_eq!(Valley::default().depth(), 1.0);
    }

    #[test]
    fn groups_far_apart_have_no_contact_and_a_cut_through_one_has() {
        let matrix = blobs(2, 400);
        let groups: Vec<u32> = (0..400).map(|row| row % 2 + 1).collect();
        assert_eq!(contact(&matrix, &groups), 0.0);
        let cut: Vec<u32> = (0..400)
            .map(|row| if row % 2 == 0 { 1 } else { 2 + u32::from(matrix.row(row as usize)[1] > 0.0) })
            .collect();
        assert!(contact(&matrix, &cut) > 0.5);
    }

    #[test]
    fn the_cuts_that_k_means_makes_where_there_are_no_groups_are_the_measure() {
        for k in [2, 4, 8] {
            let matrix = noise(600);
            let settings = Settings { k: Some(k), ..Settings::default() };
            let candidate = Candidate { algorithm: Algorithm::Kmeans, settings };
            let labels = fit_quick(&matrix, &candidate, &Task::new(2)).unwrap().labels;
            // The largest share of all segments, beside the share over all.
            let found = contact(&matrix, labels.as_slice());
            assert!((0.7..1.8).contains(&found), "{k}: {found}");
        }
    }
}
