//! All columns put together to fewer, with named loadings.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::{Encoding, Feature, Reducing};
use crate::kernel::pca::Pca;
use crate::matrix::Matrix;
use crate::task::{Cancelled, Task};

/// The share of the variance that the components carry where nothing else is asked for.
const SHARE: f64 = 0.9;
/// Rows between two looks at the task.
const STRIDE: usize = 4096;

/// Fitted components: what each takes of each column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reduction {
    /// How they were found.
    pub method: Reducing,
    /// The columns that they are made of.
    pub columns: Vec<String>,
    /// Multiplied by, one a column: 1 for plain principal components.
    factors: Vec<f64>,
    /// Subtracted then.
    centres: Vec<f64>,
    /// One list a component, one loading a column.
    pub loadings: Vec<Vec<f64>>,
    /// The share of the variance that each component carries.
    pub shares: Vec<f64>,
}

impl Reduction {
    /// Fits components to the columns that the features make; `share` of the variance, or so many `components`.
    pub fn fit(
        method: Reducing,
        components: Option<usize>,
        share: Option<f64>,
        features: &[Feature],
        matrix: &Matrix,
    ) -> Self {
        let factors = match method {
            Reducing::Pca => vec![1.0; matrix.ncols()],
            Reducing::Famd => features
                .iter()
                .flat_map(mixed_factors)
                .zip(matrix.values.columns())
                .map(|(wanted, column)| wanted / sd(column))
                .collect(),
        };
        let scaled = Matrix { values: &matrix.values * &ndarray::Array1::from(factors.clone()), ..matrix.clone() };
        let pca = Pca::fit(&scaled);
        let kept = kept(&pca, components, share.unwrap_or(SHARE));
        Self {
            method,
            columns: matrix.names.clone(),
            factors,
            centres: pca.mean.to_vec(),
            loadings: (0..kept).map(|axis| pca.components.row(axis).to_vec()).collect(),
            shares: pca.ratios.iter().take(kept).copied().collect(),
        }
    }

    /// The names of the components.
    pub fn names(&self) -> Vec<String> {
        (1..=self.loadings.len()).map(|axis| format!("component {axis}")).collect()
    }

    /// The rows along the components.
    pub fn apply(&self, matrix: &Matrix, task: &Task) -> Result<Matrix, Cancelled> {
        let mut values = Array2::zeros((matrix.nrows(), self.loadings.len()));
        for (index, mut out) in values.outer_iter_mut().enumerate() {
            if index.is_multiple_of(STRIDE) {
                task.check()?;
            }
            let row = matrix.row(index);
            for (cell, loadings) in out.iter_mut().zip(&self.loadings) {
                *cell = self.along(row, loadings);
            }
        }
        Ok(Matrix { values, names: self.names(), rows: matrix.rows.clone(), blocks: Vec::new() })
    }

    /// Whether it takes rows of so many columns.
    pub(super) fn fits(&self, width: usize) -> bool {
        let lengths = [self.columns.len(), self.factors.len(), self.centres.len()];
        let mut lengths = lengths.into_iter().chain(self.loadings.iter().map(Vec::len));
        !self.loadings.is_empty() && lengths.all(|length| length == width)
    }

    fn along(&self, row: &[f64], loadings: &[f64]) -> f64 {
        let fitted = self.factors.iter().zip(&self.centres).zip(loadings);
        row.iter()
            .zip(fitted)
            .fold(0.0, |sum, (value, ((factor, centre), loading))| sum + (value * factor - centre) * loading)
    }

    /// A component in words: its columns with the largest loadings, e.g. `+Income +MntWines −Kidhome`.
    pub fn told(&self, axis: usize, most: usize) -> String {
        let mut order: Vec<usize> = (0..self.columns.len()).collect();
        let loading = |column: usize| self.loadings[axis][column];
        order.sort_by(|&a, &b| loading(b).abs().total_cmp(&loading(a).abs()).then(a.cmp(&b)));
        let word =
            |&column: &usize| format!("{}{}", if loading(column) < 0.0 { "−" } else { "+" }, self.columns[column]);
        order.iter().take(most).map(word).collect::<Vec<_>>().join(" ")
    }

    /// For each column what it makes up of the components' variance.
    pub fn variances(&self) -> Vec<f64> {
        let of = |column: usize| {
            self.loadings.iter().zip(&self.shares).map(|(of, share)| of[column] * of[column] * share).sum()
        };
        (0..self.columns.len()).map(of).collect()
    }
}

fn sd(column: ndarray::ArrayView1<f64>) -> f64 {
    let (_, sd) = super::stats::mean_sd(column.iter().copied());
    if sd > 0.0 { sd } else { 1.0 }
}

/// The standard deviation that each column has in factor analysis of mixed data: 1 for a number, √(1 − p) for a level
/// of share p, so that rare levels stand out; the one column of a two-valued category is like a number.
fn mixed_factors(feature: &Feature) -> Vec<f64> {
    let mut factors = match &feature.encoding {
        Encoding::Category(category) if category.outputs().len() > 1 => {
            category.outputs().map(|level| (1.0 - category.shares[level]).sqrt()).collect()
        }
        _ => vec![1.0],
    };
    factors.extend(feature.indicators.iter().map(|_| 1.0));
    factors
}

/// How many components are kept: as many as are asked for, or as carry the share.
fn kept(pca: &Pca, components: Option<usize>, share: f64) -> usize {
    let all = pca.ratios.len();
    let mut sum = 0.0;
    let carrying = pca.ratios.iter().take_while(|ratio| {
        let before = sum;
        sum += **ratio;
        before < share - 1e-12
    });
    components.unwrap_or_else(|| carrying.count()).clamp(1, all.max(1))
}
