//! A page of the table: columns that stay in sight, then those from one on; as wide as they were made.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::sample::{column_count, is_number, shown};
use crate::tui::look::Look;
use crate::tui::widgets::table::{self, Cell, Column};
use crate::tui::widgets::text;
use crate::tui::world::World;

/// The widest that a column is by itself.
const WIDEST: i32 = 24;
/// The widest that a column can be made.
const MOST: i32 = 200;

/// Which columns are seen, and how.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// The columns that stay at the left.
    pub frozen: usize,
    /// The first of the others.
    pub left: usize,
    /// Cells more or fewer than a column has by itself.
    pub wider: BTreeMap<usize, i32>,
}

impl Columns {
    /// The columns in the order in which they stand.
    fn listed(&self, count: usize) -> impl Iterator<Item = usize> + use<> {
        (0..self.frozen.min(count)).chain(self.left.max(self.frozen)..count)
    }

    /// Those that fit, with their place in the table.
    fn fitting(&self, world: &World, rows: &[usize], width: u16) -> Vec<(usize, Column)> {
        let (mut columns, mut used): (Vec<(usize, Column)>, u16) = (Vec::new(), 0);
        let names: Vec<&str> = super::columns::names(world).collect();
        for index in self.listed(column_count(world)) {
            let name = names.get(index).copied().unwrap_or_default();
            let widest = rows.iter().map(|&row| text::width(&shown(world, row, index))).max().unwrap_or(0);
            let own = widest.max(text::width(name)).clamp(1, WIDEST as usize) as i32;
            let cells = (own + self.wider.get(&index).copied().unwrap_or(0)).clamp(1, MOST) as u16;
            if used + cells > width && !columns.is_empty() {
                break;
            }
            used = used.saturating_add(cells + 2);
            let column = if is_number(world, index) { Column::right(name, cells) } else { Column::left(name, cells) };
            let gap = if columns.is_empty() { 0 } else { 2 };
            columns.push((index, column.gap(gap)));
        }
        columns
    }
}

/// How many columns fit from `left` on.
pub fn count(world: &World, left: usize, rows: &[usize], width: u16) -> usize {
    Columns { left, ..Columns::default() }.fitting(world, rows, width).len()
}

/// Draws a header and these rows; `sorted` is the column by which they stand, and whether they fall.
pub fn draw(
    buf: &mut Buffer,
    area: Rect,
    world: &World,
    (seen, sorted): (&Columns, Option<(usize, bool)>),
    rows: &[usize],
    look: &Look,
) {
    let (at, columns): (Vec<usize>, Vec<Column>) = seen.fitting(world, rows, area.width).into_iter().unzip();
    table::header(buf, area, &columns, look.dim());
    draw_marks(buf, area, (&at, &columns), seen, sorted, look);
    for (&row, y) in rows.iter().zip(area.y + 1..area.bottom()) {
        let cells: Vec<Cell> = at.iter().map(|&column| Cell::new(shown(world, row, column), look.text())).collect();
        table::row(buf, Rect { y, height: 1, ..area }, &columns, &cells);
    }
}

/// The sign of the sorted column, and a line behind those that stay.
fn draw_marks(
    buf: &mut Buffer,
    area: Rect,
    (at, columns): (&[usize], &[Column]),
    seen: &Columns,
    sorted: Option<(usize, bool)>,
    look: &Look,
) {
    let mut x = area.x;
    for (index, column) in at.iter().zip(columns) {
        x += column.gap;
        if let Some((_, falling)) = sorted.filter(|(by, _)| by == index) {
            let sign = if falling { "↓" } else { "↑" };
            text::put(buf, x, area.y, column.width, &text::left(&column.title, column.width as usize), look.strong());
            text::put(buf, x + column.width, area.y, 1, sign, look.strong());
        }
        x += column.width;
        if seen.frozen > 0 && *index + 1 == seen.frozen && x < area.right() {
            (area.top()..area.bottom()).for_each(|y| text::put(buf, x + 1, y, 1, "│", look.rule()));
        }
    }
}
