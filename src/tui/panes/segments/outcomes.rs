//! What the segments bring: one table an outcome, by business weight.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::plot::number;
use crate::segments::{Better, Lift, Outcome, Segment, Segments};
use crate::tui::look::Look;
use crate::tui::panes::parts::sheet::{self, Sheet};
use crate::tui::widgets::text;

/// The cells beside name and figures: glyph and number, "not proven", the margins.
const BESIDE: usize = sheet::SIGN + 12 + 2;
const TITLES: [&str; 4] = ["value", "from–to", "lift", "of all"];

const NOTE: &str = "From–to holds the true value in 95 of 100 samples. Not proven: chance alone makes such a difference, of all \
segments and results together, in 5 of 100 files or more. Of all: the segment’s share of the whole result. What they did so \
far, not what an offer would change.";

/// Draws the outcomes.
pub fn draw(buf: &mut Buffer, area: Rect, segments: &Segments, scroll: usize, look: &Look) -> usize {
    let mut sheet = Sheet::default();
    if segments.outcomes.is_empty() {
        let words = "No column is a result. 1 Data: Space gives a column the role outcome; it is kept out of the search and judges the segments.";
        sheet.paragraph(words, area.width as usize, look.text());
    }
    segments.outcomes.iter().for_each(|outcome| table(&mut sheet, outcome, segments, area.width as usize, look));
    sheet.line(Vec::new());
    sheet.paragraph(NOTE, area.width as usize, look.dim());
    sheet.draw(buf, area, "outcomes", scroll, look)
}

fn table(sheet: &mut Sheet, outcome: &Outcome, segments: &Segments, cells: usize, look: &Look) {
    sheet.heading(&heading(outcome), look);
    let of = |number: &u32| {
        let segment = segments.list.iter().find(|segment| segment.number == *number)?;
        let lift = outcome.segments.iter().find(|lift| lift.segment == *number)?;
        Some((segment, lift, figures(outcome, lift)))
    };
    let lines: Vec<(&Segment, &Lift, [String; 4])> = outcome.ranked.iter().filter_map(of).collect();
    let widths: [usize; 4] = std::array::from_fn(|at| {
        let figures = lines.iter().map(|(_, _, figures)| figures[at].as_str());
        2 + figures.chain([TITLES[at]]).map(text::width).max().unwrap_or(0)
    });
    let right = |words: [&str; 4]| -> String {
        words.iter().zip(widths).map(|(words, wide)| text::right(words, wide)).collect()
    };
    let room = sheet::name_room(segments, cells, BESIDE + widths.iter().sum::<usize>());
    sheet.line(vec![(format!("{}{}", " ".repeat(room + sheet::SIGN), right(TITLES)), look.dim())]);
    for (segment, lift, figures) in &lines {
        let (style, word) = if lift.real { (look.strong(), "") } else { (look.text(), "  not proven") };
        let figures = right(figures.each_ref().map(String::as_str));
        sheet.segment(segment, room, vec![(figures, style), (word.to_owned(), look.dim())], look);
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

/// Value, interval, lift, and the share of all.
fn figures(outcome: &Outcome, lift: &Lift) -> [String; 4] {
    let written = |value: f64| outcome.written(value);
    let range = lift.interval.map(|(low, high)| format!("{}–{}", written(low).trim_end_matches(" %"), written(high)));
    let weight = lift.weight.filter(|_| outcome.counts()).map(|weight| number::percent(weight, 1));
    let ratio = lift.lift.map(|lift| number::ratio(lift, 2));
    [lift.value.map(written), range, ratio, weight].map(|figure| figure.unwrap_or_else(|| number::NONE.to_owned()))
}
