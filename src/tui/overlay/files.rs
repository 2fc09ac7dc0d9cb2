//! The sheets before a file is written: what will stand in it, and its name.

use std::path::Path;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{centred, frame_box, width_of};
use crate::engine::reports;
use crate::plot::number;
use crate::report;
use crate::table::Field;
use crate::tui::frame::Parts;
use crate::tui::line::Line;
use crate::tui::panes::compare;
use crate::tui::prompt::typed;
use crate::tui::state::State;
use crate::tui::widgets::text;

/// The cells of the terms.
const TERM: u16 = 10;

/// The sheet of an export, or of a report where the name is one's.
pub fn export(state: &State, parts: &Parts, line: &Line, buf: &mut Buffer) -> Position {
    let title = if reports::Kind::of(Path::new(line.text())).is_some() { "Report" } else { "Export" };
    sheet(state, parts, title, export_lines(state, line.text()), line, buf)
}

/// The sheet of a list of contacts.
pub fn contacts(state: &State, parts: &Parts, line: &Line, buf: &mut Buffer) -> Position {
    let lines = vec![
        ("list", "whom to contact, for a campaign: those with a segment".into()),
        ("columns", "id, segment, what to try, the next good of order lines".into()),
        ("people", "without those who must not be contacted; P puts pseudonyms in".into()),
        ("group", group_words(state)),
    ];
    sheet(state, parts, "Contacts", lines, line, buf)
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
    lines: Vec<(&str, String)>,
    line: &Line,
    buf: &mut Buffer,
) -> Position {
    let room = width_of(parts).saturating_sub(4 + TERM);
    let broken = lines.iter().flat_map(|(term, words)| {
        let terms = std::iter::once(*term).chain(std::iter::repeat(""));
        terms.zip(text::wrap(words, room.max(8) as usize))
    });
    let broken: Vec<(&str, String)> = broken.collect();
    let height = u16::try_from(broken.len()).unwrap_or(0) + 4;
    let inside = frame_box(centred(parts, height), title, &state.look, buf);
    for ((term, words), y) in broken.into_iter().zip(inside.top()..inside.bottom()) {
        text::put(buf, inside.x, y, TERM, term, state.look.dim());
        text::put(buf, inside.x + TERM, y, room, &words, state.look.text());
    }
    let field = Rect { y: inside.bottom().saturating_sub(1), height: 1, ..inside };
    typed("file      ", line, field, &state.look, buf)
}

fn export_lines(state: &State, path: &str) -> Vec<(&'static str, String)> {
    let world = &state.world;
    let run = world.run_id().and_then(|id| world.study.as_ref()?.run(id));
    let (segments, by) = run.map_or((0, String::new()), |run| (run.labels.clusters(), compare::spoken(run)));
    let rows = world.table.as_ref().map_or(0, |table| table.rows);
    let own: Vec<&str> = world.table.iter().flat_map(|table| table.fields.iter().map(Field::name)).collect();
    if reports::Kind::of(Path::new(path)).is_some() {
        return vec![
            ("report", format!("{segments} segments by {by}, and fewer and more beside them")),
            ("holds", "data, comparison, recommendation, cards, pictures, glossary".into()),
            ("people", "no ids: P puts pseudonyms in, to look customers up by".into()),
            ("formats", "html (a page of its own), md; svg, png: this picture alone".into()),
        ];
    }
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    vec![
        ("segments", format!("{segments}, by {by}")),
        ("rows", format!("all {}, in order, with their original text", number::whole(rows))),
        ("added", report::free_names(&own).join(", ")),
        ("group", group_words(state)),
        ("look-up", format!("beside it, {stem}.segments.csv")),
        ("formats", "csv, tsv, parquet, jsonl, xlsx: by the ending of its name".into()),
    ]
}
