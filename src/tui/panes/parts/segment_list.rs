//! The list of the segments: by size, with what tells them apart.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{titles, value};
use crate::plot::number;
use crate::segments::{Effect, Segment, Segments, Sureness};
use crate::tui::look::Look;
use crate::tui::widgets::table::{self, Cell, Column};
use crate::tui::widgets::{bars, text};

/// The word of the fixed scale.
pub fn sureness(sureness: Sureness) -> &'static str {
    match sureness {
        Sureness::Firm => "firm",
        Sureness::Holds => "holds",
        Sureness::Pattern => "a pattern only",
        Sureness::NoTrust => "no trust",
        Sureness::Unknown => "not redrawn",
    }
}

/// How the list is laid out in the cells that it has.
struct Layout {
    columns: Vec<Column>,
    effects: Vec<usize>,
    bar: u16,
}

/// The cells of marker, glyph and number.
const HEAD: u16 = 6;
/// The cells of `holds` with the blank before it.
const HOLDS: u16 = 6;
/// The title above counts and bars.
const CUSTOMERS: &str = "customers";
/// The same where there are no bars.
const COUNT: &str = "size";
/// Below so many cells there are names, counts and what holds, as far as there is room.
const NARROW: u16 = 60;
/// The cells of a column's title, and of one that would be cut.
const TITLE: usize = 9;
const LONG_TITLE: usize = 12;
/// The fewest cells of a bar.
const LEAST_BAR: u16 = 4;

impl Layout {
    fn new(segments: &Segments, width: u16) -> Self {
        let is_narrow = width < NARROW;
        let count = cells(&number::whole(segments.customers)).max(if is_narrow { cells(COUNT) } else { 0 });
        let share = if width >= 100 { 8 } else { 0 };
        let bar = match width {
            ..NARROW => 0,
            NARROW..100 => 9,
            _ => 12,
        };
        let fixed = HEAD + 1 + count + share + bar.min(1) + bar + HOLDS;
        let values = values(segments, if width >= 140 { 10 } else { 6 });
        // For whole names the bars give way, then the values; names that are longer still are cut beside two.
        let kept: u16 = if is_narrow { 0 } else { 2 };
        let wanted = |kept: u16| values.iter().take(kept as usize).map(|(_, column)| 1 + column.width).sum::<u16>();
        let name = segments.list.iter().map(|segment| cells(&segment.name)).max().unwrap_or(0).max(7);
        let least = cells(CUSTOMERS).saturating_sub(count + 1).max(LEAST_BAR);
        let spare = bar.saturating_sub(least);
        let is_whole = |kept: &u16| name <= width.saturating_sub(fixed + wanted(*kept)) + spare;
        let kept = (0..=kept).rev().find(is_whole).unwrap_or(kept);
        let room = width.saturating_sub(fixed + wanted(kept));
        let given = name.saturating_sub(room).min(spare);
        let (name, bar, fixed) = (name.min(room + given), bar - given, fixed - given);
        let mut room = width.saturating_sub(fixed + name);
        let fitting = values.into_iter().take_while(|(_, column)| {
            let fits = room > column.width;
            room = room.saturating_sub(1 + column.width);
            fits
        });
        let (effects, mut values): (Vec<usize>, Vec<Column>) = fitting.unzip();
        // What is left sets the values apart.
        let gap = 1 + (room / (1 + values.len() as u16)).min(2);
        values.iter_mut().for_each(|column| column.gap = gap);
        let mut columns = vec![Column::left("", HEAD).gap(0), Column::left("segment", name).gap(0)];
        columns.push(Column::right(if is_narrow { COUNT } else { "" }, count));
        if share > 0 {
            columns.push(Column::right("", share - 1));
        }
        columns.push(Column::left("", bar).gap(bar.min(1)));
        columns.extend(values);
        columns.push(Column::right("holds", HOLDS - 1).gap(gap));
        Self { columns, effects, bar }
    }

    /// The index of the first column of values; the bars stand before it, `holds` behind the last.
    fn first_value(&self) -> usize {
        self.columns.len() - 1 - self.effects.len()
    }

    /// Where the bars stand.
    fn bar_at(&self) -> u16 {
        table::width(&self.columns[..self.first_value() - 1]) + 1
    }

    /// Whether there is a column of shares.
    fn has_share(&self) -> bool {
        self.first_value() == 5
    }
}

fn cells(words: &str) -> u16 {
    u16::try_from(text::width(words)).unwrap_or(u16::MAX)
}

/// The first `count` effects that have a mean, each with a column as wide as its title and values are.
fn values(segments: &Segments, count: usize) -> Vec<(usize, Column)> {
    let effects = shown_effects(segments, count);
    let all: Vec<&str> = segments.effects.iter().map(|effect| effect.column.as_str()).collect();
    let names: Vec<&str> = effects.iter().map(|&index| all[index]).collect();
    let column = |(&index, title): (&usize, String)| {
        let effect = &segments.effects[index];
        let of = segments.list.iter().map(|segment| cells(&of_segment(effect, segment, index)));
        let wide = of.chain([cells(&title), cells(&value::of_effect(effect, None))]).max().unwrap_or(0);
        (index, Column::right(title, wide.max(5)))
    };
    let short = |cells: usize| titles::short_among(&names, &all, cells);
    let titles = short(TITLE).into_iter().zip(short(LONG_TITLE));
    let titles = titles.map(|(short, long)| if short.ends_with('…') { long } else { short });
    effects.iter().zip(titles).map(column).collect()
}

/// The columns with the largest effect that have a mean, features before what only describes.
pub fn shown_effects(segments: &Segments, count: usize) -> Vec<usize> {
    let numeric = |index: &usize| segments.effects[*index].mean.is_some();
    (0..segments.effects.len()).filter(numeric).take(count).collect()
}

/// The lines that the list takes: titles, segments, unassigned customers, everyone.
pub fn height(segments: &Segments) -> u16 {
    u16::try_from(segments.list.len()).unwrap_or(u16::MAX).saturating_add(2 + u16::from(segments.unassigned > 0))
}

/// Draws the list with the cursor's row marked; `first` is the first segment shown. Returns how many are shown.
pub fn draw(
    buf: &mut Buffer,
    area: Rect,
    segments: &Segments,
    (cursor, first): (Option<usize>, usize),
    look: &Look,
) -> usize {
    // The last cell stays free.
    let layout = Layout::new(segments, area.width.saturating_sub(1));
    table::header(buf, area, &layout.columns, look.dim());
    let customers = table::width(&layout.columns[..2]) + 1;
    if layout.bar > 0 {
        text::put(buf, area.x + customers, area.y, layout.bar + 5, CUSTOMERS, look.dim());
    }
    let tail = 1 + u16::from(segments.unassigned > 0);
    let room = area.height.saturating_sub(1 + tail);
    let full = segments.list.iter().map(|segment| segment.size).max().unwrap_or(1) as f64;
    let shown = segments.list.iter().enumerate().skip(first).take(room as usize);
    let mut y = area.y + 1;
    if (room as usize) < segments.list.len() {
        let words = format!("segments {} to {} of {}", first + 1, first + room as usize, segments.list.len());
        let cells = layout.columns[1].width;
        if text::width(&words) <= cells as usize && room > 0 {
            text::put(buf, area.x + HEAD, area.y, cells, &words, look.dim());
        }
    }
    for (index, segment) in shown {
        let line = Rect { y, height: 1, ..area };
        draw_segment(buf, line, &layout, (segments, segment), cursor == Some(index), look);
        let at = (line.x + layout.bar_at(), y);
        bars::horizontal(buf, at, layout.bar, segment.size as f64, full, look.segment(segment.number));
        y += 1;
    }
    if segments.unassigned > 0 && y < area.bottom() {
        draw_plain(buf, Rect { y, height: 1, ..area }, &layout, "in no segment", segments.unassigned, &[], look.dim());
        y += 1;
    }
    if y < area.bottom() {
        draw_everyone(buf, Rect { y, height: 1, ..area }, &layout, segments, look);
    }
    room as usize
}

fn draw_segment(
    buf: &mut Buffer,
    area: Rect,
    layout: &Layout,
    (segments, segment): (&Segments, &Segment),
    cursor: bool,
    look: &Look,
) {
    let (own, row) = (look.segment(segment.number), row_style(cursor, look));
    let marker = if cursor { "▸" } else { " " };
    let values = layout.effects.iter().map(|&index| of_segment(&segments.effects[index], segment, index));
    let mut cells = vec![Cell::default(), Cell::new(segment.name.clone(), row)];
    cells.push(Cell::new(number::whole(segment.size), look.text()));
    if layout.has_share() {
        cells.push(Cell::new(number::percent(segment.share, 1), look.text()));
    }
    cells.push(Cell::default());
    cells.extend(values.map(|text| Cell::new(text, look.text())));
    let trust =
        if matches!(segment.sureness, Sureness::Pattern | Sureness::NoTrust) { look.warning() } else { look.text() };
    cells.push(Cell::new(segment.holds.map_or(number::NONE.to_owned(), value::holds), trust));
    table::row(buf, area, &layout.columns, &cells);
    let number = format!("{:>2}", segment.number);
    let head = [(marker, look.key()), (" ", look.text()), (look.glyph(segment.number), own), (&number, own)];
    text::put_spans(buf, area.x, area.y, HEAD, &head);
}

fn row_style(cursor: bool, look: &Look) -> Style {
    if cursor { super::cursor(look) } else { look.text() }
}

fn of_segment(effect: &Effect, segment: &Segment, index: usize) -> String {
    match segment.cells.get(index).and_then(|cell| cell.mean) {
        Some(mean) => value::of_effect(effect, Some(mean)),
        None => number::NONE.to_owned(),
    }
}

fn draw_everyone(buf: &mut Buffer, area: Rect, layout: &Layout, segments: &Segments, look: &Look) {
    let values: Vec<String> =
        layout.effects.iter().map(|&index| value::of_effect(&segments.effects[index], None)).collect();
    let used = segments.list.iter().map(|segment| segment.size).sum::<usize>() + segments.unassigned;
    draw_plain(buf, area, layout, "everyone", used, &values, look.text());
}

fn draw_plain(
    buf: &mut Buffer,
    area: Rect,
    layout: &Layout,
    name: &str,
    count: usize,
    values: &[String],
    style: Style,
) {
    let mut cells = vec![Cell::default(); layout.first_value()];
    cells[1] = Cell::new(name, style);
    cells[2] = Cell::new(number::whole(count), style);
    cells.extend(values.iter().map(|value| Cell::new(value.clone(), style)));
    table::row(buf, area, &layout.columns, &cells);
}
