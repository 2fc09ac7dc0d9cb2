//! The first rows, as proof that the file was read rightly; and how a row of the table is written.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::sheet::{self, Columns};
use crate::plot::number;
use crate::table::{Field, Kind, Role};
use crate::tui::look::Look;
use crate::tui::widgets::rule;
use crate::tui::world::World;

/// Draws the first rows, the column under the cursor among the columns.
pub fn draw(buf: &mut Buffer, area: Rect, world: &World, column: usize, look: &Look) {
    if area.height < 2 {
        return;
    }
    let title = if world.looked.is_some() { "rows that are looked at" } else { "rows" };
    rule::with_hint(buf, area, title, "r the whole table", look);
    let inside = Rect { x: area.x + 2, y: area.y + 1, width: area.width.saturating_sub(3), height: area.height - 1 };
    let room = inside.height.saturating_sub(1) as usize;
    let rows: Vec<usize> = match &world.looked {
        Some(looked) => looked.rows.iter().take(room).map(|&row| row as usize).collect(),
        None => (0..row_count(world).min(room)).collect(),
    };
    let columns = Columns { left: left_for(world, column, &rows, inside.width), ..Columns::default() };
    sheet::draw(buf, inside, world, (&columns, None), &rows, look);
}

/// The first column to show so that `column` is in sight.
fn left_for(world: &World, column: usize, rows: &[usize], width: u16) -> usize {
    let mut left = 0;
    while left < column && column >= left + sheet::count(world, left, rows, width) {
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

/// Whether a column's values stand at the right.
pub fn is_number(world: &World, column: usize) -> bool {
    let field = world.table.as_ref().and_then(|table| table.fields.get(column));
    field.is_some_and(|field| matches!(field.kind, Kind::Whole | Kind::Number | Kind::Year))
}

/// One value as it stands in the row.
pub fn shown(world: &World, row: usize, column: usize) -> String {
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
