//! Vertical bars with their values and labels underneath.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

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
    /// Whether the cursor is on what it stands for: `▸` before the label.
    pub here: bool,
}

/// Draws bars from zero on one scale: the lines of bars, one of values, one of labels. Under thin bars every second value
/// stands. `first` is written before the first label (`k=`).
pub fn draw(buf: &mut Buffer, area: Rect, bars: &[Bar], first: &str, look: &Look) {
    let Some(each) = cells_each(area.width, bars.len()) else { return };
    let full = bars.iter().map(|bar| bar.value).filter(|value| value.is_finite()).fold(0.0, f64::max);
    let first_valued = bars.iter().position(|bar| bar.marked).unwrap_or(0) % 2;
    for (index, bar) in bars.iter().enumerate() {
        let place = Rect { x: area.x + u16::try_from(index).unwrap_or(0) * each, width: each, ..area };
        draw_one(buf, place, bar, full, look);
        if each > VALUE || index % 2 == first_valued {
            draw_value(buf, place, bar, area.x, look);
        }
    }
    if area.height > 0 && !bars.first().is_some_and(|bar| bar.marked) {
        let label = format!("{first}{}", bars.first().map_or("", |bar| bar.label.as_str()));
        if text::width(&label) < each as usize {
            let style = style(&bars[0], look);
            put_label(buf, (area.x, area.bottom() - 1), each - 1, (&label, style), bars[0].here, look);
        }
    }
}

/// The least cells of a value.
const VALUE: u16 = 3;

/// The unit in which more of the values can be told apart than by a unit beside each, and how it is said behind what they
/// are; `None` where none helps.
pub fn unit(bars: &[Bar], width: u16) -> Option<(f64, &'static str)> {
    let cells = (cells_each(width, bars.len())? - 1).max(VALUE);
    number::shared_unit(bars.iter().map(|bar| bar.value), cells as usize)
}

/// The cells that each of `count` bars takes with the blank behind it, 3 to 12; `None` where there is no room.
fn cells_each(width: u16, count: usize) -> Option<u16> {
    let count = u16::try_from(count).ok().filter(|&count| count > 0)?;
    let each = ((width + 1) / count).min(12);
    (each >= 3).then_some(each)
}

fn style(bar: &Bar, look: &Look) -> Style {
    if bar.marked || bar.here { look.strong() } else { look.text() }
}

fn draw_one(buf: &mut Buffer, area: Rect, bar: &Bar, full: f64, look: &Look) {
    let lines = area.height.saturating_sub(2);
    let wide = area.width - 1;
    let filled = bars::eighths(bar.value, full, lines as usize);
    for row in 0..lines {
        let brick = bars::upward(filled, row as usize).to_string().repeat(wide as usize);
        text::put(buf, area.x, area.y + lines - 1 - row, wide, &brick, look.bar());
    }
    let label = if bar.marked { marked(&bar.label, wide as usize) } else { bar.label.clone() };
    let y = area.bottom().saturating_sub(1);
    put_label(buf, (area.x, y), wide, (&label, style(bar, look)), bar.here, look);
}

/// From so many cells on what stands under a bar stands under its middle.
const BROAD: u16 = 5;

/// A text under a bar of so many cells.
fn under(words: &str, wide: u16) -> String {
    let cells = wide as usize;
    let behind = if wide < BROAD { 0 } else { cells.saturating_sub(text::width(words)) / 2 };
    text::right(words, cells - behind)
}

/// The label of a bar, with the cursor's sign before it.
fn put_label(buf: &mut Buffer, (x, y): (u16, u16), wide: u16, (label, style): (&str, Style), here: bool, look: &Look) {
    let label = under(label, wide);
    text::put(buf, x, y, wide, &label, style);
    let blanks = label.chars().take_while(|letter| *letter == ' ').count();
    if let Some(x) = (x + u16::try_from(blanks).unwrap_or(0)).checked_sub(1).filter(|_| here) {
        text::put(buf, x, y, 1, "▸", look.key());
    }
}

/// The value under a bar, ending with it; a thin one's reaches over the blank before it.
fn draw_value(buf: &mut Buffer, area: Rect, bar: &Bar, left: u16, look: &Look) {
    let Some(y) = area.bottom().checked_sub(2).filter(|y| *y >= area.y) else { return };
    let cells = (area.width - 1).max(VALUE);
    let x = (area.right() - 1).saturating_sub(cells).max(left);
    let value = number::within(bar.value, cells as usize);
    text::put(buf, x, y, cells, &under(&value, cells), style(bar, look));
}

fn marked(label: &str, wide: usize) -> String {
    if text::width(label) + 2 <= wide { format!("↑ {label}") } else { format!("↑{label}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(value: f64, k: usize, marked: bool) -> Bar {
        Bar { value, label: k.to_string(), marked, here: false }
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
    fn values_stay_under_thin_bars_and_the_one_under_the_cursor_is_marked() {
        let bars: Vec<Bar> = (2..15).map(|k| Bar { here: k == 4, ..bar(3_000.0 / k as f64, k, k == 5) }).collect();
        let mut buf = Buffer::empty(Rect::new(0, 0, 41, 4));
        draw(&mut buf, Rect::new(1, 0, 40, 4), &bars, "k=", &Look::default());
        let row = |y: u16| (0..41).map(|x| buf[(x, y)].symbol()).collect::<String>();
        assert_eq!(row(2), "    1k   600   429   333   273   231     ");
        assert_eq!(row(3), "  2  3 ▸4 ↑5  6  7  8  9 10 11 12 13 14  ");
    }

    #[test]
    fn values_that_read_alike_have_their_unit_in_the_title() {
        let bars = |values: &[f64]| -> Vec<Bar> { values.iter().map(|&value| bar(value, 2, false)).collect() };
        let near = bars(&[2_128.0, 1_954.0, 1_769.0, 1_688.0, 1_469.0]);
        assert_eq!(unit(&near, 20), Some((1e3, "/1,000")), "2k 2k 2k 2k 1k");
        assert_eq!(unit(&near, 60), None, "2.1k 2.0k 1.8k 1.7k 1.5k have room");
        assert_eq!(unit(&bars(&[269.0, 158.0, 66.0]), 12), None);
        assert_eq!(unit(&bars(&[25_083.0, 21_866.0, 20_150.0]), 12), None, "25k 22k 20k");
        assert_eq!(unit(&bars(&[f64::NAN, 0.3, 0.31]), 12), None);
    }

    #[test]
    fn too_many_bars_are_not_squeezed() {
        assert_eq!(cells_each(20, 10), None);
        assert_eq!(cells_each(39, 9), Some(4));
        assert_eq!(cells_each(80, 2), Some(12));
    }
}
