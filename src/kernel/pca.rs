//! Principal components.

use linfa_linalg::eigh::Eigh;
use ndarray::{Array1, Array2, Axis};

use super::fold;
use crate::matrix::Matrix;

/// The principal components of a matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct Pca {
    /// (d), the mean row.
    pub mean: Array1<f64>,
    /// (d, d), one component a row, by falling variance; its largest absolute loading is positive.
    pub components: Array2<f64>,
    /// (d), the variance (n−1) along each component.
    pub variances: Array1<f64>,
    /// (d), each variance's share of the total variance (0 where there is none).
    pub ratios: Array1<f64>,
}

impl Pca {
    /// The components of `matrix`, from the eigenvectors of its covariance (n−1). Where the eigenvectors
    /// cannot be found the components are the columns themselves.
    pub fn fit(matrix: &Matrix) -> Self {
        let mean = matrix.values.mean_axis(Axis(0)).unwrap_or_else(|| Array1::zeros(matrix.ncols()));
        let covariance = covariance(matrix, &mean);
        let (values, vectors) =
            covariance.eigh().unwrap_or_else(|_| (covariance.diag().to_owned(), Array2::eye(matrix.ncols())));
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|&a, &b| values[b].total_cmp(&values[a]).then(a.cmp(&b)));
        let mut components = vectors.t().select(Axis(0), &order);
        components.outer_iter_mut().for_each(fix_sign);
        let variances = values.select(Axis(0), &order).mapv(|variance| variance.max(0.0));
        let total = variances.sum();
        let ratios = variances.mapv(|variance| if total > 0.0 { variance / total } else { 0.0 });
        Self { mean, components: components.as_standard_layout().into_owned(), variances, ratios }
    }

    /// The rows of `matrix` along the first `axes` components: (n, min(axes, d)).
    pub fn project(&self, matrix: &Matrix, axes: usize) -> Array2<f64> {
        let axes = axes.min(self.components.nrows());
        let rows = fold::chunks(matrix.nrows(), |range| {
            let mut projected = Vec::with_capacity(range.len() * axes);
            for row in range {
                projected.extend((0..axes).map(|axis| self.along(axis, matrix.row(row))));
            }
            projected
        });
        let flat: Vec<f64> = rows.into_iter().flatten().collect();
        Array2::from_shape_fn((matrix.nrows(), axes), |(row, axis)| flat[row * axes + axis])
    }

    fn along(&self, axis: usize, row: &[f64]) -> f64 {
        let centred = row.iter().zip(&self.mean).map(|(value, mean)| value - mean);
        centred.zip(self.components.row(axis)).fold(0.0, |sum, (value, loading)| sum + value * loading)
    }
}

/// Turns a component so that its largest absolute loading (the first of equal ones) is positive.
fn fix_sign(mut component: ndarray::ArrayViewMut1<f64>) {
    let largest = component.iter().fold(0.0f64, |best, &loading| if loading.abs() > best.abs() { loading } else { best });
    if largest < 0.0 {
        component.mapv_inplace(|loading| -loading);
    }
}

/// (d, d), summed over fixed chunks in order.
fn covariance(matrix: &Matrix, mean: &Array1<f64>) -> Array2<f64> {
    let d = matrix.ncols();
    let parts = fold::chunks(matrix.nrows(), |range| {
        let centred = &matrix.values.slice(ndarray::s![range, ..]) - mean;
        let mut part = Array2::<f64>::zeros((d, d));
        for row in centred.outer_iter() {
            for a in 0..d {
                for b in 0..=a {
                    part[[a, b]] += row[a] * row[b];
                }
            }
        }
        part
    });
    let sum = parts.into_iter().fold(Array2::<f64>::zeros((d, d)), |sum, part| sum + part);
    let freedom = matrix.nrows().saturating_sub(1).max(1) as f64;
    Array2::from_shape_fn((d, d), |(a, b)| sum[[a.max(b), a.min(b)]] / freedom)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn known_components() {
        // By hand: the points lie on y = 2x but for ±; covariance [[2.5, 5], [5, 10.4]] has trace 12.9.
        let matrix = Matrix::from_values(array![[1.0, 2.0], [2.0, 4.4], [3.0, 6.0], [4.0, 7.6], [5.0, 10.0]]);
        let pca = Pca::fit(&matrix);
        assert!((pca.ratios.sum() - 1.0).abs() < 1e-12);
        assert!((pca.components.row(0)[1] / pca.components.row(0)[0] - 1.954).abs() < 0.05);
        assert!(pca.components[[0, 1]] > 0.0 && pca.components[[0, 0]] > 0.0);
        let total: f64 = matrix.values.var_axis(Axis(0), 1.0).sum();
        assert!((pca.variances.sum() - total).abs() < 1e-12);
    }

    #[test]
    fn the_projection_keeps_the_variances_and_is_uncorrelated() {
        let values = Array2::from_shape_fn((500, 4), |(i, j)| (((i * 7 + j * 13) * (j + 1)) % 37) as f64);
        let matrix = Matrix::from_values(values);
        let pca = Pca::fit(&matrix);
        let projected = pca.project(&matrix, 9);
        assert_eq!(projected.dim(), (500, 4));
        for axis in 0..4 {
            let column = projected.column(axis);
            assert!(column.sum().abs() < 1e-8);
            assert!((column.dot(&column) / 499.0 - pca.variances[axis]).abs() < 1e-8);
            assert!((0..axis).all(|other| column.dot(&projected.column(other)).abs() < 1e-6));
        }
    }

    #[test]
    fn no_variance_has_no_ratios() {
        let pca = Pca::fit(&Matrix::from_values(array![[1.0, 1.0], [1.0, 1.0]]));
        assert_eq!(pca.ratios, array![0.0, 0.0]);
    }
}
