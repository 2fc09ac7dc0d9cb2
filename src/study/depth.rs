//! How deep to part: whether the finer of two answers finds groups within the segments of the coarser one, or only cuts them.

use super::Run;
use super::agreement::cross;
use super::borders::{ROWS, Valley};
use super::null::sample;
use super::rank::{EQUAL, HOLDS};
use crate::matrix::{Labels, Matrix};
use crate::task::{Cancelled, Task};

/// Up to this contact segments are set apart.
pub(super) const APART: f64 = 0.2;
/// From this depth on a border runs through a valley.
const VALLEY: f64 = 0.7;
/// So many answers of each kind are tried.
const TRIES: usize = 6;
/// A part of a segment below this share is a matter of borders, not a split.
const PART: f64 = 0.1;

/// The answer that takes the place of the one by votes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Depth {
    /// The answer by votes.
    pub(super) voted: String,
    /// The one that is as deep as the groups; `None` where that is the same.
    pub(super) instead: Option<String>,
}

/// The runs that may take the place of `voted`: the finest coarser ones that are set apart, and finer ones
/// that are set apart too, or as clear.
pub(super) fn rivals<'a>(runs: &'a [Run], voted: &Run) -> Vec<&'a Run> {
    let k = voted.labels.clusters();
    let open = || runs.iter().filter(|run| run.is_advised() && run.same_as.is_none());
    let mut coarser: Vec<&Run> = open().filter(|run| run.labels.clusters() <= k && is_apart(run)).collect();
    coarser.retain(|run| run.labels.clusters() < k || !is_apart(voted));
    coarser.sort_by_key(|run| (std::cmp::Reverse(run.labels.clusters()), run.rank));
    let mut finer: Vec<&Run> = open().filter(|run| run.labels.clusters() > k).collect();
    finer.retain(|run| is_apart(run) || is_as_clear(run, voted));
    finer.sort_by_key(|run| run.rank);
    coarser.into_iter().take(TRIES).chain(finer.into_iter().take(TRIES)).collect()
}

/// Whether hardly any neighbours are parted.
pub(super) fn is_apart(run: &Run) -> bool {
    run.metrics.contact.is_some_and(|contact| contact <= APART)
}

fn is_as_clear(run: &Run, voted: &Run) -> bool {
    run.metrics.silhouette.zip(voted.metrics.silhouette).is_some_and(|(own, other)| own >= other - EQUAL)
}

/// The rival that takes the place of `voted`: a coarser one where `voted` only cuts through its segments, one of as many
/// segments that only moves borders to where they are set apart, or a finer one that parts those of `voted` along valleys.
/// Rivals that do not hold are passed over.
pub(super) fn deepest<'a>(
    matrix: &Matrix,
    voted: &Run,
    rivals: &[&'a Run],
    task: &Task,
) -> Result<Option<&'a Run>, Cancelled> {
    for rival in rivals.iter().filter(|run| run.holds() >= Some(HOLDS)) {
        let is_coarser = rival.labels.clusters() <= voted.labels.clusters();
        let (coarse, fine) = if is_coarser { (*rival, voted) } else { (voted, *rival) };
        let valley = splits(matrix, &coarse.labels, &fine.labels, task)?;
        let is_same_depth = rival.labels.clusters() == voted.labels.clusters();
        if valley.map_or(is_same_depth, |valley| (valley.depth() >= VALLEY) != is_coarser) {
            return Ok(Some(rival));
        }
    }
    Ok(None)
}

/// The valley between the parts that `fine` makes of the segments of `coarse`; `None` where it parts none.
fn splits(matrix: &Matrix, coarse: &Labels, fine: &Labels, task: &Task) -> Result<Option<Valley>, Cancelled> {
    let mut found: Option<Valley> = None;
    for (segment, row) in cross(coarse, fine).iter().enumerate() {
        let size: usize = row.iter().sum();
        let is_part = |label: u32| label > 0 && row[label as usize - 1] as f64 >= PART * size as f64;
        let inside = |row: &usize| coarse.as_slice()[*row] as usize == segment + 1 && is_part(fine.as_slice()[*row]);
        let rows: Vec<usize> = (0..fine.len()).filter(inside).collect();
        let rows: Vec<usize> = sample(rows.len(), ROWS, task).into_iter().map(|at| rows[at]).collect();
        let raw: Vec<Option<u32>> = rows.iter().map(|&row| Some(fine.as_slice()[row])).collect();
        let parts = Labels::from_raw(&raw);
        if parts.clusters() > 1 {
            let valley = Valley::of(&matrix.select(&rows), &parts, task)?;
            found = Some(found.unwrap_or_default().and(valley));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::testing::{blobs, noise};
    use super::*;

    fn labels(n: usize, of: impl Fn(usize) -> u32) -> Labels {
        Labels::from_raw(&(0..n).map(|row| Some(of(row))).collect::<Vec<_>>())
    }

    #[test]
    fn groups_within_a_segment_are_parted_along_valleys_and_one_group_is_cut() {
        let depth = |matrix: &Matrix, coarse: &Labels, fine: &Labels| {
            splits(matrix, coarse, fine, &Task::new(1)).unwrap().map(Valley::depth)
        };
        let matrix = blobs(4, 400);
        let (two, four) = (labels(400, |row| row as u32 % 2), labels(400, |row| row as u32 % 4));
        assert_eq!(depth(&matrix, &two, &four), Some(1.0));
        assert_eq!(depth(&matrix, &four, &two), None);
        let even = noise(400);
        let (one, halves) = (labels(400, |_| 0), labels(400, |row| u32::from(even.row(row)[0] > 0.5)));
        assert!(depth(&even, &one, &halves) < Some(VALLEY));
    }
}
