//! Heat maps with their numbers: the colour helps, the number says it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::text;
use crate::plot::number;
use crate::tui::look::Look;

/// What a heat map shows.
#[derive(Debug, Clone, Copy)]
pub struct Heat<'a> {
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

/// The cells that a column takes at least, with the blank before it.
const WIDE: u16 = 7;
/// The lines from which on titles may take two.
const TALL: u16 = 8;

/// Where the parts of a heat map stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// The cells of the names of the rows.
    names: u16,
    /// The cells of each column.
    each: u16,
    /// The columns that have room.
    pub columns: usize,
    /// The lines of the titles.
    pub titles: u16,
}

impl Layout {
    /// In an area of this size: the titles get the room that there is.
    pub fn new(heat: &Heat, (width, height): (u16, u16)) -> Self {
        let names = names_width(heat.rows, width / 3);
        let room = width.saturating_sub(names);
        let columns = ((room / WIDE) as usize).min(heat.columns.len());
        let longest = heat.columns.iter().map(|title| text::width(title)).max().unwrap_or(0);
        let longest = u16::try_from(longest + 1).unwrap_or(u16::MAX).max(WIDE);
        let share = room / u16::try_from(columns).unwrap_or(u16::MAX).max(1);
        let is_tall = height >= TALL || heat.rows.len() + 2 <= height as usize;
        let titles = if longest > share && is_tall { 2 } else { 1 };
        // Titles of two lines are no wider than they need.
        let wanted = if titles == 2 { longest / 2 + 3 } else { longest };
        let each = share.min(wanted.max(WIDE));
        // What the columns do not need goes to longer names.
        let taken = each.saturating_mul(u16::try_from(columns).unwrap_or(u16::MAX));
        let names = names_width(heat.rows, names.max(width.saturating_sub(taken)));
        Self { names, each, columns, titles }
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
    let columns = layout.columns.min(heat.columns.len() - first.1);
    let rows = (area.height.saturating_sub(layout.titles) as usize).min(heat.rows.len() - first.0);
    for column in 0..columns {
        let index = first.1 + column;
        let style = if heat.cursor.1 == Some(index) { look.strong() } else { look.dim() };
        let cells = layout.each as usize - 1;
        let lines = match layout.titles {
            2 => stacked(&heat.columns[index], &heat.short[index], cells),
            _ if text::width(&heat.columns[index]) > cells => vec![heat.short[index].clone()],
            _ => vec![heat.columns[index].clone()],
        };
        // What takes one line stands at the figures.
        let top = area.y + layout.titles - u16::try_from(lines.len()).unwrap_or(1).min(layout.titles);
        for (line, y) in lines.iter().zip(top..) {
            text::put(buf, at(area, layout, column) + 1, y, layout.each - 1, &text::right(line, cells), style);
        }
    }
    for row in 0..rows {
        let (y, index) = (area.y + layout.titles + u16::try_from(row).unwrap_or(0), first.0 + row);
        let style = if heat.cursor.0 == Some(index) { look.strong() } else { look.text() };
        text::put(buf, area.x, y, layout.names - 1, &heat.rows[index], style);
        for column in 0..columns {
            let x = at(area, layout, column);
            cell(buf, Rect::new(x, y, layout.each, 1), value(index, first.1 + column), heat.full, look);
            if heat.reads && heat.cursor == (Some(index), Some(first.1 + column)) {
                buf.set_style(
                    Rect::new(x + 1, y, layout.each - 1, 1),
                    look.key().add_modifier(Modifier::REVERSED | Modifier::UNDERLINED),
                );
            }
        }
    }
    (rows, columns)
}

fn at(area: Rect, layout: Layout, column: usize) -> u16 {
    area.x + layout.names + u16::try_from(column).unwrap_or(0) * layout.each
}

fn names_width(rows: &[String], most: u16) -> u16 {
    let longest = rows.iter().map(|name| text::width(name)).max().unwrap_or(0);
    u16::try_from(longest + 1).unwrap_or(u16::MAX).min(most).max(2)
}

fn cell(buf: &mut Buffer, area: Rect, value: f64, full: f64, look: &Look) {
    let style = if value.is_nan() { look.dim() } else { look.heat((value / full).clamp(-1.0, 1.0)) };
    text::put(buf, area.x, area.y, area.width, &text::right(&number::ratio(value, 2), area.width as usize), style);
}

/// A title in at most two lines of so many cells: whole where it can be, else its shorter form, else broken anywhere.
fn stacked(title: &str, short: &str, cells: usize) -> Vec<String> {
    let title = text::clean(title);
    if text::width(&title) <= cells || cells < 4 {
        return vec![text::fit(&title, cells)];
    }
    let fits = |at: &usize| text::width(title[..*at].trim_end()) <= cells;
    let parted = |at: usize| [title[..at].trim_end().to_owned(), title[at..].trim_start().to_owned()];
    let between = breaks(&title).filter(fits).last().map(parted);
    let ends = title.char_indices().map(|(at, _)| at).skip(1);
    let anywhere = ends.filter(|at| text::width(&title[..*at]) < cells).last().map(parted);
    let anywhere = anywhere.map(|[before, behind]| [format!("{before}-"), behind]);
    let is_whole = |lines: &[String; 2]| text::width(&lines[1]) <= cells;
    let lines = match (between, anywhere) {
        (Some(lines), _) if is_whole(&lines) => lines,
        _ if text::width(short) <= cells && !short.ends_with('…') => return vec![short.to_owned()],
        (_, Some(lines)) if is_whole(&lines) => lines,
        (Some(lines), _) | (None, Some(lines)) => lines,
        (None, None) => return vec![text::fit(&title, cells)],
    };
    lines.map(|line| text::fit(&line, cells)).to_vec()
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
        let heat =
            Heat { rows: &names, columns: &columns, short: &columns, cursor: (None, None), reads: false, full: 1.0 };
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
            "                income spending score",
            "income                    1.00           -.44",
            "spending score            -.44           1.00",
        ];
        assert_eq!(drawn(&["income", "spending score"], (60, 3)).len(), 3);
        assert_eq!(drawn(&["income", "spending score"], (46, 3))[1..], rows[1..]);
    }

    #[test]
    fn titles_take_the_room_there_is_before_they_are_cut() {
        let names = ["Mnt_Wines", "Teenhome", "age"];
        assert_eq!(drawn(&names, (80, 9))[0], "                Mnt_Wines  Teenhome       age");
        assert_eq!(
            drawn(&names, (36, 9))[..2],
            ["                Mnt_ Teenho-", "               Wines      me     age"]
        );
        assert_eq!(stacked("spending_score", "score", 6), ["score"], "a word is better than a part of two");
        assert_eq!(stacked("channel", "chann…", 6), ["chann-", "el"]);
        assert_eq!(stacked("NumCatalogPurchases", "NumCa…", 9), ["Num", "CatalogP…"]);
        assert_eq!(drawn(&names, (36, 3))[0], "             Mnt_Wi… Teenho…     age");
    }
}
