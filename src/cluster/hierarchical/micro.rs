//! Micro-clusters: many small cells of rows, where a tree over all rows would take too long or too much memory.
//!
//! Cells are parted at the mean of their widest column, in rounds, the half with the largest sums of squares first
//! (Su and Dy 2007, "Var-Part"). No random numbers; equal rows stay together. O(n·d·log m) time, O(n) memory.

use ndarray::Array2;

use super::Leaves;
use crate::kernel::fold;
use crate::matrix::Matrix;
use crate::task::{Cancelled, Task};

/// The cells of the rows of a matrix.
pub struct Cells {
    /// The means of the cells, one a row.
    pub centres: Matrix,
    /// The rows of each cell, ascending.
    pub rows: Vec<Vec<usize>>,
}

impl Cells {
    /// At most `most` cells.
    pub fn new(matrix: &Matrix, most: usize, task: &Task) -> Result<Self, Cancelled> {
        let mut cells = vec![Cell::new(matrix, (0..matrix.nrows()).collect())];
        while cells.len() < most {
            // Stable: of equal ones the earlier.
            cells.sort_by(|a, b| b.squares.total_cmp(&a.squares));
            let room = cells.len().div_ceil(2).min(most - cells.len());
            let parted = cells.iter().take(room).take_while(|cell| cell.squares > 0.0).count();
            if parted == 0 {
                break;
            }
            let parts = fold::chunks_of(1, parted, |range| {
                task.check()?;
                Ok(cells[range.start].part(matrix))
            });
            let rest = cells.split_off(parted);
            cells =
                parts.into_iter().collect::<Result<Vec<_>, Cancelled>>()?.into_iter().flatten().chain(rest).collect();
        }
        cells.sort_by_key(|cell| cell.rows[0]);
        let d = matrix.ncols();
        let centres = Array2::from_shape_fn((cells.len(), d), |(cell, column)| cells[cell].mean[column]);
        let rows = cells.into_iter().map(|cell| cell.rows).collect();
        Ok(Self { centres: Matrix::from_values(centres), rows })
    }

    /// The cells as leaves of a tree.
    pub fn leaves(&self) -> Leaves<'_> {
        Leaves { matrix: &self.centres, sizes: self.rows.iter().map(|rows| rows.len() as f64).collect() }
    }
}

struct Cell {
    rows: Vec<usize>,
    mean: Vec<f64>,
    /// The column with the largest sum of squares.
    widest: usize,
    /// The sum of squared differences from the mean; 0 where all rows are equal.
    squares: f64,
}

impl Cell {
    fn new(matrix: &Matrix, rows: Vec<usize>) -> Self {
        let d = matrix.ncols();
        let mut mean = vec![0.0; d];
        let mut squares = vec![0.0; d];
        // Sums of differences from the first row: equal values have exactly their own mean.
        let first = matrix.row(rows[0]).to_vec();
        for &row in &rows {
            let values = matrix.row(row).iter().zip(&first);
            for ((value, first), (mean, squares)) in values.zip(mean.iter_mut().zip(&mut squares)) {
                let difference = value - first;
                *mean += difference;
                *squares += difference * difference;
            }
        }
        let n = rows.len() as f64;
        for ((mean, squares), first) in mean.iter_mut().zip(&mut squares).zip(&first) {
            *squares = (*squares - *mean * *mean / n).max(0.0);
            *mean = first + *mean / n;
        }
        let widest = (0..d).fold(0, |best, next| if squares[next] > squares[best] { next } else { best });
        Self { rows, mean, widest, squares: squares.iter().sum() }
    }

    /// The rows up to the mean of the widest column, and those above it.
    fn part(&self, matrix: &Matrix) -> Vec<Self> {
        let is_low = |row: &usize| matrix.row(*row)[self.widest] <= self.mean[self.widest];
        let (low, high): (Vec<usize>, Vec<usize>) = self.rows.iter().partition(|row| is_low(row));
        match (low.is_empty(), high.is_empty()) {
            (false, false) => vec![Self::new(matrix, low), Self::new(matrix, high)],
            // Rounding has put the mean beside all values: they are as good as equal.
            _ => vec![Self { rows: self.rows.clone(), mean: self.mean.clone(), widest: self.widest, squares: 0.0 }],
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::cluster::samples;

    #[test]
    fn every_row_is_in_one_cell_and_equal_rows_in_the_same() {
        let values = Array2::from_shape_fn((600, 2), |(row, column)| ((row * (column + 3)) % 40) as f64);
        let matrix = Matrix::from_values(values);
        let cells = Cells::new(&matrix, 30, &Task::default()).unwrap();
        let mut cell_of = vec![usize::MAX; 600];
        cells.rows.iter().enumerate().for_each(|(cell, rows)| rows.iter().for_each(|&row| cell_of[row] = cell));
        assert_eq!(cells.rows.len(), 30);
        for (row, &cell) in cell_of.iter().enumerate() {
            assert!((0..row).all(|other| matrix.row(other) != matrix.row(row) || cell_of[other] == cell));
        }
        assert_eq!(Cells::new(&matrix, 500, &Task::default()).unwrap().rows.len(), 40);
    }

    #[test]
    fn any_number_of_threads_gives_the_same_cells() {
        let matrix = samples::blobs(3000, 5, 3, 2.0);
        let cells = samples::on_threads(|| Cells::new(&matrix, 200, &Task::default()).unwrap().rows);
        assert!(cells.windows(2).all(|pair| pair[0] == pair[1]));
    }
}
