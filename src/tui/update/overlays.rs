//! Keys, pastes and clicks while something stands over the tab.

use ratatui::layout::Position;

use super::{commands, handover, looking, models, requests};
use crate::config::{Code, Key};
use crate::tui::action::Listed;
use crate::tui::backend::Work;
use crate::tui::line::Line;
use crate::tui::overlay::{self, Hit};
use crate::tui::palette::{self, Choice};
use crate::tui::state::{Effect, Overlay, Purpose, State};
use crate::tui::{paths, themes, tour};

/// A key: Esc closes, all else is the overlay's.
pub fn press(state: &mut State, key: Key) -> Vec<Effect> {
    let Some(open) = state.overlay.take() else { return Vec::new() };
    if key.code == Code::Esc {
        return close(state, open);
    }
    match open {
        Overlay::Help(from) => read_on(state, key, from, Overlay::Help),
        Overlay::Text(title, text, from) => read_on(state, key, from, |from| Overlay::Text(title, text, from)),
        Overlay::Rows(listed, from) => in_rows(state, key, listed, from),
        Overlay::Headless(_) => Vec::new(),
        Overlay::Palette(line, at) => in_palette(state, key, line, at),
        Overlay::Prompt(purpose, line) => in_prompt(state, key, purpose, line),
        Overlay::Export(line) => in_export(state, key, line),
        Overlay::Contacts(line) => in_contacts(state, key, line),
        Overlay::Tour(step) => tour::press(state, key, step),
        Overlay::Themes(choices, at, former) => {
            themes::press(state, key, choices, at, former);
            Vec::new()
        }
    }
}

/// What Esc undoes beside closing.
fn close(state: &mut State, open: Overlay) -> Vec<Effect> {
    match open {
        Overlay::Tour(_) => tour::end(state),
        Overlay::Themes(_, _, former) => {
            themes::wear(state, &former);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Arrows, pages and the jumps of lists scroll; any other key closes.
fn read_on(state: &mut State, key: Key, from: u16, make: impl FnOnce(u16) -> Overlay) -> Vec<Effect> {
    let page = state.size.height.saturating_sub(6).max(1);
    let to = match (key.code, key.ctrl) {
        (Code::Down, _) | (Code::Char('j'), false) => from.saturating_add(1),
        (Code::Up, _) | (Code::Char('k'), false) => from.saturating_sub(1),
        (Code::PageDown, _) | (Code::Char(' '), _) | (Code::Char('d' | 'f'), true) => from.saturating_add(page),
        (Code::PageUp, _) | (Code::Char('u' | 'b'), true) => from.saturating_sub(page),
        (Code::Home, _) | (Code::Char('g'), false) => 0,
        // As far as it goes.
        (Code::End, _) | (Code::Char('G'), false) => u16::MAX,
        _ => return Vec::new(),
    };
    state.overlay = Some(make(to));
    Vec::new()
}

/// The key of "only these" looks at the rows that are listed.
fn in_rows(state: &mut State, key: Key, listed: Listed, from: u16) -> Vec<Effect> {
    match state.keymap.command(state.tab, key) {
        Some("rows.here") => looking::only(state, listed),
        _ => read_on(state, key, from, |from| Overlay::Rows(listed, from)),
    }
}

fn in_palette(state: &mut State, key: Key, mut line: Line, at: usize) -> Vec<Effect> {
    let choices = palette::choices(&state.keymap, state.tab, line.text());
    let last = choices.len().saturating_sub(1);
    let step: isize = match (key.code, key.ctrl) {
        (Code::Enter, _) => return choose(state, choices.into_iter().nth(at)),
        (Code::Up, _) | (Code::Char('p'), true) | (Code::BackTab, _) => -1,
        (Code::Down, _) | (Code::Char('n'), true) | (Code::Tab, _) => 1,
        (Code::PageDown, _) => 10,
        (Code::PageUp, _) => -10,
        (Code::Backspace, _) if line.text().is_empty() => return Vec::new(),
        _ => {
            line.press(key);
            state.overlay = Some(Overlay::Palette(line, 0));
            return Vec::new();
        }
    };
    state.overlay = Some(Overlay::Palette(line, at.saturating_add_signed(step).min(last)));
    Vec::new()
}

fn choose(state: &mut State, choice: Option<Choice>) -> Vec<Effect> {
    match choice {
        Some(Choice::Word(word)) => commands::say_word(state, word),
        Some(Choice::Command(id)) if commands::is_out_of_sight(state, id) => commands::lead_to(state, id),
        Some(Choice::Command(id)) => commands::run(state, id),
        None => Vec::new(),
    }
}

fn in_prompt(state: &mut State, key: Key, purpose: Purpose, mut line: Line) -> Vec<Effect> {
    match key.code {
        Code::Enter => return enter(state, purpose, line.text().trim()),
        Code::Tab if purpose == Purpose::Open => {
            let typed = line.text().to_owned();
            state.overlay = Some(Overlay::Prompt(purpose, line));
            return vec![state.order(state.stamps.source, Work::Complete(typed))];
        }
        Code::Tab if purpose == Purpose::Rows => {
            line = looking::complete(state, line);
            true
        }
        Code::Down | Code::Up if can_choose(purpose) && !state.candidates.is_empty() => {
            line = Line::new(beside(&state.candidates, line.text(), key.code == Code::Down));
            true
        }
        Code::Backspace if line.text().is_empty() => return Vec::new(),
        _ => {
            let taken = line.press(key);
            if purpose == Purpose::Rows {
                looking::offer(state, &line);
            }
            taken
        }
    };
    state.overlay = Some(Overlay::Prompt(purpose, line));
    Vec::new()
}

/// Whether what could stand there is listed.
fn can_choose(purpose: Purpose) -> bool {
    matches!(purpose, Purpose::Open | Purpose::Rows)
}

/// The candidate after the one that stands there, or before it; the first where none does.
fn beside(candidates: &[String], text: &str, down: bool) -> String {
    let count = candidates.len();
    let at = candidates.iter().position(|candidate| candidate == text);
    let next = match at {
        None if down => 0,
        None => count - 1,
        Some(at) if down => (at + 1) % count,
        Some(at) => (at + count - 1) % count,
    };
    candidates[next].clone()
}

/// What was typed could be these: it becomes what they have in common, and they are listed.
pub fn completed(state: &mut State, typed: &str, found: Vec<String>) {
    let Some(Overlay::Prompt(Purpose::Open, line)) = &mut state.overlay else { return };
    if line.text() != typed {
        return;
    }
    let common = paths::common(&found);
    if common.len() > typed.len() {
        *line = Line::new(common);
    }
    state.candidates = found;
}

fn enter(state: &mut State, purpose: Purpose, text: &str) -> Vec<Effect> {
    match purpose {
        Purpose::Search => {
            if !text.is_empty() {
                text.clone_into(&mut state.sought);
            }
            commands::search(state, true)
        }
        Purpose::Rows => looking::at(state, text),
        Purpose::Open if text.is_empty() => Vec::new(),
        Purpose::Open => commands::open(state, text),
        Purpose::Save => commands::save(state, text.to_owned()),
        Purpose::Model | Purpose::Train if text.is_empty() => Vec::new(),
        Purpose::Model => models::save_model(state, text),
        Purpose::Train => models::train(state, text),
        Purpose::Period | Purpose::Later | Purpose::Movers | Purpose::Results if text.is_empty() => Vec::new(),
        Purpose::Period => handover::follow(state, text),
        Purpose::Movers => handover::movers(state, text),
        Purpose::Later => models::hold(state, text),
        Purpose::Results => models::campaign(state, text),
        Purpose::Reading => commands::read_with(state, text),
        Purpose::Chart if text.is_empty() => Vec::new(),
        Purpose::Chart => handover::chart(state, text),
        Purpose::Copy if text.is_empty() => Vec::new(),
        Purpose::Copy => requests::write_copy(state, text),
    }
}

fn in_export(state: &mut State, key: Key, mut line: Line) -> Vec<Effect> {
    match key.code {
        Code::Enter if !line.text().trim().is_empty() => return handover::export(state, line.text().trim()),
        Code::Tab => line = Line::new(palette::next_format(line.text())),
        Code::Char('l') if key.ctrl => return handover::contacts_sheet(state),
        Code::Char('o') if key.ctrl => return handover::hand_over_form(state),
        _ => drop(line.press(key)),
    }
    state.overlay = Some(Overlay::Export(line));
    Vec::new()
}

fn in_contacts(state: &mut State, key: Key, mut line: Line) -> Vec<Effect> {
    match key.code {
        Code::Enter if !line.text().trim().is_empty() => return handover::contacts(state, line.text().trim()),
        Code::Char('l') if key.ctrl => return handover::export_sheet(state, "", "-segments.csv"),
        Code::Char('o') if key.ctrl => return handover::hand_over_form(state),
        _ => drop(line.press(key)),
    }
    state.overlay = Some(Overlay::Contacts(line));
    Vec::new()
}

/// Pasted text goes where text is typed.
pub fn paste(state: &mut State, text: &str) -> Vec<Effect> {
    let typed = match &mut state.overlay {
        Some(Overlay::Palette(line, at)) => {
            *at = 0;
            Some(line)
        }
        Some(Overlay::Prompt(_, line)) => Some(line),
        Some(Overlay::Export(line) | Overlay::Contacts(line)) => Some(line),
        _ => None,
    };
    typed.into_iter().for_each(|line| line.paste(text));
    if let Some(Overlay::Prompt(Purpose::Rows, line)) = &state.overlay {
        let line = line.clone();
        looking::offer(state, &line);
    }
    Vec::new()
}

/// A click beside the box closes it; in the palette it chooses.
pub fn click(state: &mut State, position: Position) -> Vec<Effect> {
    match overlay::hit(state, position) {
        Hit::Outside => {
            let open = state.overlay.take();
            return open.map(|open| close(state, open)).unwrap_or_default();
        }
        Hit::Inside => {}
        Hit::Choice(at) => {
            if let Some(Overlay::Palette(line, _)) = state.overlay.take() {
                let choice = palette::choices(&state.keymap, state.tab, line.text()).into_iter().nth(at);
                return choose(state, choice);
            }
        }
    }
    Vec::new()
}
