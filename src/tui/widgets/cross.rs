//! The cursor on a chart.

use ratatui::buffer::Buffer;
use ratatui::style::Modifier;

use super::axes::Axes;
use super::text;
use crate::tui::look::Look;

/// Marks the bar from `low` to `high`: its cells stand out, and a sign points at it from the axis.
pub fn bar(buf: &mut Buffer, axes: &Axes, (low, high): (f64, f64), look: &Look) {
    let (inner, scale) = (axes.inner(), axes.x());
    let at = |value: f64| inner.x + (scale.position(value).round().max(0.0) as u16).min(inner.width);
    let (from, to) = (at(low), at(high).max(at(low) + 1).min(inner.right()));
    for row in inner.rows() {
        for x in from..to {
            buf[(x, row.y)].set_style(look.strong());
        }
    }
    text::put(buf, from + to.saturating_sub(from) / 2, inner.bottom(), 1, "↑", look.key());
}

/// Marks a cell of the picture, from the left and from the top: dotted lines lead to it through the blanks.
pub fn cell(buf: &mut Buffer, axes: &Axes, (column, row): (usize, usize), look: &Look) {
    let inner = axes.inner();
    let (Ok(column), Ok(row)) = (u16::try_from(column), u16::try_from(row)) else { return };
    if column >= inner.width || row >= inner.height {
        return;
    }
    let (x, y) = (inner.x + column, inner.y + row);
    let across = (inner.left()..inner.right()).map(|x| ((x, y), "╌"));
    let down = (inner.top()..inner.bottom()).map(|y| ((x, y), "┊"));
    for (at, sign) in across.chain(down) {
        if buf[at].symbol() == " " {
            text::put(buf, at.0, at.1, 1, sign, look.dim());
        }
    }
    buf[(x, y)].set_style(look.key().add_modifier(Modifier::REVERSED));
    text::put(buf, x, inner.bottom(), 1, "↑", look.key());
}
