//! k-prototypes and k-modes: groups around a mean for the numbers and the commonest level of each category.

mod rounds;
mod search;

use ndarray::Array2;

use super::medoids::from_points;
use super::{Algorithm, Cluster, ClusterError, Clusterer, Fitted, check};
use crate::kernel::measure::{Formed, Measure};
use crate::matrix::{Block, Matrix, numbers};
use crate::task::Task;
use search::Effort;

/// What a mismatch counts, in mean variances of the numbers.
const GAMMA: f64 = 0.5;

/// k-prototypes or k-modes with checked settings (Huang, "Extensions to the k-means algorithm for clustering large data
/// sets with categorical values", 1998). k-prototypes: squared distances of the numbers, and gamma for each category that
/// differs; k-modes: the categories alone. Means and modes in turn from greedy k-means++ starts, then random swaps until
/// they stop paying: O(n·k·d) time a round, O(n·d) memory. New rows go to the nearest prototype.
#[derive(Debug, Clone, Copy)]
pub struct KPrototypes {
    k: usize,
    gamma: Option<f64>,
    numbers: bool,
    quick: bool,
}

impl KPrototypes {
    /// k-prototypes with `k` segments; `gamma`: what a mismatch counts, half the mean variance of the numbers where it
    /// is not given (for standardised numbers half of 1, as Huang advises).
    ///
    /// # Errors
    /// [`ClusterError::Settings`] where k is 0, or gamma is below 0 or no number.
    pub fn new(k: usize, gamma: Option<f64>) -> Result<Self, ClusterError> {
        if let Some(gamma) = gamma.filter(|gamma| !gamma.is_finite() || *gamma < 0.0) {
            return Err(ClusterError::Settings(format!("gamma must be a number from 0 up, not {gamma}")));
        }
        check::k(k).map(|k| Self { k, gamma, numbers: true, quick: false })
    }

    /// k-modes with `k` segments.
    ///
    /// # Errors
    /// [`ClusterError::Settings`] where k is 0.
    pub fn modes(k: usize) -> Result<Self, ClusterError> {
        check::k(k).map(|k| Self { k, gamma: None, numbers: false, quick: false })
    }

    /// The same with one start and no swaps, for resamples that are fitted by the hundred.
    #[must_use]
    pub fn quick(self) -> Self {
        Self { quick: true, ..self }
    }

    fn measure(&self, matrix: &Matrix) -> Measure {
        let blocks = matrix.blocks.clone();
        if self.numbers {
            Measure::Mixed { gamma: self.gamma.unwrap_or_else(|| default_gamma(matrix)), blocks }
        } else {
            Measure::Mismatches { blocks }
        }
    }

    fn algorithm(&self) -> Algorithm {
        if self.numbers { Algorithm::Kprototypes } else { Algorithm::Kmodes }
    }
}

impl Cluster for KPrototypes {
    fn fit(&self, matrix: &Matrix, task: &Task) -> Result<Fitted, ClusterError> {
        check::segments(matrix, self.k)?;
        if let Some(reason) = super::why_not(self.algorithm(), matrix) {
            return Err(ClusterError::Failed(reason));
        }
        let measure = self.measure(matrix);
        let formed = measure.form(matrix.values.view());
        check::distinct(&formed, self.k)?;
        let effort = if self.quick { Effort::quick(self.k) } else { Effort::full(&formed, self.k) };
        let name = self.algorithm().id();
        let (found, ending) = search::best(&formed, measure.blocks(), self.k, effort, name, task)?;
        let points = in_matrix(&found, &formed, measure.blocks(), matrix.ncols());
        let mut fitted =
            Fitted { ending: Some(ending), ..from_points(Clusterer::Prototypes { points, measure }, matrix, task)? };
        fitted.warnings.extend(self.left_out(matrix));
        Ok(fitted)
    }
}

impl KPrototypes {
    /// What k-modes does not look at.
    fn left_out(&self, matrix: &Matrix) -> Option<String> {
        let columns = numbers(&matrix.blocks, matrix.ncols());
        let names: Vec<&str> = columns.iter().map(|&column| matrix.names[column].as_str()).collect();
        let matters = !self.numbers && !names.is_empty();
        matters.then(|| format!("numbers do not count here: {}; kprototypes takes both", names.join(", ")))
    }
}

/// Half the mean variance of the numbers; 1 where there is none.
fn default_gamma(matrix: &Matrix) -> f64 {
    let columns = numbers(&matrix.blocks, matrix.ncols());
    let n = matrix.nrows() as f64;
    let variance = |&column: &usize| {
        let values = matrix.values.column(column);
        let mean = values.sum() / n;
        values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n
    };
    let mean = columns.iter().map(variance).sum::<f64>() / columns.len().max(1) as f64;
    if mean > 0.0 { GAMMA * mean } else { 1.0 }
}

/// Prototypes (k·width) as rows of the matrix: (k, d); columns that do not count are 0.
fn in_matrix(prototypes: &[f64], formed: &Formed, blocks: &[Block], d: usize) -> Array2<f64> {
    let width = formed.form.width();
    let mut points = Vec::with_capacity(prototypes.len() / width * d);
    for prototype in prototypes.chunks_exact(width) {
        let mut row = vec![0.0; d];
        let columns = formed.form.numbers();
        let codes = &prototype[columns.len()..];
        columns.zip(prototype).for_each(|(column, &value)| row[column] = value);
        blocks.iter().zip(codes).for_each(|(block, &code)| block.write(code as usize, &mut row));
        points.extend(row);
    }
    Array2::from_shape_fn((prototypes.len() / width, d), |(row, column)| points[row * d + column])
}

#[cfg(test)]
mod tests;
