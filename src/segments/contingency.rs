//! Segments by levels: how many customers stand where, and how far both say the same.

use crate::matrix::{Coded, Labels, UNASSIGNED};

/// The assigned customers with a level, counted by segment (rows, 1 first) and level (columns).
pub(super) struct Contingency {
    pub table: Vec<Vec<usize>>,
    rows: Vec<f64>,
    columns: Vec<f64>,
}

impl Contingency {
    pub fn new(codes: &[u32], levels: usize, labels: &Labels) -> Self {
        let mut table = vec![vec![0; levels]; labels.clusters()];
        for (&code, &label) in codes.iter().zip(labels.as_slice()) {
            if label != UNASSIGNED && code != Coded::MISSING {
                table[label as usize - 1][code as usize] += 1;
            }
        }
        let rows = table.iter().map(|row| row.iter().sum::<usize>() as f64).collect();
        let columns = (0..levels).map(|level| table.iter().map(|row| row[level]).sum::<usize>() as f64).collect();
        Self { table, rows, columns }
    }

    /// Pearson's χ², without correction.
    pub fn chi_squared(&self) -> f64 {
        let n: f64 = self.rows.iter().sum();
        let term = |(row, column): (usize, usize)| {
            let expected = self.rows[row] * self.columns[column] / n;
            if expected > 0.0 { (self.table[row][column] as f64 - expected).powi(2) / expected } else { 0.0 }
        };
        (0..self.rows.len()).flat_map(|row| (0..self.columns.len()).map(move |column| (row, column))).map(term).sum()
    }

    /// Segments and levels that have customers, each less one.
    fn spare(&self) -> (usize, usize) {
        let present = |sums: &[f64]| sums.iter().filter(|&&sum| sum > 0.0).count();
        (present(&self.rows).saturating_sub(1), present(&self.columns).saturating_sub(1))
    }

    /// The degrees of freedom of χ².
    pub fn freedom(&self) -> usize {
        let (rows, columns) = self.spare();
        rows * columns
    }

    /// Cramér's V = √(χ² / (n·(min(levels, segments) − 1))), without correction; 0 where nothing varies.
    pub fn cramers_v(&self) -> f64 {
        let (rows, columns) = self.spare();
        let most = self.rows.iter().sum::<f64>() * rows.min(columns) as f64;
        if most > 0.0 { (self.chi_squared() / most).sqrt() } else { 0.0 }
    }
}
