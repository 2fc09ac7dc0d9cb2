//! What the segments bring: one table an outcome, by business weight.

use super::super::grid::{Grid, Side};
use super::overview::glyph;
use crate::plot::number;
use crate::segments::{Better, Lift, Outcome, Segments};

/// For reading.
pub fn text(segments: &Segments) -> String {
    let one = |outcome: &Outcome| {
        let lines = grid(outcome, segments).lines(None);
        format!("\n── {} ──\n{}\n", heading(outcome), lines.join("\n"))
    };
    let tables: String = segments.outcomes.iter().map(one).collect();
    if tables.is_empty() { tables } else { format!("{tables}\n{NOTE}\n") }
}

/// As Markdown.
pub fn markdown(segments: &Segments) -> String {
    let one = |outcome: &Outcome| format!("\n## {}\n\n{}", heading(outcome), grid(outcome, segments).markdown());
    let tables: String = segments.outcomes.iter().map(one).collect();
    if tables.is_empty() { tables } else { format!("{tables}\n{NOTE}\n") }
}

/// The columns that an outcome adds to the segments' CSV.
pub fn csv_heads(outcome: &Outcome) -> Vec<String> {
    CSV.map(|of| format!("{}{of}", outcome.title)).to_vec()
}

/// What stands behind an outcome's title in these columns.
const CSV: [&str; 9] = ["", " low", " high", " lift", " effect", " adjusted p", " weight", " n", " real"];

/// What stands in them.
pub fn csv_cells(outcome: &Outcome, segment: u32) -> Vec<String> {
    let some = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let Some(lift) = outcome.segments.iter().find(|lift| lift.segment == segment) else {
        return vec![String::new(); CSV.len()];
    };
    let (low, high) = lift.interval.unzip();
    let figures = [lift.value, low, high, lift.lift, lift.effect, lift.adjusted, lift.weight].map(some);
    let real = if lift.real { "yes" } else { "no" };
    figures.into_iter().chain([lift.rows.to_string(), real.to_owned()]).collect()
}

/// The same of everyone.
pub fn csv_everyone(outcome: &Outcome) -> Vec<String> {
    let (low, high) = outcome.interval.unzip();
    let mut row = vec![String::new(); CSV.len()];
    let some = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    row.splice(..3, [Some(outcome.everyone), low, high].map(some));
    row[7] = outcome.rows.to_string();
    row
}

const NOTE: &str = "From–to holds the true value in 95 of 100 samples. Real: by chance alone one such difference, of all segments and \
results together, turns up in fewer than 5 of 100 files. What segments did so far, not what an offer would change.";

fn heading(outcome: &Outcome) -> String {
    let better = match outcome.better {
        Better::More => " · more is better",
        Better::Less => " · less is better",
        Better::Unsaid => "",
    };
    let from = if outcome.is_turned { format!(" (from {})", outcome.column) } else { String::new() };
    let (everyone, rows) = (outcome.written(outcome.everyone), number::whole(outcome.rows));
    format!("{}{from}: everyone {everyone}, known of {rows}{better}", outcome.title)
}

fn grid(outcome: &Outcome, segments: &Segments) -> Grid {
    let heads = [("", Side::Left), ("segment", Side::Left), ("n", Side::Right), (outcome.title.as_str(), Side::Right)];
    let more = [("from–to", Side::Right), ("lift", Side::Right), ("effect", Side::Right), ("p", Side::Right)];
    let last = [("real", Side::Left), ("of all", Side::Right)];
    let mut grid = Grid::new(heads.into_iter().chain(more).chain(last));
    for number in &outcome.ranked {
        let segment = segments.list.iter().find(|segment| segment.number == *number);
        let lift = outcome.segments.iter().find(|lift| lift.segment == *number);
        if let Some((segment, lift)) = segment.zip(lift) {
            grid.push(row(outcome, lift, &segment.name));
        }
    }
    grid
}

fn row(outcome: &Outcome, lift: &Lift, name: &str) -> Vec<String> {
    let ratio = |value: Option<f64>| value.map_or_else(|| number::NONE.to_owned(), |value| number::ratio(value, 2));
    let written = |value: f64| outcome.written(value);
    let range = lift.interval.map(|(low, high)| format!("{}–{}", written(low).trim_end_matches(" %"), written(high)));
    let weight = lift.weight.filter(|_| outcome.counts()).map(|weight| number::percent(weight, 1));
    vec![
        format!("{} {}", glyph(lift.segment), lift.segment),
        name.to_owned(),
        number::whole(lift.rows),
        lift.value.map_or_else(|| number::NONE.to_owned(), written),
        range.unwrap_or_else(|| number::NONE.to_owned()),
        ratio(lift.lift),
        ratio(lift.effect),
        lift.adjusted.map_or_else(|| number::NONE.to_owned(), |p| number::ratio(p, 3)),
        if lift.real { "yes" } else { "not proven" }.to_owned(),
        weight.unwrap_or_else(|| number::NONE.to_owned()),
    ]
}
