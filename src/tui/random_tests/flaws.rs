//! What must hold after every key.

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use unicode_width::UnicodeWidthStr;

use crate::tui::command::Place;
use crate::tui::state::{Overlay, State};
use crate::tui::{frame, overlay, palette};

/// The state: cursors and scrolls in range, what is named is there, the footer's keys do what it says.
pub fn state(state: &State) {
    for pane in &state.panes {
        if let Some(flaw) = pane.flaw(&state.world) {
            panic!("{flaw}");
        }
    }
    standing_over(state);
    footer(state);
    let world = &state.world;
    assert!(world.answers.keys().all(|finding| *finding < world.findings.len()), "an answer to no finding");
    if world.study.is_some() {
        assert!(world.prepared.is_some(), "runs without a matrix");
    }
    assert!(world.table.is_some() || world.recipe.is_none(), "a recipe without a table");
}

/// The palette's choice, the scroll of what is read.
fn standing_over(state: &State) {
    match &state.overlay {
        Some(Overlay::Palette(line, at)) => {
            let count = palette::choices(&state.keymap, state.tab, line.text()).len();
            assert!(*at < count.max(1), "the palette's choice {at} of {count}");
        }
        Some(Overlay::Help(from) | Overlay::Text(_, _, from) | Overlay::Rows(_, from)) => {
            // A scroll of before a resize is drawn as what is left of it.
            let most = overlay::most_scroll(state).unwrap_or(0);
            assert!(*from <= most, "scrolled to line {from} of {most}");
        }
        _ => {}
    }
}

/// Every key that the footer names belongs to a command here, of that title where nothing is open inside the place;
/// while a line is typed, or something stands over the tab, they are theirs.
fn footer(state: &State) {
    if state.overlay.is_some() || state.pane().typing() {
        return;
    }
    let open = state.pane().open_keys().is_some();
    for (keys, title) in frame::hints(state) {
        for label in keys.split(' ') {
            let does = state.keymap.entries().iter().any(|entry| {
                let known = entry.keys.iter().any(|key| key.label(state.look.names_keys()) == label);
                let here = entry.command.place == Place::Everywhere || entry.works_on(state.tab);
                known && here && (open || entry.command.title == title)
            });
            assert!(does, "the footer says {label} {title}");
        }
    }
}

/// With nothing left to be heard of, nothing may be shown as going on.
pub fn settled(state: &State) {
    assert!(!state.world.studying, "a study that never ends");
}

/// The picture: no control character, no character cut in half, the cursor on the screen.
pub fn picture(buf: &Buffer, cursor: Option<Position>, ascii: bool) {
    if let Some(cursor) = cursor {
        assert!(buf.area.contains(cursor), "the cursor stands at {cursor} of {}", buf.area);
    }
    for position in buf.area.positions() {
        let symbol = buf[position].symbol();
        if matches!(symbol.as_bytes(), [b' '..=b'~']) {
            continue;
        }
        let unsafe_char =
            |char: char| char.is_control() || matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!symbol.chars().any(unsafe_char), "{symbol:?} at {position}");
        assert!(position.x as usize + symbol.width() <= buf.area.right() as usize, "{symbol:?} is cut at {position}");
        assert!(!ascii || symbol.is_ascii(), "{symbol:?} at {position} is no ASCII");
    }
}
