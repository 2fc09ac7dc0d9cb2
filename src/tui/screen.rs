//! What goes over the line: the cells that changed, in as few bytes as the terminals of every maker understand.

use std::collections::BTreeSet;
use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

use super::pen::{self, Pen};

const BEGIN_SYNCHRONIZED: &[u8] = b"\x1b[?2026h";
const END_SYNCHRONIZED: &[u8] = b"\x1b[?2026l";
const SHOW_CURSOR: &[u8] = b"\x1b[?25h";
const HIDE_CURSOR: &[u8] = b"\x1b[?25l";
/// Cells that did not change are written again rather than jumped over where they are fewer.
const BRIDGE: u16 = 4;

/// A terminal that remembers what it shows. A frame is written by [`Backend::flush`] as one synchronized update, and
/// not at all where nothing changed.
#[derive(Debug)]
pub struct Screen<W: Write> {
    out: W,
    shown: Buffer,
    frame: Vec<u8>,
    pen: Pen,
    /// Where the next character goes; `None` where that depends on the terminal.
    at: Option<Position>,
    /// Where the cursor is seen, as it is and as it is to be.
    cursor: [Option<Position>; 2],
}

impl<W: Write> Screen<W> {
    /// A screen of which nothing is known yet, with the cursor hidden.
    pub fn new(out: W) -> Self {
        let (shown, frame, pen) = (Buffer::empty(Rect::ZERO), Vec::new(), Pen::default());
        Self { out, shown, frame, pen, at: None, cursor: [None; 2] }
    }

    /// Where its bytes go.
    pub fn out(&mut self) -> &mut W {
        &mut self.out
    }

    fn cell(&self, x: u16, y: u16) -> Option<&Cell> {
        self.shown.cell(Position { x, y })
    }

    /// Writes the changed cells of a row, which stand in `shown` already.
    fn write_row(&mut self, y: u16, columns: &[u16]) {
        let width = self.shown.area.width;
        let blank = self.blank_from(y);
        // The first column that no wide character covers.
        let mut free = 0;
        for &x in columns {
            if x >= blank && width - blank > BRIDGE {
                // All that follows is blank: one word says so.
                self.go(blank, y);
                self.pen.plain(&mut self.frame);
                self.frame.extend_from_slice(b"\x1b[K");
                return;
            }
            if x >= free {
                self.go(x, y);
                free = x + self.write_cell(x, y);
            }
        }
    }

    /// The column from which on a row has nothing but plain blanks.
    fn blank_from(&self, y: u16) -> u16 {
        let width = self.shown.area.width;
        let columns = (0..width).rev();
        let first = columns.take_while(|&x| self.cell(x, y).is_some_and(is_blank)).last().unwrap_or(width);
        let before = first.checked_sub(1).and_then(|x| self.cell(x, y));
        // The second half of a wide character is no blank.
        if before.is_some_and(|cell| columns_of(cell) > 1) { (first + 1).min(width) } else { first }
    }

    fn go(&mut self, x: u16, y: u16) {
        match self.at {
            Some(at) if at == Position { x, y } => {}
            Some(at) if at.y == y && at.x < x => self.go_right(x, y, at.x),
            _ => match x {
                0 => self.escape(format_args!("{}H", y + 1)),
                _ => self.escape(format_args!("{};{}H", y + 1, x + 1)),
            },
        }
        self.at = Some(Position { x, y });
    }

    /// Over a few cells that need no other pen by writing them again, else by a jump.
    fn go_right(&mut self, x: u16, y: u16, from: u16) {
        let cells = || (from..x).filter_map(|x| self.shown.cell(Position { x, y }));
        if x - from < BRIDGE && cells().all(|cell| cell.symbol().is_ascii() && self.pen.is(cell)) {
            let text: String = cells().map(Cell::symbol).collect();
            self.frame.extend_from_slice(text.as_bytes());
        } else if x - from == 1 {
            self.frame.extend_from_slice(b"\x1b[C");
        } else {
            self.escape(format_args!("{}C", x - from));
        }
    }

    /// Returns how many columns it took.
    fn write_cell(&mut self, x: u16, y: u16) -> u16 {
        let Some(cell) = self.shown.cell(Position { x, y }) else { return 1 };
        self.pen.take(cell, &mut self.frame);
        self.frame.extend_from_slice(cell.symbol().as_bytes());
        let known = x + 1 < self.shown.area.width && is_one_wide(cell.symbol());
        self.at = known.then_some(Position { x: x + 1, y });
        columns_of(cell)
    }

    fn escape(&mut self, words: std::fmt::Arguments<'_>) {
        // Writing into memory does not fail.
        let _ = write!(self.frame, "\x1b[{words}");
    }

    /// Puts the cursor where it is to be; a frame leaves it where it wrote last.
    fn place_cursor(&mut self) {
        let [is, wanted] = self.cursor;
        match wanted {
            Some(Position { x, y }) if is != wanted || !self.frame.is_empty() => {
                self.go(x, y);
                if is.is_none() {
                    self.frame.extend_from_slice(SHOW_CURSOR);
                }
            }
            None if is.is_some() => self.frame.extend_from_slice(HIDE_CURSOR),
            _ => {}
        }
        self.cursor[0] = wanted;
    }
}

/// Columns that a cell's text takes.
fn columns_of(cell: &Cell) -> u16 {
    cell.symbol().width().max(1) as u16
}

fn is_blank(cell: &Cell) -> bool {
    *cell == Cell::EMPTY
}

/// A cell without what cannot be seen of it: a blank has neither a colour of its own nor weight.
fn seen(cell: &Cell) -> Cell {
    let mut seen = cell.clone();
    if pen::is_ground(cell) {
        (seen.fg, seen.modifier) = (Color::Reset, Modifier::empty());
    }
    seen
}

/// Whether every terminal gives this one cell; of all else the place of what follows is said anew.
fn is_one_wide(symbol: &str) -> bool {
    symbol.len() == 1 || matches!(symbol.chars().next(), Some('─'..='▟' | '\u{2800}'..='\u{28ff}'))
}

impl<W: Write> Backend for Screen<W> {
    type Error = io::Error;

    fn draw<'a, I: Iterator<Item = (u16, u16, &'a Cell)>>(&mut self, content: I) -> io::Result<()> {
        let mut places = BTreeSet::new();
        for (x, y, cell) in content {
            for column in x..x + columns_of(cell) {
                let Some(shown) = self.shown.cell_mut(Position { x: column, y }) else { continue };
                // What stood beside half a wide character went with it.
                let new = if column == x { seen(cell) } else { Cell::EMPTY };
                if new != *shown {
                    places.extend((column..column + columns_of(shown)).map(|column| (y, column)));
                    *shown = new;
                }
            }
        }
        let places: Vec<(u16, u16)> = places.into_iter().collect();
        for row in places.chunk_by(|a, b| a.0 == b.0) {
            let columns: Vec<u16> = row.iter().map(|place| place.1).collect();
            self.write_row(row[0].0, &columns);
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.cursor[1] = None;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// The terminal is asked nothing: where the cursor was put last.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor[1].unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.cursor[1] = Some(position.into());
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        let Size { width, height } = self.size()?;
        self.shown = Buffer::empty(Rect::new(0, 0, width, height));
        (self.pen, self.at, self.cursor[0]) = (Pen::default(), None, None);
        self.frame.clear();
        self.frame.extend_from_slice(b"\x1b[m\x1b[2J");
        self.frame.extend_from_slice(HIDE_CURSOR);
        Ok(())
    }

    /// The workbench has the whole screen: any region is all of it.
    fn clear_region(&mut self, _: ClearType) -> io::Result<()> {
        self.clear()
    }

    fn size(&self) -> io::Result<Size> {
        crossterm::terminal::size().map(Size::from)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::ZERO })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.place_cursor();
        if self.frame.is_empty() {
            return Ok(());
        }
        let frame = [BEGIN_SYNCHRONIZED, &self.frame, END_SYNCHRONIZED].concat();
        self.frame.clear();
        self.out.write_all(&frame)?;
        self.out.flush()
    }
}

#[cfg(test)]
#[path = "screen_tests.rs"]
mod tests;
