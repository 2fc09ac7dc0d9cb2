//! A line of text that is asked for, in the status line, and what it could be.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::frame::Parts;
use super::line::Line;
use super::look::Look;
use super::overlay::{frame_box, sight};
use super::state::{Purpose, State};
use super::widgets::{table, text};

/// What could be typed: whole lines, of which the first bytes may be the same in all.
struct Offer<'a> {
    title: &'a str,
    /// What is said where there is none.
    empty: &'a str,
    /// The bytes that are not shown.
    kept: usize,
}

/// Draws the line; returns where the cursor stands.
pub fn draw(state: &State, parts: &Parts, purpose: Purpose, line: &Line, buf: &mut Buffer) -> Option<Position> {
    text::clear(buf, parts.status, &state.look);
    match offer(state, purpose) {
        Some(offer) => candidates(state, parts, line.text(), &offer, buf),
        None => explain(state, parts, purpose, buf),
    }
    let area = Rect { x: parts.status.x + 1, width: parts.status.width.saturating_sub(2), ..parts.status };
    Some(typed(purpose.title(), line, area, &state.look, buf))
}

/// What the line could be, for those that can be completed.
fn offer(state: &State, purpose: Purpose) -> Option<Offer<'_>> {
    match purpose {
        Purpose::Open => Some(Offer {
            title: match &state.candidates {
                found if !found.is_empty() && *found == state.recent => "opened last",
                _ => "files",
            },
            empty: "a file, folder, pattern (data/*.csv), URL, database, or sample:mall; Tab lists what is here",
            kept: 0,
        }),
        Purpose::Rows => Some(Offer {
            title: if state.candidates.is_empty() { "rows where" } else { &state.endings.title },
            empty: "income > 50000 AND segment = 2 · city = 'Rome' · joined >= '2024-01-01' · age IS NULL",
            kept: state.endings.kept,
        }),
        _ => None,
    }
}

/// What the line takes: above it.
fn explain(state: &State, parts: &Parts, purpose: Purpose, buf: &mut Buffer) {
    let lines = text::wrap(purpose.takes(), parts.body.width.saturating_sub(4) as usize);
    if lines.is_empty() {
        return;
    }
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX).min(parts.body.height);
    let area = Rect { y: parts.body.bottom() - height, height, ..parts.body };
    let title = purpose.title().trim_end_matches([':', ' ']);
    let inside = frame_box(area, title, &state.look, buf);
    for (line, y) in lines.iter().zip(inside.top()..inside.bottom()) {
        text::put(buf, inside.x, y, inside.width, line, state.look.dim());
    }
}

/// What it could be: above the line, the one that stands there marked.
fn candidates(state: &State, parts: &Parts, text: &str, offer: &Offer<'_>, buf: &mut Buffer) {
    let found = &state.candidates;
    let empty = text::wrap(offer.empty, parts.body.width.saturating_sub(4) as usize);
    let lines = if found.is_empty() { empty.len() } else { found.len() };
    let height = u16::try_from(lines + 2).unwrap_or(u16::MAX).min(12).min(parts.body.height);
    let area = Rect { y: parts.body.bottom() - height, height, ..parts.body };
    let inside = frame_box(area, offer.title, &state.look, buf);
    for (line, y) in empty.iter().zip(inside.top()..inside.bottom()).filter(|_| found.is_empty()) {
        text::put(buf, inside.x, y, inside.width, line, state.look.dim());
    }
    let at = found.iter().position(|candidate| candidate == text);
    let first = table::first_row(at.unwrap_or(0), found.len(), inside.height as usize);
    sight(buf, area, (first, inside.height as usize), found.len(), &state.look);
    for ((index, candidate), y) in found.iter().enumerate().skip(first).zip(inside.top()..inside.bottom()) {
        let style = if at == Some(index) { state.look.cursor() } else { state.look.text() };
        text::put(buf, inside.x, y, inside.width, candidate.get(offer.kept..).unwrap_or(candidate), style);
    }
}

/// A line being typed; its cursor stays in sight.
pub fn typed(before: &str, line: &Line, area: Rect, look: &Look, buf: &mut Buffer) -> Position {
    let start = text::put_spans(buf, area.x, area.y, area.width, &[(before, look.strong())]);
    let room = area.right().saturating_sub(start).max(1) as usize;
    let hidden = text::width(line.before()).saturating_sub(room - 1);
    let mut skipped = 0;
    let shown: String = line
        .text()
        .chars()
        .skip_while(|char| {
            let skip = skipped < hidden;
            skipped += text::width(char.encode_utf8(&mut [0; 4]));
            skip
        })
        .collect();
    text::put(buf, start, area.y, room as u16, &shown, look.text());
    let x = start + (text::width(line.before()) - hidden.min(text::width(line.before()))) as u16;
    Position::new(x.min(area.right().saturating_sub(1)), area.y)
}
