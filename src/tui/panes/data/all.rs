//! All findings, one a line, and all that is known of the one under the cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::findings::{self, Panel};
use crate::plot::number;
use crate::table::Finding;
use crate::tui::look::Look;
use crate::tui::panes::OpenKey;
use crate::tui::spoken;
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
    let details = if area.height > 2 * DETAILS { DETAILS + 1 } else { 0 };
    let list = Rect { height: area.height - details, ..area };
    rule::titled(buf, list, &title(world), look);
    let room = list.height as usize - 1;
    let first = first_row(cursor, world.findings.len(), room);
    let panel = Panel::new(world, None, Some(cursor));
    let shown: Vec<usize> = (first..world.findings.len()).take(room).collect();
    let from = panel.answers_from(&shown, area.width);
    for (index, y) in shown.into_iter().zip(list.y + 1..) {
        let line = Rect { y, height: 1, ..list };
        panel.line(buf, line, index, from, look);
        if index == cursor {
            text::put(buf, area.x, y, 1, "▸", look.cursor());
        }
    }
    if let Some(finding) = world.findings.get(cursor).filter(|_| details > 0) {
        draw_details(buf, Rect { y: list.bottom(), height: details, ..area }, world, finding, cursor, look);
    }
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
    let table = world.table.as_deref();
    let remedies = KEYS.iter().zip(&finding.remedies);
    let offered = remedies.map(|(key, remedy)| format!("{key} {}", spoken::remedy(remedy, table)));
    offered.chain(["i leave".to_owned()]).collect::<Vec<_>>().join(" · ")
}
