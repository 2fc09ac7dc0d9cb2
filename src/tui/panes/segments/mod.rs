//! Segments: who the customers of each segment are, how they differ, and how sure that is.

mod baskets;
mod card;
mod commands;
mod customers;
mod differences;
mod drift;
mod head;
mod leaves;
mod looked;
mod migration;
mod outcomes;
mod pictures;
mod places;
mod proof;
mod reading;
mod sheets;
mod statistics;
mod view;
mod why_here;
mod written;

#[cfg(test)]
mod leaves_tests;
#[cfg(test)]
mod tests;

use std::cell::Cell;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::focus::{self, Focus};
use super::parts::editor::{self, Editor, Typed};
use super::parts::form::{self, Form};
use super::parts::held::Held;
use super::parts::silhouettes::Sorted;
use super::parts::{headless, rows};
use super::{OpenKey, Pane, Shown, parts};
use crate::segments::Segment;
use crate::tui::action::Request;
use crate::tui::command::Command;
use crate::tui::look::Look;
use crate::tui::widgets::spelling;
use crate::tui::world::World;
use commands::{COMMANDS, EXPLAIN};
use customers::Customers;
use leaves::Leaf;
use looked::Shares;
use pictures::Picture;
use places::Places;
use reading::Reading;
use sheets::Open;
use written::Written;

/// The pane of the segments.
#[derive(Debug, Default)]
pub struct Segments {
    cursor: usize,
    held: Held<usize>,
    picture: Picture,
    customers: Option<Customers>,
    open: Open,
    editor: Option<(Written, Editor)>,
    form: Option<Form>,
    cut: Option<usize>,
    sorted: Sorted,
    reading: Reading,
    shares: Shares,
    /// The last line that what is open was scrolled to at most, in the last frame.
    most: Cell<usize>,
}

impl Segments {
    fn current<'a>(&self, world: &'a World) -> Option<&'a Segment> {
        world.shown_segments()?.list.get(self.cursor)
    }

    /// The segment whose card and pictures are shown: the one under the cursor, once it rests there.
    fn pictured(&self) -> usize {
        self.held.get().copied().unwrap_or(self.cursor)
    }

    fn step(&mut self, world: &World, by: isize) {
        if let Some(scroll) = self.open.scroll() {
            *scroll = scroll.saturating_add_signed(by).min(self.most.get());
        } else if let Some(customers) = &mut self.customers {
            customers.step(by);
        } else {
            let last = world.shown_segments().map_or(0, |profile| profile.list.len().saturating_sub(1));
            let from = self.cursor;
            self.cursor = from.saturating_add_signed(by).min(last);
            self.held.go(from, &self.cursor);
        }
    }

    /// To another segment; where customers are listed, to its.
    fn beside(&mut self, world: &World, by: isize) {
        let last = world.shown_segments().map_or(0, |profile| profile.list.len().saturating_sub(1));
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
        if self.customers.is_some() {
            self.customers = self.current(world).and_then(|segment| Customers::new(world, segment));
        }
    }

    fn open(&mut self, world: &World) -> Vec<Request> {
        let opened = self.current(world).and_then(|segment| Customers::new(world, segment));
        if opened.is_none() {
            return vec![Request::Say("The customers can be listed once the table is read and prepared.".into())];
        }
        self.customers = opened;
        Vec::new()
    }

    /// Begins to write something about the segment under the cursor.
    fn write(&mut self, world: &World, what: Written) {
        let editor = if what == Written::Name { Editor::replacing } else { Editor::new };
        self.editor = self.current(world).map(|segment| (what, editor(what.of(segment))));
    }

    /// Why the customer under the cursor is here, or the figures of all segments.
    fn why(&mut self, world: &World) {
        match &mut self.customers {
            Some(customers) => customers.toggle_why(world),
            None => self.open.toggle(Open::Statistics(0)),
        }
    }

    /// Where the tree is cut: at the segments of the run until the cut was moved.
    fn cut(&self, world: &World) -> usize {
        let leaves = world.dendrogram.as_ref().map_or(1, |tree| tree.leaves.len().max(1));
        let segments = world.shown_segments().map_or(2, |profile| profile.list.len());
        self.cut.unwrap_or(segments).clamp(1, leaves)
    }

    fn move_cut(&mut self, world: &World, by: isize) -> Vec<Request> {
        if self.picture != Picture::Tree {
            return vec![Request::Say("v shows the tree, the last picture; + and − move its cut.".into())];
        }
        let most = world.dendrogram.as_ref().map_or(2, |tree| tree.leaves.len().clamp(2, 30));
        self.cut = Some(self.cut(world).saturating_add_signed(by).clamp(2, most));
        Vec::new()
    }

    fn copy(&self, world: &World) -> Vec<Request> {
        let Some(segment) = self.current(world) else { return Vec::new() };
        match Customers::new(world, segment) {
            Some(customers) => customers.copy(world, segment),
            None => Vec::new(),
        }
    }

    fn copy_rule(&self, world: &World) -> Vec<Request> {
        match self.current(world).and_then(|segment| segment.rule.as_ref()) {
            Some(rule) => vec![Request::Copy(rule.text.clone(), "the rule")],
            None => vec![Request::Say("no plain rule was found for this segment".into())],
        }
    }

    /// Asks for another period; who moved is shown as soon as it is read.
    fn follow(&mut self) -> Vec<Request> {
        self.open = Open::Leaf(Leaf::Migration, 0);
        vec![Request::AskPeriod]
    }

    fn act(&mut self, id: &str, world: &World) -> Option<Vec<Request>> {
        if self.is_on_picture() && self.moved(id, world) {
            return Some(Vec::new());
        }
        if let Some(leaf) = Leaf::of(id) {
            self.open.toggle(Open::Leaf(leaf, 0));
            return Some(Vec::new());
        }
        match id {
            "segments.follow" => return Some(self.follow()),
            "segments.hold" => {
                self.open = Open::Leaf(Leaf::Drift, 0);
                return Some(vec![Request::AskLater]);
            }
            "segments.contacts" => return Some(vec![Request::AskContacts]),
            "segments.handover" => self.form = Form::export(world),
            "segments.movers" => return Some(vec![Request::AskMovers]),
            "segments.feedback" => return Some(vec![Request::AskResults]),
            "segments.down" => self.step(world, 1),
            "segments.up" => self.step(world, -1),
            "segments.next" => self.beside(world, 1),
            "segments.former" => self.beside(world, -1),
            "segments.page_down" => self.step(world, 20),
            "segments.page_up" => self.step(world, -20),
            "segments.first" => self.step(world, isize::MIN),
            "segments.last" => self.step(world, isize::MAX),
            "segments.picture" => (self.picture, self.reading.mark) = (self.picture.next(), None),
            "segments.read" if self.is_on_picture() => return Some(self.read(world)),
            "segments.read" => (),
            "segments.left" | "segments.right" => return Some(vec![Request::Say(reading::BEGIN.to_owned())]),
            "segments.open" if self.is_on_picture() && self.reading.mark.is_some() => {
                return Some(self.list_here(world));
            }
            "segments.open" if matches!(self.open, Open::Action(_)) => self.write(world, Written::Offer),
            "segments.open" if self.customers.is_none() => return Some(self.open(world)),
            "segments.open" => (),
            "segments.copy" => return Some(self.copy(world)),
            "segments.copy_rule" => return Some(self.copy_rule(world)),
            "segments.keep" => return Some(vec![Request::KeepNames]),
            "segments.rename" => self.write(world, Written::Name),
            "segments.note" => self.write(world, Written::Note),
            "segments.action" => self.open.toggle(Open::Action(0)),
            "segments.crosses" => self.open.toggle(Open::Crosses(0)),
            "segments.more" => return Some(self.move_cut(world, 1)),
            "segments.fewer" => return Some(self.move_cut(world, -1)),
            "why" => self.why(world),
            _ => return None,
        }
        Some(Vec::new())
    }

    /// Whether the picture is in sight: no list, no sheet over it.
    fn is_on_picture(&self) -> bool {
        self.customers.is_none() && self.open == Open::Closed
    }
}

impl Pane for Segments {
    fn commands(&self) -> &'static [Command] {
        COMMANDS
    }

    fn run(&mut self, id: &str, world: &World) -> Option<Vec<Request>> {
        self.act(id, world)
    }

    fn needs(&self, world: &World) -> Vec<Request> {
        let Some(run) = world.run_id() else { return Vec::new() };
        let mut needs = Vec::new();
        if !world.segments.contains_key(run) {
            needs.push(Request::NeedSegments(run.to_owned()));
        }
        match self.picture {
            Picture::Silhouettes if !world.silhouettes.contains_key(run) => {
                needs.push(Request::NeedSilhouettes(run.to_owned()));
            }
            Picture::Tree if world.dendrogram.is_none() => needs.push(Request::NeedDendrogram),
            _ => (),
        }
        needs
    }

    fn settle(&mut self, world: &World) {
        let count = world.shown_segments().map_or(0, |profile| profile.list.len());
        self.cursor = self.cursor.min(count.saturating_sub(1));
        self.held.settle(true, |&segment| segment < count);
        self.keep_mark(world);
        let shown = world.shown_segments().map(|profile| profile.run.as_str());
        if self.customers.as_ref().is_some_and(|customers| !customers.is_of(shown)) {
            self.customers = None;
        }
        if let (Some(customers), Some(profile)) = (&mut self.customers, world.shown_segments()) {
            customers.settle(world, profile);
        }
    }

    fn rows_here(&self, world: &World) -> Option<String> {
        rows::of_segment(world, self.current(world)?.number)
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
        match (world.shown_segments(), &self.customers, self.open) {
            (Some(profile), Some(customers), _) => customers.draw(buf, area, world, profile, look),
            (Some(profile), None, Open::Closed) => self.draw(buf, area, world, profile, look),
            (Some(profile), None, open) => {
                self.most.set(open.draw(buf, area, (world, profile, self.cursor), look));
                let line = Rect { y: area.bottom().saturating_sub(1), height: 1, ..area };
                self.editor.iter().for_each(|(what, editor)| editor.draw(buf, line, what.title(), look));
            }
            (None, ..) => head::draw_empty(buf, area, world, look),
        }
        self.form.iter().for_each(|form| form.draw(buf, area, look));
        spelling::spell(buf, area, look);
    }

    fn click(&mut self, world: &World, area: Rect, position: Position, twice: bool) -> Vec<Request> {
        let Some(profile) = world.shown_segments().cloned() else { return Vec::new() };
        if let Some(customers) = &mut self.customers {
            customers.click(area, position);
            return Vec::new();
        }
        let places = Places::new(area, &profile);
        let first_line = places.list.y + 1;
        let row = position.y.saturating_sub(first_line) as usize;
        if position.y < first_line || row >= places.room(&profile) {
            return Vec::new();
        }
        let index = places.first(self.cursor, &profile) + row;
        if index < profile.list.len() {
            self.cursor = index;
            return if twice { self.open(world) } else { Vec::new() };
        }
        Vec::new()
    }

    fn search(&mut self, world: &World, words: &str, forward: bool) -> bool {
        if let Some(customers) = &mut self.customers {
            return customers.search(world, words, forward);
        }
        let Some(profile) = world.shown_segments() else { return false };
        let (count, words) = (profile.list.len(), words.to_lowercase());
        let order = (1..=count).map(|by| (self.cursor + if forward { by } else { count - by }) % count);
        let found = order.into_iter().find(|&index| profile.list[index].name.to_lowercase().contains(&words));
        self.cursor = found.unwrap_or(self.cursor);
        found.is_some()
    }

    fn go_to(&mut self, _world: &World, row: usize) -> bool {
        if let Some(customers) = &mut self.customers {
            customers.go_to_row(row);
        }
        self.customers.is_some()
    }

    fn back(&mut self) -> bool {
        if self.customers.as_mut().is_some_and(Customers::close_why) || self.customers.take().is_some() {
            return true;
        }
        std::mem::take(&mut self.open) != Open::Closed || self.reading.mark.take().is_some()
    }

    fn typing(&self) -> bool {
        self.editor.is_some() || self.form.is_some()
    }

    fn typing_keys(&self) -> &'static [OpenKey] {
        if self.form.is_some() { form::KEYS } else { editor::KEYS }
    }

    fn key(&mut self, world: &World, key: KeyEvent) -> Vec<Request> {
        if let Some(requests) = Form::fill(&mut self.form, world, key) {
            return requests;
        }
        let Some((what, editor)) = &mut self.editor else { return Vec::new() };
        let (what, typed) = (*what, editor.key(key));
        if typed != Typed::On {
            self.editor = None;
        }
        match (typed, self.current(world)) {
            (Typed::Done(words), Some(segment)) if words != what.of(segment) => {
                let nameless = what == Written::Name && words.is_empty();
                if nameless { Vec::new() } else { vec![what.request(segment.number, words)] }
            }
            _ => Vec::new(),
        }
    }

    fn note(&self, world: &World, area: Rect) -> String {
        if world.shown_segments().is_none()
            || self.customers.is_some()
            || self.open != Open::Closed
            || area.width >= 140
        {
            return String::new();
        }
        self.picture.note()
    }

    fn open_keys(&self) -> Option<&'static [OpenKey]> {
        match (&self.customers, self.open) {
            (Some(_), _) => Some(customers::KEYS),
            (None, open) => open.keys(),
        }
    }

    fn shown(&self, world: &World) -> Option<Shown> {
        world.shown_segments().map(|_| self.picture.shown())
    }

    fn figure(&self, _world: &World) -> String {
        match (&self.open, self.picture) {
            (Open::Leaf(leaf, _), _) => leaf.figure().to_owned(),
            (_, picture) => picture.figure(self.cursor),
        }
    }

    #[cfg(test)]
    fn flaw(&self, world: &World) -> Option<String> {
        let count = world.shown_segments().map_or(0, |profile| profile.list.len());
        let cursor = (self.cursor >= count.max(1)).then(|| format!("segment {} of {count}", self.cursor));
        let customers = self.customers.as_ref().and_then(|customers| customers.flaw(world));
        cursor.or(customers).or(self.form.as_ref().and_then(Form::flaw))
    }

    fn headless(&self, world: &World) -> String {
        match (self.is_on_picture(), self.picture) {
            (true, Picture::Silhouettes | Picture::Tree) => headless::figure(&self.picture.figure(self.cursor), world),
            _ => {
                let run = headless::run(world);
                headless::command("profile", world, &run.as_deref().into_iter().collect::<Vec<_>>())
            }
        }
    }

    fn focus_explained(&self) -> Focus {
        match (&self.customers, self.open) {
            (Some(_), _) => focus::CUSTOMERS,
            (None, Open::Statistics(_)) => focus::STATISTICS,
            (None, Open::Leaf(leaf, _)) => leaf.focus(),
            (None, Open::Action(_)) => focus::ACTION,
            (None, Open::Crosses(_)) => focus::CROSSES,
            (None, Open::Closed) if self.picture == Picture::Silhouettes => focus::SILHOUETTES,
            (None, Open::Closed) if self.picture == Picture::Tree => focus::TREE,
            (None, Open::Closed) => focus::CARD,
        }
    }

    fn explain(&self) -> &'static [(&'static str, &'static str)] {
        EXPLAIN
    }
}
