//! Points binned to a grid of cells: how many, and whose.

use super::scale::Scale;

/// What lies in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cell {
    /// Points in it.
    pub count: u32,
    /// The label that most of them have; of several the lowest.
    pub label: u32,
}

/// Points per cell, row 0 on top.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grid {
    /// Cells beside each other.
    pub columns: usize,
    /// Cells above each other.
    pub rows: usize,
    cells: Vec<Cell>,
}

impl Grid {
    /// Bins (x, y, label) in O(n log n); points outside the scales are left out. y grows upwards.
    pub fn bin(points: impl Iterator<Item = (f64, f64, u32)>, x: &Scale, y: &Scale) -> Self {
        let (columns, rows) = (x.cells(), y.cells());
        let mut placed: Vec<(usize, u32)> = points
            .filter_map(|(px, py, label)| {
                let (column, row) = (x.cell(px)?, y.cell(py)?);
                Some(((rows - 1 - row) * columns + column, label))
            })
            .collect();
        placed.sort_unstable();
        let mut cells = vec![Cell::default(); columns * rows];
        placed.chunk_by(|a, b| a.0 == b.0).for_each(|group| cells[group[0].0] = majority(group));
        Self { columns, rows, cells }
    }

    /// The cell in this column (from the left) and row (from the top).
    pub fn cell(&self, column: usize, row: usize) -> Cell {
        self.cells.get(row * self.columns + column).copied().unwrap_or_default()
    }

    /// The fullest cell, as column and row; of equal ones the first, row by row.
    pub fn peak(&self) -> (usize, usize) {
        let counts = self.cells.iter().enumerate();
        let at = counts.max_by_key(|&(at, cell)| (cell.count, std::cmp::Reverse(at))).map_or(0, |(at, _)| at);
        (at % self.columns.max(1), at / self.columns.max(1))
    }

    /// The largest count.
    pub fn fullest(&self) -> u32 {
        self.cells.iter().map(|cell| cell.count).max().unwrap_or(0)
    }
}

/// `group` is one cell's points, sorted by label.
fn majority(group: &[(usize, u32)]) -> Cell {
    let mut best = Cell::default();
    for same in group.chunk_by(|a, b| a.1 == b.1) {
        let count = u32::try_from(same.len()).unwrap_or(u32::MAX);
        if count > best.count {
            best = Cell { count, label: same[0].1 };
        }
    }
    Cell { count: u32::try_from(group.len()).unwrap_or(u32::MAX), ..best }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_majority_names_a_cell_and_ties_go_to_the_lowest() {
        let points = [(0.1, 0.1, 3), (0.2, 0.1, 2), (0.9, 0.9, 5), (0.8, 0.9, 5), (0.9, 0.8, 1), (7.0, 0.0, 1)];
        let unit = Scale::linear(0.0, 1.0, 2);
        let grid = Grid::bin(points.into_iter(), &unit, &unit);
        assert_eq!(grid.cell(0, 1), Cell { count: 2, label: 2 });
        assert_eq!(grid.cell(1, 0), Cell { count: 3, label: 5 });
        assert_eq!(grid.cell(0, 0), Cell::default());
        assert_eq!((grid.fullest(), grid.peak()), (3, (1, 0)));
    }
}
