//! All findings, one a line, and all that is known of the one under the cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::findings::{self, Panel};
use crate::plot::number;
use crate::table::Finding;
use crate::tui::look::Look;
use crate::tui::panes::OpenKey;
use crate::tui::widgets::table::first_row;
use crate::tui::widgets::{rule, text};
use crate::tui::world::World;

/// Lines of what is known of one finding.
const DETAILS: u16 = 6;
/// The keys of the remedies.
const KEYS: [&str; 3] = ["y", "d", "D"];

/// The keys of the list.
pub const OPEN: &[OpenKey] = &[
    ("data.down data.up", "finding"),
    ("data.take data.other data.third", "take a remedy"),
    ("data.leave", "leave it"),
    ("data.findings", "back"),
];

/// Draws them, the one with the index `cursor` marked.
pub fn draw(buf: &mut Buffer, area: Rect, world: &World, cursor: usize, look: &Look) {
    if area.height < 3 {
        return;
    }
    let panel = Panel::new(world, None, Some(cursor));
    let (list, rows, from) = placed(&panel, area, world, cursor);
    match (rows.first(), rows.last()) {
        (Some((first, _)), Some((last, _))) if rows.len() < world.findings.len() => {
            rule::with_hint(buf, list, &title(world), &format!("{}–{} shown", first + 1, last + 1), look);
        }
        _ => rule::titled(buf, list, &title(world), look),
    }
    for (index, line) in rows {
        panel.line(buf, line, index, from, look);
        if index == cursor {
            text::put(buf, line.x, line.y, 1, "▸", look.cursor());
        }
    }
    let below = Rect { y: list.bottom(), height: area.bottom() - list.bottom(), ..area };
    if let Some(finding) = world.findings.get(cursor).filter(|_| details(area) > 0) {
        draw_details(buf, below.intersection(Rect { height: DETAILS + 1, ..below }), world, finding, cursor, look);
    }
}

/// The finding whose lines stand at `position`.
pub fn at(area: Rect, world: &World, cursor: usize, position: Position) -> Option<usize> {
    let panel = Panel::new(world, None, Some(cursor));
    let (_, rows, _) = placed(&panel, area, world, cursor);
    rows.into_iter().find(|(_, row)| row.contains(position)).map(|(index, _)| index)
}

/// The lines of what is known of one, with their title.
fn details(area: Rect) -> u16 {
    if area.height > 2 * DETAILS { DETAILS + 1 } else { 0 }
}

/// The list with its title, where each finding in sight stands, and where what can be done begins.
fn placed(panel: &Panel, area: Rect, world: &World, cursor: usize) -> (Rect, Vec<(usize, Rect)>, u16) {
    let all: Vec<usize> = (0..world.findings.len()).collect();
    let from = panel.answers_from(&all, area.width);
    let ends: Vec<usize> = all
        .iter()
        .scan(0, |end, &index| {
            *end += usize::from(panel.height(index, from, area.width));
            Some(*end)
        })
        .collect();
    let count = ends.last().copied().unwrap_or(0);
    let wanted = u16::try_from(count + 2).unwrap_or(u16::MAX);
    let list = Rect { height: wanted.min(area.height - details(area)), ..area };
    let room = list.height.saturating_sub(1) as usize;
    let last = ends.get(cursor).map_or(0, |end| end - 1);
    let above = first_row(last, count, room);
    let begins = |index: usize| if index == 0 { 0 } else { ends[index - 1] };
    let shown: Vec<usize> =
        all.into_iter().filter(|&index| begins(index) >= above && ends[index] <= above + room).collect();
    let below_title = Rect { y: list.y + 1, height: list.height.saturating_sub(1), ..list };
    (list, panel.stacked(&shown, below_title, from), from)
}

fn title(world: &World) -> String {
    match world.findings.len() {
        0 => "no findings".into(),
        1 => "the one finding".into(),
        count => format!("all {} findings", number::whole(count)),
    }
}

/// What was found in full, examples, what is done without an answer, and every remedy with its key.
fn draw_details(buf: &mut Buffer, area: Rect, world: &World, finding: &Finding, index: usize, look: &Look) {
    let column = finding.column.as_deref().unwrap_or("rows");
    rule::titled(buf, area, &format!("{column} · {}", rows(finding.rows)), look);
    let room = area.width.saturating_sub(4);
    let mut lines: Vec<(&str, String)> = vec![("", finding.message.clone())];
    if !finding.examples.is_empty() {
        lines.push(("e.g. ", finding.examples.join(" · ")));
    }
    let without_answer = findings::without_answer(world, finding);
    if !without_answer.is_empty() {
        lines.push(("as it stands: ", without_answer));
    }
    match world.answers.get(&index) {
        Some(answer) => lines.push(("answered: ", findings::outcome(finding, answer, world.table.as_deref()))),
        None => lines.push(("", offers(world, finding))),
    }
    let mut y = area.y + 1;
    for (term, words) in lines {
        for line in text::wrap(&format!("{term}{words}"), room as usize).into_iter().take(2) {
            if y < area.bottom() {
                text::put(buf, area.x + 2, y, room, &line, look.text());
            }
            y += 1;
        }
    }
}

fn rows(count: usize) -> String {
    if count == 1 { "1 row".into() } else { format!("{} rows", number::whole(count)) }
}

fn offers(world: &World, finding: &Finding) -> String {
    let offered = findings::offered(finding, world.table.as_deref(), &KEYS);
    offered.iter().map(|(key, remedy)| format!("{key} {remedy}")).collect::<Vec<_>>().join(" · ")
}
