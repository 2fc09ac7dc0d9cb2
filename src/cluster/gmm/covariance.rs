//! What the covariances of a mixture's components may differ in.

use super::density::triangle;

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

    /// Turns covariances of the weighed rows of each component (k·d(d+1)/2, lower triangles row by row) into the
    /// likeliest ones of this kind.
    pub(super) fn shape(self, covariances: &mut [f64], d: usize, weights: &[f64]) {
        match self {
            Self::Full => {}
            Self::Tied => tie(covariances, d, weights),
            Self::Diag => each(covariances, d, |row, column, own| if row == column { own } else { 0.0 }),
            Self::Spherical => even_out(covariances, d),
        }
    }
}

fn each(covariances: &mut [f64], d: usize, map: impl Fn(usize, usize, f64) -> f64) {
    for covariance in covariances.chunks_exact_mut(triangle(d)) {
        let places = (0..d).flat_map(|row| (0..=row).map(move |column| (row, column)));
        covariance.iter_mut().zip(places).for_each(|(value, (row, column))| *value = map(row, column, *value));
    }
}

fn tie(covariances: &mut [f64], d: usize, weights: &[f64]) {
    let mut mean = vec![0.0; triangle(d)];
    for (covariance, weight) in covariances.chunks_exact(triangle(d)).zip(weights) {
        mean.iter_mut().zip(covariance).for_each(|(mean, value)| *mean += value * weight);
    }
    covariances.chunks_exact_mut(triangle(d)).for_each(|covariance| covariance.copy_from_slice(&mean));
}

fn even_out(covariances: &mut [f64], d: usize) {
    for covariance in covariances.chunks_exact_mut(triangle(d)) {
        let variance = (0..d).map(|column| covariance[triangle(column + 1) - 1]).sum::<f64>() / d as f64;
        each(covariance, d, |row, column, _| if row == column { variance } else { 0.0 });
    }
}
