//! The simplified silhouette: distances to the segments' means instead of to all rows.

use ndarray::Array2;

use super::internal::means;
use crate::kernel::distance::squared;
use crate::matrix::{Labels, Matrix, UNASSIGNED};

/// The mean simplified silhouette (Hruschka, de Castro, Campello 2004) of the assigned rows: a is the distance to the own
/// segment's mean, b to the nearest other one; a row alone in its segment scores 0. O(n·k·d). `None` as for the silhouette.
pub fn simplified_silhouette(matrix: &Matrix, labels: &Labels) -> Option<f64> {
    let assigned = labels.len() - labels.noise();
    if !(2..assigned).contains(&labels.clusters()) {
        return None;
    }
    let means = means(matrix, labels);
    let of = |(row, &label): (usize, &u32)| match label {
        UNASSIGNED => 0.0,
        label if labels.sizes()[label as usize - 1] == 1 => 0.0,
        label => score(matrix.row(row), label as usize - 1, &means),
    };
    Some(labels.as_slice().iter().enumerate().map(of).sum::<f64>() / assigned as f64)
}

fn score(row: &[f64], own: usize, means: &Array2<f64>) -> f64 {
    let d = row.len();
    let all = means.as_slice().unwrap_or_default();
    let (mut a, mut b) = (0.0, f64::INFINITY);
    for (segment, mean) in all.chunks_exact(d).enumerate() {
        let found = squared(row, mean);
        if segment == own {
            a = found;
        } else if found < b {
            b = found;
        }
    }
    let (a, b): (f64, f64) = (a.sqrt(), b.sqrt());
    let larger = a.max(b);
    if larger > 0.0 { (b - a) / larger } else { 0.0 }
}
