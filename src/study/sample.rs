//! Studies of a sample: which rows are drawn, and what a run of them is on all rows.

use rand::Rng;
use rand::seq::index;

use super::redraw::{Redraws, dense_share, eps_for};
use super::words::{count, customers, percent, two};
use super::{Candidate, Full, Run, Status, Study, StudyError, fit, placed_alike};
use crate::cluster::{self, Algorithm, ClusterError, Settings};
use crate::matrix::{Labels, Matrix};
use crate::task::{Cancelled, Task};

/// Cells of customers alike, at most …
const CELLS: usize = 40;
/// … each of which gives so many rows on average at least …
const ROWS_A_CELL: usize = 10;
/// … and which are sought among so many rows at most.
const SOUGHT: usize = 10_000;

/// Rows that stand for all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Ascending rows of the matrix.
    pub rows: Vec<usize>,
    /// The groups of customers alike that each gave its share.
    pub strata: usize,
}

/// A sample of `size` rows of the matrix, stratified by the cells of a coarse k-means (which sees the categories among
/// the features too): each gives in proportion to its rows. Depends on the matrix and the task's seed only.
///
/// # Errors
/// [`Cancelled`].
pub fn sample(matrix: &Matrix, size: usize, task: &Task) -> Result<Sample, Cancelled> {
    let n = matrix.nrows();
    if size >= n {
        return Ok(Sample { rows: (0..n).collect(), strata: 1 });
    }
    let cells = cells(matrix, size, task)?;
    let mut random = task.stream(&["sample", "rows"]);
    let start: f64 = random.r#gen();
    let mut order: Vec<(u32, u64, usize)> =
        cells.iter().enumerate().map(|(row, &cell)| (cell, random.r#gen(), row)).collect();
    order.sort_unstable();
    // Even steps through the rows, cell after cell, in each of them in a random order.
    let step = n as f64 / size as f64;
    let place = |drawn: usize| (((drawn as f64 + start) * step) as usize).min(n - 1);
    let mut rows: Vec<usize> = (0..size).map(|drawn| order[place(drawn)].2).collect();
    rows.sort_unstable();
    rows.dedup();
    Ok(Sample { rows, strata: order.chunk_by(|a, b| a.0 == b.0).count() })
}

/// The cell of each row; one cell where the rows cannot be told apart.
fn cells(matrix: &Matrix, size: usize, task: &Task) -> Result<Vec<u32>, Cancelled> {
    let n = matrix.nrows();
    let mut random = task.stream(&["sample", "cells"]);
    let mut rows: Vec<usize> = index::sample(&mut random, n, n.min(SOUGHT)).into_vec();
    rows.sort_unstable();
    let settings = Settings { k: Some((size / ROWS_A_CELL).clamp(1, CELLS)), ..Settings::default() };
    let found =
        cluster::quick(Algorithm::Kmeans, settings).and_then(|kmeans| kmeans.fit(&matrix.select(&rows), &task.aside()));
    match found {
        Ok(fitted) => Ok(fitted.clusterer.assign(matrix.values.view()).labels),
        Err(ClusterError::Cancelled(cancelled)) => Err(cancelled),
        Err(_) => Ok(vec![0; n]),
    }
}

/// Fits a run of a study of `sample` to all rows: the same settings (a radius by the share of customers that are dense
/// within it, the fewest members by the share of all), the same indices, rules and redraws. `truth`: as for the study.
///
/// # Errors
/// It cannot be fitted to so many rows, or the task was cancelled.
pub fn refit(full: &Matrix, sample: &Matrix, run: &Run, truth: Option<&[u32]>, task: &Task) -> Result<Run, StudyError> {
    let candidate = carried(full, sample, run.candidate, task)?;
    let mut whole = [Run { candidate, stability: None, rules: None, warnings: Vec::new(), ..run.clone() }];
    fit::settle(&mut whole, &[0], fit::fit(full, &[candidate], &[], task)?);
    if whole[0].status == Status::Failed {
        let reason = whole[0].reason.take().unwrap_or_default();
        return Err(StudyError::Refit { id: run.id.clone(), rows: full.nrows(), reason });
    }
    fit::measure(full, &mut whole, &[0], truth, task)?;
    fit::find_rules(full, &mut whole, task)?;
    if let Some(planned) = run.stability.as_ref().map(|stability| stability.planned) {
        Redraws::new(full, &whole, &[0], planned, task)?.advance(planned, &mut whole)?;
    }
    let [whole] = whole;
    Ok(whole)
}

/// The candidate as it is for more rows.
fn carried(full: &Matrix, sample: &Matrix, candidate: Candidate, task: &Task) -> Result<Candidate, Cancelled> {
    let mut settings = candidate.settings;
    if let Some(share) = dense_share(sample, &candidate, task)? {
        settings.eps = eps_for(full, &candidate, share, task).or(settings.eps);
    }
    let grown = |size: usize| (size as f64 * full.nrows() as f64 / sample.nrows() as f64).round() as usize;
    settings.min_cluster_size = settings.min_cluster_size.map(grown);
    Ok(Candidate { settings, ..candidate })
}

impl Study {
    /// Puts beside a run of this study of a sample what it is on all rows; `rows`: the rows of the sample among them.
    pub fn complete(&mut self, full: Run, rows: &[usize]) {
        let Some(run) = self.run(&full.id) else { return };
        let kept: Vec<Option<u32>> =
            rows.iter().map(|&row| full.labels.as_slice()[row]).map(|label| (label > 0).then_some(label)).collect();
        let alike = placed_alike(&run.labels, &Labels::from_raw(&kept));
        let full = Full { run: full, alike };
        self.recommendation.reasons.push(both_figures(run, &full));
        self.full = Some(full.into());
    }
}

/// What a run is in the sample and on all rows.
fn both_figures(run: &Run, full: &Full) -> String {
    let (rows, whole) = (run.labels.len(), &full.run);
    let pair = |name: &str, all: Option<f64>, part: Option<f64>| {
        all.zip(part).map(|(all, part)| format!("{name} {} (sample {})", two(all), two(part)))
    };
    let figures: Vec<String> = [
        Some(format!("{} segments", whole.labels.clusters())),
        pair("separation", whole.metrics.silhouette, run.metrics.silhouette),
        pair("holds", whole.holds(), run.holds()),
    ]
    .into_iter()
    .flatten()
    .collect();
    format!(
        "Studied on a sample of {} of {}; refitted on all of them: {}, and {} of the sample are placed alike",
        count(rows),
        customers(whole.labels.len()),
        figures.join(", "),
        percent(full.alike as f64 / rows as f64)
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::testing::blobs;
    use super::super::{Plan, run};
    use super::*;

    #[test]
    fn each_group_gives_its_share_and_a_seed_gives_the_same_rows() {
        let matrix = blobs(4, 4_000);
        let task = Task::new(3);
        let drawn = sample(&matrix, 400, &task).unwrap();
        assert!(drawn.rows.is_sorted() && drawn.rows.len() == 400 && drawn.strata == CELLS);
        for group in 0..4 {
            let share = drawn.rows.iter().filter(|&&row| row % 4 == group).count();
            assert!((98..=102).contains(&share), "{share}");
        }
        assert_eq!(drawn, sample(&matrix, 400, &task).unwrap());
        assert_ne!(drawn, sample(&matrix, 400, &Task::new(4)).unwrap());
        assert_eq!(sample(&matrix, 4_000, &task).unwrap().rows.len(), 4_000);
    }

    #[test]
    fn rows_that_are_all_alike_make_one_cell() {
        let matrix = Matrix::from_values(ndarray::Array2::zeros((500, 2)));
        let drawn = sample(&matrix, 100, &Task::new(1)).unwrap();
        assert_eq!((drawn.rows.len(), drawn.strata), (100, 1));
    }

    #[test]
    fn a_run_of_a_sample_is_refitted_and_both_figures_stand_in_the_words() {
        let (matrix, task) = (blobs(3, 3_000), Task::new(42));
        let rows = sample(&matrix, 300, &task).unwrap().rows;
        let part = matrix.select(&rows);
        let mut study = run(&part, &Plan::default(), None, &[], &task, &mut |_| {}).unwrap();
        let ids = ["kmeans-k3", "ward-k3", "hdbscan-", "dbscan-eps"];
        for id in ids {
            let found = study.runs.iter().rfind(|run| run.id.starts_with(id)).unwrap();
            let whole = refit(&matrix, &part, found, None, &task).unwrap();
            assert_eq!((whole.labels.len(), whole.labels.clusters()), (3_000, 3), "{id}");
        }
        let best = study.recommended().unwrap().clone();
        let whole = refit(&matrix, &part, &best, None, &task).unwrap();
        assert!(whole.holds().unwrap() > 0.95 && whole.rules.is_some());
        study.complete(whole, &rows);
        let full = study.full.as_ref().unwrap();
        assert_eq!(full.alike, 300);
        let words = study.recommendation.reasons.last().unwrap();
        let known = format!(
            "Studied on a sample of 300 of 3,000 customers; refitted on all of them: 3 segments, separation {} (sample {})",
            two(full.run.metrics.silhouette.unwrap()),
            two(best.metrics.silhouette.unwrap())
        );
        assert!(words.starts_with(&known) && words.ends_with("100 % of the sample are placed alike"), "{words}");
    }
}
