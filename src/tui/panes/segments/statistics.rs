//! The figures behind the card: effect sizes, v-tests, silhouettes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::differences;
use crate::plot::{bars, number};
use crate::segments::{Cell, Effect, Group, Segment, Segments, Test};
use crate::table::Role;
use crate::tui::look::Look;
use crate::tui::panes::parts::sheet::Sheet;
use crate::tui::panes::parts::{segment_list, titles, value};
use crate::tui::widgets::text;

/// Draws the statistics of the segments, with the v-tests of the one under the cursor.
pub fn draw(buf: &mut Buffer, area: Rect, (segments, cursor): (&Segments, usize), scroll: usize, look: &Look) -> usize {
    let mut sheet = Sheet::default();
    if let Some(segment) = segments.list.get(cursor) {
        columns(&mut sheet, segments, segment, look);
    }
    apart(&mut sheet, segments, area.width as usize, look);
    whole(&mut sheet, segments, area.width as usize, look);
    let words = "The same data made the segments: these figures describe them and prove nothing.";
    sheet.line(Vec::new());
    sheet.paragraph(words, area.width as usize, look.dim());
    sheet.draw(buf, area, "statistics", scroll, look)
}

fn columns(sheet: &mut Sheet, segments: &Segments, segment: &Segment, look: &Look) {
    let name = format!("{} {}", look.glyph(segment.number), segment.number);
    // The sign has no spelling of one cell.
    let eta = if look.names_keys() { "eta2" } else { "η²" };
    let title = format!("How much of each column the segments explain ({eta}, Cramér's V for categories)");
    sheet.heading(&title, look);
    let head = format!(
        "  {:<26}{:>7}  {:<8}{:>7}{:>8}{:>9}{:>8}",
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
        (" ".repeat(52), look.dim()),
        (text::right(&name, 6), look.segment(segment.number)),
        (format!("{:>9}", "sd"), look.dim()),
    ]);
    for group in Group::ALL {
        let of = segments.effects.iter().zip(&segment.cells).filter(|(effect, _)| effect.group == group);
        let mut lines = of.peekable();
        if lines.peek().is_some() {
            sheet.line(vec![(format!("  {}", group.title()), look.strong())]);
        }
        lines.for_each(|(effect, cell)| sheet.line(column(effect, cell, look)));
    }
}

fn column(effect: &Effect, cell: &Cell, look: &Look) -> Vec<(String, Style)> {
    let mark = match effect.role {
        Role::Cluster => "",
        Role::Outcome => " ◇",
        _ => " *",
    };
    let column = text::left(&format!("  {}{mark}", titles::fitted(&effect.column, 22)), 26);
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

/// The cells of a line of [`apart`] beside the name, and the least of that.
const APART: usize = 54;
const NAME: usize = 26;

fn apart(sheet: &mut Sheet, segments: &Segments, cells: usize, look: &Look) {
    sheet.heading("How well each segment stands apart (silhouette) and holds", look);
    let longest = segments.list.iter().map(|segment| text::width(&segment.name)).max().unwrap_or(0);
    let name = longest.min(cells.saturating_sub(APART)).max(NAME);
    let full = segments.list.iter().filter_map(|segment| segment.silhouette).fold(0.5, f64::max);
    let head = format!("  {:<1$}{2:>10}      {3:>7}  {4:<14}{5:>6}", "", name + 5, "silhouette", "holds", "", "border");
    sheet.line(vec![(head, look.dim())]);
    for segment in &segments.list {
        let silhouette = segment.silhouette.unwrap_or(f64::NAN);
        let holds = segment.holds.map_or(number::NONE.to_owned(), value::holds);
        let border = if segment.border > 0 { number::whole(segment.border) } else { number::NONE.to_owned() };
        sheet.line(vec![
            (format!("  {} {:<2} ", look.glyph(segment.number), segment.number), look.segment(segment.number)),
            (
                format!("{}{} ", text::left(&segment.name, name), text::right(&number::ratio(silhouette, 2), 9)),
                look.text(),
            ),
            (text::left(&bars::horizontal(silhouette, full, 6), 6), look.segment(segment.number)),
            (format!("{holds:>7}  {:<14}{border:>6}", segment_list::sureness(segment.sureness)), look.text()),
        ]);
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
