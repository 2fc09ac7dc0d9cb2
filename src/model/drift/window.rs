//! The last rows that a model placed: counts in blocks, the oldest of which gives way to a new one.

use std::collections::VecDeque;
use std::sync::Arc;

use super::values::Drift;
use super::{LEAST_ROWS, Tally, Yardstick, drift};
use crate::matrix::Column;
use crate::model::{Model, ModelError, Placed};

/// Blocks of a window: so much of it is new when the oldest goes.
const BLOCKS: usize = 16;

/// The last rows that a model placed. Its size does not change, and a row takes the same work whatever came before.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    yardstick: Arc<Yardstick>,
    /// The newest last.
    blocks: VecDeque<Tally>,
    /// The rows of all blocks but the newest.
    earlier: Tally,
    /// Rows of a block.
    block: usize,
}

/// What a window says.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Too few rows were placed.
    TooFew,
    /// Nothing moved beyond chance.
    Same,
    /// Something did.
    Drifted(Box<Drift>),
}

impl Window {
    /// A window of about `rows` rows for this model, empty.
    pub fn new(model: &Model, rows: usize) -> Self {
        let yardstick = Arc::new(Yardstick::of(model));
        let earlier = yardstick.empty();
        let blocks = VecDeque::from(vec![earlier.clone()]);
        Self { yardstick, blocks, earlier, block: rows.div_ceil(BLOCKS).max(1) }
    }

    /// Counts rows that the model placed; `columns` are its own. A block may become longer by the rows of one call.
    ///
    /// # Errors
    /// A feature's column is missing or cannot be made.
    pub fn count(&mut self, model: &Model, columns: &[&Column], placed: &[Placed<'_>]) -> Result<(), ModelError> {
        self.turn();
        let Some(block) = self.blocks.back_mut() else { return Ok(()) };
        self.yardstick.count(model, columns, placed, block)
    }

    /// Adds rows that were counted by its yardstick.
    pub fn add(&mut self, tally: &Tally) {
        self.turn();
        self.blocks.back_mut().into_iter().for_each(|block| block.add(tally));
    }

    /// What its rows are held against.
    pub fn yardstick(&self) -> &Arc<Yardstick> {
        &self.yardstick
    }

    /// Begins a new block where the newest is full; the oldest goes where there are enough.
    fn turn(&mut self) {
        if self.blocks.back().is_none_or(|block| block.rows < self.block) {
            return;
        }
        self.blocks.back().iter().for_each(|newest| self.earlier.add(newest));
        let oldest = (self.blocks.len() >= BLOCKS).then(|| self.blocks.pop_front()).flatten();
        let mut block = oldest.unwrap_or_else(|| self.yardstick.empty());
        self.earlier.take_out(&block);
        block.clear();
        self.blocks.push_back(block);
    }

    /// The rows in it.
    pub fn rows(&self) -> usize {
        self.earlier.rows + self.blocks.back().map_or(0, |newest| newest.rows)
    }

    /// Its report.
    pub fn drift(&self) -> Drift {
        let mut all = self.earlier.clone();
        self.blocks.back().iter().for_each(|newest| all.add(newest));
        drift(&self.yardstick, &all)
    }
}

/// Whether the rows of a window are unlike those that the model was made with.
pub fn drifted(window: &Window) -> Verdict {
    let drift = window.drift();
    match drift.rows - drift.unplaced < LEAST_ROWS {
        true => Verdict::TooFew,
        false if drift.drifted => Verdict::Drifted(Box::new(drift)),
        false => Verdict::Same,
    }
}
