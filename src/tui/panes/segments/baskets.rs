//! What the segments buy more than the others.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::plot::number;
use crate::segments::Segments;
use crate::segments::baskets::{Baskets, SegmentGoods};
use crate::tui::look::Look;
use crate::tui::panes::parts::sheet::Sheet;
use crate::tui::widgets::text;

const GOOD: usize = 36;

const NOTE: &str = "Share: of the segment’s customers with order lines, who bought it. Told are goods that the segment buys more than \
everyone beyond chance, corrected for the number of goods; first those with most buyers beyond what everyone’s share would give.";

/// Draws what they buy.
pub fn draw(buf: &mut Buffer, area: Rect, segments: &Segments, scroll: usize, look: &Look) -> usize {
    let mut sheet = Sheet::default();
    match &segments.baskets {
        Some(baskets) => filled(&mut sheet, baskets, segments, area.width as usize, look),
        None => {
            let words = "No order lines that say what was bought. They are looked at once the redraws are in, where the customers were rolled up from order lines (R on 1 Data) with a column of categories or products; `segmenta profile --lines FILE` takes others.";
            sheet.paragraph(words, area.width as usize, look.text());
        }
    }
    sheet.draw(buf, area, "what they buy", scroll, look)
}

fn filled(sheet: &mut Sheet, baskets: &Baskets, segments: &Segments, cells: usize, look: &Look) {
    let words = format!("{}: {} different", baskets.column, number::whole(baskets.goods));
    let figures =
        [("buyers", 8), ("share", 8), ("everyone", 10), ("lift", 6)].map(|(title, wide)| text::right(title, wide));
    sheet.line(vec![(format!("  {}{}", text::left(&words, GOOD + 3), figures.concat()), look.dim())]);
    for of in &baskets.segments {
        let Some(segment) = segments.list.iter().find(|segment| segment.number == of.segment) else { continue };
        let words = format!("  {} {:<2} {}", look.glyph(of.segment), of.segment, segment.name);
        sheet.line(vec![(words, look.segment(of.segment))]);
        goods(sheet, of, look);
    }
    sheet.line(Vec::new());
    sheet.paragraph(NOTE, cells, look.dim());
}

fn goods(sheet: &mut Sheet, of: &SegmentGoods, look: &Look) {
    if of.favourites.is_empty() {
        sheet.line(vec![("     nothing more than the others".to_owned(), look.dim())]);
    }
    for favourite in &of.favourites {
        let figures = [
            (number::whole(favourite.buyers), 8),
            (number::percent(favourite.support, 1), 8),
            (number::percent(favourite.everyone, 1), 10),
            (number::ratio(favourite.lift, 2), 6),
        ];
        let figures: String = figures.iter().map(|(words, wide)| text::right(words, *wide)).collect();
        sheet.line(vec![(format!("     {}{figures}", text::left(&favourite.good, GOOD)), look.text())]);
    }
}
