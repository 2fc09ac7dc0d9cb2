//! The workbench without terminal and engine, for tests: keys in, screens out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use super::action::Action;
use super::backend::{Event, Job, News, Order, Work};
use super::fixtures;
use super::look::{Depth, Glyphs};
use super::panes::{self, fixtures as mall};
use super::random_tests::hands::event;
use super::state::{Effect, Start, State};
use super::update::update;
use super::world::World;
use crate::config::Theme;
use crate::table::{Role, SourceSpec};

/// The start of a workbench that reads and keeps nothing of the user's.
pub fn start(source: SourceSpec) -> Start {
    Start {
        source,
        theme: Theme::load("ansi", None).unwrap().value,
        themes: None,
        depth: Depth::Ansi16,
        glyphs: Glyphs::Braille,
        keymap: BTreeMap::new(),
        warnings: Vec::new(),
        resumed: None,
        offered: None,
        is_kept: false,
        recent: Vec::new(),
    }
}

/// The workbench with everything but terminal and engine.
pub struct Desk {
    pub state: State,
    pub orders: Vec<Order>,
    pub copied: Vec<String>,
    /// How often the terminal was asked to paint or to stop.
    pub terminal: usize,
}

impl Desk {
    pub fn new(width: u16, height: u16) -> Self {
        Self::opened(fixtures::spec(), width, height)
    }

    /// With this world.
    pub fn with(world: World, width: u16, height: u16) -> Self {
        let mut desk = Self::new(width, height);
        desk.state.world = world;
        desk.state.settle();
        desk.orders.clear();
        desk
    }

    /// With this source asked for.
    pub fn opened(source: SourceSpec, width: u16, height: u16) -> Self {
        let (state, effects) = State::new(start(source), panes::all()).unwrap();
        let mut desk = Self { state, orders: Vec::new(), copied: Vec::new(), terminal: 0 };
        desk.keep(effects);
        desk.act(Action::Resize(Size::new(width, height)));
        desk
    }

    /// With the campaign's table read and prepared.
    pub fn campaign(width: u16, height: u16) -> Self {
        let mut desk = Self::new(width, height);
        let (loaded, recipe) = fixtures::loaded();
        desk.news(News::Preview(Arc::new(fixtures::preview())));
        desk.news(News::Loaded(loaded, Box::new(recipe.clone())));
        desk.news(News::Explored(Arc::new(fixtures::exploration())));
        desk.news(News::Prepared(Arc::new(fixtures::prepared(&recipe))));
        desk
    }

    pub fn keep(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Engine(order) => self.orders.push(order),
                Effect::Copy(text) => self.copied.push(text),
                Effect::Suspend | Effect::Repaint => self.terminal += 1,
            }
        }
    }

    pub fn act(&mut self, action: Action) {
        let effects = update(&mut self.state, action);
        self.keep(effects);
    }

    /// The engine answers the newest question.
    pub fn news(&mut self, news: News) {
        let stamps = self.state.stamps;
        let generation = match &news {
            News::Preview(_) | News::Loaded(..) | News::Explored(_) => stamps.source,
            News::Study { .. } | News::Failed(Job::Study, _) => stamps.study,
            _ => stamps.matrix,
        };
        self.act(Action::News(Event { generation, news }));
    }

    /// Types keys by their names, with blanks between them.
    pub fn keys(&mut self, names: &str) {
        for name in names.split_whitespace() {
            self.act(Action::Key(event(name.parse().unwrap())));
        }
        if self.state.pane().moves() {
            self.act(Action::Rest);
        }
    }

    pub fn buffer(&self) -> (Buffer, Option<Position>) {
        let mut buf = Buffer::empty(Rect::from((Position::ORIGIN, self.state.size)));
        let cursor = super::frame::draw(&self.state, &mut buf);
        (buf, cursor)
    }

    pub fn screen(&self) -> String {
        let (buf, _) = self.buffer();
        let line = |y| (0..buf.area.width).map(|x| buf[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
        (0..buf.area.height).map(line).collect::<Vec<_>>().join("\n")
    }

    /// The screen, and below it where each style begins.
    pub fn styled(&self) -> String {
        let (buf, _) = self.buffer();
        let mut text = self.screen() + "\n";
        for y in 0..buf.area.height {
            let styles: Vec<_> =
                (0..buf.area.width).map(|x| (buf[(x, y)].fg, buf[(x, y)].bg, buf[(x, y)].modifier)).collect();
            let mut from = 0;
            text += &format!("\n{y:>2}:");
            for run in styles.chunk_by(|a, b| a == b) {
                let (fg, bg, modifier) = run[0];
                if (fg, bg) != Default::default() || !modifier.is_empty() {
                    text += &format!(" {from}-{} {fg} {bg} {modifier:?};", from + run.len() - 1);
                }
                from += run.len();
            }
        }
        text
    }

    pub fn newest(&self) -> &Work {
        &self.orders.last().unwrap().work
    }

    pub fn message(&self) -> &str {
        self.state.message.as_ref().map_or("", |(_, text)| text)
    }

    pub fn role(&self, column: &str) -> Role {
        self.state.world.recipe.as_ref().unwrap().role(column)
    }
}

/// With the Mall's study in the world.
pub fn studied() -> Desk {
    let mut desk = Desk::campaign(80, 24);
    desk.news(News::Study { study: Arc::new(mall::study()), finished: true });
    desk
}
