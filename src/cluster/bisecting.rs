//! Bisecting k-means (Steinbach, Karypis and Kumar 2000): part the segment with the largest sum of squares in two, until
//! there are enough.

use super::kmeans::{self, KMeans};
use super::{Cluster, ClusterError, Clusterer, Fitted, check, hierarchical};
use crate::kernel::distance;
use crate::matrix::{Labels, Matrix};
use crate::task::{Cancelled, Task};

/// The seeds of each parting's starts.
const STARTS: [&str; 3] = ["bisecting 0", "bisecting 1", "bisecting 2"];

/// Bisecting k-means with a checked number of segments. O(n·d·log k) time where the parts are even, O(n·d) memory.
///
/// The rows end with the nearest of the parts' means, as new rows do: near a border that may be another part's.
#[derive(Debug, Clone, Copy)]
pub struct Bisecting {
    k: usize,
}

impl Bisecting {
    /// Bisecting k-means with `k` segments.
    ///
    /// # Errors
    /// [`ClusterError::Settings`] where k is 0.
    pub fn new(k: usize) -> Result<Self, ClusterError> {
        check::k(k).map(|k| Self { k })
    }
}

impl Cluster for Bisecting {
    fn fit(&self, matrix: &Matrix, task: &Task) -> Result<Fitted, ClusterError> {
        check::segments(matrix, self.k)?;
        task.begin("bisecting", self.k as u64);
        let mut parts = vec![Part::new(matrix, (0..matrix.nrows()).collect())];
        while parts.len() < self.k {
            let Some(widest) = widest(&parts) else { break };
            let part = parts.swap_remove(widest);
            parts.extend(part.halves(matrix, task)?);
            task.advance(1);
        }
        parts.sort_by_key(|part| part.rows[0]);
        let mut raw = vec![None; matrix.nrows()];
        for (number, part) in parts.iter().enumerate() {
            part.rows.iter().for_each(|&row| raw[row] = Some(number));
        }
        Ok(kmeans::from_centres(hierarchical::means(matrix, &Labels::from_raw(&raw)), matrix, task)?)
    }
}

/// The part with the largest sum of squares, of equal ones the one with the first row.
fn widest(parts: &[Part]) -> Option<usize> {
    let open = (0..parts.len()).filter(|&part| parts[part].squares > 0.0);
    let order = |a: &usize, b: &usize| {
        let (a, b) = (&parts[*a], &parts[*b]);
        a.squares.total_cmp(&b.squares).then(b.rows[0].cmp(&a.rows[0]))
    };
    open.max_by(order)
}

struct Part {
    /// Ascending.
    rows: Vec<usize>,
    /// The sum of squared distances to the mean; 0 where all rows are equal.
    squares: f64,
}

impl Part {
    fn new(matrix: &Matrix, rows: Vec<usize>) -> Self {
        let first = matrix.row(rows[0]);
        if rows.iter().all(|&row| matrix.row(row) == first) {
            return Self { rows, squares: 0.0 };
        }
        let mut mean = vec![0.0; matrix.ncols()];
        for &row in &rows {
            mean.iter_mut().zip(matrix.row(row)).for_each(|(mean, value)| *mean += value);
        }
        mean.iter_mut().for_each(|mean| *mean /= rows.len() as f64);
        let squares = rows.iter().map(|&row| distance::squared(matrix.row(row), &mean)).sum();
        Self { rows, squares }
    }

    /// The best of three 2-means.
    fn halves(&self, matrix: &Matrix, task: &Task) -> Result<Vec<Self>, ClusterError> {
        let part = matrix.select(&self.rows);
        let centres = KMeans::new(2)?.quick(&part, &STARTS, task)?;
        let placed = Clusterer::Centres { centres }.assign(part.values.view()).labels;
        let side = |label: u32| -> Result<Vec<usize>, Cancelled> {
            task.check()?;
            Ok(self.rows.iter().zip(&placed).filter(|(_, of)| **of == label).map(|(&row, _)| row).collect())
        };
        let halves = [side(1)?, side(2)?];
        if halves.iter().any(Vec::is_empty) {
            // Rounding: the rows are as good as equal.
            return Ok(vec![Self { rows: self.rows.clone(), squares: 0.0 }]);
        }
        Ok(halves.into_iter().map(|rows| Self::new(matrix, rows)).collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::cluster::samples;
    use ndarray::array;
    use proptest::prelude::*;

    fn fit(matrix: &Matrix, k: usize) -> Fitted {
        Bisecting::new(k).unwrap().fit(matrix, &Task::default()).unwrap()
    }

    #[test]
    fn the_widest_part_is_parted_first() {
        let matrix = Matrix::from_values(array![[0.0], [0.1], [10.0], [10.2], [14.0], [14.1], [14.3]]);
        assert_eq!(fit(&matrix, 2).labels.as_slice(), [2, 2, 1, 1, 1, 1, 1]);
        assert_eq!(fit(&matrix, 3).labels.as_slice(), [2, 2, 3, 3, 1, 1, 1]);
        assert_eq!(fit(&matrix, 7).labels.clusters(), 7);
    }

    #[test]
    fn any_number_of_threads_gives_the_same_bits() {
        let matrix = samples::blobs(9000, 7, 3, 3.0);
        let fits = samples::on_threads(|| fit(&matrix, 7).clusterer);
        assert!(fits.windows(2).all(|pair| pair[0] == pair[1]));
    }

    #[test]
    fn repeated_rows_are_parted_as_far_as_they_differ() {
        let matrix = Matrix::from_values(ndarray::Array2::from_shape_fn((60, 2), |(row, _)| (row % 4) as f64 * 0.1));
        assert_eq!(fit(&matrix, 4).labels.sizes(), [15; 4]);
        let error = Bisecting::new(5).unwrap().fit(&matrix, &Task::default()).unwrap_err();
        assert!(matches!(error, ClusterError::TooManySegments { k: 5, distinct: 4 }));
    }

    #[test]
    fn a_fit_cancelled_on_its_way_stops() {
        let matrix = samples::blobs(60_000, 9, 4, 3.0);
        let bisecting = Bisecting::new(40).unwrap();
        assert!(samples::cancelled_on_its_way(&bisecting, &matrix) < 1.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn new_labels_agree_with_the_fit(matrix in samples::any_matrix(), k in 1..6usize) {
            let Ok(fitted) = Bisecting::new(k).unwrap().fit(&matrix, &Task::default()) else { return Ok(()) };
            let placed = fitted.clusterer.assign(matrix.values.view());
            prop_assert_eq!(placed.labels.as_slice(), fitted.labels.as_slice());
        }
    }
}
