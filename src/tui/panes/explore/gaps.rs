//! Where values are missing, and which go missing together.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::explore::{Exploration, GapColumn, Gaps};
use crate::plot::{bars, number};
use crate::tui::look::Look;
use crate::tui::panes::parts::titles;
use crate::tui::widgets::table::first_row;
use crate::tui::widgets::{rule, text};

/// Draws the gaps: a line a column over the rows of the table, then the columns that rows lack together.
pub fn draw(buf: &mut Buffer, area: Rect, exploration: &Exploration, column: &str, look: &Look) {
    let gaps = &exploration.gaps;
    text::put(buf, area.x + 1, area.y, area.width - 2, &head(exploration), look.strong());
    rule::with_hint(buf, Rect { y: area.y + 1, height: 1, ..area }, "gaps, row by row", "g back", look);
    if gaps.columns.is_empty() {
        return;
    }
    let room = area.height.saturating_sub(3);
    let below = if gaps.columns.len() > 1 { together_height(gaps, room) } else { 0 };
    let strips = Rect { y: area.y + 2, height: room + 1 - below, ..area };
    draw_strips(buf, strips, exploration, column, look);
    if below > 1 {
        draw_together(buf, Rect { y: strips.bottom(), height: below, ..area }, exploration, look);
    }
}

/// `3 of 29 columns have gaps; 2,216 of 2,240 rows have none.`
fn head(exploration: &Exploration) -> String {
    let columns = number::whole(exploration.summaries.len());
    let rows = number::whole(exploration.rows);
    match exploration.gaps.columns.len() {
        0 => format!("No gaps in any of the {columns} columns."),
        count => {
            let complete = number::whole(exploration.gaps.complete);
            let have = if count == 1 { "has" } else { "have" };
            format!("{} of {columns} columns {have} gaps; {complete} of {rows} rows have none.", number::whole(count))
        }
    }
}

/// The lines of what goes missing together: a third of the room where the columns need the rest.
fn together_height(gaps: &Gaps, room: u16) -> u16 {
    let wanted = u16::try_from(gaps.patterns.len() + 2).unwrap_or(u16::MAX);
    let left = room.saturating_sub(u16::try_from(gaps.columns.len() + 1).unwrap_or(u16::MAX));
    wanted.min(left.max(room / 3))
}

fn draw_strips(buf: &mut Buffer, area: Rect, exploration: &Exploration, column: &str, look: &Look) {
    let gaps = &exploration.gaps.columns;
    let name = (area.width / 4).min(40);
    let strip = Rect { x: area.x + 20 + name, width: area.width.saturating_sub(name + 22), ..area };
    text::put_right(buf, Rect { width: name + 18, ..area }, 0, "rows", look.dim());
    draw_scale(buf, strip, exploration.rows, look);
    let at = gaps.iter().position(|of| of.column == column);
    let room = area.height.saturating_sub(1) as usize;
    let from = first_row(at.unwrap_or(0), gaps.len(), room);
    for ((index, of), y) in gaps.iter().enumerate().skip(from).zip(area.y + 1..area.bottom()) {
        let here = at == Some(index);
        text::put(buf, area.x, y, 1, if here { "▸" } else { " " }, look.key());
        let style = if here { look.strong() } else { look.text() };
        text::put(buf, area.x + 2, y, name, &titles::fitted(&of.column, name as usize), style);
        let (count, share) = figures(of, exploration.rows);
        text::put(buf, area.x + 3 + name, y, 8, &text::right(&count, 8), look.text());
        text::put(buf, area.x + 11 + name, y, 8, &text::right(&share, 8), look.dim());
        text::put(buf, strip.x, y, strip.width, &marks(&of.shares, strip.width as usize), look.bar());
    }
    let shown = gaps.len().min(room);
    if shown < gaps.len() {
        let words = format!("{shown} of {} shown: j k move", gaps.len());
        text::put(buf, area.x + 2, area.y, name + 8, &words, look.dim());
    }
}

/// `row 1 … row 2,240` over the strips.
fn draw_scale(buf: &mut Buffer, strip: Rect, rows: usize, look: &Look) {
    text::put(buf, strip.x, strip.y, strip.width, "row 1", look.dim());
    let last = format!("row {}", number::whole(rows));
    if text::width(&last) + 8 < strip.width as usize {
        text::put_right(buf, strip, 0, &last, look.dim());
    }
}

fn figures(of: &GapColumn, rows: usize) -> (String, String) {
    (number::whole(of.missing), number::percent(of.missing as f64 / rows.max(1) as f64, 1))
}

/// One sign a cell: how many of its rows have a gap.
fn marks(shares: &[f64], cells: usize) -> String {
    let sign = |share: f64| match share {
        share if share <= 0.0 => '·',
        share if share < 1.0 / 3.0 => '░',
        share if share < 2.0 / 3.0 => '▒',
        share if share < 1.0 => '▓',
        _ => '█',
    };
    bars::stretches(shares, cells).into_iter().map(sign).collect()
}

fn draw_together(buf: &mut Buffer, area: Rect, exploration: &Exploration, look: &Look) {
    let gaps = &exploration.gaps;
    rule::titled(buf, area, "missing together", look);
    let room = area.height.saturating_sub(1) as usize;
    let all = gaps.patterns.len() + gaps.others;
    let told = if all > room { room.saturating_sub(1) } else { room };
    for (of, y) in gaps.patterns.iter().take(told).zip(area.y + 1..area.bottom()) {
        let names: Vec<&str> = of.columns.iter().map(|&at| titles::plain(&gaps.columns[at].column)).collect();
        let only = if names.len() == 1 { " alone" } else { "" };
        let count = text::right(&number::whole(of.rows), 9);
        let share = text::right(&number::percent(of.rows as f64 / exploration.rows.max(1) as f64, 1), 8);
        let names = format!("{}{only}", names.join(" + "));
        let spans =
            [(count.as_str(), look.text()), (share.as_str(), look.dim()), ("  ", look.text()), (&names, look.text())];
        text::put_spans(buf, area.x + 2, y, area.width.saturating_sub(3), &spans);
    }
    if told < all {
        let words = format!("and {} combinations more", number::whole(all - told));
        text::put(buf, area.x + 13, area.bottom() - 1, area.width.saturating_sub(14), &words, look.dim());
    }
}
