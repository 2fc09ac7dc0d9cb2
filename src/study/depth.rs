//! How deep to part: whether the finer of two answers finds groups within the segments of the coarser one, or only cuts them.

use super::agreement::cross;
use super::null::{chance, sample};
use super::rank::{EQUAL, HOLDS};
use super::{Candidate, Run, borders};
use crate::cluster::{Algorithm, Settings};
use crate::matrix::{Labels, Matrix};
use crate::metrics;
use crate::task::{Cancelled, Task};

/// Up to this contact segments are set apart.
pub(super) const APART: f64 = 0.2;
/// From this contact on parts are cut out of one group.
const CUT: f64 = 0.75;
/// So many answers of each kind are tried.
const TRIES: usize = 3;
/// A part of a segment below this share is a matter of borders, not a split.
const PART: f64 = 0.1;
/// Rows of a segment that are compared at most.
const ROWS: usize = 2_000;

/// The answer that takes the place of the one by votes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Depth {
    /// The answer by votes.
    pub(super) voted: String,
    /// The one that is as deep as the groups; `None` where that is the same.
    pub(super) instead: Option<String>,
}

/// The runs that may take the place of `voted`: the finest coarser ones that are set apart, and finer ones that are as clear.
pub(super) fn rivals<'a>(runs: &'a [Run], voted: &Run) -> Vec<&'a Run> {
    let k = voted.labels.clusters();
    let open = || runs.iter().filter(|run| run.is_advised() && run.same_as.is_none());
    let mut coarser: Vec<&Run> = open().filter(|run| run.labels.clusters() <= k && is_apart(run)).collect();
    coarser.retain(|run| run.labels.clusters() < k || !is_apart(voted));
    coarser.sort_by_key(|run| (std::cmp::Reverse(run.labels.clusters()), run.rank));
    let mut finer: Vec<&Run> = open().filter(|run| run.labels.clusters() > k && is_as_clear(run, voted)).collect();
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

/// The rival that takes the place of `voted`: a coarser one where `voted` only cuts through its segments, or a finer one
/// where each segment of `voted` that it parts has groups in it. Rivals that do not hold are passed over.
pub(super) fn deepest<'a>(
    matrix: &Matrix,
    voted: &Run,
    rivals: &[&'a Run],
    task: &Task,
) -> Result<Option<&'a Run>, Cancelled> {
    for rival in rivals.iter().filter(|run| run.holds() >= Some(HOLDS)) {
        let is_coarser = rival.labels.clusters() <= voted.labels.clusters();
        let (coarse, fine) = if is_coarser { (*rival, voted) } else { (voted, *rival) };
        let found = splits(matrix, &coarse.labels, &fine.labels, is_coarser, task)?;
        if !found.is_empty() && found.iter().all(|is_real| *is_real != is_coarser) {
            return Ok(Some(rival));
        }
    }
    Ok(None)
}

/// For the segments of `coarse` that `fine` parts whether the parts are clearer than chance; no more after the first
/// that is as `enough`.
fn splits(matrix: &Matrix, coarse: &Labels, fine: &Labels, enough: bool, task: &Task) -> Result<Vec<bool>, Cancelled> {
    let mut found = Vec::new();
    for (segment, row) in cross(coarse, fine).iter().enumerate() {
        let size: usize = row.iter().sum();
        let is_part = |label: u32| label > 0 && row[label as usize - 1] as f64 >= PART * size as f64;
        let inside = |row: &usize| coarse.as_slice()[*row] as usize == segment + 1 && is_part(fine.as_slice()[*row]);
        let rows: Vec<usize> = (0..fine.len()).filter(inside).collect();
        if let Some(is_real) = is_real(matrix, &rows, fine, task)? {
            found.push(is_real);
            if is_real == enough {
                break;
            }
        }
    }
    Ok(found)
}

/// Whether the labels part `rows` more clearly than customers alike without groups are parted, and not through the middle
/// of a group; `None` for a single label.
fn is_real(matrix: &Matrix, rows: &[usize], labels: &Labels, task: &Task) -> Result<Option<bool>, Cancelled> {
    let rows: Vec<usize> = sample(rows.len(), ROWS, task).into_iter().map(|at| rows[at]).collect();
    let raw: Vec<Option<u32>> = rows.iter().map(|&row| Some(labels.as_slice()[row])).collect();
    let part = Labels::from_raw(&raw);
    if part.clusters() < 2 {
        return Ok(None);
    }
    let matrix = matrix.select(&rows);
    let settings = Settings { k: Some(part.clusters()), ..Settings::default() };
    let candidate = Candidate { algorithm: Algorithm::Kmeans, settings };
    let Some(chance) = chance(&matrix, part.clusters(), &candidate, task)? else { return Ok(None) };
    let found = metrics::internal(&matrix, &[&part], &task.aside())?;
    let is_clear = found[0].metrics.silhouette >= Some(chance.limit);
    Ok(Some(is_clear && borders::contact(&matrix, &part, task)?.is_none_or(|contact| contact < CUT)))
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
    fn groups_within_a_segment_are_real_and_cuts_are_not() {
        let matrix = blobs(4, 400);
        let (two, four) = (labels(400, |row| row as u32 % 2), labels(400, |row| row as u32 % 4));
        assert_eq!(splits(&matrix, &two, &four, false, &Task::new(1)).unwrap(), [true, true]);
        assert!(splits(&matrix, &four, &two, false, &Task::new(1)).unwrap().is_empty());
        let even = noise(400);
        let (one, halves) = (labels(400, |_| 0), labels(400, |row| u32::from(even.row(row)[0] > 0.5)));
        assert_eq!(splits(&even, &one, &halves, true, &Task::new(1)).unwrap(), [false]);
    }
}
