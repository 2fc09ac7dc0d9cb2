//! One file a pane: its own view settings, what its commands do, and how it is drawn.

pub mod compare;
pub mod data;
pub mod explore;
mod focus;
pub mod map;
mod parts;
pub mod prepare;
pub mod segments;
mod shown;

#[cfg(test)]
pub mod fixtures;
#[cfg(test)]
mod testing;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::action::Request;
use super::command::Command;
use super::look::Look;
use super::world::World;

/// Ids of commands with blanks between them, and what they do.
pub type OpenKey = (&'static str, &'static str);

/// A tab's content. It owns its cursor and view settings; all else it reads from the world and asks for.
pub trait Pane {
    /// The commands of this place.
    fn commands(&self) -> &'static [Command];

    /// Runs one of its commands; `None` where the id is not one of them.
    fn run(&mut self, id: &str, world: &World) -> Option<Vec<Request>>;

    /// What has to be computed for what it shows now.
    fn needs(&self, _world: &World) -> Vec<Request> {
        Vec::new()
    }

    /// Whether something in it waits until the cursor rests; then [`Pane::rest`] follows.
    fn moves(&self) -> bool {
        false
    }

    /// The cursor rests.
    fn rest(&mut self) {}

    /// The world changed under it: brings cursors back into range.
    fn settle(&mut self, world: &World);

    /// Draws it. Depends on nothing but its arguments; the cost is O(cells).
    fn view(&self, world: &World, look: &Look, area: Rect, buf: &mut Buffer);

    /// A click at `position`, a double click where `twice`; `area` is what `view` was given.
    fn click(&mut self, _world: &World, _area: Rect, _position: Position, _twice: bool) -> Vec<Request> {
        Vec::new()
    }

    /// Puts the cursor on this column, where the place has columns.
    fn focus(&mut self, _world: &World, _column: &str) {}

    /// Esc: closes what is open inside the place; `false` where nothing was.
    fn back(&mut self) -> bool {
        false
    }

    /// Whether a line is being typed here (a name): then every key but Ctrl-C goes to [`Pane::key`].
    fn typing(&self) -> bool {
        false
    }

    /// The keys while [`Pane::typing`], by their names, and what they do.
    fn typing_keys(&self) -> &'static [OpenKey] {
        parts::editor::KEYS
    }

    /// A key while [`Pane::typing`]; Enter and Esc end it.
    fn key(&mut self, _world: &World, _key: KeyEvent) -> Vec<Request> {
        Vec::new()
    }

    /// The run that the place is about: the one under the cursor, where it lists runs.
    fn run_here(&self, world: &World) -> Option<String> {
        world.run_id().map(str::to_owned)
    }

    /// The expression of the rows that the cursor is on: of a value, of a segment.
    fn rows_here(&self, _world: &World) -> Option<String> {
        None
    }

    /// Takes the text typed after `/`: the cursor goes to the next match; `false` where there is none.
    fn search(&mut self, _world: &World, _text: &str, _forward: bool) -> bool {
        false
    }

    /// The cursor goes to this row of the table (0-based); `false` where the place has no rows.
    fn go_to(&mut self, _world: &World, _row: usize) -> bool {
        false
    }

    /// How its list stands, in a word of its own, where that was changed: a session keeps it.
    fn list_order(&self) -> Option<String> {
        None
    }

    /// Brings back what [`Pane::list_order`] said; another word changes nothing.
    fn order_list(&mut self, _order: &str) {}

    /// Whether a command would do something now; the footer shows only those.
    fn offers(&self, _world: &World, _id: &str) -> bool {
        true
    }

    /// The keys of what is open inside the place (a list, a sheet): ids of commands, with blanks between them, and what
    /// they do there. `None`: nothing is open, the command table says it.
    fn open_keys(&self) -> Option<&'static [OpenKey]> {
        None
    }

    /// What the status line says of this place at its right end, e.g. `29 columns, 9 shown`.
    fn note(&self, _world: &World, _area: Rect) -> String {
        String::new()
    }

    /// The report's picture of what this place shows, which a file ending in .svg or .png gets.
    fn figure(&self, _world: &World) -> String {
        "heat".to_owned()
    }

    /// The chart that is shown, where it can be saved.
    fn shown(&self, _world: &World) -> Option<Shown> {
        None
    }

    /// What is out of range or names what is not there, for tests that press anything.
    #[cfg(test)]
    fn flaw(&self, _world: &World) -> Option<String> {
        None
    }

    /// The headless command that gives what this screen shows, for `!`.
    fn headless(&self, world: &World) -> String;

    /// What the part that is shown now holds, and how to read it, for `?`.
    fn focus_explained(&self) -> Focus;

    /// What the columns and signs of this place mean, for `?`: paragraphs of (term, explanation).
    fn explain(&self) -> &'static [(&'static str, &'static str)];
}

pub use focus::Focus;
#[cfg(test)]
pub use parts::rows::of_value;
pub use parts::rows::{named, text as value_of};
pub use parts::value;
pub use shown::Shown;

/// The panes, one a tab, in the order of the tabs.
pub fn all() -> [Box<dyn Pane>; 6] {
    [
        Box::new(data::Data::default()),
        Box::new(explore::Explore::default()),
        Box::new(prepare::Prepare::default()),
        Box::new(compare::Compare::default()),
        Box::new(segments::Segments::default()),
        Box::new(map::Map::default()),
    ]
}

/// A value of the table as the Data tab writes it.
#[cfg(test)]
pub fn data_text(field: &crate::table::Field, row: usize) -> String {
    data::written(field, row)
}
