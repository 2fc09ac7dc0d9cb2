//! What every algorithm checks before it begins.

use std::collections::HashSet;

use super::ClusterError;
use crate::kernel::measure::Formed;
use crate::matrix::Matrix;
use crate::task::Task;

/// A number of segments that can be asked for.
pub fn k(k: usize) -> Result<usize, ClusterError> {
    if k == 0 { Err(ClusterError::Settings("k must be at least 1".into())) } else { Ok(k) }
}

/// A radius that can be asked for.
pub fn eps(eps: f64) -> Result<f64, ClusterError> {
    let fine = eps.is_finite() && eps >= 0.0;
    if fine { Ok(eps) } else { Err(ClusterError::Settings(format!("eps must be a number from 0 up, not {eps}"))) }
}

/// A number of points that can make a neighbourhood dense.
pub fn min_samples(min_samples: usize) -> Result<usize, ClusterError> {
    let fine = min_samples > 0;
    if fine { Ok(min_samples) } else { Err(ClusterError::Settings("min_samples must be at least 1".into())) }
}

/// A matrix that can be clustered at all.
pub fn matrix(matrix: &Matrix) -> Result<(), ClusterError> {
    if matrix.nrows() == 0 {
        return Err(ClusterError::Settings("there are no rows to cluster".into()));
    }
    if matrix.ncols() == 0 {
        return Err(ClusterError::Settings("there are no columns to cluster on".into()));
    }
    Ok(())
}

/// A matrix with at least `k` distinct rows.
pub fn segments(matrix: &Matrix, k: usize) -> Result<(), ClusterError> {
    self::matrix(matrix)?;
    enough_distinct(k, (0..matrix.nrows()).map(|row| matrix.row(row)))
}

/// At least `k` rows that a distance tells apart.
pub fn distinct(formed: &Formed, k: usize) -> Result<(), ClusterError> {
    enough_distinct(k, (0..formed.values.nrows()).map(|row| formed.row(row)))
}

/// Counts distinct rows; stops at `k`.
fn enough_distinct<'a>(k: usize, rows: impl Iterator<Item = &'a [f64]>) -> Result<(), ClusterError> {
    let mut seen: HashSet<Vec<u64>> = HashSet::new();
    for row in rows {
        if seen.len() >= k {
            break;
        }
        // Adding 0 makes -0 and 0 the same bits.
        seen.insert(row.iter().map(|value| (value + 0.0).to_bits()).collect());
    }
    let distinct = seen.len();
    if distinct < k { Err(ClusterError::TooManySegments { k, distinct }) } else { Ok(()) }
}

/// That `needed` bytes are within the task's budget.
pub fn memory(needed: u64, task: &Task) -> Result<(), ClusterError> {
    if needed <= task.memory() {
        return Ok(());
    }
    Err(ClusterError::Memory { needed: readable(needed), budget: readable(task.memory()) })
}

/// Bytes for reading, e.g. `1.6 GB`.
fn readable(bytes: u64) -> String {
    let bytes = bytes as f64;
    match bytes {
        _ if bytes >= 1e9 => format!("{:.1} GB", bytes / 1e9),
        _ if bytes >= 1e6 => format!("{:.1} MB", bytes / 1e6),
        _ => format!("{:.1} kB", bytes / 1e3),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use ndarray::array;

    #[test]
    fn equal_rows_count_once() {
        let matrix = Matrix::from_values(array![[0.0], [-0.0], [1.0], [1.0], [2.0]]);
        assert!(segments(&matrix, 3).is_ok());
        let error = segments(&matrix, 4).unwrap_err();
        assert_eq!(error.to_string(), "4 segments were asked for, but there are only 3 distinct rows");
    }

    #[test]
    fn a_budget_is_kept_before_anything_is_allocated() {
        let error = memory(3_200_000_000, &Task::new(1).with_memory(1_000_000)).unwrap_err();
        assert_eq!(error.to_string(), "would need 3.2 GB of memory, the budget is 1.0 MB");
        assert!(memory(10, &Task::default()).is_ok());
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(k(0).is_err() && eps(f64::NAN).is_err() && eps(-1.0).is_err() && min_samples(0).is_err());
        assert!(super::matrix(&Matrix::from_values(ndarray::Array2::zeros((0, 2)))).is_err());
        assert!(super::matrix(&Matrix::from_values(ndarray::Array2::zeros((2, 0)))).is_err());
    }
}
