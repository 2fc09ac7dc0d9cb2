//! All segments at once: a heat map, a line for each, their silhouettes, the tree of merges.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::differences::{distance, full};
use super::reading::Reading;
use crate::plot::{line, number, scale::Scale};
use crate::segments::{Segment, Segments};
use crate::tui::look::Look;
use crate::tui::panes::Shown;
use crate::tui::panes::parts::silhouettes::{self, Sorted};
use crate::tui::panes::parts::{rows_here, titles, tree};
use crate::tui::widgets::dots::Dots;
use crate::tui::widgets::heat::{self, Heat};
use crate::tui::widgets::table::first_row;
use crate::tui::widgets::{rule, text};
use crate::tui::world::World;

/// What shows the differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Picture {
    /// The card of the segment under the cursor.
    #[default]
    Bars,
    /// Segments by columns.
    Heat,
    /// A line a segment over the columns.
    Lines,
    /// A bar a customer.
    Silhouettes,
    /// How customers merge into groups.
    Tree,
}

impl Picture {
    /// The report's picture of it; `cursor` is the segment under the cursor.
    pub fn figure(self, cursor: usize) -> String {
        match self {
            Self::Bars => format!("segment-{}", cursor + 1),
            Self::Heat => "heat".to_owned(),
            Self::Lines => "lines".to_owned(),
            Self::Silhouettes => "silhouettes".to_owned(),
            Self::Tree => "tree".to_owned(),
        }
    }

    /// The figures behind it.
    pub fn shown(self) -> Shown {
        match self {
            Self::Silhouettes => Shown::Silhouettes,
            Self::Tree => Shown::Tree,
            Self::Bars | Self::Heat | Self::Lines => Shown::Means,
        }
    }

    const ALL: [Self; 5] = [Self::Bars, Self::Heat, Self::Lines, Self::Silhouettes, Self::Tree];

    /// The one after it.
    pub fn next(self) -> Self {
        Self::ALL[(self as usize + 1) % Self::ALL.len()]
    }

    /// `picture 1 of 5: bars, v next`.
    pub fn note(self) -> String {
        let name = match self {
            Self::Bars => "bars",
            Self::Heat => "heat map",
            Self::Lines => "lines",
            Self::Silhouettes => "silhouettes",
            Self::Tree => "tree",
        };
        format!("picture {} of {}: {name}, v next", self as usize + 1, Self::ALL.len())
    }
}

/// The lines of a heat map that tells something.
const LEAST_HEAT: u16 = 4;

/// Segments by columns, in standard deviations from everyone.
pub fn heat(buf: &mut Buffer, area: Rect, segments: &Segments, (cursor, reading): (usize, &Reading), look: &Look) {
    let names: Vec<&str> = segments.effects.iter().map(|effect| effect.column.as_str()).collect();
    let columns: Vec<String> = names.iter().map(|name| text::clean(titles::plain(name))).collect();
    let mark = |segment: &Segment| format!("{} {}", look.glyph(segment.number), segment.number);
    let marks: Vec<(String, Style)> =
        segments.list.iter().map(|segment| (mark(segment), look.segment(segment.number))).collect();
    let rows: Vec<String> = segments.list.iter().map(|segment| segment.name.clone()).collect();
    let inner = below_title(buf, area, "difference from everyone, in standard deviations", look);
    let column = reading.mark.map(|(column, _)| column);
    let picture = Heat {
        marks: &marks,
        rows: &rows,
        columns: &columns,
        short: &titles::short(&names, 6),
        cursor: (Some(cursor), column),
        reads: column.is_some(),
        full: 1.5,
    };
    let left = |across: usize| match names.len() - across {
        0 => String::new(),
        left => format!("  Not shown: {} with less effect.", rows_here::columns(left)),
    };
    let words = |across: usize| format!("From half a standard deviation on it is called high or low.{}", left(across));
    // Room for the words below, on two lines where one is too short, if that leaves some for the segments.
    let foot = 1 + u16::try_from(text::wrap(&words(0), inner.width as usize).len()).unwrap_or(1);
    let foot = if inner.height < foot + LEAST_HEAT { 0 } else { foot };
    let room = Rect { height: inner.height.saturating_sub(foot), ..inner };
    let titles = heat::Layout::new(&picture, (room.width, room.height)).titles;
    let first = first_row(cursor, rows.len(), room.height.saturating_sub(titles) as usize);
    let at = |row: usize, column: usize| {
        segments.list[row].cells.get(column).map_or(f64::NAN, |cell| distance(&segments.effects[column], cell))
    };
    let (shown, across) = heat::draw(buf, room, &picture, (first, 0), at, look);
    reading.columns.set(across);
    let top = inner.y + titles + 1 + u16::try_from(shown).unwrap_or(0);
    for (line, y) in text::wrap(&words(across), inner.width as usize).iter().zip(top..inner.bottom()) {
        text::put(buf, inner.x, y, inner.width, line, look.dim());
    }
}

fn below_title(buf: &mut Buffer, area: Rect, title: &str, look: &Look) -> Rect {
    rule::titled(buf, area, title, look);
    Rect { x: area.x + 2, y: area.y + 1, width: area.width.saturating_sub(3), height: area.height.saturating_sub(1) }
}

/// The cells that a column of the line plot takes at least.
const KNOT: u16 = 9;

/// A line for each segment over the columns with the largest effect; that of the cursor on top.
pub fn lines(buf: &mut Buffer, area: Rect, segments: &Segments, cursor: usize, look: &Look) {
    let inner = below_title(buf, area, "each segment's means, in standard deviations from everyone", look);
    let count = segments.effects.len().min((inner.width.saturating_sub(6) / KNOT) as usize);
    if count == 0 || inner.height < 5 {
        return;
    }
    let full = full(segments);
    let picture = Rect { x: inner.x + 4, width: inner.width - 4 - KNOT / 2, height: inner.height - 1, ..inner };
    let y = Scale::linear(-full, full, picture.height as usize);
    draw_levels(buf, inner, picture, &y, look);
    let others = (0..segments.list.len()).filter(|&index| index != cursor);
    for index in others.chain([cursor]) {
        if let Some(segment) = segments.list.get(index) {
            draw_one(buf, picture, (segments, segment), count, &y, index == cursor, look);
        }
    }
    draw_names(buf, picture, segments, count, look);
}

fn draw_levels(buf: &mut Buffer, inner: Rect, picture: Rect, y: &Scale, look: &Look) {
    let mut levels = y.ticks(5);
    // Where two fall into one line, the one nearer to everyone's mean is named.
    levels.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
    let mut taken = Vec::new();
    for value in levels {
        let Some(row) = y.cell(value).filter(|row| !taken.contains(row)) else { continue };
        taken.push(row);
        let at = picture.bottom() - 1 - u16::try_from(row).unwrap_or(0);
        text::put(buf, inner.x, at, 3, &text::right(&number::tick(value, 1.0), 3), look.dim());
        let mark = if value == 0.0 { "─" } else { "┊" };
        let wide = if value == 0.0 { picture.width as usize } else { 1 };
        text::put(buf, picture.x, at, picture.width, &mark.repeat(wide), look.rule());
    }
}

fn draw_one(
    buf: &mut Buffer,
    picture: Rect,
    (segments, segment): (&Segments, &Segment),
    count: usize,
    y: &Scale,
    here: bool,
    look: &Look,
) {
    let values: Vec<f64> =
        segments.effects.iter().zip(&segment.cells).take(count).map(|(effect, cell)| distance(effect, cell)).collect();
    let wide = picture.width as usize;
    let style = look.segment(segment.number);
    if look.has_dots() {
        draw_dots(buf, picture, &values, y, (here, style), look);
    }
    let knots = line::knots(values.len(), wide);
    for (column, row) in line::rows(&values, wide, y).into_iter().enumerate() {
        let Some(row) = row else { continue };
        let sign = match column {
            column if knots.contains(&column) => look.glyph(segment.number),
            _ if look.has_dots() => continue,
            _ if here => "━",
            column if column % 2 == 0 => "·",
            _ => continue,
        };
        let at = (picture.x + u16::try_from(column).unwrap_or(0), picture.y + u16::try_from(row).unwrap_or(0));
        text::put(buf, at.0, at.1, 1, sign, style);
    }
}

/// The line in Braille dots: that of the segment that is read in full, the others dotted and below all else.
fn draw_dots(buf: &mut Buffer, picture: Rect, values: &[f64], y: &Scale, (here, style): (bool, Style), look: &Look) {
    let mut dots = Dots::new(picture, look);
    let ((columns, rows), (low, high)) = (dots.size(), y.domain());
    dots.line(line::rows(values, columns, &Scale::linear(low, high, rows)).into_iter(), true);
    let dots = if here { dots } else { dots.dotted() };
    for (position, sign) in dots.signs('·') {
        let under = &mut buf[position];
        if here || matches!(under.symbol(), " " | "─" | "┊") {
            under.set_char(sign).set_style(style);
        }
    }
}

fn draw_names(buf: &mut Buffer, picture: Rect, segments: &Segments, count: usize, look: &Look) {
    let names: Vec<&str> = segments.effects.iter().take(count).map(|effect| effect.column.as_str()).collect();
    let room = (picture.width as usize / count.max(2).saturating_sub(1)).saturating_sub(1).clamp(4, 16);
    let titles = titles::short(&names, room.min(KNOT as usize + 3));
    for (title, knot) in titles.iter().zip(line::knots(count, picture.width as usize)) {
        let wide = u16::try_from(text::width(title)).unwrap_or(0);
        let middle = picture.x + u16::try_from(knot).unwrap_or(0);
        let x = middle.saturating_sub(wide / 2).max(picture.x.saturating_sub(4));
        text::put(
            buf,
            x.min(picture.right() + KNOT / 2 - wide.min(KNOT / 2)),
            picture.bottom(),
            wide,
            title,
            look.dim(),
        );
    }
}

/// How well each customer lies in the segment; that of the cursor stands out.
pub fn silhouettes(
    buf: &mut Buffer,
    area: Rect,
    world: &World,
    ((cursor, reading), sorted): ((usize, &Reading), &Sorted),
    look: &Look,
) {
    let run = world.run_id().and_then(|id| world.study.as_ref()?.run(id));
    let found = run.and_then(|run| Some((world.silhouettes.get(&run.id)?, run)));
    let Some((values, run)) = found else { return waiting(buf, area, "silhouettes", look) };
    let plot = sorted.get(world, values, &run.labels);
    let inner = below_title(buf, area, &silhouettes::head(&plot), look);
    let only = u32::try_from(cursor + 1).ok().filter(|_| reading.mark.is_none());
    silhouettes::draw(buf, inner, &plot, (only, reading.mark), look);
}

/// The tree with its cut.
pub fn tree(buf: &mut Buffer, area: Rect, world: &World, (cut, reading): (usize, &Reading), look: &Look) {
    let Some(dendrogram) = &world.dendrogram else { return waiting(buf, area, "the tree of merges", look) };
    let inner = below_title(buf, area, &tree::head(world, dendrogram, cut), look);
    tree::draw(buf, inner, (world, dendrogram), (cut, &reading.tree, reading.mark), look);
}

fn waiting(buf: &mut Buffer, area: Rect, what: &str, look: &Look) {
    let inner = below_title(buf, area, what, look);
    text::put(buf, inner.x + 1, inner.y, inner.width.saturating_sub(1), "being computed …", look.dim());
}
