//! Segments: who the customers of each segment are, how they differ, and how sure that is.

mod baskets;
mod card;
mod customers;
mod differences;
mod leaves;
mod migration;
mod outcomes;
mod pictures;
mod proof;
mod statistics;

#[cfg(test)]
mod tests;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::parts::editor::{Editor, Typed};
use super::parts::{headless, segment_list};
use super::{Pane, parts};
use crate::plot::number;
use crate::segments::{Segment, Segments as Profile};
use crate::tui::action::{Request, Tab};
use crate::tui::command::{Command, Place};
use crate::tui::look::Look;
use crate::tui::widgets::{rule, spelling, table, text};
use crate::tui::world::World;
use customers::Customers;
use leaves::Leaf;

const fn command(
    id: &'static str,
    title: &'static str,
    help: &'static str,
    keys: &'static [&'static str],
    footer: bool,
) -> Command {
    Command { id, title, help, keys, place: Place::Tab(Tab::Segments), footer }
}

/// The commands of this place.
pub const COMMANDS: &[Command] = &[
    command("segments.down", "segment", "To the next segment.", &["j", "down"], true),
    command("segments.open", "its customers", "Lists the customers of this segment.", &["enter"], true),
    command("segments.rename", "name", "Gives this segment another name; its key stays.", &["r"], true),
    command("segments.copy", "copy list", "Copies the ids of its customers to the terminal's clipboard.", &["y"], true),
    command("segments.picture", "picture", "The next picture: bars, heat map, lines.", &["v"], true),
    command(
        "segments.outcomes",
        "outcomes",
        "What the segments bring: results with intervals, by weight.",
        &["o"],
        true,
    ),
    command(
        "segments.proof",
        "how sure",
        "How sure the segments are: redraws, other starts, without a feature.",
        &["p"],
        true,
    ),
    command(
        "segments.baskets",
        "what they buy",
        "What each segment buys more than the others (order lines).",
        &["b"],
        false,
    ),
    command("segments.moved", "who moved", "Who moved between segments from one period to another.", &["m"], false),
    command(
        "segments.follow",
        "follow",
        "Follows the customers to another period: a file, or days of the order lines.",
        &["F"],
        false,
    ),
    command(
        "segments.feedback",
        "feedback",
        "What a campaign did: a file of who was contacted and who responded.",
        &["f"],
        false,
    ),
    command("segments.up", "up", "To the segment above.", &["k", "up"], false),
    command("segments.first", "first", "To the first one.", &["g", "home"], false),
    command("segments.last", "last", "To the last one.", &["G", "end"], false),
    command("segments.page_down", "page down", "A page down in the list of customers.", &["pagedown"], false),
    command("segments.page_up", "page up", "A page up in the list of customers.", &["pageup"], false),
];

const EXPLAIN: &[(&str, &str)] = &[
    ("segments", "stand in the order of their size and keep their number, glyph and colour everywhere."),
    (
        "the figures",
        "are means in the file's own units, of the columns that differ most between the segments; everyone's stand below.",
    ),
    (
        "below ┃ above",
        "how far the segment's mean lies from everyone's, in standard deviations: half of one is where words like high and low begin.",
    ),
    ("spans", "the smallest and the largest value in the segment."),
    ("*", "a column that was not used to find the segments: it only describes them."),
    ("◇", "a result, kept out of the search: it judges the segments."),
    ("Rule", "a plain rule that finds the segment, how many of it it finds, and how many of those found belong to it."),
    (
        "holds",
        "how well the segment comes back when the customers are drawn afresh: firm from .85, holds from .75, a pattern from .60, below that no trust.",
    ),
    ("on a border", "customers that are nearer to another segment than to their own."),
    (
        "η², v",
        "x shows them: how much of a column's spread the segments explain, and how far a mean is from chance (beyond ±1.96). The same data made the segments, so these describe and prove nothing.",
    ),
];

/// What shows the differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Picture {
    /// The card of the segment under the cursor.
    #[default]
    Bars,
    /// Segments by columns.
    Heat,
    /// A line a segment over the columns.
    Lines,
}

impl Picture {
    fn next(self) -> Self {
        match self {
            Self::Bars => Self::Heat,
            Self::Heat => Self::Lines,
            Self::Lines => Self::Bars,
        }
    }
}

/// The pane of the segments.
#[derive(Debug, Default)]
pub struct Segments {
    cursor: usize,
    picture: Picture,
    customers: Option<Customers>,
    statistics: Option<usize>,
    leaf: Option<(Leaf, usize)>,
    editor: Option<Editor>,
}

/// Where the parts of the place stand.
struct Places {
    head: Rect,
    list: Rect,
    card: Rect,
    side: Rect,
}

impl Places {
    fn new(area: Rect, profile: &Profile) -> Self {
        let head = Rect { height: 1, ..area };
        let most = (area.height / 2).saturating_sub(1).max(8);
        let list = segment_list::height(profile).min(most);
        let list = Rect { y: area.y + 1, height: list, ..area };
        let rest = Rect { y: list.bottom(), height: area.bottom() - list.bottom(), ..area };
        if area.width < 140 {
            return Self { head, list, card: rest, side: Rect::ZERO };
        }
        let card = Rect { width: area.width * 11 / 20, ..rest };
        Self { head, list, card, side: Rect { x: card.right(), width: area.width - card.width, ..rest } }
    }

    /// Segments that can be seen at once.
    fn room(&self, profile: &Profile) -> usize {
        self.list.height.saturating_sub(2 + u16::from(profile.unassigned > 0)) as usize
    }

    fn first(&self, cursor: usize, profile: &Profile) -> usize {
        table::first_row(cursor, profile.list.len(), self.room(profile))
    }
}

impl Segments {
    fn current<'a>(&self, world: &'a World) -> Option<&'a Segment> {
        world.shown_segments()?.list.get(self.cursor)
    }

    fn step(&mut self, world: &World, by: isize) {
        if let Some((_, scroll)) = &mut self.leaf {
            *scroll = scroll.saturating_add_signed(by);
        } else if let Some(scroll) = &mut self.statistics {
            *scroll = scroll.saturating_add_signed(by);
        } else if let Some(customers) = &mut self.customers {
            customers.step(by);
        } else {
            let last = world.shown_segments().map_or(0, |profile| profile.list.len().saturating_sub(1));
            self.cursor = self.cursor.saturating_add_signed(by).min(last);
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

    fn copy(&self, world: &World) -> Vec<Request> {
        let Some(segment) = self.current(world) else { return Vec::new() };
        match Customers::new(world, segment) {
            Some(customers) => customers.copy(world, segment),
            None => Vec::new(),
        }
    }

    fn follow(&mut self) -> Vec<Request> {
        self.leaf = Some((Leaf::Migration, 0));
        vec![Request::AskPeriod]
    }

    fn act(&mut self, id: &str, world: &World) -> Option<Vec<Request>> {
        if let Some(leaf) = Leaf::of(id) {
            self.leaf = if self.leaf.is_some_and(|(shown, _)| shown == leaf) { None } else { Some((leaf, 0)) };
            return Some(Vec::new());
        }
        match id {
            "segments.follow" => return Some(self.follow()),
            "segments.feedback" => return Some(vec![Request::AskResults]),
            "segments.down" => self.step(world, 1),
            "segments.up" => self.step(world, -1),
            "segments.page_down" => self.step(world, 20),
            "segments.page_up" => self.step(world, -20),
            "segments.first" => self.step(world, isize::MIN),
            "segments.last" => self.step(world, isize::MAX),
            "segments.picture" => self.picture = self.picture.next(),
            "segments.open" if self.customers.is_none() => return Some(self.open(world)),
            "segments.open" => (),
            "segments.copy" => return Some(self.copy(world)),
            "segments.rename" => self.editor = self.current(world).map(|segment| Editor::new(segment.name.clone())),
            "why" => self.statistics = if self.statistics.is_some() { None } else { Some(0) },
            _ => return None,
        }
        Some(Vec::new())
    }

    fn draw(&self, buf: &mut Buffer, area: Rect, world: &World, profile: &Profile, look: &Look) {
        let places = Places::new(area, profile);
        draw_head(buf, places.head, world, profile, look);
        let first = places.first(self.cursor, profile);
        segment_list::draw(buf, places.list, profile, (Some(self.cursor), first), look);
        if let Some(editor) = &self.editor {
            let y = places.list.y + 1 + u16::try_from(self.cursor - first).unwrap_or(0);
            editor.draw(buf, Rect { y, height: 1, ..places.list }, "  name:", look);
        }
        let Some(segment) = profile.list.get(self.cursor) else { return };
        if places.side.width > 0 {
            card::draw(buf, places.card, world, (profile, segment), look);
            rule::upright(buf, places.side, look);
            let inner = Rect { x: places.side.x + 1, width: places.side.width - 1, ..places.side };
            return self.draw_side(buf, inner, profile, look);
        }
        match self.picture {
            Picture::Bars => card::draw(buf, places.card, world, (profile, segment), look),
            other => self.draw_picture(buf, places.card, profile, other, look),
        }
    }

    /// Both pictures where there is room for them, else the chosen one.
    fn draw_side(&self, buf: &mut Buffer, area: Rect, profile: &Profile, look: &Look) {
        let heat = u16::try_from(profile.list.len()).unwrap_or(u16::MAX).saturating_add(5);
        if area.height < heat.saturating_add(11) {
            let lines = self.picture == Picture::Lines;
            return self.draw_picture(buf, area, profile, if lines { Picture::Lines } else { Picture::Heat }, look);
        }
        pictures::heat(buf, Rect { height: heat, ..area }, profile, self.cursor, look);
        let rest = Rect { y: area.y + heat, height: (area.height - heat).min(24), ..area };
        pictures::lines(buf, rest, profile, self.cursor, look);
    }

    fn draw_picture(&self, buf: &mut Buffer, area: Rect, profile: &Profile, picture: Picture, look: &Look) {
        if picture == Picture::Lines {
            pictures::lines(buf, area, profile, self.cursor, look);
        } else {
            pictures::heat(buf, area, profile, self.cursor, look);
        }
    }
}

/// `5 segments of 200 customers     separation good .55 · all hold · 2 on a border`.
fn draw_head(buf: &mut Buffer, area: Rect, world: &World, profile: &Profile, look: &Look) {
    let assigned: usize = profile.list.iter().map(|segment| segment.size).sum();
    let count = profile.list.len();
    let words = format!("{count} segments of {} customers", number::whole(assigned + profile.unassigned));
    let end = text::put_spans(buf, area.x + 1, area.y, area.width - 2, &[(&words, look.strong())]);
    let mut facts = facts(world, profile);
    let room = area.right().saturating_sub(end + 4) as usize;
    while !facts.is_empty() && text::width(&facts.join(" · ")) > room {
        facts.pop();
    }
    text::put_right(buf, Rect { width: area.width - 1, ..area }, 0, &facts.join(" · "), look.text());
}

fn facts(world: &World, profile: &Profile) -> Vec<String> {
    let mut facts = Vec::new();
    let run = world.study.as_ref().and_then(|study| study.run(&profile.run));
    if let Some(silhouette) = run.and_then(|run| run.metrics.silhouette) {
        facts.push(format!("separation {} {}", super::compare::separation(silhouette), number::ratio(silhouette, 2)));
    }
    let redrawn = profile.list.iter().filter(|segment| segment.holds.is_some()).count();
    let hold = profile.list.iter().filter(|segment| segment.holds.is_some_and(|holds| holds >= 0.75)).count();
    match (redrawn, hold) {
        (0, _) => facts.push("not redrawn yet".to_owned()),
        (_, hold) if hold == profile.list.len() => facts.push("all hold".to_owned()),
        (_, hold) => facts.push(format!("{hold} of {} hold", profile.list.len())),
    }
    match profile.list.iter().map(|segment| segment.border).sum() {
        0 => (),
        border => facts.push(format!("{} on a border", number::whole(border))),
    }
    if profile.unassigned > 0 {
        facts.push(format!("{} in no segment", number::whole(profile.unassigned)));
    }
    facts
}

impl Pane for Segments {
    fn commands(&self) -> &'static [Command] {
        COMMANDS
    }

    fn run(&mut self, id: &str, world: &World) -> Option<Vec<Request>> {
        self.act(id, world)
    }

    fn needs(&self, world: &World) -> Vec<Request> {
        let Some(run) = world.run_id().filter(|run| !world.segments.contains_key(*run)) else { return Vec::new() };
        vec![Request::NeedSegments(run.to_owned())]
    }

    fn settle(&mut self, world: &World) {
        let count = world.shown_segments().map_or(0, |profile| profile.list.len());
        self.cursor = self.cursor.min(count.saturating_sub(1));
        let shown = world.shown_segments().map(|profile| profile.run.as_str());
        if self.customers.as_ref().is_some_and(|customers| !customers.is_of(shown)) {
            self.customers = None;
        }
    }

    fn view(&self, world: &World, look: &Look, area: Rect, buf: &mut Buffer) {
        if parts::too_small(buf, area, look) {
            return;
        }
        if let (Some(profile), Some((leaf, scroll))) = (world.shown_segments(), self.leaf) {
            leaf.draw(buf, area, (profile, world), scroll, look);
            return spelling::spell(buf, area, look);
        }
        match (world.shown_segments(), &self.customers, self.statistics) {
            (Some(profile), Some(customers), _) => customers.draw(buf, area, world, profile, look),
            (Some(profile), None, Some(scroll)) => statistics::draw(buf, area, (profile, self.cursor), scroll, look),
            (Some(profile), None, None) => self.draw(buf, area, world, profile, look),
            (None, ..) => draw_empty(buf, area, world, look),
        }
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

    fn search(&mut self, world: &World, words: &str, forward: bool) {
        if let Some(customers) = &mut self.customers {
            return customers.search(world, words, forward);
        }
        let Some(profile) = world.shown_segments() else { return };
        let (count, words) = (profile.list.len(), words.to_lowercase());
        let order = (1..=count).map(|by| (self.cursor + if forward { by } else { count - by }) % count);
        if let Some(found) = order.into_iter().find(|&index| profile.list[index].name.to_lowercase().contains(&words)) {
            self.cursor = found;
        }
    }

    fn go_to(&mut self, _world: &World, row: usize) {
        if let Some(customers) = &mut self.customers {
            customers.go_to_row(row);
        }
    }

    fn back(&mut self) -> bool {
        if self.leaf.take().is_some() || self.customers.take().is_some() {
            return true;
        }
        self.statistics.take().is_some()
    }

    fn typing(&self) -> bool {
        self.editor.is_some()
    }

    fn key(&mut self, world: &World, key: KeyEvent) -> Vec<Request> {
        let Some(editor) = &mut self.editor else { return Vec::new() };
        let typed = editor.key(key);
        if typed != Typed::On {
            self.editor = None;
        }
        match (typed, self.current(world)) {
            (Typed::Done(name), Some(segment)) if !name.is_empty() && name != segment.name => {
                vec![Request::Rename(segment.number, name)]
            }
            _ => Vec::new(),
        }
    }

    fn note(&self, world: &World, area: Rect) -> String {
        if world.shown_segments().is_none()
            || self.customers.is_some()
            || self.statistics.is_some()
            || self.leaf.is_some()
            || area.width >= 140
        {
            return String::new();
        }
        let (at, of) = match self.picture {
            Picture::Lines => (3, "lines"),
            Picture::Heat => (2, "heat map"),
            Picture::Bars => (1, "bars"),
        };
        format!("picture {at} of 3: {of}, v next")
    }

    fn headless(&self, world: &World) -> String {
        let run = world.run_id().map(|run| format!("--run {}", headless::quoted(run)));
        headless::command("profile", world, &run.as_deref().into_iter().collect::<Vec<_>>())
    }

    fn explain(&self) -> &'static [(&'static str, &'static str)] {
        EXPLAIN
    }
}

fn draw_empty(buf: &mut Buffer, area: Rect, world: &World, look: &Look) {
    let (what, next) = match (world.run_id(), world.studying) {
        (Some(_), _) => ("The segments are being described …", "They appear here as soon as they are."),
        (None, true) => ("First look: the runs are being fitted …", "The segments of the best one appear here."),
        (None, false) => ("No segments yet.", "4 Compare: choose a run with Enter, or + to start a study."),
    };
    text::put(buf, area.x + 1, area.y, area.width - 2, what, look.strong());
    text::put(buf, area.x + 3, area.y + 1, area.width - 4, next, look.text());
}
