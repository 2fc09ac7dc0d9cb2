//! What stands over a tab: help, palette, reasons, the headless command, the export sheet, a line being typed.

mod commands;
mod files;
mod help;
pub mod keys;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::action::Listed;
use super::frame::{self, Parts};
use super::look::Look;
use super::prompt;
use super::state::{Overlay, State};
use super::widgets::text;
use super::{themes, tour};

/// A line of a box: what is named and what is said of it, each with its style.
type Row = (String, Style, String, Style);

/// What a click met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hit {
    /// Nothing of the overlay.
    Outside,
    /// The overlay.
    Inside,
    /// The palette's choice with this index.
    Choice(usize),
}

/// Draws what stands over the tab; returns where the cursor stands, if text is being typed.
pub fn draw(state: &State, parts: &Parts, buf: &mut Buffer) -> Option<Position> {
    match state.overlay.as_ref()? {
        Overlay::Help(from) => scrolled(&state.look, parts, "Help", &help::lines(state, parts), *from, buf),
        Overlay::Text(title, paragraphs, from) | Overlay::Rows(Listed { title, lines: paragraphs, .. }, from) => {
            scrolled(&state.look, parts, title, &box_of(paragraphs, parts, &state.look), *from, buf)
        }
        Overlay::Headless(command) => return headless(state, parts, command, buf),
        Overlay::Palette(line, at) => return Some(commands::draw(state, parts, (line, *at), buf)),
        Overlay::Prompt(purpose, line) => return prompt::draw(state, parts, *purpose, line, buf),
        Overlay::Export(line) => return Some(files::export(state, parts, line, buf)),
        Overlay::Contacts(line) => return Some(files::contacts(state, parts, line, buf)),
        Overlay::Themes(choices, at, _) => themes::draw(&state.look, parts, choices, *at, buf),
        Overlay::Tour(step) => tour::draw(&state.look, parts, *step, buf),
    }
    None
}

/// The last line that help or a text can be scrolled to.
pub fn most_scroll(state: &State) -> Option<u16> {
    let parts = frame::parts(Rect::from((Position::ORIGIN, state.size)));
    let rows = match state.overlay.as_ref()? {
        Overlay::Help(_) => help::lines(state, &parts).len(),
        Overlay::Text(_, paragraphs, _) | Overlay::Rows(Listed { lines: paragraphs, .. }, _) => {
            box_of(paragraphs, &parts, &state.look).len()
        }
        _ => return None,
    };
    let room = parts.body.height.saturating_sub(2) as usize;
    u16::try_from(rows.saturating_sub(room)).ok()
}

/// Whether all of it is in sight.
fn fits(state: &State) -> bool {
    most_scroll(state).is_none_or(|most| most == 0)
}

/// What a click at `position` meets.
pub fn hit(state: &State, position: Position) -> Hit {
    let parts = frame::parts(Rect::from((Position::ORIGIN, state.size)));
    let Some(Overlay::Palette(line, at)) = &state.overlay else { return Hit::Inside };
    match commands::at(state, &parts, (line, *at), position) {
        Some(choice) => choice.map_or(Hit::Inside, Hit::Choice),
        None => Hit::Outside,
    }
}

/// The widest box that is still easily read.
const WIDEST: u16 = 96;

/// The width of a box: of a narrow screen all, for strips of what lies below would be read as part of it.
pub fn box_width(width: u16) -> u16 {
    if width <= WIDEST + 4 { width } else { WIDEST }
}

fn width_of(parts: &Parts) -> u16 {
    box_width(parts.body.width)
}

/// A box of this height in the middle of the body, wide enough to read.
fn centred(parts: &Parts, height: u16) -> Rect {
    let (body, width) = (parts.body, width_of(parts));
    let height = height.min(body.height);
    Rect { x: body.x + (body.width - width) / 2, y: body.y + (body.height - height) / 2, width, height }
}

/// An empty box with a title; returns its inside. Its keys stand in the footer.
pub fn frame_box(area: Rect, title: &str, look: &Look, buf: &mut Buffer) -> Rect {
    text::clear(buf, area, look);
    let line = "─".repeat(area.width.saturating_sub(2) as usize);
    text::put(buf, area.x, area.y, area.width, &format!("┌{line}┐"), look.rule());
    for y in area.y + 1..area.bottom().saturating_sub(1) {
        text::put(buf, area.x, y, 1, "│", look.rule());
        text::put(buf, area.right() - 1, y, 1, "│", look.rule());
    }
    text::put(buf, area.x, area.bottom() - 1, area.width, &format!("└{line}┘"), look.rule());
    text::put(buf, area.x + 2, area.y, area.width.saturating_sub(4), &format!(" {title} "), look.strong());
    Rect { x: area.x + 2, y: area.y + 1, width: area.width.saturating_sub(4), height: area.height.saturating_sub(2) }
}

/// Says at the foot of a box which of its lines are in sight, where not all are: from the first on `room` of them.
pub fn sight(buf: &mut Buffer, area: Rect, (first, room): (usize, usize), all: usize, look: &Look) {
    if all > room && area.height > 0 {
        let words = format!(" {}–{} of {all} ", first + 1, (first + room).min(all));
        text::put_right(buf, Rect { width: area.width.saturating_sub(2), ..area }, area.height - 1, &words, look.dim());
    }
}

/// A box of lines from the line `from` on; where not all are in sight its foot says which are.
fn scrolled(look: &Look, parts: &Parts, title: &str, rows: &[Row], from: u16, buf: &mut Buffer) {
    let height = u16::try_from(rows.len() + 2).unwrap_or(u16::MAX);
    let area = centred(parts, height);
    let inside = frame_box(area, title, look, buf);
    sight(buf, area, (from as usize, inside.height as usize), rows.len(), look);
    let term = widest(rows.iter().filter(|row| !row.2.is_empty()).map(|row| row.0.as_str())) as u16;
    for (row, y) in rows.iter().skip(from as usize).zip(inside.top()..inside.bottom()) {
        text::put(buf, inside.x, y, if row.2.is_empty() { inside.width } else { term }, &row.0, row.1);
        let x = inside.x + term + 2;
        text::put(buf, x, y, inside.right().saturating_sub(x), &row.2, row.3);
    }
}

/// The cells that are given to terms at most.
const TERM: usize = 20;

/// The cells of the widest term, not more than is given to terms.
fn widest<'a>(terms: impl Iterator<Item = &'a str>) -> usize {
    terms.map(text::width).max().unwrap_or(0).min(TERM)
}

/// The lines of a box that holds these paragraphs alone.
fn box_of(paragraphs: &[(String, String)], parts: &Parts, look: &Look) -> Vec<Row> {
    let term = widest(paragraphs.iter().map(|(term, _)| term.as_str()));
    explained(paragraphs, (width_of(parts), term), look.strong(), look)
}

/// Paragraphs of (term, explanation), broken to the box, beside terms of so many cells.
fn explained<T: AsRef<str>>(
    paragraphs: &[(T, T)],
    (width, term): (u16, usize),
    of_term: Style,
    look: &Look,
) -> Vec<Row> {
    let room = (width as usize).saturating_sub(4 + term + 2).max(8);
    let mut rows = Vec::new();
    for (term, words) in paragraphs {
        let lines = text::wrap(words.as_ref(), room);
        let terms = std::iter::once(term.as_ref()).chain(std::iter::repeat(""));
        rows.extend(lines.into_iter().zip(terms).map(|(line, term)| (term.to_owned(), of_term, line, look.text())));
    }
    rows
}

fn headless(state: &State, parts: &Parts, command: &str, buf: &mut Buffer) -> Option<Position> {
    let width = width_of(parts).saturating_sub(4) as usize;
    let lines = text::wrap(command, width.max(8));
    let area = centred(parts, u16::try_from(lines.len() + 4).unwrap_or(u16::MAX));
    let inside = frame_box(area, "This screen as a command", &state.look, buf);
    for (line, y) in lines.iter().zip(inside.top()..inside.bottom()) {
        text::put(buf, inside.x, y, inside.width, line, state.look.text());
    }
    let told = "handed to the terminal’s clipboard; not every terminal takes it";
    text::put(buf, inside.x, inside.bottom().saturating_sub(1), inside.width, told, state.look.dim());
    None
}
