//! The whole table, any number of rows: a frame costs what is on the screen.

use std::collections::HashSet;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::sample;
use crate::matrix::{Coded, Values};
use crate::plot::number;
use crate::table::Table;
use crate::tui::look::Look;
use crate::tui::widgets::table::first_row;
use crate::tui::widgets::{rule, text};
use crate::tui::world::World;

/// Where one is in the table.
#[derive(Debug, Default)]
pub struct Grid {
    row: usize,
    left: usize,
}

impl Grid {
    /// At the first row, this column leftmost.
    pub fn at_column(left: usize) -> Self {
        Self { row: 0, left }
    }

    /// Up or down.
    pub fn step(&mut self, world: &World, by: isize) {
        self.row = self.row.saturating_add_signed(by);
        self.settle(world);
    }

    /// Columns to the left or right.
    pub fn sideways(&mut self, world: &World, by: isize) {
        self.left = self.left.saturating_add_signed(by);
        self.settle(world);
    }

    /// To this row.
    pub fn go_to(&mut self, world: &World, row: usize) {
        self.row = row;
        self.settle(world);
    }

    /// Brings row and column into range.
    pub fn settle(&mut self, world: &World) {
        self.row = self.row.min(sample::row_count(world).saturating_sub(1));
        self.left = self.left.min(sample::column_count(world).saturating_sub(1));
    }

    /// To the next row that holds this text (or number) in any column.
    pub fn search(&mut self, world: &World, wanted: &str, forward: bool) {
        let Some(table) = &world.table else { return };
        let matchers = matchers(table, wanted);
        let (count, from) = (table.rows, self.row);
        let step = |by: usize| if forward { (from + by) % count } else { (from + count - by) % count };
        if let Some(row) = (1..=count).map(step).find(|&row| matchers.iter().any(|matcher| matcher.is_match(row))) {
            self.row = row;
        }
    }

    fn first(&self, world: &World, area: Rect) -> usize {
        first_row(self.row, sample::row_count(world), area.height.saturating_sub(2) as usize)
    }

    /// Draws the rows around the cursor.
    pub fn draw(&self, buf: &mut Buffer, area: Rect, world: &World, look: &Look) {
        if area.height < 3 {
            return;
        }
        rule::with_hint(buf, area, "the whole table", "j k h l move · :42 to a row · r back", look);
        let (count, first) = (sample::row_count(world), self.first(world, area));
        let rows = first..(first + area.height as usize - 2).min(count);
        let gutter = text::width(&number::whole(rows.end)) as u16;
        if !rows.is_empty() {
            let y = area.y + 2 + (self.row - first) as u16;
            buf.set_style(Rect { x: area.x + 1, y, width: area.width.saturating_sub(2), height: 1 }, look.cursor());
            text::put(buf, area.x + 1, y, 1, "▸", look.cursor());
        }
        for (row, y) in rows.clone().zip(area.y + 2..area.bottom()) {
            let number = text::right(&number::whole(row + 1), gutter as usize);
            text::put(buf, area.x + 3, y, gutter, &number, look.dim());
        }
        let x = area.x + 3 + gutter + 2;
        let inside = Rect { x, y: area.y + 1, width: area.right().saturating_sub(x + 1), height: area.height - 1 };
        sample::page(buf, inside, world, self.left, rows, look);
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
        let (rows, columns) = (sample::row_count(world).max(1), sample::column_count(world).max(1));
        (self.row >= rows || self.left >= columns)
            .then(|| format!("cell {}, {} of {rows}, {columns}", self.row, self.left))
    }

    /// E.g. `row 42 of 2,240 · column 3 of 29`.
    pub fn note(&self, world: &World) -> String {
        let (row, rows) = (number::whole(self.row + 1), number::whole(sample::row_count(world)));
        format!("row {row} of {rows} · column {} of {}", self.left + 1, sample::column_count(world))
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
