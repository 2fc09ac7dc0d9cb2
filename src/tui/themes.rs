//! Choosing a theme: the screen wears each while one goes through them.

use std::path::Path;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::frame::Parts;
use super::look::Look;
use super::overlay::{frame_box, sight};
use super::state::{Overlay, State, Tone};
use super::widgets::table::first_row;
use super::widgets::text;
use crate::config::{Code, Key, Theme};

/// A theme that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its name.
    pub name: String,
    /// What it is for, or why it cannot be read.
    pub about: String,
}

/// Opens the list at the theme that is shown.
pub fn open(state: &mut State) {
    let folder = state.themes.as_deref();
    let choice = |name: String| {
        let about = Theme::load(&name, folder).map_or_else(|error| error.to_string(), |read| read.value.about);
        Choice { name, about }
    };
    let choices: Vec<Choice> = Theme::names(folder).into_iter().map(choice).collect();
    let at = choices.iter().position(|choice| choice.name == state.theme_shown).unwrap_or(0);
    state.overlay = Some(Overlay::Themes(choices, at, state.theme_shown.clone()));
}

/// A key while the list is open: up and down show, Enter takes, anything else leaves all as it was.
pub fn press(state: &mut State, key: Key, choices: Vec<Choice>, at: usize, former: String) {
    let last = choices.len().saturating_sub(1);
    let to = match key.code {
        Code::Down | Code::Char('j') | Code::Tab => (at + 1).min(last),
        Code::Up | Code::Char('k') | Code::BackTab => at.saturating_sub(1),
        Code::Home | Code::Char('g') => 0,
        Code::End | Code::Char('G') => last,
        Code::Enter => return take(state),
        _ => return wear(state, &former),
    };
    if let Some(choice) = choices.get(to) {
        wear(state, &choice.name);
    }
    state.overlay = Some(Overlay::Themes(choices, to, former));
}

/// Has the screen wear this theme; one that cannot be read changes nothing.
pub fn wear(state: &mut State, name: &str) {
    if let Ok(read) = Theme::load(name, state.themes.as_deref()) {
        state.look = Look::new(&read.value, state.look.depth, state.look.glyphs);
        name.clone_into(&mut state.theme_shown);
    }
}

fn take(state: &mut State) {
    let name = state.theme_shown.clone();
    let file = state.themes.as_deref().and_then(Path::parent).map(|folder| folder.join("config.toml"));
    let file = file.map_or_else(|| "config.toml".to_owned(), |file| file.display().to_string());
    state.say(Tone::Good, format!("theme {name} in this session; to keep it put theme = \"{name}\" into {file}"));
    state.theme = Some(name);
}

/// Draws the list at the right edge, so that the screen behind it can be judged.
pub fn draw(look: &Look, parts: &Parts, choices: &[Choice], at: usize, buf: &mut Buffer) {
    let width = 40.min(parts.body.width);
    let height = u16::try_from(choices.len() + 5).unwrap_or(u16::MAX).min(parts.body.height);
    let area = Rect { x: parts.body.right() - width, width, height, ..parts.body };
    let inside = frame_box(area, "Themes", look, buf);
    let room = inside.height.saturating_sub(3);
    let first = first_row(at, choices.len(), room as usize);
    sight(buf, area, (first, room as usize), choices.len(), look);
    for ((index, choice), y) in choices.iter().enumerate().skip(first).zip(inside.y..inside.y + room) {
        let (mark, style) = if index == at { ("▸", look.cursor()) } else { (" ", look.text()) };
        text::put_spans(
            buf,
            inside.x,
            y,
            inside.width,
            &[(mark, look.key()), (" ", look.text()), (&choice.name, style)],
        );
    }
    let about = choices.get(at).map_or("", |choice| choice.about.as_str());
    for (line, y) in text::wrap(about, inside.width as usize).iter().zip(inside.y + room..inside.bottom()) {
        text::put(buf, inside.x, y, inside.width, line, look.dim());
    }
}
