//! What each feature does for a run that was chosen.

use rand::seq::SliceRandom;
use rayon::prelude::*;

use super::Run;
use super::relevance::evenly;
use crate::cluster::{self, ClusterError};
use crate::matrix::{Block, Matrix};
use crate::metrics::external::ari;
use crate::task::{Cancelled, Task};

/// Rows that are looked at, at most.
const ROWS: usize = 2_000;
/// How often a feature is shuffled.
const SHUFFLES: usize = 3;

/// What a feature does for a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Importance {
    /// The share of the customers that change their segment where this feature's values are shuffled among them.
    pub moves: f64,
    /// How far the same customers are together (adjusted Rand index) where the run is fitted without the feature; `None`
    /// where that cannot be.
    pub without: Option<f64>,
}

/// One entry a feature; `origin` names the feature of each column. `None` where the run places nobody, or columns have no
/// feature of their own (components).
///
/// # Errors
/// [`Cancelled`].
pub fn importance(
    matrix: &Matrix,
    origin: &[usize],
    run: &Run,
    task: &Task,
) -> Result<Option<Vec<Importance>>, Cancelled> {
    let Some(clusterer) = run.clusterer.as_ref().filter(|_| origin.len() == matrix.ncols()) else { return Ok(None) };
    let features = origin.iter().max().map_or(0, |last| last + 1);
    let part = matrix.select(&evenly(matrix.nrows(), ROWS));
    let own = clusterer.assign(part.values.view()).labels;
    task.begin("importance of features", features as u64);
    let of = |feature: usize| {
        task.check()?;
        let columns: Vec<usize> = (0..origin.len()).filter(|&column| origin[column] == feature).collect();
        let moved = |shuffle: usize| {
            let labels = clusterer.assign(shuffled(&part, &columns, shuffle, task).values.view()).labels;
            labels.iter().zip(&own).filter(|(a, b)| a != b).count() as f64 / own.len().max(1) as f64
        };
        let moves = (0..SHUFFLES).map(moved).sum::<f64>() / SHUFFLES as f64;
        let without = without(&part, &columns, run, &own, task)?;
        task.advance(1);
        Ok(Importance { moves, without })
    };
    (0..features).into_par_iter().map(of).collect::<Result<Vec<_>, Cancelled>>().map(Some)
}

fn shuffled(part: &Matrix, columns: &[usize], shuffle: usize, task: &Task) -> Matrix {
    let mut order: Vec<usize> = (0..part.nrows()).collect();
    let path = ["importance".to_owned(), columns.first().copied().unwrap_or(0).to_string(), shuffle.to_string()];
    order.shuffle(&mut task.stream(&path));
    let mut matrix = part.clone();
    for &column in columns {
        let from = part.values.column(column);
        matrix.values.column_mut(column).iter_mut().zip(&order).for_each(|(cell, &row)| *cell = from[row]);
    }
    matrix
}

/// The same candidate fitted to the other columns, beside the run's own segments.
fn without(part: &Matrix, columns: &[usize], run: &Run, own: &[u32], task: &Task) -> Result<Option<f64>, Cancelled> {
    let kept: Vec<usize> = (0..part.ncols()).filter(|column| !columns.contains(column)).collect();
    if kept.is_empty() {
        return Ok(None);
    }
    let candidate = run.candidate;
    let fitted = cluster::quick(candidate.algorithm, candidate.settings)
        .and_then(|algorithm| algorithm.fit(&only(part, &kept), &task.aside()));
    match fitted {
        Ok(fitted) => Ok(Some(ari(own, fitted.labels.as_slice())).filter(|value| value.is_finite())),
        Err(ClusterError::Cancelled(cancelled)) => Err(cancelled),
        Err(_) => Ok(None),
    }
}

/// The matrix of these columns, ascending; whole categories stay categories.
pub(super) fn only(part: &Matrix, kept: &[usize]) -> Matrix {
    let place = |column: usize| kept.iter().position(|&other| other == column);
    let block = |block: &Block| {
        let first = place(block.columns.start)?;
        Some(Block { columns: first..first + block.columns.len(), ..block.clone() })
    };
    Matrix {
        values: part.values.select(ndarray::Axis(1), kept).as_standard_layout().into_owned(),
        names: kept.iter().map(|&column| part.names[column].clone()).collect(),
        rows: part.rows.clone(),
        blocks: part.blocks.iter().filter_map(block).collect(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use ndarray::Array2;

    use super::*;
    use crate::study::Plan;

    #[test]
    fn the_feature_that_parts_the_groups_is_the_one_that_counts() {
        // Three groups along the first column; the second says nothing.
        let spread = |row: usize, of: usize| (row * of % 17) as f64 / 17.0;
        let values = Array2::from_shape_fn((150, 2), |(row, column)| match column {
            0 => 10.0 * (row % 3) as f64 + spread(row, 5),
            _ => spread(row, 7),
        });
        let matrix = Matrix::from_values(values);
        let plan = Plan::parse(&["kmeans".to_owned()], "3", None, None, None).unwrap();
        let task = Task::new(1);
        let study = crate::study::run(&matrix, &plan, None, &[], &task, &mut |_| ()).unwrap();
        let run = study.run("kmeans-k3").unwrap();
        let found = importance(&matrix, &[0, 1], run, &task).unwrap().unwrap();
        // Shuffled among three equal groups two of three change theirs.
        assert!((found[0].moves - 2.0 / 3.0).abs() < 0.1 && found[1].moves == 0.0, "{found:?}");
        assert!(found[0].without.unwrap() < 0.1 && found[1].without == Some(1.0), "{found:?}");
        assert!(importance(&matrix, &[], run, &task).unwrap().is_none());
    }
}
