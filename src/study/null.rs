//! Customers without groups that look like the data: the guard against structure that is none.
//!
//! Each column keeps its spread and skew but has one mode only: the unimodal distribution nearest to it, the one behind
//! Hartigan and Hartigan's dip (1985). The columns hang together as in the data (Gaussian copula of the normal scores).

use ndarray::Array2;
use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;
use statrs::distribution::{ContinuousCDF, Normal};

use super::Candidate;
use super::fit::fit_quick;
use super::unimodal::Marginal;
use crate::matrix::{Block, Matrix};
use crate::metrics;
use crate::task::{Cancelled, Task};

/// Draws of customers without groups.
const DRAWS: usize = 10;
/// Rows of a draw at most.
const ROWS: usize = 1_000;
/// A run has to be this many standard deviations clearer than the draws are on average.
const DEVIATIONS: f64 = 3.0;

/// How clear segments look where there are none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Chance {
    /// The number of segments.
    pub segments: usize,
    /// What as many segments have to reach: the mean silhouette without groups and three standard deviations.
    pub limit: f64,
}

/// Fits a candidate to customers without groups; `None` where no fit worked.
pub(super) fn chance(
    matrix: &Matrix,
    segments: usize,
    candidate: &Candidate,
    task: &Task,
) -> Result<Option<Chance>, Cancelled> {
    let mut null = Null::new(matrix, ROWS, task);
    if candidate.compares_categories() {
        null.blocks.clone_from(&matrix.blocks);
    }
    let draw = |draw: usize| silhouette_of(&null.draw(draw, task), candidate, task);
    let found: Vec<Option<f64>> = (0..DRAWS).into_par_iter().map(draw).collect::<Result<_, Cancelled>>()?;
    let found: Vec<f64> = found.into_iter().flatten().collect();
    if found.is_empty() {
        return Ok(None);
    }
    let mean = found.iter().sum::<f64>() / found.len() as f64;
    let spread = found.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / found.len() as f64;
    Ok(Some(Chance { segments, limit: mean + DEVIATIONS * spread.sqrt() }))
}

fn silhouette_of(matrix: &Matrix, candidate: &Candidate, task: &Task) -> Result<Option<f64>, Cancelled> {
    task.check()?;
    let Ok(fitted) = fit_quick(matrix, candidate, task) else {
        task.check()?;
        return Ok(None);
    };
    let found = metrics::internal(matrix, &[&fitted.labels], &task.aside())?;
    Ok(found.first().and_then(|internal| internal.metrics.silhouette))
}

/// A distribution without groups.
pub(super) struct Null {
    rows: usize,
    marginals: Vec<Marginal>,
    /// (d, d), the lower Cholesky factor of the correlation of the normal scores.
    factor: Array2<f64>,
    /// The categories, where the draws need them.
    blocks: Vec<Block>,
}

impl Null {
    /// The one that is nearest to at most `most` rows of the matrix.
    pub(super) fn new(matrix: &Matrix, most: usize, task: &Task) -> Self {
        let rows = sample(matrix.nrows(), most, task);
        let columns: Vec<Vec<f64>> =
            matrix.values.columns().into_iter().map(|column| rows.iter().map(|&row| column[row]).collect()).collect();
        let scores: Vec<Vec<f64>> = columns.par_iter().map(|column| normal_scores(column)).collect();
        let marginals = columns.par_iter().map(|column| Marginal::of(column)).collect();
        Self { rows: rows.len(), marginals, factor: cholesky(&correlation(&scores)), blocks: Vec::new() }
    }

    /// As many rows as it was made from.
    pub(super) fn draw(&self, draw: usize, task: &Task) -> Matrix {
        let mut random = task.stream(&["no groups".to_owned(), draw.to_string()]);
        let d = self.marginals.len();
        let mut values = Array2::zeros((self.rows, d));
        for mut row in values.rows_mut() {
            let free: Vec<f64> = (0..d).map(|_| normal(&mut random)).collect();
            for column in 0..d {
                let score: f64 = (0..=column).map(|at| self.factor[[column, at]] * free[at]).sum();
                row[column] = self.marginals[column].quantile(standard().cdf(score));
            }
        }
        let mut matrix = Matrix { blocks: self.blocks.clone(), ..Matrix::from_values(values) };
        for mut row in matrix.values.rows_mut() {
            let Some(row) = row.as_slice_mut() else { continue };
            self.blocks.iter().for_each(|block| block.write(block.nearest(row), row));
        }
        matrix
    }
}

/// At most `most` of `n` rows, ascending, drawn without return.
pub(super) fn sample(n: usize, most: usize, task: &Task) -> Vec<usize> {
    let mut random = task.stream(&["no groups", "rows"]);
    let mut wanted = n.min(most);
    let mut rows = Vec::with_capacity(wanted);
    for row in 0..n {
        if random.gen_range(0..n - row) < wanted {
            wanted -= 1;
            rows.push(row);
        }
    }
    rows
}

fn standard() -> Normal {
    Normal::standard()
}

fn normal(random: &mut Xoshiro256PlusPlus) -> f64 {
    standard().inverse_cdf(random.gen_range(f64::MIN_POSITIVE..1.0))
}

/// The normal quantile of each value's rank, equal values sharing one.
fn normal_scores(column: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..column.len()).collect();
    order.sort_by(|&a, &b| column[a].total_cmp(&column[b]));
    let mut scores = vec![0.0; column.len()];
    let mut below = 0;
    for alike in order.chunk_by(|&a, &b| column[a] == column[b]) {
        let rank = below as f64 + alike.len() as f64 / 2.0;
        let score = standard().inverse_cdf(rank / column.len() as f64);
        alike.iter().for_each(|&row| scores[row] = score);
        below += alike.len();
    }
    scores
}

/// Pearson's correlation of the columns, a little shrunk, so that it has a Cholesky factor.
fn correlation(columns: &[Vec<f64>]) -> Array2<f64> {
    const SHRINK: f64 = 0.999;
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let norms: Vec<f64> = columns.iter().map(|column| dot(column, column).sqrt()).collect();
    Array2::from_shape_fn((columns.len(), columns.len()), |(a, b)| {
        let scale = norms[a] * norms[b];
        match (a == b, scale > 0.0) {
            (true, _) => 1.0,
            (false, true) => SHRINK * dot(&columns[a], &columns[b]) / scale,
            (false, false) => 0.0,
        }
    })
}

/// The lower Cholesky factor of a positive definite matrix.
fn cholesky(matrix: &Array2<f64>) -> Array2<f64> {
    let d = matrix.nrows();
    let mut factor = Array2::<f64>::zeros((d, d));
    for row in 0..d {
        for column in 0..=row {
            let dot: f64 = (0..column).map(|at| factor[[row, at]] * factor[[column, at]]).sum();
            let rest = matrix[[row, column]] - dot;
            factor[[row, column]] =
                if row == column { rest.max(0.0).sqrt() } else { ratio(rest, factor[[column, column]]) };
        }
    }
    factor
}

fn ratio(value: f64, by: f64) -> f64 {
    if by == 0.0 { 0.0 } else { value / by }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_factor_times_itself_is_the_matrix() {
        let matrix = ndarray::array![[1.0, 0.5, 0.2], [0.5, 1.0, 0.3], [0.2, 0.3, 1.0]];
        let factor = cholesky(&matrix);
        let back = factor.dot(&factor.t());
        assert!((back - matrix).iter().all(|difference| difference.abs() < 1e-12));
    }

    #[test]
    fn a_draw_keeps_correlation_and_spread_but_no_groups() {
        let values = Array2::from_shape_fn((400, 2), |(row, column)| {
            let group = f64::from(u8::from(row % 2 == 0));
            group * 10.0 + ((row * (7 + 4 * column)) % 101) as f64 / 101.0
        });
        let null = Null::new(&Matrix::from_values(values), 400, &Task::new(1));
        let draw = null.draw(0, &Task::new(1));
        let middle = draw.values.column(0).iter().filter(|value| (2.0..9.0).contains(*value)).count();
        assert!(middle > 100, "{middle}");
        let apart = draw.values.rows().into_iter().filter(|row| (row[0] - row[1]).abs() > 4.0).count();
        assert!(apart < 80, "{apart}");
    }
}
