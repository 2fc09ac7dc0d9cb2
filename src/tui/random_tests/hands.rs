//! Hands that press anything: keys of the place more often than others, words, pastes, clicks, sizes.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;
use ratatui::layout::{Position, Size};

use crate::config::{Code, Key};
use crate::tui::action::Action;
use crate::tui::state::State;

const OTHERS: [KeyCode; 16] = [
    KeyCode::Enter,
    KeyCode::Enter,
    KeyCode::Esc,
    KeyCode::Esc,
    KeyCode::Tab,
    KeyCode::BackTab,
    KeyCode::Up,
    KeyCode::Down,
    KeyCode::Left,
    KeyCode::Right,
    KeyCode::Home,
    KeyCode::End,
    KeyCode::PageUp,
    KeyCode::PageDown,
    KeyCode::Backspace,
    KeyCode::Delete,
];

/// What is pasted.
const PASTES: [&str; 8] = [
    "42",
    "999999999999",
    "Income > 50000",
    "theme dark",
    "q1q\u{7}4eq\nrm -rf\tdüß\u{202e}🦀\r\n",
    "顧客分析 \u{1b}[31m",
    "out.csv",
    "age = \"x\" and (",
];

/// What is done next.
pub fn next(rng: &mut Xoshiro256PlusPlus, state: &State) -> Action {
    match rng.gen_range(0..100) {
        0..45 => Action::Key(of_place(rng, state)),
        45..60 => plain(KeyCode::Char(char::from(rng.gen_range(b' '..=b'~')))),
        60..78 => plain(OTHERS[rng.gen_range(0..OTHERS.len())]),
        78..81 => {
            let letter = char::from(rng.gen_range(b'a'..=b'z'));
            let held = if rng.gen_bool(0.7) { KeyModifiers::CONTROL } else { KeyModifiers::ALT };
            Action::Key(KeyEvent::new(KeyCode::Char(letter), held))
        }
        81..84 => Action::Paste(PASTES[rng.gen_range(0..PASTES.len())].to_owned()),
        84..89 => Action::Click { position: anywhere(rng, state.size), twice: rng.gen_bool(0.3) },
        89..92 => Action::Scroll(rng.gen_range(-5..6)),
        92..95 => Action::Resize(size(rng)),
        95 => Action::Rest,
        _ => plain(KeyCode::Char(char::from(rng.gen_range(b'1'..=b'6')))),
    }
}

fn plain(code: KeyCode) -> Action {
    Action::Key(KeyEvent::new(code, KeyModifiers::NONE))
}

/// A key that means something on the tab that is shown.
fn of_place(rng: &mut Xoshiro256PlusPlus, state: &State) -> KeyEvent {
    let everywhere = rng.gen_bool(0.3);
    let here = state.keymap.entries().iter().filter(|entry| entry.works_on(state.tab));
    let wanted = here.filter(|entry| everywhere == (entry.command.place == crate::tui::command::Place::Everywhere));
    let keys: Vec<Key> = wanted.flat_map(|entry| entry.keys.iter().copied()).collect();
    event(keys[rng.gen_range(0..keys.len())])
}

fn anywhere(rng: &mut Xoshiro256PlusPlus, size: Size) -> Position {
    Position::new(rng.gen_range(0..=size.width), rng.gen_range(0..=size.height))
}

/// Mostly one that people have.
fn size(rng: &mut Xoshiro256PlusPlus) -> Size {
    const USUAL: [(u16, u16); 6] = [(80, 24), (80, 24), (80, 24), (120, 36), (160, 45), (40, 10)];
    let (width, height) = match rng.gen_bool(0.8) {
        true => USUAL[rng.gen_range(0..USUAL.len())],
        false => (rng.gen_range(1..240), rng.gen_range(1..80)),
    };
    Size::new(width, height)
}

/// The event that the terminal would send for this key.
pub fn event(key: Key) -> KeyEvent {
    let code = match key.code {
        Code::Char(char) => KeyCode::Char(char),
        Code::F(number) => KeyCode::F(number),
        Code::Enter => KeyCode::Enter,
        Code::Esc => KeyCode::Esc,
        Code::Tab => KeyCode::Tab,
        Code::BackTab => KeyCode::BackTab,
        Code::Backspace => KeyCode::Backspace,
        Code::Delete => KeyCode::Delete,
        Code::Insert => KeyCode::Insert,
        Code::Up => KeyCode::Up,
        Code::Down => KeyCode::Down,
        Code::Left => KeyCode::Left,
        Code::Right => KeyCode::Right,
        Code::Home => KeyCode::Home,
        Code::End => KeyCode::End,
        Code::PageUp => KeyCode::PageUp,
        Code::PageDown => KeyCode::PageDown,
    };
    let held = [(key.ctrl, KeyModifiers::CONTROL), (key.alt, KeyModifiers::ALT), (key.shift, KeyModifiers::SHIFT)];
    let modifiers = held.iter().filter(|(on, _)| *on).fold(KeyModifiers::NONE, |all, (_, one)| all | *one);
    KeyEvent::new(code, modifiers)
}

/// An action in a few words.
pub fn told(action: &Action) -> String {
    match action {
        Action::Key(event) => crate::tui::keys::key(*event).map_or_else(String::new, |key| key.to_string()),
        other => format!("{other:?}"),
    }
}
