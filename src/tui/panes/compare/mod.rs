//! Compare: which clustering to take, and why.

mod commands;
mod curves;
mod figures;
mod head;
mod indices;
mod lower;
mod places;
mod rows;
mod sheets;
mod table;

#[cfg(test)]
mod tests;

use std::cell::Cell;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::focus::Focus;
use super::parts::cloud::Cloud;
use super::parts::cross::CrossCache;
use super::parts::held::Held;
use super::parts::missing;
use super::{OpenKey, Pane, Shown, parts};
use crate::study::{Run, Status, Study};
use crate::tui::action::Request;
use crate::tui::command::Command;
use crate::tui::look::Look;
use crate::tui::widgets::table::first_row;
use crate::tui::widgets::{rule, spelling};
use crate::tui::world::World;
use commands::{COMMANDS, EXPLAIN};
pub use curves::chart as curve_chart;
pub use head::separation;
use lower::Described;
use places::{Places, TABLE};
use rows::Listed;
pub use rows::{Order, Sort};
use sheets::Open;
pub use table::spoken;

/// The pane of the runs.
#[derive(Debug, Default)]
pub struct Compare {
    cursor: Option<String>,
    held: Held<String>,
    sort: Order,
    /// Whether the curves have most of the room.
    large: bool,
    all: bool,
    open: Open,
    /// Lines for runs in the last frame: how many are listed depends on it.
    room: Cell<usize>,
    /// The cells of the table in the last frame: by what can be sorted depends on them.
    wide: Cell<u16>,
    /// The last line that what is open can be scrolled to, in the last frame.
    most: Cell<usize>,
    crosses: CrossCache,
    cloud: Cloud,
}

impl Compare {
    fn listed<'a>(&self, study: &'a Study) -> Listed<'a> {
        let room = if self.room.get() == 0 { 11 } else { self.room.get() };
        Listed::new(study, self.sort, (!self.shows_all()).then_some(room))
    }

    /// Whether no run is passed over: the best by a column are the best of all.
    fn shows_all(&self) -> bool {
        self.all || self.sort.by != Sort::Rank
    }

    /// The run under the cursor: the advised one until the cursor was moved.
    fn current<'a>(&self, world: &'a World) -> Option<&'a Run> {
        let study = world.study.as_ref()?;
        let own = self.cursor.as_deref().and_then(|id| study.run(id));
        own.or_else(|| study.recommended()).or_else(|| self.listed(study).all().next())
    }

    fn step(&mut self, world: &World, by: isize) {
        let Some(study) = world.study.as_ref() else { return };
        let runs: Vec<&Run> = self.listed(study).all().collect();
        let Some(last) = runs.len().checked_sub(1) else { return };
        let current = self.current(world).map(|run| run.id.as_str());
        let at = runs.iter().position(|run| Some(run.id.as_str()) == current).unwrap_or(0);
        self.put(current, &runs[at.saturating_add_signed(by).min(last)].id);
    }

    /// To the listed run of the same algorithm with the next number of segments.
    fn beside(&mut self, world: &World, more: bool) -> Vec<Request> {
        let (Some(study), Some(current)) = (world.study.as_ref(), self.current(world)) else { return Vec::new() };
        let (algorithm, now) = (current.candidate.algorithm, current.labels.clusters());
        let listed = self.listed(study);
        let others = listed.all().filter(|run| run.candidate.algorithm == algorithm);
        let found = match more {
            true => others.filter(|run| run.labels.clusters() > now).min_by_key(|run| run.labels.clusters()),
            false => others.filter(|run| run.labels.clusters() < now).max_by_key(|run| run.labels.clusters()),
        };
        match found {
            Some(run) => {
                self.put(Some(&current.id), &run.id);
                Vec::new()
            }
            None => vec![Request::Say(format!(
                "No run of {} with {} segments is listed: z lists all.",
                algorithm.title(),
                if more { "more" } else { "fewer" }
            ))],
        }
    }

    /// The cursor goes from one run to another.
    fn put(&mut self, from: Option<&str>, to: &str) {
        self.held.go(from.unwrap_or(to).to_owned(), &to.to_owned());
        self.cursor = Some(to.to_owned());
    }

    /// The run that is described below the table: the one under the cursor, once it rests there.
    fn below<'a>(&self, world: &'a World) -> Option<&'a Run> {
        let held = self.held.get().and_then(|id| world.study.as_ref()?.run(id));
        held.or_else(|| self.current(world))
    }

    fn with_current(&self, world: &World, request: impl Fn(String) -> Request) -> Vec<Request> {
        self.current(world).map(|run| request(run.id.clone())).into_iter().collect()
    }

    fn act(&mut self, id: &str, world: &World) -> Option<Vec<Request>> {
        match id {
            "compare.open" => return Some(self.with_current(world, Request::ChooseRun)),
            "compare.pin" => return Some(self.with_current(world, Request::Pin)),
            "why" => self.open = Open::why(),
            "compare.wider" => self.open = Open::wider(world),
            "compare.algorithms" => self.open = Open::algorithms(world),
            "compare.versus" => self.open = Open::versus(world).unwrap_or_default(),
            "compare.sort" => {
                let study = world.study.as_deref();
                let shown = study.map(|study| table::sorts(study, self.wide.get())).unwrap_or_default();
                self.sort = self.sort.by.next(|sort| shown.contains(&sort)).into();
            }
            "compare.turn" => self.sort.backwards = !self.sort.backwards,
            "compare.curves" => self.large = !self.large,
            "compare.all" => self.all = !self.all,
            "compare.down" => self.step(world, 1),
            "compare.up" => self.step(world, -1),
            "compare.page_down" => self.step(world, 10),
            "compare.page_up" => self.step(world, -10),
            "compare.first" => self.step(world, isize::MIN),
            "compare.last" => self.step(world, isize::MAX),
            "compare.finer" => return Some(self.beside(world, true)),
            "compare.coarser" => return Some(self.beside(world, false)),
            _ => return None,
        }
        if matches!(id, "compare.sort" | "compare.turn" | "compare.all") {
            self.keep_in_list(world);
        }
        Some(self.hint(id, world))
    }

    /// A cursor on a run that is no longer listed goes to the first one.
    fn keep_in_list(&mut self, world: &World) {
        let (Some(study), Some(current)) = (world.study.as_deref(), self.current(world)) else { return };
        let listed = self.listed(study);
        if listed.all().all(|run| run.id != current.id)
            && let Some(first) = listed.all().next()
        {
            self.put(Some(&current.id), &first.id);
        }
    }

    /// The next run of a list that has the words in its name.
    fn find<'a>(&self, listed: &Listed<'a>, current: Option<&str>, words: &str, forward: bool) -> Option<&'a Run> {
        let runs: Vec<&Run> = listed.all().collect();
        let at = runs.iter().position(|run| Some(run.id.as_str()) == current).unwrap_or(0);
        let (count, words) = (runs.len(), words.to_lowercase());
        let matches = |run: &Run| run.id.contains(&words) || table::spoken(run).contains(&words);
        let order = (1..=count).map(|by| if forward { (at + by) % count } else { (at + count - by) % count });
        order.map(|index| runs[index]).find(|run| matches(run))
    }

    /// What a key that can do nothing now says instead.
    fn hint(&self, id: &str, world: &World) -> Vec<Request> {
        match id {
            "compare.versus" if !self.open.is_open() => {
                vec![Request::Say("Pin two runs with Space first: = holds them against each other.".into())]
            }
            "compare.all" if self.shows_all() => vec![Request::Say("All runs are shown.".into())],
            "compare.all" => vec![Request::Say("The best runs of each algorithm are shown.".into())],
            "compare.sort" => vec![Request::Say(self.sort.said())],
            "compare.turn" => vec![Request::Say(self.sort.said())],
            "why" | "compare.down" if world.study.is_none() => vec![Request::Say("No runs yet.".into())],
            _ => Vec::new(),
        }
    }

    /// The first line of the table in sight.
    fn first_line(&self, lines: &[table::Line], cursor: Option<&str>, room: usize) -> usize {
        let at =
            lines.iter().position(|line| matches!(line, table::Line::Run(run, _) if Some(run.id.as_str()) == cursor));
        first_row(at.unwrap_or(0), lines.len(), room)
    }

    fn places(&self, area: Rect, study: &Study) -> Places {
        Places::new(area, head::height(area, study), self.large)
    }

    fn draw_study(&self, buf: &mut Buffer, area: Rect, world: &World, study: &Study, look: &Look) {
        let places = self.places(area, study);
        self.room.set(places.room());
        self.wide.set(places.table.width);
        head::draw(buf, places.head, area, (world, study), look);
        let (listed, current) = (self.listed(study), self.current(world));
        let (lines, cursor) = (table::lines(&listed), current.map(|run| run.id.as_str()));
        let first = self.first_line(&lines, cursor, places.room());
        let frame = table::Frame::new(study, self.sort, places.table.width, &self.crosses);
        let marks = table::Marks { cursor, pinned: &world.pinned, open: world.run_id() };
        frame.draw(buf, places.table, &lines, first, &marks, look);
        let below = self.below(world);
        let curves_of = if self.held.moves() { below } else { current };
        if let Some(run) = curves_of.filter(|_| places.curves.height > 0) {
            curves::draw(buf, places.curves, study, run, look);
        }
        if let Some(run) = below {
            let described = Described { run, coming: current.filter(|_| self.held.waits()) };
            self.draw_more(buf, &places, (world, study), (described, curves_of.unwrap_or(run)), look);
        }
    }

    fn draw_more(
        &self,
        buf: &mut Buffer,
        places: &Places,
        (world, study): (&World, &Study),
        (below, curves_of): (Described<'_>, &Run),
        look: &Look,
    ) {
        if places.side.width > 0 {
            rule::plain(buf, Rect { y: places.table.y - 1, height: 1, ..places.head }, look);
            rule::upright(buf, places.side, look);
            let side = Rect { x: places.side.x + 1, width: places.side.width - 1, ..places.side };
            indices::draw(buf, side, study, curves_of, look);
            lower::draw_wide(buf, places.lower, TABLE, (world, study, below), (&self.cloud, &self.crosses), look);
        } else if places.lower.height > 0 {
            lower::draw_list(buf, places.lower, world, below, look);
        }
    }
}

impl Pane for Compare {
    fn commands(&self) -> &'static [Command] {
        COMMANDS
    }

    fn run(&mut self, id: &str, world: &World) -> Option<Vec<Request>> {
        self.open.act(id, self.most.get()).or_else(|| self.act(id, world))
    }

    fn needs(&self, world: &World) -> Vec<Request> {
        let wanted = if self.held.moves() { self.below(world) } else { self.current(world) };
        let Some(run) = wanted else { return Vec::new() };
        let mut needs = Vec::new();
        if !world.segments.contains_key(&run.id) {
            needs.push(Request::NeedSegments(run.id.clone()));
        }
        if world.projection.is_none() && world.prepared.as_ref().is_some_and(|prepared| prepared.origin.len() != 2) {
            needs.push(Request::NeedProjection);
        }
        needs
    }

    fn settle(&mut self, world: &World) {
        self.crosses.trim();
        let known = |id: &String| world.study.as_ref().is_some_and(|study| study.run(id).is_some());
        if self.cursor.as_ref().is_some_and(|id| !known(id)) {
            self.cursor = None;
        }
        self.open.settle(known);
        let is_described = |run: &Run| run.status != Status::Done || world.segments.contains_key(&run.id);
        let ready = self.current(world).is_none_or(is_described);
        self.held.settle(ready, known);
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
        match world.study.as_deref() {
            _ if self.open.is_open() => {
                self.most.set(self.open.draw(buf, area, world, self.current(world), &self.crosses, look));
            }
            Some(study) => self.draw_study(buf, area, world, study, look),
            None => draw_empty(buf, area, world, look),
        }
        spelling::spell(buf, area, look);
    }

    fn click(&mut self, world: &World, area: Rect, position: Position, twice: bool) -> Vec<Request> {
        let Some(study) = world.study.as_deref().filter(|_| !self.open.is_open()) else { return Vec::new() };
        let places = self.places(area, study);
        if !places.table.contains(position) || position.y == places.table.y {
            return Vec::new();
        }
        let (listed, current) = (self.listed(study), self.current(world).map(|run| run.id.as_str()));
        let lines = table::lines(&listed);
        let first = self.first_line(&lines, current, places.room());
        let Some(table::Line::Run(run, _)) = lines.get(first + (position.y - places.table.y - 1) as usize) else {
            return Vec::new();
        };
        self.put(current, &run.id);
        if twice { vec![Request::ChooseRun(run.id.clone())] } else { Vec::new() }
    }

    fn list_order(&self) -> Option<String> {
        (self.sort != Order::default()).then(|| self.sort.word())
    }

    fn order_list(&mut self, order: &str) {
        self.sort = Order::of_word(order).unwrap_or(self.sort);
    }

    fn run_here(&self, world: &World) -> Option<String> {
        self.current(world).map(|run| run.id.clone())
    }

    fn search(&mut self, world: &World, words: &str, forward: bool) -> bool {
        let Some(study) = world.study.as_deref() else { return false };
        let current = self.current(world).map(|run| run.id.as_str());
        let all = Listed::new(study, self.sort, None);
        let (listed, hidden) = (self.find(&self.listed(study), current, words, forward), !self.shows_all());
        // What is not listed is found too: then all are.
        let found = listed.or_else(|| self.find(&all, current, words, forward).filter(|_| hidden));
        if let Some(run) = found {
            self.all |= self.listed(study).all().all(|listed| listed.id != run.id);
            self.put(current, &run.id);
        }
        found.is_some()
    }

    fn back(&mut self) -> bool {
        std::mem::take(&mut self.open).is_open()
    }

    fn note(&self, world: &World, area: Rect) -> String {
        let Some(study) = world.study.as_deref() else { return String::new() };
        let all = study.runs.iter().filter(|run| run.status != Status::Waiting).count();
        let room = self.places(area, study).room();
        let shown = Listed::new(study, self.sort, (!self.shows_all()).then_some(room)).all().count();
        let runs = if shown < all { format!("{shown} of {all} shown, z all") } else { format!("{all} runs") };
        format!("{runs} · v {} · » is open", if self.large { "runs" } else { "curves" })
    }

    fn open_keys(&self) -> Option<&'static [OpenKey]> {
        self.open.keys()
    }

    #[cfg(test)]
    fn flaw(&self, world: &World) -> Option<String> {
        let known = |id: &&String| world.study.as_ref().is_some_and(|study| study.run(id).is_some());
        let cursor = self.cursor.as_ref().filter(|id| !known(id)).map(|id| format!("the cursor is at the run {id}"));
        cursor.or_else(|| self.open.flaw(world))
    }

    fn shown(&self, world: &World) -> Option<Shown> {
        Some(Shown::Curves(self.current(world)?.candidate.algorithm))
    }

    fn headless(&self, world: &World) -> String {
        sheets::headless(world)
    }

    fn focus_explained(&self) -> Focus {
        self.open.focus()
    }

    fn explain(&self) -> &'static [(&'static str, &'static str)] {
        EXPLAIN
    }
}

fn draw_empty(buf: &mut Buffer, area: Rect, world: &World, look: &Look) {
    let otherwise = match world.studying {
        true => ("First look: the first runs are being fitted …", "They appear here as they are done."),
        false => ("Nothing has been compared yet.", "+ starts a study of these features."),
    };
    missing::draw(buf, area, world, otherwise, look);
}
