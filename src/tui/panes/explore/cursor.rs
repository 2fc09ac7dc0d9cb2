//! The cursor on the charts of Explore: where it stands, how it moves, what it reads.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::reading::{self, Mark};
use super::{Explore, View, column, correlations};
use crate::explore::{Exploration, Summary};
use crate::table::Table;
use crate::tui::action::Request;
use crate::tui::look::Look;
use crate::tui::panes::parts::rows_here::{self, Here};
use crate::tui::world::World;

impl Explore {
    /// How many places the chart has that can be read, across and down.
    pub(super) fn places(&self, world: &World) -> Mark {
        let periods = || world.orders().map_or(0, |found| found.periods.len());
        match (self.view, world.explored()) {
            (View::Column, _) => (self.summary(world).map_or(0, reading::bars), 1),
            (View::Against, _) => self.pair.cells(),
            (View::Orders, _) => (periods(), 1),
            (View::Correlations, Some(all)) => (all.correlation.columns.len(), all.correlation.columns.len()),
            (View::Gaps, Some(all)) => self.strips.places(&all.gaps),
            (View::Correlations | View::Gaps, None) => (0, 0),
        }
    }

    /// Where reading begins: mostly at the fullest place.
    fn begin(&self, world: &World) -> Mark {
        let column = self.summary(world).map_or("", |summary| summary.column.as_str());
        let orders = || world.orders().into_iter().flat_map(|found| &found.periods).map(|of| of.orders);
        match (self.view, world.explored()) {
            (View::Column, _) => (self.summary(world).map_or(0, reading::highest), 0),
            (View::Against, _) => self.pair.fullest(),
            (View::Orders, _) => (reading::first_largest(orders()), 0),
            (View::Correlations, Some(all)) => correlations::begin(&all.correlation, column),
            (View::Gaps, Some(all)) => self.strips.begin(&all.gaps, column),
            (View::Correlations | View::Gaps, None) => (0, 0),
        }
    }

    pub(super) fn summary<'a>(&self, world: &'a World) -> Option<&'a Summary> {
        let columns = self.columns(world, world.explored()?);
        columns.get(self.at(&columns)).copied()
    }

    /// Moves the cursor, where the command is one of its moves; lines of a matrix are gone through as columns are.
    pub(super) fn moved(&mut self, id: &str, world: &World) -> Option<Vec<Request>> {
        let by = match (id, self.view) {
            ("explore.right", _) => (1, 0),
            ("explore.left", _) => (-1, 0),
            ("explore.higher", _) => (0, -1),
            ("explore.lower", _) => (0, 1),
            ("explore.up", View::Correlations | View::Gaps) if self.mark.is_some() => (0, -1),
            ("explore.down", View::Correlations | View::Gaps) if self.mark.is_some() => (0, 1),
            _ => return None,
        };
        Some(self.read(world, by))
    }

    /// Puts the cursor where reading begins, or moves it.
    fn read(&mut self, world: &World, (right, down): (isize, isize)) -> Vec<Request> {
        let (across, up) = self.places(world);
        if across == 0 || up == 0 {
            return vec![Request::Say("nothing to read here: v shows the next picture".to_owned())];
        }
        let moved = |at: usize, by: isize, count: usize| at.saturating_add_signed(by).min(count - 1);
        let mark = match self.mark {
            Some((x, y)) => (moved(x, right, across), moved(y, down, up)),
            None => self.begin(world),
        };
        self.mark = Some(mark);
        self.follow(world, mark)
    }

    /// The column under the cursor goes along with the line of a matrix.
    fn follow(&mut self, world: &World, (_, y): Mark) -> Vec<Request> {
        let column = world.explored().and_then(|all| match self.view {
            View::Correlations => all.correlation.columns.get(y),
            View::Gaps => all.gaps.columns.get(y).map(|of| &of.column),
            View::Column | View::Against | View::Orders => None,
        });
        let Some(column) = column.filter(|column| self.column.as_ref() != Some(column)) else { return Vec::new() };
        self.column = Some(column.clone());
        vec![Request::FocusColumn(column.clone())]
    }

    /// The rows at the place that is read; of a correlation its scatter.
    pub(super) fn list_here(&mut self, world: &World) -> Vec<Request> {
        let (Some(mark), Some(table), Some(all)) = (self.mark, world.table.as_deref(), world.explored()) else {
            return Vec::new();
        };
        let shown = match self.view {
            View::Correlations => return self.scatter(world, all, mark),
            View::Gaps => self.strips.list(world, &all.gaps, mark),
            View::Orders => orders_here(world, table, mark),
            View::Against => self.cell_here(world, table, mark),
            View::Column => self.summary(world).map(|summary| bar_here(world, table, summary, mark.0)),
        };
        shown.into_iter().collect()
    }

    /// The line's column against the other, or its values where both are one.
    fn scatter(&mut self, world: &World, all: &Exploration, (x, y): Mark) -> Vec<Request> {
        let columns = &all.correlation.columns;
        let (Some(column), Some(other)) = (columns.get(y), columns.get(x)) else { return Vec::new() };
        let requests = self.go(world, column);
        let summary = all.summaries.iter().find(|summary| summary.column == *column);
        let partner = summary.and_then(|summary| super::pairs::place_of(all, summary, other));
        self.mark = None;
        (self.view, self.partner) = partner.map_or((View::Column, 0), |partner| (View::Against, partner));
        requests
    }

    fn cell_here(&self, world: &World, table: &Table, mark: Mark) -> Option<Request> {
        let ((rows, [x, y]), words) = self.pair.rows(table, mark).zip(self.pair.words(mark))?;
        let expression = self.pair.expression(table, mark);
        Some(Here::new(words, rows).of(&[&x, &y]).where_(expression).list(world))
    }

    /// The first line: what is read, else what the column is.
    pub(super) fn draw_first_line(&self, buf: &mut Buffer, area: Rect, summary: &Summary, look: &Look) {
        let words = match (self.mark, self.view) {
            (Some(mark), View::Column) => reading::words(summary, mark.0),
            (Some(mark), _) => self.pair.words(mark).unwrap_or_default(),
            (None, _) => return column::draw_headline(buf, area, summary, look),
        };
        let name = if self.view == View::Column { summary.column.as_str() } else { "" };
        rows_here::draw(buf, area, name, &words, "which", look);
    }
}

fn bar_here(world: &World, table: &Table, summary: &Summary, bar: usize) -> Request {
    let words = format!("{} {}", summary.column, reading::words(summary, bar));
    let expression = reading::expression(table, summary, bar);
    Here::new(words, reading::rows(table, summary, bar)).of(&[&summary.column]).where_(expression).list(world)
}

/// The lines of a period, where the table's rows are lines.
fn orders_here(world: &World, table: &Table, mark: Mark) -> Option<Request> {
    let found = world.orders()?;
    let of = found.periods.get(mark.0)?;
    if world.recipe.as_ref().is_some_and(|recipe| recipe.rollup.is_some()) {
        return Some(Request::Say("these lines were rolled up to customers: R goes back to the lines".to_owned()));
    }
    let (rows, expression) = reading::period_rows(table, of);
    let words = format!("{}: {}", reading::period_words(found, mark.0), rows_here::counted(rows.len()));
    Some(Here::new(words, rows).where_(expression).list(world))
}
