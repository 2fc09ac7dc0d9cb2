//! Pictures of panes for tests.

use std::fmt::Write;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use unicode_width::UnicodeWidthStr;

use super::Pane;
use crate::tui::look::{Depth, Glyphs, Look};
use crate::tui::world::World;

fn drawn(pane: &dyn Pane, world: &World, look: &Look, width: u16, height: u16) -> Buffer {
    // A margin of one cell all around: what is drawn outside the area shows.
    let mut buf = Buffer::empty(Rect::new(0, 0, width + 2, height + 2));
    let area = Rect::new(1, 1, width, height);
    pane.view(world, look, area, &mut buf);
    for position in buf.area.positions().filter(|position| !area.contains(*position)) {
        assert_eq!(buf[position].symbol(), " ", "drawn outside its area at {position}");
    }
    buf
}

fn line(buf: &Buffer, y: u16) -> String {
    let mut text = String::new();
    let mut x = 1;
    while x < buf.area.width - 1 {
        let symbol = buf[(x, y)].symbol();
        text.push_str(symbol);
        x += symbol.width().max(1) as u16;
    }
    text.trim_end().to_owned()
}

/// The text of a pane of this size.
pub fn shot(pane: &dyn Pane, world: &World, look: &Look, width: u16, height: u16) -> String {
    let buf = drawn(pane, world, look, width, height);
    (1..=height).map(|y| line(&buf, y)).collect::<Vec<_>>().join("\n")
}

/// The text, and below it where each style begins.
pub fn styled(pane: &dyn Pane, world: &World, look: &Look, width: u16, height: u16) -> String {
    let buf = drawn(pane, world, look, width, height);
    let mut text = shot(pane, world, look, width, height);
    text.push('\n');
    for y in 1..=height {
        let styles: Vec<Style> = (1..=width).map(|x| buf[(x, y)].style()).collect();
        let mut from = 0;
        let _ = write!(text, "\n{:>2}:", y - 1);
        for run in styles.chunk_by(|a, b| a == b) {
            if run[0] != Style::reset() {
                let colour = run[0]
                    .fg
                    .filter(|colour| *colour != Color::Reset)
                    .map_or(String::new(), |colour| format!("{colour} "));
                let _ = write!(text, " {from}-{} {colour}{:?};", from + run.len() - 1, run[0].add_modifier);
            }
            from += run.len();
        }
    }
    text
}

/// Neither colours nor any character above 127.
pub fn ascii() -> Look {
    Look::plain(Depth::Mono, Glyphs::Ascii)
}
