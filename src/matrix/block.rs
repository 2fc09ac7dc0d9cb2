//! A category among the columns of a matrix.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// How far a value may lie from a level's, as a share of the way between `off` and `on`.
const NEAR: f64 = 1e-6;

/// A category as it stands in a matrix: one column a level, or one column that tells two levels apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// Its columns.
    pub columns: Range<usize>,
    /// What each of its columns has in the rows of its level.
    pub on: Vec<f64>,
    /// What each of its columns has in all other rows.
    pub off: Vec<f64>,
    /// What the recipe multiplied it by, as it does with a number; 1 where nothing was said.
    pub weight: f64,
}

impl Block {
    /// The number of levels.
    pub fn levels(&self) -> usize {
        if self.is_single() { 2 } else { self.columns.len() }
    }

    fn is_single(&self) -> bool {
        self.columns.len() == 1
    }

    /// The level (0-based) of a row of the matrix, `None` where it has none that was known when the matrix was made.
    /// A category that weighs nothing has one level only.
    pub fn level(&self, row: &[f64]) -> Option<usize> {
        if self.on == self.off {
            return Some(0);
        }
        let height = |place: usize| self.height(row, place);
        if self.is_single() {
            return [0.0, 1.0].iter().position(|level| (height(0) - level).abs() <= NEAR);
        }
        (0..self.columns.len()).find(|&place| (height(place) - 1.0).abs() <= NEAR)
    }

    /// The level whose values the row comes nearest to.
    pub fn nearest(&self, row: &[f64]) -> usize {
        if self.is_single() {
            return usize::from(self.height(row, 0) > 0.5);
        }
        let higher = |best, place| if self.height(row, place) > self.height(row, best) { place } else { best };
        (1..self.columns.len()).fold(0, higher)
    }

    /// Where the row stands in one of the columns: 0 at `off`, 1 at `on`.
    fn height(&self, row: &[f64], place: usize) -> f64 {
        let (on, off) = (self.on[place], self.off[place]);
        if on == off { 0.0 } else { (row[self.columns.start + place] - off) / (on - off) }
    }

    /// Writes a level into a row of the matrix.
    pub fn write(&self, level: usize, row: &mut [f64]) {
        for (place, cell) in row[self.columns.clone()].iter_mut().enumerate() {
            let here = if self.is_single() { level == 1 } else { level == place };
            *cell = if here { self.on[place] } else { self.off[place] };
        }
    }
}

/// Which of `columns` columns are numbers, i.e. part of no block.
pub fn numbers(blocks: &[Block], columns: usize) -> Vec<usize> {
    (0..columns).filter(|column| !blocks.iter().any(|block| block.columns.contains(column))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide() -> Block {
        Block { columns: 1..4, on: vec![1.5, 1.0, 0.5], off: vec![-0.5, -1.0, -1.5], weight: 1.0 }
    }

    #[test]
    fn a_level_that_was_written_is_read_again() {
        let single = Block { columns: 0..1, on: vec![2.0], off: vec![-1.0], weight: 1.0 };
        for (block, levels) in [(wide(), 3), (single, 2)] {
            assert_eq!(block.levels(), levels);
            for level in 0..levels {
                let mut row = [9.0; 4];
                block.write(level, &mut row);
                assert_eq!((block.level(&row), block.nearest(&row)), (Some(level), level));
            }
        }
    }

    #[test]
    fn what_is_no_level_is_nearest_to_one() {
        assert_eq!(wide().level(&[0.0, -0.5, -1.0, -1.5]), None);
        let row = [0.0, 0.0, 0.5, -1.0];
        assert_eq!((wide().level(&row), wide().nearest(&row)), (None, 1));
        let single = Block { columns: 0..1, on: vec![2.0], off: vec![-1.0], weight: 1.0 };
        assert_eq!((single.level(&[0.0]), single.nearest(&[0.0]), single.nearest(&[1.9])), (None, 0, 1));
    }

    #[test]
    fn a_category_without_weight_has_one_level() {
        let block = Block { columns: 0..2, on: vec![0.0; 2], off: vec![0.0; 2], weight: 0.0 };
        assert_eq!((block.level(&[0.0, 0.0]), block.nearest(&[0.0, 0.0])), (Some(0), 0));
    }

    #[test]
    fn all_other_columns_are_numbers() {
        assert_eq!(numbers(&[wide()], 6), [0, 4, 5]);
        assert_eq!(numbers(&[], 2), [0, 1]);
    }
}
