//! What is said to findings: from one to the next, a remedy taken, or left as it is.

use super::Data;
use super::columns::names;
use crate::table::Remedy;
use crate::tui::action::Request;
use crate::tui::world::World;

impl Data {
    pub(super) fn next_finding(&mut self, world: &World, forward: bool) -> Vec<Request> {
        let Some(next) = self.panel(world).next(self.chosen, forward) else {
            return vec![Request::Say("nothing more wants your word".into())];
        };
        self.grid = None;
        let column = world.findings[next].column.as_deref();
        let place = column.and_then(|column| names(world).position(|name| name == column));
        self.put_on(place.unwrap_or(self.column));
        self.chosen = Some(next);
        Vec::new()
    }

    /// The finding that is answered: in the list of all only the one under the cursor.
    pub(super) fn marked(&self, world: &World) -> Option<usize> {
        let marked = self.panel(world).marked();
        marked.filter(|marked| !self.all || self.chosen == Some(*marked))
    }

    pub(super) fn answer(&mut self, world: &World, which: usize) -> Vec<Request> {
        let Some(finding) = self.marked(world) else {
            return vec![Request::Say("nothing wants your word here: f goes to the next finding".into())];
        };
        self.chosen = self.chosen.filter(|_| self.all);
        match world.findings[finding].remedies.get(which) {
            Some(remedy) => vec![Request::Take(finding, Remedy::clone(remedy))],
            None => vec![Request::Say("no such remedy: i leaves it as it is".into())],
        }
    }

    pub(super) fn leave(&mut self, world: &World) -> Vec<Request> {
        let marked = self.marked(world);
        self.chosen = self.chosen.filter(|_| self.all);
        marked.map(Request::Leave).into_iter().collect()
    }

    pub(super) fn toggle_all(&mut self, world: &World) {
        self.all = !self.all;
        self.grid = None;
        self.chosen = self.all.then(|| self.panel(world).marked().unwrap_or(0));
    }
}
