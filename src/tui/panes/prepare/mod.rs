//! Prepare: the recipe as a list of steps, what each did, and what the algorithms will see.

mod features;
mod menu;
mod steps;
mod unused;
mod variants;
mod worth;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::focus::{self, Focus};
use super::parts::form::{self, Form};
use super::parts::{headless, missing};
use super::{OpenKey, Pane};
use crate::plot::number;
use crate::recipe::Step;
use crate::table::{Kind, Role};
use crate::tui::action::{Request, Tab};
use crate::tui::command::{Command, Place};
use crate::tui::look::Look;
use crate::tui::widgets::text;
use crate::tui::world::World;
use menu::{Chosen, Menu};
pub use worth::told;

const HERE: Place = Place::Tab(Tab::Prepare);

/// The commands of this place.
pub const COMMANDS: &[Command] = &[
    HERE.command("prepare.down", "move", "Down", &["j", "down"], true),
    HERE.command("prepare.up", "move", "Up", &["k", "up"], true),
    HERE.command("prepare.add", "add", "Add a step: what, then to which column", &["a", "+"], true),
    HERE.command(
        "prepare.change",
        "change",
        "The step's next setting (in the menu: choose)",
        &["enter", "space"],
        true,
    )
    .at_cursor(),
    HERE.command("prepare.edit", "settings", "Type the settings of the step", &["t"], true),
    HERE.command("prepare.remove", "remove", "Remove the step", &["d", "delete"], true).at_cursor(),
    HERE.command("prepare.scale", "scaling", "The next scaling of all features", &["s"], true),
    HERE.command("prepare.side", "features", "Between steps and features", &["tab", "backtab"], true),
    HERE.command("prepare.heavier", "heavier", "The feature under the cursor weighs twice as much", &[">"], true)
        .at_cursor(),
    HERE.command("prepare.lighter", "lighter", "The feature under the cursor weighs half as much", &["<"], true)
        .at_cursor(),
    HERE.command(
        "prepare.earlier",
        "earlier",
        "Have the step carried out earlier, among those of its kind",
        &["K"],
        false,
    )
    .at_cursor(),
    HERE.command("prepare.later", "later", "Have the step carried out later, among those of its kind", &["J"], false)
        .at_cursor(),
    HERE.command("prepare.study", "study", "Type the study's settings and the seed", &["S"], false),
    HERE.command("prepare.export", "hand-over", "Type how segments are handed over: columns, upsert …", &["H"], false),
    HERE.command(
        "prepare.rank",
        "worth",
        "What each feature is worth: relevance, doubles, what it does for the run",
        &["i"],
        true,
    ),
    HERE.command(
        "prepare.leave",
        "leave out",
        "The feature under the cursor is described, not clustered on",
        &["o"],
        false,
    )
    .at_cursor(),
    HERE.command("prepare.first", "first", "To the first", &["g", "home"], false),
    HERE.command("prepare.last", "last", "To the last", &["G", "end"], false),
    HERE.command("prepare.page_down", "page down", "Ten lines down", &["pagedown", "ctrl-d"], false),
    HERE.command("prepare.page_up", "page up", "Ten lines up", &["pageup", "ctrl-u"], false),
    HERE.command("prepare.next", "next of yours", "To the next step that is the recipe's own", &["]"], false),
    HERE.command("prepare.former", "former of yours", "To the recipe's own step before", &["["], false),
];

const EXPLAIN: &[(&str, &str)] = &[
    (
        "steps",
        "what is done to the columns, in order. Those with a number are the recipe's and yours to change; those with · are done without being asked and change no value but to bring features to one scale.",
    ),
    ("rows", "how many rows are left after the step."),
    (
        "weighs",
        "a feature's share of the variance of the matrix: how much it counts in the distances between customers.",
    ),
    (
        "worth",
        "how much of a feature's variance lies between the segments that stand out most, beside what chance gives: i ranks them.",
    ),
    ("a category", "weighs as one feature, however many values it has."),
    ("not used", "rows that stand in no segment, and why; an export writes them with an empty segment and that note."),
];

/// Which list the cursor is in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Side {
    #[default]
    Steps,
    Features,
}

/// The pane of the recipe.
#[derive(Debug, Default)]
pub struct Prepare {
    side: Side,
    step: usize,
    feature: usize,
    /// The column that was last looked at elsewhere: a new step is proposed for it.
    column: Option<String>,
    menu: Option<Menu>,
    form: Option<Form>,
}

/// Where the parts of the place stand.
struct Places {
    head: Rect,
    steps: Rect,
    features: Rect,
    unused: Rect,
}

impl Places {
    fn new(area: Rect, world: &World) -> Self {
        let head = Rect { height: 2.min(area.height), ..area };
        let rest = Rect { y: area.y + head.height, height: area.height - head.height, ..area };
        let unused = (unused::height(world) + 1).min(rest.height / 4);
        let middle = rest.height - unused;
        let below = Rect { y: rest.y + middle, height: unused, ..rest };
        if area.width >= 116 {
            let left = area.width * 2 / 3;
            let steps = Rect { width: left, height: middle, ..rest };
            let features = Rect { x: area.x + left, width: area.width - left, height: middle, ..rest };
            return Self { head, steps, features, unused: below };
        }
        let wanted = steps::height(world, area.width);
        let weighed = u16::try_from(features::list(world).len() + 1).unwrap_or(u16::MAX);
        let left = middle.saturating_sub(weighed).min(middle.div_ceil(2));
        let upper = wanted.min(middle * 2 / 3).max(left);
        let steps = Rect { height: upper, ..rest };
        let features = Rect { y: rest.y + upper, height: middle - upper, ..rest };
        Self { head, steps, features, unused: below }
    }
}

impl Prepare {
    fn walk(&mut self, world: &World, by: isize) {
        if let Some(menu) = &mut self.menu {
            return menu.step(world, by);
        }
        match self.side {
            Side::Steps => self.step = self.step.saturating_add_signed(by),
            Side::Features => self.feature = self.feature.saturating_add_signed(by),
        }
        self.settle(world);
    }

    /// To the recipe's own step after, or before, the cursor.
    fn own_beside(&mut self, world: &World, forward: bool) -> Vec<Request> {
        let lines = steps::lines(world);
        let own = |at: &usize| lines[*at].step.is_some();
        let found = match forward {
            true => (self.step + 1..lines.len()).find(own),
            false => (0..self.step.min(lines.len())).rev().find(own),
        };
        match found {
            Some(at) => {
                (self.side, self.step) = (Side::Steps, at);
                Vec::new()
            }
            None => vec![Request::Say("no further step of the recipe's own: a adds one".into())],
        }
    }

    fn enter(&mut self, world: &World) -> Vec<Request> {
        match self.menu.take() {
            Some(menu) => self.chosen(menu.choose(world)),
            None => self.change(world),
        }
    }

    fn chosen(&mut self, (chosen, said): (Chosen, Option<String>)) -> Vec<Request> {
        match chosen {
            Chosen::Menu(menu) => self.menu = Some(menu),
            Chosen::Form(form) => self.form = Some(form),
            Chosen::Done(requests) => return requests,
        }
        said.map(Request::Say).into_iter().collect()
    }

    /// The form of the step under the cursor.
    fn edit(&mut self, world: &World) -> Vec<Request> {
        let at = self.own(world);
        let step = at.and_then(|at| world.recipe.as_ref()?.steps.get(at));
        self.form = at.zip(step).map(|(at, step)| Form::change(step, at));
        match self.form {
            Some(_) => Vec::new(),
            None => vec![Request::Say("this is done without being asked: a adds a step that says otherwise".into())],
        }
    }

    fn moved(&self, world: &World, later: bool) -> Vec<Request> {
        self.own(world).map(|at| Request::MoveStep(at, later)).into_iter().collect()
    }

    /// The feature under the cursor describes from now on.
    fn leave(&self, world: &World) -> Vec<Request> {
        let name = features::list(world).into_iter().nth(self.feature).map(|(name, _)| name);
        name.map(|name| Request::SetRole(name, Role::Describe)).into_iter().collect()
    }

    /// The recipe's step under the cursor.
    fn own(&self, world: &World) -> Option<usize> {
        let line = steps::lines(world).into_iter().nth(self.step)?;
        line.step.filter(|_| self.side == Side::Steps)
    }

    fn change(&self, world: &World) -> Vec<Request> {
        let (Some(at), Some(recipe)) = (self.own(world), &world.recipe) else {
            return vec![Request::Say("this is done without being asked: a adds a step that says otherwise".into())];
        };
        match recipe.steps.get(at).and_then(|step| variants::next(step, is_text(world, step))) {
            Some(step) => vec![Request::ReplaceStep(at, step)],
            None => vec![Request::Say("this step has one setting only: d removes it".into())],
        }
    }

    fn remove(&self, world: &World) -> Vec<Request> {
        match self.own(world) {
            Some(at) => vec![Request::RemoveStep(at)],
            None => vec![Request::Say("only steps with a number can be removed".into())],
        }
    }

    fn weigh(&self, world: &World, by: f64) -> Vec<Request> {
        let feature = features::list(world).into_iter().nth(self.feature).map(|(name, _)| name);
        match (feature, &world.recipe) {
            (Some(name), Some(recipe)) if self.side == Side::Features => variants::weigh(recipe, &name, by),
            _ => vec![Request::Say("Tab goes to the features: < and > change how much one weighs".into())],
        }
    }
}

impl Pane for Prepare {
    fn commands(&self) -> &'static [Command] {
        COMMANDS
    }

    fn run(&mut self, id: &str, world: &World) -> Option<Vec<Request>> {
        match id {
            "prepare.down" => self.walk(world, 1),
            "prepare.up" => self.walk(world, -1),
            "prepare.first" => self.walk(world, isize::MIN),
            "prepare.last" => self.walk(world, isize::MAX),
            "prepare.page_down" => self.walk(world, 10),
            "prepare.page_up" => self.walk(world, -10),
            "prepare.next" => return Some(self.own_beside(world, true)),
            "prepare.former" => return Some(self.own_beside(world, false)),
            "prepare.add" => self.menu = Some(Menu::new(self.column.clone())),
            "prepare.side" => self.side = if self.side == Side::Steps { Side::Features } else { Side::Steps },
            "prepare.change" => return Some(self.enter(world)),
            "prepare.edit" => return Some(self.edit(world)),
            "prepare.earlier" => return Some(self.moved(world, false)),
            "prepare.later" => return Some(self.moved(world, true)),
            "prepare.study" => self.form = Form::study(world),
            "prepare.export" => self.form = Form::export(world),
            "prepare.rank" => return Some(vec![Request::RankFeatures]),
            "prepare.leave" => return Some(self.leave(world)),
            "prepare.remove" => return Some(self.remove(world)),
            "prepare.scale" => return Some(variants::next_scaling(world)),
            "prepare.heavier" => return Some(self.weigh(world, 2.0)),
            "prepare.lighter" => return Some(self.weigh(world, 0.5)),
            "why" => return Some(steps::why(world)),
            _ => return None,
        }
        Some(Vec::new())
    }

    fn settle(&mut self, world: &World) {
        self.step = self.step.min(steps::lines(world).len().saturating_sub(1));
        self.feature = self.feature.min(features::list(world).len().saturating_sub(1));
        self.menu.iter_mut().for_each(|menu| menu.settle(world));
    }

    fn view(&self, world: &World, look: &Look, area: Rect, buf: &mut Buffer) {
        let places = Places::new(area, world);
        head(buf, places.head, world, look);
        steps::draw(buf, places.steps, world, (self.side == Side::Steps).then_some(self.step), look);
        features::draw(buf, places.features, world, (self.side == Side::Features).then_some(self.feature), look);
        unused::draw(buf, places.unused, world, look);
        if let Some(menu) = &self.menu {
            menu.draw(buf, area, world, look);
        }
        if let Some(form) = &self.form {
            form.draw(buf, area, look);
        }
    }

    #[cfg(test)]
    fn flaw(&self, world: &World) -> Option<String> {
        let (steps, features) = (steps::lines(world).len().max(1), features::list(world).len().max(1));
        let off = self.step >= steps || self.feature >= features;
        let cursor = off.then(|| format!("step {} of {steps}, feature {} of {features}", self.step, self.feature));
        let menu = self.menu.as_ref().and_then(|menu| menu.flaw(world));
        cursor.or(menu).or(self.form.as_ref().and_then(Form::flaw))
    }

    fn typing(&self) -> bool {
        self.form.is_some()
    }

    fn typing_keys(&self) -> &'static [OpenKey] {
        form::KEYS
    }

    fn key(&mut self, world: &World, key: KeyEvent) -> Vec<Request> {
        Form::fill(&mut self.form, world, key).unwrap_or_default()
    }

    fn click(&mut self, world: &World, area: Rect, position: Position, _twice: bool) -> Vec<Request> {
        let places = Places::new(area, world);
        (self.menu, self.form) = (None, None);
        if let Some(step) = steps::at(places.steps, world, self.step, position) {
            (self.side, self.step) = (Side::Steps, step);
        } else if let Some(feature) = features::at(places.features, world, self.feature, position) {
            (self.side, self.feature) = (Side::Features, feature);
        }
        Vec::new()
    }

    fn focus(&mut self, world: &World, column: &str) {
        self.column = Some(column.to_owned());
        let of_column = |line: &steps::Line| line.columns.iter().any(|name| name == column);
        if let Some(at) = steps::lines(world).iter().position(of_column) {
            self.step = at;
        }
        if let Some(at) = features::list(world).iter().position(|(name, _)| name == column) {
            self.feature = at;
        }
    }

    fn back(&mut self) -> bool {
        self.menu.take().is_some()
    }

    fn search(&mut self, world: &World, wanted: &str, forward: bool) -> bool {
        let wanted = wanted.to_lowercase();
        if let Some(menu) = &mut self.menu {
            return menu.search(world, &wanted, forward);
        }
        let steps: Vec<String> = steps::lines(world).into_iter().map(|line| line.title).collect();
        let features = features::list(world).into_iter().map(|(name, _)| name);
        let (first, all) = (steps.len(), steps.into_iter().chain(features).collect::<Vec<_>>());
        let at = if self.side == Side::Steps { self.step } else { first + self.feature };
        let found = around(at, all.len(), forward).find(|&at| all[at].to_lowercase().contains(&wanted));
        match found {
            Some(at) if at < first => (self.side, self.step) = (Side::Steps, at),
            Some(at) => (self.side, self.feature) = (Side::Features, at - first),
            None => {}
        }
        found.is_some()
    }

    fn offers(&self, world: &World, id: &str) -> bool {
        match id {
            "prepare.remove" | "prepare.edit" => self.own(world).is_some(),
            "prepare.heavier" | "prepare.lighter" | "prepare.leave" => self.side == Side::Features,
            "prepare.change" => self.side == Side::Steps,
            _ => true,
        }
    }

    fn open_keys(&self) -> Option<&'static [OpenKey]> {
        self.menu.is_some().then_some(menu::KEYS)
    }

    fn note(&self, world: &World, _area: Rect) -> String {
        world.recipe.as_ref().map_or_else(String::new, |recipe| match recipe.steps.len() {
            1 => "1 step in the recipe".into(),
            steps => format!("{steps} steps in the recipe"),
        })
    }

    fn headless(&self, world: &World) -> String {
        headless::command("compare", world, &[])
    }

    fn focus_explained(&self) -> Focus {
        focus::STEPS
    }

    fn explain(&self) -> &'static [(&'static str, &'static str)] {
        EXPLAIN
    }
}

/// The places after this one, or before it, around and back to it.
fn around(at: usize, count: usize, forward: bool) -> impl Iterator<Item = usize> {
    (1..=count).map(move |by| (at + if forward { by } else { count - by }) % count)
}

/// Whether the step's column holds texts.
fn is_text(world: &World, step: &Step) -> bool {
    let field = step.columns().first().and_then(|column| world.table.as_ref()?.field(column));
    field.is_some_and(|field| field.kind == Kind::Text)
}

/// What comes of it, in two lines.
fn head(buf: &mut Buffer, area: Rect, world: &World, look: &Look) {
    let width = area.width.saturating_sub(2);
    let (first, second) = match (&world.prepared, &world.recipe) {
        (Some(prepared), Some(recipe)) => {
            let (rows, all) = (prepared.matrix.nrows(), prepared.fates.len());
            let features = recipe.roles.cluster.len();
            let columns = prepared.matrix.ncols();
            let what = format!("{} of {} customers stand in the matrix", number::whole(rows), number::whole(all));
            let wide = if columns == features { String::new() } else { format!(", {columns} columns wide") };
            (what, format!("{features} features{wide} · every change is computed at once, u takes it back"))
        }
        _ => missing::before_runs(world).unwrap_or_default(),
    };
    text::put(buf, area.x + 1, area.y, width, &first, look.title());
    if area.height > 1 {
        text::put(buf, area.x + 1, area.y + 1, width, &second, look.text());
    }
}

#[cfg(test)]
mod tests;
