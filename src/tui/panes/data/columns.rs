//! The columns of the file, one a line.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::note;
use crate::explore::Summary;
use crate::plot::{bars, number};
use crate::table::{Field, Kind, Preview, Role};
use crate::tui::look::Look;
use crate::tui::panes::parts::{self, titles, value};
use crate::tui::spoken;
use crate::tui::widgets::table::{self, Cell, Column, first_row};
use crate::tui::widgets::text;
use crate::tui::world::World;

/// The cells of a sparkline; up to two of them go to a long name where there is little room.
const SPREAD: u16 = 10;
/// Where the sparkline stands among the columns.
const SPREAD_AT: usize = 5;
/// From here on there is room for the typical value and the reason of the role.
const WIDE: u16 = 110;

/// The columns' names, as far as they are known.
pub fn names(world: &World) -> Box<dyn Iterator<Item = &str> + '_> {
    match (&world.table, &world.preview) {
        (Some(table), _) => Box::new(table.fields.iter().map(Field::name)),
        (None, Some(preview)) => Box::new(preview.columns.iter().map(String::as_str)),
        (None, None) => Box::new(std::iter::empty()),
    }
}

/// The role of a column: the recipe's word goes before the proposal.
pub fn role(world: &World, name: &str) -> Role {
    match &world.recipe {
        Some(recipe) => recipe.role(name),
        None => world.table.as_ref().and_then(|table| table.field(name)).map_or(Role::Ignore, |field| field.role),
    }
}

/// The cells of the two columns of counts.
const GAPS: u16 = 5;
const VALUES: u16 = 7;

/// A count in full, or with a unit where it is longer than its column.
fn count(count: usize, cells: u16) -> String {
    let whole = number::whole(count);
    if whole.len() <= cells as usize { whole } else { number::within(count as f64, cells as usize) }
}

/// The columns of the list; `longest` are the cells of the longest name.
fn layout(width: u16, longest: u16) -> Vec<Column> {
    let wide = width >= WIDE;
    let name = if wide { longest.clamp(20, 32) } else { longest.clamp(15, 18).min(width.saturating_sub(4)) };
    let spread = if wide { SPREAD } else { SPREAD - name.saturating_sub(15).min(2) };
    let mut columns = vec![
        Column::left("column", name).gap(3),
        Column::left("role", 10),
        Column::left("type", 6),
        Column::right("gaps", GAPS),
        Column::right("values", VALUES).gap(0),
        Column::left("spread", spread).gap(2),
    ];
    if wide {
        columns.push(Column::right("typical", 12));
    }
    let used = table::width(&columns) + 2;
    let rest = width.saturating_sub(used + 1);
    if wide {
        columns.push(Column::left("note", 16).gap(2));
        columns.push(Column::left("why this role", rest.saturating_sub(18)).gap(2));
    } else {
        columns.push(Column::left("note", rest).gap(2));
    }
    columns
}

/// Draws the header and as many columns as fit, the one under the cursor among them.
pub fn draw(buf: &mut Buffer, area: Rect, world: &World, cursor: usize, look: &Look) {
    if area.height == 0 {
        return;
    }
    let longest = names(world).map(text::width).max().unwrap_or(0);
    let columns = layout(area.width, u16::try_from(longest).unwrap_or(u16::MAX));
    match (&world.table, &world.preview) {
        (Some(table), _) => {
            table::header(buf, area, &columns, look.dim());
            let first = first(area, table.fields.len(), cursor);
            for ((index, field), y) in table.fields.iter().enumerate().skip(first).zip(area.y + 1..area.bottom()) {
                line(buf, Rect { y, height: 1, ..area }, &columns, world, field, index == cursor, look);
            }
        }
        (None, Some(preview)) => draw_preview(buf, area, preview, cursor, look),
        (None, None) => {}
    }
}

fn first(area: Rect, count: usize, cursor: usize) -> usize {
    first_row(cursor, count, area.height.saturating_sub(1) as usize)
}

fn line(buf: &mut Buffer, area: Rect, columns: &[Column], world: &World, field: &Field, here: bool, look: &Look) {
    let role = role(world, field.name());
    let used = !matches!(role, Role::Id | Role::Consent | Role::Ignore);
    let style = if used { look.text() } else { look.dim() };
    if here {
        text::put(buf, area.x + 1, area.y, 1, "▸", look.cursor());
    }
    let mut cells = cells(columns, world, field, role, style, look);
    if here {
        cells[0].style = parts::cursor(look);
    }
    table::row(buf, area, columns, &cells);
}

fn cells(columns: &[Column], world: &World, field: &Field, role: Role, style: Style, look: &Look) -> Vec<Cell> {
    let summary = summary(world, field.name());
    let (note, wants) = note::of(world, field, summary);
    let gaps = if field.missing == 0 { number::NONE.to_owned() } else { count(field.missing, GAPS) };
    let spread = summary.map(|summary| spread(summary, columns[SPREAD_AT].width)).unwrap_or_default();
    let mut cells = vec![
        Cell::new(titles::fitted(field.name(), columns[0].width as usize), style),
        Cell::new(role_text(role), style),
        Cell::new(field.kind.title(), style),
        Cell::new(gaps, style),
        Cell::new(count(field.distinct, VALUES), style),
        Cell::new(spread, if style == look.text() { look.bar() } else { style }),
    ];
    if columns.len() > 7 {
        cells.push(Cell::new(summary.map(typical).unwrap_or_default(), style));
    }
    cells.push(if wants { Cell::new(format!("! {note}"), look.warning()) } else { Cell::new(note, style) });
    if columns.len() > 7 {
        cells.push(Cell::new(field.reason.clone(), look.dim()));
    }
    cells
}

fn role_text(role: Role) -> String {
    match role {
        Role::Id | Role::Consent | Role::Ignore => spoken::role(Role::Ignore).into(),
        role => format!("{} {}", spoken::role_sign(role), spoken::role(role)),
    }
}

fn summary<'a>(world: &'a World, name: &str) -> Option<&'a Summary> {
    let summaries = &world.exploration.as_ref()?.summaries;
    summaries.iter().find(|summary| summary.column == name)
}

fn spread(summary: &Summary, cells: u16) -> String {
    let counts: Vec<f64> = match (&summary.numbers, &summary.texts) {
        (Some(numbers), _) => numbers.histogram.iter().map(|bin| bin.count as f64).collect(),
        (None, Some(texts)) if summary.distinct < summary.count => {
            texts.levels.iter().take(cells as usize).map(|level| level.count as f64).collect()
        }
        _ => Vec::new(),
    };
    bars::sparkline(&bars::pooled(&counts, cells as usize))
}

/// The median of a number, the most frequent value of a text.
fn typical(summary: &Summary) -> String {
    match (&summary.numbers, &summary.texts) {
        // Of a date the day is enough.
        (Some(numbers), _) if summary.kind == Kind::Date => value::mean(summary.kind, numbers.median, 0.0),
        (Some(numbers), _) => value::exact(summary.kind, numbers.median),
        (None, Some(texts)) => texts.levels.first().map(|level| level.name.clone()).unwrap_or_default(),
        (None, None) => String::new(),
    }
}

/// Before the table is there: each column with the first values that stand in it.
fn draw_preview(buf: &mut Buffer, area: Rect, preview: &Preview, cursor: usize, look: &Look) {
    let columns =
        [Column::left("column", 24).gap(3), Column::left("first values", area.width.saturating_sub(30)).gap(2)];
    table::header(buf, area, &columns, look.dim());
    let first = first(area, preview.columns.len(), cursor);
    for ((index, name), y) in preview.columns.iter().enumerate().skip(first).zip(area.y + 1..area.bottom()) {
        let values: Vec<String> = (0..preview.rows.len().min(5)).map(|row| preview.discreet(row, index)).collect();
        let cells = [Cell::new(name.as_str(), look.text()), Cell::new(values.join(" · "), look.dim())];
        table::row(buf, Rect { y, height: 1, ..area }, &columns, &cells);
        if index == cursor {
            text::put(buf, area.x + 1, y, 1, "▸", look.cursor());
        }
    }
}

/// The column whose line stands at `position`.
pub fn at(area: Rect, world: &World, cursor: usize, position: Position) -> Option<usize> {
    let count = names(world).count();
    let line = area.contains(position).then(|| position.y - area.y)?.checked_sub(1)?;
    Some(first(area, count, cursor) + line as usize).filter(|at| *at < count)
}

/// E.g. `29 columns, 9 shown`.
pub fn note(world: &World, area: Rect) -> String {
    let (count, shown) = (names(world).count(), area.height.saturating_sub(1) as usize);
    match count {
        0 => String::new(),
        count if count <= shown => parts::rows_here::columns(count),
        count => format!("{count} columns, {shown} shown"),
    }
}
