//! What `?` says: the keys of the place, what its parts and signs mean, the keys that work everywhere.

use ratatui::style::Style;

use super::{Row, explained, widest, width_of};
use crate::tui::command::Place;
use crate::tui::frame::Parts;
use crate::tui::look::Look;
use crate::tui::state::State;

/// What stands on every tab.
const EVERYWHERE: &[(&str, &str)] = &[
    ("★6, ~6", "beside 4 Compare: so many segments are advised; ~ while that may still change."),
    (
        "84 of 600 rows",
        "in the footer: only these rows are looked at, on every tab; & changes which, \\ shows all again. What is computed and written is of all rows.",
    ),
    ("▓▓▓░░", "a job that runs; Esc stops the one of this place."),
];

/// The lines of the help to the tab that is shown.
pub fn lines(state: &State, parts: &Parts) -> Vec<Row> {
    let look = &state.look;
    let (own, everywhere) = (keys_of(state, Place::Tab(state.tab)), keys_of(state, Place::Everywhere));
    let (part, here) = state.pane().focus_explained();
    let told = [(part, here), ("What it means", state.pane().explain()), ("On every tab", EVERYWHERE)];
    let keys = own.iter().chain(&everywhere).map(|(keys, _)| keys.as_str());
    let term = widest(keys.chain(told.iter().flat_map(|(_, told)| told.iter().map(|(term, _)| *term))));
    let sizes = (width_of(parts), term);

    let of_place = |rows: &mut Vec<Row>| {
        rows.push(heading(&format!("Keys of {}", state.tab.title()), look));
        rows.extend(explained(&own, sizes, look.key(), look));
    };
    let of_parts = |rows: &mut Vec<Row>| {
        for (title, paragraphs) in told {
            rows.extend([heading("", look), heading(title, look)]);
            rows.extend(explained(paragraphs, sizes, look.strong(), look));
        }
    };
    let mut rows = Vec::new();
    // What is open inside the place is what is asked about.
    match state.pane().open_keys() {
        Some(_) => {
            of_parts(&mut rows);
            rows.remove(0);
            rows.push(heading("", look));
            of_place(&mut rows);
        }
        None => {
            of_place(&mut rows);
            of_parts(&mut rows);
        }
    }
    rows.extend([heading("", look), heading("Keys everywhere", look)]);
    rows.extend(explained(&everywhere, sizes, look.key(), look));
    rows
}

fn heading(title: &str, look: &Look) -> Row {
    (title.to_owned(), look.strong(), String::new(), Style::default())
}

/// The commands of a place: their keys, what they do.
fn keys_of(state: &State, place: Place) -> Vec<(String, String)> {
    let entries = state.keymap.entries().iter().filter(|entry| entry.command.place == place);
    entries
        .map(|entry| {
            let keys: Vec<String> = entry.keys.iter().map(|key| key.label(state.look.names_keys())).collect();
            // Without a key it is typed.
            let typed = || format!(":{}", entry.command.id);
            (if keys.is_empty() { typed() } else { keys.join(" ") }, entry.command.help.to_owned())
        })
        .collect()
}
