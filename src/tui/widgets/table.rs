//! Tables with aligned columns.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::text;

/// On which side the text of a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Texts.
    Left,
    /// Numbers.
    Right,
}

/// A column: its title, the cells it takes, and the blanks before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The title.
    pub title: String,
    /// The cells.
    pub width: u16,
    /// The side.
    pub align: Align,
    /// The blanks before it.
    pub gap: u16,
}

impl Column {
    /// A column of texts.
    pub fn left(title: impl Into<String>, width: u16) -> Self {
        Self { title: title.into(), width, align: Align::Left, gap: 1 }
    }

    /// A column of numbers.
    pub fn right(title: impl Into<String>, width: u16) -> Self {
        Self { title: title.into(), width, align: Align::Right, gap: 1 }
    }

    /// With other blanks before it.
    #[must_use]
    pub fn gap(self, gap: u16) -> Self {
        Self { gap, ..self }
    }
}

/// What stands in a column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// The text.
    pub text: String,
    /// Its style.
    pub style: Style,
}

impl Cell {
    /// A text with a style.
    pub fn new(text: impl Into<String>, style: Style) -> Self {
        Self { text: text.into(), style }
    }
}

/// The cells that columns take together.
pub fn width(columns: &[Column]) -> u16 {
    columns.iter().map(|column| column.gap + column.width).sum()
}

/// Writes the titles on the first line of `area`; where columns have no room `…` ends it.
pub fn header(buf: &mut Buffer, area: Rect, columns: &[Column], style: Style) {
    let cells: Vec<Cell> = columns.iter().map(|column| Cell::new(column.title.clone(), style)).collect();
    row(buf, area, columns, &cells);
    if fitting(columns, area.width) < columns.len() && area.width > 0 {
        text::put(buf, area.right() - 1, area.y, 1, "…", style);
    }
}

/// The least cells that a column of texts is worth showing in.
const LEAST: u16 = 4;

/// How many of the columns have room: all, or those that leave a cell for `…`.
fn fitting(columns: &[Column], cells: u16) -> usize {
    if width(columns) <= cells {
        return columns.len();
    }
    let mut end = 0;
    let has_room = |column: &&Column| {
        let from = end + column.gap;
        end = from + column.width;
        let least = if column.align == Align::Left { column.width.min(LEAST) } else { column.width };
        from + least + 2 <= cells
    };
    columns.iter().take_while(has_room).count()
}

/// Writes cells on the first line of `area`, each within its column; those of columns without room are left out.
pub fn row(buf: &mut Buffer, area: Rect, columns: &[Column], cells: &[Cell]) {
    let mut x = area.x;
    let shown = fitting(columns, area.width);
    // The last cell is that of the `…`.
    let end = if shown < columns.len() { area.right().saturating_sub(2) } else { area.right() };
    for (column, cell) in columns.iter().zip(cells).take(shown) {
        x = x.saturating_add(column.gap);
        let room = column.width.min(end.saturating_sub(x));
        let fitted = match column.align {
            Align::Left => text::fit(&cell.text, room as usize),
            Align::Right => text::right(&cell.text, room as usize),
        };
        text::put(buf, x, area.y, room, &fitted, cell.style);
        x = x.saturating_add(column.width);
    }
}

/// The first of `count` rows to show in `room` lines, so that `cursor` is among them and as near the middle as the
/// ends allow.
pub fn first_row(cursor: usize, count: usize, room: usize) -> usize {
    cursor.saturating_sub(room / 2).min(count.saturating_sub(room))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stay_aligned() {
        let columns = [Column::left("name", 5).gap(0), Column::right("n", 4)];
        let mut buf = Buffer::empty(Rect::new(0, 0, 11, 2));
        header(&mut buf, Rect::new(0, 0, 11, 1), &columns, Style::default());
        let cells = [Cell::new("顧客分析", Style::default()), Cell::new("12", Style::default())];
        row(&mut buf, Rect::new(0, 1, 11, 1), &columns, &cells);
        assert_eq!(buf, Buffer::with_lines(["name     n ", "顧客…   12 "]));
        assert_eq!(width(&columns), 10);
    }

    #[test]
    fn a_column_without_room_is_left_out_whole_and_the_titles_say_so() {
        let columns = [Column::left("name", 5).gap(0), Column::right("seg", 4), Column::right("WCSS", 6)];
        let drawn = |cells: u16| {
            let mut buf = Buffer::empty(Rect::new(0, 0, cells, 2));
            header(&mut buf, Rect::new(0, 0, cells, 1), &columns, Style::default());
            let figures = ["k-means", "12", "65,568"].map(|text| Cell::new(text, Style::default()));
            row(&mut buf, Rect::new(0, 1, cells, 1), &columns, &figures);
            let line = |y| (0..cells).map(|x| buf[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
            [line(0), line(1)]
        };
        assert_eq!(drawn(17), ["name   seg   WCSS", "k-me…   12 65,568"]);
        assert_eq!(drawn(16), ["name   seg     …", "k-me…   12"]);
        assert_eq!(drawn(10), ["name     …", "k-me…"]);
        assert_eq!(drawn(6), ["name …", "k-m…"]);
    }

    #[test]
    fn the_cursor_stays_in_sight() {
        assert_eq!(first_row(0, 100, 10), 0);
        assert_eq!(first_row(50, 100, 10), 45);
        assert_eq!(first_row(99, 100, 10), 90);
        assert_eq!(first_row(3, 5, 10), 0);
    }
}
