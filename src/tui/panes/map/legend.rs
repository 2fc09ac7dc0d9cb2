//! The legend of the map: whose glyph is whose.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::plot::number;
use crate::study::Run;
use crate::tui::look::Look;
use crate::tui::panes::parts;
use crate::tui::widgets::text;
use crate::tui::world::World;

/// The cells of one entry of the legend: as wide as the longest name, at most half of the screen.
fn entry_width(world: &World, run: &Run, area: Rect) -> u16 {
    let names = world.segments.get(&run.id).into_iter().flat_map(|segments| &segments.list);
    let longest = names.map(|segment| text::width(&segment.name)).max().unwrap_or(18);
    u16::try_from(longest + 7).unwrap_or(u16::MAX).min(area.width / 2)
}

/// The lines of the legend.
pub fn height(world: &World, run: &Run, area: Rect) -> u16 {
    if area.height < 12 {
        return 0;
    }
    let across = (area.width / entry_width(world, run, area)).max(1) as usize;
    u16::try_from(run.labels.clusters().div_ceil(across)).unwrap_or(u16::MAX).min(area.height / 5)
}

/// The segments with their glyphs and names.
pub fn draw(buf: &mut Buffer, area: Rect, world: &World, run: &Run, only: Option<u32>, look: &Look) {
    let entry = entry_width(world, run, area);
    let across = (area.width / entry).max(1);
    let names = world.segments.get(&run.id);
    let digits = if run.labels.clusters() < 10 { 1 } else { 2 };
    let (places, count) = (across * area.height, run.labels.clusters());
    for (index, size) in (0_u16..).zip(run.labels.sizes()).take(places as usize) {
        let (row, column) = (index / across, index % across);
        if index + 1 == places && usize::from(places) < count {
            let words = format!("and {} more", number::whole(count + 1 - usize::from(places)));
            text::put(buf, area.x + 1 + column * entry, area.y + row, entry - 1, &words, look.dim());
            return;
        }
        let number = u32::from(index) + 1;
        let name = names.and_then(|segments| segments.list.get(index as usize)).map(|segment| segment.name.clone());
        let name = name.unwrap_or_else(|| format!("{} customers", number::whole(*size)));
        let style = if only == Some(number) { parts::cursor(look) } else { look.text() };
        let glyph = format!("{} {number:<digits$} ", look.glyph(number));
        let name = text::fit(&name, entry as usize - 5 - digits);
        let spans = [(glyph.as_str(), look.segment(number)), (name.as_str(), style)];
        text::put_spans(buf, area.x + 1 + column * entry, area.y + row, entry - 1, &spans);
    }
}
