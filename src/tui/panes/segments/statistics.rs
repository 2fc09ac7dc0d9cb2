//! The figures behind the card: effect sizes, v-tests, silhouettes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::differences;
use crate::plot::{bars, number};
use crate::segments::{Segment, Segments};
use crate::table::Role;
use crate::tui::look::Look;
use crate::tui::panes::parts::sheet::Sheet;
use crate::tui::panes::parts::{segment_list, titles, value};
use crate::tui::widgets::text;

/// Draws the statistics of the segments, with the v-tests of the one under the cursor.
pub fn draw(buf: &mut Buffer, area: Rect, (segments, cursor): (&Segments, usize), scroll: usize, look: &Look) {
    let mut sheet = Sheet::default();
    if let Some(segment) = segments.list.get(cursor) {
        columns(&mut sheet, segments, segment, look);
    }
    apart(&mut sheet, segments, look);
    let words = "The same data made the segments: these figures describe them and prove nothing.";
    sheet.line(Vec::new());
    sheet.paragraph(words, area.width as usize, look.dim());
    sheet.draw(buf, area, "statistics", "Esc back", scroll, look);
}

fn columns(sheet: &mut Sheet, segments: &Segments, segment: &Segment, look: &Look) {
    let name = format!("{} {}", look.glyph(segment.number), segment.number);
    sheet.heading("How much of each column the segments explain (η², Cramér's V for categories)", look);
    let titles = [("column", 26), ("η², V", 7)];
    let mut head: String = titles
        .iter()
        .map(|(title, wide)| if *wide > 20 { text::left(title, *wide) } else { text::right(title, *wide) })
        .collect();
    head.push_str(&format!("  {:<12}{:>9}{:>11}   ", "", "v of", "apart, sd"));
    sheet.line(vec![(format!("  {head}"), look.dim())]);
    sheet.line(vec![(
        format!("  {}{name}", " ".repeat(26 + 7 + 2 + 12 + 9 - text::width(&name))),
        look.segment(segment.number),
    )]);
    for (effect, cell) in segments.effects.iter().zip(&segment.cells) {
        let mark = match effect.role {
            Role::Cluster => "",
            Role::Outcome => " ◇",
            _ => " *",
        };
        let column = text::left(&format!("{}{mark}", titles::fitted(&effect.column, 24)), 26);
        let v =
            cell.v_test.or_else(|| cell.levels.iter().map(|level| level.2).max_by(|a, b| a.abs().total_cmp(&b.abs())));
        let strong = if v.is_some_and(|v| v.abs() > 1.96) { look.strong() } else { look.dim() };
        let figure = |value: f64, decimals: usize, wide: usize| text::right(&number::ratio(value, decimals), wide);
        sheet.line(vec![
            (format!("  {column}{}  ", figure(effect.size, 3, 7)), look.text()),
            (text::left(&bars::horizontal(effect.size, 1.0, 12), 12), look.bar()),
            (figure(v.unwrap_or(f64::NAN), 2, 9), strong),
            (figure(differences::distance(effect, cell), 2, 11), look.text()),
        ]);
    }
}

fn apart(sheet: &mut Sheet, segments: &Segments, look: &Look) {
    sheet.heading("How well each segment stands apart (silhouette) and holds", look);
    let full = segments.list.iter().filter_map(|segment| segment.silhouette).fold(0.5, f64::max);
    let head = format!("  {:<35}{:>10}          {:>5}  {:<14}{:>6}", "", "silhouette", "holds", "", "border");
    sheet.line(vec![(head, look.dim())]);
    for segment in &segments.list {
        let silhouette = segment.silhouette.unwrap_or(f64::NAN);
        let holds = segment.holds.map_or(number::NONE.to_owned(), value::holds);
        let border = if segment.border > 0 { number::whole(segment.border) } else { number::NONE.to_owned() };
        sheet.line(vec![
            (format!("  {} {:<2} ", look.glyph(segment.number), segment.number), look.segment(segment.number)),
            (
                format!("{}{} ", text::left(&segment.name, 30), text::right(&number::ratio(silhouette, 2), 9)),
                look.text(),
            ),
            (text::left(&bars::horizontal(silhouette, full, 8), 8), look.segment(segment.number)),
            (format!("{holds:>7}  {:<14}{border:>6}", segment_list::sureness(segment.sureness)), look.text()),
        ]);
    }
}
