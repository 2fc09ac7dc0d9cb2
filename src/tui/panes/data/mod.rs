//! Data: what this file is, and whether one can go on.

mod all;
mod answers;
mod columns;
mod commands;
mod findings;
mod grid;
mod head;
mod note;
mod order;
mod places;
mod rollup;
mod sample;
mod sheet;

pub use commands::COMMANDS;
pub use sample::written;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::focus::{self, Focus};
use super::parts::form::{self, Form};
use super::parts::held::Held;
use super::parts::{editor, headless};
use super::{OpenKey, Pane};
use crate::table::Role;
use crate::tui::action::{Request, Tab};
use crate::tui::command::Command;
use crate::tui::look::Look;
use crate::tui::world::World;
use columns::names;
use commands::EXPLAIN;
use findings::Panel;
use grid::{Grid, What};
use places::Places;
use rollup::{Acted, RollUp};

/// The pane of columns, findings and rows.
#[derive(Debug, Default)]
pub struct Data {
    /// The column under the cursor.
    column: usize,
    /// The column whose findings and values are shown, while it is not the one under the cursor.
    held: Held<usize>,
    /// Whether the table was there before: its first sight puts the cursor on what wants a word.
    met: bool,
    /// The finding that `f` went to.
    chosen: Option<usize>,
    /// Whether all findings are shown.
    all: bool,
    /// The whole table, while it is shown.
    grid: Option<Grid>,
    /// The sheet that rolls lines up, while it is open.
    rollup: Option<RollUp>,
    /// What the column must be, while it is typed.
    form: Option<Form>,
}

impl Data {
    fn name<'a>(&self, world: &'a World) -> Option<&'a str> {
        names(world).nth(self.column)
    }

    fn panel<'a>(&self, world: &'a World) -> Panel<'a> {
        Panel::new(world, self.name(world), self.chosen)
    }

    /// The column whose findings and values are shown: the one under the cursor, once it rests there.
    fn pictured(&self) -> usize {
        self.held.get().copied().unwrap_or(self.column)
    }

    fn places(&self, world: &World, area: Rect) -> Places {
        Places::new(area, names(world).count(), world.findings.len())
    }

    fn step(&mut self, world: &World, by: isize) {
        match &mut self.grid {
            Some(grid) => grid.step(world, by),
            None if self.all => {
                let last = world.findings.len().saturating_sub(1);
                self.chosen = Some(self.chosen.unwrap_or(0).saturating_add_signed(by).min(last));
            }
            None => {
                let from = self.column;
                self.column = from.saturating_add_signed(by).min(names(world).count().saturating_sub(1));
                self.held.go(from, &self.column);
                self.chosen = None;
            }
        }
    }

    /// To a column that was asked for by name or place: what is found in it shows at once.
    fn put_on(&mut self, column: usize) {
        (self.column, self.chosen, self.held) = (column, None, Held::default());
    }

    fn sideways(&mut self, world: &World, by: isize) {
        if let Some(grid) = &mut self.grid {
            grid.sideways(world, by);
        }
    }

    /// At the first sight of a table an untouched cursor goes to the column that wants a word.
    fn meet(&mut self, world: &World) {
        if !std::mem::replace(&mut self.met, world.table.is_some()) && self.met && self.column == 0 {
            let mut wanting = world.findings.iter().filter(|finding| finding.wants_word());
            let column = wanting.find_map(|finding| finding.column.as_deref());
            self.column = column.and_then(|column| names(world).position(|name| name == column)).unwrap_or(0);
        }
    }

    fn cycle_role(&self, world: &World) -> Vec<Request> {
        let Some(name) = self.name(world).filter(|_| self.grid.is_none()) else { return Vec::new() };
        if world.recipe.is_none() {
            return vec![Request::Say("not yet: the file is still being read".into())];
        }
        let personal = world.table.as_ref().and_then(|table| table.field(name)).and_then(|field| field.personal);
        let next = match columns::role(world, name) {
            // Personal data are never a feature.
            Role::Id | Role::Consent | Role::Ignore if personal.is_some() => Role::Describe,
            Role::Cluster => Role::Describe,
            Role::Describe => Role::Outcome,
            Role::Outcome => Role::Ignore,
            Role::Id | Role::Consent | Role::Ignore => Role::Cluster,
        };
        vec![Request::SetRole(name.to_owned(), next)]
    }

    /// In the whole table to the next other value of the column, else to the next finding that wants a word.
    fn jump(&mut self, world: &World, forward: bool) -> Vec<Request> {
        match &mut self.grid {
            Some(grid) => vec![Request::Say(grid.other_value(world, forward))],
            None => self.next_finding(world, forward),
        }
    }

    fn look(&self, world: &World) -> Vec<Request> {
        let name = self.name(world).map(str::to_owned);
        name.map_or_else(Vec::new, |name| vec![Request::FocusColumn(name), Request::Go(Tab::Explore)])
    }

    /// Opens the sheet over order lines; from customers that were rolled up back to their lines.
    fn roll_up(&mut self, world: &World) -> Vec<Request> {
        let rolled = world.recipe.as_ref().is_some_and(|recipe| recipe.rollup.is_some());
        if rolled {
            return vec![Request::RollUp(None)];
        }
        self.rollup = RollUp::open(world);
        let nothing = || Request::Say("these are no order lines: there is nothing to roll up".into());
        self.rollup.is_none().then(nothing).into_iter().collect()
    }

    /// A command while the sheet is open; what the sheet does not know closes it.
    fn on_sheet(&mut self, id: &str, world: &World) -> Option<Vec<Request>> {
        match self.rollup.as_mut()?.act(id, world) {
            Acted::On => Some(Vec::new()),
            Acted::Asked(requests) => Some(requests),
            Acted::Closed(requests) => {
                self.rollup = None;
                Some(requests)
            }
        }
    }

    /// Opens the form of what the column under the cursor must be.
    fn expect(&mut self, world: &World) -> Vec<Request> {
        self.form = self.name(world).and_then(|name| Form::expectation(world, name));
        let early = || Request::Say("not yet: the file is still being read".into());
        self.form.is_none().then(early).into_iter().collect()
    }

    /// What is done in the whole table only.
    fn on_grid(&mut self, act: impl FnOnce(&mut Grid) -> Vec<Request>) -> Vec<Request> {
        match &mut self.grid {
            Some(grid) => act(grid),
            None => vec![Request::Say("this is for the whole table: r shows it".into())],
        }
    }

    fn toggle_grid(&mut self) {
        self.all = false;
        self.grid = if self.grid.is_some() { None } else { Some(Grid::at_column(self.column)) };
    }
}

fn widened(grid: &mut Grid, by: i32) -> Vec<Request> {
    grid.widen(by);
    Vec::new()
}

fn copied(grid: &Grid, world: &World, what: What) -> Vec<Request> {
    match grid.copied(world, what) {
        Some((text, what)) => vec![Request::Copy(text, what)],
        None => vec![Request::Say("there are no rows to copy".into())],
    }
}

impl Pane for Data {
    fn commands(&self) -> &'static [Command] {
        COMMANDS
    }

    fn run(&mut self, id: &str, world: &World) -> Option<Vec<Request>> {
        if let Some(requests) = self.on_sheet(id, world) {
            return Some(requests);
        }
        match id {
            "data.rollup" => return Some(self.roll_up(world)),
            "data.down" => self.step(world, 1),
            "data.up" => self.step(world, -1),
            "data.page_down" => self.step(world, 10),
            "data.page_up" => self.step(world, -10),
            "data.first" => self.step(world, isize::MIN),
            "data.last" => self.step(world, isize::MAX),
            "data.left" => self.sideways(world, -1),
            "data.right" => self.sideways(world, 1),
            "data.table" => self.toggle_grid(),
            "data.sort" => return Some(self.on_grid(|grid| vec![Request::Say(grid.sort(world))])),
            "data.freeze" => return Some(self.on_grid(|grid| vec![Request::Say(grid.freeze(world))])),
            "data.wider" => return Some(self.on_grid(|grid| widened(grid, 4))),
            "data.narrower" => return Some(self.on_grid(|grid| widened(grid, -4))),
            "data.copy" => return Some(self.on_grid(|grid| copied(grid, world, What::Cell))),
            "data.copy_row" => return Some(self.on_grid(|grid| copied(grid, world, What::Row))),
            "data.copy_table" => return Some(self.on_grid(|grid| copied(grid, world, What::Table))),
            "data.reading" => return Some(vec![Request::AskReading]),
            "data.role" => return Some(self.cycle_role(world)),
            "data.next_finding" => return Some(self.next_finding(world, true)),
            "data.jump" => return Some(self.jump(world, true)),
            "data.jump_back" => return Some(self.jump(world, false)),
            "data.take" => return Some(self.answer(world, 0)),
            "data.other" => return Some(self.answer(world, 1)),
            "data.third" => return Some(self.answer(world, 2)),
            "data.findings" => self.toggle_all(world),
            "data.problems" => return Some(vec![Request::WriteProblems]),
            "data.schema" => return Some(vec![Request::ProposeSchema]),
            "data.expect" => return Some(self.expect(world)),
            "data.leave" => return Some(self.leave(world)),
            "data.look" => return Some(self.look(world)),
            "why" => return Some(head::why(world)),
            _ => return None,
        }
        Some(Vec::new())
    }

    fn settle(&mut self, world: &World) {
        self.meet(world);
        let count = names(world).count();
        self.column = self.column.min(count.saturating_sub(1));
        self.held.settle(true, |&column| column < count);
        if self.chosen.is_some_and(|chosen| chosen >= world.findings.len()) {
            self.chosen = None;
        }
        if let Some(grid) = &mut self.grid {
            grid.settle(world);
        }
        if world.table.is_none() {
            self.rollup = None;
        }
    }

    fn moves(&self) -> bool {
        self.held.moves()
    }

    fn rest(&mut self) {
        self.held.rest();
    }

    fn typing(&self) -> bool {
        self.form.is_some() || self.rollup.as_ref().is_some_and(RollUp::typing)
    }

    fn typing_keys(&self) -> &'static [OpenKey] {
        if self.form.is_some() { form::KEYS } else { editor::KEYS }
    }

    fn key(&mut self, world: &World, key: KeyEvent) -> Vec<Request> {
        let filled = Form::fill(&mut self.form, world, key);
        filled.or_else(|| Some(self.rollup.as_mut()?.key(key))).unwrap_or_default()
    }

    fn view(&self, world: &World, look: &Look, area: Rect, buf: &mut Buffer) {
        if let Some(sheet) = &self.rollup {
            return sheet.draw(buf, area, world, look);
        }
        if let Some(grid) = &self.grid {
            return grid.draw(buf, area, world, look);
        }
        if self.all {
            return all::draw(buf, area, world, self.chosen.unwrap_or(0), look);
        }
        let places = self.places(world, area);
        head::draw(buf, places.head, world, look);
        columns::draw(buf, places.columns, world, self.column, look);
        let pictured = self.pictured();
        Panel::new(world, names(world).nth(pictured), self.chosen).draw(buf, places.findings, look);
        sample::draw(buf, places.rows, world, pictured, look);
        if let Some(form) = &self.form {
            form.draw(buf, area, look);
        }
    }

    fn click(&mut self, world: &World, area: Rect, position: Position, twice: bool) -> Vec<Request> {
        if let Some(grid) = &mut self.grid {
            grid.click(world, area, position);
            return Vec::new();
        }
        if self.all {
            self.chosen = all::at(area, world, self.chosen.unwrap_or(0), position).or(self.chosen);
            return Vec::new();
        }
        let places = self.places(world, area);
        if let Some(column) = columns::at(places.columns, world, self.column, position) {
            self.put_on(column);
            return if twice { self.look(world) } else { Vec::new() };
        }
        if let Some(finding) = self.panel(world).at(places.findings, position) {
            self.chosen = Some(finding);
        }
        Vec::new()
    }

    fn focus(&mut self, world: &World, column: &str) {
        if let Some(place) = names(world).position(|name| name == column) {
            self.put_on(place);
        }
    }

    fn back(&mut self) -> bool {
        self.form.take().is_some()
            || self.rollup.take().is_some()
            || std::mem::take(&mut self.all)
            || self.grid.take().is_some()
    }

    fn rows_here(&self, world: &World) -> Option<String> {
        self.grid.as_ref()?.rows_here(world)
    }

    fn search(&mut self, world: &World, text: &str, forward: bool) -> bool {
        if let Some(grid) = &mut self.grid {
            return grid.search(world, text, forward);
        }
        let (text, count) = (text.to_lowercase(), names(world).count());
        let known: Vec<&str> = names(world).collect();
        let step = |by| if forward { self.column + by } else { self.column + count - by };
        let found = (1..=count).map(step).find(|at| known[at % count].to_lowercase().contains(&text));
        if let Some(at) = found {
            self.put_on(at % count);
        }
        found.is_some()
    }

    fn go_to(&mut self, world: &World, row: usize) -> bool {
        let mut grid = self.grid.take().unwrap_or_else(|| Grid::at_column(self.column));
        grid.go_to(world, row);
        self.grid = Some(grid);
        true
    }

    fn offers(&self, world: &World, id: &str) -> bool {
        match id {
            "data.rollup" => rollup::can_roll(world),
            "data.next_finding" => self.panel(world).pending() > 0,
            _ => true,
        }
    }

    fn open_keys(&self) -> Option<&'static [OpenKey]> {
        match (&self.rollup, &self.grid, self.all) {
            (Some(_), ..) => Some(rollup::KEYS),
            (None, Some(_), _) => Some(grid::KEYS),
            (None, None, true) => Some(all::OPEN),
            (None, None, false) => None,
        }
    }

    fn note(&self, world: &World, area: Rect) -> String {
        match &self.grid {
            Some(grid) => grid.note(world),
            None if self.all => String::new(),
            None => columns::note(world, self.places(world, area).columns),
        }
    }

    #[cfg(test)]
    fn flaw(&self, world: &World) -> Option<String> {
        let (columns, findings) = (names(world).count().max(1), world.findings.len());
        let chosen =
            self.chosen.filter(|&chosen| chosen >= findings.max(1)).map(|at| format!("finding {at} of {findings}"));
        let column = (self.column >= columns).then(|| format!("column {} of {columns}", self.column));
        let grid = self.grid.as_ref().and_then(|grid| grid.flaw(world));
        let form = self.form.as_ref().and_then(Form::flaw);
        chosen.or(column).or(grid).or(form)
    }

    fn headless(&self, world: &World) -> String {
        match world.recipe.as_ref().and_then(|recipe| recipe.rollup.as_ref()) {
            Some(spec) => headless::rolled(spec, world),
            None => headless::of_file("inspect", world),
        }
    }

    fn focus_explained(&self) -> Focus {
        match (&self.grid, self.all) {
            _ if self.rollup.is_some() => focus::ROLL_UP,
            (Some(_), _) => focus::GRID,
            (None, true) => focus::FINDINGS,
            (None, false) => focus::COLUMNS,
        }
    }

    fn explain(&self) -> &'static [(&'static str, &'static str)] {
        EXPLAIN
    }
}
