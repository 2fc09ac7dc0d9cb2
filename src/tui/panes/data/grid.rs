//! The whole table, any number of rows: a frame costs what is on the screen.

use std::collections::HashSet;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::order::Order;
use super::sample;
use super::sheet::{self, Columns};
use crate::engine::looking::Looked;
use crate::matrix::{Coded, Values};
use crate::plot::number;
use crate::table::Table;
use crate::tui::look::Look;
use crate::tui::panes::OpenKey;
use crate::tui::panes::parts::rows;
use crate::tui::widgets::table::first_row;
use crate::tui::widgets::{rule, text};
use crate::tui::world::World;

/// The keys of the whole table.
pub const KEYS: &[OpenKey] = &[
    ("data.down data.up", "row"),
    ("data.left data.right", "column"),
    ("data.sort", "sort"),
    ("data.freeze", "keep columns"),
    ("data.narrower data.wider", "width"),
    ("data.copy data.copy_row data.copy_table", "copy"),
    ("search", "find"),
    ("data.table", "back"),
];

/// What of the table is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The value.
    Cell,
    /// Its row.
    Row,
    /// All rows.
    Table,
}

/// Where one is in the table.
#[derive(Debug, Default)]
pub struct Grid {
    /// The place under the cursor: of the file, or of the order.
    row: usize,
    columns: Columns,
    order: Option<Order>,
    /// The rows that are looked at, where that is not all.
    listed: Option<Listed>,
}

/// The rows that are looked at, as they stand.
#[derive(Debug)]
struct Listed {
    looked: Arc<Looked>,
    /// The column by which they stand, and whether they fall.
    by: Option<(usize, bool)>,
    rows: Vec<u32>,
}

impl Listed {
    fn new(looked: &Arc<Looked>, order: Option<&Order>) -> Self {
        let rows = match order {
            Some(order) => order.rows().iter().copied().filter(|&row| looked.has(row as usize)).collect(),
            None => looked.rows.clone(),
        };
        Self { looked: Arc::clone(looked), by: order.map(Order::by_which), rows }
    }

    /// Whether it lists these rows in this order.
    fn is_of(&self, looked: &Arc<Looked>, order: Option<&Order>) -> bool {
        Arc::ptr_eq(&self.looked, looked) && self.by == order.map(Order::by_which)
    }

    /// Where a row of the table stands, or the next one that is listed.
    fn place(&self, row: usize) -> usize {
        match self.by {
            None => self.rows.partition_point(|&listed| (listed as usize) < row),
            Some(_) => self.rows.iter().position(|&listed| listed as usize == row).unwrap_or(0),
        }
    }
}

impl Grid {
    /// At the first row, this column leftmost.
    pub fn at_column(left: usize) -> Self {
        Self { columns: Columns { left, ..Columns::default() }, ..Self::default() }
    }

    /// Up or down.
    pub fn step(&mut self, world: &World, by: isize) {
        self.row = self.row.saturating_add_signed(by);
        self.settle(world);
    }

    /// Columns to the left or right.
    pub fn sideways(&mut self, world: &World, by: isize) {
        self.columns.left = self.columns.left.saturating_add_signed(by);
        self.settle(world);
    }

    /// To this row of the file.
    pub fn go_to(&mut self, world: &World, row: usize) {
        self.list(world);
        self.row = self.place(row);
        self.settle(world);
    }

    /// Brings row and column into range.
    pub fn settle(&mut self, world: &World) {
        self.list(world);
        self.row = self.row.min(self.count(world).saturating_sub(1));
        let last = sample::column_count(world).saturating_sub(1);
        self.columns.left = self.columns.left.min(last);
        self.columns.frozen = self.columns.frozen.min(last);
        if world.table.is_none() {
            self.order = None;
        }
    }

    /// Lists the rows that are looked at, where they are others than before; the cursor stays on its row, or near it.
    fn list(&mut self, world: &World) {
        let order = self.order.as_ref();
        let same = match (&self.listed, &world.looked) {
            (Some(listed), Some(looked)) => listed.is_of(looked, order),
            (None, None) => true,
            _ => false,
        };
        if !same {
            let row = self.file_row(self.row);
            self.listed = world.looked.as_ref().map(|looked| Listed::new(looked, self.order.as_ref()));
            self.row = self.place(row);
        }
    }

    /// How many rows there are.
    fn count(&self, world: &World) -> usize {
        self.listed.as_ref().map_or_else(|| sample::row_count(world), |listed| listed.rows.len())
    }

    /// The row of the file at a place.
    fn file_row(&self, place: usize) -> usize {
        match (&self.listed, &self.order) {
            (Some(listed), _) => listed.rows.get(place).map_or(place, |&row| row as usize),
            (None, Some(order)) => order.row(place),
            (None, None) => place,
        }
    }

    /// Where a row of the file stands.
    fn place(&self, row: usize) -> usize {
        match (&self.listed, &self.order) {
            (Some(listed), _) => listed.place(row),
            (None, Some(order)) => order.place(row),
            (None, None) => row,
        }
    }

    /// The rows that have the value under the cursor.
    pub fn rows_here(&self, world: &World) -> Option<String> {
        let field = world.table.as_ref()?.fields.get(self.column())?;
        (self.count(world) > 0).then(|| rows::of_value(field, self.file_row(self.row)))
    }

    /// The column that keys are about: the first of those that move.
    fn column(&self) -> usize {
        self.columns.left.max(self.columns.frozen)
    }

    /// Sorts by the column: rising, falling, and as in the file again. What is to be said.
    pub fn sort(&mut self, world: &World) -> String {
        let Some(table) = &world.table else { return "not yet: the file is still being read".into() };
        let (row, column) = (self.file_row(self.row), self.column());
        let falling = match &self.order {
            Some(order) if order.column == column && order.falling => {
                self.order = None;
                self.go_to(world, row);
                return "rows as they stand in the file".into();
            }
            Some(order) => order.column == column,
            None => false,
        };
        let Some(order) = Order::by(table, column, falling) else { return "too many rows to sort here".into() };
        self.order = Some(order);
        self.list(world);
        self.row = 0;
        let name = table.fields.get(column).map_or("", |field| field.name());
        format!("sorted by {name}, {}", if falling { "the largest first" } else { "the smallest first" })
    }

    /// Keeps the columns up to this one in sight, or lets them go again. What is to be said.
    pub fn freeze(&mut self, world: &World) -> String {
        if std::mem::take(&mut self.columns.frozen) > 0 {
            return "all columns move".into();
        }
        self.columns.frozen = self.columns.left + 1;
        self.sideways(world, 1);
        format!("the first {} stay in sight", number::whole(self.columns.frozen))
    }

    /// Makes the column wider, or narrower.
    pub fn widen(&mut self, by: i32) {
        let column = self.column();
        *self.columns.wider.entry(column).or_default() += by;
    }

    /// The value under the cursor, the row, or the whole table as it stands, tab-separated; and what that is. `None`
    /// where there are no rows.
    pub fn copied(&self, world: &World, what: What) -> Option<(String, &'static str)> {
        if self.count(world) == 0 {
            return None;
        }
        let columns: Vec<usize> = (0..sample::column_count(world)).collect();
        let line = |row: usize| columns.iter().map(|&at| sample::shown(world, row, at)).collect::<Vec<_>>().join("\t");
        let row = self.file_row(self.row);
        Some(match what {
            What::Cell => (sample::shown(world, row, self.column()), "the value"),
            What::Row => (line(row), "the row"),
            What::Table => {
                let names = super::columns::names(world).collect::<Vec<_>>().join("\t");
                let rows = (0..self.count(world)).map(|place| line(self.file_row(place)));
                (std::iter::once(names).chain(rows).collect::<Vec<_>>().join("\n"), "the table")
            }
        })
    }

    /// To the next row that holds this text (or number) in any column.
    pub fn search(&mut self, world: &World, wanted: &str, forward: bool) -> bool {
        let Some(table) = &world.table else { return false };
        let matchers = matchers(table, wanted);
        let (count, from) = (self.count(world), self.row);
        let step = |by: usize| if forward { (from + by) % count } else { (from + count - by) % count };
        let is_match = |place: &usize| matchers.iter().any(|matcher| matcher.is_match(self.file_row(*place)));
        let found = (1..=count).map(step).find(is_match);
        self.row = found.unwrap_or(from);
        found.is_some()
    }

    /// To the next row, without going round, whose value in the column is another. What is to be said.
    pub fn other_value(&mut self, world: &World, forward: bool) -> String {
        let field = world.table.as_ref().and_then(|table| table.fields.get(self.column()));
        let Some(field) = field else { return "not yet: the file is still being read".into() };
        let value = |place: usize| key(&field.column.values, self.file_row(place));
        let (now, count) = (value(self.row), self.count(world));
        let found = match forward {
            true => (self.row + 1..count).find(|&place| value(place) != now),
            false => (0..self.row.min(count)).rev().find(|&place| value(place) != now),
        };
        self.row = found.unwrap_or(self.row);
        match found {
            Some(_) => format!("{}: another value", field.name()),
            None => format!("{}: no other value from here on", field.name()),
        }
    }

    fn first(&self, world: &World, area: Rect) -> usize {
        first_row(self.row, self.count(world), area.height.saturating_sub(2) as usize)
    }

    /// Draws the rows around the cursor.
    pub fn draw(&self, buf: &mut Buffer, area: Rect, world: &World, look: &Look) {
        if area.height < 3 {
            return;
        }
        let title = if self.listed.is_some() { "the rows that are looked at" } else { "the whole table" };
        rule::titled(buf, area, title, look);
        let (count, first) = (self.count(world), self.first(world, area));
        let rows = first..(first + area.height as usize - 2).min(count);
        let of_file: Vec<usize> = rows.clone().map(|place| self.file_row(place)).collect();
        let largest = of_file.iter().max().map_or(1, |row| row + 1);
        let gutter = text::width(&number::whole(largest)) as u16;
        if !rows.is_empty() {
            let y = area.y + 2 + (self.row - first) as u16;
            buf.set_style(Rect { x: area.x + 1, y, width: area.width.saturating_sub(2), height: 1 }, look.cursor());
            text::put(buf, area.x + 1, y, 1, "▸", look.cursor());
        }
        for (&row, y) in of_file.iter().zip(area.y + 2..area.bottom()) {
            let number = text::right(&number::whole(row + 1), gutter as usize);
            text::put(buf, area.x + 3, y, gutter, &number, look.dim());
        }
        let x = area.x + 3 + gutter + 2;
        let inside = Rect { x, y: area.y + 1, width: area.right().saturating_sub(x + 1), height: area.height - 1 };
        let sorted = self.order.as_ref().map(|order| (order.column, order.falling));
        sheet::draw(buf, inside, world, (&self.columns, sorted), &of_file, look);
        if rows.is_empty() && self.listed.is_some() {
            text::put(buf, x, area.y + 2, inside.width, "no row is looked at; & looks at others", look.dim());
        }
    }

    /// A click puts the cursor on a row.
    pub fn click(&mut self, world: &World, area: Rect, position: Position) {
        if let Some(line) = position.y.checked_sub(area.y + 2) {
            self.row = self.first(world, area) + line as usize;
            self.settle(world);
        }
    }

    /// What is out of range.
    #[cfg(test)]
    pub fn flaw(&self, world: &World) -> Option<String> {
        let (rows, columns) = (self.count(world).max(1), sample::column_count(world).max(1));
        (self.row >= rows || self.columns.left >= columns || self.columns.frozen >= columns)
            .then(|| format!("cell {}, {} of {rows}, {columns}", self.row, self.columns.left))
    }

    /// E.g. `row 42 of 2,240 · column 3 of 29`.
    pub fn note(&self, world: &World) -> String {
        let all = sample::row_count(world);
        let rows = match &self.listed {
            Some(listed) if listed.rows.is_empty() => "no row".to_owned(),
            _ => format!("row {} of {}", number::whole(self.file_row(self.row) + 1), number::whole(all)),
        };
        format!("{rows} · column {} of {}", self.column() + 1, sample::column_count(world))
    }
}

/// What two rows of one value have alike; gaps are alike.
fn key(values: &Values, row: usize) -> Option<u64> {
    match values {
        Values::Text(coded) => coded.codes.get(row).map(|&code| u64::from(code)),
        Values::Number(numbers) => numbers.get(row).filter(|value| !value.is_nan()).map(|value| value.to_bits()),
    }
}

/// What a column's rows are compared with, found once, so that a search is one cheap look a row.
enum Matcher<'a> {
    Codes(&'a Coded, HashSet<u32>),
    Number(&'a [f64], f64),
}

impl Matcher<'_> {
    fn is_match(&self, row: usize) -> bool {
        match self {
            Self::Codes(coded, codes) => coded.codes.get(row).is_some_and(|code| codes.contains(code)),
            Self::Number(values, wanted) => values.get(row) == Some(wanted),
        }
    }
}

fn matchers<'a>(table: &'a Table, wanted: &str) -> Vec<Matcher<'a>> {
    let (lower, number) = (wanted.to_lowercase(), wanted.replace(',', "").parse::<f64>().ok());
    let matcher = |values: &'a Values| match values {
        Values::Text(coded) => {
            let found = coded.levels.iter().zip(0..).filter(|(level, _)| level.to_lowercase().contains(&lower));
            let codes: HashSet<u32> = found.map(|(_, code)| code).collect();
            (!codes.is_empty()).then_some(Matcher::Codes(coded, codes))
        }
        Values::Number(values) => number.map(|number| Matcher::Number(values, number)),
    };
    table.fields.iter().filter_map(|field| matcher(&field.column.values)).collect()
}
