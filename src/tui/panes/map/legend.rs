//! The legend of the map: whose glyph is whose.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::plot::number;
use crate::study::Run;
use crate::tui::look::Look;
use crate::tui::panes::parts;
use crate::tui::widgets::text;
use crate::tui::world::World;

/// Where the entries stand: row by row, in columns.
struct Layout {
    /// The cells of each column.
    columns: Vec<u16>,
    lines: u16,
}

impl Layout {
    /// As many columns as names stand whole in, in at most so many lines; where there are none, columns of half a screen
    /// at most that cut them.
    fn new(entries: &[String], digits: usize, width: u16, most: u16) -> Self {
        let cells: Vec<u16> =
            entries.iter().map(|name| u16::try_from(text::width(name) + digits + SIGNS).unwrap_or(u16::MAX)).collect();
        let lines = |across: usize| u16::try_from(cells.len().div_ceil(across)).unwrap_or(u16::MAX);
        let column = |at: usize, across: usize| cells.iter().skip(at).step_by(across).copied().max().unwrap_or(0);
        let columns = |across: usize| -> Vec<u16> { (0..across).map(|at| column(at, across)).collect() };
        let is_whole = |across: &usize| {
            let wide = columns(*across).iter().fold(0, |sum: u16, cells| sum.saturating_add(*cells));
            lines(*across) <= most && wide <= width
        };
        if let Some(across) = (1..=cells.len()).rev().find(is_whole) {
            return Self { columns: columns(across), lines: lines(across) };
        }
        let longest = cells.iter().copied().max().unwrap_or(1).min(width / 2).max(1);
        let across = usize::from(width / longest).max(1);
        Self { columns: vec![longest; across], lines: lines(across).min(most) }
    }

    /// The entries that have a place.
    fn places(&self) -> usize {
        self.columns.len() * self.lines as usize
    }
}

/// The cells of an entry beside its name and number: the glyph and the blanks.
const SIGNS: usize = 5;

fn layout(world: &World, run: &Run, area: Rect) -> Layout {
    let most = if area.height < 12 { 0 } else { area.height / 3 };
    Layout::new(&names(world, run), digits(run), area.width, most)
}

fn digits(run: &Run) -> usize {
    if run.labels.clusters() < 10 { 1 } else { 2 }
}

/// The segments' names; before they are known, their sizes.
fn names(world: &World, run: &Run) -> Vec<String> {
    let known = world.segments.get(&run.id);
    let name = |(index, size): (usize, &usize)| {
        let segment = known.and_then(|segments| segments.list.get(index));
        segment.map_or_else(|| format!("{} customers", number::whole(*size)), |segment| segment.name.clone())
    };
    run.labels.sizes().iter().enumerate().map(name).collect()
}

/// The lines of the legend.
pub fn height(world: &World, run: &Run, area: Rect) -> u16 {
    layout(world, run, area).lines
}

/// The segments with their glyphs and names, in the last lines of the map's `area`.
pub fn draw(buf: &mut Buffer, area: Rect, world: &World, run: &Run, only: Option<u32>, look: &Look) {
    let (layout, names, digits) = (layout(world, run, area), names(world, run), digits(run));
    let top = area.bottom() - layout.lines;
    let (places, across) = (layout.places(), layout.columns.len());
    for (index, name) in names.iter().enumerate().take(places) {
        let (line, column) = (u16::try_from(index / across).unwrap_or(0), index % across);
        let (x, y) = (area.x + 1 + layout.columns[..column].iter().sum::<u16>(), top + line);
        let cells = layout.columns[column] - 1;
        if index + 1 == places && places < names.len() {
            let words = format!("and {} more", number::whole(names.len() + 1 - places));
            text::put(buf, x, y, cells, &words, look.dim());
            return;
        }
        let number = u32::try_from(index).unwrap_or(0) + 1;
        let style = if only == Some(number) { parts::cursor(look) } else { look.text() };
        let glyph = format!("{} {number:<digits$} ", look.glyph(number));
        let name = text::fit(name, (cells as usize).saturating_sub(digits + SIGNS - 2));
        text::put_spans(buf, x, y, cells, &[(glyph.as_str(), look.segment(number)), (name.as_str(), style)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_whole_where_they_can() {
        let names: Vec<String> = [38, 26, 38, 26, 25, 25].map(|cells| "n".repeat(cells)).to_vec();
        let of = |width: u16, most: u16| {
            let layout = Layout::new(&names, 1, width, most);
            (layout.columns, layout.lines)
        };
        assert_eq!(of(80, 4), (vec![44, 32], 3), "columns are as wide as they need");
        assert_eq!(of(130, 4), (vec![44, 32, 44], 2));
        assert_eq!(of(50, 6), (vec![44], 6));
        assert_eq!(of(50, 4), (vec![25, 25], 3), "too many lines: cut");
        assert_eq!(of(80, 0).1, 0);
    }
}
