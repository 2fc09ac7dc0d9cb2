//! The one function that changes the state. It is pure: no clock, no file, no terminal; what has to be done
//! outside is handed back as effects.

mod commands;
mod handover;
mod looking;
mod models;
mod naming;
mod news;
mod overlays;
mod requests;
mod session;

use ratatui::layout::Position;

use super::action::{Action, Tab};
use super::frame;
use super::keys;
use super::state::{Effect, Overlay, State, Tone};
use crate::config::{Code, Key};

pub use requests::work_of;
pub use session::{offer, resume, session};

/// What `action` does to the state, and what is to be done outside.
pub fn update(state: &mut State, action: Action) -> Vec<Effect> {
    let mut effects = match action {
        Action::Key(event) => press(state, event),
        Action::Paste(text) => overlays::paste(state, &text),
        Action::Click { position, twice } => click(state, position, twice),
        Action::Scroll(rows) => scroll(state, rows),
        Action::Resize(size) => {
            state.size = size;
            Vec::new()
        }
        Action::Rest => {
            state.panes[state.tab.index()].rest();
            Vec::new()
        }
        Action::News(event) => news::take(state, event),
        Action::Terminate => {
            state.over = true;
            Vec::new()
        }
        Action::Resume => vec![Effect::Repaint],
    };
    state.settle();
    effects.extend(requests::needs(state));
    effects.extend(looking::needs(state));
    effects
}

fn press(state: &mut State, event: crossterm::event::KeyEvent) -> Vec<Effect> {
    let Some(key) = keys::key(event) else { return Vec::new() };
    let interrupt = Key { ctrl: true, ..Key::plain(Code::Char('c')) };
    if state.overlay.is_some() {
        return overlays::press(state, if key == interrupt { Key::plain(Code::Esc) } else { key });
    }
    state.message = None;
    if state.pane().typing() && key != interrupt {
        let requests = state.panes[state.tab.index()].key(&state.world, event);
        return requests::handle_all(state, requests);
    }
    let command = state.keymap.command(state.tab, key);
    if !matches!(command, Some("quit" | "cancel")) {
        state.asked_to_quit = false;
    }
    match command {
        Some(id) => commands::run(state, id),
        None => {
            state.say(Tone::Plain, unknown(key, state.look.names_keys()));
            Vec::new()
        }
    }
}

/// What is said of a key that does nothing here.
fn unknown(key: Key, words: bool) -> String {
    match key.code {
        Code::Char(digit) if digit.is_ascii_digit() => {
            "there are no counts before keys: Ctrl-D goes a page down, :42 to row 42".to_owned()
        }
        _ => format!("{} does nothing here: ? lists the keys, : finds commands", key.label(words)),
    }
}

fn click(state: &mut State, position: Position, twice: bool) -> Vec<Effect> {
    if state.overlay.is_some() {
        return overlays::click(state, position);
    }
    state.message = None;
    if let Some(tab) = frame::tab_at(state, position) {
        return commands::go(state, tab);
    }
    let body = state.body();
    if !body.contains(position) {
        return Vec::new();
    }
    let requests = state.panes[state.tab.index()].click(&state.world, body, position, twice);
    requests::handle_all(state, requests)
}

/// The wheel is the arrow keys, three rows a notch.
fn scroll(state: &mut State, rows: i32) -> Vec<Effect> {
    let key = Key::plain(if rows < 0 { Code::Up } else { Code::Down });
    let mut effects = Vec::new();
    for _ in 0..rows.unsigned_abs().min(64) {
        if state.overlay.is_some() {
            effects.extend(overlays::press(state, key));
        } else if let Some(id) = state.keymap.command(state.tab, key) {
            effects.extend(commands::run(state, id));
        }
    }
    effects
}

/// Shows `tab`, with nothing over it.
fn show(state: &mut State, tab: Tab) {
    state.tab = tab;
    state.overlay = None;
}

/// Puts `overlay` over the tab.
fn cover(state: &mut State, overlay: Overlay) -> Vec<Effect> {
    state.overlay = Some(overlay);
    Vec::new()
}
