//! The figures behind the card: effect sizes, v-tests, silhouettes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::differences;
use crate::plot::{bars, number};
use crate::segments::{Cell, Effect, Group, Segment, Segments, Test};
use crate::table::Role;
use crate::tui::look::Look;
use crate::tui::panes::parts::sheet::{self, Sheet};
use crate::tui::panes::parts::{segment_list, titles, value};
use crate::tui::widgets::text;

/// Draws the statistics of the segments, with the v-tests of the one under the cursor.
pub fn draw(buf: &mut Buffer, area: Rect, (segments, cursor): (&Segments, usize), scroll: usize, look: &Look) -> usize {
    let mut sheet = Sheet::default();
    if let Some(segment) = segments.list.get(cursor) {
        columns(&mut sheet, segments, segment, area.width as usize, look);
    }
    apart(&mut sheet, segments, area.width as usize, look);
    whole(&mut sheet, segments, area.width as usize, look);
    let words = "The same data made the segments: these figures describe them and prove nothing.";
    sheet.line(Vec::new());
    sheet.paragraph(words, area.width as usize, look.dim());
    sheet.draw(buf, area, "statistics", scroll, look)
}

/// The cells of a line of [`columns`] beside the column's name, and the fewest and the most of that with its mark.
const FIGURES: usize = 2 + 7 + 2 + 8 + 7 + 8 + 9 + 8 + 2;
const COLUMN: (usize, usize) = (26, 44);

fn columns(sheet: &mut Sheet, segments: &Segments, segment: &Segment, cells: usize, look: &Look) {
    let longest = segments.effects.iter().map(|effect| text::width(&effect.column)).max().unwrap_or(0) + 4;
    let wide = longest.min(cells.saturating_sub(FIGURES)).clamp(COLUMN.0, COLUMN.1);
    let name = format!("{} {}", look.glyph(segment.number), segment.number);
    // The sign has no spelling of one cell.
    let eta = if look.names_keys() { "eta2" } else { "η²" };
    let title = format!("How much of each column the segments explain ({eta}, Cramér's V for categories)");
    sheet.heading(&title, look);
    let head = format!(
        "  {:<wide$}{:>7}  {:<8}{:>7}{:>8}{:>9}{:>8}",
        "",
        format!("{eta}, V"),
        "",
        "counts",
        "v of",
        "apart,",
        "index"
    );
    sheet.line(vec![(head, look.dim())]);
    sheet.line(vec![
        (" ".repeat(wide + 26), look.dim()),
        (text::right(&name, 6), look.segment(segment.number)),
        (format!("{:>9}", "sd"), look.dim()),
    ]);
    for group in Group::ALL {
        let of = segments.effects.iter().zip(&segment.cells).filter(|(effect, _)| effect.group == group);
        let mut lines = of.peekable();
        if lines.peek().is_some() {
            sheet.line(vec![(format!("  {}", group.title()), look.strong())]);
        }
        lines.for_each(|(effect, cell)| sheet.line(column(effect, cell, wide, look)));
    }
}

fn column(effect: &Effect, cell: &Cell, wide: usize, look: &Look) -> Vec<(String, Style)> {
    let mark = match effect.role {
        Role::Cluster => "",
        Role::Outcome => " ◇",
        _ => " *",
    };
    let column = text::left(&format!("  {}{mark}", titles::fitted(&effect.column, wide - 4)), wide);
    let v = cell.v_test.or_else(|| cell.levels.iter().map(|level| level.2).max_by(|a, b| a.abs().total_cmp(&b.abs())));
    let strong = if v.is_some_and(|v| v.abs() > 1.96) { look.strong() } else { look.dim() };
    let figure = |value: f64, decimals: usize, wide: usize| text::right(&number::ratio(value, decimals), wide);
    let counts = effect.importance.map_or(String::new(), |share| number::percent(share, 0));
    let index = differences::index(effect, cell).map_or(number::NONE.to_owned(), |index| number::fixed(index, 0));
    vec![
        (format!("  {column}{}  ", figure(effect.size, 3, 7)), look.text()),
        (text::left(&bars::horizontal(effect.size, 1.0, 8), 8), look.bar()),
        (text::right(&counts, 7), look.text()),
        (figure(v.unwrap_or(f64::NAN), 2, 8), strong),
        (figure(differences::distance(effect, cell), 2, 9), look.text()),
        (text::right(&index, 8), look.text()),
    ]
}

/// The cells of a line of [`apart`] beside the name.
const APART: usize = sheet::SIGN + 10 + 1 + 6 + 7 + 2 + 14 + 6 + 2;

fn apart(sheet: &mut Sheet, segments: &Segments, cells: usize, look: &Look) {
    sheet.heading("How well each segment stands apart (silhouette) and holds", look);
    let room = sheet::name_room(segments, cells, APART);
    let full = segments.list.iter().filter_map(|segment| segment.silhouette).fold(0.5, f64::max);
    let before = room + sheet::SIGN;
    let head = format!("{:before$}{:>10}      {:>7}  {:<14}{:>6}", "", "silhouette", "holds", "", "border");
    sheet.line(vec![(head, look.dim())]);
    for segment in &segments.list {
        let silhouette = segment.silhouette.unwrap_or(f64::NAN);
        let holds = segment.holds.map_or(number::NONE.to_owned(), value::holds);
        let border = if segment.border > 0 { number::whole(segment.border) } else { number::NONE.to_owned() };
        let rest = vec![
            (format!("{:>9} ", number::ratio(silhouette, 2)), look.text()),
            (text::left(&bars::horizontal(silhouette, full, 6), 6), look.segment(segment.number)),
            (format!("{holds:>7}  {:<14}{border:>6}", segment_list::sureness(segment.sureness)), look.text()),
        ];
        sheet.segment(segment, room, rest, look);
    }
}

/// The tests over all segments.
fn whole(sheet: &mut Sheet, segments: &Segments, cells: usize, look: &Look) {
    sheet.heading("Over all segments", look);
    for effect in segments.effects.iter().filter(|effect| !effect.tests.is_empty()) {
        let tests: Vec<String> = effect.tests.iter().map(Test::words).collect();
        sheet.paragraph(&format!("{}: {}", effect.column, tests.join(" · ")), cells, look.text());
    }
}
