//! Lines over axes: Braille dots where there are any, else a mark a column.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::axes::Axes;
use crate::plot::scale::Scale;
use crate::tui::look::Look;

/// The Braille dots of a cell, row by row from the top: left, right.
const DOTS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// Draws the line of `y_of` over blanks and, cut out, over full bars (in letters over blanks alone); where it leaves the axes it is not seen.
pub fn draw(buf: &mut Buffer, axes: &Axes, y_of: impl Fn(f64) -> f64, style: Style, look: &Look) {
    let fine = look.has_dots();
    let inner = axes.inner();
    let (columns, rows) = dots_of(inner, fine);
    let (low, high) = axes.x().domain();
    let (bottom, top) = axes.y().domain();
    let y = Scale::linear(bottom, top, rows);
    let at = |column: usize| y.cell(y_of(low + (high - low) * (column as f64 + 0.5) / columns as f64));
    let line = (0..columns).map(|column| at(column).map(|row| rows - 1 - row));
    // Whole letters one above the other would be a wall, not a line.
    let cells = met(line, inner, (fine, !look.is_ascii()));
    for (cell, position) in cells.into_iter().zip(inner.positions()).filter(|(cell, _)| *cell > 0) {
        let sign = match fine {
            true => braille(cell),
            false if look.is_ascii() => '\'',
            false => '•',
        };
        let under = &mut buf[position];
        match under.symbol() {
            " " | "┊" if !under.modifier.contains(Modifier::REVERSED) => {
                under.modifier = Modifier::empty();
                under.set_char(sign).set_style(style);
            }
            // The bar stays, and the line is cut out of it.
            "█" | "┊" if !look.is_ascii() => {
                under.set_char(sign).set_style(look.bar().add_modifier(Modifier::REVERSED));
            }
            _ => (),
        }
    }
}

/// The dots beside and above each other in `area`: cells where there are none that are `fine`.
pub fn dots_of(area: Rect, fine: bool) -> (usize, usize) {
    let (across, up) = if fine { (2, 4) } else { (1, 1) };
    (area.width as usize * across, area.height as usize * up)
}

/// The dots of each cell of `area`, row by row, that a line meets; `line` has its row of dots from the top in each
/// column of dots. Where it is `joined` steep parts have no holes.
pub fn met(line: impl Iterator<Item = Option<usize>>, area: Rect, (fine, joined): (bool, bool)) -> Vec<u8> {
    let (across, up) = if fine { (2, 4) } else { (1, 1) };
    let mut cells = vec![0_u8; area.area() as usize];
    let mut before = None;
    for (column, row) in line.enumerate() {
        for row in between(before.filter(|_| joined), row) {
            cells[row / up * area.width as usize + column / across] |= DOTS[row % up][column % across];
        }
        before = row;
    }
    cells
}

/// The sign with these dots.
pub fn braille(dots: u8) -> char {
    char::from_u32(0x2800 + u32::from(dots)).unwrap_or('•')
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::look::Glyphs;
    use crate::tui::widgets::axes::Axis;

    fn drawn(look: &Look, y_of: impl Fn(f64) -> f64) -> Vec<String> {
        let area = Rect::new(0, 0, 12, 6);
        let mut buf = Buffer::empty(area);
        let axes = Axes::new(
            area,
            Axis::numbers((0.0, 1.0), 2, ""),
            Axis { ticks: Vec::new(), ..Axis::numbers((0.0, 1.0), 1, "") },
        );
        draw(&mut buf, &axes, y_of, look.strong(), look);
        (0..4).map(|y| (1..11).map(|x| buf[(x, y)].symbol()).collect()).collect()
    }

    #[test]
    fn a_line_has_no_holes() {
        assert_eq!(drawn(&Look::default(), |x| x), ["       ⢀⠔⠊", "     ⡠⠒⠁  ", "  ⢀⠔⠊     ", "⡠⠒⠁       "]);
        let steep = drawn(&Look { glyphs: Glyphs::Blocks, ..Look::default() }, |x| if x < 0.5 { 0.0 } else { 0.9 });
        assert_eq!(steep, ["     •••••", "     •    ", "     •    ", "•••••     "]);
        assert!(drawn(&Look::default(), |_| f64::NAN).iter().all(|row| row.trim().is_empty()));
    }
}
