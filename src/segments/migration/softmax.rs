//! Multinomial logistic regression with a ridge: the chances of each class, from numbers.
//!
//! Fitted by Böhning's bound (1992): half the moments of the columns bounds the curvature, so that each step is one solve
//! with the same matrix and the likelihood never falls. No step size, no randomness.

use ndarray::{Array2, Axis};

use crate::task::{Cancelled, Task};

/// The ridge: a standard normal prior of each weight.
const RIDGE: f64 = 1.0;
/// Steps at most.
const STEPS: usize = 400;
/// A gain per row below this ends the fit.
const ENOUGH: f64 = 1e-8;

/// Fitted weights, (columns, classes).
pub(super) struct Softmax {
    weights: Array2<f64>,
}

impl Softmax {
    /// Fits `classes` chances to (n, d) `rows` with one class each.
    pub fn fit(rows: &Array2<f64>, of: &[usize], classes: usize, task: &Task) -> Result<Self, Cancelled> {
        let mut bound = rows.t().dot(rows) * 0.5;
        bound.diag_mut().iter_mut().for_each(|value| *value += RIDGE);
        let factor = cholesky(&bound);
        let mut model = Self { weights: Array2::zeros((rows.ncols(), classes)) };
        let mut former = f64::NEG_INFINITY;
        for _ in 0..STEPS {
            task.check()?;
            let chances = model.chances(rows);
            let reached = model.objective(&chances, of);
            if reached - former < ENOUGH * of.len() as f64 {
                break;
            }
            former = reached;
            let mut missed = -chances;
            of.iter().enumerate().for_each(|(row, &class)| missed[[row, class]] += 1.0);
            let slope = rows.t().dot(&missed) - &(&model.weights * RIDGE);
            model.weights += &solve(&factor, slope);
        }
        Ok(model)
    }

    /// The chances of each class for (m, d) `rows`: (m, classes), each row summing to 1.
    pub fn chances(&self, rows: &Array2<f64>) -> Array2<f64> {
        let mut chances = rows.dot(&self.weights);
        for mut row in chances.axis_iter_mut(Axis(0)) {
            let most = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            row.mapv_inplace(|value| (value - most).exp());
            let sum = row.sum();
            row.mapv_inplace(|value| value / sum);
        }
        chances
    }

    /// The log likelihood less the ridge.
    fn objective(&self, chances: &Array2<f64>, of: &[usize]) -> f64 {
        let likelihood: f64 = of.iter().enumerate().map(|(row, &class)| chances[[row, class]].ln()).sum();
        likelihood - 0.5 * RIDGE * self.weights.iter().map(|weight| weight * weight).sum::<f64>()
    }
}

/// The lower Cholesky factor of a positive definite matrix.
fn cholesky(matrix: &Array2<f64>) -> Array2<f64> {
    let d = matrix.nrows();
    let mut factor = Array2::<f64>::zeros((d, d));
    for row in 0..d {
        for column in 0..=row {
            let dot: f64 = (0..column).map(|at| factor[[row, at]] * factor[[column, at]]).sum();
            let rest = matrix[[row, column]] - dot;
            factor[[row, column]] = if row == column { rest.sqrt() } else { rest / factor[[column, column]] };
        }
    }
    factor
}

/// Solves L Lᵀ x = b for each column of `b`.
fn solve(factor: &Array2<f64>, mut b: Array2<f64>) -> Array2<f64> {
    let d = factor.nrows();
    for mut column in b.axis_iter_mut(Axis(1)) {
        for row in 0..d {
            let known: f64 = (0..row).map(|at| factor[[row, at]] * column[at]).sum();
            column[row] = (column[row] - known) / factor[[row, row]];
        }
        for row in (0..d).rev() {
            let known: f64 = (row + 1..d).map(|at| factor[[at, row]] * column[at]).sum();
            column[row] = (column[row] - known) / factor[[row, row]];
        }
    }
    b
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn chances_equal_those_of_scikit_learn() {
        #[rustfmt::skip]
        let rows = ndarray::array![
            [1.0, -2.56, 0.42],
            [1.0, -0.45, -0.22],
            [1.0, -0.23, -0.87],
            [1.0, 0.23, -0.35],
            [1.0, -0.67, -1.06],
            [1.0, 0.48, -0.24],
            [1.0, -0.2, 0.02],
            [1.0, 0.55, -0.51],
            [1.0, 0.54, 1.94],
            [1.0, -0.24, 1.0],
            [1.0, -0.29, 0.88],
            [1.0, 0.09, 0.67],
        ];
        let of = [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 0, 1];
        let model = Softmax::fit(&rows, &of, 3, &Task::new(1)).unwrap();
        let chances = model.chances(&rows);
        for (found, known) in chances.row(0).iter().zip([0.851727, 0.119824, 0.028449]) {
            assert!((found - known).abs() < 1e-4, "{found} is not {known}");
        }
        for (found, known) in chances.row(5).iter().zip([0.237776, 0.396037, 0.366186]) {
            assert!((found - known).abs() < 1e-4, "{found} is not {known}");
        }
    }
}
