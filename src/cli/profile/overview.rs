//! The segments at a glance: one line each, everyone last.

use super::super::compare;
use super::super::grid::{self, Grid, Side};
use super::{baskets, outcomes, proof};
use crate::plot::{bars, number};
use crate::segments::{Cell, Effect, Rule, Segment, Segments, Sureness};
use crate::study::Run;

/// Columns with the largest effects that are shown, and on wide lines.
const SHOWN: usize = 2;
const SHOWN_WIDE: usize = 4;
const WIDE: usize = 120;
const BAR: usize = 10;
const GLYPHS: [&str; 10] = ["●", "◆", "▲", "■", "✚", "▬", "▼", "□", "▽", "△"];

/// The glyph that every screen shows for a segment.
pub fn glyph(number: u32) -> &'static str {
    GLYPHS[(number as usize).saturating_sub(1) % GLYPHS.len()]
}

/// For reading; `sampled`: the run in the sample that was studied.
pub fn text(run: &Run, sampled: Option<&Run>, segments: &Segments, width: usize) -> String {
    let mut lines = vec![first_line(run, sampled, segments), String::new()];
    lines.extend(self::lines(segments, width));
    lines.join("\n") + "\n"
}

/// One line a segment, for reading.
pub fn lines(segments: &Segments, width: usize) -> Vec<String> {
    let shown = if width < WIDE { SHOWN } else { SHOWN_WIDE };
    table(segments, shown, true).lines(Some(width))
}

/// One row a segment.
pub fn grid(segments: &Segments) -> Grid {
    table(segments, SHOWN_WIDE, false)
}

/// As Markdown.
pub fn markdown(run: &Run, sampled: Option<&Run>, segments: &Segments) -> String {
    format!("# {}\n\n{}", first_line(run, sampled, segments), grid(segments).markdown())
}

/// One line a segment, with the means of all numeric columns; the last is everyone's.
pub fn csv(segments: &Segments) -> String {
    let numeric: Vec<usize> = (0..segments.effects.len()).filter(|&at| segments.effects[at].mean.is_some()).collect();
    let mut head = vec!["segment", "key", "name", "size", "share", "silhouette", "holds", "border", "rule"];
    head.extend(["precision", "recall", "coverage", "cohesion", "play", "to_try", "avoid", "note"]);
    head.extend(numeric.iter().map(|&at| segments.effects[at].column.as_str()));
    if segments.proof.is_some() {
        head.extend(proof::CSV_HEADS);
    }
    let results: Vec<String> = segments.outcomes.iter().flat_map(outcomes::csv_heads).collect();
    head.extend(results.iter().map(String::as_str));
    head.extend(segments.baskets.iter().map(|_| "buys more"));
    let rows = segments.list.iter().map(|segment| csv_row(segment, &numeric, segments));
    grid::csv(&head, rows.chain([csv_everyone(&numeric, segments)]))
}

/// What stands before the means in a segment's line.
const FIXED: usize = 17;

fn csv_everyone(numeric: &[usize], segments: &Segments) -> Vec<String> {
    let mut row = vec![String::new(); FIXED];
    row[2] = "everyone".to_owned();
    row[3] = everybody(segments).to_string();
    let mean = |&at: &usize| segments.effects[at].mean.map(|mean| mean.to_string()).unwrap_or_default();
    row.extend(numeric.iter().map(mean));
    segments.proof.iter().for_each(|_| row.extend(proof::CSV_HEADS.map(|_| String::new())));
    segments.outcomes.iter().for_each(|outcome| row.extend(outcomes::csv_everyone(outcome)));
    row.extend(segments.baskets.iter().map(|_| String::new()));
    row
}

/// Customers in the segments, and in none.
fn everybody(segments: &Segments) -> usize {
    segments.list.iter().map(|segment| segment.size).sum::<usize>() + segments.unassigned
}

fn csv_row(of: &Segment, numeric: &[usize], segments: &Segments) -> Vec<String> {
    let some = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let rule = of.rule.as_ref().map(|rule| rule.text.clone()).unwrap_or_default();
    let (number, size, share) = (of.number.to_string(), of.size.to_string(), of.share.to_string());
    let (silhouette, holds, border) = (some(of.silhouette), some(of.holds), of.border.to_string());
    let mut row = vec![number, of.key.clone(), of.name.clone(), size, share, silhouette, holds, border, rule];
    let of_rule = |value: fn(&Rule) -> f64| some(of.rule.as_ref().map(value));
    row.extend([of_rule(|rule| rule.precision), of_rule(|rule| rule.recall), of_rule(|rule| rule.coverage)]);
    let action = of.action.clone().unwrap_or_default();
    row.extend([some(of.cohesion), action.play, action.offer, action.avoid, of.note.clone().unwrap_or_default()]);
    row.extend(numeric.iter().map(|&at| some(of.cells.get(at).and_then(|cell| cell.mean))));
    segments.proof.iter().for_each(|proof| row.extend(proof::csv_cells(proof, of.number)));
    segments.outcomes.iter().for_each(|outcome| row.extend(outcomes::csv_cells(outcome, of.number)));
    row.extend(segments.baskets.iter().map(|baskets| baskets::csv_cell(baskets, of.number)));
    row
}

fn first_line(run: &Run, sampled: Option<&Run>, segments: &Segments) -> String {
    let (count, customers) = (segments.list.len(), number::whole(segments.customers));
    let mut parts = vec![
        format!("{count} segments of {customers} customers"),
        format!("{} {}", run.candidate.algorithm.title(), compare::setting(run)),
    ];
    parts.extend(run.metrics.silhouette.map(|value| format!("separation {}", number::ratio(value, 2))));
    parts.extend(sampled.and_then(in_sample));
    parts.push(sureness(segments));
    if segments.unassigned > 0 {
        parts.push(format!("{} in no segment", number::whole(segments.unassigned)));
    }
    let border: usize = segments.list.iter().map(|segment| segment.border).sum();
    if border > 0 {
        parts.push(format!("{} on a border", number::whole(border)));
    }
    parts.join(" · ")
}

/// `.54 in the sample of 5,000`
fn in_sample(run: &Run) -> Option<String> {
    let separation = number::ratio(run.metrics.silhouette?, 2);
    Some(format!("{separation} in the sample of {}", number::whole(run.labels.len())))
}

fn sureness(segments: &Segments) -> String {
    let weak = |segment: &&Segment| matches!(segment.sureness, Sureness::Pattern | Sureness::NoTrust);
    let unknown = segments.list.iter().any(|segment| segment.sureness == Sureness::Unknown);
    match segments.list.iter().filter(weak).count() {
        0 if unknown => "not redrawn".to_owned(),
        0 => "all hold".to_owned(),
        1 => "1 does not hold".to_owned(),
        weak => format!("{weak} do not hold"),
    }
}

/// The numeric columns with the largest effects.
fn shown(segments: &Segments, most: usize) -> Vec<usize> {
    let mut numeric: Vec<usize> =
        (0..segments.effects.len()).filter(|&at| segments.effects[at].mean.is_some()).collect();
    numeric.truncate(most);
    numeric
}

fn table(segments: &Segments, most: usize, with_bars: bool) -> Grid {
    let shown = shown(segments, most);
    let heads = [("", Side::Left), ("", Side::Right), ("segment", Side::Flow), ("customers", Side::Left)];
    let columns = shown.iter().map(|&at| (segments.effects[at].column.as_str(), Side::Right));
    let mut grid = Grid::new(heads.into_iter().chain(columns).chain([("holds", Side::Right)]));
    let largest = segments.list.iter().map(|segment| segment.size).max().unwrap_or(1);
    for segment in &segments.list {
        let bar = if with_bars { bars::horizontal(segment.size as f64, largest as f64, BAR) } else { String::new() };
        let width = number::whole(largest).len();
        let customers =
            format!("{:>width$} {:>6} {bar}", number::whole(segment.size), number::percent(segment.share, 1));
        let mut row =
            vec![glyph(segment.number).to_owned(), segment.number.to_string(), segment.name.clone(), customers];
        row.extend(shown.iter().map(|&at| mean(&segments.effects[at], &segment.cells[at])));
        row.push(segment.holds.map_or_else(|| number::NONE.to_owned(), |holds| number::ratio(holds, 2)));
        grid.push(row);
    }
    grid.push(everyone(segments, &shown));
    grid
}

fn everyone(segments: &Segments, shown: &[usize]) -> Vec<String> {
    let mut row = vec![String::new(), String::new(), "everyone".to_owned(), number::whole(everybody(segments))];
    row.extend(shown.iter().map(|&at| value(&segments.effects[at], segments.effects[at].mean)));
    row.push(String::new());
    row
}

fn mean(effect: &Effect, cell: &Cell) -> String {
    value(effect, cell.mean)
}

/// A mean of a column as precise as the column's spread allows.
pub fn value(effect: &Effect, mean: Option<f64>) -> String {
    let Some(mean) = mean else { return number::NONE.to_owned() };
    match effect.kind {
        crate::table::Kind::YesNo => number::percent(mean, 0),
        crate::table::Kind::Date => crate::plot::time::date(mean),
        crate::table::Kind::Year => format!("{mean:.0}"),
        _ => number::fixed(mean, number::decimals_for_spread(effect.sd.unwrap_or(0.0))),
    }
}
