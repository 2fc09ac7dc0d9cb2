//! Vertical bars with their values and labels underneath.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::text;
use crate::plot::{bars, number};
use crate::tui::look::Look;

/// One bar: its value (NaN: none) and its label.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// The value.
    pub value: f64,
    /// The label.
    pub label: String,
    /// Whether it is the one to look at: `↑` before the label.
    pub marked: bool,
}

/// Draws bars from zero on one scale: the lines of bars, one of values (where there is room), one of labels. `first` is written before
/// the first label (`k=`).
pub fn draw(buf: &mut Buffer, area: Rect, bars: &[Bar], first: &str, look: &Look) {
    let Some(each) = cells_each(area.width, bars.len()) else { return };
    let full = bars.iter().map(|bar| bar.value).filter(|value| value.is_finite()).fold(0.0, f64::max);
    for (index, bar) in bars.iter().enumerate() {
        let x = area.x + u16::try_from(index).unwrap_or(0) * each;
        draw_one(buf, Rect { x, width: each, ..area }, bar, full, look);
    }
    if area.height > 0 && !bars.first().is_some_and(|bar| bar.marked) {
        let label = format!("{first}{}", bars.first().map_or("", |bar| bar.label.as_str()));
        if text::width(&label) < each as usize {
            text::put(buf, area.x, area.bottom() - 1, each - 1, &text::right(&label, each as usize - 1), look.text());
        }
    }
}

/// The cells that each of `count` bars takes with the blank behind it, 3 to 7; `None` where there is no room.
fn cells_each(width: u16, count: usize) -> Option<u16> {
    let count = u16::try_from(count).ok().filter(|&count| count > 0)?;
    let each = ((width + 1) / count).min(7);
    (each >= 3).then_some(each)
}

fn draw_one(buf: &mut Buffer, area: Rect, bar: &Bar, full: f64, look: &Look) {
    let has_values = area.width > 3;
    let lines = area.height.saturating_sub(1 + u16::from(has_values));
    let (wide, style) = (area.width - 1, if bar.marked { look.strong() } else { look.text() });
    let filled = bars::eighths(bar.value, full, lines as usize);
    for row in 0..lines {
        let brick = bars::upward(filled, row as usize).to_string().repeat(wide as usize);
        text::put(buf, area.x, area.y + lines - 1 - row, wide, &brick, look.bar());
    }
    if has_values {
        let value = number::within(bar.value, wide as usize);
        text::put(buf, area.x, area.y + lines, wide, &text::right(&value, wide as usize), style);
    }
    let label = if bar.marked { marked(&bar.label, wide as usize) } else { bar.label.clone() };
    text::put(buf, area.x, area.bottom() - 1, wide, &text::right(&label, wide as usize), style);
}

fn marked(label: &str, wide: usize) -> String {
    if text::width(label) + 2 <= wide { format!("↑ {label}") } else { format!("↑{label}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(value: f64, k: usize, marked: bool) -> Bar {
        Bar { value, label: k.to_string(), marked }
    }

    #[test]
    fn bars_stand_on_their_values() {
        let bars = [bar(269.0, 2, false), bar(158.0, 3, false), bar(66.0, 4, true), bar(f64::NAN, 5, false)];
        let mut buf = Buffer::empty(Rect::new(0, 0, 15, 5));
        draw(&mut buf, Rect::new(0, 0, 15, 5), &bars, "k=", &Look::default());
        let rows: Vec<String> = (0..5).map(|y| (0..15).map(|x| buf[(x, y)].symbol()).collect()).collect();
        assert_eq!(
            rows,
            ["███            ", "███ ▆▆▆        ", "███ ███ ▆▆▆    ", "269 158  66   –", "k=2   3 ↑ 4   5"]
        );
    }

    #[test]
    fn too_many_bars_are_not_squeezed() {
        assert_eq!(cells_each(20, 10), None);
        assert_eq!(cells_each(39, 9), Some(4));
        assert_eq!(cells_each(80, 2), Some(7));
    }
}
