//! What the segments bring: one table an outcome, by business weight.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::plot::number;
use crate::segments::{Better, Lift, Outcome, Segments};
use crate::tui::look::Look;
use crate::tui::panes::parts::sheet::Sheet;
use crate::tui::widgets::text;

/// The cells beside a name: its glyph and number, the figures, "not shown", the margins.
const BESIDE: usize = 7 + 38 + 11 + 2;

const NOTE: &str = "From–to holds the true value in 95 of 100 samples. Not shown: chance alone makes such a difference, of all \
segments and results together, in 5 of 100 files or more. Of all: the segment’s share of the whole result. What they did so \
far, not what an offer would change.";

/// Draws the outcomes.
pub fn draw(buf: &mut Buffer, area: Rect, segments: &Segments, scroll: usize, look: &Look) -> usize {
    let mut sheet = Sheet::default();
    if segments.outcomes.is_empty() {
        let words = "No column is a result. 1 Data: Space gives a column the role outcome; it is kept out of the search and judges the segments.";
        sheet.paragraph(words, area.width as usize, look.text());
    }
    let longest = segments.list.iter().map(|segment| text::width(&segment.name)).max().unwrap_or(0);
    let room = longest.min((area.width as usize).saturating_sub(BESIDE)).max(8);
    segments.outcomes.iter().for_each(|outcome| table(&mut sheet, outcome, segments, room, look));
    sheet.line(Vec::new());
    sheet.paragraph(NOTE, area.width as usize, look.dim());
    sheet.draw(buf, area, "outcomes", scroll, look)
}

fn table(sheet: &mut Sheet, outcome: &Outcome, segments: &Segments, room: usize, look: &Look) {
    sheet.heading(&heading(outcome), look);
    let head =
        [("value", 9), ("from–to", 15), ("lift", 6), ("of all", 8)].map(|(title, wide)| text::right(title, wide));
    sheet.line(vec![(format!("{}{}", " ".repeat(room + 7), head.concat()), look.dim())]);
    for number in &outcome.ranked {
        let segment = segments.list.iter().find(|segment| segment.number == *number);
        let lift = outcome.segments.iter().find(|lift| lift.segment == *number);
        if let Some((segment, lift)) = segment.zip(lift) {
            line(sheet, outcome, lift, &text::left(&segment.name, room), look);
        }
    }
}

fn heading(outcome: &Outcome) -> String {
    let better = match outcome.better {
        Better::More => " · more is better",
        Better::Less => " · less is better",
        Better::Unsaid => "",
    };
    let known = number::whole(outcome.rows);
    format!("{}: everyone {}, known of {known}{better}", outcome.title, outcome.written(outcome.everyone))
}

fn line(sheet: &mut Sheet, outcome: &Outcome, lift: &Lift, name: &str, look: &Look) {
    let none = || number::NONE.to_owned();
    let written = |value: f64| outcome.written(value);
    let range = lift.interval.map(|(low, high)| format!("{}–{}", written(low).trim_end_matches(" %"), written(high)));
    let weight = lift.weight.filter(|_| outcome.counts()).map(|weight| number::percent(weight, 1));
    let style = if lift.real { look.strong() } else { look.text() };
    let figures = [
        (lift.value.map_or_else(none, written), 9),
        (range.unwrap_or_else(none), 15),
        (lift.lift.map_or_else(none, |lift| number::ratio(lift, 2)), 6),
        (weight.unwrap_or_else(none), 8),
    ];
    let figures: String = figures.iter().map(|(words, wide)| text::right(words, *wide)).collect();
    sheet.line(vec![
        (format!("  {} {:<2}", look.glyph(lift.segment), lift.segment), look.segment(lift.segment)),
        (format!("{name} {figures}"), style),
        (if lift.real { String::new() } else { "  not shown".to_owned() }, look.dim()),
    ]);
}
