//! The cursor on a picture of the customers: every picture that can be read says where it begins, where a step leads,
//! what lies there and who.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::rows_here;
use crate::tui::action::Request;
use crate::tui::look::Look;
use crate::tui::world::World;

/// A place of a picture; what the two numbers mean is the picture's own.
pub type Mark = (usize, usize);

/// A picture that can be read.
pub trait Read {
    /// Where reading begins; `None` where nothing can be read, or nothing was drawn yet.
    fn begin(&self) -> Option<Mark>;

    /// The place so far to the right and down, or the last one on the way.
    fn step(&self, mark: Mark, by: (isize, isize)) -> Mark;

    /// Whether the place is there.
    fn has(&self, mark: Mark) -> bool;

    /// What lies there.
    fn words(&self, world: &World, mark: Mark, look: &Look) -> String;

    /// Who lies there.
    fn list(&self, world: &World, mark: Mark) -> Option<Request>;
}

/// Moves along one side of `count` places.
pub fn moved(at: usize, by: isize, count: usize) -> usize {
    at.saturating_add_signed(by).min(count.saturating_sub(1))
}

/// The rows of the table of these rows of the matrix, those that are looked at.
pub fn of_table(world: &World, rows: impl IntoIterator<Item = usize>) -> Vec<usize> {
    let Some(prepared) = &world.prepared else { return Vec::new() };
    rows.into_iter().filter_map(|row| Some(*prepared.matrix.rows.get(row)? as usize)).collect()
}

/// Whether a row of the matrix is looked at.
pub fn looks_at(world: &World, row: u32) -> bool {
    let place = || world.prepared.as_ref()?.matrix.rows.get(row as usize).copied();
    world.looked.is_none() || place().is_none_or(|row| world.looks_at(row as usize))
}

/// The customer of a row of the matrix: the id, or the row of the table.
pub fn name(world: &World, row: u32) -> String {
    of_table(world, [row as usize]).first().map_or_else(String::new, |&row| rows_here::name(world, row))
}

/// What is read, in the first line of `area`.
pub fn draw(buf: &mut Buffer, area: Rect, words: &str, look: &Look) {
    rows_here::draw(buf, area, "", words, "which", look);
}
