//! Where values are missing, and which go missing together.

use std::cell::Cell;
use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::reading::Mark;
use crate::engine::looking::row_column;
use crate::explore::{Exploration, GapColumn, Gaps};
use crate::plot::{bars, number};
use crate::tui::action::Request;
use crate::tui::look::Look;
use crate::tui::panes::parts::rows::named;
use crate::tui::panes::parts::rows_here::{self, Here};
use crate::tui::panes::parts::{looked, titles};
use crate::tui::widgets::table::first_row;
use crate::tui::widgets::{rule, text};
use crate::tui::world::World;

/// The matrix of the last frame.
#[derive(Debug, Default)]
pub struct Strips {
    /// The cells of a line.
    cells: Cell<usize>,
}

impl Strips {
    /// The stretches across and the columns down, where a chart of these gaps was drawn.
    pub fn places(&self, gaps: &Gaps) -> Mark {
        let shares = gaps.columns.first().map_or(0, |of| of.shares.len());
        (self.cells.get().min(shares), gaps.columns.len())
    }

    /// Where reading begins: the stretch with most gaps of this column, or of the first.
    pub fn begin(&self, gaps: &Gaps, column: &str) -> Mark {
        let at = gaps.columns.iter().position(|of| of.column == column).unwrap_or(0);
        let across = self.places(gaps).0;
        let share =
            |x: usize| gaps.columns.get(at).map_or(0.0, |of| of.shares[part(of.shares.len(), across, x)].iter().sum());
        let most = (0..across).rev().max_by(|a, b| share(*a).total_cmp(&share(*b)));
        (most.unwrap_or(0), at)
    }

    /// The rows of the table in a stretch, those that are looked at.
    fn rows(&self, world: &World, gaps: &Gaps, x: usize) -> Vec<usize> {
        let (Some(of), Some(table)) = (gaps.columns.first(), world.table.as_deref()) else { return Vec::new() };
        let shares = part(of.shares.len(), self.places(gaps).0, x);
        let all = world.looked.as_ref().map_or(table.rows, |looked| looked.rows.len());
        let edge = |share: usize| share * all / of.shares.len().max(1);
        let row = |at: usize| world.looked.as_ref().map_or(at, |looked| looked.rows[at] as usize);
        (edge(shares.start)..edge(shares.end)).map(row).collect()
    }

    /// The rows that lack the value there, and what is read: `income, rows 101 to 120: 3 of 20 lack it`.
    fn lacking(&self, world: &World, gaps: &Gaps, (x, y): Mark) -> Option<(String, Vec<usize>, (usize, usize))> {
        if x >= self.places(gaps).0 {
            return None;
        }
        let (column, rows) = (&gaps.columns.get(y)?.column, self.rows(world, gaps, x));
        let span = (rows.first()? + 1, rows.last()? + 1);
        let values = &world.table.as_deref()?.field(column)?.column.values;
        let lacking: Vec<usize> = rows.iter().copied().filter(|&row| values.is_missing(row)).collect();
        let [from, to, lack, all] = [span.0, span.1, lacking.len(), rows.len()].map(number::whole);
        let place = if from == to { format!("row {from}") } else { format!("rows {from} to {to}") };
        Some((format!("{}, {place}: {lack} of {all} lack it", titles::plain(column)), lacking, span))
    }

    /// What is read, in words.
    pub fn words(&self, world: &World, gaps: &Gaps, mark: Mark) -> String {
        self.lacking(world, gaps, mark).map_or_else(String::new, |(words, ..)| words)
    }

    /// The rows that lack the value there.
    pub fn list(&self, world: &World, gaps: &Gaps, mark: Mark) -> Option<Request> {
        let (words, rows, (from, to)) = self.lacking(world, gaps, mark)?;
        let (column, row) = (&gaps.columns.get(mark.1)?.column, row_column(world.table.as_deref()?));
        let expression = format!("{} IS NULL AND {row} BETWEEN {from} AND {to}", named(column));
        Some(Here::new(words, rows).of(&[column]).where_(Some(expression)).list(world))
    }
}

/// The shares that one of `across` stretches is made of.
fn part(shares: usize, across: usize, x: usize) -> Range<usize> {
    let across = across.max(1);
    x * shares / across..(x + 1) * shares / across
}

/// Draws the gaps: a line a column over the rows of the table, then the columns that rows lack together.
pub fn draw(
    buf: &mut Buffer,
    area: Rect,
    (world, exploration): (&World, &Exploration),
    (strips, column, mark): (&Strips, &str, Option<Mark>),
    look: &Look,
) {
    let gaps = &exploration.gaps;
    match mark {
        Some(mark) => rows_here::draw(buf, area, "", &strips.words(world, gaps, mark), "which", look),
        None => text::put(buf, area.x + 1, area.y, area.width - 2, &head(exploration), look.strong()),
    }
    let none = none(look);
    let legend = if area.width >= 60 && !gaps.columns.is_empty() {
        format!(": {none} none, ░▒▓ some, █ all lack it")
    } else {
        String::new()
    };
    let title = format!("gaps, row by row{}{legend}", looked::rows(world));
    rule::with_hint(buf, Rect { y: area.y + 1, height: 1, ..area }, &title, "g back", look);
    if gaps.columns.is_empty() {
        let words = "Every row has a value in every column: nothing has to be filled or dropped.";
        text::put(buf, area.x + 3, area.y + 2, area.width - 4, words, look.dim());
        return;
    }
    let room = area.height.saturating_sub(3);
    let below = if gaps.columns.len() > 1 { together_height(gaps, room) } else { 0 };
    let matrix = Rect { y: area.y + 2, height: room + 1 - below, ..area };
    let column = mark.and_then(|(_, y)| gaps.columns.get(y)).map_or(column, |of| &of.column);
    let strip = draw_strips(buf, matrix, (world, exploration), column, look);
    strips.cells.set(strip.width as usize);
    if let Some(mark) = mark {
        draw_mark(buf, (matrix, strip), gaps, mark, look);
    }
    if below > 1 {
        draw_together(buf, Rect { y: matrix.bottom(), height: below, ..area }, exploration, look);
    }
}

/// `3 of 29 columns have gaps; 2,216 of 2,240 rows have none.`
fn head(exploration: &Exploration) -> String {
    let columns = number::whole(exploration.summaries.len());
    let rows = number::whole(exploration.rows);
    match exploration.gaps.columns.len() {
        0 if exploration.summaries.len() == 1 => "No gaps in the one column.".to_owned(),
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

/// Draws a line a column; returns the first line of their strips.
fn draw_strips(
    buf: &mut Buffer,
    area: Rect,
    (world, exploration): (&World, &Exploration),
    column: &str,
    look: &Look,
) -> Rect {
    let gaps = &exploration.gaps.columns;
    let name = (area.width / 4).min(40);
    let strip = Rect { x: area.x + 20 + name, width: area.width.saturating_sub(name + 22), ..area };
    text::put_right(buf, Rect { width: name + 18, ..area }, 0, "rows", look.dim());
    draw_scale(buf, strip, world, exploration.rows, look);
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
        text::put(buf, strip.x, y, strip.width, &marks(&of.shares, strip.width as usize, none(look)), look.bar());
    }
    let shown = gaps.len().min(room);
    if shown < gaps.len() {
        let words = format!("{shown} of {} shown: j k move", gaps.len());
        text::put(buf, area.x + 2, area.y, name + 8, &words, look.dim());
    }
    Rect { height: 1, ..strip }
}

/// The stretch that is read stands out in its line, and a sign points at it from the scale.
fn draw_mark(buf: &mut Buffer, (area, strip): (Rect, Rect), gaps: &Gaps, (x, y): Mark, look: &Look) {
    let room = area.height.saturating_sub(1) as usize;
    let line = y.checked_sub(first_row(y, gaps.columns.len(), room)).filter(|line| *line < room);
    let shares = gaps.columns.get(y).map_or(0, |of| of.shares.len());
    let (wide, across) = (strip.width as usize, shares.min(strip.width as usize));
    let cells = (x * wide).div_ceil(across.max(1))..((x + 1) * wide).div_ceil(across.max(1));
    let at = |cell: usize| strip.x + u16::try_from(cell).unwrap_or(0);
    let Some(line) = line.and_then(|line| u16::try_from(line).ok()).filter(|_| !cells.is_empty()) else { return };
    let (from, width) = (at(cells.start), u16::try_from(cells.len()).unwrap_or(1));
    let here = Rect { x: from, y: area.y + 1 + line, width, height: 1 };
    buf.set_style(here, look.strong().add_modifier(Modifier::REVERSED));
    point(buf, Rect { y: area.y, ..strip }, from + width / 2, look);
}

/// A sign on the scale; the word that it would tear apart is taken away.
fn point(buf: &mut Buffer, scale: Rect, x: u16, look: &Look) {
    let (middle, blank) = (scale.x + scale.width / 2, " ".repeat(scale.width as usize / 2));
    let (from, room) = if x < middle { (scale.x, middle - scale.x) } else { (middle, scale.right() - middle) };
    let words: Vec<u16> = (from..from + room).filter(|at| buf[(*at, scale.y)].symbol() != " ").collect();
    if words.first().is_some_and(|first| *first <= x) && words.last().is_some_and(|last| x <= *last) {
        text::put(buf, from, scale.y, room, &blank, look.text());
    }
    text::put(buf, x, scale.y, 1, "↓", look.key());
}

/// `row 1 … row 2,240` over the strips.
fn draw_scale(buf: &mut Buffer, strip: Rect, world: &World, rows: usize, look: &Look) {
    let ends = world.looked.as_ref().map(|looked| (looked.rows.first(), looked.rows.last()));
    let (first, last) = ends.map_or((0, rows.saturating_sub(1)), |(first, last)| {
        [first, last].map(|row| row.map_or(0, |row| *row as usize)).into()
    });
    text::put(buf, strip.x, strip.y, strip.width, &format!("row {}", number::whole(first + 1)), look.dim());
    let last = format!("row {}", number::whole(last + 1));
    if text::width(&last) + 8 < strip.width as usize {
        text::put_right(buf, strip, 0, &last, look.dim());
    }
}

fn figures(of: &GapColumn, rows: usize) -> (String, String) {
    (number::whole(of.missing), number::percent(of.missing as f64 / rows.max(1) as f64, 1))
}

/// The sign of a stretch without gaps; in ASCII the point is that of few.
fn none(look: &Look) -> char {
    if look.is_ascii() { '-' } else { '·' }
}

/// One sign a cell: how many of its rows have a gap.
fn marks(shares: &[f64], cells: usize, none: char) -> String {
    let sign = |share: f64| match share {
        share if share <= 0.0 => none,
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
