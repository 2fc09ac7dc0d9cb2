//! Points as glyphs: the majority of a cell names it, by glyph and by colour.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::axes::Axes;
use super::text;
use crate::plot::grid::Grid;
use crate::tui::look::Look;

/// Draws a grid whose labels are segments; where `only` names one, the others are dim dots.
pub fn segments(buf: &mut Buffer, area: Rect, grid: &Grid, only: Option<u32>, look: &Look) {
    each(buf, area, grid, |label, _| match only {
        Some(number) if number != label => ("·", look.dim()),
        _ => (look.glyph(label), look.segment(label)),
    });
}

/// Draws the points that are not looked at: dim dots.
pub fn others(buf: &mut Buffer, area: Rect, grid: &Grid, look: &Look) {
    each(buf, area, grid, |_, _| ("·", look.dim()));
}

/// From so many rows in the fullest cell on, a cell with one is only a speck.
const CROWDED: u32 = 8;

/// Draws a grid of points without labels: fuller cells are heavier.
pub fn density(buf: &mut Buffer, area: Rect, grid: &Grid, look: &Look) {
    const STEPS: [&str; 5] = ["·", "•", "▒", "▓", "█"];
    // Where cells hold few rows, one of them is no speck.
    let least = if grid.fullest() < CROWDED { 1 } else { 0 };
    let full = f64::from(grid.fullest()).sqrt();
    each(buf, area, grid, |_, count| {
        let share = if full <= 1.0 { 0.0 } else { (f64::from(count).sqrt() - 1.0) / (full - 1.0) };
        let step = least + (share * (4 - least) as f64).round() as usize;
        (STEPS[step.min(4)], look.bar())
    });
}

/// Writes a name at a point, within the picture.
pub fn label(buf: &mut Buffer, axes: &Axes, point: (f64, f64), name: &str, look: &Look) {
    let Some((column, row)) = cell(axes, point) else { return };
    let inner = axes.inner();
    let wide = u16::try_from(text::width(name)).unwrap_or(u16::MAX).min(inner.width);
    let left = if point.0 < 0.0 { column.saturating_sub(wide) } else { column };
    let left = left.clamp(inner.x, inner.right() - wide);
    // Nothing of the points below shines through, and a blank on each side keeps them off.
    let from = left.saturating_sub(1).max(inner.x);
    text::clear(buf, Rect::new(from, row, (wide + 2).min(inner.right() - from), 1), look);
    text::put(buf, left, row, wide, name, look.title());
}

/// The cell of a point; `None` outside of what is seen.
fn cell(axes: &Axes, (x, y): (f64, f64)) -> Option<(u16, u16)> {
    let (inner, column, row) = (axes.inner(), axes.x().cell(x)?, axes.y().cell(y)?);
    Some((inner.x + u16::try_from(column).ok()?, inner.bottom() - 1 - u16::try_from(row).ok()?))
}

fn each<'a>(buf: &mut Buffer, area: Rect, grid: &Grid, mark: impl Fn(u32, u32) -> (&'a str, ratatui::style::Style)) {
    for (row, y) in (0..grid.rows).zip(area.top()..area.bottom()) {
        for (column, x) in (0..grid.columns).zip(area.left()..area.right()) {
            let cell = grid.cell(column, row);
            if cell.count > 0 {
                let (glyph, style) = mark(cell.label, cell.count);
                text::put(buf, x, y, 1, glyph, style);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::scale::Scale;

    #[test]
    fn a_cell_shows_its_majority() {
        let points = [(0.1, 0.1, 1), (0.6, 0.6, 2), (0.6, 0.6, 2), (0.7, 0.6, 1)];
        let unit = Scale::linear(0.0, 1.0, 2);
        let grid = Grid::bin(points.into_iter(), &unit, &unit);
        let area = Rect::new(0, 0, 2, 2);
        let mut buf = Buffer::empty(area);
        segments(&mut buf, area, &grid, None, &Look::default());
        assert_eq!((buf[(0, 1)].symbol(), buf[(1, 0)].symbol()), ("●", "◆"));
        segments(&mut buf, area, &grid, Some(2), &Look::default());
        assert_eq!((buf[(0, 1)].symbol(), buf[(1, 0)].symbol()), ("·", "◆"));
        density(&mut buf, area, &grid, &Look::default());
        assert_eq!((buf[(0, 1)].symbol(), buf[(1, 0)].symbol()), ("•", "█"));
    }
}
