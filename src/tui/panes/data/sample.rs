//! The first rows, as proof that the file was read rightly; and how a row of the table is written.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::plot::number;
use crate::table::{Field, Kind, Role};
use crate::tui::look::Look;
use crate::tui::widgets::table::{self, Cell, Column};
use crate::tui::widgets::{rule, text};
use crate::tui::world::World;

/// The widest that a column of rows may be.
const WIDEST: usize = 24;

/// Draws the first rows, the column under the cursor among the columns.
pub fn draw(buf: &mut Buffer, area: Rect, world: &World, column: usize, look: &Look) {
    if area.height < 2 {
        return;
    }
    rule::with_hint(buf, area, "rows", "r the whole table", look);
    let inside = Rect { x: area.x + 2, y: area.y + 1, width: area.width.saturating_sub(3), height: area.height - 1 };
    let rows = 0..row_count(world).min(inside.height.saturating_sub(1) as usize);
    let left = left_for(world, column, rows.clone(), inside.width);
    page(buf, inside, world, left, rows, look);
}

/// The first column to show so that `column` is in sight.
fn left_for(world: &World, column: usize, rows: std::ops::Range<usize>, width: u16) -> usize {
    let mut left = 0;
    while left < column && column >= left + fitting(world, left, rows.clone(), width).len() {
        left += 1;
    }
    left
}

/// How many rows can be shown.
pub fn row_count(world: &World) -> usize {
    match (&world.table, &world.preview) {
        (Some(table), _) => table.rows,
        (None, Some(preview)) => preview.rows.len(),
        (None, None) => 0,
    }
}

/// How many columns there are.
pub fn column_count(world: &World) -> usize {
    super::columns::names(world).count()
}

/// The columns that fit from `left` on, as wide as their header and these rows ask for.
fn fitting(world: &World, left: usize, rows: std::ops::Range<usize>, width: u16) -> Vec<Column> {
    let (mut columns, mut used) = (Vec::new(), 0);
    for index in left..column_count(world) {
        let name = super::columns::names(world).nth(index).unwrap_or_default();
        let widest = rows.clone().map(|row| text::width(&shown(world, row, index))).max().unwrap_or(0);
        let cells = widest.max(text::width(name)).clamp(1, WIDEST) as u16;
        if used + cells > width && !columns.is_empty() {
            break;
        }
        used += cells + 2;
        let column = if is_number(world, index) { Column::right(name, cells) } else { Column::left(name, cells) };
        columns.push(column.gap(if columns.is_empty() { 0 } else { 2 }));
    }
    columns
}

/// Draws a header and these rows, the columns from `left` on; returns how many columns stand there.
pub fn page(
    buf: &mut Buffer,
    area: Rect,
    world: &World,
    left: usize,
    rows: std::ops::Range<usize>,
    look: &Look,
) -> usize {
    let columns = fitting(world, left, rows.clone(), area.width);
    table::header(buf, area, &columns, look.dim());
    for (row, y) in rows.zip(area.y + 1..area.bottom()) {
        let cell = |at: usize| Cell::new(shown(world, row, left + at), look.text());
        let cells: Vec<Cell> = (0..columns.len()).map(cell).collect();
        table::row(buf, Rect { y, height: 1, ..area }, &columns, &cells);
    }
    columns.len()
}

fn is_number(world: &World, column: usize) -> bool {
    let field = world.table.as_ref().and_then(|table| table.fields.get(column));
    field.is_some_and(|field| matches!(field.kind, Kind::Whole | Kind::Number | Kind::Year))
}

/// One value as it stands in the row.
fn shown(world: &World, row: usize, column: usize) -> String {
    match (&world.table, &world.preview) {
        (Some(table), _) => {
            table.fields.get(column).map(|field| world.shown(field, written(field, row))).unwrap_or_default()
        }
        (None, Some(preview)) if world.shows_personal => preview.text(row, column).to_owned(),
        (None, Some(preview)) => preview.discreet(row, column),
        (None, None) => String::new(),
    }
}

/// A value as its column writes it; `–` where there is none.
pub fn written(field: &Field, row: usize) -> String {
    if field.column.values.is_missing(row) {
        return number::NONE.to_owned();
    }
    if let Some(text) = field.column.values.text() {
        return text.get(row).unwrap_or_default().to_owned();
    }
    let value = field.column.values.numbers().map_or(f64::NAN, |numbers| numbers[row]);
    match (field.kind, &field.yes_no, &field.date_format) {
        (Kind::Date, _, format) => date(value, format.as_deref().unwrap_or("%Y-%m-%d")),
        (Kind::YesNo, Some((no, yes)), _) => if value > 0.5 { yes } else { no }.clone(),
        (Kind::Year | Kind::YesNo, ..) => format!("{value}"),
        _ if field.role == Role::Id => format!("{value}"),
        _ => exact(value),
    }
}

fn date(seconds: f64, format: &str) -> String {
    let time = chrono::DateTime::from_timestamp(seconds as i64, 0);
    time.map_or_else(|| number::NONE.to_owned(), |time| time.format(format).to_string())
}

/// Every digit that the number has, thousands set off.
fn exact(value: f64) -> String {
    let text = format!("{value}");
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    if decimals > 10 { number::short(value) } else { number::fixed(value, decimals) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_in_full() {
        assert_eq!(exact(58_138.0), "58,138");
        assert_eq!(exact(51_381.5), "51,381.5");
        assert_eq!(exact(-0.25), "-0.25");
        assert_eq!(date(1_346_716_800.0, "%d-%m-%Y"), "04-09-2012");
    }
}
