//! Text over the whole place, with a scroll.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::segments::{Segment, Segments};
use crate::tui::look::Look;
use crate::tui::widgets::{rule, text};

/// Lines of styled text, built up and then drawn.
#[derive(Debug, Default)]
pub struct Sheet {
    lines: Vec<Vec<(String, Style)>>,
}

/// The cells of margin, glyph and number before a segment's name.
pub const SIGN: usize = 6;
/// The fewest cells of a name.
const LEAST_NAME: usize = 8;

/// The cells of the segments' names with so many beside them: as many as the longest takes, or what is left.
pub fn name_room(segments: &Segments, cells: usize, beside: usize) -> usize {
    let longest = segments.list.iter().map(|segment| text::width(&segment.name)).max().unwrap_or(0);
    longest.min(cells.saturating_sub(beside)).max(LEAST_NAME)
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

    /// A segment's line: its sign, its name on as many lines of `room` cells as it takes, and `rest` beside the first.
    pub fn segment(&mut self, segment: &Segment, room: usize, rest: Vec<(String, Style)>, look: &Look) {
        let number = segment.number;
        let sign = (format!("  {} {number:<2}", look.glyph(number)), look.segment(number));
        let style = rest.first().map_or(look.text(), |(_, style)| *style);
        let mut name = text::wrap(&segment.name, room).into_iter();
        let first = (text::left(&name.next().unwrap_or_default(), room), style);
        self.lines.push([sign, first].into_iter().chain(rest).collect());
        self.lines.extend(name.map(|more| vec![(" ".repeat(SIGN), style), (more, style)]));
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
