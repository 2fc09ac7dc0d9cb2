//! Undo and redo of what the user decides: the recipe and the answers to findings.

use std::collections::HashMap;

use super::world::Answer;
use crate::recipe::Recipe;

/// What is remembered of one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// The recipe.
    pub recipe: Recipe,
    /// The answers to findings.
    pub answers: HashMap<usize, Answer>,
}

/// The moments before and after now, each with what was changed.
#[derive(Debug, Clone, Default)]
pub struct History {
    before: Vec<(String, Moment)>,
    after: Vec<(String, Moment)>,
}

impl History {
    /// Remembers the moment before a change.
    pub fn remember(&mut self, what: String, moment: Moment) {
        self.before.push((what, moment));
        self.after.clear();
    }

    /// The moment before the last change, and what that was; `now` can be redone.
    pub fn undo(&mut self, now: Moment) -> Option<(String, Moment)> {
        let (what, moment) = self.before.pop()?;
        self.after.push((what.clone(), now));
        Some((what, moment))
    }

    /// The moment after the last change that was undone; `now` can be undone.
    pub fn redo(&mut self, now: Moment) -> Option<(String, Moment)> {
        let (what, moment) = self.after.pop()?;
        self.before.push((what.clone(), now));
        Some((what, moment))
    }

    /// Whether there is something to undo.
    pub fn can_undo(&self) -> bool {
        !self.before.is_empty()
    }

    /// Whether there is something to redo.
    pub fn can_redo(&self) -> bool {
        !self.after.is_empty()
    }
}
