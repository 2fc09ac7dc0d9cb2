//! The keys of what stands over a tab, as the footer tells them.

use std::path::Path;

use super::fits;
use crate::config::Key;
use crate::engine::reports;
use crate::tui::frame::Hint;
use crate::tui::state::{Overlay, Purpose, State};

/// Keys by their names, with blanks between them, and what they do.
type Told = (&'static str, &'static str);

const SCROLL: [Told; 3] = [("j k", "scroll"), ("ctrl-d ctrl-u", "page"), ("g G", "ends")];
const CLOSE: Told = ("esc", "closes");

/// The keys of an overlay, the most useful first.
pub fn of(state: &State, overlay: &Overlay) -> Vec<Hint> {
    let told: Vec<Told> = match overlay {
        Overlay::Help(_) | Overlay::Text(..) | Overlay::Rows(..) if fits(state) => vec![CLOSE],
        Overlay::Help(_) | Overlay::Text(..) | Overlay::Rows(..) => [&SCROLL[..], &[CLOSE]].concat(),
        Overlay::Headless(_) => vec![CLOSE],
        Overlay::Palette(..) => vec![("enter", "runs"), ("up down", "choose"), CLOSE],
        Overlay::Prompt(purpose, _) => prompt(*purpose),
        Overlay::Export(line) if reports::Kind::of(Path::new(line.text())).is_some() => {
            vec![("enter", "writes"), ("tab", "next format"), CLOSE]
        }
        Overlay::Export(_) => {
            vec![("enter", "writes"), ("tab", "next format"), ("ctrl-l", "contacts"), ("ctrl-o", "options"), CLOSE]
        }
        Overlay::Contacts(_) => vec![("enter", "writes"), ("ctrl-l", "all rows"), ("ctrl-o", "options"), CLOSE],
        Overlay::Themes(..) => vec![("j k", "show"), ("enter", "takes"), ("esc", "leaves it as it was")],
        Overlay::Tour(_) => vec![("enter", "on"), ("left", "back"), ("esc", "ends")],
    };
    let only = matches!(overlay, Overlay::Rows(..)).then(|| state.keymap.entry("rows.here")).flatten();
    let named = state.look.names_keys();
    let only = only.and_then(|entry| Some((entry.keys.first()?.label(named), "only these".to_owned())));
    only.into_iter().chain(told.into_iter().map(|told| hint(told, named))).collect()
}

fn prompt(purpose: Purpose) -> Vec<Told> {
    let completed = matches!(purpose, Purpose::Open | Purpose::Rows);
    let rest: &[Told] = if completed { &[("tab", "completes"), ("up down", "choose")] } else { &[] };
    [&[("enter", "takes it")], rest, &[("esc", "leaves it")]].concat()
}

/// Keys with their labels.
pub fn hint((keys, title): Told, named: bool) -> Hint {
    let labels = keys.split(' ').filter_map(|key| Some(key.parse::<Key>().ok()?.label(named)));
    (labels.collect::<Vec<_>>().join(" "), title.to_owned())
}
