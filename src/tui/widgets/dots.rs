//! Dots finer than cells: eight a cell in Braille, else one.

use ratatui::layout::{Position, Rect};

use crate::tui::look::Look;

/// The bits of a Braille cell's dots, row by row from the top: left, right.
const BITS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// Which dots of the cells of an area are set.
pub struct Dots {
    area: Rect,
    fine: bool,
    cells: Vec<u8>,
}

impl Dots {
    /// None yet.
    pub fn new(area: Rect, look: &Look) -> Self {
        Self { area, fine: look.has_dots(), cells: vec![0; area.area() as usize] }
    }

    /// The dots of a cell, across and up.
    fn each(&self) -> (usize, usize) {
        if self.fine { (2, 4) } else { (1, 1) }
    }

    /// All dots, across and down.
    pub fn size(&self) -> (usize, usize) {
        let (across, up) = self.each();
        (self.area.width as usize * across, self.area.height as usize * up)
    }

    /// Sets a dot, counted from the left and from the top.
    pub fn set(&mut self, column: usize, row: usize) {
        let (across, up) = self.each();
        let at = row / up * self.area.width as usize + column / across;
        if let Some(cell) = self.cells.get_mut(at) {
            *cell |= BITS[row % up][column % across];
        }
    }

    /// Sets a line's dots: its row in each column. Where it is `joined` steep parts have no holes.
    pub fn line(&mut self, rows: impl Iterator<Item = Option<usize>>, joined: bool) {
        let mut before = None;
        for (column, row) in rows.enumerate() {
            between(before.filter(|_| joined), row).for_each(|row| self.set(column, row));
            before = row;
        }
    }

    /// The same with the left dots of each cell alone: a dotted line.
    #[must_use]
    pub fn dotted(mut self) -> Self {
        let left = BITS.iter().fold(0, |bits, row| bits | row[0]);
        self.cells.iter_mut().for_each(|cell| *cell &= left);
        self
    }

    /// The cells with dots, and their signs; `letter` where a cell is one dot.
    pub fn signs(&self, letter: char) -> impl Iterator<Item = (Position, char)> {
        let sign = move |cell: u8| match self.fine {
            true => char::from_u32(0x2800 + u32::from(cell)).unwrap_or(letter),
            false => letter,
        };
        let cells = self.cells.iter().zip(self.area.positions()).filter(|(cell, _)| **cell > 0);
        cells.map(move |(cell, position)| (position, sign(*cell)))
    }
}

/// The rows from the one before (without it) to this one: steep lines have no holes.
fn between(before: Option<usize>, row: Option<usize>) -> std::ops::RangeInclusive<usize> {
    match (before, row) {
        (Some(before), Some(row)) if before < row => before + 1..=row,
        (Some(before), Some(row)) if before > row => row..=before - 1,
        (_, Some(row)) => row..=row,
        #[allow(clippy::reversed_empty_ranges, reason = "no row")]
        (_, None) => 1..=0,
    }
}
