//! Explore: what the values of each column look like, and what goes with what.

pub mod chart;
mod column;
mod commands;
mod correlations;
mod cursor;
mod gaps;
mod list;
mod orders;
mod pairs;
mod reading;

#[cfg(test)]
mod tests;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::focus::{self, Focus};
use super::parts::headless;
use super::parts::held::Held;
use super::{Pane, Shown, parts};
use crate::engine::orders::has_orders as has;
use crate::explore::{Exploration, Summary};
use crate::tui::action::{Request, Tab};
use crate::tui::command::Command;
use crate::tui::look::Look;
use crate::tui::widgets::{rule, spelling, text};
use crate::tui::world::World;
pub use commands::COMMANDS;
use commands::EXPLAIN;
use gaps::Strips;
use list::Order;
use pairs::Pair;
use reading::Mark;

/// What is shown of the column under the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum View {
    /// Its values.
    #[default]
    Column,
    /// It against another.
    Against,
    /// All correlations.
    Correlations,
    /// All gaps.
    Gaps,
    /// Orders over time.
    Orders,
}

impl View {
    /// The next one, around; orders where there are some.
    fn next(self, has_orders: bool) -> Self {
        match self {
            Self::Column => Self::Against,
            Self::Against => Self::Correlations,
            Self::Correlations => Self::Gaps,
            Self::Gaps if has_orders => Self::Orders,
            Self::Gaps | Self::Orders => Self::Column,
        }
    }
}

/// The pane of the columns.
#[derive(Debug, Default)]
pub struct Explore {
    column: Option<String>,
    held: Held<String>,
    order: Order,
    view: View,
    /// Which of the other columns, in the order of their correlation, it is held against.
    partner: usize,
    pair: Pair,
    strips: Strips,
    /// The bar or cell that is read.
    mark: Option<Mark>,
}

/// The least lines of a picture with its figures.
const PICTURE: u16 = 11;
/// The least cells of a list with a picture beside it.
const BESIDE: u16 = 60;

impl Explore {
    fn columns<'a>(&self, world: &World, exploration: &'a Exploration) -> Vec<&'a Summary> {
        list::ordered(world, exploration, self.order)
    }

    fn at(&self, columns: &[&Summary]) -> usize {
        columns.iter().position(|summary| Some(summary.column.as_str()) == self.column.as_deref()).unwrap_or(0)
    }

    fn step(&mut self, world: &World, by: isize) -> Vec<Request> {
        let Some(exploration) = world.explored() else { return Vec::new() };
        let columns = self.columns(world, exploration);
        let Some(last) = columns.len().checked_sub(1) else { return Vec::new() };
        self.go(world, &columns[self.at(&columns).saturating_add_signed(by).min(last)].column)
    }

    fn go(&mut self, world: &World, column: &str) -> Vec<Request> {
        let from = world.explored().and_then(|all| {
            let columns = self.columns(world, all);
            columns.get(self.at(&columns)).map(|summary| summary.column.clone())
        });
        from.into_iter().for_each(|from| self.held.go(from, &column.to_owned()));
        if self.column.as_deref() != Some(column) {
            (self.partner, self.mark) = (0, None);
        }
        self.column = Some(column.to_owned());
        vec![Request::FocusColumn(column.to_owned())]
    }

    fn against(&mut self) {
        self.mark = None;
        match self.view {
            View::Against => self.partner += 1,
            _ => self.view = View::Against,
        }
    }

    fn toggle(&mut self, view: View) {
        self.mark = None;
        self.view = if self.view == view { View::Column } else { view };
    }

    fn orders(&mut self, world: &World) -> Vec<Request> {
        if !has_orders(world) {
            return vec![Request::Say(orders::NONE.to_owned())];
        }
        self.toggle(View::Orders);
        Vec::new()
    }

    fn to_data(&self, world: &World) -> Vec<Request> {
        let Some(exploration) = world.explored() else { return Vec::new() };
        let columns = self.columns(world, exploration);
        match columns.get(self.at(&columns)) {
            Some(summary) => vec![Request::FocusColumn(summary.column.clone()), Request::Go(Tab::Data)],
            None => Vec::new(),
        }
    }

    /// The list and the picture beside it: where there are few lines the list alone, where there are few cells the picture.
    fn parts(&self, body: Rect, columns: &[&Summary]) -> (Rect, Rect) {
        let list = match body {
            _ if body.height < PICTURE && self.view == View::Column => body.width,
            _ if body.width < BESIDE => 0,
            _ => list::width(columns, body.width),
        };
        let right = Rect { x: body.x + list, width: body.width - list, ..body };
        (Rect { width: list, ..body }, right)
    }

    fn draw(&self, buf: &mut Buffer, area: Rect, world: &World, exploration: &Exploration, look: &Look) {
        let columns = self.columns(world, exploration);
        let at = self.at(&columns);
        let held = columns.iter().find(|summary| self.held.get() == Some(&summary.column));
        let Some(summary) = held.or_else(|| columns.get(at)) else { return };
        let body = Rect { y: area.y + 1, height: area.height - 1, ..area };
        match self.view {
            View::Correlations => {
                correlations::draw(buf, area, (world, exploration), (&summary.column, self.mark), look);
            }
            View::Orders => draw_orders(buf, area, world, self.mark, look),
            View::Gaps => {
                let read = (&self.strips, summary.column.as_str(), self.mark);
                gaps::draw(buf, area, (world, exploration), read, look);
            }
            View::Column | View::Against => {
                let (left, right) = self.parts(body, &columns);
                if left.width > 0 {
                    list::draw(buf, left, world, (&columns, at), self.order, look);
                }
                if left.width > 0 && right.width > 0 {
                    rule::upright(buf, right, look);
                }
                let beside = u16::from(left.width > 0).min(right.width);
                let right = Rect { x: right.x + beside, width: right.width - beside, ..right };
                if right.width == 0 {
                    self.draw_first_line(buf, area, summary, look);
                    return;
                }
                if self.view == View::Column {
                    column::draw(buf, right, (world, summary, exploration.rows), self.mark.map(|mark| mark.0), look);
                } else {
                    self.pair.draw(buf, right, (world, exploration), (summary, self.partner), look);
                    self.mark.iter().for_each(|mark| self.pair.cross(buf, *mark, look));
                }
                self.draw_first_line(buf, area, summary, look);
            }
        }
    }
}

fn has_orders(world: &World) -> bool {
    world.read.as_deref().is_some_and(|table| has(table, world.recipe.as_ref()))
}

fn draw_orders(buf: &mut Buffer, area: Rect, world: &World, mark: Option<Mark>, look: &Look) {
    match world.orders() {
        Some(found) => orders::draw(buf, area, (world, found), mark.map(|mark| mark.0), look),
        None => {
            text::put(buf, area.x + 1, area.y, area.width - 2, "Orders over time", look.strong());
            text::put(buf, area.x + 3, area.y + 2, area.width - 4, "the order lines are being read …", look.dim());
        }
    }
}

impl Pane for Explore {
    fn commands(&self) -> &'static [Command] {
        COMMANDS
    }

    fn run(&mut self, id: &str, world: &World) -> Option<Vec<Request>> {
        if let Some(requests) = self.moved(id, world) {
            return Some(requests);
        }
        match id {
            "explore.down" => return Some(self.step(world, 1)),
            "explore.up" => return Some(self.step(world, -1)),
            "explore.page_down" => return Some(self.step(world, 10)),
            "explore.page_up" => return Some(self.step(world, -10)),
            "explore.first" => return Some(self.step(world, isize::MIN)),
            "explore.last" => return Some(self.step(world, isize::MAX)),
            "explore.open" if self.mark.is_some() => return Some(self.list_here(world)),
            "explore.open" => return Some(self.to_data(world)),
            "explore.against" => self.against(),
            "explore.correlations" => self.toggle(View::Correlations),
            "explore.gaps" => self.toggle(View::Gaps),
            "explore.picture" => (self.view, self.mark) = (self.view.next(has_orders(world)), None),
            "explore.orders" => return Some(self.orders(world)),
            "explore.sort" => {
                self.order = self.order.next();
                return Some(vec![Request::Say(format!("Columns ordered by {}.", self.order.title()))]);
            }
            _ => return None,
        }
        Some(Vec::new())
    }

    fn needs(&self, world: &World) -> Vec<Request> {
        let wanted = self.view == View::Orders && world.orders().is_none();
        wanted.then_some(Request::NeedOverTime).into_iter().collect()
    }

    fn settle(&mut self, world: &World) {
        if self.view == View::Orders && world.read.is_some() && !has_orders(world) {
            self.view = View::Column;
        }
        let known = |name: &str| {
            world.exploration.as_ref().is_none_or(|all| all.summaries.iter().any(|one| one.column == name))
        };
        if self.column.as_deref().is_some_and(|name| !known(name)) {
            self.column = None;
        }
        let (across, up) = self.places(world);
        self.mark = self.mark.filter(|(x, y)| *x < across && *y < up);
        self.held.settle(true, |name| known(name));
    }

    fn moves(&self) -> bool {
        self.held.moves()
    }

    fn rest(&mut self) {
        self.held.rest();
    }

    fn view(&self, world: &World, look: &Look, area: Rect, buf: &mut Buffer) {
        if parts::tiny(area) {
            return;
        }
        match world.explored() {
            Some(exploration) if !exploration.summaries.is_empty() => self.draw(buf, area, world, exploration, look),
            Some(_) => text::put(buf, area.x + 1, area.y, area.width - 2, "The file has no columns.", look.strong()),
            None => {
                let what = match (&world.table, &world.looked) {
                    (Some(_), Some(_)) => "The rows that are looked at are being summed up …",
                    (Some(_), None) => "The columns are being summed up …",
                    (None, _) => "The file is being read …",
                };
                text::put(buf, area.x + 1, area.y, area.width - 2, what, look.strong());
                text::put(
                    buf,
                    area.x + 3,
                    area.y + 1,
                    area.width - 4,
                    "1 Data shows its first rows already.",
                    look.text(),
                );
            }
        }
        spelling::spell(buf, area, look);
    }

    fn click(&mut self, world: &World, area: Rect, position: Position, _twice: bool) -> Vec<Request> {
        let Some(exploration) = world.explored().cloned() else { return Vec::new() };
        let columns = self.columns(world, &exploration);
        let list = self.parts(area, &columns).0;
        let inside = position.x < list.right() && position.y > area.y + 1;
        if !inside || !matches!(self.view, View::Column | View::Against) {
            return Vec::new();
        }
        let row = list::first(self.at(&columns), columns.len(), area.height - 1) + (position.y - area.y - 2) as usize;
        match columns.get(row) {
            Some(summary) => self.go(world, &summary.column.clone()),
            None => Vec::new(),
        }
    }

    fn focus(&mut self, world: &World, column: &str) {
        if world.exploration.as_ref().is_none_or(|all| all.summaries.iter().any(|one| one.column == column)) {
            self.column = Some(column.to_owned());
        }
    }

    fn search(&mut self, world: &World, words: &str, forward: bool) -> bool {
        let Some(exploration) = world.explored().cloned() else { return false };
        let columns = self.columns(world, &exploration);
        let (at, count, words) = (self.at(&columns), columns.len(), words.to_lowercase());
        let order = (1..=count).map(|by| (at + if forward { by } else { count - by }) % count);
        let found = order.into_iter().find(|&index| columns[index].column.to_lowercase().contains(&words));
        if let Some(found) = found {
            self.column = Some(columns[found].column.clone());
        }
        found.is_some()
    }

    fn back(&mut self) -> bool {
        if self.mark.take().is_some() {
            return true;
        }
        std::mem::take(&mut self.view) != View::Column
    }

    fn offers(&self, world: &World, id: &str) -> bool {
        id != "explore.orders" || has_orders(world)
    }

    fn list_order(&self) -> Option<String> {
        (self.order != Order::default()).then(|| self.order.title().to_owned())
    }

    fn order_list(&mut self, order: &str) {
        let known = std::iter::successors(Some(Order::default()), |order| Some(order.next())).take(Order::COUNT);
        self.order = known.into_iter().find(|known| known.title() == order).unwrap_or(self.order);
    }

    fn note(&self, world: &World, _area: Rect) -> String {
        let count = world.exploration.as_ref().map_or(0, |all| all.summaries.len());
        if count == 0 {
            String::new()
        } else {
            format!("{} by {}, s", parts::rows_here::columns(count), self.order.title())
        }
    }

    fn shown(&self, world: &World) -> Option<Shown> {
        let (exploration, summary) = (world.explored()?, self.summary(world)?);
        let column = summary.column.clone();
        Some(match self.view {
            View::Column => Shown::Column(column),
            View::Against => Shown::Against(column, pairs::partner(exploration, summary, self.partner)?.column.clone()),
            View::Correlations => Shown::Correlations,
            View::Gaps => Shown::Gaps,
            View::Orders => Shown::Orders,
        })
    }

    #[cfg(test)]
    fn flaw(&self, world: &World) -> Option<String> {
        let exploration = world.exploration.as_ref()?;
        let column = self.column.as_ref()?;
        let known = exploration.summaries.iter().any(|summary| summary.column == *column);
        (!known).then(|| format!("Explore looks at {column}, which is not there"))
    }

    fn headless(&self, world: &World) -> String {
        headless::of_rows("explore", world)
    }

    fn focus_explained(&self) -> Focus {
        match self.view {
            View::Column => focus::COLUMN,
            View::Against => focus::AGAINST,
            View::Correlations => focus::CORRELATIONS,
            View::Gaps => focus::GAPS,
            View::Orders => focus::ORDERS,
        }
    }

    fn explain(&self) -> &'static [(&'static str, &'static str)] {
        EXPLAIN
    }
}
