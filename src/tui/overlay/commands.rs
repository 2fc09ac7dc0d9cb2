//! The palette: commands by a few letters or plain words.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{centred, frame_box, sight};
use crate::tui::command::Place;
use crate::tui::commands::Entry;
use crate::tui::frame::Parts;
use crate::tui::line::Line;
use crate::tui::palette::{self, Choice};
use crate::tui::prompt::typed;
use crate::tui::state::State;
use crate::tui::widgets::table::first_row;
use crate::tui::widgets::text;

/// The cells before what a command does.
const KEYS: u16 = 17;
/// The lines in which the chosen command is told in full.
const FOOT: u16 = 2;

/// What is offered for a line, and where.
struct Offered {
    choices: Vec<Choice>,
    area: Rect,
    /// Lines below the choices for what is cut in them.
    foot: u16,
}

impl Offered {
    fn new(state: &State, parts: &Parts, text: &str) -> Self {
        let choices = palette::choices(&state.keymap, state.tab, text);
        let inner = Rect { width: centred(parts, 0).width.saturating_sub(4), ..parts.body };
        let foot = if choices.iter().any(|choice| is_cut(state, choice, inner.width)) { FOOT } else { 0 };
        let height = u16::try_from(choices.len().max(1) + 3).unwrap_or(u16::MAX).saturating_add(foot);
        let area = Rect { y: parts.body.y, ..centred(parts, height) };
        Self { choices, area, foot }
    }

    /// The choices in sight: the first one, and how many.
    fn sight(&self, at: usize) -> (usize, usize) {
        let room = self.area.height.saturating_sub(3 + self.foot) as usize;
        (first_row(at, self.choices.len(), room), room)
    }
}

/// The choice that stands at `position`; `None` beside the box.
pub fn at(state: &State, parts: &Parts, (line, at): (&Line, usize), position: Position) -> Option<Option<usize>> {
    let offered = Offered::new(state, parts, line.text());
    let (first, room) = offered.sight(at);
    let row = position.y.checked_sub(offered.area.y + 2).map(usize::from).filter(|row| *row < room);
    let choice = row.map(|row| first + row).filter(|choice| *choice < offered.choices.len());
    offered.area.contains(position).then_some(choice)
}

/// Draws it; returns where the cursor stands.
pub fn draw(state: &State, parts: &Parts, (line, at): (&Line, usize), buf: &mut Buffer) -> Position {
    let offered = Offered::new(state, parts, line.text());
    let inside = frame_box(offered.area, "Commands", &state.look, buf);
    let cursor = typed(":", line, Rect { height: 1, ..inside }, &state.look, buf);
    let (first, room) = offered.sight(at);
    sight(buf, offered.area, (first, room), offered.choices.len(), &state.look);
    let lines = offered.choices.iter().enumerate().skip(first).take(room);
    for ((index, choice), y) in lines.zip(inside.y + 1..inside.bottom()) {
        draw_choice(state, choice, index == at, Rect { y, height: 1, ..inside }, buf);
    }
    if offered.choices.is_empty() {
        text::put(buf, inside.x, inside.y + 1, inside.width, "no command fits", state.look.dim());
    }
    let cut = offered.choices.get(at).filter(|choice| is_cut(state, choice, inside.width));
    if let Some(entry) = cut.and_then(|choice| entry(state, choice)) {
        let foot = inside.bottom().saturating_sub(offered.foot)..inside.bottom();
        for (line, y) in text::wrap(entry.command.help, inside.width as usize).iter().zip(foot) {
            text::put(buf, inside.x, y, inside.width, line, state.look.dim());
        }
    }
    cursor
}

fn entry<'a>(state: &'a State, choice: &Choice) -> Option<&'a Entry> {
    match choice {
        Choice::Word(_) => None,
        Choice::Command(id) => state.keymap.entry(id),
    }
}

/// The tab of a command, where it is another than the one that is shown.
fn elsewhere(state: &State, entry: &Entry) -> &'static str {
    match entry.command.place {
        Place::Tab(tab) if tab != state.tab => tab.title(),
        _ => "",
    }
}

/// Cells for what a command does.
fn room(state: &State, entry: &Entry, width: u16) -> u16 {
    width.saturating_sub(KEYS + 1 + text::width(elsewhere(state, entry)) as u16)
}

fn is_cut(state: &State, choice: &Choice, width: u16) -> bool {
    entry(state, choice).is_some_and(|entry| text::width(entry.command.help) > room(state, entry, width) as usize)
}

/// What a command does in so many cells: without details that have no room.
fn in_short(help: &str, cells: usize) -> &str {
    let clauses = text::beginning(help, cells, &[": ", "; "]);
    clauses.or_else(|| text::beginning(help, cells, &[", "])).unwrap_or(help)
}

fn draw_choice(state: &State, choice: &Choice, selected: bool, area: Rect, buf: &mut Buffer) {
    let look = &state.look;
    if selected {
        buf.set_style(area, look.cursor());
        text::put(buf, area.x, area.y, 1, "▸", look.cursor());
    }
    let style = if selected { look.cursor() } else { look.text() };
    if let Choice::Word(word) = choice {
        text::put(buf, area.x + 2, area.y, area.width - 2, &word.label(), style);
    }
    let Some(entry) = entry(state, choice) else { return };
    let keys: Vec<String> = entry.keys.iter().map(|key| key.label(look.names_keys())).collect();
    let of_keys = if selected { look.cursor() } else { look.key() };
    text::put(buf, area.x + 2, area.y, KEYS - 3, &keys.join(" "), of_keys);
    let cells = room(state, entry, area.width);
    text::put(buf, area.x + KEYS, area.y, cells, in_short(entry.command.help, cells as usize), style);
    text::put_right(buf, area, 0, elsewhere(state, entry), look.dim());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::desk::Desk;

    #[test]
    fn no_command_is_cut_on_a_screen_of_80_cells() {
        let mut desk = Desk::campaign(80, 24);
        let mut cut = Vec::new();
        for tab in ["1", "2", "3", "4", "5", "6"] {
            desk.keys(tab);
            for entry in desk.state.keymap.entries() {
                let cells = room(&desk.state, entry, 76) as usize;
                let said = in_short(entry.command.help, cells);
                cut.extend((text::width(said) > cells).then_some((entry.command.id, said)));
            }
        }
        assert!(cut.is_empty(), "{cut:#?}");
    }
}
