//! The cards of the segments: what differs, rule, who is typical, how sure, what is not known.

use super::overview::{glyph, value};
use crate::matrix::Values;
use crate::plot::number;
use crate::segments::{Action, Cell, Effect, Segment, Segments, Sureness};
use crate::table::{Kind, Role, Table};

/// Columns on a card.
const SHOWN: usize = 8;
/// A difference from here on is high or low (in standard deviations).
const LARGE: f64 = 0.5;
const TYPICAL: usize = 3;

/// All cards, for reading; who is typical only where there is a table.
pub fn all(table: Option<&Table>, segments: &Segments) -> String {
    segments.list.iter().map(|segment| format!("\n{}\n", card(table, segments, segment).join("\n"))).collect()
}

/// All cards as Markdown: a heading and a list each.
pub fn all_markdown(table: Option<&Table>, segments: &Segments) -> String {
    let markdown = |segment: &Segment| {
        let lines = card(table, segments, segment);
        let body = lines.iter().skip(1).map(|line| format!("- {}\n", line.trim())).collect::<String>();
        format!("\n## {}\n\n{body}", title(segment))
    };
    segments.list.iter().map(markdown).collect()
}

fn title(of: &Segment) -> String {
    let (glyph, share) = (glyph(of.number), number::percent(of.share, 1));
    format!("{glyph} {}  {} · {} customers, {share}", of.number, of.name, number::whole(of.size))
}

fn card(table: Option<&Table>, segments: &Segments, of: &Segment) -> Vec<String> {
    let mut lines = vec![format!("── {} ──", title(of)), format!("  {}", of.sentence)];
    lines.extend(differences(segments, of));
    if let Some(rule) = &of.rule {
        let (found, right) = (number::percent(rule.recall, 0), number::percent(rule.precision, 0));
        let taken = number::percent(rule.coverage, 0);
        lines.push(format!(
            "  Rule      {}: finds {found} of them and {taken} of all; {right} of whom it finds belong here",
            rule.text
        ));
    }
    lines.extend(table.and_then(|table| typical(table, of)));
    lines.push(format!("  Holds     {}", sureness(of)));
    lines.extend(segments.results(of.number).iter().map(|words| format!("  Results   {words}")));
    lines.extend(segments.buys(of.number).iter().map(|words| format!("  Buys more {words}")));
    lines.extend(of.action.iter().flat_map(action));
    lines.extend(of.note.iter().map(|note| format!("  Note      {note}")));
    lines.push(format!("  Unknown   {}", of.unknown));
    lines
}

/// The columns with the largest effects, each with everyone's mean beside the segment's.
fn differences(segments: &Segments, of: &Segment) -> Vec<String> {
    let pairs: Vec<(&Effect, &Cell)> =
        segments.effects.iter().zip(&of.cells).filter(|(effect, _)| effect.mean.is_some()).take(SHOWN).collect();
    let width = pairs.iter().map(|(effect, _)| effect.column.chars().count()).max().unwrap_or(0);
    pairs.into_iter().map(|(effect, cell)| difference(effect, cell, width)).collect()
}

fn difference(effect: &Effect, cell: &Cell, width: usize) -> String {
    let note = if effect.role == Role::Cluster { "" } else { " *" };
    let away = match cell.difference {
        Some(sds) if sds >= LARGE => format!("{} sd above", number::ratio(sds, 2)),
        Some(sds) if sds <= -LARGE => format!("{} sd below", number::ratio(-sds, 2)),
        _ => "no great difference".to_owned(),
    };
    let span = match (cell.span, effect.kind) {
        (Some((low, high)), Kind::Whole | Kind::Number) => {
            format!(", spans {}–{}", number::short(low), number::short(high))
        }
        _ => String::new(),
    };
    let (name, mean, everyone) = (&effect.column, value(effect, cell.mean), value(effect, effect.mean));
    format!("  {name:<width$}  {mean:>10}  everyone {everyone:>10}  {away}{span}{note}")
}

/// The customers nearest to the centre, by id.
fn typical(table: &Table, of: &Segment) -> Option<String> {
    let id = table.fields.iter().find(|field| field.role == Role::Id);
    let name = |row: &u32| match id.map(|field| &field.column.values) {
        Some(Values::Text(coded)) => {
            let text = coded.get(*row as usize).unwrap_or_default();
            id.map_or_else(String::new, |field| field.discreet(text))
        }
        Some(Values::Number(numbers)) => numbers.get(*row as usize).map(f64::to_string).unwrap_or_default(),
        None => format!("row {}", row + 1),
    };
    let names: Vec<String> = of.paragons.iter().take(TYPICAL).map(name).collect();
    (!names.is_empty()).then(|| format!("  Typical   {}", names.join(" · ")))
}

/// What could be tried, how to see whether it did anything, what not to do.
fn action(action: &Action) -> [String; 4] {
    let Action { offer, because, channel, moment, measure, avoid, .. } = action;
    [
        format!("  To try    {offer} ({because})"),
        format!("            by {channel}; {moment}"),
        format!("  Measure   {measure}"),
        format!("  Beware    {avoid}"),
    ]
}

fn sureness(of: &Segment) -> String {
    let words = match of.sureness {
        Sureness::Firm => "firm",
        Sureness::Holds => "holds",
        Sureness::Pattern => "a pattern only",
        Sureness::NoTrust => "not to be trusted",
        Sureness::Unknown => "not redrawn",
    };
    let holds = of.holds.map(|holds| format!("{}, ", number::ratio(holds, 2))).unwrap_or_default();
    let border = match of.border {
        0 => "nobody on a border".to_owned(),
        1 => "1 customer on a border".to_owned(),
        border => format!("{} customers on a border", number::whole(border)),
    };
    let close = of.cohesion.map(|share| format!("; spread {} of everyone's", number::ratio(share, 2)));
    format!("{holds}{words}; {border}{}", close.unwrap_or_default())
}
