//! Text over the whole place, with a scroll.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::tui::look::Look;
use crate::tui::widgets::{rule, text};

/// Lines of styled text, built up and then drawn.
#[derive(Debug, Default)]
pub struct Sheet {
    lines: Vec<Vec<(String, Style)>>,
}

impl Sheet {
    /// One line of spans.
    pub fn line(&mut self, spans: Vec<(String, Style)>) {
        self.lines.push(spans);
    }

    /// A blank line and a heading.
    pub fn heading(&mut self, title: &str, look: &Look) {
        if !self.lines.is_empty() {
            self.lines.push(Vec::new());
        }
        self.lines.push(vec![(title.to_owned(), look.strong())]);
    }

    /// A paragraph broken at `cells`, indented by two.
    pub fn paragraph(&mut self, words: &str, cells: usize, style: Style) {
        for line in text::wrap(words, cells.saturating_sub(4)) {
            self.lines.push(vec![("  ".to_owned(), style), (line, style)]);
        }
    }

    /// Draws it over `area` under a titled rule, from line `scroll` on (kept within the text). Returns the last
    /// line to scroll to. Its keys stand in the footer.
    pub fn draw(&self, buf: &mut Buffer, area: Rect, title: &str, scroll: usize, look: &Look) -> usize {
        text::clear(buf, area, look);
        rule::titled(buf, area, title, look);
        let room = area.height.saturating_sub(1) as usize;
        let most = self.lines.len().saturating_sub(room);
        let first = scroll.min(most);
        let is_cut = first + room < self.lines.len();
        for (line, y) in self.lines[first..].iter().take(room - usize::from(is_cut && room > 0)).zip(area.y + 1..) {
            let spans: Vec<text::Span> = line.iter().map(|(words, style)| (words.as_str(), *style)).collect();
            text::put_spans(buf, area.x + 1, y, area.width.saturating_sub(2), &spans);
        }
        if is_cut {
            text::put_right(buf, area, area.height - 1, " … j more ", look.dim());
        }
        most
    }
}
