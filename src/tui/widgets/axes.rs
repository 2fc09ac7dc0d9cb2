//! Axes of our own: ticks where they belong, titles that are never cut without a word.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::text;
use crate::plot::{number, scale, scale::Scale};
use crate::tui::look::Look;

/// A tick: where, and its label.
pub type Tick = (f64, String);

/// One axis: its interval, its ticks and its title.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// The values at both ends.
    pub domain: (f64, f64),
    /// The ticks.
    pub ticks: Vec<Tick>,
    /// The title.
    pub title: String,
}

impl Axis {
    /// An axis over [low, high] with about `count` numbers.
    pub fn numbers((low, high): (f64, f64), count: usize, title: impl Into<String>) -> Self {
        let step = scale::step(low, high, count);
        let ticks = scale::ticks(low, high, count).into_iter().map(|value| (value, number::tick(value, step)));
        Self { domain: (low, high), ticks: ticks.collect(), title: title.into() }
    }
}

/// Two axes in an area, and the room that they leave for the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Axes {
    area: Rect,
    gutter: u16,
    x: Axis,
    y: Axis,
}

impl Axes {
    /// Puts the axes at the left and at the foot of `area`. The foot takes two lines (and one for the title), the
    /// y title the first line.
    pub fn new(area: Rect, x: Axis, y: Axis) -> Self {
        let longest = y.ticks.iter().map(|(_, label)| text::width(label)).max().unwrap_or(0);
        let gutter = u16::try_from(longest + 1).unwrap_or(u16::MAX).min(area.width / 3);
        Self { area, gutter, x, y }
    }

    /// Where the picture goes.
    pub fn inner(&self) -> Rect {
        let top = u16::from(!self.y.title.is_empty());
        let foot = 2 + u16::from(!self.x.title.is_empty());
        Rect {
            x: self.area.x + self.gutter,
            y: self.area.y + top.min(self.area.height),
            width: self.area.width.saturating_sub(self.gutter + 1),
            height: self.area.height.saturating_sub(top + foot),
        }
    }

    /// The scale of the x axis over the inner cells.
    pub fn x(&self) -> Scale {
        Scale::linear(self.x.domain.0, self.x.domain.1, self.inner().width as usize)
    }

    /// The scale of the y axis over the inner cells.
    pub fn y(&self) -> Scale {
        Scale::linear(self.y.domain.0, self.y.domain.1, self.inner().height as usize)
    }

    /// Draws lines, ticks, labels and titles.
    pub fn draw(&self, buf: &mut Buffer, look: &Look) {
        let inner = self.inner();
        text::put(buf, self.area.x, self.area.y, self.area.width, &self.y.title, look.strong());
        self.draw_y(buf, inner, look);
        self.draw_x(buf, inner, look);
        if !self.x.title.is_empty() {
            let title = text::fit(&self.x.title, inner.width as usize);
            text::put_right(buf, Rect { width: inner.width, ..inner }, inner.height + 2, &title, look.strong());
        }
    }

    fn draw_y(&self, buf: &mut Buffer, inner: Rect, look: &Look) {
        let (line, scale) = (inner.x.saturating_sub(1), self.y());
        (inner.top()..inner.bottom()).for_each(|y| text::put(buf, line, y, 1, "│", look.rule()));
        for (value, label) in &self.y.ticks {
            let Some(row) = scale.cell(*value) else { continue };
            let y = inner.bottom() - 1 - u16::try_from(row).unwrap_or(0);
            text::put(buf, line, y, 1, "┤", look.rule());
            let room = self.gutter.saturating_sub(1);
            text::put(buf, self.area.x, y, room, &text::right(label, room as usize), look.dim());
        }
    }

    fn draw_x(&self, buf: &mut Buffer, inner: Rect, look: &Look) {
        let (y, scale) = (inner.bottom(), self.x());
        text::put(buf, inner.x.saturating_sub(1), y, 1, "└", look.rule());
        text::put(buf, inner.x, y, inner.width, &"─".repeat(inner.width as usize), look.rule());
        let mut free = self.area.x;
        for (value, label) in &self.x.ticks {
            let Some(column) = scale.cell(*value) else { continue };
            let at = inner.x + u16::try_from(column).unwrap_or(0);
            text::put(buf, at, y, 1, "┬", look.rule());
            free = self.put_label(buf, (at, y + 1), label, free, look);
        }
    }

    /// Writes a label centred on its tick where it overlaps no other; returns the first column that is free.
    fn put_label(&self, buf: &mut Buffer, (at, y): (u16, u16), label: &str, free: u16, look: &Look) -> u16 {
        let wide = u16::try_from(text::width(label)).unwrap_or(0);
        let last_start = self.area.right().saturating_sub(wide);
        let start = at.saturating_sub(wide / 2).max(self.area.x).min(last_start);
        if start < free {
            return free;
        }
        text::put(buf, start, y, wide, label, look.dim());
        start + wide + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_stand_where_they_belong() {
        let area = Rect::new(0, 0, 30, 8);
        let mut buf = Buffer::empty(area);
        let axes = Axes::new(area, Axis::numbers((0.0, 100.0), 4, "income"), Axis::numbers((0.0, 10.0), 2, "spending"));
        axes.draw(&mut buf, &Look::default());
        let rows: Vec<String> = (0..8).map(|y| (0..30).map(|x| buf[(x, y)].symbol()).collect()).collect();
        let rows: Vec<&str> = rows.iter().map(|row| row.trim_end()).collect();
        insta::assert_snapshot!(rows.join("\n"));
    }
}
