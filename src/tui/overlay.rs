//! What stands over a tab: help, palette, reasons, the headless command, the export sheet, a line being typed.

use std::path::Path;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::action::Listed;
use super::command::Place;
use super::frame::{self, Parts};
use super::line::Line;
use super::look::Look;
use super::palette::{self, Choice};
use super::prompt::{self, typed};
use super::state::{Overlay, State};
use super::widgets::text;
use super::{themes, tour};
use crate::engine::reports;
use crate::plot::number;

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
        Overlay::Help(from) => scrolled(state, parts, "Help", &help(state), *from, buf),
        Overlay::Text(title, paragraphs, from) => {
            scrolled(state, parts, title, &box_of(paragraphs, parts, &state.look), *from, buf)
        }
        Overlay::Rows(listed, from) => rows_here(state, parts, listed, *from, buf),
        Overlay::Headless(command) => return headless(state, parts, command, buf),
        Overlay::Palette(line, at) => return palette(state, parts, line, *at, buf),
        Overlay::Prompt(purpose, line) => return prompt::draw(state, parts, *purpose, line, buf),
        Overlay::Export(line) => return export(state, parts, line, buf),
        Overlay::Contacts(line) => return contacts(state, parts, line, buf),
        Overlay::Themes(choices, at, _) => themes::draw(&state.look, parts, choices, *at, buf),
        Overlay::Tour(step) => tour::draw(&state.look, parts, *step, buf),
    }
    None
}

/// The last line that help or a text can be scrolled to.
pub fn most_scroll(state: &State) -> Option<u16> {
    let parts = frame::parts(Rect::from((Position::ORIGIN, state.size)));
    let rows = match state.overlay.as_ref()? {
        Overlay::Help(_) => help(state).len(),
        Overlay::Text(_, paragraphs, _) | Overlay::Rows(Listed { lines: paragraphs, .. }, _) => {
            box_of(paragraphs, &parts, &state.look).len()
        }
        _ => return None,
    };
    let room = parts.body.height.saturating_sub(2) as usize;
    u16::try_from(rows.saturating_sub(room)).ok()
}

/// What a click at `position` meets.
pub fn hit(state: &State, position: Position) -> Hit {
    let parts = frame::parts(Rect::from((Position::ORIGIN, state.size)));
    let Some(Overlay::Palette(line, at)) = &state.overlay else { return Hit::Inside };
    let choices = palette::choices(&state.keymap, state.tab, line.text()).len();
    let area = palette_area(&parts, choices);
    if !area.contains(position) {
        return Hit::Outside;
    }
    let first = first_choice(*at, choices, area);
    let row = position.y.checked_sub(area.y + 2).map(|row| first + row as usize);
    row.filter(|row| *row < choices).map_or(Hit::Inside, Hit::Choice)
}

fn width_of(parts: &Parts) -> u16 {
    parts.body.width.saturating_sub(4).min(96)
}

/// A box of this height in the middle of the body, wide enough to read.
fn centred(parts: &Parts, height: u16) -> Rect {
    let (body, width) = (parts.body, width_of(parts));
    let height = height.min(body.height);
    Rect { x: body.x + (body.width - width) / 2, y: body.y + (body.height - height) / 2, width, height }
}

/// An empty box with a title and a hint; returns its inside.
pub fn frame_box(area: Rect, title: &str, hint: &str, look: &Look, buf: &mut Buffer) -> Rect {
    text::clear(buf, area, look);
    let line = "─".repeat(area.width.saturating_sub(2) as usize);
    text::put(buf, area.x, area.y, area.width, &format!("┌{line}┐"), look.rule());
    for y in area.y + 1..area.bottom().saturating_sub(1) {
        text::put(buf, area.x, y, 1, "│", look.rule());
        text::put(buf, area.right() - 1, y, 1, "│", look.rule());
    }
    text::put(buf, area.x, area.bottom() - 1, area.width, &format!("└{line}┘"), look.rule());
    text::put(buf, area.x + 2, area.y, area.width.saturating_sub(4), &format!(" {title} "), look.strong());
    text::put_right(buf, Rect { width: area.width - 2, ..area }, area.height - 1, &format!(" {hint} "), look.dim());
    Rect { x: area.x + 2, y: area.y + 1, width: area.width.saturating_sub(4), height: area.height.saturating_sub(2) }
}

fn scrolled(state: &State, parts: &Parts, title: &str, rows: &[Row], from: u16, buf: &mut Buffer) {
    hinted(state, parts, (title, ""), rows, from, buf);
}

/// The rows of a place, and the key that looks at them alone.
fn rows_here(state: &State, parts: &Parts, listed: &Listed, from: u16, buf: &mut Buffer) {
    let key = state.keymap.entry("rows.here").and_then(|entry| entry.keys.first());
    let only = key.map_or_else(String::new, |key| format!("{} only these · ", key.label(state.look.is_ascii())));
    hinted(state, parts, (&listed.title, &only), &box_of(&listed.lines, parts, &state.look), from, buf);
}

fn hinted(state: &State, parts: &Parts, (title, keys): (&str, &str), rows: &[Row], from: u16, buf: &mut Buffer) {
    let height = u16::try_from(rows.len() + 2).unwrap_or(u16::MAX);
    let area = centred(parts, height);
    let scroll = if height > area.height { "j k scroll · " } else { "" };
    let inside = frame_box(area, title, &format!("{keys}{scroll}Esc closes"), &state.look, buf);
    let terms = rows.iter().filter(|row| !row.2.is_empty());
    let term = terms.map(|row| text::width(&row.0)).max().unwrap_or(0).min(18) as u16;
    for (row, y) in rows.iter().skip(from as usize).zip(inside.top()..inside.bottom()) {
        text::put(buf, inside.x, y, if row.2.is_empty() { inside.width } else { term }, &row.0, row.1);
        let x = inside.x + term + 2;
        text::put(buf, x, y, inside.right().saturating_sub(x), &row.2, row.3);
    }
}

/// The cells of the widest term, not more than is given to terms.
fn widest<'a>(terms: impl Iterator<Item = &'a str>) -> usize {
    terms.map(text::width).max().unwrap_or(0).min(18)
}

/// The lines of a box that holds these paragraphs alone.
fn box_of(paragraphs: &[(String, String)], parts: &Parts, look: &Look) -> Vec<Row> {
    explained(paragraphs, (width_of(parts), widest(paragraphs.iter().map(|(term, _)| term.as_str()))), look)
}

/// Paragraphs of (term, explanation), broken to the box, beside terms of so many cells.
fn explained<T: AsRef<str>>(paragraphs: &[(T, T)], (width, term): (u16, usize), look: &Look) -> Vec<Row> {
    let room = (width as usize).saturating_sub(4 + term + 2).max(8);
    let mut rows = Vec::new();
    for (term, words) in paragraphs {
        let lines = text::wrap(words.as_ref(), room);
        let terms = std::iter::once(term.as_ref()).chain(std::iter::repeat(""));
        rows.extend(
            lines.into_iter().zip(terms).map(|(line, term)| (term.to_owned(), look.strong(), line, look.text())),
        );
    }
    rows
}

/// What stands on every tab.
const EVERYWHERE: &[(&str, &str)] = &[
    ("★6, ~6", "beside 4 Compare: so many segments are advised; ~ while that may still change."),
    (
        "84 of 600 rows",
        "in the footer: only these rows are looked at, on every tab; & changes which, \\ shows all again. What is computed and written is of all rows.",
    ),
    ("▓▓▓░░", "a job that runs; Esc stops the one of this place."),
];

fn help(state: &State) -> Vec<Row> {
    let look = &state.look;
    let mut rows = vec![heading(&format!("Keys of {}", state.tab.title()), look)];
    rows.extend(keys_of(state, Place::Tab(state.tab)));
    let everywhere = keys_of(state, Place::Everywhere);
    let (part, here) = state.pane().focus_explained();
    let parts = [(part, here), ("What it means", state.pane().explain()), ("On every tab", EVERYWHERE)];
    let keys = rows[1..].iter().chain(&everywhere).map(|row| row.0.as_str());
    let term = widest(keys.chain(parts.iter().flat_map(|(_, told)| told.iter().map(|(term, _)| *term))));
    let width = width_of(&frame::parts(Rect::from((Position::ORIGIN, state.size))));
    for (title, paragraphs) in parts {
        rows.push(heading("", look));
        rows.push(heading(title, look));
        rows.extend(explained(paragraphs, (width, term), look));
    }
    rows.push(heading("", look));
    rows.push(heading("Keys everywhere", look));
    rows.extend(everywhere);
    rows
}

fn heading(title: &str, look: &Look) -> Row {
    (title.to_owned(), look.strong(), String::new(), look.text())
}

fn keys_of(state: &State, place: Place) -> Vec<Row> {
    let look = &state.look;
    let entries = state.keymap.entries().iter().filter(|entry| entry.command.place == place);
    entries
        .map(|entry| {
            let keys: Vec<String> = entry.keys.iter().map(|key| key.label(look.names_keys())).collect();
            (keys.join(" "), look.key(), entry.command.help.to_owned(), look.text())
        })
        .collect()
}

fn headless(state: &State, parts: &Parts, command: &str, buf: &mut Buffer) -> Option<Position> {
    let width = width_of(parts).saturating_sub(4) as usize;
    let lines = text::wrap(command, width.max(8));
    let area = centred(parts, u16::try_from(lines.len() + 4).unwrap_or(u16::MAX));
    let inside = frame_box(area, "This screen as a command", "any key closes", &state.look, buf);
    for (line, y) in lines.iter().zip(inside.top()..inside.bottom()) {
        text::put(buf, inside.x, y, inside.width, line, state.look.text());
    }
    let told = "handed to the terminal’s clipboard; not every terminal takes it";
    text::put(buf, inside.x, inside.bottom().saturating_sub(1), inside.width, told, state.look.dim());
    None
}

fn palette_area(parts: &Parts, choices: usize) -> Rect {
    let height = u16::try_from(choices.max(1) + 3).unwrap_or(u16::MAX).min(parts.body.height);
    Rect { y: parts.body.y, ..centred(parts, height) }
}

fn first_choice(at: usize, choices: usize, area: Rect) -> usize {
    super::widgets::table::first_row(at, choices, area.height.saturating_sub(3) as usize)
}

fn palette(state: &State, parts: &Parts, line: &Line, at: usize, buf: &mut Buffer) -> Option<Position> {
    let choices = palette::choices(&state.keymap, state.tab, line.text());
    let area = palette_area(parts, choices.len());
    let inside = frame_box(area, "Commands", "⏎ runs · Esc closes", &state.look, buf);
    let cursor = typed(":", line, Rect { height: 1, ..inside }, &state.look, buf);
    let first = first_choice(at, choices.len(), area);
    for ((index, choice), y) in choices.iter().enumerate().skip(first).zip(inside.y + 1..inside.bottom()) {
        choice_row(state, choice, index == at, Rect { y, height: 1, ..inside }, buf);
    }
    if choices.is_empty() {
        text::put(buf, inside.x, inside.y + 1, inside.width, "no command fits; Esc closes", state.look.dim());
    }
    Some(cursor)
}

fn choice_row(state: &State, choice: &Choice, selected: bool, area: Rect, buf: &mut Buffer) {
    let look = &state.look;
    if selected {
        buf.set_style(area, look.cursor());
        text::put(buf, area.x, area.y, 1, "▸", look.cursor());
    }
    let style = if selected { look.cursor() } else { look.text() };
    match choice {
        Choice::Word(word) => text::put(buf, area.x + 2, area.y, area.width - 2, &word.label(), style),
        Choice::Command(id) => {
            let Some(entry) = state.keymap.entry(id) else { return };
            let place = match entry.command.place {
                Place::Tab(tab) if tab != state.tab => tab.title(),
                _ => "",
            };
            let keys: Vec<String> = entry.keys.iter().map(|key| key.label(look.names_keys())).collect();
            text::put(buf, area.x + 2, area.y, 14, &keys.join(" "), if selected { look.cursor() } else { look.key() });
            let room = area.width.saturating_sub(18 + text::width(place) as u16);
            text::put(buf, area.x + 17, area.y, room, entry.command.help, style);
            text::put_right(buf, area, 0, place, look.dim());
        }
    }
}

fn export(state: &State, parts: &Parts, line: &Line, buf: &mut Buffer) -> Option<Position> {
    let (title, keys) = match reports::Kind::of(Path::new(line.text())) {
        Some(_) => ("Report", "⏎ writes · Tab html, md, svg, png · Esc closes"),
        None => ("Export", "⏎ writes · Tab csv, parquet, … · Ctrl-L contacts · Ctrl-O options"),
    };
    Some(sheet(state, parts, title, keys, export_lines(state, line.text()), line, buf))
}

fn contacts(state: &State, parts: &Parts, line: &Line, buf: &mut Buffer) -> Option<Position> {
    let lines = vec![
        ("list", "whom to contact, for a campaign: those with a segment".into()),
        ("columns", "id, segment, what to try, the next good of order lines".into()),
        ("people", "without those who must not be contacted; P puts pseudonyms in".into()),
        ("group", group_words(state)),
    ];
    let keys = "⏎ writes · Ctrl-L all rows · Ctrl-O options · Esc closes";
    Some(sheet(state, parts, "Contacts", keys, lines, line, buf))
}

/// Who is left alone, as the recipe says.
fn group_words(state: &State) -> String {
    let export = state.world.recipe.as_ref().map(|recipe| recipe.export.clone()).unwrap_or_default();
    match (&export.control, export.campaign.as_str()) {
        (None, _) => "nobody is left alone: Ctrl-O, control = 10%".into(),
        (Some(share), "") => format!("{share} are left alone: contact_group says who"),
        (Some(share), campaign) => format!("{share} are left alone, campaign {campaign}: contact_group says who"),
    }
}

/// A box of what will be written, and the file's name below.
fn sheet(
    state: &State,
    parts: &Parts,
    title: &str,
    keys: &str,
    lines: Vec<(&str, String)>,
    line: &Line,
    buf: &mut Buffer,
) -> Position {
    let height = u16::try_from(lines.len()).unwrap_or(0) + 5;
    let inside = frame_box(centred(parts, height), title, keys, &state.look, buf);
    for ((term, words), y) in lines.into_iter().zip(inside.top()..inside.bottom()) {
        text::put(buf, inside.x, y, 10, term, state.look.dim());
        text::put(buf, inside.x + 10, y, inside.width.saturating_sub(10), &words, state.look.text());
    }
    let field = Rect { y: inside.bottom().saturating_sub(1), height: 1, ..inside };
    typed("file      ", line, field, &state.look, buf)
}

fn export_lines(state: &State, path: &str) -> Vec<(&'static str, String)> {
    let world = &state.world;
    let run = world.run_id().unwrap_or_default();
    let segments = world.study.as_ref().and_then(|study| study.run(run)).map_or(0, |run| run.labels.clusters());
    let rows = world.table.as_ref().map_or(0, |table| table.rows);
    if reports::Kind::of(Path::new(path)).is_some() {
        return vec![
            ("report", format!("{segments} segments of {run}, and fewer and more beside them")),
            ("holds", "data, comparison, recommendation, cards, pictures, glossary".into()),
            ("people", "no ids: P puts pseudonyms in, to look customers up by".into()),
            ("formats", "html (a page of its own), md; svg, png: this picture alone".into()),
        ];
    }
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    vec![
        ("segments", format!("{segments} of {run}")),
        ("rows", format!("all {}, in order, with their original text", number::whole(rows))),
        ("added", "segment, segment_key, segment_name, confidence, border".into()),
        ("group", group_words(state)),
        ("look-up", format!("beside it, {stem}.segments.csv")),
    ]
}
