//! Heat maps with their numbers: the colour helps, the number says it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::text;
use crate::plot::number;
use crate::tui::look::Look;

/// What a heat map shows.
#[derive(Debug, Clone, Copy)]
pub struct Heat<'a> {
    /// The names of the rows.
    pub rows: &'a [String],
    /// The names of the columns.
    pub columns: &'a [String],
    /// The row and column under the cursor.
    pub cursor: (Option<usize>, Option<usize>),
    /// Whether the cell where they meet is read.
    pub reads: bool,
    /// The value at which the colour is full.
    pub full: f64,
}

/// The cells of one column.
const WIDE: u16 = 7;

/// Draws the rows and columns from `first` on that fit; returns how many of each were drawn.
pub fn draw(
    buf: &mut Buffer,
    area: Rect,
    heat: &Heat,
    first: (usize, usize),
    value: impl Fn(usize, usize) -> f64,
    look: &Look,
) -> (usize, usize) {
    let names = names_width(heat.rows, area.width);
    let columns = ((area.width.saturating_sub(names) / WIDE) as usize).min(heat.columns.len() - first.1);
    let rows = (area.height.saturating_sub(1) as usize).min(heat.rows.len() - first.0);
    for column in 0..columns {
        let (x, index) = (area.x + names + u16::try_from(column).unwrap_or(0) * WIDE, first.1 + column);
        let style = if heat.cursor.1 == Some(index) { look.strong() } else { look.dim() };
        text::put(buf, x + 1, area.y, WIDE - 1, &text::right(&heat.columns[index], WIDE as usize - 1), style);
    }
    for row in 0..rows {
        let (y, index) = (area.y + 1 + u16::try_from(row).unwrap_or(0), first.0 + row);
        let style = if heat.cursor.0 == Some(index) { look.strong() } else { look.text() };
        text::put(buf, area.x, y, names - 1, &heat.rows[index], style);
        for column in 0..columns {
            let x = area.x + names + u16::try_from(column).unwrap_or(0) * WIDE;
            cell(buf, (x, y), value(index, first.1 + column), heat.full, look);
            if heat.reads && heat.cursor == (Some(index), Some(first.1 + column)) {
                buf.set_style(
                    Rect::new(x + 1, y, WIDE - 1, 1),
                    look.key().add_modifier(Modifier::REVERSED | Modifier::UNDERLINED),
                );
            }
        }
    }
    (rows, columns)
}

fn names_width(rows: &[String], width: u16) -> u16 {
    let longest = rows.iter().map(|name| text::width(name)).max().unwrap_or(0);
    u16::try_from(longest + 1).unwrap_or(u16::MAX).min(width / 3).max(2)
}

fn cell(buf: &mut Buffer, (x, y): (u16, u16), value: f64, full: f64, look: &Look) {
    let style = if value.is_nan() { look.dim() } else { look.heat((value / full).clamp(-1.0, 1.0)) };
    text::put(buf, x, y, WIDE, &text::right(&number::ratio(value, 2), WIDE as usize), style);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_under_their_column() {
        let names = ["income".to_owned(), "spending score".to_owned()];
        let heat = Heat { rows: &names, columns: &names, cursor: (None, None), reads: false, full: 1.0 };
        let mut buf = Buffer::empty(Rect::new(0, 0, 30, 3));
        let value = |row: usize, column: usize| if row == column { 1.0 } else { -0.44 };
        assert_eq!(draw(&mut buf, Rect::new(0, 0, 30, 3), &heat, (0, 0), value, &Look::default()), (2, 2));
        let rows: Vec<String> = (0..3).map(|y| (0..30).map(|x| buf[(x, y)].symbol()).collect()).collect();
        assert_eq!(
            rows,
            ["           income spend…      ", "income       1.00   -.44      ", "spending…    -.44   1.00      "]
        );
    }
}
