//! What goes over the line: the cells that changed, in as few bytes as the terminals of every maker understand.

use std::collections::BTreeSet;
use std::io::{self, Write};

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

use super::pen::{self, Pen};

const BEGIN_SYNCHRONIZED: &[u8] = b"\x1b[?2026h";
const END_SYNCHRONIZED: &[u8] = b"\x1b[?2026l";
const SHOW_CURSOR: &[u8] = b"\x1b[?25h";
const HIDE_CURSOR: &[u8] = b"\x1b[?25l";
/// Cells that did not change are written again rather than jumped over where they are fewer.
const BRIDGE: u16 = 4;

/// A terminal that remembers what it shows.
#[derive(Debug)]
pub struct Screen<W: Write> {
    out: W,
    shown: Buffer,
    frame: Vec<u8>,
    pen: Pen,
    /// Where the next character goes; `None` where that depends on the terminal.
    at: Option<Position>,
    /// Where the cursor is seen.
    cursor: Option<Position>,
}

impl<W: Write> Screen<W> {
    /// A screen of which nothing is known yet, with the cursor hidden.
    pub fn new(out: W) -> Self {
        let (shown, frame, pen) = (Buffer::empty(Rect::ZERO), Vec::new(), Pen::default());
        Self { out, shown, frame, pen, at: None, cursor: None }
    }

    /// Where its bytes go.
    pub fn out(&mut self) -> &mut W {
        &mut self.out
    }

    /// Shows a picture, as one synchronized update; where nothing changed nothing is written.
    ///
    /// # Errors
    /// The terminal's own.
    pub fn show(&mut self, picture: &Buffer, cursor: Option<Position>) -> io::Result<()> {
        if picture.area != self.shown.area {
            self.clear(picture.area);
        }
        for y in 0..picture.area.height {
            let changed = self.take_row(picture, y);
            self.write_row(y, &changed);
        }
        self.place_cursor(cursor);
        self.flush()
    }

    /// Forgets what is on the screen: the next picture is painted whole.
    pub fn forget(&mut self) {
        self.shown = Buffer::empty(Rect::ZERO);
    }

    fn clear(&mut self, area: Rect) {
        self.shown = Buffer::empty(area);
        (self.pen, self.at, self.cursor) = (Pen::default(), None, None);
        self.frame.extend_from_slice(b"\x1b[m\x1b[2J");
        self.frame.extend_from_slice(HIDE_CURSOR);
    }

    /// Takes a row over; the columns that change.
    fn take_row(&mut self, picture: &Buffer, y: u16) -> Vec<u16> {
        let mut changed = BTreeSet::new();
        let mut x = 0;
        while x < picture.area.width {
            let new = seen(picture, x, y);
            let wide = columns_of(&new);
            for column in x..x + wide {
                let Some(shown) = self.shown.cell_mut(Position { x: column, y }) else { continue };
                let new = if column == x { new.clone() } else { Cell::EMPTY };
                if new != *shown {
                    // What stands beside half a wide character goes with it.
                    changed.extend(column..column + columns_of(shown));
                    *shown = new;
                }
            }
            x += wide;
        }
        changed.into_iter().collect()
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        let frame = [BEGIN_SYNCHRONIZED, &self.frame, END_SYNCHRONIZED].concat();
        self.frame.clear();
        self.out.write_all(&frame)?;
        self.out.flush()
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
    fn place_cursor(&mut self, wanted: Option<Position>) {
        match wanted {
            Some(Position { x, y }) if self.cursor != wanted || !self.frame.is_empty() => {
                self.go(x, y);
                if self.cursor.is_none() {
                    self.frame.extend_from_slice(SHOW_CURSOR);
                }
            }
            None if self.cursor.is_some() => self.frame.extend_from_slice(HIDE_CURSOR),
            _ => {}
        }
        self.cursor = wanted;
    }
}

/// Columns that a cell's text takes.
fn columns_of(cell: &Cell) -> u16 {
    cell.symbol().width().max(1) as u16
}

fn is_blank(cell: &Cell) -> bool {
    *cell == Cell::EMPTY
}

/// A cell without what cannot be seen of it: a blank has neither a colour of its own nor weight, and of a wide character
/// whose second half something else took nothing is left.
fn seen(picture: &Buffer, x: u16, y: u16) -> Cell {
    let at = |x| picture.cell(Position { x, y });
    let mut seen = at(x).cloned().unwrap_or(Cell::EMPTY);
    if (x + 1..x + columns_of(&seen)).any(|x| at(x).is_none_or(|cell| cell.symbol() != " ")) {
        seen.set_symbol(" ");
    }
    if pen::is_ground(&seen) {
        (seen.fg, seen.modifier) = (Color::Reset, Modifier::empty());
    }
    seen
}

/// Whether every terminal gives this one cell; of all else the place of what follows is said anew.
fn is_one_wide(symbol: &str) -> bool {
    symbol.len() == 1 || matches!(symbol.chars().next(), Some('─'..='▟' | '\u{2800}'..='\u{28ff}'))
}

#[cfg(test)]
#[path = "screen_tests.rs"]
mod tests;
