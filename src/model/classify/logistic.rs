//! Multinomial logistic regression, fitted by smartcore; the probabilities are ours, as it gives none.

use serde::{Deserialize, Serialize};
use smartcore::linalg::basic::arrays::Array;
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::linear::logistic_regression::{LogisticRegression, LogisticRegressionParameters};

use super::Lesson;
use crate::model::ModelError;

/// The weight of the squared coefficients: scikit-learn's C = 1.
const RIDGE: f64 = 1.0;

/// Multinomial logistic regression.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Logistic {
    /// One list a class, one coefficient a column.
    coefficients: Vec<Vec<f64>>,
    /// One a class.
    intercepts: Vec<f64>,
}

impl Logistic {
    /// Fits it; every class has to have a row.
    pub fn fit(lesson: Lesson<'_>) -> Result<Self, ModelError> {
        let failed = |error: smartcore::error::Failed| ModelError::Classifier(error.to_string());
        let (n, d) = lesson.rows.dim();
        let rows = DenseMatrix::new(n, d, lesson.rows.iter().copied().collect(), false).map_err(failed)?;
        let classes: Vec<u32> = lesson.classes.iter().map(|&class| class as u32).collect();
        let parameters = LogisticRegressionParameters::default().with_alpha(RIDGE);
        let fitted = LogisticRegression::fit(&rows, &classes, parameters).map_err(failed)?;
        let (coefficients, intercepts) = (fitted.coefficients(), fitted.intercept());
        let found = coefficients.shape().0;
        let row = |class: usize| (0..d).map(|column| *coefficients.get((class, column))).collect::<Vec<f64>>();
        let mut logistic = Self {
            coefficients: (0..found).map(row).collect(),
            intercepts: (0..found).map(|class| *intercepts.get((class, 0))).collect(),
        };
        if found == 1 {
            // Of two classes only the second has coefficients.
            logistic.coefficients.insert(0, vec![0.0; d]);
            logistic.intercepts.insert(0, 0.0);
        }
        if logistic.is_whole(lesson.k, d) {
            Ok(logistic)
        } else {
            Err(ModelError::Classifier("it gave no numbers".into()))
        }
    }

    /// The softmax of the classes' scores.
    pub fn probabilities(&self, row: &[f64]) -> Vec<f64> {
        let score = |(coefficients, intercept): (&Vec<f64>, &f64)| {
            coefficients.iter().zip(row).fold(*intercept, |sum, (coefficient, value)| sum + coefficient * value)
        };
        let scores: Vec<f64> = self.coefficients.iter().zip(&self.intercepts).map(score).collect();
        let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let shares: Vec<f64> = scores.iter().map(|score| (score - most).exp()).collect();
        let sum: f64 = shares.iter().sum();
        shares.into_iter().map(|share| share / sum).collect()
    }

    /// The mean size of each column's coefficients; the columns are scaled alike.
    pub(super) fn sizes(&self, width: usize) -> Vec<f64> {
        let mean = |column: usize| self.coefficients.iter().map(|of| of[column].abs()).sum::<f64>();
        (0..width).map(mean).collect()
    }

    pub(super) fn is_whole(&self, k: usize, width: usize) -> bool {
        let finite = self.coefficients.iter().flatten().chain(&self.intercepts).all(|value| value.is_finite());
        let wide = self.coefficients.iter().all(|of| of.len() == width);
        finite && wide && self.coefficients.len() == k && self.intercepts.len() == k
    }
}
