//! Random keys, seeded, on the real update with the real work, done inline in an order that the seed draws: neither
//! panic nor hang nor inconsistent state. Some thousand keys on the bundled data; `SEGMENTA_RANDOM_KEYS=100000` walks
//! that many, and over the files of `../shared/data` too where they are there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod flaws;
pub mod hands;
mod sandbox;

use std::path::{Path, PathBuf};

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use super::action::Action;
use super::desk;
use super::look::{Depth, Glyphs};
use super::panes;
use super::state::{Effect, Start, State};
use super::update::update;
use crate::config::Theme;
use crate::table::SourceSpec;
use sandbox::Sandbox;

/// So many keys at each source where nothing else is said.
const KEYS: usize = 120;

/// The workbench on one source, and the hands that press its keys.
struct Walk {
    state: State,
    sandbox: Sandbox,
    rng: Xoshiro256PlusPlus,
    /// The last keys, so that a failure can be told.
    pressed: Vec<String>,
}

impl Walk {
    fn new(source: &str, seed: u64) -> Self {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        let ascii = rng.gen_bool(0.2);
        let start = Start {
            theme: Theme::load("default", None).unwrap().value,
            depth: Depth::True,
            glyphs: if ascii { Glyphs::Ascii } else { Glyphs::Braille },
            ..desk::start(SourceSpec::new(source))
        };
        let (state, effects) = State::new(start, panes::all()).unwrap();
        let mut walk = Self { state, sandbox: Sandbox::new(source), rng, pressed: Vec::new() };
        walk.keep(effects);
        walk.act(Action::Resize(Size::new(80, 24)));
        walk
    }

    fn keep(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Engine(order) = effect {
                self.sandbox.send(order);
            }
        }
    }

    fn act(&mut self, action: Action) {
        let effects = update(&mut self.state, action);
        self.keep(effects);
    }

    /// Lets the engine say up to `events` things.
    fn hear(&mut self, events: usize) {
        for _ in 0..events {
            let Some(event) = self.sandbox.next(&mut self.rng) else { return };
            self.act(Action::News(event));
        }
    }

    /// Lets the engine come to an end: answers that ask for more without end are a hang.
    fn settle(&mut self) {
        self.hear(10_000);
        assert!(self.sandbox.is_idle(), "the engine never comes to rest");
    }

    fn step(&mut self) {
        let action = hands::next(&mut self.rng, &self.state);
        self.pressed.push(hands::told(&action));
        self.act(action);
        match self.rng.gen_range(0..100) {
            0..60 => {}
            60..98 => {
                let events = self.rng.gen_range(1..6);
                self.hear(events);
            }
            _ => {
                self.settle();
                flaws::settled(&self.state);
            }
        }
        self.look();
        if std::mem::take(&mut self.state.over) {
            self.state.asked_to_quit = false;
        }
    }

    /// Draws a frame and looks for flaws.
    fn look(&self) {
        let mut buf = Buffer::empty(Rect::from((Position::ORIGIN, self.state.size)));
        let cursor = super::frame::draw(&self.state, &mut buf);
        flaws::state(&self.state);
        flaws::picture(&buf, cursor, self.state.look.is_ascii());
    }
}

/// Walks; what went wrong, if anything did, with the last keys before it.
fn walk(source: &str, seed: u64, keys: usize) -> Option<String> {
    let mut walk = Walk::new(source, seed);
    let steps = std::panic::AssertUnwindSafe(|| (0..keys).for_each(|_| walk.step()));
    let panic = std::panic::catch_unwind(steps).err()?;
    let words = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    let last: Vec<&str> = walk.pressed.iter().rev().take(12).rev().map(String::as_str).collect();
    let (count, words) = (walk.pressed.len(), words.unwrap_or_default());
    Some(format!("{source}, seed {seed}, key {count}: {words}\n  {}", last.join("\n  ")))
}

fn bundled(name: &str) -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/").to_owned() + name
}

/// The sources that come with the program, and those beside it where a long walk is asked for.
fn sources(long: bool) -> Vec<String> {
    let mut sources = vec!["sample:mall".to_owned(), "sample:orders".to_owned()];
    sources
        .extend(["campaign", "contracts", "people", "sales"].map(|name| bundled(&format!("tests/faults/{name}.csv"))));
    let handmade = ["wide_unicode.csv", "escape_sequences.csv", "empty.csv", "all_null_and_constant.csv"];
    sources.extend(handmade.map(|name| bundled(&format!("tests/nasty/handmade/{name}"))));
    let shared = PathBuf::from(bundled("../shared/data"));
    if long && shared.is_dir() {
        sources.extend(listed(&shared));
    }
    sources
}

fn listed(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<String> = entries.map(|entry| entry.unwrap().path().display().to_string()).collect();
    files.sort();
    files
}

#[test]
fn random_keys_never_panic_hang_or_break_the_state() {
    let asked: Option<usize> = std::env::var("SEGMENTA_RANDOM_KEYS").ok().and_then(|count| count.parse().ok());
    let first: u64 = std::env::var("SEGMENTA_RANDOM_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let sources = sources(asked.is_some());
    let each = asked.map_or(KEYS, |all| all.div_ceil(sources.len()));
    let failed: Vec<String> =
        sources.iter().zip(first..).filter_map(|(source, seed)| walk(source, seed, each)).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}
