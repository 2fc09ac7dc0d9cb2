//! Heat maps with their numbers: the colour helps, the number says it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::text;
use crate::plot::number;
use crate::tui::look::Look;

/// What a heat map shows.
#[derive(Debug, Clone, Copy)]
pub struct Heat<'a> {
    /// What stands before the names of the rows; alone where these have no room. May be empty.
    pub marks: &'a [(String, Style)],
    /// The names of the rows.
    pub rows: &'a [String],
    /// The names of the columns.
    pub columns: &'a [String],
    /// Shorter ones, for little room.
    pub short: &'a [String],
    /// The row and column under the cursor.
    pub cursor: (Option<usize>, Option<usize>),
    /// Whether the cell where they meet is read.
    pub reads: bool,
    /// The value at which the colour is full.
    pub full: f64,
}

/// The cells of the widest value: `-1.00`.
const VALUE: usize = 5;
/// The cells that a title is given at most where not all columns have room.
const TITLE: usize = 11;
/// The lines that titles take at most where the map is tall.
const TITLES: u16 = 3;
/// The lines from which on titles may take several.
const TALL: u16 = 8;
/// The cells that columns are set apart by at most.
const APART: u16 = 3;

/// Where the parts of a heat map stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The cells of the marks, and of the names of the rows.
    marks: u16,
    names: u16,
    /// The cells of each column, the blanks before it included.
    each: Vec<u16>,
    /// The cells of all columns that are shown.
    room: u16,
    /// The lines of the titles.
    pub titles: u16,
}

impl Layout {
    /// In an area of this size: the titles get the room that there is.
    pub fn new(heat: &Heat, (width, height): (u16, u16)) -> Self {
        let marks = heat.marks.iter().map(|(mark, _)| cells(mark) + 1).max().unwrap_or(0);
        let longest = heat.rows.iter().map(|name| cells(name) + 1).max().unwrap_or(0);
        let some = if marks > 0 { 0 } else { longest.min(width / 3).max(2) };
        let rows = u16::try_from(heat.rows.len()).unwrap_or(u16::MAX);
        let most = if height >= TALL { TITLES } else { height.saturating_sub(rows).clamp(1, TITLES) };
        let in_lines = |lines: u16, most: usize| -> Vec<u16> {
            heat.columns.iter().map(|title| wide(title, lines, most)).collect()
        };
        let whole = |names: u16, lines: u16| {
            let each = in_lines(lines, usize::from(width));
            (each.iter().fold(marks + names, |sum, cells| sum.saturating_add(*cells)) <= width).then_some((lines, each))
        };
        let find = |names: u16| (1..=most).find_map(|lines| whole(names, lines));
        let found = find(longest).or_else(|| find(some));
        let (titles, mut each) = found.unwrap_or_else(|| (most, in_lines(most, TITLE)));
        let taken: u16 = each.iter().sum();
        // Whole names, or none where marks stand for them.
        let left = width.saturating_sub(marks + taken);
        let names = match longest <= left.max(width / 3) {
            true => longest,
            false if marks > 0 => 0,
            false => longest.min(left).max(some),
        };
        let room = width.saturating_sub(marks + names);
        let apart = room.saturating_sub(taken) / u16::try_from(each.len()).unwrap_or(u16::MAX).max(1);
        each.iter_mut().for_each(|cells| *cells += apart.min(APART));
        Self { marks, names, each, room, titles }
    }

    /// The columns that have room, from `first` on.
    fn columns(&self, first: usize) -> usize {
        let mut left = self.room;
        let fits = |cells: &&u16| {
            let fits = **cells <= left;
            left = left.saturating_sub(**cells);
            fits
        };
        self.each[first..].iter().take_while(fits).count()
    }

    /// The first column to show, so that `cursor` is among them and as near the middle as the ends allow.
    pub fn first(&self, cursor: usize) -> usize {
        let (mut first, mut last) = (cursor, cursor);
        let taken = |first: usize, last: usize| self.each.get(first..=last).map(|each| each.iter().sum::<u16>());
        let fits = |first: usize, last: usize| taken(first, last).is_some_and(|taken| taken <= self.room);
        loop {
            let before = (first, last);
            if fits(first, last + 1) {
                last += 1;
            }
            if first > 0 && fits(first - 1, last) {
                first -= 1;
            }
            if before == (first, last) {
                return first;
            }
        }
    }

    /// Where a column begins, `first` being the first that is shown.
    fn at(&self, area: Rect, first: usize, column: usize) -> u16 {
        area.x + self.marks + self.names + self.each[first..column].iter().sum::<u16>()
    }
}

/// Draws the rows and columns from `first` on that fit; returns how many of each were drawn.
pub fn draw(
    buf: &mut Buffer,
    area: Rect,
    heat: &Heat,
    first: (usize, usize),
    value: impl Fn(usize, usize) -> f64,
    look: &Look,
) -> (usize, usize) {
    let layout = Layout::new(heat, (area.width, area.height));
    let columns = layout.columns(first.1);
    let rows = (area.height.saturating_sub(layout.titles) as usize).min(heat.rows.len() - first.0);
    for column in first.1..first.1 + columns {
        let style = if heat.cursor.1 == Some(column) { look.strong() } else { look.dim() };
        let (x, cells) = (layout.at(area, first.1, column), layout.each[column] as usize - 1);
        let lines = stacked(&heat.columns[column], &heat.short[column], cells, layout.titles as usize);
        // What takes fewer lines stands at the figures.
        let top = area.y + layout.titles - u16::try_from(lines.len()).unwrap_or(1).min(layout.titles);
        for (line, y) in lines.iter().zip(top..) {
            text::put(buf, x + 1, y, layout.each[column] - 1, &text::right(line, cells), style);
        }
    }
    for (row, y) in (first.0..first.0 + rows).zip(area.y + layout.titles..) {
        draw_name(buf, (area.x, y), heat, row, &layout, look);
        for column in first.1..first.1 + columns {
            let x = layout.at(area, first.1, column);
            cell(buf, Rect::new(x, y, layout.each[column], 1), value(row, column), heat.full, look);
            if heat.reads && heat.cursor == (Some(row), Some(column)) {
                buf.set_style(
                    Rect::new(x + 1, y, layout.each[column] - 1, 1),
                    look.key().add_modifier(Modifier::REVERSED | Modifier::UNDERLINED),
                );
            }
        }
    }
    (rows, columns)
}

fn draw_name(buf: &mut Buffer, (x, y): (u16, u16), heat: &Heat, row: usize, layout: &Layout, look: &Look) {
    let style = if heat.cursor.0 == Some(row) { look.strong() } else { look.text() };
    if let Some((mark, own)) = heat.marks.get(row) {
        text::put(buf, x, y, layout.marks - 1, mark, *own);
    }
    text::put(buf, x + layout.marks, y, layout.names.saturating_sub(1), &heat.rows[row], style);
}

fn cells(words: &str) -> u16 {
    u16::try_from(text::width(words)).unwrap_or(u16::MAX)
}

fn cell(buf: &mut Buffer, area: Rect, value: f64, full: f64, look: &Look) {
    let style = if value.is_nan() { look.dim() } else { look.heat((value / full).clamp(-1.0, 1.0)) };
    text::put(buf, area.x, area.y, area.width, &text::right(&number::ratio(value, 2), area.width as usize), style);
}

/// The cells, `most` of them at most, of a column whose title takes so many lines, with the blank before it.
fn wide(title: &str, lines: u16, most: usize) -> u16 {
    let title = text::clean(title);
    let whole = |cells: &usize| parted(&title, *cells).is_some_and(|parts| parts.len() <= lines as usize);
    let cells = (VALUE..most).find(whole).unwrap_or(most);
    u16::try_from(cells + 1).unwrap_or(u16::MAX)
}

/// A title in at most so many lines of so many cells: whole where it can be, else its shorter form, else cut.
fn stacked(title: &str, short: &str, cells: usize, lines: usize) -> Vec<String> {
    let title = text::clean(title);
    let parts = parted(&title, cells).filter(|parts| parts.len() <= lines);
    let short = || if text::width(short) <= cells && !short.ends_with('…') { short } else { &title };
    parts.unwrap_or_else(|| vec![text::fit(short(), cells)])
}

/// A title in lines of so many cells, parted where its words meet; none where a word is longer.
fn parted(title: &str, cells: usize) -> Option<Vec<String>> {
    let ends: Vec<usize> = breaks(title).chain([title.len()]).collect();
    let (mut lines, mut from, mut to) = (Vec::new(), 0, 0);
    let fits = |from: usize, to: usize| text::width(title[from..to].trim()) <= cells;
    for end in ends {
        if !fits(from, end) {
            lines.push(title[from..to].trim().to_owned());
            from = to;
        }
        to = end;
        if !fits(from, to) {
            return None;
        }
    }
    lines.push(title[from..].trim().to_owned());
    lines.retain(|line| !line.is_empty());
    Some(lines)
}

/// Where a title can be broken: behind a blank or a sign, before a capital that follows a small letter.
fn breaks(title: &str) -> impl Iterator<Item = usize> + '_ {
    let behind = |before: char, after: char| {
        matches!(before, ' ' | '_' | '.' | '-' | '/') && !matches!(after, ' ')
            || before.is_lowercase() && after.is_uppercase()
    };
    title
        .char_indices()
        .zip(title.chars().skip(1))
        .filter(move |((_, before), after)| behind(*before, *after))
        .map(|((at, before), _)| at + before.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(columns: &[&str], (width, height): (u16, u16)) -> Vec<String> {
        let columns: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
        let names = ["income".to_owned(), "spending score".to_owned()];
        let heat = Heat {
            marks: &[],
            rows: &names,
            columns: &columns,
            short: &columns,
            cursor: (None, None),
            reads: false,
            full: 1.0,
        };
        let area = Rect::new(0, 0, width, height);
        let mut buf = Buffer::empty(area);
        let value = |row: usize, column: usize| if row == column { 1.0 } else { -0.44 };
        draw(&mut buf, area, &heat, (0, 0), value, &Look::default());
        let line = |y| (0..width).map(|x| buf[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
        (0..height).map(line).take_while(|line| !line.is_empty()).collect()
    }

    #[test]
    fn numbers_stand_under_their_column() {
        let rows = [
            "                   income    spending score",
            "income               1.00              -.44",
            "spending score       -.44              1.00",
        ];
        assert_eq!(drawn(&["income", "spending score"], (46, 3)), rows);
    }

    #[test]
    fn titles_take_the_room_there_is_before_they_are_cut() {
        let names = ["Mnt_Wines", "Teenhome", "age"];
        assert_eq!(drawn(&names, (80, 9))[0].split_whitespace().collect::<Vec<_>>(), names);
        assert_eq!(drawn(&names, (34, 9))[..2], ["               Mnt_", "              Wines Teenhome   age"]);
        assert_eq!(parted("NumWebVisitsMonth", 6), Some(vec!["NumWeb".into(), "Visits".into(), "Month".into()]));
        assert_eq!((parted("channel", 6), wide("channel", 1, TITLE)), (None, 8));
        assert_eq!(stacked("spending_score", "score", 6, 3), ["score"], "a word is better than a part of two");
        assert_eq!(stacked("unpronounceable", "unpro…", 6, 3), ["unpro…"]);
    }

    #[test]
    fn marks_stand_alone_where_names_would_be_cut() {
        let style = Style::default();
        let (marks, rows) = ([("● 1".to_owned(), style)], ["High income, high spending".to_owned()]);
        let columns = ["income".to_owned(), "age".to_owned()];
        let heat = Heat {
            marks: &marks,
            rows: &rows,
            columns: &columns,
            short: &columns,
            cursor: (None, None),
            reads: false,
            full: 1.0,
        };
        let names = |width| Layout::new(&heat, (width, 9)).names;
        assert_eq!((names(60), names(45), names(40)), (27, 27, 0));
    }

    #[test]
    fn the_cursors_column_is_in_sight() {
        let layout = Layout { marks: 0, names: 0, each: vec![6, 10, 6, 8, 6], room: 24, titles: 1 };
        for cursor in 0..5 {
            let first = layout.first(cursor);
            assert!((first..first + layout.columns(first)).contains(&cursor), "{cursor}");
        }
        assert_eq!((layout.first(0), layout.first(4)), (0, 2));
    }
}
