//! k-medoids: the k rows that all rows lie nearest to, by any distance.

mod clara;
mod pam;
mod start;
mod table;

use ndarray::Axis;

use super::{Cluster, ClusterError, Clusterer, Ending, Fitted, check};
use crate::kernel::measure::{Distance, Formed, Measure};
use crate::matrix::{Labels, Matrix};
use crate::task::{Cancelled, Task};
use table::Table;

/// Up to so many rows all distances are held; beyond, medoids are sought among samples.
const HELD_ROWS: usize = 8_192;

/// k-medoids with checked settings: FasterPAM (Schubert and Rousseeuw, "Fast and eager k-medoids clustering", 2021) from
/// several starts over all distances, O(n²) time a pass and 4n² bytes; above some thousands of rows FasterCLARA
/// (Kaufman and Rousseeuw 1990), the best medoids of several samples: O(s² + n·k·d) time for a sample of s rows.
/// New rows go to the nearest medoid.
#[derive(Debug, Clone, Copy)]
pub struct KMedoids {
    k: usize,
    distance: Distance,
    starts: usize,
}

impl KMedoids {
    /// k-medoids with `k` segments.
    ///
    /// # Errors
    /// [`ClusterError::Settings`] where k is 0.
    pub fn new(k: usize, distance: Distance) -> Result<Self, ClusterError> {
        check::k(k).map(|k| Self { k, distance, starts: start::MOST })
    }

    /// The same with one start, for resamples that are fitted by the hundred.
    #[must_use]
    pub fn quick(self) -> Self {
        Self { starts: 1, ..self }
    }

    /// Fits rows whose distances were measured before, so that all k can share them.
    ///
    /// # Errors
    /// [`ClusterError`]: cancelled, or fewer than k rows that lie apart.
    pub fn fit_measured(&self, measured: &Measured, matrix: &Matrix, task: &Task) -> Result<Fitted, ClusterError> {
        check::distinct(&measured.formed, self.k)?;
        let medoids = match &measured.table {
            Some(table) => start::best(table, self.k, self.starts, &[], task)?,
            None => clara::medoids(&measured.formed, self.k, self.starts, task)?,
        };
        let points = matrix.values.select(Axis(0), &medoids.rows);
        // Swaps are made until none pays: there is no other end.
        let ending = Some(Ending { steps: medoids.swaps, converged: true });
        let clusterer = Clusterer::Prototypes { points, measure: measured.measure.clone() };
        Ok(Fitted { ending, ..from_points(clusterer, matrix, task)? })
    }
}

impl Cluster for KMedoids {
    fn fit(&self, matrix: &Matrix, task: &Task) -> Result<Fitted, ClusterError> {
        check::segments(matrix, self.k)?;
        check::memory(bytes_needed(matrix.nrows(), matrix.ncols()), task)?;
        self.fit_measured(&Measured::new(matrix, self.distance, task)?, matrix, task)
    }
}

/// Rows with their distances, where these can be held.
#[derive(Debug)]
pub struct Measured {
    measure: Measure,
    formed: Formed,
    table: Option<Table>,
}

impl Measured {
    /// Measures the rows of `matrix`.
    ///
    /// # Errors
    /// [`ClusterError`]: cancelled, or out of the memory budget.
    pub fn new(matrix: &Matrix, distance: Distance, task: &Task) -> Result<Self, ClusterError> {
        check::matrix(matrix)?;
        check::memory(bytes_needed(matrix.nrows(), matrix.ncols()), task)?;
        let measure = Measure::of(distance, matrix);
        let formed = measure.form(matrix.values.view());
        let table = if matrix.nrows() <= HELD_ROWS { Some(Table::new(&formed, task)?) } else { None };
        Ok(Self { measure, formed, table })
    }
}

/// The memory of a fit of n rows and d columns beside the matrix, in bytes.
pub(super) fn bytes_needed(n: usize, d: usize) -> u64 {
    let held = if n <= HELD_ROWS { n } else { clara::SAMPLE } as u64;
    held * held * 4 + (n * (3 * d + 8) * 8) as u64
}

/// The fit of the rows to their nearest points, which it numbers as the labels; a point without rows is left out.
pub(super) fn from_points(clusterer: Clusterer, matrix: &Matrix, task: &Task) -> Result<Fitted, Cancelled> {
    let placed = clusterer.place(matrix.values.view(), task)?;
    let raw: Vec<Option<u32>> = placed.labels.into_iter().map(Some).collect();
    let (labels, order) = Labels::with_order(&raw);
    let order: Vec<usize> = order.into_iter().map(|label| label as usize - 1).collect();
    let clusterer = match clusterer {
        Clusterer::Prototypes { points, measure } => {
            Clusterer::Prototypes { points: points.select(Axis(0), &order), measure }
        }
        other => other,
    };
    Ok(Fitted::plain(labels, clusterer))
}

#[cfg(test)]
mod tests;
