//! Histograms with a count axis and the edges of their bins.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::axes::{Axes, Axis};
use super::text;
use crate::plot::{bars, scale};
use crate::tui::look::Look;

/// From, to, and how many.
pub type Bin = (f64, f64, f64);

/// Draws bins (low, high, count) from zero, with room up to `peak` at least; `x` brings the ticks of the values. Returns
/// the axes.
pub fn draw(buf: &mut Buffer, area: Rect, (bins, peak): (&[Bin], f64), x: Axis, look: &Look) -> Axes {
    let axes = Axes::new(area, x, counts(area, bins, peak));
    let (inner, top) = (axes.inner(), axes.y().domain().1);
    axes.draw(buf, look);
    let scale = axes.x();
    for &(low, high, count) in bins {
        let (from, to) = (edge(scale.position(low)), edge(scale.position(high)).max(edge(scale.position(low)) + 1));
        let filled = bars::eighths(count, top, inner.height as usize);
        // A blank between two bars where there is room, so that they can be told apart.
        let to = if to - from > 2 { to - 1 } else { to };
        column(buf, inner, (from, to), filled, look);
    }
    axes
}

/// The upright axis: little higher than the highest bar.
fn counts(area: Rect, bins: &[Bin], peak: f64) -> Axis {
    let most = bins.iter().map(|bin| bin.2).fold(peak, f64::max).max(1.0);
    let lines = area.height.saturating_sub(3) as usize;
    let ticks = (lines / 3).clamp(1 + usize::from(lines > 3), 6);
    let (_, top) = scale::nice(0.0, most, 2 * ticks);
    whole_ticks(Axis::numbers((0.0, top), ticks, ""))
}

/// The cells left of the bars.
pub fn gutter(area: Rect, bins: &[Bin]) -> u16 {
    Axes::new(area, Axis::numbers((0.0, 1.0), 1, ""), counts(area, bins, 0.0)).inner().x - area.x
}

fn edge(position: f64) -> u16 {
    position.round().max(0.0) as u16
}

/// Counts have no fractions.
fn whole_ticks(axis: Axis) -> Axis {
    let ticks = axis.ticks.into_iter().filter(|(value, _)| value.fract() == 0.0).collect();
    Axis { ticks, ..axis }
}

fn column(buf: &mut Buffer, inner: Rect, (from, to): (u16, u16), filled: usize, look: &Look) {
    let to = to.min(inner.width);
    if from >= to {
        return;
    }
    for row in (0..inner.height).take(filled.div_ceil(8)) {
        let brick = bars::upward(filled, row as usize).to_string().repeat((to - from) as usize);
        text::put(buf, inner.x + from, inner.bottom() - 1 - row, to - from, &brick, look.bar());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stand_between_their_edges() {
        let area = Rect::new(0, 0, 24, 7);
        let mut buf = Buffer::empty(area);
        let bins = [(0.0, 10.0, 4.0), (10.0, 20.0, 0.0), (20.0, 30.0, 2.0)];
        draw(&mut buf, area, (&bins, 0.0), Axis::numbers((0.0, 30.0), 3, ""), &Look::default());
        let rows: Vec<String> = (0..7).map(|y| (0..24).map(|x| buf[(x, y)].symbol()).collect()).collect();
        insta::assert_snapshot!(rows.iter().map(|row| row.trim_end()).collect::<Vec<_>>().join("\n"));
    }
}
