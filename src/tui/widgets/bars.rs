//! Horizontal bars: from the left, and from a middle line.

use ratatui::buffer::Buffer;
use ratatui::style::Style;

use super::text;
use crate::plot::bars;

/// A bar from the left at (x, y).
pub fn horizontal(buf: &mut Buffer, (x, y): (u16, u16), cells: u16, value: f64, full: f64, style: Style) {
    text::put(buf, x, y, cells, &bars::horizontal(value, full, cells as usize), style);
}

/// A thin bar from the left at (x, y): bars of nearly one length stay bars where they stand under each other.
pub fn thin(buf: &mut Buffer, (x, y): (u16, u16), cells: u16, value: f64, full: f64, style: Style) {
    let (_, above) = bars::halves(value, full, cells as usize);
    let bar = format!("{}{}", "━".repeat(above / 2), if above % 2 == 1 { "╸" } else { "" });
    text::put(buf, x, y, cells, &bar, style);
}

/// A bar around the middle line of `2·half + 1` cells at (x, y): `┃━━━╸` or `╺━━┃`.
pub fn around_middle(
    buf: &mut Buffer,
    (x, y): (u16, u16),
    half: u16,
    value: f64,
    full: f64,
    (bar, line): (Style, Style),
) {
    let (below, _) = bars::halves(value, full, half as usize);
    let left = format!("{}{}", if below % 2 == 1 { "╺" } else { "" }, "━".repeat(below / 2));
    text::put(buf, x, y, half, &text::right(&left, half as usize), bar);
    text::put(buf, x + half, y, 1, "┃", line);
    thin(buf, (x + half + 1, y), half, value, full, bar);
}

/// How far a work of `total` steps is, as `▓▓░░`.
pub fn progress(done: usize, total: usize, cells: usize) -> String {
    let filled = (done * cells).checked_div(total).unwrap_or(0).min(cells);
    "▓".repeat(filled) + &"░".repeat(cells - filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;

    #[test]
    fn bars_leave_the_middle_to_their_side() {
        let plain = (Style::default(), Style::default());
        let mut buf = Buffer::empty(Rect::new(0, 0, 9, 3));
        around_middle(&mut buf, (0, 0), 4, 1.75, 2.0, plain);
        around_middle(&mut buf, (0, 1), 4, -1.25, 2.0, plain);
        around_middle(&mut buf, (0, 2), 4, 0.0, 2.0, plain);
        assert_eq!(buf, Buffer::with_lines(["    ┃━━━╸", " ╺━━┃    ", "    ┃    "]));
        assert_eq!(progress(24, 29, 10), "▓▓▓▓▓▓▓▓░░");
        assert_eq!(progress(1, 0, 2), "░░");
    }
}
