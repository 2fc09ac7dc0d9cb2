//! The customers of one segment: a list over the rows of the table, of which only those in sight are touched.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::card;
use super::why_here::{self, Reasons};
use crate::matrix::Values;
use crate::plot::number;
use crate::segments::{Segment, Segments};
use crate::table::{Field, Role};
use crate::tui::action::Request;
use crate::tui::look::Look;
use crate::tui::panes::OpenKey;
use crate::tui::panes::parts::{titles, value};
use crate::tui::widgets::table::{self, Cell, Column};
use crate::tui::widgets::{rule, text};
use crate::tui::world::World;

/// The keys of the list.
pub const KEYS: &[OpenKey] = &[
    ("segments.down segments.up", "customer"),
    ("why", "why here"),
    ("segments.former segments.next", "other segment"),
    ("segments.copy", "copy ids"),
    ("back", "back"),
];

/// What a terminal's clipboard takes by OSC 52, in bytes.
const CLIPBOARD: usize = 70_000;

/// The list.
#[derive(Debug)]
pub struct Customers {
    run: String,
    number: u32,
    /// Rows of the table that are looked at, and for each the row of the matrix.
    rows: Vec<(u32, usize)>,
    /// How many the segment has.
    all: usize,
    /// Which rows were looked at.
    looked: usize,
    cursor: usize,
    reasons: Option<Reasons>,
}

/// The column that names the customer.
pub fn id_column(world: &World) -> Option<&Field> {
    let table = world.table.as_ref()?;
    let chosen = world.recipe.as_ref().and_then(|recipe| recipe.roles.id.as_deref());
    chosen.and_then(|name| table.field(name)).or_else(|| table.fields.iter().find(|field| field.role == Role::Id))
}

/// A value as its column writes it.
pub fn text_of(field: &Field, row: usize) -> String {
    match &field.column.values {
        Values::Text(coded) => coded.get(row).unwrap_or(number::NONE).to_owned(),
        // Identifiers are names: no thousands.
        Values::Number(values) if field.role == Role::Id => {
            values.get(row).map_or(number::NONE.to_owned(), |value| format!("{value:.0}"))
        }
        Values::Number(values) => value::exact(field.kind, values.get(row).copied().unwrap_or(f64::NAN)),
    }
}

impl Customers {
    /// The customers of a segment; `None` until table, matrix and labels are there.
    pub fn new(world: &World, segment: &Segment) -> Option<Self> {
        let prepared = world.prepared.as_ref()?;
        world.table.as_ref()?;
        let run = world.run_id()?;
        let labels = &world.study.as_ref()?.run(run)?.labels;
        let members = labels.members(segment.number);
        let all = members.len();
        let rows = members.into_iter().filter_map(|row| Some((*prepared.matrix.rows.get(row)?, row)));
        let rows = rows.filter(|&(row, _)| world.looks_at(row as usize)).collect();
        let (run, number, looked) = (run.to_owned(), segment.number, world.looked_key());
        Some(Self { run, number, rows, all, looked, cursor: 0, reasons: None })
    }

    /// Lists those that are looked at now; the cursor stays on its customer, or near it.
    pub fn settle(&mut self, world: &World, segments: &Segments) {
        let segment = segments.list.get(self.number as usize - 1);
        let Some(segment) = segment.filter(|_| self.looked != world.looked_key()) else { return };
        let row = self.rows.get(self.cursor).map_or(0, |&(row, _)| row as usize);
        if let Some(listed) = Self::new(world, segment) {
            *self = Self { reasons: self.reasons.take(), ..listed };
            self.go_to_row(row);
        }
    }

    /// Whether it lists customers of this run.
    pub fn is_of(&self, run: Option<&str>) -> bool {
        run == Some(self.run.as_str())
    }

    /// What is out of range.
    #[cfg(test)]
    pub fn flaw(&self, world: &World) -> Option<String> {
        let (at, count) = (self.cursor, self.rows.len());
        let rows = world.table.as_ref().map_or(0, |table| table.rows);
        let beyond = self.rows.iter().any(|&(row, _)| row as usize >= rows);
        (at >= count.max(1) || beyond).then(|| format!("customer {at} of {count}, of {rows} rows"))
    }

    /// Says why the customer under the cursor is here, or no longer.
    pub fn toggle_why(&mut self, world: &World) {
        let run = world.study.as_ref().and_then(|study| study.run(&self.run));
        self.reasons = match self.reasons {
            Some(_) => None,
            None => run.and_then(|run| Reasons::new(world, run)),
        };
    }

    /// Closes what says why; `false` where it was not open.
    pub fn close_why(&mut self) -> bool {
        self.reasons.take().is_some()
    }

    /// Moves the cursor.
    pub fn step(&mut self, by: isize) {
        self.cursor = self.cursor.saturating_add_signed(by).min(self.rows.len().saturating_sub(1));
    }

    /// To this row of the table, or the next one that is listed.
    pub fn go_to_row(&mut self, row: usize) {
        let at = self.rows.partition_point(|&(listed, _)| (listed as usize) < row);
        self.cursor = at.min(self.rows.len().saturating_sub(1));
    }

    /// To the next customer whose id contains the words.
    pub fn search(&mut self, world: &World, words: &str, forward: bool) -> bool {
        let (Some(field), count) = (id_column(world), self.rows.len()) else { return false };
        let words = words.to_lowercase();
        let found = (1..=count)
            .map(|by| (self.cursor + if forward { by } else { count - by }) % count)
            .find(|&at| text_of(field, self.rows[at].0 as usize).to_lowercase().contains(&words));
        self.cursor = found.unwrap_or(self.cursor);
        found.is_some()
    }

    /// The ids, one a line, unless they are more than a terminal's clipboard takes.
    pub fn copy(&self, world: &World, segment: &Segment) -> Vec<Request> {
        let Some(field) = id_column(world) else {
            return vec![Request::Say(
                "No column names the customers: 1 Data, give one the role id. e exports the rows.".into(),
            )];
        };
        let ids: Vec<String> = self.rows.iter().map(|&(row, _)| text_of(field, row as usize)).collect();
        let list = ids.join("\n");
        if list.len() > CLIPBOARD {
            let count = number::whole(ids.len());
            let words =
                format!("{count} ids are more than a terminal's clipboard takes (70 kB): e exports them to a file.");
            return vec![Request::Say(words)];
        }
        let said = format!("{} ids of {}", number::whole(ids.len()), text::clean(&segment.name));
        vec![
            Request::Copy(list, "the list of customers"),
            Request::Say(format!("Handed to the terminal's clipboard: {said}.")),
        ]
    }

    /// A click on a row.
    pub fn click(&mut self, area: Rect, position: Position) {
        let room = area.height.saturating_sub(2) as usize;
        let row = position.y.saturating_sub(area.y + 2) as usize;
        if position.y >= area.y + 2 && row < room {
            self.cursor =
                (table::first_row(self.cursor, self.rows.len(), room) + row).min(self.rows.len().saturating_sub(1));
        }
    }

    /// Draws the rows in sight.
    pub fn draw(&self, buf: &mut Buffer, mut area: Rect, world: &World, profile: &Segments, look: &Look) {
        let run = world.study.as_ref().and_then(|study| study.run(&self.run));
        if let (Some(reasons), Some(run), Some(&place)) = (&self.reasons, run, self.rows.get(self.cursor)) {
            let features = world.prepared.as_ref().map_or(0, |prepared| prepared.pipeline.inputs.len());
            let height = why_here::height(features, area.height);
            area.height -= height;
            let below = Rect { y: area.bottom(), height, ..area };
            reasons.draw(buf, below, world, run, place, look);
        }
        let (Some(table), Some(segment)) = (&world.table, profile.list.get(self.number as usize - 1)) else { return };
        let count = match self.rows.len() {
            all if all == self.all => number::whole(all),
            some => format!("{} of {}", number::whole(some), number::whole(self.all)),
        };
        let title = card::titled(segment, [format!("{count} customers"), count], area.width, look);
        rule::titled(buf, area, &title, look);
        let fields = self.fields(world, profile, area.width);
        let effects: Vec<&str> = profile.effects.iter().map(|effect| effect.column.as_str()).collect();
        let columns = columns(&fields, &effects);
        table::header(buf, Rect { y: area.y + 1, height: 1, ..area }, &columns, look.dim());
        let room = area.height.saturating_sub(2) as usize;
        let first = table::first_row(self.cursor, self.rows.len(), room);
        if self.rows.is_empty() {
            let words = "None of its customers is looked at: & looks at other rows.";
            text::put(buf, area.x + 2, area.y + 2, area.width.saturating_sub(3), words, look.dim());
        }
        let silhouettes = world.silhouettes.get(&self.run);
        for (index, y) in (first..self.rows.len()).zip(area.y + 2..area.bottom()) {
            let (row, of_matrix) = self.rows[index];
            let style = if index == self.cursor { super::parts::cursor(look) } else { look.text() };
            let mut cells = vec![Cell::new(if index == self.cursor { "▸" } else { "" }, look.key())];
            cells.push(Cell::new(number::whole(row as usize + 1), look.dim()));
            let shown = |field: &&Field| world.shown(field, text_of(field, row as usize));
            cells.extend(fields.iter().map(|field| Cell::new(shown(field), style)));
            let silhouette = silhouettes.and_then(|values| values.get(of_matrix)).copied();
            cells.push(silhouette.map_or_else(Cell::default, |value| near(value, look)));
            table::row(buf, Rect { y, height: 1, ..area }, &columns, &cells);
        }
        debug_assert!(table.rows >= self.rows.len());
    }

    /// The id, then the columns with the largest effect, as many as fit.
    fn fields<'a>(&self, world: &'a World, profile: &Segments, width: u16) -> Vec<&'a Field> {
        let Some(table) = &world.table else { return Vec::new() };
        let id = id_column(world);
        // Row, id, `in place`, and the last cell, which stays free.
        let room = (width.saturating_sub(34) / 13) as usize;
        let effects = profile.effects.iter().filter_map(|effect| table.field(&effect.column));
        let others = effects.filter(|field| id.is_none_or(|id| id.name() != field.name()));
        id.into_iter().chain(others.take(room)).collect()
    }
}

/// `effects` are the names of all columns that the segments were told by.
fn columns(fields: &[&Field], effects: &[&str]) -> Vec<Column> {
    let names: Vec<&str> = fields.iter().map(|field| field.name()).collect();
    let mut columns = vec![Column::left("", 1).gap(0), Column::right("row", 8)];
    columns.extend(titles::short_among(&names, effects, 12).into_iter().zip(fields).map(|(title, field)| {
        if field.column.values.text().is_some() { Column::left(title, 12) } else { Column::right(title, 12) }
    }));
    columns.push(Column::right("in place", 9));
    columns
}

/// How well a customer lies in the segment: its silhouette, and the word where it lies on a border.
fn near(silhouette: f64, look: &Look) -> Cell {
    if silhouette < 0.0 {
        Cell::new(format!("{}!", number::ratio(silhouette, 2)), look.warning())
    } else {
        Cell::new(format!("{} ", number::ratio(silhouette, 2)), look.text())
    }
}
