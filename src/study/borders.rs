//! Whether segments are set apart: how often near neighbours are parted, beside how often k-means parts the neighbours of
//! customers without groups.
//!
//! Silhouette, Davies-Bouldin, Calinski-Harabasz and the elbow like round segments; this index likes any shape, as long as
//! the borders run where hardly anybody is.

use std::collections::BTreeMap;

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
const ROWS: usize = 2_000;

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

/// The share of neighbours that are parted over all segments, beside what k-means parts where there are no groups.
pub(super) fn contact(matrix: &Matrix, labels: &Labels, task: &Task) -> Result<Option<f64>, Cancelled> {
    let usual = usual(matrix, vec![labels.clusters()], task)?;
    let parted = parted(labels, &neighbours(matrix, task)?);
    Ok(usual.get(&labels.clusters()).map(|usual| parted / usual))
}

/// For numbers of segments the share of neighbours that k-means parts where there are no groups.
fn usual(matrix: &Matrix, segments: Vec<usize>, task: &Task) -> Result<BTreeMap<usize, f64>, Cancelled> {
    let draw = Null::new(matrix, ROWS, task).draw(0, task);
    let near = neighbours(&draw, task)?;
    let distinct: std::collections::BTreeSet<usize> = segments.into_iter().collect();
    let of = |&k: &usize| {
        let settings = Settings { k: Some(k), ..Settings::default() };
        let fitted = fit_quick(&draw, &Candidate { algorithm: Algorithm::Kmeans, settings }, task).ok();
        task.check()?;
        Ok(fitted.map(|fitted| (k, parted(&fitted.labels, &near))).filter(|(_, share)| *share > 0.0))
    };
    let distinct: Vec<usize> = distinct.into_iter().collect();
    let found: Vec<Option<(usize, f64)>> = distinct.par_iter().map(of).collect::<Result<_, Cancelled>>()?;
    Ok(found.into_iter().flatten().collect())
}

/// The nearest other rows of each row, the first of equally near ones.
fn neighbours(matrix: &Matrix, task: &Task) -> Result<Vec<Vec<usize>>, Cancelled> {
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
        // Collected from the list itself, the few would keep the memory of all.
        let mut nearest = Vec::with_capacity(others.len());
        nearest.extend(others.iter().map(|&(_, other)| other));
        Ok(nearest)
    };
    (0..matrix.nrows()).into_par_iter().map(of).collect()
}

/// Neighbours of rows of a segment: all, and those that are in another one. Unassigned rows are passed over.
fn tally(labels: &[u32], near: &[Vec<usize>]) -> Vec<(usize, usize)> {
    let segments = labels.iter().copied().max().unwrap_or(UNASSIGNED) as usize;
    let mut counts = vec![(0, 0); segments];
    for (&label, near) in labels.iter().zip(near).filter(|(label, _)| **label != UNASSIGNED) {
        let (all, parted) = &mut counts[label as usize - 1];
        for other in near.iter().map(|&other| labels[other]).filter(|&other| other != UNASSIGNED) {
            *all += 1;
            *parted += usize::from(other != label);
        }
    }
    counts
}

/// The share of neighbours that are parted, over all segments.
fn parted(labels: &Labels, near: &[Vec<usize>]) -> f64 {
    let (all, parted) = tally(labels.as_slice(), near).into_iter().fold((0, 0), |sum, of| (sum.0 + of.0, sum.1 + of.1));
    parted as f64 / all.max(1) as f64
}

/// The same of the segment with the largest share.
fn worst_parted(labels: &[u32], near: &[Vec<usize>]) -> f64 {
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
        assert!(near.iter().all(|near| near.len() == 3));
        assert_eq!(tally(&[1, 1, 2, 0], &near), [(4, 2), (2, 2)]);
        assert_eq!(worst_parted(&[1, 1, 2, 0], &near), 1.0);
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
        let matrix = noise(400);
        let halves: Vec<u32> = (0..400).map(|row| 1 + u32::from(matrix.row(row)[0] > 0.5)).collect();
        assert!((0.6..1.6).contains(&contact(&matrix, &halves)));
    }
}
