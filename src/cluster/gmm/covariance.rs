//! What the covariances of a mixture's components may differ in.

use ndarray::{Array1, Array2, Array3, ArrayView2, Axis};

/// The covariances of a mixture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Covariance {
    /// One of any shape each.
    #[default]
    Full,
    /// One of any shape for all.
    Tied,
    /// A variance for each column and component.
    Diag,
    /// One variance a component.
    Spherical,
}

impl Covariance {
    /// The free parameters of the covariances of `k` components in `d` columns.
    pub fn parameters(self, k: usize, d: usize) -> usize {
        match self {
            Self::Full => k * d * (d + 1) / 2,
            Self::Tied => d * (d + 1) / 2,
            Self::Diag => k * d,
            Self::Spherical => k,
        }
    }

    /// The likeliest covariances (k, d, d) of this kind, from those of the weighed rows of each component.
    pub(super) fn of(self, full: Array3<f64>, weights: &Array1<f64>) -> Array3<f64> {
        match self {
            Self::Full => full,
            Self::Tied => each(&full, |_| mean(&full, weights)),
            Self::Diag => each(&full, |one| Array2::from_diag(&one.diag())),
            Self::Spherical => each(&full, |one| Array2::eye(one.nrows()) * (one.diag().sum() / one.nrows() as f64)),
        }
    }
}

fn each(full: &Array3<f64>, map: impl Fn(ArrayView2<f64>) -> Array2<f64>) -> Array3<f64> {
    let mut mapped = full.clone();
    mapped.outer_iter_mut().zip(full.outer_iter()).for_each(|(mut to, one)| to.assign(&map(one)));
    mapped
}

fn mean(full: &Array3<f64>, weights: &Array1<f64>) -> Array2<f64> {
    let sum = Array2::zeros((full.len_of(Axis(1)), full.len_of(Axis(2))));
    full.outer_iter().zip(weights).fold(sum, |sum, (one, &weight)| sum + &one * weight)
}
