//! How every place of the workbench looks: its pictures in words, signs, contrast, edges, and the README's.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod contrast;
mod edges;
mod pictures;
mod signs;
mod svg;
mod words;

use ratatui::buffer::Buffer;
use ratatui::layout::Size;

use super::action::Action;
use super::command_tests::sample;
use super::desk::Desk;
use super::fixtures;
use super::inline::Inline;
use super::look::{Depth, Glyphs, Look};
use super::work::Beginning;
use super::world::World;
use crate::config::Theme;

/// The places, each with its states: a name, and the keys that lead there.
const PLACES: &[(&str, &[(&str, &str)])] = &[
    (
        "data",
        &[
            ("the columns", "1 g"),
            ("a finding", "1 f"),
            ("all findings", "1 F"),
            ("the whole table", "1 r j l l z"),
            ("what a column must be", "1 m"),
            ("some rows", "1 r *"),
        ],
    ),
    (
        "explore",
        &[
            ("numbers", "2 home"),
            ("a category", "2 G"),
            ("a bar is read", "2 home l l l"),
            ("one against another", "2 home m"),
            ("a cell is read", "2 home m l"),
            ("correlations", "2 c"),
            ("gaps", "2 g"),
        ],
    ),
    (
        "prepare",
        &[
            ("the steps", "3"),
            ("the features", "3 tab j"),
            ("what can be added", "3 a j j"),
            ("to which column", "3 a j enter"),
            ("settings are typed", "3 S"),
            ("the features ranked", "3 i"),
        ],
    ),
    (
        "compare",
        &[
            ("the runs", "4"),
            ("all runs, sorted", "4 z s G"),
            ("why", "4 x"),
            ("the next study", "4 a j j"),
            ("one run against another", "4 g space G space ="),
        ],
    ),
    (
        "segments",
        &[
            ("the card", "5"),
            ("the heat map", "5 v"),
            ("the lines", "5 v v"),
            ("the silhouettes", "5 v v v"),
            ("the tree", "5 v v v v"),
            ("the statistics", "5 x"),
            ("against groups", "5 c"),
            ("the customers", "5 enter"),
            ("why this customer", "5 enter x"),
            ("the outcomes", "5 o"),
            ("how sure", "5 p"),
            ("what to try", "5 a"),
            ("a name is typed", "5 r"),
        ],
    ),
    (
        "map",
        &[
            ("everybody", "6"),
            ("one segment, nearer", "6 j +"),
            ("a cell is read", "6 i"),
            ("silhouettes", "6 v"),
            ("the tree", "6 v v"),
        ],
    ),
    (
        "over_all",
        &[
            ("help", "5 ?"),
            ("the palette", "5 : s a v e"),
            ("the export", "5 e"),
            ("the report", "5 E"),
            ("the themes", "5 T"),
            ("rows are asked for", "5 &"),
            ("a text is looked for", "5 / h i g h"),
            ("nothing is found", "5 / q q enter"),
            ("a command", "5 !"),
            ("the tour", ": t o u r enter"),
        ],
    ),
];

/// The tabs before there is anything to show.
const EMPTY: [&str; 5] = ["2", "3", "4", "5", "6"];

/// A state of a place, reached.
struct Shown {
    place: &'static str,
    name: &'static str,
    desk: Desk,
}

impl Shown {
    fn at(place: &'static str, name: &'static str, keys: &str, world: World) -> Self {
        let mut desk = Desk::with(world, 120, 40);
        desk.keys(keys);
        // What else is asked for is not waited for: the sample was studied, and the rest says that it is worked out.
        desk.orders.retain(|order| matches!(order.work, super::backend::Work::Look(_)));
        desk.settle(&mut Inline::new(Beginning::default()));
        Self { place, name, desk }
    }

    /// What it looks like on a screen of this size.
    fn drawn(&mut self, (width, height): (u16, u16), look: &Look) -> Buffer {
        self.desk.state.look = look.clone();
        self.desk.act(Action::Resize(Size::new(width, height)));
        self.desk.buffer().0
    }

    fn told(&self) -> String {
        format!("{}, {}", self.place, self.name)
    }
}

/// All states of all places, full and empty.
fn all() -> Vec<Shown> {
    let full = PLACES
        .iter()
        .flat_map(|(place, states)| states.iter().map(|(name, keys)| Shown::at(place, name, keys, sample())));
    full.chain(empty()).collect()
}

/// The places while the file is read.
fn empty() -> impl Iterator<Item = Shown> {
    let preview = World { preview: Some(std::sync::Arc::new(fixtures::preview())), ..World::default() };
    let reading = std::iter::once(Shown::at("empty", "the first rows", "1", preview));
    reading.chain(EMPTY.into_iter().map(|tab| Shown::at("empty", tab, tab, World::default())))
}

/// This theme on a terminal with these abilities.
fn look(theme: &str, depth: Depth, glyphs: Glyphs) -> Look {
    Look::new(&Theme::load(theme, None).unwrap().value, depth, glyphs)
}

/// The lines of a picture, without the blanks at their ends.
fn lines(buf: &Buffer) -> Vec<String> {
    let line = |y| (0..buf.area.width).map(|x| buf[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
    (0..buf.area.height).map(line).collect()
}
