//! Who moved: customers by segment before and after, and the flows between.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::engine::migrations::Migrated;
use crate::plot::{bars, number};
use crate::segments::migration::{Flow, Migration, State};
use crate::tui::look::Look;
use crate::tui::panes::parts::sheet::Sheet;
use crate::tui::widgets::text;

/// Flows that are drawn.
const FLOWS: usize = 12;
const COUNT: usize = 7;
/// Cells of a count in the matrix at least: a blank, a glyph, a number of two digits.
const LEAST: usize = 5;
const STAY: usize = 6;
const BAR: usize = 14;

/// Draws the last migration.
pub fn draw(buf: &mut Buffer, area: Rect, migrated: Option<&Migrated>, scroll: usize, look: &Look) -> usize {
    let mut sheet = Sheet::default();
    match migrated.and_then(|migrated| Some((migrated, migrated.last()?))) {
        Some((migrated, last)) => filled(&mut sheet, migrated, last, area.width as usize, look),
        None => {
            let words = "Nobody was followed yet. F asks for another period: a file of the same customers, or two days up to which the order lines are rolled up.";
            sheet.paragraph(words, area.width as usize, look.text());
        }
    }
    sheet.draw(buf, area, "who moved", scroll, look)
}

fn filled(sheet: &mut Sheet, migrated: &Migrated, last: &Migration, cells: usize, look: &Look) {
    sheet.paragraph(&last.sentence(), cells, look.strong());
    sheet.heading("From (lines) to (columns)", look);
    matrix(sheet, last, cells, look);
    sheet.heading("Flows, the largest first", look);
    let flows = last.changes();
    let most = flows.first().map_or(1, |flow| flow.customers);
    flows.iter().take(FLOWS).for_each(|flow| line(sheet, flow, most, look));
    if let Some(forecast) = &migrated.forecast {
        sheet.heading("Next", look);
        let words =
            |(state, expected): (&State, &f64)| format!("{} {}", place(*state, look), number::fixed(*expected, 0));
        let expected: Vec<String> = forecast.states.iter().zip(&forecast.expected).map(words).collect();
        sheet.paragraph(&format!("Expected: {}.", expected.join(" · ")), cells, look.text());
        sheet.paragraph(&forecast.sentence(), cells, look.dim());
    }
}

/// `◆ 2`, or what a customer is who is in no segment.
fn place(state: State, look: &Look) -> String {
    match state {
        State::Segment(number) => format!("{} {number}", look.glyph(number)),
        State::Unassigned => "none".to_owned(),
        State::Unplaced => "not placed".to_owned(),
        State::Absent => "gone".to_owned(),
    }
}

fn matrix(sheet: &mut Sheet, last: &Migration, cells: usize, look: &Look) {
    let largest = last.customers.iter().max().map_or(0, |most| number::whole(*most).len() + 1);
    let wide = largest.max(LEAST);
    // Where all places do not fit beside names, their numbers stand for them.
    let figures = wide * (last.states.len() + 1) + STAY;
    let longest = last.names.iter().map(|name| text::width(name)).max().unwrap_or(0);
    let name = cells.saturating_sub(7 + figures).min(longest + 1);
    let head: String = last.states.iter().map(|state| text::right(&place(*state, look), wide)).collect();
    let end = text::right("all", wide) + &text::right("stay", STAY);
    sheet.line(vec![(format!("{}{head}{end}", " ".repeat(name + 4)), look.dim())]);
    for (at, (from, row)) in last.states.iter().zip(&last.counts).enumerate() {
        let all: usize = row.iter().sum();
        let called = if *from == State::Absent { "came".to_owned() } else { from.name(&last.names) };
        let count = |count: &usize| if *count == 0 { number::NONE.to_owned() } else { number::whole(*count) };
        let counts: String = row.iter().map(|of| text::right(&count(of), wide)).collect();
        let stay = (*from != State::Absent && all > 0).then(|| number::percent(row[at] as f64 / all as f64, 0));
        let stay = text::right(&stay.unwrap_or_else(|| number::NONE.to_owned()), STAY);
        let own = from.number().filter(|number| *number > 0);
        let glyph = own.map_or_else(|| " ".to_owned(), |number| look.glyph(number).to_owned());
        let called = text::left(&text::fit(&called, name.saturating_sub(1)), name);
        sheet.line(vec![
            (format!("  {glyph} "), own.map_or(look.text(), |number| look.segment(number))),
            (format!("{called}{counts}{}{stay}", text::right(&count(&all), wide)), look.text()),
        ]);
    }
}

/// `● 1 → ◆ 2   682 ██████  28 %  recency 81.4 before, 203 now`.
fn line(sheet: &mut Sheet, flow: &Flow, most: usize, look: &Look) {
    let from = if flow.from == State::Absent { "new".to_owned() } else { place(flow.from, look) };
    let way = format!("  {} → {}", text::right(&from, 5), text::left(&place(flow.to, look), 5));
    let bar = text::left(&bars::horizontal(flow.customers as f64, most as f64, BAR), BAR);
    let share = flow.share.map_or_else(String::new, |share| number::percent(share, 0));
    let why = flow.drivers.first().map_or_else(String::new, |driver| driver.words());
    let style = match flow.to {
        State::Segment(number) => look.segment(number),
        _ => look.text(),
    };
    sheet.line(vec![
        (format!("{way}{} ", text::right(&number::whole(flow.customers), COUNT)), look.text()),
        (bar, style),
        (format!("{}  ", text::right(&share, 6)), look.text()),
        (why, look.dim()),
    ]);
}
